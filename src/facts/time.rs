//! Times as certificates write them: `UTCTime` and `GeneralizedTime`, with the
//! form of the text beside the instant (RFC 5280 §4.1.2.5).

use crate::der::{Element, Got, Malformed, Span, tag};

/// A time of a certificate.
#[derive(Clone, Copy, Debug)]
pub struct Time<'a> {
    /// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    pub instant: i64,
    /// `UTCTime` or `GeneralizedTime`.
    pub type_name: &'static str,
    /// Content octets.
    pub text: &'a [u8],
    /// Whether the text ends in `Z`.
    pub zulu: bool,
    /// Whether seconds are written.
    pub has_seconds: bool,
    /// Whether a fraction of a second is written.
    pub has_fraction: bool,
    /// Four-digit year.
    pub year: i64,
    /// The whole element.
    pub span: Span,
}

/// Reads a time element, lenient in form as the oldest clients are.
///
/// # Errors
/// Where it is of another type or no real date and time.
pub fn read<'a>(element: &Element<'a>, part: &'static str) -> Got<Time<'a>> {
    let fault = |reason| Malformed { part, reason, offset: element.content_start };
    let (type_name, year_digits) = match element.tag {
        tag::UTC_TIME => ("UTCTime", 2),
        tag::GENERALIZED_TIME => ("GeneralizedTime", 4),
        _ => return Err(fault("is neither UTCTime nor GeneralizedTime")),
    };
    parse(element.content, year_digits)
        .map(|form| Time {
            instant: form.instant,
            type_name,
            text: element.content,
            zulu: form.zulu,
            has_seconds: form.has_seconds,
            has_fraction: form.has_fraction,
            year: form.year,
            span: element.span,
        })
        .ok_or_else(|| fault("is no real date and time"))
}

struct Form {
    instant: i64,
    year: i64,
    zulu: bool,
    has_seconds: bool,
    has_fraction: bool,
}

fn parse(text: &[u8], year_digits: usize) -> Option<Form> {
    let (year, rest) = number(text, year_digits)?;
    let year = match (year_digits, year) {
        (2, 0..=49) => year + 2000,
        (2, _) => year + 1900,
        _ => year,
    };
    let (month, rest) = number(rest, 2)?;
    let (day, rest) = number(rest, 2)?;
    let (hour, rest) = number(rest, 2)?;
    let (minute, rest) = number(rest, 2)?;
    let (second, rest, has_seconds) = match number(rest, 2) {
        Some((second, rest)) => (second, rest, true),
        None => (0, rest, false),
    };
    let (rest, has_fraction) = match rest.split_first() {
        Some((b'.' | b',', digits)) => {
            let length = digits.iter().take_while(|octet| octet.is_ascii_digit()).count();
            (digits.get(length..).filter(|_| length > 0)?, true)
        }
        _ => (rest, false),
    };
    let (offset, zulu) = zone(rest)?;
    let real = (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    real.then(|| Form {
        instant: days_since_epoch(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset,
        year,
        zulu,
        has_seconds,
        has_fraction,
    })
}

/// Seconds east of Greenwich, and whether it was written as `Z`.
fn zone(text: &[u8]) -> Option<(i64, bool)> {
    match text.split_first() {
        Some((b'Z', [])) => Some((0, true)),
        Some((sign @ (b'+' | b'-'), digits)) => {
            let (hours, rest) = number(digits, 2)?;
            let (minutes, rest) = number(rest, 2)?;
            let seconds = hours * 3600 + minutes * 60;
            (rest.is_empty() && minutes < 60 && hours < 24).then_some(if *sign == b'-' {
                (-seconds, false)
            } else {
                (seconds, false)
            })
        }
        None => Some((0, false)),
        Some(_) => None,
    }
}

fn number(text: &[u8], digits: usize) -> Option<(i64, &[u8])> {
    let (head, rest) = text.split_at_checked(digits)?;
    let mut value = 0;
    for octet in head {
        value = value * 10 + i64::from(octet.checked_sub(b'0').filter(|digit| *digit < 10)?);
    }
    Some((value, rest))
}

fn days_in(year: i64, month: i64) -> i64 {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar (years from March, eras of 400 years).
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let shifted = if month > 2 { year } else { year - 1 };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// An instant as RFC 3339 writes it, in UTC with whole seconds.
#[must_use]
pub fn rfc3339(instant: i64) -> String {
    time::OffsetDateTime::from_unix_timestamp(instant)
        .ok()
        .and_then(|moment| moment.format(&time::format_description::well_known::Rfc3339).ok())
        .unwrap_or_else(|| format!("{instant} s since 1970"))
}

/// Reads RFC 3339 (`2026-11-22T00:00:00Z`), or a date alone, which is its midnight in UTC.
#[must_use]
pub fn from_rfc3339(text: &str) -> Option<i64> {
    let whole = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    time::OffsetDateTime::parse(&whole, &time::format_description::well_known::Rfc3339)
        .ok()
        .map(time::OffsetDateTime::unix_timestamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_agree_with_another_calendar() {
        for (text, wanted) in [
            ("19500101000000Z", "1950-01-01T00:00:00Z"),
            ("20000229235959Z", "2000-02-29T23:59:59Z"),
            ("99991231235959Z", "9999-12-31T23:59:59Z"),
            ("20260101120000+0130", "2026-01-01T10:30:00Z"),
        ] {
            assert_eq!(parse(text.as_bytes(), 4).map(|form| rfc3339(form.instant)).as_deref(), Some(wanted));
        }
        assert_eq!(parse(b"491231235959Z", 2).map(|form| form.year), Some(2049));
        assert_eq!(parse(b"500101000000Z", 2).map(|form| form.year), Some(1950));
    }

    #[test]
    fn impossible_times_are_refused() {
        for text in [
            "20260230000000Z",
            "20261301000000Z",
            "20260101240000Z",
            "20260101000060Z",
            "2026010100Z",
            "20260101000000X",
            "20260101000000.Z",
        ] {
            assert!(parse(text.as_bytes(), 4).is_none(), "{text}");
        }
    }
}
