//! certificatePolicies with qualifiers, and what maps policies (RFC 5280, 4.2.1.4 and 4.2.1.5).

use super::{
    Extension,
    der::{self, tag},
    oid,
};

/// id-qt-cps.
const CPS: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 2, 1];
/// id-qt-unotice.
const USER_NOTICE: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 2, 2];

/// certificatePolicies of these `PolicyInformation`s.
#[must_use]
pub fn policies(information: &[Vec<u8>]) -> Extension {
    Extension::new(oid::CERTIFICATE_POLICIES, der::sequence(information))
}

/// policyMappings, critical: each the issuer's policy and the subject's.
#[must_use]
pub fn mappings(pairs: &[(&[u64], &[u64])]) -> Extension {
    let pairs = pairs.iter().map(|(issuer, subject)| der::sequence([der::oid(issuer), der::oid(subject)]));
    Extension::new(oid::POLICY_MAPPINGS, der::sequence(pairs)).critical(true)
}

/// A `PolicyInformation` with these `PolicyQualifierInfo`s; none leaves their list out.
#[must_use]
pub fn information(policy: &[u64], qualifiers: &[Vec<u8>]) -> Vec<u8> {
    let list = if qualifiers.is_empty() { Vec::new() } else { der::sequence(qualifiers) };
    der::sequence([der::oid(policy), list])
}

/// A CPS pointer.
#[must_use]
pub fn cps(uri: &str) -> Vec<u8> {
    qualifier(CPS, &der::value(tag::IA5_STRING, uri.as_bytes()))
}

/// A user notice: with a reference to a notice elsewhere or without, with a text or without.
#[must_use]
pub fn notice(refers: bool, text: Option<&[u8]>) -> Vec<u8> {
    let organization = der::value(tag::UTF8_STRING, b"Example");
    let reference = der::sequence([organization, der::sequence([der::unsigned(1)])]);
    let reference = if refers { reference } else { Vec::new() };
    qualifier(USER_NOTICE, &der::sequence([reference.as_slice(), text.unwrap_or_default()]))
}

/// A `PolicyQualifierInfo` of any kind.
#[must_use]
pub fn qualifier(identifier: &[u64], value: &[u8]) -> Vec<u8> {
    der::sequence([der::oid(identifier).as_slice(), value])
}
