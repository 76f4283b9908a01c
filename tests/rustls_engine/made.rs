//! Chains made for single questions: a root of each kind of key with a leaf below
//! it, a leaf whose signature is broken, and a chain as large as a handshake may be,
//! with a real handshake over memory to ask.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use pemlint::facts::Certificate;
use pemlint::input::Input;
use pemlint::issue::{Description, Extension, GeneralName, Name, PrivateKey, SignatureAlgorithm, Validity};
use pemlint::source::Source;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection};
use time::macros::datetime;

use super::{Given, INSTANT};

const HOST: &str = "www.good.example";

/// Keys of the roots.
const KEYS: &[&str] = &[
    "p256-a",
    "p384",
    "ed25519",
    "rsa-1024",
    "rsa-2047",
    "rsa-2048-a",
    "rsa-3072",
    "rsa-4096",
    "rsa-pss-2048",
];

fn key_text(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys").join(name);
    fs::read_to_string(path.with_extension("pem")).unwrap()
}

fn pem(der: &[u8]) -> String {
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}

fn input(ders: &[Vec<u8>]) -> Input {
    let text: String = ders.iter().map(|der| pem(der)).collect();
    Input::read(Source::new("made.pem", text.into_bytes()))
}

/// DER of a root and of a leaf below it; `padding` octets are added to the leaf's names.
fn pair(issuing: &str, padding: Option<usize>) -> [Vec<u8>; 2] {
    let (root_key, leaf_key) = (key_text(issuing), key_text("p256-b"));
    let root_key = PrivateKey::from_pem(&root_key).unwrap();
    let leaf_key = PrivateKey::from_pem(&leaf_key).unwrap();
    let describe = |subject: &str, key: &PrivateKey, extensions| Description {
        version: 3,
        serial_number: vec![0x41],
        issuer: Name::common("Root"),
        validity: Validity::between(datetime!(2026-06-01 00:00 UTC), datetime!(2027-06-01 00:00 UTC)),
        subject: Name::common(subject),
        public_key: key.public_key().to_vec(),
        extensions,
        signature_algorithm: SignatureAlgorithm::usual(&root_key),
        inner_signature_algorithm: None,
        raw: BTreeMap::new(),
    };
    let mut names = vec![GeneralName::Dns(HOST.to_owned())];
    names.extend(padding.map(|size| GeneralName::Uri("x".repeat(size))));
    let root = describe("Root", &root_key, vec![Extension::basic_constraints(true, None)]);
    let leaf = describe("leaf", &leaf_key, vec![Extension::subject_alt_name(&names)]);
    [root, leaf].map(|description| description.sign(&root_key).unwrap().der().to_vec())
}

fn given(name: &str, [root, leaf]: [Vec<u8>; 2]) -> Given {
    Given { name: name.to_owned(), store: input(&[root]), presented: input(&[leaf]), host: HOST.to_owned() }
}

/// For each key a root and a leaf that it has signed.
pub(crate) fn pairs() -> Vec<(&'static str, Given)> {
    KEYS.iter().map(|key| (*key, given(key, pair(key, None)))).collect()
}

/// The same certificates, with another signature on the first.
pub(crate) fn with_broken_leaf(presented: &[Certificate<'_>]) -> Input {
    let mut ders: Vec<Vec<u8>> = presented.iter().map(|sent| sent.octets.to_vec()).collect();
    *ders[0].last_mut().unwrap() ^= 1;
    input(&ders)
}

/// The same certificates with one octet changed, and where.
pub(crate) fn with_damage(presented: &[(Certificate<'_>, bool)], random: &mut u64) -> (Input, String) {
    let mut below = |end: usize| {
        *random ^= *random << 13;
        *random ^= *random >> 7;
        *random ^= *random << 17;
        usize::try_from((*random >> 11) % end as u64).unwrap()
    };
    let mut ders: Vec<Vec<u8>> = presented.iter().map(|(sent, _)| sent.octets.to_vec()).collect();
    let which = below(ders.len());
    let at = below(ders[which].len());
    ders[which][at] = u8::try_from(below(256)).unwrap();
    (input(&ders), format!("octet {at} of {which}"))
}

/// Size of a leaf with which the message of certificates is as large as rustls reads.
pub(crate) const LARGEST_LEAF: usize = 0xffff - (1 + 3) - (3 + 2);

/// A leaf of a size.
fn leaf_of(octets: usize) -> [Vec<u8>; 2] {
    let rough = pair("rsa-2048-a", Some(octets - 1_000));
    let exact = pair("rsa-2048-a", Some(2 * octets - 1_000 - rough[1].len()));
    assert_eq!(exact[1].len(), octets);
    exact
}

/// A chain of one leaf of a size, below a trusted root.
pub(crate) fn padded(octets: usize) -> Given {
    given("padded", leaf_of(octets))
}

#[derive(Debug)]
struct Recorded;

impl TimeProvider for Recorded {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(std::time::Duration::from_secs(INSTANT.cast_unsigned())))
    }
}

/// What a client says that is sent a leaf of a size, over memory.
pub(crate) fn handshake(octets: usize) -> String {
    let [root, leaf] = leaf_of(octets);
    let provider = Arc::new(default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(root)).unwrap();
    let client = ClientConfig::builder_with_details(Arc::clone(&provider), Arc::new(Recorded));
    let client = client.with_safe_default_protocol_versions().unwrap();
    let client = client.with_root_certificates(roots).with_no_client_auth();
    let key = PrivateKeyDer::from_pem_slice(key_text("p256-b").as_bytes()).unwrap();
    let server = ServerConfig::builder_with_provider(provider);
    let server = server.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let server = server.with_single_cert(vec![CertificateDer::from(leaf)], key).unwrap();
    let mut client = ClientConnection::new(Arc::new(client), ServerName::try_from(HOST).unwrap()).unwrap();
    let mut server = ServerConnection::new(Arc::new(server)).unwrap();
    while client.is_handshaking() || server.is_handshaking() {
        let mut wire = Vec::new();
        while client.wants_write() {
            client.write_tls(&mut wire).unwrap();
        }
        let mut left = &wire[..];
        while !left.is_empty() {
            server.read_tls(&mut left).unwrap();
            server.process_new_packets().unwrap();
        }
        let mut wire = Vec::new();
        while server.wants_write() {
            server.write_tls(&mut wire).unwrap();
        }
        let mut left = &wire[..];
        while !left.is_empty() {
            client.read_tls(&mut left).unwrap();
            if let Err(error) = client.process_new_packets() {
                return error.to_string();
            }
        }
    }
    "accepted".to_owned()
}
