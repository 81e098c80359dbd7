//! The functions that exist without being defined, and how many arguments they take.

/// Whose functions are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Profile {
    /// The language's reference implementation.
    Jsonata,
    /// AWS Step Functions: more functions, but no `$eval`.
    StepFunctions,
}

/// A built-in function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Builtin {
    /// The name without `$`.
    pub name: &'static str,
    /// The fewest arguments; the context can stand in for what is not counted.
    pub min: usize,
    /// The most arguments; [`usize::MAX`] for any number.
    pub max: usize,
}

/// The function `$name`, if `profile` has it.
pub fn builtin(profile: Profile, name: &str) -> Option<Builtin> {
    let own = match profile {
        Profile::Jsonata => find(ONLY_JSONATA, name),
        Profile::StepFunctions => find(ONLY_STEP_FUNCTIONS, name),
    };
    own.or_else(|| find(COMMON, name)).map(|&(name, min, max)| Builtin { name, min, max })
}

/// The names of all functions of `profile`, without `$`.
pub fn builtin_names(profile: Profile) -> impl Iterator<Item = &'static str> {
    let own = match profile {
        Profile::Jsonata => ONLY_JSONATA,
        Profile::StepFunctions => ONLY_STEP_FUNCTIONS,
    };
    COMMON.iter().chain(own).map(|entry| entry.0)
}

type Entry = (&'static str, usize, usize);

fn find<'a>(table: &'a [Entry], name: &str) -> Option<&'a Entry> {
    table.binary_search_by(|entry| entry.0.cmp(name)).ok().map(|index| &table[index])
}

/// Sorted by name.
const COMMON: &[Entry] = &[
    ("abs", 0, 1),
    ("append", 2, 2),
    ("assert", 1, 2),
    ("average", 1, 1),
    ("base64decode", 0, 1),
    ("base64encode", 0, 1),
    ("boolean", 0, 1),
    ("ceil", 0, 1),
    ("clone", 0, 1),
    ("contains", 1, 2),
    ("count", 1, 1),
    ("decodeUrl", 0, 1),
    ("decodeUrlComponent", 0, 1),
    ("distinct", 1, 1),
    ("each", 1, 2),
    ("encodeUrl", 0, 1),
    ("encodeUrlComponent", 0, 1),
    ("error", 0, 1),
    ("exists", 1, 1),
    ("filter", 2, 2),
    ("floor", 0, 1),
    ("formatBase", 0, 2),
    ("formatInteger", 1, 2),
    ("formatNumber", 1, 3),
    ("fromMillis", 0, 3),
    ("join", 1, 2),
    ("keys", 0, 1),
    ("length", 0, 1),
    ("lookup", 1, 2),
    ("lowercase", 0, 1),
    ("map", 2, 2),
    ("match", 1, 3),
    ("max", 1, 1),
    ("merge", 1, 1),
    ("millis", 0, 0),
    ("min", 1, 1),
    ("not", 0, 1),
    ("now", 0, 2),
    ("number", 0, 1),
    ("pad", 1, 3),
    ("parseInteger", 1, 2),
    ("power", 1, 2),
    ("reduce", 2, 3),
    ("replace", 2, 4),
    ("reverse", 1, 1),
    ("round", 0, 2),
    ("shuffle", 1, 1),
    ("sift", 0, 2),
    ("single", 1, 2),
    ("sort", 1, 2),
    ("split", 1, 3),
    ("spread", 0, 1),
    ("sqrt", 0, 1),
    ("string", 0, 2),
    ("substring", 1, 3),
    ("substringAfter", 1, 2),
    ("substringBefore", 1, 2),
    ("sum", 1, 1),
    ("toMillis", 0, 2),
    ("trim", 0, 1),
    ("type", 1, 1),
    ("uppercase", 0, 1),
    ("zip", 1, usize::MAX),
];

const ONLY_JSONATA: &[Entry] = &[("eval", 1, 2), ("random", 0, 0)];

const ONLY_STEP_FUNCTIONS: &[Entry] =
    &[("hash", 2, 2), ("parse", 1, 1), ("partition", 2, 2), ("random", 0, 1), ("range", 3, 3), ("uuid", 0, 0)];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        for table in [COMMON, ONLY_JSONATA, ONLY_STEP_FUNCTIONS] {
            assert!(table.is_sorted_by(|a, b| a.0 < b.0));
        }
    }

    #[test]
    fn profiles_differ() {
        assert!(builtin(Profile::Jsonata, "eval").is_some());
        assert!(builtin(Profile::StepFunctions, "eval").is_none());
        assert_eq!(builtin(Profile::StepFunctions, "random").map(|f| f.max), Some(1));
        assert!(builtin(Profile::Jsonata, "uuid").is_none());
    }
}
