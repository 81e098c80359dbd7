//! Every format draws every node and escapes what its syntax would misread.

use wfc_cir::{Edge, Mode, Module, Node, NodeKey, NodeKind, On, Origin, ReturnTo, Transfer};

use crate::{emit, Format};

fn module() -> Module {
    let mut module = Module::new("a \"b\" <c>", "cir", Mode::Seq { entry: None }, Origin::default());
    let body = module.body();
    let first =
        module.add_node(Node::new(NodeKey::root("say \"<hi>\" & go"), NodeKind::Assign, body, Origin::default()));
    let last =
        module.add_node(Node::new(NodeKey::root("%end"), NodeKind::Return(ReturnTo::Region), body, Origin::default()));
    module.regions[body].mode = Mode::Seq { entry: Some(first) };
    for (from, to) in [(first, last), (first, first)] {
        let edge =
            Edge { from, to, on: On::Done, transfer: Transfer::default(), comment: None, origin: Origin::default() };
        module.add_edge(edge);
    }
    module
}

#[test]
fn every_format_draws_and_escapes() {
    let svg = emit(&module(), Format::Svg);
    assert!(svg.contains("say &quot;&lt;hi&gt;&quot; &amp; go"), "{svg}");
    assert!(!svg.contains("NaN"));
    let dot = emit(&module(), Format::Dot);
    assert!(dot.contains(r#"say \"<hi>\" & go"#), "{dot}");
    let mermaid = emit(&module(), Format::Mermaid);
    assert!(mermaid.contains("say #quot;#lt;hi#gt;#quot; #amp; go"), "{mermaid}");
}
