//! The safes of a PKCS#12 file and the bags in them (RFC 7292, 4).

use zeroize::Zeroizing;

use super::{DATA, ENCRYPTED_DATA, Item, ItemContent, Opened, content_info, octets_of};
use crate::der::{Element, Reader, tag};
use crate::input::locked::fields::Algorithm;
use crate::input::locked::scheme::{Scheme, is_sequence};
use crate::input::locked::{Budget, Fault, Password, Passwords, ber, names};
use crate::limits;
use crate::oid::Oid;

/// Bags by the last octet of their identifier, 1.2.840.113549.1.12.10.1.
const BAGS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 10, 1];
/// x509Certificate, 1.2.840.113549.1.9.22.1.
const X509_CERTIFICATE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 22, 1];
/// friendlyName and localKeyId, 1.2.840.113549.1.9.20 and 21.
const FRIENDLY_NAME: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 20];
const LOCAL_KEY_ID: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 21];

/// Safes that may stand inside one another.
const DEPTH: usize = 8;

/// A file while its safes are opened.
pub(super) struct Opening<'o> {
    /// The one that the MAC is made with, which is tried first.
    pub(super) password: Option<&'o Password>,
    pub(super) all: &'o Passwords,
    pub(super) budget: &'o mut Budget,
    pub(super) opened: Opened,
}

impl Opening<'_> {
    /// Opens every safe.
    pub(super) fn authenticated_safe(&mut self, octets: &[u8]) -> Result<(), Fault> {
        let der = ber::definite(octets)?;
        let mut safes = Reader::of(
            &Reader::new(&der, 0, "AuthenticatedSafe").expect(tag::SEQUENCE)?,
            "AuthenticatedSafe",
        );
        while !safes.is_empty() {
            let (kind, content) = content_info(&safes.expect(tag::SEQUENCE)?)?;
            match kind {
                DATA => self.safe_contents(octets_of(content, "SafeContents")?, 0)?,
                ENCRYPTED_DATA => {
                    let plain = self.encrypted(content)?;
                    self.safe_contents(&plain, 0)?;
                }
                other => return Err(Fault::Unsupported(names::name(Oid(other)))),
            }
        }
        Ok(())
    }

    /// Decrypts an EncryptedData (RFC 5652, 8).
    fn encrypted(&mut self, content: Option<Element<'_>>) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let missing = || Fault::Malformed("EncryptedData is missing".into());
        let outer = Reader::of(&content.ok_or_else(missing)?, "EncryptedData").expect(tag::SEQUENCE)?;
        let mut fields = Reader::of(&outer, "EncryptedData");
        fields.expect(tag::INTEGER)?;
        let mut info = Reader::of(&fields.expect(tag::SEQUENCE)?, "EncryptedContentInfo");
        info.expect(tag::OID)?;
        let scheme = Scheme::read(&Algorithm::read(&mut info)?)?;
        let text = match (info.optional(0x80)?, info.optional(0xa0)?) {
            (Some(whole), _) => Zeroizing::new(whole.content.to_vec()),
            (None, Some(pieces)) => ber::joined(pieces.content)?,
            (None, None) => return Err(Fault::Malformed("encryptedContent is missing".into())),
        };
        self.unlock(&scheme, &text, begins_sequence)
    }

    /// Decrypts a part with the password of the file, else with another one or none.
    fn unlock(
        &mut self,
        scheme: &Scheme,
        text: &[u8],
        accepts: fn(&[u8]) -> bool,
    ) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let others = self.all.iter().map(Some).chain([None]).filter(|other| *other != self.password);
        for password in [self.password].into_iter().chain(others) {
            match scheme.open(password, text, self.budget, accepts) {
                Err(Fault::PasswordWrong | Fault::PasswordNeeded) => {}
                other => return other,
            }
        }
        Err(if self.all.is_empty() { Fault::PasswordNeeded } else { Fault::PasswordWrong })
    }

    fn safe_contents(&mut self, octets: &[u8], depth: usize) -> Result<(), Fault> {
        if depth > DEPTH {
            return Err(Fault::Malformed("safes stand inside one another too deeply".into()));
        }
        let der = ber::definite(octets)?;
        let mut bags =
            Reader::of(&Reader::new(&der, 0, "SafeContents").expect(tag::SEQUENCE)?, "SafeContents");
        while !bags.is_empty() {
            let bag = bags.expect(tag::SEQUENCE)?;
            self.bag(&bag, depth)?;
        }
        Ok(())
    }

    fn bag(&mut self, bag: &Element<'_>, depth: usize) -> Result<(), Fault> {
        let mut fields = Reader::of(bag, "SafeBag");
        let kind = fields.expect(tag::OID)?.content;
        let value = fields.expect(0xa0)?;
        let content = match kind.strip_prefix(BAGS) {
            Some([1]) => Some(ItemContent::Key(Zeroizing::new(value.content.to_vec()), false)),
            Some([2]) => Some(self.shrouded_key(&value)?),
            Some([3]) => certificate(&value)?,
            Some([6]) => return self.safe_contents(value.content, depth + 1),
            // Revocation lists, secrets and bags of others.
            _ => None,
        };
        let (friendly_name, local_key_id) = match fields.optional(tag::SET)? {
            Some(attributes) => attributes_of(&attributes)?,
            None => (None, None),
        };
        if let Some(content) = content {
            if self.opened.items.len() >= limits::CONTAINER_ITEMS {
                return Err(Fault::TooCostly(format!(
                    "the file holds more than {} certificates and keys",
                    limits::CONTAINER_ITEMS
                )));
            }
            self.opened.items.push(Item { content, friendly_name, local_key_id });
        }
        Ok(())
    }

    /// A key that is encrypted by itself. One that has another password leaves the
    /// rest of the file as good as it is.
    fn shrouded_key(&mut self, value: &Element<'_>) -> Result<ItemContent, Fault> {
        let outer = Reader::of(value, "EncryptedPrivateKeyInfo").expect(tag::SEQUENCE)?;
        let mut fields = Reader::of(&outer, "EncryptedPrivateKeyInfo");
        let algorithm = Algorithm::read(&mut fields)?;
        let text = fields.expect(tag::OCTET_STRING)?.content;
        let opened = Scheme::read(&algorithm).and_then(|scheme| self.unlock(&scheme, text, is_sequence));
        Ok(opened.map_or_else(ItemContent::LockedKey, |der| ItemContent::Key(der, true)))
    }
}

/// Whether octets may be the content of a safe, whose length may be stated by an end mark.
fn begins_sequence(octets: &[u8]) -> bool {
    is_sequence(octets) || octets.starts_with(&[tag::SEQUENCE, 0x80])
}

/// The certificate in a bag; `None` for kinds that are not X.509.
fn certificate(value: &Element<'_>) -> Result<Option<ItemContent>, Fault> {
    let mut fields = Reader::of(&Reader::of(value, "CertBag").expect(tag::SEQUENCE)?, "CertBag");
    let kind = fields.expect(tag::OID)?.content;
    let octets = octets_of(fields.optional(0xa0)?, "certValue")?;
    if octets.len() > limits::DER_OCTETS {
        return Err(Fault::TooCostly(format!("a certificate has more than {} octets", limits::DER_OCTETS)));
    }
    Ok((kind == X509_CERTIFICATE).then(|| ItemContent::Certificate(octets.to_vec())))
}

type Attributes = (Option<String>, Option<Vec<u8>>);

/// Friendly name and key identifier among attributes.
fn attributes_of(set: &Element<'_>) -> Result<Attributes, Fault> {
    let (mut name, mut identifier) = (None, None);
    let mut attributes = Reader::of(set, "bagAttributes");
    while !attributes.is_empty() {
        let mut fields = Reader::of(&attributes.expect(tag::SEQUENCE)?, "bagAttributes");
        let kind = fields.expect(tag::OID)?.content;
        let mut values = Reader::of(&fields.expect(tag::SET)?, "attrValues");
        match (kind, values.optional(tag::BMP_STRING)?, values.optional(tag::OCTET_STRING)?) {
            (FRIENDLY_NAME, Some(text), _) => {
                let units = text.content.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
                name = Some(
                    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect(),
                );
            }
            (LOCAL_KEY_ID, _, Some(octets)) => identifier = Some(octets.content.to_vec()),
            _ => {}
        }
    }
    Ok((name, identifier))
}
