//! Items in groups.

use std::mem;

use serde::{Deserialize, Serialize};
use wfc_expr::Value;

use crate::RunError;

/// The longest input of a group in bytes, and what it is where nothing is said.
const MAX_BATCH: u64 = 256 << 10;

/// Groups items into `{BatchInput?, Items: […]}`, holding one group.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Batcher {
    max_items: u64,
    max_bytes: u64,
    #[serde(with = "crate::present")]
    batch_input: Option<Value>,
    items: Vec<Value>,
    /// The length of the text of a group without items, and with those of the present one.
    lengths: (u64, u64),
}

impl Batcher {
    /// Groups of so many items and of inputs of so many bytes of JSON text at most; one of the two must be given.
    pub(crate) fn new(
        max_items: Option<u64>,
        max_bytes: Option<u64>,
        batch_input: Option<Value>,
    ) -> Result<Self, RunError> {
        for (name, limit) in [("MaxItemsPerBatch", max_items), ("MaxInputBytesPerBatch", max_bytes)] {
            if limit == Some(0) {
                return Err(RunError::runtime(format!("field {name} must be positive")));
            }
        }
        if max_items.is_none() && max_bytes.is_none() {
            let cause = "ItemBatcher needs MaxItemsPerBatch or MaxInputBytesPerBatch";
            return Err(RunError::runtime(cause));
        }
        let empty = group(batch_input.as_ref(), Vec::new()).json_len() as u64;
        Ok(Self {
            max_items: max_items.unwrap_or(u64::MAX),
            max_bytes: max_bytes.unwrap_or(MAX_BATCH).min(MAX_BATCH),
            batch_input,
            items: Vec::new(),
            lengths: (empty, empty),
        })
    }

    /// Takes an item and gives the group that is complete thereby, if one is.
    pub(crate) fn push(&mut self, item: Value) -> Result<Option<Value>, RunError> {
        let len = item.json_len() as u64;
        if self.lengths.0.saturating_add(len) > self.max_bytes {
            let limit = self.max_bytes;
            let cause = format!("a batch of a single item of {len} bytes exceeds the limit of {limit} bytes per batch");
            return Err(RunError::new("States.DataLimitExceeded", cause));
        }
        let with_item = self.lengths.1 + len + u64::from(!self.items.is_empty());
        if with_item > self.max_bytes {
            let full = self.finish();
            self.add(item, self.lengths.0 + len);
            return Ok(full);
        }
        self.add(item, with_item);
        Ok(if self.items.len() as u64 >= self.max_items { self.finish() } else { None })
    }

    /// The group that is not complete, if items are left.
    pub(crate) fn finish(&mut self) -> Option<Value> {
        self.lengths.1 = self.lengths.0;
        let items = mem::take(&mut self.items);
        (!items.is_empty()).then(|| group(self.batch_input.as_ref(), items))
    }

    fn add(&mut self, item: Value, length: u64) {
        self.items.push(item);
        self.lengths.1 = length;
    }
}

fn group(batch_input: Option<&Value>, items: Vec<Value>) -> Value {
    let batch_input = batch_input.map(|input| ("BatchInput", input.clone()));
    batch_input.into_iter().chain([("Items", items.into())]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_as_long_as_they_may_be() {
        type Case = (Option<u64>, Option<u64>, Option<&'static str>, &'static str);
        let cases: [Case; 5] = [
            (Some(2), None, None, r#"[{"Items":[1,22]},{"Items":[333,4]},{"Items":[5]}]"#),
            (
                Some(1),
                None,
                Some("{}"),
                r#"[{"BatchInput":{},"Items":[1]},{"BatchInput":{},"Items":[22]},{"BatchInput":{},"Items":[333]},{"BatchInput":{},"Items":[4]},{"BatchInput":{},"Items":[5]}]"#,
            ),
            (None, Some(18), None, r#"[{"Items":[1,22]},{"Items":[333,4]},{"Items":[5]}]"#),
            (Some(9), Some(16), None, r#"[{"Items":[1,22]},{"Items":[333]},{"Items":[4,5]}]"#),
            (None, Some(9_000_000), None, r#"[{"Items":[1,22,333,4,5]}]"#),
        ];
        for (max_items, max_bytes, input, expected) in cases {
            let mut batcher =
                Batcher::new(max_items, max_bytes, input.map(|text| Value::parse(text).unwrap())).unwrap();
            let numbers = [1, 22, 333, 4, 5].map(Value::from);
            let mut groups: Vec<Value> = numbers.into_iter().filter_map(|item| batcher.push(item).unwrap()).collect();
            groups.extend(batcher.finish());
            assert_eq!(Value::from(groups.clone()).to_json(), expected);
            let limit = max_bytes.unwrap_or(MAX_BATCH) as usize;
            assert!(groups.iter().all(|group| group.json_len() <= limit));
            assert!(batcher.finish().is_none());
        }
    }

    #[test]
    fn groups_have_limits() {
        let refused = |max_items, max_bytes| Batcher::new(max_items, max_bytes, None).unwrap_err().cause.unwrap();
        assert_eq!(&*refused(Some(0), None), "field MaxItemsPerBatch must be positive");
        assert_eq!(&*refused(None, Some(0)), "field MaxInputBytesPerBatch must be positive");
        assert_eq!(&*refused(None, None), "ItemBatcher needs MaxItemsPerBatch or MaxInputBytesPerBatch");
        let error = Batcher::new(None, Some(14), None).unwrap().push(Value::from(12_345)).unwrap_err();
        assert_eq!(error.name.as_deref(), Some("States.DataLimitExceeded"));
        assert_eq!(
            &*error.cause.unwrap(),
            "a batch of a single item of 5 bytes exceeds the limit of 14 bytes per batch"
        );
    }
}
