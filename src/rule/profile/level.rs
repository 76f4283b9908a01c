//! Levels of rules: their names, and where a user has set one.

use std::ops::Range;

use serde_spanned::Spanned;
use toml::de::DeValue;

use crate::document::File;
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
