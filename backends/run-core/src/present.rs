//! Values that may be absent, written so that an absent one and `null` stay apart: a list of none or one.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use wfc_expr::Value;

pub(crate) fn serialize<S: Serializer>(value: &Option<Value>, serializer: S) -> Result<S::Ok, S::Error> {
    value.as_slice().serialize(serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Vec::deserialize(deserializer).map(|mut values: Vec<Value>| values.pop())
}

/// The same for each of a list.
pub(crate) mod each {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(values: &[Option<Value>], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(values.iter().map(Option::as_slice))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Option<Value>>, D::Error> {
        let lists: Vec<Vec<Value>> = Vec::deserialize(deserializer)?;
        Ok(lists.into_iter().map(|mut values| values.pop()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Both {
        #[serde(with = "super")]
        one: Option<Value>,
        #[serde(with = "super::each")]
        many: Vec<Option<Value>>,
    }

    #[test]
    fn null_is_not_nothing() {
        for one in [None, Some(Value::Null), Some(Value::from(1))] {
            let both = Both { one: one.clone(), many: vec![Some(Value::Null), None, one] };
            let text = serde_json::to_string(&both).unwrap();
            assert_eq!(serde_json::from_str::<Both>(&text).unwrap(), both, "{text}");
        }
    }
}
