//! A comparison as JUnit XML: a suite a verifier, a case a chain. What differs from what is demanded fails, a verifier
//! without a verdict is an error; what was not asked and what the ledger knows is skipped.

use std::fmt::Write as _;

use super::{Answer, Case, Comparison, Verdict, Verifier};
use crate::trial::escaped;

/// The cases of a suite and their numbers.
#[derive(Default)]
struct Suite {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
    cases: String,
}

/// The document.
#[must_use]
pub fn junit(comparison: &Comparison) -> String {
    let suites: Vec<(&Verifier, Suite)> =
        comparison.verifiers.iter().map(|verifier| (verifier, suite(comparison, verifier))).collect();
    let sum = |count: fn(&Suite) -> usize| suites.iter().map(|(_, suite)| count(suite)).sum::<usize>();
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        text,
        "<testsuites name=\"pemlint harness\" tests=\"{}\" failures=\"{}\" errors=\"{}\">",
        sum(|suite| suite.tests),
        sum(|suite| suite.failures),
        sum(|suite| suite.errors)
    );
    for (verifier, suite) in &suites {
        let Suite { tests, failures, errors, skipped, cases } = suite;
        let _ = write!(
            text,
            "  <testsuite name=\"{}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" \
             skipped=\"{skipped}\">\n{cases}  </testsuite>\n",
            escaped(&verifier.name)
        );
    }
    text + "</testsuites>\n"
}

fn suite(comparison: &Comparison, verifier: &Verifier) -> Suite {
    let mut suite = Suite::default();
    for (case, answer) in comparison.cases.iter().zip(&verifier.answers) {
        let inner = outcome(comparison, verifier, case, answer, &mut suite);
        suite.case(&verifier.name, &format!("{} {}", case.name, case.groups.join(", ")), &inner);
    }
    for known in comparison.stale().into_iter().filter(|known| known.verifier == verifier.name) {
        suite.failures += 1;
        let message = format!("it agrees now; the reason was: {}", known.reason);
        suite.case(&verifier.name, &format!("ledger {}", known.subject()), &element("failure", &message));
    }
    suite
}

fn outcome(
    comparison: &Comparison,
    verifier: &Verifier,
    case: &Case,
    answer: &Answer,
    suite: &mut Suite,
) -> String {
    let reason = answer.reason.as_deref().unwrap_or("no reason is given");
    match answer.verdict {
        Verdict::Error => {
            suite.errors += 1;
            return element("error", reason);
        }
        Verdict::LeftOut => {
            suite.skipped += 1;
            return element("skipped", reason);
        }
        Verdict::Accepts | Verdict::Rejects => {}
    }
    let Some(gate) = &verifier.gate else { return String::new() };
    let differences = comparison.differences(verifier);
    let Some(found) = differences.iter().find(|difference| difference.case.name == case.name) else {
        return String::new();
    };
    if let Some(known) = found.known {
        suite.skipped += 1;
        return element("skipped", known);
    }
    suite.failures += 1;
    let expected = if found.expected { "accepts" } else { "rejects" };
    element("failure", &format!("{}, {gate} {expected}: {reason}", answer.verdict.name()))
}

fn element(name: &str, message: &str) -> String {
    format!("<{name} message=\"{}\"/>", escaped(message))
}

impl Suite {
    fn case(&mut self, class: &str, name: &str, inner: &str) {
        self.tests += 1;
        let (class, name) = (escaped(class), escaped(name));
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
