//! What rules need is found by computing them in part; passing over those that lack it must change nothing.

use std::sync::LazyLock;

use pemlint::engine::{Given, Job, Outcome, Part, check};
use pemlint::input::Input;
use pemlint::rule::{Options, Profile, RuleSet, Subject, profile_names};
use pemlint::source::Source;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::edits::FIXTURES;
use crate::run::settings;

/// The rules of every profile: as they are, and with none that is passed over.
static RULES: LazyLock<Vec<[RuleSet; 2]>> = LazyLock::new(|| {
    let load = |name: &str| RuleSet::load(Profile::named(name).unwrap(), Options::default()).unwrap();
    let pair = |name| {
        let mut all = load(name);
        let planned = all.plans.values_mut().flat_map(|plan| &mut plan.rules);
        planned.for_each(|planned| planned.needs = 0);
        [load(name), all]
    };
    profile_names().into_iter().map(pair).collect()
});

fn outcome(octets: &[u8], rules: &RuleSet) -> Outcome {
    let given = [Given { input: Input::read(Source::new("any.pem", octets.to_vec())), part: Part::Checked }];
    check(&given, &Job { rules, now: 1_795_000_000, join: false, clients: &[] })
}

#[track_caller]
fn same(name: &str, octets: &[u8], [passing, all]: &[RuleSet; 2]) {
    let (passing, all) = (outcome(octets, passing), outcome(octets, all));
    assert_eq!(passing.findings, all.findings, "{name}");
    assert_eq!(passing.notes, all.notes, "{name}");
}

#[test]
fn no_outcome_of_a_fixture_is_passed_over() {
    for (at, (name, octets)) in FIXTURES.iter().enumerate() {
        same(name, octets, &RULES[at % RULES.len()]);
    }
}

proptest! {
    #![proptest_config(settings(256))]

    #[test]
    fn no_outcome_of_a_damaged_file_is_passed_over(
        which in any::<Index>(),
        places in prop::collection::vec((any::<Index>(), 1..=255_u8), 1..4),
        profile in any::<Index>(),
    ) {
        let (name, octets) = which.get(&FIXTURES);
        let mut octets = octets.clone();
        for (place, bits) in places {
            if !octets.is_empty() {
                let place = place.index(octets.len());
                octets[place] ^= bits;
            }
        }
        same(name, &octets, profile.get(&RULES));
    }
}

#[test]
fn most_rules_on_certificates_need_something_and_few_things_are_asked() {
    for [rules, _] in RULES.iter() {
        let plan = &rules.plans[&Subject::Certificate];
        let with = plan.rules.iter().filter(|planned| planned.needs != 0).count();
        assert!(with * 2 > plan.rules.len(), "{with} of {} under {}", plan.rules.len(), rules.profile.name);
        assert!(plan.needs.iter().all(|need| !need.text.is_empty()));
    }
}
