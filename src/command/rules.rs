//! `pemlint rules`.

use std::fmt::Write as _;

use serde_json::json;

use super::{Status, check, rules_new, rules_test, selection, terminal};
use crate::cli::{ListFormat, RulesArgs, RulesCommand};
use crate::rule::{self, Draft, RuleSet};
use crate::source::shown;

/// Runs the command.
///
/// # Errors
/// Where the rules cannot be loaded, or a command below it cannot do its work.
pub(super) fn run(args: &RulesArgs) -> anyhow::Result<Status> {
    match &args.command {
        Some(RulesCommand::Test(args)) => return rules_test::run(args),
        Some(RulesCommand::New(args)) => return rules_new::run(args),
        None => {}
    }
    let working = check::working_directory()?;
    let set = selection::select(&args.rules, &[], &working, Vec::new())?.rules;
    let wanted = args.filter.as_deref().unwrap_or("").to_lowercase();
    let mut drafts: Vec<&Draft> = set
        .drafts()
        .filter(|draft| draft.source.id.contains(&wanted) || draft.title.to_lowercase().contains(&wanted))
        .collect();
    drafts.sort_by(|left, right| left.source.id.cmp(&right.source.id));
    let text = match args.format {
        ListFormat::Text => table(&set, &drafts, &wanted),
        ListFormat::Json => listing(&set, &drafts)?,
    };
    terminal::print(text.as_bytes())?;
    Ok(Status::Clean)
}

/// Level of a rule under the profile of the set.
fn level(set: &RuleSet, draft: &Draft) -> &'static str {
    let running = set.rules.iter().find(|rule| rule.draft.source.id == draft.source.id);
    running.map_or("off", |rule| rule.severity.name())
}

fn table(set: &RuleSet, drafts: &[&Draft], wanted: &str) -> String {
    if drafts.is_empty() {
        return format!("no rule has `{}` in its id or title\n", shown(wanted));
    }
    let mut text = String::new();
    let width = drafts.iter().map(|draft| draft.source.id.len()).max().unwrap_or(0);
    for draft in drafts {
        let _ = writeln!(
            text,
            "{:width$}  {:7}  {:11}  {}",
            draft.source.id,
            level(set, draft),
            draft.subject.name(),
            draft.title
        );
    }
    let running = drafts.iter().filter(|draft| level(set, draft) != "off").count();
    let noun = if drafts.len() == 1 { "rule" } else { "rules" };
    let _ = writeln!(
        text,
        "\n{} {noun}, {running} of them run under the profile {}",
        drafts.len(),
        set.profile.name
    );
    text
}

fn listing(set: &RuleSet, drafts: &[&Draft]) -> anyhow::Result<String> {
    let rules: Vec<_> = drafts
        .iter()
        .map(|draft| {
            json!({
                "id": draft.source.id,
                "title": draft.title,
                "severity": draft.severity,
                "level": level(set, draft),
                "subject": draft.subject.name(),
                "references": draft.references.iter().map(rule::Reference::text).collect::<Vec<_>>(),
                "openssl": draft.openssl,
                "why": draft.why.trim(),
                "fix": draft.fix.value.trim(),
                "page": rule::page(&draft.source.id),
            })
        })
        .collect();
    Ok(serde_json::to_string_pretty(&json!({"profile": set.profile.name, "rules": rules}))? + "\n")
}
