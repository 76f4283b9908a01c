//! A model of OpenSSL's certificate verification as Python uses it: given what
//! the trust file and the server hold, every error in the order in which the
//! client meets them. Pure: no clock, no files, no network.
//!
//! The list is that of `X509_verify_cert` with a callback that notes each error,
//! clears it and goes on; so its first entry is what a client without a callback
//! says, and the others are what shows once the first is repaired. Two things end
//! it early, as nothing can follow them: a file that does not load, a handshake
//! that breaks. A certificate that the store rejects (28) ends the building of the
//! chain without the errors that would only say so again.

mod arithmetic;
mod asn1;
mod cached;
mod chain;
mod checks;
mod codes;
mod constraints;
mod demands;
mod curve;
mod general;
mod host;
mod issued;
mod key;
mod name;
mod parameters;
mod run;
mod signatures;
mod time;
mod trust;
mod x509;

pub use demands::{Demands, demands};
pub use parameters::{Client, Host, Parameters, UnknownName, Version};

use super::Verdict;
use crate::facts::Certificate;
pub(super) use run::LOADING;
use run::Run;

/// A certificate of the trust file.
#[derive(Clone, Copy, Debug)]
pub struct Anchor<'a> {
    /// The certificate.
    pub certificate: &'a Certificate<'a>,
    /// Whether its block is labelled `TRUSTED CERTIFICATE`, so that trust
    /// settings may follow the certificate.
    pub trusted_label: bool,
}

/// Whether OpenSSL parses a certificate at all.
#[must_use]
pub fn is_parsed(certificate: &Certificate<'_>, trusted_label: bool, openssl: Version) -> bool {
    x509::X509::parse(certificate, trusted_label, openssl).is_some()
}

/// Verifies what a server presents, leaf first, against the certificates of a
/// trust file in the order in which they are loaded.
#[must_use]
pub fn verify<'a>(
    store: &[Anchor<'a>],
    presented: &[&'a Certificate<'a>],
    parameters: &Parameters,
) -> Verdict {
    let mut run = Run::new(parameters);
    run.load(store);
    if run.verdict.accepts() {
        run.receive(presented);
    }
    if run.verdict.accepts() {
        run.verify();
    }
    run.finish()
}
