//! What only a `Map` has.

use std::sync::Arc;

use wfc_cir::{Batch, Expr, ForEach, Isolation, Origin, Reader, RegionId, Root, Tolerate, Writer};
use wfc_source::Node;

use super::expr::Exprs;
use super::policy::text;
use crate::syntax::{
    BatchField, Field, FieldSet, Language, MapParts, Object, ProcessorField, ReaderConfigField, ReaderField, State,
    WriterConfigField, WriterField,
};

impl Exprs<'_> {
    /// The loop over items; `processor` is the configuration of the machine `body`.
    pub(super) fn for_each(
        &mut self,
        state: &State<'_>,
        body: RegionId,
        processor: Option<&Object<'_, ProcessorField>>,
    ) -> ForEach {
        let none = MapParts::default();
        let parts = state.map.as_deref().unwrap_or(&none);
        let language = state.language;
        ForEach {
            items: self.items(state),
            reader: parts.reader.as_ref().map(|reader| self.reader(reader, parts, language)),
            batch: parts.batch.as_ref().map(|batch| self.batch(batch, language)),
            body,
            concurrency: self.limit(state, Field::MaxConcurrency, Field::MaxConcurrencyPath),
            tolerate: Tolerate {
                count: self.limit(state, Field::ToleratedFailureCount, Field::ToleratedFailureCountPath),
                percent: self.limit(state, Field::ToleratedFailurePercentage, Field::ToleratedFailurePercentagePath),
            },
            writer: parts.writer.as_ref().map(|writer| self.writer(writer, parts, language)),
            isolation: isolation(processor),
            label: text(state.object.get(Field::Label)),
        }
    }

    /// What each item's machine is given, where that is not the item.
    pub(super) fn item_selector(&mut self, state: &State<'_>) -> Option<Expr> {
        let selector = state.object.get(Field::ItemSelector).or_else(|| state.object.get(Field::Parameters))?;
        Some(self.template(selector, state.language, Root::Input))
    }

    fn items(&mut self, state: &State<'_>) -> Option<Expr> {
        match state.object.get(Field::Items) {
            Some(items) => Some(self.scalar(items, state.language, false)),
            // Without the field, the whole input; each query language has its own words for an input that is no array.
            None if state.language == Language::Jsonata => Some(Expr::root(Root::Raw)),
            None => state.object.get(Field::ItemsPath).map(|path| self.path(path, wfc_cir::Doc::Root(Root::Input))),
        }
    }

    fn reader(&mut self, reader: &Object<'_, ReaderField>, parts: &MapParts<'_>, language: Language) -> Reader {
        let args = reader.get(ReaderField::Parameters).or_else(|| reader.get(ReaderField::Arguments));
        let config = parts.reader_config.as_ref().map(|config| self.reader_config(config, language));
        Reader {
            resource: text(reader.get(ReaderField::Resource)).unwrap_or_default(),
            args: args.map(|node| self.template(node, language, Root::Input)),
            config: config.unwrap_or_default(),
            origin: Origin::at(reader.node.span()),
        }
    }

    fn reader_config(&mut self, config: &Object<'_, ReaderConfigField>, language: Language) -> Vec<(Arc<str>, Expr)> {
        let entries = config.iter().filter(|entry| entry.ok);
        entries
            .map(|entry| match entry.field {
                // A path says where the value of the option of the same name is found.
                ReaderConfigField::MaxItemsPath => {
                    let path = self.path(entry.value, wfc_cir::Doc::Root(Root::Input));
                    (ReaderConfigField::MaxItems.spec().name.into(), path)
                }
                ReaderConfigField::MaxItems => {
                    (entry.field.spec().name.into(), self.scalar(entry.value, language, false))
                }
                _ => (entry.field.spec().name.into(), self.option(entry.value, language)),
            })
            .collect()
    }

    fn option(&mut self, value: Node<'_>, language: Language) -> Expr {
        self.scalar(value, language, true)
    }

    fn batch(&mut self, batch: &Object<'_, BatchField>, language: Language) -> Batch {
        Batch {
            max_items: self.value_or_path(
                batch,
                BatchField::MaxItemsPerBatch,
                BatchField::MaxItemsPerBatchPath,
                language,
            ),
            max_bytes: self.value_or_path(
                batch,
                BatchField::MaxInputBytesPerBatch,
                BatchField::MaxInputBytesPerBatchPath,
                language,
            ),
            input: batch.get(BatchField::BatchInput).map(|node| self.template(node, language, Root::Input)),
            origin: Origin::at(batch.node.span()),
        }
    }

    fn writer(&mut self, writer: &Object<'_, WriterField>, parts: &MapParts<'_>, language: Language) -> Writer {
        let args = writer.get(WriterField::Parameters).or_else(|| writer.get(WriterField::Arguments));
        let config = parts.writer_config.as_ref().map(|config| self.writer_config(config, language));
        Writer {
            resource: text(writer.get(WriterField::Resource)),
            args: args.map(|node| self.template(node, language, Root::Input)),
            config: config.unwrap_or_default(),
            origin: Origin::at(writer.node.span()),
        }
    }

    fn writer_config(&mut self, config: &Object<'_, WriterConfigField>, language: Language) -> Vec<(Arc<str>, Expr)> {
        let entries = config.iter().filter(|entry| entry.ok);
        entries.map(|entry| (entry.field.spec().name.into(), self.option(entry.value, language))).collect()
    }
}

fn isolation(processor: Option<&Object<'_, ProcessorField>>) -> Isolation {
    let word = |field| processor.and_then(|object| object.get(field)).map(Node::text);
    match word(ProcessorField::Mode) {
        Some("DISTRIBUTED") => Isolation::Run { express: word(ProcessorField::ExecutionType) == Some("EXPRESS") },
        _ => Isolation::Frame,
    }
}
