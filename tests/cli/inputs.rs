//! What `check` reads: files, directories, standard input, DER, several bundles
//! and one of all; and what it says of that which cannot be read.

use std::fs;
use std::os::unix::fs::symlink;

use serde_json::Value;

use crate::program::{AT, Folder, Ran, octets};

const ROOT: &str = "clean/p256-root.pem";
const FAULTY: &str = "rules/rfc5280/ca-key-usage-missing/fails-root.pem";

fn check(folder: &Folder, line: &str) -> Ran {
    folder.run(&format!("check --no-key --at {AT} --format json {line}"))
}

/// The inputs of a report: path and number of certificates.
fn inputs(ran: &Ran) -> Vec<(String, usize)> {
    let report = ran.json();
    let input = |input: &Value| {
        let certificates = input["certificates"].as_array().expect("a list").len();
        (input["path"].as_str().expect("it has a path").to_owned(), certificates)
    };
    report["inputs"].as_array().expect("a list").iter().map(input).collect()
}

fn der(fixture: &str) -> Vec<u8> {
    let pem = octets(fixture);
    let (_, pem) = x509_parser::pem::parse_x509_pem(&pem).expect("the fixture is PEM");
    pem.contents
}

#[test]
fn a_directory_stands_for_what_holds_certificates_or_keys_below_it_in_sorted_order() {
    let folder = Folder::new();
    for name in ["b.pem", "a.crt", "in/side/c.CER", "notes.txt", "pem", "in/d.pem.bak", ".hidden.pem"] {
        folder.write(&format!("ca/{name}"), octets(ROOT));
    }
    folder.write("ca/in/e.der", der(FAULTY));
    folder.write("ca/in/without-ending", der(FAULTY));
    folder.copy("clean/p256-root.key=ca/z.key");
    let text = String::from_utf8(octets(ROOT)).expect("it is text");
    folder.write("ca/answer", serde_json::json!({"result": [{"certificate": text}]}).to_string());
    // Neither is meant as a certificate: a program, a document, a file of another kind.
    folder.write("ca/main.c", "char *begin = \"-----BEGIN CERTIFICATE-----\";\n");
    folder.write("ca/read.me", "A block begins with\n-----BEGIN CERTIFICATE-----\nand goes on.\n");
    folder.write("ca/program", [b"\x7fELF\0\0", octets(ROOT).as_slice()].concat());
    folder.write("ca/long.log", ["x".repeat(1 << 19).into_bytes(), b"\n".to_vec(), octets(ROOT)].concat());
    let ran = check(&folder, "ca").ends(1);
    let expected = [
        ("a.crt", 1),
        ("answer", 1),
        ("b.pem", 1),
        ("in/d.pem.bak", 1),
        ("in/e.der", 1),
        ("in/side/c.CER", 1),
        ("in/without-ending", 1),
        ("long.log", 1),
        ("notes.txt", 1),
        ("pem", 1),
        ("z.key", 0),
    ];
    assert_eq!(inputs(&ran), expected.map(|(name, number)| (format!("ca/{name}"), number)));
}

#[test]
fn directories_are_walked_as_ripgrep_does() {
    let folder = Folder::new();
    for name in ["a.pem", "b.crt", "old/c.pem", ".hidden/d.pem"] {
        folder.write(&format!("ca/{name}"), octets(ROOT));
    }
    folder.write("ca/.ignore", "old/\n");
    let named = |line: &str| -> Vec<String> {
        inputs(&check(&folder, line).ends(0)).into_iter().map(|(name, _)| name).collect()
    };
    assert_eq!(named("ca"), ["ca/a.pem", "ca/b.crt"]);
    assert_eq!(named("ca --no-ignore"), ["ca/a.pem", "ca/b.crt", "ca/old/c.pem"]);
    assert_eq!(named("ca --hidden"), ["ca/.hidden/d.pem", "ca/a.pem", "ca/b.crt"]);
    assert_eq!(named("ca --glob *.crt"), ["ca/b.crt"]);
    assert_eq!(named("ca --glob !a.pem"), ["ca/b.crt"]);
    assert_eq!(named("ca/old/c.pem"), ["ca/old/c.pem"], "what is named is read");
    let refused = folder.run("check ca --glob a[").ends(2);
    assert!(refused.err.contains("--glob a[: this is no glob"), "{}", refused.err);
}

#[test]
fn a_directory_without_such_files_is_nothing_to_check_and_no_success() {
    let folder = Folder::new();
    folder.write("ca/notes.txt", "nothing");
    assert_eq!(inputs(&check(&folder, "ca").ends(3)), []);
    let text = folder.run("check ca").ends(3).out;
    assert_eq!(text, "nothing was checked: there is no file with a certificate or key\n");
}

#[test]
fn a_file_of_any_name_is_read_when_it_is_named() {
    let folder = Folder::new();
    folder.write("notes.txt", octets(ROOT));
    assert_eq!(inputs(&check(&folder, "notes.txt").ends(0)), [("notes.txt".into(), 1)]);
}

#[test]
fn a_dash_is_standard_input_in_pem_and_in_der() {
    let folder = Folder::new();
    let line = format!("check - --no-key --at {AT} --format json");
    for octets in [octets(FAULTY), der(FAULTY)] {
        let ran = folder.run_on(&octets, &line).ends(1);
        assert_eq!(inputs(&ran), [("stdin".into(), 1)]);
        assert_eq!(ran.json()["findings"][0]["path"], "stdin");
    }
    folder.run_on(b"", &line).ends(3);
}

#[test]
fn a_file_that_is_named_twice_is_read_once() {
    let folder = Folder::new();
    folder.copy(&format!("{ROOT}=root.pem"));
    let whole = folder.path().join("root.pem");
    let ran = check(&folder, &format!("root.pem ./root.pem {} .", whole.display())).ends(0);
    assert_eq!(inputs(&ran), [("root.pem".into(), 1)]);
}

#[test]
fn a_der_certificate_has_its_findings_at_the_first_position_and_shows_no_lines() {
    let folder = Folder::new();
    folder.write("root.cer", der(FAULTY));
    folder.copy(&format!("{FAULTY}=root.pem"));
    let report = check(&folder, "root.cer").ends(1).json();
    let finding = &report["findings"][0];
    let place = ["line", "column", "endLine", "endColumn"].map(|part| finding[part].as_u64());
    assert_eq!(place, [Some(1); 4]);
    let same = check(&folder, "root.pem").ends(1).json();
    assert_eq!(finding["fingerprint"], same["findings"][0]["fingerprint"], "the certificate is the same");
    let text = folder.run(&format!("check root.cer --no-key --at {AT}")).ends(1).out;
    assert!(text.contains(" --> root.cer:1:1\n\n"), "{text}");
}

#[test]
fn everything_that_cannot_be_read_is_named_at_once() {
    let folder = Folder::new();
    folder.copy(&format!("{ROOT}=root.pem"));
    symlink("loop.pem", folder.path().join("loop.pem")).expect("links can be made");
    let parts = ["gone.pem cannot be read: No such file", "loop.pem cannot be read", "root.pem/x cannot"];
    check(&folder, "gone.pem root.pem loop.pem root.pem/x").refuses(&parts);
    folder.run("check root.pem --key gone.key").refuses(&["gone.key cannot be read"]);
}

#[test]
fn a_directory_with_a_link_that_leads_nowhere_is_not_half_checked() {
    let folder = Folder::new();
    folder.copy(&format!("{ROOT}=ca/root.pem"));
    symlink("gone", folder.path().join("ca/old.pem")).expect("links can be made");
    check(&folder, "ca").refuses(&["ca cannot be read", "No such file"]);
}

#[test]
fn each_file_is_a_bundle_unless_they_are_joined() {
    let folder = Folder::new();
    let chain = String::from_utf8(octets("clean/root-and-intermediate.pem")).expect("PEM is text");
    let second = chain.rfind("-----BEGIN").expect("it holds two");
    folder.write("root.pem", &chain[..second]);
    folder.write("intermediate.pem", &chain[second..]);
    assert_eq!(check(&folder, "root.pem intermediate.pem").ends(1).rules(), ["chain/incomplete"]);
    for order in ["root.pem intermediate.pem", "intermediate.pem root.pem", "."] {
        let ran = check(&folder, &format!("--join {order}")).ends(0);
        assert_eq!(ran.rules(), Vec::<String>::new(), "files have no order among themselves");
        assert_eq!(inputs(&ran), [("intermediate.pem".into(), 1), ("root.pem".into(), 1)]);
    }
}

#[test]
fn a_name_with_hidden_characters_is_escaped_in_every_format() {
    let folder = Folder::new();
    let name = "a\u{202e}\u{1b}[2J.pem";
    folder.write(name, octets(FAULTY));
    for format in ["human", "json", "sarif"] {
        let text = folder.run(&format!("check . --no-key --at {AT} --format {format}")).ends(1).out;
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
    }
    fs::remove_file(folder.path().join(name)).expect("it can be removed");
    let text = folder.command("check").arg(name).output().expect("the program starts").stderr;
    let text = String::from_utf8(text).expect("it is UTF-8");
    assert!(text.contains("cannot be read"), "{text}");
    assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
}
