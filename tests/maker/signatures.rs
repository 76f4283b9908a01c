//! Every kind of key and signature: OpenSSL verifies what the maker signed, and so does our own reader where the
//! provider has the algorithm.

use pemlint::corpus::Key;
use pemlint::facts::Certificate;
use pemlint::facts::signature::{Verdict, verify};
use pemlint::issue::{Digest, PrivateKey, SignatureAlgorithm, der, oid, pem};

use super::kind::root;
use super::openssl;

const DIGESTS: [Digest; 6] =
    [Digest::Md5, Digest::Sha1, Digest::Sha224, Digest::Sha256, Digest::Sha384, Digest::Sha512];

/// Kind, size and curve of each key's public key, as our reader tells them.
const KEYS: [(Key, &str, u32, &str); 19] = [
    (Key::P256A, "ec", 256, "P-256"),
    (Key::P256B, "ec", 256, "P-256"),
    (Key::P256C, "ec", 256, "P-256"),
    (Key::P256D, "ec", 256, "P-256"),
    (Key::P384, "ec", 384, "P-384"),
    (Key::P521, "ec", 521, "P-521"),
    (Key::P224, "ec", 224, "P-224"),
    (Key::Rsa2048A, "rsa", 2048, ""),
    (Key::Rsa2048B, "rsa", 2048, ""),
    (Key::Rsa3072, "rsa", 3072, ""),
    (Key::Rsa4096, "rsa", 4096, ""),
    (Key::Rsa1024, "rsa", 1024, ""),
    (Key::Rsa1962, "rsa", 1962, ""),
    (Key::Rsa1963, "rsa", 1963, ""),
    (Key::Rsa2047, "rsa", 2047, ""),
    (Key::RsaPss2048, "rsaPss", 2048, ""),
    (Key::Ed25519, "ed25519", 256, ""),
    (Key::Secp256k1, "ec", 256, "secp256k1"),
    (Key::X25519, "x25519", 256, ""),
];

/// The signatures that a key of a kind can make.
fn algorithms(kind: &str, key: Key) -> Vec<SignatureAlgorithm> {
    let of = |named: fn(Digest) -> SignatureAlgorithm| DIGESTS.map(named).to_vec();
    match (kind, key) {
        (_, Key::Secp256k1 | Key::X25519) => Vec::new(),
        // MD5 has no ECDSA.
        ("ec", _) => of(SignatureAlgorithm::Ecdsa).split_off(1),
        ("rsaPss", _) => of(SignatureAlgorithm::RsaPss),
        // Every size with the usual digest, and one with all of them.
        ("rsa", Key::Rsa2048A) => [of(SignatureAlgorithm::RsaPkcs1), of(SignatureAlgorithm::RsaPss)].concat(),
        ("rsa", Key::Rsa1024) => of(SignatureAlgorithm::RsaPkcs1),
        _ => vec![SignatureAlgorithm::usual(key.private())],
    }
}

/// A self-signed authority of a key, by an algorithm.
fn made(key: Key, algorithm: SignatureAlgorithm) -> Vec<u8> {
    let mut root = root();
    root.set_key(key);
    root.sign_by(key);
    root.description.signature_algorithm = algorithm;
    root.to_der().expect("the key can sign it")
}

#[test]
fn keys_read_back() {
    assert_eq!(KEYS.map(|(key, ..)| key), Key::ALL);
    for (key, kind, bits, curve) in KEYS {
        let mut subject = root();
        subject.set_key(key);
        let octets = subject.to_der().expect("the root signs it");
        let read = Certificate::read(&octets);
        let public = read.public_key.as_ref().expect("it is a key");
        assert!(public.decodable, "{key:?}");
        let told = (public.kind, public.bits, public.ec.map_or("", |ec| ec.curve));
        assert_eq!(told, (kind, bits, curve), "{key:?}");
        assert!(openssl::x509(&octets).is_some_and(|text| text.contains("Public Key Algorithm")));
    }
}

#[test]
fn signatures_verify() {
    let mut count = 0;
    for (key, kind, ..) in KEYS {
        for algorithm in algorithms(kind, key) {
            let octets = made(key, algorithm);
            let told = openssl::verify(&pem::encode("CERTIFICATE", &octets));
            assert_eq!(told, Ok(()), "{key:?} by {}", algorithm.name());
            let read = Certificate::read(&octets);
            assert_ne!(verify(&read, &read), Verdict::Invalid, "{key:?} by {}", algorithm.name());
            assert_eq!(octets, made(key, algorithm), "{key:?} by {}", algorithm.name());
            count += 1;
        }
    }
    assert_eq!(count, 66);
}

#[test]
fn the_usual_signatures_are_verified_by_the_reader_too() {
    for key in [Key::P256A, Key::P384, Key::P521, Key::Rsa2048A, Key::Rsa4096, Key::RsaPss2048, Key::Ed25519]
    {
        let octets = made(key, SignatureAlgorithm::usual(key.private()));
        let read = Certificate::read(&octets);
        assert_eq!(verify(&read, &read), Verdict::Valid, "{key:?}");
        let mut spoilt = octets.clone();
        *spoilt.last_mut().expect("it has octets") ^= 1;
        let read = Certificate::read(&spoilt);
        assert_eq!(verify(&read, &read), Verdict::Invalid, "{key:?}");
    }
}

/// RFC 6979, A.2.4, A.2.5, A.2.6 and A.2.7: curve, private key, digest, and the signature of `sample`, both numbers.
const VECTORS: [(&[u64], &str, Digest, &str, &str); 4] = [
    (
        oid::P224,
        "F220266E1105BFE3083E03EC7A3A654651F45E37167E88600BF257C1",
        Digest::Sha224,
        "1CDFE6662DDE1E4A1EC4CDEDF6A1F5A2FB7FBD9145C12113E6ABFD3E",
        "A6694FD7718A21053F225D3F46197CA699D45006C06F871808F43EBC",
    ),
    (
        oid::P256,
        "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
        Digest::Sha256,
        "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716",
        "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
    ),
    (
        oid::P384,
        "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2EDF5",
        Digest::Sha384,
        "94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80FABE46",
        "99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E7B82C71A38628AC8",
    ),
    (
        oid::P521,
        "00FAD06DAA62BA3B25D2FB40133DA757205DE67F5BB0018FEE8C86E1B68C7E75CAA896EB32F1F47C70855836A6D16FCC1466F6D8FBEC67DB89EC0C08B0E996B83538",
        Digest::Sha512,
        "00C328FAFCBD79DD77850370C46325D987CB525569FB63C5D3BC53950E6D4C5F174E25A1EE9017B5D450606ADD152B534931D7D4E8455CC91F9B15BF05EC36E377FA",
        "00617CCE7CF5064806C467F678D3B4080D6F1CC50AF26CA209417308281B68AF282623EAA63E5B5C0723D8B8C37FF0777B1A20F8CCB1DCCC43997F1EE0E44DA4A67A",
    ),
];

#[test]
fn ecdsa_is_that_of_rfc_6979() {
    for (curve, scalar, digest, r, s) in VECTORS {
        let sec1 = der::sequence([der::unsigned(1), der::octet_string(&octets(scalar))]);
        let algorithm = der::sequence([der::oid(oid::EC), der::oid(curve)]);
        let pkcs8 = der::sequence([der::unsigned(0), algorithm, der::octet_string(&sec1)]);
        let key = PrivateKey::from_pkcs8(&pkcs8).expect("the RFC's keys are sound");
        let signed = key.sign(SignatureAlgorithm::Ecdsa(digest), b"sample").expect("it can sign");
        let numbers = [r, s].map(|number| der::unsigned_octets(&octets(number)));
        assert_eq!(signed, der::sequence(numbers), "{}", key.kind());
    }
}

fn octets(hex: &str) -> Vec<u8> {
    let pairs = hex.as_bytes().chunks(2).map(|pair| str::from_utf8(pair).expect("it is ASCII"));
    pairs.map(|pair| u8::from_str_radix(pair, 16).expect("it is hexadecimal")).collect()
}
