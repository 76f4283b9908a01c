//! TOML files that people write: rules, profiles, configuration, baselines.
//! Read key by key with the place of every value, and everything wrong with
//! them said at once. Knows what none of the keys mean.

mod diagnostic;
mod table;

pub use diagnostic::{Diagnostic, Diagnostics};
pub use table::{File, Table, Text, integer};

/// The name that is meant, if one is close enough.
#[must_use]
pub fn closest<'n>(wanted: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let lower = wanted.to_lowercase();
    names
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&lower, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= 1 + name.len() / 4)
        .min()
        .map(|(_, name)| name)
}
