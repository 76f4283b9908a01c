//! `pemlint check`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::named::{Named, STORE_CLIENT};
use super::selection::{self, Selection, read_text};
use super::{Status, passwords, terminal};
use crate::cli::{CheckArgs, Format};
use crate::client::Asked;
use crate::config::Baseline;
use crate::engine::{self, Given, Job};
use crate::facts::time::{from_rfc3339, rfc3339};
use crate::report::{self, Report, StoreSummary};
use crate::rule::{DEFAULT_PROFILE, Level, Profile, RuleSet, SetLevel, profile_names};
use crate::source::shown_path;

/// Runs the command.
///
/// # Errors
/// Where arguments, configuration, rules or inputs cannot be used.
pub(super) fn run(args: &CheckArgs) -> anyhow::Result<Status> {
    if args.list_profiles {
        return list_profiles();
    }
    let working = working_directory()?;
    check_outputs(args, &working)?;
    let now = instant(args.at.as_deref())?;
    // Named early: a run must not find out at its end that it cannot start.
    let no_key = SetLevel::new("keys/private-key-missing", Level::Off, "--no-key");
    let more = if args.no_key { vec![no_key] } else { Vec::new() };
    let named = Named::of(args)?;
    let Selection { sets, baseline, password_file } =
        selection::select(&named.rules, &named.files, &working, more)?;
    let password_file = args.password_file.as_deref().or(password_file.as_deref());
    let mut options = passwords::options(password_file, args.inputs.input_format, &working)?;
    let given = passwords::ask(named.open(args, &working, &options)?, &mut options)?;
    let mut more = Vec::new();
    for name in args.client.iter().map(String::as_str).chain(named.client()) {
        more.push(Asked::named(name)?);
    }
    let clients: Vec<Vec<Asked>> = sets.iter().map(|set| clients(set, &more)).collect();
    let jobs = sets.iter().zip(&clients);
    let jobs: Vec<Job<'_>> =
        jobs.map(|(rules, clients)| Job { rules, now, join: args.join, clients }).collect();
    let outcome = match args.threads {
        None => engine::check_all(&given, &jobs),
        Some(count) => rayon::ThreadPoolBuilder::new()
            .num_threads(count.into())
            .build()
            .context("the threads cannot be started")?
            .install(|| engine::check_all(&given, &jobs)),
    };
    let mut report = report::build_all(outcome, &sets, rfc3339(now));
    if named.is_store() {
        report.store = Some(StoreSummary::of(&report, STORE_CLIENT));
    }
    if args.only_rejected {
        report.keep_rejected();
    }
    Named::tell_unjudged(&given, &report);
    apply_baseline(args, baseline.as_deref(), &mut report, now, &working)?;
    write(args, &report)?;
    Ok(status(args, &given, &report))
}

/// The clients of a profile, then others, each once.
pub(super) fn clients(set: &RuleSet, more: &[Asked]) -> Vec<Asked> {
    let mut clients = set.profile.asked();
    for asked in more {
        if !clients.contains(asked) {
            clients.push(asked.clone());
        }
    }
    clients
}

/// Refuses a file that would be written over by the next format.
fn check_outputs(args: &CheckArgs, working: &Path) -> anyhow::Result<()> {
    let mut names = BTreeSet::new();
    match args
        .output
        .iter()
        .map(|(_, path)| shown_path(path, working))
        .find(|name| !names.insert(name.clone()))
    {
        None => Ok(()),
        Some(name) => bail!("--output: {name} is written twice"),
    }
}

/// The working directory, by the name that arguments are relative to.
pub(super) fn working_directory() -> anyhow::Result<PathBuf> {
    std::env::current_dir().context("the working directory cannot be found")
}

/// The instant of evaluation: `--at`, else the clock.
#[expect(clippy::disallowed_methods, reason = "this is where the clock is read")]
pub(super) fn instant(at: Option<&str>) -> anyhow::Result<i64> {
    match at {
        Some(text) => from_rfc3339(text).with_context(|| {
            format!("--at {text}: this is no instant; write it as RFC 3339 does: 2026-11-22T00:00:00Z")
        }),
        None => Ok(time::OffsetDateTime::now_utc().unix_timestamp()),
    }
}

fn list_profiles() -> anyhow::Result<Status> {
    let mut text = String::new();
    for name in profile_names() {
        let profile = Profile::named(name)?;
        let default = if name == DEFAULT_PROFILE { " (default)" } else { "" };
        let _ = writeln!(text, "{name}{default}: {}", profile.title);
        for line in profile.why.trim().lines() {
            let _ = writeln!(text, "    {line}");
        }
        text.push('\n');
    }
    terminal::print(format!("{}\n", text.trim_end()).as_bytes())?;
    Ok(Status::Clean)
}

fn apply_baseline(
    args: &CheckArgs,
    configured: Option<&Path>,
    report: &mut Report,
    now: i64,
    working: &Path,
) -> anyhow::Result<()> {
    let load = |path: &Path| -> anyhow::Result<Baseline> {
        let name = shown_path(path, working);
        let text = read_text(path).with_context(|| format!("the baseline {name} cannot be read"))?;
        Ok(Baseline::read(&name, &text)?)
    };
    let mut baseline = known_baseline(args, configured).map_or_else(|| Ok(Baseline::default()), load)?;
    if let Some(path) = &args.write_baseline {
        let text = baseline.write(&report.findings);
        let name = shown_path(path, working);
        fs::write(path, &text).with_context(|| format!("{name} cannot be written"))?;
        baseline = Baseline::read(&name, &text)?;
        let noun = if baseline.len() == 1 { "finding" } else { "findings" };
        terminal::tell(&format!("{name} lists {} {noun}", baseline.len()));
    }
    report.stale = baseline.apply(&mut report.findings, now);
    Ok(())
}

/// The baseline to read. One that is to be written gives its reasons and dates,
/// and need not be there yet.
fn known_baseline<'a>(args: &'a CheckArgs, configured: Option<&'a Path>) -> Option<&'a Path> {
    let given = args.baseline.as_deref();
    match args.write_baseline.as_deref() {
        None => given.or(configured),
        Some(written) => given
            .filter(|path| *path != written)
            .or_else(|| Some(written).filter(|path| path.is_file()))
            .or_else(|| configured.filter(|path| path.is_file())),
    }
}

fn write(args: &CheckArgs, report: &Report) -> anyhow::Result<()> {
    for (format, path) in &args.output {
        let text = render(*format, report, false)?;
        fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    let color = args.format == Format::Human && terminal::is_colored(args.color);
    terminal::print(&render(args.format, report, color)?)
}

fn render(format: Format, report: &Report, color: bool) -> anyhow::Result<Vec<u8>> {
    let mut text = Vec::new();
    match format {
        Format::Human => report::human::write(report, color, &mut text),
        Format::Json => report::json::write(report, &mut text),
        Format::Sarif => report::sarif::write(report, &mut text),
    }
    .context("the report cannot be made")?;
    if text.is_empty() {
        bail!("the report is empty");
    }
    Ok(text)
}

/// Precedence: error, nothing, findings, clean.
fn status(args: &CheckArgs, given: &[Given], report: &Report) -> Status {
    if report.notes.iter().any(|note| note.is_error) {
        return Status::Error;
    }
    if !given.iter().any(|one| one.input.has_anything()) {
        return Status::Nothing;
    }
    let threshold = args.fail_on.severity();
    let fails = report.shown().any(|finding| finding.severity >= threshold);
    if fails && !args.exit_zero { Status::Findings } else { Status::Clean }
}
