//! What may be wrong with the validity of a certificate of a random chain.

use pemlint::issue::{Description, Part, Time, TimeEncoding, der};
use time::{Duration, OffsetDateTime};

use super::chains::Random;

/// Texts of notBefore that are no time, or one by a hair.
const ODD: &[&str] = &[
    "260631000000Z",
    "260230000000Z",
    "240229000000Z",
    "261301000000Z",
    "260101240000Z",
    "260101006000Z",
    "26010100000aZ",
    "260101000060Z",
    "2601010000Z",
    "260101000000+0000",
    "500101000000Z",
    "20260101000000Z",
    "20260101000000.5Z",
    "20260101000000",
    "202601010000Z",
    "00000101000000Z",
    "",
];

/// Damages the validity; what was done.
pub(crate) fn damage(random: &mut Random, description: &mut Description, today: OffsetDateTime) -> String {
    let kind = random.below(9);
    let validity = &mut description.validity;
    match kind {
        0 => validity.not_after = (today - Duration::days(21)).into(),
        1 => validity.not_before = (today + Duration::days(40)).into(),
        2 => validity.not_after = today.into(),
        3 => validity.not_before = today.into(),
        4 => {
            let at = today + Duration::days(3000);
            validity.not_after = Time { at, encoding: TimeEncoding::GeneralizedTime };
        }
        5 => description.set_raw(Part::Validity, der::sequence([odd(random), text(today, 190, "000000Z")])),
        6 => description.set_raw(Part::Validity, der::sequence([text(today, -170, "000000Z"), odd(random)])),
        7 => {
            let end = der::value(der::tag::GENERALIZED_TIME, b"99991231235959Z");
            description.set_raw(Part::Validity, der::sequence([text(today, -170, "000000Z"), end]));
        }
        _ => {
            let clock = random.pick(&["000000.5Z", "000000+0000", "0000Z", "000000", "235960Z"]);
            description.set_raw(
                Part::Validity,
                der::sequence([text(today, -170, "000000Z"), text(today, 190, clock)]),
            );
        }
    }
    format!("validity {kind}")
}

fn odd(random: &mut Random) -> Vec<u8> {
    let text = random.pick(ODD);
    let usual = if text.starts_with("20") || text.len() > 13 {
        der::tag::GENERALIZED_TIME
    } else {
        der::tag::UTC_TIME
    };
    let other = random.pick(&[der::tag::UTC_TIME, der::tag::GENERALIZED_TIME, der::tag::INTEGER]);
    der::value(if random.chance(5) { other } else { usual }, text.as_bytes())
}

/// A day as `GeneralizedTime`, with a time of day of choice.
fn text(today: OffsetDateTime, days: i64, clock: &str) -> Vec<u8> {
    let date = (today + Duration::days(days)).date();
    let text = format!("{:04}{:02}{:02}{clock}", date.year(), u8::from(date.month()), date.day());
    der::value(der::tag::GENERALIZED_TIME, text.as_bytes())
}
