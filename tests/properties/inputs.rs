//! Any octets and any damaged file: read to the end, every boundary a block.

use proptest::prelude::*;

use crate::edits::{edit, fixture, piece};
use crate::run::{check_octets, settings};
use crate::scanner;

proptest! {
    #![proptest_config(settings(200))]

    #[test]
    fn any_octets_are_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        scanner::hold(&bytes);
        check_octets(&bytes);
    }

    #[test]
    fn any_pieces_of_pem_files_are_read(pieces in prop::collection::vec(piece(), 0..40)) {
        let bytes = pieces.concat();
        scanner::hold(&bytes);
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
        scanner::hold(&bytes);
        check_octets(&bytes);
    }
}
