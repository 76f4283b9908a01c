//! What profiles and users name must exist: rules, sources of rules, parameters.

use std::ops::Range;
use std::sync::Arc;

use super::Draft;
use super::profile::{Layer, Profile, SetLevel};
use crate::document::{Diagnostic, closest};
use crate::expr::Param;

/// The rules and parameters that a profile and those that it extends name must exist,
/// with their types. The rules are sorted by id.
pub(super) fn check_profile(profile: &Profile, drafts: &[Arc<Draft>], errors: &mut Vec<Diagnostic>) {
    for layer in &profile.layers {
        check_layer(layer, drafts, errors);
    }
}

fn check_layer(layer: &Layer, drafts: &[Arc<Draft>], errors: &mut Vec<Diagnostic>) {
    let mut fail = |name, range: &Range<usize>, (message, help)| {
        let (path, text) = (layer.path.clone(), layer.text.clone());
        errors.push(Diagnostic { name, path, text, range: range.clone(), message, help });
    };
    let find = |id: &str| {
        let at = drafts.binary_search_by(|draft| draft.source.id.as_str().cmp(id));
        at.ok().map(|at| &drafts[at])
    };
    for (id, (_, range)) in &layer.levels {
        match Layer::source_of(id) {
            Some(source) if !sources(drafts).any(|known| known == source) => {
                let help = closest(source, sources(drafts)).map(|close| format!("did you mean `{close}/*`?"));
                fail("unknown-rule", range, (format!("there is no rule below `{source}/`"), help));
            }
            None if find(id).is_none() => fail("unknown-rule", range, no_rule(id, drafts)),
            _ => {}
        }
    }
    let params = layer.params.iter();
    for (id, name, value, range) in params
        .flat_map(|(id, params)| params.iter().map(move |(name, (value, range))| (id, name, value, range)))
    {
        match find(id) {
            None => fail("unknown-rule", range, no_rule(id, drafts)),
            Some(draft) => {
                if let Some((kind, said)) = wrong_param(draft, name, value) {
                    fail(kind, range, said);
                }
            }
        }
    }
}

/// What an error says: the message, and help.
type Said = (String, Option<String>);

fn wrong_param(draft: &Draft, name: &str, value: &Param) -> Option<(&'static str, Said)> {
    let id = &draft.source.id;
    match draft.params.get(name) {
        None => {
            let message = format!("the rule `{id}` has no parameter `{name}`");
            Some(("unknown-parameter", (message, parameters(name, draft))))
        }
        Some(known) if known.type_() != value.type_() => {
            let message =
                format!("the parameter `{name}` is of type {}, not {}", known.type_(), value.type_());
            Some(("wrong-type", (message, None)))
        }
        Some(_) => None,
    }
}

/// The sources of rules, some of them often.
fn sources(drafts: &[Arc<Draft>]) -> impl Iterator<Item = &str> {
    drafts.iter().filter_map(|draft| draft.source.id.split('/').next())
}

/// The parameter that is meant, or all that a rule has.
fn parameters(name: &str, draft: &Draft) -> Option<String> {
    let names = || draft.params.keys().map(String::as_str);
    match closest(name, names()) {
        Some(close) => Some(format!("did you mean `{close}`?")),
        None if draft.params.is_empty() => None,
        None => Some(format!("it has {}", names().collect::<Vec<_>>().join(", "))),
    }
}

/// The rules that a user gives a level must exist.
pub(super) fn check_levels(levels: &[SetLevel], drafts: &[Arc<Draft>], errors: &mut Vec<Diagnostic>) {
    for said in levels {
        if !drafts.iter().any(|draft| draft.source.id == said.rule) {
            let (message, help) = no_rule(&said.rule, drafts);
            errors.push(Diagnostic {
                name: "unknown-rule",
                path: said.path.clone(),
                text: said.text.clone(),
                range: said.range.clone(),
                message,
                help,
            });
        }
    }
}

fn no_rule(id: &str, drafts: &[Arc<Draft>]) -> Said {
    let ids = drafts.iter().map(|draft| draft.source.id.as_str());
    let by_name = drafts
        .iter()
        .find(|draft| draft.source.id.rsplit('/').next() == Some(id))
        .map(|draft| draft.source.id.as_str());
    let help = by_name
        .or_else(|| closest(id, ids))
        .map_or_else(|| "`pemlint rules` lists them".to_owned(), |close| format!("did you mean `{close}`?"));
    (format!("there is no rule `{id}`"), Some(help))
}
