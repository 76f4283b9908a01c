//! What RFC 5280 forbids or advises against although few clients mind: criticality, usages, names, forms of numbers.

use super::{
    Field::{
        Another, AuthorityKeyIdentifier, ExtendedKeyUsage, Key as OwnKey, KeyUsage as Usage, NameConstraints,
        Signature, Subject, SubjectAltName, SubjectKeyIdentifier, Validity as Dates,
    },
    Mutation, Touch,
    Who::{Chain as Whole, Leaf, Root},
    names::{unit, with_relative},
    served::also_named,
};
use crate::corpus::{Chain, Key, sound_modulus};
use crate::issue::{Extension, GeneralName, KeyUsage, StringType, TimeEncoding, der, oid, policy};

/// What names of the leaf touch: constraints look at them.
const LEAF_NAMES: &[Touch] = &[Touch(Leaf, SubjectAltName), Touch(Whole, NameConstraints)];

/// What another subject of the leaf touches.
const LEAF_SUBJECT: &[Touch] = &[Touch(Leaf, Subject)];

/// What a key of the leaf touches.
const LEAF_KEY: &[Touch] = &[Touch(Leaf, OwnKey), Touch(Leaf, SubjectKeyIdentifier)];

/// What a key of the leaf with its own keyUsage touches.
const LEAF_USAGE: &[Touch] = &[Touch(Leaf, OwnKey), Touch(Leaf, SubjectKeyIdentifier), Touch(Leaf, Usage)];

/// A policy that is mapped: organization-validated of the CA/Browser Forum.
const MAPPED: &[u64] = &[2, 23, 140, 1, 2, 2];

/// id-kp-timeStamping.
const TIME_STAMPING: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 3, 8];

/// Those of extensions.
pub(super) const EXTENSIONS: &[Mutation] = &[
    Mutation::served(
        "root-policy-constraints-not-critical",
        &[Touch(Root, Another)],
        &["rfc5280/policy-constraints-not-critical"],
        |chain| {
            let never = der::context_primitive(0, &[100]);
            chain.root().put(Extension::new(oid::POLICY_CONSTRAINTS, der::sequence([never])));
        },
    ),
    Mutation::served(
        "root-inhibit-any-policy-not-critical",
        &[Touch(Root, Another)],
        &["rfc5280/inhibit-any-policy-not-critical"],
        |chain| chain.root().put(Extension::new(oid::INHIBIT_ANY_POLICY, der::unsigned(9))),
    ),
    Mutation::served(
        "root-policy-mappings-not-critical",
        &[Touch(Root, Another)],
        &["rfc5280/policy-mappings-not-critical"],
        |chain| {
            chain.root().put(Extension::certificate_policies(&[MAPPED]));
            chain.root().put(mappings().critical(false));
        },
    ),
    Mutation::served(
        "leaf-policy-mappings",
        &[Touch(Leaf, Another)],
        &["rfc5280/policy-extension-on-non-ca", "rfc5280/policy-mapping-not-asserted"],
        |chain| chain.last().put(mappings()),
    ),
    Mutation::served("leaf-rsa-key-agrees", LEAF_USAGE, &["rfc5280/agreement-in-rsa-key-usage"], |chain| {
        usage(chain, Key::Rsa3072, &[KeyUsage::DigitalSignature, KeyUsage::KeyAgreement]);
    }),
    Mutation::served(
        "root-rsa-key-enciphers",
        &[
            Touch(Root, OwnKey),
            Touch(Root, SubjectKeyIdentifier),
            Touch(Whole, Signature),
            Touch(Whole, AuthorityKeyIdentifier),
            Touch(Root, Usage),
        ],
        &["rfc5280/encipherment-in-rsa-ca-key-usage"],
        |chain| {
            chain.rekey(0, Key::Rsa2048A);
            let all = [KeyUsage::KeyCertSign, KeyUsage::CrlSign, KeyUsage::KeyEncipherment];
            chain.root().put(Extension::key_usage(&all));
        },
    ),
    Mutation::served("leaf-edwards-key-agrees", LEAF_USAGE, &["rfc5280/edwards-key-usage-wrong"], |chain| {
        usage(chain, Key::Ed25519, &[KeyUsage::DigitalSignature, KeyUsage::KeyAgreement]);
    }),
    Mutation::served(
        "leaf-enciphers-only",
        LEAF_USAGE,
        &["rfc5280/encipher-only-without-key-agreement"],
        |chain| {
            let key = chain.foreign_key();
            usage(chain, key, &[KeyUsage::DigitalSignature, KeyUsage::EncipherOnly]);
        },
    ),
    Mutation::served(
        "leaf-key-usage-not-critical",
        &[Touch(Leaf, Usage)],
        &["rfc5280/key-usage-not-critical"],
        |chain| chain.last().set_critical(oid::KEY_USAGE, false),
    ),
    Mutation::served(
        "leaf-subject-alt-name-critical",
        &[Touch(Leaf, SubjectAltName), Touch(Leaf, Subject)],
        &["rfc5280/subject-alt-name-critical"],
        |chain| chain.last().set_critical(oid::SUBJECT_ALT_NAME, true),
    ),
    Mutation::served(
        "leaf-every-purpose-critical",
        &[Touch(Leaf, ExtendedKeyUsage)],
        &["rfc5280/any-extended-key-usage-critical"],
        |chain| {
            let every = Extension::extended_key_usage(&[oid::SERVER_AUTH, oid::ANY_EXTENDED_KEY_USAGE]);
            chain.last().put(every.critical(true));
        },
    ),
    Mutation::served(
        "leaf-stamps-time-too",
        &[Touch(Leaf, ExtendedKeyUsage), Touch(Leaf, Usage)],
        &["rfc5280/time-stamping-not-critical"],
        |chain| chain.last().put(Extension::extended_key_usage(&[oid::SERVER_AUTH, TIME_STAMPING])),
    ),
    Mutation::served(
        "leaf-distribution-points-critical",
        &[Touch(Leaf, Another)],
        &["rfc5280/crl-distribution-points-critical"],
        |chain| {
            let place = GeneralName::Uri("http://pki.good.example/ca.crl".to_owned()).to_der();
            let point = der::sequence([der::context(0, &der::context(0, &place))]);
            let points = Extension::new(oid::CRL_DISTRIBUTION_POINTS, der::sequence([point]));
            chain.last().put(points.critical(true));
        },
    ),
    Mutation::served("leaf-false-written-out", &[Touch(Leaf, Another)], &["der/critical-not-der"], |chain| {
        let written = [der::oid(super::leaf::UNKNOWN), der::boolean(false), der::octet_string(&der::null())];
        let extension = Extension::new(super::leaf::UNKNOWN, der::null());
        chain.last().put(extension.with_raw(der::sequence(written)));
    }),
];

/// Those of names.
pub(super) const NAMES: &[Mutation] = &[
    Mutation::served("leaf-mail-address-empty", LEAF_NAMES, &["rfc5280/alternative-name-empty"], |chain| {
        also_named(chain, &GeneralName::Email(String::new()).to_der());
    }),
    Mutation::served(
        "leaf-mail-address-without-at",
        LEAF_NAMES,
        &["rfc5280/mail-address-invalid"],
        |chain| {
            also_named(chain, &GeneralName::Email("pki".to_owned()).to_der());
        },
    ),
    Mutation::served("leaf-uri-relative", LEAF_NAMES, &["rfc5280/uri-not-absolute"], |chain| {
        also_named(chain, &GeneralName::Uri("/wiki".to_owned()).to_der());
    }),
    Mutation::served("leaf-host-twice", LEAF_NAMES, &["rfc5280/subject-alt-name-duplicate"], |chain| {
        also_named(chain, &GeneralName::Dns("WWW.good.example".to_owned()).to_der());
    }),
    Mutation::served("leaf-host-with-underscore", LEAF_NAMES, &["tls/underscore-in-dns-name"], |chain| {
        also_named(chain, &GeneralName::Dns("a_b.good.example".to_owned()).to_der());
    }),
    Mutation::served("leaf-country-in-small", LEAF_SUBJECT, &["names/country-not-two-letters"], |chain| {
        attribute(chain, oid::COUNTRY, StringType::Printable, "nl");
    }),
    Mutation::served(
        "leaf-unit-twice-in-one",
        LEAF_SUBJECT,
        &["names/duplicate-attribute-in-relative-name", "names/several-attributes-in-relative-name"],
        |chain| {
            let unit = |text: &[u8]| {
                der::sequence([der::oid(oid::ORGANIZATIONAL_UNIT), der::value(der::tag::UTF8_STRING, text)])
            };
            with_relative(chain, der::set(vec![unit(b"One"), unit(b"Two")]));
        },
    ),
    Mutation::served("leaf-unit-with-entity", LEAF_SUBJECT, &["names/html-entity-in-name"], |chain| {
        unit(chain, StringType::Utf8, "Network &amp; Security");
    }),
    Mutation::served(
        "leaf-unit-in-wrong-character-set",
        LEAF_SUBJECT,
        &["names/wrong-character-set-in-name"],
        |chain| unit(chain, StringType::Utf8, "Gr\u{c3}\u{b6}ße"),
    ),
    Mutation::served("leaf-unit-full-stop", LEAF_SUBJECT, &["names/attribute-without-letters"], |chain| {
        unit(chain, StringType::Utf8, ".");
    }),
    Mutation::served("leaf-attribute-unknown", LEAF_SUBJECT, &["names/attribute-type-unknown"], |chain| {
        attribute(chain, super::leaf::UNKNOWN, StringType::Utf8, "x");
    }),
    Mutation::served("leaf-domain-in-one", LEAF_SUBJECT, &["names/domain-component-invalid"], |chain| {
        attribute(chain, oid::DOMAIN_COMPONENT, StringType::Ia5, "good.example");
    }),
];

/// Those of other fields.
pub(super) const FIELDS: &[Mutation] = &[
    Mutation::served(
        "leaf-generalized-time-before-2050",
        &[Touch(Leaf, Dates)],
        &["rfc5280/time-type-wrong"],
        |chain| chain.last().description.validity.not_after.encoding = TimeEncoding::GeneralizedTime,
    ),
    Mutation::served("leaf-modulus-negative", LEAF_KEY, &["keys/rsa-modulus-not-positive"], |chain| {
        // Without the octet 00 in front its first bit is a sign.
        let modulus = sound_modulus();
        let first = modulus.iter().position(|octet| *octet > 0).unwrap_or(0);
        let modulus = der::value(der::tag::INTEGER, &modulus[first..]);
        let key = der::sequence([modulus, der::unsigned_octets(&[1, 0, 1])]);
        let algorithm = der::sequence([der::oid(oid::RSA), der::null()]);
        chain.last().set_public_key(der::sequence([algorithm, der::bit_string(&key)]));
    }),
    Mutation::served("leaf-key-rsa-of-an-odd-size", LEAF_KEY, &["keys/rsa-modulus-size-wrong"], |chain| {
        // Two bits more; no small number divides it.
        let mut modulus = vec![2];
        modulus.extend(sound_modulus());
        chain.last().set_public_key(crate::issue::rsa_public_key(&modulus, &[1, 0, 1]));
    }),
];

/// A mapping of one policy to another.
fn mappings() -> Extension {
    policy::mappings(&[(MAPPED, &[1, 3, 6, 1, 4, 1, 99_999, 2])])
}

/// Gives the leaf this key and this keyUsage.
fn usage(chain: &mut Chain, key: Key, usages: &[KeyUsage]) {
    chain.last().set_key(key);
    chain.last().put(Extension::key_usage(usages));
}

/// Puts an attribute into the subject of the leaf.
fn attribute(chain: &mut Chain, oid: &[u64], string_type: StringType, text: &str) {
    let description = &mut chain.last().description;
    let subject = std::mem::take(&mut description.subject);
    description.subject = subject.with_type(oid, string_type, text);
}
