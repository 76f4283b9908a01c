//! Rule files and profiles: TOML to validated, compiled rules. Everything about
//! a rule stands in its file; nothing is registered elsewhere.

mod draft;
mod known;
mod profile;
mod rewrite;
mod set;

pub use draft::{Draft, Example, Reference, Subject, Unsound};
pub use profile::{
    DEFAULT as DEFAULT_PROFILE, Layer, Level, Opened, Profile, SetLevel, SetProfile, Source, profile_names,
};
pub use set::{Options, Rule, RuleCode, RuleSet, embedded_drafts};

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

/// Files that the build put into the binary.
mod embedded {
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
}
