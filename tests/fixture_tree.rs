//! The committed fixtures are those that `examples/fixtures` makes, octet for
//! octet: nobody edits them by hand, and the maker is deterministic.

#[expect(dead_code, reason = "the program around the maker is not run here")]
#[path = "../examples/fixtures/main.rs"]
mod maker;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The files of the folders that are made, below another, by their path in it.
fn tree(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = maker::FOLDERS.iter().flat_map(|part| walkdir::WalkDir::new(root.join(part)));
    let paths = entries.map(|entry| entry.expect("fixtures can be listed").into_path());
    let files = paths.filter(|path| path.is_file()).map(|path| {
        let name = path.strip_prefix(root).expect("it lies below").to_owned();
        (name, fs::read(&path).expect("fixtures can be read"))
    });
    files.collect()
}

#[test]
fn the_maker_makes_the_committed_fixtures_octet_for_octet() {
    let target = tempfile::tempdir().expect("a folder can be made");
    let (count, stale) = maker::make(target.path()).expect("fixtures can be written");
    assert!(count > 400 && stale.is_empty(), "{count} fixtures; nobody made {stale:?}");
    let (made, committed) =
        (tree(target.path()), tree(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")));
    assert!(made.len() > 2_000, "{} files are too few", made.len());
    let differing: Vec<&PathBuf> =
        made.keys().chain(committed.keys()).filter(|path| made.get(*path) != committed.get(*path)).collect();
    assert!(differing.is_empty(), "`cargo run --example fixtures -- fixtures` would change: {differing:#?}");
}
