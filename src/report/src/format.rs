//! The names of the formats and how a terminal wants its text.

use std::fmt;
use std::str::FromStr;

/// A way to write a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// Excerpts with labels, help and a summary.
    #[default]
    Human,
    /// One line for each finding.
    Short,
    /// One versioned object.
    Json,
    /// One versioned object a line.
    Jsonl,
    /// Static Analysis Results Interchange Format 2.1.0.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
    /// Code Quality report of GitLab.
    Gitlab,
    /// Reviewdog Diagnostic Format.
    Rdjson,
    /// JUnit XML.
    Junit,
}

impl Format {
    /// Every format, in the order users see them.
    pub const ALL: [Format; 9] = [
        Format::Human,
        Format::Short,
        Format::Json,
        Format::Jsonl,
        Format::Sarif,
        Format::Github,
        Format::Gitlab,
        Format::Rdjson,
        Format::Junit,
    ];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Format::Human => "human",
            Format::Short => "short",
            Format::Json => "json",
            Format::Jsonl => "jsonl",
            Format::Sarif => "sarif",
            Format::Github => "github",
            Format::Gitlab => "gitlab",
            Format::Rdjson => "rdjson",
            Format::Junit => "junit",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name that is no format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFormat(pub String);

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
        write!(f, "unknown format {:?}; known are {}", self.0, names.join(", "))
    }
}

impl std::error::Error for UnknownFormat {}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Format::ALL.into_iter().find(|format| format.name() == name).ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// How the human format is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether escape sequences for colour may be written.
    pub color: bool,
    /// Whether lines and arrows may be drawn with characters outside ASCII.
    pub unicode: bool,
    /// The width of the terminal in columns, if there is one.
    pub width: Option<usize>,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, unicode: true, width: None }
    }
}
