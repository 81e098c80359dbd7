//! JSON values.
/// A JSON value.
#[derive(Clone, Debug)]
pub enum Value {
    /// null
    Null,
}
