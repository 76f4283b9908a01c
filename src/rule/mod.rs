//! Rule files and profiles: TOML to validated, compiled rules. Everything about
//! a rule stands in its file; nothing is registered elsewhere.

use std::collections::HashSet;
use std::sync::LazyLock;

mod draft;
mod known;
mod profile;
mod rewrite;
mod set;

pub use draft::{Draft, Example, Reference, Subject, Unsound};
pub use profile::{
    DEFAULT as DEFAULT_PROFILE, Layer, Level, Opened, Profile, SetLevel, SetProfile, Source, profile_names,
};
pub use set::{Need, Options, Plan, Planned, Rule, RuleCode, RuleSet, embedded_drafts};

/// A rule file before it is read.
#[derive(Clone, Debug)]
pub struct RuleSource {
    /// Its id: the path below the rules folder without `.toml`.
    pub id: String,
    /// The path that errors name.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Folder of the reference pages of rules in the repository.
pub const PAGES: &str = "docs/rules";

/// Ids of the rules in the binary.
static OURS: LazyLock<HashSet<&str>> = LazyLock::new(|| embedded::RULES.iter().map(|(id, _)| *id).collect());

/// Address of the reference page of a rule of the binary. A user's rule has none;
/// its id is never that of one of the binary, as that is an error of loading.
#[must_use]
pub fn page(id: &str) -> Option<String> {
    OURS.contains(id).then(|| format!("{}/blob/main/{PAGES}/{id}.md", env!("CARGO_PKG_REPOSITORY")))
}

/// Files that the build put into the binary.
mod embedded {
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
}
