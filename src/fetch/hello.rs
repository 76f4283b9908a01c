//! The first messages of TLS 1.2 and before, read in the clear: a ClientHello with
//! everything that a server may want, answered by its certificates. No keys are
//! agreed on and nothing is decrypted, so it works where rustls has to give up:
//! old versions and algorithms, and chains larger than 64 KiB.

use super::alert::UNRECOGNIZED_NAME;
use super::failure::Failure;
use super::guess::Guess;
use super::wire::Wire;
use super::{Presented, Request};
use crate::limits;

/// Signature schemes (RFC 8446, 4.2.3): those of OpenSSL 3.5 in its order without
/// post-quantum ones, then what only old servers sign with.
pub(super) const SIGNATURE_SCHEMES: [u16; 27] = [
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x081a, 0x081b, 0x081c, 0x0809, 0x080a, 0x080b, 0x0804, 0x0805,
    0x0806, 0x0401, 0x0501, 0x0601, 0x0303, 0x0301, 0x0302, 0x0402, 0x0502, 0x0602, 0x0203, 0x0201, 0x0202,
    0x0101,
];

/// Cipher suites whose servers have a certificate, newest first, up to those that
/// nobody should use any more: none will be used here.
const CIPHER_SUITES: [u16; 76] = [
    0xc02c, 0xc030, 0x009f, 0xcca9, 0xcca8, 0xccaa, 0xc02b, 0xc02f, 0x009e, 0xc0ad, 0xc0ac, 0xc024, 0xc028,
    0x006b, 0xc023, 0xc027, 0x0067, 0xc00a, 0xc014, 0x0039, 0xc009, 0xc013, 0x0033, 0x009d, 0x009c, 0xc09d,
    0xc09c, 0x003d, 0x003c, 0x0035, 0x002f, 0xc0af, 0xc0ae, 0xc073, 0xc077, 0x00c4, 0xc072, 0xc076, 0x00be,
    0x0088, 0x0045, 0x00c0, 0x00ba, 0x0084, 0x0041, 0xc05d, 0xc061, 0xc053, 0xc05c, 0xc060, 0xc052, 0xc051,
    0xc050, 0x00a3, 0x00a2, 0x006a, 0x0040, 0x0038, 0x0032, 0xc02e, 0xc032, 0xc02d, 0xc031, 0xc005, 0xc00f,
    0xc004, 0xc00e, 0xc008, 0xc012, 0x0016, 0x0013, 0x000a, 0x0096, 0xc011, 0x0005, 0x0004,
];

/// Says that secure renegotiation is understood (RFC 5746); some servers insist.
const RENEGOTIATION_INFO_SCSV: u16 = 0x00ff;

/// Groups: X25519, X448, the curves of NIST and brainpool, and secp256k1.
const GROUPS: [u16; 10] = [29, 23, 30, 24, 25, 26, 27, 28, 22, 21];

const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
const CERTIFICATE: u8 = 11;
const CERTIFICATE_REQUEST: u8 = 13;
const SERVER_HELLO_DONE: u8 = 14;

/// Largest record with room for what protection adds (RFC 5246, 6.2.3).
const RECORD: usize = (1 << 14) + 2048;

/// Sends a ClientHello and reads up to the certificates.
pub(super) fn run(wire: &mut Wire, request: &Request) -> Result<Presented, Failure> {
    let name = match &request.server_name {
        Some(name) => Some(name.as_str()),
        None => (!request.server.is_address()).then(|| request.server.identity()),
    };
    wire.send(&client_hello(name.map(|name| name.trim_end_matches('.'))))?;
    let mut messages = Messages { wire, buffer: Vec::new() };
    loop {
        let (kind, body) = messages.next()?;
        match kind {
            CERTIFICATE => {
                // A close_notify: nothing follows.
                let _ = messages.wire.send(&[ALERT, 3, 1, 0, 2, 1, 0]);
                let chain = chain(&body).ok_or_else(|| Failure::Handshake {
                    reason: "the lengths in its Certificate message do not fit".into(),
                })?;
                return if chain.is_empty() {
                    Err(Failure::NoCertificate)
                } else {
                    Ok(Presented { chain, remarks: Vec::new() })
                };
            }
            CERTIFICATE_REQUEST | SERVER_HELLO_DONE => return Err(Failure::NoCertificate),
            _ => {}
        }
    }
}

/// Handshake messages, put together from records.
struct Messages<'w> {
    wire: &'w mut Wire,
    buffer: Vec<u8>,
}

impl Messages<'_> {
    fn next(&mut self) -> Result<(u8, Vec<u8>), Failure> {
        loop {
            if let [kind, high, middle, low, ..] = *self.buffer.as_slice() {
                let length = usize::from(high) << 16 | usize::from(middle) << 8 | usize::from(low);
                if length > limits::PRESENTED_OCTETS {
                    let reason =
                        format!("a message of the server is larger than {} octets", limits::PRESENTED_OCTETS);
                    return Err(Failure::Handshake { reason });
                }
                if self.buffer.len() >= 4 + length {
                    let rest = self.buffer.split_off(4 + length);
                    let message = std::mem::replace(&mut self.buffer, rest);
                    return Ok((kind, message[4..].to_vec()));
                }
            }
            self.read_record()?;
        }
    }

    fn read_record(&mut self) -> Result<(), Failure> {
        let mut header = [0; 5];
        self.wire.receive(&mut header)?;
        let length = usize::from(u16::from_be_bytes([header[3], header[4]]));
        if let Some(guess) = Guess::of(self.wire.began()) {
            return Err(Failure::NotTls(guess));
        }
        if length > RECORD {
            return Err(Failure::Handshake { reason: "a record is larger than TLS allows".into() });
        }
        let mut content = vec![0; length];
        self.wire.receive(&mut content)?;
        match (header[0], content.as_slice()) {
            (HANDSHAKE, _) => self.buffer.append(&mut content),
            // Level 1 is a warning.
            (ALERT, [1, UNRECOGNIZED_NAME, ..]) => {}
            (ALERT, [_, alert, ..]) => return Err(Failure::Alert(*alert)),
            _ => return Err(Failure::Handshake { reason: "a record that does not belong there".into() }),
        }
        Ok(())
    }
}

/// The certificates of a Certificate message; `None` where lengths do not fit.
fn chain(body: &[u8]) -> Option<Vec<Vec<u8>>> {
    let (list, rest) = counted(body)?;
    let mut chain = Vec::new();
    let mut list = rest.is_empty().then_some(list)?;
    while !list.is_empty() {
        let (certificate, rest) = counted(list)?;
        chain.push(certificate.to_vec());
        list = rest;
    }
    Some(chain)
}

/// Octets behind a length of three octets, and what follows them.
fn counted(octets: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = octets.split_first_chunk::<3>()?;
    let length = usize::from(length[0]) << 16 | usize::from(length[1]) << 8 | usize::from(length[2]);
    rest.split_at_checked(length)
}

/// A ClientHello of TLS 1.2 in one record.
fn client_hello(name: Option<&str>) -> Vec<u8> {
    let mut extensions = Vec::new();
    if let Some(name) = name {
        let host = [&[0][..], &with_length(name.as_bytes())].concat();
        extensions.extend(extension(0, &with_length(&host)));
    }
    extensions.extend(extension(10, &with_length(&numbers(&GROUPS))));
    // Uncompressed points.
    extensions.extend(extension(11, &[1, 0]));
    extensions.extend(extension(13, &with_length(&numbers(&SIGNATURE_SCHEMES))));
    // Extended master secret.
    extensions.extend(extension(23, &[]));
    let mut suites = numbers(&CIPHER_SUITES);
    suites.extend(RENEGOTIATION_INFO_SCSV.to_be_bytes());
    // The random is never used: no keys are made from it.
    let body =
        [&[3, 3][..], &[0x5a; 32], &[0], &with_length(&suites), &[1, 0], &with_length(&extensions)].concat();
    let message = [&[1, 0][..], &with_length(&body)].concat();
    [&[HANDSHAKE, 3, 1][..], &with_length(&message)].concat()
}

fn extension(number: u16, content: &[u8]) -> Vec<u8> {
    [&number.to_be_bytes()[..], &with_length(content)].concat()
}

fn numbers(list: &[u16]) -> Vec<u8> {
    list.iter().flat_map(|number| number.to_be_bytes()).collect()
}

/// Octets behind their length of two octets. A ClientHello stays far below 64 KiB: a
/// host name has at most 255 octets where it could be looked up.
fn with_length(octets: &[u8]) -> Vec<u8> {
    let octets = &octets[..octets.len().min(usize::from(u16::MAX))];
    let length = u16::try_from(octets.len()).unwrap_or(u16::MAX);
    [&length.to_be_bytes()[..], octets].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_certificates_is_taken_apart() {
        assert_eq!(chain(&[0, 0, 0]), Some(Vec::new()));
        assert_eq!(chain(&[0, 0, 9, 0, 0, 1, 7, 0, 0, 2, 8, 9]), Some(vec![vec![7], vec![8, 9]]));
        for wrong in [&[0, 0][..], &[0, 0, 1], &[0, 0, 0, 0], &[0, 0, 4, 0, 0, 2, 7], &[0, 0, 1, 0]] {
            assert_eq!(chain(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn no_number_is_offered_twice() {
        for list in [&CIPHER_SUITES[..], &SIGNATURE_SCHEMES, &GROUPS] {
            let distinct: std::collections::BTreeSet<&u16> = list.iter().collect();
            assert_eq!(distinct.len(), list.len());
        }
    }
}
