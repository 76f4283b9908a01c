//! Rule files and profiles: TOML to validated, compiled rules. Everything about
//! a rule stands in its file; nothing is registered elsewhere.

use std::borrow::Cow;

mod code;
mod draft;
mod embedded;
mod known;
mod profile;
mod rewrite;
mod set;

pub use code::{FindingCode, RuleCode};
pub use draft::{Account, Draft, Example, Reference, Subject, Unsound};
pub use embedded::drafts as embedded_drafts;
pub use profile::{
    DEFAULT as DEFAULT_PROFILE, Layer, Level, Opened, Profile, SetLevel, SetProfile, Source, profile_names,
};
pub use set::{Later, Need, Options, Plan, Planned, Rule, RuleSet};

/// A rule file before it is read.
#[derive(Clone, Debug)]
pub struct RuleSource {
    /// Its id: the path below the rules folder without `.toml`.
    pub id: String,
    /// The path that errors name.
    pub path: Cow<'static, str>,
    /// Its text.
    pub text: Cow<'static, str>,
}

/// Folder of the reference pages of rules in the repository.
pub const PAGES: &str = "docs/rules";

/// Address of the reference page of a rule of the binary. A user's rule has none;
/// its id is never that of one of the binary, as that is an error of loading.
#[must_use]
pub fn page(id: &str) -> Option<String> {
    embedded::has(id).then(|| format!("{}/blob/main/{PAGES}/{id}.md", env!("CARGO_PKG_REPOSITORY")))
}
