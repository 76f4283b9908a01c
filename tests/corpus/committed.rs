//! The committed corpora: `fixtures/chains` against its manifest, `fixtures/malformed` against what must survive.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use pemlint::corpus::{Purpose, all};
use pemlint::engine::{Outcome, Part};
use pemlint::facts::Certificate;
use pemlint::input::pem;
use serde_json::Value;

use super::checked::{answers, check, fired, input};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The corpora in the form of `pemlint fixtures make`.
const CORPORA: [&str; 2] = ["chains", "regressions/chains"];

/// The chains of a manifest.
fn entries_of(corpus: &str) -> Vec<Value> {
    let manifest: Value =
        serde_json::from_slice(&read(&folder(corpus).join("manifest.json"))).expect("the manifest is JSON");
    manifest["chains"].as_array().expect("the manifest lists chains").clone()
}

/// The chains of all corpora, each with its corpus.
fn entries() -> Vec<(&'static str, Value)> {
    let of = |corpus: &'static str| entries_of(corpus).into_iter().map(move |entry| (corpus, entry));
    CORPORA.into_iter().flat_map(of).collect()
}

/// The texts of a list.
fn texts(list: &Value) -> Vec<&str> {
    list.as_array().expect("it is a list").iter().map(|text| text.as_str().expect("it is text")).collect()
}

fn purpose(entry: &Value) -> Purpose {
    let of = |purpose: &Purpose| entry["profile"] == purpose.profile();
    [Purpose::Served, Purpose::Uploaded].into_iter().find(of).expect("the profile is that of a purpose")
}

/// What the engine says of the files of an entry.
fn checked(corpus: &str, entry: &Value) -> Outcome {
    let file = |name: &str, part| {
        let path = folder(corpus).join(entry[name].as_str()?);
        let name = path.file_name()?.to_str()?.to_owned();
        Some(input(&name, &read(&path), part))
    };
    let is_served = entry["trust"].is_string();
    let chain = file("chain", if is_served { Part::Presented } else { Part::Checked });
    let files = [chain, file("key", Part::Keys), file("trust", Part::Trusted)];
    let files: Vec<_> = files.into_iter().flatten().collect();
    check(&files, purpose(entry), entry["host"].as_str(), is_served)
}

#[test]
fn every_mutation_has_a_committed_chain_and_many_have_one_together() {
    let entries = entries_of("chains");
    let defects: Vec<Vec<&str>> = entries.iter().map(|entry| texts(&entry["defects"])).collect();
    for mutation in all() {
        assert!(defects.contains(&vec![mutation.name]), "no chain has {} alone", mutation.name);
    }
    let several = defects.iter().filter(|defects| defects.len() > 1).count();
    assert!(several >= 30, "{several} chains have more than one defect");
}

#[test]
fn committed_chains_fire_the_rules_of_their_manifest() {
    for (corpus, entry) in entries() {
        let expected: BTreeSet<String> = texts(&entry["rules"]).into_iter().map(str::to_owned).collect();
        let outcome = checked(corpus, &entry);
        assert_eq!(fired(&outcome), expected, "{}", entry["name"]);
    }
}

/// Uploads of which engine and manifest ask different things. The manifest asks about a leaf that the last certificate
/// mints; the engine asks about the certificate that issues, wherever it stands, and about one of a server itself.
const ASKED_DIFFERENTLY: [&str; 3] = ["chain-leaf-first", "second-root", "server-certificate-uploaded"];

#[test]
fn committed_chains_get_the_verdicts_of_their_manifest() {
    let mut asked = 0;
    let mut different = Vec::new();
    for (corpus, entry) in entries() {
        let verdicts = entry["verdicts"].as_array().expect("it is a list");
        let is_same = texts(&entry["defects"]).iter().all(|defect| !ASKED_DIFFERENTLY.contains(defect));
        if verdicts.is_empty() || !is_same {
            continue;
        }
        let wanted: Vec<_> = verdicts
            .iter()
            .map(|verdict| {
                let depth = verdict["depth"].as_u64().and_then(|depth| usize::try_from(depth).ok());
                (verdict["client"].as_str(), verdict["accepts"].as_bool(), verdict["code"].as_i64(), depth)
            })
            .collect();
        let told = answers(checked(corpus, &entry));
        let told: Vec<_> = told
            .into_iter()
            .map(|(client, accepts, code, depth)| (Some(client), Some(accepts), code, depth))
            .collect();
        if told != wanted {
            different.push(format!("{}: the engine says {told:?}, the manifest {wanted:?}", entry["name"]));
        }
        asked += 1;
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert!(asked > 100, "{asked} chains were asked about");
}

#[test]
fn every_file_of_the_committed_chains_belongs_to_an_entry_and_is_described() {
    for corpus in CORPORA {
        let root = folder(corpus);
        let mut known = BTreeSet::from([root.join("manifest.json")]);
        for entry in entries_of(corpus) {
            // Files are named by their folder, which is that of the entry.
            let inside = format!("{}/", entry["name"].as_str().expect("it has a name"));
            let texts_of = entry.as_object().expect("it is an object").values().filter_map(Value::as_str);
            let named = texts_of.filter(|text| text.starts_with(&inside));
            known.extend(named.map(|path| root.join(path)));
            let description =
                root.join(entry["chain"].as_str().expect("it has a chain")).with_extension("txt");
            let text = String::from_utf8(read(&description)).expect("it is text");
            for defect in texts(&entry["defects"]) {
                assert!(text.contains(defect), "{}: {defect} is not in the description", entry["name"]);
            }
            known.insert(description);
        }
        let files = files(&root);
        let unknown: Vec<_> = files.symmetric_difference(&known).collect();
        assert!(unknown.is_empty(), "{corpus}: only there, or only in the manifest: {unknown:?}");
    }
}

fn files(root: &Path) -> BTreeSet<PathBuf> {
    let entries = walkdir::WalkDir::new(root).into_iter().map(|entry| entry.expect("it can be listed"));
    entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
}

/// The files of `malformed/`, each with what stands beside it: the certificates that survive.
fn malformed() -> Vec<(String, Vec<u8>, Vec<String>)> {
    let pem = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "pem");
    let one = |path: PathBuf| {
        let side = String::from_utf8(read(&path.with_extension("toml"))).expect("it is text");
        let side: toml::Table = toml::from_str(&side).expect("it is TOML");
        let survivors = side["survive"].as_array().expect("it is a list");
        let survivors = survivors.iter().map(|digest| digest.as_str().expect("it is text").to_owned());
        (path.display().to_string(), read(&path), survivors.collect())
    };
    files(&folder("malformed")).into_iter().filter(pem).map(one).collect()
}

#[test]
fn of_malformed_files_every_undamaged_certificate_is_read() {
    let mut survivors = 0;
    for (name, octets, wanted) in malformed() {
        let given = input("malformed.pem", &octets, Part::Checked);
        let blocks = &given.input.blocks;
        // What is only meant as one may be a block besides.
        assert!(blocks.len() >= pem::count(&octets), "{name}: every BEGIN is a block");
        let ders = blocks.iter().filter_map(|block| given.input.certificate(block));
        let read: Vec<String> = ders.map(|der| hex(&Certificate::read(der).sha256())).collect();
        let kept: Vec<&String> = read.iter().filter(|digest| wanted.contains(digest)).collect();
        assert_eq!(kept, wanted.iter().collect::<Vec<_>>(), "{name}");
        survivors += wanted.len();
    }
    assert!(survivors > 48, "{survivors} certificates survive");
}

#[test]
fn of_every_malformed_file_something_is_to_be_said() {
    for (name, octets, _) in malformed() {
        // Without the damage nothing but this would be said: no key was given.
        let given = [input("malformed.pem", &octets, Part::Checked)];
        let outcome = check(&given, Purpose::Uploaded, None, false);
        let mut rules = fired(&outcome);
        rules.remove("keys/private-key-missing");
        // Of a signature that nobody can verify here, the report says so.
        assert!(!rules.is_empty() || !outcome.notes.is_empty(), "{name}: nothing is found");
    }
}

#[test]
fn every_file_of_malformed_belongs_to_a_fixture() {
    let all = files(&folder("malformed"));
    let pems = all.iter().filter(|path| path.extension().is_some_and(|ending| ending == "pem"));
    let known: BTreeSet<PathBuf> =
        pems.flat_map(|path| ["pem", "toml", "txt"].map(|ending| path.with_extension(ending))).collect();
    assert_eq!(all, known);
}

fn hex(octets: &[u8]) -> String {
    use std::fmt::Write as _;
    octets.iter().fold(String::new(), |mut text, octet| {
        let _ = write!(text, "{octet:02x}");
        text
    })
}
