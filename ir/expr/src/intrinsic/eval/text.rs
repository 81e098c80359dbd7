//! Functions of text: templates, JSON, encodings, digests.

use std::fmt::Write;

use base64::engine::general_purpose::STANDARD;
use base64::Engine;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::super::check::ALGORITHMS;
use super::{ArgKind, Args, IntrinsicError};
use crate::value::Plain;
use crate::Value;

/// The documented longest text that is encoded, decoded or hashed, in characters.
const MAX_CHARS: usize = 10_000;

/// A template with its holes filled; containers stand in it as Java prints them.
pub(super) fn format(args: &Args<'_>) -> Result<Value, IntrinsicError> {
    let template = args.text(0);
    let holes: Vec<usize> = match args.call.args.first().map(|arg| &arg.kind) {
        Some(ArgKind::String(text)) => text.holes.to_vec(),
        _ => template.match_indices("{}").map(|(at, _)| at).collect(),
    };
    let values = &args.values[1..];
    if holes.len() != values.len() {
        return Err(args.failure(0, format!("has {} `{{}}`, but {} values follow", holes.len(), values.len())));
    }
    let mut out = String::new();
    let mut done = 0;
    for (hole, value) in holes.into_iter().zip(values) {
        // Writing to a `String` cannot fail.
        let _ = write!(out, "{}{}", &template[done..hole], Plain(value));
        done = hole + "{}".len();
    }
    Ok(Value::from(out + &template[done..]))
}

/// The value a JSON text stands for; a blank one stands for `null`.
pub(super) fn string_to_json(args: &Args<'_>) -> Result<Value, IntrinsicError> {
    let text = args.text(0);
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    Value::parse(text).map_err(|error| args.failure(0, format!("is not JSON: {error}")))
}

/// The parts between any of the delimiter's characters; empty parts are left out.
pub(super) fn split(args: &Args<'_>) -> Value {
    let delimiters: std::collections::HashSet<char> = args.text(1).chars().collect();
    let parts = args.text(0).split(|c| delimiters.contains(&c));
    parts.filter(|part| !part.is_empty()).map(Value::from).collect()
}

pub(super) fn base64_encode(args: &Args<'_>) -> Result<Value, IntrinsicError> {
    args.check_length(args.text(0))?;
    Ok(Value::from(STANDARD.encode(args.text(0))))
}

pub(super) fn base64_decode(args: &Args<'_>) -> Result<Value, IntrinsicError> {
    args.check_length(args.text(0))?;
    let bytes = STANDARD.decode(args.text(0)).map_err(|_| args.failure(0, "is not Base64"))?;
    let text = String::from_utf8(bytes).map_err(|_| args.failure(0, "does not decode to UTF-8"))?;
    Ok(Value::from(text))
}

/// A digest of a text, or of the JSON text of any other value.
pub(super) fn hash(args: &Args<'_>) -> Result<Value, IntrinsicError> {
    let json = args.values[0].as_str().is_none().then(|| args.values[0].to_json());
    let data = json.as_deref().unwrap_or_else(|| args.text(0));
    args.check_length(data)?;
    let digest = match args.text(1) {
        "MD5" => hex(&Md5::digest(data)),
        "SHA-1" => hex(&Sha1::digest(data)),
        "SHA-256" => hex(&Sha256::digest(data)),
        "SHA-384" => hex(&Sha384::digest(data)),
        "SHA-512" => hex(&Sha512::digest(data)),
        other => {
            let why = format!("must be one of {}, not `{other}`", ALGORITHMS.join(", "));
            return Err(args.failure(1, why));
        }
    };
    Ok(Value::from(digest))
}

/// Bytes as lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

impl Args<'_> {
    /// The first argument stands for `text`, which may be only so long.
    fn check_length(&self, text: &str) -> Result<(), IntrinsicError> {
        if text.len() > MAX_CHARS && text.chars().count() > MAX_CHARS {
            return Err(self.failure(0, format!("is longer than the limit of {MAX_CHARS} characters")));
        }
        Ok(())
    }
}
