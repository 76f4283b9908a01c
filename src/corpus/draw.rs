//! Shapes drawn by a generator of numbers: the same seed draws the same shape.

use super::{Keys, Names, Purpose, Shape};

/// A generator of numbers (SplitMix64).
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    /// The generator of one chain of a corpus.
    pub(super) fn new(seed: u64, number: u64) -> Self {
        let mut mixed = Self(seed);
        let start = mixed.next();
        Self(start ^ number.wrapping_mul(0xd134_2543_de82_ef95))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).expect("it is below a usize")
    }

    /// True once in so many times.
    pub(super) fn chance(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }
}

/// Draws a shape: three of four have EC keys alone.
pub(super) fn draw(random: &mut Random, purpose: Purpose, instant: i64) -> Shape {
    Shape {
        purpose,
        instant,
        intermediates: random.below(4),
        keys: match random.below(32) {
            0 => Keys::Large,
            1 => Keys::Rare,
            2..5 => Keys::Mixed,
            5..8 => Keys::Rsa,
            _ => Keys::Ec,
        },
        rotation: random.below(5),
        names: [Names::Common, Names::Organization, Names::International, Names::Place][random.below(4)],
        host: random.below(Shape::HOSTS.len()),
        path_length: random.chance(2),
        root_authority: random.chance(2),
        purposes: random.chance(2),
        // Two octets could be guessed.
        serial_octets: (2 + random.below(19)).max(3),
        age: i64::try_from(random.below(26)).expect("it is below 26"),
    }
}
