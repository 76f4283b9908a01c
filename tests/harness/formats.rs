//! The formats: the tables as they are, JSON and manifests against their schemas, XML that parses.

use insta::{Settings, assert_snapshot};
use serde_json::Value;

use crate::program::Folder;
use crate::run::{folder, run};

const MUTATIONS: &str = "none,expired,other-host,ca-without-key-usage,aki-missing,private-key-missing";

const VERIFIERS: &[&str] = &[
    "host=sh host.sh {chain} {host}",
    "mine=sh accept.sh {chain}",
    "broken=sh absent.sh {chain}",
    "keyless=sh reject.sh {chain} {key}",
];

const LEDGER: &str = "[[known]]\nverifier = \"mine\"\ndefect = \"expired\"\nreason = \"it has no clock\"\n\
                      [[known]]\nverifier = \"mine\"\ndefect = \"aki-missing\"\nreason = \"it was so once\"\n";

/// A folder with a corpus in which one chain has no key, and a ledger.
fn prepared() -> Folder {
    let folder = folder(MUTATIONS);
    let mut manifest: Value =
        serde_json::from_str(&folder.read("corpus/manifest.json")).expect("a manifest is JSON");
    manifest["chains"][1]["leafKey"] = Value::Null;
    folder.write("corpus/manifest.json", manifest.to_string());
    folder.write("known.toml", LEDGER);
    folder
}

fn said(format: &str) -> String {
    let words = format!("harness corpus --expect rustls --ledger known.toml --format {format}");
    run(&prepared(), &words, VERIFIERS).ends(2).out
}

fn complaints(schema: &str, document: &Value) -> Vec<String> {
    let schema: Value = serde_json::from_str(schema).expect("a schema is JSON");
    let schema = jsonschema::validator_for(&schema).expect("the schema compiles");
    schema.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn the_tables_are_those_of_the_snapshot() {
    let mut settings = Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("../snapshots/harness");
    settings.bind(|| assert_snapshot!("table", said("text")));
}

#[test]
fn json_satisfies_its_schema() {
    let mut report: Value = serde_json::from_str(&said("json")).expect("it is JSON");
    assert_eq!(complaints(pemlint::harness::SCHEMA, &report), Vec::<String>::new());
    report["verifiers"][0]["answers"][0]["verdict"] = "maybe".into();
    report["summary"]["errors"] = (-1).into();
    assert_eq!(complaints(pemlint::harness::SCHEMA, &report).len(), 2);
}

#[test]
fn manifests_satisfy_their_schema() {
    let folder = Folder::new();
    folder.run("fixtures make corpus").ends(0);
    let mut manifest: Value =
        serde_json::from_str(&folder.read("corpus/manifest.json")).expect("a manifest is JSON");
    assert_eq!(complaints(pemlint::corpus::MANIFEST_SCHEMA, &manifest), Vec::<String>::new());
    let chains = manifest["chains"].as_array().expect("a list");
    for chain in chains {
        assert_eq!(chain["leafKey"].is_null(), chain["trust"].is_null(), "{chain}");
        for file in ["chain", "trust", "key", "leafKey"] {
            if let Some(file) = chain[file].as_str() {
                assert!(folder.path().join("corpus").join(file).is_file(), "{file}");
            }
        }
    }
    manifest["version"] = 1.into();
    manifest["chains"][0]["verdicts"][0]["accepts"] = "yes".into();
    assert_eq!(complaints(pemlint::corpus::MANIFEST_SCHEMA, &manifest).len(), 2);
}

#[test]
fn junit_is_sound_xml_and_counts_what_it_holds() {
    let folder = Folder::new();
    folder.write("junit.xml", said("junit"));
    let parse = "import xml.etree.ElementTree as tree; r = tree.parse('junit.xml').getroot(); \
                 count = lambda name: len(r.findall('.//' + name)); \
                 print(*map(count, ['testsuite', 'testcase', 'failure', 'error', 'skipped']), r.attrib)";
    let python =
        std::process::Command::new("python3").args(["-c", parse]).current_dir(folder.path()).output();
    let python = python.expect("python3 is installed");
    let said = String::from_utf8_lossy(&python.stdout);
    let expected = "4 21 7 5 2 {'name': 'pemlint harness', 'tests': '21', 'failures': '7', 'errors': '5'}\n";
    assert_eq!(said, expected, "{}", String::from_utf8_lossy(&python.stderr));
}

#[test]
fn the_help_says_what_decides() {
    let help = Folder::new().run("harness --help").ends(0).out;
    for part in [
        "{intermediates}",
        "no shell runs it",
        "126 or 127",
        "unless --expect names a model",
        "Exit status: 0 all agree",
        "[[known]]",
    ] {
        assert!(help.contains(part), "`{part}` is not in:\n{help}");
    }
}
