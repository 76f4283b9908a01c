//! The program `openssl verify`, one process a question.

use std::fs;
use std::path::Path;
use std::process::Command;

use pemlint::client::openssl::{Client, Host};

use super::case::{Answer, Case, Engine, version_of};
use super::setting;

/// A program and what it promises.
pub(crate) struct Program {
    path: String,
    pub(crate) engine: Engine,
}

/// The programs to ask: the one that `PEMLINT_OPENSSL` names, or that of the machine
/// and that which `scripts/test` installs.
pub(crate) fn programs(instant: i64) -> Vec<Program> {
    if let Some(path) = setting("PEMLINT_OPENSSL") {
        return vec![Program::new(path, instant)];
    }
    let mut all = vec![Program::new("openssl".to_owned(), instant)];
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/debian/openssl");
    if installed.exists() {
        all.push(Program::new(installed.display().to_string(), instant));
    }
    all
}

impl Program {
    fn new(path: String, instant: i64) -> Self {
        let output = Command::new(&path).arg("version").output();
        let output = output.unwrap_or_else(|error| panic!("{path} does not start: {error}"));
        let text = String::from_utf8(output.stdout).unwrap().trim().to_owned();
        let (client, version) = (Client::OpensslStrict, version_of(&text));
        Self { path, engine: Engine { name: text, client, version, instant } }
    }

    /// First error that the program prints.
    pub(crate) fn ask(&self, case: &Case) -> Answer {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("ca.pem"), &case.store).unwrap();
        fs::write(path("chain.pem"), &case.presented).unwrap();
        // In a file of many, the program would skip a leaf that does not parse.
        let end = "-----END CERTIFICATE-----\n";
        fs::write(path("leaf.pem"), case.presented.split_inclusive(end).next().unwrap()).unwrap();
        let is_address = matches!(Host::new(&case.host), Host::Address(..));
        let mut command = Command::new(&self.path);
        command.args(["verify", "-purpose", "sslserver", "-auth_level", &case.level.to_string()]);
        command.args(case.strict.then_some("-x509_strict"));
        command.args(case.partial_chain.then_some("-partial_chain"));
        command.args(["-attime", &self.engine.instant.to_string()]);
        command.args([if is_address { "-verify_ip" } else { "-verify_hostname" }, &case.host, "-no-CApath"]);
        // 1.1.1 knows no such stores.
        command.args((!self.engine.name.starts_with("OpenSSL 1.")).then_some("-no-CAstore"));
        command.arg("-CAfile").arg(path("ca.pem")).arg("-untrusted").arg(path("chain.pem"));
        let output = command.arg(path("leaf.pem")).output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr);
        match text.lines().find_map(read) {
            Some(answer) => answer,
            None if output.status.success() => Answer::Accepted,
            None if text.contains(": verification failed") => given_up(),
            None => Answer::Refused(String::new()),
        }
    }
}

/// OpenSSL gave up over the leaf without a call of the callback that prints codes; its
/// error is then the one that it starts with.
fn given_up() -> Answer {
    let text = "unspecified certificate verification error".to_owned();
    Answer::Rejected { code: 1, depth: Some(0), text }
}

/// `error 20 at 0 depth lookup: unable to get local issuer certificate`
fn read(line: &str) -> Option<Answer> {
    let (code, rest) = line.strip_prefix("error ")?.split_once(" at ")?;
    let (depth, text) = rest.split_once(" depth lookup:")?;
    let depth = Some(depth.parse().ok()?);
    Some(Answer::Rejected { code: code.parse().ok()?, depth, text: text.trim().to_owned() })
}
