//! A trial as JSON.

use serde_json::{Value, json};

use super::{Behaviour, Example, Trial, Tried, Worth};

/// The object that is printed.
#[must_use]
pub fn json(trial: &Trial) -> Value {
    let numbers = trial.numbers();
    json!({
        "version": 1,
        "rules": trial.rules.iter().map(rule).collect::<Vec<_>>(),
        "summary": {
            "rules": numbers.rules,
            "covered": numbers.covered,
            "examples": numbers.examples,
            "right": numbers.right,
            "wrong": numbers.wrong,
            "unusable": numbers.unusable,
            "unproven": numbers.unproven,
            "goodChains": trial.good,
            "brokenChains": trial.broken,
        },
    })
}

fn rule(tried: &Tried) -> Value {
    json!({
        "id": tried.rule,
        "path": tried.path,
        "ok": tried.is_right(),
        "failing": tried.count(true).1,
        "passing": tried.count(false).1,
        "error": tried.error(),
        "warning": tried.warning(),
        "changes": tried.proven.changes,
        "unnoticed": tried.proven.unnoticed,
        "corpus": {
            "good": tried.met.good,
            "broken": tried.met.broken,
            "errors": tried.met.errors.iter().map(failure).collect::<Vec<_>>(),
        },
        "examples": tried.examples.iter().map(example).collect::<Vec<_>>(),
    })
}

fn failure((chain, reason): &(String, String)) -> Value {
    json!({"chain": chain, "reason": reason})
}

fn example(example: &Example) -> Value {
    let (result, reason, parts) = match &example.behaviour {
        Behaviour::Right => ("right", None, [].as_slice()),
        Behaviour::Wrong { reason, parts } => ("wrong", Some(reason), parts.as_slice()),
        Behaviour::Unusable(reason) => ("unusable", Some(reason), [].as_slice()),
    };
    let part = |part: &Worth| json!({"key": part.key, "text": part.text, "value": part.value});
    json!({
        "file": example.file,
        "expected": example.expected(),
        "profile": example.profile,
        "result": result,
        "reason": reason,
        "parts": parts.iter().map(part).collect::<Vec<_>>(),
    })
}
