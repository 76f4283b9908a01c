//! The examples on the page of a rule: one fixture that fails and one that passes, the command that looks at it, and the
//! finding as it is printed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use pemlint::client::Asked;
use pemlint::client::openssl::Host;
use pemlint::engine::{self, Job};
use pemlint::facts::time::from_rfc3339;
use pemlint::report::human;

use super::fixtures::{Fixture, fixtures};

/// The two examples of a rule.
pub(crate) struct Samples {
    pub(crate) fails: Sample,
    pub(crate) passes: Sample,
}

/// A fixture as a page shows it.
pub(crate) struct Sample {
    /// Its name without ending.
    pub(crate) stem: String,
    /// The file and those that the command names beside it, in the folder of the rule.
    pub(crate) files: Vec<String>,
    /// What to type in that folder.
    pub(crate) commands: Vec<String>,
    /// What pemlint prints of the rule.
    pub(crate) finding: Option<String>,
}

/// The examples of every rule, by its id.
pub(crate) fn of_rules() -> BTreeMap<String, Samples> {
    let mut chosen: BTreeMap<String, [Option<Fixture>; 2]> = BTreeMap::new();
    for fixture in fixtures() {
        let Some(rule) = fixture.rule.clone() else { continue };
        let place = &mut chosen.entry(rule).or_default()[usize::from(!fixture.fails())];
        if place.as_ref().is_none_or(|known| rank(&fixture) < rank(known)) {
            *place = Some(fixture);
        }
    }
    let made = chosen.into_iter().map(|(rule, [fails, passes])| {
        let wanted = "a test proves that every rule has fixtures that fail and that pass";
        let fails = sample(fails.expect(wanted), &rule);
        let samples = Samples { fails, passes: sample(passes.expect(wanted), &rule) };
        assert!(samples.fails.finding.is_some(), "{rule} does not fire on {}", samples.fails.stem);
        assert!(samples.passes.finding.is_none(), "{rule} fires on {}", samples.passes.stem);
        (rule, samples)
    });
    made.collect()
}

/// The lower, the better: where the rule does not even run, nothing passes; then the
/// fewer things a reader needs to know of a fixture; then by name.
fn rank(fixture: &Fixture) -> (bool, usize, usize, usize, usize, String) {
    let runs = fixture.rules().rules.iter().any(|rule| Some(&rule.draft.source.id) == fixture.rule.as_ref());
    let beside = fixture.all_given().len();
    let special = fixture.passwords().len() + usize::from(fixture.is_about_files());
    (!runs, rejecting(fixture), fixture.expected().len(), beside, special, fixture.stem.clone())
}

/// Clients that a prediction is made for, the one first that is asked where none is named.
const CLIENTS: [&str; 3] = ["python-3.13", "openssl", "rustls"];

/// The first of the clients that rejects the fixture for its rule: `pemlint predict` prints
/// no other findings. Any client does where nothing is predicted or nothing is to be found.
fn rejecting(fixture: &Fixture) -> usize {
    let Some(rule) = fixture.rule.as_ref().filter(|_| fixture.fails() && fixture.trust().is_some()) else {
        return 0;
    };
    let given = fixture.all_given();
    let now = from_rfc3339(fixture.at()).expect("the instant of a fixture is one");
    let rejects = |name: &&str| {
        let mut asked = Asked::named(name).expect("it is a client");
        asked.host = fixture.host().map(Host::new);
        let job = Job { rules: fixture.rules(), now, join: true, clients: &[asked] };
        let outcome = engine::check(&given, &job);
        outcome.verdicts.iter().flat_map(|verdict| &verdict.errors).any(|error| error.rules.contains(rule))
    };
    CLIENTS.iter().position(rejects).unwrap_or(CLIENTS.len())
}

fn sample(fixture: Fixture, rule: &str) -> Sample {
    let (commands, stem) = (commands(&fixture), fixture.stem.clone());
    let given = fixture.all_given();
    let files = given.iter().map(|one| one.input.source.path.clone()).collect();
    let mut report = fixture.run().report();
    report.findings.retain(|finding| finding.rule == rule);
    report.findings.truncate(1);
    let finding = report.findings.first_mut().map(|finding| {
        finding.fix.clear();
        finding.severity.name().to_owned()
    });
    let finding = finding.map(|level| {
        let mut out = Vec::new();
        human::write(&report, false, &mut out).expect("a vector takes every text");
        let text = String::from_utf8(out).expect("reports are UTF-8");
        let start = text.find(&format!("{level}[{rule}]")).expect("the finding is printed");
        let end = text[start..].find("\n\n").expect("an empty line ends a finding");
        text[start..start + end].to_owned()
    });
    Sample { stem, files, commands, finding }
}

/// What to type to have the fixture checked as the tests do.
fn commands(fixture: &Fixture) -> Vec<String> {
    let name = |path: &std::path::Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let file = name(&fixture.path).unwrap_or_default();
    let trust = fixture.trust().as_deref().and_then(name);
    let mut command = String::new();
    if let Some(password) = fixture.passwords().first() {
        let _ = write!(command, "PEMLINT_PASSWORD='{password}' ");
    }
    let verb = if trust.is_some() { "predict" } else { "check" };
    let _ = write!(command, "pemlint {verb} {file}");
    for key in fixture.keys() {
        let _ = write!(command, " --key {}", name(&key).unwrap_or_default());
    }
    if let Some(trust) = &trust {
        // Predictions have a profile of their own.
        let _ = write!(command, " --trust {trust}");
        if let Some(name) = CLIENTS.get(rejecting(fixture)).filter(|name| **name != CLIENTS[0]) {
            let _ = write!(command, " --client {name}");
        }
    } else {
        let _ = write!(command, " --profile {}", fixture.profile());
    }
    if trust.is_none() && fixture.no_key() {
        command.push_str(" --no-key");
    }
    if let Some(host) = fixture.host() {
        let _ = write!(command, " --host {host}");
    }
    let _ = write!(command, " --at {}", fixture.at());
    let mut commands = Vec::new();
    if fixture.is_about_files() {
        // Git keeps no modes.
        let keys = fixture.keys();
        let keys = keys.iter().filter_map(|key| name(key));
        let names: Vec<String> = [file].into_iter().chain(keys).collect();
        commands.push(format!("chmod {:o} {}", fixture.mode(), names.join(" ")));
    }
    commands.push(command);
    commands
}
