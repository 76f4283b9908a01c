//! Profiles: which rules run, at which level, with which parameters. A profile may
//! extend another, so it is a pile of layers: what it says itself, below it what it
//! inherits.

mod level;
mod read;

use std::collections::BTreeMap;
use std::ops::Range;

use super::embedded;
use crate::client::Asked;
use crate::document::Diagnostics;
use crate::expr::Param;
use crate::finding::Severity;
pub use level::{Level, SetLevel};
pub use read::{Opened, SetProfile};

/// A profile.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// One line on what it is for.
    pub title: String,
    /// Why it is as it is, markdown.
    pub why: String,
    /// What it asks for beyond others, in a few words; empty where that is not said.
    pub asks: String,
    /// The documents that it rests on.
    pub references: Vec<Source>,
    /// Whether every certificate of an input is taken for a CA.
    pub every_certificate_is_ca: bool,
    /// Whether a bundle without its root is what it should be: clients that want the root are
    /// not asked about it.
    pub chain_may_be_incomplete: bool,
    /// Clients whose verdicts are predicted.
    pub clients: Vec<String>,
    /// What it says itself, then what the profile that it extends says, and so on.
    pub layers: Vec<Layer>,
}

/// A document that a profile rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name.
    pub document: String,
    /// Its date or version, if it has one.
    pub date: Option<String>,
    /// Its address.
    pub url: Option<String>,
}

impl Source {
    /// The document with its date.
    #[must_use]
    pub fn text(&self) -> String {
        let date = self.date.as_ref().map(|date| format!(" ({date})")).unwrap_or_default();
        format!("{}{date}", self.document)
    }
}

/// What one profile file says of rules.
#[derive(Clone, Debug)]
pub struct Layer {
    /// The name of the profile.
    pub name: String,
    /// Levels by the id of a rule, or by `SOURCE/*` for all rules of a source.
    pub levels: BTreeMap<String, (Level, Range<usize>)>,
    /// Parameters that differ from those below, by rule.
    pub params: RuleParams,
    pub(super) path: String,
    pub(super) text: String,
}

/// Parameters by rule and name, with the octets that set them.
type RuleParams = BTreeMap<String, BTreeMap<String, (Param, Range<usize>)>>;

/// Name of the profile that is used when none is named.
pub const DEFAULT: &str = "cloudflare-byopki";

/// What a level is set for that is set for all rules of a source.
const EVERY: &str = "/*";

/// Names of the profiles in the binary, sorted.
#[must_use]
pub fn profile_names() -> Vec<&'static str> {
    embedded::PROFILES.iter().map(|(name, _)| *name).collect()
}

impl Layer {
    /// The level that it sets for a rule: by its id, else by its source.
    #[must_use]
    pub fn level(&self, rule: &str) -> Option<Level> {
        let of_source = || {
            let (source, _) = rule.split_once('/')?;
            self.levels.get(&format!("{source}{EVERY}"))
        };
        self.levels.get(rule).or_else(of_source).map(|(level, _)| *level)
    }

    /// The source of a key of `levels` that stands for all rules of a source.
    #[must_use]
    pub fn source_of(key: &str) -> Option<&str> {
        key.strip_suffix(EVERY)
    }
}

impl Profile {
    /// Reads a profile of the binary.
    ///
    /// # Errors
    /// Where there is none of that name.
    pub fn named(name: &str) -> Result<Self, Diagnostics> {
        Self::set(&SetProfile::new(name, "--profile"))
    }

    /// Reads the profile of the binary that a flag or a file names.
    ///
    /// # Errors
    /// Where there is none of that name, at the place of the name.
    pub fn set(said: &SetProfile) -> Result<Self, Diagnostics> {
        let (path, text) = said.embedded()?;
        Self::read(&said.name, &path, &text)
    }

    /// Reads a profile from its text. It can extend those of the binary.
    ///
    /// # Errors
    /// Everything that is wrong with its keys and values.
    pub fn read(name: &str, path: &str, text: &str) -> Result<Self, Diagnostics> {
        Self::read_with(name, path, text, &|_, _| Err("no file can be opened here".to_owned()))
    }

    /// As [`Self::read`], for a profile that may extend files: `open` gives the file
    /// that the first path names in its `extends`, the second.
    ///
    /// # Errors
    /// Everything that is wrong with the keys and values of one of the files.
    pub fn read_with(
        name: &str,
        path: &str,
        text: &str,
        open: &dyn Fn(&str, &str) -> Result<Opened, String>,
    ) -> Result<Self, Diagnostics> {
        read::read(Opened { name: name.to_owned(), path: path.to_owned(), text: text.to_owned() }, open)
    }

    /// The clients whose verdicts are wanted, in the order of the file.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        self.clients.iter().filter_map(|name| Asked::named(name).ok()).collect()
    }

    /// Gives a parameter of a rule another value.
    pub fn set_param(&mut self, rule: &str, name: &str, value: Param) {
        if let Some(own) = self.layers.first_mut() {
            let params: &mut BTreeMap<_, _> = own.params.entry(rule.to_owned()).or_default();
            params.insert(name.to_owned(), (value, 0..0));
        }
    }

    /// The value that it gives a parameter of a rule, if it gives one.
    #[must_use]
    pub fn param(&self, rule: &str, name: &str) -> Option<&Param> {
        let of_layer = |layer: &'_ Layer| layer.params.get(rule).is_some_and(|said| said.contains_key(name));
        let layer = self.layers.iter().find(|layer| of_layer(layer))?;
        layer.params.get(rule)?.get(name).map(|(value, _)| value)
    }

    /// The level that it sets for a rule, if it sets one.
    #[must_use]
    pub fn said(&self, rule: &str) -> Option<Level> {
        self.layers.iter().find_map(|layer| layer.level(rule))
    }

    /// Level of a rule whose own severity is `severity`.
    #[must_use]
    pub fn level(&self, rule: &str, severity: Severity) -> Level {
        self.said(rule).unwrap_or(Level::On(severity))
    }
}
