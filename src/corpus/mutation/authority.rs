//! What can be wrong with the authorities of a chain that is served.

use super::{
    Field::{
        AuthorityKeyIdentifier, BasicConstraints, Everything, ExtendedKeyUsage, Key as OwnKey,
        KeyUsage as Usage, NameConstraints, Signature, Subject, SubjectKeyIdentifier, Validity as Dates,
    },
    Mutation, Touch,
    Who::{Chain as Whole, Intermediate, Root},
};
use crate::corpus::{Chain, Key};
use crate::issue::{Extension, KeyUsage, Name, Validity, oid};

/// All of them.
pub(super) const MUTATIONS: &[Mutation] = &[
    Mutation::served(
        "ca-without-basic-constraints",
        &[Touch(Root, BasicConstraints), Touch(Root, Usage), Touch(Root, NameConstraints)],
        &["rfc5280/ca-basic-constraints-missing", "rfc5280/key-cert-sign-on-non-ca"],
        |chain| chain.root().remove(oid::BASIC_CONSTRAINTS),
    ),
    Mutation::served(
        "root-basic-constraints-not-critical",
        &[Touch(Root, BasicConstraints)],
        &["rfc5280/ca-basic-constraints-not-critical"],
        |chain| chain.root().set_critical(oid::BASIC_CONSTRAINTS, false),
    ),
    Mutation::served(
        "intermediate-basic-constraints-not-critical",
        &[Touch(Intermediate, BasicConstraints)],
        &["rfc5280/ca-basic-constraints-not-critical"],
        |chain| chain.issuing().set_critical(oid::BASIC_CONSTRAINTS, false),
    )
    .needs(1),
    Mutation::served(
        "path-length-exceeded",
        &[Touch(Root, BasicConstraints), Touch(Root, Usage)],
        &["chain/path-length-exceeded"],
        |chain| chain.root().put(Extension::basic_constraints(true, Some(0))),
    )
    .needs(1),
    Mutation::served(
        "ca-without-key-usage",
        &[Touch(Root, Usage), Touch(Root, BasicConstraints)],
        &["rfc5280/ca-key-usage-missing"],
        |chain| chain.root().remove(oid::KEY_USAGE),
    ),
    Mutation::served(
        "intermediate-without-key-usage",
        &[Touch(Intermediate, Usage), Touch(Intermediate, BasicConstraints)],
        &["rfc5280/ca-key-usage-missing"],
        |chain| {
            chain.issuing().put(Extension::basic_constraints(true, None));
            chain.issuing().remove(oid::KEY_USAGE);
        },
    )
    .needs(1),
    Mutation::served(
        "ca-key-usage-not-critical",
        &[Touch(Root, Usage)],
        &["rfc5280/ca-key-usage-not-critical"],
        |chain| chain.root().set_critical(oid::KEY_USAGE, false),
    ),
    Mutation::served(
        "ca-key-usage-without-crl-sign",
        &[Touch(Root, Usage)],
        &["rfc5280/ca-key-usage-without-crl-sign"],
        |chain| chain.root().put(Extension::key_usage(&[KeyUsage::KeyCertSign])),
    ),
    Mutation::served(
        "ca-key-usage-without-key-cert-sign",
        &[Touch(Root, Usage), Touch(Root, BasicConstraints)],
        &["rfc5280/ca-key-usage-without-key-cert-sign"],
        |chain| chain.root().put(Extension::key_usage(&[KeyUsage::CrlSign])),
    ),
    Mutation::served(
        "path-length-without-key-cert-sign",
        &[Touch(Root, Usage), Touch(Root, BasicConstraints)],
        &["rfc5280/ca-key-usage-without-key-cert-sign", "rfc5280/path-length-without-key-cert-sign"],
        |chain| {
            chain.root().put(Extension::key_usage(&[KeyUsage::CrlSign]));
            chain.root().put(Extension::basic_constraints(true, Some(9)));
        },
    ),
    Mutation::served(
        "ca-key-usage-empty",
        &[Touch(Root, Usage), Touch(Root, BasicConstraints)],
        &[
            "rfc5280/ca-key-usage-without-crl-sign",
            "rfc5280/ca-key-usage-without-key-cert-sign",
            "rfc5280/key-usage-empty",
        ],
        |chain| chain.root().put(Extension::key_usage(&[])),
    ),
    Mutation::served(
        "ca-without-subject-key-identifier",
        &[Touch(Root, SubjectKeyIdentifier)],
        &["rfc5280/ca-subject-key-identifier-missing"],
        |chain| chain.root().remove(oid::SUBJECT_KEY_IDENTIFIER),
    ),
    Mutation::served(
        "root-without-server-auth",
        &[Touch(Root, ExtendedKeyUsage)],
        &["chain/extended-key-usage-without-server-auth"],
        |chain| chain.root().put(Extension::extended_key_usage(&[oid::CLIENT_AUTH, oid::CODE_SIGNING])),
    ),
    Mutation::served(
        "intermediate-without-server-auth",
        &[Touch(Intermediate, ExtendedKeyUsage)],
        &["chain/extended-key-usage-without-server-auth"],
        |chain| chain.issuing().put(Extension::extended_key_usage(&[oid::EMAIL_PROTECTION])),
    )
    .needs(1),
    Mutation::served(
        "intermediate-not-marked-as-ca",
        &[Touch(Whole, Everything)],
        &["rfc5280/key-cert-sign-on-non-ca"],
        |chain| chain.issuing().put(Extension::basic_constraints(false, None)),
    )
    .needs(1),
    Mutation::served(
        "subject-key-identifier-critical",
        &[Touch(Root, SubjectKeyIdentifier)],
        &["rfc5280/key-identifier-critical"],
        |chain| chain.root().set_critical(oid::SUBJECT_KEY_IDENTIFIER, true),
    ),
    Mutation::served(
        "intermediate-aki-missing",
        &[Touch(Intermediate, AuthorityKeyIdentifier)],
        &["rfc5280/authority-key-identifier-missing"],
        |chain| chain.issuing().remove(oid::AUTHORITY_KEY_IDENTIFIER),
    )
    .needs(1),
    Mutation::served(
        "ca-subject-empty",
        &[Touch(Whole, Everything)],
        &["rfc5280/ca-subject-empty", "rfc5280/issuer-empty"],
        |chain| chain.rename(0, &Name::empty()),
    ),
    Mutation::served(
        "root-expired",
        &[Touch(Whole, Dates)],
        &["chain/outlives-issuer", "validity/expired"],
        |chain| shift(chain, 0, 3_500),
    ),
    Mutation::served(
        "intermediate-expired",
        &[Touch(Whole, Dates)],
        &["chain/outlives-issuer", "validity/expired"],
        |chain| shift(chain, chain.issuing_at(), 1_700),
    )
    .needs(1),
    Mutation::served("root-not-yet-valid", &[Touch(Root, Dates)], &["validity/not-yet-valid"], |chain| {
        shift(chain, 0, -450);
    }),
    Mutation::served(
        "root-signature-corrupt",
        &[Touch(Root, Signature)],
        &["chain/self-signature-invalid"],
        |chain| chain.root().is_signature_spoilt = true,
    ),
    Mutation::served(
        "intermediate-signature-corrupt",
        &[Touch(Intermediate, Signature), Touch(Root, OwnKey)],
        &["chain/signature-invalid"],
        |chain| chain.issuing().is_signature_spoilt = true,
    )
    .needs(1),
    Mutation::served(
        "root-key-rsa-1024",
        &[
            Touch(Root, OwnKey),
            Touch(Root, Signature),
            Touch(Whole, Signature),
            Touch(Whole, AuthorityKeyIdentifier),
            Touch(Root, SubjectKeyIdentifier),
        ],
        &["keys/rsa-key-too-small"],
        |chain| chain.rekey(0, Key::Rsa1024),
    ),
    Mutation::served(
        "intermediate-subject-differs",
        &[Touch(Whole, Everything)],
        &["chain/incomplete", "trust/issuer-missing"],
        |chain| chain.issuing().description.subject = Name::common("Another CA"),
    )
    .needs(1),
    Mutation::served(
        "ca-name-not-matched-by-key-identifier",
        &[Touch(Root, SubjectKeyIdentifier), Touch(Whole, AuthorityKeyIdentifier), Touch(Root, Subject)],
        &["chain/key-identifier-mismatch", "rfc5280/subject-key-identifier-method-unknown"],
        |chain| {
            chain.root().remove(oid::AUTHORITY_KEY_IDENTIFIER);
            chain.root().put(Extension::subject_key_identifier(&[0x77; 20]));
        },
    ),
];

/// Moves the validity of a certificate to the past; to the future by a negative number of days.
fn shift(chain: &mut Chain, at: usize, days: i64) {
    let validity = &mut chain.members[at].description.validity;
    let days = time::Duration::days(days);
    *validity = Validity::between(validity.not_before.at - days, validity.not_after.at - days);
}
