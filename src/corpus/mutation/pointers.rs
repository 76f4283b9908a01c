//! What points away from a certificate and leads nowhere, and names of forms that few certificates have.

use super::{
    Field::{
        Another, AuthorityKeyIdentifier, Everything, ExtendedKeyUsage, Host, NameConstraints, SerialNumber,
        Subject, SubjectAltName,
    },
    Mutation, Touch,
    Who::{Chain as Whole, Leaf},
    served::also_named,
    tls::{CONSTRAINTS, exclude},
};
use crate::corpus::Chain;
use crate::issue::{Extension, GeneralName, StringType, der, oid};

/// What names of the leaf touch: constraints look at them.
const LEAF_NAMES: &[Touch] = &[Touch(Leaf, SubjectAltName), Touch(Whole, NameConstraints)];

/// What an extension that good chains lack touches.
const MORE: &[Touch] = &[Touch(Leaf, Another)];

/// id-on-SmtpUTF8Mailbox (RFC 9598).
const UTF8_MAILBOX: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 8, 9];

/// Those of extensions.
pub(super) const EXTENSIONS: &[Mutation] = &[
    Mutation::served(
        "leaf-pins-its-issuer",
        &[
            Touch(Leaf, AuthorityKeyIdentifier),
            Touch(Whole, AuthorityKeyIdentifier),
            Touch(Whole, SerialNumber),
            Touch(Whole, Subject),
        ],
        &["rfc5280/authority-key-identifier-with-issuer"],
        |chain| {
            let above = &chain.members[chain.issuing_at()];
            let identifier = der::context_primitive(0, &above.key.private().identifier());
            let issuer = GeneralName::Directory(above.description.issuer.clone()).to_der();
            let serial = der::context_primitive(2, &above.description.serial_number);
            let value = der::sequence([identifier, der::context(1, &issuer), serial]);
            chain.last().put(Extension::new(oid::AUTHORITY_KEY_IDENTIFIER, value));
        },
    ),
    Mutation::served(
        "leaf-list-by-https",
        MORE,
        &["rfc5280/crl-distribution-point-without-http-or-ldap"],
        |chain| {
            let place = GeneralName::Uri("https://pki.good.example/ca.crl".to_owned()).to_der();
            point(chain, &[der::context(0, &der::context(0, &place))]);
        },
    ),
    Mutation::served("leaf-list-relative", MORE, &["rfc5280/crl-distribution-point-relative"], |chain| {
        let list = [der::oid(oid::COMMON_NAME), der::value(der::tag::UTF8_STRING, b"List 1")];
        point(chain, &[der::context(0, &der::context(1, &der::sequence(list)))]);
    }),
    Mutation::served("leaf-list-of-a-host", MORE, &["rfc5280/crl-issuer-not-directory-name"], |chain| {
        let host = GeneralName::Dns("lists.good.example".to_owned()).to_der();
        point(chain, &[der::context(2, &host)]);
    }),
    Mutation::served("leaf-issuer-by-https", MORE, &["rfc5280/ca-issuers-without-http-or-ldap"], |chain| {
        let place = GeneralName::Uri("https://pki.good.example/ca.cer".to_owned()).to_der();
        let access = der::sequence([der::sequence([der::oid(oid::CA_ISSUERS), place])]);
        chain.last().put(Extension::new(oid::AUTHORITY_INFO_ACCESS, access));
    }),
    Mutation::served("leaf-issuer-name-malformed", MORE, &["rfc5280/issuer-alt-name-invalid"], |chain| {
        chain.last().put(Extension::issuer_alt_name(&[dns("pki..good.example")]));
    }),
];

/// Those of names, and of constraints that no name here meets.
pub(super) const NAMES: &[Mutation] = &[
    Mutation::served(
        "constraint-on-registered-id",
        CONSTRAINTS,
        &["rfc5280/name-constraints-form-unsupported"],
        |chain| {
            exclude(chain, dns("bad.example"));
            let registered = der::context_primitive(8, &[0x2b, 6, 1, 4, 1]);
            let value = der::sequence([der::context(1, &der::sequence([registered]))]);
            chain.root().put(Extension::new(oid::NAME_CONSTRAINTS, value).critical(true));
        },
    ),
    Mutation::served(
        "constraint-on-whole-uri",
        CONSTRAINTS,
        &["rfc5280/name-constraints-uri-not-host"],
        |chain| exclude(chain, GeneralName::Uri("https://bad.example/".to_owned())),
    ),
    Mutation::served(
        "constraint-permits-ipv4-alone",
        CONSTRAINTS,
        &["rfc5280/name-constraints-leave-out-ipv6"],
        |chain| {
            exclude(chain, dns("bad.example"));
            let network = GeneralName::Ip(vec![10, 0, 0, 0, 255, 0, 0, 0]);
            chain.root().put(Extension::name_constraints(&[network], &[]));
        },
    ),
    Mutation::served(
        "leaf-mail-address-in-subject-alone",
        &[
            Touch(Leaf, Subject),
            Touch(Leaf, SubjectAltName),
            Touch(Whole, NameConstraints),
            Touch(Leaf, ExtendedKeyUsage),
            Touch(Whole, Host),
        ],
        &["rfc5280/email-address-not-in-subject-alt-name"],
        |chain| {
            let description = &mut chain.last().description;
            let subject = std::mem::take(&mut description.subject);
            description.subject = subject.with_type(oid::EMAIL_ADDRESS, StringType::Ia5, "pki@good.example");
        },
    ),
    Mutation::served(
        "leaf-uri-without-host",
        LEAF_NAMES,
        &["rfc5280/uri-host-not-fqdn-or-address"],
        |chain| also_named(chain, &GeneralName::Uri("https:///wiki".to_owned()).to_der()),
    ),
    Mutation::served("leaf-label-not-decodable", LEAF_NAMES, &["rfc5280/idn-label-invalid"], |chain| {
        also_named(chain, &dns("xn--99999999.good.example").to_der());
    }),
    Mutation::served("leaf-label-not-normalized", LEAF_NAMES, &["rfc5280/idn-label-not-nfc"], |chain| {
        // The letter u, then two points above it.
        also_named(chain, &dns("xn--uber-vwc.good.example").to_der());
    }),
    Mutation::served("leaf-mailbox-of-ascii", LEAF_NAMES, &["rfc5280/utf8-mailbox-invalid"], |chain| {
        let text = der::value(der::tag::UTF8_STRING, b"pki@good.example");
        let name = der::concatenate([der::oid(UTF8_MAILBOX), der::context(0, &text)]);
        also_named(chain, &der::context(0, &name));
    }),
];

/// Those of more than one certificate.
pub(super) const CHAINS: &[Mutation] = &[
    Mutation::served(
        "serial-number-used-twice",
        &[Touch(Whole, SerialNumber), Touch(Whole, Subject), Touch(Whole, AuthorityKeyIdentifier)],
        &["chain/serial-number-repeated"],
        |chain| {
            let serial = chain.members[0].description.serial_number.clone();
            chain.members[1].description.serial_number = serial;
        },
    ),
    Mutation::served(
        "ca-below-its-own-name-without-identifier",
        &[Touch(Whole, Everything)],
        &[
            "chain/self-issued-without-key-identifier",
            "rfc5280/authority-key-identifier-missing",
            "trust/root-not-trusted",
        ],
        |chain| {
            let name = chain.members[0].description.subject.clone();
            chain.rename(1, &name);
            chain.members[1].remove(oid::AUTHORITY_KEY_IDENTIFIER);
        },
    )
    .needs(1),
];

fn dns(name: &str) -> GeneralName {
    GeneralName::Dns(name.to_owned())
}

/// Gives the leaf one distribution point with these fields.
fn point(chain: &mut Chain, fields: &[Vec<u8>]) {
    let points = der::sequence([der::sequence(fields)]);
    chain.last().put(Extension::new(oid::CRL_DISTRIBUTION_POINTS, points));
}
