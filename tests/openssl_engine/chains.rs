//! Random chains: a root, up to three authorities and a leaf, now and then more than
//! a hundred, with up to four faults. The same seed gives the same chain on the
//! same day.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use pemlint::issue::{
    Description, Extension, GeneralName, KeyUsage, Name, PrivateKey, SignatureAlgorithm, Validity, der, oid,
    pem,
};
use time::{Duration, OffsetDateTime};

use super::case::Case;
use super::faults;

/// Makes chains of the keys of the fixtures.
pub(crate) struct Maker {
    /// The day around which the chains are valid.
    today: OffsetDateTime,
    keys: BTreeMap<&'static str, PrivateKey>,
    texts: BTreeMap<&'static str, String>,
}

/// A generator of numbers (xorshift).
pub(crate) struct Random(u64);

/// A certificate that is not yet signed.
#[derive(Clone)]
pub(crate) struct Item {
    pub(crate) description: Description,
    /// Name of its own key.
    pub(crate) key: &'static str,
    /// Name of the key that signs it.
    pub(crate) signer: &'static str,
    /// What happens to its octets.
    pub(crate) change: Change,
    /// Trust settings, where it stands in the store.
    pub(crate) settings: Option<Vec<u8>>,
}

/// What happens to octets of a certificate, at a place counted in parts of 65536.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Change {
    Nothing,
    /// An octet of tbsCertificate is replaced before it is signed.
    BeforeSigning(u16, u8),
    /// An octet of the whole is replaced.
    After(u16, u8),
    /// One octet follows.
    Longer,
    /// The length of the whole takes more octets than it needs.
    LongLength,
}

/// A chain that becomes a case.
pub(crate) struct Draft {
    pub(crate) today: OffsetDateTime,
    /// From the root down to the leaf.
    pub(crate) items: Vec<Item>,
    /// Certificates beside the chain; whether the store holds them, whether the server sends them.
    pub(crate) beside: Vec<(Item, bool, bool)>,
    pub(crate) about: Vec<String>,
}

/// All keys, those for sound chains first.
pub(crate) const KEYS: &[&str] = &[
    "p256-a",
    "p256-b",
    "p256-c",
    "p256-d",
    "p384",
    "ed25519",
    "rsa-1024",
    "rsa-1962",
    "rsa-1963",
    "rsa-2047",
    "rsa-2048-a",
    "rsa-2048-exponent-3",
    "rsa-3072",
    "rsa-pss-1024",
    "rsa-pss-2048",
];
/// Keys that sign nothing.
const LEAF_KEYS: &[&str] = &["p224", "p521", "secp256k1", "x25519"];
const HOSTS: &[&str] = &[
    "www.good.example",
    "good.example",
    "192.0.2.1",
    "other.test",
    "2001:db8::1",
    "2001:DB8:0::0001",
    "a.www.good.example",
    "xn--bcher-kva.good.example",
    "WWW.Good.Example",
    "good.example.",
    "localhost",
    "-a.good.example",
];
/// One more than OpenSSL's longest chain, and its neighbours.
const LONG: [usize; 5] = [100, 101, 102, 103, 104];

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Self((seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        for _ in 0..8 {
            random.below(2);
        }
        random
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % end as u64).unwrap()
    }

    pub(crate) fn octet(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }

    pub(crate) fn pick<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }

    /// True once in so many times.
    pub(crate) fn chance(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }
}

impl Maker {
    pub(crate) fn new(today: OffsetDateTime) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys");
        let text = |name: &&'static str| {
            (*name, fs::read_to_string(folder.join(name).with_extension("pem")).unwrap())
        };
        let texts: BTreeMap<_, _> = KEYS.iter().chain(LEAF_KEYS).map(text).collect();
        let keys = texts.iter().map(|(name, text)| (*name, PrivateKey::from_pem(text).unwrap())).collect();
        Self { today, keys, texts }
    }

    pub(crate) fn make(&self, seed: u64) -> Case {
        let mut random = Random::new(seed);
        let (mut draft, is_long) = self.sound(&mut random);
        let faults = match random.below(8) {
            0 => 0,
            _ if is_long => random.below(2),
            _ => 1 + random.below(4),
        };
        for _ in 0..faults {
            let at = random.below(draft.items.len());
            faults::damage(self, &mut random, &mut draft, at);
        }
        let (store, presented) = self.arrange(&mut random, &mut draft);
        let host = if random.chance(4) { random.pick(HOSTS) } else { "www.good.example" };
        let level = if random.chance(5) { u8::try_from(random.below(5)).unwrap() } else { 2 };
        let key = draft.items.last().map(|leaf| self.texts[leaf.key].clone());
        Case {
            name: format!("seed {seed}"),
            store,
            presented,
            host: host.to_owned(),
            level,
            strict: !random.chance(8),
            partial_chain: !random.chance(6),
            key,
            about: format!("{}, host {host}, level {level}", draft.about.join(", ")),
        }
    }

    pub(crate) fn key(&self, name: &str) -> &PrivateKey {
        &self.keys[name]
    }

    /// A chain without faults, but for its keys.
    fn sound(&self, random: &mut Random) -> (Draft, bool) {
        let is_long = random.chance(400);
        let length = if is_long { random.pick(&LONG) } else { random.pick(&[2, 2, 3, 3, 3, 4, 4, 5]) };
        let mut draft = Draft {
            today: self.today,
            items: Vec::new(),
            beside: Vec::new(),
            about: vec![format!("length {length}")],
        };
        for at in 0..length {
            let is_leaf = at + 1 == length;
            let mut key = KEYS[at % 4];
            if random.chance(if is_long { 400 } else { 8 }) {
                let weak_leaf = is_leaf && random.chance(3);
                key = random.pick(if weak_leaf { LEAF_KEYS } else { KEYS });
                draft.about.push(format!("key {key} on {at}"));
            }
            let item = self.item(draft.items.last(), at, key, is_leaf);
            draft.items.push(item);
        }
        (draft, is_long)
    }

    /// A sound certificate, signed by the one above.
    fn item(&self, above: Option<&Item>, at: usize, key: &'static str, is_leaf: bool) -> Item {
        let signer = above.map_or(key, |above| above.key);
        let subject =
            if is_leaf { Name::common("www.good.example") } else { Name::common(&format!("CA {at}")) };
        let mut description = Description {
            version: 3,
            serial_number: vec![0x40, u8::try_from(at).unwrap() + 1],
            issuer: above.map_or_else(|| subject.clone(), |above| above.description.subject.clone()),
            validity: Validity::between(self.today - Duration::days(170), self.today + Duration::days(190)),
            subject,
            public_key: self.keys[key].public_key().to_vec(),
            extensions: Vec::new(),
            signature_algorithm: SignatureAlgorithm::usual(&self.keys[signer]),
            inner_signature_algorithm: None,
            raw: BTreeMap::new(),
        };
        description.put(Extension::basic_constraints(!is_leaf, None).critical(true));
        if is_leaf {
            description.put(Extension::key_usage(&[KeyUsage::DigitalSignature]));
            description.put(Extension::extended_key_usage(&[oid::SERVER_AUTH]));
            let names = [
                GeneralName::Dns("*.good.example".to_owned()),
                GeneralName::Dns("good.example".to_owned()),
                GeneralName::Ip(vec![192, 0, 2, 1]),
            ];
            description.put(Extension::subject_alt_name(&names));
        } else {
            description.put(Extension::key_usage(&[KeyUsage::KeyCertSign, KeyUsage::CrlSign]).critical(true));
        }
        description.put(Extension::subject_key_identifier(&description.key_identifier()));
        description.put(Extension::authority_key_identifier(&self.keys[signer].identifier()));
        Item { description, key, signer, change: Change::Nothing, settings: None }
    }

    /// Signs and changes, DER.
    fn finish(&self, item: &Item) -> Vec<u8> {
        // Some keys sign nothing.
        let signs = !LEAF_KEYS.contains(&item.signer);
        let key = &self.keys[if signs { item.signer } else { KEYS[0] }];
        let usual = SignatureAlgorithm::usual(key);
        let mut whole = sign(item, key, item.description.signature_algorithm)
            .unwrap_or_else(|| sign(item, key, usual).expect("a key makes its usual signature"));
        match item.change {
            Change::After(at, octet) => replace(&mut whole, at, octet),
            Change::Longer => whole.push(0),
            Change::LongLength => whole = with_long_length(&whole),
            Change::Nothing | Change::BeforeSigning(..) => {}
        }
        whole
    }

    /// Which certificates the store holds, which the server sends.
    fn arrange(&self, random: &mut Random, draft: &mut Draft) -> (String, String) {
        let leaf = draft.items.len() - 1;
        let mut store: Vec<usize> = match random.below(10) {
            0 => vec![leaf - 1],
            1 => vec![leaf - 1, 0],
            2 => vec![leaf],
            3 => vec![leaf, 0],
            4 => (0..leaf).collect(),
            5 => (0..leaf).rev().collect(),
            _ => vec![0],
        };
        let mut presented: Vec<usize> = match random.below(10) {
            0 => vec![leaf],
            1 => (0..=leaf).rev().collect(),
            2 => std::iter::once(leaf).chain(0..leaf).collect(),
            3 => vec![leaf, leaf, leaf - 1, leaf - 1],
            _ => (1..=leaf).rev().collect(),
        };
        let blocks: Vec<Item> =
            draft.items.iter().chain(draft.beside.iter().map(|(item, ..)| item)).cloned().collect();
        for (at, (_, stored, sent)) in draft.beside.iter().enumerate() {
            if *stored {
                store.insert(random.below(store.len() + 1), leaf + 1 + at);
            }
            if *sent {
                presented.insert(1 + random.below(presented.len()), leaf + 1 + at);
            }
        }
        draft.about.push(format!("store {store:?} sent {presented:?}"));
        let is_used = |at: &usize| store.contains(at) || presented.contains(at);
        let made: BTreeMap<usize, Vec<u8>> =
            (0..blocks.len()).filter(is_used).map(|at| (at, self.finish(&blocks[at]))).collect();
        let stored = |at: &usize| match &blocks[*at].settings {
            Some(settings) => pem::encode("TRUSTED CERTIFICATE", &[&made[at], settings.as_slice()].concat()),
            None => pem::encode("CERTIFICATE", &made[at]),
        };
        let sent = |at: &usize| pem::encode("CERTIFICATE", &made[at]);
        (store.iter().map(stored).collect(), presented.iter().map(sent).collect())
    }
}

/// Signs with an algorithm; `None` where the key does not make such signatures.
fn sign(item: &Item, key: &PrivateKey, algorithm: SignatureAlgorithm) -> Option<Vec<u8>> {
    let mut description = item.description.clone();
    description.signature_algorithm = algorithm;
    let Change::BeforeSigning(at, octet) = item.change else {
        return Some(description.sign(key).ok()?.der().to_vec());
    };
    let mut body = description.to_be_signed();
    replace(&mut body, at, octet);
    let signature = key.sign(algorithm, &body).ok()?;
    Some(der::sequence([body, algorithm.to_der(), der::bit_string(&signature)]))
}

fn replace(octets: &mut [u8], at: u16, octet: u8) {
    let at = (octets.len() * usize::from(at)) >> 16;
    octets[at] = octet;
}

/// The same element with one octet more for its length than DER allows.
fn with_long_length(element: &[u8]) -> Vec<u8> {
    let (tag, content, _) = der::read(element).unwrap();
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&[tag, 0x84][..], &length, content].concat()
}
