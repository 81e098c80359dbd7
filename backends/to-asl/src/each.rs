//! What only a `Map` has.

use std::sync::Arc;

use wfc_cir::{Batch, Expr, ForEach, Isolation, Module, NodeKind, Reader, RegionId, Root, Writer};
use wfc_expr::value::Object;
use wfc_expr::Value;

use crate::machine::extra;
use crate::refusal::Refusal;
use crate::template::Place;
use crate::QueryLanguage;

/// The fields of a `Map` that stand before its machine.
pub(crate) fn fields(place: Place<'_>, each: &ForEach, fields: &mut Object) -> Result<(), Refusal> {
    let place = place.on(Root::Input);
    if let Some(reader) = &each.reader {
        fields.insert("ItemReader", read(place, reader).map_err(|refusal| refusal.of("ItemReader"))?);
    }
    // The whole input is what the field's absence means.
    let whole = |items: &&wfc_cir::Expr| matches!(items.kind, wfc_cir::ExprKind::Root(wfc_cir::Root::Raw));
    if let Some(items) = each.items.as_ref().filter(|items| !whole(items)) {
        match place.language {
            QueryLanguage::JsonPath => fields.insert("ItemsPath", place.path(items)?.into()),
            QueryLanguage::Jsonata => fields.insert("Items", place.template(items)?),
        };
    }
    if let Some(batch) = &each.batch {
        fields.insert("ItemBatcher", group(place, batch).map_err(|refusal| refusal.of("ItemBatcher"))?);
    }
    for (name, limit) in [
        ("MaxConcurrency", &each.concurrency),
        ("ToleratedFailureCount", &each.tolerate.count),
        ("ToleratedFailurePercentage", &each.tolerate.percent),
    ] {
        if let Some(limit) = limit {
            place.set(fields, name, limit, false).map_err(|refusal| refusal.of(name))?;
        }
    }
    each.label.as_ref().map(|label| fields.insert("Label", label.clone().into()));
    Ok(())
}

/// The field that holds the machine.
pub(crate) fn processor(place: Place<'_>) -> &'static str {
    match extra(&place.node.extras, "Iterator") {
        Some(Value::Bool(true)) => "Iterator",
        _ => "ItemProcessor",
    }
}

/// The field that holds what each item's machine is given.
pub(crate) fn selector(place: Place<'_>) -> &'static str {
    match extra(&place.node.extras, "Parameters") {
        Some(Value::Bool(true)) => "Parameters",
        _ => "ItemSelector",
    }
}

/// `ProcessorConfig`: as it was written if it says what the module says.
pub(crate) fn processor_config(module: &Module, region: RegionId) -> Option<Value> {
    let node = &module.nodes[module.container(region)?];
    let written = extra(&module.regions[region].extras, "ProcessorConfig");
    let NodeKind::ForEach(each) = &node.kind else { return written.cloned() };
    match each.isolation {
        Isolation::Frame => written.filter(|config| !is_distributed(config)).cloned(),
        Isolation::Run { express } => {
            let same = |config: &&Value| is_distributed(config) && is_express(config) == express;
            Some(written.filter(same).cloned().unwrap_or_else(|| distributed(express)))
        }
    }
}

fn is_distributed(config: &Value) -> bool {
    config.get("Mode").and_then(Value::as_str) == Some("DISTRIBUTED")
}

fn is_express(config: &Value) -> bool {
    config.get("ExecutionType").and_then(Value::as_str) == Some("EXPRESS")
}

fn distributed(express: bool) -> Value {
    let kind = if express { "EXPRESS" } else { "STANDARD" };
    [("Mode", Value::from("DISTRIBUTED")), ("ExecutionType", kind.into())].into_iter().collect()
}

/// `ResultWriter`
pub(crate) fn writer(place: Place<'_>, writer: &Writer) -> Result<Value, Refusal> {
    let mut fields = Object::default();
    writer.resource.as_ref().map(|resource| fields.insert("Resource", resource.clone().into()));
    service(place, writer.args.as_ref(), "WriterConfig", &writer.config, &mut fields)?;
    Ok(fields.into())
}

fn read(place: Place<'_>, reader: &Reader) -> Result<Value, Refusal> {
    let mut fields = Object::default();
    fields.insert("Resource", reader.resource.clone().into());
    service(place, reader.args.as_ref(), "ReaderConfig", &reader.config, &mut fields)?;
    Ok(fields.into())
}

fn service(
    place: Place<'_>,
    args: Option<&Expr>,
    config_name: &str,
    config: &[(Arc<str>, Expr)],
    fields: &mut Object,
) -> Result<(), Refusal> {
    if let Some(args) = args {
        let name = if place.language == QueryLanguage::Jsonata { "Arguments" } else { "Parameters" };
        fields.insert(name, place.on(Root::Input).template(args)?);
    }
    let mut options = Object::default();
    for (name, option) in config {
        place.on(Root::Input).set(&mut options, name, option, false)?;
    }
    if !options.is_empty() {
        fields.insert(config_name, options.into());
    }
    Ok(())
}

fn group(place: Place<'_>, batch: &Batch) -> Result<Value, Refusal> {
    let mut fields = Object::default();
    for (name, limit) in [("MaxItemsPerBatch", &batch.max_items), ("MaxInputBytesPerBatch", &batch.max_bytes)] {
        if let Some(limit) = limit {
            place.set(&mut fields, name, limit, false)?;
        }
    }
    if let Some(input) = &batch.input {
        fields.insert("BatchInput", place.template(input)?);
    }
    Ok(fields.into())
}
