//! The description of a chain: its certificates, how they are arranged, and what else a file of it holds.

use time::OffsetDateTime;

use super::Key;
use crate::issue::{Description, Extension, Name, SignatureAlgorithm, oid};

/// What a chain is for, which decides its files and the profile it is judged under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// A server sends it to a client that trusts its root.
    Served,
    /// The certificates of an authority with its private key, to be uploaded to a gateway.
    Uploaded,
}

/// The place of a certificate in its chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Self-signed, at the top.
    Root,
    /// An authority below it.
    Intermediate,
    /// The server's certificate.
    Leaf,
}

/// One certificate of a chain before it is signed.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its place.
    pub role: Role,
    /// Its own key.
    pub key: Key,
    /// The key that signs it.
    pub signer: Key,
    /// What it says.
    pub description: Description,
    /// Octets that follow it.
    pub trailing: Vec<u8>,
    /// Whether its signature is spoilt.
    pub is_signature_spoilt: bool,
}

/// A fault in the text of the first file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Armour {
    /// None.
    Sound,
    /// A character that is no base64 in the last body.
    BadCharacter,
    /// The first END line and the next BEGIN line are one.
    Glued,
    /// Four hyphens behind the last BEGIN.
    Misspelt,
    /// A blank stands in front of the last BEGIN.
    Indented,
    /// A blank line in the last body.
    BlankLine,
    /// The last END line is missing.
    WithoutEnd,
    /// A block with a label that nobody knows follows.
    UnknownLabel,
    /// The private key follows.
    WithKey,
}

/// How the second file is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// PEM.
    Pem,
    /// DER of its first certificate.
    Der,
    /// No octets.
    Empty,
    /// PEM, labelled `TRUSTED CERTIFICATE`, with these trust settings behind each certificate.
    Settings(Vec<u8>),
}

/// A chain: which certificates there are, and which file holds which of them.
#[derive(Clone, Debug)]
pub struct Chain {
    /// What it is for.
    pub purpose: Purpose,
    /// The certificates from the root down; mutations may add strangers behind.
    pub members: Vec<Member>,
    /// Which of them the chain file holds, in its order.
    pub presented: Vec<usize>,
    /// Which of them the trust file holds; empty for an upload.
    pub trusted: Vec<usize>,
    /// The name or address that the client asks for; `None` for an upload.
    pub host: Option<String>,
    /// Text of the key file; `None` for a chain that is served.
    pub key: Option<String>,
    /// A fault of the chain file's text.
    pub armour: Armour,
    /// Form of the trust file.
    pub trust_form: Form,
    /// How many certificates the chain proper has; strangers come behind.
    pub length: usize,
    /// The instant at which it is good, seconds since 1970.
    pub instant: i64,
}

impl Chain {
    /// The root.
    pub fn root(&mut self) -> &mut Member {
        &mut self.members[0]
    }

    /// Place of the authority that issues servers' certificates.
    #[must_use]
    pub fn issuing_at(&self) -> usize {
        match self.purpose {
            Purpose::Served => self.length - 2,
            Purpose::Uploaded => self.length - 1,
        }
    }

    /// The authority that issues servers' certificates.
    pub fn issuing(&mut self) -> &mut Member {
        let at = self.issuing_at();
        &mut self.members[at]
    }

    /// The last certificate of the chain: the server's, or the issuing authority of an upload.
    pub fn last(&mut self) -> &mut Member {
        &mut self.members[self.length - 1]
    }

    /// The instant at which the chain is good.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(self.instant).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// Whether servers and clients load the files, whatever they make of the certificates then.
    #[must_use]
    pub fn is_loadable(&self) -> bool {
        matches!(self.armour, Armour::Sound | Armour::UnknownLabel | Armour::WithKey)
            && matches!(self.trust_form, Form::Pem | Form::Settings(_))
    }

    /// A key that none of its certificates has.
    ///
    /// # Panics
    /// Never: chains have fewer keys than there are to choose from.
    #[must_use]
    pub fn foreign_key(&self) -> Key {
        let mut keys = [Key::P384, Key::P521, Key::P256A, Key::P256B, Key::P256C, Key::P256D].into_iter();
        let is_foreign = |key: &Key| self.members.iter().all(|member| member.key != *key);
        keys.find(is_foreign).expect("a chain has five keys at most")
    }

    /// Adds a self-signed root that has nothing to do with the chain to its members, and tells its place.
    pub fn stranger(&mut self, subject: &Name) -> usize {
        let key = self.foreign_key();
        let mut stranger = self.members[0].clone();
        stranger.description.subject = subject.clone();
        stranger.description.issuer = subject.clone();
        stranger.set_key(key);
        stranger.sign_by(key);
        self.members.push(stranger);
        self.members.len() - 1
    }

    /// Puts so many authorities between the issuing one and the leaf; all have the key of the issuing one.
    pub fn lengthen(&mut self, by: usize) {
        let issuing = self.members[self.issuing_at()].clone();
        let mut leaf = self.members.remove(self.length - 1);
        let mut above = issuing.description.subject.clone();
        for number in 0..by {
            let mut link = issuing.clone();
            link.role = Role::Intermediate;
            link.description.issuer = above;
            link.description.subject = Name::common(&format!("Link {number}"));
            link.put(Extension::authority_key_identifier(&issuing.key.private().identifier()));
            link.sign_by(issuing.key);
            above = link.description.subject.clone();
            self.members.push(link);
        }
        leaf.description.issuer = above;
        self.members.push(leaf);
        self.length += by;
        self.presented = (1..self.length).rev().collect();
    }

    /// Gives a certificate another subject, and the issuer's name to what it signs.
    pub fn rename(&mut self, at: usize, subject: &Name) {
        self.members[at].description.subject = subject.clone();
        if at == 0 {
            self.members[0].description.issuer = subject.clone();
        }
        if at + 1 < self.length {
            self.members[at + 1].description.issuer = subject.clone();
        }
    }

    /// Gives a certificate another key: its identifiers follow, and what it signs.
    pub fn rekey(&mut self, at: usize, key: Key) {
        self.members[at].set_key(key);
        if at == 0 {
            self.members[0].sign_by(key);
        }
        if at + 1 < self.length {
            self.members[at + 1].sign_by(key);
        }
    }
}

impl Member {
    /// Puts an extension in the place of the one with its OID, or at the end.
    pub fn put(&mut self, extension: Extension) {
        self.description.put(extension);
    }

    /// Takes an extension away.
    pub fn remove(&mut self, oid: &[u64]) {
        self.description.remove(oid);
    }

    /// Makes an extension critical or not.
    ///
    /// # Panics
    /// Without such an extension: good chains have those that mutations ask for.
    pub fn set_critical(&mut self, oid: &[u64], critical: bool) {
        self.description.extension_mut(oid).expect("good chains have it").critical = critical;
    }

    /// Takes a key as its own, with its identifier.
    pub fn set_key(&mut self, key: Key) {
        self.key = key;
        self.set_public_key(key.private().public_key().to_vec());
    }

    /// Says another `SubjectPublicKeyInfo`, with its identifier.
    pub fn set_public_key(&mut self, public_key: Vec<u8>) {
        self.description.public_key = public_key;
        let identifier = self.description.key_identifier();
        if let Some(extension) = self.description.extension_mut(oid::SUBJECT_KEY_IDENTIFIER) {
            *extension = Extension::subject_key_identifier(&identifier);
        }
    }

    /// Is signed by a key, with its identifier and its usual algorithm.
    pub fn sign_by(&mut self, key: Key) {
        self.signer = key;
        self.description.signature_algorithm = SignatureAlgorithm::usual(key.private());
        if let Some(extension) = self.description.extension_mut(oid::AUTHORITY_KEY_IDENTIFIER) {
            *extension = Extension::authority_key_identifier(&key.private().identifier());
        }
    }
}
