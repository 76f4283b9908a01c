//! Pythons of the machine, 3.13 or newer, each a process that is asked line by line.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pemlint::client::openssl::Client;
use serde_json::{Value, json};

use super::case::{Answer, Case, Engine, version_of};
use super::setting;

/// A Python and what it promises.
pub(crate) struct Python {
    path: PathBuf,
    pub(crate) engine: Engine,
}

/// What a Python says to one case.
pub(crate) struct Said {
    /// To a server that goes no further than Certificate.
    pub(crate) flight: Answer,
    /// To a real server, where that one starts; `None` where it does not.
    pub(crate) whole: Option<Answer>,
}

/// The Pythons to ask: the one that `PEMLINT_PYTHON` names, or every one of 3.13 or
/// newer among those on the path, of pyenv, and of `scripts/test`; each OpenSSL once.
pub(crate) fn pythons(instant: i64) -> Vec<Python> {
    if let Some(path) = setting("PEMLINT_PYTHON") {
        let python = Python::new(Path::new(&path), instant);
        return vec![python.unwrap_or_else(|| panic!("PEMLINT_PYTHON: {path} is no Python 3.13 with ssl"))];
    }
    let mut all: Vec<Python> = Vec::new();
    for python in candidates().iter().filter_map(|path| Python::new(path, instant)) {
        if all.iter().all(|known| known.engine.name != python.engine.name) {
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

impl Python {
    /// `None` for a program that does not start or is no Python that is new enough.
    fn new(path: &Path, instant: i64) -> Option<Self> {
        let (mut child, _, hello) = start(path, Stdio::null())?;
        drop(child.stdin.take());
        child.wait().ok()?;
        let number: Vec<u64> = hello["python"].as_array()?.iter().filter_map(Value::as_u64).collect();
        if number < vec![3, 13] {
            return None;
        }
        let openssl = hello["openssl"].as_str()?;
        let name = format!("Python {}.{}.{}, {openssl}", number[0], number[1], number[2]);
        let (client, version) = (Client::Python313, version_of(openssl));
        Some(Self { path: path.to_owned(), engine: Engine { name, client, version, instant } })
    }

    /// Its answers to all cases.
    pub(crate) fn ask(&self, cases: &[Case]) -> Vec<Said> {
        let (mut child, answers, _) = start(&self.path, Stdio::inherit()).unwrap();
        let mut input = child.stdin.take().unwrap();
        let lines = thread::scope(|scope| {
            scope.spawn(move || {
                for case in cases {
                    writeln!(input, "{}", question(case)).unwrap();
                }
            });
            answers.lines().collect::<Result<Vec<_>, _>>().unwrap()
        });
        assert!(child.wait().unwrap().success(), "{} gave up", self.engine.name);
        assert_eq!(lines.len(), cases.len(), "answers of {}", self.engine.name);
        lines.iter().map(|line| said(&serde_json::from_str(line).unwrap())).collect()
    }
}

/// Starts the client; its first line says which Python it is.
fn start(path: &Path, errors: Stdio) -> Option<(Child, BufReader<ChildStdout>, Value)> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/openssl_engine/handshake.py");
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

fn question(case: &Case) -> Value {
    let chain = case.chain();
    // A server would send what it has read, not what stands in the file.
    let key = case.key.as_ref().filter(|_| chain.iter().all(|der| ends_where_it_says(der)));
    json!({
        "trust": STANDARD.encode(&case.store),
        "chain": chain.iter().map(|der| STANDARD.encode(der)).collect::<Vec<_>>(),
        "host": case.host,
        "level": case.level,
        "strict": case.strict,
        "partial_chain": case.partial_chain,
        "key": key,
    })
}

fn ends_where_it_says(der: &[u8]) -> bool {
    pemlint::issue::der::read(der).is_some_and(|(_, _, rest)| rest.is_empty())
}

fn said(line: &Value) -> Said {
    let whole = Some(&line["whole"]).filter(|whole| !whole.is_null() && whole["stage"] != "server");
    Said { flight: answer(&line["flight"]), whole: whole.map(answer) }
}

fn answer(said: &Value) -> Answer {
    let text = said["text"].as_str().unwrap_or_default();
    match said["stage"].as_str().unwrap() {
        "accepted" => Answer::Accepted,
        "verify" => {
            let prefix = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: ";
            let text = text.strip_prefix(prefix).unwrap_or_else(|| panic!("unknown text {text:?}"));
            Answer::Rejected { code: said["code"].as_i64().unwrap(), depth: None, text: text.to_owned() }
        }
        _ => Answer::Refused(text.to_owned()),
    }
}
