//! `pemlint rules test`: opens rules and examples, and prints what came of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::bail;

use super::{Status, check, inputs, selection, terminal};
use crate::cli::{RulesTestArgs, TestFormat};
use crate::engine::Part;
use crate::input::Options;
use crate::rule::{DEFAULT_PROFILE, Draft, Example, RuleSet, RuleSource, SetProfile};
use crate::trial::{self, Behaviour, Proof, Trial, Tried};

/// Runs the command.
///
/// # Errors
/// Where the configuration, a profile or a rule cannot be used.
pub(super) fn run(args: &RulesTestArgs) -> anyhow::Result<Status> {
    let working = check::working_directory()?;
    let now = check::instant(args.at.as_deref())?;
    let config = selection::load_config(args.config.as_deref(), &[], &working)?;
    let configured = config.profiles.first().map(|said| said.name.as_str());
    let profile = args.profile.as_deref().or(configured).unwrap_or(DEFAULT_PROFILE);
    let folders = args.dir.clone().map_or(config.rules, |dir| vec![dir]);
    if folders.is_empty() {
        bail!(
            "no rules to test: name a directory that holds SOURCE/NAME.toml, or list some under `rules` in pemlint.toml"
        );
    }
    let mut bench =
        Bench { sources: Vec::new(), folders: BTreeMap::new(), sets: BTreeMap::new(), now, working };
    for folder in &folders {
        bench.add(folder)?;
    }
    let trial = bench.run(profile)?;
    let text = match args.format {
        TestFormat::Text => trial::table(&trial),
        TestFormat::Json => serde_json::to_string_pretty(&trial::json(&trial))? + "\n",
        TestFormat::Junit => trial::junit(&trial),
    };
    terminal::print(text.as_bytes())?;
    Ok(status(&trial))
}

/// An example that cannot be used outweighs one that does not behave.
fn status(trial: &Trial) -> Status {
    if trial.numbers().unusable > 0 {
        Status::Error
    } else if trial.rules.iter().all(Tried::is_right) {
        Status::Clean
    } else {
        Status::Findings
    }
}

/// Rules of a user and what they are tried with.
struct Bench {
    sources: Vec<RuleSource>,
    /// The folder of each rule file, by the rule's id.
    folders: BTreeMap<String, PathBuf>,
    sets: BTreeMap<String, RuleSet>,
    now: i64,
    working: PathBuf,
}

impl Bench {
    fn add(&mut self, folder: &Path) -> anyhow::Result<()> {
        for source in selection::rule_files(folder, &self.working)? {
            let file = folder.join(&source.id);
            let beside = file.parent().unwrap_or(folder).to_owned();
            self.folders.insert(source.id.clone(), beside);
            self.sources.push(source);
        }
        Ok(())
    }

    /// The rules under a profile, loaded once.
    fn load(&mut self, profile: &str) -> anyhow::Result<()> {
        if !self.sets.contains_key(profile) {
            let read = selection::load_profile(&SetProfile::new(profile, "--profile"), &self.working)?;
            self.sets.insert(profile.to_owned(), trial::rules(read, self.sources.clone())?);
        }
        Ok(())
    }

    fn run(&mut self, profile: &str) -> anyhow::Result<Trial> {
        self.load(profile)?;
        let ids: Vec<&str> = self.sources.iter().map(|source| source.id.as_str()).collect();
        let own = |draft: &&Draft| ids.contains(&draft.source.id.as_str());
        let mut drafts: Vec<Draft> = self.sets[profile].drafts().filter(own).cloned().collect();
        drafts.sort_by(|left, right| left.source.id.cmp(&right.source.id));
        let wanted = drafts.iter().flat_map(|draft| &draft.examples).filter_map(|one| one.profile.clone());
        for profile in wanted.collect::<Vec<_>>() {
            self.load(&profile)?;
        }
        let mut proof = Proof::of(&drafts);
        let mut changed = BTreeMap::new();
        for profile in self.sets.keys() {
            let read = selection::load_profile(&SetProfile::new(profile, "--profile"), &self.working)?;
            changed.insert(profile.clone(), proof.set(&drafts, read)?);
        }
        let mut tried: Vec<Tried> = Vec::with_capacity(drafts.len());
        for draft in &drafts {
            let one = |example| self.example(draft, example, profile, &changed, &mut proof);
            tried.push(Tried { examples: draft.examples.iter().map(one).collect(), ..Tried::of(draft) });
        }
        let samples = trial::samples(self.now)?;
        let mut met = trial::meet(&samples, &self.sets[profile], self.now);
        for tried in &mut tried {
            tried.proven = proof.proven(&tried.rule);
            tried.met = met.remove(&tried.rule).unwrap_or_default();
        }
        let good = samples.iter().filter(|sample| sample.defect.is_none()).count();
        Ok(Trial { rules: tried, good, broken: samples.len() - good })
    }

    fn example(
        &self,
        draft: &Draft,
        example: &Example,
        profile: &str,
        changed: &BTreeMap<String, RuleSet>,
        proof: &mut Proof,
    ) -> trial::Example {
        let profile = example.profile.as_deref().unwrap_or(profile);
        let path = self.folders[&draft.source.id].join(&example.file);
        let given = inputs::open_in_order(&[path], Part::Checked, &self.working, &Options::default());
        let behaviour = match given.map(|given| given.into_iter().next()) {
            Ok(Some(given)) => {
                let now = example.at.unwrap_or(self.now);
                proof.meet(&draft.source.id, example.fails, &given, &changed[profile], now);
                trial::run(draft, example.fails, &given, &self.sets[profile], now)
            }
            Ok(None) => Behaviour::Unusable("there is no such file".into()),
            Err(error) => Behaviour::Unusable(format!("{error:#}")),
        };
        let (file, profile) = (example.file.clone(), profile.to_owned());
        trial::Example { file, fails: example.fails, profile, behaviour }
    }
}
