//! `pemlint rules new`: what it writes passes its own tests and is left alone
//! when it is there already.

use std::os::unix::fs::PermissionsExt as _;

use pemlint::rule::Subject;

use crate::program::Folder;

#[test]
fn the_template_of_every_subject_passes_its_own_tests() {
    for subject in Subject::ALL.map(Subject::name) {
        let folder = Folder::new();
        let told = folder.run(&format!("rules new acme/first --subject {subject}")).ends(0).out;
        for part in ["wrote rules/acme/first.toml", "rules/acme/first/fails.pem", "pemlint rules test rules"]
        {
            assert!(told.contains(part), "{part} is not in:\n{told}");
        }
        let said = folder.run("rules test rules --format json").ends(0).json();
        assert_eq!(said["summary"]["right"], 2, "{subject}: {said:#}");
        assert_eq!(said["summary"]["covered"], 1, "{subject}");
        let rules = folder.run("rules acme/ --rules rules --format json").ends(0).json();
        assert_eq!(rules["rules"][0]["subject"], subject);
    }
}

#[test]
fn the_rule_finds_what_its_example_shows_when_a_person_checks_it() {
    let folder = Folder::new();
    folder.run("rules new acme/lives-too-long --dir our/rules").ends(0);
    let line = "check our/rules/acme/lives-too-long/fails.pem --rules our/rules --no-key --format json \
                --at 2026-11-22T00:00:00Z";
    assert!(folder.run(line).rules().contains(&"acme/lives-too-long".to_owned()));
    let passes = line.replace("fails.pem", "passes.pem");
    assert_eq!(folder.run(&passes).ends(0).rules(), Vec::<String>::new(), "the sound example has no fault");
}

#[test]
fn nothing_is_written_over() {
    let folder = Folder::new();
    folder.write("rules/acme/first/passes.pem", "mine");
    folder.run("rules new acme/first").refuses(&["rules/acme/first/passes.pem is there already"]);
    assert_eq!(folder.read("rules/acme/first/passes.pem"), "mine");
    assert!(!folder.path().join("rules/acme/first.toml").exists(), "nothing else is written either");
}

#[test]
fn examples_with_keys_are_for_their_owner_alone() {
    let folder = Folder::new();
    folder.run("rules new acme/curve --subject key").ends(0);
    assert!(folder.read("rules/acme/curve/fails.pem").starts_with("-----BEGIN PRIVATE KEY-----\n"));
    let path = folder.path().join("rules/acme/curve/fails.pem");
    let mode = std::fs::metadata(path).expect("it was written").permissions().mode();
    assert_eq!(mode & 0o077, 0);
}

#[test]
fn an_id_that_no_rule_can_have_is_refused() {
    let folder = Folder::new();
    for id in ["first", "Acme/first", "acme/first/second", "../first", "acme/", "acme/first.toml"] {
        folder.run(&format!("rules new {id}")).refuses(&["is no id of a rule", "SOURCE/NAME"]);
    }
    folder.run("rules new profiles/first").refuses(&["`profiles` is where profiles stand"]);
    folder.run("rules new validity/expired").refuses(&["there is a rule validity/expired already"]);
    folder.run("rules new acme/first --subject chain").refuses(&["'chain'", "certificate", "bundle"]);
}
