//! The state that is tried, as it is written.

use wfc_source::Node;

use super::definition::Definition;
use super::refuse::Refusal;

/// What is known of the state from its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// Its type.
    pub(super) kind: Kind,
    /// Whether it is of JSONata, as opposed to JSONPath.
    pub(super) jsonata: bool,
    /// What does its work.
    pub(super) resource: String,
    /// Whether it gives a `Result` as it stands.
    pub(super) has_result: bool,
    /// How many branches it has.
    pub(super) branches: usize,
    /// Whether results are written elsewhere.
    pub(super) has_writer: bool,
}

/// The type of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Task,
    Wait,
    Pass,
    Succeed,
    Fail,
    Choice,
    Parallel,
    Map,
}

const KINDS: [(&str, Kind); 8] = [
    ("Task", Kind::Task),
    ("Wait", Kind::Wait),
    ("Pass", Kind::Pass),
    ("Succeed", Kind::Succeed),
    ("Fail", Kind::Fail),
    ("Choice", Kind::Choice),
    ("Parallel", Kind::Parallel),
    ("Map", Kind::Map),
];

impl Kind {
    /// As definitions write it.
    pub(super) fn name(self) -> &'static str {
        KINDS.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}

impl Target {
    /// The state of the request.
    pub(super) fn find(definition: &Definition) -> Result<Self, Refusal> {
        let root = definition.tree.root();
        let state = if definition.lone { Some(root) } else { named(root, &definition.state_name) };
        let found = state.and_then(|state| Self::of(root, state));
        found.ok_or_else(|| {
            let help = format!("states of the definition: {}", names(root).join(", "));
            Refusal::validation("State not found in definition").help(help)
        })
    }

    fn of(root: Node<'_>, state: Node<'_>) -> Option<Self> {
        let text = |from: Node<'_>, name: &str| from.get(name).and_then(Node::as_str).map(str::to_owned);
        let kind = text(state, "Type")?;
        let language = text(state, "QueryLanguage").or_else(|| text(root, "QueryLanguage"));
        Some(Self {
            kind: KINDS.iter().find(|(name, _)| *name == kind)?.1,
            jsonata: language.as_deref() == Some("JSONata"),
            resource: text(state, "Resource").unwrap_or_default(),
            has_result: state.get("Result").is_some(),
            branches: state.get("Branches").map_or(0, |branches| branches.items().count()),
            has_writer: state.get("ResultWriter").is_some(),
        })
    }

    /// Whether an answer comes later, from whoever has the token or when a job ends.
    pub(super) fn answers_later(&self) -> bool {
        self.resource.contains(".sync") || self.resource.ends_with(".waitForTaskToken")
    }
}

/// The state of that name, in the machine or in the machines inside its states.
pub(super) fn named<'t>(machine: Node<'t>, name: &str) -> Option<Node<'t>> {
    search(vec![machine], name)
}

/// The state of that name in the machines inside a state.
pub(super) fn inside<'t>(state: Node<'t>, name: &str) -> Option<Node<'t>> {
    search(machines(state).collect(), name)
}

/// The names of the first states of a machine, those inside others included.
fn names<'t>(machine: Node<'t>) -> Vec<&'t str> {
    const MOST: usize = 20;
    let (mut names, mut open) = (Vec::new(), vec![machine]);
    while let Some(states) = open.pop().filter(|_| names.len() < MOST).map(|machine| machine.get("States")) {
        let members = || states.into_iter().flat_map(Node::members);
        names.extend(members().take(MOST - names.len()).map(|member| member.name()));
        open.extend(members().flat_map(|member| machines(member.value)));
    }
    names
}

fn search<'t>(mut open: Vec<Node<'t>>, name: &str) -> Option<Node<'t>> {
    while let Some(machine) = open.pop() {
        let Some(states) = machine.get("States") else { continue };
        if let Some(state) = states.get(name) {
            return Some(state);
        }
        open.extend(states.members().flat_map(|member| machines(member.value)));
    }
    None
}

/// The machines directly inside a state.
fn machines<'t>(state: Node<'t>) -> impl Iterator<Item = Node<'t>> {
    let bodies = ["ItemProcessor", "Iterator"].into_iter().filter_map(move |field| state.get(field));
    bodies.chain(state.get("Branches").into_iter().flat_map(Node::items))
}
