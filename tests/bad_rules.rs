//! Files that people write with a fault in them: what each is told, under which
//! name and at which place. Every fixture but those with `several` in their name
//! is sound but for one fault; beside it lies what `pemlint` says of it.

#[path = "common/faults.rs"]
mod faults;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use faults::{BASELINES, CONFIGS, Expected, PROFILES, RULES};
use insta::{Settings, assert_snapshot};
use pemlint::config::{Baseline, Config};
use pemlint::document::{Diagnostic, Diagnostics};
use pemlint::rule::{Options, Profile, RuleSet, RuleSource};
use pemlint::source::is_hidden;

fn fixtures(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder)
}

fn profile() -> Profile {
    Profile::named("cloudflare-byopki").expect("the default profile is sound")
}

fn load(profile: Profile, options: Options) -> Diagnostics {
    RuleSet::load(profile, options).err().unwrap_or_default()
}

/// What is wrong with the rule file `text`, loaded as rules of a user are.
fn rule(name: &str, path: &str, text: &str) -> Diagnostics {
    let source = if name == "ca-key-usage-missing" { "rfc5280" } else { "house" };
    let source = RuleSource {
        id: format!("{source}/{name}"),
        path: path.to_owned().into(),
        text: text.to_owned().into(),
    };
    load(profile(), Options { sources: vec![source], ..Options::default() })
}

/// What is wrong with a profile, on its own or with the rules that it names.
fn profile_file(name: &str, path: &str, text: &str) -> Diagnostics {
    Profile::read(name, path, text).map_or_else(|faults| faults, |profile| load(profile, Options::default()))
}

/// What is wrong with a configuration file, on its own or with the rules that it names.
fn config(_: &str, path: &str, text: &str) -> Diagnostics {
    Config::read(path, text, Path::new("")).map_or_else(
        |faults| faults,
        |config| load(profile(), Options { levels: config.levels, ..Options::default() }),
    )
}

fn baseline(_: &str, path: &str, text: &str) -> Diagnostics {
    Baseline::read(path, text).err().unwrap_or_default()
}

/// Whether a text is the expected one, of which `…` stands for a long part.
fn is_like(text: &str, expected: &str) -> bool {
    match expected.split_once('…') {
        Some((head, tail)) => text.starts_with(head) && text.ends_with(tail),
        None => text == expected,
    }
}

/// Line and column of an octet, counted in another way than the crate does.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let lines: Vec<&str> = text[..offset].split('\n').collect();
    (lines.len(), lines[lines.len() - 1].chars().count() + 1)
}

fn described(error: &Diagnostic) -> String {
    format!("{} at {:?}", error.name, &error.text[error.range.clone()])
}

/// The errors of a file, if their names and faulty octets are not the expected ones.
fn unexpected(name: &str, faults: &Diagnostics, expected: &[(&str, &str)]) -> Option<String> {
    let is_expected = |(error, (kind, faulty)): (&Diagnostic, &(&str, &str))| {
        let found = error.text[error.range.clone()].replace("\r\n", "\n");
        error.name == *kind && is_like(&found, faulty)
    };
    let errors = &faults.errors;
    let is_sound = errors.len() == expected.len() && errors.iter().zip(expected).all(is_expected);
    (!is_sound).then(|| format!("{name}: {}", errors.iter().map(described).collect::<Vec<_>>().join(", ")))
}

/// Compares what is said of each file of a folder with its table and its golden.
fn check(folder: &str, table: &[Expected], read: fn(&str, &str, &str) -> Diagnostics) {
    let mut settings = Settings::clone_current();
    settings.set_snapshot_path(fixtures(folder));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let mut complaints = Vec::new();
    for (name, expected) in table {
        let path = format!("fixtures/{folder}/{name}.toml");
        let text = fs::read_to_string(fixtures(folder).join(format!("{name}.toml")))
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        let faults = read(name, &path, &text);
        complaints.extend(unexpected(name, &faults, expected));
        let golden = faults.render(false);
        for error in &faults.errors {
            let (line, column) = position(&error.text, error.range.start);
            let place = format!("{}:{line}:{column}\n", error.path);
            if error.path != path || error.text != text || !golden.contains(&place) {
                complaints.push(format!("{name}: {} is not shown at {place}", described(error)));
            }
        }
        settings.bind(|| assert_snapshot!(*name, golden));
    }
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
    let listed: BTreeSet<String> =
        table.iter().flat_map(|(name, _)| [format!("{name}.toml"), format!("{name}.snap")]).collect();
    let entries = fs::read_dir(fixtures(folder)).expect("the folder can be listed");
    let present: BTreeSet<String> = entries
        .map(|entry| entry.expect("it can be listed").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(present, listed, "the files of {folder} are those of the table");
}

#[test]
fn faults_of_rules_are_told_at_their_places() {
    check("bad-rules", RULES, rule);
}

#[test]
fn faults_of_profiles_are_told_at_their_places() {
    check("bad-profiles", PROFILES, profile_file);
}

#[test]
fn faults_of_configuration_files_are_told_at_their_places() {
    check("bad-configs", CONFIGS, config);
}

#[test]
fn faults_of_baselines_are_told_at_their_places() {
    check("bad-baselines", BASELINES, baseline);
}

#[test]
fn places_hold_in_files_with_windows_lines_and_a_byte_order_mark() {
    let mut complaints = Vec::new();
    // What the TOML parser makes of a line end within a broken string is its own affair.
    for (name, expected) in RULES.iter().filter(|(name, _)| !name.starts_with("toml-")) {
        let path = format!("fixtures/bad-rules/{name}.toml");
        let text = fs::read_to_string(fixtures("bad-rules").join(format!("{name}.toml"))).unwrap();
        let text = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        let faults = rule(name, &path, &text);
        complaints.extend(unexpected(name, &faults, expected));
    }
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
}

#[test]
fn what_a_faulty_file_hides_is_not_shown_as_it_is() {
    let text = "title = 'a\u{202e}b' # \u{1b}[31m\u{200b}\nseverity = 'x\u{202e}y'\n";
    let faults = rule("hidden", "house/\u{1b}[31m\u{202e}.toml", text);
    for shown in [faults.render(false), faults.to_string()] {
        let hidden: String = shown.chars().filter(|c| *c != '\n' && is_hidden(*c)).collect();
        assert!(hidden.is_empty(), "{hidden:?} in {shown}");
    }
}
