//! Files with any octet changed or cut off are read to an end: opened, or refused
//! with a reason. Nothing panics, and nothing takes long.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use pemlint::input::pkcs12;
use pemlint::input::{Options, Password};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::asked::read;

const FILES: [&str; 12] = [
    "camellia.p12",
    "certificates.p12",
    "empty-password.p12",
    "encrypted-camellia.pem",
    "encrypted-scrypt.pem",
    "keystore.jceks",
    "keystore.jks",
    "keytool.p12",
    "legacy.p12",
    "modern.p12",
    "pbmac1.p12",
    "without-mac.p12",
];

fn octets(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/containers");
    fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Reads a damaged file; the time is for a machine that has other things to do.
fn read_to_an_end(what: &str, octets: &[u8]) {
    let start = Instant::now();
    let input = read(octets, &["pemlint"]);
    drop(format!("{input:?}"));
    assert!(start.elapsed() < Duration::from_secs(60), "{what} took {:?}", start.elapsed());
}

#[test]
fn no_cut_does_harm() {
    for name in FILES {
        let whole = octets(name);
        for length in (0..whole.len()).step_by(7) {
            read_to_an_end(&format!("{name}, {length} octets"), &whole[..length]);
        }
    }
}

/// A content that was changed does not pass for whole where the file has a MAC.
#[test]
fn a_mac_finds_every_changed_bit() {
    let whole = octets("certificates.p12");
    let content = 40..whole.len() - 80;
    for at in content.step_by(5) {
        let mut changed = whole.clone();
        changed[at] ^= 1 << (at % 8);
        let password = Password::new(b"pemlint".to_vec());
        assert!(pkcs12::open(&changed, Some(&password)).is_err(), "octet {at}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_flipped_bit_does_harm(
        which in any::<Index>(),
        flips in prop::collection::vec((any::<Index>(), 0..8_u32), 1..4),
    ) {
        let name = which.get(&FILES);
        let mut octets = octets(name);
        for (at, bit) in &flips {
            let at = at.index(octets.len());
            octets[at] ^= 1 << bit;
        }
        read_to_an_end(&format!("{name}, {flips:?}"), &octets);
    }

    #[test]
    fn no_octets_behind_a_good_beginning_do_harm(
        which in any::<Index>(),
        kept in any::<Index>(),
        more in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let name = which.get(&FILES);
        let whole = octets(name);
        let octets = [&whole[..kept.index(whole.len())], &more].concat();
        read_to_an_end(&format!("{name}, {} octets kept, then {more:?}", kept.index(whole.len())), &octets);
    }
}

#[test]
fn options_without_passwords_are_the_default() {
    assert!(Options::default().passwords.is_empty());
}
