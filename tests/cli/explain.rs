//! `pemlint explain` with errors: as argument, on standard input, through a pipe.

use std::fs;
use std::path::Path;

use crate::program::{Folder, Ran};

fn run(line: &str) -> Ran {
    Folder::new().run(line)
}

/// A real text, as a client printed it.
fn text(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/errors");
    fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn a_traceback_is_taken_from_a_pipe_and_from_standard_input() {
    let folder = Folder::new();
    let piped = folder.run_on(&text("requests-92.txt"), "explain").ends(0).out;
    let start = "**A CA certificate has no keyUsage extension, ";
    assert!(piped.starts_with(start), "{piped}");
    for part in [
        "verify code 92",
        "`X509_V_ERR_CA_CERT_MISSING_KEY_USAGE`",
        "Python 3.13, requests",
        "**Which certificate:**",
        "**Usual causes**",
        "**Who must act:** The owner of the CA",
        "pemlint predict chain.pem --trust ca.pem --host localhost",
        "pemlint check ca.pem --profile python-strict",
        "`rfc5280/ca-key-usage-missing`",
        "**Repair:**",
        "ctx.verify_flags &= ~ssl.VERIFY_X509_STRICT",
        "**May hide:**",
    ] {
        assert!(piped.contains(part), "{part} is not in:\n{piped}");
    }
    assert_eq!(folder.run_on(&text("requests-92.txt"), "explain -").ends(0).out, piped);
    assert!(piped.lines().count() <= 60, "{piped}");
}

#[test]
fn an_error_is_taken_from_the_command_line_by_text_name_and_number() {
    let start = "**The client found no trusted CA";
    for what in [
        "20",
        "verify_code=20",
        "X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
        "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
        "unable to get local issuer certificate",
        "error 20 at 0 depth lookup: unable to get local issuer certificate",
        "x509: certificate signed by unknown authority",
        "issuer-not-found",
    ] {
        let out = run(&format!("explain {what}")).ends(0).out;
        assert!(out.starts_with(start), "{what}:\n{out}");
    }
}

#[test]
fn several_errors_are_counted_and_answered_in_their_order() {
    let out = Folder::new().run_on(&text("s_client-20-21.txt"), "explain").ends(0).out;
    assert!(out.starts_with("2 different errors are in this text, first to last.\n"), "{out}");
    let [first, second] =
        ["no trusted CA that issued", "its own certificate alone"].map(|part| out.find(part));
    assert!(first.expect("it is answered") < second.expect("it is answered"));
    assert!(out.contains("depth 0"), "{out}");
}

#[test]
fn json_holds_the_same() {
    let ran = Folder::new().run_on(&text("requests-92.txt"), "explain --format json").ends(0);
    let document = ran.json();
    assert_eq!(document["version"], 1);
    assert_eq!(document["clues"]["host"], "localhost");
    let error = &document["errors"][0];
    assert_eq!(error["error"], "ca-key-usage-missing");
    assert_eq!(error["step"], "strict");
    assert_eq!(error["codes"][0]["number"], 92);
    assert_eq!(error["rules"][0], "rfc5280/ca-key-usage-missing");
    run("explain --format json cert.keyUsage").refuses(&["--format json is for errors"]);
}

#[test]
fn an_unknown_text_is_refused_with_what_was_sought_and_what_to_send() {
    let folder = Folder::new();
    let ran = folder.run_on(b"certificate verification: unable to get the issuer here\n", "explain");
    ran.refuses(&[
        "no known certificate error is in this text",
        "looked for: ",
        "OpenSSL 1.1.1 to 4.0",
        "closest known: `unable to get",
        "openssl s_client -connect HOST:443 -servername HOST -showcerts",
        "never a private key",
    ]);
    folder.run("explain connection refused by peer").refuses(&["no known certificate error"]);
    folder.run("explain 150").refuses(&["150 is no verify code of OpenSSL; they go from 0 to 103"]);
    folder.run_on(b" \n", "explain").refuses(&["nothing to explain on standard input", "WHAT"]);
    folder.run_on(b"\xff\xfe\x00", "explain -").refuses(&["nothing to explain"]);
}

#[test]
fn what_is_not_known_is_not_repeated() {
    let secret = "MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
    let text = format!("-----BEGIN PRIVATE KEY-----\n{secret}\n-----END PRIVATE KEY-----\n");
    let folder = Folder::new();
    let ran = folder.run_on(text.as_bytes(), "explain");
    assert!(!ran.err.contains(&secret[..12]) && !ran.out.contains(&secret[..12]), "{}", ran.err);
    ran.refuses(&["no known certificate error"]);
    let ran = folder.run(&format!("explain {secret}"));
    assert!(!ran.err.contains(&secret[..16]), "{}", ran.err);
}
