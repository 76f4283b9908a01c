//! Real verifiers that come ready-made, against the models.

use serde_json::Value;

use crate::program::{Folder, Ran};
use crate::run::{command, folder, reasons, run, verdicts};

fn number(value: &Value) -> u64 {
    value.as_u64().expect("it is a number")
}

/// All cases have a verdict, and it is that of the model of the verifier's own version.
fn agrees(report: &Value, verifier: &str, model: &str) {
    let told = &report["verifiers"][0];
    assert_eq!(told["name"], verifier);
    assert!(told["gate"].as_str().is_some_and(|gate| gate.starts_with(model)), "{}", told["gate"]);
    assert_eq!(told["differences"], Value::Array(Vec::new()));
    let cases = report["cases"].as_array().expect("a list").len() as u64;
    let (accepts, rejects) = (number(&told["accepts"]), number(&told["rejects"]));
    assert_eq!(accepts + rejects, cases, "{told}");
    assert!(accepts >= 10 && rejects >= 40, "{accepts} and {rejects}");
}

#[test]
fn openssl_agrees_with_its_model_on_every_mutation() {
    let folder = Folder::new();
    for seed in [0, 1] {
        let ran = run(&folder, &format!("harness --format json --seed {seed}"), &["openssl"]);
        agrees(&ran.ends(0).json(), "openssl", "openssl-strict/");
    }
}

#[test]
fn python_agrees_with_its_model_on_every_mutation() {
    let folder = Folder::new();
    let ran = run(&folder, "harness --format json", &["python3"]);
    agrees(&ran.ends(0).json(), "python3", "python-3.1");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "verifiers are sought where the machine has them")]
fn every_verifier_that_is_installed_accepts_a_good_chain_and_rejects_one_that_is_over() {
    let folder = Folder::new();
    let now = std::process::Command::new("date").args(["-u", "+%Y-%m-%dT%H:%M:%SZ"]).output();
    let now = String::from_utf8(now.expect("date is installed").stdout).expect("it is text");
    let make =
        format!("fixtures make corpus --mutations none,expired --count 4 --seed 1 --at {}", now.trim());
    folder.run(&make).ends(0);
    let mut command = command(&folder, "harness corpus --format json --timeout 60", &["all"]);
    for name in ["HOME", "PATH"] {
        command.env(name, std::env::var_os(name).unwrap_or_default());
    }
    let ran = Ran::from(command.output().expect("the program starts")).ends(0);
    let report = ran.json();
    let verifiers = report["verifiers"].as_array().expect("a list");
    let names: Vec<&str> = verifiers.iter().filter_map(|verifier| verifier["name"].as_str()).collect();
    for name in ["openssl", "python3", "curl", "gnutls", "go", "node"] {
        let is_missing = ran.err.contains(&format!("{name} is left out: "));
        assert_ne!(names.contains(&name), is_missing, "{name}: {}", ran.err);
    }
    assert!(names.contains(&"openssl") && names.contains(&"python3"), "{}", ran.err);
    for (at, name) in names.iter().enumerate() {
        for ((case, verdict), told) in
            verdicts(&report, at).into_iter().zip(report["cases"].as_array().expect("a list"))
        {
            let wanted = if told["groups"][0] == "none" { "accepts" } else { "rejects" };
            assert_eq!(verdict, wanted, "{name} of {case}: {:?}", reasons(&report, at));
        }
    }
}

#[test]
fn one_that_is_not_installed_is_refused_with_the_package_that_holds_it() {
    let folder = folder("none");
    let without = |verifier: &str| {
        let mut command = command(&folder, "harness corpus", &[verifier]);
        command.env("PATH", folder.path());
        Ran::from(command.output().expect("the program starts"))
    };
    without("openssl").refuses(&["--verifier openssl: openssl is not installed (apt-get install openssl)"]);
    without("gnutls").refuses(&["certtool is not installed (apt-get install gnutls-bin)"]);
    without("openssl=/nowhere/openssl").refuses(&["/nowhere/openssl is not installed"]);
    let ran = without("all");
    ran.complains(&["go is left out: go is not installed (apt-get install golang-go)"]);
    ran.refuses(&["none of the ready-made verifiers is installed"]);
}

#[test]
fn the_program_of_a_ready_made_verifier_can_be_chosen() {
    let folder = folder("none");
    folder.write("mine", "#!/bin/sh\n[ \"$1\" = version ] && echo 'OpenSSL 3.6.1 x' && exit\nexit 0\n");
    std::process::Command::new("chmod")
        .args(["+x", "mine"])
        .current_dir(folder.path())
        .status()
        .expect("it is there");
    let report = run(&folder, "harness corpus --format json", &["openssl=./mine"]).ends(0).json();
    let told = &report["verifiers"][0];
    assert_eq!((&told["gate"], &told["about"]), (&"openssl-strict/3.6".into(), &"OpenSSL 3.6.1 x".into()));
}

#[test]
fn one_that_cannot_be_told_the_time_is_refused_for_a_corpus_of_another_time() {
    let folder = Folder::new();
    folder.run("fixtures make corpus --mutations none --count 2 --at 2020-01-01T00:00:00Z").ends(0);
    run(&folder, "harness corpus", &["python3"]).refuses(&[
        "it goes by the clock of the machine",
        "2020-01-01",
        "fixtures make DIR --at",
    ]);
    run(&folder, "harness corpus", &["openssl"]).ends(0);
}

#[test]
fn the_list_names_all_with_their_versions() {
    let text = Folder::new().run("harness --list").ends(0).out;
    for part in ["openssl   openssl verify", "OpenSSL ", "python3", "curl", "gnutls", "go  ", "node"] {
        assert!(text.contains(part), "{part} is not in:\n{text}");
    }
}
