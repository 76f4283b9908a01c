//! What `check` writes and where: formats, files, colour, streams that close, and
//! that neither threads nor the order of arguments change an octet of it.

use std::io::Read as _;
use std::process::Stdio;

use crate::program::{AT, Folder};

const INPUTS: &str = "faulty.pem clean.pem broken.pem";

fn folder() -> Folder {
    let folder = Folder::new();
    folder.copy("rules/rfc5280/ca-key-usage-missing/fails-root.pem=faulty.pem clean/p256-root.pem=clean.pem");
    folder.copy("rules/pem/base64-invalid/fails-star.pem=broken.pem");
    folder
}

#[test]
fn each_format_is_what_it_is_called() {
    let folder = folder();
    let out = |format: &str| folder.run(&format!("check {INPUTS} --at {AT} {format}")).ends(1).out;
    assert!(out("").contains("error[rfc5280/ca-key-usage-missing]: root certificate"));
    assert_eq!(out(""), out("--format human"));
    let json: serde_json::Value = serde_json::from_str(&out("--format json")).expect("it is JSON");
    assert_eq!((&json["version"], &json["tool"]["name"]), (&1.into(), &"pemlint".into()));
    let sarif: serde_json::Value = serde_json::from_str(&out("--format sarif")).expect("it is JSON");
    assert_eq!(
        (&sarif["version"], &sarif["runs"][0]["tool"]["driver"]["name"]),
        (&"2.1.0".into(), &"pemlint".into())
    );
}

#[test]
fn one_run_writes_several_formats() {
    let folder = folder();
    let line = format!("check {INPUTS} --at {AT} --format json --output sarif=a.sarif --output human=a.txt");
    let out = folder.run(&line).ends(1).out;
    for (file, format) in [("a.sarif", "sarif"), ("a.txt", "human")] {
        let alone = folder.run(&format!("check {INPUTS} --at {AT} --format {format}")).ends(1).out;
        assert_eq!(folder.read(file), alone);
    }
    assert_eq!(folder.run(&format!("check {INPUTS} --at {AT} --format json")).out, out);
}

#[test]
fn an_output_that_cannot_be_is_refused() {
    let folder = folder();
    let refuses = |line: &str, parts: &[&str]| folder.run(&format!("check faulty.pem {line}")).refuses(parts);
    refuses("--output sarif", &["write FORMAT=FILE"]);
    refuses("--output xml=a", &["`xml` is no format; there are human, json and sarif"]);
    refuses("--output sarif=", &["the file is missing"]);
    refuses("--output sarif=gone/a", &["gone/a cannot be written"]);
    refuses("--output sarif=a --output json=./a", &["a is written twice"]);
    refuses("--format xml", &["human, json, sarif"]);
    refuses("--threads 0", &["--threads"]);
}

#[test]
fn colour_is_for_terminals_or_those_who_ask_and_never_in_files() {
    let folder = folder();
    let colored = |line: &str, variables: &[(&str, &str)]| {
        let mut command = folder.command(&format!("check faulty.pem --at {AT} {line}"));
        let output = command.envs(variables.iter().copied()).output().expect("the program starts");
        String::from_utf8(output.stdout).expect("it is UTF-8").contains('\u{1b}')
    };
    assert!(!colored("", &[]), "a pipe is no terminal");
    assert!(colored("--color always", &[]));
    assert!(colored("--color always", &[("NO_COLOR", "1")]), "the flag is nearer than the environment");
    assert!(colored("", &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored("", &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]));
    assert!(!colored("--color never", &[("CLICOLOR_FORCE", "1")]));
    for format in ["json", "sarif"] {
        assert!(!colored(&format!("--color always --format {format}"), &[]));
    }
    folder.run("check faulty.pem --color always --output human=a.txt");
    assert!(!folder.read("a.txt").contains('\u{1b}'));
}

#[test]
fn threads_and_the_order_of_arguments_change_nothing() {
    let folder = folder();
    for copy in 0..40 {
        folder.write(&format!("many/{copy}.pem"), folder.read(["faulty.pem", "broken.pem"][copy % 2]));
    }
    for format in ["human", "json", "sarif"] {
        let out = |line: &str| folder.run(&format!("check {line} --at {AT} --format {format}")).ends(1).out;
        let first = out("--threads 1 clean.pem faulty.pem many");
        for line in [
            "clean.pem faulty.pem many",
            "many faulty.pem clean.pem --threads 2",
            "faulty.pem ./many/ ./clean.pem --threads 8",
        ] {
            assert_eq!(out(line), first, "{line}");
        }
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error_and_makes_no_noise() {
    let folder = folder();
    for copy in 0..200 {
        folder.write(&format!("many/{copy}.pem"), folder.read("faulty.pem"));
    }
    for line in ["check many --no-key --exit-zero", "check many --no-key --exit-zero --format sarif", "rules"]
    {
        let mut command = folder.command(line);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let mut stdout = child.stdout.take().expect("it is piped");
        stdout.read_exact(&mut [0]).expect("something is written");
        drop(stdout);
        let output = child.wait_with_output().expect("the program ends");
        let said = String::from_utf8(output.stderr).expect("it is UTF-8");
        assert_eq!((output.status.code(), said.as_str()), (Some(0), ""), "{line}");
    }
}

#[test]
fn findings_go_to_standard_output_and_complaints_to_standard_error() {
    let folder = folder();
    assert_eq!(folder.run("check faulty.pem").ends(1).err, "");
    let ran = folder.run("check gone.pem").ends(2);
    assert_eq!((ran.out.as_str(), ran.err.starts_with("error: gone.pem cannot be read")), ("", true));
}
