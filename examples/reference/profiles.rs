//! The page of profiles.

use std::fmt::Write as _;

use pemlint::rule::{DEFAULT_PROFILE, Draft, Profile};

use super::levels::{changed, level, value};
use super::markdown::{code, link, listed, opening, plain, table};

/// Levels in the order in which they are counted.
const LEVELS: [&str; 4] = ["error", "warning", "info", "off"];

/// The page.
pub(crate) fn page(drafts: &[Draft], profiles: &[Profile]) -> String {
    let mut text = opening("Profiles");
    text.push_str(
        "A profile says which [rules](rules/README.md) run, at which level and with which parameters, and which \
         clients are asked. `pemlint check --profile NAME` chooses one.\n\n",
    );
    let rows: Vec<Vec<String>> = profiles
        .iter()
        .map(|profile| {
            let mut row =
                vec![link(&code(&profile.name), &format!("#{}", profile.name)), plain(&profile.title)];
            row.extend(LEVELS.map(|name| of_level(profile, drafts, name).len().to_string()));
            row
        })
        .collect();
    text.push_str(&table(&["profile", "for", "errors", "warnings", "infos", "off"], &rows));
    for profile in profiles {
        text.push_str(&section(profile, drafts));
    }
    text.trim_end().to_owned() + "\n"
}

fn of_level<'d>(profile: &Profile, drafts: &'d [Draft], name: &str) -> Vec<&'d Draft> {
    drafts.iter().filter(|draft| level(profile, draft) == name).collect()
}

fn section(profile: &Profile, drafts: &[Draft]) -> String {
    let name = &profile.name;
    let mut text = format!("## {name}\n\n**{}**", plain(&profile.title));
    if name == DEFAULT_PROFILE {
        text.push_str(" (where no other is named)");
    }
    let _ = write!(text, "\n\n{}\n\n", profile.why.trim());
    if profile.every_certificate_is_ca {
        text.push_str("* Every certificate is taken for a CA.\n");
    }
    if !profile.clients.is_empty() {
        let clients: Vec<String> = profile.clients.iter().map(|client| code(client)).collect();
        let _ = writeln!(text, "* Clients that are asked: {}.", clients.join(", "));
    }
    let path = format!("rules/profiles/{name}.toml");
    let _ = write!(text, "* Written in {}.\n\n", link(&code(&path), &format!("../{path}")));
    text.push_str(&levels(profile, drafts));
    text.push_str(&parameters(profile, drafts));
    text
}

/// The rules whose level is not their own.
fn levels(profile: &Profile, drafts: &[Draft]) -> String {
    let rows: Vec<Vec<String>> = LEVELS
        .iter()
        .filter_map(|name| {
            let differing = of_level(profile, drafts, name).into_iter();
            let links: Vec<String> =
                differing.filter(|draft| draft.severity.name() != *name).map(rule_link).collect();
            (!links.is_empty()).then(|| vec![(*name).to_owned(), listed(&links, "rules")])
        })
        .collect();
    table(&["level", "rules that have another one of their own"], &rows)
}

fn parameters(profile: &Profile, drafts: &[Draft]) -> String {
    let rows: Vec<Vec<String>> = drafts
        .iter()
        .flat_map(|draft| {
            changed(profile, draft)
                .into_iter()
                .map(move |(name, param)| vec![rule_link(draft), code(name), code(&value(param))])
        })
        .collect();
    table(&["rule", "parameter", "value"], &rows)
}

fn rule_link(draft: &Draft) -> String {
    let id = &draft.source.id;
    link(&code(id), &format!("rules/{id}.md"))
}
