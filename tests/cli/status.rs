//! Exit statuses: 0 nothing at or above the threshold, 1 findings, 2 usage,
//! configuration, rule or I/O error, 3 nothing to check; precedence 2, 3, 1, 0.

use crate::program::{AT, Folder};

const MISSING: &str = "keys/private-key-missing";
const FAULT: &str = "rfc5280/ca-key-usage-missing";

/// A clean root with its key, a faulty root, a text and an empty file.
fn folder() -> Folder {
    let folder = Folder::new();
    folder.copy("clean/p256-root.pem=clean.pem clean/p256-root.key=clean.key");
    folder.copy("rules/rfc5280/ca-key-usage-missing/fails-root.pem=faulty.pem");
    folder.write("text.txt", "no certificate here\n");
    folder.write("empty.pem", "");
    folder
}

fn check(folder: &Folder, line: &str) -> crate::program::Ran {
    folder.run(&format!("check --at {AT} --format json {line}"))
}

#[test]
fn clean_inputs_end_with_0() {
    let ran = check(&folder(), "clean.pem --key clean.key --fail-on info").ends(0);
    assert_eq!(ran.rules(), Vec::<String>::new());
    assert_eq!(ran.err, "");
}

#[test]
fn findings_at_the_threshold_end_with_1_and_those_below_it_with_0() {
    let folder = folder();
    assert_eq!(check(&folder, "faulty.pem --no-key").ends(1).rules(), [FAULT]);
    assert_eq!(check(&folder, "clean.pem").ends(0).rules(), [MISSING]);
    check(&folder, "clean.pem --fail-on warning").ends(1);
    let as_info = format!("clean.pem --level {MISSING}=info");
    check(&folder, &format!("{as_info} --fail-on warning")).ends(0);
    assert_eq!(check(&folder, &format!("{as_info} --fail-on info")).ends(1).rules(), [MISSING]);
}

#[test]
fn exit_zero_hides_findings_and_nothing_else() {
    let folder = folder();
    assert_eq!(check(&folder, "faulty.pem --no-key --exit-zero").ends(0).rules(), [FAULT]);
    check(&folder, "text.txt --exit-zero").ends(3);
    check(&folder, "missing.pem --exit-zero").ends(2);
}

#[test]
fn inputs_without_boundary_certificate_and_key_end_with_3_and_are_reported() {
    let folder = folder();
    for input in ["text.txt", "empty.pem", "text.txt empty.pem"] {
        let ran = check(&folder, input).ends(3);
        assert!(ran.rules().iter().all(|rule| rule == "pem/nothing-found"), "{}", ran.out);
        assert_eq!(ran.rules().len(), input.split(' ').count());
    }
}

#[test]
fn an_empty_file_among_good_ones_is_a_finding_at_its_first_line() {
    let ran = check(&folder(), "clean.pem empty.pem --key clean.key").ends(1);
    assert_eq!(ran.rules(), ["pem/nothing-found"]);
    let finding = &ran.json()["findings"][0];
    assert_eq!((finding["path"].as_str(), finding["line"].as_u64()), (Some("empty.pem"), Some(1)));
}

#[test]
fn a_boundary_alone_is_something_to_report_on() {
    let folder = folder();
    folder.write("begin.pem", "-----BEGIN CERTIFICATE-----\n");
    let ran = check(&folder, "begin.pem --no-key").ends(1);
    assert!(ran.rules().contains(&"pem/block-cut-off".to_owned()), "{}", ran.out);
}

#[test]
fn an_input_that_cannot_be_read_ends_with_2_whatever_the_others_hold() {
    let folder = folder();
    for others in ["", "faulty.pem", "text.txt", "clean.pem faulty.pem text.txt"] {
        check(&folder, &format!("{others} missing.pem --no-key")).refuses(&["missing.pem cannot be read"]);
    }
}

#[test]
fn a_rule_that_fails_ends_with_2_above_findings_and_above_nothing_and_is_reported() {
    let folder = folder();
    let rule = crate::selection::rule("file", "1 / (file.size - file.size) == 1", "{file.path} explodes");
    folder.write("own/acme/explodes.toml", rule);
    for (input, findings) in [("clean.pem", 0), ("faulty.pem", 1), ("text.txt", 1)] {
        let ran = check(&folder, &format!("{input} --no-key --rules own --exit-zero")).ends(2);
        assert_eq!(ran.rules().len(), findings, "the other rules ran: {}", ran.out);
        let notes = ran.json()["notes"].take();
        assert_eq!((&notes[0]["rule"], &notes[0]["outcome"]), (&"acme/explodes".into(), &"error".into()));
    }
}

#[test]
fn the_format_never_changes_the_exit_status() {
    let folder = folder();
    let runs = [("clean.pem", 0), ("faulty.pem", 1), ("missing.pem", 2), ("text.txt", 3)];
    for (input, status) in runs {
        for format in ["human", "json", "sarif"] {
            folder.run(&format!("check --no-key --at {AT} {input} --format {format}")).ends(status);
            let line = format!("check --no-key --at {AT} {input} --output {format}=report");
            folder.run(&line).ends(status);
        }
    }
}
