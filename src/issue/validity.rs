//! The validity of a certificate (RFC 5280, 4.1.2.5) and the two encodings of a time.

use time::{OffsetDateTime, UtcOffset};

use super::der;

/// From when until when a certificate is valid; both ends belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// First second.
    pub not_before: Time,
    /// Last second.
    pub not_after: Time,
}

/// An instant and how to write it. Fractions of a second are dropped; other offsets are converted to UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Time {
    /// The instant.
    pub at: OffsetDateTime,
    /// How to write it.
    pub encoding: TimeEncoding,
}

/// How a time is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimeEncoding {
    /// As RFC 5280 asks: `UTCTime` through 2049, `GeneralizedTime` from 2050.
    #[default]
    ByYear,
    /// `UTCTime`, whatever the year; the century is lost.
    UtcTime,
    /// `GeneralizedTime`, whatever the year.
    GeneralizedTime,
    /// `UTCTime` without its seconds.
    UtcTimeWithoutSeconds,
    /// `UTCTime` with the offset `+0000` in the place of `Z`.
    UtcTimeWithOffset,
    /// `GeneralizedTime` with half a second more.
    GeneralizedTimeWithFraction,
    /// `GeneralizedTime` without `Z`: local time, nobody knows where.
    GeneralizedTimeWithoutZone,
}

impl Validity {
    /// Validity between two instants, written as RFC 5280 asks.
    #[must_use]
    pub fn between(not_before: OffsetDateTime, not_after: OffsetDateTime) -> Self {
        Self { not_before: not_before.into(), not_after: not_after.into() }
    }

    /// The `Validity` SEQUENCE.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        der::sequence([self.not_before.to_der(), self.not_after.to_der()])
    }
}

impl From<OffsetDateTime> for Time {
    fn from(at: OffsetDateTime) -> Self {
        Self { at, encoding: TimeEncoding::ByYear }
    }
}

impl Time {
    /// `UTCTime` or `GeneralizedTime`, as its encoding says.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        let at = self.at.to_offset(UtcOffset::UTC);
        let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
        let (hour, minute, second) = at.to_hms();
        let minutes = format!("{month:02}{day:02}{hour:02}{minute:02}");
        let utc = |rest: &str| {
            let text = format!("{:02}{minutes}{rest}", year.rem_euclid(100));
            der::value(der::tag::UTC_TIME, text.as_bytes())
        };
        let generalized = |rest: &str| {
            let text = format!("{year:04}{minutes}{second:02}{rest}");
            der::value(der::tag::GENERALIZED_TIME, text.as_bytes())
        };
        match self.encoding {
            TimeEncoding::ByYear if (1950..2050).contains(&year) => utc(&format!("{second:02}Z")),
            TimeEncoding::UtcTime => utc(&format!("{second:02}Z")),
            TimeEncoding::UtcTimeWithoutSeconds => utc("Z"),
            TimeEncoding::UtcTimeWithOffset => utc(&format!("{second:02}+0000")),
            TimeEncoding::ByYear | TimeEncoding::GeneralizedTime => generalized("Z"),
            TimeEncoding::GeneralizedTimeWithFraction => generalized(".5Z"),
            TimeEncoding::GeneralizedTimeWithoutZone => generalized(""),
        }
    }

    /// Whether it is written as RFC 5280 asks, and in one of the years that both encodings cover between them: 1950 to
    /// 9999.
    pub(super) fn is_conforming(&self) -> bool {
        let year = self.at.to_offset(UtcOffset::UTC).year();
        (1950..10_000).contains(&year) && self.to_der() == Self::from(self.at).to_der()
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn century_decides_the_encoding() {
        assert_eq!(Time::from(datetime!(2049-12-31 23:59:59 UTC)).to_der()[2..], *b"491231235959Z");
        assert_eq!(Time::from(datetime!(2050-01-01 00:00:00 UTC)).to_der()[2..], *b"20500101000000Z");
        assert_eq!(Time::from(datetime!(2026-06-01 02:00:00 +2)).to_der()[2..], *b"260601000000Z");
    }

    #[test]
    fn odd_forms_are_written_as_asked() {
        let written = |encoding| {
            let time = Time { at: datetime!(2026-06-01 00:00:07 UTC), encoding };
            String::from_utf8(time.to_der()[2..].to_vec()).expect("times are ASCII")
        };
        assert_eq!(written(TimeEncoding::UtcTimeWithoutSeconds), "2606010000Z");
        assert_eq!(written(TimeEncoding::UtcTimeWithOffset), "260601000007+0000");
        assert_eq!(written(TimeEncoding::GeneralizedTimeWithFraction), "20260601000007.5Z");
        assert_eq!(written(TimeEncoding::GeneralizedTimeWithoutZone), "20260601000007");
    }

    #[test]
    fn an_encoding_conforms_by_what_it_writes() {
        let at = |at, encoding| Time { at, encoding }.is_conforming();
        assert!(at(datetime!(2026-06-01 00:00 UTC), TimeEncoding::UtcTime));
        assert!(at(datetime!(2050-06-01 00:00 UTC), TimeEncoding::GeneralizedTime));
        assert!(!at(datetime!(2026-06-01 00:00 UTC), TimeEncoding::GeneralizedTime));
        assert!(!at(datetime!(1949-06-01 00:00 UTC), TimeEncoding::ByYear));
    }
}
