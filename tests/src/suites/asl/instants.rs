//! Points in time inside texts: recordings show each as the word `date`.

/// The text with every point in time hidden behind the word that recordings have for it.
pub(super) fn hidden(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        match instant(rest) {
            Some(length) => {
                out.push_str("date");
                rest = &rest[length..];
            }
            None => {
                out.push(next);
                rest = &rest[next.len_utf8()..];
            }
        }
    }
    out
}

/// How long the point in time is that the text starts with: `YYYY-MM-DDTHH:MM:SS[.fff](Z|±HH[:MM])`.
fn instant(text: &str) -> Option<usize> {
    let mut scan = Scan { bytes: text.as_bytes(), at: 0 };
    scan.number(4, 1000, 9999)?;
    scan.byte(b'-')?;
    scan.number(2, 1, 12)?;
    scan.byte(b'-')?;
    scan.number(2, 1, 31)?;
    scan.byte(b'T')?;
    scan.number(2, 0, 23)?;
    for _ in 0..2 {
        scan.byte(b':')?;
        scan.number(2, 0, 59)?;
    }
    scan.fraction();
    scan.zone()?;
    Some(scan.at)
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    fn byte(&mut self, wanted: u8) -> Option<()> {
        (self.bytes.get(self.at) == Some(&wanted)).then(|| self.at += 1)
    }

    fn number(&mut self, digits: usize, least: u32, most: u32) -> Option<()> {
        let part = self.bytes.get(self.at..self.at + digits)?;
        if !part.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let value = part.iter().fold(0, |value, digit| value * 10 + u32::from(digit - b'0'));
        (least..=most).contains(&value).then(|| self.at += digits)
    }

    fn fraction(&mut self) {
        let rest = &self.bytes[self.at..];
        let digits = rest.iter().skip(1).take(9).take_while(|byte| byte.is_ascii_digit()).count();
        if rest.first() == Some(&b'.') && digits > 0 {
            self.at += 1 + digits;
        }
    }

    fn zone(&mut self) -> Option<()> {
        if self.byte(b'Z').is_some() {
            return Some(());
        }
        self.byte(b'+').or_else(|| self.byte(b'-'))?;
        self.number(2, 0, 23)?;
        let hour = self.at;
        // Minutes may be absent, and the colon with or without them.
        let _ = self.byte(b':');
        if self.number(2, 0, 59).is_none() {
            self.at = hour;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::hidden;

    #[test]
    fn instants_are_hidden_and_nothing_else() {
        for (text, expected) in [
            ("at 2016-03-14T01:59:00Z.", "at date."),
            ("2016-03-14T01:59:00.123456789+01:00é", "dateé"),
            ("2016-12-05T21:29:29", "2016-12-05T21:29:29"),
            ("2016-13-05T21:29:29Z", "2016-13-05T21:29:29Z"),
            ("05-12-2016T21:29:29Z", "05-12-2016T21:29:29Z"),
        ] {
            assert_eq!(hidden(text), expected);
        }
    }
}
