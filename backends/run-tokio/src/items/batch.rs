//! Items in groups.

use std::mem;

use wfc_expr::Value;
use wfc_run_core::RunError;

/// The longest input of a group in bytes, and what it is where nothing is said.
pub const MAX_BATCH: u64 = 256 << 10;

/// Groups items into `{BatchInput?, Items: […]}`, holding one group.
#[derive(Debug)]
pub struct Batcher {
    max_items: u64,
    max_bytes: u64,
    batch_input: Option<Value>,
    items: Vec<Value>,
    /// The length of the text of a group without items, and with those of the present one.
    lengths: (u64, u64),
}

impl Batcher {
    /// Groups of so many items and of inputs of so many bytes of JSON text at most; one of the two must be given.
    pub fn new(max_items: Option<u64>, max_bytes: Option<u64>, batch_input: Option<Value>) -> Result<Self, RunError> {
        for (name, limit) in [("MaxItemsPerBatch", max_items), ("MaxInputBytesPerBatch", max_bytes)] {
            if limit == Some(0) {
                return Err(RunError::new("States.Runtime", format!("field {name} must be positive")));
            }
        }
        if max_items.is_none() && max_bytes.is_none() {
            let cause = "ItemBatcher needs MaxItemsPerBatch or MaxInputBytesPerBatch";
            return Err(RunError::new("States.Runtime", cause));
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
    pub fn push(&mut self, item: Value) -> Result<Option<Value>, RunError> {
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
    pub fn finish(&mut self) -> Option<Value> {
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
