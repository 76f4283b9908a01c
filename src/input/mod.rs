//! Octets to located artifacts: certificates, private keys, and every other
//! block, with damage kept as data. Knows nothing of facts or rules.

pub mod key;
pub mod locked;
pub mod pem;

use std::ops::Range;

use zeroize::Zeroizing;

use crate::der::Span;
use crate::limits;
use crate::source::{Place, Source};
pub use key::{KeyFormat, PrivateKey, PublicIdentity};
use locked::Opener;
pub use locked::container::is_java_keystore;
pub use locked::{Container, Password, Passwords, pkcs12};
pub use pem::{Armour, Damage, DamageKind};

/// How inputs are read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Passwords, all of which are tried on everything that is locked.
    pub passwords: Passwords,
}

/// One input read: its text and everything found in it, in order.
#[derive(Debug)]
pub struct Input {
    /// The file.
    pub source: Source,
    /// Every block, damaged ones and unknown ones included; one for a binary file
    /// that holds a certificate or key; none where nothing was found.
    pub blocks: Vec<Block>,
    /// DER of all certificates, one after another.
    der: Vec<u8>,
    certificates: usize,
}

/// One block of an input.
#[derive(Debug)]
pub struct Block {
    /// Its armour in a PEM file; `None` for a binary file.
    pub armour: Option<Armour>,
    /// What was found wrong with the armour, in the order of the file.
    pub damage: Vec<Damage>,
    /// What it holds.
    pub content: Content,
    /// For a certificate: how many stand before it in the input.
    pub number: Option<usize>,
    /// The container that it came out of, or that could not be opened.
    pub container: Option<Container>,
    /// The name that a container has for it.
    pub name: Option<String>,
}

/// What a block holds.
#[derive(Debug)]
pub enum Content {
    /// A certificate, or octets that were labelled as one: where they stand
    /// among the decoded octets of the input.
    Certificate(Range<usize>),
    /// A private key.
    Key(Box<PrivateKey>),
    /// A certificate whose text could not be decoded.
    UndecodedCertificate,
    /// A container that was not opened.
    Locked(locked::Fault),
    /// Anything else: certificate requests, lists, parameters, unknown labels.
    Other,
}

impl Input {
    /// Reads a file with no password: PEM blocks wherever they stand, else one
    /// certificate or key in DER, or a container of them.
    #[must_use]
    pub fn read(source: Source) -> Self {
        Self::read_with(source, &Options::default())
    }

    /// Reads a file.
    #[must_use]
    pub fn read_with(source: Source, options: &Options) -> Self {
        let mut opener = Opener::new(&options.passwords);
        let mut input = Self { source, blocks: Vec::new(), der: Vec::new(), certificates: 0 };
        let armours = pem::scan(&input.source.bytes);
        if armours.is_empty() {
            input.read_binary(&mut opener);
            return input;
        }
        input.der.reserve(input.source.bytes.len() / 4 * 3);
        for (armour, damage) in armours {
            input.read_block(armour, damage, &mut opener);
        }
        input
    }

    /// Whether a block is labelled `TRUSTED CERTIFICATE`, so that trust settings may
    /// follow its certificate.
    #[must_use]
    pub fn has_trusted_label(&self, block: &Block) -> bool {
        let label = block.armour.as_ref().map(|armour| &self.source.bytes[armour.label.clone()]);
        label == Some(b"TRUSTED CERTIFICATE")
    }

    /// DER of the certificate of a block, if it holds one.
    #[must_use]
    pub fn certificate(&self, block: &Block) -> Option<&[u8]> {
        match &block.content {
            Content::Certificate(range) => Some(&self.der[range.clone()]),
            _ => None,
        }
    }

    /// Whether the input holds a PEM boundary, a certificate or a key.
    #[must_use]
    pub fn has_anything(&self) -> bool {
        !self.blocks.is_empty()
    }

    /// The octets of the file that encode octets of the certificate which `block`
    /// holds; without these, the first line of its base64 text. `None` in a binary file.
    #[must_use]
    pub fn range_of(&self, block: &Block, octets: Option<Span>) -> Option<Range<usize>> {
        let armour = block.armour.as_ref()?;
        let range = octets
            .and_then(|span| pem::text_of(&self.source.bytes, &armour.body, span))
            .or_else(|| pem::first_line(&self.source.bytes, &armour.body))
            .unwrap_or_else(|| armour.begin.clone());
        Some(range)
    }

    /// The place of the line that begins a block.
    #[must_use]
    pub fn begin_of(&self, block: &Block) -> Place {
        block.armour.as_ref().map_or(Place::START, |armour| self.source.place(&armour.begin))
    }

    fn read_block(&mut self, armour: Armour, mut damage: Vec<Damage>, opener: &mut Opener<'_>) {
        let text = &self.source.bytes[armour.body.clone()];
        let content = match armour.kind() {
            pem::Kind::Other => {
                let mut decoded = Zeroizing::new(Vec::new());
                damage.extend(pem::decode(text, armour.body.start, &mut decoded).err());
                Content::Other
            }
            pem::Kind::Certificate => {
                let start = self.der.len();
                match pem::decode(text, armour.body.start, &mut self.der) {
                    Ok(()) if self.der.len() - start <= limits::DER_OCTETS => {
                        Content::Certificate(start..self.der.len())
                    }
                    Ok(()) => {
                        self.der.truncate(start);
                        damage.push(pem::oversized(&armour));
                        Content::UndecodedCertificate
                    }
                    Err(fault) => {
                        self.der.truncate(start);
                        damage.push(fault);
                        Content::UndecodedCertificate
                    }
                }
            }
            pem::Kind::Key(format) => {
                let (key, fault) = key::from_pem(format, text, armour.body.start, opener);
                damage.extend(fault);
                Content::Key(Box::new(key))
            }
        };
        if armour.kind() == pem::Kind::Certificate {
            damage.extend(pem::blank_line(&self.source.bytes, &armour.body));
        }
        self.push(Some(armour), damage, content);
    }

    fn push(&mut self, armour: Option<Armour>, damage: Vec<Damage>, content: Content) {
        let is_certificate = matches!(content, Content::Certificate(_));
        let number = is_certificate.then_some(self.certificates);
        self.certificates += usize::from(is_certificate);
        self.blocks.push(Block { armour, damage, content, number, container: None, name: None });
    }

    fn read_binary(&mut self, opener: &mut Opener<'_>) {
        if let Some(container) = Container::of(&self.source.bytes) {
            return self.read_container(container, opener);
        }
        let octets = &self.source.bytes;
        if octets.first() != Some(&0x30) || octets.len() > limits::DER_OCTETS {
            return;
        }
        let content = if let Some(key) = key::from_der(&Zeroizing::new(octets.to_vec()), opener) {
            Content::Key(Box::new(key))
        } else if looks_like_certificate(octets) {
            self.der.extend_from_slice(octets);
            Content::Certificate(0..self.der.len())
        } else {
            return;
        };
        self.push(None, Vec::new(), content);
    }

    /// The certificates and keys of a container, each a block without armour.
    fn read_container(&mut self, container: Container, opener: &mut Opener<'_>) {
        let opened = match container {
            Container::Pkcs12 => pkcs12::open_with(&self.source.bytes, opener),
            Container::Jks | Container::Jceks => {
                Err(locked::Fault::Unsupported(container.title().to_owned()))
            }
        };
        let first = self.blocks.len();
        match opened {
            Err(fault) => self.push(None, Vec::new(), Content::Locked(fault)),
            Ok(opened) => opened.items.into_iter().for_each(|item| self.push_item(item)),
        }
        self.blocks[first..].iter_mut().for_each(|block| block.container = Some(container));
    }

    fn push_item(&mut self, item: pkcs12::Item) {
        use pkcs12::ItemContent;
        let content = match item.content {
            ItemContent::Certificate(der) => {
                let start = self.der.len();
                self.der.extend_from_slice(&der);
                Content::Certificate(start..self.der.len())
            }
            ItemContent::Key(der, false) => Content::Key(Box::new(key::plain(&der))),
            ItemContent::Key(der, true) => Content::Key(Box::new(key::opened(KeyFormat::Pkcs8, Ok(der)))),
            ItemContent::LockedKey(fault) => {
                Content::Key(Box::new(key::opened(KeyFormat::Pkcs8, Err(fault))))
            }
        };
        self.push(None, Vec::new(), content);
        self.blocks.last_mut().expect("one was pushed").name = item.friendly_name;
    }
}

/// A SEQUENCE whose first element is a SEQUENCE: `Certificate` and `tbsCertificate`.
/// Requests and revocation lists begin alike, so the version or serial number decides.
fn looks_like_certificate(octets: &[u8]) -> bool {
    use crate::der::{Reader, tag};
    let inner = || {
        let outer = Reader::new(octets, 0, "certificate").expect(tag::SEQUENCE).ok()?;
        let tbs = Reader::of(&outer, "tbsCertificate").expect(tag::SEQUENCE).ok()?;
        let mut fields = Reader::of(&tbs, "version");
        let first = fields.any().ok()?;
        let second = fields.any().ok()?;
        let third = fields.any().ok()?;
        Some(match first.tag {
            0xa0 => second.tag == tag::INTEGER,
            // Version 1: serial number, algorithm, issuer, then the validity, of two times.
            tag::INTEGER => {
                second.tag == tag::SEQUENCE && third.tag == tag::SEQUENCE && {
                    let fourth = fields.any().ok()?;
                    let time = Reader::of(&fourth, "validity").peek();
                    matches!(time, Some(tag::UTC_TIME | tag::GENERALIZED_TIME))
                }
            }
            _ => false,
        })
    };
    inner().unwrap_or(false)
}
