//! `$fromMillis` and `$toMillis`: XPath's date pictures.

mod calendar;
mod format;
mod iso;
mod matcher;
mod parse;
mod picture;

use self::picture::DatePicture;
use super::{check_picture, Fault};

/// The picture of `$fromMillis` without one.
const ISO_8601: &str = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]";

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// `$fromMillis`; without a picture an ISO 8601 timestamp. The timezone is an offset such as `+0530`.
pub(in crate::jsonata) fn from_millis(
    millis: f64,
    picture: Option<&str>,
    timezone: Option<&str>,
) -> Result<String, Fault> {
    let picture = picture.unwrap_or(ISO_8601);
    check_picture(picture)?;
    format::format(millis, &DatePicture::new(picture)?, timezone)
}

/// `$toMillis`; without a picture the text must be an ISO 8601 timestamp. Without a zone it is in UTC. `None` where
/// the text does not fit the picture or is no date.
pub(in crate::jsonata) fn to_millis(text: &str, picture: Option<&str>, now_millis: i64) -> Result<Option<f64>, Fault> {
    let Some(picture) = picture else { return iso::parse(text) };
    check_picture(picture)?;
    parse::parse(text, &DatePicture::new(picture)?, now_millis as f64)
}

/// The mistake of a component that has no names, or no value that can be read.
fn no_names(component: char) -> Fault {
    let component = super::quoted(component.encode_utf8(&mut [0; 4]));
    ("D3133", format!("The 'name' modifier can only be applied to months and days in the date/time picture string, not {component}"))
}
