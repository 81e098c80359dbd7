//! How data are read: the `ReaderConfig` of a state, evaluated.

use std::sync::Arc;

use wfc_expr::Value;
use wfc_run_core::RunError;

use super::reader_failed;

/// How data are read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReaderConfig {
    /// The format of the data.
    pub input_type: Option<InputType>,
    /// The kind of manifest, where one is read.
    pub manifest_type: Option<ManifestType>,
    /// Where the names of columns are.
    pub csv_header_location: Option<HeaderLocation>,
    /// What separates columns.
    pub csv_delimiter: Delimiter,
    /// How many items are read at most; absent: all.
    pub max_items: Option<u64>,
    /// What is done with listed objects.
    pub transformation: ReaderTransformation,
    /// A JSON pointer to the array inside the file.
    pub items_pointer: Option<Arc<str>>,
}

/// The format of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputType {
    /// Rows of cells.
    Csv,
    /// An array.
    Json,
    /// A value per line.
    Jsonl,
    /// A list of objects that hold the data.
    Manifest,
}

/// A kind of manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManifestType {
    /// A URI per line.
    AthenaData,
    /// An inventory: a JSON file that names CSV files.
    S3Inventory,
}

/// Where the names of the columns of a CSV are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderLocation {
    /// In the first row.
    FirstRow,
    /// Here.
    Given(Vec<Arc<str>>),
}

/// What separates the columns of a CSV.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delimiter {
    /// `,`
    #[default]
    Comma,
    /// `|`
    Pipe,
    /// `;`
    Semicolon,
    /// A blank.
    Space,
    /// A tabulator.
    Tab,
}

/// What is done with listed objects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReaderTransformation {
    /// What is known about each is an item.
    #[default]
    None,
    /// Each is read; its items are the items.
    LoadAndFlatten,
}

impl ReaderConfig {
    /// Reads evaluated members. What is not supported is refused by name.
    pub fn from_members(members: &[(Arc<str>, Value)]) -> Result<Self, RunError> {
        let (mut config, mut location, mut headers) = (Self::default(), None, None);
        for (name, value) in members {
            let member = Member { name, value };
            match &**name {
                "InputType" => config.input_type = Some(member.word(&INPUT_TYPES)?),
                "ManifestType" => config.manifest_type = Some(member.word(&MANIFEST_TYPES)?),
                "CSVHeaderLocation" => location = Some(member.word(&[("FIRST_ROW", false), ("GIVEN", true)])?),
                "CSVHeaders" => headers = Some(member.texts()?),
                "CSVDelimiter" => config.csv_delimiter = member.word(&DELIMITERS)?,
                "MaxItems" => config.max_items = member.max_items()?,
                "Transformation" => config.transformation = member.word(&TRANSFORMATIONS)?,
                "ItemsPointer" => config.items_pointer = Some(member.text()?),
                "Comment" => {}
                _ => return Err(reader_failed(format_args!("ReaderConfig.{name} is not supported"))),
            }
        }
        config.csv_header_location = match (location, headers) {
            (None, _) => None,
            (Some(false), _) => Some(HeaderLocation::FirstRow),
            (Some(true), Some(headers)) => Some(HeaderLocation::Given(headers)),
            (Some(true), None) => {
                return Err(reader_failed("ReaderConfig.CSVHeaders is required where they are GIVEN"))
            }
        };
        Ok(config)
    }

    /// The kind of manifest that is read, if one is.
    pub(super) fn manifest_type(&self) -> Option<ManifestType> {
        let inventory = (self.input_type == Some(InputType::Manifest)).then_some(ManifestType::S3Inventory);
        self.manifest_type.or(inventory)
    }
}

const INPUT_TYPES: [(&str, InputType); 4] = [
    ("CSV", InputType::Csv),
    ("JSON", InputType::Json),
    ("JSONL", InputType::Jsonl),
    ("MANIFEST", InputType::Manifest),
];
const MANIFEST_TYPES: [(&str, ManifestType); 2] =
    [("ATHENA_DATA", ManifestType::AthenaData), ("S3_INVENTORY", ManifestType::S3Inventory)];
const DELIMITERS: [(&str, Delimiter); 5] = [
    ("COMMA", Delimiter::Comma),
    ("PIPE", Delimiter::Pipe),
    ("SEMICOLON", Delimiter::Semicolon),
    ("SPACE", Delimiter::Space),
    ("TAB", Delimiter::Tab),
];
const TRANSFORMATIONS: [(&str, ReaderTransformation); 2] =
    [("NONE", ReaderTransformation::None), ("LOAD_AND_FLATTEN", ReaderTransformation::LoadAndFlatten)];

impl Delimiter {
    pub(super) fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Pipe => b'|',
            Self::Semicolon => b';',
            Self::Space => b' ',
            Self::Tab => b'\t',
        }
    }
}

/// A member of a configuration.
struct Member<'m> {
    name: &'m str,
    value: &'m Value,
}

impl Member<'_> {
    fn word<T: Copy>(&self, words: &[(&str, T)]) -> Result<T, RunError> {
        let known = words.iter().find(|(word, _)| self.value.as_str() == Some(word));
        known.map(|(_, meaning)| *meaning).ok_or_else(|| {
            let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.refuse(&format!("is not supported; it can be {}", names.join(", ")))
        })
    }

    fn text(&self) -> Result<Arc<str>, RunError> {
        match self.value {
            Value::String(text) => Ok(Arc::clone(text)),
            _ => Err(self.refuse("is not a string")),
        }
    }

    fn texts(&self) -> Result<Vec<Arc<str>>, RunError> {
        let items = self.value.as_array().ok_or_else(|| self.refuse("is not a list of strings"))?;
        items.iter().map(|value| Member { name: self.name, value }.text()).collect()
    }

    /// 0 stands for all. A variable may hold the number as a string.
    fn max_items(&self) -> Result<Option<u64>, RunError> {
        let text = self.value.as_str().and_then(|text| text.parse().ok());
        let Some(number) = self.value.as_i64().or(text) else {
            let value = self.value.as_str().map_or_else(|| self.value.to_json(), str::to_owned);
            let cause = format!("The MaxItems field refers to value \"{value}\" which is not a valid integer");
            return Err(RunError::new("States.Runtime", cause));
        };
        let number = u64::try_from(number).map_err(|_| reader_failed("field MaxItems must be positive"))?;
        Ok(Some(number).filter(|number| *number > 0))
    }

    fn refuse(&self, why: &str) -> RunError {
        reader_failed(format_args!("ReaderConfig.{} {} {why}", self.name, self.value.to_json()))
    }
}
