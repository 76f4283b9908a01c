//! What a Python of this machine trusts: the defaults of its `ssl` module and what
//! `requests` takes. Python itself is asked, since its build and the variables of
//! the environment decide.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde::Deserialize;

use super::Places;
use crate::command::process::{self, Bounds, Ended};
use crate::command::terminal;

/// How long Python may take to answer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Prints what `ssl.create_default_context()` and `requests` load, as JSON. The working
/// directory is no place to import from.
const SCRIPT: &str = include_str!("places.py");

/// What the script prints.
#[derive(Debug, Deserialize)]
struct Answer {
    executable: String,
    version: String,
    openssl: String,
    cafile: Option<PathBuf>,
    capaths: Vec<PathBuf>,
    requests: Option<PathBuf>,
    requests_from: String,
}

/// Where a Python looks, `ssl` first.
///
/// # Errors
/// Where there is no Python, or it does not answer.
pub(super) fn places(program: Option<&Path>) -> anyhow::Result<Vec<Places>> {
    let answer = match program {
        Some(program) => ask(program).with_context(|| format!("--python {}", program.display()))?,
        None => first_answer()?,
    };
    let Answer { executable, version, openssl, .. } = &answer;
    let model = if is_lenient(version) { "; it verifies as --client python-3.12 does" } else { "" };
    terminal::tell(&format!("store:python is that of Python {version} ({executable}, {openssl}){model}"));
    let mut places = vec![Places {
        about: "ssl.create_default_context() loads".into(),
        files: answer.cafile.into_iter().filter(|path| path.is_file()).collect(),
        folders: answer.capaths.into_iter().filter(|path| path.is_dir()).collect(),
        is_silent: true,
    }];
    if let Some(path) = answer.requests {
        let about = format!("requests loads ({})", answer.requests_from);
        let (files, folders) =
            if path.is_dir() { (Vec::new(), vec![path]) } else { (vec![path], Vec::new()) };
        places.push(Places { about, files, folders, is_silent: false });
    }
    Ok(places)
}

/// Whether a Python is older than 3.13, which made verification strict.
fn is_lenient(version: &str) -> bool {
    let mut numbers = version.split('.').map(|number| number.parse::<u32>().unwrap_or(0));
    (numbers.next(), numbers.next()) < (Some(3), Some(13))
}

/// The first Python that there is.
fn first_answer() -> anyhow::Result<Answer> {
    #[expect(clippy::disallowed_methods, reason = "this is where the environment is read")]
    let environment = std::env::var_os("VIRTUAL_ENV").map(PathBuf::from);
    let own = environment
        .into_iter()
        .flat_map(|folder| [folder.join("bin/python"), folder.join("Scripts/python.exe")]);
    let candidates: Vec<PathBuf> =
        own.filter(|path| path.is_file()).chain(["python3".into(), "python".into()]).collect();
    let mut failure = None;
    for program in &candidates {
        match ask(program) {
            Ok(answer) => return Ok(answer),
            Err(error) => failure = failure.or(Some(error.context(program.display().to_string()))),
        }
    }
    let failure = failure.map_or_else(String::new, |error| format!(" ({error:#})"));
    bail!("no Python is found that answers{failure}; name one with --python PROGRAM")
}

fn ask(program: &Path) -> anyhow::Result<Answer> {
    let words: Vec<OsString> = vec![program.into(), "-c".into(), SCRIPT.into()];
    let never = AtomicBool::new(false);
    let said = match process::run(&words, &Bounds { timeout: TIMEOUT, stop: &never }) {
        Ended::Status(0, said) => said,
        Ended::Status(status, said) => {
            let said = String::from_utf8_lossy(&said);
            let last = said.trim_end().lines().last().unwrap_or_default();
            bail!("it ends with status {status}: {last}")
        }
        Ended::Signal(..) | Ended::Stopped => bail!("it is ended by a signal"),
        Ended::Timeout => bail!("it takes longer than {} s to answer", TIMEOUT.as_secs()),
        Ended::Failed(error) => return Err(error).context("it cannot be started"),
    };
    // Warnings of an interpreter may stand around it.
    let said = String::from_utf8_lossy(&said);
    let line = said.lines().rfind(|line| line.starts_with('{')).unwrap_or_default();
    serde_json::from_str(line).context("its answer cannot be read")
}
