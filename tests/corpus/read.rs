//! A description against the certificate that was made of it.

use pemlint::corpus::Member;
use pemlint::facts::Certificate;
use pemlint::issue::{Description, Time, der};
use proptest::prelude::*;

/// Whether a sound certificate says what its description says.
pub(crate) fn same(description: &Description, octets: &[u8]) -> Result<(), TestCaseError> {
    let read = Certificate::read(octets);
    prop_assert!(read.malformed.is_empty(), "{:?}", read.malformed);
    let extensions = read.extensions.as_ref().expect("nothing is malformed");
    for extension in extensions {
        prop_assert!(extension.decoded.is_ok() && extension.count == 1, "{:?}", extension);
    }
    same_fields(description, octets)
}

/// Whether a description has typed forms alone, so that what it says can be read: nothing is written raw.
pub(crate) fn is_readable(member: &Member) -> bool {
    member.description.raw.is_empty() && member.description.extensions.iter().all(|one| one.raw.is_none())
}

/// Whether every field of a certificate, sound or broken, is that of its description.
pub(crate) fn same_fields(description: &Description, octets: &[u8]) -> Result<(), TestCaseError> {
    let read = Certificate::read(octets);
    let subject = read.subject.as_ref().map(|name| name.der.to_vec());
    prop_assert_eq!(subject, Ok(description.subject.to_der()));
    let issuer = read.issuer.as_ref().map(|name| name.der.to_vec());
    prop_assert_eq!(issuer, Ok(description.issuer.to_der()));
    let serial = read.serial_number.as_ref().map(|serial| serial.content);
    prop_assert_eq!(serial, Ok(description.serial_number.as_slice()));
    let version = i64::try_from(description.version.max(1)).expect("versions are small");
    prop_assert_eq!(read.version, Ok(version));
    let validity = read.validity.as_ref().expect("it has a typed form");
    let told = [validity.not_before, validity.not_after].map(|time| time.map(|time| time.instant));
    let described = [description.validity.not_before, description.validity.not_after];
    for (told, described) in told.into_iter().zip(described) {
        // A form that RFC 5280 refuses may have no instant.
        if described.to_der() == Time::from(described.at).to_der() {
            prop_assert_eq!(told, Ok(described.at.unix_timestamp()));
        }
    }
    let outer = read.signature_algorithm.as_ref().map(|algorithm| algorithm.der.to_vec());
    prop_assert_eq!(outer, Ok(description.signature_algorithm.to_der()));
    let inner = description.inner_signature_algorithm.unwrap_or(description.signature_algorithm);
    prop_assert_eq!(read.signature.as_ref().map(|one| one.der.to_vec()), Ok(inner.to_der()));
    if let Ok(key) = &read.public_key {
        prop_assert_eq!(key.der, description.public_key.as_slice());
    }
    let extensions = read.extensions.as_ref().expect("they have typed forms");
    let told: Vec<_> = extensions.iter().map(|one| (one.critical, one.value)).collect();
    let wanted: Vec<_> = description.extensions.iter().map(|one| (one.critical, &one.value[..])).collect();
    prop_assert_eq!(told, wanted);
    for (read, described) in extensions.iter().zip(&description.extensions) {
        prop_assert_eq!(read.oid.0, &der::oid(&described.oid)[2..]);
    }
    Ok(())
}
