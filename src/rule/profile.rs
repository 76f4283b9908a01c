//! Profiles: which rules run, at which level, with which parameters.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_spanned::Spanned;
use toml::de::DeValue;

use super::draft::{param, wrong_param};
use super::embedded;
use crate::client::Asked;
use crate::document::{Diagnostic, Diagnostics, File, Table, closest};
use crate::expr::Param;
use crate::finding::Severity;

/// What a profile makes of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It does not run.
    Off,
    /// It runs at this severity.
    On(Severity),
}

impl Level {
    /// Reads `off`, `info`, `warning` or `error`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "off" => Self::Off,
            "info" => Self::On(Severity::Info),
            "warning" => Self::On(Severity::Warning),
            "error" => Self::On(Severity::Error),
            _ => return None,
        })
    }

    /// Reads the level that a file gives a rule.
    pub fn read(file: &mut File<'_>, rule: &str, value: &Spanned<DeValue<'_>>) -> Option<Self> {
        let name = value.get_ref().as_str();
        let level = name.and_then(Self::from_name);
        if level.is_none() {
            let message = name.map_or_else(
                || format!("the level of `{rule}` must be a string"),
                |name| format!("`{name}` is no level for `{rule}`"),
            );
            let help = Some(format!("one of {}", LEVEL_NAMES.join(", ")));
            file.fail("unknown-value", value.span(), message, help);
        }
        level
    }
}

/// A level that a user gives a rule, and where it was written.
#[derive(Clone, Debug)]
pub struct SetLevel {
    /// Id of the rule.
    pub rule: String,
    /// What becomes of it.
    pub level: Level,
    /// The file, or the flag of the command line.
    pub path: String,
    /// The text of the file, or the value of the flag.
    pub text: String,
    /// The octets of the text that name the rule.
    pub range: Range<usize>,
}

impl SetLevel {
    /// A level that `place`, a flag of the command line, gives a rule.
    #[must_use]
    pub fn new(rule: &str, level: Level, place: &str) -> Self {
        Self {
            rule: rule.to_owned(),
            level,
            path: place.to_owned(),
            text: rule.to_owned(),
            range: 0..rule.len(),
        }
    }
}

/// Names of levels, for messages.
const LEVEL_NAMES: [&str; 4] = ["off", "info", "warning", "error"];

/// A profile.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// One line on what it is for.
    pub title: String,
    /// Why it is as it is.
    pub why: String,
    /// Whether every certificate of an input is taken for a CA.
    pub every_certificate_is_ca: bool,
    /// Clients whose verdicts are predicted.
    pub clients: Vec<String>,
    /// Levels that differ from the rules' own.
    pub levels: BTreeMap<String, (Level, Range<usize>)>,
    /// Parameters that differ from the rules' defaults, by rule.
    pub params: BTreeMap<String, BTreeMap<String, (Param, Range<usize>)>>,
    pub(super) path: String,
    pub(super) text: String,
}

/// Name of the profile that is used when none is named.
pub const DEFAULT: &str = "cloudflare-byopki";

/// Names of the profiles in the binary, sorted.
#[must_use]
pub fn profile_names() -> Vec<&'static str> {
    embedded::PROFILES.iter().map(|(name, _)| *name).collect()
}

impl Profile {
    /// Reads a profile of the binary.
    ///
    /// # Errors
    /// Where there is none of that name.
    pub fn named(name: &str) -> Result<Self, Diagnostics> {
        let Some((_, text)) = embedded::PROFILES.iter().find(|(known, _)| *known == name) else {
            let names = profile_names();
            let help = closest(name, names.iter().copied()).map_or_else(
                || format!("there are {}", names.join(", ")),
                |close| format!("did you mean `{close}`?"),
            );
            return Err(Diagnostics {
                errors: vec![Diagnostic {
                    name: "unknown-profile",
                    path: "--profile".into(),
                    text: name.to_owned(),
                    range: 0..name.len(),
                    message: format!("there is no profile `{name}`"),
                    help: Some(help),
                }],
            });
        };
        Self::read(name, &format!("rules/profiles/{name}.toml"), text)
    }

    /// Reads a profile from its text.
    ///
    /// # Errors
    /// Everything that is wrong with its keys and values.
    pub fn read(name: &str, path: &str, text: &str) -> Result<Self, Diagnostics> {
        let mut file = File::new(path, text);
        let profile = file.root().and_then(|table| read(&mut file, table, name));
        match profile {
            Some(profile) if file.errors.is_empty() => Ok(profile),
            _ => Err(Diagnostics::new(file.errors)),
        }
    }

    /// The clients whose verdicts are wanted, in the order of the file.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        self.clients.iter().filter_map(|name| Asked::named(name).ok()).collect()
    }

    /// Gives a parameter of a rule another value.
    pub fn set_param(&mut self, rule: &str, name: &str, value: Param) {
        let params: &mut BTreeMap<_, _> = self.params.entry(rule.to_owned()).or_default();
        params.insert(name.to_owned(), (value, 0..0));
    }

    /// The value that it gives a parameter of a rule, if it gives one.
    #[must_use]
    pub fn param(&self, rule: &str, name: &str) -> Option<&Param> {
        self.params.get(rule)?.get(name).map(|(value, _)| value)
    }

    /// Level of a rule whose own severity is `severity`.
    #[must_use]
    pub fn level(&self, rule: &str, severity: Severity) -> Level {
        self.levels.get(rule).map_or(Level::On(severity), |(level, _)| *level)
    }
}

fn read<'t>(file: &mut File<'t>, mut table: Table<'t>, name: &str) -> Option<Profile> {
    let title = file.required_text(&mut table, "title", "one line on what the profile is for");
    let why = file.required_text(&mut table, "why", "why it is as it is");
    let every_certificate_is_ca = file.boolean(&mut table, "everyCertificateIsCa").unwrap_or(false);
    let clients = read_clients(file, &mut table);
    let levels = file.table(&mut table, "levels").map(|levels| read_levels(file, levels)).unwrap_or_default();
    let params = file.table(&mut table, "params").map(|params| read_params(file, params)).unwrap_or_default();
    let (path, text) = (file.path.to_owned(), file.text.to_owned());
    file.finish(table, "a profile");
    Some(Profile {
        name: name.to_owned(),
        title: title?.value,
        why: why?.value,
        every_certificate_is_ca,
        clients,
        levels,
        params,
        path,
        text,
    })
}

fn read_clients<'t>(file: &mut File<'t>, table: &mut Table<'t>) -> Vec<String> {
    let texts = file.texts(table, "clients");
    for text in texts.iter().filter(|text| Asked::named(&text.value).is_err()) {
        let names = Asked::names();
        let help = closest(&text.value, names.iter().copied()).map_or_else(
            || format!("there are {}", names.join(", ")),
            |close| format!("did you mean `{close}`?"),
        );
        let message = format!("there is no client `{}`", text.value);
        file.fail("unknown-value", text.span.clone(), message, Some(help));
    }
    texts.into_iter().map(|text| text.value).collect()
}

fn read_levels(file: &mut File<'_>, table: Table<'_>) -> BTreeMap<String, (Level, Range<usize>)> {
    let mut levels = BTreeMap::new();
    for (span, rule, value) in table.rest() {
        if let Some(level) = Level::read(file, &rule, &value) {
            levels.insert(rule, (level, span));
        }
    }
    levels
}

type RuleParams = BTreeMap<String, BTreeMap<String, (Param, Range<usize>)>>;

fn read_params(file: &mut File<'_>, table: Table<'_>) -> RuleParams {
    let mut params = RuleParams::new();
    for (span, rule, value) in table.rest() {
        let Some(inner) = value.get_ref().as_table() else {
            let help = format!("write them below [params.\"{rule}\"]");
            file.fail("wrong-type", span, format!("the parameters of `{rule}` must be a table"), Some(help));
            continue;
        };
        for (name, value) in inner {
            match param(value) {
                Ok(param) => {
                    let range = name.span().start..value.span().end;
                    let of_rule: &mut BTreeMap<_, _> = params.entry(rule.clone()).or_default();
                    of_rule.insert(name.get_ref().to_string(), (param, range));
                }
                Err(span) => wrong_param(file, name.get_ref(), span),
            }
        }
    }
    params
}
