//! Each format against its schema: ours for JSON, that of OASIS and the validator
//! of Microsoft, with the rules of GitHub, for SARIF.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::cases::CASES;
use crate::program::Folder;

/// What `scripts/test` puts below `target/tools`.
fn tool(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/tools").join(name);
    assert!(path.exists(), "{} is missing: run scripts/test, which fetches it", path.display());
    path
}

/// What a schema has against a document.
fn complaints(schema: &jsonschema::Validator, document: &Value) -> Vec<String> {
    schema.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn json_satisfies_its_schema() {
    let schema = serde_json::from_str(pemlint::report::json::schema()).expect("a schema is JSON");
    let schema = jsonschema::validator_for(&schema).expect("the schema compiles");
    for case in CASES.iter() {
        assert_eq!(complaints(&schema, &case.json), Vec::<String>::new(), "{}", case.name);
    }
    let mut bad = CASES[3].json.clone();
    bad["findings"][0]["line"] = 0.into();
    assert_eq!(complaints(&schema, &bad).len(), 1);
}

#[test]
fn sarif_satisfies_the_schema_of_oasis() {
    let text = fs::read_to_string(tool("sarif-schema-2.1.0.json")).expect("the schema can be read");
    let mut schema: Value = serde_json::from_str(&text).expect("a schema is JSON");
    // Its pattern for `language`, which we do not write, has a bracket too many and does not compile.
    for owner in ["run", "toolComponent"] {
        let language = schema.pointer_mut(&format!("/definitions/{owner}/properties/language"));
        let language = language.and_then(Value::as_object_mut).expect("the schema has it");
        assert!(language.remove("pattern").is_some(), "it is mended: let it be");
    }
    let schema = jsonschema::validator_for(&schema).expect("the schema compiles");
    for case in CASES.iter() {
        assert_eq!(complaints(&schema, &case.sarif), Vec::<String>::new(), "{}", case.name);
    }
    let mut bad = CASES[3].sarif.clone();
    bad["runs"][0]["results"][0]["message"] = Value::Null;
    assert_ne!(complaints(&schema, &bad), Vec::<String>::new());
}

#[test]
fn the_validator_of_microsoft_has_nothing_against_sarif() {
    let folder = Folder::new();
    for (number, case) in CASES.iter().enumerate() {
        folder.write(&format!("{number:02}.sarif"), case.sarif.to_string());
    }
    // That it looks at all is shown by one that it must object to.
    let mut bad = CASES[3].sarif.clone();
    bad["runs"][0]["tool"]["driver"]["rules"][0]["name"] = "chain/duplicate-certificate".into();
    folder.write("bad.sarif", bad.to_string());
    let mut command = Command::new(tool("sarif-multitool"));
    command.current_dir(folder.path()).env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1");
    command.args(["validate", "*.sarif", "--output", "validator.json", "--log", "ForceOverwrite"]);
    let output = command.args(["--rule-kind", "Sarif;Ghas"]).output().expect("the validator starts");
    let said = String::from_utf8_lossy(&output.stdout);
    let scanned = format!("{} files scanned", CASES.len() + 1);
    assert!(output.status.success() && said.contains(&scanned), "{said}");
    let report: Value = serde_json::from_str(&folder.read("validator.json")).expect("it is JSON");
    let results = report["runs"][0]["results"].as_array().expect("a list");
    let (expected, others): (Vec<&Value>, Vec<&Value>) = results.iter().partition(|result| {
        let uri = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        uri.as_str().is_some_and(|uri| uri.ends_with("bad.sarif"))
    });
    assert_eq!(others, Vec::<&Value>::new(), "{said}");
    assert_eq!(expected.first().map(|result| &result["ruleId"]), Some(&"SARIF1001".into()), "{said}");
}

#[test]
fn sarif_keeps_to_what_github_asks_for() {
    for case in CASES.iter() {
        let run = &case.sarif["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().expect("a list");
        for rule in rules {
            let text = |pointer: &str| rule.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
            for pointer in ["/shortDescription/text", "/fullDescription/text", "/help/text", "/help/markdown"]
            {
                assert!(!text(pointer).is_empty(), "{}: {pointer}", rule["id"]);
            }
            assert!(text("/fullDescription/text").chars().count() <= 1024, "{}", rule["id"]);
            let tags = rule["properties"]["tags"].as_array().expect("a list");
            assert!(tags.len() <= 10, "{}", rule["id"]);
        }
        for result in case.results() {
            let index = result["ruleIndex"].as_u64().and_then(|index| usize::try_from(index).ok());
            assert_eq!(index.map(|index| &rules[index]["id"]), Some(&result["ruleId"]), "{}", case.name);
            assert!(result["message"]["text"].as_str().is_some_and(|text| text.ends_with('.')));
            let place = &result["locations"][0]["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().expect("a result has a file");
            let is_relative = !uri.starts_with('/') && !uri.contains("://") && !uri.is_empty();
            assert!(is_relative && uri.is_ascii() && !uri.contains([' ', '#']), "{uri}");
            let prints = result["partialFingerprints"].as_object().expect("an object");
            assert_eq!(prints.keys().collect::<Vec<_>>(), ["pemlint/v1"]);
        }
        assert!(run.get("artifacts").is_none() && run.get("originalUriBaseIds").is_none());
    }
}

#[test]
fn sarif_lists_every_rule_that_ran() {
    let folder = Folder::new();
    let ran = folder.run("rules --format json").ends(0).json();
    let running = |rule: &&Value| rule["level"] != "off";
    let running: Vec<&Value> = ran["rules"].as_array().expect("a list").iter().filter(running).collect();
    let listed = CASES[3].sarif["runs"][0]["tool"]["driver"]["rules"].as_array().expect("a list");
    let ids = |rules: &[&Value]| rules.iter().map(|rule| rule["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&listed.iter().collect::<Vec<_>>()), ids(&running));
    for (rule, descriptor) in running.iter().zip(listed) {
        let level = if rule["level"] == "info" { "note".into() } else { rule["level"].clone() };
        assert_eq!(descriptor["defaultConfiguration"]["level"], level, "{}", rule["id"]);
    }
}
