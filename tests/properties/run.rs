//! A whole check in this process or by the program, and what must hold for every
//! report. Knows no rule and no input in particular.

use std::collections::HashSet;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use pemlint::engine::{Given, Job, Part, check};
use pemlint::facts::time::{from_rfc3339, rfc3339};
use pemlint::input::Input;
use pemlint::report::{self, Report};
use pemlint::rule::{Options, Profile, RuleSet, profile_names};
use pemlint::source::Source;
use proptest::test_runner::{Config, FileFailurePersistence};

use crate::regions::Lines;

/// The rules under each profile of the program.
static RULES: LazyLock<Vec<RuleSet>> = LazyLock::new(|| {
    let load = |name: &str| RuleSet::load(Profile::named(name).unwrap(), Options::default()).unwrap();
    profile_names().into_iter().map(load).collect()
});

/// Profiles that any octets are checked under: those of products add a few rules to `gateway`.
const PROFILES: [&str; 4] = ["cloudflare-byopki", "azure-firewall-premium", "rfc5280", "python-strict"];

/// Instant of evaluation of every run.
pub(crate) const NOW: &str = "2026-11-22T00:00:00Z";

/// Settings of a property that takes `cases` cases, more where the environment
/// asks for more than proptest's 256. Failures are kept for the next runs.
pub(crate) fn settings(cases: u32) -> Config {
    let usual = Config::default();
    let kept = FileFailurePersistence::Direct("proptest-regressions/properties.txt");
    Config { cases: cases * usual.cases / 256, failure_persistence: Some(Box::new(kept)), ..usual }
}

/// Inputs as the program would read them.
pub(crate) fn given<const N: usize>(files: [(&str, &[u8]); N]) -> [Given; N] {
    files.map(|(path, bytes)| Given {
        input: Input::read(Source::new(path, bytes.to_vec())),
        part: Part::Checked,
    })
}

/// The report of a check under a profile.
pub(crate) fn report(given: &[Given], profile: &str) -> Report {
    let rules = RULES.iter().find(|rules| rules.profile.name == profile).expect("the profile exists");
    let now = from_rfc3339(NOW).unwrap();
    report::build(check(given, &Job { rules, now, join: false, clients: &[] }), rules, rfc3339(now))
}

/// A report in every format. Rules that found nothing are left out: their texts
/// are always the same, and SARIF lists them all.
pub(crate) fn formats(mut report: Report) -> [(&'static str, Vec<u8>); 3] {
    let found: HashSet<&str> = report.findings.iter().map(|finding| finding.rule.as_str()).collect();
    report.rules.retain(|rule| found.contains(rule.id()));
    let report = &report;
    let mut formats = [("human", Vec::new()), ("json", Vec::new()), ("sarif", Vec::new())];
    report::human::write(report, false, &mut formats[0].1).unwrap();
    report::json::write(report, &mut formats[1].1).unwrap();
    report::sarif::write(report, &mut formats[2].1).unwrap();
    formats
}

/// Runs the program in a folder.
pub(crate) fn program(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_pemlint"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("the program was built with this test")
}

/// Checks octets under every profile; every region must lie inside the file.
pub(crate) fn check_octets(bytes: &[u8]) {
    let given = given([("any.pem", bytes)]);
    // Of UTF-16 and UTF-32 the decoded text counts.
    let lines = Lines::of(&given[0].input.source.bytes);
    for profile in PROFILES {
        let report = report(&given, profile);
        report.findings.iter().for_each(|finding| lines.assert_inside(finding));
        formats(report);
    }
}
