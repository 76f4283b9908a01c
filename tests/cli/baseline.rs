//! Baselines: findings that are known and accepted, with reasons and dates that
//! are kept, and entries that say so when they match nothing or have run out.

use crate::program::{AT, Folder, Ran};

const FAULT: &str = "rfc5280/ca-key-usage-missing";

fn folder() -> Folder {
    let folder = Folder::new();
    folder.copy("rules/rfc5280/ca-key-usage-missing/fails-root.pem=faulty.pem clean/p256-root.pem=clean.pem");
    folder
}

fn check(folder: &Folder, line: &str) -> Ran {
    folder.run(&format!("check --no-key --at {AT} --format json {line}"))
}

/// A baseline with the finding of `faulty.pem`, judged.
fn judged(folder: &Folder, more: &str) {
    folder.write("known.toml", "");
    check(folder, "faulty.pem --write-baseline known.toml").ends(0);
    let text = folder.read("known.toml");
    let reason = format!("reason = 'replaced \"soon\"'\n{more}");
    folder.write("known.toml", text.replace("reason = \"not judged yet\"\n", &reason));
}

#[test]
fn what_was_written_is_left_out_and_counted() {
    let folder = folder();
    let ran = check(&folder, "faulty.pem --write-baseline known.toml").ends(0);
    assert_eq!(ran.err, "known.toml lists 1 finding\n");
    let text = folder.read("known.toml");
    assert!(text.contains(&format!("rule = \"{FAULT}\"\npath = \"faulty.pem\"\n")), "{text}");
    let ran = check(&folder, "faulty.pem --baseline known.toml").ends(0);
    assert_eq!(ran.rules(), Vec::<String>::new());
    assert_eq!(ran.json()["summary"]["suppressed"], 1);
    let text = folder.run(&format!("check faulty.pem --no-key --at {AT} --baseline known.toml")).ends(0).out;
    assert!(text.ends_with("no faults found in faulty.pem, 1 certificate (1 suppressed)\n"), "{text}");
}

#[test]
fn a_finding_that_is_not_listed_still_counts() {
    let folder = folder();
    judged(&folder, "");
    folder.copy("rules/rfc5280/not-x509-v3/fails-version-1-root.pem=other.pem");
    let all = check(&folder, ".").ends(1).rules();
    let left = check(&folder, ". --baseline known.toml").ends(1);
    assert_eq!(left.rules().len(), all.len() - 1);
    assert!(left.rules().contains(&FAULT.to_owned()), "that of the other certificate: {all:?}");
    assert_eq!(left.json()["summary"]["suppressed"], 1);
}

#[test]
fn a_file_that_moves_or_gets_lines_in_front_stays_in_the_baseline() {
    let folder = folder();
    judged(&folder, "");
    folder.write("sub/renamed.pem", format!("# our root\n\n{}", folder.read("faulty.pem")));
    let ran = check(&folder, "sub/renamed.pem --baseline known.toml").ends(0);
    assert_eq!(ran.json()["summary"]["suppressed"], 1);
}

#[test]
fn writing_again_keeps_reasons_and_dates_and_drops_what_matches_nothing() {
    let folder = folder();
    judged(&folder, "until = \"2030-01-01\"\n");
    let before = folder.read("known.toml");
    check(&folder, "faulty.pem --write-baseline known.toml").ends(0);
    assert_eq!(folder.read("known.toml"), before);
    // The reasons of one file, written to another.
    check(&folder, "faulty.pem --baseline known.toml --write-baseline new.toml").ends(0);
    assert_eq!(folder.read("new.toml"), before);
    let ran = check(&folder, "clean.pem --write-baseline known.toml").ends(0);
    assert_eq!(ran.err, "known.toml lists 0 findings\n");
    assert!(!folder.read("known.toml").contains("[[finding]]"));
}

#[test]
fn an_entry_that_matches_nothing_is_reported_in_every_format() {
    let folder = folder();
    judged(&folder, "");
    let stale = format!("the entry for {FAULT}");
    for format in ["human", "json", "sarif"] {
        let line = format!("check clean.pem --no-key --at {AT} --baseline known.toml --format {format}");
        let text = folder.run(&line).ends(0).out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(&stale) && text.contains("matches nothing any more"), "{text}");
    }
    let used = check(&folder, "faulty.pem --baseline known.toml").json();
    assert_eq!(used.get("stale"), None);
}

#[test]
fn an_entry_holds_to_the_end_of_its_day_and_no_longer() {
    let folder = folder();
    let ends = |until: &str, status| {
        judged(&folder, &format!("until = \"{until}\"\n"));
        check(&folder, "faulty.pem --baseline known.toml").ends(status)
    };
    ends("2026-11-22", 0);
    ends("2026-11-22T00:00:00Z", 0);
    let ran = ends("2026-11-21", 1);
    assert_eq!(ran.rules(), [FAULT]);
    let stale = ran.json()["stale"][0].take();
    assert!(stale.as_str().is_some_and(|text| text.ends_with("ran out on 2026-11-21")), "{stale}");
    ends("2026-11-21T23:59:59Z", 1);
}

#[test]
fn the_baseline_of_the_configuration_lies_beside_it_and_is_made_by_the_first_write() {
    let folder = folder();
    folder.copy("rules/rfc5280/ca-key-usage-missing/fails-root.pem=ca/faulty.pem");
    folder.write("ca/pemlint.toml", "baseline = \"known.toml\"\n");
    check(&folder, "ca").refuses(&["the baseline ca/known.toml cannot be read"]);
    check(&folder, "ca --write-baseline ca/known.toml").ends(0);
    let ran = check(&folder, "ca").ends(0);
    assert_eq!(ran.json()["summary"]["suppressed"], 1);
}

#[test]
fn sarif_keeps_suppressed_findings_with_their_reason() {
    let folder = folder();
    judged(&folder, "");
    let log = check(&folder, "faulty.pem --baseline known.toml --output sarif=log").ends(0);
    assert_eq!(log.rules(), Vec::<String>::new());
    let log: serde_json::Value = serde_json::from_str(&folder.read("log")).expect("SARIF is JSON");
    let suppressions = &log["runs"][0]["results"][0]["suppressions"];
    assert_eq!(suppressions[0]["justification"], "replaced \"soon\"");
}

#[test]
fn mistakes_in_a_baseline_are_shown_at_their_lines() {
    let folder = folder();
    let parts = ["no-reason.toml:1:", "reason", "until", "no-reason.toml:3:", "`soon` is no date"];
    folder.write("no-reason.toml", "[[finding]]\nfingerprint = \"00\"\nuntil = \"soon\"\nwhy = \"x\"\n");
    check(&folder, "faulty.pem --baseline no-reason.toml").refuses(&parts);
    check(&folder, "faulty.pem --baseline gone.toml").refuses(&["the baseline gone.toml cannot be read"]);
    check(&folder, "faulty.pem --write-baseline gone/known.toml")
        .refuses(&["gone/known.toml cannot be written"]);
}
