//! Base64 without armour: of DER or of PEM, as Kubernetes, JSON Web Keys and Windows' export write it.

use zeroize::Zeroizing;

use crate::der::{Reader, tag};
use crate::input::pem;
use crate::limits;

/// What a text of nothing but base64 encodes, where that is PEM or one element of DER.
pub(in crate::input) fn decoded(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text).trim_ascii();
    if text.len() < limits::VALUE_OCTETS_LEAST || !text[..8].iter().all(|octet| is_symbol(*octet)) {
        return None;
    }
    // A look at the start spares a long text of another kind.
    let mut start = Zeroizing::new(Vec::new());
    let first = text.get(..96).unwrap_or(text);
    let first = &first[..first.iter().take_while(|octet| is_symbol(**octet)).count()];
    pem::decode(&first[..first.len() / 4 * 4], 0, &mut start).ok()?;
    if start.first() != Some(&0x30)
        && std::str::from_utf8(&start).map_or_else(|e| e.valid_up_to(), str::len) + 4 < start.len()
    {
        return None;
    }
    let mut octets = Zeroizing::new(Vec::with_capacity(text.len() / 4 * 3 + 3));
    pem::decode(text, 0, &mut octets).ok()?;
    (is_element(&octets) || super::may_hold(&octets)).then_some(octets)
}

fn is_symbol(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/')
}

/// Whether octets are one SEQUENCE and nothing else.
pub(in crate::input) fn is_element(octets: &[u8]) -> bool {
    let mut reader = Reader::new(octets, 0, "");
    reader.expect(tag::SEQUENCE).is_ok() && reader.is_empty()
}
