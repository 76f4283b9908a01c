//! The inputs that reports are made of: clean ones, faults of certificates,
//! chains and keys, damage of every kind, other carriers, and several files.

use std::sync::LazyLock;

use serde_json::Value;

use crate::program::{AT, Folder, octets};

/// Files below `fixtures/rules/`, unless they begin with `clean/`, and the arguments that follow.
const FIXTURES: [(&str, &str); 24] = [
    ("clean/p256-root.pem clean/p256-root.key=root.key", "p256-root.pem --key root.key"),
    ("clean/root-and-two-intermediates.pem", "root-and-two-intermediates.pem --no-key"),
    ("clean/root-with-windows-lines.pem", "root-with-windows-lines.pem"),
    ("rfc5280/ca-key-usage-missing/fails-root.pem", "fails-root.pem"),
    ("rfc5280/duplicate-extension/fails-other-value.pem", "fails-other-value.pem --no-key"),
    ("rfc5280/malformed-certificate/fails-cut-in-the-subject.pem", "fails-cut-in-the-subject.pem"),
    ("rfc5280/malformed-certificate/fails-thirteenth-month.pem", "fails-thirteenth-month.pem"),
    ("rfc5280/malformed-extension/fails-key-usage-unused-bits.pem", "fails-key-usage-unused-bits.pem"),
    ("validity/expired/fails-chain-years-ago.pem", "fails-chain-years-ago.pem --no-key"),
    ("chain/order/fails-mixed.pem", "fails-mixed.pem --no-key"),
    ("chain/several-roots/fails-two-trees.pem", "fails-two-trees.pem"),
    ("chain/signature-invalid/fails-bit-turned-round.pem", "fails-bit-turned-round.pem --no-key"),
    ("keys/self-signature-hash-weak/fails-ecdsa-sha1.pem", "fails-ecdsa-sha1.pem"),
    ("keys/key-algorithm-not-accepted/fails-rsa-pss.pem", "fails-rsa-pss.pem --no-key"),
    (
        "keys/private-key-encrypted/fails-pkcs8.pem keys/private-key-encrypted/fails-pkcs8.key",
        "fails-pkcs8.pem --key fails-pkcs8.key",
    ),
    (
        "keys/private-key-malformed/fails-no-der.pem keys/private-key-malformed/fails-no-der.key",
        "fails-no-der.pem --key fails-no-der.key",
    ),
    (
        "keys/private-key-in-certificate-file/fails-between-two-certificates.pem",
        "fails-between-two-certificates.pem",
    ),
    ("pem/hidden-character-in-text/fails-no-break-space.pem", "fails-no-break-space.pem"),
    ("pem/blocks-glued/fails-three.pem", "fails-three.pem"),
    ("pem/boundary-malformed/fails-begin-with-four-dashes.pem", "fails-begin-with-four-dashes.pem"),
    ("pem/end-missing/fails-of-an-earlier-one.pem", "fails-of-an-earlier-one.pem"),
    ("pem/label-unknown/fails-certificate-chain.pem", "fails-certificate-chain.pem"),
    ("pem/nothing-found/fails-empty.pem", "fails-empty.pem"),
    ("pem/nothing-found/fails-text.pem", "fails-text.pem"),
];

/// One run: its folder and what it wrote.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) folder: Folder,
    pub(crate) status: Option<i32>,
    pub(crate) json: Value,
    pub(crate) sarif: Value,
    pub(crate) human: String,
}

/// Every case, run once.
pub(crate) static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let fixtures = FIXTURES.iter().map(|(files, args)| {
        let folder = Folder::new();
        for file in files.split(' ') {
            folder.copy(&below_fixtures(file));
        }
        Case::run(folder, args)
    });
    fixtures.chain(made()).collect()
});

fn below_fixtures(file: &str) -> String {
    if file.starts_with("clean/") { file.to_owned() } else { format!("rules/{file}") }
}

/// The octets of the usual faulty certificate.
pub(crate) fn faulty() -> Vec<u8> {
    octets("rules/rfc5280/ca-key-usage-missing/fails-root.pem")
}

/// Cases that no fixture is: DER, damage behind letters of several octets, every
/// fixture of above in one run, below folders whose names need escaping.
fn made() -> Vec<Case> {
    let der = Folder::new();
    let (_, pem) = x509_parser::pem::parse_x509_pem(&faulty()).expect("the fixture is PEM");
    der.write("root.der", pem.contents);

    let letters = Folder::new();
    let text = String::from_utf8(octets("rules/pem/blocks-glued/fails-two.pem")).expect("it is text");
    letters.write("letters.pem", format!("Zürich 🔑 {text}"));
    let star = String::from_utf8(octets("rules/pem/base64-invalid/fails-star.pem")).expect("it is text");
    letters.write("star.pem", star.replacen('*', "ü🔑*", 1));

    let many = Folder::new();
    for (files, _) in FIXTURES {
        for (number, file) in files.split([' ', '=']).enumerate().filter(|(_, file)| file.contains('/')) {
            let name = file.replace('/', "-");
            many.write(&format!("old ca#{number}/ü/{name}"), octets(&below_fixtures(file)));
        }
    }
    vec![Case::run(der, "root.der"), Case::run(letters, "letters.pem star.pem"), Case::run(many, ".")]
}

impl Case {
    /// Runs `check` with arguments in a folder, all formats at once.
    pub(crate) fn run(folder: Folder, args: &str) -> Self {
        let line =
            format!("check {args} --at {AT} --format json --output sarif=out.sarif --output human=out.txt");
        let ran = folder.run(&line);
        assert_eq!(ran.err, "", "{args}");
        let sarif = serde_json::from_str(&folder.read("out.sarif")).expect("SARIF is JSON");
        let human = folder.read("out.txt");
        Self { name: args.to_owned(), json: ran.json(), status: ran.status, sarif, human, folder }
    }

    /// The findings of the JSON report.
    pub(crate) fn findings(&self) -> &[Value] {
        self.json["findings"].as_array().expect("a report has findings")
    }

    /// The results of the SARIF log.
    pub(crate) fn results(&self) -> &[Value] {
        self.sarif["runs"][0]["results"].as_array().expect("a log has results")
    }
}

#[test]
fn the_cases_hold_what_they_are_for() {
    let findings: usize = CASES.iter().map(|case| case.findings().len()).sum();
    assert!(CASES.len() >= 20 && findings >= 60, "{} cases, {findings} findings", CASES.len());
    let statuses: std::collections::BTreeSet<_> = CASES.iter().map(|case| case.status).collect();
    assert_eq!(statuses, [0, 1, 3].map(Some).into(), "clean, faulty and empty ones");
    for level in ["error", "warning", "info"] {
        let has = |case: &Case| case.findings().iter().any(|finding| finding["severity"] == level);
        assert!(CASES.iter().any(has), "there is no {level}");
    }
    assert!(CASES.iter().any(|case| case.json["notes"] != serde_json::json!([])), "there is no note");
}
