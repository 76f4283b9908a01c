//! The strategies shrink: a property that one mutation breaks ends at the plainest chain with that mutation alone.

use pemlint::corpus::{Defective, Keys, Mutation, Names, Purpose, Shape, all};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use super::broken;
use super::strategy::INSTANT;

/// What is left of the first chain that is refused.
fn smallest(refused: impl Fn(&Defective) -> bool) -> Defective {
    let config =
        Config { cases: 20_000, failure_persistence: None, max_shrink_iters: 10_000, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let result = runner.run(&broken::defective(), |defective| {
        if refused(&defective) { Err(TestCaseError::fail("refused")) } else { Ok(()) }
    });
    match result {
        Err(TestError::Fail(_, smallest)) => smallest,
        other => panic!("no chain was refused: {other:?}"),
    }
}

/// The plainest chain that the strategies draw, with room for a mutation.
fn plainest(mutations: Vec<&'static Mutation>) -> Defective {
    let purpose = mutations.first().map_or(Purpose::Served, |mutation| mutation.purpose);
    let shape = Shape {
        intermediates: 0,
        keys: Keys::Ec,
        names: Names::Common,
        serial_octets: 3,
        ..Shape::plain(purpose, INSTANT)
    };
    Defective { shape, mutations }.with_room()
}

fn names(defective: &Defective) -> Vec<&'static str> {
    defective.mutations.iter().map(|mutation| mutation.name).collect()
}

#[test]
fn what_one_mutation_breaks_shrinks_to_the_plainest_chain_with_it_alone() {
    for mutation in all() {
        let smallest = smallest(|defective| names(defective).contains(&mutation.name));
        let plainest = plainest(vec![mutation]);
        assert_eq!((names(&smallest), &smallest.shape), (names(&plainest), &plainest.shape));
    }
}

#[test]
fn what_two_mutations_break_together_shrinks_to_two() {
    let has =
        |defective: &Defective, start: &str| names(defective).iter().any(|name| name.starts_with(start));
    let smallest = smallest(|defective| has(defective, "leaf-") && has(defective, "serial-number-"));
    assert_eq!(smallest.mutations.len(), 2, "{:?}", names(&smallest));
    assert_eq!(smallest.shape, plainest(smallest.mutations.clone()).shape);
}

#[test]
fn what_a_shape_breaks_keeps_that_trait_alone() {
    let smallest = smallest(|defective| defective.shape.keys == Keys::Rsa && defective.shape.age > 10);
    assert_eq!(smallest.mutations.len(), 1);
    let shape = Shape { keys: Keys::Rsa, age: 11, ..plainest(smallest.mutations.clone()).shape };
    assert_eq!(smallest.shape, shape);
}
