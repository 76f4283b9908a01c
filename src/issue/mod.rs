//! Making of certificates: a [`Description`] and a [`PrivateKey`] give the same DER octets every time.
//!
//! Every part of a certificate has a typed form for what is right and a raw form for what is wrong on purpose, so that
//! faults can be made one at a time. What a conforming library can express, the library `rcgen` arranges; the rest, a
//! writer of this crate: [`Description::maker`] tells which. There is no clock and no randomness here: serial numbers and dates come from the
//! caller, and every signature is deterministic (PKCS#1 v1.5, RSA-PSS with a fixed salt, RFC 6979, Ed25519). This module
//! must not know rules, facts, files or reports.

mod curve;
pub mod der;
mod describe;
mod extension;
mod key;
mod library;
mod name;
pub mod oid;
pub mod pem;
pub mod policy;
mod rsa;
mod sign;
mod validity;

pub use curve::explicit_p256_public_key;
pub use describe::{Certificate, Description, Part};
pub use extension::{Extension, GeneralName, KeyUsage};
pub use key::{PrivateKey, ec_public_key, rsa_public_key};
pub use library::Maker;
pub use name::{Attribute, Name, StringType};
pub use sign::{Digest, SignatureAlgorithm};
pub use validity::{Time, TimeEncoding, Validity};

/// Why a certificate could not be made. No message quotes octets of a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The text holds no PEM block with this label, or its body is no base64.
    #[error("no PEM block with the label {0:?} and a sound body")]
    NoPemBlock(&'static str),
    /// The octets are no private key in PKCS#8 (RFC 5958) of a kind known here.
    #[error("the private key cannot be read: {0}")]
    PrivateKey(&'static str),
    /// The key cannot make signatures of this kind.
    #[error("a key of the kind {key} cannot make a signature of the kind {algorithm}")]
    KeyCannotSign {
        /// Kind of the key, such as `P-256`.
        key: &'static str,
        /// The signature algorithm, such as `ecdsa-with-SHA256`.
        algorithm: String,
    },
    /// The modulus has too few octets for the padded digest (RFC 8017, 9.1.1 and 9.2).
    #[error("an RSA modulus of {octets} octets is too short for the digest")]
    ModulusTooShort {
        /// Octets of the modulus.
        octets: usize,
    },
    /// The cryptographic provider refused the key or the message.
    #[error("the cryptographic provider refused to sign with a {0} key")]
    Provider(&'static str),
}
