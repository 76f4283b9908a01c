//! Facts that no shipped rule reads, by kind of message, with the reason why the
//! schema has them. A rule that comes to read one takes it off this list.

use pemlint::facts::value::Kind;

/// No client and no product that a profile models looks at it; rules of users may.
const PRIVATE: &str = "for rules of users: what an organisation asks of its own certificates";
/// Nothing here makes a client refuse; rules on it would be on style of encoding.
const ENCODING: &str = "how octets are written; no shipped rule judges what a client accepts";
/// Costly to compute or new; shipped rules do not ask yet.
const WEAK_KEY: &str = "weaknesses of keys that no client looks for; no shipped rule yet";
/// Tells one thing from another.
const IDENTITY: &str = "for rules of users that name a certificate, a key or a file";

/// Asked by the engine.
const ORDINARY: &str =
    "rules on the list beside it need it; a test compares it with what the schema says of elements";

/// Kind, facts, reason.
pub(crate) const UNREAD: &[(Kind, &[&str], &str)] = &[
    (Kind::Certificate, &["freshestCRL", "subjectDirectoryAttributes", "subjectInfoAccess"], PRIVATE),
    (Kind::Certificate, &["position", "sha256"], IDENTITY),
    (Kind::Certificate, &["unusualExtensions"], ORDINARY),
    (Kind::Name, &["unusualAttributes", "unusualRdns"], ORDINARY),
    (
        Kind::Name,
        &[
            "commonName",
            "countryName",
            "domainComponent",
            "givenName",
            "localityName",
            "organizationName",
            "organizationalUnitName",
            "postalCode",
            "serialNumber",
            "stateOrProvinceName",
            "streetAddress",
            "surname",
        ],
        PRIVATE,
    ),
    (Kind::Rdn, &["derSorted"], ENCODING),
    (
        Kind::TimeEncoding,
        &["hasFraction", "hasSeconds", "zulu"],
        "rfc5280/time-form-invalid asks derForm, which is all three",
    ),
    (Kind::PublicKey, &["unusedBits"], ENCODING),
    (Kind::RsaPublicKey, &["modulusOdd"], WEAK_KEY),
    (Kind::SignatureValue, &["octets", "unusedBits"], ENCODING),
    (Kind::Extension, &["octets"], ENCODING),
    (Kind::ExtKeyUsage, &["emailProtection"], PRIVATE),
    (Kind::AltName, &["directoryName", "otherName"], PRIVATE),
    (Kind::AltName, &["uniformResourceIdentifier"], PRIVATE),
    (Kind::CertificatePolicies, &["critical"], PRIVATE),
    (Kind::SubjectKeyIdentifier, &["critical"], "rfc5280/key-identifier-critical asks item.critical of both"),
    (
        Kind::AuthorityKeyIdentifier,
        &["critical"],
        "rfc5280/key-identifier-critical asks item.critical of both",
    ),
    (Kind::DistributionPoint, &["reasons"], PRIVATE),
    (Kind::InfoAccess, &["critical", "ocsp"], PRIVATE),
    (Kind::NetscapeCertType, &["critical"], PRIVATE),
    (Kind::Key, &["curve"], PRIVATE),
    (Kind::KeyMatch, &["isIssuing", "path"], IDENTITY),
    (
        Kind::Block,
        &["certificateError", "holdsCertificate"],
        "rfc5280/malformed-certificate asks the certificate",
    ),
];
