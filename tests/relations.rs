//! Who issued whom and in which order, on chains made for one question each:
//! several candidates of one name, keys that are used again, files in disorder.

use std::collections::BTreeMap;

use pemlint::corpus::Key;
use pemlint::facts::{Bundle, Certificate};
use pemlint::issue::{Description, Extension, Name, SignatureAlgorithm, Validity};
use pemlint::relations::relate;
use time::macros::datetime;

/// A certificate to make.
#[derive(Clone, Copy)]
struct Made {
    subject: &'static str,
    issuer: &'static str,
    key: Key,
    signer: Key,
    /// Its subjectKeyIdentifier, if it has one.
    identifier: Option<&'static [u8]>,
    /// Its authorityKeyIdentifier, if it has one.
    wanted: Option<&'static [u8]>,
    serial: u8,
}

/// A CA certificate without key identifiers.
fn made(subject: &'static str, key: Key, issuer: &'static str, signer: Key) -> Made {
    Made { subject, issuer, key, signer, identifier: None, wanted: None, serial: 1 }
}

impl Made {
    fn der(self) -> Vec<u8> {
        let mut extensions = vec![Extension::basic_constraints(true, None)];
        extensions.extend(self.identifier.map(Extension::subject_key_identifier));
        extensions.extend(self.wanted.map(Extension::authority_key_identifier));
        let description = Description {
            version: 3,
            serial_number: vec![self.serial],
            issuer: Name::common(self.issuer),
            validity: Validity::between(datetime!(2026-01-01 00:00 UTC), datetime!(2027-01-01 00:00 UTC)),
            subject: Name::common(self.subject),
            public_key: self.key.private().public_key().to_vec(),
            extensions,
            signature_algorithm: SignatureAlgorithm::usual(self.signer.private()),
            inner_signature_algorithm: None,
            raw: BTreeMap::new(),
        };
        description.sign(self.signer.private()).expect("the key signs").der().to_vec()
    }
}

/// Relates certificates, each in the file of that number.
fn related<T>(made: &[Made], files: &[usize], look: impl FnOnce(&Bundle<'_>) -> T) -> T {
    let ders: Vec<Vec<u8>> = made.iter().map(|made| made.der()).collect();
    look(&relate(ders.iter().map(|der| Certificate::read(der)).collect(), files, false))
}

/// Issuers of the first certificate, best first, and the issuer of its link.
fn issuers_of_first(made: &[Made]) -> (Vec<usize>, Option<usize>) {
    related(made, &vec![0; made.len()], |bundle| {
        let link = bundle.links.iter().find(|link| link.child == 0);
        (bundle.standings[0].issuers.clone(), link.map(|link| link.issuer))
    })
}

/// Order and first certificate out of order.
fn order(made: &[Made], files: &[usize]) -> (&'static str, Option<usize>) {
    related(made, files, |bundle| (bundle.order, bundle.first_out_of_order))
}

/// A root, and three below it, each issued by the one before.
fn line() -> [Made; 4] {
    [
        made("A", Key::P256A, "A", Key::P256A),
        made("B", Key::P256B, "A", Key::P256A),
        made("C", Key::P256C, "B", Key::P256B),
        made("D", Key::P256D, "C", Key::P256C),
    ]
}

#[test]
fn certificates_without_a_link_have_no_order() {
    let [root, ..] = line();
    let stranger = made("S", Key::P384, "T", Key::P384);
    assert_eq!(order(&[root, stranger], &[0, 0]), ("none", None));
}

#[test]
fn the_order_is_that_of_all_links() {
    let [a, b, c, d] = line();
    assert_eq!(order(&[a, b, c, d], &[0; 4]), ("root-first", Some(0)));
    assert_eq!(order(&[d, c, b, a], &[0; 4]), ("leaf-first", Some(0)));
}

#[test]
fn the_first_out_of_order_is_that_which_most_links_contradict() {
    let [a, b, c, d] = line();
    assert_eq!(order(&[c, d, b, a], &[0; 4]), ("mixed", Some(1)), "one link of three has its issuer first");
    assert_eq!(
        order(&[a, b, d, c], &[0; 4]),
        ("mixed", Some(2)),
        "two links of three have their issuer first"
    );
    assert_eq!(order(&[b, a, c], &[0; 3]), ("mixed", Some(0)), "as many links of each counts as root first");
}

#[test]
fn order_counts_within_a_file_only() {
    let [a, b, c, _] = line();
    assert_eq!(order(&[a, b], &[0, 1]), ("none", None));
    assert_eq!(order(&[b, a, c], &[0, 0, 1]), ("leaf-first", Some(0)));
}

#[test]
fn candidates_whose_key_verifies_the_signature_are_issuers_and_others_are_not() {
    let child = made("child", Key::P256D, "CA", Key::P256A);
    let right = made("CA", Key::P256A, "CA", Key::P256A);
    let renewed = Made { serial: 2, ..right };
    let wrong = made("CA", Key::P256B, "CA", Key::P256B);
    assert_eq!(issuers_of_first(&[child, right]), (vec![1], Some(1)));
    assert_eq!(issuers_of_first(&[child, wrong, right]), (vec![2], Some(2)));
    assert_eq!(issuers_of_first(&[child, right, wrong, renewed]), (vec![1, 3], Some(1)));
    assert_eq!(
        issuers_of_first(&[child, wrong]),
        (vec![1], Some(1)),
        "the only one, though its key is another"
    );
}

#[test]
fn among_keys_that_verify_the_wanted_identifier_decides_then_the_file() {
    let child = made("child", Key::P256D, "CA", Key::P256A);
    let with = |identifier, serial| Made { identifier, serial, ..made("CA", Key::P256A, "CA", Key::P256A) };
    let (one, two, none) = (with(Some(b"one"), 1), with(Some(b"two"), 2), with(None, 3));
    let wants_two = Made { wanted: Some(b"two"), ..child };
    assert_eq!(issuers_of_first(&[wants_two, one, two, none]), (vec![2, 1, 3], Some(2)));
    assert_eq!(issuers_of_first(&[child, one, none, two]), (vec![1, 2, 3], Some(1)));
}

#[test]
fn a_certificate_is_no_issuer_of_itself_where_another_is_preferred() {
    let first = made("CA", Key::P256A, "CA", Key::P256A);
    let asks_for_other = Made { identifier: Some(b"one"), wanted: Some(b"two"), ..first };
    let other = Made { identifier: Some(b"two"), serial: 2, ..first };
    assert_eq!(issuers_of_first(&[first, other]), (vec![], Some(0)), "itself comes first among equals");
    assert_eq!(issuers_of_first(&[asks_for_other, other]), (vec![1], Some(1)));
    let rolled = made("CA", Key::P256B, "CA", Key::P256A);
    assert_eq!(issuers_of_first(&[rolled, first]), (vec![1], Some(1)), "the new key signed with the old one");
}
