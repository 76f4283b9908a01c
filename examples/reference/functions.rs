//! The page of functions that expressions can call.

use std::fmt::Write as _;

use pemlint::expr::{FUNCTIONS, Signature};
use pemlint::rule::Draft;

use super::markdown::{code, link, opening, plain};
use super::reads::between_braces;

const INTRODUCTION: &str = "\
Expressions are written in [CEL](https://cel.dev): its operators `&&`, `||`, `!`, `?:`, `==`, `!=`, `<`, `<=`, `>`,
`>=`, `+`, `-`, `*`, `/`, `%`, `in` and `[…]`, and these functions. They read [facts](facts.md), `now` (the instant of
evaluation), `params.NAME` (a parameter of the rule) and, where a rule has `each`, `item`.

";

/// The page.
pub(crate) fn page(drafts: &[Draft]) -> String {
    let mut text = opening("Functions") + INTRODUCTION;
    let called: Vec<(&Draft, Vec<&str>)> = drafts.iter().map(|draft| (draft, called(draft))).collect();
    for function in FUNCTIONS {
        let _ =
            write!(text, "## {}\n\n{}: {}.\n\n", function.name, code(function.usage), plain(function.doc));
        let users = called.iter().filter(|(_, names)| names.contains(&function.name));
        let users: Vec<String> = users
            .map(|(draft, _)| {
                let id = &draft.source.id;
                link(&code(id), &format!("rules/{id}.md"))
            })
            .collect();
        if !users.is_empty() {
            let _ = write!(text, "Called by {}.\n\n", users.join(", "));
        }
    }
    text.trim_end().to_owned() + "\n"
}

/// The functions that a rule calls, in the order of the table.
pub(crate) fn called(draft: &Draft) -> Vec<&'static str> {
    let mut texts: Vec<String> = [draft.each.as_ref(), draft.when.as_ref(), Some(&draft.check)]
        .into_iter()
        .flatten()
        .map(|text| text.value.clone())
        .collect();
    texts.extend(between_braces(&draft.message.value));
    texts.extend(between_braces(&draft.fix.value));
    let calls = |function: &&Signature| texts.iter().any(|text| has_call(text, function.name));
    FUNCTIONS.iter().filter(calls).map(|function| function.name).collect()
}

/// Whether an expression calls a function: its name with a parenthesis behind it, and no letter before.
fn has_call(text: &str, name: &str) -> bool {
    text.match_indices(&format!("{name}("))
        .any(|(at, _)| !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
}
