//! The ledger: differences between verifiers and references that are known, each with its reason.

use super::{Case, Verifier};
use crate::document::{Diagnostic, Diagnostics, File, Table, Text};

/// Differences that are known.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// In the order of the file.
    pub entries: Vec<Known>,
}

/// A difference that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Name of the verifier.
    pub verifier: String,
    /// What it is about.
    pub about: About,
    /// Why the verifier differs.
    pub reason: String,
}

/// What an entry of a ledger is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// All cases with a defect or a feature.
    Group(String),
    /// One case.
    Case(String),
}

/// What an entry must say.
const ABOUT: &str = "name one `defect`, one `feature` or one `case`";

impl Ledger {
    /// Reads a ledger.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(path: &str, text: &str) -> Result<Self, Diagnostics> {
        let mut file = File::new(path, text);
        let mut entries = Vec::new();
        if let Some(mut table) = file.root() {
            for entry in file.tables(&mut table, "known") {
                entries.extend(read_entry(&mut file, entry, path, text));
            }
            file.finish(table, "a ledger");
        }
        if file.errors.is_empty() { Ok(Self { entries }) } else { Err(Diagnostics::new(file.errors)) }
    }

    /// The entry for a difference of a verifier on a case.
    #[must_use]
    pub fn known(&self, verifier: &Verifier, case: &Case) -> Option<&Known> {
        self.entries.iter().find(|known| known.verifier == verifier.name && known.is_about(case))
    }
}

fn read_entry<'t>(file: &mut File<'t>, mut entry: Table<'t>, path: &str, text: &str) -> Option<Known> {
    let verifier = file.required_text(&mut entry, "verifier", "the verifier, as the table names it");
    let reason = file.required_text(&mut entry, "reason", "why the verifier differs");
    let group = |text: Text| (text.span, About::Group(text.value));
    let mut abouts: Vec<_> = Vec::new();
    abouts.extend(file.text(&mut entry, "defect").map(group));
    abouts.extend(file.text(&mut entry, "feature").map(group));
    abouts.extend(file.text(&mut entry, "case").map(|text| (text.span, About::Case(text.value))));
    if abouts.is_empty() {
        file.missing(&entry, "defect", ABOUT);
    }
    if let Some((range, _)) = abouts.get(1) {
        file.errors.push(Diagnostic {
            name: "ledger-two-subjects",
            path: path.to_owned(),
            text: text.to_owned(),
            range: range.clone(),
            message: "this entry is about two things".into(),
            help: Some(ABOUT.into()),
        });
    }
    file.finish(entry, "an entry of a ledger");
    let (_, about) = abouts.into_iter().next()?;
    Some(Known { verifier: verifier?.value, about, reason: reason?.value })
}

impl Known {
    /// Whether it is about a case.
    #[must_use]
    pub fn is_about(&self, case: &Case) -> bool {
        match &self.about {
            About::Group(name) => case.groups.contains(name),
            About::Case(name) => case.name == *name,
        }
    }

    /// What it is about, in words.
    #[must_use]
    pub fn subject(&self) -> &str {
        let (About::Group(name) | About::Case(name)) = &self.about;
        name
    }
}
