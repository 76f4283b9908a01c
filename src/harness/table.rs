//! A comparison as tables: the verifiers, each against every reference, all of them by defect, and what differs.

use std::fmt::Write as _;

use super::{Case, Comparison, Verdict, Verifier};
use crate::source::shown;

/// The tables.
#[must_use]
pub fn table(comparison: &Comparison) -> String {
    let mut text = format!("{}\n\n", asked(comparison));
    text += &verifiers(comparison);
    for verifier in &comparison.verifiers {
        text += &references(comparison, verifier);
    }
    text += &groups(comparison);
    for verifier in &comparison.verifiers {
        text += &differences(comparison, verifier);
        text += &errors(comparison, verifier);
    }
    text + &stale(comparison) + &summary(comparison)
}

/// Rows as lines, columns as wide as they must be; those after the first so many are numbers, to the right.
fn aligned(rows: &[Vec<String>], texts: usize) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|at| width(at).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).enumerate().map(|(at, (cell, width))| {
            if at < texts { format!("{cell:width$}") } else { format!("{cell:>width$}") }
        });
        let _ = writeln!(text, "{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    text
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// What was asked, and what was not.
fn asked(comparison: &Comparison) -> String {
    let mut text =
        format!("{} of {}", counted(comparison.cases.len(), "case"), shown(&comparison.suite.name));
    if let Some(at) = &comparison.suite.at {
        let _ = write!(text, " at {at}");
    }
    for left_out in &comparison.left_out {
        let _ = write!(text, "\nleft out: {}: {}", shown(&left_out.reason), left_out.count);
    }
    text
}

fn verifiers(comparison: &Comparison) -> String {
    let head =
        ["VERIFIER", "MUST AGREE WITH", "ACCEPTS", "REJECTS", "ERRORS", "LEFT OUT", "AGREES", "DIFFERS"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for verifier in &comparison.verifiers {
        let gate = verifier.gate.as_deref();
        let counts = gate.map(|by| comparison.counts(verifier, by));
        let number = |count: Option<usize>| count.map_or_else(|| "-".to_owned(), |count| count.to_string());
        rows.push(vec![
            verifier.name.clone(),
            gate.unwrap_or("nothing").to_owned(),
            verifier.count(Verdict::Accepts).to_string(),
            verifier.count(Verdict::Rejects).to_string(),
            verifier.count(Verdict::Error).to_string(),
            verifier.count(Verdict::LeftOut).to_string(),
            number(counts.map(super::Counts::agree)),
            number(counts.map(super::Counts::differ)),
        ]);
    }
    aligned(&rows, 2)
}

/// One verifier against each reference.
fn references(comparison: &Comparison, verifier: &Verifier) -> String {
    let mut text = format!("\n{}: {}\n", shown(&verifier.name), shown(&verifier.about));
    let head =
        ["  EXPECTED BY", "BOTH ACCEPT", "BOTH REJECT", "ONLY IT REJECTS", "ONLY IT ACCEPTS", "AGREES"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for by in comparison.references() {
        let counts = comparison.counts(verifier, by);
        let mark = if verifier.gate.as_deref() == Some(by) { '*' } else { ' ' };
        let all = counts.agree() + counts.differ();
        rows.push(vec![
            format!("{mark} {by}"),
            counts.both_accept.to_string(),
            counts.both_reject.to_string(),
            counts.only_reference_accepts.to_string(),
            counts.only_verifier_accepts.to_string(),
            format!("{} of {all}", counts.agree()),
        ]);
    }
    text += &aligned(&rows, 1);
    text
}

/// All verifiers by defect or feature.
fn groups(comparison: &Comparison) -> String {
    let noun = comparison.suite.groups.noun().to_uppercase();
    let mut head = vec![noun, "CASES".to_owned()];
    head.extend(comparison.verifiers.iter().map(|verifier| verifier.name.clone()));
    let mut rows = vec![head];
    for group in comparison.groups() {
        let is_in = |case: &Case| case.groups.iter().any(|name| name == group);
        let count = comparison.cases.iter().filter(|case| is_in(case)).count();
        let mut row = vec![group.to_owned(), count.to_string()];
        row.extend(comparison.verifiers.iter().map(|verifier| cell(comparison, verifier, &is_in)));
        rows.push(row);
    }
    let legend = "! differs from what is expected by * (without one, by what it agrees with most), \
                  ~ differs as the ledger says, ? no verdict, - not asked\n";
    format!("\n{}{legend}", aligned(&rows, usize::MAX))
}

/// What a verifier said to the cases of a group.
fn cell(comparison: &Comparison, verifier: &Verifier, is_in: &impl Fn(&Case) -> bool) -> String {
    let pairs = || comparison.cases.iter().zip(&verifier.answers).filter(|(case, _)| is_in(case));
    let count = |verdict| pairs().filter(|(_, answer)| answer.verdict == verdict).count();
    let mut text = match (count(Verdict::Accepts), count(Verdict::Rejects)) {
        (0, 0) => String::new(),
        (_, 0) => "accepts".to_owned(),
        (0, _) => "rejects".to_owned(),
        (accepts, rejects) => format!("accepts {accepts} of {}", accepts + rejects),
    };
    let differences = comparison.differences(verifier);
    let of_group = || differences.iter().filter(|difference| is_in(difference.case));
    let marks = [
        ('!', of_group().any(|difference| difference.known.is_none())),
        ('~', of_group().any(|difference| difference.known.is_some())),
        ('?', count(Verdict::Error) > 0),
        ('-', count(Verdict::LeftOut) > 0),
    ];
    for (mark, _) in marks.into_iter().filter(|(_, holds)| *holds) {
        let _ = write!(text, " {mark}");
    }
    text.trim_start().to_owned()
}

fn differences(comparison: &Comparison, verifier: &Verifier) -> String {
    let differences = comparison.differences(verifier);
    let Some(by) = comparison.reference(verifier).filter(|_| !differences.is_empty()) else {
        return String::new();
    };
    let weight = if verifier.gate.is_some() { "" } else { ", which nothing demands" };
    let mut text = format!(
        "\n{} differs from {by} on {}{weight}:\n",
        shown(&verifier.name),
        counted(differences.len(), "case")
    );
    for difference in differences {
        let expected = if difference.expected { "accepts" } else { "rejects" };
        let said = difference.answer.verdict.name();
        let _ = write!(text, "  {}: {said}, {by} {expected}", named(difference.case));
        if let Some(reason) = &difference.answer.reason {
            let _ = write!(text, ": {}", shown(reason));
        }
        if let Some(known) = difference.known {
            let _ = write!(text, " (known: {})", shown(known));
        }
        text.push('\n');
    }
    text
}

/// A case with its defects or features.
fn named(case: &Case) -> String {
    format!("{} ({})", shown(&case.name), shown(&case.groups.join(", ")))
}

fn errors(comparison: &Comparison, verifier: &Verifier) -> String {
    let pairs = || comparison.cases.iter().zip(&verifier.answers);
    let of = |verdict, what: &str| {
        let count = verifier.count(verdict);
        if count == 0 {
            return String::new();
        }
        let mut text = format!("\n{} {what} {}:\n", shown(&verifier.name), counted(count, "case"));
        for (case, answer) in pairs().filter(|(_, answer)| answer.verdict == verdict) {
            let reason = answer.reason.as_deref().unwrap_or("no reason is given");
            let _ = writeln!(text, "  {}: {}", named(case), shown(reason));
        }
        text
    };
    of(Verdict::Error, "gave no verdict on") + &of(Verdict::LeftOut, "could not be asked about")
}

fn stale(comparison: &Comparison) -> String {
    let mut text = String::new();
    for known in comparison.stale() {
        let (verifier, subject) = (shown(&known.verifier), shown(known.subject()));
        let _ = writeln!(
            text,
            "\nthe ledger says that {verifier} differs on {subject}, but it agrees now; the reason was: {}",
            shown(&known.reason)
        );
    }
    text
}

fn summary(comparison: &Comparison) -> String {
    let numbers = comparison.numbers();
    let mut text = format!(
        "\n{}: {}, {}, {}",
        counted(comparison.verifiers.len(), "verifier"),
        counted(numbers.verdicts, "verdict"),
        counted(numbers.differences, "difference"),
        counted(numbers.errors, "error")
    );
    if numbers.known > 0 {
        let _ = write!(text, ", {} known", counted(numbers.known, "difference"));
    }
    if numbers.stale > 0 {
        let noun = if numbers.stale == 1 { "entry" } else { "entries" };
        let _ = write!(text, ", {} {noun} of the ledger without a difference", numbers.stale);
    }
    text + "\n"
}
