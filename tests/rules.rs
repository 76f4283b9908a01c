//! Every rule × every fixture: which rules fire, where they point and what they
//! say. A fixture fires the rules that its side file or its folder names and no
//! other; one snapshot a rule holds every finding on the fixtures of its folder.

#[path = "rules/beside.rs"]
mod beside;
#[path = "common/fixtures.rs"]
mod fixtures;
#[path = "common/places.rs"]
mod places;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::process::Command;

use fixtures::{Fixture, RUNS, Run, files, root};
use insta::{Settings, assert_snapshot};
use pemlint::finding::Finding;
use pemlint::report;
use pemlint::rule::{Draft, Subject, embedded_drafts};
use places::{Lines, is_base64, is_element};

fn drafts() -> Vec<Draft> {
    embedded_drafts().expect("the rules are sound")
}

fn rule_ids() -> BTreeSet<String> {
    drafts().into_iter().map(|draft| draft.source.id).collect()
}

/// Fails with all complaints at once.
#[track_caller]
fn none(complaints: &[String]) {
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
}

#[test]
fn every_fixture_fires_the_rules_that_are_written_beside_it_and_no_other() {
    let mut complaints = Vec::new();
    for Run { fixture, outcome, .. } in RUNS.iter() {
        let fired: BTreeSet<&str> = outcome.findings.iter().map(|finding| finding.rule.as_str()).collect();
        let expected = fixture.expected();
        let expected: BTreeSet<&str> = expected.iter().map(String::as_str).collect();
        for rule in fired.difference(&expected) {
            complaints.push(format!("{}: {rule} fires, which is not expected", fixture.name()));
        }
        for rule in expected.difference(&fired) {
            complaints.push(format!("{}: {rule} does not fire", fixture.name()));
        }
    }
    none(&complaints);
}

#[test]
fn clean_fixtures_leave_neither_findings_nor_notes() {
    let clean: Vec<&Run> = RUNS.iter().filter(|run| run.fixture.rule.is_none()).collect();
    assert!(clean.len() >= 20, "there are {} clean fixtures only", clean.len());
    for run in clean {
        assert!(run.fixture.expected().is_empty(), "{} names rules", run.fixture.name());
        assert_eq!(run.outcome.findings, [], "{}", run.fixture.name());
        assert_eq!(run.outcome.notes, [], "{}", run.fixture.name());
    }
}

#[test]
fn every_rule_has_two_fixtures_that_fail_and_two_that_pass() {
    let mut complaints = Vec::new();
    for id in rule_ids() {
        let count = |prefix: &str| {
            let of_rule = RUNS.iter().filter(|run| run.fixture.rule.as_ref() == Some(&id));
            of_rule.filter(|run| run.fixture.stem.starts_with(prefix)).count()
        };
        let (fails, passes) = (count("fails-"), count("passes-"));
        if fails < 2 || passes < 2 {
            complaints.push(format!("{id}: {fails} fail and {passes} pass"));
        }
    }
    none(&complaints);
}

#[test]
fn a_fixture_is_listed_with_the_rule_of_its_folder_exactly_if_it_is_named_fails() {
    for Run { fixture, .. } in RUNS.iter() {
        let Some(rule) = &fixture.rule else { continue };
        let named = fixture.stem.starts_with("fails-");
        assert!(named || fixture.stem.starts_with("passes-"), "{} is neither", fixture.name());
        assert_eq!(fixture.expected().contains(rule), named, "{}", fixture.name());
    }
}

#[test]
fn no_rule_ends_in_an_error_on_any_fixture() {
    for run in RUNS.iter() {
        let errors: Vec<_> = run.outcome.notes.iter().filter(|note| note.is_error).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", run.fixture.name());
    }
}

#[test]
fn every_file_below_rules_and_clean_belongs_to_a_fixture_of_a_known_rule() {
    let ids = rule_ids();
    let mut known = BTreeSet::new();
    let mut complaints = Vec::new();
    for Run { fixture, .. } in RUNS.iter() {
        known.insert(fixture.path.clone());
        known.insert(fixture.path.with_extension("toml"));
        known.insert(fixture.path.with_extension("txt"));
        known.extend(fixture.keys());
        known.extend(fixture.trust());
        if let Some(rule) = fixture.rule.as_ref().filter(|rule| !ids.contains(*rule)) {
            complaints.push(format!("{}: there is no rule {rule}", fixture.name()));
        }
        for rule in fixture.side.rules.iter().flatten().filter(|rule| !ids.contains(*rule)) {
            complaints.push(format!("{}: it names {rule}, which is no rule", fixture.name()));
        }
    }
    for path in files(&root().join("rules")).into_iter().chain(files(&root().join("clean"))) {
        if !known.contains(&path) {
            complaints.push(format!("{} belongs to no fixture", path.display()));
        }
    }
    none(&complaints);
}

#[test]
fn every_test_key_is_used_by_the_maker_of_fixtures_or_by_a_test() {
    let folder = root().join("keys");
    let sources: String = ["examples", "tests", "src"]
        .iter()
        .flat_map(|part| files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(part)))
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .map(|path| fs::read_to_string(path).expect("sources are text"))
        .collect();
    let mut complaints = Vec::new();
    for path in files(&folder) {
        let name = path.strip_prefix(&folder).expect("it lies below").with_extension("");
        let name = name.display().to_string().replace('\\', "/");
        let used = ["\"", ".pem\""].iter().any(|end| sources.contains(&format!("\"{name}{end}")));
        let used = used || sources.contains(&format!("keys/{name}.pem"));
        if name != "README" && !used {
            complaints.push(format!("{} is used nowhere", path.display()));
        }
    }
    none(&complaints);
}

#[test]
fn the_program_itself_says_the_same_of_every_fixture_with_a_mode_or_keys() {
    let runs: Vec<&Run> = RUNS.iter().filter(|run| run.fixture.is_about_files()).collect();
    assert!(runs.len() >= 30, "there are {} only", runs.len());
    for run in runs {
        let fired: BTreeSet<String> =
            findings_of_the_program(&run.fixture).into_iter().map(|(rule, _)| rule).collect();
        let expected: BTreeSet<String> = run.fixture.expected().into_iter().collect();
        assert_eq!(fired, expected, "{}", run.fixture.name());
    }
}

#[test]
fn the_program_and_the_library_put_findings_at_the_same_lines() {
    let checked = RUNS.iter().filter(|run| run.fixture.fails() && run.fixture.trust().is_none());
    for run in checked.step_by(12) {
        let mut here: Vec<(String, usize)> =
            run.outcome.findings.iter().map(|finding| (finding.rule.clone(), finding.place.line)).collect();
        let mut there = findings_of_the_program(&run.fixture);
        here.sort();
        there.sort();
        assert_eq!(here, there, "{}", run.fixture.name());
    }
}

/// Runs the program on a copy of a fixture; its findings as rule and line.
fn findings_of_the_program(fixture: &Fixture) -> Vec<(String, usize)> {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let mut command = Command::new(env!("CARGO_BIN_EXE_pemlint"));
    command.current_dir(folder.path()).args(["check", "--format", "json", "--profile", fixture.profile()]);
    command.args(["--at", fixture.at()]).arg(copy(&fixture.path, folder.path(), fixture.mode()));
    for key in fixture.keys() {
        command.arg("--key").arg(copy(&key, folder.path(), fixture.mode()));
    }
    if fixture.no_key() {
        command.arg("--no-key");
    }
    let output = command.output().expect("the program starts");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{}: {error}\n{}", fixture.name(), String::from_utf8_lossy(&output.stderr))
    });
    let findings = report["findings"].as_array().expect("a report has findings");
    let rule = |finding: &serde_json::Value| finding["rule"].as_str().map(str::to_owned);
    let line = |finding: &serde_json::Value| finding["line"].as_u64().and_then(|at| at.try_into().ok());
    findings.iter().map(|one| rule(one).zip(line(one)).expect("a finding has rule and line")).collect()
}

fn copy(path: &Path, folder: &Path, mode: u32) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    let copy = folder.join(path.file_name().expect("a file has a name"));
    fs::copy(path, &copy).expect("a fixture can be copied");
    fs::set_permissions(&copy, fs::Permissions::from_mode(mode)).expect("its mode can be set");
    copy
}

#[test]
fn every_finding_points_at_text_inside_its_artifact() {
    let subjects: BTreeMap<String, (Subject, bool)> = drafts()
        .into_iter()
        .map(|draft| (draft.source.id.clone(), (draft.subject, draft.each.is_some())))
        .collect();
    let mut complaints = Vec::new();
    for run in RUNS.iter() {
        for finding in &run.outcome.findings {
            let (subject, has_each) = subjects[&finding.rule];
            let lines = Lines::of(run.octets(&finding.path));
            let text = lines.text(finding.place);
            let fault = match (&text, subject) {
                (None, _) => Some("the file has no such region"),
                (Some(text), Subject::Block) if has_each => (text.is_empty()).then_some("it is empty"),
                (Some(text), Subject::Key | Subject::Block) => {
                    (!text.starts_with("-----BEGIN ")).then_some("it is no BEGIN line")
                }
                (Some(_), Subject::File) => (finding.place.line != 1).then_some("it is not the first line"),
                (Some(text), _) => outside_certificate(run, finding, &lines, text),
            };
            if let Some(fault) = fault {
                complaints.push(format!("{}: {}: {fault}", run.fixture.name(), short(finding)));
            }
        }
    }
    none(&complaints);
}

/// What is wrong with the region of a finding on a certificate.
fn outside_certificate(run: &Run, finding: &Finding, lines: &Lines, text: &str) -> Option<&'static str> {
    let at = run.given.iter().position(|one| one.input.source.path == finding.path)?;
    let number = finding.certificate.expect("the finding is on a certificate");
    let certificate = &run.outcome.inputs[at].certificates[number];
    let place = finding.place;
    if finding.sha256.as_ref() != Some(&certificate.sha256) {
        Some("it names another certificate")
    } else if !lines.line(certificate.line).contains("-----BEGIN ") {
        Some("the certificate does not begin there")
    } else if place.line <= certificate.line || place.end_line >= certificate.end_line {
        Some("it is not between the boundaries of its certificate")
    } else if !is_base64(text) {
        Some("it is no base64")
    } else {
        let first = place.line == certificate.line + 1 && text == lines.line(place.line);
        let is_absent = first && place.column == 1;
        // What is missing at the end of a certificate that is cut off is shown at its last character.
        let last = certificate.end_line - 1;
        let is_end = place.end_line == last && lines.line(last).ends_with(text) && text.len() <= 2;
        match lines.octets(certificate.line, place) {
            _ if is_absent || is_end => None,
            Some(octets) if is_element(&octets) || octets.len() == 1 => None,
            Some(_) => Some("it is neither one element of DER nor one octet"),
            None => Some("it does not begin or end where an octet does"),
        }
    }
}

#[test]
fn findings_on_an_extension_point_at_the_octets_of_that_extension() {
    // The object identifiers of RFC 5280 §4.2.1, as they stand in DER.
    let extensions: BTreeMap<&str, u8> = BTreeMap::from([
        ("keyUsage", 15),
        ("subjectAltName", 17),
        ("basicConstraints", 19),
        ("nameConstraints", 30),
        ("authorityKeyIdentifier", 35),
        ("extKeyUsage", 37),
    ]);
    let mut seen = BTreeMap::new();
    for run in RUNS.iter() {
        for finding in &run.outcome.findings {
            let fact = finding.fact.as_deref().unwrap_or_default();
            let part = fact.split('.').nth(1).unwrap_or_default();
            let (Some(last), Some(at)) = (extensions.get(part), finding.certificate) else { continue };
            let lines = Lines::of(run.octets(&finding.path));
            let begin = run.outcome.inputs.iter().zip(&run.given);
            let begin = begin.filter(|(_, one)| one.input.source.path == finding.path);
            let begin = begin.map(|(facts, _)| facts.certificates[at].line).next().expect("it was given");
            // An absent extension has no octets: the first line stands for the certificate.
            if lines.text(finding.place) == Some(lines.line(begin + 1)) && finding.place.column == 1 {
                continue;
            }
            let octets = lines.octets(begin, finding.place).expect("a region encodes octets");
            let identifier = [0x06, 0x03, 0x55, 0x1d, *last];
            let is_inside =
                memchr::memmem::find(&octets, &identifier).is_some() || fact.ends_with("Constraint");
            assert!(is_inside, "{}: {}", run.fixture.name(), short(finding));
            *seen.entry(part).or_insert(0) += 1;
        }
    }
    assert_eq!(seen.keys().collect::<Vec<_>>(), extensions.keys().collect::<Vec<_>>());
}

#[test]
fn the_excerpt_of_a_finding_is_the_text_at_its_place() {
    let mut shown = 0;
    for run in RUNS.iter() {
        for finding in &run.outcome.findings {
            let Some(excerpt) = &finding.excerpt else { continue };
            let lines = Lines::of(run.octets(&finding.path));
            let text = lines.text(finding.place).expect("the file has the region");
            let part = &excerpt.text[excerpt.region.clone()];
            let is_whole = finding.place.end_line - finding.place.line < 4;
            let fits = if is_whole { text == part } else { text.starts_with(part) && !part.is_empty() };
            assert!(fits, "{}: {}: {part:?}, not {text:?}", run.fixture.name(), short(finding));
            assert!(excerpt.text.starts_with(&lines.line(finding.place.line)), "{}", run.fixture.name());
            shown += 1;
        }
    }
    assert!(shown > 200, "{shown} findings with an excerpt are too few for this test to mean much");
}

#[test]
fn findings_on_certificates_have_an_excerpt_and_findings_never_quote_a_private_key() {
    for run in RUNS.iter() {
        for finding in &run.outcome.findings {
            let name = run.fixture.name();
            // Octets that do not even begin as a certificate may be anything, a key included.
            let certificates = run.outcome.inputs.iter().flat_map(|input| &input.certificates);
            let is_in_certificate = certificates
                .filter(|certificate| certificate.serial.is_some())
                .any(|certificate| Some(&certificate.sha256) == finding.sha256.as_ref())
                && finding.rule != "rfc5280/malformed-certificate";
            assert!(finding.excerpt.is_some() || !is_in_certificate, "{name}: {}", short(finding));
            let text = finding.excerpt.as_ref().map_or("", |excerpt| &excerpt.text);
            if let Some(at) = text.find("PRIVATE KEY-----") {
                let behind = &text[at + "PRIVATE KEY-----".len()..];
                assert!(behind.trim().is_empty(), "{name}: {}: {text}", short(finding));
            }
        }
    }
}

#[test]
fn every_message_and_fix_renders_to_text_that_can_be_shown() {
    let mut complaints = Vec::new();
    for run in RUNS.iter() {
        for finding in &run.outcome.findings {
            let message = &finding.message;
            // Two spaces, or one before a comma, stand where a value is empty.
            let has_gap = message.contains("  ") || message.contains(" ,") || message.ends_with(' ');
            if has_gap || message.is_empty() || message.contains(['{', '}', '\n']) || message.ends_with('.') {
                complaints.push(format!("{}: {}: {message:?}", run.fixture.name(), finding.rule));
            }
            if finding.fix.trim().is_empty() || finding.fix.contains(['\u{1b}', '\r']) {
                complaints.push(format!("{}: {}: {:?}", run.fixture.name(), finding.rule, finding.fix));
            }
        }
    }
    none(&complaints);
}

/// A finding on one line.
fn short(finding: &Finding) -> String {
    let place = finding.place;
    let (file, rule, severity) = (&finding.path, &finding.rule, finding.severity);
    let region = format!("{}:{}-{}:{}", place.line, place.column, place.end_line, place.end_column);
    format!("{file}:{region} {severity} {rule}: {}", finding.message)
}

/// Every finding and note on the fixtures of a rule.
fn listing(rule: &str) -> String {
    let mut text = String::new();
    for run in RUNS.iter().filter(|run| run.fixture.rule.as_deref() == Some(rule)) {
        let fixture = &run.fixture;
        let _ = writeln!(text, "{} ({})", fixture.stem, fixture.profile());
        for finding in &run.outcome.findings {
            let _ = writeln!(text, "  {}", short(finding));
        }
        let mut silent: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for note in &run.outcome.notes {
            silent.entry(&note.reason).or_default().push(&note.rule);
        }
        for (reason, rules) in silent {
            let _ = writeln!(text, "  no answer, {reason}:\n    {}", rules.join("\n    "));
        }
    }
    text
}

/// Whether a text is not that of its snapshot; says so, and goes on with the next.
fn differs(folder: &str, name: &str, text: &str) -> bool {
    let compare = || {
        let mut settings = Settings::clone_current();
        settings.set_snapshot_path(Path::new("snapshots").join(folder));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| assert_snapshot!(name, text));
    };
    catch_unwind(compare).is_err()
}

#[test]
fn findings_on_the_fixtures_of_each_rule_are_those_of_its_snapshot() {
    let differing = |id: &String| {
        let (source, name) = id.split_once('/').expect("ids have two parts");
        differs(&format!("rules/{source}"), name, &listing(id))
    };
    none(&rule_ids().into_iter().filter(differing).collect::<Vec<_>>());
}

/// Fixtures whose whole report is kept: a fault of a root, of a chain, of a key,
/// of the armour, of DER, several at once, and none.
const REPORTED: [&str; 7] = [
    "clean/root-and-intermediate.pem",
    "rules/chain/not-a-ca/fails-server-certificate.pem",
    "rules/chain/order/fails-leaf-first-of-three.pem",
    "rules/keys/private-key-does-not-match/fails-second-key.pem",
    "rules/pem/blocks-glued/fails-two.pem",
    "rules/rfc5280/ca-key-usage-missing/fails-root.pem",
    "rules/rfc5280/malformed-certificate/fails-cut-in-the-subject.pem",
];

/// The name of a whole report's snapshot, without its format.
fn report_name(fixture: &str) -> String {
    fixture.trim_start_matches("rules/").trim_end_matches(".pem").replace('/', ".")
}

#[test]
fn whole_reports_are_those_of_their_snapshots() {
    let mut differing = Vec::new();
    for fixture in REPORTED {
        let run = RUNS.iter().find(|run| run.fixture.name() == fixture);
        let run = run.unwrap_or_else(|| panic!("there is no fixture {fixture}"));
        let (mut human, mut json) = (Vec::new(), Vec::new());
        let report = run.report();
        report::human::write(&report, false, &mut human).expect("a vector takes every text");
        report::json::write(&report, &mut json).expect("a vector takes every text");
        for (format, text) in [("human", human), ("json", json)] {
            let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
            let text = String::from_utf8(text).expect("reports are UTF-8");
            let text = text.replace(&version, "\"version\": \"(of the program)\"");
            let name = format!("{}.{format}", report_name(fixture));
            if differs("whole", &name, &text) {
                differing.push(name.clone());
            }
        }
    }
    none(&differing);
}

#[test]
fn every_snapshot_belongs_to_a_rule_a_reported_fixture_or_another_test() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let folder = tests.join("snapshots");
    let mut known: BTreeSet<PathBuf> =
        rule_ids().iter().map(|id| folder.join("rules").join(format!("{id}.snap"))).collect();
    for fixture in REPORTED {
        for format in ["human", "json"] {
            known.insert(folder.join("whole").join(format!("{}.{format}.snap", report_name(fixture))));
        }
    }
    let mut complaints = Vec::new();
    let snapshots =
        files(&folder).into_iter().filter(|path| path.extension().is_some_and(|end| end == "snap"));
    for path in snapshots.filter(|path| !known.contains(path)) {
        let inside = path.strip_prefix(&folder).expect("it lies below").display().to_string();
        // Others are named after their test: `cli__….snap` or `cli/….snap` of `tests/cli.rs`.
        let maker = inside.split_once("__").or_else(|| inside.split_once('/')).map_or("", |(maker, _)| maker);
        let is_test = maker != "rules" && tests.join(maker).with_extension("rs").is_file();
        if !is_test {
            complaints.push(format!("{} belongs to nothing", path.display()));
        }
    }
    for path in known.iter().filter(|path| !path.is_file()) {
        complaints.push(format!("{} is missing", path.display()));
    }
    none(&complaints);
}
