//! Writes the reference pages: `cargo run --example reference -- docs`.
//!
//! One page for each rule, an index of them, and one page of facts, of functions and of profiles. Everything on them is taken
//! from the rule files, the schema, the table of functions, the profiles and the fixtures; nothing is written twice.

#[expect(dead_code, reason = "two fixtures a rule are looked at, by the parts that pages need")]
#[path = "../../tests/common/fixtures.rs"]
mod fixtures;
#[path = "../../tests/common/reads.rs"]
mod reads;

mod facts;
mod functions;
mod index;
mod levels;
mod markdown;
mod profiles;
mod rule;
pub(crate) mod sample;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use pemlint::rule::{Draft, embedded_drafts};

/// The folder of the rules' pages below the target, as `pemlint::rule::PAGES` has it below the package.
const RULES: &str = "rules";

/// The other pages.
const PAGES: [&str; 3] = ["facts.md", "functions.md", "profiles.md"];

fn main() -> ExitCode {
    let Some(target) = env::args_os().nth(1).map(PathBuf::from) else {
        report("usage: reference DIRECTORY");
        return ExitCode::from(2);
    };
    let made = pages();
    match write(&target, &made) {
        Ok(stale) => {
            for path in stale {
                report(&format!("not made any more, removed: {}", path.display()));
            }
            report(&format!("{} pages", made.len()));
            ExitCode::SUCCESS
        }
        Err(error) => {
            report(&format!("cannot write below {}: {error}", target.display()));
            ExitCode::FAILURE
        }
    }
}

/// The rules of the binary, sorted by id.
pub(crate) fn drafts() -> Vec<Draft> {
    let mut drafts = embedded_drafts().expect("a test proves that the rules are sound");
    drafts.sort_by(|left, right| left.source.id.cmp(&right.source.id));
    drafts
}

/// Every page by its path below the target.
pub(crate) fn pages() -> BTreeMap<PathBuf, String> {
    let (drafts, profiles) = (drafts(), levels::profiles());
    let samples = sample::of_rules();
    let mut pages = BTreeMap::new();
    for draft in &drafts {
        let path = Path::new(RULES).join(format!("{}.md", draft.source.id));
        pages.insert(path, rule::page(draft, &profiles, &samples[&draft.source.id]));
    }
    pages.insert(Path::new(RULES).join("README.md"), index::page(&drafts, &profiles));
    let others = [facts::page(&drafts), functions::page(&drafts), profiles::page(&drafts, &profiles)];
    pages.extend(PAGES.into_iter().map(PathBuf::from).zip(others));
    pages
}

/// The pages that stand below the target, by their paths there.
pub(crate) fn committed(target: &Path) -> io::Result<BTreeSet<PathBuf>> {
    let mut found: BTreeSet<PathBuf> =
        PAGES.into_iter().map(PathBuf::from).filter(|path| target.join(path).exists()).collect();
    let folder = target.join(RULES);
    if folder.exists() {
        for entry in walkdir::WalkDir::new(&folder) {
            let entry = entry?;
            if entry.file_type().is_file() {
                let path = entry.path().strip_prefix(target).expect("what is walked lies below the target");
                found.insert(path.to_owned());
            }
        }
    }
    Ok(found)
}

/// Writes the pages and removes those that are not made any more. Returns the latter.
fn write(target: &Path, pages: &BTreeMap<PathBuf, String>) -> io::Result<Vec<PathBuf>> {
    let stale: Vec<PathBuf> =
        committed(target)?.into_iter().filter(|path| !pages.contains_key(path)).collect();
    for path in &stale {
        fs::remove_file(target.join(path))?;
        // A folder that holds more stays.
        let _ = target.join(path).parent().map(fs::remove_dir);
    }
    for (path, text) in pages {
        let path = target.join(path);
        fs::create_dir_all(path.parent().expect("a page has a folder"))?;
        fs::write(path, text)?;
    }
    Ok(stale)
}

/// One line on standard error; a closed one is nobody's loss.
fn report(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
