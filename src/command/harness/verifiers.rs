//! Verifiers as they are named on the command line: which there are, whether their programs are installed, and how one
//! is asked about a chain.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};

use super::chains::{Chains, Files};
use super::process::{self, Bounds, Ended};
use crate::command::terminal;
use crate::document::closest;
use crate::facts::time::rfc3339;
use crate::harness::{
    Answer, Clock, DEFINITIONS, Definition, Program, Reference, Script, Template, TemplateError, Values,
    Verdict, reason,
};
use crate::source::shown;

/// The name that stands for all ready-made verifiers.
const ALL: &str = "all";

/// How far the clock may be from the instant of a corpus: nothing in one begins or ends within a day.
const DAY: u64 = 86_400;

/// How long a program may take to tell its version or to be built.
const PREPARING: Duration = Duration::from_secs(300);

/// A verifier, ready to be asked.
pub(super) struct Asker {
    /// Its name in tables and ledgers.
    pub(super) name: String,
    /// Its version or command line.
    pub(super) about: String,
    /// What it must agree with.
    pub(super) gate: Option<Reference>,
    by_name: Template,
    by_address: Template,
    program: String,
    script: PathBuf,
    not_asked: Option<i32>,
    clock: Clock,
    /// Whether it was one of all.
    is_optional: bool,
}

/// The ready-made verifiers and whether they are installed.
pub(super) fn list(bounds: &Bounds<'_>) -> String {
    let mut text = String::new();
    for definition in &DEFINITIONS {
        let (name, about) = (definition.name, definition.about);
        let version = version(definition, None, bounds).unwrap_or_else(|missing| missing);
        let _ = writeln!(text, "{name:8}  {about}\n{:8}  {}", "", shown(&version));
    }
    text
}

/// The verifiers that are named, each with a name of its own.
pub(super) fn named(names: &[String], scratch: &Path, bounds: &Bounds<'_>) -> anyhow::Result<Vec<Asker>> {
    let mut askers: Vec<Asker> = Vec::new();
    for name in names {
        if name == ALL {
            askers.extend(all(scratch, bounds)?);
        } else {
            askers.push(one(name, scratch, bounds)?);
        }
    }
    if askers.is_empty() {
        bail!("none of the ready-made verifiers is installed; --list shows them");
    }
    for at in 1..askers.len() {
        let (before, rest) = askers.split_at_mut(at);
        let is_taken = |name: &str| before.iter().any(|known| known.name == name);
        let mut number = 2;
        let plain = rest[0].name.clone();
        while is_taken(&rest[0].name) {
            rest[0].name = format!("{plain}-{number}");
            number += 1;
        }
    }
    Ok(askers)
}

/// Those of the ready-made verifiers that are installed; tells which are not.
fn all(scratch: &Path, bounds: &Bounds<'_>) -> anyhow::Result<Vec<Asker>> {
    let mut askers = Vec::new();
    for definition in &DEFINITIONS {
        match version(definition, None, bounds) {
            Ok(version) => {
                let asker = ready_made(definition, None, version, scratch, bounds)?;
                askers.push(Asker { is_optional: true, ..asker });
            }
            Err(missing) => terminal::tell(&format!("{} is left out: {missing}", definition.name)),
        }
    }
    Ok(askers)
}

fn one(text: &str, scratch: &Path, bounds: &Bounds<'_>) -> anyhow::Result<Asker> {
    let (name, rest) = match text.split_once('=') {
        Some((name, rest)) if is_name(name) => (name, Some(rest)),
        _ => (text, None),
    };
    if let Some(definition) = Definition::named(name) {
        return match version(definition, rest, bounds) {
            Ok(version) => ready_made(definition, rest, version, scratch, bounds),
            Err(missing) => bail!("--verifier {}: {missing}", shown(text)),
        };
    }
    let line = rest.unwrap_or(text);
    let template = Template::parse(line).map_err(|error| unusable(line, &error))?;
    let program = template.program().unwrap_or("verifier");
    let stem = Path::new(program).file_stem().map_or(program.into(), |stem| stem.to_string_lossy());
    Ok(Asker {
        name: rest.map_or_else(|| shown(&stem).into_owned(), |_| name.to_owned()),
        about: line.to_owned(),
        gate: None,
        by_name: template.clone(),
        by_address: template.clone(),
        program: program.to_owned(),
        script: PathBuf::new(),
        not_asked: None,
        clock: Clock::Told,
        is_optional: false,
    })
}

/// Whether it can be the name of a verifier, rather than the beginning of a command line.
fn is_name(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !text.is_empty() && text.chars().all(is_part)
}

/// A command line that cannot be used; one word may be a ready-made verifier misspelt.
fn unusable(text: &str, error: &TemplateError) -> anyhow::Error {
    let is_word = *error == TemplateError::NoChain && !text.contains(char::is_whitespace);
    let names = || DEFINITIONS.iter().map(|definition| definition.name).chain([ALL]);
    let text = shown(text);
    match closest(&text, names()).filter(|_| is_word) {
        Some(close) => {
            anyhow::anyhow!("--verifier {text}: there is no such verifier; did you mean `{close}`?")
        }
        None if is_word => {
            let all = names().collect::<Vec<_>>().join(", ");
            anyhow::anyhow!("--verifier {text}: {error}; ready-made verifiers are {all}")
        }
        None => anyhow::anyhow!("--verifier '{text}': {error}"),
    }
}

/// What the first program of a definition says of its version, or what is missing.
fn version(definition: &Definition, program: Option<&str>, bounds: &Bounds<'_>) -> Result<String, String> {
    let mut versions = definition.programs.iter().enumerate().map(|(at, known)| {
        let name = program.filter(|_| at == 0).unwrap_or(known.name);
        version_of(name, known, bounds)
    });
    let first = versions.next().unwrap_or_else(|| Err("it needs no program".to_owned()))?;
    versions.find_map(Result::err).map_or(Ok(first), Err)
}

fn version_of(name: &str, program: &Program, bounds: &Bounds<'_>) -> Result<String, String> {
    let mut words = vec![OsString::from(name)];
    words.extend(program.version.iter().map(OsString::from));
    let install = format!("apt-get install {}", program.package);
    match process::run(&words, &Bounds { timeout: PREPARING, ..*bounds }) {
        Ended::Status(0, output) => {
            let text = String::from_utf8_lossy(&output);
            Ok(shown(text.lines().next().unwrap_or_default().trim()).into_owned())
        }
        Ended::Failed(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(format!("{} is not installed ({install})", shown(name)))
        }
        ended => Err(format!("{} does not tell its version: {}", shown(name), said(&ended))),
    }
}

fn ready_made(
    definition: &'static Definition,
    program: Option<&str>,
    version: String,
    scratch: &Path,
    bounds: &Bounds<'_>,
) -> anyhow::Result<Asker> {
    let (by_name, by_address) = definition.templates()?;
    let program = program.or(definition.programs.first().map(|program| program.name)).unwrap_or_default();
    let script = match &definition.script {
        Some(script) => place(script, program, scratch, bounds)?,
        None => PathBuf::new(),
    };
    let model = definition.model(&version);
    Ok(Asker {
        name: definition.name.to_owned(),
        gate: model.and_then(|(client, version)| Reference::model(client, version.name())),
        about: version,
        by_name,
        by_address,
        program: program.to_owned(),
        script,
        not_asked: definition.not_asked(),
        clock: definition.clock,
        is_optional: false,
    })
}

/// Writes a script, and builds it where it must be.
fn place(script: &Script, program: &str, scratch: &Path, bounds: &Bounds<'_>) -> anyhow::Result<PathBuf> {
    let path = scratch.join(script.file);
    fs::write(&path, script.text).context("a temporary file cannot be written")?;
    if !script.is_built {
        return Ok(path);
    }
    let built = scratch.join(format!("{}.exe", script.file));
    let words = [program.into(), "build".into(), "-o".into(), built.clone().into(), path.into()];
    match process::run(&words, &Bounds { timeout: PREPARING, ..*bounds }) {
        Ended::Status(0, _) => Ok(built),
        ended => bail!("{} cannot be built: {}", script.file, said(&ended)),
    }
}

/// A verifier that goes by the clock of the machine cannot be asked about a corpus for another instant.
pub(super) fn check_clocks(askers: &mut Vec<Asker>, instant: i64, now: i64) -> anyhow::Result<()> {
    if instant.abs_diff(now) < DAY {
        return Ok(());
    }
    for asker in askers.iter().filter(|asker| asker.clock == Clock::Own) {
        let why = format!(
            "it goes by the clock of the machine, and the corpus is for {}; make one for now: \
             pemlint fixtures make DIR --at {}",
            rfc3339(instant),
            rfc3339(now)
        );
        if !asker.is_optional {
            bail!("--verifier {}: {why}", asker.name);
        }
        terminal::tell(&format!("{} is left out: {why}", asker.name));
    }
    askers.retain(|asker| asker.clock == Clock::Told);
    Ok(())
}

impl Asker {
    /// Its answer to a chain.
    pub(super) fn ask(&self, files: &Files, chains: &Chains, bounds: &Bounds<'_>) -> Answer {
        let host = files.about.host.as_str();
        let is_address = host.parse::<std::net::IpAddr>().is_ok();
        let template = if is_address { &self.by_address } else { &self.by_name };
        if template.needs_key() && files.key.is_none() {
            return Answer::new(Verdict::LeftOut, Some("the corpus holds no private key for it".into()));
        }
        let words = template.fill(&Values {
            chain: &files.chain,
            leaf: &files.leaf,
            intermediates: &files.intermediates,
            trust: &files.trust,
            key: files.key.as_deref().unwrap_or(Path::new("")),
            host,
            time: chains.instant,
            program: &self.program,
            script: &self.script,
        });
        self.answer(process::run(&words, bounds), &chains.folder)
    }

    fn answer(&self, ended: Ended, folder: &Path) -> Answer {
        match ended {
            Ended::Status(0, _) => Answer::new(Verdict::Accepts, None),
            Ended::Status(code, output) if Some(code) == self.not_asked => {
                Answer::new(Verdict::LeftOut, why(&output, folder))
            }
            Ended::Status(code, output) if code != 126 && code != 127 => {
                Answer::new(Verdict::Rejects, why(&output, folder))
            }
            ended => Answer::error(said(&ended)),
        }
    }
}

/// The reason that a verifier prints, without the folder of the corpus in names of files.
fn why(output: &[u8], folder: &Path) -> Option<String> {
    let text = String::from_utf8_lossy(output);
    reason(text.replace(&format!("{}/", folder.display()), "").as_bytes())
}

/// How a run ended that gave no verdict.
fn said(ended: &Ended) -> String {
    let with = |text: String, output: &[u8]| match reason(output) {
        Some(reason) => format!("{text}: {reason}"),
        None => text,
    };
    match ended {
        Ended::Status(code, output) => with(format!("ended with {code}"), output),
        Ended::Signal(Some(number), output) => with(format!("ended by signal {number}"), output),
        Ended::Signal(None, output) => with("ended by a signal".to_owned(), output),
        Ended::Timeout => "took too long".to_owned(),
        Ended::Stopped => "interrupted".to_owned(),
        Ended::Failed(error) => format!("cannot be started: {error}"),
    }
}
