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
    /// `UTCTime` or `GeneralizedTime`, with seconds and `Z`.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        let at = self.at.to_offset(UtcOffset::UTC);
        let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
        let (hour, minute, second) = at.to_hms();
        let rest = format!("{month:02}{day:02}{hour:02}{minute:02}{second:02}Z");
        let short = match self.encoding {
            TimeEncoding::ByYear => (1950..2050).contains(&year),
            TimeEncoding::UtcTime => true,
            TimeEncoding::GeneralizedTime => false,
        };
        if short {
            der::value(der::tag::UTC_TIME, format!("{:02}{rest}", year.rem_euclid(100)).as_bytes())
        } else {
            der::value(der::tag::GENERALIZED_TIME, format!("{year:04}{rest}").as_bytes())
        }
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
}
