//! Several profiles in one run, and `pemlint profiles`: who asks for what, who accepts
//! a bundle, and what is said where a profile cannot be used.

use pemlint::report::json::schema;
use pemlint::rule::profile_names;
use serde_json::Value;

use crate::program::{AT, Folder, Ran};

/// A chain root first with the key of its intermediate, as Cloudflare wants it and Terraform does not.
fn folder() -> Folder {
    let folder = Folder::new();
    let from = "rules/products/key-certificate-not-first/fails-root-first";
    folder.copy(&format!("{from}.pem=chain.pem {from}.key=issuing.key"));
    folder.copy(
        "rules/rfc5280/ca-key-usage-not-critical/fails-root.pem=root.pem clean/p256-root.pem=clean.pem",
    );
    folder
}

fn check(folder: &Folder, line: &str) -> Ran {
    folder.run(&format!("check --at {AT} {line}"))
}

const SEVERAL: &str = "chain.pem --key issuing.key --profile cloudflare-byopki --profile cloudflare-terraform \
                       --profile zscaler";

/// A rule, its level, and the profiles with theirs.
type Asked = (String, String, Vec<(String, String)>);

/// Who asks for what, in the order of the report.
fn asked(report: &Value) -> Vec<Asked> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let findings = report["findings"].as_array().expect("a list");
    let asked = |finding: &Value| {
        let profiles = finding["profiles"].as_array().expect("a list");
        profiles.iter().map(|one| (text(&one["name"]), text(&one["severity"]))).collect()
    };
    findings.iter().map(|one| (text(&one["rule"]), text(&one["severity"]), asked(one))).collect()
}

#[test]
fn what_several_profiles_ask_for_is_told_once_with_their_names() {
    let folder = folder();
    let report = check(&folder, &format!("{SEVERAL} --format json")).ends(1).json();
    let validator = jsonschema::validator_for(&serde_json::from_str(schema()).expect("it is JSON"));
    let validator = validator.expect("the schema compiles");
    let faults: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert_eq!(faults, Vec::<String>::new());
    assert_eq!(report["profile"], "cloudflare-byopki, cloudflare-terraform, zscaler");
    let error = |rule: &str, profile: &str| {
        (rule.to_owned(), "error".to_owned(), vec![(profile.to_owned(), "error".to_owned())])
    };
    let mut found = asked(&report);
    found.sort();
    assert_eq!(
        found,
        [
            error("chain/order", "zscaler"),
            error("products/issuing-key-not-rsa", "zscaler"),
            error("products/key-certificate-not-first", "cloudflare-terraform"),
            error("products/path-length-not-limited", "zscaler"),
        ]
    );
    let counts: Vec<_> =
        report["profiles"].as_array().expect("a list").iter().map(|one| &one["errors"]).collect();
    assert_eq!(counts, [0, 1, 3]);
    // A verdict that the profiles have in common is there once.
    assert_eq!(report["verdicts"].as_array().map(Vec::len), Some(3));
}

#[test]
fn a_finding_has_the_highest_of_its_levels_and_they_decide_the_exit_status() {
    let folder = folder();
    let line = "root.pem --no-key --format json --profile rfc5280";
    let alone = check(&folder, line).ends(0).json();
    assert_eq!(alone["findings"][0]["severity"], "warning");
    assert!(alone["findings"][0].get("profiles").is_none() && alone.get("profiles").is_none());
    let report =
        check(&folder, &format!("{line} --profile cloudflare-byopki --profile python-strict")).ends(1);
    let pair = |name: &str, level: &str| (name.to_owned(), level.to_owned());
    assert_eq!(
        asked(&report.json()),
        [(
            "rfc5280/ca-key-usage-not-critical".to_owned(),
            "error".to_owned(),
            vec![pair("rfc5280", "warning"), pair("cloudflare-byopki", "error")]
        )]
    );
    let text = check(&folder, "root.pem --no-key --profile rfc5280 --profile cloudflare-byopki").ends(1).out;
    assert!(text.contains("asked by: rfc5280 (warning), cloudflare-byopki\n"), "{text}");
    assert!(text.contains("\n  rfc5280            0 errors, 1 warning, 0 infos\n"), "{text}");
    assert!(text.contains("\n  cloudflare-byopki  1 error, 0 warnings, 0 infos\n"), "{text}");
    let text = check(&folder, "root.pem --no-key --profile gateway --profile cloudflare-byopki").ends(1).out;
    assert!(text.contains("asked by: all 2 profiles\n"), "{text}");
}

#[test]
fn messages_that_differ_by_profile_are_findings_of_their_own() {
    let folder = Folder::new();
    folder.copy("rules/keys/rsa-key-too-small/fails-one-bit-short.pem=root.pem");
    let line = "root.pem --no-key --format json --profile cloudflare-byopki --profile azure-firewall-premium";
    let found = asked(&check(&folder, line).ends(1).json());
    let sizes: Vec<_> = found.iter().filter(|(rule, ..)| rule == "keys/rsa-key-too-small").collect();
    assert_eq!(sizes.len(), 2, "{found:?}");
    assert!(sizes.iter().all(|(_, _, profiles)| profiles.len() == 1), "{found:?}");
}

#[test]
fn sarif_names_the_profiles_of_each_result() {
    let folder = folder();
    let log = check(&folder, &format!("{SEVERAL} --format sarif")).ends(1).json();
    let run = &log["runs"][0];
    assert_eq!(run["automationDetails"]["id"], "pemlint/cloudflare-byopki+cloudflare-terraform+zscaler/");
    let results = run["results"].as_array().expect("a list");
    for result in results {
        let rules = run["tool"]["driver"]["rules"].as_array().expect("a list");
        let index = result["ruleIndex"].as_u64().and_then(|at| usize::try_from(at).ok()).expect("an index");
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert_eq!(result["properties"]["profiles"].as_array().map(Vec::len), Some(1), "{result}");
    }
    assert_eq!(results.len(), 4);
}

#[test]
fn a_profile_that_is_named_twice_counts_once() {
    let folder = folder();
    let once = check(&folder, "chain.pem --key issuing.key --format json --profile zscaler");
    let twice =
        check(&folder, "chain.pem --key issuing.key --format json --profile zscaler --profile zscaler");
    assert_eq!(once.out, twice.out);
}

#[test]
fn the_configuration_names_one_profile_or_several_and_is_told_where_one_is_unknown() {
    let folder = folder();
    let report = |folder: &Folder| check(folder, "clean.pem --no-key --format json");
    folder.write("pemlint.toml", "profile = [\"rfc5280\", \"squid\"]\n");
    assert_eq!(report(&folder).ends(0).json()["profile"], "rfc5280, squid");
    folder.write("pemlint.toml", "profile = \"squid\"\n");
    assert_eq!(report(&folder).ends(0).json()["profile"], "squid");
    folder.write("pemlint.toml", "# ours\nprofile = [\"rfc5280\", \"squit\"]\n");
    report(&folder).refuses(&["pemlint.toml:2:23", "there is no profile `squit`", "did you mean `squid`?"]);
    let ran = check(&folder, "clean.pem --no-key --profile squid --format json");
    assert_eq!(ran.ends(0).json()["profile"], "squid", "the flag counts");
    folder.write("pemlint.toml", "");
    check(&folder, "clean.pem --profile rfc5820").refuses(&["--profile", "did you mean `rfc5280`?"]);
}

#[test]
fn a_profile_of_a_user_extends_files_beside_it() {
    let folder = folder();
    let text = |extends: &str, rest: &str| {
        format!("extends = \"{extends}\"\ntitle = \"House\"\nwhy = \"House rules.\"\n{rest}")
    };
    folder.write(
        "house/base.toml",
        text("rfc5280", "[levels]\n\"rfc5280/ca-key-usage-not-critical\" = \"info\"\n"),
    );
    folder.write("house/mine.toml", text("base.toml", ""));
    let ran = check(&folder, "root.pem --no-key --format json --profile house/mine.toml").ends(0);
    assert_eq!(ran.json()["findings"][0]["severity"], "info");
    assert_eq!(ran.json()["profile"], "mine");
    folder.write("house/base.toml", text("../house/mine.toml", ""));
    let ran = check(&folder, "root.pem --no-key --profile house/mine.toml");
    ran.refuses(&["house/base.toml:1:11", "the profile extends itself: house/mine.toml extends"]);
    folder.write("house/base.toml", text("gone.toml", ""));
    let ran = check(&folder, "root.pem --no-key --profile house/mine.toml");
    ran.refuses(&["house/base.toml:1:11", "gone.toml cannot be read"]);
}

#[test]
fn profiles_are_listed_with_what_they_ask_and_their_documents() {
    let folder = Folder::new();
    let text = folder.run("profiles").ends(0).out;
    for name in profile_names() {
        assert!(text.lines().any(|line| line.starts_with(name)), "{name}");
    }
    assert!(text.contains("cloudflare-byopki (default): "), "{text}");
    assert!(
        text.contains("from: Azure documentation: Azure Firewall Premium certificates (2022-03)"),
        "{text}"
    );
    let listed = folder.run("profiles --format json --profile zscaler --profile squid").ends(0).json();
    let profiles = listed["profiles"].as_array().expect("a list");
    assert_eq!(profiles.len(), 2);
    assert_eq!((&profiles[0]["name"], &profiles[0]["extends"][0]), (&"zscaler".into(), &"gateway".into()));
    assert!(profiles[0]["references"][0]["url"].as_str().is_some_and(|url| url.contains("zscaler.com")));
    folder.run("profiles --profile zscalr").refuses(&["did you mean `zscaler`?"]);
    folder.run("profiles --no-key").refuses(&["FILE"]);
}

#[test]
fn one_table_says_who_accepts_a_bundle() {
    let folder = folder();
    let text = folder.run(&format!("profiles chain.pem --key issuing.key --at {AT}")).ends(0).out;
    let line = |name: &str| text.lines().find(|line| line.starts_with(name)).expect("it is in the table");
    assert!(line("cloudflare-byopki").contains(" yes "), "{text}");
    assert!(line("cloudflare-terraform").contains(" no "), "{text}");
    assert!(
        line("cloudflare-terraform").contains("1         0  products/key-certificate-not-first: "),
        "{text}"
    );
    assert_eq!(text.lines().count(), profile_names().len() + 3, "{text}");
    let json =
        folder.run(&format!("profiles chain.pem --key issuing.key --at {AT} --format json")).ends(0).json();
    let answers = json["profiles"].as_array().expect("a list");
    assert_eq!(json["inputs"], serde_json::json!(["chain.pem", "issuing.key"]));
    for answer in answers {
        let (accepts, errors) = (answer["accepts"] == true, answer["errors"].as_u64());
        assert_eq!(accepts, errors == Some(0), "{answer}");
        assert_eq!(accepts, answer["first"].is_null(), "{answer}");
        // As `check` says it of the profile alone.
        let name = answer["name"].as_str().expect("a name");
        let alone = check(&folder, &format!("chain.pem --key issuing.key --format json --profile {name}"));
        assert_eq!(alone.json()["summary"]["errors"], answer["errors"], "{name}");
        assert_eq!(alone.json()["summary"]["warnings"], answer["warnings"], "{name}");
    }
}

#[test]
fn the_exit_status_of_the_table_says_whether_somebody_accepts() {
    let folder = folder();
    let run = |line: &str| folder.run(&format!("profiles --at {AT} {line}"));
    run("chain.pem --key issuing.key --profile zscaler").ends(1);
    run("chain.pem --key issuing.key --profile zscaler --profile cloudflare-byopki").ends(0);
    folder.write("empty.pem", "nothing\n");
    run("empty.pem").ends(3);
    run("gone.pem").refuses(&["gone.pem cannot be read"]);
    run("tls://www.example.com").refuses(&["products accept files"]);
}

#[test]
fn rules_and_explain_take_several_profiles() {
    let folder = Folder::new();
    let line = "rules chain/order --profile cloudflare-byopki --profile rfc5280";
    let text = folder.run(line).ends(0).out;
    assert!(text.contains("chain/order  error    off      bundle"), "{text}");
    assert!(
        text.contains("1 rule, 1 of them run under the profile cloudflare-byopki, 0 of them run"),
        "{text}"
    );
    let rule = folder.run(&format!("{line} --format json")).ends(0).json()["rules"][0].take();
    assert_eq!((&rule["level"], &rule["levels"]["rfc5280"]), (&"error".into(), &"off".into()));
    let text = folder.run("explain chain/order --profile zscaler --profile netskope").ends(0).out;
    assert!(text.contains("\"leaf-first\" under `zscaler`, \"leaf-first\" under `netskope`"), "{text}");
    assert!(text.contains("* off under `azure-firewall-premium`"), "{text}");
}

#[test]
fn the_time_that_a_rule_is_for_is_explained_and_listed() {
    let folder = Folder::new();
    let rule = crate::selection::rule("certificate", "cert.version == 1", "{cert.version}");
    folder.write(
        "house/a/first.toml",
        rule.replace("subject =", "from = \"2012-07-01\"\nuntil = \"2027-01-01\"\nsubject ="),
    );
    let text = folder.run("explain a/first --rules house").ends(0).out;
    let wanted = "Looks at each certificate issued from 2012-07-01T00:00:00Z before 2027-01-01T00:00:00Z.";
    assert!(text.contains(wanted), "{text}");
    let rule = folder.run("rules a/first --rules house --format json").ends(0).json()["rules"][0].take();
    assert_eq!(
        (&rule["from"], &rule["until"]),
        (&"2012-07-01T00:00:00Z".into(), &"2027-01-01T00:00:00Z".into())
    );
    let other = folder.run("rules chain/order --format json").ends(0).json()["rules"][0].take();
    assert!(other.get("from").is_none() && other.get("levels").is_none());
}

#[test]
fn clients_that_want_the_root_are_not_asked_where_a_product_wants_none() {
    let folder = Folder::new();
    folder.copy("rules/products/several-certificates/passes-one.pem=issuing.pem");
    let clients = |profile: &str| {
        let report =
            check(&folder, &format!("issuing.pem --no-key --format json --profile {profile}")).json();
        let verdicts = report["verdicts"].as_array().expect("a list").clone();
        verdicts.iter().map(|one| (one["client"].clone(), one["accepts"] == true)).collect::<Vec<_>>()
    };
    assert_eq!(clients("azure-firewall-premium"), [("python-3.13".into(), true)]);
    let rejecting = clients("gateway").into_iter().filter(|(_, accepts)| !accepts);
    assert_eq!(rejecting.map(|(client, _)| client).collect::<Vec<_>>(), ["python-3.12", "openssl"]);
}
