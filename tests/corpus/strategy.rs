//! Good chains and broken ones, as proptest draws and shrinks them.

use pemlint::corpus::{Defective, Keys, Mutation, Names, Purpose, Shape, all};
use proptest::prelude::*;
use proptest::sample::Index;

use super::checked::INSTANT;

/// Shapes of good chains, the plainest first.
pub(crate) fn shape() -> impl Strategy<Value = Shape> {
    let purpose = prop_oneof![Just(Purpose::Served), Just(Purpose::Uploaded)];
    let keys = prop_oneof![
        6 => Just(Keys::Ec),
        1 => Just(Keys::Rsa),
        2 => Just(Keys::Mixed),
        1 => Just(Keys::Large),
        1 => Just(Keys::Rare),
    ];
    let names = prop_oneof![
        Just(Names::Common),
        Just(Names::Organization),
        Just(Names::International),
        Just(Names::Legacy),
    ];
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (purpose, 0..4_usize, keys, 0..5_usize, names, 0..Shape::HOSTS.len(), flags, 2..=20_usize, 0..26_i64)
        .prop_map(|(purpose, intermediates, keys, rotation, names, host, flags, serial_octets, age)| {
            let (path_length, root_authority, purposes) = flags;
            Shape {
                intermediates,
                keys,
                rotation,
                names,
                host,
                path_length,
                root_authority,
                purposes,
                serial_octets,
                age,
                ..Shape::plain(purpose, INSTANT)
            }
        })
}

/// Shapes with one to three mutations that combine.
pub(crate) fn defective() -> impl Strategy<Value = Defective> {
    (shape(), proptest::collection::vec(any::<Index>(), 1..4)).prop_map(|(shape, wanted)| {
        let mut mutations: Vec<&'static Mutation> = Vec::new();
        for index in wanted {
            let first = mutations.first().map_or(shape.purpose, |first| first.purpose);
            let fits = |mutation: &&Mutation| {
                mutation.purpose == first && mutations.iter().all(|known| known.combines_with(mutation))
            };
            let fitting: Vec<&'static Mutation> = all().filter(fits).collect();
            if !fitting.is_empty() {
                mutations.push(fitting[index.index(fitting.len())]);
            }
        }
        Defective { shape, mutations }.with_room()
    })
}
