//! What must hold of any octets read as a container or as an encrypted key: they
//! are opened or refused with a reason, within their budget, and nothing that
//! came out is shown.

use pemlint::input::locked::{Budget, Fault, Opener, encrypted_key};
use pemlint::input::pkcs12::{self, ItemContent};
use pemlint::input::{Password, Passwords};

/// Rounds that one input of a fuzzer may take; those of the fixtures take less.
const STEPS: u64 = 200_000;

fn passwords() -> Passwords {
    ["pemlint", "Zürich"].into_iter().map(|text| Password::new(text.into())).collect()
}

/// Reads octets as a PKCS#12 file.
pub(crate) fn hold_container(bytes: &[u8]) {
    let passwords = passwords();
    let mut opener = Opener { passwords: &passwords, budget: Budget::of(STEPS) };
    let opened = pkcs12::open_with(bytes, &mut opener);
    reasons_are_told(opened.as_ref().err());
    for item in opened.iter().flat_map(|opened| &opened.items) {
        match &item.content {
            ItemContent::Certificate(der) => assert!(der.len() <= bytes.len(), "more came out than was in"),
            ItemContent::Key(der, _) => assert!(der.len() <= bytes.len(), "more came out than was in"),
            ItemContent::LockedKey(fault) => reasons_are_told(Some(fault)),
        }
        assert!(format!("{item:?}").len() < 1_000 + bytes.len() * 6, "an item is shown at length");
    }
}

/// Reads octets as an encrypted key in PKCS#8, and as one below the headers of PEM.
pub(crate) fn hold_key(bytes: &[u8]) {
    let passwords = passwords();
    let mut opener = Opener { passwords: &passwords, budget: Budget::of(STEPS) };
    let opened = encrypted_key::pkcs8(bytes, &mut opener);
    reasons_are_told(opened.as_ref().err());
    let blank = memchr::memmem::find(bytes, b"\n\n").map_or(bytes.len(), |at| at + 2);
    let opened = encrypted_key::legacy(&bytes[..blank], &bytes[blank..], &mut opener);
    reasons_are_told(opened.as_ref().err());
}

/// A reason is a line of text without any of the octets.
fn reasons_are_told(fault: Option<&Fault>) {
    let Some(fault) = fault else { return };
    let text = fault.to_string();
    let is_line = !text.is_empty() && text.len() < 200 && !text.contains(|c: char| c.is_control());
    assert!(is_line && text.is_ascii(), "{text:?}");
}
