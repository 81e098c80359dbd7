//! What holds of every module, on random ones.

use proptest::prelude::*;
use wfc_diag::{FileId, Sink};
use wfc_source::SourceFile;

use crate::arbitrary::module;
use crate::{
    equivalent, from_wire, text, to_wire, undo, verify, Edge, Editor, Mode, Module, Node, NodeId, NodeKey, NodeKind,
    On, Origin, Owner, Transfer,
};

fn read(text: &str) -> Result<Module, String> {
    let mut sink = Sink::default();
    let module = text::parse(&SourceFile::new(FileId(0), "m.cir", text), &mut sink);
    module.ok_or_else(|| format!("{:?}\n{text}", sink.found()))
}

/// One random edit; the numbers pick what it is done to.
fn edit(editor: &mut Editor<'_>, what: u8, a: usize, b: usize) {
    let nodes: Vec<NodeId> = editor.module().nodes.iter().map(|(id, _)| id).collect();
    let edges: Vec<_> = editor.module().edges.iter().map(|(id, _)| id).collect();
    let Some(&node) = nodes.get(a % nodes.len().max(1)) else { return };
    let siblings = editor.module().regions[editor.module().nodes[node].region].nodes.clone();
    let sibling = siblings[b % siblings.len()];
    let edge = edges.get(b % edges.len().max(1)).copied();
    let region = editor.module().nodes[node].region;
    match (what, edge) {
        (0, _) => editor.remove_node(node),
        (1, _) => editor.remove_nodes(&siblings[..=b % siblings.len()]),
        (2, Some(edge)) => drop(editor.remove_edge(edge)),
        (3, Some(edge)) => {
            let to = editor.module().edges[edge].to;
            let region = editor.module().nodes[to].region;
            let targets = editor.module().regions[region].nodes.clone();
            editor.redirect_edge(edge, targets[a % targets.len()]);
        }
        (4, Some(edge)) => editor.update_edge(edge, |edge| edge.comment = Some("changed".into())),
        (5, _) => editor.set_entry(region, Some(sibling)),
        (6, _) => {
            let (transfer, origin) = (Transfer::default(), Origin::default());
            editor.add_edge(Edge { from: node, to: sibling, on: On::Settled, transfer, comment: None, origin });
        }
        (7, _) => {
            let key = NodeKey::root(&format!("scope{}", editor.log().len()));
            let scope = editor.add_node(Node::new(key, NodeKind::Hole, region, Origin::default()));
            let inner = editor.add_region(Mode::Seq { entry: None }, Owner::Node(scope), Origin::default());
            editor.update_node(scope, |scope| scope.kind = NodeKind::Scope(inner));
            editor.move_nodes(&[node], inner);
        }
        _ => editor.update_node(node, |node| node.comment = Some("changed".into())),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn generated_modules_are_sound(module in module()) {
        prop_assert_eq!(verify(&module), Ok(()));
    }

    #[test]
    fn text_reads_back(module in module()) {
        let printed = text::print(&module);
        let back = read(&printed).map_err(TestCaseError::fail)?;
        prop_assert_eq!(equivalent(&module, &back), Ok(()));
        prop_assert_eq!(text::print(&back), printed);
        prop_assert_eq!(verify(&back), Ok(()));
    }

    #[test]
    fn wire_reads_back(module in module()) {
        let wire = to_wire(&module);
        let back = from_wire(&wire).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(equivalent(&module, &back), Ok(()));
        prop_assert_eq!(verify(&back), Ok(()));
    }

    #[test]
    fn undo_is_identity(
        before in module(),
        edits in prop::collection::vec((0..9u8, any::<u16>(), any::<u16>(), any::<bool>()), 0..24),
    ) {
        let mut changed = before.clone();
        let mut editor = Editor::new(&mut changed, "test");
        for (what, a, b, keep) in edits {
            let then = (!keep).then(|| editor.module().clone());
            editor.begin("of chance");
            edit(&mut editor, what, a.into(), b.into());
            match then {
                None => editor.commit(),
                Some(then) => {
                    editor.rollback();
                    prop_assert_eq!(editor.module(), &then);
                }
            }
        }
        let log = editor.finish();
        undo(&mut changed, log);
        prop_assert_eq!(&changed, &before);
    }
}
