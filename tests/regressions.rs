//! What the fuzz targets of `fuzz/` must hold, on inputs that are kept: those
//! which once broke it, below `fixtures/regressions/<target>/`, and the seeds
//! from which fuzzing starts.

#[path = "common/invariants/carrier.rs"]
mod carrier;
#[path = "common/invariants/certificate.rs"]
mod certificate;
#[path = "common/invariants/check.rs"]
mod check;
#[path = "common/invariants/expression.rs"]
mod expression;
#[path = "common/invariants/locked.rs"]
mod locked;
#[path = "common/invariants/regions.rs"]
mod regions;
#[path = "common/invariants/rule_file.rs"]
mod rule_file;
#[path = "common/invariants/scanner.rs"]
mod scanner;

use std::fs;
use std::path::{Path, PathBuf};

use pemlint::input::{Format, Input};
use pemlint::rule::embedded_drafts;
use pemlint::source::Source;

/// Texts that are no expressions, or are ones of a kind that rules do not have.
const EXPRESSIONS: &[&str] = &[
    "",
    "cert",
    "now",
    "[1, 2].map(x, x + 1)",
    "cert.extensions.exists(x, x.critical && !x.known)",
    "{cert.subject.text} {{braces}} {1 / 0}",
    "9223372036854775807 + 1 == 0",
    "cert.extensions[99].oid",
    "params.words.filter(w, w in [\"a\"]).size() > 0",
    // The parsers number the nodes behind a row of signs in different orders.
    "2 ---- size(cert.extensions) > 0",
    "{",
    "'é' + “",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder of the package, sorted; none where it is missing.
fn files(folder: &str) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(root().join(folder)).sort_by_file_name();
    let paths = entries.into_iter().filter_map(|entry| entry.ok().map(walkdir::DirEntry::into_path));
    paths.filter(|path| path.is_file()).collect()
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Runs a target on what is kept for it.
fn kept(target: &str, hold: impl Fn(&[u8])) {
    for path in files(&format!("fixtures/regressions/{target}")) {
        hold(&read(&path));
    }
}

/// Contents of the files with an ending below some folders.
fn seeds<'f>(folders: &'f [&str], ending: &'f str) -> impl Iterator<Item = Vec<u8>> + 'f {
    let paths = folders.iter().flat_map(|folder| files(folder));
    let wanted = paths.filter(move |path| path.extension().is_some_and(|found| found == ending));
    wanted.map(|path| read(&path))
}

const PEM: [&str; 4] = ["fixtures/clean", "fixtures/keys", "fixtures/openssl", "fixtures/rules"];

#[test]
fn the_carriers_hold() {
    for (target, form) in [
        ("json", Format::Json),
        ("yaml", Format::Yaml),
        ("terraform", Format::Terraform),
        ("environment", Format::Env),
    ] {
        kept(target, |bytes| {
            carrier::hold(form, bytes);
            carrier::hold(Format::Auto, bytes);
        });
    }
    // Files of blocks, too, may be given as something else.
    for bytes in seeds(&["fixtures/clean", "fixtures/malformed"], "pem") {
        for form in carrier::FORMS {
            carrier::hold(form, &bytes);
        }
    }
}

#[test]
fn the_scanner_holds() {
    kept("scanner", scanner::hold);
    let count = seeds(&PEM, "pem").inspect(|bytes| scanner::hold(bytes)).count();
    assert!(count > 400, "{count} files");
}

#[test]
fn certificates_hold() {
    kept("certificate", certificate::read_everything);
    let mut count = 0;
    for bytes in seeds(&["fixtures/clean", "fixtures/openssl", "fixtures/rules"], "pem") {
        let input = Input::read(Source::new("any.pem", bytes));
        for der in input.blocks.iter().filter_map(|block| input.certificate(block)) {
            certificate::read_everything(der);
            count += 1;
        }
    }
    assert!(count > 600, "{count} certificates");
}

#[test]
fn files_that_people_write_hold() {
    kept("rule_file", |bytes| rule_file::hold(&String::from_utf8_lossy(bytes)));
    let folders =
        ["fixtures/bad-rules", "fixtures/bad-profiles", "fixtures/bad-configs", "fixtures/bad-baselines"];
    let faulty = seeds(&folders, "toml").chain(seeds(&["rules/pem", "rules/profiles"], "toml"));
    let count = faulty.inspect(|bytes| rule_file::hold(&String::from_utf8_lossy(bytes))).count();
    assert!(count > 60, "{count} files");
}

#[test]
fn expressions_hold() {
    kept("expression", |bytes| expression::hold(&String::from_utf8_lossy(bytes)));
    for text in EXPRESSIONS {
        expression::hold(text);
    }
    let drafts = embedded_drafts().expect("the rules are sound");
    assert!(drafts.len() > 50, "{} rules", drafts.len());
    for draft in &drafts {
        expression::hold(&draft.check.value);
        expression::hold(&draft.message.value);
        draft.when.iter().for_each(|when| expression::hold(&when.value));
    }
}

/// Files that hold one thing each; all of them are checked by other tests.
#[test]
fn checks_hold() {
    kept("check", check::hold);
    let count =
        seeds(&["fixtures/clean", "fixtures/keys"], "pem").inspect(|bytes| check::hold(bytes)).count();
    assert!(count > 40, "{count} files");
}

#[test]
fn containers_that_are_kept_are_opened_or_refused() {
    kept("container", locked::hold_container);
    let seeds = files("fixtures/containers");
    assert!(seeds.len() > 10, "there are {} only", seeds.len());
    for path in &seeds {
        locked::hold_container(&read(path));
    }
}

#[test]
fn encrypted_keys_that_are_kept_are_opened_or_refused() {
    kept("encrypted_key", locked::hold_key);
    locked::hold_key(b"");
    locked::hold_key(b"Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n");
    locked::hold_key(b"DEK-Info: AES-128-CBC,000102030405060708090A0B0C0D0E0F\n\n0123456789abcdef");
}
