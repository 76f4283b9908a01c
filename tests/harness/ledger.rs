//! Differences that are known, and those that are no more.

use crate::program::Folder;
use crate::run::{folder, run};

const ACCEPT: &[&str] = &["mine=sh accept.sh {chain}"];

/// One good chain, one that is over and one of another host.
fn with(ledger: &str) -> Folder {
    let folder = folder("expired,other-host");
    folder.write("known.toml", ledger);
    folder
}

fn known(about: &str) -> String {
    format!("[[known]]\nverifier = \"mine\"\n{about}\nreason = \"it never looks\"\n\n")
}

const WORDS: &str = "harness corpus --expect rustls --ledger known.toml";

#[test]
fn what_the_ledger_knows_does_not_count() {
    let folder = with(&(known("defect = \"expired\"") + &known("case = \"000001\"")));
    let ran = run(&folder, WORDS, ACCEPT).ends(0);
    for part in ["(known: it never looks)", "accepts ~", "0 differences, 0 errors, 2 differences known"] {
        assert!(ran.out.contains(part), "`{part}` is not in:\n{}", ran.out);
    }
    folder.write("known.toml", known("defect = \"expired\""));
    let report = run(&folder, &format!("{WORDS} --format json"), ACCEPT).ends(1).json();
    assert_eq!((&report["summary"]["known"], &report["summary"]["differences"]), (&1.into(), &1.into()));
}

#[test]
fn an_entry_that_differs_no_more_fails() {
    let folder = with(&known("defect = \"expired\""));
    let ran = run(&folder, WORDS, &["mine=sh reject.sh {chain}"]).ends(1);
    let said =
        "the ledger says that mine differs on expired, but it agrees now; the reason was: it never looks";
    assert!(ran.out.contains(said), "{}", ran.out);
    let xml = run(&folder, &format!("{WORDS} --format junit"), &["mine=sh reject.sh {chain}"]).ends(1).out;
    assert!(xml.contains("<testcase name=\"ledger expired\" classname=\"mine\">"), "{xml}");
}

#[test]
fn entries_about_what_was_not_asked_are_passed_over() {
    let other = "[[known]]\nverifier = \"other\"\ndefect = \"expired\"\nreason = \"x\"\n";
    let folder = with(&(known("defect = \"aki-missing\"") + other));
    run(&folder, WORDS, &["mine=sh reject.sh {chain}"]).ends(0);
    // Nothing is demanded of it.
    folder.write("known.toml", known("defect = \"expired\""));
    run(&folder, "harness corpus --ledger known.toml", &["mine=sh reject.sh {chain}"]).ends(0);
    // No verdict, no agreement.
    run(&folder, WORDS, &["mine=sh crash.sh {chain}"]).ends(2);
}

#[test]
fn mistakes_in_a_ledger_are_shown_with_their_places() {
    let folder = with("[[known]]\nverifier = \"mine\"\ndefect = \"expired\"\ncase = \"1\"\n");
    run(&folder, WORDS, ACCEPT).refuses(&[
        "known.toml:4",
        "this entry is about two things",
        "`reason`",
        "name one `defect`",
    ]);
    folder.write("known.toml", "[[known]]\nverifier = \"mine\"\nreason = \"x\"\nuntil = 3\n");
    run(&folder, WORDS, ACCEPT).refuses(&["`defect`", "`until`"]);
    run(&folder, "harness corpus --ledger none.toml", ACCEPT).refuses(&["none.toml cannot be read"]);
}
