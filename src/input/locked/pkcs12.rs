//! PKCS#12 files (RFC 7292, RFC 9579): certificates and private keys in the order
//! of the file, opened with a password. Says nothing of whether a certificate or a
//! key is sound.

mod mac;
mod safe;

use std::fmt;

use zeroize::Zeroizing;

use super::{Budget, Fault, Opener, Password, Passwords, ber};
use crate::der::{Element, Reader, tag};
use crate::limits;

/// What came out of a file.
#[derive(Debug, Default)]
pub struct Opened {
    /// Certificates and keys, in the order of the file.
    pub items: Vec<Item>,
    /// Whether it does not open without a password.
    pub needs_password: bool,
}

/// A certificate or a key with what stands beside it.
#[derive(Debug)]
pub struct Item {
    /// What it is.
    pub content: ItemContent,
    /// The name that its owner gave it, as it stands there.
    pub friendly_name: Option<String>,
    /// Octets that a certificate and its key have in common.
    pub local_key_id: Option<Vec<u8>>,
}

/// What an item is.
pub enum ItemContent {
    /// DER of a certificate.
    Certificate(Vec<u8>),
    /// DER of a key in PKCS#8, and whether it was encrypted by itself.
    Key(Zeroizing<Vec<u8>>, bool),
    /// A key that the password of the file does not open.
    LockedKey(Fault),
}

impl fmt::Debug for ItemContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Certificate(der) => write!(f, "Certificate({} octets)", der.len()),
            Self::Key(..) => f.write_str("Key(not shown)"),
            Self::LockedKey(fault) => write!(f, "LockedKey({fault:?})"),
        }
    }
}

/// Content octets of `id-data` and `id-encryptedData` (1.2.840.113549.1.7).
const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
const ENCRYPTED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 6];

/// Whether a file is PKCS#12, by its first elements: version 3 and a content of PKCS#7.
/// One that is cut off is.
#[must_use]
pub fn is_pkcs12(octets: &[u8]) -> bool {
    let header = |at: usize| match octets.get(at + 1)? {
        long @ 0x81..=0x88 => Some(at + 2 + usize::from(long & 0x7f)),
        0x89.. => None,
        _ => Some(at + 2),
    };
    let begins = || {
        let version = (octets.first() == Some(&tag::SEQUENCE)).then(|| header(0))??;
        let content = octets.get(version..)?.starts_with(&[2, 1, 3]).then_some(version + 3)?;
        let oid = (octets.get(content) == Some(&tag::SEQUENCE)).then(|| header(content))??;
        Some(octets.get(oid..)?.starts_with(&[&[6, 9][..], &DATA[..8]].concat()))
    };
    begins().unwrap_or(false)
}

/// Opens a file. Without a password those that have none are opened, whether
/// their maker took no password for no octet or for an empty text.
///
/// # Errors
/// Where the password is wrong or missing, or the file is malformed, locked in a
/// way that is not known, or asks for too much.
pub fn open(der: &[u8], password: Option<&Password>) -> Result<Opened, Fault> {
    let passwords: Passwords = password.cloned().into_iter().collect();
    File::read(der)?.open(password, &passwords, &mut Budget::default())
}

/// Opens a file with the first of several passwords, or without one.
///
/// # Errors
/// As [`open`].
pub fn open_with(der: &[u8], opener: &mut Opener<'_>) -> Result<Opened, Fault> {
    let file = File::read(der)?;
    let all = opener.passwords;
    // What follows in the input is not to pay for the question whether a password is needed.
    let mut spare = Budget { steps: opener.budget.steps };
    match opener.try_each(|password, budget| file.open(Some(password), all, budget)) {
        Ok(opened) => {
            let needs_password = file.open(None, &Passwords::default(), &mut spare).is_err();
            Ok(Opened { needs_password, ..opened })
        }
        Err(fault @ (Fault::PasswordNeeded | Fault::PasswordWrong)) => {
            match file.open(None, all, &mut opener.budget) {
                Err(Fault::PasswordNeeded | Fault::PasswordWrong) => Err(fault),
                other => other,
            }
        }
        other => other,
    }
}

/// A file whose lengths are stated.
struct File {
    der: Zeroizing<Vec<u8>>,
}

impl File {
    fn read(octets: &[u8]) -> Result<Self, Fault> {
        if octets.len() > limits::CONTAINER_OCTETS {
            return Err(Fault::TooCostly(format!(
                "the file is larger than {} MiB",
                limits::CONTAINER_OCTETS >> 20
            )));
        }
        Ok(Self { der: ber::definite(octets)? })
    }

    /// Opens it with a password that its MAC is made with; for parts that have
    /// another one, all are tried.
    fn open(
        &self,
        password: Option<&Password>,
        all: &Passwords,
        budget: &mut Budget,
    ) -> Result<Opened, Fault> {
        let mut fields = Reader::of(&Reader::new(&self.der, 0, "PFX").expect(tag::SEQUENCE)?, "PFX");
        fields.expect(tag::INTEGER)?;
        let (kind, content) = content_info(&fields.expect(tag::SEQUENCE)?)?;
        if kind != DATA {
            return Err(Fault::Unsupported(super::names::name(crate::oid::Oid(kind))));
        }
        let content = octets_of(content, "authSafe")?;
        let authenticated = match fields.optional(tag::SEQUENCE)? {
            None => mac::Check::Missing,
            Some(data) => mac::check(&data, content, password, budget)?,
        };
        let mut opening = safe::Opening { password, all, budget, opened: Opened::default() };
        match opening.authenticated_safe(content) {
            // With the right password, what does not decrypt is damaged or has another one.
            Err(Fault::PasswordWrong | Fault::PasswordNeeded) if authenticated == mac::Check::Passed => {
                Err(Fault::Malformed(
                    "the password is right, but a part of the file is locked with another one or damaged"
                        .into(),
                ))
            }
            Err(fault) => Err(fault),
            Ok(()) => Ok(opening.opened),
        }
    }
}

/// Type and content of a ContentInfo (RFC 5652, 3).
fn content_info<'a>(element: &Element<'a>) -> Result<(&'a [u8], Option<Element<'a>>), Fault> {
    let mut fields = Reader::of(element, "ContentInfo");
    let kind = fields.expect(tag::OID)?.content;
    Ok((kind, fields.optional(0xa0)?))
}

/// The octets of the OCTET STRING inside `[0]`.
fn octets_of<'a>(content: Option<Element<'a>>, part: &'static str) -> Result<&'a [u8], Fault> {
    let wrapper = content.ok_or_else(|| Fault::Malformed(format!("{part} is missing")))?;
    Ok(Reader::of(&wrapper, part).expect(tag::OCTET_STRING)?.content)
}
