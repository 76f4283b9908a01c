//! `pemlint.toml` and baseline files: what they say, checked, with places.
//! Reads texts; finding and opening the files is the command's.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::document::{Diagnostic, Diagnostics, File};
use crate::facts::time::from_rfc3339;
use crate::finding::Finding;
use crate::rule::{Level, SetLevel, SetProfile};

/// What a configuration file says.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The profiles, with the places of their names.
    pub profiles: Vec<SetProfile>,
    /// Levels, with the places of the rules that they name.
    pub levels: Vec<SetLevel>,
    /// Directories with rules, relative to the file.
    pub rules: Vec<PathBuf>,
    /// Baseline, relative to the file.
    pub baseline: Option<PathBuf>,
    /// File that holds a password, relative to the file.
    pub password_file: Option<PathBuf>,
}

/// Name of the file that is sought.
pub const NAME: &str = "pemlint.toml";

impl Config {
    /// Reads a configuration file of the folder `folder`.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(path: &str, text: &str, folder: &Path) -> Result<Self, Diagnostics> {
        let mut file = File::new(path, text);
        let mut config = Self::default();
        let set = |rule, level, range| SetLevel { rule, level, path: path.into(), text: text.into(), range };
        if let Some(mut table) = file.root() {
            config.profiles = file
                .text_or_texts(&mut table, "profile")
                .into_iter()
                .map(|name| SetProfile {
                    name: name.value,
                    path: path.into(),
                    text: text.into(),
                    range: name.span,
                })
                .collect();
            config.rules =
                file.texts(&mut table, "rules").into_iter().map(|dir| folder.join(dir.value)).collect();
            config.baseline = file.text(&mut table, "baseline").map(|baseline| folder.join(baseline.value));
            config.password_file = file.text(&mut table, "passwordFile").map(|path| folder.join(path.value));
            for rule in file.texts(&mut table, "ignore") {
                config.levels.push(set(rule.value, Level::Off, rule.span));
            }
            if let Some(levels) = file.table(&mut table, "levels") {
                for (span, rule, value) in levels.rest() {
                    let level = Level::read(&mut file, &rule, &value);
                    config.levels.extend(level.map(|level| set(rule, level, span)));
                }
            }
            file.finish(table, "pemlint.toml");
        }
        if file.errors.is_empty() { Ok(config) } else { Err(Diagnostics::new(file.errors)) }
    }
}

/// Findings that are known and accepted.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    entries: BTreeMap<String, Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    rule: String,
    reason: String,
    until: Option<String>,
}

impl Baseline {
    /// Reads a baseline file.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(path: &str, text: &str) -> Result<Self, Diagnostics> {
        let mut file = File::new(path, text);
        let mut entries = BTreeMap::new();
        if let Some(mut table) = file.root() {
            for mut entry in file.tables(&mut table, "finding") {
                let fingerprint =
                    file.required_text(&mut entry, "fingerprint", "as JSON and SARIF reports give it");
                let rule = file.text(&mut entry, "rule");
                // For people; the fingerprint says where.
                let _ = file.text(&mut entry, "path");
                let reason = file.required_text(&mut entry, "reason", "why the finding is accepted");
                let until = file.text(&mut entry, "until");
                if let Some(until) = until.as_ref().filter(|until| from_rfc3339(&until.value).is_none()) {
                    file.errors.push(Diagnostic {
                        name: "bad-date",
                        path: path.to_owned(),
                        text: text.to_owned(),
                        range: until.span.clone(),
                        message: format!("`{}` is no date", until.value),
                        help: Some("write 2027-01-31 or an instant of RFC 3339".into()),
                    });
                }
                file.finish(entry, "a baseline entry");
                if let (Some(fingerprint), Some(reason)) = (fingerprint, reason) {
                    let value =
                        |text: Option<crate::document::Text>| text.map(|text| text.value).unwrap_or_default();
                    entries.insert(
                        fingerprint.value,
                        Entry {
                            rule: value(rule),
                            reason: reason.value,
                            until: until.map(|until| until.value),
                        },
                    );
                }
            }
            file.finish(table, "a baseline file");
        }
        if file.errors.is_empty() { Ok(Self { entries }) } else { Err(Diagnostics::new(file.errors)) }
    }

    /// Marks the findings that it lists and says which of its entries match
    /// nothing or have run out by `now`.
    #[must_use]
    pub fn apply(&self, findings: &mut [Finding], now: i64) -> Vec<String> {
        let mut matched: BTreeMap<&str, bool> =
            self.entries.keys().map(|key| (key.as_str(), false)).collect();
        for finding in findings {
            let Some((fingerprint, entry)) = self.entries.get_key_value(&finding.fingerprint) else {
                continue;
            };
            matched.insert(fingerprint, true);
            if entry.is_valid(now) {
                finding.suppressed = Some(entry.reason.clone());
            }
        }
        let mut stale = Vec::new();
        for (fingerprint, found) in matched {
            let entry = &self.entries[fingerprint];
            let name = if entry.rule.is_empty() { fingerprint } else { &entry.rule };
            if !found {
                stale.push(format!("the entry for {name} ({fingerprint}) matches nothing any more"));
            } else if !entry.is_valid(now) {
                let until = entry.until.as_deref().unwrap_or_default();
                stale.push(format!("the entry for {name} ({fingerprint}) ran out on {until}"));
            }
        }
        stale
    }

    /// How many findings it lists.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it lists none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The text of a baseline that lists all findings, with the reasons and dates
    /// of those that were listed before.
    #[must_use]
    pub fn write(&self, findings: &[Finding]) -> String {
        let mut text = String::from(
            "# Findings that are known and accepted; `pemlint check --baseline FILE` leaves them out.\n",
        );
        let mut written = Vec::new();
        for finding in findings {
            if written.contains(&&finding.fingerprint) {
                continue;
            }
            written.push(&finding.fingerprint);
            let known = self.entries.get(&finding.fingerprint);
            let reason = known.map_or("not judged yet", |entry| entry.reason.as_str());
            let _ = write!(
                text,
                "\n[[finding]]\nfingerprint = {}\nrule = {}\npath = {}\nreason = {}\n",
                quoted(&finding.fingerprint),
                quoted(&finding.rule),
                quoted(&finding.path),
                quoted(reason)
            );
            if let Some(until) = known.and_then(|entry| entry.until.as_deref()) {
                let _ = writeln!(text, "until = {}", quoted(until));
            }
        }
        text
    }
}

impl Entry {
    /// A date alone lasts to its end.
    fn is_valid(&self, now: i64) -> bool {
        let Some(until) = &self.until else {
            return true;
        };
        let end =
            from_rfc3339(until).map(|instant| if until.len() == 10 { instant + 86_399 } else { instant });
        end.is_some_and(|end| now <= end)
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
