//! What rules need is found by computing them in part; passing over those that lack it must change nothing.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use pemlint::engine::{Given, Job, Outcome, Part, check};
use pemlint::expr::{Environment, Scope, compile_bool};
use pemlint::facts::schema::{self, Field, Usual};
use pemlint::facts::{Certificate, Node};
use pemlint::input::Input;
use pemlint::relations::relate;
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

/// That a list whose elements are not said to be unusual has ordinary ones only, as CEL writes it.
fn ordinary(path: &str, field: &Field) -> Option<String> {
    let (list, ordinary) = (path.strip_suffix("[]")?, field.ordinary?);
    let owner = list.strip_suffix(field.name)?;
    let given = |given: &schema::Given| match given.value {
        Usual::Is(true) => format!("x.{}", given.field),
        Usual::Is(false) => format!("!x.{}", given.field),
        Usual::OneOf(texts) => format!("x.{} in {texts:?}", given.field),
        Usual::Size(size) => format!("size(x.{}) == {size}", given.field),
    };
    let case = |of_case: &&'static [schema::Given]| {
        let both = ordinary.all.iter().chain(*of_case);
        format!("({})", both.map(given).collect::<Vec<_>>().join(" && "))
    };
    let cases = ordinary.cases.iter().map(case).collect::<Vec<_>>().join(" || ");
    Some(format!("{owner}{} || {list}.all(x, {cases})", ordinary.fact))
}

#[test]
fn ordinary_elements_have_what_the_schema_says() {
    let params = BTreeMap::new();
    let environment = Environment { roots: &["cert"], item: None, params: &params };
    let is_ours = |(path, _): &(String, &Field)| path.starts_with("cert.");
    let texts: Vec<String> = schema::paths()
        .into_iter()
        .filter(is_ours)
        .filter_map(|(path, field)| ordinary(&path, field))
        .collect();
    // The names of issuer and subject have two each.
    assert_eq!(texts.len(), 5, "{texts:#?}");
    let codes: Vec<_> = texts.iter().map(|text| (text, compile_bool(text, &environment).unwrap())).collect();
    let mut decided = vec![[0; 2]; codes.len()];
    for (name, octets) in FIXTURES.iter() {
        let input = Input::read(Source::new("any.pem", octets.clone()));
        for der in input.blocks.iter().filter_map(|block| input.certificate(block)) {
            let bundle = relate(vec![Certificate::read(der)], &[0], false);
            let mut scope = Scope::new(0).with("cert", Node::Certificate(&bundle, 0));
            for ((text, code), decided) in codes.iter().zip(&mut decided) {
                match code(&mut scope) {
                    Ok(holds) => assert!(holds, "{name}: {text}"),
                    Err(_) => continue,
                }
                let unusual =
                    text.split_once(" ||").map(|(fact, _)| compile_bool(fact, &environment).unwrap());
                let is_unusual = unusual.is_some_and(|unusual| unusual(&mut scope).unwrap());
                decided[usize::from(is_unusual)] += 1;
            }
        }
    }
    // Both answers are given, and most lists are ordinary.
    for ((text, _), [ordinary, unusual]) in codes.iter().zip(decided) {
        assert!(ordinary > 1_000 && unusual > 0, "{ordinary} ordinary and {unusual} not: {text}");
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
