//! Any octets and any damaged file: read to the end, every boundary a block.

use pemlint::input::Input;
use pemlint::source::Source;
use proptest::prelude::*;

use crate::edits::{edit, fixture, piece};
use crate::run::{check_octets, settings};

/// Every `-----BEGIN` is a block; a file without one holds one artifact at most.
fn every_boundary_is_a_block(bytes: &[u8]) {
    let boundaries = bytes.windows(10).filter(|window| window == b"-----BEGIN").count();
    let blocks = Input::read(Source::new("any.pem", bytes.to_vec())).blocks.len();
    if boundaries == 0 {
        assert!(blocks <= 1, "{blocks} blocks in a file without boundaries");
    } else {
        assert_eq!(blocks, boundaries, "blocks and BEGIN boundaries");
    }
}

proptest! {
    #![proptest_config(settings(200))]

    #[test]
    fn any_octets_are_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        every_boundary_is_a_block(&bytes);
        check_octets(&bytes);
    }

    #[test]
    fn any_pieces_of_pem_files_are_read(pieces in prop::collection::vec(piece(), 0..40)) {
        let bytes = pieces.concat();
        every_boundary_is_a_block(&bytes);
        check_octets(&bytes);
    }

    #[test]
    fn any_damaged_fixture_is_read(
        file in fixture(),
        other in fixture(),
        beside in any::<bool>(),
        edits in prop::collection::vec(edit(), 1..8),
    ) {
        let file = if beside { [file, other].concat() } else { file };
        let bytes = edits.iter().fold(file, |bytes, edit| edit.apply(bytes));
        every_boundary_is_a_block(&bytes);
        check_octets(&bytes);
    }
}
