//! Octets to located artifacts: certificates, private keys, and every other
//! block, with damage kept as data. Knows nothing of facts or rules.

pub mod key;
pub mod pem;

use std::ops::Range;

use zeroize::{Zeroize as _, Zeroizing};

use crate::der::Span;
use crate::limits;
use crate::source::{Place, Source};
pub use key::{KeyFormat, PrivateKey, PublicIdentity};
pub use pem::{Armour, Damage, DamageKind};

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
    /// Anything else: certificate requests, lists, parameters, unknown labels.
    Other,
}

impl Input {
    /// Reads a file: PEM blocks wherever they stand, else one certificate or key in DER.
    #[must_use]
    pub fn read(source: Source) -> Self {
        let mut input = Self { source, blocks: Vec::new(), der: Vec::new(), certificates: 0 };
        let armours = pem::scan(&input.source.bytes);
        if armours.is_empty() {
            input.read_binary();
            return input;
        }
        input.der.reserve(input.source.bytes.len() / 4 * 3);
        for (armour, damage) in armours {
            input.read_block(armour, damage);
        }
        pem::tell_once(input.blocks.iter_mut().map(|block| &mut block.damage));
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

    fn read_block(&mut self, armour: Armour, mut damage: Vec<Damage>) {
        let text = &self.source.bytes[armour.body.clone()];
        let content = match armour.kind() {
            pem::Kind::Other => {
                let mut decoded = Zeroizing::new(Vec::new());
                let found = pem::decode(text, armour.body.start, &mut decoded);
                pem::settle_other(&self.source.bytes, &armour, &mut damage, found, &decoded);
                Content::Other
            }
            pem::Kind::Certificate => {
                let start = self.der.len();
                let found = pem::decode(text, armour.body.start, &mut self.der);
                let der = &self.der[start..];
                let mut is_kept = pem::settle(&self.source.bytes, &armour, &mut damage, found, der);
                if is_kept && der.len() > limits::DER_OCTETS {
                    damage.push(pem::oversized(&armour));
                    is_kept = false;
                }
                if is_kept {
                    Content::Certificate(start..self.der.len())
                } else {
                    // It may be a key.
                    self.der[start..].zeroize();
                    self.der.truncate(start);
                    Content::UndecodedCertificate
                }
            }
            pem::Kind::Key(format) => {
                let (key, fault) = key::from_pem(format, text, armour.body.start);
                let is_malformed = !key.malformed.is_empty();
                pem::settle_key(&self.source.bytes, &armour, &mut damage, fault, is_malformed);
                Content::Key(Box::new(key))
            }
        };
        self.push(Some(armour), damage, content);
    }

    fn push(&mut self, armour: Option<Armour>, damage: Vec<Damage>, content: Content) {
        let is_certificate = matches!(content, Content::Certificate(_));
        let number = is_certificate.then_some(self.certificates);
        self.certificates += usize::from(is_certificate);
        self.blocks.push(Block { armour, damage, content, number });
    }

    fn read_binary(&mut self) {
        let octets = &self.source.bytes;
        if octets.first() != Some(&0x30) || octets.len() > limits::DER_OCTETS {
            return;
        }
        let content = if let Some(key) = key::from_der(&Zeroizing::new(octets.to_vec())) {
            Content::Key(Box::new(key))
        } else if looks_like_certificate(octets) {
            self.der.extend_from_slice(octets);
            Content::Certificate(0..self.der.len())
        } else {
            return;
        };
        self.push(None, Vec::new(), content);
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
