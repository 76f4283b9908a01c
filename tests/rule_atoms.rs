//! Every part of every rule counts: each Boolean part of `when` and `check` is
//! negated and dropped, each comparison moved by one, and some fixture must then
//! fire the rule where it did not, or no longer. What makes no difference stands
//! in a ledger with the reason; an entry that is out of date fails.

#[expect(dead_code, reason = "the fixtures are run here with other rules")]
#[path = "common/fixtures.rs"]
mod fixtures;
#[path = "rule_atoms/ledger.rs"]
mod ledger;

use std::collections::{BTreeMap, BTreeSet};

use fixtures::{Fixture, fixtures};
use ledger::SURVIVORS;
use pemlint::engine::{self, Job};
use pemlint::facts::time::from_rfc3339;
use pemlint::rule::{Draft, Level, Options, Profile, RuleSet, SetLevel, embedded_drafts};
use pemlint::trial::{Mutant, mutants};

/// What was changed, and the mutants still alive.
struct Field {
    drafts: Vec<Draft>,
    /// Each with the place of its rule among the drafts.
    mutants: Vec<(usize, Mutant)>,
    alive: BTreeSet<usize>,
}

#[test]
fn every_part_of_every_rule_makes_a_difference_to_some_fixture() {
    let drafts = embedded_drafts().expect("the rules are sound");
    let of_rule = |(rule, draft)| mutants(draft).into_iter().map(move |mutant| (rule, mutant));
    let mutants: Vec<(usize, Mutant)> = drafts.iter().enumerate().flat_map(of_rule).collect();
    let atoms: BTreeSet<_> = mutants
        .iter()
        .map(|(rule, mutant)| (*rule, mutant.key, mutant.place.start, mutant.place.end))
        .collect();
    let mut field = Field { alive: (0..mutants.len()).collect(), drafts, mutants };
    let all = fixtures();
    // Its own fixtures kill most mutants of a rule; only the rest meets all the others.
    let mut own: BTreeMap<&str, Vec<&Fixture>> = BTreeMap::new();
    for fixture in &all {
        own.entry(fixture.rule.as_deref().unwrap_or("")).or_default().push(fixture);
    }
    for (rule, fixtures) in own.iter().filter(|(rule, _)| !rule.is_empty()) {
        field.run(fixtures, |id| id == *rule);
    }
    let after_own = field.alive.len();
    field.run(&all.iter().collect::<Vec<_>>(), |_| true);
    let (rules, count) = (field.drafts.len(), field.mutants.len());
    println!(
        "{rules} rules, {} atoms, {count} mutants, {} killed by fixtures of their rule, {} by others, {} alive",
        atoms.len(),
        count - after_own,
        after_own - field.alive.len(),
        field.alive.len()
    );
    assert!(count > 3 * rules, "{count} mutants of {rules} rules are too few to mean much");
    let alive: BTreeSet<String> = field.alive.iter().map(|at| field.name(*at)).collect();
    let alive: BTreeSet<&str> = alive.iter().map(String::as_str).collect();
    let listed: BTreeSet<&str> = SURVIVORS.iter().flat_map(|(_, names)| *names).copied().collect();
    let new: Vec<&str> = alive.difference(&listed).copied().collect();
    let gone: Vec<&str> = listed.difference(&alive).copied().collect();
    assert!(
        new.is_empty(),
        "{} mutants are alive; add a fixture that kills each:\n{}",
        new.len(),
        new.join("\n")
    );
    assert!(
        gone.is_empty(),
        "these are dead or no longer made; take them off the ledger:\n{}",
        gone.join("\n")
    );
}

#[test]
fn every_survivor_is_listed_once_with_a_reason() {
    let mut names = BTreeSet::new();
    for (reason, mutants) in SURVIVORS {
        assert!(reason.split_whitespace().count() >= 5 && !mutants.is_empty(), "{reason}");
        for mutant in *mutants {
            assert!(names.insert(*mutant), "{mutant} is listed twice");
        }
    }
}

impl Field {
    fn name(&self, at: usize) -> String {
        let (rule, mutant) = &self.mutants[at];
        format!("{}: {}", self.drafts[*rule].source.id, mutant.name)
    }

    /// Takes away the mutants of some rules that make a difference on some fixtures.
    fn run(&mut self, fixtures: &[&Fixture], of: impl Fn(&str) -> bool) {
        let mut kinds: BTreeMap<(&str, bool), Vec<&Fixture>> = BTreeMap::new();
        for fixture in fixtures {
            kinds.entry((fixture.profile(), fixture.no_key())).or_default().push(fixture);
        }
        for ((profile, no_key), fixtures) in kinds {
            let rules: BTreeSet<usize> = self
                .alive
                .iter()
                .map(|at| self.mutants[*at].0)
                .filter(|rule| of(&self.drafts[*rule].source.id))
                .collect();
            if rules.is_empty() {
                return;
            }
            let set = self.set(profile, no_key, &rules);
            for fixture in fixtures {
                self.meet(fixture, &set, &rules);
            }
        }
    }

    /// The mutants of some rules that are alive, and each of these rules unchanged.
    fn set(&self, profile: &str, no_key: bool, rules: &BTreeSet<usize>) -> RuleSet {
        let mut profile = Profile::named(profile).expect("it is a profile of the binary");
        let mut levels: Vec<SetLevel> =
            self.drafts.iter().map(|draft| SetLevel::new(&draft.source.id, Level::Off, "test")).collect();
        let mut sources = Vec::new();
        let mut add = |rule: usize, copy: &str, when: Option<&str>, check: Option<&str>| {
            let draft = &self.drafts[rule];
            profile.extend_to(&draft.source.id, copy);
            if no_key && draft.source.id == "keys/private-key-missing" {
                levels.push(SetLevel::new(copy, Level::Off, "test"));
            }
            sources.push(draft.rewritten(copy, when, check));
        };
        for rule in rules {
            add(*rule, &format!("unchanged/r{rule}"), None, None);
        }
        for at in &self.alive {
            let (rule, mutant) = &self.mutants[*at];
            if rules.contains(rule) {
                let (when, check) = (mutant.when.as_deref(), mutant.check.as_deref());
                add(*rule, &format!("mutant/m{at}"), when, check);
            }
        }
        RuleSet::load(profile, Options { sources, levels })
            .unwrap_or_else(|faults| panic!("{}", faults.render(false)))
    }

    fn meet(&mut self, fixture: &Fixture, set: &RuleSet, rules: &BTreeSet<usize>) {
        let given = fixture.all_given();
        let now = from_rfc3339(fixture.at()).expect("fixtures name an instant");
        let clients = fixture.clients();
        let join = fixture.trust().is_some();
        let outcome = engine::check(&given, &Job { rules: set, now, join, clients: &clients });
        let fired: BTreeSet<&str> = outcome.findings.iter().map(|finding| finding.rule.as_str()).collect();
        let expected = fixture.expected();
        for rule in rules {
            let id = &self.drafts[*rule].source.id;
            let fires = fired.contains(format!("unchanged/r{rule}").as_str());
            assert_eq!(fires, expected.contains(id), "{}: a copy of {id} is not like it", fixture.name());
        }
        let mutants = &self.mutants;
        let survives = |at: &usize| {
            let (rule, _) = &mutants[*at];
            !rules.contains(rule)
                || fired.contains(format!("mutant/m{at}").as_str())
                    == fired.contains(format!("unchanged/r{rule}").as_str())
        };
        self.alive.retain(survives);
    }
}
