//! Files below `fixtures/`, read as pemlint reads them. Knows nothing of what
//! is in them nor of what a test wants of it.

use std::fs;
use std::path::{Path, PathBuf};

use pemlint::input::Input;
use pemlint::source::{Source, shown_path};

/// The folder of the package.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every PEM file below `fixtures/<folder>`, sorted by path.
pub(crate) fn files(folder: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = walkdir::WalkDir::new(root().join("fixtures").join(folder))
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "pem"))
        .collect();
    found.sort();
    assert!(!found.is_empty(), "fixtures/{folder} holds no PEM file");
    found
}

/// A file read; its name is relative to the package.
pub(crate) fn input(path: &Path) -> Input {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Input::read(Source::new(shown_path(path, root()), bytes))
}
