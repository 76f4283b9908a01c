//! Runs the program as a person does: in a folder of its own, with a line of
//! arguments, and without the variables of the environment that runs the tests.
//! What it says is kept as text; nothing here knows a rule.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// An instant at which the fixtures are valid.
pub(crate) const AT: &str = "2026-11-22T00:00:00Z";

/// A folder for the files of one test.
pub(crate) struct Folder(TempDir);

/// What a run of the program said.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder can be made"))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file that nobody else can read, and the folders above it.
    pub(crate) fn write(&self, name: &str, octets: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("folders can be made");
        fs::write(&path, octets).expect("the file can be written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("its mode can be set");
    }

    /// Copies files below `fixtures/`, each as FIXTURE or as FIXTURE=NAME.
    pub(crate) fn copy(&self, fixtures: &str) {
        for fixture in fixtures.split_whitespace() {
            let file = fixture.rsplit('/').next().expect("a path has a last part");
            let (fixture, name) = fixture.split_once('=').unwrap_or((fixture, file));
            self.write(name, octets(fixture));
        }
    }

    /// A file of the folder as text.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Runs the program with the words of `line`.
    pub(crate) fn run(&self, line: &str) -> Ran {
        let output = self.command(line).output().expect("the program starts");
        Ran::from(output)
    }

    /// Runs the program with octets on its standard input.
    pub(crate) fn run_on(&self, stdin: &[u8], line: &str) -> Ran {
        let mut command = self.command(line);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        child.stdin.take().expect("it is piped").write_all(stdin).expect("the program reads all of it");
        Ran::from(child.wait_with_output().expect("the program ends"))
    }

    /// The program in this folder, ready to start.
    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pemlint"));
        command.env_clear().current_dir(self.path()).args(line.split_whitespace()).stdin(Stdio::null());
        command
    }
}

/// The octets of a file below `fixtures/`.
pub(crate) fn octets(fixture: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(fixture);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |octets| String::from_utf8(octets).expect("what the program says is UTF-8");
        Self { status: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Ran {
    /// Asserts the exit status.
    #[track_caller]
    pub(crate) fn ends(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "\n{}\n{}", self.out, self.err);
        self
    }

    /// Asserts that the program refused to run and said each of `parts`.
    #[track_caller]
    pub(crate) fn refuses(self, parts: &[&str]) {
        assert_eq!((self.status, self.out.as_str()), (Some(2), ""), "{}", self.err);
        self.complains(parts);
    }

    /// Asserts that each of `parts` stands on standard error.
    #[track_caller]
    pub(crate) fn complains(&self, parts: &[&str]) {
        for part in parts {
            assert!(self.err.contains(part), "`{part}` is not in:\n{}", self.err);
        }
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}:\n{}{}", self.out, self.err))
    }

    /// The rules of the findings of a JSON report, in its order.
    #[track_caller]
    pub(crate) fn rules(&self) -> Vec<String> {
        let report = self.json();
        let findings = report["findings"].as_array().expect("a report has findings");
        findings.iter().map(|finding| finding["rule"].as_str().expect("it has a rule").to_owned()).collect()
    }
}
