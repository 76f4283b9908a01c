//! What a verifier does, and what is made of it.

use std::fs;
use std::time::Duration;

use crate::run::{command, folder, reasons, run, verdicts};

/// Whether a process with such an argument runs.
fn runs(argument: &str) -> bool {
    let processes = fs::read_dir("/proc").expect("processes can be listed").flatten();
    let lines = processes.filter_map(|process| fs::read(process.path().join("cmdline")).ok());
    lines.into_iter().any(|line| line.split(|octet| *octet == 0).any(|word| word == argument.as_bytes()))
}

#[test]
fn verdicts_that_a_model_demands_decide_the_exit_status() {
    let folder = folder("none,expired,other-host");
    let json = "harness corpus --format json";
    let report = run(&folder, &format!("{json} --expect python-3.13"), &["accept=sh accept.sh {chain}"])
        .ends(1)
        .json();
    assert_eq!(report["summary"]["differences"], 2, "{report}");
    assert_eq!(report["verifiers"][0]["gate"], "python-3.13");
    let report =
        run(&folder, &format!("{json} --expect rustls/now"), &["reject=sh reject.sh {chain}"]).ends(1).json();
    assert_eq!(report["summary"]["differences"], 1, "{report}");
    let difference = &report["verifiers"][0]["differences"][0];
    assert_eq!(
        (&difference["groups"][0], &difference["verdict"], &difference["expected"], &difference["reason"]),
        (&"none".into(), &"rejects".into(), &"accepts".into(), &"error: no".into())
    );
}

#[test]
fn without_a_model_differences_are_shown_and_demand_nothing() {
    let folder = folder("none,expired");
    let ran = run(&folder, "harness corpus", &["accept=sh accept.sh {chain}"]).ends(0);
    for part in ["accept    nothing", "expired  1      accepts !", "which nothing demands", "0 differences"] {
        assert!(ran.out.contains(part), "`{part}` is not in:\n{}", ran.out);
    }
    run(&folder, "harness corpus --expect none", &["openssl"]).ends(0);
}

#[test]
fn models_are_asked_besides_those_of_the_manifest() {
    let folder = folder("none,ca-without-key-usage");
    let words = "harness corpus --format json --model python-3.12/4.0 --model rustls";
    let report = run(&folder, words, &["accept=sh accept.sh {chain}"]).ends(0).json();
    let names: Vec<&str> = report["verifiers"][0]["references"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|reference| reference["by"].as_str())
        .collect();
    let all = [
        "python-3.13",
        "python-3.12",
        "openssl-strict",
        "openssl",
        "rustls",
        "python-3.12/4.0",
        "rustls/now",
    ];
    assert_eq!(names, all);
    for case in report["cases"].as_array().expect("a list") {
        let accepts = |by: &str| {
            let expected = case["expected"].as_array().expect("a list");
            expected.iter().find(|one| one["by"] == by).map(|one| one["accepts"].clone())
        };
        assert_eq!(accepts("rustls"), accepts("rustls/now"), "{case}");
    }
}

#[test]
fn crashes_absence_and_hanging_are_errors_and_no_verdicts() {
    let folder = folder("none,expired");
    let verifiers = [
        "crash=sh crash.sh {chain}",
        "absent=sh absent.sh {chain}",
        "no-such-program-anywhere {chain}",
        "hang=sh hang.sh {chain}",
        "endless=sh endless.sh {chain}",
    ];
    let report = run(&folder, "harness corpus --format json --timeout 1 --expect rustls", &verifiers);
    let report = report.ends(2).json();
    let wanted =
        ["ended by signal 11", "ended with 127", "cannot be started: ", "took too long", "took too long"];
    for (at, wanted) in wanted.into_iter().enumerate() {
        for (case, verdict) in verdicts(&report, at) {
            assert_eq!(verdict, "error", "{case} of {}", verifiers[at]);
        }
        for reason in reasons(&report, at) {
            assert!(reason.starts_with(wanted), "{reason} of {}", verifiers[at]);
        }
    }
    assert_eq!((&report["summary"]["errors"], &report["summary"]["verdicts"]), (&10.into(), &0.into()));
    assert!(!runs("87654.3"), "what the verifier started still runs");
}

#[test]
fn what_a_verifier_prints_cannot_reach_the_terminal() {
    let folder = folder("none");
    let ran = run(&folder, "harness corpus --expect rustls", &["colour=sh colour.sh {chain}"]).ends(1);
    assert!(ran.out.contains("\\u{1b}[31merror"), "{}", ran.out);
    let hidden = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!ran.out.contains(hidden), "{:?}", ran.out);
}

#[test]
fn places_are_filled_with_what_the_manifest_says() {
    let folder = folder("none");
    let script = "for file in \"$1\" \"$2\" \"$3\" \"$4\" \"$5\"; do grep -c BEGIN \"$file\"; done | tr '\\n' ' '\n\
                  grep -q 'PRIVATE KEY' \"$5\" && echo \"error: $6 $7 $8\"; exit 1\n";
    folder.write("places.sh", script);
    let line = "sh places.sh {chain} {leaf} {intermediates} {trust} {key} {host} {time} '{{x}} y'";
    let report = run(&folder, "harness corpus --format json", &[line]).ends(0).json();
    let reason = reasons(&report, 0).remove(0);
    let manifest: serde_json::Value =
        serde_json::from_str(&folder.read("corpus/manifest.json")).expect("it is JSON");
    let sent = folder.read("corpus/chains/000000/chain.pem").matches("BEGIN").count();
    let host = manifest["chains"][0]["host"].as_str().expect("it has a host");
    assert_eq!(reason, format!("{sent} 1 {} 1 1 error: {host} 1793491200 {{x}} y", sent - 1));
}

#[test]
fn an_interrupt_ends_verifiers_and_leaves_nothing() {
    let folder = folder("none,expired");
    folder.write("scratch/keep", "");
    folder.write("long.sh", "sleep 76543.2 & sleep 76543.2\n");
    let mut command = command(&folder, "harness corpus --timeout 600", &["long=sh long.sh {chain}"]);
    command.env("TMPDIR", folder.path().join("scratch"));
    let child = command.stderr(std::process::Stdio::piped()).spawn().expect("the program starts");
    for _ in 0..500 {
        if runs("76543.2") {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(runs("76543.2"), "the verifier was never started");
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.expect("kill is installed").success());
    let output = child.wait_with_output().expect("the program ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("interrupted"), "{said}");
    assert!(!runs("76543.2"), "what the verifier started still runs");
    let left: Vec<_> = fs::read_dir(folder.path().join("scratch")).expect("it can be listed").collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn the_number_of_jobs_changes_nothing() {
    let folder = folder("none,expired,other-host,aki-missing");
    let with = |jobs: u32| {
        run(&folder, &format!("harness corpus --jobs {jobs}"), &["host=sh host.sh {chain} {host}"])
            .ends(0)
            .out
    };
    assert_eq!(with(1), with(7));
}

#[test]
fn verifiers_of_one_name_are_told_apart() {
    let folder = folder("none");
    let report = run(
        &folder,
        "harness corpus --format json",
        &[
            "sh accept.sh {chain}",
            "sh reject.sh {leaf}",
            "/bin/sh accept.sh {chain}",
            "x.y=sh accept.sh {chain}",
        ],
    );
    let report = report.ends(0).json();
    let names: Vec<_> = (0..4).map(|at| report["verifiers"][at]["name"].clone()).collect();
    assert_eq!(names, ["sh", "sh-2", "sh-3", "x.y"]);
}

#[test]
fn uploads_and_files_that_nobody_loads_are_left_out_and_counted() {
    let folder = folder("expired,private-key-missing,blocks-glued,trust-file-der");
    let report =
        run(&folder, "harness corpus --format json", &["accept=sh accept.sh {chain}"]).ends(0).json();
    assert_eq!(report["cases"].as_array().map(Vec::len), Some(1), "{report}");
    let left_out: Vec<_> = report["leftOut"].as_array().expect("a list").iter().collect();
    assert_eq!(left_out[0]["count"], 1);
    assert!(
        left_out[0]["reason"].as_str().is_some_and(|reason| reason.starts_with("uploads")),
        "{left_out:?}"
    );
    assert_eq!(left_out[1]["count"], 2);
}
