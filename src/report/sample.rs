//! A report for the tests of the formats: two findings at one region, one
//! suppressed, one in a binary file, a key, a note and a stale entry.

use super::{
    CertificateSummary, InputSummary, KeySummary, MatchSummary, PublicKeySummary, ReaderSummary, Report,
    RuleSummary,
};
use crate::client::Stage;
use crate::finding::{Excerpt, Finding, Note, Severity};
use crate::rule::{Draft, RuleSource};
use crate::source::Place;
use crate::verdict::{Error, Leaf, Step, Verdict};

/// First base64 line of the sample certificate.
pub(crate) const LINE: &str = "MIIBmjCCAT+gAwIBAgIQeKBX+J0fhNZxuNEeUkNznzAKBggqhkjOPQQDAjAcMRow";

const SHA256: &str = "5d1be7e9dda1ee8896be5b7e34a85ee16452a7b477a7577a28ab8a0f5a5f2f0c";

const FIX: &str = "\
Whoever holds the CA key issues the certificate again with\n\
`keyUsage = critical,keyCertSign,cRLSign`. For a root:\n\
\n\
\x20   openssl x509 -x509toreq -in root.pem -signkey root.key -out root.csr\n\
\x20   openssl x509 -req -in root.csr -signkey root.key -sha256 -days 3650 \\\n\
\x20       -extfile root.ext -out root-new.pem\n";

/// The report.
pub(crate) fn report() -> Report {
    let mut binary = finding("validity/expired", Severity::Warning, "expired at 2026-01-01T00:00:00Z");
    binary.path = "old ca.der".into();
    binary.place = Place::START;
    binary.excerpt = None;
    binary.fact = Some("cert.validity.notAfter".into());
    binary.certificate = Some(0);
    let mut left_out =
        finding("rfc5280/ca-subject-key-identifier-missing", Severity::Error, "no subjectKeyIdentifier");
    left_out.suppressed = Some("replaced in December".into());
    let mut bundle = finding(
        "chain/order",
        Severity::Info,
        "certificates stand in order leaf-first, root-first is wanted",
    );
    bundle.certificate = None;
    bundle.sha256 = None;
    bundle.fact = None;
    Report {
        profile: "cloudflare-byopki".into(),
        profiles: Vec::new(),
        at: "2026-11-22T00:00:00Z".into(),
        inputs: vec![
            InputSummary { readers: readers(), ..input("chain.pem", 2) },
            InputSummary { private_keys: vec![key()], ..input("old ca.der", 1) },
        ],
        findings: vec![
            bundle,
            finding(
                "rfc5280/ca-key-usage-missing",
                Severity::Error,
                "root certificate CN=pemlint Test Root acts as a CA, but has no keyUsage extension",
            ),
            left_out,
            binary,
        ],
        notes: vec![Note {
            rule: "rfc5280/key-usage-empty".into(),
            path: "chain.pem".into(),
            certificate: Some(1),
            is_error: false,
            reason: "cert.keyUsage does not decode".into(),
        }],
        verdicts: vec![verdict("python-3.13", vec![error()]), verdict("openssl", Vec::new())],
        rules: [
            ("chain/order", Severity::Info),
            ("rfc5280/ca-key-usage-missing", Severity::Error),
            ("rfc5280/ca-subject-key-identifier-missing", Severity::Error),
            ("rfc5280/key-usage-empty", Severity::Error),
            ("validity/expired", Severity::Warning),
        ]
        .map(|(id, severity)| rule(id, severity))
        .into(),
        store: None,
        stale: vec!["the entry for chain/order (a7c3) matches nothing any more".into()],
    }
}

/// A finding at the first base64 line of `chain.pem`.
pub(crate) fn finding(rule: &str, severity: Severity, message: &str) -> Finding {
    Finding {
        rule: rule.into(),
        title: "A fault".into(),
        severity,
        message: message.into(),
        fix: FIX.into(),
        path: "chain.pem".into(),
        inside: None,
        place: Place { line: 2, column: 5, end_line: 2, end_column: 65 },
        excerpt: Some(Excerpt { text: LINE.into(), region: 4..LINE.len() }),
        certificate: Some(0),
        sha256: Some(SHA256.into()),
        fact: Some("cert.keyUsage".into()),
        references: vec!["RFC 5280 §4.2.1.3".into(), "Python §ssl.create_default_context".into()],
        openssl: vec![92],
        clients: vec!["python-3.13"],
        fingerprint: format!("{rule}:{SHA256}:cert.keyUsage"),
        asked_by: Vec::new(),
        suppressed: None,
    }
}

fn input(path: &str, certificates: usize) -> InputSummary {
    InputSummary {
        path: path.into(),
        certificates: (0..certificates).map(certificate).collect(),
        private_keys: Vec::new(),
        readers: Vec::new(),
    }
}

fn readers() -> Vec<ReaderSummary> {
    let one = |reader, title, loads, error: Option<&str>| ReaderSummary {
        reader,
        title,
        loads,
        of: 2,
        error: error.map(str::to_owned),
    };
    vec![
        one("python-cafile", "Python (cafile=)", 0, Some("[X509] PEM lib")),
        one("openssl-x509", "openssl x509", 1, None),
    ]
}

fn certificate(index: usize) -> CertificateSummary {
    CertificateSummary {
        index,
        line: 1 + 20 * index,
        end_line: 20 + 20 * index,
        inside: None,
        subject: Some("CN=pemlint Test Root".into()),
        issuer: None,
        serial: Some("78a057f89d1f84d671b8d11e5243739f".into()),
        not_before: Some("2026-06-01T00:00:00Z".into()),
        not_after: Some("2027-06-01T00:00:00Z".into()),
        role: "root".into(),
        public_key: Some(PublicKeySummary { algorithm: "rsa".into(), bits: Some(2048), curve: None }),
        signature_algorithm: Some("sha256WithRSAEncryption".into()),
        sha256: SHA256.into(),
    }
}

fn key() -> KeySummary {
    KeySummary {
        line: 21,
        inside: None,
        format: "pkcs8".into(),
        encrypted: false,
        algorithm: Some("rsa".into()),
        bits: Some(2048),
        matches: vec![MatchSummary { path: "chain.pem".into(), certificate: 0 }],
    }
}

fn rule(id: &str, severity: Severity) -> RuleSummary {
    let why = "Python 3.13 refuses every connection below this CA. ".repeat(30);
    let text = format!(
        "title = 'A fault named {id}'
severity = 'error'
subject = 'certificate'
check = 'true'
message = 'made at {{now}}'
why = '{why}'
fix = '''
{FIX}'''
[[reference]]
document = 'RFC 5280'
section = '4.2.1.3'
keyword = 'MUST'
url = 'https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.3'
"
    );
    let source = RuleSource { id: id.into(), path: format!("rules/{id}.toml").into(), text: text.into() };
    RuleSummary { draft: Draft::read(source).expect("it is sound").into(), severity }
}

fn verdict(client: &'static str, errors: Vec<Error>) -> Verdict {
    let leaf =
        Step { path: None, certificate: None, subject: Some("CN=www.example.com".into()), trusted: false };
    let root = Step {
        path: Some("chain.pem".into()),
        certificate: Some(0),
        subject: Some("CN=pemlint Test Root".into()),
        trusted: true,
    };
    Verdict {
        path: "chain.pem".into(),
        certificate: Some(0),
        client,
        openssl: Some("3.5"),
        leaf: Leaf::Assumed,
        host: None,
        chain: vec![leaf, root],
        errors,
        assumptions: vec!["the client trusts CN=pemlint Test Root".into()],
    }
}

fn error() -> Error {
    let message = "CA cert does not include key usage extension";
    Error {
        code: Some(92),
        name: "X509_V_ERR_CA_CERT_MISSING_KEY_USAGE".into(),
        message: message.into(),
        printed: format!(
            "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] \
             certificate verify failed: {message} (_ssl.c:…)"
        ),
        depth: Some(1),
        stage: Stage::Verify,
        path: Some("chain.pem".into()),
        certificate: Some(0),
        rules: vec!["rfc5280/ca-key-usage-missing".into()],
    }
}
