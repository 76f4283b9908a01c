//! Folders with a corpus and made-up verifiers in them.

use std::process::Command;

use serde_json::Value;

use crate::program::{Folder, Ran};

/// A verifier that looks at nothing but the host, so that it says the same on every machine.
const BY_HOST: &str = "case \"$2\" in *7) echo \"error: $2 is an address\"; exit 1;; esac\n";

/// What some verifiers do, as scripts for `sh`.
const SCRIPTS: [(&str, &str); 8] = [
    ("accept.sh", "exit 0\n"),
    ("reject.sh", "echo first; echo 'error: no'; exit 3\n"),
    ("crash.sh", "kill -SEGV $$\n"),
    ("absent.sh", "exit 127\n"),
    ("hang.sh", "sleep 87654.3 & sleep 87654.3\n"),
    ("colour.sh", "printf '\\033[31merror\\033[0m \\302\\233 \\342\\200\\256\\n'; exit 1\n"),
    ("endless.sh", "while :; do echo 'error: and so on'; done\n"),
    ("host.sh", BY_HOST),
];

/// A folder with a corpus of these mutations, one chain each, and the scripts.
pub(crate) fn folder(mutations: &str) -> Folder {
    let folder = Folder::new();
    let count = mutations.split(',').count();
    folder.run(&format!("fixtures make corpus --seed 1 --mutations {mutations} --count {count}")).ends(0);
    for (name, text) in SCRIPTS {
        folder.write(name, text);
    }
    folder
}

/// The program with these words, and each of these command lines as a verifier.
pub(crate) fn command(folder: &Folder, words: &str, verifiers: &[&str]) -> Command {
    let mut command = folder.command(words);
    for verifier in verifiers {
        command.args(["--verifier", verifier]);
    }
    command
}

/// Runs it.
pub(crate) fn run(folder: &Folder, words: &str, verifiers: &[&str]) -> Ran {
    Ran::from(command(folder, words, verifiers).output().expect("the program starts"))
}

/// The verdicts of a verifier of a JSON report, by the names of the cases.
pub(crate) fn verdicts(report: &Value, verifier: usize) -> Vec<(String, String)> {
    let answers = report["verifiers"][verifier]["answers"].as_array().expect("a verifier has answers");
    let text = |value: &Value| value.as_str().expect("it is text").to_owned();
    answers.iter().map(|answer| (text(&answer["case"]), text(&answer["verdict"]))).collect()
}

/// The reasons of a verifier of a JSON report; empty where there is none.
pub(crate) fn reasons(report: &Value, verifier: usize) -> Vec<String> {
    let answers = report["verifiers"][verifier]["answers"].as_array().expect("a verifier has answers");
    answers.iter().map(|answer| answer["reason"].as_str().unwrap_or_default().to_owned()).collect()
}
