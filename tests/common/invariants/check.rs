//! What must hold of a whole check, from octets to reports: all rules of a
//! profile, all clients, all formats; no panic, every finding inside the file, no
//! line of a private key in any report, the same report twice.

use std::collections::HashSet;
use std::sync::LazyLock;

use pemlint::client::Asked;
use pemlint::client::openssl::Host;
use pemlint::engine::{Given, Job, Part, check};
use pemlint::facts::time::rfc3339;
use pemlint::input::{Content, Input};
use pemlint::report::{self, Report};
use pemlint::rule::{Options, Profile, RuleSet, profile_names};
use pemlint::source::Source;

use crate::regions::Lines;

/// Instant of evaluation: 2026-01-01T00:00:00Z.
const NOW: i64 = 1_767_225_600;

/// Characters of a key's line below which it might be anything.
const LINE: usize = 32;

/// A sound root, which stands for what a client trusts.
const SOUND: &[u8] = include_bytes!("../../../fixtures/clean/p256-root.pem");

static RULES: LazyLock<Vec<RuleSet>> = LazyLock::new(|| {
    let load = |name: &str| {
        let profile = Profile::named(name).expect("the profiles are sound");
        RuleSet::load(profile, Options::default()).expect("the rules are sound")
    };
    profile_names().into_iter().map(load).collect()
});

static CLIENTS: LazyLock<Vec<Asked>> = LazyLock::new(|| {
    let host = Host::new("www.example.com");
    let named = |name: &str| Asked::named(name).expect("it is one of the names");
    Asked::names().into_iter().map(|name| Asked { host: Some(host.clone()), ..named(name) }).collect()
});

/// Checks octets, as a file and as what a server presents or a client trusts;
/// panics where a word is broken. The number of octets chooses the profile.
pub(crate) fn hold(bytes: &[u8]) {
    let rules = &RULES[bytes.len() % RULES.len()];
    let lines = Lines::of(bytes);
    let secrets = secrets(bytes);
    let file =
        |bytes: &[u8], part| Given { input: Input::read(Source::new("any.pem", bytes.to_vec())), part };
    let other = |part| Given { input: Input::read(Source::new("other.pem", SOUND.to_vec())), part };
    let alone = [file(bytes, Part::Checked)];
    let presented = [file(bytes, Part::Presented), other(Part::Trusted)];
    let trusted = [other(Part::Presented), file(bytes, Part::Trusted)];
    let once = |given: &[Given]| {
        let report = checked(given, rules);
        for finding in report.findings.iter().filter(|finding| finding.path == "any.pem") {
            lines.assert_inside(finding);
        }
        let texts = written(report);
        for text in &texts {
            for secret in &secrets {
                let shown = memchr::memmem::find(text, secret);
                assert!(shown.is_none(), "a line of a key is shown: {}", String::from_utf8_lossy(secret));
            }
        }
        texts
    };
    once(&presented);
    once(&trusted);
    assert!(once(&alone) == once(&alone), "two reports of one file");
}

fn checked(given: &[Given], rules: &RuleSet) -> Report {
    let join = given.len() > 1;
    let outcome = check(given, &Job { rules, now: NOW, join, clients: &CLIENTS });
    report::build(outcome, rules, rfc3339(NOW))
}

/// The report in every format. Rules that found nothing are left out: their texts
/// are always the same.
fn written(mut report: Report) -> Vec<Vec<u8>> {
    let found: HashSet<&str> = report.findings.iter().map(|finding| finding.rule.as_str()).collect();
    report.rules.retain(|rule| found.contains(rule.id()));
    let mut texts = vec![Vec::new(); 5];
    let written = [
        report::human::write(&report, false, &mut texts[0]),
        report::human::write(&report, true, &mut texts[1]),
        report::human::write_prediction(&report, false, &mut texts[2]),
        report::json::write(&report, &mut texts[3]),
        report::sarif::write(&report, &mut texts[4]),
    ];
    assert!(written.iter().all(Result::is_ok), "{written:?}");
    assert!(texts.iter().all(|text| std::str::from_utf8(text).is_ok()), "a report is no UTF-8");
    texts
}

/// Lines of base64 in blocks of private keys that stand nowhere else in the file.
fn secrets(bytes: &[u8]) -> Vec<Vec<u8>> {
    let input = Input::read(Source::new("any.pem", bytes.to_vec()));
    let keys = input.blocks.iter().filter(|block| matches!(block.content, Content::Key(_)));
    let bodies = keys.filter_map(|block| Some(&bytes[block.armour.as_ref()?.body.clone()]));
    let is_base64 = |octet: &u8| octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/');
    let lines = bodies.flat_map(|body| body.split(|octet| matches!(octet, b'\r' | b'\n')));
    lines
        .filter(|line| line.len() >= LINE && line.iter().all(is_base64))
        .filter(|line| memchr::memmem::find_iter(bytes, line).count() == 1)
        // A cut through the fixture of which the other file is a copy.
        .filter(|line| memchr::memmem::find(SOUND, line).is_none())
        .map(<[u8]>::to_vec)
        .collect()
}
