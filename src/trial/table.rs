//! A trial as a table, with what is wrong below it.

use std::fmt::Write as _;

use super::{Behaviour, Example, Trial, Tried, Worth};
use crate::source::shown;

/// The table.
#[must_use]
pub fn table(trial: &Trial) -> String {
    let width = trial.rules.iter().map(|tried| tried.rule.len()).max().unwrap_or(0).max("RULE".len());
    let mut text = format!("{:width$}  {:>6}  {:>6}  RESULT\n", "RULE", "FAILS", "PASSES");
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
        let _ = writeln!(text, "{:width$}  {fails:>6}  {passes:>6}  {result}", tried.rule);
    }
    for tried in trial.rules.iter().filter(|tried| !tried.is_right() || tried.warning().is_some()) {
        details(tried, &mut text);
    }
    let numbers = trial.numbers();
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

fn details(tried: &Tried, text: &mut String) {
    let _ = writeln!(text, "\n{} ({})", tried.rule, shown(&tried.path));
    for (level, said) in [("error", tried.error()), ("warning", tried.warning())] {
        if let Some(said) = said {
            let _ = writeln!(text, "  {level}: {said}");
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
}

/// What a rule did on an example that it should not have.
pub(super) fn said(example: &Example, reason: &str) -> String {
    format!("{} (profile {}): {}", shown(&example.file), shown(&example.profile), shown(reason))
}

/// The values of parts, one a line.
pub(super) fn lines(parts: &[Worth]) -> Vec<String> {
    let one_line = |part: &Worth| part.text.split_whitespace().collect::<Vec<_>>().join(" ");
    parts
        .iter()
        .map(|part| format!("{:5}  {}  is {}", part.key, shown(&one_line(part)), part.value))
        .collect()
}
