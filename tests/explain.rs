//! What is known of errors, and how it is found in texts: the files below
//! `errors/`, and real error texts below `tests/errors/`, as clients printed them.

#[path = "explain/knowledge.rs"]
mod knowledge;
#[path = "explain/texts.rs"]
mod texts;
#[path = "explain/variants.rs"]
mod variants;

use pemlint::diagnosis::{Diagnosis, diagnose};

/// The errors of a diagnosis by their ids, each with its codes.
fn found(diagnosis: &Diagnosis) -> Vec<(&'static str, Vec<u16>)> {
    let answers = diagnosis.answers.iter();
    answers
        .map(|answer| {
            (answer.entry.id.as_str(), answer.codes.iter().map(|code| code.number).collect::<Vec<_>>())
        })
        .collect()
}

/// The ids of the errors in a text.
fn ids(text: &str) -> Vec<&'static str> {
    found(&diagnose(text)).into_iter().map(|(id, _)| id).collect()
}
