//! Sets of small numbers, as bits.

/// A set of numbers; grows as needed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bits {
    words: Vec<u64>,
}

impl Bits {
    /// The set of all numbers below `len`.
    pub fn full(len: usize) -> Self {
        let mut words = vec![u64::MAX; len / 64];
        if len % 64 > 0 {
            words.push((1 << (len % 64)) - 1);
        }
        Self { words }
    }

    /// Whether `number` is in it.
    pub fn has(&self, number: usize) -> bool {
        self.words.get(number / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    /// Puts `number` in; whether it was new.
    pub fn insert(&mut self, number: usize) -> bool {
        let new = !self.has(number);
        if self.words.len() <= number / 64 {
            self.words.resize(number / 64 + 1, 0);
        }
        self.words[number / 64] |= 1 << (number % 64);
        new
    }

    /// Puts all of `other` in.
    pub fn union(&mut self, other: &Bits) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (word, more) in self.words.iter_mut().zip(&other.words) {
            *word |= more;
        }
    }

    /// Keeps what is in `other` too; whether that took anything out.
    pub fn intersect(&mut self, other: &Bits) -> bool {
        let mut changed = false;
        for (at, word) in self.words.iter_mut().enumerate() {
            let kept = *word & other.words.get(at).copied().unwrap_or(0);
            changed |= kept != *word;
            *word = kept;
        }
        changed
    }

    /// Its numbers, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(at, &word)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
                rest &= rest - 1;
                Some(at * 64 + bit)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Bits;

    #[test]
    fn behaves_as_a_set() {
        let mut set = Bits::default();
        assert!(set.insert(3) && set.insert(70) && !set.insert(3));
        assert_eq!(set.iter().collect::<Vec<_>>(), [3, 70]);
        assert!(Bits::full(65).has(64) && !Bits::full(65).has(65));
        let mut all = Bits::full(100);
        assert!(all.intersect(&set) && !all.intersect(&set));
        assert_eq!(all.iter().collect::<Vec<_>>(), [3, 70]);
        set.union(&Bits::full(2));
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 1, 3, 70]);
    }
}
