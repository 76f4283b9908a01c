//! What clients demand of a server's certificate beyond RFC 5280, and what is written in forms that some of them refuse.

use time::Duration;

use super::{
    Field::{
        Another, Everything, ExtendedKeyUsage, Host, Key as OwnKey, KeyUsage as Usage, NameConstraints,
        Subject, SubjectAltName, SubjectKeyIdentifier, Validity as Dates,
    },
    Mutation, Touch,
    Who::{Chain as Whole, Leaf},
    served::also_named,
};
use crate::corpus::{Chain, Shape};
use crate::issue::{Extension, GeneralName, KeyUsage, Name, Part, StringType, Validity, der, oid};

/// What names of the leaf touch: constraints look at them.
const LEAF_NAMES: &[Touch] = &[Touch(Leaf, SubjectAltName), Touch(Whole, NameConstraints)];

/// What constraints touch that only hosts are to meet.
pub(super) const CONSTRAINTS: &[Touch] =
    &[Touch(Whole, NameConstraints), Touch(Leaf, SubjectAltName), Touch(Whole, Host)];

/// What keyUsage of a leaf with an EC key touches.
const EC_USAGE: &[Touch] = &[Touch(Leaf, Usage), Touch(Leaf, OwnKey), Touch(Leaf, SubjectKeyIdentifier)];

/// Those of the server's certificate.
pub(super) const SERVER: &[Mutation] = &[
    Mutation::served(
        "leaf-without-subject-alt-name",
        &[
            Touch(Leaf, SubjectAltName),
            Touch(Leaf, Subject),
            Touch(Whole, NameConstraints),
            Touch(Whole, Host),
            Touch(Leaf, ExtendedKeyUsage),
        ],
        &["tls/subject-alt-name-missing"],
        |chain| {
            // Without names, clients turn to the subject.
            chain.host = Some(Shape::HOSTS[0].to_owned());
            chain.last().remove(oid::SUBJECT_ALT_NAME);
        },
    ),
    Mutation::served(
        "leaf-common-name-not-covered",
        &[Touch(Leaf, Subject), Touch(Leaf, SubjectAltName), Touch(Leaf, ExtendedKeyUsage)],
        &["tls/common-name-not-in-subject-alt-name"],
        |chain| chain.last().description.subject = Name::common("old.good.example"),
    ),
    Mutation::served(
        "leaf-without-purposes",
        &[Touch(Leaf, ExtendedKeyUsage), Touch(Leaf, SubjectAltName)],
        &["tls/extended-key-usage-missing"],
        |chain| chain.last().remove(oid::EXTENDED_KEY_USAGE),
    ),
    Mutation::served(
        "leaf-valid-too-long",
        &[Touch(Whole, Dates), Touch(Leaf, ExtendedKeyUsage)],
        &["tls/server-certificate-valid-too-long"],
        |chain| {
            let day = |days| chain.now() + Duration::days(days);
            let validity = Validity::between(day(-30), day(820));
            chain.last().description.validity = validity;
        },
    ),
    Mutation::served("leaf-host-with-empty-label", LEAF_NAMES, &["tls/dns-name-invalid"], |chain| {
        also_named(chain, &dns("bad..good.example").to_der());
    }),
    Mutation::served("leaf-wildcard-misplaced", LEAF_NAMES, &["tls/wildcard-misplaced"], |chain| {
        also_named(chain, &dns("w*.good.example").to_der());
    }),
    Mutation::served("leaf-address-as-host", LEAF_NAMES, &["tls/address-in-dns-name"], |chain| {
        also_named(chain, &dns("192.0.2.99").to_der());
    }),
    Mutation::served("leaf-address-too-short", LEAF_NAMES, &["rfc5280/address-length-wrong"], |chain| {
        also_named(chain, &GeneralName::Ip(vec![192, 0, 2]).to_der());
    }),
    Mutation::served(
        "leaf-host-beyond-ascii",
        LEAF_NAMES,
        &["rfc5280/alternative-name-not-ascii"],
        |chain| also_named(chain, &dns("größe.good.example").to_der()),
    ),
    Mutation::served("leaf-ec-key-enciphers", EC_USAGE, &["rfc5280/encipherment-in-ec-key-usage"], |chain| {
        ec_usage(chain, &[KeyUsage::DigitalSignature, KeyUsage::KeyEncipherment]);
    }),
    Mutation::served(
        "leaf-purpose-without-its-key-usage",
        &[
            Touch(Leaf, Usage),
            Touch(Leaf, OwnKey),
            Touch(Leaf, SubjectKeyIdentifier),
            Touch(Leaf, ExtendedKeyUsage),
        ],
        &["rfc5280/purpose-not-in-key-usage"],
        |chain| {
            ec_usage(chain, &[KeyUsage::KeyAgreement]);
            chain.last().put(Extension::extended_key_usage(&[oid::SERVER_AUTH, oid::CODE_SIGNING]));
        },
    ),
    Mutation::served(
        "leaf-access-information-critical",
        &[Touch(Leaf, Another)],
        &["rfc5280/informational-extension-critical"],
        |chain| {
            let place = GeneralName::Uri("http://pki.good.example/ca.cer".to_owned()).to_der();
            let access = der::sequence([der::sequence([der::oid(oid::CA_ISSUERS), place])]);
            chain.last().put(Extension::new(oid::AUTHORITY_INFO_ACCESS, access).critical(true));
        },
    ),
];

/// Those of constraints that some clients refuse and that no name here meets.
pub(super) const FORMS: &[Mutation] = &[
    Mutation::served("name-constraints-empty", CONSTRAINTS, &["rfc5280/name-constraints-empty"], |chain| {
        chain.root().put(Extension::name_constraints(&[], &[]));
    }),
    Mutation::served(
        "constraint-address-without-mask",
        CONSTRAINTS,
        &["rfc5280/name-constraints-address-wrong"],
        |chain| exclude(chain, GeneralName::Ip(vec![198, 51, 100, 7])),
    ),
    Mutation::served(
        "constraint-mask-with-gaps",
        CONSTRAINTS,
        &["rfc5280/name-constraints-mask-invalid"],
        |chain| exclude(chain, GeneralName::Ip(vec![10, 0, 0, 0, 0, 255, 0, 255])),
    ),
    Mutation::served(
        "constraint-with-wildcard",
        CONSTRAINTS,
        &["rfc5280/name-constraints-host-invalid"],
        |chain| exclude(chain, dns("*.bad.example")),
    ),
    Mutation::served(
        "leaf-subject-with-long-length",
        &[Touch(Whole, Everything)],
        &["der/length-not-minimal"],
        |chain| {
            let description = &mut chain.last().description;
            let subject = der::with_long_length(&description.subject.to_der());
            description.set_raw(Part::Subject, subject);
        },
    ),
    Mutation::served(
        "leaf-issuer-in-another-string-type",
        &[Touch(Whole, Everything)],
        &["chain/name-not-identical"],
        |chain| {
            for attribute in &mut chain.last().description.issuer.attributes {
                attribute.string_type = StringType::Bmp;
            }
        },
    ),
];

fn dns(name: &str) -> GeneralName {
    GeneralName::Dns(name.to_owned())
}

/// Gives the leaf an EC key of its own, with this keyUsage.
fn ec_usage(chain: &mut Chain, usages: &[KeyUsage]) {
    let key = chain.foreign_key();
    chain.last().set_key(key);
    chain.last().put(Extension::key_usage(usages));
}

/// Excludes a subtree below the root; the leaf keeps its hosts alone.
pub(super) fn exclude(chain: &mut Chain, base: GeneralName) {
    chain.host = Some(Shape::HOSTS[0].to_owned());
    chain.last().put(Extension::subject_alt_name(&[dns(Shape::HOSTS[0])]));
    chain.root().put(Extension::name_constraints(&[], &[base]));
}
