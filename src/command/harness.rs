//! `pemlint harness`: asks verifiers about the chains of a corpus, several at once, and prints what came of it.

mod chains;
mod process;
mod verifiers;

use std::fs;
use std::io::IsTerminal as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;

use super::{Status, check, selection::read_text, terminal};
use crate::cli::{HarnessArgs, TestFormat};
use crate::client::Asked;
use crate::facts::time::rfc3339;
use crate::harness::{self, Answer, Comparison, Groups, Ledger, Reference, Suite, Verifier, limbo};
use crate::source::shown_path;
use chains::Chains;
use process::Bounds;
use verifiers::Asker;

/// Runs the command.
///
/// # Errors
/// Where arguments, the corpus, the ledger or a verifier cannot be used.
pub(super) fn run(args: &HarnessArgs) -> anyhow::Result<Status> {
    let stop = interruptible()?;
    if args.list {
        terminal::print(verifiers::list(&bounds(args, &stop)).as_bytes())?;
        return Ok(Status::Clean);
    }
    if args.limbo.is_none() && !args.client.is_empty() {
        bail!("--client names a model for the cases of --limbo; --expect and --model are for a corpus");
    }
    let working = check::working_directory()?;
    let ledger = args.ledger.as_deref().map_or_else(|| Ok(Ledger::default()), |file| ledger(file, &working));
    let comparison = match &args.limbo {
        Some(file) => put_to_models(args, file, &working, ledger?)?,
        None => ask(args, &working, ledger?, &stop)?,
    };
    let text = match args.format {
        TestFormat::Text => harness::table(&comparison),
        TestFormat::Json => serde_json::to_string_pretty(&harness::json(&comparison))? + "\n",
        TestFormat::Junit => harness::junit(&comparison),
    };
    terminal::print(text.as_bytes())?;
    Ok(status(&comparison))
}

/// Errors outweigh differences.
fn status(comparison: &Comparison) -> Status {
    let numbers = comparison.numbers();
    if numbers.errors > 0 {
        Status::Error
    } else if numbers.differences + numbers.stale > 0 {
        Status::Findings
    } else {
        Status::Clean
    }
}

/// What is set when the program is told to end: verifiers are ended then, and temporary files removed.
fn interruptible() -> anyhow::Result<Arc<AtomicBool>> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&stop)).context("signals cannot be waited for")?;
    }
    Ok(stop)
}

fn bounds<'s>(args: &HarnessArgs, stop: &'s AtomicBool) -> Bounds<'s> {
    Bounds { timeout: Duration::from_secs(args.timeout), stop }
}

fn ledger(file: &Path, working: &Path) -> anyhow::Result<Ledger> {
    let name = shown_path(file, working);
    let text = read_text(file).with_context(|| format!("the ledger {name} cannot be read"))?;
    Ok(Ledger::read(&name, &text)?)
}

fn put_to_models(
    args: &HarnessArgs,
    file: &Path,
    working: &Path,
    ledger: Ledger,
) -> anyhow::Result<Comparison> {
    let name = shown_path(file, working);
    let text = fs::read(file).with_context(|| format!("{name} cannot be read"))?;
    let clients: Vec<String> = match args.client.as_slice() {
        [] => Asked::names().into_iter().map(str::to_owned).collect(),
        named => named.to_vec(),
    };
    let clients: Result<Vec<Asked>, _> = clients.iter().map(|name| Asked::named(name)).collect();
    let now = check::instant(args.at.as_deref())?;
    limbo::compare(&name, &text, &clients?, now, ledger).with_context(|| name.clone())
}

fn ask(args: &HarnessArgs, working: &Path, ledger: Ledger, stop: &AtomicBool) -> anyhow::Result<Comparison> {
    let scratch = tempfile::Builder::new().prefix("pemlint-").tempdir();
    let scratch = scratch.context("a temporary folder cannot be made")?;
    let bounds = bounds(args, stop);
    let mut askers = verifiers::named(&args.verifier, scratch.path(), &bounds)?;
    let chains = Chains::open(args, scratch.path(), working)?;
    verifiers::check_clocks(&mut askers, chains.instant, check::instant(None)?)?;
    let gate = match args.expect.as_deref() {
        None => None,
        Some("none") => Some(None),
        Some(name) => Some(Some(Reference::named(name)?)),
    };
    if let Some(gate) = &gate {
        for asker in &mut askers {
            asker.gate.clone_from(gate);
        }
    }
    let references = references(args, &askers, &chains)?;
    let cases = chains.cases(&references);
    let answers = answers(args, &askers, &chains, &bounds)?;
    let verifiers = askers.into_iter().zip(answers).map(|(asker, answers)| Verifier {
        name: asker.name,
        about: asker.about,
        gate: asker.gate.map(|gate| gate.name().to_owned()),
        answers,
    });
    Ok(Comparison {
        suite: Suite { name: chains.name, groups: Groups::Defects, at: Some(rfc3339(chains.instant)) },
        cases,
        verifiers: verifiers.collect(),
        left_out: chains.left_out,
        ledger,
    })
}

/// The references: clients of the manifest, models of the verifiers, models that were named.
fn references(args: &HarnessArgs, askers: &[Asker], chains: &Chains) -> anyhow::Result<Vec<Reference>> {
    let mut references = chains.clients();
    for asker in askers {
        if let Some(Reference::Manifest(name)) = &asker.gate
            && !references.iter().any(|known| known.name() == *name)
        {
            bail!("--expect {name}: the manifest holds no verdicts of it; {name}/VERSION asks the model");
        }
    }
    let own = askers.iter().filter_map(|asker| asker.gate.clone());
    let named: Result<Vec<Reference>, _> = args.model.iter().map(|name| live(name)).collect();
    for reference in own.chain(named?) {
        if !references.contains(&reference) {
            references.push(reference);
        }
    }
    Ok(references)
}

/// A model that is asked now, with its usual version where none is named.
fn live(name: &str) -> anyhow::Result<Reference> {
    let reference = Reference::named(name)?;
    let Reference::Manifest(client) = reference else {
        return Ok(reference);
    };
    let version = Asked::named(client)?.openssl().unwrap_or("now");
    Reference::model(client, version).context("every client has a usual version")
}

/// The answers of each verifier to each chain, in their order.
fn answers(
    args: &HarnessArgs,
    askers: &[Asker],
    chains: &Chains,
    bounds: &Bounds<'_>,
) -> anyhow::Result<Vec<Vec<Answer>>> {
    let count = chains.files.len();
    let bar = progress(askers.len() * count);
    let ask = |number: usize| {
        let (asker, files) = (&askers[number / count], &chains.files[number % count]);
        let answer =
            if bounds.is_stopped() { Answer::error("not asked") } else { asker.ask(files, chains, bounds) };
        bar.inc(1);
        answer
    };
    let mut threads = rayon::ThreadPoolBuilder::new();
    if let Some(jobs) = args.jobs {
        threads = threads.num_threads(jobs.into());
    }
    let threads = threads.build().context("the threads cannot be started")?;
    let all: Vec<Answer> =
        threads.install(|| (0..askers.len() * count).into_par_iter().with_max_len(1).map(ask).collect());
    bar.finish_and_clear();
    if bounds.stop.load(Ordering::Relaxed) {
        bail!("interrupted; the verifiers are ended and nothing is left behind");
    }
    Ok(all.chunks(count).map(<[Answer]>::to_vec).collect())
}

/// A bar on a terminal, nothing elsewhere.
fn progress(steps: usize) -> ProgressBar {
    let is_terminal = std::io::stderr().is_terminal();
    let target = if is_terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {elapsed} (left: {eta})")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(steps as u64), target).with_style(style)
}
