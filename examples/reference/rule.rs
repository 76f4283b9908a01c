//! The page of a rule.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use pemlint::client::verify_code;
use pemlint::document::Text;
use pemlint::rule::{Draft, Profile, Reference};

use super::functions;
use super::levels::{changed, level, value};
use super::markdown::{anchor, code, fenced, link, opening, plain, table};
use super::reads::facts_of;
use super::sample::{Sample, Samples};

/// The way from the page of a rule to the folder of the others.
const UP: &str = "../..";

/// The page.
pub(crate) fn page(draft: &Draft, profiles: &[Profile], samples: &Samples) -> String {
    let mut text = opening(&plain(&draft.title));
    let source = draft.source.id.split('/').next().unwrap_or_default();
    let _ = writeln!(
        text,
        "{}, of {}: looks at each {}; {} unless a profile says otherwise.\n",
        code(&draft.source.id),
        link(&format!("`{source}/`"), &format!("../README.md#{source}")),
        draft.subject.name(),
        draft.severity.name()
    );
    let _ = write!(text, "## Why\n\n{}\n\n", draft.why.trim());
    let _ = write!(text, "## Fix\n\n{}\n\n", unbraced(draft.fix.value.trim()));
    let _ = write!(text, "## What must hold\n\n{}\n", fenced("toml", &expressions(draft)));
    text.push_str(&reads(draft));
    text.push_str(&levels(draft, profiles));
    text.push_str(&parameters(draft, profiles));
    text.push_str(&clients(draft));
    text.push_str("## Examples\n\n");
    text.push_str(&sample(&draft.source.id, &samples.fails));
    text.push_str(&sample(&draft.source.id, &samples.passes));
    let folder = format!("{UP}/../fixtures/rules/{}", draft.source.id);
    let _ = write!(text, "{} beside them.\n\n", link("More files that it is tested with", &folder));
    text.push_str("## References\n\n");
    for reference in &draft.references {
        let _ = writeln!(text, "* {}", Reference::markdown(reference));
    }
    text
}

/// Braces that stand for themselves are doubled in rule files.
fn unbraced(fix: &str) -> String {
    fix.replace("{{", "{").replace("}}", "}")
}

/// The expressions as the rule file has them.
fn expressions(draft: &Draft) -> String {
    let mut lines = String::new();
    // Keys that limit a rule to a time; a rule file without them knows none.
    let table: toml::Table = toml::from_str(&draft.source.text).expect("what was read is TOML");
    for key in ["from", "until"] {
        if let Some(value) = table.get(key) {
            let _ = writeln!(lines, "{key} = {value}");
        }
    }
    let optional = |text: &Option<Text>| text.as_ref().map(|text| text.value.clone());
    for (key, expression) in [
        ("each", optional(&draft.each)),
        ("when", optional(&draft.when)),
        ("check", Some(draft.check.value.clone())),
        ("at", optional(&draft.at)),
        ("message", Some(draft.message.value.clone())),
    ] {
        if let Some(expression) = expression {
            let quotes = if expression.contains(['\n', '\'']) { "'''" } else { "'" };
            let _ = writeln!(lines, "{key} = {quotes}{}{quotes}", expression.trim());
        }
    }
    lines
}

/// The facts and functions that it uses, as links.
fn reads(draft: &Draft) -> String {
    let facts: Vec<String> = facts_of(draft)
        .into_iter()
        .map(|(kind, name)| {
            let kind = format!("{kind:?}");
            let address = format!("{UP}/facts.md#{}", anchor(&[&kind, name]));
            link(&format!("`{kind}.{name}`"), &address)
        })
        .collect();
    let functions: Vec<String> = functions::called(draft)
        .into_iter()
        .map(|name| link(&code(name), &format!("{UP}/functions.md#{}", anchor(&[name]))))
        .collect();
    let mut text = String::new();
    for (what, links) in [("Facts", facts), ("Functions", functions)] {
        if !links.is_empty() {
            let _ = write!(text, "{what}: {}.\n\n", links.join(", "));
        }
    }
    text
}

fn levels(draft: &Draft, profiles: &[Profile]) -> String {
    let rows: Vec<Vec<String>> = profiles
        .iter()
        .map(|profile| {
            let name = link(&code(&profile.name), &format!("{UP}/profiles.md#{}", profile.name));
            vec![name, level(profile, draft).to_owned()]
        })
        .collect();
    format!("## Levels\n\n{}", table(&["profile", "level"], &rows))
}

fn parameters(draft: &Draft, profiles: &[Profile]) -> String {
    let rows: Vec<Vec<String>> = draft
        .params
        .iter()
        .map(|(name, default)| {
            let elsewhere: Vec<String> = profiles
                .iter()
                .flat_map(|profile| {
                    let here = changed(profile, draft).into_iter().filter(|(changed, _)| changed == name);
                    here.map(|(_, param)| format!("{} under {}", code(&value(param)), code(&profile.name)))
                })
                .collect();
            vec![code(name), default.type_().to_string(), code(&value(default)), elsewhere.join(", ")]
        })
        .collect();
    match rows.as_slice() {
        [] => String::new(),
        rows => {
            format!("## Parameters\n\n{}", table(&["parameter", "type", "value", "other values"], rows))
        }
    }
}

fn clients(draft: &Draft) -> String {
    let mut text = String::new();
    let rows: Vec<Vec<String>> = draft
        .openssl
        .iter()
        .filter_map(|code| verify_code(*code))
        .map(|known| {
            vec![known.code.to_string(), format!("`X509_V_ERR_{}`", known.name), plain(known.message)]
        })
        .collect();
    if !rows.is_empty() {
        text.push_str("OpenSSL, and with it Python, may refuse the chain with:\n\n");
        text.push_str(&table(&["code", "name", "text"], &rows));
    }
    let each = |texts: &[String]| texts.iter().map(|text| code(text)).collect::<Vec<_>>().join(", ");
    if !draft.refused.is_empty() {
        let _ = write!(text, "They may refuse the file itself with {}.\n\n", each(&draft.refused));
    }
    if !draft.rustls.is_empty() {
        let _ = write!(text, "rustls may refuse it with {}.\n\n", each(&draft.rustls));
    }
    if text.is_empty() { text } else { format!("## Who rejects it\n\n{text}") }
}

/// A file of the fixtures with the command that looks at it, and what pemlint prints of the rule.
fn sample(id: &str, sample: &Sample) -> String {
    let folder = format!("{UP}/../fixtures/rules/{id}");
    let files: BTreeSet<&String> = sample.files.iter().collect();
    let links: Vec<String> =
        files.into_iter().map(|name| link(&code(name), &format!("{folder}/{name}"))).collect();
    let outcome =
        if sample.finding.is_some() { "Fails" } else { "Passes, as it prints no finding of this rule" };
    let contents = link("what it holds", &format!("{folder}/{}.txt", sample.stem));
    let commands = fenced("console", &format!("$ {}", sample.commands.join("\n$ ")));
    let mut text = format!("{outcome}: {} ({contents}).\n\n{commands}\n", links.join(" with "));
    if let Some(finding) = &sample.finding {
        let _ = writeln!(text, "The finding:\n\n{}", fenced("text", finding));
    }
    text
}
