//! Tags: the core schema's, and the short forms of CloudFormation's functions.

use saphyr_parser::Tag;

use crate::Kind;

/// What a tag asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Nothing beyond what the value is anyway.
    Nothing,
    /// A string, whatever the text looks like.
    String,
    /// A value of that kind, which the text has to be.
    Core(&'static str),
    /// An object with this one member around the value.
    Function(&'static str),
    /// Something JSON does not have.
    Unknown,
}

/// Functions CloudFormation writes as `!Name`; JSON has them as objects with one member.
const FUNCTIONS: &[(&str, &str)] = &[
    ("And", "Fn::And"),
    ("Base64", "Fn::Base64"),
    ("Cidr", "Fn::Cidr"),
    ("Condition", "Condition"),
    ("Contains", "Fn::Contains"),
    ("Equals", "Fn::Equals"),
    ("FindInMap", "Fn::FindInMap"),
    ("GetAZs", "Fn::GetAZs"),
    ("GetAtt", "Fn::GetAtt"),
    ("If", "Fn::If"),
    ("ImportValue", "Fn::ImportValue"),
    ("Join", "Fn::Join"),
    ("Length", "Fn::Length"),
    ("Not", "Fn::Not"),
    ("Or", "Fn::Or"),
    ("Ref", "Ref"),
    ("Select", "Fn::Select"),
    ("Split", "Fn::Split"),
    ("Sub", "Fn::Sub"),
    ("ToJsonString", "Fn::ToJsonString"),
    ("Transform", "Fn::Transform"),
];

/// The meaning of a tag on a scalar, or on a collection of `kind`.
pub(super) fn meaning(tag: &Tag, kind: Option<Kind>) -> Meaning {
    if tag.is_yaml_core_schema() {
        return core(&tag.suffix, kind);
    }
    match (tag.handle.as_str(), tag.suffix.as_str()) {
        ("", "!") | ("!", "") => {
            if kind.is_none() {
                Meaning::String
            } else {
                Meaning::Nothing
            }
        }
        ("!", name) => match FUNCTIONS.binary_search_by_key(&name, |(short, _)| short) {
            Ok(index) => Meaning::Function(FUNCTIONS[index].1),
            Err(_) => Meaning::Unknown,
        },
        _ => Meaning::Unknown,
    }
}

fn core(name: &str, kind: Option<Kind>) -> Meaning {
    match (name, kind) {
        ("str", None) => Meaning::String,
        ("null", None) => Meaning::Core("null"),
        ("bool", None) => Meaning::Core("a boolean"),
        ("int" | "float", None) => Meaning::Core("a number"),
        ("seq", Some(Kind::Array)) | ("map", Some(Kind::Object)) => Meaning::Nothing,
        _ => Meaning::Unknown,
    }
}
