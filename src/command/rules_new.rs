//! `pemlint rules new`: writes a rule that works, with the examples that prove it.

mod examples;

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::{Status, check, terminal};
use crate::cli::RulesNewArgs;
use crate::rule::{Subject, embedded_drafts};
use crate::source::{shown, shown_path};

/// What stands in the templates for the last part of the id.
const NAME: &str = "NAME";

/// Runs the command.
///
/// # Errors
/// Where the id cannot be one, a file is there already or cannot be written.
pub(super) fn run(args: &RulesNewArgs) -> anyhow::Result<Status> {
    let working = check::working_directory()?;
    let name = check_id(&args.id)?;
    let subject = Subject::ALL.into_iter().find(|subject| subject.name() == args.subject);
    let subject = subject.context("the subject is checked with the arguments")?;
    let rule = args.dir.join(format!("{}.toml", args.id));
    let folder = args.dir.join(&args.id);
    let (fails, passes) = examples::of(subject).context("the examples cannot be made")?;
    let files = [
        (rule.clone(), template(subject).replace(NAME, name)),
        (folder.join("fails.pem"), fails),
        (folder.join("passes.pem"), passes),
    ];
    if let Some((path, _)) = files.iter().find(|(path, _)| path.exists()) {
        bail!("{} is there already; nothing was written", shown_path(path, &working));
    }
    let mut told = String::new();
    for (path, text) in &files {
        let shown = shown_path(path, &working);
        write(path, text).with_context(|| format!("{shown} cannot be written"))?;
        let _ = writeln!(told, "wrote {shown}");
    }
    told += &next(subject, &shown_path(&rule, &working), &shown_path(&args.dir, &working));
    terminal::print(told.as_bytes())?;
    Ok(Status::Clean)
}

/// The last part of an id that a rule of a user may have.
fn check_id(id: &str) -> anyhow::Result<&str> {
    let is_word = |part: &str| {
        let is_sign = |octet: u8| octet.is_ascii_lowercase() || octet.is_ascii_digit() || octet == b'-';
        !part.is_empty() && part.bytes().all(is_sign)
    };
    let parts = id.split_once('/').filter(|(source, name)| is_word(source) && is_word(name));
    let Some((source, name)) = parts else {
        bail!(
            "`{}` is no id of a rule; write SOURCE/NAME in lower-case letters, digits and hyphens, such as \
             acme/lives-too-long",
            shown(id)
        );
    };
    if source == "profiles" {
        bail!("`profiles` is where profiles stand; give the source of the rule another name");
    }
    if embedded_drafts()?.iter().any(|draft| draft.source.id == id) {
        bail!("there is a rule {id} already; `pemlint explain {id}` shows it");
    }
    Ok(name)
}

fn template(subject: Subject) -> &'static str {
    match subject {
        Subject::Certificate => include_str!("rules_new/certificate.toml"),
        Subject::Link => include_str!("rules_new/link.toml"),
        Subject::Bundle => include_str!("rules_new/bundle.toml"),
        Subject::Key => include_str!("rules_new/key.toml"),
        Subject::Block => include_str!("rules_new/block.toml"),
        Subject::File => include_str!("rules_new/file.toml"),
    }
}

/// Writes a file that is not there yet, for its owner alone: it may hold a key.
fn write(path: &PathBuf, text: &str) -> anyhow::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new("")))?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let is_rule = path.extension().is_some_and(|ending| ending == "toml");
        options.mode(if is_rule { 0o666 } else { 0o600 });
    }
    Ok(options.open(path)?.write_all(text.as_bytes())?)
}

fn next(subject: Subject, rule: &str, folder: &str) -> String {
    let root = subject.roots()[0];
    format!(
        "\nNext:\n  1. change what {rule} checks and says; `pemlint explain {root}` lists the facts\n  2. put files \
         of your own in place of the examples, each as near to the line as can be\n  3. pemlint rules test \
         {folder}\n  4. pemlint check chain.pem --rules {folder}, or rules = [\"{folder}\"] in pemlint.toml\n"
    )
}
