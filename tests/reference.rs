//! The reference pages below `docs/` are those that `examples/reference` makes, every
//! link on them leads somewhere, and what they say that pemlint prints it prints.

#[path = "reference/links.rs"]
mod links;
#[expect(dead_code, reason = "the program around the maker is not run here")]
#[path = "../examples/reference/main.rs"]
mod maker;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::{env, fs};

use links::Page;
use maker::sample::Sample;
use pemlint::rule::{PAGES, page};
use rayon::prelude::*;
use serde_json::Value;

/// The pages as they would be made now.
static MADE: LazyLock<BTreeMap<PathBuf, String>> = LazyLock::new(maker::pages);

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Fails with all complaints at once.
#[track_caller]
fn none(complaints: &[String]) {
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
}

#[test]
fn the_committed_pages_are_those_that_are_made() {
    let docs = package().join("docs");
    let mut complaints = Vec::new();
    for (path, text) in MADE.iter() {
        match fs::read_to_string(docs.join(path)) {
            Err(_) => complaints.push(format!("docs/{} is missing", path.display())),
            Ok(found) if found != *text => complaints.push(format!("docs/{} differs", path.display())),
            Ok(_) => {}
        }
    }
    let committed = maker::committed(&docs).expect("the pages can be listed");
    for path in committed.iter().filter(|path| !MADE.contains_key(*path)) {
        complaints.push(format!("docs/{} is not made any more", path.display()));
    }
    assert!(
        complaints.is_empty(),
        "`cargo run --example reference -- docs` makes the pages anew:\n{}",
        complaints.join("\n")
    );
}

#[test]
fn every_rule_has_a_page_at_its_address() {
    let drafts = maker::drafts();
    for draft in &drafts {
        let id = &draft.source.id;
        let address = page(id).unwrap_or_else(|| panic!("{id} has no address"));
        let path = address.strip_prefix(concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/"));
        let path = path.unwrap_or_else(|| panic!("{address} lies elsewhere"));
        assert_eq!(path, format!("{PAGES}/{id}.md"));
        let inside = path.strip_prefix("docs/").expect("pages lie below docs");
        assert!(MADE.contains_key(Path::new(inside)), "{path} is not made");
    }
    assert_eq!(MADE.len(), drafts.len() + 4, "an index and pages of facts, functions and profiles");
    assert_eq!(page("acme/no-such-rule"), None);
}

#[test]
fn every_link_leads_to_a_file_of_the_repository_and_to_an_anchor_in_it() {
    let pages: BTreeMap<PathBuf, Page> =
        MADE.iter().map(|(path, text)| (Path::new("docs").join(path), Page::read(text))).collect();
    let links: usize = pages.values().map(|page| page.links.len()).sum();
    assert!(links > 10 * pages.len(), "{links} links are too few");
    none(&links::broken(&pages, package()));
}

#[test]
fn links_that_lead_nowhere_are_found() {
    let other = "# Other\n\n## Two words & more\n\n<a id=\"given\"></a>\n";
    for (text, wanted) in [
        ("[a](other.md)", None),
        ("[a](other.md#two-words--more)", None),
        ("[a](other.md#given)", None),
        ("# Here\n\n[a](#here)", None),
        ("[a](../Cargo.toml)", None),
        ("[a](../rules)", None),
        ("[a](https://example.com/x)", None),
        ("`[a](gone.md)`\n\n    [a](gone.md)", None),
        ("[a](gone.md)", Some("docs/page.md: gone.md leads to no file")),
        ("[a](../../elsewhere)", Some("docs/page.md: ../../elsewhere leads out of the repository")),
        ("[a](other.md#gone)", Some("docs/page.md: other.md#gone leads to no anchor")),
        ("[a](#here)", Some("docs/page.md: #here leads to no anchor")),
        ("[a][b]", Some("docs/page.md: `[b]` is no link")),
        ("a <b> c", Some("docs/page.md: <b> is a tag")),
        ("# A\n\n# A\n", Some("docs/page.md: the anchor a stands twice")),
        ("[a](ftp://example.com)", Some("docs/page.md: ftp://example.com leads to no file")),
    ] {
        let pages = [("docs/page.md", text), ("docs/other.md", other)];
        let pages = pages.map(|(path, text)| (PathBuf::from(path), Page::read(text)));
        let found = links::broken(&pages.into(), package());
        let wanted: Vec<String> = wanted.into_iter().map(str::to_owned).collect();
        assert_eq!(found, wanted, "{text}");
    }
}

#[test]
fn reports_in_sarif_lead_to_pages_and_to_a_document_for_the_rules_of_a_user() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let pem = package().join("fixtures/rules/rfc5280/ca-key-usage-missing/fails-root.pem");
    fs::copy(pem, folder.path().join("root.pem")).expect("fixtures can be copied");
    fs::create_dir_all(folder.path().join("own/acme")).expect("folders can be made");
    fs::write(folder.path().join("own/acme/serial-number-odd.toml"), OWN).expect("files can be written");
    let run = |words: &[&str]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_pemlint"));
        let ran = program.args(words).args(["--rules", "own"]).current_dir(folder.path()).output();
        String::from_utf8(ran.expect("the program runs").stdout).expect("it prints UTF-8")
    };
    let log: Value = serde_json::from_str(&run(&["check", "root.pem", "--no-key", "--format", "sarif"]))
        .expect("SARIF is JSON");
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("a list of rules");
    assert!(rules.len() > 100, "{} rules", rules.len());
    for rule in rules {
        let (id, help) = (rule["id"].as_str().expect("an id"), &rule["help"]);
        let address = if id == "acme/serial-number-odd" {
            "https://acme.example/pki"
        } else {
            &page(id).expect("an address")
        };
        assert_eq!(rule["helpUri"], *address, "{id}");
        assert!(help["markdown"].as_str().is_some_and(|text| text.contains("## References")), "{id}");
    }
    let own = rules.iter().find(|rule| rule["id"] == "acme/serial-number-odd").expect("the rule runs");
    for text in ["House rules §2 (https://acme.example/pki)", "[House rules §2](<https://acme.example/pki>)"]
    {
        assert!(own["help"].to_string().contains(text), "{own}");
    }
    let listed: Value = serde_json::from_str(&run(&["rules", "--format", "json"])).expect("it is JSON");
    for rule in listed["rules"].as_array().expect("a list of rules") {
        let id = rule["id"].as_str().expect("an id");
        assert_eq!(rule["page"].as_str(), page(id).as_deref(), "{id}");
    }
    assert!(!run(&["explain", "acme/serial-number-odd"]).contains("The same with examples"));
    let text = run(&["explain", "chain/order"]);
    assert!(text.contains(&page("chain/order").expect("an address")), "{text}");
}

/// A rule of a user.
const OWN: &str = r#"
title = "Even serial number"
severity = "info"
subject = "certificate"
check = 'cert.serialNumber.octets > 100'
message = '{cert.subject.text} has a serial number that the house rules forbid'
why = "The house rules want it so."
fix = "Ask the CA."

[[reference]]
document = "House rules"
section = "2"
url = "https://acme.example/pki"
"#;

#[test]
fn the_commands_on_pages_print_what_stands_there() {
    let program = Path::new(env!("CARGO_BIN_EXE_pemlint"));
    let mut folders = vec![program.parent().expect("the program lies in a folder").to_owned()];
    #[expect(clippy::disallowed_methods, reason = "the commands are to find the program by its name")]
    folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    let path = env::join_paths(folders).expect("folders of a path can be joined");
    let samples: Vec<_> = maker::sample::of_rules().into_iter().collect();
    let complaints: Vec<String> = samples
        .par_iter()
        .enumerate()
        .flat_map_iter(|(at, (id, samples))| {
            let passes = Some(&samples.passes).filter(|_| at % STEP == 0);
            [Some(&samples.fails), passes]
                .into_iter()
                .flatten()
                .filter_map(|sample| complaint(id, sample, &path))
        })
        .collect();
    none(&complaints);
}

/// Of how many rules one is shown to pass by the program: that it prints nothing is
/// known from the report, and the commands are made alike.
const STEP: usize = 5;

/// Runs the commands of an example in a folder of their own. What they print, if it is not what the page says.
fn complaint(id: &str, sample: &Sample, path: &OsStr) -> Option<String> {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for file in &sample.files {
        let from = package().join("fixtures/rules").join(id).join(file);
        fs::copy(from, folder.path().join(file)).expect("fixtures can be copied");
    }
    let script = sample.commands.join(" && ");
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(&script).current_dir(folder.path()).env("PATH", path);
    shell.env_remove("PEMLINT_PASSWORD").stdin(Stdio::null());
    let ran = shell.output().expect("a shell can be started");
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    let is_printed = match &sample.finding {
        Some(finding) => out.contains(finding),
        None => !out.contains(&format!("[{id}]")) && ran.status.code() != Some(2),
    };
    (!is_printed).then(|| format!("{id}: {script}\n{out}{err}"))
}
