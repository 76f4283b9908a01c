//! Encrypted keys in every scheme that `openssl` writes.

use pemlint::input::PrivateKey;
use pemlint::input::locked::Fault;

use crate::asked::{Openssl, PASSWORD, Pair, only_key, programs, read};

/// What is known of a key file with these passwords.
fn key(octets: &[u8], passwords: &[&str]) -> PrivateKey {
    only_key(&read(octets, passwords)).clone()
}

/// Asserts that the right password opens a file, and that no other does.
#[track_caller]
fn opens(what: &str, octets: &[u8], pair: &Pair) {
    let opened = key(octets, &[PASSWORD]);
    assert_eq!(
        (opened.public.as_ref(), opened.lock, opened.encrypted),
        (Some(&pair.identity), None, true),
        "{what}"
    );
    assert_eq!(key(octets, &["one", "two", PASSWORD]).public.as_ref(), Some(&pair.identity), "{what}");
    for (passwords, fault) in [
        (&[][..], Fault::PasswordNeeded),
        (&["correct horse "], Fault::PasswordWrong),
        (&["", "Correct horse"], Fault::PasswordWrong),
    ] {
        let locked = key(octets, passwords);
        assert_eq!((locked.public, locked.lock), (None, Some(fault)), "{what} with {passwords:?}");
    }
}

/// Asserts that a file is not opened and that its scheme is named.
#[track_caller]
fn names(what: &str, octets: &[u8], scheme: &str) {
    for passwords in [&[][..], &[PASSWORD]] {
        let locked = key(octets, passwords);
        assert_eq!(locked.lock, Some(Fault::Unsupported(scheme.into())), "{what}");
        assert!(locked.encrypted && locked.public.is_none(), "{what}");
    }
}

/// An encrypted PKCS#8 key.
fn pkcs8(program: &Openssl, pair: &Pair, line: &str) -> Vec<u8> {
    let line = format!("pkcs8 -topk8 -in {} {line}", pair.key());
    program.write(&line, &["-passout", &format!("pass:{PASSWORD}")])
}

const LEGACY: &str = "-provider legacy -provider default";

#[test]
fn keys_of_pbes2_are_opened() {
    let pair = Pair::new("p256-a");
    let mut lines: Vec<String> = ["aes-128-cbc", "aes-192-cbc", "aes-256-cbc", "des3"]
        .map(|cipher| format!("-v2 {cipher}"))
        .into_iter()
        .chain(
            ["SHA1", "SHA224", "SHA256", "SHA384", "SHA512", "SHA512-224", "SHA512-256", "MD5"]
                .map(|hash| format!("-v2 aes-256-cbc -v2prf hmacWith{hash}")),
        )
        .collect();
    lines.extend(
        [
            "-scrypt",
            "-scrypt -scrypt_N 1024 -scrypt_r 4 -scrypt_p 3",
            "-v2 aes-128-cbc -scrypt",
            "-v2 aes-256-cbc -iter 1",
            "-v2 aes-256-cbc -iter 50000",
            "-v2 aes-256-cbc -outform DER",
        ]
        .map(str::to_owned),
    );
    for program in programs() {
        for line in &lines {
            opens(&format!("{}: {line}", program.name), &pkcs8(&program, &pair, line), &pair);
        }
    }
}

#[test]
fn keys_of_old_schemes_are_opened() {
    let pair = Pair::new("p256-a");
    let ciphers = ["des-cbc", "rc2-cbc", "rc2-64-cbc", "rc2-40-cbc"].map(|cipher| format!("-v2 {cipher}"));
    let schemes = [
        "PBE-MD5-DES",
        "PBE-SHA1-DES",
        "PBE-MD5-RC2-64",
        "PBE-SHA1-RC2-64",
        "PBE-SHA1-RC4-128",
        "PBE-SHA1-RC4-40",
        "PBE-SHA1-3DES",
        "PBE-SHA1-2DES",
        "PBE-SHA1-RC2-128",
        "PBE-SHA1-RC2-40",
    ]
    .map(|scheme| format!("-v1 {scheme}"));
    for program in programs().iter().filter(|program| program.has_legacy) {
        // OpenSSL 3.5 fails on RC2 of less than 128 bits in PBES2.
        let ciphers = &ciphers[..if program.is_from(3, 5) { 2 } else { 4 }];
        for line in ciphers.iter().chain(&schemes) {
            let octets = pkcs8(program, &pair, &format!("{line} {LEGACY}"));
            opens(&format!("{}: {line}", program.name), &octets, &pair);
        }
    }
}

#[test]
fn what_is_not_opened_is_named() {
    let pair = Pair::new("p256-a");
    let ciphers = [
        ("camellia-128-cbc", "Camellia-128-CBC"),
        ("camellia-192-cbc", "Camellia-192-CBC"),
        ("camellia-256-cbc", "Camellia-256-CBC"),
        ("aria-128-cbc", "ARIA-128-CBC"),
        ("aria-192-cbc", "ARIA-192-CBC"),
        ("aria-256-cbc", "ARIA-256-CBC"),
        ("sm4-cbc", "SM4-CBC"),
    ];
    let old = [("seed-cbc", "SEED-CBC"), ("bf-cbc", "Blowfish-CBC"), ("cast5-cbc", "CAST5-CBC")];
    for program in programs() {
        let old = old.iter().filter(|_| program.has_legacy);
        for (cipher, name) in ciphers.iter().chain(old) {
            let legacy = if program.has_legacy { LEGACY } else { "" };
            let octets = pkcs8(&program, &pair, &format!("-v2 {cipher} {legacy}"));
            names(&format!("{}: {cipher}", program.name), &octets, name);
        }
    }
}

/// A key in the encryption of RFC 1421.
fn pem(program: &Openssl, command: &str, pair: &Pair, cipher: &str) -> Vec<u8> {
    let line = format!("{command} -in {} -{cipher}", pair.key());
    program.write(&line, &["-passout", &format!("pass:{PASSWORD}")])
}

#[test]
fn keys_in_the_old_encryption_of_pem_are_opened_or_named() {
    let kinds = [
        ("ec", Pair::new("p256-a")),
        ("rsa -traditional", Pair::new("rsa-2048-a")),
        ("ec", Pair::new("p521")),
    ];
    for program in programs() {
        let legacy = if program.has_legacy { &["des"][..] } else { &[] };
        for (command, pair) in &kinds {
            for cipher in ["aes128", "aes192", "aes256", "des3"].iter().chain(legacy) {
                let line = format!("{command} {}", if *cipher == "des" { LEGACY } else { "" });
                let octets = pem(&program, &line, pair, cipher);
                assert!(String::from_utf8_lossy(&octets).contains("DEK-Info"), "{command} {cipher}");
                opens(&format!("{}: {command} {cipher}", program.name), &octets, pair);
            }
        }
        let (command, pair) = &kinds[0];
        for (cipher, name) in [("camellia256", "CAMELLIA-256-CBC"), ("aria128", "ARIA-128-CBC")] {
            let octets = pem(&program, command, pair, cipher);
            names(&format!("{}: {cipher}", program.name), &octets, name);
        }
    }
}

#[test]
fn passwords_may_be_any_text() {
    let pair = Pair::new("p256-a");
    let long = "x".repeat(1_000);
    for program in programs() {
        for text in ["Zürich", "пароль", "😀😀😀😀", "a b\tc", "pass:word", "\u{301}", &long] {
            for (command, line) in [("pkcs8", "pkcs8 -topk8"), ("ec", "ec -aes256")] {
                // An old PEM file wants four characters.
                if command == "ec" && text.chars().count() < 4 {
                    continue;
                }
                let line = format!("{line} -in {}", pair.key());
                let octets = program.write(&line, &["-passout", &format!("pass:{text}")]);
                assert_eq!(key(&octets, &[text]).public.as_ref(), Some(&pair.identity), "{command} {text}");
                assert_eq!(key(&octets, &["x"]).lock, Some(Fault::PasswordWrong), "{command} {text}");
            }
        }
        let empty = program.write(&format!("pkcs8 -topk8 -in {}", pair.key()), &["-passout", "pass:"]);
        assert_eq!(key(&empty, &[""]).public.as_ref(), Some(&pair.identity));
        assert_eq!(key(&empty, &[]).lock, Some(Fault::PasswordNeeded));
    }
}

#[test]
fn every_kind_of_key_is_known_by_what_it_was_before_it_was_encrypted() {
    for name in ["rsa-1024", "rsa-2048-a", "rsa-pss-2048", "p256-a", "p384", "p521", "ed25519"] {
        let pair = Pair::new(name);
        let program = &programs()[0];
        let octets = pkcs8(program, &pair, "-v2 aes-256-cbc");
        opens(name, &octets, &pair);
        let plain = read(&std::fs::read(pair.key()).expect("it is there"), &[]);
        let (plain, opened) = (only_key(&plain), key(&octets, &[PASSWORD]));
        assert_eq!(
            (plain.algorithm, plain.bits, plain.curve, plain.malformed),
            (opened.algorithm, opened.bits, opened.curve, opened.malformed),
            "{name}"
        );
    }
}
