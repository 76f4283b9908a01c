//! What programs load from damaged files, against these programs: Python's `ssl` with `cafile=` and with `cadata=`, and
//! `openssl x509`, each of them of every version that is found. rustls reads in process and is not modelled.

#[path = "readers/damage.rs"]
mod damage;
#[path = "common/pythons.rs"]
mod pythons;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use damage::{Damaged, Good};
use pemlint::client::reader::{Reader, Reading};

fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// How many files with random edits Python is asked about besides.
const EDITED: u64 = 3_000;

/// How many of them `openssl` is asked about, which starts anew for each.
const EDITED_FOR_OPENSSL: u64 = 200;

fn good() -> Good {
    let read = |path: &str| fs::read_to_string(file(path)).expect("the fixtures are there");
    Good {
        good: read("fixtures/openssl/good-rsa2048/ca.pem"),
        other: read("fixtures/clean/p256-root.pem"),
        key: read("fixtures/keys/p256-a.pem"),
    }
}

fn damaged() -> Vec<Damaged> {
    good().damaged()
}

/// The named files, then so many edited ones.
fn all(edited: u64) -> Vec<Damaged> {
    let named = damaged();
    assert!(named.len() >= 60, "{} files are too few", named.len());
    let edited = good().edited(edited).into_iter();
    named.into_iter().chain(edited.map(|octets| ("edited", octets))).collect()
}

/// Writes the files; returns the folder and their paths.
fn written(all: &[Damaged]) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let write = |(number, (_, octets)): (usize, &Damaged)| {
        let path = folder.path().join(format!("{number}.pem"));
        fs::write(&path, octets).expect("the folder can be written");
        path
    };
    let paths = all.iter().enumerate().map(write).collect();
    (folder, paths)
}

/// An error of Python without the place in its source.
fn without_place(text: &str) -> &str {
    text.split_once(" (_ssl.c:").map_or(text, |(text, _)| text)
}

fn compare(
    wrong: &mut Vec<String>,
    engine: &str,
    (name, octets): &Damaged,
    modelled: &Reading,
    told: (usize, Option<&str>),
) {
    let error = modelled.error.as_deref();
    if (modelled.loads, error) != told {
        let reader = modelled.reader.name();
        // A named damage can be made again; of one that was drawn the text is needed.
        let text = if *name == "edited" { String::from_utf8_lossy(octets) } else { "".into() };
        let loads = modelled.loads;
        wrong.push(format!("{engine}, {reader}, {name}: model {loads:?} {error:?}, told {told:?}\n{text}"));
    }
}

#[test]
fn python_loads_what_the_model_says() {
    let all = all(EDITED);
    let (_folder, paths) = written(&all);
    let mut wrong = Vec::new();
    for python in pythons::interpreters("tests/readers/load.py") {
        let answers = python.ask(paths.iter().map(|path| path.display().to_string()));
        for (damage, answer) in all.iter().zip(&answers) {
            for (reader, key) in [(Reader::PythonCafile, "cafile"), (Reader::PythonCadata, "cadata")] {
                let loads = answer[key][0].as_u64().expect("a number");
                let error = answer[key][1].as_str().map(without_place);
                let modelled = reader.read(&damage.1);
                // What is no UTF-8 fails before `ssl` is asked.
                let error = if error == Some("no UTF-8") { modelled.error.as_deref() } else { error };
                let told = (usize::try_from(loads).expect("few"), error);
                compare(&mut wrong, &python.name, damage, &modelled, told);
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn openssl_x509_shows_what_the_model_says() {
    let all = all(EDITED_FOR_OPENSSL);
    let (_folder, paths) = written(&all);
    let debian = file("target/tools/debian/openssl");
    let programs = [Some(PathBuf::from("openssl")), Some(debian).filter(|path| path.exists())];
    let mut wrong = Vec::new();
    for program in programs.into_iter().flatten() {
        for ((damage, octets), path) in all.iter().zip(&paths) {
            let output = Command::new(&program).args(["x509", "-outform", "DER", "-in"]).arg(path).output();
            let output = output.expect("openssl is installed");
            let modelled = Reader::OpensslX509.read(octets);
            let loads = usize::from(output.status.success());
            let name = program.display().to_string();
            if modelled.loads != loads {
                wrong.push(format!("{name}, {damage}: model {}, told {loads}", modelled.loads));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Fixtures that the command beside them repairs: after it, Python loads so many certificates.
const REPAIRED: [(&str, &str, usize); 16] = [
    ("padding-wrong", "left-out-alone", 1),
    ("body-glued", "all-on-one-line", 2),
    ("body-glued", "behind-begin", 2),
    ("body-glued", "before-end", 2),
    ("carriage-returns-alone", "two", 2),
    ("dashes-not-hyphens", "en-dashes", 2),
    ("dashes-not-hyphens", "em-dashes-at-end", 2),
    ("hidden-character-in-text", "in-begin", 2),
    ("hidden-character-in-text", "no-break-space", 2),
    ("hidden-character-in-text", "in-end", 2),
    ("label-not-in-capitals", "boundaries", 2),
    ("nul-octet-in-text", "in-the-body", 2),
    ("byte-order-mark-before-text", "between", 2),
    ("boundary-misplaced", "whole-block-indented", 2),
    ("line-breaks-not-real", "two", 2),
    ("text-not-utf8", "utf-16-of-windows", 1),
];

/// The command of a rule that writes `repaired.pem`.
fn repair_of(rule: &str) -> String {
    let text = fs::read_to_string(file(&format!("rules/pem/{rule}.toml"))).expect("it is a rule");
    let (_, fix) = text.split_once("fix = '''").expect("it has a fix");
    let mut lines = Vec::new();
    for line in fix.lines().skip_while(|line| !line.starts_with("    ")) {
        lines.push(line.strip_prefix("    ").unwrap_or(line));
        if line.ends_with("> repaired.pem") {
            return lines.join("\n");
        }
    }
    panic!("{rule} has no command that writes repaired.pem")
}

#[test]
fn the_commands_of_fixes_repair_what_they_are_for() {
    for (rule, fixture, wanted) in REPAIRED {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let damaged = file(&format!("fixtures/rules/pem/{rule}/fails-{fixture}.pem"));
        fs::copy(damaged, folder.path().join("broken.pem")).expect("the fixture is there");
        let ran = Command::new("sh").arg("-c").arg(repair_of(rule)).current_dir(folder.path()).status();
        assert!(ran.expect("a shell is installed").success(), "{rule}: the command fails");
        let broken = fs::read(folder.path().join("broken.pem")).expect("it was copied");
        let repaired = fs::read(folder.path().join("repaired.pem")).expect("the command writes it");
        let before = Reader::PythonCadata.read(&broken);
        assert!(before.loads < wanted, "{rule}, {fixture}: Python loads it as it is");
        for reader in [Reader::PythonCafile, Reader::PythonCadata, Reader::Rustls] {
            let read = reader.read(&repaired);
            assert_eq!((read.loads, read.error), (wanted, None), "{rule}, {fixture}, {}", reader.name());
        }
    }
}

#[test]
fn every_reader_loads_what_is_sound() {
    let all = damaged();
    for (name, octets) in all.iter().filter(|(name, _)| ["sound", "two"].contains(name)) {
        let wanted = if *name == "two" { 2 } else { 1 };
        for reader in Reader::ALL {
            let wanted = if reader == Reader::OpensslX509 { 1 } else { wanted };
            assert_eq!(reader.read(octets), Reading { reader, loads: wanted, error: None }, "{name}");
        }
    }
}
