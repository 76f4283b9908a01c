//! The index of the rules: by source, with their levels under every profile.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use pemlint::rule::{Draft, Profile};

use super::levels::letter;
use super::markdown::{code, link, opening, plain, table};

/// The page.
pub(crate) fn page(drafts: &[Draft], profiles: &[Profile]) -> String {
    let mut text = opening("Rules");
    let mut sources: BTreeMap<&str, Vec<&Draft>> = BTreeMap::new();
    for draft in drafts {
        let source = draft.source.id.split('/').next().unwrap_or_default();
        sources.entry(source).or_default().push(draft);
    }
    let _ = writeln!(
        text,
        "{} rules. Expressions read [facts](../facts.md) and call [functions](../functions.md); \
         [profiles](../profiles.md) say which rules run and at which level.\n",
        drafts.len()
    );
    text.push_str("**E** is an error, W a warning, i an information, · does not run.\n\n");
    let rows: Vec<Vec<String>> = sources
        .iter()
        .map(|(source, drafts)| vec![link(&code(source), &format!("#{source}")), drafts.len().to_string()])
        .collect();
    text.push_str(&table(&["source", "rules"], &rows));
    // Broken at hyphens, so that many profiles stand beside each other.
    let names: Vec<String> = profiles
        .iter()
        .map(|profile| link(&profile.name.replace('-', "-<br>"), &format!("../profiles.md#{}", profile.name)))
        .collect();
    let mut heads = vec!["rule", "what it finds"];
    heads.extend(names.iter().map(String::as_str));
    for (source, drafts) in &sources {
        let rows: Vec<Vec<String>> = drafts.iter().map(|draft| row(draft, profiles)).collect();
        let _ = write!(text, "## {source}\n\n{}", table(&heads, &rows));
    }
    text.trim_end().to_owned() + "\n"
}

fn row(draft: &Draft, profiles: &[Profile]) -> Vec<String> {
    let id = &draft.source.id;
    let name = id.rsplit('/').next().unwrap_or(id);
    let mut row = vec![link(&code(name), &format!("{id}.md")), plain(&draft.title)];
    row.extend(profiles.iter().map(|profile| letter(profile, draft).to_owned()));
    row
}
