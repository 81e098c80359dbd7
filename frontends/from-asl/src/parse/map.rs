//! What the fields of a `Map` must be together.

use wfc_diag::Severity;
use wfc_source::Node;

use super::Parser;
use crate::placeholder::has_placeholder;
use crate::rules::{bad_label, duplicate_label, field_not_here, missing_field, unknown_integration};
use crate::syntax::{
    BatchField, Field, FieldSet, MapParts, Object, Processor, ReaderConfigField, ReaderField, State, WriterField,
};

/// Fields of a Map whose items run as executions of their own.
const DISTRIBUTED_ONLY: [Field; 4] = [Field::Label, Field::ItemReader, Field::ItemBatcher, Field::ResultWriter];

impl<'t> Parser<'_, 't> {
    pub(super) fn check_map(&mut self, state: &State<'t>) {
        if let Some(label) = state.object.get(Field::Label).filter(|label| !has_placeholder(label.text())) {
            bad_label::check(label).into_iter().for_each(|problem| self.report(problem));
            if let Some(first) = self.labels.insert(label.text(), label) {
                self.report(duplicate_label::report(first, label));
            }
        }
        let Some(map) = &state.map else { return };
        self.check_mode(state, map);
        if let Some(reader) = &map.reader {
            if !reader.has(ReaderField::Resource) {
                self.needs(reader.node, "an item reader", "Resource");
            }
            let actions = ["s3:getObject", "s3:listObjectsV2"];
            self.check_items_resource(reader.get(ReaderField::Resource), "an item reader", &actions);
        }
        if let Some(writer) = &map.writer {
            self.check_items_resource(writer.get(WriterField::Resource), "a result writer", &["s3:putObject"]);
        }
        if let Some(config) = &map.reader_config {
            self.check_reader_config(config);
        }
        if let Some(batch) = &map.batch {
            let what = || BatchField::WHAT.to_owned();
            self.check_exclusive(batch, &[BatchField::MaxItemsPerBatch, BatchField::MaxItemsPerBatchPath], what);
            self.check_exclusive(
                batch,
                &[BatchField::MaxInputBytesPerBatch, BatchField::MaxInputBytesPerBatchPath],
                what,
            );
        }
    }

    fn check_items_resource(&mut self, resource: Option<Node<'t>>, what: &str, actions: &[&str]) {
        let Some(resource) = resource else { return };
        self.check_resource(resource);
        unknown_integration::of_items(resource, what, actions).into_iter().for_each(|problem| self.report(problem));
    }

    /// What depends on where the items run. Where the file does not say, they run inside.
    fn check_mode(&mut self, state: &State<'t>, map: &MapParts<'t>) {
        let processor = match map.processor {
            Processor::ItemProcessor => Field::ItemProcessor,
            Processor::Iterator => Field::Iterator,
        };
        let config = state.object.get(processor).and_then(|machine| machine.get("ProcessorConfig"));
        match config.and_then(|config| config.get("Mode")).map_or("INLINE", Node::text) {
            "INLINE" => {
                let here = state.object.iter().filter(|entry| DISTRIBUTED_ONLY.contains(&entry.field));
                let owner = "a Map with `\"Mode\": \"DISTRIBUTED\"`";
                here.for_each(|entry| self.report(field_not_here::without_effect(entry.key, "an inline Map", owner)));
            }
            "DISTRIBUTED" => {
                let config = config.filter(|config| config.get("ExecutionType").is_none());
                config.into_iter().for_each(|config| {
                    let found = missing_field::one_of(config.span(), "a distributed Map", &["ExecutionType"])
                        .help("it is `STANDARD` or `EXPRESS`");
                    self.report(found.severity(Severity::Warning).blocking(false));
                });
            }
            _ => {}
        }
    }

    fn check_reader_config(&mut self, config: &Object<'t, ReaderConfigField>) {
        use ReaderConfigField as Config;
        self.check_exclusive(config, &[Config::MaxItems, Config::MaxItemsPath], || Config::WHAT.to_owned());
        for (field, word, needed) in [
            (Config::InputType, "CSV", Config::CSVHeaderLocation),
            (Config::CSVHeaderLocation, "GIVEN", Config::CSVHeaders),
        ] {
            let set = config.get(field).filter(|value| value.text() == word);
            if let Some(value) = set.filter(|_| !config.has(needed)) {
                let needed = needed.spec().name;
                let what = format!("a reader whose `{}` is `{word}`", field.spec().name);
                let found = missing_field::one_of(value.span(), &what, &[needed]).blocking(false);
                self.missing(config.node, &[needed], found);
            }
        }
    }
}
