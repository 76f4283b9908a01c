//! The shape of a good chain: the few choices that make good chains differ.

use std::collections::BTreeMap;
use std::net::IpAddr;

use time::{Duration, OffsetDateTime};

use super::{Armour, Chain, Form, Key, Member, Purpose, Role};
use crate::issue::{Description, Extension, GeneralName, KeyUsage, Name, SignatureAlgorithm, Validity, oid};

/// What makes a good chain differ from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// What it is for.
    pub purpose: Purpose,
    /// The instant at which it is good, seconds since 1970.
    pub instant: i64,
    /// Authorities between root and leaf, or below the root of an upload: 0 to 3.
    pub intermediates: usize,
    /// Kinds of keys.
    pub keys: Keys,
    /// Where in the row of keys the root begins.
    pub rotation: usize,
    /// How names are written.
    pub names: Names,
    /// What the client asks for, which the leaf names: one of [`Shape::HOSTS`].
    pub host: usize,
    /// Whether intermediates limit the length of the path below them.
    pub path_length: bool,
    /// Whether the root has an authorityKeyIdentifier, which names itself.
    pub root_authority: bool,
    /// Whether intermediates have an extKeyUsage for servers.
    pub purposes: bool,
    /// Content octets of the serial numbers, 3 to 20.
    pub serial_octets: usize,
    /// By how many days all validities are older: 0 to 25.
    pub age: i64,
}

/// Kinds of keys of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// P-256 throughout, or P-384 where the row goes on.
    Ec,
    /// RSA as far as there are keys, then P-256.
    Rsa,
    /// One after the other.
    Mixed,
    /// The largest of each kind: P-521, RSA of 4096 bits.
    Large,
    /// Ed25519 for the leaf, and RSA that signs with RSASSA-PSS, in chains that are served. Products take no such
    /// authority: uploads are as [`Keys::Large`].
    Rare,
}

/// How names are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// A common name alone.
    Common,
    /// Country, organisation and common name.
    Organization,
    /// Letters beyond ASCII.
    International,
    /// State, locality, organisation, unit and common name.
    Place,
}

impl Keys {
    /// The key of a certificate in a chain of a purpose.
    fn key(self, purpose: Purpose, role: Role, place: usize) -> Key {
        if self == Self::Rare && role == Role::Leaf {
            return Key::Ed25519;
        }
        self.row(purpose)[place % 5]
    }

    fn row(self, purpose: Purpose) -> [Key; 5] {
        match self {
            Self::Rare if purpose == Purpose::Served => {
                [Key::Rsa2048A, Key::P521, Key::Rsa2048B, Key::P256A, Key::P384]
            }
            Self::Large | Self::Rare => [Key::P521, Key::Rsa4096, Key::P384, Key::Rsa3072, Key::P256A],
            Self::Ec => [Key::P256A, Key::P256B, Key::P256C, Key::P256D, Key::P384],
            Self::Rsa => [Key::Rsa2048A, Key::Rsa2048B, Key::Rsa3072, Key::P256A, Key::P256B],
            Self::Mixed => [Key::P256A, Key::Rsa2048A, Key::P384, Key::Rsa2048B, Key::P256B],
        }
    }

    /// How a key of it signs in chains of a purpose.
    fn algorithm(self, purpose: Purpose, signer: Key) -> SignatureAlgorithm {
        match SignatureAlgorithm::usual(signer.private()) {
            SignatureAlgorithm::RsaPkcs1(digest) if self == Self::Rare && purpose == Purpose::Served => {
                SignatureAlgorithm::RsaPss(digest)
            }
            usual => usual,
        }
    }
}

impl Names {
    fn authority(self, at: usize) -> Name {
        match self {
            Self::Common => Name::common(&format!("Test CA {at}")),
            Self::Organization => Name::empty()
                .with(oid::COUNTRY, "NL")
                .with(oid::ORGANIZATION, "Example Inc.")
                .with(oid::COMMON_NAME, &format!("Example CA {at}")),
            Self::International => Name::empty()
                .with(oid::ORGANIZATION, "Beispiel Größe")
                .with(oid::COMMON_NAME, &format!("Prüfstelle {at}")),
            Self::Place => Name::empty()
                .with(oid::STATE_OR_PROVINCE, "Utrecht")
                .with(oid::LOCALITY, "Amersfoort")
                .with(oid::ORGANIZATION, "Example Inc.")
                .with(oid::ORGANIZATIONAL_UNIT, "Network & Security")
                .with(oid::COMMON_NAME, &format!("Example Inspection CA {at}")),
        }
    }
}

impl Shape {
    /// What clients may ask for: a name, one below a wildcard, an address of each kind.
    pub const HOSTS: [&'static str; 4] =
        ["www.good.example", "a.wild.good.example", "192.0.2.7", "2001:db8::7"];

    /// The plainest shape: a root, one intermediate, and a leaf where it is served.
    #[must_use]
    pub fn plain(purpose: Purpose, instant: i64) -> Self {
        Self {
            purpose,
            instant,
            intermediates: 1,
            keys: Keys::Ec,
            rotation: 0,
            names: Names::Common,
            host: 0,
            path_length: false,
            root_authority: false,
            purposes: false,
            serial_octets: 8,
            age: 0,
        }
    }

    /// The chain.
    #[must_use]
    pub fn chain(&self) -> Chain {
        let served = self.purpose == Purpose::Served;
        let length = 1 + self.intermediates + usize::from(served);
        let mut members: Vec<Member> = Vec::with_capacity(length);
        for at in 0..length {
            let role = match at {
                0 => Role::Root,
                _ if served && at + 1 == length => Role::Leaf,
                _ => Role::Intermediate,
            };
            let member = self.member(role, at, members.last());
            members.push(member);
        }
        let key = members[length - 1].key;
        Chain {
            purpose: self.purpose,
            members,
            presented: if served { (1..length).rev().collect() } else { (0..length).collect() },
            trusted: if served { vec![0] } else { Vec::new() },
            host: served.then(|| Self::HOSTS[self.host].to_owned()),
            key: (!served).then(|| key.pem().to_owned()),
            armour: Armour::Sound,
            trust_form: Form::Pem,
            length,
            instant: self.instant,
        }
    }

    fn member(&self, role: Role, at: usize, above: Option<&Member>) -> Member {
        let key = self.keys.key(self.purpose, role, at + self.rotation);
        let signer = above.map_or(key, |above| above.key);
        let subject = match role {
            Role::Leaf => Name::common("www.good.example"),
            Role::Root | Role::Intermediate => self.names.authority(at),
        };
        let issuer = above.map_or_else(|| subject.clone(), |above| above.description.subject.clone());
        let mut serial = vec![0x20 + u8::try_from(at).expect("chains are short")];
        serial.resize(self.serial_octets, 0x5a);
        let description = Description {
            version: 3,
            serial_number: serial,
            issuer,
            validity: self.validity(role, at),
            subject,
            public_key: key.private().public_key().to_vec(),
            extensions: self.extensions(role, at, key, signer),
            signature_algorithm: self.keys.algorithm(self.purpose, signer),
            inner_signature_algorithm: None,
            raw: BTreeMap::new(),
        };
        Member { role, key, signer, description, trailing: Vec::new(), is_signature_spoilt: false }
    }

    /// No certificate outlives its issuer; none ends within 60 days or spans ten years.
    fn validity(&self, role: Role, at: usize) -> Validity {
        let now = OffsetDateTime::from_unix_timestamp(self.instant).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let depth = i64::try_from(at).expect("chains are short");
        let (from, until) = match role {
            Role::Root => (400, 3_000),
            Role::Intermediate => (300 - depth, 1_500 - 100 * depth),
            Role::Leaf => (30, 100),
        };
        Validity::between(now - Duration::days(from + self.age), now + Duration::days(until - self.age))
    }

    fn extensions(&self, role: Role, at: usize, key: Key, signer: Key) -> Vec<Extension> {
        let below = self.intermediates - at.min(self.intermediates);
        let limit = (self.path_length && role == Role::Intermediate).then_some(below as u64);
        let mut extensions = vec![
            Extension::basic_constraints(role != Role::Leaf, limit),
            Extension::subject_key_identifier(&key.private().identifier()),
        ];
        if role != Role::Root || self.root_authority {
            extensions.push(Extension::authority_key_identifier(&signer.private().identifier()));
        }
        if role == Role::Leaf {
            extensions.push(Extension::key_usage(&[KeyUsage::DigitalSignature]));
            extensions.push(Extension::subject_alt_name(&self.leaf_names()));
        } else {
            extensions.push(Extension::key_usage(&[KeyUsage::KeyCertSign, KeyUsage::CrlSign]));
        }
        if role == Role::Leaf || (role == Role::Intermediate && self.purposes) {
            extensions.push(Extension::extended_key_usage(&[oid::SERVER_AUTH]));
        }
        extensions
    }

    /// The names of the leaf, whichever of them is asked for.
    fn leaf_names(&self) -> Vec<GeneralName> {
        let mut names = vec![
            GeneralName::Dns("www.good.example".to_owned()),
            GeneralName::Dns("*.wild.good.example".to_owned()),
        ];
        match Self::HOSTS[self.host].parse() {
            Ok(IpAddr::V4(address)) => names.push(GeneralName::Ip(address.octets().to_vec())),
            Ok(IpAddr::V6(address)) => names.push(GeneralName::Ip(address.octets().to_vec())),
            Err(_) => {}
        }
        names
    }
}
