//! What can be wrong with the smaller marks of certificates: usages, identifiers, numbers, parameters, ends, and octets
//! that DER leaves out.

use time::macros::datetime;

use super::{
    Field::{
        Another, AuthorityKeyIdentifier, BasicConstraints, Key as OwnKey, KeyUsage as Usage, NameConstraints,
        SerialNumber, Signature, Subject, SubjectAltName, SubjectKeyIdentifier, Validity as Dates,
    },
    Mutation, Touch,
    Who::{Chain as Whole, Intermediate, Leaf, Root},
    served::also_named,
};
use crate::corpus::Key;
use crate::issue::{Digest, Extension, GeneralName, KeyUsage, Part, SignatureAlgorithm, der, oid};

/// id-pkix-ocsp-nocheck (RFC 6960).
const NO_CHECK: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 48, 1, 5];
/// netscapeComment.
const NETSCAPE_COMMENT: &[u64] = &[2, 16, 840, 1, 113_730, 1, 13];
/// Netscape's base URL, an extension without a name of its own here.
const NETSCAPE_BASE_URL: &[u64] = &[2, 16, 840, 1, 113_730, 1, 2];
/// Dilithium2 of the third round.
const DILITHIUM: &[u64] = &[1, 3, 6, 1, 4, 1, 2, 267, 7, 4, 4];

/// What another keyUsage of the leaf touches.
const LEAF_USAGE: &[Touch] = &[Touch(Leaf, Usage)];

/// What another identifier of the leaf touches.
const LEAF_IDENTIFIER: &[Touch] = &[Touch(Leaf, SubjectKeyIdentifier)];

/// All of them.
pub(super) const MUTATIONS: &[Mutation] = &[
    Mutation::served(
        "leaf-no-check-of-octets",
        &[Touch(Leaf, Another)],
        &["rfc5280/ocsp-no-check-not-null"],
        |chain| chain.last().put(Extension::new(NO_CHECK, der::octet_string(&[]))),
    ),
    Mutation::served(
        "leaf-no-check-critical",
        &[Touch(Leaf, Another)],
        &["rfc5280/ocsp-no-check-critical"],
        |chain| chain.last().put(Extension::new(NO_CHECK, der::null()).critical(true)),
    ),
    Mutation::served(
        "root-pss-salt-of-default",
        &[
            Touch(Root, OwnKey),
            Touch(Root, SubjectKeyIdentifier),
            Touch(Whole, Signature),
            Touch(Whole, AuthorityKeyIdentifier),
        ],
        &["rfc5280/pss-parameters-invalid"],
        |chain| {
            chain.rekey(0, Key::Rsa2048A);
            let description = &mut chain.root().description;
            description.signature_algorithm = SignatureAlgorithm::RsaPss(Digest::Sha256);
            // No saltLength: 20 octets by default.
            let hash = der::sequence([der::oid(&[2, 16, 840, 1, 101, 3, 4, 2, 1]), der::null()]);
            let mask = der::sequence([der::oid(oid::MGF1), hash.clone()]);
            let parameters = der::sequence([der::context(0, &hash), der::context(1, &mask)]);
            let algorithm = der::sequence([der::oid(oid::RSA_PSS), parameters]);
            description.set_raw(Part::Signature, algorithm.clone());
            description.set_raw(Part::SignatureAlgorithm, algorithm);
        },
    ),
    Mutation::served("leaf-key-usage-bit-9", LEAF_USAGE, &["rfc5280/key-usage-unknown-bit"], |chain| {
        chain.last().put(Extension::key_usage_with(6, &[0x80, 0x40]));
    }),
    Mutation::served(
        "leaf-enciphers-and-deciphers-only",
        &[Touch(Leaf, OwnKey), Touch(Leaf, SubjectKeyIdentifier), Touch(Leaf, Usage)],
        &["rfc5280/encipher-only-and-decipher-only"],
        |chain| {
            let key = chain.foreign_key();
            chain.last().set_key(key);
            chain.last().put(Extension::key_usage(&[
                KeyUsage::DigitalSignature,
                KeyUsage::KeyAgreement,
                KeyUsage::EncipherOnly,
                KeyUsage::DecipherOnly,
            ]));
        },
    ),
    Mutation::served(
        "leaf-signs-lists",
        &[Touch(Leaf, Usage), Touch(Leaf, Subject), Touch(Whole, BasicConstraints)],
        &["rfc5280/crl-sign-on-non-ca"],
        |chain| {
            let usages = [KeyUsage::DigitalSignature, KeyUsage::CrlSign];
            chain.last().put(Extension::key_usage(&usages));
        },
    ),
    Mutation::served(
        "leaf-without-key-identifier",
        &[Touch(Leaf, SubjectKeyIdentifier), Touch(Leaf, Usage), Touch(Whole, BasicConstraints)],
        &["rfc5280/subject-key-identifier-missing"],
        |chain| chain.last().remove(oid::SUBJECT_KEY_IDENTIFIER),
    ),
    Mutation::served(
        "leaf-key-identifier-of-nothing-known",
        LEAF_IDENTIFIER,
        &["rfc5280/subject-key-identifier-method-unknown"],
        |chain| chain.last().put(Extension::subject_key_identifier(&[0x5a; 20])),
    ),
    Mutation::served(
        "leaf-key-identifier-empty",
        LEAF_IDENTIFIER,
        &["rfc5280/subject-key-identifier-empty"],
        |chain| chain.last().put(Extension::subject_key_identifier(&[])),
    ),
    Mutation::served(
        "root-authority-key-identifier-empty",
        &[Touch(Root, AuthorityKeyIdentifier)],
        &["rfc5280/authority-key-identifier-empty"],
        |chain| {
            let nothing = der::sequence::<[&[u8]; 0]>([]);
            chain.root().put(Extension::new(oid::AUTHORITY_KEY_IDENTIFIER, nothing));
        },
    ),
    Mutation::served(
        "leaf-serial-number-counted",
        &[Touch(Leaf, SerialNumber)],
        &["rfc5280/serial-number-guessable"],
        |chain| chain.last().description.serial_number = vec![0x10, 1],
    ),
    Mutation::served(
        "leaf-netscape-comment",
        &[Touch(Leaf, Another)],
        &["rfc5280/netscape-extension"],
        |chain| {
            let text = der::value(der::tag::IA5_STRING, b"OpenSSL Generated Certificate");
            chain.last().put(Extension::new(NETSCAPE_COMMENT, text));
        },
    ),
    Mutation::served(
        "leaf-netscape-base-url",
        &[Touch(Leaf, Another)],
        &["rfc5280/netscape-extension"],
        |chain| {
            let url = der::value(der::tag::IA5_STRING, b"https://www.example.com/");
            chain.last().put(Extension::new(NETSCAPE_BASE_URL, url));
        },
    ),
    Mutation::served(
        "intermediate-path-length-256",
        &[Touch(Intermediate, BasicConstraints)],
        &["rfc5280/path-length-out-of-range"],
        |chain| chain.issuing().put(Extension::basic_constraints(true, Some(256))),
    )
    .needs(1),
    Mutation::served(
        "leaf-key-of-a-draft",
        &[Touch(Leaf, OwnKey), Touch(Leaf, SubjectKeyIdentifier)],
        &["keys/post-quantum-draft-algorithm"],
        |chain| {
            let algorithm = der::sequence([der::oid(DILITHIUM)]);
            chain.last().set_public_key(der::sequence([algorithm, der::bit_string(&[0x5a; 1_312])]));
        },
    ),
    Mutation::served(
        "leaf-false-ca-written",
        &[Touch(Whole, BasicConstraints)],
        &["der/default-value-encoded"],
        |chain| {
            let value = der::sequence([der::boolean(false)]);
            chain.last().put(Extension::new(oid::BASIC_CONSTRAINTS, value).critical(true));
        },
    ),
    Mutation::served("leaf-key-usage-padded", LEAF_USAGE, &["der/key-usage-padding"], |chain| {
        chain.last().put(Extension::key_usage_with(7, &[0x80, 0]));
    }),
    Mutation::served(
        "root-never-ends",
        &[Touch(Root, Dates)],
        &["validity/no-well-defined-expiry"],
        |chain| chain.root().description.validity.not_after = datetime!(9999-12-31 23:59:59 UTC).into(),
    ),
    Mutation::served(
        "leaf-wildcard-for-a-whole-domain",
        &[Touch(Leaf, SubjectAltName), Touch(Whole, NameConstraints)],
        &["tls/wildcard-too-broad"],
        |chain| also_named(chain, &GeneralName::Dns("*.example".to_owned()).to_der()),
    ),
];
