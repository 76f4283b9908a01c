//! Values of extensions, as they are described and as they are read: drawn, made, read, and the same.

use pemlint::corpus::{Purpose, Shape};
use pemlint::facts::Certificate;
use pemlint::facts::extension::{Decoded, Extension as Read};
use pemlint::facts::general_name::GeneralName as ReadName;
use pemlint::issue::{Extension, GeneralName, KeyUsage, Name, der};
use proptest::prelude::*;
use proptest::sample::subsequence;

use super::holds;
use super::strategy::INSTANT;

const USAGES: [KeyUsage; 9] = [
    KeyUsage::DigitalSignature,
    KeyUsage::NonRepudiation,
    KeyUsage::KeyEncipherment,
    KeyUsage::DataEncipherment,
    KeyUsage::KeyAgreement,
    KeyUsage::KeyCertSign,
    KeyUsage::CrlSign,
    KeyUsage::EncipherOnly,
    KeyUsage::DecipherOnly,
];

/// The value of an extension.
#[derive(Clone, Debug)]
enum Value {
    BasicConstraints(bool, Option<u64>),
    KeyUsage(Vec<usize>),
    ExtendedKeyUsage(Vec<Vec<u64>>),
    SubjectKeyIdentifier(Vec<u8>),
    AuthorityKeyIdentifier(Vec<u8>),
    AuthorityBySerial(String, Vec<u8>),
    SubjectAltName(Vec<GeneralName>),
    IssuerAltName(Vec<GeneralName>),
    NameConstraints(Vec<GeneralName>, Vec<GeneralName>),
}

fn octets() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 1..40)
}

fn names(addresses: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Vec<GeneralName>> {
    let name = prop_oneof![
        "[a-z0-9.*-]{0,30}".prop_map(GeneralName::Dns),
        "[a-z]{1,9}@[a-z.]{1,20}".prop_map(GeneralName::Email),
        "https://[a-z.]{1,20}/[a-z]{0,9}".prop_map(GeneralName::Uri),
        addresses.prop_map(GeneralName::Ip),
        "\\PC{1,20}".prop_map(|text| GeneralName::Directory(Name::common(&text))),
    ];
    prop::collection::vec(name, 1..6)
}

fn addresses(four: usize, sixteen: usize) -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![prop::collection::vec(any::<u8>(), four), prop::collection::vec(any::<u8>(), sixteen)]
}

fn value() -> impl Strategy<Value = Value> {
    let arcs = (0..=2_u64, 0..40_u64, prop::collection::vec(0..1_u64 << 40, 0..8));
    let arcs = arcs.prop_map(|(first, second, rest)| [vec![first, second], rest].concat());
    let subtrees = || names(addresses(8, 32));
    prop_oneof![
        (any::<bool>(), prop::option::of(0..1_u64 << 62))
            .prop_map(|(ca, length)| Value::BasicConstraints(ca, length)),
        subsequence((0..9).collect::<Vec<usize>>(), 0..=9).prop_map(Value::KeyUsage),
        prop::collection::vec(arcs, 1..5).prop_map(Value::ExtendedKeyUsage),
        octets().prop_map(Value::SubjectKeyIdentifier),
        octets().prop_map(Value::AuthorityKeyIdentifier),
        ("\\PC{1,20}", octets()).prop_map(|(issuer, serial)| Value::AuthorityBySerial(issuer, serial)),
        names(addresses(4, 16)).prop_map(Value::SubjectAltName),
        names(addresses(4, 16)).prop_map(Value::IssuerAltName),
        (subtrees(), subtrees())
            .prop_map(|(permitted, excluded)| Value::NameConstraints(permitted, excluded)),
    ]
}

impl Value {
    fn extension(&self) -> Extension {
        match self {
            Self::BasicConstraints(ca, length) => Extension::basic_constraints(*ca, *length),
            Self::KeyUsage(set) => {
                Extension::key_usage(&set.iter().map(|bit| USAGES[*bit]).collect::<Vec<_>>())
            }
            Self::ExtendedKeyUsage(purposes) => {
                Extension::extended_key_usage(&purposes.iter().map(Vec::as_slice).collect::<Vec<_>>())
            }
            Self::SubjectKeyIdentifier(octets) => Extension::subject_key_identifier(octets),
            Self::AuthorityKeyIdentifier(octets) => Extension::authority_key_identifier(octets),
            Self::AuthorityBySerial(issuer, serial) => {
                Extension::authority_key_identifier_by_serial(&Name::common(issuer), serial)
            }
            Self::SubjectAltName(names) => Extension::subject_alt_name(names),
            Self::IssuerAltName(names) => Extension::issuer_alt_name(names),
            Self::NameConstraints(permitted, excluded) => Extension::name_constraints(permitted, excluded),
        }
    }

    /// Whether an extension reads as this value.
    fn is(&self, read: &Read<'_>) -> Result<(), TestCaseError> {
        let decoded = read.decoded.as_ref().map_err(|fault| TestCaseError::fail(format!("{fault:?}")))?;
        match (self, decoded) {
            (Self::BasicConstraints(ca, length), Decoded::BasicConstraints(read)) => {
                prop_assert_eq!(read.ca, *ca);
                prop_assert_eq!(read.path_length, length.and_then(|length| i64::try_from(length).ok()));
            }
            (Self::KeyUsage(set), Decoded::KeyUsage(read)) => {
                prop_assert_eq!(read.bits, set.iter().fold(0, |bits, bit| bits | 1 << bit));
            }
            (Self::ExtendedKeyUsage(purposes), Decoded::ExtKeyUsage(read)) => {
                let told: Vec<String> = read.iter().map(ToString::to_string).collect();
                let dotted = |arcs: &Vec<u64>| arcs.iter().map(u64::to_string).collect::<Vec<_>>().join(".");
                prop_assert_eq!(told, purposes.iter().map(dotted).collect::<Vec<_>>());
            }
            (Self::SubjectKeyIdentifier(octets), Decoded::KeyIdentifier(read)) => {
                prop_assert_eq!(*read, octets.as_slice());
            }
            (Self::AuthorityKeyIdentifier(octets), Decoded::Authority(read)) => {
                prop_assert_eq!(read.key_identifier, Some(octets.as_slice()));
                prop_assert!(read.issuer.is_none() && read.serial_number.is_none());
            }
            (Self::AuthorityBySerial(issuer, serial), Decoded::Authority(read)) => {
                prop_assert_eq!(read.serial_number, Some(serial.as_slice()));
                let told = read.directory().map(|name| name.der.to_vec());
                prop_assert_eq!(told, Some(Name::common(issuer).to_der()));
            }
            (Self::SubjectAltName(names) | Self::IssuerAltName(names), Decoded::Names(read)) => {
                same_names(names, &read.iter().collect::<Vec<_>>())?;
            }
            (Self::NameConstraints(permitted, excluded), Decoded::NameConstraints(here, there)) => {
                same_names(permitted, &here.iter().map(|tree| &tree.base).collect::<Vec<_>>())?;
                same_names(excluded, &there.iter().map(|tree| &tree.base).collect::<Vec<_>>())?;
            }
            (_, other) => prop_assert!(false, "{self:?} reads as {other:?}"),
        }
        Ok(())
    }
}

fn same_names(described: &[GeneralName], read: &[&ReadName<'_>]) -> Result<(), TestCaseError> {
    let told: Vec<_> = read.iter().map(|name| (name.kind, name.content.to_vec())).collect();
    let wanted = described.iter().map(|name| match name {
        GeneralName::Email(text) => ("rfc822Name", text.as_bytes().to_vec()),
        GeneralName::Dns(text) => ("dNSName", text.as_bytes().to_vec()),
        GeneralName::Uri(text) => ("uniformResourceIdentifier", text.as_bytes().to_vec()),
        GeneralName::Ip(octets) => ("iPAddress", octets.clone()),
        GeneralName::Directory(_) => {
            let der = name.to_der();
            ("directoryName", der::read(&der).map(|(_, content, _)| content.to_vec()).unwrap_or_default())
        }
    });
    prop_assert_eq!(told, wanted.collect::<Vec<_>>());
    Ok(())
}

#[test]
fn values_of_extensions_read_back_as_they_were_described() {
    let strategy = (prop::collection::vec((value(), any::<bool>()), 1..5), "\\PC{1,30}");
    holds(512, &strategy, |(values, subject)| {
        let mut chain = Shape::plain(Purpose::Uploaded, INSTANT).chain();
        let member = chain.last();
        member.description.subject = Name::common(&subject);
        member.description.extensions =
            values.iter().map(|(value, critical)| value.extension().critical(*critical)).collect();
        let der = member.to_der().expect("it can be signed");
        let read = Certificate::read(&der);
        super::read::same_fields(&member.description, &der)?;
        let extensions = read.extensions.as_ref().expect("they are sound");
        prop_assert_eq!(extensions.len(), values.len());
        for ((value, critical), read) in values.iter().zip(extensions) {
            prop_assert_eq!(read.critical, *critical);
            value.is(read)?;
        }
        Ok(())
    });
}
