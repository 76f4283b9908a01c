//! `fixtures make`: what it writes, and what it leaves alone.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::program::Folder;

/// The files of a corpus, by their names.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder).into_iter().map(|entry| entry.expect("it can be listed"));
    let named = entries.filter(|entry| entry.file_type().is_file()).map(|entry| {
        let name = entry.path().strip_prefix(folder).expect("it lies below").display().to_string();
        (name, std::fs::read(entry.path()).expect("it can be read"))
    });
    named.collect()
}

fn manifest(folder: &Path) -> Value {
    let text = std::fs::read(folder.join("manifest.json")).expect("there is a manifest");
    serde_json::from_slice(&text).expect("it is JSON")
}

#[test]
fn the_same_seed_writes_the_same_files_and_another_writes_others() {
    let folder = Folder::new();
    for (name, seed) in [("one", 3), ("two", 3), ("three", 4)] {
        folder.run(&format!("fixtures make {name} --seed {seed} --count 12")).ends(0);
    }
    let [one, two, three] = ["one", "two", "three"].map(|name| files(&folder.path().join(name)));
    assert_eq!(one, two);
    assert_ne!(one, three);
}

#[test]
fn what_the_manifest_says_of_a_chain_is_what_check_and_predict_say() {
    let folder = Folder::new();
    folder.run("fixtures make out --count 6 --mutations none,expired,private-key-of-root --seed 2").ends(0);
    let manifest = manifest(&folder.path().join("out"));
    let at = manifest["at"].as_str().expect("it has an instant");
    let chains = manifest["chains"].as_array().expect("it has chains");
    assert_eq!(chains.len(), 6);
    for chain in chains {
        let text = |key: &str| chain[key].as_str().unwrap_or_default();
        let rules: Vec<&str> =
            chain["rules"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        if text("trust").is_empty() {
            let key =
                if text("key").is_empty() { String::new() } else { format!("--key out/{}", text("key")) };
            let line = format!("check out/{} {key} --at {at} --profile {}", text("chain"), text("profile"));
            let mut found = folder.run(&format!("{line} --format json")).rules();
            found.sort();
            found.dedup();
            assert_eq!(found, rules, "{chain}");
            continue;
        }
        let line = format!("predict out/{} --trust out/{} --at {at}", text("chain"), text("trust"));
        let ran = folder.run(&format!("{line} --host {} --format json", text("host"))).json();
        let verdict = &ran["verdicts"][0];
        assert_eq!(verdict["accepts"], chain["verdicts"][0]["accepts"], "{chain}");
        let code = verdict["errors"].get(0).map_or(Value::Null, |error| error["code"].clone());
        assert_eq!(code, chain["verdicts"][0]["code"], "{chain}");
    }
}

#[test]
fn a_folder_that_holds_something_is_left_alone_unless_that_is_wanted() {
    let folder = Folder::new();
    folder.write("out/mine.txt", "mine");
    folder.run("fixtures make out --count 1").refuses(&["out is not empty", "--force"]);
    assert_eq!(files(&folder.path().join("out")).len(), 1);
    folder.run("fixtures make out --count 1 --force").ends(0);
    let all = files(&folder.path().join("out"));
    assert!(all.contains_key("mine.txt") && all.contains_key("manifest.json"), "{:?}", all.keys());
}

#[test]
fn mutations_are_listed_and_unknown_ones_refused() {
    let folder = Folder::new();
    let listed = folder.run("fixtures make --list").ends(0).out;
    for part in ["ca-without-key-usage", "rfc5280/ca-key-usage-missing", "cloudflare-byopki", "mutations"] {
        assert!(listed.contains(part), "{part} is not in:\n{listed}");
    }
    folder.run("fixtures make out --mutations expird").refuses(&["no mutation `expird`", "`expired`"]);
    folder.run("fixtures make").refuses(&["<DIR>"]);
}
