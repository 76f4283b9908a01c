//! Which rules run: profile, rules of the user, levels from the command line
//! and from `pemlint.toml`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::cli::RuleArgs;
use crate::config::{self, Config};
use crate::limits;
use crate::rule::{
    DEFAULT_PROFILE, Level, Opened, Options, Profile, RuleSet, RuleSource, SetLevel, SetProfile,
};
use crate::source::shown_path;

/// The rules, and what else the configuration file says.
pub(super) struct Selection {
    /// A set for each profile, one at least.
    pub(super) sets: Vec<RuleSet>,
    pub(super) baseline: Option<PathBuf>,
    pub(super) password_file: Option<PathBuf>,
}

/// Loads the rules that arguments and configuration choose; `more` are levels
/// that count above all.
///
/// # Errors
/// Where a file cannot be read or is faulty.
pub(super) fn select(
    args: &RuleArgs,
    inputs: &[PathBuf],
    working: &Path,
    more: Vec<SetLevel>,
) -> anyhow::Result<Selection> {
    let config = load_config(args.config.as_deref(), inputs, working)?;
    let profiles = profiles(args, &config.profiles)
        .iter()
        .map(|said| load_profile(said, working))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let mut levels = config.levels;
    for rule in &args.ignore {
        levels.push(SetLevel::new(rule, Level::Off, "--ignore"));
    }
    for text in &args.level {
        levels.push(level(text)?);
    }
    levels.extend(more);
    let mut sources = Vec::new();
    for folder in config.rules.iter().chain(&args.dirs) {
        sources.extend(rule_files(folder, working)?);
    }
    let options = Options { sources, levels };
    let load = |profile| RuleSet::load(profile, options.clone());
    let sets = profiles.into_iter().map(load).collect::<Result<Vec<_>, _>>()?;
    Ok(Selection { sets, baseline: config.baseline, password_file: config.password_file })
}

/// The profiles that are named, each once: on the command line, else in the
/// configuration, else the default.
fn profiles(args: &RuleArgs, configured: &[SetProfile]) -> Vec<SetProfile> {
    let flags: Vec<SetProfile> = args.profile.iter().map(|name| SetProfile::new(name, "--profile")).collect();
    let said = if flags.is_empty() { configured } else { &flags };
    let mut profiles: Vec<SetProfile> = Vec::new();
    for one in said {
        if !profiles.iter().any(|known| known.name == one.name) {
            profiles.push(one.clone());
        }
    }
    if profiles.is_empty() {
        profiles.push(SetProfile::new(DEFAULT_PROFILE, "--profile"));
    }
    profiles
}

/// A profile of the binary by its name, or one of the user's own by its path.
pub(super) fn load_profile(said: &SetProfile, working: &Path) -> anyhow::Result<Profile> {
    let path = Path::new(&said.name);
    if path.extension().is_none_or(|ending| ending != "toml") {
        return Ok(Profile::set(said)?);
    }
    let Opened { name, path, text } = open_profile(path, working)
        .with_context(|| format!("the profile {} cannot be read", shown_path(path, working)))?;
    let open = |from: &str, named: &str| {
        let folder = working.join(from);
        let path = folder.parent().unwrap_or(working).join(named);
        // A file has one name, however it is reached.
        let path = fs::canonicalize(&path).unwrap_or(path);
        open_profile(&path, working).map_err(|error| format!("{error:#}"))
    };
    Ok(Profile::read_with(&name, &path, &text, &open)?)
}

fn open_profile(path: &Path, working: &Path) -> anyhow::Result<Opened> {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Opened { name: stem, path: shown_path(path, working), text: read_text(path)? })
}

fn level(text: &str) -> anyhow::Result<SetLevel> {
    let Some((rule, name)) = text.rsplit_once('=') else {
        bail!("--level {text}: write RULE=LEVEL, such as validity/expires-soon=error");
    };
    let Some(level) = Level::from_name(name) else {
        bail!("--level {text}: `{name}` is no level; there are off, info, warning and error");
    };
    Ok(SetLevel::new(rule, level, "--level"))
}

/// The configuration file that is named, or else found.
pub(super) fn load_config(
    named: Option<&Path>,
    inputs: &[PathBuf],
    working: &Path,
) -> anyhow::Result<Config> {
    let path = match named {
        Some(path) => path.to_owned(),
        None => match find_config(inputs, working)? {
            Some(path) => path,
            None => return Ok(Config::default()),
        },
    };
    let name = shown_path(&path, working);
    let text = read_text(&path).with_context(|| format!("{name} cannot be read"))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    Ok(Config::read(&name, &text, folder)?)
}

/// Seeks upwards from every input, for standard input from the working directory;
/// several inputs must lead to the same file.
fn find_config(inputs: &[PathBuf], working: &Path) -> anyhow::Result<Option<PathBuf>> {
    let mut found = BTreeSet::new();
    let stdin = [PathBuf::from("-")];
    for path in if inputs.is_empty() { &stdin } else { inputs } {
        let start = if path.as_os_str() == "-" { working.to_owned() } else { working.join(path) };
        let start = fs::canonicalize(&start).unwrap_or(start);
        let folders = start.ancestors().skip(usize::from(!start.is_dir()));
        let nearest = folders.map(|folder| folder.join(config::NAME)).find(|path| path.is_file());
        found.extend(nearest);
    }
    if found.len() > 1 {
        let names: Vec<String> = found.iter().map(|path| shown_path(path, working)).collect();
        bail!(
            "the inputs lie below several configuration files ({}); choose one with --config",
            names.join(", ")
        );
    }
    Ok(found.pop_first())
}

/// The rule files below a folder, sorted.
pub(super) fn rule_files(folder: &Path, working: &Path) -> anyhow::Result<Vec<RuleSource>> {
    if !folder.is_dir() {
        bail!("{} is no directory; --rules wants one that holds SOURCE/NAME.toml", folder.display());
    }
    let mut sources = Vec::new();
    for entry in walkdir::WalkDir::new(folder).max_depth(limits::DIRECTORY_DEPTH).sort_by_file_name() {
        let entry = entry.with_context(|| format!("{} cannot be read", folder.display()))?;
        let path = entry.path();
        if !entry.file_type().is_file() || path.extension().is_none_or(|ending| ending != "toml") {
            continue;
        }
        let id = path.strip_prefix(folder).unwrap_or(path).with_extension("");
        let id = id.to_string_lossy().replace('\\', "/");
        if id.starts_with("profiles/") {
            continue;
        }
        let name = shown_path(path, working);
        let text = read_text(path).with_context(|| format!("{name} cannot be read"))?;
        sources.push(RuleSource { id, path: name.into(), text: text.into() });
    }
    if sources.is_empty() {
        bail!("there is no rule (SOURCE/NAME.toml) below {}", folder.display());
    }
    Ok(sources)
}

/// Reads a text file of bounded size.
pub(super) fn read_text(path: &Path) -> anyhow::Result<String> {
    if fs::metadata(path)?.len() > limits::RULE_FILE_OCTETS {
        bail!("it is larger than {} octets", limits::RULE_FILE_OCTETS);
    }
    Ok(fs::read_to_string(path)?)
}
