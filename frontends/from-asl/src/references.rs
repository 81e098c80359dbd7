//! Which variables each state reads, as the owner lists them: in paths and intrinsic functions, not in JSONata.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use wfc_cir::{Expr, ExprKind, Module};

/// The variables that each state reads, by the state's own name. States that read none are left out.
pub fn variable_references(module: &Module) -> BTreeMap<String, BTreeSet<Arc<str>>> {
    let mut found = BTreeMap::new();
    for (_, node) in module.nodes.iter() {
        let mut names = BTreeSet::new();
        node.exprs(&mut |_, expr| collect(expr, &mut names));
        module_edges(module, node, &mut names);
        if !names.is_empty() {
            found.entry(node.name()).or_insert_with(BTreeSet::new).extend(names);
        }
    }
    found
}

fn module_edges(module: &Module, node: &wfc_cir::Node, names: &mut BTreeSet<Arc<str>>) {
    for edge in node.outs.iter().filter_map(|&edge| module.edges.get(edge)) {
        edge.exprs(&mut |_, expr| collect(expr, names));
    }
}

fn collect(expr: &Expr, names: &mut BTreeSet<Arc<str>>) {
    expr.walk(&mut |inner| match &inner.kind {
        ExprKind::Path { path, .. } => {
            let paths = std::iter::once(&**path).chain(path.nested());
            names.extend(paths.filter_map(|path| path.variable()).map(Arc::from));
        }
        ExprKind::Intrinsic { call, .. } => names.extend(call.variables().into_iter().map(Arc::from)),
        _ => {}
    });
}
