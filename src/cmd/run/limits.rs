//! The quotas of a run, and the time limit of express machines.

use super::Loaded;
use crate::cmd::Failure;

/// How much history a run may have, and how large its documents may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Quota {
    pub(super) events: Option<u64>,
    pub(super) payload: Option<u64>,
}

/// Events of a standard machine.
const EVENTS: u64 = 25_000;

/// Bytes of a document.
const PAYLOAD: u64 = 256 << 10;

/// Seconds an express machine may run.
pub(super) const EXPRESS_SECONDS: i64 = 300;

impl Quota {
    /// What is in force unless the command line says otherwise.
    pub(super) fn of(asl: bool, express: bool) -> Self {
        Self { events: (asl && !express).then_some(EVENTS), payload: asl.then_some(PAYLOAD) }
    }
}

/// What the parts of `--quota` come to.
pub(super) fn quota(parts: &[String], loaded: &Loaded) -> Result<Quota, Failure> {
    over(parts, Quota::of(loaded.is_asl(), loaded.is_express()))
}

fn over(parts: &[String], mut quota: Quota) -> Result<Quota, Failure> {
    for part in parts {
        let wrong = |what: &str| {
            Failure::usage(format!("--quota: {what}"))
                .help("`none`, or `events=NUMBER` and `payload=BYTES`, as in --quota events=1000,payload=65536")
        };
        let (name, number) = match (part.as_str(), part.split_once('=')) {
            ("none", _) => {
                quota = Quota::default();
                continue;
            }
            (_, Some(pair)) => pair,
            (other, None) => return Err(wrong(&format!("`{other}` is no limit"))),
        };
        let number = number.parse::<u64>().ok().filter(|number| *number > 0);
        let number = number.ok_or_else(|| wrong(&format!("`{part}` has no number above 0")))?;
        match name {
            "events" => quota.events = Some(number),
            "payload" => quota.payload = Some(number),
            other => return Err(wrong(&format!("there is no limit called `{other}`"))),
        }
    }
    Ok(quota)
}

#[cfg(test)]
mod tests {
    use super::{over, Quota};

    #[test]
    fn quotas_are_read() {
        let all = Quota { events: Some(25_000), payload: Some(262_144) };
        assert_eq!(Quota::of(true, false), all);
        for (text, expected) in [
            ("none", Some((None, None))),
            ("events=7", Some((Some(7), Some(262_144)))),
            ("none,payload=9", Some((None, Some(9)))),
            ("event=7", None),
            ("events=0", None),
            ("7", None),
        ] {
            let parts: Vec<String> = text.split(',').map(str::to_owned).collect();
            let found = over(&parts, all).ok().map(|quota| (quota.events, quota.payload));
            assert_eq!(found, expected, "{text}");
        }
    }
}
