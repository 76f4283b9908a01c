//! Levels and parameters of rules under every profile, as the pages show them.

use pemlint::expr::Param;
use pemlint::finding::Severity;
use pemlint::rule::{Draft, Level, Profile, profile_names};

/// The profiles of the binary, by name.
pub(crate) fn profiles() -> Vec<Profile> {
    profile_names().into_iter().map(|name| Profile::named(name).expect("it is one of the binary")).collect()
}

/// The level of a rule under a profile.
pub(crate) fn level(profile: &Profile, draft: &Draft) -> &'static str {
    match profile.level(&draft.source.id, draft.severity) {
        Level::Off => "off",
        Level::On(severity) => severity.name(),
    }
}

/// A level as one character of a wide table.
pub(crate) fn letter(profile: &Profile, draft: &Draft) -> &'static str {
    match profile.level(&draft.source.id, draft.severity) {
        Level::Off => "·",
        Level::On(Severity::Error) => "**E**",
        Level::On(Severity::Warning) => "W",
        Level::On(Severity::Info) => "i",
    }
}

/// The parameters of a rule that a profile changes, each with its value.
pub(crate) fn changed<'p>(profile: &'p Profile, draft: &'p Draft) -> Vec<(&'p str, &'p Param)> {
    let names = draft.params.keys().map(String::as_str);
    names.filter_map(|name| Some((name, profile.param(&draft.source.id, name)?))).collect()
}

/// A value as it is written in a rule file.
pub(crate) fn value(param: &Param) -> String {
    let quoted = |text: &String| format!("\"{text}\"");
    let list = |items: Vec<String>| format!("[{}]", items.join(", "));
    match param {
        Param::Bool(value) => value.to_string(),
        Param::Int(value) => value.to_string(),
        Param::String(text) => quoted(text),
        Param::Strings(texts) => list(texts.iter().map(quoted).collect()),
        Param::Ints(values) => list(values.iter().map(i64::to_string).collect()),
    }
}
