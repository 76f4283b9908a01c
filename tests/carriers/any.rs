//! Carriers cut, changed and put together at random, read in every form.

use pemlint::input::Format;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

use super::carrier::{self, FORMS};
use super::cases;

/// What a carrier may hold at any place.
const PIECES: [&str; 24] = [
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\\n",
    "\\\\n",
    "\\",
    "\n",
    "\r\n",
    ":",
    ": |\n",
    "- ",
    "---\n",
    "<<EOT\n",
    "EOT\n",
    "${",
    "}}",
    "#",
    "\u{fffd}",
    "\0",
    "=",
    "-----BEGIN CERTIFICATE-----",
    "-----END CERTIFICATE-----",
];

/// One change of a text.
#[derive(Clone, Debug)]
enum Change {
    Cut(prop::sample::Index),
    Remove(prop::sample::Index, usize),
    Insert(prop::sample::Index, &'static str),
    Flip(prop::sample::Index, u8),
    Repeat(prop::sample::Index, usize),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let at = any::<prop::sample::Index>;
    let one = prop_oneof![
        at().prop_map(Change::Cut),
        (at(), 1..40_usize).prop_map(|(at, length)| Change::Remove(at, length)),
        (at(), prop::sample::select(&PIECES[..])).prop_map(|(at, piece)| Change::Insert(at, piece)),
        (at(), 1..=255_u8).prop_map(|(at, bits)| Change::Flip(at, bits)),
        (at(), 1..200_usize).prop_map(|(at, length)| Change::Repeat(at, length)),
    ];
    prop::collection::vec(one, 1..6)
}

fn changed(text: &str, changes: &[Change]) -> Vec<u8> {
    let mut octets = text.as_bytes().to_vec();
    for change in changes {
        let length = octets.len();
        if length == 0 {
            break;
        }
        match change {
            Change::Cut(at) => octets.truncate(at.index(length)),
            Change::Remove(at, count) => {
                let at = at.index(length);
                octets.drain(at..(at + count).min(length));
            }
            Change::Insert(at, piece) => {
                let at = at.index(length);
                octets.splice(at..at, piece.bytes());
            }
            Change::Flip(at, bits) => octets[at.index(length)] ^= bits,
            Change::Repeat(at, count) => {
                let at = at.index(length);
                let part = octets[at..(at + count).min(length)].to_vec();
                octets.splice(at..at, part);
            }
        }
    }
    octets
}

/// Reads octets in every form.
fn hold(octets: &[u8]) {
    for form in FORMS.into_iter().chain([Format::Auto]) {
        carrier::hold(form, octets);
    }
}

/// Failures are kept for the next runs.
fn settings() -> ProptestConfig {
    let kept = FileFailurePersistence::Direct("proptest-regressions/carriers.txt");
    ProptestConfig { cases: 300, failure_persistence: Some(Box::new(kept)), ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(settings())]

    #[test]
    fn changed_carriers_keep_their_word(which in any::<prop::sample::Index>(), changes in changes()) {
        let cases = cases();
        let octets = changed(&cases[which.index(cases.len())].1, &changes);
        hold(&octets);
    }

    #[test]
    fn scraps_keep_their_word(scraps in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..60)) {
        let text = scraps.concat();
        hold(text.as_bytes());
    }
}

#[test]
fn sound_carriers_keep_their_word_in_every_form() {
    for (_, text, _) in cases() {
        hold(text.as_bytes());
    }
}
