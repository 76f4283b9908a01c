//! The modules of the library are listed lowest first in `src/lib.rs`; no module
//! uses one that is listed below it. Also what every source file has in common.

#[path = "common/modules.rs"]
mod modules;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use modules::{Use, declared, uses};

/// Name of the package, by which its program names the library.
const PACKAGE: &str = "pemlint";

/// Most lines of a source file.
const LINES: usize = 500;

/// Files that may be longer, with the reason. Tables only.
const TABLES: &[(&str, &str)] = &[("src/facts/schema/", "one entry for each fact, nothing else")];

fn package() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below some folders, by its path in the package.
fn sources(folders: &[&str]) -> Vec<(String, String)> {
    let entries =
        folders.iter().flat_map(|folder| walkdir::WalkDir::new(package().join(folder)).sort_by_file_name());
    let paths = entries.map(|entry| entry.expect("sources can be listed").into_path());
    let rust = paths.filter(|path| path.extension().is_some_and(|ending| ending == "rs"));
    let named = rust.map(|path| {
        let name = path.strip_prefix(package()).expect("it lies below").display().to_string();
        (name.replace('\\', "/"), fs::read_to_string(&path).expect("sources are text"))
    });
    named.collect()
}

/// The module that a file below `src/` is: `src/expr/mod.rs` is `expr`; the program is none.
fn module_of(file: &str) -> Vec<&str> {
    let path = file.trim_start_matches("src/").trim_end_matches(".rs");
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["lib" | "main"] => Vec::new(),
        [folders @ .., "mod"] => folders.to_vec(),
        _ => parts,
    }
}

/// A use of one module by another: `file:line`, user, used.
type Edge = (String, String, String);

/// The uses between modules of the library in a file.
fn edges(file: &str, text: &str) -> Vec<Edge> {
    let module = module_of(file);
    let user = module.first().map_or(PACKAGE, |first| *first);
    uses(text, PACKAGE, &module)
        .into_iter()
        .filter_map(|Use { line, path }| Some((format!("{file}:{line}"), path.first()?.clone())))
        .filter(|(_, used)| used != user)
        .map(|(place, used)| (place, user.to_owned(), used))
        .collect()
}

/// The uses of modules that are not listed above their user.
fn upward(order: &[String], files: &[(String, String)]) -> Vec<String> {
    // The program itself stands above all.
    let rank = |module: &str| order.iter().position(|known| known == module).unwrap_or(order.len());
    let edges = files.iter().flat_map(|(file, text)| edges(file, text));
    let wrong = edges.filter(|(_, user, used)| rank(used) >= rank(user));
    wrong.map(|(place, user, used)| format!("{place}: {user} uses {used}")).collect()
}

/// Pairs of modules that use each other.
fn mutual(files: &[(String, String)]) -> Vec<(String, String)> {
    let pairs: BTreeSet<(String, String)> =
        files.iter().flat_map(|(file, text)| edges(file, text)).map(|(_, user, used)| (user, used)).collect();
    let both = pairs.iter().filter(|(user, used)| user < used);
    both.filter(|(user, used)| pairs.contains(&(used.clone(), user.clone()))).cloned().collect()
}

fn order() -> Vec<String> {
    declared(&fs::read_to_string(package().join("src/lib.rs")).expect("the library has a root"))
}

#[test]
fn no_module_uses_one_that_is_listed_below_it() {
    let wrong = upward(&order(), &sources(&["src"]));
    assert!(wrong.is_empty(), "src/lib.rs lists modules lowest first:\n{}", wrong.join("\n"));
}

#[test]
fn no_two_modules_use_each_other() {
    assert_eq!(mutual(&sources(&["src"])), []);
}

#[test]
fn every_file_below_src_is_part_of_a_module_that_the_library_declares() {
    let order = order();
    assert!(order.len() >= 10, "{order:?}");
    for (file, _) in sources(&["src"]) {
        if let Some(first) = module_of(&file).first() {
            assert!(order.iter().any(|known| known == first), "{file} is no part of the library");
        }
    }
}

#[test]
fn the_uses_of_this_library_are_found() {
    let files = sources(&["src"]);
    let found: BTreeSet<(String, String)> =
        files.iter().flat_map(|(file, text)| edges(file, text)).map(|(_, user, used)| (user, used)).collect();
    for (user, used) in [
        ("engine", "rule"),
        ("rule", "expr"),
        ("facts", "input"),
        ("command", "report"),
        (PACKAGE, "command"),
    ] {
        let pair = (user.to_owned(), used.to_owned());
        assert!(found.contains(&pair), "{user} uses {used}, which was not found");
    }
}

#[test]
fn connections_are_opened_in_one_room() {
    let opens = |text: &str| {
        ["TcpStream", "TcpListener", "UdpSocket", "ToSocketAddrs"].iter().any(|name| text.contains(name))
    };
    let files = sources(&["src"]);
    let rooms: Vec<&str> =
        files.iter().filter(|(_, text)| opens(text)).map(|(file, _)| file.as_str()).collect();
    assert!(!rooms.is_empty());
    let elsewhere: Vec<&&str> = rooms.iter().filter(|file| !file.starts_with("src/fetch/")).collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
    // And nobody but the program asks for it.
    let edges = files.iter().flat_map(|(file, text)| edges(file, text));
    let users: BTreeSet<String> =
        edges.filter(|(_, _, used)| used == "fetch").map(|(_, user, _)| user).collect();
    assert_eq!(users, ["cli", "command"].map(str::to_owned).into());
}

#[test]
fn every_source_file_opens_with_what_it_is_for() {
    for (file, text) in sources(&["src", "tests", "examples", "benches"]) {
        let first = text.lines().next().unwrap_or_default();
        assert!(first.starts_with("//! ") && first.len() > 15, "{file} opens with `{first}`");
    }
}

#[test]
fn no_source_file_is_too_long() {
    let long: Vec<String> = sources(&["src", "tests", "examples", "benches"])
        .into_iter()
        .filter(|(file, _)| !TABLES.iter().any(|(table, _)| file.starts_with(table)))
        .filter(|(_, text)| text.lines().count() > LINES)
        .map(|(file, text)| format!("{file}: {} lines", text.lines().count()))
        .collect();
    assert!(long.is_empty(), "more than {LINES} lines:\n{}", long.join("\n"));
}

#[test]
fn lints_are_expected_with_a_reason_and_never_allowed() {
    for (file, text) in sources(&["src", "tests", "examples", "benches"]) {
        // Written in two parts, so that this line does not find itself.
        for wanted in [concat!("#[", "allow("), concat!("#![", "allow(")] {
            assert!(!text.contains(wanted), "{file} has {wanted}…)]");
        }
        for (at, _) in text.match_indices(concat!("[", "expect(")) {
            let end = text[at..].find(")]").map_or(text.len(), |end| at + end);
            assert!(text[at..end].contains("reason = "), "{file}: {}", &text[at..end]);
        }
    }
}

/// Files that are made up, as `sources` gives them.
fn made_up(files: &[(&str, &str)]) -> Vec<(String, String)> {
    files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect()
}

fn words(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn a_planted_use_of_a_higher_module_is_found_in_every_form() {
    let order = words(&["low", "middle", "high"]);
    for (file, text, line) in [
        ("src/low.rs", "use crate::high::Thing;", 1),
        ("src/low.rs", "\n\nuse crate::{low::X, high::{A}};", 3),
        ("src/low.rs", "use crate::{\n    low::X,\n    high as other,\n};", 3),
        ("src/low/mod.rs", "use super::high;", 1),
        ("src/low/deep/er.rs", "use super::super::super::high::Thing;", 1),
        ("src/low/deep.rs", "use super::{Near, super::high::Thing};", 1),
        ("src/low.rs", "pub(in crate::high) fn f() {}", 1),
        ("src/low.rs", "fn f() {\n    let x = crate::high::make::<u8>();\n}", 2),
        ("src/low.rs", "fn f<'a>(x: &'a str) -> char { 'x' }\nimpl crate::high::T for X {}", 2),
        ("src/low.rs", "mod tests {\n    use super::super::high::T;\n}", 2),
        ("src/low.rs", "const S: &str = r#\"a \" // b\"#; use crate::high;", 1),
        ("src/low.rs", "const C: char = '\"'; const Q: char = '\\''; use crate::high;", 1),
        ("src/low.rs", "macro_rules! m { () => { $crate::high::f() } }", 1),
        ("src/low.rs", "use pemlint::high::f;", 1),
        ("src/middle.rs", "/* // */ use crate::low; use crate::high;", 1),
    ] {
        let user = module_of(file)[0];
        let found = upward(&order, &made_up(&[(file, text)]));
        assert_eq!(found, [format!("{file}:{line}: {user} uses high")], "{text}");
    }
}

#[test]
fn a_use_of_a_module_that_is_not_listed_is_found() {
    let found = upward(&words(&["low"]), &made_up(&[("src/low.rs", "use crate::nowhere::X;")]));
    assert_eq!(found, ["src/low.rs:1: low uses nowhere"]);
}

#[test]
fn what_only_looks_like_a_use_of_a_higher_module_is_passed_over() {
    let order = words(&["low", "middle", "high"]);
    for text in [
        "// use crate::high;",
        "/* a /* b */ use crate::high; */",
        "//! [`crate::high`] is above this.",
        "const S: &str = \"use crate::high;\";",
        "const S: &str = \"\\\" crate::high\";",
        "const S: &str = r##\"\"# crate::high\"##;",
        "const S: &[u8] = b\"crate::high\";",
        "use crate::middle::high;\nuse crate::middle::{self, high::Other};",
        "use other::crate_::high;\nuse high::outside;",
        "mod tests {\n    use super::*;\n    use super::super::middle::X;\n}\nuse self::high::T;",
        "mod a { mod b {} fn f() { {} } }\nuse super::low::X;",
        "pub(crate) struct X; pub(super) fn f(crate_high: u8) {}",
    ] {
        assert_eq!(upward(&order, &made_up(&[("src/middle.rs", text)])), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn planted_modules_that_use_each_other_are_found() {
    let files = made_up(&[
        ("src/a/mod.rs", "use crate::b::X;"),
        ("src/b.rs", "use super::c::Y;"),
        ("src/c.rs", "fn f() { crate::b::g() }"),
    ]);
    assert_eq!(mutual(&files), [("b".to_owned(), "c".to_owned())]);
}

#[test]
fn the_modules_of_a_library_are_read_in_their_order() {
    let text = "//! mod no;\n// mod no;\npub mod b;\n#[doc = \"mod no;\"]\nmod a;\nmod inline { }\n";
    assert_eq!(declared(text), ["b", "a"]);
}
