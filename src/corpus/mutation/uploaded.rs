//! What can be wrong with an upload: the certificates of an authority, root first, and its private key.

use time::Duration;

use super::{
    Field::{
        AuthorityKeyIdentifier, Everything, Files, Key as OwnKey, NameConstraints, PrivateKey,
        SubjectKeyIdentifier, Validity as Dates,
    },
    Mutation, Touch,
    Who::{Chain as Whole, Intermediate, Root},
};
use crate::corpus::key::ENCRYPTED;
use crate::corpus::{Armour, Chain, Key};
use crate::issue::{Digest, Extension, GeneralName, KeyUsage, Name, SignatureAlgorithm, Validity, oid};

/// All of them.
pub(super) const MUTATIONS: &[Mutation] = &[
    Mutation::uploaded("chain-leaf-first", &[Touch(Whole, Files)], &["chain/order"], |chain| {
        chain.presented.reverse();
    })
    .needs(1),
    Mutation::uploaded(
        "root-missing",
        &[Touch(Whole, Everything)],
        &["chain/incomplete", "chain/root-not-self-signed"],
        |chain| {
            chain.presented.remove(0);
        },
    )
    .needs(2),
    Mutation::uploaded(
        "second-root",
        &[Touch(Whole, Files)],
        &["chain/several-roots", "chain/stranger"],
        |chain| {
            let stranger = chain.stranger(&Name::common("Stranger Root"));
            chain.presented.push(stranger);
        },
    ),
    Mutation::uploaded(
        "certificate-twice",
        &[Touch(Whole, Files)],
        &["chain/duplicate-certificate"],
        |chain| chain.presented.push(chain.length - 1),
    ),
    Mutation::uploaded(
        "root-cross-signed",
        &[Touch(Whole, Everything)],
        &["chain/incomplete", "chain/root-not-self-signed"],
        |chain| {
            chain.root().description.issuer = Name::common("Older Root");
            let older = chain.foreign_key();
            chain.root().put(Extension::authority_key_identifier(&older.private().identifier()));
            chain.root().sign_by(older);
        },
    )
    .needs(1),
    Mutation::uploaded(
        "intermediate-not-a-ca",
        &[Touch(Whole, Everything)],
        &["chain/not-a-ca", "rfc5280/key-cert-sign-on-non-ca"],
        |chain| chain.issuing().put(Extension::basic_constraints(false, None)),
    )
    .needs(1),
    Mutation::uploaded(
        "private-key-missing",
        &[Touch(Whole, PrivateKey)],
        &["keys/private-key-missing"],
        |chain| chain.key = None,
    ),
    Mutation::uploaded(
        "private-key-of-another",
        &[Touch(Whole, PrivateKey)],
        &["keys/private-key-does-not-match"],
        |chain| chain.key = Some(Key::Rsa1024.pem().to_owned()),
    ),
    Mutation::uploaded(
        "private-key-of-root",
        &[Touch(Whole, PrivateKey), Touch(Root, OwnKey)],
        &["keys/private-key-of-wrong-certificate"],
        |chain| chain.key = Some(chain.members[0].key.pem().to_owned()),
    )
    .needs(1),
    Mutation::uploaded(
        "private-key-encrypted",
        &[Touch(Whole, PrivateKey)],
        &["keys/private-key-encrypted"],
        |chain| chain.key = Some(ENCRYPTED.to_owned()),
    ),
    Mutation::uploaded(
        "private-key-in-certificate-file",
        &[Touch(Whole, PrivateKey), Touch(Whole, Files)],
        &["keys/private-key-in-certificate-file"],
        |chain| chain.armour = Armour::WithKey,
    ),
    Mutation::uploaded(
        "private-key-malformed",
        &[Touch(Whole, PrivateKey)],
        &["keys/private-key-malformed"],
        |chain| {
            chain.key = Some(crate::issue::pem::encode("PRIVATE KEY", &[0x30, 3, 2, 1, 0]));
        },
    ),
    Mutation::uploaded(
        "root-key-ed25519",
        &[Touch(Whole, Everything)],
        &["keys/key-algorithm-not-accepted", "keys/signature-algorithm-not-accepted"],
        |chain| chain.rekey(0, Key::Ed25519),
    )
    .needs(1),
    Mutation::uploaded(
        "root-key-rsa-pss",
        &[Touch(Whole, Everything)],
        &["keys/key-algorithm-not-accepted", "keys/signature-algorithm-not-accepted"],
        |chain| chain.rekey(0, Key::RsaPss2048),
    )
    .needs(1),
    Mutation::uploaded(
        "issuing-signed-with-rsa-pss",
        &[Touch(Whole, Everything)],
        &["keys/signature-algorithm-not-accepted"],
        |chain| {
            chain.rekey(0, Key::Rsa2048A);
            chain.members[1].description.signature_algorithm = SignatureAlgorithm::RsaPss(Digest::Sha256);
        },
    )
    .needs(1),
    Mutation::uploaded(
        "issuing-signed-with-sha224",
        &[Touch(Whole, Everything)],
        &["keys/signature-algorithm-not-accepted"],
        |chain| {
            chain.rekey(0, Key::P256A);
            chain.members[1].description.signature_algorithm = SignatureAlgorithm::Ecdsa(Digest::Sha224);
        },
    )
    .needs(1),
    Mutation::uploaded(
        "issuing-key-p224",
        &[Touch(Whole, OwnKey), Touch(Whole, PrivateKey), Touch(Whole, SubjectKeyIdentifier)],
        &["keys/ec-curve-unsupported"],
        |chain| {
            chain.last().set_key(Key::P224);
            chain.key = Some(Key::P224.pem().to_owned());
        },
    )
    .needs(1),
    Mutation::uploaded(
        "server-certificate-uploaded",
        &[Touch(Whole, Everything)],
        &[
            "chain/not-a-ca",
            "keys/private-key-of-wrong-certificate",
            "rfc5280/ca-key-usage-without-crl-sign",
            "rfc5280/ca-key-usage-without-key-cert-sign",
        ],
        |chain| {
            chain.last().put(Extension::basic_constraints(false, None));
            chain.last().put(Extension::key_usage(&[KeyUsage::DigitalSignature]));
        },
    )
    .needs(1),
    Mutation::uploaded(
        "issuing-key-x25519",
        &[Touch(Whole, Everything)],
        &["keys/ca-key-unusable", "keys/key-algorithm-not-accepted"],
        |chain| {
            chain.last().set_key(Key::X25519);
            chain.key = Some(Key::X25519.pem().to_owned());
        },
    )
    .needs(1),
    Mutation::uploaded(
        "issuing-key-secp256k1",
        &[Touch(Whole, OwnKey), Touch(Whole, PrivateKey), Touch(Whole, SubjectKeyIdentifier)],
        &["keys/ec-curve-unsupported"],
        |chain| {
            chain.last().set_key(Key::Secp256k1);
            chain.key = Some(Key::Secp256k1.pem().to_owned());
        },
    )
    .needs(1),
    Mutation::uploaded(
        "validity-too-long",
        &[Touch(Whole, Dates)],
        &["validity/validity-too-long"],
        |chain| valid(chain, 0, -400, 7_000),
    ),
    Mutation::uploaded(
        "validity-too-short",
        &[Touch(Whole, Dates)],
        &["validity/validity-too-short"],
        |chain| {
            let last = chain.length - 1;
            valid(chain, last, -10, 50);
        },
    ),
    Mutation::uploaded(
        "upload-aki-mismatch",
        &[Touch(Intermediate, AuthorityKeyIdentifier)],
        &["chain/key-identifier-mismatch"],
        |chain| chain.last().put(Extension::authority_key_identifier(&[0x55; 20])),
    )
    .needs(1),
    Mutation::uploaded(
        "upload-without-key-usage",
        &[Touch(Whole, super::Field::KeyUsage)],
        &["rfc5280/ca-key-usage-missing"],
        |chain| {
            chain.last().put(Extension::basic_constraints(true, None));
            chain.last().remove(oid::KEY_USAGE);
        },
    ),
    Mutation::uploaded(
        "name-constraints-too-narrow",
        &[Touch(Whole, NameConstraints)],
        &["chain/name-constraints-too-narrow"],
        |chain| {
            let names = [GeneralName::Dns("good.example".to_owned())];
            chain.last().put(Extension::name_constraints(&names, &[]));
        },
    ),
];

/// From when until when a certificate is valid, in days from the instant.
fn valid(chain: &mut Chain, at: usize, from: i64, until: i64) {
    let day = |days| chain.now() + Duration::days(days);
    chain.members[at].description.validity = Validity::between(day(from), day(until));
}
