//! rustls as it is: the chain goes through `rustls-webpki` itself, in process,
//! with the algorithms and the order of steps of rustls' own verifier of servers
//! (`WebPkiServerVerifier`). Only the words of rustls are written down here anew;
//! a test compares them with rustls 0.23.46. Pure: no clock, no files, no network.
//!
//! What differs from OpenSSL, and surprises most:
//! * An anchor is its subject, its key and its name constraints. Its validity
//!   period, basicConstraints, keyUsage and its own signature are not looked at;
//!   an expired root is trusted. It need not be self-signed.
//! * An anchor may be of version 1; every presented certificate must be of
//!   version 3. A critical extension that webpki does not know refuses a presented
//!   certificate and not an anchor; policies and issuerAltName are among those.
//! * Names of issuers are compared octet by octet: case and string type count.
//!   Key identifiers are not looked at.
//! * The host is looked for in the subjectAltName only, never in the common name.
//! * A certificate with cA TRUE is no server certificate, even if it is trusted;
//!   and an end-entity certificate in the trust file does not pin a server.
//! * keyUsage is ignored. extKeyUsage, where it is there, must name serverAuth on
//!   every presented certificate, authorities included; anyExtendedKeyUsage does
//!   not count.
//! * RSA keys of 2048 to 8192 bits verify; a smaller one shows as `BadSignature`.
//!   SHA-1 has no algorithm. The key of the leaf is not judged by its size.
//! * Name constraints of directory names refuse every certificate below them.
//! * At most 6 intermediates, 100 signatures, and 65,535 octets of certificates.

mod algorithms;
mod blame;
mod meaning;
mod text;

use std::time::Duration;

use rustls_pki_types::{CertificateDer, DnsName, ServerName, TrustAnchor, UnixTime};
use webpki::{EndEntityCert, anchor_from_trusted_cert};

use super::openssl::{Anchor, Host};
use super::{Error, Place, Stage, Verdict};
use crate::facts::Certificate;
use crate::limits;
use algorithms::Algorithms;
use blame::{Attempt, Blame};

pub use meaning::meaning;

/// Name of the client on the command line and in reports.
pub const NAME: &str = "rustls";

/// Version of rustls whose words the verdict carries.
pub const VERSION: &str = "0.23";

/// How an application reads its trust file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Loading {
    /// Certificates that webpki cannot parse are passed over
    /// (`RootCertStore::add_parsable_certificates`), as reqwest, hyper-rustls and
    /// ureq do with the certificates of the system and of `SSL_CERT_FILE`.
    #[default]
    Parsable,
    /// The first that webpki cannot parse refuses them all (`RootCertStore::add`),
    /// as applications do with a file of their own.
    Every,
}

/// All that the verification is told.
#[derive(Clone, Debug)]
pub struct Parameters {
    /// Seconds since 1970-01-01T00:00:00Z at which the client verifies.
    pub instant: i64,
    /// What is asked for; `None` checks no name, which rustls itself always does.
    pub host: Option<Host>,
    /// Whether the leaf is one that nobody has signed yet: its signature counts as
    /// made by whichever issuer it names, if that one's key could have made it.
    pub minted_leaf: bool,
    /// How the trust file is read.
    pub loading: Loading,
}

/// Verifies what a server presents, leaf first, against the certificates of a
/// trust file. rustls tells one error of the chain, the one it ranks highest; the
/// name of the host, which it looks at last, makes a second.
#[must_use]
pub fn verify(store: &[Anchor<'_>], presented: &[&Certificate<'_>], parameters: &Parameters) -> Verdict {
    let mut verdict = Verdict::default();
    let trusted: Vec<_> =
        store.iter().map(|anchor| CertificateDer::from(anchor.certificate.octets)).collect();
    let ready = load(store, &trusted, parameters.loading, &mut verdict).and_then(|anchors| {
        let name = parameters.host.as_ref().map(server_name).transpose()?;
        receive(presented)?;
        Ok((anchors, name))
    });
    let (Anchors { anchors, places }, name) = match ready {
        Ok(ready) => ready,
        Err(error) => {
            verdict.errors.push(error);
            return verdict;
        }
    };
    if parameters.minted_leaf {
        verdict.assumptions.push("the signature on the leaf is valid".to_owned());
    }
    let chain: Vec<_> = presented.iter().map(|sent| CertificateDer::from(sent.octets)).collect();
    let leaf = match EndEntityCert::try_from(&chain[0]) {
        Ok(leaf) => leaf,
        Err(error) => {
            verdict.errors.push(told(&error, Place::Presented(0), Some(0)));
            (verdict.chain, verdict.untrusted) = (vec![Place::Presented(0)], 1);
            return verdict;
        }
    };
    let minted = presented[0].tbs.ok().filter(|_| parameters.minted_leaf);
    let seconds = u64::try_from(parameters.instant).unwrap_or(0);
    let attempt = Attempt {
        leaf: &leaf,
        intermediates: &chain[1..],
        anchors: &anchors,
        places: &places,
        store,
        presented,
        algorithms: Algorithms::new(minted),
        instant: UnixTime::since_unix_epoch(Duration::from_secs(seconds)),
    };
    build(&attempt, &mut verdict);
    if let Some(Err(error)) = name.map(|name| leaf.verify_is_valid_for_subject_name(&name)) {
        verdict.errors.push(told(&error, Place::Presented(0), Some(0)));
    }
    verdict
}

/// The anchors, and the index of each in the trust file.
#[derive(Default)]
struct Anchors<'a> {
    anchors: Vec<TrustAnchor<'a>>,
    places: Vec<usize>,
}

/// Reads the trust file; the error is that which refuses it as a whole.
fn load<'a>(
    store: &[Anchor<'_>],
    trusted: &'a [CertificateDer<'a>],
    loading: Loading,
    verdict: &mut Verdict,
) -> Result<Anchors<'a>, Error> {
    let mut read = Anchors::default();
    let (mut labelled, mut skipped) = (0, 0);
    for (at, (anchor, der)) in store.iter().zip(trusted).enumerate() {
        if anchor.trusted_label {
            labelled += 1;
            continue;
        }
        match anchor_from_trusted_cert(der) {
            Ok(anchor) => {
                read.anchors.push(anchor);
                read.places.push(at);
            }
            Err(error) if loading == Loading::Every => {
                return Err(Error { stage: Stage::Load, ..told(&error, Place::Store(at), None) });
            }
            Err(_) => skipped += 1,
        }
    }
    if labelled > 0 {
        let text = "blocks labelled TRUSTED CERTIFICATE are passed over, as rustls reads none";
        verdict.assumptions.push(format!("{text} ({labelled} here)"));
    }
    if skipped > 0 {
        let text = "certificates of the trust file that webpki cannot parse are passed over";
        verdict.assumptions.push(format!("{text} ({skipped} here), not refused as RootCertStore::add does"));
    }
    Ok(read)
}

/// The message that carries the certificates in TLS 1.3 (RFC 8446 §4.4.2): the
/// length of the context, that of the list, and for each certificate its length
/// and that of its extensions. In the last few hundred octets below the limit the
/// buffer of rustls may be full first, which depends on how the server sends.
fn receive(presented: &[&Certificate<'_>]) -> Result<(), Error> {
    let size = 4 + presented.iter().map(|sent| sent.octets.len() + 5).sum::<usize>();
    let refuse = |name: &'static str, message: String| Err(refusal(Stage::Handshake, name, message));
    if presented.is_empty() {
        return refuse("NoCertificatesPresented", "peer sent no certificates".to_owned());
    }
    if size > limits::RUSTLS_HANDSHAKE_OCTETS {
        let name = "HandshakePayloadTooLarge";
        return refuse(name, format!("received corrupt message of type {name}"));
    }
    Ok(())
}

/// The host as rustls takes it.
fn server_name(host: &Host) -> Result<ServerName<'static>, Error> {
    match host {
        Host::Address(address, _) => Ok(ServerName::IpAddress((*address).into())),
        Host::Name(name) => DnsName::try_from(name.clone())
            .map(ServerName::DnsName)
            .map_err(|error| refusal(Stage::Handshake, "InvalidDnsNameError", error.to_string())),
    }
}

/// Builds and verifies the chain; where that fails, finds out which certificate
/// is meant.
fn build(attempt: &Attempt<'_>, verdict: &mut Verdict) {
    match attempt.run(attempt.anchors, attempt.intermediates) {
        Ok(chain) => verdict.chain = chain,
        Err(error) => {
            let Blame { certificate, depth, chain } = blame::find(attempt, &error);
            verdict.chain = chain;
            verdict.errors.push(told(&error, certificate, depth));
        }
    }
    let sent = verdict.chain.iter().filter(|place| matches!(place, Place::Presented(_)));
    verdict.untrusted = sent.count();
}

/// An error of webpki in the words of rustls.
fn told(error: &webpki::Error, certificate: Place, depth: Option<usize>) -> Error {
    Error {
        code: None,
        name: text::variant(error).into(),
        message: text::message(error),
        depth,
        certificate,
        stage: Stage::Verify,
    }
}

fn refusal(stage: Stage, name: &'static str, message: String) -> Error {
    Error { code: None, name: name.into(), message, depth: None, certificate: Place::Presented(0), stage }
}
