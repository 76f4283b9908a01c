//! PKCS#12 files of `openssl` in every scheme, and those of `keytool` that are kept.

use std::fs;
use std::path::Path;

use pemlint::input::locked::Fault;
use pemlint::input::pkcs12::{self, ItemContent};
use pemlint::input::{Container, Content, Input, Password, is_java_keystore};

use crate::asked::{Openssl, PASSWORD, Pair, only_key, programs, read};

/// A file below `fixtures/containers`.
fn kept(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/containers").join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A file that `openssl pkcs12` makes of a key and its certificate.
fn made(program: &Openssl, pair: &Pair, line: &str, password: &str) -> Vec<u8> {
    let line = format!("pkcs12 -export -inkey {} -in {} {line}", pair.key(), pair.root());
    program.write(&line, &["-passout", &format!("pass:{password}")])
}

/// DER of the only certificate of a PEM file.
fn der(path: &str) -> Vec<u8> {
    let input = Input::read(pemlint::source::Source::new("x", fs::read(path).expect("it is there")));
    input.certificate(&input.blocks[0]).expect("it holds a certificate").to_vec()
}

/// Why a file was not opened.
fn fault(input: &Input) -> Option<&Fault> {
    match &input.blocks[..] {
        [block] => match &block.content {
            Content::Locked(fault) => Some(fault),
            _ => None,
        },
        _ => None,
    }
}

/// Asserts that a file opens with a password and gives the pair, and with no other password.
#[track_caller]
fn opens(what: &str, octets: &[u8], pair: &Pair, password: &str) {
    assert!(pkcs12::is_pkcs12(octets), "{what}");
    let input = read(octets, &["one", password]);
    assert_eq!(fault(&input), None, "{what}");
    assert_eq!(only_key(&input).public.as_ref(), Some(&pair.identity), "{what}");
    let certificates: Vec<&[u8]> = input.blocks.iter().filter_map(|block| input.certificate(block)).collect();
    assert_eq!(certificates, [der(&pair.root())], "{what}");
    assert!(input.blocks.iter().all(|block| block.container == Some(Container::Pkcs12)));
    assert_eq!(fault(&read(octets, &[])), Some(&Fault::PasswordNeeded), "{what}");
    assert_eq!(fault(&read(octets, &["", "one"])), Some(&Fault::PasswordWrong), "{what}");
}

#[test]
fn files_of_every_modern_scheme_are_opened() {
    let pair = Pair::new("p256-a");
    let mut lines = vec![String::new(), "-iter 1".into(), "-iter 30000".into()];
    for scheme in ["AES-128-CBC", "AES-192-CBC", "AES-256-CBC", "PBE-SHA1-3DES", "PBE-SHA1-2DES"] {
        lines.push(format!("-keypbe {scheme} -certpbe {scheme}"));
    }
    lines.push("-keypbe NONE -certpbe AES-256-CBC".into());
    lines.push("-keypbe NONE -certpbe NONE".into());
    lines.push("-keypbe PBE-SHA1-3DES -certpbe NONE -macalg sha1".into());
    for hash in ["sha1", "sha224", "sha256", "sha384", "sha512", "md5", "sha512-224", "sha512-256"] {
        lines.push(format!("-macalg {hash}"));
    }
    for program in programs() {
        for line in &lines {
            opens(
                &format!("{}: {line}", program.name),
                &made(&program, &pair, line, PASSWORD),
                &pair,
                PASSWORD,
            );
        }
    }
}

#[test]
fn files_of_every_old_scheme_are_opened() {
    let pair = Pair::new("rsa-2048-a");
    let schemes =
        ["PBE-SHA1-RC2-128", "PBE-SHA1-RC2-40", "PBE-SHA1-RC4-128", "PBE-SHA1-RC4-40", "PBE-MD5-DES"];
    for program in programs().iter().filter(|program| program.has_legacy) {
        let legacy = made(program, &pair, "-legacy", PASSWORD);
        opens("-legacy", &legacy, &pair, PASSWORD);
        for scheme in schemes {
            let line = format!("-legacy -keypbe {scheme} -certpbe {scheme}");
            opens(&line, &made(program, &pair, &line, PASSWORD), &pair, PASSWORD);
        }
    }
}

#[test]
fn files_with_pbmac1_are_opened() {
    let pair = Pair::new("p256-a");
    opens("the one that is kept", &kept("pbmac1.p12"), &kept_pair(), "pemlint");
    for program in programs().iter().filter(|program| program.is_from(3, 4)) {
        for line in
            ["", "-macalg sha512", "-pbmac1_pbkdf2_md sha512", "-pbmac1_pbkdf2_md sha1 -macalg sha384"]
        {
            let line = format!("-pbmac1_pbkdf2 {line}");
            opens(&line, &made(program, &pair, &line, PASSWORD), &pair, PASSWORD);
        }
    }
}

/// The pair of the files that are kept.
fn kept_pair() -> Pair {
    let pair = Pair::new("p256-a");
    let root = "rules/keys/private-key-encrypted/passes-pkcs8.pem";
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(root);
    fs::copy(root, pair.root()).expect("a file can be copied");
    pair
}

#[test]
fn files_that_are_kept_are_opened() {
    let pair = kept_pair();
    for name in ["modern.p12", "legacy.p12", "keytool.p12"] {
        opens(name, &kept(name), &pair, "pemlint");
    }
    opens("umlaut.p12", &kept("umlaut.p12"), &pair, "Zürich");
    for name in ["certificates.p12", "keytool-trust.p12"] {
        let input = read(&kept(name), &["pemlint"]);
        let found: Vec<_> = input.blocks.iter().filter_map(|block| input.certificate(block)).collect();
        assert_eq!(found, [der(&pair.root())], "{name}");
    }
    let names = |name: &str| -> Vec<Option<String>> {
        read(&kept(name), &["pemlint"]).blocks.into_iter().map(|block| block.name).collect()
    };
    assert_eq!(names("modern.p12"), [Some("Example root".into()), Some("Example root".into())]);
    assert_eq!(names("certificates.p12"), [Some("CA".into())]);
    assert_eq!(names("keytool-trust.p12"), [Some("root".into())]);
}

#[test]
fn no_password_and_the_empty_one_are_tried_unasked() {
    let pair = Pair::new("p256-a");
    for program in programs() {
        for line in ["", "-nomac", "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES", "-macalg sha1 -iter 1"] {
            let octets = made(&program, &pair, line, "");
            for passwords in [&[][..], &["one"], &[""]] {
                let input = read(&octets, passwords);
                assert_eq!(only_key(&input).public.as_ref(), Some(&pair.identity), "{line}, {passwords:?}");
            }
        }
    }
}

#[test]
fn a_file_without_a_mac_gives_what_is_not_locked() {
    let pair = Pair::new("p256-a");
    for program in programs() {
        let octets = made(&program, &pair, "-nomac -certpbe NONE", PASSWORD);
        let locked = read(&octets, &[]);
        assert_eq!(locked.blocks.iter().filter_map(|block| locked.certificate(block)).count(), 1);
        assert_eq!(only_key(&locked).lock, Some(Fault::PasswordNeeded));
        assert_eq!(only_key(&read(&octets, &["one"])).lock, Some(Fault::PasswordWrong));
        assert_eq!(only_key(&read(&octets, &[PASSWORD])).public.as_ref(), Some(&pair.identity));
    }
}

/// A key of its own password, as old `keytool -keypasswd` left it, is opened by another one.
#[test]
fn each_part_may_have_its_own_password() {
    let pair = Pair::new("p256-a");
    for program in programs() {
        let octets = made(&program, &pair, "-nomac -certpbe NONE", PASSWORD);
        for passwords in [&["one", PASSWORD][..], &[PASSWORD, "one"]] {
            assert_eq!(only_key(&read(&octets, passwords)).public.as_ref(), Some(&pair.identity));
        }
    }
}

#[test]
fn passwords_may_be_any_text() {
    let pair = Pair::new("p256-a");
    for program in programs() {
        for password in ["Zürich", "пароль", "密码", "😀", "a b", "x", "pass:word"] {
            for line in ["", "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1"] {
                let octets = made(&program, &pair, line, password);
                opens(&format!("{}: {password}, {line}", program.name), &octets, &pair, password);
            }
        }
    }
}

#[test]
fn several_certificates_come_in_the_order_of_the_file_with_their_names() {
    let (pair, others) = (Pair::new("p256-a"), [Pair::new("p384"), Pair::new("rsa-2048-a")]);
    let folder = tempfile::tempdir().expect("a folder can be made");
    let chain = folder.path().join("chain.pem");
    let text: Vec<u8> =
        others.iter().flat_map(|other| fs::read(other.root()).expect("it is there")).collect();
    fs::write(&chain, text).expect("a file can be written");
    for program in programs() {
        let line = format!("-certfile {} -name Zürich -caname first -caname второй", chain.display());
        let octets = made(&program, &pair, &line, PASSWORD);
        let password = Password::new(PASSWORD.into());
        let opened = pkcs12::open(&octets, Some(&password)).expect("the password is right");
        let certificates: Vec<&Vec<u8>> = opened
            .items
            .iter()
            .filter_map(|item| match &item.content {
                ItemContent::Certificate(der) => Some(der),
                _ => None,
            })
            .collect();
        assert_eq!(certificates, [&der(&pair.root()), &der(&others[0].root()), &der(&others[1].root())]);
        let names: Vec<Option<&str>> =
            opened.items.iter().map(|item| item.friendly_name.as_deref()).collect();
        assert_eq!(names, [Some("Zürich"), Some("first"), Some("второй"), Some("Zürich")]);
        let identifiers: Vec<_> = opened.items.iter().map(|item| item.local_key_id.clone()).collect();
        assert!(identifiers[0].is_some() && identifiers[0] == identifiers[3], "{identifiers:?}");
        let numbers: Vec<_> = read(&octets, &[PASSWORD]).blocks.iter().map(|block| block.number).collect();
        assert_eq!(numbers, [Some(0), Some(1), Some(2), None]);
    }
}

#[test]
fn the_function_for_one_password_says_why() {
    let open = |name: &str, password: Option<&str>| {
        let password = password.map(|text| Password::new(text.into()));
        pkcs12::open(&kept(name), password.as_ref()).map(|opened| opened.items.len())
    };
    assert_eq!(open("modern.p12", Some("pemlint")), Ok(2));
    assert_eq!(open("modern.p12", Some("Pemlint")), Err(Fault::PasswordWrong));
    assert_eq!(open("modern.p12", None), Err(Fault::PasswordNeeded));
    assert_eq!(open("empty-password.p12", None), Ok(2));
    assert_eq!(open("empty-password.p12", Some("")), Ok(2));
    assert_eq!(open("empty-password.p12", Some("x")), Err(Fault::PasswordWrong));
    assert_eq!(open("camellia.p12", Some("pemlint")), Err(Fault::Unsupported("Camellia-256-CBC".into())));
    assert!(matches!(open("keystore.jks", None), Err(Fault::Malformed(_))));
}

#[test]
fn old_keystores_are_recognised() {
    for name in ["keystore.jks", "keystore.jceks"] {
        let octets = kept(name);
        assert!(is_java_keystore(&octets) && !pkcs12::is_pkcs12(&octets));
        assert!(matches!(fault(&read(&octets, &["pemlint"])), Some(Fault::Unsupported(_))), "{name}");
    }
    assert!(!is_java_keystore(&kept("keytool.p12")));
}

/// Writes every constructed element of DER with an end mark, and its strings in pieces.
fn indefinite(der: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = der;
    while let Some((tag, content, after)) = pemlint::issue::der::read(rest) {
        let (begin, pieces) = match tag {
            0x04 if content.len() > 20 => (
                0x24,
                content
                    .chunks(13)
                    .map(|part| pemlint::issue::der::value(4, part))
                    .collect::<Vec<_>>()
                    .concat(),
            ),
            tag if tag & 0x20 != 0 => (tag, indefinite(content)),
            tag => {
                out.extend(pemlint::issue::der::value(tag, content));
                rest = after;
                continue;
            }
        };
        out.extend([begin, 0x80]);
        out.extend(pieces);
        out.extend([0, 0]);
        rest = after;
    }
    out
}

#[test]
fn files_of_programs_that_write_end_marks_are_opened() {
    for (name, password) in [("modern.p12", "pemlint"), ("legacy.p12", "pemlint"), ("umlaut.p12", "Zürich")]
    {
        let ber = indefinite(&kept(name));
        assert!(ber.starts_with(&[0x30, 0x80]));
        opens(name, &ber, &kept_pair(), password);
    }
}
