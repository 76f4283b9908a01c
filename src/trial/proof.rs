//! What the examples of rules prove: every condition is changed by one step at a time, and an example has to notice.

use std::collections::BTreeSet;

use super::mutant::{Mutant, mutants};
use super::run::{behaves, check, rules};
use crate::document::Diagnostics;
use crate::engine::Given;
use crate::rule::{Draft, Profile, RuleSet, RuleSource};

/// The changes of all rules, and those that no example has noticed yet.
#[derive(Debug)]
pub struct Proof {
    /// Each with the id of its rule.
    changes: Vec<(String, Mutant)>,
    unnoticed: BTreeSet<usize>,
}

/// How much of a rule its examples prove.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proven {
    /// How many changes its conditions allow.
    pub changes: usize,
    /// Those that no example notices.
    pub unnoticed: Vec<String>,
}

impl Proof {
    /// The changes of rules, none noticed.
    #[must_use]
    pub fn of(drafts: &[Draft]) -> Self {
        let of_rule = |draft: &Draft| {
            let id = draft.source.id.clone();
            mutants(draft).into_iter().map(move |mutant| (id.clone(), mutant))
        };
        let changes: Vec<(String, Mutant)> = drafts.iter().flat_map(of_rule).collect();
        Self { unnoticed: (0..changes.len()).collect(), changes }
    }

    /// The changed rules, as rules of their own under what a profile says of the rule.
    ///
    /// # Errors
    /// What the changed rules would be refused for.
    pub fn set(&self, drafts: &[Draft], mut profile: Profile) -> Result<RuleSet, Diagnostics> {
        let mut sources: Vec<RuleSource> = Vec::with_capacity(self.changes.len());
        for (at, (rule, change)) in self.changes.iter().enumerate() {
            let Some(draft) = drafts.iter().find(|draft| draft.source.id == *rule) else { continue };
            profile.extend_to(rule, &name(at));
            sources.push(draft.rewritten(&name(at), change.when.as_deref(), change.check.as_deref()));
        }
        profile.keep(|id| sources.iter().any(|source| source.id == *id));
        rules(profile, sources)
    }

    /// Tries an example on the changes of its rule; `set` has those of all rules.
    pub fn meet(&mut self, rule: &str, fails: bool, given: &Given, set: &RuleSet, now: i64) {
        let outcome = check(given, set, now);
        let changes = &self.changes;
        self.unnoticed.retain(|at| changes[*at].0 != rule || behaves(&outcome, &name(*at), fails));
    }

    /// How much of a rule was proven.
    #[must_use]
    pub fn proven(&self, rule: &str) -> Proven {
        let of_rule = |at: &usize| self.changes[*at].0 == rule;
        Proven {
            changes: (0..self.changes.len()).filter(of_rule).count(),
            unnoticed: self
                .unnoticed
                .iter()
                .copied()
                .filter(of_rule)
                .map(|at| self.changes[at].1.name.clone())
                .collect(),
        }
    }
}

/// Id of a changed rule.
fn name(at: usize) -> String {
    format!("changed/c{at}")
}
