//! What rules see of more than one certificate: bundles, links, keys, blocks and
//! files. Plain data that `relations` and the engine fill in; what is
//! costly is worked out once and when first asked for.

use std::cell::OnceCell;

use super::certificate::Certificate;
use super::name_constraint::{self, Violation};
use super::signature::{self, Verdict};
use super::trust_settings::{self, TrustSettings};
use crate::der::Got;
use crate::input::locked::Fault;
use crate::input::{Block, Container, Content, Damage, PrivateKey};
use crate::limits;

/// Certificates that belong together: those of one file, or of all with `--join`.
#[derive(Debug, Default)]
pub struct Bundle<'a> {
    /// The certificates, in the order of the input.
    pub certificates: Vec<Certificate<'a>>,
    /// How each stands to the others; as long as `certificates`.
    pub standings: Vec<Standing>,
    /// Who issued whom, one link for each certificate that has an issuer here,
    /// itself included.
    pub links: Vec<Link>,
    /// `none`, `root-first`, `leaf-first` or `mixed`.
    pub order: &'static str,
    /// First certificate that stands on the wrong side of its issuer for the
    /// order that most of the bundle has or the profile wants.
    pub first_out_of_order: Option<usize>,
    /// Certificates that are their own issuer, duplicates left out.
    pub roots: Vec<usize>,
    /// CAs that issued no other CA of the bundle: those that mint leaves.
    pub issuing: Vec<usize>,
    /// Keys that match a certificate of the bundle.
    pub keys: Vec<&'a KeyFacts>,
    /// Keys of the run that match nothing or cannot be compared, and containers that stay locked.
    pub unplaced_keys: usize,
    /// Whether the profile takes every certificate for a CA.
    pub every_certificate_is_ca: bool,
    /// Whether it is known what a server presents and what its client trusts.
    pub is_served: bool,
    /// Where its certificates come from.
    pub setting: Setting,
    /// The host that the client asks for, if one is known.
    pub host: Option<String>,
}

/// Where the certificates of a bundle come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Setting {
    /// They were brought, for whatever use.
    #[default]
    Brought,
    /// A server presented them; it is not known what its client trusts.
    Fetched,
    /// A trust store, in which each stands for itself.
    Store,
}

/// How a certificate stands to the others of its bundle. Numbers are places in
/// [`Bundle::certificates`].
#[derive(Debug, Default)]
pub struct Standing {
    /// An earlier certificate with the same octets.
    pub duplicate_of: Option<usize>,
    /// An earlier certificate with the same octets of issuer and serial number that
    /// is another one.
    pub shares_serial_with: Option<usize>,
    /// Candidates that have issued it, best first, itself left out.
    pub issuers: Vec<usize>,
    /// Certificates whose best candidate it is, itself left out.
    pub issued: Vec<usize>,
    /// Whether it is self-issued and no other certificate is its issuer.
    pub is_own_issuer: bool,
    /// CA certificates on the longest path below it that are not self-issued.
    pub ca_certificates_below: i64,
    /// `root`, `intermediate` or `leaf`.
    pub role: &'static str,
    /// What a server and its client have to do with it.
    pub served: Served,
    /// Whether its block is labelled `TRUSTED CERTIFICATE`, so that trust settings
    /// may follow it.
    pub has_trusted_label: bool,
    /// Its signature checked with its own key.
    own_signature: OnceCell<Verdict>,
    /// Its names that CAs above it do not allow.
    violations: OnceCell<Vec<Violation>>,
}

/// What a server and its client have to do with a certificate.
#[derive(Clone, Copy, Debug, Default)]
pub struct Served {
    /// Whether the server presents it, or a copy of it.
    pub is_presented: bool,
    /// Whether the client trusts it, or a copy of it.
    pub is_trusted: bool,
    /// Whether it is the first that the server presents.
    pub is_first: bool,
}

/// A certificate and the one that issued it.
#[derive(Debug)]
pub struct Link {
    /// The certificate that was issued.
    pub child: usize,
    /// Its issuer; the child itself for a root.
    pub issuer: usize,
    signature: OnceCell<Verdict>,
}

impl Link {
    /// A link whose signature is checked when first asked for, or was already.
    #[must_use]
    pub fn new(child: usize, issuer: usize, verdict: Option<Verdict>) -> Self {
        Self { child, issuer, signature: verdict.map_or_else(OnceCell::new, OnceCell::from) }
    }

    /// Whether the issuer's key made the child's signature.
    #[must_use]
    pub fn signature(&self, bundle: &Bundle<'_>) -> Verdict {
        *self.signature.get_or_init(|| {
            signature::verify(&bundle.certificates[self.child], &bundle.certificates[self.issuer])
        })
    }
}

impl Bundle<'_> {
    /// Whether a certificate is self-signed: self-issued, and its own key made
    /// its signature or the provider cannot tell.
    #[must_use]
    pub fn is_self_signed(&self, at: usize) -> bool {
        let certificate = &self.certificates[at];
        certificate.is_self_issued()
            && *self.standings[at].own_signature.get_or_init(|| signature::verify(certificate, certificate))
                != Verdict::Invalid
    }

    /// Whether a certificate is that of a server: the first that one presents, or
    /// where that is not known, a leaf.
    #[must_use]
    pub fn is_server(&self, at: usize) -> bool {
        let standing = &self.standings[at];
        if self.is_served || self.setting == Setting::Fetched {
            standing.served.is_first
        } else {
            standing.role == "leaf"
        }
    }

    /// Whether a CA would mint a leaf for a verdict: one that mints leaves, and none
    /// of them was brought.
    #[must_use]
    pub fn mints(&self, at: usize) -> bool {
        let is_leaf = |at: usize| self.standings[at].role == "leaf";
        let has_leaf = || is_leaf(at) || self.standings[at].issued.iter().any(|child| is_leaf(*child));
        !self.is_served && self.setting == Setting::Brought && self.issuing.contains(&at) && !has_leaf()
    }

    /// Whether a CA, or one below it, would mint a leaf for a verdict.
    #[must_use]
    pub fn leads_to_minted(&self, at: usize) -> bool {
        let mut minting = self.issuing.iter().copied().filter(|issuing| self.mints(*issuing));
        minting.any(|issuing| issuing == at || self.above(issuing).contains(&at))
    }

    /// The certificates above one, nearest first: all that can have issued it or
    /// one of them, up to [`limits::CHAIN_LENGTH`].
    #[must_use]
    pub fn above(&self, at: usize) -> Vec<usize> {
        let mut found = self.path(at, limits::CHAIN_LENGTH);
        found.remove(0);
        found
    }

    /// A certificate, then those above it, nearest first, until there are more
    /// than `most` or no others.
    #[must_use]
    pub fn path(&self, at: usize, most: usize) -> Vec<usize> {
        let mut found = vec![at];
        let mut next = 0;
        while next < found.len() && found.len() <= most {
            for issuer in &self.standings[found[next]].issuers {
                if !found.contains(issuer) {
                    found.push(*issuer);
                }
            }
            next += 1;
        }
        found
    }

    /// Names of a certificate that CAs above it do not allow.
    #[must_use]
    pub fn violations(&self, at: usize) -> &[Violation] {
        self.standings[at].violations.get_or_init(|| name_constraint::violations(self, at))
    }

    /// Trust settings behind a certificate, where its label announces them.
    ///
    /// # Errors
    /// Where they do not decode.
    pub fn trust_settings(&self, at: usize) -> Got<Option<TrustSettings<'_>>> {
        let certificate = &self.certificates[at];
        if !self.standings[at].has_trusted_label || certificate.trailing_octets() == 0 {
            return Ok(None);
        }
        let end = certificate.span.end;
        trust_settings::read(&certificate.octets[end as usize..], end).map(Some)
    }

    /// Number of different certificates.
    #[must_use]
    pub fn distinct(&self) -> usize {
        self.standings.iter().filter(|standing| standing.duplicate_of.is_none()).count()
    }
}

/// What is known of a private key and of the certificates it belongs to.
#[derive(Debug)]
pub struct KeyFacts {
    /// The key.
    pub key: PrivateKey,
    /// File that holds it, as reports show it.
    pub path: String,
    /// The container that holds it, if one does.
    pub container: Option<Container>,
    /// Whether the file holds a certificate too and is no container.
    pub beside_certificate: bool,
    /// Certificates of all inputs that have its public key.
    pub matches: Vec<KeyMatch>,
    /// Whether there were certificates to compare it with, and it could be compared.
    pub comparable: bool,
}

/// A certificate that a private key belongs to.
#[derive(Clone, Debug)]
pub struct KeyMatch {
    /// File of the certificate.
    pub path: String,
    /// Its place among the certificates of that file, from 0.
    pub certificate: usize,
    /// Its subject as text.
    pub subject: String,
    /// Whether it is the one that mints leaves.
    pub is_issuing: bool,
}

/// What rules see of a file.
#[derive(Debug)]
pub struct FileFacts {
    /// Name that reports show.
    pub path: String,
    /// Permission bits, where the system has them.
    pub mode: Option<u32>,
    /// Octets.
    pub size: usize,
    /// Blocks, damaged ones included.
    pub blocks: usize,
    /// Blocks labelled as certificates, and DER certificates.
    pub certificates: usize,
    /// Blocks labelled as private keys, and DER keys.
    pub private_keys: usize,
    /// Whether it is what a client trusts.
    pub is_trusted: bool,
    /// Whether it has a PEM boundary.
    pub is_pem: bool,
    /// The container that it is, if it is one.
    pub container: Option<Container>,
    /// Whether the container does not open without a password.
    pub needs_password: bool,
    /// The encoding of its text.
    pub encoding: &'static str,
    /// Labels of its blocks, with commas, where it holds neither certificates nor keys.
    pub labels: String,
}

/// What rules see of a block.
#[derive(Clone, Copy, Debug)]
pub struct BlockFacts<'a> {
    /// The block.
    pub block: &'a Block,
    /// Its label; empty for binary files.
    pub label: &'a str,
    /// DER of the certificate it holds, if it holds one.
    pub certificate: Option<&'a [u8]>,
}

impl BlockFacts<'_> {
    /// What is wrong with its armour.
    #[must_use]
    pub fn damage(&self) -> &[Damage] {
        &self.block.damage
    }

    /// Why the container that it stands for was not opened.
    #[must_use]
    pub fn lock(&self) -> Option<&Fault> {
        match &self.block.content {
            Content::Locked(fault) => Some(fault),
            _ => None,
        }
    }
}
