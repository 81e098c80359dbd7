//! Choice rules to conditions.

use wfc_cir::{Doc, Expr, ExprKind, Origin, Root};
use wfc_source::Node;

use super::expr::Exprs;
use super::template::literal;
use crate::parse::boolean;
use crate::syntax::{FieldSet, Language, Operand, Rule, RuleField, Test};

impl Exprs<'_> {
    /// The condition of a rule. A rule without one has been reported.
    pub(super) fn condition(&mut self, rule: &Rule<'_>, language: Language) -> Expr {
        if let Some(condition) = rule.object.get(RuleField::Condition) {
            return self.scalar(condition, language, false);
        }
        let origin = Origin::at(rule.object.node.span());
        let found = rule.object.iter().find_map(|entry| match entry.field {
            RuleField::And => Some(ExprKind::And(self.conditions(rule, language))),
            RuleField::Or => Some(ExprKind::Or(self.conditions(rule, language))),
            RuleField::Not => {
                let inner = rule.parts.first().map(|part| self.condition(part, language))?;
                Some(ExprKind::Not(Box::new(inner)))
            }
            field => self.test(rule, field, field.test()?),
        });
        Expr::new(found.unwrap_or_else(|| unknown(rule)), origin)
    }

    /// Depth is bounded where rules are read.
    fn conditions(&mut self, rule: &Rule<'_>, language: Language) -> Vec<Expr> {
        rule.parts.iter().map(|part| self.condition(part, language)).collect()
    }

    fn test(&mut self, rule: &Rule<'_>, field: RuleField, test: Test) -> Option<ExprKind> {
        let value = rule.object.get(field)?;
        let variable = rule.object.get(RuleField::Variable)?;
        let left = Box::new(self.path(variable, Doc::Root(Root::Input)));
        Some(match test {
            Test::Is(test) => ExprKind::Is { left, test, want: boolean(value)? },
            Test::Compare(op, operand) => {
                let right = match operand {
                    Operand::Path => self.path(value, Doc::Root(Root::Input)),
                    Operand::Value => self.operand(field, value),
                };
                ExprKind::Compare { left, op, right: Box::new(right) }
            }
        })
    }

    /// The right side as it stands; a placeholder where no string is due is opaque.
    fn operand(&mut self, field: RuleField, value: Node<'_>) -> Expr {
        let text_is_due = field.spec().shape == crate::syntax::Shape::Text;
        match value.as_str() {
            Some(_) if !text_is_due => self.scalar(value, Language::JsonPath, false),
            _ => literal(value),
        }
    }
}

fn unknown(rule: &Rule<'_>) -> ExprKind {
    ExprKind::Opaque { lang: wfc_cir::Lang::Text, text: rule.object.node.raw().into() }
}
