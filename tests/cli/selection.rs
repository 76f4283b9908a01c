//! Which rules run: profiles, rules of the user, levels from flags and from
//! `pemlint.toml`, and what is said where one of them cannot be used.

use crate::program::{AT, Folder, Ran};

const FAULT: &str = "rfc5280/ca-key-usage-missing";
const HASH: &str = "validity/expires-soon";

/// A rule of a user.
pub(crate) fn rule(subject: &str, check: &str, message: &str) -> String {
    format!(
        "title = \"Rule of a test\"\nseverity = \"error\"\nsubject = \"{subject}\"\ncheck = '{check}'\n\
         message = \"{message}\"\nwhy = '''\nA test wants it.\n'''\nfix = '''\nNothing is to do.\n'''\n\n\
         [[reference]]\ndocument = \"House rules\"\nsection = \"1\"\n"
    )
}

/// A root without keyUsage that has ten days left at `AT`, and a sound one.
fn folder() -> Folder {
    let folder = Folder::new();
    folder.copy(
        "rules/rfc5280/ca-key-usage-missing/fails-root.pem=ca/faulty.pem clean/p256-root.pem=ca/clean.pem",
    );
    folder
}

fn check(folder: &Folder, line: &str) -> Ran {
    folder.run(&format!("check --no-key --at {AT} --format json {line}"))
}

#[test]
fn the_profile_decides_which_rules_run_at_which_level() {
    let folder = Folder::new();
    folder.copy("rules/chain/order/fails-leaf-first.pem=chain.pem");
    assert_eq!(check(&folder, "chain.pem").ends(1).rules(), ["chain/order"]);
    for profile in ["rfc5280", "python-strict"] {
        let ran = check(&folder, &format!("chain.pem --profile {profile}")).ends(0);
        assert_eq!(ran.json()["profile"], profile);
    }
    folder.run("check --list-profiles").ends(0);
}

#[test]
fn a_profile_that_does_not_exist_is_refused_with_a_suggestion() {
    let folder = folder();
    check(&folder, "ca --profile rfc5820").refuses(&["no profile `rfc5820`", "did you mean `rfc5280`?"]);
    check(&folder, "ca --profile none")
        .refuses(&["there are aws-network-firewall, azure-firewall-premium, cisco-secure-access, "]);
    folder.run("rules --profile rfc5820").refuses(&["did you mean `rfc5280`?"]);
}

#[test]
fn a_rule_of_the_user_fires_beside_those_of_the_program() {
    let folder = folder();
    let check_name = r#"cert.subject.text.contains("Example")"#;
    let text = rule("certificate", check_name, "{cert.subject.text} is no name of ours");
    folder.write("own/acme/subject-of-others.toml", text);
    let ran = check(&folder, "ca/clean.pem --rules own").ends(1);
    assert_eq!(ran.rules(), ["acme/subject-of-others"]);
    let message = ran.json()["findings"][0]["message"].take();
    assert_eq!(message, "CN=pemlint Test Root is no name of ours");
    let ignored = check(&folder, "ca/clean.pem --rules own --ignore acme/subject-of-others").ends(0);
    assert_eq!(ignored.rules(), Vec::<String>::new());
    for command in ["rules acme", "explain subject-of-others"] {
        let text = folder.run(&format!("{command} --rules own")).ends(0).out;
        assert!(text.contains("acme/subject-of-others") && text.contains("Rule of a test"), "{text}");
    }
}

#[test]
fn rules_of_several_folders_run_together() {
    let folder = folder();
    folder.write("one/a/first.toml", rule("certificate", "cert.version == 1", "{cert.version}"));
    folder.write("two/b/second.toml", rule("certificate", "cert.version == 2", "{cert.version}"));
    let ran = check(&folder, "ca/clean.pem --rules one --rules two").ends(1);
    assert_eq!(ran.rules(), ["a/first", "b/second"]);
}

#[test]
fn every_mistake_in_rules_of_the_user_is_shown_at_its_line_and_nothing_is_checked() {
    let folder = folder();
    folder.write("own/a/first.toml", rule("certificate", "has(cert.keyUsag)", "{cert.version}"));
    folder.write("own/b/second.toml", rule("certificate", "cert.version", "{cert.version}"));
    let parts = ["own/a/first.toml:4:", "did you mean `keyUsage`?", "own/b/second.toml:4:", "2 errors"];
    check(&folder, "ca --rules own").refuses(&parts);
}

#[test]
fn folders_of_rules_that_cannot_be_used_are_refused() {
    let folder = folder();
    check(&folder, "ca --rules none").refuses(&["none is no directory", "SOURCE/NAME.toml"]);
    check(&folder, "ca --rules ca").refuses(&["there is no rule (SOURCE/NAME.toml) below ca"]);
    folder.write(
        "own/rfc5280/ca-key-usage-missing.toml",
        rule("certificate", "cert.version == 3", "{cert.version}"),
    );
    check(&folder, "ca --rules own").refuses(&["rfc5280/ca-key-usage-missing", "own/rfc5280"]);
}

#[test]
fn levels_and_ignored_rules_count_and_the_last_word_wins() {
    let folder = folder();
    let level = |line: &str| {
        let ran = check(&folder, &format!("ca/faulty.pem {line}"));
        ran.json()["findings"][0]["severity"].as_str().map(str::to_owned)
    };
    assert_eq!(level("").as_deref(), Some("error"));
    assert_eq!(level(&format!("--level {FAULT}=info")).as_deref(), Some("info"));
    assert_eq!(level(&format!("--level {FAULT}=info --level {FAULT}=warning")).as_deref(), Some("warning"));
    assert_eq!(level(&format!("--level {FAULT}=off")), None);
    assert_eq!(level(&format!("--ignore {FAULT}")), None);
    assert_eq!(level(&format!("--ignore {FAULT} --level {FAULT}=info")).as_deref(), Some("info"));
}

#[test]
fn a_level_turns_on_a_rule_that_the_profile_leaves_out() {
    let folder = Folder::new();
    folder.copy("rules/chain/order/fails-leaf-first.pem=chain.pem");
    let ran = check(&folder, "chain.pem --profile rfc5280 --level chain/order=warning").ends(0);
    assert_eq!(ran.rules(), ["chain/order"]);
    assert_eq!(ran.json()["findings"][0]["severity"], "warning");
}

#[test]
fn a_rule_or_level_that_does_not_exist_is_refused_with_a_suggestion() {
    let folder = folder();
    let parts = ["no rule `rfc5280/ca-key-usage-mising`", "did you mean `rfc5280/ca-key-usage-missing`?"];
    check(&folder, "ca --ignore rfc5280/ca-key-usage-mising").refuses(&parts);
    check(&folder, "ca --level rfc5280/ca-key-usage-mising=info").refuses(&parts);
    check(&folder, &format!("ca --level {FAULT}=fatal"))
        .refuses(&["`fatal` is no level", "off, info, warning"]);
    check(&folder, &format!("ca --level {FAULT}")).refuses(&["write RULE=LEVEL"]);
}

#[test]
fn the_configuration_is_sought_upwards_from_the_inputs() {
    let folder = folder();
    folder.write("pemlint.toml", format!("profile = \"rfc5280\"\nignore = [\"{FAULT}\"]\n"));
    let ran = check(&folder, "ca/faulty.pem").ends(0);
    assert_eq!(ran.json()["profile"], "rfc5280");
    // The nearest counts alone.
    folder.write("ca/pemlint.toml", format!("[levels]\n\"{FAULT}\" = \"warning\"\n"));
    let ran = check(&folder, "ca").ends(0);
    assert_eq!(ran.json()["findings"][0]["severity"], "warning");
    assert_eq!(ran.json()["profile"], "cloudflare-byopki");
    // So does that beside the input and not that of the working directory.
    let other = Folder::new();
    let input = folder.path().join("ca/faulty.pem");
    assert_eq!(check(&other, &input.display().to_string()).json()["findings"][0]["severity"], "warning");
    let line = format!("check - --no-key --at {AT} --format json");
    let ran = folder.run_on(folder.read("ca/faulty.pem").as_bytes(), &line).ends(0);
    assert_eq!(ran.json()["profile"], "rfc5280", "standard input lies in the working directory");
}

#[test]
fn a_named_configuration_counts_instead_of_those_that_lie_about() {
    let folder = folder();
    folder.write("pemlint.toml", "profile = \"rfc5280\"\n");
    folder.write("elsewhere/strict.toml", "profile = \"python-strict\"\n");
    let ran = check(&folder, "ca --config elsewhere/strict.toml").ends(1);
    assert_eq!(ran.json()["profile"], "python-strict");
    check(&folder, "ca --config gone.toml").refuses(&["gone.toml cannot be read"]);
}

#[test]
fn flags_win_over_the_configuration() {
    let folder = folder();
    folder.write("pemlint.toml", format!("profile = \"rfc5280\"\nignore = [\"{FAULT}\"]\n"));
    let ran = check(&folder, &format!("ca/faulty.pem --profile python-strict --level {FAULT}=info")).ends(0);
    assert_eq!(ran.json()["profile"], "python-strict");
    assert_eq!(ran.json()["findings"][0]["severity"], "info");
}

#[test]
fn inputs_below_several_configurations_are_refused_with_their_names() {
    let folder = Folder::new();
    folder.copy("clean/p256-root.pem=a/root.pem clean/p256-root.pem=b/root.pem");
    folder.write("a/pemlint.toml", "profile = \"rfc5280\"\n");
    folder.write("b/pemlint.toml", "profile = \"rfc5280\"\n");
    let parts = ["several configuration files", "a/pemlint.toml", "b/pemlint.toml", "--config"];
    check(&folder, "a/root.pem b/root.pem").refuses(&parts);
    check(&folder, "a/root.pem b/root.pem --config a/pemlint.toml").ends(0);
}

#[test]
fn rules_of_the_configuration_lie_beside_it() {
    let folder = folder();
    folder.write("ca/pemlint.toml", "rules = [\"house\"]\n");
    folder.write("ca/house/a/first.toml", rule("certificate", "cert.version == 1", "{cert.version}"));
    let ran = check(&folder, "ca/clean.pem").ends(1);
    assert_eq!(ran.rules(), ["a/first"]);
}

#[test]
fn every_mistake_in_a_configuration_is_shown_at_its_line() {
    let folder = folder();
    folder.write("pemlint.toml", format!("profil = \"rfc5280\"\n\n[levels]\n\"{FAULT}\" = \"fatal\"\n"));
    let parts =
        ["pemlint.toml:1:1", "did you mean `profile`?", "pemlint.toml:4:34", "off, info, warning, error"];
    check(&folder, "ca").refuses(&parts);
    folder.write("pemlint.toml", "ignore = [\"validity/expires-son\"]\n");
    check(&folder, "ca").refuses(&["pemlint.toml", "did you mean `validity/expires-soon`?"]);
    folder.write("pemlint.toml", "profile = \n");
    check(&folder, "ca").refuses(&["pemlint.toml:1:"]);
}

#[test]
fn the_instant_of_evaluation_is_that_of_the_flag() {
    let folder = folder();
    let at = |time: &str| folder.run(&format!("check ca/clean.pem --no-key --format json --at {time}"));
    assert_eq!(at("2026-11-22T00:00:00Z").ends(0).json()["at"], "2026-11-22T00:00:00Z");
    assert_eq!(at("2026-11-22T01:00:00+01:00").ends(0).json()["at"], "2026-11-22T00:00:00Z");
    assert_eq!(at("2027-05-20T00:00:00Z").ends(0).rules(), [HASH]);
    assert_eq!(at("2027-06-02T00:00:00Z").ends(1).rules(), ["validity/expired"]);
    assert_eq!(at("2026-01-01T00:00:00Z").ends(1).rules(), ["validity/not-yet-valid"]);
    at("yesterday").refuses(&["--at yesterday", "RFC 3339"]);
    let now = folder.run("check ca/clean.pem --no-key --format json").json()["at"].take();
    assert!(now.as_str().is_some_and(|now| now > "2026-11-22T00:00:00Z"), "{now}");
}
