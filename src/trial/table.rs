//! A trial as a table, with what is wrong below it.

use std::fmt::Write as _;

use super::{Behaviour, Example, Trial, Tried, Worth};
use crate::source::shown;

/// What the columns mean.
const LEGEND: &str = "
FAILS, PASSES  examples that behave, of those that say so
PROVEN         changes of the conditions by one step that an example notices
GOOD, BROKEN   chains of the corpus that the rule fires on; the broken ones have one defect each
";

/// The table.
#[must_use]
pub fn table(trial: &Trial) -> String {
    let width = trial.rules.iter().map(|tried| tried.rule.len()).max().unwrap_or(0).max("RULE".len());
    let mut text = format!(
        "{:width$}  {:>6}  {:>6}  {:>6}  {:>6}  {:>7}  RESULT\n",
        "RULE", "FAILS", "PASSES", "PROVEN", "GOOD", "BROKEN"
    );
    for tried in &trial.rules {
        let cell = |fails| {
            let (right, all) = tried.count(fails);
            format!("{right}/{all}")
        };
        let result = match (tried.is_right(), tried.warning()) {
            (false, _) => "FAIL",
            (true, Some(_)) => "ok, with a warning",
            (true, None) => "ok",
        };
        let (fails, passes) = (cell(true), cell(false));
        let proven =
            format!("{}/{}", tried.proven.changes - tried.proven.unnoticed.len(), tried.proven.changes);
        let (good, broken) = (tried.met.good, tried.met.broken.len());
        let (good, broken) = (format!("{good}/{}", trial.good), format!("{broken}/{}", trial.broken));
        let _ = writeln!(
            text,
            "{:width$}  {fails:>6}  {passes:>6}  {proven:>6}  {good:>6}  {broken:>7}  {result}",
            tried.rule
        );
    }
    for tried in trial.rules.iter().filter(|tried| has_details(tried)) {
        details(tried, &mut text);
    }
    let numbers = trial.numbers();
    text.push_str(LEGEND);
    let _ = writeln!(
        text,
        "\n{}, {} of them with both outcomes; {}: {} right, {} wrong{}",
        counted(numbers.rules, "rule"),
        numbers.covered,
        counted(numbers.examples, "example"),
        numbers.right,
        numbers.wrong,
        if numbers.unusable > 0 { format!(", {} cannot be used", numbers.unusable) } else { String::new() }
    );
    text
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn has_details(tried: &Tried) -> bool {
    !tried.is_right() || tried.warning().is_some() || !tried.proven.unnoticed.is_empty()
}

fn details(tried: &Tried, text: &mut String) {
    let _ = writeln!(text, "\n{} ({})", tried.rule, shown(&tried.path));
    let error = tried.error().map(str::to_owned);
    let warning = tried.warning().map(str::to_owned);
    for (level, said) in [("error", error), ("error", tried.failure()), ("warning", warning)] {
        if let Some(said) = said {
            let _ = writeln!(text, "  {level}: {}", shown(&said));
        }
    }
    for example in &tried.examples {
        match &example.behaviour {
            Behaviour::Right => {}
            Behaviour::Unusable(reason) => {
                let _ = writeln!(text, "  error: {}: {}", shown(&example.file), shown(reason));
            }
            Behaviour::Wrong { reason, parts } => {
                let _ = writeln!(text, "  error: {}", said(example, reason));
                for line in lines(parts) {
                    let _ = writeln!(text, "    {line}");
                }
            }
        }
    }
    for change in &tried.proven.unnoticed {
        let _ = writeln!(text, "  no example notices  {}", shown(&one_line(change)));
    }
}

/// What a rule did on an example that it should not have.
pub(super) fn said(example: &Example, reason: &str) -> String {
    format!("{} (profile {}): {}", shown(&example.file), shown(&example.profile), shown(reason))
}

/// The values of parts, one a line.
pub(super) fn lines(parts: &[Worth]) -> Vec<String> {
    parts
        .iter()
        .map(|part| format!("{:5}  {}  is {}", part.key, shown(&one_line(&part.text)), part.value))
        .collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
