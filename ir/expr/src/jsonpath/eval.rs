//! What a path selects in a document.

use wfc_diag::TextRange;

use super::{Path, PathError, PathErrorKind, Root, Step};
use crate::{Budget, Roots, Value};

impl Path {
    /// The value a path of members and single indices names, borrowed; `None` if there is none, and for every
    /// other path.
    pub fn get<'v>(&self, roots: &Roots<'v>) -> Option<&'v Value> {
        let root = self.root_value(roots)?;
        self.segments.iter().try_fold(root, |value, segment| step(value, segment.kind.step()?))
    }

    /// What the path selects: a definite path the value, any other an array of all it matches. A path that is not
    /// definite yields an empty array where a definite one would not be found.
    pub fn eval(&self, roots: &Roots<'_>, budget: &mut Budget) -> Result<Value, PathError> {
        budget.ops(self.segments.len()).map_err(|limit| {
            PathError::new(PathErrorKind::Exceeded(limit), self.range, limit.to_string())
        })?;
        match self.get(roots) {
            Some(value) => Ok(value.clone()),
            None => Err(self.missing(self.range)),
        }
    }

    fn root_value<'v>(&self, roots: &Roots<'v>) -> Option<&'v Value> {
        match &self.root {
            Root::Doc | Root::Item => Some(roots.doc),
            Root::Context => Some(roots.context),
            Root::Variable(name) => roots.vars.variable(name),
        }
    }

    fn missing(&self, range: TextRange) -> PathError {
        PathError::new(PathErrorKind::NotFound, range, format!("No results for path: {self}"))
    }
}

/// The value one step below `value`.
fn step<'v>(value: &'v Value, step: Step<'_>) -> Option<&'v Value> {
    match step {
        Step::Member(name) => value.get(name),
        Step::Index(index) => {
            let items = value.as_array()?;
            let behind_end = usize::try_from(index.unsigned_abs()).ok()?;
            items.get(if index < 0 { items.len().checked_sub(behind_end)? } else { behind_end })
        }
    }
}
