//! Octets that are almost certificates.

use std::sync::LazyLock;

use pemlint::issue::pem::encode;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::certificate::read_everything;
use crate::corpus;
use crate::edits::edit;
use crate::run::{check_octets, settings};
use crate::tree::{Change, Tree, change, tree};

/// The certificates of the fixtures as trees.
static CERTIFICATES: LazyLock<Vec<Tree>> = LazyLock::new(|| {
    let inputs: Vec<_> = ["clean", "openssl", "rules"]
        .into_iter()
        .flat_map(corpus::files)
        .map(|path| corpus::input(&path))
        .collect();
    let all =
        inputs.iter().flat_map(|input| input.blocks.iter().filter_map(|block| input.certificate(block)));
    let mut trees: Vec<Tree> = all.filter_map(Tree::read).collect();
    trees.dedup_by_key(|tree| tree.der());
    trees
});

fn certificate() -> impl Strategy<Value = Tree> {
    any::<Index>().prop_map(|index| index.get(&CERTIFICATES).clone())
}

fn changed(mut tree: Tree, changes: &[(Index, Change)]) -> Vec<u8> {
    for (at, change) in changes {
        let at = at.index(tree.size());
        tree.change(at, &mut |element| change.apply(element));
    }
    tree.der()
}

#[test]
fn most_certificates_of_the_fixtures_are_trees_of_many_parts() {
    CERTIFICATES.iter().for_each(|tree| read_everything(&tree.der()));
    let whole = CERTIFICATES.iter().filter(|tree| tree.size() > 30).count();
    assert!(whole > 500, "{whole} trees have more than 30 elements");
}

proptest! {
    #![proptest_config(settings(400))]

    #[test]
    fn any_der_is_read_as_a_certificate(tree in tree()) {
        read_everything(&tree.der());
    }

    #[test]
    fn any_octets_are_read_as_a_certificate(der in prop::collection::vec(any::<u8>(), 0..200)) {
        read_everything(&der);
    }

    #[test]
    fn a_certificate_with_any_parts_changed_is_read(
        tree in certificate(),
        changes in prop::collection::vec((any::<Index>(), change()), 1..6),
    ) {
        read_everything(&changed(tree, &changes));
    }

    #[test]
    fn a_certificate_with_any_octets_damaged_is_read(
        tree in certificate(),
        edits in prop::collection::vec(edit(), 1..4),
    ) {
        read_everything(&edits.iter().fold(tree.der(), |der, edit| edit.apply(der)));
    }
}

proptest! {
    #![proptest_config(settings(100))]

    #[test]
    fn a_chain_with_any_parts_changed_is_checked(
        first in certificate(),
        second in certificate(),
        changes in prop::collection::vec((any::<Index>(), change()), 0..4),
    ) {
        let text = encode("CERTIFICATE", &changed(first, &changes)) + &encode("CERTIFICATE", &second.der());
        check_octets(text.as_bytes());
    }

    #[test]
    fn a_binary_file_with_any_parts_changed_is_checked(
        tree in certificate(),
        changes in prop::collection::vec((any::<Index>(), change()), 0..4),
    ) {
        check_octets(&changed(tree, &changes));
    }
}
