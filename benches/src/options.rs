//! The options all benchmarks share.

/// What to measure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    /// How many interleaved rounds count.
    pub(crate) rounds: usize,
    /// Whether the largest inputs are left out.
    pub(crate) quick: bool,
    /// Whether programs by others are measured, too.
    pub(crate) peers: bool,
}

impl Options {
    /// Reads the options of the command line.
    pub(crate) fn parse(words: &[&str]) -> Result<Self, String> {
        let mut options = Options { rounds: 7, quick: false, peers: false };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match *word {
                "--quick" => options.quick = true,
                "--peers" => options.peers = true,
                "--rounds" => {
                    let number = words.next().and_then(|n| n.parse().ok());
                    options.rounds = number.filter(|&n| n > 0).ok_or("--rounds wants a number")?;
                }
                other => return Err(format!("unknown option {other}\n{}", crate::USAGE)),
            }
        }
        Ok(options)
    }
}
