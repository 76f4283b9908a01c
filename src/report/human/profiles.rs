//! What the format for people says where there are several profiles: who asks for
//! what, and what was found under each.

use std::io;

use super::text::{counted, wrapped};
use super::{INDENT, Page};
use crate::finding::Finding;
use crate::report::ProfileSummary;
use crate::source::shown;

impl Page<'_> {
    /// The profiles that a finding is found under, with its level where that is a lower one.
    pub(super) fn asked_by(&self, finding: &Finding) -> String {
        let help = self.palette.help;
        let lead = "asked by";
        let is_like_all = finding.asked_by.iter().all(|one| one.severity == finding.severity);
        let names = if is_like_all && finding.asked_by.len() == self.report.profiles.len() {
            format!("all {} profiles", finding.asked_by.len())
        } else {
            let name = |level: &str, name: &str| match level {
                "" => shown(name).into_owned(),
                level => format!("{} ({level})", shown(name)),
            };
            let level = |one: &crate::finding::AskedBy| {
                if one.severity == finding.severity { "" } else { one.severity.name() }
            };
            let names = finding.asked_by.iter().map(|one| name(level(one), &one.name));
            names.collect::<Vec<_>>().join(", ")
        };
        let indent = " ".repeat(INDENT.len() + lead.len() + 2);
        format!("{INDENT}{help}{lead}{help:#}: {}", wrapped(&names, indent.len(), &indent))
    }

    /// One line for each of several profiles.
    pub(super) fn write_profiles(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let profiles = self.report.by_profile();
        let width = profiles.iter().map(|profile| profile.name.chars().count()).max().unwrap_or(0);
        for ProfileSummary { name, errors, warnings, infos } in profiles {
            let counts = [counted(errors, "error"), counted(warnings, "warning"), counted(infos, "info")];
            writeln!(out, "  {:width$}  {}", shown(&name), counts.join(", "))?;
        }
        Ok(())
    }
}
