//! What stands beside fixtures, and that no two of them are the same. Knows no rule.

use std::collections::BTreeMap;
use std::fs;

use super::fixtures::{RUNS, Run};
use super::none;

#[test]
fn every_certificate_of_a_fixture_is_described_beside_it() {
    let mut complaints = Vec::new();
    for Run { fixture, outcome, .. } in RUNS.iter() {
        let text = fs::read_to_string(fixture.path.with_extension("txt")).unwrap_or_default();
        if text.lines().count() < 2 {
            complaints.push(format!("{}: nothing is said of it", fixture.name()));
        }
        for certificate in outcome.inputs.iter().flat_map(|input| &input.certificates) {
            let Some(serial) = certificate.serial.as_ref().filter(|serial| !serial.is_empty()) else {
                continue;
            };
            if !text.contains(&format!("  serialNumber: {serial}\n")) {
                complaints.push(format!("{}: nothing is said of the serial number {serial}", fixture.name()));
            }
        }
    }
    none(&complaints);
}

#[test]
fn no_two_fixtures_of_a_rule_are_the_same() {
    let mut seen = BTreeMap::new();
    let mut complaints = Vec::new();
    for Run { fixture, given, .. } in RUNS.iter() {
        let files: Vec<_> = given
            .iter()
            .map(|one| (format!("{:?}", one.part), one.input.source.as_read(), one.input.source.mode))
            .collect();
        let host = fixture.clients().first().map(|client| format!("{:?}", client.host));
        let asked = (fixture.no_key(), fixture.passwords());
        let of = (&fixture.rule, fixture.profile(), fixture.at(), asked, host, files);
        if let Some(other) = seen.insert(of, fixture.name()) {
            complaints.push(format!("{} is {other}", fixture.name()));
        }
    }
    none(&complaints);
}
