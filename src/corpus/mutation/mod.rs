//! Named mutations: what each changes in a good chain, what it touches, and the rules that must then fire.

mod authority;
mod forms;
mod keys;
mod leaf;
mod marks;
mod names;
mod policies;
mod pointers;
mod practice;
mod served;
mod tls;
mod uploaded;

use std::collections::BTreeSet;

use super::{Chain, Purpose};

/// Whose part is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The root.
    Root,
    /// An intermediate.
    Intermediate,
    /// The server's certificate.
    Leaf,
    /// More than one certificate, or what stands around them.
    Chain,
}

/// Which part is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// basicConstraints.
    BasicConstraints,
    /// keyUsage.
    KeyUsage,
    /// extKeyUsage.
    ExtendedKeyUsage,
    /// subjectKeyIdentifier.
    SubjectKeyIdentifier,
    /// authorityKeyIdentifier.
    AuthorityKeyIdentifier,
    /// subjectAltName.
    SubjectAltName,
    /// nameConstraints.
    NameConstraints,
    /// An extension that good chains lack.
    Another,
    /// The serial number.
    SerialNumber,
    /// The validity.
    Validity,
    /// The subject.
    Subject,
    /// The public key.
    Key,
    /// The signature and its algorithm.
    Signature,
    /// Octets around the certificate.
    Around,
    /// Which certificates are where.
    Files,
    /// The private key beside an upload.
    PrivateKey,
    /// What the client asks for.
    Host,
    /// So much that no other mutation fits beside it.
    Everything,
}

/// A part of a chain that a mutation changes or that its rules look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touch(pub Who, pub Field);

/// One thing that can be broken.
#[derive(Clone, Copy, Debug)]
pub struct Mutation {
    /// Its name.
    pub name: &'static str,
    /// The chains that it is made for.
    pub purpose: Purpose,
    /// What it touches; mutations that touch the same do not combine.
    pub touches: &'static [Touch],
    /// How many intermediates it needs.
    pub intermediates: usize,
    /// Ids of the rules that must fire, and no others.
    pub rules: &'static [&'static str],
    change: fn(&mut Chain),
}

/// Every mutation that there is, by family.
const FAMILIES: &[&[Mutation]] = &[
    authority::MUTATIONS,
    leaf::EXTENSIONS,
    leaf::FIELDS,
    forms::FIELDS,
    forms::EXTENSIONS,
    forms::OCTETS,
    keys::KEYS,
    keys::WEAK,
    keys::SIGNATURES,
    names::SUBJECTS,
    served::CONSTRAINTS,
    served::AROUND,
    tls::SERVER,
    tls::FORMS,
    practice::EXTENSIONS,
    practice::NAMES,
    practice::FIELDS,
    policies::MUTATIONS,
    marks::MUTATIONS,
    pointers::EXTENSIONS,
    pointers::NAMES,
    pointers::CHAINS,
    uploaded::MUTATIONS,
];

/// All mutations, in a fixed order.
pub fn all() -> impl Iterator<Item = &'static Mutation> {
    FAMILIES.iter().flat_map(|family| family.iter())
}

/// The mutation of a name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Mutation> {
    all().find(|mutation| mutation.name == name)
}

/// The rules that several mutations together make fire.
#[must_use]
pub fn combine(mutations: &[&Mutation]) -> BTreeSet<&'static str> {
    mutations.iter().flat_map(|mutation| mutation.rules.iter().copied()).collect()
}

impl Touch {
    fn clashes(self, other: Self) -> bool {
        let Self(who, field) = self;
        if field == Field::Everything || other.1 == Field::Everything {
            return true;
        }
        field == other.1 && (who == other.0 || who == Who::Chain || other.0 == Who::Chain)
    }
}

impl Mutation {
    const fn new(
        purpose: Purpose,
        name: &'static str,
        touches: &'static [Touch],
        rules: &'static [&'static str],
        change: fn(&mut Chain),
    ) -> Self {
        Self { name, purpose, touches, intermediates: 0, rules, change }
    }

    /// A mutation of chains that are served.
    const fn served(
        name: &'static str,
        touches: &'static [Touch],
        rules: &'static [&'static str],
        change: fn(&mut Chain),
    ) -> Self {
        Self::new(Purpose::Served, name, touches, rules, change)
    }

    /// A mutation of uploads.
    const fn uploaded(
        name: &'static str,
        touches: &'static [Touch],
        rules: &'static [&'static str],
        change: fn(&mut Chain),
    ) -> Self {
        Self::new(Purpose::Uploaded, name, touches, rules, change)
    }

    const fn needs(mut self, intermediates: usize) -> Self {
        self.intermediates = intermediates;
        self
    }

    /// Breaks a good chain.
    pub fn apply(&self, chain: &mut Chain) {
        (self.change)(chain);
    }

    /// Whether both can be done to one chain, so that the rules of both fire.
    #[must_use]
    pub fn combines_with(&self, other: &Self) -> bool {
        let clash = |touch: &Touch| other.touches.iter().any(|theirs| touch.clashes(*theirs));
        self.name != other.name && self.purpose == other.purpose && !self.touches.iter().any(clash)
    }
}
