//! Undo on hand-made edits; random ones are in the property tests of the crate.

use crate::{undo, verify, Edge, Editor, Mode, Module, Node, NodeId, NodeKey, NodeKind, On, Origin, Owner, Transfer};

fn chain(names: &[&str]) -> (Module, Vec<NodeId>) {
    let mut module = Module::new("m", "cir", Mode::Seq { entry: None }, Origin::default());
    let body = module.body();
    let nodes: Vec<NodeId> = names
        .iter()
        .map(|name| module.add_node(Node::new(NodeKey::root(name), NodeKind::Assign, body, Origin::default())))
        .collect();
    for pair in nodes.windows(2) {
        module.add_edge(edge(pair[0], pair[1]));
    }
    module.regions[body].mode = Mode::Seq { entry: nodes.first().copied() };
    (module, nodes)
}

fn edge(from: NodeId, to: NodeId) -> Edge {
    Edge { from, to, on: On::Done, transfer: Transfer::default(), comment: None, origin: Origin::default() }
}

#[test]
fn wrapping_nodes_in_a_scope_can_be_undone() {
    let (mut module, nodes) = chain(&["a", "b", "c", "d"]);
    let before = module.clone();
    let mut edit = Editor::new(&mut module, "wrap");
    edit.begin("b and c share a policy");
    let body = edit.module().body();
    let scope = edit.add_node(Node::new(NodeKey::root("s"), NodeKind::Hole, body, Origin::default()));
    let inner = edit.add_region(Mode::Seq { entry: Some(nodes[1]) }, Owner::Node(scope), Origin::default());
    edit.update_node(scope, |node| node.kind = NodeKind::Scope(inner));
    edit.move_nodes(&nodes[1..3], inner);
    let (into, out) = (edit.edges_into(nodes[1])[0], edit.edges_into(nodes[3])[0]);
    edit.redirect_edge(into, scope);
    edit.remove_edge(out);
    edit.add_edge(edge(scope, nodes[3]));
    edit.commit();
    let log = edit.finish();
    assert_eq!(verify(&module), Ok(()));
    assert_eq!(log.entries()[0].to_string(), "s: added, because b and c share a policy (wrap)");
    undo(&mut module, log);
    assert_eq!(module, before);
}

#[test]
fn removal_takes_inner_nodes_and_edges_along_and_rolls_back() {
    let (mut module, nodes) = chain(&["a", "b", "c"]);
    let inner = module.add_region(Mode::Seq { entry: None }, Owner::Node(nodes[1]), Origin::default());
    module.nodes[nodes[1]].kind = NodeKind::Scope(inner);
    module.add_node(Node::new(NodeKey::parse("b.x"), NodeKind::Assign, inner, Origin::default()));
    let before = module.clone();
    let mut edit = Editor::new(&mut module, "drop");
    edit.begin("");
    edit.remove_node(nodes[1]);
    edit.remove_node(nodes[0]);
    assert_eq!(verify(edit.module()), Ok(()));
    assert_eq!((edit.module().nodes.count(), edit.module().edges.count()), (1, 0));
    edit.rollback();
    assert!(edit.log().is_empty());
    assert_eq!(edit.edges_into(nodes[2]).len(), 1);
    assert_eq!(module, before);
}
