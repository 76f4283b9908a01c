//! Private keys from real openssl in every form that it writes: recognised,
//! matched, named when they are encrypted or damaged, and never printed.

use serde_json::{Value, json};

use crate::openssl::{CA, P256, key, openssl, root};
use crate::program::{Folder, Ran};

fn check(folder: &Folder, line: &str) -> Ran {
    folder.run(&format!("check --format json {line}"))
}

/// A root `root.pem` with its key in PKCS#8.
fn folder(kind: &str) -> Folder {
    let folder = Folder::new();
    key(&folder, kind, "root.key");
    root(&folder, "root", CA);
    folder
}

/// What the report says of the only private key, its line left out.
fn summary(ran: &Ran) -> Value {
    let report = ran.json();
    let inputs = report["inputs"].as_array().expect("a list");
    let mut keys = inputs.iter().flat_map(|input| input["privateKeys"].as_array().expect("a list"));
    let mut key = keys.next().expect("there is a key").clone();
    assert_eq!(keys.next(), None);
    key.as_object_mut().expect("an object").remove("line");
    key
}

fn matched(format: &str, algorithm: &str, bits: u32) -> Value {
    json!({"format": format, "encrypted": false, "algorithm": algorithm, "bits": bits,
           "matches": [{"path": "root.pem", "certificate": 0}]})
}

/// Writes `root.key` anew in another form as `other.key`.
#[track_caller]
fn other_form(folder: &Folder, line: &str) {
    openssl(folder, &format!("{line} -out other.key"));
}

#[test]
fn rsa_keys_are_matched_in_pkcs8_and_pkcs1_in_pem_and_der() {
    let folder = folder("RSA -pkeyopt rsa_keygen_bits:2048");
    let forms = [
        ("pkcs8", "pkcs8 -topk8 -nocrypt -in root.key"),
        ("pkcs8", "pkcs8 -topk8 -nocrypt -in root.key -outform DER"),
        ("pkcs1", "rsa -traditional -in root.key"),
        ("pkcs1", "rsa -traditional -in root.key -outform DER"),
    ];
    for (format, line) in forms {
        other_form(&folder, line);
        let ran = check(&folder, "root.pem --key other.key").ends(0);
        assert_eq!((summary(&ran), ran.rules()), (matched(format, "rsa", 2048), Vec::new()), "{line}");
    }
}

#[test]
fn ec_keys_are_matched_in_pkcs8_and_sec1_with_and_without_parameters_before_it() {
    let folder = folder(P256);
    let forms = [
        ("pkcs8", "pkcs8 -topk8 -nocrypt -in root.key"),
        ("sec1", "ec -in root.key"),
        ("sec1", "ec -in root.key -no_public"),
        ("sec1", "ec -in root.key -outform DER"),
    ];
    for (format, line) in forms {
        other_form(&folder, line);
        let ran = check(&folder, "root.pem --key other.key").ends(0);
        assert_eq!((summary(&ran), ran.rules()), (matched(format, "ec", 256), Vec::new()), "{line}");
    }
    openssl(&folder, "ecparam -name prime256v1 -genkey -out root.key");
    assert!(folder.read("root.key").starts_with("-----BEGIN EC PARAMETERS-----"));
    root(&folder, "root", CA);
    let ran = check(&folder, "root.pem --key root.key").ends(0);
    assert_eq!((summary(&ran), ran.rules()), (matched("sec1", "ec", 256), Vec::new()));
}

#[test]
fn ed25519_keys_are_matched_though_the_gateway_does_not_take_them() {
    let folder = folder("ED25519");
    let ran = check(&folder, "root.pem --key root.key --profile rfc5280").ends(0);
    assert_eq!(summary(&ran)["matches"], json!([{"path": "root.pem", "certificate": 0}]));
    assert_eq!((summary(&ran)["algorithm"].take(), ran.rules()), (json!("ed25519"), Vec::new()));
    let ran = check(&folder, "root.pem --key root.key").ends(1);
    let expected = ["keys/key-algorithm-not-accepted", "keys/signature-algorithm-not-accepted"];
    assert!(ran.rules().iter().all(|rule| expected.contains(&rule.as_str())), "{}", ran.out);
}

#[test]
fn encrypted_keys_are_named_and_no_password_is_asked_for() {
    let folder = folder("RSA -pkeyopt rsa_keygen_bits:2048");
    let forms = [
        ("pkcs8", "pkcs8 -topk8 -in root.key -v2 aes-256-cbc -passout pass:pemlint"),
        ("pkcs1", "rsa -traditional -in root.key -aes128 -passout pass:pemlint"),
    ];
    for (format, line) in forms {
        other_form(&folder, line);
        let ran = check(&folder, "root.pem --key other.key").ends(1);
        assert_eq!(ran.rules(), ["keys/private-key-encrypted"], "{line}");
        let key = summary(&ran);
        assert_eq!((&key["format"], &key["encrypted"]), (&json!(format), &json!(true)), "{line}");
        assert_eq!(key["matches"], json!([]), "{line}");
    }
    openssl(&folder, "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.key");
    openssl(&folder, "ec -in ec.key -aes256 -passout pass:pemlint -out other.key");
    let ran = check(&folder, "root.pem --key other.key").ends(1);
    assert_eq!(
        (ran.rules(), summary(&ran)["format"].take()),
        (vec!["keys/private-key-encrypted".into()], json!("sec1"))
    );
}

#[test]
fn each_key_is_matched_by_itself() {
    let folder = folder(P256);
    key(&folder, P256, "foreign.key");
    let ran = check(&folder, "root.pem --key root.key --key foreign.key").ends(1);
    assert_eq!(ran.rules(), ["keys/private-key-does-not-match"]);
    assert_eq!(ran.json()["findings"][0]["path"], "foreign.key");
    let ran = check(&folder, "root.pem root.key --key foreign.key").ends(1);
    assert_eq!(ran.rules(), ["keys/private-key-does-not-match"], "a key may be an input as well");
}

#[test]
fn a_key_in_the_file_of_its_certificate_belongs_to_it_and_is_a_fault_there() {
    let folder = folder(P256);
    folder.write("both.pem", format!("{}{}", folder.read("root.pem"), folder.read("root.key")));
    let ran = check(&folder, "both.pem").ends(1);
    assert_eq!(ran.rules(), ["keys/private-key-in-certificate-file"]);
    assert_eq!(summary(&ran)["matches"][0]["path"], "both.pem");
}

#[test]
fn certificates_in_a_key_file_are_not_checked() {
    let folder = folder(P256);
    key(&folder, P256, "other.key");
    root(&folder, "other", "");
    folder.write("both.key", format!("{}{}", folder.read("other.pem"), folder.read("root.key")));
    let ran = check(&folder, "root.pem --key both.key");
    assert!(!ran.rules().contains(&"rfc5280/ca-key-usage-missing".to_owned()), "{}", ran.out);
    assert_eq!(ran.json()["summary"]["certificates"], 1);
}

#[test]
fn a_certificate_or_a_folder_in_place_of_the_key_is_refused() {
    let folder = folder(P256);
    check(&folder, "root.pem --key root.key --no-key").refuses(&["--no-key", "cannot be used with"]);
    folder.write("copy.pem", folder.read("root.pem"));
    check(&folder, "root.pem --key copy.pem").refuses(&["--key copy.pem", "no private key in it"]);
    folder.write("keys/readme", "");
    check(&folder, "root.pem --key keys").refuses(&["keys is a directory"]);
}

#[test]
fn no_report_and_no_complaint_holds_any_part_of_a_key() {
    let folder = folder("RSA -pkeyopt rsa_keygen_bits:2048");
    let key = folder.read("root.key");
    // Whole, glued, cut off, with a letter that base64 lacks, under a label of its own.
    let forms = [
        key.clone(),
        key.replace('\n', ""),
        key[..key.len() / 2].to_owned(),
        key.replacen('\n', "\n!", 4),
        key.replace("PRIVATE KEY", "SECRET"),
        key.replace("-----", "----"),
        format!("{}{key}", folder.read("root.pem").replace("-----END CERTIFICATE-----\n", "")),
    ];
    let lines: Vec<&str> = key.lines().filter(|line| !line.starts_with('-')).collect();
    for (number, form) in forms.iter().enumerate() {
        folder.write("form.key", form);
        for input in ["root.pem --key form.key", "root.pem form.key", "form.key"] {
            for format in ["human", "json", "sarif"] {
                let ran = folder.run(&format!("check {input} --format {format}"));
                let said = ran.out + &ran.err;
                let leak = lines.iter().find(|line| line.len() > 40 && said.contains(&line[4..20]));
                assert_eq!(leak, None, "form {number}, {input}, {format}:\n{said}");
            }
        }
    }
}
