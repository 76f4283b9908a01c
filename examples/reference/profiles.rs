//! The page of profiles.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use pemlint::expr::Param;
use pemlint::rule::{DEFAULT_PROFILE, Draft, Profile};
use serde::Deserialize;

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
        text.push_str(&section(profile, profiles, drafts));
    }
    text.trim_end().to_owned() + "\n"
}

fn of_level<'d>(profile: &Profile, drafts: &'d [Draft], name: &str) -> Vec<&'d Draft> {
    drafts.iter().filter(|draft| level(profile, draft) == name).collect()
}

fn section(profile: &Profile, profiles: &[Profile], drafts: &[Draft]) -> String {
    let name = &profile.name;
    let mut text = format!("## {name}\n\n**{}**", plain(&profile.title));
    if name == DEFAULT_PROFILE {
        text.push_str(" (where no other is named)");
    }
    let _ = write!(text, "\n\n{}\n\n", profile.why.trim());
    let path = format!("rules/profiles/{name}.toml");
    let written = Written::read(&path);
    if let Some(base) = &written.extends {
        let _ = writeln!(text, "* Extends {}.", link(&code(base), &format!("#{base}")));
    }
    if let Some(asks) = &written.asks {
        let _ = writeln!(text, "* Asks for {}.", plain(asks));
    }
    if profile.every_certificate_is_ca {
        text.push_str("* Every certificate is taken for a CA.\n");
    }
    if !profile.clients.is_empty() {
        let clients: Vec<String> = profile.clients.iter().map(|client| code(client)).collect();
        let _ = writeln!(text, "* Clients that are asked: {}.", clients.join(", "));
    }
    let _ = write!(text, "* Written in {}.\n\n", link(&code(&path), &format!("../{path}")));
    let base = written.extends.and_then(|base| profiles.iter().find(|profile| profile.name == base));
    text.push_str(&levels(profile, base, drafts));
    text.push_str(&parameters(profile, base, drafts));
    for document in written.reference {
        let date = document.date.map(|date| format!(" ({date})")).unwrap_or_default();
        let title = plain(&format!("{}{date}", document.document)).replace(']', "\\]");
        let title = document.url.map_or(title.clone(), |url| link(&title, &format!("<{url}>")));
        let _ = writeln!(text, "* {title}");
    }
    text.trim_end().to_owned() + "\n\n"
}

/// Keys of a profile's file that say where it comes from; all may be left out.
#[derive(Deserialize)]
struct Written {
    extends: Option<String>,
    asks: Option<String>,
    #[serde(default)]
    reference: Vec<Document>,
}

/// A document that a profile rests on.
#[derive(Deserialize)]
struct Document {
    document: String,
    date: Option<String>,
    url: Option<String>,
}

impl Written {
    fn read(path: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        let text = fs::read_to_string(path).expect("profiles of the binary stand in the package");
        toml::from_str(&text).expect("a profile that was read is TOML, and these keys are texts")
    }
}

/// The rules whose level is not that of the profile below, or not their own.
fn levels(profile: &Profile, base: Option<&Profile>, drafts: &[Draft]) -> String {
    let below = |draft: &Draft| base.map_or(draft.severity.name(), |base| level(base, draft));
    let rows: Vec<Vec<String>> = LEVELS
        .iter()
        .filter_map(|name| {
            let differing = of_level(profile, drafts, name).into_iter();
            let links: Vec<String> = differing.filter(|draft| below(draft) != *name).map(rule_link).collect();
            (!links.is_empty()).then(|| vec![(*name).to_owned(), listed(&links, "rules")])
        })
        .collect();
    let head = base.map_or("rules that have another one of their own".to_owned(), |base| {
        format!("rules that have another one under `{}`", base.name)
    });
    table(&["level", &head], &rows)
}

fn parameters(profile: &Profile, base: Option<&Profile>, drafts: &[Draft]) -> String {
    let is_new = |draft: &Draft, name: &str, param: &Param| {
        base.and_then(|base| base.param(&draft.source.id, name)) != Some(param)
    };
    let rows: Vec<Vec<String>> = drafts
        .iter()
        .flat_map(|draft| {
            changed(profile, draft)
                .into_iter()
                .filter(move |(name, param)| is_new(draft, name, param))
                .map(move |(name, param)| vec![rule_link(draft), code(name), code(&value(param))])
        })
        .collect();
    table(&["rule", "parameter", "value"], &rows)
}

fn rule_link(draft: &Draft) -> String {
    let id = &draft.source.id;
    link(&code(id), &format!("rules/{id}.md"))
}
