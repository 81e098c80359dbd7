//! States and what only some of them have.

use wfc_diag::Diagnostic;
use wfc_expr::nearest::nearest;
use wfc_source::{Kind, Member, Node};

use super::Parser;
use crate::report::misspelt;
use crate::rules::{
    jsonpath_inside_jsonata, missing_field, next_in_nested_condition, not_in_this_query_language, unknown_state_type,
};
use crate::syntax::{
    Field, FieldSet, In, Language, MapParts, Object, Processor, ReaderField, Rule, RuleField, State, StateKind,
    WriterField,
};

/// How deep conditions may nest; keeps recursion over them small.
const MAX_CONDITIONS: usize = 100;

impl<'t> Parser<'_, 't> {
    pub(super) fn state(&mut self, name: Node<'t>, node: Node<'t>) -> State<'t> {
        let read = self.kind(name, node);
        let kind = read.map(|(kind, _)| kind);
        let language = self.state_language(name, node);
        // Which fields a guessed kind has or lacks says little.
        let sure = read.and_then(|(kind, sure)| sure.then_some(kind));
        let object: Object<'t, Field> = self.object(node, language, sure);
        let mut state = State {
            name,
            kind,
            language,
            object,
            retry: Vec::new(),
            catch: Vec::new(),
            choices: Vec::new(),
            map: None,
            inner: Vec::new(),
        };
        self.parts(&mut state);
        if sure.is_some() {
            self.check_state(&state);
        }
        state
    }

    /// The kind of a state, and whether that is what the file says.
    fn kind(&mut self, name: Node<'t>, node: Node<'t>) -> Option<(StateKind, bool)> {
        let Some(value) = node.get("Type").or_else(|| self.misspelt_type(name, node)) else {
            let at = name.span();
            self.report(missing_field::one_of(at, &format!("the state `{}`", name.text()), &["Type"]));
            return None;
        };
        let text = value.as_str()?;
        let known = StateKind::of(text).map(|kind| (kind, true));
        known.or_else(|| {
            self.report(unknown_state_type::report(value));
            // Read as what was probably meant, the rest of the state makes sense.
            nearest(text, StateKind::ALL.map(StateKind::name)).and_then(StateKind::of).map(|kind| (kind, false))
        })
    }

    /// The value of what was probably meant to be `Type`; that is reported.
    fn misspelt_type(&mut self, name: Node<'t>, node: Node<'t>) -> Option<Node<'t>> {
        let meant =
            |member: &Member<'_>| Field::of(member.name()).is_none() && nearest(member.name(), ["Type"]).is_some();
        let member = node.members().find(meant)?;
        let found = missing_field::one_of(name.span(), &format!("the state `{}`", name.text()), &["Type"]);
        self.report(misspelt(found, member.key, "Type"));
        self.type_of = Some(member.key.id());
        Some(member.value)
    }

    fn state_language(&mut self, name: Node<'t>, node: Node<'t>) -> Language {
        let own = node.get("QueryLanguage");
        let Some((value, language)) = own.and_then(|value| Some((value, Language::of(value.as_str()?)?))) else {
            return self.language;
        };
        let machine = self.root.get("QueryLanguage");
        if let (Language::Jsonata, Language::JsonPath, Some(machine)) = (self.language, language, machine) {
            self.report(jsonpath_inside_jsonata::report(name, value, machine));
        }
        language
    }

    fn parts(&mut self, state: &mut State<'t>) {
        let language = state.language;
        if let Some(list) = state.object.get(Field::Retry) {
            state.retry = self.objects(list, language);
        }
        if let Some(list) = state.object.get(Field::Catch) {
            state.catch = self.objects(list, language);
        }
        if let Some(list) = state.object.get(Field::Choices) {
            state.choices = self.rules(list, language, 1);
        }
        if state.kind == Some(StateKind::Map) {
            state.map = Some(Box::new(self.map_parts(&state.object, language)));
        }
    }

    fn rules(&mut self, list: Node<'t>, language: Language, depth: usize) -> Vec<Rule<'t>> {
        list.items().filter(|item| item.is_object()).filter_map(|item| self.rule(item, language, depth)).collect()
    }

    fn rule(&mut self, node: Node<'t>, language: Language, depth: usize) -> Option<Rule<'t>> {
        if depth > MAX_CONDITIONS {
            self.report(too_deep(node));
            return None;
        }
        let language = self.rule_language(node, language);
        let object: Object<'t, RuleField> = self.object(node, language, None);
        let mut parts = Vec::new();
        for field in [RuleField::And, RuleField::Or] {
            if let Some(list) = object.get(field) {
                parts = self.rules(list, language, depth + 1);
            }
        }
        if let Some(inner) = object.get(RuleField::Not) {
            parts = self.rule(inner, language, depth + 1).into_iter().collect();
        }
        let outermost = depth == 1;
        if !outermost {
            self.check_nested(&object);
        }
        let rule = Rule { object, parts };
        self.check_rule(&rule, language, outermost);
        Some(rule)
    }

    /// The language in which a rule is written; if that is not the language of its state, it is reported once.
    fn rule_language(&mut self, node: Node<'t>, language: Language) -> Language {
        let foreign = |member: &Member<'_>| {
            RuleField::of(member.name()).is_some_and(|field| field.spec().languages == In::JsonPath)
        };
        match node.members().find(foreign).filter(|_| language == Language::Jsonata) {
            Some(member) if node.get("Condition").is_none() => {
                self.report(not_in_this_query_language::report(member.key, language));
                Language::JsonPath
            }
            _ => language,
        }
    }

    fn check_nested(&mut self, object: &Object<'t, RuleField>) {
        let leads = [RuleField::Next, RuleField::Assign, RuleField::Output];
        for entry in object.iter().filter(|entry| leads.contains(&entry.field)) {
            self.report(next_in_nested_condition::report(object.node, entry.key));
        }
    }

    fn map_parts(&mut self, object: &Object<'t, Field>, language: Language) -> MapParts<'t> {
        let legacy = !object.has(Field::ItemProcessor) && object.has(Field::Iterator);
        let processor = if legacy { Processor::Iterator } else { Processor::ItemProcessor };
        let reader: Option<Object<'t, ReaderField>> =
            object.get(Field::ItemReader).map(|node| self.object(node, language, None));
        let writer: Option<Object<'t, WriterField>> =
            object.get(Field::ResultWriter).map(|node| self.object(node, language, None));
        let reader_config = reader.as_ref().and_then(|reader| reader.get(ReaderField::ReaderConfig));
        let writer_config = writer.as_ref().and_then(|writer| writer.get(WriterField::WriterConfig));
        MapParts {
            processor,
            reader_config: reader_config.map(|node| self.object(node, language, None)),
            writer_config: writer_config.map(|node| self.object(node, language, None)),
            batch: object.get(Field::ItemBatcher).map(|node| self.object(node, language, None)),
            reader,
            writer,
        }
    }
}

fn too_deep(node: Node<'_>) -> Diagnostic {
    let message = format!("conditions are nested more than {MAX_CONDITIONS} levels deep");
    Diagnostic::new(&wfc_source::rules::INPUT_LIMIT, node.span(), message)
        .label(format!("level {}", MAX_CONDITIONS + 1))
        .help("the limit is fixed: split the rule, or decide in several Choice states")
}

/// Whether the value is a list without elements.
pub(super) fn is_empty_list(node: Node<'_>) -> bool {
    node.kind() == Kind::Array && node.items().next().is_none()
}
