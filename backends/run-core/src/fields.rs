//! The fields of nodes, in the nouns of the dialect that has the most of them.

use crate::eval::Field;

pub(crate) const INPUT: Field<'static> = Field::of("InputPath");
pub(crate) const ARGS: Field<'static> = Field::either("Parameters", "Arguments");
pub(crate) const ITEM_SELECTOR: Field<'static> = Field::of("ItemSelector");
pub(crate) const RESULT: Field<'static> = Field::of("ResultSelector");
pub(crate) const OUT: Field<'static> = Field::either("OutputPath", "Output");
pub(crate) const WHEN: Field<'static> = Field::of("when");
pub(crate) const LOOP: Field<'static> = Field::of("condition");
pub(crate) const ITEMS: Field<'static> = Field::either("ItemsPath", "Items");
pub(crate) const CONCURRENCY: Field<'static> = Field::either("MaxConcurrencyPath", "MaxConcurrency");
pub(crate) const TOLERATED_COUNT: Field<'static> = Field::either("ToleratedFailureCountPath", "ToleratedFailureCount");
pub(crate) const TOLERATED_PERCENT: Field<'static> =
    Field::either("ToleratedFailurePercentagePath", "ToleratedFailurePercentage");
pub(crate) const BATCH_ITEMS: Field<'static> = Field::either("MaxItemsPerBatchPath", "ItemBatcher/MaxItemsPerBatch");
pub(crate) const BATCH_BYTES: Field<'static> =
    Field::either("MaxInputBytesPerBatchPath", "ItemBatcher/MaxInputBytesPerBatch");
pub(crate) const BATCH_INPUT: Field<'static> = Field::either("BatchInput", "ItemBatcher/BatchInput");
pub(crate) const READER_ARGS: Field<'static> = Field::either("ItemReader", "ItemReader/Arguments");
pub(crate) const WRITER_ARGS: Field<'static> = Field::either("ResultWriter", "ResultWriter/Arguments");
pub(crate) const MAX_ITEMS: Field<'static> = Field::either("MaxItemsPath", "ItemReader/ReaderConfig/MaxItems");
pub(crate) const TIMEOUT: Field<'static> = Field::either("TimeoutSecondsPath", "TimeoutSeconds");
pub(crate) const HEARTBEAT: Field<'static> = Field::either("HeartbeatSecondsPath", "HeartbeatSeconds");
pub(crate) const SECONDS: Field<'static> = Field::either("SecondsPath", "Seconds");
pub(crate) const TIMESTAMP: Field<'static> = Field::either("TimestampPath", "Timestamp");
pub(crate) const CREDENTIALS: Field<'static> = Field::of("Credentials");
pub(crate) const ERROR: Field<'static> = Field::either("ErrorPath", "Error");
pub(crate) const CAUSE: Field<'static> = Field::either("CausePath", "Cause");
