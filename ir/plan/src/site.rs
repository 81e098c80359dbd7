//! Where things of a plan were written, kept beside it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use wfc_diag::{Span, TextMap, TextRange};

use crate::SiteId;

/// A place in the user's files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// The place; absent for what a pass made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// The way from positions in the text of an expression to the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<TextMap>,
    /// The pass that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Arc<str>>,
}

impl Site {
    /// Where a part of the text of an expression stands; all of it, if there is no way to tell.
    pub fn locate(&self, range: Option<TextRange>) -> Option<Span> {
        match (&self.text, range) {
            (Some(text), Some(range)) => Some(text.locate(range)),
            _ => self.span,
        }
    }
}

/// The places of a plan, by [`SiteId`]. Not part of the plan's hash.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SiteTable {
    sites: Vec<Site>,
}

impl SiteTable {
    /// Adds a place.
    pub fn push(&mut self, site: Site) -> SiteId {
        let id = SiteId::next(self.sites.len());
        self.sites.push(site);
        id
    }

    /// The place with that number.
    pub fn get(&self, id: SiteId) -> Option<&Site> {
        self.sites.get(id.at())
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.sites.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.sites.is_empty()
    }
}
