//! What may be wrong with a certificate of a random chain, its names apart.

use pemlint::issue::{
    Description, Digest, Extension, GeneralName, Name, Part, SignatureAlgorithm, der, ec_public_key, oid,
    rsa_public_key,
};
use time::Duration;

use super::chains::{Change, Draft, Item, KEYS, Maker, Random};
use super::names;
use super::times;

const DISTRIBUTION_POINTS: &[u64] = &[2, 5, 29, 31];
const NETSCAPE_TYPE: &[u64] = &[2, 16, 840, 1, 113_730, 1, 1];
const PROXY: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 1, 14];
const ADDRESS_BLOCKS: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 1, 7];
const SYSTEM_NUMBERS: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 1, 8];
const OCSP_NO_CHECK: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 48, 1, 5];
const POLICY_CONSTRAINTS: &[u64] = &[2, 5, 29, 36];

/// P-256 written out (SEC 2, 2.4.2).
const PRIME: &str = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
const A: &str = "ffffffff00000001000000000000000000000000fffffffffffffffffffffffc";
const B: &str = "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b";
const BASE: &str = "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296\
                    4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

/// Damages the certificate at a place of the draft, or what stands around it.
pub(crate) fn damage(maker: &Maker, random: &mut Random, draft: &mut Draft, at: usize) {
    let about = match random.below(14) {
        0 | 1 => damage_extension(random, &mut draft.items[at].description),
        2..=4 => replace_extension(random, draft, at),
        5..=7 => names::damage(random, draft, at),
        8 => damage_fields(random, draft, at),
        9 => damage_relation(maker, random, draft, at),
        10 => damage_key(maker, random, draft, at),
        11 => damage_octets(random, &mut draft.items[at]),
        12 => settings(random, &mut draft.items[at]),
        _ => add_beside(maker, random, draft, at),
    };
    draft.about.push(format!("{about} on {at}"));
}

fn damage_extension(random: &mut Random, description: &mut Description) -> String {
    if description.extensions.is_empty() {
        return "nothing".to_owned();
    }
    let which = random.below(description.extensions.len());
    let kind = random.below(11);
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
        8 | 9 => {
            let at = random.below(extension.value.len());
            extension.value[at] = random.octet();
        }
        _ => {
            let parts = [der::oid(&extension.oid), vec![1, 1, 1], der::octet_string(&extension.value)];
            extension.raw = Some(der::sequence(parts));
        }
    }
    format!("{name} damage {kind}")
}

fn replace_extension(random: &mut Random, draft: &mut Draft, at: usize) -> String {
    let kind = random.below(20);
    let identifier = draft.items[at].description.key_identifier();
    let above = draft.items[at.saturating_sub(1)].description.clone();
    let description = &mut draft.items[at].description;
    let usage = |bits: &[u8]| Extension::new(oid::KEY_USAGE, bits.to_vec());
    let extension = match kind {
        0 => Extension::basic_constraints(random.chance(2), Some(random.below(3) as u64)),
        1 => Extension::basic_constraints(random.chance(2), None),
        2 => Extension::new(oid::BASIC_CONSTRAINTS, odd_constraints(random)),
        3 | 4 => usage(random.pick(&[
            &[3, 2, 7, 0x80][..],
            &[3, 2, 1, 0x06],
            &[3, 2, 5, 0x20],
            &[3, 2, 3, 0x08],
            &[3, 1, 0],
            &[3, 2, 0, 0],
            &[3, 2, 9, 4],
            &[3, 3, 7, 0, 0x80],
            &[3, 2, 2, 0x84],
        ])),
        5 | 6 => Extension::extended_key_usage(random.pick(&[
            &[oid::CLIENT_AUTH][..],
            &[oid::ANY_EXTENDED_KEY_USAGE],
            &[oid::NETSCAPE_SGC],
            &[oid::MICROSOFT_SGC, oid::CLIENT_AUTH],
            &[oid::CLIENT_AUTH, oid::SERVER_AUTH],
            &[],
        ])),
        7 => Extension::authority_key_identifier(random.pick(&[&identifier[..], &[1, 2, 3]])),
        8 => Extension::authority_key_identifier_by_serial(
            &above.issuer,
            random.pick(&[&above.serial_number[..], &[7]]),
        ),
        9 => Extension::new(oid::AUTHORITY_KEY_IDENTIFIER, odd_authority(random, &identifier, &above)),
        10 => Extension::subject_key_identifier(random.pick(&[&[][..], &[1, 2, 3]])),
        11 => Extension::new(&[1, 2, 3, 4], vec![5, 0]),
        12 | 13 => {
            Extension::new(NETSCAPE_TYPE, vec![3, 2, 0, random.pick(&[0x40, 0x04, 0x07, 0x80, 0, 0xc4])])
        }
        14 => Extension::new(PROXY, proxy(random)),
        15 => Extension::new(DISTRIBUTION_POINTS, distribution_points(random)),
        16 => Extension::issuer_alt_name(&[GeneralName::Dns("ca.example".to_owned())]),
        17 => Extension::new(
            random.pick(&[ADDRESS_BLOCKS, SYSTEM_NUMBERS]),
            random.pick(&[vec![5, 0], vec![4, 1, 0]]),
        ),
        18 => Extension::certificate_policies(&[oid::ANY_POLICY]),
        _ => Extension::new(
            random.pick(&[oid::TLS_FEATURE, OCSP_NO_CHECK, POLICY_CONSTRAINTS]),
            random.pick(&[der::null(), der::sequence([vec![2, 1, 5]]), vec![0x30, 3, 0x80, 1, 0]]),
        ),
    };
    let critical = match description.extension_mut(&extension.oid) {
        Some(old) => old.critical,
        None => random.chance(2),
    };
    description.put(extension.critical(critical));
    format!("extension {kind}")
}

fn odd_constraints(random: &mut Random) -> Vec<u8> {
    let yes = vec![1, 1, 0xff];
    match random.below(6) {
        0 => der::sequence([yes, vec![2, 1, 0xff]]),
        1 => der::sequence([yes, vec![2, 2, 0, 1]]),
        2 => der::sequence([vec![1, 1, 0]]),
        3 => der::sequence([vec![1, 1, 1], vec![2, 9, 1, 0, 0, 0, 0, 0, 0, 0, 0]]),
        4 => der::sequence([vec![2, 1, 0]]),
        _ => der::sequence([yes, vec![2, 1, 0], vec![5, 0]]),
    }
}

fn odd_authority(random: &mut Random, identifier: &[u8], above: &Description) -> Vec<u8> {
    let key = der::context_primitive(0, identifier);
    let directory = der::context(1, &GeneralName::Directory(above.issuer.clone()).to_der());
    let dns = der::context(1, &GeneralName::Dns("ca.example".to_owned()).to_der());
    let serial = der::context_primitive(2, &above.serial_number);
    match random.below(7) {
        0 => der::sequence([] as [Vec<u8>; 0]),
        1 => der::sequence([directory]),
        2 => der::sequence([serial]),
        3 => der::sequence([dns, serial]),
        4 => der::sequence([key, directory]),
        5 => der::sequence([der::context(1, &[])]),
        _ => der::sequence([directory, dns, serial]),
    }
}

fn proxy(random: &mut Random) -> Vec<u8> {
    let language = der::oid(&[1, 3, 6, 1, 5, 5, 7, 21, 1]);
    match random.below(3) {
        0 => der::sequence([der::sequence([language])]),
        1 => der::sequence([vec![2, 1, 0], der::sequence([language, der::octet_string(b"a")])]),
        _ => der::sequence([language]),
    }
}

fn distribution_points(random: &mut Random) -> Vec<u8> {
    let uri = GeneralName::Uri("http://good.example/crl".to_owned()).to_der();
    let named = der::context(0, &der::context(0, &uri));
    match random.below(4) {
        0 => vec![0x30, 2, 0x30, 0],
        1 => der::sequence([der::sequence([named])]),
        2 => der::sequence([der::sequence([named]), der::sequence([der::context_primitive(1, &[0, 0x80])])]),
        _ => der::sequence([der::sequence([der::context(2, &uri)])]),
    }
}

fn damage_fields(random: &mut Random, draft: &mut Draft, at: usize) -> String {
    let kind = random.below(9);
    let today = draft.today;
    let description = &mut draft.items[at].description;
    match kind {
        0 => description.version = random.below(5) as u64,
        1 | 2 => return times::damage(random, description, today),
        3 => {
            let numbers: [&[u8]; 5] = [&[0], &[0xff], &[0, 1], &[0xff, 0x80], &[]];
            description.serial_number = random.pick(&numbers).to_vec();
        }
        4 => description.extensions.clear(),
        5 => {
            let raw = random.pick(&[vec![0x81, 2, 0, 1], vec![0x82, 1, 0], vec![0x81, 0]]);
            description.set_raw(Part::UniqueIdentifiers, raw);
        }
        6 => {
            let other = SignatureAlgorithm::RsaPkcs1(Digest::Sha256).to_der();
            description.set_raw(Part::SignatureAlgorithm, other);
        }
        7 => description.inner_signature_algorithm = Some(SignatureAlgorithm::Ecdsa(Digest::Sha384)),
        _ => {
            let extra = der::sequence([der::oid(&[1, 2, 840, 10_045, 4, 3, 2]), der::null()]);
            description.set_raw(Part::SignatureAlgorithm, extra.clone());
            if random.chance(2) {
                description.set_raw(Part::Signature, extra);
            }
        }
    }
    format!("field {kind}")
}

fn damage_relation(maker: &Maker, random: &mut Random, draft: &mut Draft, at: usize) -> String {
    let kind = random.below(6);
    let length = draft.items.len();
    let digests = [Digest::Md5, Digest::Sha1, Digest::Sha224, Digest::Sha384, Digest::Sha512];
    match kind {
        0 => draft.items[at].signer = draft.items[random.below(length)].key,
        1 => {
            draft.items[at].description.signature_algorithm =
                SignatureAlgorithm::Ecdsa(random.pick(&digests));
        }
        2 => {
            draft.items[at].description.signature_algorithm =
                SignatureAlgorithm::RsaPkcs1(random.pick(&digests));
        }
        // Signed by an RSA key in any case, and by what that key may not do.
        3 => {
            let above = at.saturating_sub(1);
            rekey(maker, draft, above, random.pick(&["rsa-2048-a", "rsa-pss-2048", "rsa-1024", "rsa-3072"]));
            draft.items[at].description.signature_algorithm = if random.chance(4) {
                SignatureAlgorithm::RsaPkcs1(random.pick(&digests))
            } else {
                SignatureAlgorithm::RsaPss(random.pick(&digests[1..]))
            };
        }
        4 => draft.items[at].description.issuer = draft.items[at].description.subject.clone(),
        _ => {
            let other = draft.items[random.below(length)].description.subject.clone();
            draft.items[at].description.issuer = other;
        }
    }
    format!("relation {kind}")
}

/// Gives a certificate another key, with all that follows from it.
fn rekey(maker: &Maker, draft: &mut Draft, at: usize, key: &'static str) {
    let private = maker.key(key);
    let has_child = at + 1 < draft.items.len();
    let own = &mut draft.items[at];
    own.key = key;
    own.description.public_key = private.public_key().to_vec();
    own.description.put(Extension::subject_key_identifier(&private.identifier()));
    let signed = (at == 0).then_some(0).into_iter().chain(has_child.then_some(at + 1));
    for item in signed {
        let item = &mut draft.items[item];
        item.signer = key;
        item.description.signature_algorithm = SignatureAlgorithm::usual(private);
        item.description.put(Extension::authority_key_identifier(&private.identifier()));
    }
}

fn damage_key(maker: &Maker, random: &mut Random, draft: &mut Draft, at: usize) -> String {
    let kind = random.below(9);
    let point = |random: &mut Random, point: &[u8]| {
        let curve = random.pick(&[oid::P256, oid::P384, &[1, 3, 132, 0, 35], &[1, 2, 3]]);
        ec_public_key(curve, point)
    };
    let key = random.pick(KEYS);
    if kind < 2 {
        rekey(maker, draft, at, key);
        return format!("key {key}");
    }
    // The last octets of a key of P-256 are its point.
    let own = maker.key("p256-a").public_key();
    let own = &own[own.len() - 65..];
    let rsa = rsa_public_key(&[&[0xc5][..], &[1; 255]].concat(), random.pick(&[&[1, 0, 1][..], &[3], &[]]));
    let raw = match kind {
        2 | 3 => {
            rekey(maker, draft, at, "p256-a");
            explicit_curve(own, random.chance(3))
        }
        4 => point(random, &[&[4][..], &[1; 64]].concat()),
        5 => {
            rekey(maker, draft, at, "p256-a");
            ec_public_key(oid::P256, &[&[2 | own[64] & 1][..], &own[1..33]].concat())
        }
        6 => point(random, own),
        7 => der::sequence([
            der::sequence([der::oid(oid::RSA), random.pick(&[vec![], vec![2, 1, 0]])]),
            der::bit_string(&rsa),
        ]),
        _ => der::sequence([der::sequence([der::oid(&[1, 2, 3, 4])]), der::bit_string(own)]),
    };
    draft.items[at].description.set_raw(Part::SubjectPublicKeyInfo, raw);
    format!("key kind {kind}")
}

/// A key with its curve written out; now and then not quite that of P-256.
fn explicit_curve(point: &[u8], is_odd: bool) -> Vec<u8> {
    let octets = |hex: &str| -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    };
    let field = der::sequence([der::oid(&[1, 2, 840, 10_045, 1, 1]), der::unsigned_octets(&octets(PRIME))]);
    let curve = der::sequence([der::octet_string(&octets(A)), der::octet_string(&octets(B))]);
    let order = der::unsigned_octets(&octets(ORDER));
    let base = der::octet_string(&octets(BASE));
    let cofactor = der::unsigned(if is_odd { 2 } else { 1 });
    let parameters = der::sequence([der::unsigned(1), field, curve, base, order, cofactor]);
    der::sequence([der::sequence([der::oid(oid::EC), parameters]), der::bit_string(point)])
}

fn damage_octets(random: &mut Random, item: &mut Item) -> String {
    let at = u16::try_from(random.below(1 << 16)).unwrap();
    let octet = random.octet();
    item.change = match random.below(8) {
        0 => Change::Longer,
        1 => Change::LongLength,
        2 | 3 => Change::After(at, octet),
        _ => Change::BeforeSigning(at, octet),
    };
    format!("octets {:?}", item.change)
}

/// Trust settings (`X509_CERT_AUX`), of which some do not decode.
fn settings(random: &mut Random, item: &mut Item) -> String {
    let kind = random.below(9);
    let (server, client) = (der::oid(oid::SERVER_AUTH), der::oid(oid::CLIENT_AUTH));
    let any = der::oid(oid::ANY_EXTENDED_KEY_USAGE);
    let reject = |purposes: &[u8]| der::context(0, purposes);
    let octets = match kind {
        0 => der::sequence([der::sequence([server])]),
        1 => der::sequence([der::sequence([client])]),
        2 => der::sequence([der::sequence([any])]),
        3 => der::sequence([reject(&server)]),
        4 => der::sequence([reject(&client)]),
        5 => der::sequence([der::sequence([server]), reject(&any)]),
        6 => der::sequence([der::sequence([] as [Vec<u8>; 0])]),
        7 => der::sequence([der::value(der::tag::UTF8_STRING, b"name")]),
        _ => random.pick(&[vec![], vec![5, 0], vec![0x30, 0, 0x30, 0]]),
    };
    item.settings = Some(octets);
    format!("settings {kind}")
}

/// Puts another certificate beside one of the chain: of the same name, with the same
/// or another key, signed by the same or another key.
fn add_beside(maker: &Maker, random: &mut Random, draft: &mut Draft, at: usize) -> String {
    let kind = random.below(7);
    let mut item = draft.items[at].clone();
    let other = random.pick(&["p256-a", "p256-b", "p256-c", "p256-d", "rsa-2048-a"]);
    let private = maker.key(other);
    item.description.serial_number = vec![0x41, random.octet() | 1];
    match kind {
        0 => {
            item.description.validity.not_after =
                (draft.today + Duration::days(random.pick(&[-3, 80, 300]))).into();
        }
        1 => {
            item.key = other;
            item.description.public_key = private.public_key().to_vec();
            item.description.put(Extension::subject_key_identifier(&private.identifier()));
        }
        // Signed by somebody else, who may be known too.
        2 | 3 => {
            item.signer = other;
            item.description.signature_algorithm = SignatureAlgorithm::usual(private);
            item.description.put(Extension::authority_key_identifier(&private.identifier()));
            let mut root = draft.items[0].clone();
            root.description.subject = Name::common("Other root");
            root.description.issuer = Name::common("Other root");
            item.description.issuer = Name::common("Other root");
            (root.key, root.signer) = (other, other);
            root.description.public_key = private.public_key().to_vec();
            root.description.signature_algorithm = SignatureAlgorithm::usual(private);
            root.description.put(Extension::subject_key_identifier(&private.identifier()));
            root.description.put(Extension::authority_key_identifier(&private.identifier()));
            draft.beside.push((root, random.chance(2), random.chance(2)));
        }
        // A new key signed by the old one, under one name.
        4 => {
            item.description.issuer = item.description.subject.clone();
            item.signer = item.key;
            item.key = other;
            item.description.public_key = private.public_key().to_vec();
            item.description.put(Extension::authority_key_identifier(&maker.key(item.signer).identifier()));
            item.description.put(Extension::subject_key_identifier(&private.identifier()));
        }
        5 => item.description.remove(oid::SUBJECT_KEY_IDENTIFIER),
        _ => {
            damage_extension(random, &mut item.description);
        }
    }
    let (stored, sent) = random.pick(&[(true, false), (false, true), (true, true)]);
    draft.beside.push((item, stored, sent));
    format!("beside {kind}")
}
