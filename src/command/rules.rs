//! `pemlint rules`.

use std::fmt::Write as _;

use anyhow::Context as _;
use serde_json::json;

use super::{Status, check, rules_new, rules_test, selection, terminal};
use crate::cli::{ListFormat, RulesArgs, RulesCommand};
use crate::facts::time::rfc3339;
use crate::finding::Severity;
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
    let sets = selection::select(&args.rules, &[], &working, Vec::new())?.sets;
    let set = sets.first().context("there is no profile")?;
    let wanted = args.filter.as_deref().unwrap_or("").to_lowercase();
    let mut drafts: Vec<&Draft> = set
        .drafts()
        .filter(|draft| draft.source.id.contains(&wanted) || draft.title.to_lowercase().contains(&wanted))
        .collect();
    drafts.sort_by(|left, right| left.source.id.cmp(&right.source.id));
    let text = match args.format {
        ListFormat::Text => table(&sets, &drafts, &wanted),
        ListFormat::Json => listing(&sets, &drafts)?,
    };
    terminal::print(text.as_bytes())?;
    Ok(Status::Clean)
}

/// Level of a rule under the profile of the set.
fn level(set: &RuleSet, draft: &Draft) -> &'static str {
    let running = set.rules.iter().find(|rule| rule.draft.source.id == draft.source.id);
    running.map_or("off", |rule| rule.severity.name())
}

/// One column of levels for each profile.
fn table(sets: &[RuleSet], drafts: &[&Draft], wanted: &str) -> String {
    if drafts.is_empty() {
        return format!("no rule has `{}` in its id or title\n", shown(wanted));
    }
    let mut text = String::new();
    let width = drafts.iter().map(|draft| draft.source.id.len()).max().unwrap_or(0);
    for draft in drafts {
        let levels = sets.iter().map(|set| format!("{:7}", level(set, draft)));
        let _ = writeln!(
            text,
            "{:width$}  {}  {:11}  {}",
            draft.source.id,
            levels.collect::<Vec<_>>().join("  "),
            draft.subject.name(),
            draft.title
        );
    }
    let noun = if drafts.len() == 1 { "rule" } else { "rules" };
    let running = sets.iter().map(|set| {
        let running = drafts.iter().filter(|draft| level(set, draft) != "off").count();
        format!("{running} of them run under the profile {}", set.profile.name)
    });
    let _ = writeln!(text, "\n{} {noun}, {}", drafts.len(), running.collect::<Vec<_>>().join(", "));
    text
}

fn listing(sets: &[RuleSet], drafts: &[&Draft]) -> anyhow::Result<String> {
    let names: Vec<&str> = sets.iter().map(|set| set.profile.name.as_str()).collect();
    let rules: Vec<_> = drafts.iter().map(|draft| described(sets, draft)).collect();
    Ok(serde_json::to_string_pretty(&json!({"profile": names.join(", "), "rules": rules}))? + "\n")
}

/// A rule; under several profiles `level` is the highest, and `levels` has each.
fn described(sets: &[RuleSet], draft: &Draft) -> serde_json::Value {
    let of = |set: &RuleSet| {
        set.rules.iter().find(|rule| rule.draft.source.id == draft.source.id).map(|rule| rule.severity)
    };
    let highest = sets.iter().filter_map(of).max();
    let mut value = json!({
        "id": draft.source.id,
        "title": draft.title,
        "severity": draft.severity,
        "level": highest.map_or("off", Severity::name),
        "subject": draft.subject.name(),
        "references": draft.references.iter().map(rule::Reference::text).collect::<Vec<_>>(),
        "openssl": draft.openssl,
        "why": draft.why.trim(),
        "fix": draft.fix.value.trim(),
        "page": rule::page(&draft.source.id),
    });
    for (key, instant) in [("from", draft.from), ("until", draft.until)] {
        if let Some(instant) = instant {
            value[key] = json!(rfc3339(instant));
        }
    }
    if sets.len() > 1 {
        let levels = sets.iter().map(|set| (set.profile.name.clone(), json!(level(set, draft))));
        value["levels"] = serde_json::Value::Object(levels.collect());
    }
    value
}
