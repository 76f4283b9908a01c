//! What OpenSSL prints of a certificate, taken apart into named facts.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

/// Facts of one certificate as text, by name.
pub(crate) type Facts = BTreeMap<String, String>;

/// Value of an extension or a key that does not decode.
pub(crate) const MALFORMED: &str = "malformed";

/// Curve of a key whose parameters are written out.
pub(crate) const EXPLICIT: &str = "explicit";

/// Indentation of the line that names an extension.
const NAMED: &str = "            ";

/// Runs `openssl` with something on its standard input.
pub(crate) fn openssl(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new("openssl")
        .args(arguments)
        // `openssl x509` reads the whole trust store of the system unless it is told of an empty one.
        .env("SSL_CERT_FILE", "/dev/null")
        .env("SSL_CERT_DIR", "/dev/null")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program openssl must be installed and on the PATH for this test");
    // What it refuses to load otherwise ends it before it reads its input.
    let _ = child.stdin.take().expect("it is piped").write_all(input);
    child.wait_with_output().expect("openssl ends")
}

/// What OpenSSL says of a certificate in PEM; `None` where it cannot read it.
pub(crate) fn facts(pem: &[u8]) -> Option<Facts> {
    const ARGUMENTS: &str = "x509 -noout -text -certopt ext_error -subject -issuer -serial -dates \
        -dateopt iso_8601 -fingerprint -sha256 -nameopt RFC2253,utf8,-esc_msb";
    let arguments: Vec<&str> = ARGUMENTS.split_ascii_whitespace().collect();
    let output = openssl(&arguments, pem);
    let text = String::from_utf8_lossy(&output.stdout).replace("\\\n", "");
    output.status.success().then(|| read(&text))
}

fn read(text: &str) -> Facts {
    let mut facts = Facts::new();
    let lines: Vec<&str> = text.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        let (name, written) = line.split_once(['=', ':']).unwrap_or((line, ""));
        let value = written.trim();
        let mut set = |fact: &str, value: String| facts.insert(fact.into(), value);
        match (line.len() - line.trim_start().len(), name.trim()) {
            // A space at the end of a name belongs to it.
            (0, "subject" | "issuer") => set(name, written.into()),
            (0, "serial") => set("serial", value.into()),
            (0, "notBefore" | "notAfter") => set(name, instant(value)),
            (0, "sha256 Fingerprint") => set("sha256", value.replace(':', "").to_lowercase()),
            (8, "Version") => set("version", version(value)),
            (8, "Signature Algorithm") => set("signature", algorithm(value)),
            (4, "Signature Algorithm") => set("signatureAlgorithm", algorithm(value)),
            (12, "Public Key Algorithm") => set("key", algorithm(value)),
            (12, "Unable to load Public Key") => set("bits", MALFORMED.into()),
            (16, "ASN1 OID") => set("curve", curve(value).into()),
            (16, "Field Type") => set("curve", EXPLICIT.into()),
            (16, name) if name.ends_with("Public-Key") && value.ends_with("bit)") => {
                set("bits", value.trim_matches(['(', ')']).replace(" bit", ""))
            }
            (8, "X509v3 extensions") => {
                extensions(&lines[at + 1..], &mut facts);
                continue;
            }
            _ => continue,
        };
    }
    // pemlint does not work out the size of a curve that is written out.
    if facts.get("curve").is_some_and(|curve| curve == EXPLICIT) {
        facts.remove("bits");
    }
    facts
}

/// Times in ISO 8601 differ from RFC 3339 by a space.
fn instant(text: &str) -> String {
    if text == "Bad time value" { MALFORMED.into() } else { text.replace(' ', "T") }
}

/// `3 (0x2)`, or `Unknown (3)` with the number that is written, one below the version.
fn version(text: &str) -> String {
    match text.strip_prefix("Unknown (").and_then(|rest| rest.trim_end_matches(')').parse::<i64>().ok()) {
        Some(written) => (written + 1).to_string(),
        None => text.split(' ').next().unwrap_or_default().to_owned(),
    }
}

/// RFC 8410 writes `Ed25519` and OpenSSL `ED25519`: letters are folded.
pub(crate) fn algorithm(text: &str) -> String {
    text.to_ascii_lowercase()
}

fn curve(text: &str) -> &str {
    match text {
        "prime256v1" => "P-256",
        "secp384r1" => "P-384",
        "secp521r1" => "P-521",
        "secp224r1" => "P-224",
        other => other,
    }
}

/// The extensions, each as a fact named by its OID; their order is a fact too.
fn extensions(lines: &[&str], facts: &mut Facts) {
    let is_end = |line: &&&str| !line.is_empty() && !line.starts_with(NAMED);
    let end = lines.iter().position(|line| is_end(&line)).unwrap_or(lines.len());
    let is_name = |line: &str| {
        line.strip_prefix(NAMED).is_some_and(|rest| !rest.starts_with(' ') && rest.contains(": "))
    };
    let mut order = Vec::new();
    let mut rest = &lines[..end];
    while let Some((first, tail)) = rest.split_first() {
        let length = tail.iter().position(|line| is_name(line)).unwrap_or(tail.len());
        let (name, flag) = first.trim_start().split_once(": ").expect("an extension has a name");
        let value: Vec<&str> = tail[..length].iter().map(|line| line.trim()).collect();
        let value = value.join("\n").trim().to_owned();
        let oid = oid_of(EXTENSIONS, name);
        order.push(format!("{oid}{}", if flag == "critical" { " critical" } else { "" }));
        facts.entry(format!("extension {oid}")).or_insert_with(|| decoded(name, &value));
        rest = &tail[length..];
    }
    facts.insert("extensions".into(), order.join(", "));
}

/// The value of an extension in the form that [`super::ours`] gives it.
fn decoded(name: &str, value: &str) -> String {
    match (name, value) {
        (_, "<Parse Error>") => MALFORMED.into(),
        // An extension that lists nothing is printed as its octets, dots for those that are no text.
        ("X509v3 Authority Key Identifier", "0.") => "/".into(),
        ("X509v3 Key Usage", "..." | "....") | ("X509v3 Extended Key Usage", "0.") => String::new(),
        ("X509v3 Extended Key Usage", _) => {
            let purposes = value.split(", ").filter(|purpose| !purpose.is_empty());
            purposes.map(|purpose| oid_of(PURPOSES, purpose)).collect::<Vec<_>>().join(", ")
        }
        ("X509v3 Subject Key Identifier", _) => value.replace(':', "").to_lowercase(),
        ("X509v3 Authority Key Identifier", _) => {
            // The prefix is left out where nothing but the identifier is there.
            let line = |prefix: &str| value.lines().find_map(|line| line.strip_prefix(prefix));
            let bare = Some(value).filter(|value| !value.contains(['\n', 'k', 's', 'N']));
            let keyid = line("keyid:").or(bare).unwrap_or_default();
            let serial = line("serial:").unwrap_or_default();
            format!("{keyid}/{serial}").replace(':', "").to_lowercase()
        }
        ("X509v3 Basic Constraints" | "X509v3 Key Usage" | "X509v3 Name Constraints", _) => value.to_owned(),
        ("X509v3 Subject Alternative Name" | "X509v3 Issuer Alternative Name", _) => {
            if value == "<EMPTY>" {
                String::new()
            } else {
                value.to_owned()
            }
        }
        _ => "there".into(),
    }
}

/// Names that OpenSSL prints (its long names), with what they stand for.
const EXTENSIONS: &[(&str, &str)] = &[
    ("X509v3 Basic Constraints", "2.5.29.19"),
    ("X509v3 Key Usage", "2.5.29.15"),
    ("X509v3 Subject Key Identifier", "2.5.29.14"),
    ("X509v3 Authority Key Identifier", "2.5.29.35"),
    ("X509v3 Subject Alternative Name", "2.5.29.17"),
    ("X509v3 Issuer Alternative Name", "2.5.29.18"),
    ("X509v3 Extended Key Usage", "2.5.29.37"),
    ("X509v3 Certificate Policies", "2.5.29.32"),
    ("X509v3 CRL Distribution Points", "2.5.29.31"),
    ("X509v3 Name Constraints", "2.5.29.30"),
    ("X509v3 Policy Constraints", "2.5.29.36"),
    ("X509v3 Policy Mappings", "2.5.29.33"),
    ("X509v3 Inhibit Any Policy", "2.5.29.54"),
    ("X509v3 Private Key Usage Period", "2.5.29.16"),
    ("X509v3 Freshest CRL", "2.5.29.46"),
    ("X509v3 Subject Directory Attributes", "2.5.29.9"),
    ("Authority Information Access", "1.3.6.1.5.5.7.1.1"),
    ("Subject Information Access", "1.3.6.1.5.5.7.1.11"),
    ("Proxy Certificate Information", "1.3.6.1.5.5.7.1.14"),
    ("TLS Feature", "1.3.6.1.5.5.7.1.24"),
    ("OCSP No Check", "1.3.6.1.5.5.7.48.1.5"),
    ("Netscape Cert Type", "2.16.840.1.113730.1.1"),
    ("Netscape Comment", "2.16.840.1.113730.1.13"),
    ("setCext-hashedRoot", "2.23.42.7.0"),
];

const PURPOSES: &[(&str, &str)] = &[
    ("TLS Web Server Authentication", "1.3.6.1.5.5.7.3.1"),
    ("TLS Web Client Authentication", "1.3.6.1.5.5.7.3.2"),
    ("Code Signing", "1.3.6.1.5.5.7.3.3"),
    ("E-mail Protection", "1.3.6.1.5.5.7.3.4"),
    ("IPSec End System", "1.3.6.1.5.5.7.3.5"),
    ("IPSec Tunnel", "1.3.6.1.5.5.7.3.6"),
    ("IPSec User", "1.3.6.1.5.5.7.3.7"),
    ("Time Stamping", "1.3.6.1.5.5.7.3.8"),
    ("OCSP Signing", "1.3.6.1.5.5.7.3.9"),
    ("Any Extended Key Usage", "2.5.29.37.0"),
    ("Microsoft Server Gated Crypto", "1.3.6.1.4.1.311.10.3.3"),
    ("Netscape Server Gated Crypto", "2.16.840.1.113730.4.1"),
];

/// The OID behind a name; what has none is printed as an OID already.
fn oid_of(table: &[(&str, &'static str)], name: &str) -> String {
    let is_oid = name.bytes().all(|octet| octet.is_ascii_digit() || octet == b'.');
    match table.iter().find(|(known, _)| *known == name) {
        Some((_, oid)) => (*oid).to_owned(),
        None if is_oid => name.to_owned(),
        None => panic!("openssl prints `{name}`: add it and its OID to the table of this test"),
    }
}
