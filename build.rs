//! Embeds `rules/` and `errors/` in the binary: arrays of rules, profiles and errors.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

#[expect(clippy::disallowed_methods, reason = "cargo passes its paths in the environment")]
fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=errors");
    let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let root = package.join("rules");
    let mut code = String::new();
    let (profiles, sources): (Vec<PathBuf>, Vec<PathBuf>) =
        folders(&root)?.into_iter().partition(|folder| folder.ends_with("profiles"));
    let rules = sources.iter().map(|folder| files(folder)).collect::<io::Result<Vec<_>>>()?.concat();
    array(&mut code, "RULES", &rules, &root);
    let profiles = profiles.iter().map(|folder| files(folder)).collect::<io::Result<Vec<_>>>()?.concat();
    array(&mut code, "PROFILES", &profiles, &root.join("profiles"));
    let target = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(target.join("embedded.rs"), code)?;
    let mut code = String::new();
    let errors = package.join("errors");
    array(&mut code, "ERRORS", &files(&errors)?, &errors);
    fs::write(target.join("errors.rs"), code)
}

fn folders(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> = fs::read_dir(root)?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    Ok(found)
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    found.sort();
    Ok(found)
}

/// An array of names, without `.toml`, and texts.
fn array(code: &mut String, name: &str, files: &[PathBuf], root: &Path) {
    let _ = writeln!(code, "pub(super) static {name}: &[(&str, &str)] = &[");
    for file in files {
        let id = file.strip_prefix(root).expect("files lie below the root").with_extension("");
        let id = id.to_string_lossy().replace('\\', "/");
        let _ = writeln!(code, "    ({id:?}, include_str!({:?})),", file.display().to_string());
    }
    let _ = writeln!(code, "];");
}
