//! Random chains: a root, up to two authorities and a leaf, with up to three faults.
//! The same seed gives the same chain.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use pemlint::issue::{
    Description, Digest, Extension, GeneralName, KeyUsage, Name, Part, PrivateKey, SignatureAlgorithm,
    StringType, Time, TimeEncoding, Validity, der, oid,
};
use time::macros::datetime;

pub(crate) struct Chain {
    pub(crate) store: String,
    pub(crate) presented: String,
    pub(crate) host: &'static str,
    pub(crate) level: u8,
    pub(crate) faults: Vec<String>,
}

pub(crate) struct Maker {
    keys: BTreeMap<&'static str, PrivateKey>,
}

struct Random(u64);

const KEYS: &[&str] = &[
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
    "rsa-pss-2048",
];
const HOSTS: &[&str] = &["www.good.example", "good.example", "192.0.2.1", "other.test", "2001:db8::1"];
const DISTRIBUTION_POINTS: &[u64] = &[2, 5, 29, 31];
const NETSCAPE_TYPE: &[u64] = &[2, 16, 840, 1, 113_730, 1, 1];
const PROXY: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 1, 14];
const ADDRESS_BLOCKS: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 1, 7];
const EMAIL_ADDRESS: &[u64] = &[1, 2, 840, 113_549, 1, 9, 1];

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % end as u64).unwrap()
    }

    fn pick<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }

    fn chance(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }
}

impl Maker {
    pub(crate) fn new() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys");
        let read = |name: &&'static str| {
            let text = fs::read_to_string(folder.join(name).with_extension("pem")).unwrap();
            (*name, PrivateKey::from_pem(&text).unwrap())
        };
        Self { keys: KEYS.iter().map(read).collect() }
    }

    pub(crate) fn make(&self, seed: u64) -> Chain {
        let mut random = Random((seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        for _ in 0..8 {
            random.below(2);
        }
        let length = 2 + random.below(3);
        let mut faults = Vec::new();
        let mut keys: Vec<&str> = KEYS[..length].to_vec();
        for key in &mut keys {
            if random.chance(8) {
                *key = random.pick(KEYS);
                faults.push(format!("key {key}"));
            }
        }
        let mut all = self.sound(&keys);
        let mut signers: Vec<usize> = (0..length).map(|depth| depth.saturating_sub(1)).collect();
        for _ in 0..random.below(4) {
            let at = random.below(length);
            let fault = damage(&mut random, &mut all, &mut signers, at);
            faults.push(format!("{fault} on {at}"));
        }
        let sign = |at: usize| {
            let key = &self.keys[keys[signers[at]]];
            let mut description = all[at].clone();
            let fits = description.sign(key);
            fits.unwrap_or_else(|_| {
                description.signature_algorithm = SignatureAlgorithm::usual(key);
                description.sign(key).unwrap()
            })
            .pem()
        };
        let pems: Vec<String> = (0..length).map(sign).collect();
        let (store, presented) = arrange(&mut random, &pems, &mut faults);
        let host = if random.chance(4) { random.pick(HOSTS) } else { "www.good.example" };
        let level = if random.chance(5) { u8::try_from(random.below(5)).unwrap() } else { 2 };
        faults.push(format!("host {host} level {level} length {length}"));
        Chain { store, presented, host, level, faults }
    }

    /// Descriptions from the root down to the leaf.
    fn sound(&self, keys: &[&str]) -> Vec<Description> {
        let mut all: Vec<Description> = Vec::new();
        for (at, key) in keys.iter().enumerate() {
            let above = at.saturating_sub(1);
            let signer = &self.keys[keys[above]];
            let is_leaf = at + 1 == keys.len();
            let subject =
                if is_leaf { Name::common("www.good.example") } else { Name::common(&format!("CA {at}")) };
            let mut description = Description {
                version: 3,
                serial_number: vec![0x40, u8::try_from(at).unwrap() + 1],
                issuer: all.get(above).map_or_else(|| subject.clone(), |issuer| issuer.subject.clone()),
                validity: Validity::between(datetime!(2026-06-01 00:00 UTC), datetime!(2027-06-01 00:00 UTC)),
                subject,
                public_key: self.keys[key].public_key().to_vec(),
                extensions: Vec::new(),
                signature_algorithm: SignatureAlgorithm::usual(signer),
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
                description
                    .put(Extension::key_usage(&[KeyUsage::KeyCertSign, KeyUsage::CrlSign]).critical(true));
            }
            description.put(Extension::subject_key_identifier(&description.key_identifier()));
            description.put(Extension::authority_key_identifier(&signer.identifier()));
            all.push(description);
        }
        all
    }
}

/// Which certificates the store holds, which the server sends.
fn arrange(random: &mut Random, pems: &[String], faults: &mut Vec<String>) -> (String, String) {
    let leaf = pems.len() - 1;
    let store: Vec<usize> = match random.below(10) {
        0 => vec![leaf - 1],
        1 => vec![leaf - 1, 0],
        2 => vec![leaf],
        3 => vec![leaf, 0],
        4 => (0..leaf).collect(),
        _ => vec![0],
    };
    let presented: Vec<usize> = match random.below(8) {
        0 => vec![leaf],
        1 => (0..=leaf).rev().collect(),
        2 => (0..pems.len()).filter(|at| *at != leaf).fold(vec![leaf], |mut all, at| {
            all.push(at);
            all
        }),
        _ => (1..=leaf).rev().collect(),
    };
    faults.push(format!("store {store:?} sent {presented:?}"));
    let text = |which: &[usize]| {
        which.iter().fold(String::new(), |mut text, at| {
            let _ = write!(text, "{}", pems[*at]);
            text
        })
    };
    (text(&store), text(&presented))
}

/// Damages one certificate; what was done.
fn damage(random: &mut Random, all: &mut [Description], signers: &mut [usize], at: usize) -> String {
    match random.below(5) {
        0 => damage_extension(random, &mut all[at]),
        1 => replace_extension(random, all, at),
        2 => damage_names(random, all, at),
        3 => damage_fields(random, &mut all[at]),
        _ => damage_relation(random, all, signers, at),
    }
}

fn damage_extension(random: &mut Random, description: &mut Description) -> String {
    if description.extensions.is_empty() {
        return "nothing".to_owned();
    }
    let which = random.below(description.extensions.len());
    let kind = random.below(9);
    let extension = &mut description.extensions[which];
    let name = format!("extension {:?}", extension.oid.last());
    match kind {
        0 | 1 => {
            description.extensions.remove(which);
        }
        2 => extension.critical = !extension.critical,
        3 => {
            let again = extension.clone();
            description.extensions.push(again);
        }
        4 => {
            extension.value.pop();
        }
        5 => extension.value.push(0),
        6 => extension.value = vec![0x30, 0],
        7 => extension.value = der::null(),
        _ => {
            let parts = [der::oid(&extension.oid), vec![1, 1, 1], der::octet_string(&extension.value)];
            extension.raw = Some(der::sequence(parts));
        }
    }
    format!("{name} damage {kind}")
}

fn replace_extension(random: &mut Random, all: &mut [Description], at: usize) -> String {
    let kind = random.below(17);
    let identifier = all[at].key_identifier();
    let issuer = all[at.saturating_sub(1)].issuer.clone();
    let serial = all[at.saturating_sub(1)].serial_number.clone();
    let description = &mut all[at];
    let usage = |bits: &[u8]| Extension::new(oid::KEY_USAGE, bits.to_vec());
    let extension = match kind {
        0 => Extension::basic_constraints(random.chance(2), Some(random.below(3) as u64)),
        1 => Extension::basic_constraints(random.chance(2), None),
        2 => Extension::new(oid::BASIC_CONSTRAINTS, der::sequence([vec![1, 1, 0xff], vec![2, 1, 0xff]])),
        3 => Extension::new(oid::BASIC_CONSTRAINTS, der::sequence([vec![1, 1, 0xff], vec![2, 2, 0, 1]])),
        4 => usage(random.pick(&[
            &[3, 2, 7, 0x80][..],
            &[3, 2, 1, 0x06],
            &[3, 1, 0],
            &[3, 2, 0, 0],
            &[3, 2, 9, 4],
            &[3, 3, 7, 0, 0x80],
            &[3, 2, 2, 0x84],
        ])),
        5 => Extension::extended_key_usage(random.pick(&[
            &[oid::CLIENT_AUTH][..],
            &[oid::ANY_EXTENDED_KEY_USAGE],
            &[oid::NETSCAPE_SGC],
            &[],
        ])),
        6 => Extension::authority_key_identifier(random.pick(&[&identifier[..], &[1, 2, 3]])),
        7 => Extension::authority_key_identifier_by_serial(&issuer, random.pick(&[&serial[..], &[7]])),
        8 => Extension::new(oid::AUTHORITY_KEY_IDENTIFIER, vec![0x30, 0]),
        9 => Extension::new(&[1, 2, 3, 4], vec![5, 0]).critical(random.chance(2)),
        10 => Extension::new(NETSCAPE_TYPE, vec![3, 2, 0, random.pick(&[0x40, 0x04, 0x07, 0x80, 0])]),
        11 => {
            Extension::new(PROXY, der::sequence([der::sequence([der::oid(&[1, 3, 6, 1, 5, 5, 7, 21, 1])])]))
        }
        12 => Extension::new(DISTRIBUTION_POINTS, vec![0x30, 2, 0x30, 0]),
        13 => Extension::issuer_alt_name(&[GeneralName::Dns("ca.example".to_owned())])
            .critical(random.chance(2)),
        14 => Extension::new(ADDRESS_BLOCKS, random.pick(&[vec![5, 0], vec![0x30, 0]])),
        15 => Extension::certificate_policies(&[oid::ANY_POLICY]).critical(random.chance(2)),
        _ => Extension::new(oid::TLS_FEATURE, der::sequence([vec![2, 1, 5]])).critical(random.chance(2)),
    };
    let critical =
        extension.critical || description.extension_mut(&extension.oid).is_some_and(|old| old.critical);
    description.put(extension.critical(critical));
    format!("extension {kind}")
}

fn damage_names(random: &mut Random, all: &mut [Description], at: usize) -> String {
    let kind = random.below(10);
    let dns = |text: &str| GeneralName::Dns(text.to_owned());
    let pool = [
        dns("good.example"),
        dns(".good.example"),
        dns("*.good.example"),
        dns("other.test"),
        dns("w*.good.example"),
        dns(""),
        GeneralName::Ip(vec![192, 0, 2, 1]),
        GeneralName::Ip(vec![192, 0, 2, 0, 255, 255, 255, 0]),
        GeneralName::Ip(vec![1, 2, 3]),
        GeneralName::Email("who@good.example".to_owned()),
        GeneralName::Email("nobody".to_owned()),
        GeneralName::Email("good.example".to_owned()),
        GeneralName::Uri("https://good.example/a".to_owned()),
        GeneralName::Uri("urn:a".to_owned()),
        GeneralName::Uri(".good.example".to_owned()),
        GeneralName::Directory(Name::common("CA 0")),
        GeneralName::Directory(Name::empty()),
        GeneralName::Directory(Name::common("WWW.good.example")),
    ];
    let some = |random: &mut Random| -> Vec<GeneralName> {
        (0..random.below(3)).map(|_| random.pick(&pool)).collect()
    };
    match kind {
        0..=3 => {
            let (permitted, excluded) = (some(random), some(random));
            let text = format!("name constraints {permitted:?} {excluded:?}");
            all[at].put(Extension::name_constraints(&permitted, &excluded).critical(random.chance(2)));
            return text;
        }
        4 | 5 => {
            let names = some(random);
            let text = format!("names {names:?}");
            all[at].put(Extension::subject_alt_name(&names).critical(random.chance(3)));
            return text;
        }
        6 => all[at].subject = Name::empty(),
        7 => {
            let kind = random.pick(&[StringType::Utf8, StringType::Ia5]);
            let subject = all[at].subject.clone();
            all[at].subject = subject.with_type(EMAIL_ADDRESS, kind, "who@good.example");
        }
        8 => all[at].issuer = all[at].subject.clone(),
        _ => {
            let text = format!("  ca   {at} ");
            all[at].subject = Name::empty().with_type(oid::COMMON_NAME, StringType::Printable, &text);
        }
    }
    if kind != 8 && at + 1 < all.len() && random.chance(2) {
        all[at + 1].issuer = all[at].subject.clone();
    }
    if kind != 8 && at == 0 && random.chance(2) {
        all[0].issuer = all[0].subject.clone();
    }
    format!("name {kind}")
}

fn damage_fields(random: &mut Random, description: &mut Description) -> String {
    let kind = random.below(14);
    let times =
        |before: &[u8], after: &[u8]| der::sequence([der::value(0x17, before), der::value(0x18, after)]);
    match kind {
        0 => description.version = random.below(5) as u64,
        1 => description.validity.not_after = datetime!(2026-11-01 00:00 UTC).into(),
        2 => description.validity.not_before = datetime!(2027-01-01 00:00 UTC).into(),
        3 => description.validity.not_after = datetime!(2026-11-22 00:00 UTC).into(),
        4 => {
            description.validity.not_after =
                Time { at: datetime!(2049-01-01 00:00 UTC), encoding: TimeEncoding::GeneralizedTime };
        }
        5 => description.set_raw(Part::Validity, times(b"260601000000Z", b"20270601000000.5Z")),
        6 => description.set_raw(Part::Validity, times(b"2606010000Z", b"20270601000000Z")),
        7 => description.set_raw(Part::Validity, times(b"260601000000Z", b"99991231235959Z")),
        8 => description.set_raw(Part::Validity, times(b"260631000000Z", b"20270601000000+0000")),
        9 => {
            let numbers: [&[u8]; 4] = [&[0], &[0xff], &[0, 1], &[0xff, 0x80]];
            description.serial_number = random.pick(&numbers).to_vec();
        }
        10 => description.extensions.clear(),
        11 => description
            .set_raw(Part::SignatureAlgorithm, SignatureAlgorithm::RsaPkcs1(Digest::Sha256).to_der()),
        12 => description.inner_signature_algorithm = Some(SignatureAlgorithm::Ecdsa(Digest::Sha384)),
        _ => description.set_raw(Part::SubjectPublicKeyInfo, {
            let point = [&[4][..], &[1; 64]].concat();
            let algorithm = der::sequence([der::oid(oid::EC), der::oid(oid::P256)]);
            der::sequence([algorithm, der::bit_string(&point)])
        }),
    }
    format!("field {kind}")
}

fn damage_relation(random: &mut Random, all: &mut [Description], signers: &mut [usize], at: usize) -> String {
    let kind = random.below(4);
    match kind {
        0 => signers[at] = random.below(all.len()),
        1 => {
            all[at].signature_algorithm =
                SignatureAlgorithm::Ecdsa(random.pick(&[Digest::Sha1, Digest::Sha384]));
        }
        2 => {
            all[at].signature_algorithm =
                SignatureAlgorithm::RsaPkcs1(random.pick(&[Digest::Sha1, Digest::Sha512]));
        }
        _ => {
            let other = random.below(all.len());
            all[at].issuer = all[other].subject.clone();
        }
    }
    format!("relation {kind}")
}
