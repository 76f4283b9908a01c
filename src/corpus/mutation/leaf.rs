//! What can be wrong with the server's certificate.

use time::Duration;

use super::{
    Field::{
        Another, Around, AuthorityKeyIdentifier, BasicConstraints, Everything, ExtendedKeyUsage,
        Key as OwnKey, KeyUsage as Usage, SerialNumber, Signature, Subject, SubjectAltName,
        SubjectKeyIdentifier, Validity as Dates,
    },
    Mutation, Touch,
    Who::{Chain as Whole, Leaf, Root},
};
use crate::corpus::{Chain, Key, Role, sound_modulus};
use crate::issue::{
    Extension, GeneralName, KeyUsage, Name, Part, SignatureAlgorithm, Validity, der,
    explicit_p256_public_key, oid, rsa_public_key,
};

/// netscapeCertType.
const NETSCAPE_CERT_TYPE: &[u64] = &[2, 16, 840, 1, 113_730, 1, 1];
/// proxyCertInfo (RFC 3820).
const PROXY_CERT_INFO: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 1, 14];
/// id-ppl-inheritAll (RFC 3820).
const INHERIT_ALL: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 21, 1];
/// cRLDistributionPoints.
const CRL_DISTRIBUTION_POINTS: &[u64] = &[2, 5, 29, 31];
/// An OID that nobody knows.
pub(super) const UNKNOWN: &[u64] = &[1, 3, 6, 1, 4, 1, 99_999, 1];

/// Those of its extensions.
pub(super) const EXTENSIONS: &[Mutation] = &[
    Mutation::served(
        "aki-missing",
        &[Touch(Leaf, AuthorityKeyIdentifier)],
        &["rfc5280/authority-key-identifier-missing"],
        |chain| chain.last().remove(oid::AUTHORITY_KEY_IDENTIFIER),
    ),
    Mutation::served(
        "aki-critical",
        &[Touch(Leaf, AuthorityKeyIdentifier)],
        &["rfc5280/key-identifier-critical"],
        |chain| chain.last().set_critical(oid::AUTHORITY_KEY_IDENTIFIER, true),
    ),
    Mutation::served(
        "aki-mismatch",
        &[Touch(Leaf, AuthorityKeyIdentifier), Touch(Root, SubjectKeyIdentifier)],
        &["chain/key-identifier-mismatch"],
        |chain| chain.last().put(Extension::authority_key_identifier(&[0x55; 20])),
    ),
    Mutation::served(
        "aki-serial-mismatch",
        &[Touch(Leaf, AuthorityKeyIdentifier), Touch(Whole, SerialNumber)],
        &["chain/issuer-serial-mismatch", "rfc5280/authority-key-identifier-with-issuer"],
        |chain| authority(chain, true),
    ),
    Mutation::served(
        "aki-incomplete",
        &[Touch(Leaf, AuthorityKeyIdentifier)],
        &["rfc5280/authority-key-identifier-incomplete"],
        |chain| authority(chain, false),
    ),
    Mutation::served(
        "aki-serial-without-issuer",
        &[Touch(Leaf, AuthorityKeyIdentifier), Touch(Whole, SerialNumber)],
        &["rfc5280/authority-key-identifier-incomplete"],
        |chain| {
            let issuing = chain.issuing_at();
            let identifier = chain.members[issuing].key.private().identifier();
            let serial = &chain.members[issuing].description.serial_number;
            let parts = [der::context_primitive(0, &identifier), der::context_primitive(2, serial)];
            chain.last().put(Extension::new(oid::AUTHORITY_KEY_IDENTIFIER, der::sequence(parts)));
        },
    ),
    Mutation::served(
        "aki-issuer-mismatch",
        &[Touch(Leaf, AuthorityKeyIdentifier), Touch(Whole, SerialNumber)],
        &["chain/issuer-serial-mismatch", "rfc5280/authority-key-identifier-missing"],
        |chain| {
            let issuing = chain.issuing_at();
            let serial = chain.members[issuing].description.serial_number.clone();
            let other = Name::common("Another CA");
            chain.last().put(Extension::authority_key_identifier_by_serial(&other, &serial));
        },
    ),
    Mutation::served(
        "aki-empty",
        &[Touch(Leaf, AuthorityKeyIdentifier)],
        &["rfc5280/authority-key-identifier-empty", "rfc5280/authority-key-identifier-missing"],
        |chain| {
            let nothing = der::sequence::<[&[u8]; 0]>([]);
            chain.last().put(Extension::new(oid::AUTHORITY_KEY_IDENTIFIER, nothing));
        },
    ),
    Mutation::served(
        "leaf-subject-key-identifier-critical",
        &[Touch(Leaf, SubjectKeyIdentifier)],
        &["rfc5280/key-identifier-critical"],
        |chain| chain.last().set_critical(oid::SUBJECT_KEY_IDENTIFIER, true),
    ),
    Mutation::served(
        "leaf-purposes-empty",
        &[Touch(Leaf, ExtendedKeyUsage)],
        &["chain/extended-key-usage-without-server-auth", "rfc5280/extension-sequence-empty"],
        |chain| chain.last().put(Extension::extended_key_usage(&[])),
    ),
    Mutation::served(
        "leaf-without-server-auth",
        &[Touch(Leaf, ExtendedKeyUsage)],
        &["chain/extended-key-usage-without-server-auth"],
        |chain| chain.last().put(Extension::extended_key_usage(&[oid::CLIENT_AUTH])),
    ),
    Mutation::served(
        "leaf-key-usage-not-for-servers",
        &[Touch(Leaf, Usage)],
        &["chain/key-usage-without-tls-server"],
        |chain| chain.last().put(Extension::key_usage(&[KeyUsage::NonRepudiation])),
    ),
    Mutation::served("leaf-key-usage-empty", &[Touch(Leaf, Usage)], &["rfc5280/key-usage-empty"], |chain| {
        chain.last().put(Extension::key_usage(&[]));
    }),
    Mutation::served(
        "leaf-key-cert-sign",
        &[
            Touch(Leaf, Usage),
            Touch(Whole, BasicConstraints),
            Touch(Leaf, Subject),
            Touch(Leaf, SubjectKeyIdentifier),
        ],
        &["rfc5280/ca-key-usage-without-crl-sign", "rfc5280/key-cert-sign-on-non-ca"],
        |chain| {
            lift_path_lengths(chain);
            chain.last().put(Extension::key_usage(&[KeyUsage::DigitalSignature, KeyUsage::KeyCertSign]));
        },
    ),
    Mutation::served(
        "leaf-path-length",
        &[Touch(Leaf, BasicConstraints), Touch(Leaf, Usage)],
        &["rfc5280/path-length-on-non-ca"],
        |chain| chain.last().put(Extension::basic_constraints(false, Some(0))),
    ),
    Mutation::served(
        "leaf-netscape-type",
        &[Touch(Leaf, Another)],
        &["chain/netscape-type-without-ssl-server", "rfc5280/netscape-extension"],
        |chain| {
            let client = der::value(der::tag::BIT_STRING, &[7, 0x80]);
            chain.last().put(Extension::new(NETSCAPE_CERT_TYPE, client));
        },
    ),
    Mutation::served(
        "leaf-proxy",
        &[Touch(Leaf, Another), Touch(Leaf, SubjectAltName), Touch(Leaf, BasicConstraints)],
        &["chain/proxy-certificate-unsupported", "rfc3820/ca-or-names-in-proxy-certificate"],
        |chain| {
            let policy = der::sequence([der::oid(INHERIT_ALL)]);
            chain.last().put(Extension::new(PROXY_CERT_INFO, der::sequence([policy])).critical(true));
        },
    ),
    Mutation::served(
        "leaf-distribution-point-empty",
        &[Touch(Leaf, Another)],
        &["rfc5280/distribution-point-empty"],
        |chain| {
            let nothing = der::sequence::<[&[u8]; 0]>([]);
            chain.last().put(Extension::new(CRL_DISTRIBUTION_POINTS, der::sequence([nothing])));
        },
    ),
    Mutation::served(
        "leaf-unknown-critical-extension",
        &[Touch(Leaf, Another)],
        &["rfc5280/unknown-critical-extension"],
        |chain| chain.last().put(Extension::new(UNKNOWN, der::null()).critical(true)),
    ),
    Mutation::served(
        "leaf-duplicate-extension",
        &[Touch(Leaf, ExtendedKeyUsage)],
        &["rfc5280/duplicate-extension"],
        |chain| {
            let twice = Extension::extended_key_usage(&[oid::SERVER_AUTH]);
            chain.last().description.extensions.push(twice);
        },
    ),
    Mutation::served(
        "leaf-malformed-extension",
        &[Touch(Leaf, ExtendedKeyUsage)],
        &["rfc5280/malformed-extension"],
        |chain| chain.last().put(Extension::new(oid::EXTENDED_KEY_USAGE, der::null())),
    ),
    Mutation::served(
        "leaf-subject-alt-name-empty",
        &[Touch(Leaf, SubjectAltName), Touch(Whole, super::Field::Host), Touch(Leaf, Subject)],
        &["rfc5280/subject-alt-name-empty"],
        |chain| {
            // Without names, clients turn to the subject.
            chain.host = Some("www.good.example".to_owned());
            chain.last().put(Extension::subject_alt_name(&[]));
        },
    ),
    Mutation::served(
        "leaf-subject-empty",
        &[Touch(Leaf, Subject), Touch(Leaf, SubjectAltName)],
        &["rfc5280/empty-subject-without-critical-subject-alt-name"],
        |chain| chain.last().description.subject = Name::empty(),
    ),
    Mutation::served(
        "leaf-name-constraints",
        &[Touch(Leaf, super::Field::NameConstraints)],
        &["rfc5280/name-constraints-on-non-ca"],
        |chain| {
            let names = [GeneralName::Dns("good.example".to_owned())];
            chain.last().put(Extension::name_constraints(&names, &[]));
        },
    ),
];

/// Those of its other fields.
pub(super) const FIELDS: &[Mutation] = &[
    Mutation::served("expired", &[Touch(Leaf, Dates)], &["validity/expired"], |chain| {
        valid(chain, -130, -1);
    }),
    Mutation::served("not-yet-valid", &[Touch(Leaf, Dates)], &["validity/not-yet-valid"], |chain| {
        valid(chain, 1, 60);
    }),
    Mutation::served(
        "validity-reversed",
        &[Touch(Leaf, Dates)],
        &["rfc5280/validity-reversed", "validity/not-yet-valid"],
        |chain| valid(chain, 50, 40),
    ),
    Mutation::served("expires-soon", &[Touch(Leaf, Dates)], &["validity/expires-soon"], |chain| {
        valid(chain, -60, 10);
    }),
    Mutation::served(
        "leaf-outlives-issuer",
        &[Touch(Whole, Dates), Touch(Leaf, ExtendedKeyUsage)],
        &["chain/outlives-issuer", "tls/server-certificate-valid-too-long"],
        |chain| valid(chain, -30, 3_300),
    ),
    Mutation::served(
        "serial-number-zero",
        &[Touch(Leaf, SerialNumber)],
        &["rfc5280/serial-number-not-positive"],
        |chain| chain.last().description.serial_number = vec![0],
    ),
    Mutation::served(
        "serial-number-negative",
        &[Touch(Leaf, SerialNumber)],
        &["rfc5280/serial-number-not-positive"],
        |chain| chain.last().description.serial_number = vec![0x85, 1, 2],
    ),
    Mutation::served(
        "serial-number-too-long",
        &[Touch(Leaf, SerialNumber)],
        &["rfc5280/serial-number-too-long"],
        |chain| chain.last().description.serial_number = vec![0x41; 21],
    ),
    Mutation::served(
        "serial-number-not-minimal",
        &[Touch(Leaf, SerialNumber)],
        &["rfc5280/serial-number-not-minimal"],
        |chain| chain.last().description.serial_number = vec![0, 0x41, 1, 1],
    ),
    Mutation::served(
        "version-1-with-extensions",
        &[Touch(Leaf, Everything)],
        &["rfc5280/extensions-before-v3", "rfc5280/not-x509-v3"],
        |chain| chain.last().description.version = 1,
    ),
    Mutation::served("version-1", &[Touch(Leaf, Everything)], &["rfc5280/not-x509-v3"], |chain| {
        chain.host = Some("www.good.example".to_owned());
        chain.last().description.version = 1;
        chain.last().description.extensions.clear();
    }),
    Mutation::served(
        "leaf-signature-corrupt",
        &[Touch(Leaf, Signature)],
        &["chain/signature-invalid"],
        |chain| chain.last().is_signature_spoilt = true,
    ),
    Mutation::served(
        "issuer-key-swapped",
        &[Touch(Leaf, Signature)],
        &["chain/signature-invalid"],
        |chain| {
            let swapped = match (chain.last().description.signature_algorithm, chain.last().signer) {
                (SignatureAlgorithm::Ecdsa(_), Key::P256A) => Key::P256B,
                (SignatureAlgorithm::Ecdsa(_), _) => Key::P256A,
                (_, Key::Rsa2048A) => Key::Rsa2048B,
                _ => Key::Rsa2048A,
            };
            chain.last().description.signature_algorithm = SignatureAlgorithm::usual(swapped.private());
            chain.last().signer = swapped;
        },
    ),
    Mutation::served(
        "issuer-key-of-another-kind",
        &[Touch(Leaf, Signature)],
        &["chain/key-algorithm-mismatch", "chain/signature-invalid"],
        |chain| {
            let is_ec = matches!(chain.last().description.signature_algorithm, SignatureAlgorithm::Ecdsa(_));
            let other = if is_ec { Key::Rsa2048A } else { Key::P256A };
            chain.last().description.signature_algorithm = SignatureAlgorithm::usual(other.private());
            chain.last().signer = other;
        },
    ),
    Mutation::served("trailing-octets", &[Touch(Leaf, Around)], &["rfc5280/trailing-octets"], |chain| {
        chain.last().trailing = vec![0, 0];
    }),
    Mutation::served(
        "leaf-key-rsa-1024",
        &[Touch(Leaf, OwnKey), Touch(Leaf, SubjectKeyIdentifier)],
        &["keys/rsa-key-too-small"],
        |chain| chain.last().set_key(Key::Rsa1024),
    ),
    Mutation::served(
        "leaf-key-secp256k1",
        &[Touch(Leaf, OwnKey), Touch(Leaf, SubjectKeyIdentifier)],
        &["keys/ec-curve-unsupported"],
        |chain| chain.last().set_key(Key::Secp256k1),
    ),
    Mutation::served(
        "leaf-rsa-exponent-1",
        &[Touch(Leaf, OwnKey), Touch(Leaf, SubjectKeyIdentifier)],
        &["keys/rsa-exponent-unsafe"],
        |chain| chain.last().set_public_key(rsa_public_key(&sound_modulus(), &[1])),
    ),
    Mutation::served(
        "leaf-key-undecodable",
        &[Touch(Leaf, OwnKey), Touch(Leaf, SubjectKeyIdentifier)],
        &["keys/public-key-undecodable"],
        |chain| {
            let algorithm = der::sequence([der::oid(oid::EC), der::oid(oid::P256)]);
            chain.last().set_public_key(der::sequence([algorithm, der::bit_string(&[4, 1, 2, 3])]));
        },
    ),
    Mutation::served(
        "leaf-key-parameters-explicit",
        &[Touch(Leaf, OwnKey), Touch(Leaf, SubjectKeyIdentifier)],
        &["keys/ec-parameters-explicit"],
        |chain| {
            let key = Key::P256C.private().public_key();
            chain.last().set_public_key(explicit_p256_public_key(&key[key.len() - 65..]));
        },
    ),
    Mutation::served(
        "leaf-key-algorithm-alone",
        &[Touch(Leaf, Everything)],
        &["rfc5280/malformed-certificate"],
        |chain| {
            lift_path_lengths(chain);
            chain.last().description.set_raw(Part::SubjectPublicKeyInfo, der::null());
        },
    ),
];

/// From when until when the leaf is valid, in days from the instant: it begins 30 days before it when it is good.
fn valid(chain: &mut Chain, from: i64, until: i64) {
    let instant = chain.now();
    let day = |days| instant + Duration::days(days);
    chain.last().description.validity = Validity::between(day(from), day(until));
}

/// Takes away the limits on the path: a leaf that may be an authority counts in it.
pub(super) fn lift_path_lengths(chain: &mut Chain) {
    for member in chain.members.iter_mut().filter(|member| member.role == Role::Intermediate) {
        member.put(Extension::basic_constraints(true, None));
    }
}

/// The leaf names its issuer by key identifier and by name, and by a wrong serial number.
fn authority(chain: &mut Chain, with_serial: bool) {
    let issuing = chain.issuing_at();
    let identifier = chain.members[issuing].key.private().identifier();
    let name = chain.members[issuing].description.issuer.clone();
    let names = der::context(1, &GeneralName::Directory(name).to_der());
    let serial = if with_serial { der::context_primitive(2, &[0x11, 0x22]) } else { Vec::new() };
    let value = der::sequence([der::context_primitive(0, &identifier), names, serial]);
    chain.last().put(Extension::new(oid::AUTHORITY_KEY_IDENTIFIER, value));
}
