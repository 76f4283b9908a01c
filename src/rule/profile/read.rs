//! Reads profile files, each with those that it extends. Knows the profiles of the
//! binary; files of a user are opened by the caller.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use super::super::draft::{param, wrong_param};
use super::super::embedded;
use super::{Layer, Level, Profile, RuleParams, Source, profile_names};
use crate::client::Asked;
use crate::document::{Diagnostic, Diagnostics, File, Table, Text, closest};
use crate::limits;

/// A profile file that was opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The name of the profile.
    pub name: String,
    /// The path that errors name.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// A profile that a user names, and where.
#[derive(Clone, Debug)]
pub struct SetProfile {
    /// The name.
    pub name: String,
    /// The file, or the flag of the command line.
    pub path: String,
    /// The text of the file, or the value of the flag.
    pub text: String,
    /// The octets of the text that are the name.
    pub range: Range<usize>,
}

impl SetProfile {
    /// A profile that `place`, a flag of the command line, names.
    #[must_use]
    pub fn new(name: &str, place: &str) -> Self {
        Self { name: name.to_owned(), path: place.to_owned(), text: name.to_owned(), range: 0..name.len() }
    }

    /// Path and text of the profile of the binary that is named.
    pub(super) fn embedded(&self) -> Result<(String, String), Diagnostics> {
        let found = find_embedded(&self.name).map(|found| (found.path, found.text));
        found.map_err(|(message, help)| Diagnostics {
            errors: vec![Diagnostic {
                name: "unknown-profile",
                path: self.path.clone(),
                text: self.text.clone(),
                range: self.range.clone(),
                message,
                help: Some(help),
            }],
        })
    }
}

/// A profile of the binary, or what to say where there is none of that name.
fn find_embedded(name: &str) -> Result<Opened, (String, String)> {
    if let Some((name, text)) = embedded::PROFILES.iter().find(|(known, _)| *known == name) {
        let path = format!("rules/profiles/{name}.toml");
        return Ok(Opened { name: (*name).to_owned(), path, text: (*text).to_owned() });
    }
    let names = profile_names();
    let help = closest(name, names.iter().copied()).map_or_else(
        || format!("there are {}", names.join(", ")),
        |close| format!("did you mean `{close}`?"),
    );
    Err((format!("there is no profile `{name}`"), help))
}

/// What a file says of its profile, before it is known what it inherits.
struct Written {
    title: Option<String>,
    why: Option<String>,
    asks: Option<String>,
    references: Vec<Source>,
    every_certificate_is_ca: Option<bool>,
    chain_may_be_incomplete: Option<bool>,
    clients: Option<Vec<String>>,
    extends: Option<Text>,
    layer: Layer,
}

/// Reads a profile and those that it extends.
pub(super) fn read(
    first: Opened,
    open: &dyn Fn(&str, &str) -> Result<Opened, String>,
) -> Result<Profile, Diagnostics> {
    let name = first.name.clone();
    let mut pile: Vec<Written> = Vec::new();
    let mut next = Some(first);
    while let Some(opened) = next.take() {
        let mut file = File::new(&opened.path, &opened.text);
        let written = file.root().map(|table| written(&mut file, table, &opened));
        if let Some(written) = written {
            if let Some(extends) = written.extends.clone() {
                let above: Vec<&str> = pile.iter().map(|one| one.layer.path.as_str()).collect();
                next = extended(&mut file, &extends, &above, open);
            }
            pile.push(written);
        }
        if !file.errors.is_empty() {
            return Err(Diagnostics::new(file.errors));
        }
    }
    Ok(resolved(name, pile))
}

/// The profile that the file extends, unless it is that file or one of those `above`,
/// by which it is extended itself.
fn extended(
    file: &mut File<'_>,
    extends: &Text,
    above: &[&str],
    open: &dyn Fn(&str, &str) -> Result<Opened, String>,
) -> Option<Opened> {
    let name = &extends.value;
    let is_file = Path::new(name).extension().is_some_and(|ending| ending == "toml");
    let found = if is_file {
        open(file.path, name).map_err(|reason| {
            let help = "the path is relative to this file".to_owned();
            (format!("the profile {name} cannot be read: {reason}"), help)
        })
    } else {
        find_embedded(name)
    };
    let (kind, message, help) = match found {
        Err((message, help)) => ("unknown-profile", message, help),
        Ok(found) if found.path == file.path || above.contains(&found.path.as_str()) => {
            let message = format!("the profile extends itself: {}", circle(above, file.path, &found.path));
            ("profile-loop", message, "leave out one `extends`".to_owned())
        }
        Ok(_) if above.len() + 1 >= limits::PROFILE_LAYERS => {
            let message = format!("more than {} profiles extend each other", limits::PROFILE_LAYERS);
            ("profile-loop", message, "leave out one `extends`".to_owned())
        }
        Ok(found) => return Some(found),
    };
    file.fail(kind, extends.span.clone(), message, Some(help));
    None
}

/// Who extends whom, from the one that is met again.
fn circle(above: &[&str], here: &str, again: &str) -> String {
    let all = above.iter().copied().chain([here]);
    let mut names: Vec<&str> = all.skip_while(|path| *path != again).collect();
    names.push(again);
    names.join(" extends ")
}

/// What is not said is taken from the nearest that says it.
fn resolved(name: String, pile: Vec<Written>) -> Profile {
    let mut profile = Profile {
        name,
        title: String::new(),
        why: String::new(),
        asks: String::new(),
        references: Vec::new(),
        every_certificate_is_ca: false,
        chain_may_be_incomplete: false,
        clients: Vec::new(),
        layers: Vec::new(),
    };
    // From the bottom, so that what is above counts.
    for written in pile.into_iter().rev() {
        profile.title = written.title.unwrap_or_default();
        profile.why = written.why.unwrap_or_default();
        profile.asks = written.asks.unwrap_or(profile.asks);
        if !written.references.is_empty() {
            profile.references = written.references;
        }
        let is_ca = written.every_certificate_is_ca;
        profile.every_certificate_is_ca = is_ca.unwrap_or(profile.every_certificate_is_ca);
        let may_lack = written.chain_may_be_incomplete;
        profile.chain_may_be_incomplete = may_lack.unwrap_or(profile.chain_may_be_incomplete);
        profile.clients = written.clients.unwrap_or(profile.clients);
        profile.layers.insert(0, written.layer);
    }
    profile
}

fn written<'t>(file: &mut File<'t>, mut table: Table<'t>, opened: &Opened) -> Written {
    let text = |text: Option<Text>| text.map(|text| text.value);
    let title = file.required_text(&mut table, "title", "one line on what the profile is for");
    let why = file.required_text(&mut table, "why", "why it is as it is");
    let asks = file.text(&mut table, "asks");
    let extends = file.text(&mut table, "extends");
    let every_certificate_is_ca = file.boolean(&mut table, "everyCertificateIsCa");
    let chain_may_be_incomplete = file.boolean(&mut table, "chainMayBeIncomplete");
    let says_clients = table.holds("clients");
    let clients = Some(read_clients(file, &mut table)).filter(|_| says_clients);
    let references = read_references(file, &mut table);
    let levels = file.table(&mut table, "levels").map(|levels| read_levels(file, levels)).unwrap_or_default();
    let params = file.table(&mut table, "params").map(|params| read_params(file, params)).unwrap_or_default();
    file.finish(table, "a profile");
    Written {
        title: text(title),
        why: text(why),
        asks: text(asks),
        references,
        every_certificate_is_ca,
        chain_may_be_incomplete,
        clients,
        extends,
        layer: Layer {
            name: opened.name.clone(),
            levels,
            params,
            path: opened.path.clone(),
            text: opened.text.clone(),
        },
    }
}

fn read_references<'t>(file: &mut File<'t>, table: &mut Table<'t>) -> Vec<Source> {
    let mut references = Vec::new();
    for mut entry in file.tables(table, "reference") {
        let document = file.required_text(&mut entry, "document", "the name of the document");
        let date = file.text(&mut entry, "date").map(|date| date.value);
        let url = file.text(&mut entry, "url").map(|url| url.value);
        file.finish(entry, "a reference of a profile");
        references.extend(document.map(|document| Source { document: document.value, date, url }));
    }
    references
}

fn read_clients<'t>(file: &mut File<'t>, table: &mut Table<'t>) -> Vec<String> {
    let texts = file.texts(table, "clients");
    for text in texts.iter().filter(|text| Asked::named(&text.value).is_err()) {
        let names = Asked::names();
        let help = closest(&text.value, names.iter().copied()).map_or_else(
            || format!("there are {}", names.join(", ")),
            |close| format!("did you mean `{close}`?"),
        );
        let message = format!("there is no client `{}`", text.value);
        file.fail("unknown-value", text.span.clone(), message, Some(help));
    }
    texts.into_iter().map(|text| text.value).collect()
}

fn read_levels(file: &mut File<'_>, table: Table<'_>) -> BTreeMap<String, (Level, Range<usize>)> {
    let mut levels = BTreeMap::new();
    for (span, rule, value) in table.rest() {
        if let Some(level) = Level::read(file, &rule, &value) {
            levels.insert(rule, (level, span));
        }
    }
    levels
}

fn read_params(file: &mut File<'_>, table: Table<'_>) -> RuleParams {
    let mut params = RuleParams::new();
    for (span, rule, value) in table.rest() {
        let Some(inner) = value.get_ref().as_table() else {
            let help = format!("write them below [params.\"{rule}\"]");
            file.fail("wrong-type", span, format!("the parameters of `{rule}` must be a table"), Some(help));
            continue;
        };
        for (name, value) in inner {
            match param(value) {
                Ok(param) => {
                    let range = name.span().start..value.span().end;
                    let of_rule: &mut BTreeMap<_, _> = params.entry(rule.clone()).or_default();
                    of_rule.insert(name.get_ref().to_string(), (param, range));
                }
                Err(span) => wrong_param(file, name.get_ref(), span),
            }
        }
    }
    params
}
