//! Whether a value has the shape its field must have.

use wfc_source::{Kind, Node};

use super::Parser;
use crate::placeholder::{has_placeholder, is_bare, was_placeholder};
use crate::rules::{bad_timestamp, number_out_of_range, unknown_value, wrong_type};
use crate::syntax::{Language, Shape, Spec};
use crate::timestamp::is_instant;

impl<'t> Parser<'_, 't> {
    /// Checks the value of a field; what is wrong is reported. Expressions are checked when they are lowered.
    pub(super) fn check_shape(&mut self, spec: &'static Spec, value: Node<'t>, language: Language) -> bool {
        match spec.shape {
            _ if is_bare(value) => true,
            Shape::Any => true,
            Shape::Text | Shape::TextOrExpression | Shape::StateName | Shape::Path | Shape::PathOrCall => {
                self.check_kind(spec, value, value.kind() == Kind::String, "a string")
            }
            Shape::PathOrNull | Shape::ReferencePathOrNull => {
                let fits = matches!(value.kind(), Kind::String | Kind::Null);
                self.check_kind(spec, value, fits, "a string or null")
            }
            Shape::Word(words) => self.check_word(spec, value, words),
            Shape::Bool => self.check_scalar(spec, value, Language::JsonPath, boolean(value).is_some(), "a boolean"),
            Shape::BoolOrExpression => self.check_scalar(spec, value, language, boolean(value).is_some(), "a boolean"),
            Shape::Whole(least, most) => self.check_whole(spec, value, Language::JsonPath, least, most),
            Shape::WholeOrExpression(least, most) => self.check_whole(spec, value, language, least, most),
            Shape::Number(least) => self.check_number(spec, value, Language::JsonPath, least, f64::INFINITY),
            Shape::NumberOrExpression(least, most) => self.check_number(spec, value, language, least, most),
            Shape::AnyNumber => self.check_number(spec, value, Language::JsonPath, f64::NEG_INFINITY, f64::INFINITY),
            Shape::Timestamp => self.check_timestamp(spec, value, language),
            Shape::Payload if language == Language::Jsonata => true,
            Shape::Template | Shape::Payload | Shape::Object => {
                self.check_kind(spec, value, value.is_object(), "an object")
            }
            Shape::Items => self.check_scalar(spec, value, language, value.is_array(), "an array"),
            Shape::Objects => self.check_elements(spec, value, Node::is_object, "an array of objects", "an object"),
            Shape::Texts => {
                let is_text = |item: Node<'_>| item.kind() == Kind::String;
                self.check_elements(spec, value, is_text, "an array of strings", "a string")
            }
        }
    }

    fn check_kind(&mut self, spec: &Spec, value: Node<'t>, fits: bool, expected: &str) -> bool {
        if !fits {
            self.report(wrong_type::report(spec.name, value, expected));
        }
        fits
    }

    /// A value that may be an expression in JSONata, and a placeholder anywhere.
    fn check_scalar(&mut self, spec: &Spec, value: Node<'t>, language: Language, fits: bool, expected: &str) -> bool {
        if fits || has_placeholder(value.text()) {
            return true;
        }
        let text = value.text();
        if language == Language::Jsonata && is_expression(text) {
            return true;
        }
        if language == Language::Jsonata && is_expression(text.trim()) {
            self.report(wrong_type::blanks_around_expression(spec.name, value));
            return false;
        }
        self.check_kind(spec, value, false, expected)
    }

    fn check_word(&mut self, spec: &Spec, value: Node<'t>, words: &[&'static str]) -> bool {
        if !self.check_kind(spec, value, value.kind() == Kind::String, "a string") {
            return false;
        }
        let known = words.contains(&value.text()) || has_placeholder(value.text());
        if !known {
            self.report(unknown_value::report(spec.name, value, words));
        }
        known
    }

    fn check_whole(&mut self, spec: &Spec, value: Node<'t>, language: Language, least: i64, most: i64) -> bool {
        let Some(number) = whole(value) else {
            return self.check_scalar(spec, value, language, false, "a whole number");
        };
        let fits = (least..=most).contains(&number);
        if !fits {
            let most = (most < i64::MAX).then(|| most.to_string());
            self.report(number_out_of_range::report(spec.name, value, least, most));
        }
        fits
    }

    fn check_number(&mut self, spec: &Spec, value: Node<'t>, language: Language, least: f64, most: f64) -> bool {
        let Some(number) = number(value) else {
            return self.check_scalar(spec, value, language, false, "a number");
        };
        let fits = (least..=most).contains(&number);
        if !fits {
            let most = most.is_finite().then(|| most.to_string());
            self.report(number_out_of_range::report(spec.name, value, least, most));
        }
        fits
    }

    fn check_timestamp(&mut self, spec: &Spec, value: Node<'t>, language: Language) -> bool {
        if !self.check_kind(spec, value, value.kind() == Kind::String, "a string") {
            return false;
        }
        let text = value.text();
        let expression = language == Language::Jsonata && is_expression(text);
        let fits = expression || is_instant(text) || has_placeholder(text);
        if !fits {
            self.report(bad_timestamp::report(value));
        }
        fits
    }

    /// An array whose elements fit; elements that do not are reported one by one and left out later.
    fn check_elements(
        &mut self,
        spec: &Spec,
        value: Node<'t>,
        fits: impl Fn(Node<'t>) -> bool,
        expected: &str,
        each: &str,
    ) -> bool {
        if !self.check_kind(spec, value, value.is_array(), expected) {
            return false;
        }
        for item in value.items().filter(|item| item.kind() != Kind::Error && !is_bare(*item) && !fits(*item)) {
            self.report(wrong_type::report(&format!("an element of {}", spec.name), item, each));
        }
        true
    }
}

/// Whether a text is an expression in JSONata: the delimiters must stand at its very ends.
pub(crate) fn is_expression(text: &str) -> bool {
    text.len() >= 4 && text.starts_with("{%") && text.ends_with("%}")
}

/// A whole number, also one that a placeholder was replaced by.
pub(crate) fn whole(value: Node<'_>) -> Option<i64> {
    value.as_i64().or_else(|| value.text().parse().ok().filter(|_| was_placeholder(value)))
}

/// A number, also one that a placeholder was replaced by.
pub(crate) fn number(value: Node<'_>) -> Option<f64> {
    value.as_f64().or_else(|| value.text().parse().ok().filter(|_| was_placeholder(value)))
}

/// A boolean, also one that a placeholder was replaced by.
pub(crate) fn boolean(value: Node<'_>) -> Option<bool> {
    value.as_bool().or_else(|| value.text().parse().ok().filter(|_| was_placeholder(value)))
}
