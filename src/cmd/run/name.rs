//! What a run is called, and what its random numbers are derived from.

use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState};
use std::time::{SystemTime, UNIX_EPOCH};

use wfc_report::history::clock;

use super::Args;

/// The longest name, as AWS has it.
const MAX: usize = 80;

/// Refuses names that could not stand in an ARN, a task token or the name of a file.
pub(super) fn check(name: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || name.len() > MAX || !name.chars().all(fits) {
        return Err(format!("a name has 1 to {MAX} letters, digits, `-` and `_`"));
    }
    Ok(name.to_owned())
}

/// A name for a run that was given none: the same each time where the run itself is.
pub(super) fn of_run(args: &Args) -> String {
    match (args.seed, args.is_virtual()) {
        (Some(seed), _) => format!("run-{seed}"),
        (None, true) => "run".to_owned(),
        (None, false) => {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            let time = clock(i64::try_from(now.as_millis()).unwrap_or_default());
            let digits: String = time.chars().filter(char::is_ascii_digit).collect();
            format!("run-{digits}-{}", std::process::id())
        }
    }
}

/// A seed for a run that was given none: tokens must not be guessable.
pub(super) fn seed(args: &Args) -> u64 {
    if args.is_virtual() {
        0
    } else {
        RandomState::new().hash_one(std::process::id())
    }
}

/// A seed from a name, the same each time. Names of machines that are started hold enough chance of their own.
pub(super) fn mixed(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_fit_into_paths() {
        for (name, fits) in [("a-B_9", true), ("", false), ("../a", false), ("a.b", false), (&"x".repeat(81), false)] {
            assert_eq!(super::check(name).is_ok(), fits, "{name}");
        }
    }
}
