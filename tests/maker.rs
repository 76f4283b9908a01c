//! Every kind of certificate that the maker is for: each is made, and read back by our own reader and by OpenSSL.

#[path = "maker/kind.rs"]
mod kind;
#[path = "maker/openssl.rs"]
mod openssl;
#[path = "maker/signatures.rs"]
mod signatures;
#[path = "maker/structure.rs"]
mod structure;

use std::collections::BTreeSet;

use pemlint::facts::Certificate;
use pemlint::issue::Maker;

use kind::Kind;

fn kinds() -> Vec<Kind> {
    structure::kinds()
}

#[test]
fn names_are_unique() {
    let names: BTreeSet<&str> = kinds().iter().map(|kind| kind.name).collect();
    assert_eq!(names.len(), kinds().len());
}

#[test]
fn every_kind_reads_back() {
    let wrong = |kind: &Kind| {
        let octets = kind.octets();
        let read = Certificate::read(&octets);
        (!(kind.is_told)(&read)).then_some(kind.name)
    };
    let wrong: Vec<&str> = kinds().iter().filter_map(wrong).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn openssl_reads_every_kind_or_refuses_it() {
    let mut wrong = Vec::new();
    for kind in kinds() {
        let octets = kind.octets();
        match (kind.printed, openssl::x509(&octets)) {
            (Some(text), Some(printed)) if printed.contains(text) => {}
            (None, None) => {}
            (text, printed) => wrong.push(format!("{}: wants {text:?}, got {printed:?}", kind.name)),
        }
        let walked = openssl::asn1parse(&octets);
        if !walked.contains(kind.walked) {
            wrong.push(format!("{}: wants {:?}, got {walked}", kind.name, kind.walked));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_library_makes_what_it_can_and_the_writer_the_rest() {
    let mut wrong = Vec::new();
    for Kind { name, maker, member, .. } in kinds() {
        if member.description.maker() != maker {
            wrong.push(name);
        }
        let key = member.signer.private();
        let (signed, written) = (member.description.sign(key), member.description.write(key));
        assert_eq!(signed, written, "{name}");
    }
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(kinds().iter().any(|kind| kind.maker == Maker::Library));
}

#[test]
fn the_same_kind_has_the_same_octets_every_time() {
    for (once, again) in kinds().iter().zip(kinds()) {
        assert_eq!(once.octets(), again.octets(), "{}", once.name);
    }
}
