//! The MAC of a PKCS#12 file (RFC 7292, 4, and PBMAC1 of RFC 9579): by it a wrong
//! password is known before anything is decrypted.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use zeroize::Zeroizing;

use crate::der::{Element, Reader, tag};
use crate::input::locked::derive::Hash;
use crate::input::locked::fields::Algorithm;
use crate::input::locked::names::{self, HASHES, HMACS};
use crate::input::locked::password::wide_forms;
use crate::input::locked::scheme::{self, purpose};
use crate::input::locked::{Budget, Fault, Password};

/// What came of the check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Check {
    /// The file has no MAC.
    Missing,
    /// It is of a kind that is not known here, and says nothing.
    Unknown,
    /// The password is right and the content whole.
    Passed,
}

/// Checks `MacData` over the octets of the content.
///
/// # Errors
/// Where the password is wrong, which cannot be told from a changed content.
pub(super) fn check(
    data: &Element<'_>,
    content: &[u8],
    password: Option<&Password>,
    budget: &mut Budget,
) -> Result<Check, Fault> {
    let mut fields = Reader::of(data, "MacData");
    let mut digest = Reader::of(&fields.expect(tag::SEQUENCE)?, "DigestInfo");
    let algorithm = Algorithm::read(&mut digest)?;
    let expected = digest.expect(tag::OCTET_STRING)?.content;
    let found = if algorithm.oid.0 == names::PBMAC1 {
        pbmac1(&algorithm, content, password, budget)
    } else {
        scheme::hash(HASHES, algorithm.oid)
            .and_then(|hash| by_pkcs12(hash, &mut fields, content, password, budget))
    };
    let equals = |mac: &Vec<u8>| verify_slices_are_equal(mac, expected).is_ok();
    match found {
        Ok(macs) if macs.iter().any(equals) => Ok(Check::Passed),
        Ok(_) if password.is_some() => Err(Fault::PasswordWrong),
        Ok(_) => Err(Fault::PasswordNeeded),
        Err(Fault::Unsupported(_)) => Ok(Check::Unknown),
        Err(fault) => Err(fault),
    }
}

/// HMAC with a key from the function of PKCS#12, for each form of the password.
fn by_pkcs12(
    hash: Hash,
    fields: &mut Reader<'_>,
    content: &[u8],
    password: Option<&Password>,
    budget: &mut Budget,
) -> Result<Vec<Vec<u8>>, Fault> {
    let (salt, rounds) = scheme::salt_and_rounds(fields)?;
    let mut macs = Vec::new();
    for form in wide_forms(password) {
        budget.spend(u64::from(rounds) * hash.cost())?;
        let mut key = Zeroizing::new(vec![0; hash.length()]);
        hash.pkcs12(purpose::MAC, &form, &salt, rounds, &mut key);
        macs.push(hash.hmac(&key, content));
    }
    Ok(macs)
}

/// HMAC with a key from a function of PKCS#5; salt and rounds beside it mean nothing.
fn pbmac1(
    algorithm: &Algorithm<'_>,
    content: &[u8],
    password: Option<&Password>,
    budget: &mut Budget,
) -> Result<Vec<Vec<u8>>, Fault> {
    let mut fields = algorithm.fields("PBMAC1-params")?;
    let (derivation, salt, length) = scheme::derivation(&Algorithm::read(&mut fields)?)?;
    let hash = scheme::hash(HMACS, Algorithm::read(&mut fields)?.oid)?;
    let length = length.ok_or_else(|| Fault::Malformed("the key length of PBMAC1 is missing".into()))?;
    let length = usize::try_from(length).ok().filter(|length| (1..=64).contains(length));
    let length =
        length.ok_or_else(|| Fault::Malformed("the key length of PBMAC1 is none of a MAC".into()))?;
    let mut key = Zeroizing::new(vec![0; length]);
    derivation.fill(password.map_or(&[], Password::octets), &salt, &mut key, budget)?;
    Ok(vec![hash.hmac(&key, content)])
}
