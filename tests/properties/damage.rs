//! Every committed fixture cut off, begun late, or with one bit turned round: nothing panics, every BEGIN stays a block,
//! and no certificate is lost whose own octets were left alone. Places are drawn with a fixed seed.

use std::ops::Range;

use pemlint::input::{Input, pem};
use pemlint::source::Source;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use crate::edits::FIXTURES;
use crate::run::{check_octets, given, report, settings};

/// Damages of each kind that every fixture gets.
const EACH: usize = 16;

/// Damages after which every fixture is checked by all rules too.
const CHECKED: usize = 1;

/// What happens to the octets of a file.
#[derive(Clone, Copy, Debug)]
enum Damage {
    /// The file ends at a place.
    Prefix,
    /// The file begins at a place.
    Suffix,
    /// A bit of the octet at a place is turned round.
    Bit(u32),
}

impl Damage {
    fn apply(self, octets: &[u8], at: usize) -> Vec<u8> {
        match self {
            Self::Prefix => octets[..at].to_vec(),
            Self::Suffix => octets[at..].to_vec(),
            Self::Bit(bit) => {
                let mut octets = octets.to_vec();
                octets[at] ^= 1 << bit;
                octets
            }
        }
    }

    /// Whether it leaves these octets alone.
    fn spares(self, octets: &Range<usize>, at: usize) -> bool {
        match self {
            Self::Prefix => octets.end <= at,
            Self::Suffix => octets.start >= at,
            Self::Bit(_) => !octets.contains(&at),
        }
    }
}

/// The certificates of a file in PEM: where the whole block stands, and the octets it holds.
fn certificates(octets: &[u8]) -> Vec<(Range<usize>, Vec<u8>)> {
    let input = Input::read(Source::new("any.pem", octets.to_vec()));
    let one = |block| {
        let der = input.certificate(block)?;
        block.armour.as_ref()?.end.as_ref()?;
        Some((input.whole_of(block)?, der.to_vec()))
    };
    input.blocks.iter().filter_map(one).collect()
}

/// Fails where a certificate that the damage spares is not read any more, or not in its place among the others.
fn loses_nothing(name: &str, octets: &[u8], damage: Damage, at: usize) {
    let damaged = damage.apply(octets, at);
    let read = Input::read(Source::new("any.pem", damaged.clone()));
    let boundaries = pem::count(&damaged);
    let blocks = read.blocks.len();
    assert!(blocks >= boundaries, "{name}: {damage:?} at {at}");
    let mut ders = read.blocks.iter().filter_map(|block| read.certificate(block));
    let is_utf8 = Input::read(Source::new("any.pem", octets.to_vec())).source.original.is_none();
    // Of other encodings the places count octets of the decoded text, and half a character may be left.
    for (place, der) in certificates(octets).into_iter().filter(|_| is_utf8) {
        if damage.spares(&place, at) {
            assert!(ders.any(|read| read == der), "{name}: {damage:?} at {at} loses the block at {place:?}");
        }
    }
}

#[test]
fn no_damage_of_any_fixture_loses_a_certificate_that_it_spares() {
    let mut runner = TestRunner::new_with_rng(settings(1), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let place = (any::<Index>(), 0..8_u32);
    let mut draw = || place.new_tree(&mut runner).expect("nothing is refused").current();
    for (name, octets) in FIXTURES.iter().filter(|(_, octets)| !octets.is_empty()) {
        for number in 0..EACH {
            let (at, bit) = draw();
            let at = at.index(octets.len());
            for damage in [Damage::Prefix, Damage::Suffix, Damage::Bit(bit)] {
                loses_nothing(name, octets, damage, at);
                if number < CHECKED {
                    let octets = damage.apply(octets, at);
                    report(&given([("any.pem", &octets)]), "rfc5280");
                }
            }
        }
    }
}

/// Every place of boundaries, where a bit turned round does most: the lines that begin and end each certificate, and the
/// line ends around them.
#[test]
fn no_bit_of_a_boundary_loses_another_certificate() {
    let several = FIXTURES.iter().filter(|(_, octets)| certificates(octets).len() > 1);
    for (name, octets) in several.step_by(12) {
        let lines = certificates(octets).into_iter().flat_map(|(place, _)| {
            [place.start.saturating_sub(2)..place.start + 28, place.end - 26..place.end + 2]
        });
        for at in lines.flatten().filter(|at| *at < octets.len()) {
            for bit in 0..8 {
                loses_nothing(name, octets, Damage::Bit(bit), at);
            }
        }
    }
}

#[test]
fn regressions_are_read_and_checked() {
    let kept: Vec<_> = FIXTURES.iter().filter(|(name, _)| name.contains("fixtures/regressions/")).collect();
    assert!(!kept.is_empty(), "no regressions are kept");
    for (name, octets) in kept {
        check_octets(octets);
        loses_nothing(name, octets, Damage::Prefix, octets.len() / 2);
    }
}
