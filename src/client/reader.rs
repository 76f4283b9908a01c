//! What programs make of a file with certificates: how many of those that a person sees in it they load, and what they
//! say where they refuse it. Each reads PEM in its own way, which is why a file that one takes fails with another.

use std::borrow::Cow;

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::{self, PemObject as _};

use super::openssl::{Version, is_parsed};
use super::trust_file::{Blocks, Body, Fault, Seen};
use crate::der::{Reader as Der, tag};
use crate::facts::Certificate;

/// A program that reads a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Python's `ssl`: `load_verify_locations(cafile=…)`, as `create_default_context(cafile=…)`, requests and curl do.
    PythonCafile,
    /// Python's `ssl`: `load_verify_locations(cadata=…)` with the text of the file.
    PythonCadata,
    /// `openssl x509`, which shows the first certificate that it can read, whatever the others are.
    OpensslX509,
    /// Applications with rustls: `CertificateDer::pem_slice_iter`, where one fault refuses all.
    Rustls,
}

/// What a reader makes of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The reader.
    pub reader: Reader,
    /// How many different certificates it loads.
    pub loads: usize,
    /// What it says where it refuses the file or a part of it.
    pub error: Option<Cow<'static, str>>,
}

impl Reader {
    /// All readers.
    pub const ALL: [Self; 4] = [Self::PythonCafile, Self::PythonCadata, Self::OpensslX509, Self::Rustls];

    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PythonCafile => "python-cafile",
            Self::PythonCadata => "python-cadata",
            Self::OpensslX509 => "openssl-x509",
            Self::Rustls => "rustls",
        }
    }

    /// What it is called in a sentence.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::PythonCafile => "Python (cafile=)",
            Self::PythonCadata => "Python (cadata=)",
            Self::OpensslX509 => "openssl x509",
            Self::Rustls => "rustls",
        }
    }

    /// What it makes of the octets of a file.
    #[must_use]
    pub fn read(self, octets: &[u8]) -> Reading {
        let (loaded, error) = match self {
            Self::PythonCafile => cafile(octets),
            Self::PythonCadata => cadata(octets),
            Self::OpensslX509 => openssl_x509(octets),
            Self::Rustls => rustls(octets),
        };
        Reading { reader: self, loads: loaded.len(), error }
    }
}

/// Certificates, each once, and an error.
type Loaded = (Vec<Vec<u8>>, Option<Cow<'static, str>>);

const BROKEN: &str = "[X509] PEM lib";
const NOTHING: &str = "[X509: NO_CERTIFICATE_OR_CRL_FOUND] no certificate or crl found";

/// `X509_load_cert_crl_file` of OpenSSL: one fault refuses all.
fn cafile(octets: &[u8]) -> Loaded {
    let mut loaded = Vec::new();
    for (block, body) in Blocks::of_file(octets) {
        let Some(body) = body.ok().filter(|body| body.is_read(block.label)) else {
            return (Vec::new(), Some(BROKEN.into()));
        };
        if block.label == b"X509 CRL" {
            if body.octets().is_some_and(|octets| !is_revocation_list(&octets)) {
                return (Vec::new(), Some(BROKEN.into()));
            }
        } else if is_certificate(block.label) {
            let is_trusted = block.label == b"TRUSTED CERTIFICATE";
            match certificate(&body, is_trusted) {
                Some(certificate) => keep(&mut loaded, certificate),
                None => return (Vec::new(), Some(BROKEN.into())),
            }
        }
    }
    let error = loaded.is_empty().then_some(NOTHING.into());
    (loaded, error)
}

/// `_add_ca_certs` of Python's `_ssl.c`: `PEM_read_bio_X509` until it fails. What was loaded before a fault stays.
fn cadata(octets: &[u8]) -> Loaded {
    let Ok(text) = std::str::from_utf8(octets) else {
        return (Vec::new(), Some("the file is no UTF-8 text, which cadata= must be".into()));
    };
    if !text.is_ascii() {
        return (Vec::new(), Some("cadata should be an ASCII string or a bytes-like object".into()));
    }
    if text.is_empty() {
        return (Vec::new(), Some("Empty certificate data".into()));
    }
    let mut loaded = Vec::new();
    let mut fault = None;
    for (block, body) in Blocks::of_memory(octets) {
        let is_skipped = body.is_ok() && !is_asked_for(block);
        match body.map_err(Fault::reason).and_then(|body| asked_for(&body)) {
            _ if is_skipped => {}
            Ok(certificate) => keep(&mut loaded, certificate),
            Err(reason) => {
                fault = reason;
                break;
            }
        }
    }
    if loaded.is_empty() {
        fault = Some("no start line: cadata does not contain a certificate");
    }
    (loaded, fault.map(Cow::from))
}

/// The certificate of a block that `PEM_read_bio_X509` stops at, or what it says.
fn asked_for(body: &Body) -> Result<Vec<u8>, Option<&'static str>> {
    if body.has_header {
        return Err(Some("[PEM: NOT_PROC_TYPE] not proc type"));
    }
    certificate(body, false).ok_or(Some("[PEM] ASN1 lib"))
}

impl Fault {
    /// What Python says of it.
    fn reason(self) -> Option<&'static str> {
        match self {
            Self::EndLine => Some("[PEM: BAD_END_LINE] bad end line"),
            Self::Base64 => Some("[PEM: BAD_BASE64_DECODE] bad base64 decode"),
            Self::Silent => None,
        }
    }
}

/// `load_cert` of OpenSSL's programs through `OSSL_STORE`: the first certificate that can be read.
fn openssl_x509(octets: &[u8]) -> Loaded {
    let missing = || (Vec::new(), Some("Could not find certificate".into()));
    if octets.first() == Some(&0x30) {
        let facts = Certificate::read(octets);
        let whole = is_parsed(&facts, false, Version::V3_5).then(|| vec![octets.to_vec()]);
        return whole.map_or_else(missing, |whole| (whole, None));
    }
    let readable = Blocks::of_store(octets).find_map(|(block, body)| {
        let body = body.ok().filter(|_| is_certificate(block.label))?;
        certificate(&body, block.label == b"TRUSTED CERTIFICATE")
    });
    readable.map_or_else(missing, |found| (vec![found], None))
}

/// The reader of rustls itself.
fn rustls(octets: &[u8]) -> Loaded {
    let mut loaded = Vec::new();
    let octets = without_keys(octets);
    for found in CertificateDer::pem_slice_iter(&octets) {
        match found {
            Ok(certificate) => keep(&mut loaded, certificate.to_vec()),
            Err(error) => return (Vec::new(), Some(without_text(&error).into())),
        }
    }
    let error = loaded.is_empty().then_some("no items found".into());
    (loaded, error)
}

/// A text with other base64 text in private keys, as the reader of rustls decodes them to memory that nobody wipes.
fn without_keys(octets: &[u8]) -> Cow<'_, [u8]> {
    const LABEL: &[u8] = b"PRIVATE KEY-----";
    if memchr::memmem::find(octets, LABEL).is_none() {
        return octets.into();
    }
    let mut text = octets.to_vec();
    let labels: Vec<usize> = memchr::memmem::find_iter(octets, LABEL).map(|at| at + LABEL.len()).collect();
    for start in labels {
        for octet in text[start..].iter_mut().take_while(|octet| **octet != b'-') {
            if octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/') {
                *octet = b'A';
            }
        }
    }
    text.into()
}

/// An error of the reader of rustls without the line that it quotes, which may be a key.
fn without_text(error: &pem::Error) -> &'static str {
    match error {
        pem::Error::MissingSectionEnd { .. } => "missing section end marker",
        pem::Error::IllegalSectionStart { .. } => "illegal section start",
        pem::Error::Base64Decode(_) => "base64 decode error",
        pem::Error::NoItemsFound => "no items found",
        _ => "the file cannot be read",
    }
}

fn keep(loaded: &mut Vec<Vec<u8>>, certificate: Vec<u8>) {
    if !loaded.contains(&certificate) {
        loaded.push(certificate);
    }
}

fn is_certificate(label: &[u8]) -> bool {
    matches!(label, b"CERTIFICATE" | b"X509 CERTIFICATE" | b"TRUSTED CERTIFICATE")
}

/// Whether `PEM_read_bio_X509` stops at a block (`check_pem`); it passes over the others.
fn is_asked_for(block: Seen<'_>) -> bool {
    matches!(block.label, b"CERTIFICATE" | b"X509 CERTIFICATE")
}

/// DER of the certificate of a body, if OpenSSL parses it.
fn certificate(body: &Body, is_trusted: bool) -> Option<Vec<u8>> {
    let octets = body.octets()?;
    let facts = Certificate::read(&octets);
    is_parsed(&facts, is_trusted, Version::V3_5).then_some(())?;
    // What follows the certificate is no part of it.
    let whole = Der::new(&octets, 0, "certificate").expect(tag::SEQUENCE).ok()?;
    Some(whole.der.to_vec())
}

/// Whether octets are a CertificateList (RFC 5280, 5.1) as far as they can be told from a certificate: the time of the
/// list stands behind its issuer.
fn is_revocation_list(octets: &[u8]) -> bool {
    let inner = || {
        let outer = Der::new(octets, 0, "list").expect(tag::SEQUENCE).ok()?;
        let list = Der::of(&outer, "list").expect(tag::SEQUENCE).ok()?;
        let mut fields = Der::of(&list, "list");
        if fields.peek() == Some(tag::INTEGER) {
            fields.any().ok()?;
        }
        fields.expect(tag::SEQUENCE).ok()?;
        fields.expect(tag::SEQUENCE).ok()?;
        Some(matches!(fields.peek(), Some(tag::UTC_TIME | tag::GENERALIZED_TIME)))
    };
    inner().unwrap_or(false)
}
