//! JSONPath as Jayway understands it.
