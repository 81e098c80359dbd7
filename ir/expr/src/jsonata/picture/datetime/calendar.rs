//! The calendar: dates from milliseconds and back as JavaScript's `Date` has them, weeks as ISO 8601 has them.

pub(super) const DAY: f64 = 86_400_000.0;

/// The last moment a `Date` can tell, before and after 1970.
const LAST: f64 = 8.64e15;

/// A month, counted from 0, of a year. Not a number in a date that is none.
#[derive(Clone, Copy)]
struct YearMonth {
    year: f64,
    month: f64,
}

/// A moment in its parts; all NaN if it is past what a `Date` can tell.
pub(super) struct Date {
    millis: f64,
    start: YearMonth,
    /// From 1.
    day: f64,
}

impl Date {
    pub(super) fn new(millis: f64) -> Self {
        let millis = clip(millis);
        if millis.is_nan() {
            return Self { millis, start: YearMonth { year: millis, month: millis }, day: millis };
        }
        let (year, month, day) = civil((millis / DAY).floor() as i64);
        Self { millis, start: YearMonth { year: year as f64, month: month as f64 }, day: day as f64 }
    }

    /// The value of a component of a picture; `None` if it has no number.
    pub(super) fn component(&self, component: char) -> Option<f64> {
        let in_day = |unit: f64, count: f64| (self.millis / unit).floor().rem_euclid(count);
        Some(match component {
            'Y' => self.start.year,
            'M' => self.start.month + 1.0,
            'D' => self.day,
            'd' => (self.midnight() - YearMonth { month: 0.0, ..self.start }.start()) / DAY + 1.0,
            'F' => weekday(self.millis),
            'W' => self.week(YearMonth { month: 0.0, ..self.start }, 12.0, 52.0),
            'w' => self.week(self.start, 1.0, 4.0),
            'X' => self.week_owner(YearMonth { month: 0.0, ..self.start }, 12.0).year,
            'x' => self.week_owner(self.start, 1.0).month + 1.0,
            'H' => in_day(3_600_000.0, 24.0),
            'h' => (in_day(3_600_000.0, 24.0) + 11.0) % 12.0 + 1.0,
            'm' => in_day(60_000.0, 60.0),
            's' => in_day(1000.0, 60.0),
            'f' => in_day(1.0, 1000.0),
            _ => return None,
        })
    }

    fn midnight(&self) -> f64 {
        utc([self.start.year, self.start.month, self.day, 0.0, 0.0, 0.0, 0.0])
    }

    /// The number of the week in a period of so many months, of which all have `least` weeks.
    fn week(&self, period: YearMonth, months: f64, least: f64) -> f64 {
        let today = self.midnight();
        let count = |period: YearMonth| (today - period.first_week()) / (7.0 * DAY) + 1.0;
        let week = count(period);
        if week > least && today >= period.plus(months).first_week() {
            1.0
        } else if week < 1.0 {
            count(period.plus(-months)).floor()
        } else {
            week.floor()
        }
    }

    /// The period to which the week belongs: this one or one of its neighbours.
    fn week_owner(&self, period: YearMonth, months: f64) -> YearMonth {
        if self.millis < period.first_week() {
            period.plus(-months)
        } else if self.millis >= period.plus(months).first_week() {
            period.plus(months)
        } else {
            period
        }
    }
}

impl YearMonth {
    fn plus(self, months: f64) -> Self {
        let month = self.month + months;
        Self { year: self.year + (month / 12.0).floor(), month: month.rem_euclid(12.0) }
    }

    fn start(self) -> f64 {
        utc([self.year, self.month, 1.0, 0.0, 0.0, 0.0, 0.0])
    }

    /// The Monday of the week that has the period's first Thursday.
    fn first_week(self) -> f64 {
        let start = self.start();
        let weekday = weekday(start);
        let days = if weekday > 4.0 { 8.0 - weekday } else { 1.0 - weekday };
        start + days * DAY
    }
}

/// `Date.UTC`: year, month from 0, day from 1, hour, minute, second, millisecond; they may overflow into each other.
/// The years 0 to 99 mean 1900 to 1999.
pub(super) fn utc(fields: [f64; 7]) -> f64 {
    let [year, month, day, hour, minute, second, milli] = fields.map(f64::trunc);
    let year = if (0.0..=99.0).contains(&year) { year + 1900.0 } else { year };
    moment([year, month, day, hour, minute, second, milli])
}

/// As [`utc`], with all years as they are.
pub(super) fn moment([year, month, day, hour, minute, second, milli]: [f64; 7]) -> f64 {
    if !(year.abs() <= 1e6 && month.abs() <= 1e7) {
        return f64::NAN;
    }
    let months = year as i64 * 12 + month as i64;
    let days = days_before(months.div_euclid(12), months.rem_euclid(12)) as f64 + (day - 1.0);
    clip(days * DAY + (hour * 3_600_000.0 + minute * 60_000.0 + second * 1000.0 + milli))
}

fn clip(millis: f64) -> f64 {
    if millis.abs() <= LAST {
        millis.trunc()
    } else {
        f64::NAN
    }
}

/// Monday is 1.
fn weekday(millis: f64) -> f64 {
    // 1970 began on a Thursday.
    ((millis / DAY).floor() + 3.0).rem_euclid(7.0) + 1.0
}

/// Days from 1970 to the first of a month, counted from 0. The year begins in March here, so that the leap day is
/// its last.
fn days_before(year: i64, month: i64) -> i64 {
    let (year, month) = if month < 2 { (year - 1, month + 10) } else { (year, month - 2) };
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (month * 153 + 2) / 5 - 719_468
}

/// Year, month from 0 and day from 1 of a day counted from 1970.
fn civil(days: i64) -> (i64, i64, i64) {
    const ERA: i64 = 146_097;
    let day = days + 719_468;
    let in_era = day.rem_euclid(ERA);
    let year = (in_era - in_era / 1460 + in_era / 36_524 - in_era / (ERA - 1)) / 365;
    let in_year = in_era - (365 * year + year / 4 - year / 100);
    let month = (5 * in_year + 2) / 153;
    let day_in_month = in_year - (153 * month + 2) / 5 + 1;
    let year = year + 400 * day.div_euclid(ERA);
    if month < 10 {
        (year, month + 2, day_in_month)
    } else {
        (year + 1, month - 10, day_in_month)
    }
}
