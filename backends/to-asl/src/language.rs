//! Which query language a state is written in.

use wfc_cir::{Expr, ExprKind, Lang, Module, NodeId, RegionId};
use wfc_expr::Value;

use crate::Options;

/// The name of the field, and of the extra that keeps it.
pub(crate) const FIELD: &str = "QueryLanguage";

/// A query language of Amazon States Language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QueryLanguage {
    /// JSONPath, with intrinsic functions.
    JsonPath,
    /// JSONata.
    Jsonata,
}

impl QueryLanguage {
    /// As it is written in a machine.
    pub fn name(self) -> &'static str {
        match self {
            QueryLanguage::JsonPath => "JSONPath",
            QueryLanguage::Jsonata => "JSONata",
        }
    }

    /// What the extras of something say.
    pub(crate) fn said(extras: &[(std::sync::Arc<str>, Value)]) -> Option<Self> {
        let (_, value) = extras.iter().find(|(name, _)| &**name == FIELD)?;
        [QueryLanguage::JsonPath, QueryLanguage::Jsonata].into_iter().find(|one| value.as_str() == Some(one.name()))
    }
}

/// The language of the whole machine: as written, or as asked, or as the states of a module from elsewhere show.
pub(crate) fn of_machine(module: &Module, regions: &[RegionId], options: &Options) -> QueryLanguage {
    let flow = &module.flows[module.entry];
    let said = QueryLanguage::said(&flow.extras).or_else(|| QueryLanguage::said(&module.regions[flow.body].extras));
    let own_default = (&*module.dialect == "asl").then_some(QueryLanguage::JsonPath);
    said.or(options.query_language).or(own_default).unwrap_or_else(|| shown(module, regions))
}

/// JSONata if that is all that the states show.
fn shown(module: &Module, regions: &[RegionId]) -> QueryLanguage {
    let nodes = regions.iter().flat_map(|region| &module.regions[*region].nodes);
    let mut shown = nodes.filter_map(|node| of_node(module, *node)).peekable();
    if shown.peek().is_some() && shown.all(|one| one == QueryLanguage::Jsonata) {
        QueryLanguage::Jsonata
    } else {
        QueryLanguage::JsonPath
    }
}

/// The language a node says it is written in, or that its expressions show.
pub(crate) fn of_node(module: &Module, id: NodeId) -> Option<QueryLanguage> {
    let node = &module.nodes[id];
    QueryLanguage::said(&node.extras).or_else(|| {
        let mut found = None;
        let mut look = |expr: &Expr| found = found.or_else(|| shown_by(expr));
        node.exprs(&mut |_, outer| outer.walk(&mut look));
        module.outs(id).for_each(|(_, edge)| edge.exprs(&mut |_, outer| outer.walk(&mut look)));
        found
    })
}

/// The language an expression itself can only be written in.
fn shown_by(expr: &Expr) -> Option<QueryLanguage> {
    match &expr.kind {
        ExprKind::Jsonata { .. } | ExprKind::Opaque { lang: Lang::Jsonata, .. } => Some(QueryLanguage::Jsonata),
        ExprKind::Path { .. }
        | ExprKind::Intrinsic { .. }
        | ExprKind::Put { .. }
        | ExprKind::Compare { .. }
        | ExprKind::Is { .. }
        | ExprKind::Opaque { lang: Lang::JsonPath | Lang::Intrinsic, .. } => Some(QueryLanguage::JsonPath),
        _ => None,
    }
}
