//! From an object of the tree to known fields of the right shape, in one pass over its members.

use wfc_diag::Diagnostic;
use wfc_expr::nearest::nearest;
use wfc_source::{Kind, Member, Node};

use super::shape::boolean;
use super::Parser;
use crate::report::misspelt;
use crate::rules::{field_not_here, not_in_this_query_language, unknown_field, way_out_not_allowed, wrong_type};
use crate::syntax::{Entry, Field, FieldSet, Kinds, Language, Object, Spec, StateKind};

impl<'t> Parser<'_, 't> {
    /// Reads an object. `kind` is the kind of state, if it is one and its kind is known.
    pub(super) fn object<F: FieldSet>(
        &mut self,
        node: Node<'t>,
        language: Language,
        kind: Option<StateKind>,
    ) -> Object<'t, F> {
        let mut object = Object::new(node);
        for member in node.members() {
            match F::of(member.name()) {
                Some(field) => {
                    let ok = self.check_field(node, field.spec(), member, language, kind);
                    object.push(Entry { field, key: member.key, value: member.value, ok });
                }
                None => self.unknown::<F>(node, member, language, kind),
            }
        }
        object
    }

    /// Reads the objects of an array whose shape has been checked.
    pub(super) fn objects<F: FieldSet>(&mut self, list: Node<'t>, language: Language) -> Vec<Object<'t, F>> {
        list.items().filter(|item| item.is_object()).map(|item| self.object(item, language, None)).collect()
    }

    /// Whether the field may stand here and has the shape it must have; if not, that is reported.
    fn check_field(
        &mut self,
        object: Node<'t>,
        spec: &'static Spec,
        member: Member<'t>,
        language: Language,
        kind: Option<StateKind>,
    ) -> bool {
        if member.value.kind() == Kind::Error {
            return false;
        }
        if let Some(kind) = kind.filter(|kind| !spec.kinds.has(*kind)) {
            self.report(misplaced(object, member.key, spec, kind));
            return false;
        }
        if !spec.languages.has(language) {
            self.report(not_in_this_query_language::report(member.key, language));
            return false;
        }
        let ends = || object.get(Field::End.spec().name).and_then(boolean) == Some(true);
        if spec.name == Field::Next.spec().name && member.value.kind() == Kind::Null && ends() {
            self.report(wrong_type::next_beside_end(object, member));
            return false;
        }
        self.check_shape(spec, member.value, language)
    }

    fn unknown<F: FieldSet>(
        &mut self,
        object: Node<'t>,
        member: Member<'t>,
        language: Language,
        kind: Option<StateKind>,
    ) {
        if self.type_of == Some(member.key.id()) {
            return;
        }
        self.note_members(object);
        let present = &self.present.1;
        let fits = |spec: &&Spec| {
            let here = kind.is_none_or(|kind| spec.kinds.has(kind)) && spec.languages.has(language);
            here && !present.contains(spec.name)
        };
        let known = || F::SPECS.iter().filter(fits).map(|spec| spec.name);
        let meant = meant(member.name(), known);
        let what = match kind {
            Some(kind) => format!("a {} state", kind.name()),
            None => F::WHAT.to_owned(),
        };
        let found = unknown_field::report(member.key, &what, meant);
        match meant {
            // It may turn out to be the misspelt name of a field that is missing.
            Some(meant) => {
                self.slips.entry(object.id()).or_default().push(Slip { key: member.key, meant, found });
            }
            None => self.report(found),
        }
    }

    /// Notes the names in an object, once for all its unknown members: there may be very many.
    fn note_members(&mut self, object: Node<'t>) {
        if self.present.0 != Some(object.id()) {
            self.present = (Some(object.id()), object.members().map(|member| member.name()).collect());
        }
    }

    /// Reports that one of `names` is missing in `object`: at the misspelt name of such a field, if there is one.
    pub(super) fn missing(&mut self, object: Node<'t>, names: &[&str], found: Diagnostic) {
        let slip = self.slips.get_mut(&object.id()).and_then(|slips| {
            let at = slips.iter().position(|slip| names.contains(&slip.meant))?;
            Some(slips.remove(at))
        });
        self.report(match slip {
            Some(slip) => misspelt(found, slip.key, slip.meant),
            None => found,
        });
    }
}

/// An unknown field that is probably the misspelt name of a known one.
pub(super) struct Slip<'t> {
    key: Node<'t>,
    meant: &'static str,
    /// What is reported if the known field is not missing.
    pub(super) found: Diagnostic,
}

/// The known name most like `name`, or the only one that goes on where `name` ends.
fn meant<I: Iterator<Item = &'static str>>(name: &str, known: impl Fn() -> I) -> Option<&'static str> {
    const SHORTEST: usize = 4;
    nearest(name, known()).or_else(|| {
        let mut longer =
            known().filter(|known| name.len() >= SHORTEST && known.starts_with(name) && !known.ends_with('$'));
        longer.next().filter(|_| longer.next().is_none())
    })
}

fn misplaced(object: Node<'_>, key: Node<'_>, spec: &Spec, kind: StateKind) -> Diagnostic {
    if spec.name == Field::Next.spec().name || spec.name == Field::End.spec().name {
        return way_out_not_allowed::report(object, key, kind);
    }
    field_not_here::report(object, key, &format!("a {} state", kind.name()), &owners(spec.kinds))
}

/// The states a field belongs to, for people.
fn owners(kinds: Kinds) -> String {
    let names: Vec<&str> = kinds.iter().map(StateKind::name).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last} states", rest.join(", ")),
        _ => format!("{} states", names.concat()),
    }
}
