//! Octets to located artifacts: certificates, private keys, and every other
//! block, with damage kept as data. Knows nothing of facts or rules.

mod carrier;
mod container;
mod encoding;
pub mod key;
mod layer;
pub mod locked;
pub mod pem;
mod reading;

use std::ops::Range;

use crate::der::Span;
use crate::source::{Place, Source};
pub use carrier::may_hold;
pub use key::{KeyFormat, PrivateKey, PublicIdentity};
pub use layer::Layer;
pub use locked::container::is_java_keystore;
pub use locked::{Container, Password, Passwords, pkcs12};
pub use pem::{Armour, Damage, DamageKind};
pub use reading::{Format, Options};

/// One input read: its text and everything found in it, in order.
#[derive(Debug)]
pub struct Input {
    /// The file.
    pub source: Source,
    /// The file, and the texts found inside it: strings of JSON and YAML, what base64 holds.
    pub layers: Vec<Layer>,
    /// Every block, damaged ones and unknown ones included, in the order of the file;
    /// certificates and keys in DER are blocks without armour; none where nothing was found.
    pub blocks: Vec<Block>,
    /// Why there may be more in the file than was found: a cap of [`crate::limits`].
    pub excess: Option<&'static str>,
    /// DER of all certificates, one after another.
    der: Vec<u8>,
}

/// One block of an input.
#[derive(Debug)]
pub struct Block {
    /// The layer that it stands in; ranges of it count octets of that layer.
    pub layer: usize,
    /// Its armour in a text; `None` for DER.
    pub armour: Option<Armour>,
    /// Where the octets of a block without armour stand.
    pub octets: Range<usize>,
    /// What was found wrong with the armour, in the order of the file.
    pub damage: Vec<Damage>,
    /// What it holds.
    pub content: Content,
    /// For a certificate: how many stand before it in the input.
    pub number: Option<usize>,
    /// The container that it came out of, or that could not be opened.
    pub container: Option<Container>,
    /// Whether that container does not open without a password.
    pub needs_password: bool,
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

/// Octets of DER that stand for a certificate in a report: a line of base64 in PEM.
const FIRST_LINE: usize = 48;

impl Input {
    /// Reads a file in whatever form it is.
    #[must_use]
    pub fn read(source: Source) -> Self {
        Self::read_with(source, &Options::default())
    }

    /// The octets of a layer.
    #[must_use]
    pub fn octets(&self, layer: usize) -> &[u8] {
        self.layers[layer].octets.as_deref().map_or(&self.source.bytes, Vec::as_slice)
    }

    /// The octets of the file that stand for octets of a layer.
    #[must_use]
    pub fn in_file(&self, layer: usize, range: Range<usize>) -> Range<usize> {
        let (mut at, mut range) = (layer, range);
        while at != 0 {
            let Layer { parent, map, .. } = &self.layers[at];
            range = map.outward(self.octets(*parent), &range);
            at = *parent;
        }
        range
    }

    /// The layers that a client would be given as trust files: the file, and what carriers hold.
    pub fn trust_texts(&self) -> impl Iterator<Item = usize> {
        (0..self.layers.len()).filter(|at| !self.layers[*at].is_escaped)
    }

    /// Where a block stands in its carrier: `result[0].certificates`, or the name that its container has for it; empty
    /// in a file of blocks.
    #[must_use]
    pub fn inside<'b>(&'b self, block: &'b Block) -> &'b str {
        match (&self.layers[block.layer].path, &block.name) {
            (path, Some(name)) if path.is_empty() => name,
            (path, _) => path,
        }
    }

    /// The label of a block; empty for DER.
    #[must_use]
    pub fn label(&self, block: &Block) -> &[u8] {
        block.armour.as_ref().map_or(&[], |armour| &self.octets(block.layer)[armour.label.clone()])
    }

    /// Whether a block is labelled `TRUSTED CERTIFICATE`, so that trust settings may
    /// follow its certificate.
    #[must_use]
    pub fn has_trusted_label(&self, block: &Block) -> bool {
        self.label(block) == b"TRUSTED CERTIFICATE"
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
        let Some(armour) = &block.armour else {
            if block.layer == 0 {
                return None;
            }
            if block.container.is_some() {
                // What it holds is encrypted: nothing in it stands for an octet.
                let start = block.octets.start..block.octets.end.min(block.octets.start + FIRST_LINE);
                return Some(self.in_file(block.layer, start));
            }
            let within = |at: usize| (block.octets.start + at).min(block.octets.end);
            let inner = octets.map_or(0..FIRST_LINE, Span::range);
            return Some(self.in_file(block.layer, within(inner.start)..within(inner.end)));
        };
        let text = self.octets(block.layer);
        let range = octets
            .and_then(|span| pem::text_of(text, &armour.body, span))
            .or_else(|| pem::first_line(text, &armour.body))
            .unwrap_or_else(|| armour.begin.clone());
        Some(self.in_file(block.layer, range))
    }

    /// The octets of the file from the beginning of a block to its end; `None` in a binary file.
    #[must_use]
    pub fn whole_of(&self, block: &Block) -> Option<Range<usize>> {
        let range = match &block.armour {
            Some(armour) => armour.begin.start..armour.end.as_ref().map_or(armour.body.end, |end| end.end),
            None if block.layer == 0 => return None,
            None => block.octets.clone(),
        };
        Some(self.in_file(block.layer, range))
    }

    /// The place of the line that begins a block.
    #[must_use]
    pub fn begin_of(&self, block: &Block) -> Place {
        let begin = match &block.armour {
            Some(armour) => armour.begin.clone(),
            None if block.layer == 0 => return Place::START,
            None => block.octets.start..block.octets.start,
        };
        self.source.place(&self.in_file(block.layer, begin))
    }
}
