//! Damage of one kind done to one block of a chain: the rule of that damage fires at that block, no other rule of the
//! armour fires with it, and nothing is said about the certificates beside it that is not said without the damage.

use std::collections::BTreeSet;

use pemlint::finding::{Finding, Severity};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::run::{given, report, settings};

/// A chain of three certificates of which nothing is wrong.
const SOUND: &str = include_str!("../../fixtures/clean/root-and-two-intermediates.pem");

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// What is done to the text of a block; a place is drawn for what needs one.
type Change = fn(&str, usize) -> String;

/// Kinds of damage, each with the rule that is to fire.
const KINDS: &[(&str, Change)] = &[
    ("pem/begin-missing", |text, _| text.replace(&format!("{BEGIN}\n"), "")),
    ("pem/end-missing", |text, _| text.replace(&format!("{END}\n"), "")),
    ("pem/base64-invalid", |text, at| put(text, at, "*")),
    ("pem/base64-invalid", |text, at| put(text, at, "\u{fc}")),
    ("pem/hidden-character-in-text", |text, at| put(text, at, "\u{a0}")),
    ("pem/hidden-character-in-text", |text, at| put(text, at, "\u{200b}")),
    ("pem/hidden-character-in-text", |text, _| text.replace("N CERT", "N\u{a0}CERT")),
    ("pem/nul-octet-in-text", |text, at| put(text, at, "\0")),
    ("pem/nul-octet-in-text", |text, _| format!("\0\n{text}")),
    ("pem/placeholder-in-body", |_, at| format!("{BEGIN}\n{}\n{END}\n", "X".repeat(4 + at % 60))),
    ("pem/placeholder-in-body", |_, _| format!("{BEGIN}\n<your certificate>\n{END}\n")),
    ("pem/body-glued", |text, _| text.replace(&format!("{BEGIN}\n"), BEGIN)),
    ("pem/body-glued", |text, _| text.replace(&format!("\n{END}"), END)),
    ("pem/blocks-glued", |text, _| format!("x = {text}")),
    ("pem/boundary-malformed", |text, at| text.replace("-----BEGIN", &dashes(at, "BEGIN"))),
    ("pem/boundary-malformed", |text, at| text.replace("-----END", &dashes(at, "END"))),
    ("pem/boundary-misplaced", |text, at| format!("{}{text}", " ".repeat(1 + at % 8))),
    ("pem/boundary-misplaced", |text, _| text.replace(END, &format!("\t{END}"))),
    ("pem/carriage-returns-alone", |text, _| text.replace('\n', "\r")),
    ("pem/dashes-not-hyphens", |text, _| text.replace('-', "\u{2013}")),
    ("pem/dashes-not-hyphens", |text, _| text.replace("-----B", "\u{2014}\u{2014}-B")),
    ("pem/label-not-in-capitals", |text, _| text.replace("CERTIFICATE", "Certificate")),
    ("pem/blank-line-in-body", |text, at| line(text, at, "")),
    ("pem/blank-line-in-body", |text, at| line(text, at, "  ")),
    ("pem/byte-order-mark-before-text", |text, _| format!("\u{feff}{text}")),
    ("pem/text-outside-blocks", |text, _| format!("hello\n{text}")),
    ("pem/text-not-ascii", |text, _| format!("# f\u{fc}r\n{text}")),
    ("pem/label-unknown", |text, _| text.replace("CERTIFICATE", "CERTFICATE")),
    ("pem/label-obsolete", |text, _| text.replace("CERTIFICATE", "X509 CERTIFICATE")),
    ("pem/label-of-openssl-alone", |text, _| text.replace("CERTIFICATE", "TRUSTED CERTIFICATE")),
    ("pem/lines-too-long", |text, _| {
        let body = text.replace(BEGIN, "").replace(END, "").replace('\n', "");
        format!("{BEGIN}\n{body}\n{END}\n")
    }),
];

/// Four or six hyphens before a word.
fn dashes(at: usize, word: &str) -> String {
    format!("{}{word}", if at.is_multiple_of(2) { "----" } else { "------" })
}

/// Text put into a line of base64, not at its start or end.
fn put(text: &str, at: usize, what: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let bodies = lines.len() - 3;
    lines[1 + at % bodies].insert_str(1 + at % 62, what);
    lines.join("\n") + "\n"
}

/// A line put between two lines of base64.
fn line(text: &str, at: usize, what: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let bodies = lines.len() - 3;
    lines.insert(2 + at % bodies, what);
    lines.join("\n") + "\n"
}

/// The blocks of the chain.
fn blocks() -> Vec<String> {
    SOUND.split_inclusive(&format!("{END}\n")).map(str::to_owned).collect()
}

/// Errors on a certificate, and which one it is.
fn errors(findings: &[Finding]) -> BTreeSet<(String, String)> {
    let severe = findings.iter().filter(|finding| finding.severity == Severity::Error);
    severe.filter_map(|finding| Some((finding.sha256.clone()?, finding.rule.clone()))).collect()
}

proptest! {
    #![proptest_config(settings(512))]

    #[test]
    fn every_damage_gets_its_rule_and_no_error_reaches_its_neighbours(
        kind in any::<Index>(),
        which in 0..3_usize,
        at in any::<u16>(),
    ) {
        let (rule, change) = kind.get(KINDS);
        let mut all = blocks();
        prop_assert_eq!(all.len(), 3);
        let line = 1 + all[..which].iter().map(|block| block.lines().count()).sum::<usize>();
        all[which] = change(&all[which], at.into());
        let last = line + all[which].replace('\r', "\n").lines().count();
        let text = all.concat();
        let damaged = report(&given([("any.pem", text.as_bytes())]), "cloudflare-byopki");
        let armour: Vec<&Finding> =
            damaged.findings.iter().filter(|finding| finding.rule.starts_with("pem/")).collect();
        let rules: BTreeSet<&str> = armour.iter().map(|finding| finding.rule.as_str()).collect();
        prop_assert_eq!(&rules, &BTreeSet::from([*rule]), "{}", text);
        prop_assert!(armour.iter().all(|finding| (line..=last).contains(&finding.place.line)), "{:?}", armour);
        // Without the damaged block, or with it sound, as little is said about the others.
        let mut without = blocks();
        let sound = report(&given([("any.pem", SOUND.as_bytes())]), "cloudflare-byopki");
        without.remove(which);
        let without = report(&given([("any.pem", without.concat().as_bytes())]), "cloudflare-byopki");
        let known: BTreeSet<_> = errors(&sound.findings).union(&errors(&without.findings)).cloned().collect();
        let new: Vec<_> = errors(&damaged.findings).difference(&known).cloned().collect();
        prop_assert!(new.is_empty(), "{:?}", new);
    }
}
