//! The typed intermediate representation and its meaning.
