//! A comparison as JSON.

use serde_json::{Value, json};

use super::{Answer, Case, Comparison, Verdict, Verifier};

/// The JSON Schema of the object.
pub const SCHEMA: &str = include_str!("harness.schema.json");

/// The object that is printed.
#[must_use]
pub fn json(comparison: &Comparison) -> Value {
    let numbers = comparison.numbers();
    let left_out = |one: &super::LeftOut| json!({"reason": one.reason, "count": one.count});
    let stale = |known: &&super::Known| json!({"verifier": known.verifier, "subject": known.subject(), "reason": known.reason});
    json!({
        "version": 1,
        "tool": {"name": "pemlint", "version": env!("CARGO_PKG_VERSION")},
        "suite": {
            "name": comparison.suite.name,
            "groups": format!("{}s", comparison.suite.groups.noun()),
            "at": comparison.suite.at,
        },
        "cases": comparison.cases.iter().map(case).collect::<Vec<_>>(),
        "leftOut": comparison.left_out.iter().map(left_out).collect::<Vec<_>>(),
        "verifiers": comparison.verifiers.iter().map(|one| verifier(comparison, one)).collect::<Vec<_>>(),
        "stale": comparison.stale().iter().map(stale).collect::<Vec<_>>(),
        "summary": {
            "verifiers": comparison.verifiers.len(),
            "cases": comparison.cases.len(),
            "verdicts": numbers.verdicts,
            "differences": numbers.differences,
            "known": numbers.known,
            "errors": numbers.errors,
            "stale": numbers.stale,
        },
    })
}

fn case(case: &Case) -> Value {
    let expected = |one: &super::Expectation| json!({"by": one.by, "accepts": one.accepts});
    json!({
        "name": case.name,
        "groups": case.groups,
        "expected": case.expected.iter().map(expected).collect::<Vec<_>>(),
    })
}

fn verifier(comparison: &Comparison, verifier: &Verifier) -> Value {
    let reference = |by: &str| {
        let counts = comparison.counts(verifier, by);
        json!({
            "by": by,
            "bothAccept": counts.both_accept,
            "bothReject": counts.both_reject,
            "onlyReferenceAccepts": counts.only_reference_accepts,
            "onlyVerifierAccepts": counts.only_verifier_accepts,
        })
    };
    let difference = |one: &super::Difference<'_>| {
        json!({
            "case": one.case.name,
            "groups": one.case.groups,
            "verdict": one.answer.verdict.name(),
            "expected": if one.expected { Verdict::Accepts.name() } else { Verdict::Rejects.name() },
            "reason": one.answer.reason,
            "known": one.known,
        })
    };
    let answer = |(case, answer): (&Case, &Answer)| json!({"case": case.name, "verdict": answer.verdict.name(), "reason": answer.reason});
    json!({
        "name": verifier.name,
        "about": verifier.about,
        "gate": verifier.gate,
        "comparedWith": comparison.reference(verifier),
        "accepts": verifier.count(Verdict::Accepts),
        "rejects": verifier.count(Verdict::Rejects),
        "errors": verifier.count(Verdict::Error),
        "leftOut": verifier.count(Verdict::LeftOut),
        "references": comparison.references().into_iter().map(reference).collect::<Vec<_>>(),
        "differences": comparison.differences(verifier).iter().map(difference).collect::<Vec<_>>(),
        "answers": comparison.cases.iter().zip(&verifier.answers).map(answer).collect::<Vec<_>>(),
    })
}
