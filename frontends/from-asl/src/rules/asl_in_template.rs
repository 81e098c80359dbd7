//! A template of a deployment tool that has a state machine somewhere inside.

use wfc_diag::Diagnostic;
use wfc_source::Node;

rule!("asl-in-template", Error, blocking = true, "a deployment template, not a state machine");

/// The state machine that a CloudFormation or SAM template holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found<'t> {
    /// The name of the resource.
    pub(crate) name: Node<'t>,
    /// The definition, or where it says which file has it.
    pub(crate) definition: Option<Node<'t>>,
}

/// The first state machine of a template, if `root` is one.
pub(crate) fn find(root: Node<'_>) -> Option<Found<'_>> {
    root.get("Resources")?.members().find_map(|resource| {
        let kind = resource.value.get("Type")?.as_str()?;
        let known = matches!(kind, "AWS::Serverless::StateMachine" | "AWS::StepFunctions::StateMachine");
        let properties = resource.value.get("Properties");
        let definition = ["Definition", "DefinitionString", "DefinitionUri", "DefinitionS3Location"]
            .iter()
            .find_map(|name| properties?.member(name).map(|member| member.key));
        known.then_some(Found { name: resource.key, definition })
    })
}

/// The finding.
pub(crate) fn report(found: Found<'_>) -> Diagnostic {
    let name = found.name.text();
    let at = found.definition.unwrap_or(found.name);
    let message = format!("this is a deployment template; its state machine `{name}` is inside");
    let diagnostic = Diagnostic::new(&RULE, at.span(), message).also(found.name.span(), "this resource");
    match found.definition.map(Node::text) {
        Some("Definition") => diagnostic.help(
            "move the value of `Definition` to a file such as `machine.asl.yaml` and name that file as `DefinitionUri`",
        ),
        Some("DefinitionString") => diagnostic
            .help("move the text to a file such as `machine.asl.json`; `DefinitionSubstitutions` fills its `${…}`"),
        Some(_) => diagnostic.help("read the file that is named here instead"),
        None => diagnostic.help("read the file that holds the definition instead"),
    }
}
