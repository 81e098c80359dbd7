//! Sets of small numbers, as bits.

/// A set of numbers; grows as needed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bits {
    words: Vec<u64>,
}

impl Bits {
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

    /// Takes `number` out.
    pub fn remove(&mut self, number: usize) {
        if let Some(word) = self.words.get_mut(number / 64) {
            *word &= !(1 << (number % 64));
        }
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

    /// Keeps what is in `other` too.
    pub fn intersect(&mut self, other: &Bits) {
        for (at, word) in self.words.iter_mut().enumerate() {
            *word &= other.words.get(at).copied().unwrap_or(0);
        }
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

    fn set(numbers: &[usize]) -> Bits {
        let mut set = Bits::default();
        numbers.iter().for_each(|&number| assert!(set.insert(number)));
        set
    }

    #[test]
    fn behaves_as_a_set() {
        let mut some = set(&[3, 70]);
        assert!(!some.insert(3) && some.has(70) && !some.has(71) && !some.has(1_000));
        some.union(&set(&[0, 200]));
        assert_eq!(some.iter().collect::<Vec<_>>(), [0, 3, 70, 200]);
        some.intersect(&set(&[3, 71]));
        assert_eq!(some.iter().collect::<Vec<_>>(), [3]);
        some.remove(3);
        some.remove(1_000);
        assert_eq!(some.iter().next(), None);
    }
}
