//! The page of facts: the variables of rules and, for each kind of message, its facts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use pemlint::facts::schema::{self, Field, Presence, ROOTS};
use pemlint::facts::value::{Kind, Scalar, Type};
use pemlint::rule::{Draft, Subject};

use super::markdown::{anchor, code, link, listed, opening, plain, table};
use super::reads::{Fact, facts_of, message_of};

const INTRODUCTION: &str = "\
What rules can read, by the names of RFC 5280 where it has one. `pemlint explain cert.keyUsage` prints the same of a
path. Where a column says so, `has(…)` asks whether a fact is there; a fact of something absent has the zero value of
its type: `false`, `0`, `''`, no elements. Of something that does not decode there is no value, and a rule that needs
one has no answer. [Functions](functions.md) compute with facts; [rules](rules/README.md) read them.

";

/// The page.
pub(crate) fn page(drafts: &[Draft]) -> String {
    let mut text = opening("Facts") + INTRODUCTION;
    let rows: Vec<Vec<String>> = ROOTS
        .iter()
        .map(|root| {
            let subjects = Subject::ALL.into_iter().filter(|subject| subject.roots().contains(&root.name));
            let subjects: Vec<&str> = subjects.map(Subject::name).collect();
            vec![code(root.name), kind_link(root.kind), plain(root.doc), subjects.join(", ")]
        })
        .collect();
    let heads = ["variable", "type", "what it is", "rules that look at a"];
    let _ = write!(text, "## Variables\n\n{}", table(&heads, &rows));
    let readers = readers(drafts);
    for (kind, places) in kinds() {
        let _ = write!(text, "## {kind:?}\n\n{}\n\n", found_at(&places));
        let rows: Vec<Vec<String>> =
            schema::fields(kind).iter().map(|field| row(kind, field, &readers)).collect();
        text.push_str(&table(&["fact", "type", "what it is", "example", "read by"], &rows));
    }
    text.trim_end().to_owned() + "\n"
}

/// Where a kind of message is found: as a variable, or as a fact of another kind.
struct Place {
    owner: Option<Kind>,
    name: String,
}

/// Every kind that a path leads to, nearest first, with the places where it is found.
fn kinds() -> Vec<(Kind, Vec<Place>)> {
    let mut order: Vec<Kind> = Vec::new();
    let mut places: BTreeMap<Kind, Vec<Place>> = BTreeMap::new();
    for root in ROOTS {
        if !order.contains(&root.kind) {
            order.push(root.kind);
        }
        places.entry(root.kind).or_default().push(Place { owner: None, name: root.name.to_owned() });
    }
    let mut at = 0;
    while let Some(owner) = order.get(at).copied() {
        at += 1;
        for field in schema::fields(owner) {
            let Some(kind) = message_of(field) else { continue };
            if !order.contains(&kind) {
                order.push(kind);
            }
            let list = if matches!(field.type_(), Type::List(_)) { "[]" } else { "" };
            let place = Place { owner: Some(owner), name: format!("{}{list}", field.name) };
            places.entry(kind).or_default().push(place);
        }
    }
    order.into_iter().map(|kind| (kind, places.remove(&kind).unwrap_or_default())).collect()
}

fn found_at(places: &[Place]) -> String {
    let mut by_owner: BTreeMap<Option<Kind>, Vec<String>> = BTreeMap::new();
    for place in places {
        by_owner.entry(place.owner).or_default().push(code(&place.name));
    }
    let parts: Vec<String> = by_owner
        .into_iter()
        .map(|(owner, names)| match owner {
            None => format!("the variables {}", names.join(", ")),
            Some(owner) => format!("{} of a {}", names.join(", "), kind_link(owner)),
        })
        .collect();
    format!("Found at {}.", parts.join("; "))
}

fn kind_link(kind: Kind) -> String {
    let name = format!("{kind:?}");
    link(&name, &format!("#{}", anchor(&[&name])))
}

fn type_link(found: Type) -> String {
    match found {
        Type::One(Scalar::Message(kind)) => kind_link(kind),
        Type::List(Scalar::Message(kind)) => format!("list of {}", kind_link(kind)),
        other => other.to_string(),
    }
}

fn row(kind: Kind, field: &'static Field, readers: &BTreeMap<Fact, BTreeSet<&str>>) -> Vec<String> {
    let asked = if matches!(field.presence, Presence::Always) { "" } else { "; ask with `has(…)`" };
    let example = if field.example.is_empty() { String::new() } else { code(field.example) };
    let rules: Vec<String> = readers
        .get(&(kind, field.name))
        .into_iter()
        .flatten()
        .map(|id| link(&code(id), &format!("rules/{id}.md")))
        .collect();
    vec![
        format!("<a id=\"{}\"></a>`{}`", anchor(&[&format!("{kind:?}"), field.name]), field.name),
        type_link(field.type_()),
        format!("{}{asked}", plain(field.doc)),
        example,
        listed(&rules, "rules"),
    ]
}

/// The rules that read each fact.
fn readers(drafts: &[Draft]) -> BTreeMap<Fact, BTreeSet<&str>> {
    let mut readers: BTreeMap<Fact, BTreeSet<&str>> = BTreeMap::new();
    for draft in drafts {
        for fact in facts_of(draft) {
            readers.entry(fact).or_default().insert(&draft.source.id);
        }
    }
    readers
}
