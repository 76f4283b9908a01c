//! A trial as JUnit XML, which CI systems read: a suite a rule, a case an
//! example, and one case for what a rule lacks.

use std::fmt::Write as _;

use super::table::{lines, said};
use super::{Behaviour, Example, Trial, Tried};

/// The document.
#[must_use]
pub fn junit(trial: &Trial) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let suites: Vec<Suite> = trial.rules.iter().map(suite).collect();
    let sum = |count: fn(&Suite) -> usize| suites.iter().map(count).sum::<usize>();
    let _ = writeln!(
        text,
        "<testsuites name=\"pemlint rules test\" tests=\"{}\" failures=\"{}\" errors=\"{}\">",
        sum(|suite| suite.tests),
        sum(|suite| suite.failures),
        sum(|suite| suite.errors)
    );
    for suite in &suites {
        let _ = writeln!(
            text,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" file=\"{}\">",
            escaped(suite.rule),
            suite.tests,
            suite.failures,
            suite.errors,
            suite.skipped,
            escaped(suite.path)
        );
        text.push_str(&suite.cases);
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

/// The cases of a rule and their numbers.
struct Suite<'t> {
    rule: &'t str,
    path: &'t str,
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
    cases: String,
}

fn suite(tried: &Tried) -> Suite<'_> {
    let mut suite = Suite {
        rule: &tried.rule,
        path: &tried.path,
        tests: 0,
        failures: 0,
        errors: 0,
        skipped: 0,
        cases: String::new(),
    };
    for example in &tried.examples {
        let name = format!("{} {}", example.file, example.expected());
        let inner = outcome(example, &mut suite);
        suite.case(&name, &inner);
    }
    if let Some(error) = tried.error() {
        suite.failures += 1;
        suite.case("has an example that fails", &element("failure", error, &[]));
    }
    if let Some(failure) = tried.failure() {
        suite.errors += 1;
        suite.case("can be computed on every chain of the corpus", &element("error", &failure, &[]));
    }
    if let Some(warning) = tried.warning() {
        suite.skipped += 1;
        suite.case("has an example that passes", &format!("<skipped message=\"{}\"/>", escaped(warning)));
    }
    suite
}

fn outcome(example: &Example, suite: &mut Suite<'_>) -> String {
    match &example.behaviour {
        Behaviour::Right => String::new(),
        Behaviour::Wrong { reason, parts } => {
            suite.failures += 1;
            element("failure", &said(example, reason), &lines(parts))
        }
        Behaviour::Unusable(reason) => {
            suite.errors += 1;
            element("error", reason, &[])
        }
    }
}

impl Suite<'_> {
    fn case(&mut self, name: &str, inner: &str) {
        self.tests += 1;
        let (name, class) = (escaped(name), escaped(self.rule));
        let _ = if inner.is_empty() {
            writeln!(self.cases, "    <testcase name=\"{name}\" classname=\"{class}\"/>")
        } else {
            writeln!(
                self.cases,
                "    <testcase name=\"{name}\" classname=\"{class}\">\n      {inner}\n    </testcase>"
            )
        };
    }
}

fn element(name: &str, message: &str, lines: &[String]) -> String {
    let body: Vec<String> =
        [message].into_iter().chain(lines.iter().map(String::as_str)).map(escaped).collect();
    format!("<{name} message=\"{}\">{}</{name}>", escaped(message), body.join("\n"))
}

/// Text for elements and attributes. Characters that XML 1.0 cannot hold, however
/// they are written, become U+FFFD.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\t' | '\n' | '\r' => {
                let _ = write!(safe, "&#{};", u32::from(c));
            }
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_xml_cannot_hold_is_escaped_or_replaced() {
        assert_eq!(escaped("a<b> & \"c\"\n\u{1}é"), "a&lt;b&gt; &amp; &quot;c&quot;&#10;\u{fffd}é");
    }
}
