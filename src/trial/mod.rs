//! Rules of users tried on the examples that their files name, and on the corpus: which behave as written there and why
//! one does not, which parts of their conditions the examples prove, what they say of chains that nobody made for them.
//! Gets files as octets; opening them is the command's.

mod json;
mod junit;
mod mutant;
mod proof;
mod run;
mod sample;
mod table;

use crate::rule::Draft;

pub use json::json;
pub(crate) use junit::escaped;
pub use junit::junit;
pub use mutant::{Mutant, mutants};
pub use proof::{Proof, Proven};
pub use run::{rules, run};
pub use sample::{Met, Sample, given, meet, samples};
pub use table::table;

/// What came of all rules.
#[derive(Debug, Default)]
pub struct Trial {
    /// The rules, in the order of their ids.
    pub rules: Vec<Tried>,
    /// Good chains of the corpus.
    pub good: usize,
    /// Broken chains of the corpus.
    pub broken: usize,
}

/// What came of one rule.
#[derive(Debug)]
pub struct Tried {
    /// Its id.
    pub rule: String,
    /// Its file.
    pub path: String,
    /// Its examples, in the order of the file.
    pub examples: Vec<Example>,
    /// What they prove.
    pub proven: Proven,
    /// What it says of the corpus.
    pub met: Met,
}

/// What came of one example.
#[derive(Debug)]
pub struct Example {
    /// The file as the rule names it.
    pub file: String,
    /// Whether the rule must fail on it.
    pub fails: bool,
    /// The profile that it was looked at under.
    pub profile: String,
    /// How the rule behaved.
    pub behaviour: Behaviour,
}

/// How a rule behaved on an example.
#[derive(Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// As its file says.
    Right,
    /// Otherwise.
    Wrong {
        /// What it did instead.
        reason: String,
        /// What the parts of its conditions are worth there.
        parts: Vec<Worth>,
    },
    /// The example cannot be used.
    Unusable(String),
}

/// What a part of a condition is worth on an example.
#[derive(Debug, PartialEq, Eq)]
pub struct Worth {
    /// `when` or `check`.
    pub key: &'static str,
    /// The part.
    pub text: String,
    /// Its value, such as `true`, or `true and false` where the file holds several subjects.
    pub value: &'static str,
}

/// Numbers of a trial.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// Rules.
    pub rules: usize,
    /// Rules that have an example on which they must fail and one that passes.
    pub covered: usize,
    /// Examples.
    pub examples: usize,
    /// Examples that behave.
    pub right: usize,
    /// Examples that do not.
    pub wrong: usize,
    /// Examples that cannot be used.
    pub unusable: usize,
    /// Rules without an example on which they must fail.
    pub unproven: usize,
}

impl Tried {
    /// A rule whose examples are still to be tried.
    #[must_use]
    pub fn of(draft: &Draft) -> Self {
        Self {
            rule: draft.source.id.clone(),
            path: draft.source.path.to_string(),
            examples: Vec::new(),
            proven: Proven::default(),
            met: Met::default(),
        }
    }

    /// Examples of an outcome: those that behave, and all.
    #[must_use]
    pub fn count(&self, fails: bool) -> (usize, usize) {
        let of_kind = || self.examples.iter().filter(|example| example.fails == fails);
        (of_kind().filter(|example| example.behaviour == Behaviour::Right).count(), of_kind().count())
    }

    /// What is missing for the rule to be proven.
    #[must_use]
    pub fn error(&self) -> Option<&'static str> {
        (self.count(true).1 == 0)
            .then_some("no example says `fails`: nothing shows that the rule finds anything")
    }

    /// Why it cannot be computed on a chain of the corpus.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        let (chain, reason) = self.met.errors.first()?;
        let more = self.met.errors.len() - 1;
        let others = if more > 0 { format!(", and {more} more") } else { String::new() };
        Some(format!("cannot be computed on a chain of the corpus ({chain}{others}): {reason}"))
    }

    /// What is missing for it to be proven well.
    #[must_use]
    pub fn warning(&self) -> Option<&'static str> {
        (self.count(false).1 == 0)
            .then_some("no example says `passes`: nothing shows that the rule spares anything")
    }

    /// Whether all is right with it.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.error().is_none()
            && self.met.errors.is_empty()
            && self.examples.iter().all(|example| example.behaviour == Behaviour::Right)
    }
}

impl Trial {
    /// Its numbers.
    #[must_use]
    pub fn numbers(&self) -> Numbers {
        let mut numbers = Numbers { rules: self.rules.len(), ..Numbers::default() };
        for tried in &self.rules {
            numbers.unproven += usize::from(tried.error().is_some());
            numbers.covered += usize::from(tried.error().is_none() && tried.warning().is_none());
            for example in &tried.examples {
                numbers.examples += 1;
                match example.behaviour {
                    Behaviour::Right => numbers.right += 1,
                    Behaviour::Wrong { .. } => numbers.wrong += 1,
                    Behaviour::Unusable(_) => numbers.unusable += 1,
                }
            }
        }
        numbers
    }
}

impl Example {
    /// The outcome that its file names.
    #[must_use]
    pub fn expected(&self) -> &'static str {
        if self.fails { "fails" } else { "passes" }
    }
}
