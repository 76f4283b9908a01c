//! Broken chains as proptest draws and shrinks them: one to three mutations that combine. Nothing runs the linter here.

use pemlint::corpus::{Defective, Mutation, Purpose, all};
use proptest::prelude::*;
use proptest::sample::select;

use super::strategy::shape_for;

/// Shapes with one to three mutations that combine.
pub(super) fn defective() -> impl Strategy<Value = Defective> {
    prop_oneof![defective_for(Purpose::Served), defective_for(Purpose::Uploaded)]
}

/// Shapes for a purpose with one to three mutations, less those that do not combine with one behind them. A mutation is
/// drawn whatever the others are, and what stands before it never decides whether it stays: so each of the others can be
/// left out, first to last, while a chain shrinks.
fn defective_for(purpose: Purpose) -> impl Strategy<Value = Defective> {
    let fitting: Vec<&'static Mutation> = all().filter(|mutation| mutation.purpose == purpose).collect();
    let wanted = proptest::collection::vec(select(fitting), 1..4);
    (shape_for(purpose), wanted).prop_map(|(shape, wanted)| {
        let mut mutations: Vec<&'static Mutation> = Vec::new();
        for mutation in wanted.into_iter().rev() {
            if mutations.iter().all(|known| known.combines_with(mutation)) {
                mutations.insert(0, mutation);
            }
        }
        Defective { shape, mutations }.with_room()
    })
}
