//! `pemlint profiles`: what profiles there are, and which of them accept a bundle.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::bail;
use serde::Serialize;
use serde_json::json;

use super::selection::{self, Selection};
use super::walk::Walk;
use super::{Status, check, inputs, passwords, terminal};
use crate::cli::{ListFormat, ProfilesArgs};
use crate::engine::{self, Given, Job};
use crate::facts::time::rfc3339;
use crate::finding::{Finding, Severity};
use crate::rule::{DEFAULT_PROFILE, Level, Profile, RuleSet, SetLevel, Source, profile_names};
use crate::source::shown;

/// Runs the command.
///
/// # Errors
/// Where arguments, configuration, rules or inputs cannot be used.
pub(super) fn run(args: &ProfilesArgs) -> anyhow::Result<Status> {
    let working = check::working_directory()?;
    let mut rules = args.rules.clone();
    if rules.profile.is_empty() {
        rules.profile = profile_names().into_iter().map(str::to_owned).collect();
    }
    let no_key = SetLevel::new("keys/private-key-missing", Level::Off, "--no-key");
    let more = if args.no_key { vec![no_key] } else { Vec::new() };
    let Selection { sets, password_file, .. } = selection::select(&rules, &args.paths, &working, more)?;
    if args.paths.is_empty() {
        let text = match args.format {
            ListFormat::Text => table(&sets),
            ListFormat::Json => listing(&sets)?,
        };
        terminal::print(text.as_bytes())?;
        return Ok(Status::Clean);
    }
    let given = open(args, password_file.as_deref(), &working)?;
    let now = check::instant(args.at.as_deref())?;
    let judge = |set| Answer::of(set, &given, now, args.join);
    let answers: Vec<Answer> = sets.iter().map(judge).collect();
    let text = match args.format {
        ListFormat::Text => accepted_by(&answers),
        ListFormat::Json => {
            let inputs: Vec<&str> = given.iter().map(|one| one.input.source.path.as_str()).collect();
            json_text(&json!({"at": rfc3339(now), "inputs": inputs, "profiles": answers}))?
        }
    };
    terminal::print(text.as_bytes())?;
    Ok(status(&given, &answers))
}

fn open(args: &ProfilesArgs, configured: Option<&Path>, working: &Path) -> anyhow::Result<Vec<Given>> {
    for path in &args.paths {
        let name = path.to_string_lossy();
        if name.starts_with("tls://") || name.starts_with("store:") {
            bail!("{}: products accept files; `pemlint check` takes servers and trust stores", shown(&name));
        }
    }
    let password_file = args.password_file.as_deref().or(configured);
    let mut options = passwords::options(password_file, args.inputs.input_format, working)?;
    let walk = Walk::from(&args.inputs);
    passwords::ask(inputs::open(&args.paths, &args.key, working, &walk, &options)?, &mut options)
}

fn status(given: &[Given], answers: &[Answer]) -> Status {
    if answers.iter().any(|answer| answer.failed) {
        Status::Error
    } else if !given.iter().any(|one| one.input.has_anything()) {
        Status::Nothing
    } else if answers.iter().any(|answer| answer.accepts) {
        Status::Clean
    } else {
        Status::Findings
    }
}

/// Whether a profile accepts the inputs, and why not.
#[derive(Debug, Serialize)]
struct Answer {
    name: String,
    accepts: bool,
    errors: usize,
    warnings: usize,
    first: Option<Reason>,
    /// Whether a rule could not be computed.
    #[serde(skip)]
    failed: bool,
}

/// The first error.
#[derive(Debug, Serialize)]
struct Reason {
    rule: String,
    message: String,
    path: String,
    line: usize,
}

impl Answer {
    fn of(set: &RuleSet, given: &[Given], now: i64, join: bool) -> Self {
        let clients = set.profile.asked();
        let outcome = engine::check(given, &Job { rules: set, now, join, clients: &clients });
        let of = |severity| outcome.findings.iter().filter(move |one| one.severity == severity);
        let (errors, warnings) = (of(Severity::Error).count(), of(Severity::Warning).count());
        let reason = |finding: &Finding| Reason {
            rule: finding.rule.clone(),
            message: finding.message.clone(),
            path: finding.path.clone(),
            line: finding.place.line,
        };
        Self {
            name: set.profile.name.clone(),
            accepts: errors == 0,
            errors,
            warnings,
            first: of(Severity::Error).next().map(reason),
            failed: outcome.notes.iter().any(|note| note.is_error),
        }
    }
}

fn accepted_by(answers: &[Answer]) -> String {
    let width = answers.iter().map(|answer| answer.name.chars().count()).max().unwrap_or(0).max(7);
    let mut text = format!("{:width$}  accepts  errors  warnings  first reason\n", "PROFILE");
    for Answer { name, accepts, errors, warnings, first, .. } in answers {
        let accepts = if *accepts { "yes" } else { "no" };
        let reason = first.as_ref().map(|first| format!("{}: {}", first.rule, first.message));
        let reason = reason.unwrap_or_default();
        let line =
            format!("{:width$}  {accepts:7}  {errors:6}  {warnings:8}  {}", shown(name), shown(&reason));
        let _ = writeln!(text, "{}", line.trim_end());
    }
    let accepting = answers.iter().filter(|answer| answer.accepts).count();
    let noun = if answers.len() == 1 { "profile" } else { "profiles" };
    let _ = writeln!(text, "\n{accepting} of {} {noun} accept what was given", answers.len());
    text
}

fn table(sets: &[RuleSet]) -> String {
    let mut text = String::new();
    for RuleSet { profile, .. } in sets {
        let default = if profile.name == DEFAULT_PROFILE { " (default)" } else { "" };
        let _ = writeln!(text, "{}{default}: {}", shown(&profile.name), shown(&profile.title));
        if !profile.asks.is_empty() {
            let _ = writeln!(text, "    asks: {}", shown(&profile.asks));
        }
        for source in &profile.references {
            let _ = writeln!(text, "    from: {}", shown(&source.text()));
        }
    }
    text
}

fn listing(sets: &[RuleSet]) -> anyhow::Result<String> {
    let reference =
        |source: &Source| json!({"document": source.document, "date": source.date, "url": source.url});
    let describe = |profile: &Profile| {
        let names: Vec<&str> = profile.layers.iter().skip(1).map(|layer| layer.name.as_str()).collect();
        json!({
            "name": profile.name,
            "title": profile.title,
            "asks": profile.asks,
            "why": profile.why.trim(),
            "extends": names,
            "clients": profile.clients,
            "references": profile.references.iter().map(reference).collect::<Vec<_>>(),
        })
    };
    let profiles: Vec<_> = sets.iter().map(|set| describe(&set.profile)).collect();
    json_text(&json!({"profiles": profiles}))
}

fn json_text(value: &serde_json::Value) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}
