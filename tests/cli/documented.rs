//! The way that Cloudflare's documentation shows, walked with real openssl: what
//! it says today must pass, what it said before must fail for the one reason that
//! made Python 3.13 refuse it, and each common mix-up gives exactly one finding.

use crate::openssl::{CA, P256, intermediate, key, openssl, root, shell};
use crate::program::{Folder, Ran};

fn check(folder: &Folder, line: &str) -> Ran {
    folder.run(&format!("check --format json {line}"))
}

/// Step 3: the key of the root.
fn with_root_key() -> Folder {
    let folder = Folder::new();
    openssl(&folder, "genrsa -out root.key 2048");
    folder
}

/// A chain of three, each certificate and key in a file of its own.
fn with_chain() -> Folder {
    let folder = Folder::new();
    key(&folder, P256, "root.key");
    root(&folder, "root", CA);
    intermediate(&folder, "middle", "root", 300);
    intermediate(&folder, "issuing", "middle", 200);
    folder
}

#[test]
fn the_root_of_the_documentation_passes_without_any_finding() {
    let folder = with_root_key();
    root(&folder, "root", CA);
    let ran = check(&folder, "root.pem --key root.key --fail-on info").ends(0);
    assert_eq!(ran.rules(), Vec::<String>::new());
    let report = ran.json();
    assert_eq!(report["inputs"][0]["privateKeys"][0]["matches"][0]["path"], "root.pem");
    assert_eq!(report["inputs"][1]["certificates"][0]["role"], "root");
    let text = folder.run("check root.pem --key root.key").ends(0).out;
    assert!(text.ends_with("no faults found in 2 inputs, 1 certificate\n"), "{text}");
}

#[test]
fn the_root_of_the_former_documentation_fails_for_its_key_usage_alone() {
    let folder = with_root_key();
    root(&folder, "root", "");
    for profile in ["cloudflare-byopki", "rfc5280", "python-strict"] {
        let ran = check(&folder, &format!("root.pem --key root.key --profile {profile}")).ends(1);
        assert_eq!(ran.rules(), ["rfc5280/ca-key-usage-missing"], "{profile}");
    }
    let finding = check(&folder, "root.pem --key root.key").json()["findings"][0].take();
    assert_eq!(finding["openssl"][0], 92, "Python calls it by this number");
    assert_eq!((&finding["line"], &finding["column"]), (&2.into(), &1.into()));
    let message = finding["message"].as_str().expect("it is text");
    assert!(message.contains("CN=root,O=Example") && message.contains("no keyUsage"), "{message}");
}

#[test]
fn the_repair_that_a_finding_prints_mends_the_root() {
    let folder = with_root_key();
    root(&folder, "root", "");
    let fix = check(&folder, "root.pem --key root.key").ends(1).json()["findings"][0]["fix"].take();
    let fix = fix.as_str().expect("it is text");
    let is_command = |line: &&str| line.starts_with("    ");
    let commands: Vec<&str> =
        fix.lines().skip_while(|line| !is_command(line)).take_while(is_command).collect();
    assert!(commands.len() >= 3, "{fix}");
    shell(&folder, &commands.join("\n"));
    let ran = check(&folder, "root-new.pem --key root.key").ends(0);
    assert!(!ran.rules().iter().any(|rule| rule.starts_with("rfc5280/")), "{}", ran.out);
    // What was signed before still chains: name, key and key identifier are the same.
    let identifier =
        |file: &str| format!("openssl x509 -in {file} -noout -subject -ext subjectKeyIdentifier");
    shell(&folder, &format!("diff <({}) <({})", identifier("root.pem"), identifier("root-new.pem")));
}

#[test]
fn the_same_fault_is_found_in_der_and_between_windows_line_ends() {
    let folder = with_root_key();
    root(&folder, "root", "");
    openssl(&folder, "x509 -in root.pem -outform DER -out root.cer");
    folder.write("windows.pem", folder.read("root.pem").replace('\n', "\r\n"));
    let fingerprint = |file: &str| {
        let ran = check(&folder, &format!("{file} --key root.key")).ends(1);
        assert_eq!(ran.rules(), ["rfc5280/ca-key-usage-missing"]);
        ran.json()["findings"][0]["fingerprint"].as_str().map(str::to_owned)
    };
    assert_eq!(fingerprint("root.cer"), fingerprint("root.pem"));
    assert_eq!(fingerprint("windows.pem"), fingerprint("root.pem"));
}

#[test]
fn a_chain_passes_root_first_and_fails_leaf_first_for_its_order_alone() {
    let folder = with_chain();
    let [root, middle, issuing] = ["root.pem", "middle.pem", "issuing.pem"].map(|file| folder.read(file));
    folder.write("root-first.pem", format!("{root}{middle}{issuing}"));
    folder.write("leaf-first.pem", format!("{issuing}{middle}{root}"));
    let ran = check(&folder, "root-first.pem --key issuing.key --fail-on info").ends(0);
    assert_eq!(ran.rules(), Vec::<String>::new());
    let roles = ran.json()["inputs"][1]["certificates"].take();
    let roles: Vec<_> = roles.as_array().expect("a list").iter().map(|one| one["role"].clone()).collect();
    assert_eq!(roles, ["root", "intermediate", "intermediate"]);
    let ran = check(&folder, "leaf-first.pem --key issuing.key").ends(1);
    assert_eq!(ran.rules(), ["chain/order"]);
}

#[test]
fn a_foreign_key_is_the_only_finding() {
    let folder = with_root_key();
    root(&folder, "root", CA);
    for kind in ["RSA", P256] {
        key(&folder, kind, "foreign.key");
        let ran = check(&folder, "root.pem --key foreign.key").ends(1);
        assert_eq!(ran.rules(), ["keys/private-key-does-not-match"]);
        assert_eq!(ran.json()["findings"][0]["path"], "foreign.key");
    }
}

#[test]
fn the_key_of_the_root_in_place_of_that_of_the_issuing_certificate_is_the_only_finding() {
    let folder = with_chain();
    let [root, middle, issuing] = ["root.pem", "middle.pem", "issuing.pem"].map(|file| folder.read(file));
    folder.write("chain.pem", format!("{root}{middle}{issuing}"));
    let ran = check(&folder, "chain.pem --key root.key").ends(1);
    assert_eq!(ran.rules(), ["keys/private-key-of-wrong-certificate"]);
}
