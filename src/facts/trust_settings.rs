//! Trust settings that OpenSSL writes behind a certificate in blocks labelled
//! `TRUSTED CERTIFICATE` (`X509_CERT_AUX`): the purposes that it is trusted and
//! rejected for.

use crate::der::{Element, Got, Reader, tag};
use crate::limits;
use crate::oid::Oid;

/// Purposes of a trusted certificate.
#[derive(Clone, Debug, Default)]
pub struct TrustSettings<'a> {
    /// Purposes that it is trusted for; `None` where no list is written.
    pub trusted: Option<Vec<Oid<'a>>>,
    /// Purposes that it is rejected for.
    pub rejected: Vec<Oid<'a>>,
}

/// Reads the octets behind a certificate.
///
/// # Errors
/// Where they are no trust settings.
pub fn read(octets: &[u8], offset: u32) -> Got<TrustSettings<'_>> {
    let settings = Reader::new(octets, offset, "trustSettings").expect(tag::SEQUENCE)?;
    let mut fields = Reader::of(&settings, "trustSettings");
    let trusted = fields.optional(tag::SEQUENCE)?.map(|list| purposes(&list)).transpose()?;
    let rejected = fields.optional(0xa0)?.map(|list| purposes(&list)).transpose()?;
    Ok(TrustSettings { trusted, rejected: rejected.unwrap_or_default() })
}

fn purposes<'a>(list: &Element<'a>) -> Got<Vec<Oid<'a>>> {
    let mut elements = Reader::of(list, "trustSettings");
    let mut purposes = Vec::new();
    while !elements.is_empty() {
        if purposes.len() == limits::LIST_ITEMS {
            return Err(elements.fault("has more purposes than are looked at"));
        }
        purposes.push(Oid(elements.expect(tag::OID)?.content));
    }
    Ok(purposes)
}
