//! What a report does not depend on: lines in front of a block, the name of a file
//! where the finding is on a certificate, line ends.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::cases::{CASES, Case, faulty};
use crate::program::{Folder, octets};

/// Fixtures with faults of certificates, chains, keys and PEM.
const FAULTY: [&str; 9] = [
    "rules/rfc5280/ca-key-usage-missing/fails-root.pem",
    "rules/rfc5280/malformed-certificate/fails-thirteenth-month.pem",
    "rules/chain/order/fails-mixed.pem",
    "rules/chain/signature-invalid/fails-bit-turned-round.pem",
    "rules/keys/key-algorithm-not-accepted/fails-rsa-pss.pem",
    "rules/keys/private-key-in-certificate-file/fails-between-two-certificates.pem",
    "rules/pem/base64-invalid/fails-star.pem",
    "rules/pem/blocks-glued/fails-two.pem",
    "rules/pem/end-missing/fails-of-an-earlier-one.pem",
];

fn run(name: &str, octets: &[u8]) -> Case {
    let folder = Folder::new();
    folder.write(name, octets);
    Case::run(folder, name)
}

fn column(case: &Case, name: &str) -> Vec<Value> {
    case.findings().iter().map(|finding| finding[name].clone()).collect()
}

#[test]
fn lines_in_front_move_the_places_and_nothing_else() {
    const FRONT: &str = "# the root of 2026\nBag Attributes\n    friendlyName: ca\n\n";
    for fixture in FAULTY {
        let text = octets(fixture);
        let before = run("ca.pem", &text);
        let after = run("ca.pem", &[FRONT.as_bytes(), &text].concat());
        assert!(!before.findings().is_empty(), "{fixture}");
        for name in ["rule", "fingerprint", "severity", "column", "endColumn", "certificate", "fact"] {
            assert_eq!(column(&before, name), column(&after, name), "{fixture}: {name}");
        }
        let moved = |name: &str| {
            column(&before, name).iter().map(|line| line.as_u64().map(|at| at + 4)).collect::<Vec<_>>()
        };
        for name in ["line", "endLine"] {
            let lines: Vec<_> = column(&after, name).iter().map(Value::as_u64).collect();
            assert_eq!(lines, moved(name), "{fixture}: {name}");
        }
    }
}

#[test]
fn fingerprints_tell_rules_certificates_and_facts_apart() {
    for case in CASES.iter().filter(|case| case.name != ".") {
        let identity = |finding: &Value| {
            let who = if finding["sha256"].is_null() { &finding["path"] } else { &finding["sha256"] };
            (finding["rule"].to_string(), who.to_string(), finding["fact"].to_string())
        };
        let findings: BTreeSet<_> = case.findings().iter().map(identity).collect();
        let prints: BTreeSet<String> = column(case, "fingerprint").iter().map(Value::to_string).collect();
        assert_eq!(prints.len(), findings.len(), "{}", case.name);
    }
}

#[test]
fn a_finding_on_a_certificate_keeps_its_fingerprint_under_another_name() {
    let [first, second] = ["ca.pem", "elsewhere/root.crt"].map(|name| run(name, &faulty()));
    assert_eq!(column(&first, "fingerprint"), column(&second, "fingerprint"));
    let [first, second] = ["a.txt", "b.txt"].map(|name| run(name, b"nothing"));
    assert_ne!(column(&first, "fingerprint"), column(&second, "fingerprint"), "without one, the file counts");
}

#[test]
fn windows_line_ends_change_no_octet_of_a_report() {
    for fixture in FAULTY {
        let text = String::from_utf8(octets(fixture)).expect("the fixture is text");
        let expected = run("ca.pem", text.as_bytes());
        let other = run("ca.pem", text.replace('\n', "\r\n").as_bytes());
        assert_eq!(other.json, expected.json, "{fixture}");
        assert_eq!(other.sarif, expected.sarif, "{fixture}");
        assert_eq!(other.human, expected.human, "{fixture}");
    }
}

#[test]
fn old_mac_line_ends_add_one_finding_and_change_no_other() {
    for fixture in FAULTY {
        let text = String::from_utf8(octets(fixture)).expect("the fixture is text");
        let expected = run("ca.pem", text.as_bytes());
        let other = run("ca.pem", text.replace('\n', "\r").as_bytes());
        let told =
            |finding: &Value| ["rule", "message", "line", "column"].map(|key| finding[key].to_string());
        let is_old = |finding: &&Value| finding["rule"] != "pem/carriage-returns-alone";
        let kept: BTreeSet<_> = other.findings().iter().filter(is_old).map(told).collect();
        assert_eq!(kept, expected.findings().iter().map(told).collect(), "{fixture}");
        assert!(kept.len() < other.findings().len(), "{fixture}");
    }
}

#[test]
fn a_line_end_that_is_left_out_at_the_end_of_a_file_changes_nothing() {
    for fixture in FAULTY {
        let text = octets(fixture);
        let cut = text.strip_suffix(b"\n").expect("a fixture ends with a line end");
        assert_eq!(run("ca.pem", cut).human, run("ca.pem", &text).human, "{fixture}");
    }
}

#[test]
fn a_changed_certificate_has_other_fingerprints() {
    let of = |fixture: &str| column(&run("ca.pem", &octets(fixture)), "fingerprint");
    let roots = ["fails-root.pem", "fails-intermediate.pem"];
    let [first, second] = roots.map(|name| of(&format!("rules/rfc5280/ca-key-usage-missing/{name}")));
    assert!(first.iter().all(|print| !second.contains(print)), "{first:?}");
}
