//! What the program says of itself: rules, explanations, profiles, help, version
//! and completions.

use pemlint::rule::{embedded_drafts, profile_names};

use crate::program::{Folder, Ran};

fn run(line: &str) -> Ran {
    Folder::new().run(line)
}

#[test]
fn rules_lists_every_rule_with_its_level_subject_and_title() {
    let text = run("rules").ends(0).out;
    let drafts = embedded_drafts().expect("the rules are sound");
    for draft in &drafts {
        let id = &draft.source.id;
        let line = text.lines().find(|line| line.split_whitespace().next() == Some(id));
        let line = line.unwrap_or_else(|| panic!("{id} is not listed"));
        assert!(line.contains(&draft.title) && line.contains(draft.subject.name()), "{line}");
    }
    let end = format!("{} rules, ", drafts.len());
    assert!(text.lines().last().is_some_and(|line| line.starts_with(&end)), "{text}");
}

#[test]
fn rules_says_what_a_profile_makes_of_a_rule() {
    let level = |profile: &str| {
        let ran = run(&format!("rules chain/order --format json --profile {profile}")).ends(0);
        ran.json()["rules"][0]["level"].as_str().map(str::to_owned)
    };
    assert_eq!(level("cloudflare-byopki").as_deref(), Some("error"));
    assert_eq!(level("rfc5280").as_deref(), Some("off"));
    assert!(run("rules chain/order --profile rfc5280").out.contains("1 rule, 0 of them run"));
}

#[test]
fn rules_can_be_filtered_by_id_and_title_and_says_when_none_is_left() {
    let ids = |filter: &str| {
        let rules = run(&format!("rules {filter} --format json")).ends(0).json()["rules"].take();
        let rules = rules.as_array().expect("a list");
        rules.iter().map(|rule| rule["id"].as_str().expect("it has an id").to_owned()).collect::<Vec<_>>()
    };
    let of_pem = ids("pem/");
    assert!(of_pem.len() >= 5 && of_pem.iter().all(|id| id.starts_with("pem/")), "{of_pem:?}");
    assert_eq!(ids("CA-KEY-USAGE-MISSING"), ["rfc5280/ca-key-usage-missing"]);
    assert_eq!(ids("exponent"), ["keys/rsa-exponent-not-usual", "keys/rsa-exponent-unsafe"]);
    assert_eq!(ids("faulty"), ["keys/rsa-key-weak-by-roca"], "its title says so");
    assert_eq!(ids("nonsense"), Vec::<String>::new());
    assert_eq!(run("rules nonsense").ends(0).out, "no rule has `nonsense` in its id or title\n");
}

#[test]
fn rules_in_json_hold_all_that_is_written_about_them() {
    let rule = run("rules ca-key-usage-missing --format json").ends(0).json()["rules"][0].take();
    assert_eq!((&rule["id"], &rule["severity"]), (&"rfc5280/ca-key-usage-missing".into(), &"error".into()));
    assert_eq!((&rule["subject"], &rule["openssl"][0]), (&"certificate".into(), &92.into()));
    for part in ["title", "why", "fix"] {
        assert!(rule[part].as_str().is_some_and(|text| text.len() > 20), "{part}");
    }
    assert_eq!(rule["references"][0], "RFC 5280 §4.2.1.3");
    assert_eq!(rule["page"], PAGE);
}

/// The page of the rule that these tests ask for.
const PAGE: &str = "https://github.com/pemlint/pemlint/blob/main/docs/rules/rfc5280/ca-key-usage-missing.md";

#[test]
fn every_rule_can_be_explained_by_its_id_or_its_last_part() {
    let text = run("explain rfc5280/ca-key-usage-missing").ends(0).out;
    for part in
        ["## Why", "## Fix", "## Who rejects it", "OpenSSL 92", "## References", "RFC 5280 §4.2.1.3", PAGE]
    {
        assert!(text.contains(part), "{part} is not in:\n{text}");
    }
    for profile in profile_names() {
        assert!(text.contains(&format!("`{profile}`")), "{profile}");
    }
    assert_eq!(run("explain ca-key-usage-missing").ends(0).out, text);
    let folder = Folder::new();
    for draft in embedded_drafts().expect("the rules are sound").iter().step_by(5) {
        let text = folder.run(&format!("explain {}", draft.source.id)).ends(0).out;
        assert!(text.contains(draft.why.trim()) && text.contains(draft.fix.value.trim()), "{text}");
    }
}

#[test]
fn facts_variables_and_functions_can_be_explained() {
    let text = run("explain cert.keyUsage.keyCertSign").ends(0).out;
    assert!(text.contains("type bool") && text.contains("rfc5280/key-cert-sign-on-non-ca"), "{text}");
    let text = run("explain cert.basicConstraints").ends(0).out;
    assert!(text.contains("`pathLenConstraint`") && text.contains("has(cert.basicConstraints)"), "{text}");
    let same = run("explain cert.extensions[].critical").ends(0).out;
    assert_eq!(same, run("explain cert.extensions.critical").ends(0).out, "brackets may be left out");
    assert!(run("explain cert").ends(0).out.contains("`keyUsage`"));
    assert!(run("explain days").ends(0).out.contains("days(30)"));
}

#[test]
fn what_cannot_be_explained_is_refused_with_a_suggestion() {
    run("explain ca-key-usage-mising").refuses(&["did you mean `ca-key-usage-missing`?"]);
    run("explain rfc5280/ca-key-usage-mising").refuses(&["did you mean `rfc5280/ca-key-usage-missing`?"]);
    run("explain cert.keyUsag").refuses(&["did you mean `cert.keyUsage`?"]);
    run("explain nonsense").refuses(&["`nonsense` is no rule and no fact", "pemlint rules"]);
    run("explain").refuses(&["nothing to explain", "WHAT"]);
}

#[test]
fn the_profiles_are_listed_with_what_they_are_for() {
    let text = run("check --list-profiles").ends(0).out;
    for name in profile_names() {
        assert!(text.lines().any(|line| line.starts_with(name)), "{name}");
    }
    assert!(text.contains("cloudflare-byopki (default): "), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 110), "{text}");
}

#[test]
fn completions_exist_for_every_shell_and_know_the_commands_and_flags() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let text = run(&format!("completions {shell}")).ends(0).out;
        for word in ["explain", "completions", "write-baseline", "list-profiles"] {
            assert!(text.contains(word), "{shell} lacks {word}");
        }
    }
    run("completions ksh").refuses(&["bash", "zsh"]);
}

#[test]
fn help_names_every_command_the_exit_statuses_and_examples() {
    let text = run("--help").ends(0).out;
    for part in ["check", "rules", "explain", "completions", "Exit status", "Examples", "--key"] {
        assert!(text.contains(part), "{part} is not in:\n{text}");
    }
    assert_eq!(run("--version").ends(0).out, format!("pemlint {}\n", env!("CARGO_PKG_VERSION")));
    let long = run("check --help").ends(0).out;
    let short = run("check -h").ends(0).out;
    assert!(short.lines().count() < long.lines().count());
    for flag in
        ["--key", "--no-key", "--join", "--profile", "--rules", "--ignore", "--level", "--config", "--at"]
    {
        assert!(long.contains(flag) && short.contains(flag), "{flag}");
    }
}

#[test]
fn a_line_without_a_command_or_with_a_wrong_one_is_a_usage_error() {
    run("").refuses(&["Usage: pemlint <COMMAND>"]);
    run("chekc root.pem").refuses(&["'check'"]);
    run("check").refuses(&["<PATH>"]);
    run("check root.pem --no-such-flag").refuses(&["--no-such-flag"]);
}
