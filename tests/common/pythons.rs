//! Pythons of the machine, 3.13 or newer: each runs a script whose first line of output tells which Python it is, and
//! which then answers line by line. `scripts/test` installs one; `PEMLINT_PYTHON` names the only one to ask.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;

use serde_json::Value;

/// A Python that answers.
pub(crate) struct Interpreter {
    path: PathBuf,
    script: PathBuf,
    /// `Python 3.13.5, OpenSSL 3.5.7 9 Jun 2026`.
    pub(crate) name: String,
}

/// The Pythons to ask: the one that `PEMLINT_PYTHON` names, or every one of 3.13 or newer among those on the path, of
/// pyenv, and of `scripts/test`; each pair of Python and OpenSSL once.
pub(crate) fn interpreters(script: &str) -> Vec<Interpreter> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(script);
    if let Some(path) = setting("PEMLINT_PYTHON") {
        let python = Interpreter::new(Path::new(&path), &script);
        return vec![python.unwrap_or_else(|| panic!("PEMLINT_PYTHON: {path} is no Python 3.13 with ssl"))];
    }
    let mut all: Vec<Interpreter> = Vec::new();
    for python in candidates().iter().filter_map(|path| Interpreter::new(path, &script)) {
        if all.iter().all(|known| known.name != python.name) {
            all.push(python);
        }
    }
    assert!(
        !all.is_empty(),
        "there is no Python 3.13 or newer with ssl: scripts/test installs one, PEMLINT_PYTHON names one"
    );
    all
}

fn candidates() -> Vec<PathBuf> {
    const NAMES: [&str; 3] = ["python3.13", "python3.14", "python3.15"];
    let mut all: Vec<PathBuf> = NAMES.iter().map(PathBuf::from).collect();
    if let Some(home) = setting("HOME") {
        let versions = std::fs::read_dir(Path::new(&home).join(".pyenv/versions"));
        let mut folders: Vec<_> =
            versions.into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        folders.sort();
        for folder in folders {
            all.extend(NAMES.iter().map(|name| folder.join("bin").join(name)).filter(|path| path.exists()));
        }
    }
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/debian/python3.13");
    all.extend(installed.exists().then_some(installed));
    all
}

#[expect(clippy::disallowed_methods, reason = "a person chooses the engine")]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

impl Interpreter {
    /// `None` for a program that does not start or is no Python that is new enough.
    fn new(path: &Path, script: &Path) -> Option<Self> {
        let (mut child, _, hello) = start(path, script, Stdio::null())?;
        drop(child.stdin.take());
        child.wait().ok()?;
        let number: Vec<u64> = hello["python"].as_array()?.iter().filter_map(Value::as_u64).collect();
        if number < vec![3, 13] {
            return None;
        }
        let openssl = hello["openssl"].as_str()?;
        let name = format!("Python {}.{}.{}, {openssl}", number[0], number[1], number[2]);
        Some(Self { path: path.to_owned(), script: script.to_owned(), name })
    }

    /// Its answers to all questions, each a line.
    ///
    /// # Panics
    /// Where it gives up before the last one.
    pub(crate) fn ask(&self, questions: impl ExactSizeIterator<Item = String> + Send) -> Vec<Value> {
        let asked = questions.len();
        let (mut child, answers, _) =
            start(&self.path, &self.script, Stdio::inherit()).expect("it started before");
        let mut input = child.stdin.take().expect("standard input is piped");
        let lines = thread::scope(|scope| {
            scope.spawn(move || {
                for question in questions {
                    writeln!(input, "{question}").expect("it reads all questions");
                }
            });
            answers.lines().collect::<Result<Vec<_>, _>>().expect("its answers are text")
        });
        assert!(child.wait().expect("it was started").success(), "{} gave up", self.name);
        assert_eq!(lines.len(), asked, "answers of {}", self.name);
        lines.iter().map(|line| serde_json::from_str(line).expect("its answers are JSON")).collect()
    }
}

/// Starts the script; its first line says which Python it is.
fn start(path: &Path, script: &Path, errors: Stdio) -> Option<(Child, BufReader<ChildStdout>, Value)> {
    let mut child = Command::new(path)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(errors)
        .spawn()
        .ok()?;
    let mut answers = BufReader::new(child.stdout.take()?);
    let mut line = String::new();
    answers.read_line(&mut line).ok()?;
    let Ok(hello) = serde_json::from_str(&line) else {
        child.wait().ok()?;
        return None;
    };
    Some((child, answers, hello))
}
