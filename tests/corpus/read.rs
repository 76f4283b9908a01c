//! A description against the certificate that was made of it.

use pemlint::facts::Certificate;
use pemlint::issue::{Description, der};
use proptest::prelude::*;

/// Whether a certificate says what its description says.
pub(crate) fn same(description: &Description, octets: &[u8]) -> Result<(), TestCaseError> {
    let read = Certificate::read(octets);
    prop_assert!(read.malformed.is_empty(), "{:?}", read.malformed);
    let subject = read.subject.as_ref().map(|name| name.der.to_vec());
    prop_assert_eq!(subject, Ok(description.subject.to_der()));
    let issuer = read.issuer.as_ref().map(|name| name.der.to_vec());
    prop_assert_eq!(issuer, Ok(description.issuer.to_der()));
    let serial = read.serial_number.as_ref().map(|serial| serial.content);
    prop_assert_eq!(serial, Ok(description.serial_number.as_slice()));
    prop_assert_eq!(read.version, Ok(3));
    let validity = read.validity.as_ref().expect("nothing is malformed");
    let instants = [validity.not_before, validity.not_after].map(|time| time.map(|time| time.instant));
    let described = [description.validity.not_before, description.validity.not_after];
    prop_assert_eq!(instants, described.map(|time| Ok(time.at.unix_timestamp())));
    let extensions = read.extensions.as_ref().expect("nothing is malformed");
    let told: Vec<_> =
        extensions.iter().map(|one| (one.critical, one.value, one.decoded.is_ok(), one.count)).collect();
    let wanted: Vec<_> =
        description.extensions.iter().map(|one| (one.critical, one.value.as_slice(), true, 1)).collect();
    prop_assert_eq!(told, wanted);
    for (read, described) in extensions.iter().zip(&description.extensions) {
        let oid = der::oid(&described.oid);
        let at = usize::try_from(read.span.start).expect("it is an offset");
        let end = usize::try_from(read.span.end).expect("it is an offset");
        prop_assert!(octets[at..end].windows(oid.len()).any(|window| window == oid));
    }
    Ok(())
}
