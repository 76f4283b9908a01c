//! `pemlint fixtures`.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use rayon::prelude::*;

use super::check::instant;
use super::{Status, terminal};
use crate::cli::{FixturesCommand, MakeArgs};
use crate::corpus::{self, Defective, Entry, Made, Manifest, Mutation};
use crate::document::closest;
use crate::source::shown;

/// The name that stands for a good chain among those of mutations.
const NONE: &str = "none";

/// Runs the command.
///
/// # Errors
/// Where arguments cannot be used or the folder cannot be written.
pub(super) fn run(command: &FixturesCommand) -> anyhow::Result<Status> {
    let FixturesCommand::Make(args) = command;
    match &args.dir {
        Some(folder) if !args.list => make(args, folder)?,
        _ => terminal::print(table().as_bytes())?,
    }
    Ok(Status::Clean)
}

/// The mutations, each with its profile and rules.
fn table() -> String {
    let width = corpus::all().map(|mutation| mutation.name.len()).max().unwrap_or(0);
    let line = |mutation: &Mutation| {
        let (name, profile) = (mutation.name, mutation.purpose.profile());
        format!("{name:width$}  {profile:17}  {}\n", mutation.rules.join(", "))
    };
    let count = corpus::all().count();
    corpus::all().map(line).collect::<String>() + &format!("\n{count} mutations\n")
}

fn make(args: &MakeArgs, folder: &Path) -> anyhow::Result<()> {
    let wanted = wanted(&args.mutations)?;
    let now = instant(Some(&args.at))?;
    let count = args.count.unwrap_or(wanted.len() as u64);
    prepare(folder, args.force)?;
    write_corpus(folder, &wanted, count, args.seed, now)?;
    let noun = if count == 1 { "chain" } else { "chains" };
    terminal::tell(&format!("{} holds {count} {noun}", shown(&folder.display().to_string())));
    Ok(())
}

/// Writes a corpus with each mutation once, and a good chain, into a folder that is there.
pub(super) fn write_small(folder: &Path, seed: u64, now: i64) -> anyhow::Result<()> {
    let wanted = wanted(&[])?;
    write_corpus(folder, &wanted, wanted.len() as u64, seed, now)
}

fn write_corpus(
    folder: &Path,
    wanted: &[Option<&'static Mutation>],
    count: u64,
    seed: u64,
    now: i64,
) -> anyhow::Result<()> {
    let others: Vec<&'static Mutation> = wanted.iter().copied().flatten().collect();
    let turn = wanted.len() as u64;
    let one = |number: u64| {
        let at = usize::try_from(number % turn).expect("it is below a length");
        let drawn = Defective::drawn(seed, number, now, wanted[at], &others);
        let place = format!("chains/{number:06}");
        let (made, entry) = drawn.make(&place).with_context(|| format!("{place} cannot be signed"))?;
        write(folder, &made, &entry)?;
        Ok(entry)
    };
    let entries: anyhow::Result<Vec<Entry>> = (0..count).into_par_iter().map(one).collect();
    let manifest = Manifest::new(seed, now, entries?);
    let text = serde_json::to_string_pretty(&manifest).context("the manifest cannot be made")? + "\n";
    put(folder, "manifest.json", text.as_bytes(), false)
}

/// What the chains get in turn: nothing, or one of the mutations. Everything where nothing is named.
fn wanted(names: &[String]) -> anyhow::Result<Vec<Option<&'static Mutation>>> {
    if names.is_empty() {
        return Ok(std::iter::once(None).chain(corpus::all().map(Some)).collect());
    }
    let find = |name: &String| {
        if name == NONE {
            return Ok(None);
        }
        let Some(mutation) = corpus::named(name) else {
            let known = corpus::all().map(|mutation| mutation.name).chain([NONE]);
            let help = closest(name, known)
                .map_or("`--list` shows all".to_owned(), |close| format!("did you mean `{close}`?"));
            bail!("there is no mutation `{}`; {help}", shown(name));
        };
        Ok(Some(mutation))
    };
    names.iter().map(find).collect()
}

/// Makes the folder; one that holds something is left alone unless that is wanted.
fn prepare(folder: &Path, force: bool) -> anyhow::Result<()> {
    let name = shown(&folder.display().to_string()).into_owned();
    fs::create_dir_all(folder).with_context(|| format!("{name} cannot be made"))?;
    let mut inside = fs::read_dir(folder).with_context(|| format!("{name} cannot be read"))?;
    if inside.next().is_some() && !force {
        bail!("{name} is not empty; --force writes into it all the same");
    }
    Ok(())
}

fn write(folder: &Path, made: &Made, entry: &Entry) -> anyhow::Result<()> {
    let is_upload = entry.trust.is_none();
    let files = [
        (Some(&entry.chain), Some(made.chain.as_slice()), is_upload),
        (entry.trust.as_ref(), made.trust.as_deref(), false),
        (entry.key.as_ref(), made.key.as_deref().map(str::as_bytes), true),
        (entry.leaf_key.as_ref(), made.leaf_key.as_deref().map(str::as_bytes), true),
    ];
    let place = folder.join("chains").join(&entry.name);
    fs::create_dir_all(&place).with_context(|| format!("{} cannot be made", place.display()))?;
    for (name, octets, may_hold_keys) in files {
        if let (Some(name), Some(octets)) = (name, octets) {
            put(folder, name, octets, may_hold_keys)?;
        }
    }
    Ok(())
}

/// Writes a file. Those that may hold keys are for nobody but their owner, as the rule on them wants.
fn put(folder: &Path, name: &str, octets: &[u8], may_hold_keys: bool) -> anyhow::Result<()> {
    let path = folder.join(name);
    let written = fs::write(&path, octets).and_then(|()| restrict(&path, may_hold_keys));
    written.with_context(|| format!("{} cannot be written", shown(&path.display().to_string())))
}

#[cfg(unix)]
fn restrict(path: &Path, is_wanted: bool) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    if is_wanted { fs::set_permissions(path, fs::Permissions::from_mode(0o600)) } else { Ok(()) }
}

#[cfg(not(unix))]
fn restrict(_: &Path, _: bool) -> std::io::Result<()> {
    Ok(())
}
