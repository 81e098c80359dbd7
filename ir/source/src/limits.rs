//! Bounds on what a file may ask of the machine, each settable and named in the message that refuses.

/// Limits on one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a file (`max-bytes`).
    pub max_bytes: u64,
    /// Levels of nested arrays and objects (`max-depth`).
    pub max_depth: u32,
    /// Values in a file, after aliases are expanded (`max-nodes`).
    pub max_nodes: u32,
    /// Syntax errors before reading stops (`max-errors`).
    pub max_errors: u32,
}

impl Default for Limits {
    fn default() -> Self {
        // Depth: one nested Parallel costs four levels, so 1,000 levels hold 250 of them, and recursive walks of
        // the later stages stay well inside a 2 MiB stack.
        Self { max_bytes: 512 << 20, max_depth: 1_000, max_nodes: 60_000_000, max_errors: 100 }
    }
}

#[cfg(test)]
mod tests {
    use wfc_diag::Sink;

    use super::Limits;
    use crate::{Format, SourceMap};

    fn messages(text: &str, format: Format, limits: Limits) -> Vec<String> {
        let mut sink = Sink::default();
        let file = SourceMap::new().add("test", text);
        let tree = crate::parse(&file, format, &limits, &mut sink);
        crate::testing::check_spans(&tree);
        sink.into_sorted().into_iter().map(|d| format!("{} {:?} {:?}", d.message, d.help, d.notes)).collect()
    }

    #[test]
    fn every_limit_holds_in_every_notation_and_is_named() {
        let deep = Limits { max_depth: 2, ..Limits::default() };
        let many = Limits { max_nodes: 5, ..Limits::default() };
        let wrong = Limits { max_errors: 2, ..Limits::default() };
        for (text, format, limits, name) in [
            ("[[[1]]]", Format::Json, deep, "max-depth"),
            ("- - - 1", Format::Yaml, deep, "max-depth"),
            ("- &a [1]\n- [*a]", Format::Yaml, deep, "max-depth"),
            ("a = [[1]]", Format::Toml, deep, "max-depth"),
            ("[a.b]\nc = 1", Format::Toml, deep, "max-depth"),
            ("a.b.c = 1", Format::Toml, deep, "max-depth"),
            ("[1, 2, 3, 4, 5, 6]", Format::Json, many, "max-nodes"),
            ("- 1\n- 2\n- 3\n- 4\n- 5\n- 6", Format::Yaml, many, "max-nodes"),
            ("- &a [1, 2]\n- *a", Format::Yaml, many, "max-nodes"),
            ("a = [1, 2, 3, 4, 5]", Format::Toml, many, "max-nodes"),
            ("[01, 02, 03]", Format::Json, wrong, "max-errors"),
            ("a: .nan\nb: .nan\nc: .nan\n", Format::Yaml, wrong, "max-errors"),
            ("a = x\nb = y\nc = z\n", Format::Toml, wrong, "max-errors"),
        ] {
            let found = messages(text, format, limits);
            assert!(found.iter().any(|message| message.contains(name)), "{text:?}: {found:?}");
            assert!(found.len() <= 2, "{found:?}");
        }
    }
}
