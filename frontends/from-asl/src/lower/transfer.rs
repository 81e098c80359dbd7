//! What happens to data on the way out of a state.

use wfc_cir::{Doc, Expr, ExprKind, Origin, Root, Transfer};
use wfc_expr::Value;
use wfc_source::{Kind, Node};

use super::expr::Exprs;
use crate::syntax::{Catcher, Field, FieldSet, Language, Object, State};

impl Exprs<'_> {
    /// The transfer of a state that is done.
    pub(super) fn done(&mut self, state: &State<'_>) -> Transfer {
        Transfer { assign: self.assigned(&state.object, Field::Assign, state.language), out: self.out(state) }
    }

    /// The variables that a field sets.
    pub(super) fn assigned<F: FieldSet>(
        &mut self,
        object: &Object<'_, F>,
        field: F,
        language: Language,
    ) -> Vec<(std::sync::Arc<str>, Expr)> {
        object.get(field).map(|node| self.assign(node, language, Root::Result)).unwrap_or_default()
    }

    /// The value a state passes on: the result put into the input, then the part of it that is selected.
    pub(super) fn out(&mut self, state: &State<'_>) -> Option<Expr> {
        let object = &state.object;
        if let Some(output) = object.get(Field::Output) {
            return Some(self.template(output, state.language, Root::Result));
        }
        let merged = object.get(Field::ResultPath).map(|path| self.merged(path, Root::Result));
        match object.get(Field::OutputPath) {
            None => merged,
            Some(path) if path.kind() == Kind::Null => Some(empty(path)),
            Some(path) => {
                let doc = merged.map_or(Doc::Root(Root::Result), |merged| Doc::Expr(Box::new(merged)));
                Some(self.path(path, doc))
            }
        }
    }

    /// The transfer of a catcher.
    pub(super) fn caught(&mut self, catcher: &Object<'_, Catcher>, language: Language) -> Transfer {
        let assign = catcher.get(Catcher::Assign);
        let assign = assign.map(|node| self.assign(node, language, Root::Error)).unwrap_or_default();
        let out = if let Some(output) = catcher.get(Catcher::Output) {
            self.template(output, language, Root::Error)
        } else if let Some(path) = catcher.get(Catcher::ResultPath) {
            self.caught_at(path)
        } else {
            Expr::root(Root::Error)
        };
        Transfer { assign, out: Some(out) }
    }

    /// A written `$` means what its absence means, and is kept apart from it.
    fn caught_at(&mut self, path: Node<'_>) -> Expr {
        let merged = self.merged(path, Root::Error);
        match merged.kind {
            ExprKind::Root(Root::Error) => self.path(path, Doc::Root(Root::Error)),
            _ => merged,
        }
    }

    /// The input with `root` put where `path` says.
    fn merged(&mut self, path: Node<'_>, root: Root) -> Expr {
        let origin = Origin::text(path.span(), path.text_map());
        if path.kind() == Kind::Null {
            return Expr::new(ExprKind::Root(Root::Raw), origin);
        }
        match self.reference_path(path) {
            Some(at) if at.segments.is_empty() => Expr::new(ExprKind::Root(root), origin),
            Some(at) => {
                let (into, value) = (Box::new(Expr::root(Root::Raw)), Box::new(Expr::root(root)));
                Expr::new(ExprKind::Put { into, at: Box::new(at), value }, origin)
            }
            None => Expr::new(ExprKind::Opaque { lang: wfc_cir::Lang::JsonPath, text: path.text().into() }, origin),
        }
    }

    /// `InputPath`.
    pub(super) fn input(&mut self, state: &State<'_>) -> Option<Expr> {
        let path = state.object.get(Field::InputPath)?;
        Some(if path.kind() == Kind::Null { empty(path) } else { self.path(path, Doc::Root(Root::Raw)) })
    }
}

/// What `null` selects.
fn empty(path: Node<'_>) -> Expr {
    Expr::literal(Value::empty_object(), Origin::at(path.span()))
}
