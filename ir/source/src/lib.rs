//! Source files, the World trait and spanned JSON, YAML and TOML trees.
