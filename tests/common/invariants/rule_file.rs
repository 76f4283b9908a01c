//! What must hold of any text read as a file that people write: a rule, a
//! profile, a configuration, a baseline. It is taken or refused without a panic,
//! and every error lies inside the text and can be shown.

use std::path::Path;

use pemlint::config::{Baseline, Config};
use pemlint::document::Diagnostics;
use pemlint::rule::{Draft, Options, Profile, RuleSet, RuleSource};
use pemlint::source::is_hidden;

/// The path that errors name.
const PATH: &str = "house/any.toml";

/// Reads a text as each of the files; panics where one of them breaks its word.
pub(crate) fn hold(text: &str) {
    refused_in_its_place(text, Profile::read("any", PATH, text).err());
    refused_in_its_place(text, Config::read(PATH, text, Path::new("")).err());
    refused_in_its_place(text, Baseline::read(PATH, text).err());
    let source = || RuleSource { id: "house/any".into(), path: PATH.into(), text: text.to_owned().into() };
    match Draft::read(source()) {
        Err(unsound) if unsound.draft.is_none() => {
            refused_in_its_place(text, Some(Diagnostics::new(unsound.errors)));
        }
        // Its expressions make sense: they are compiled with the rules of the program.
        _ => {
            let profile = Profile::named("rfc5280").expect("the profiles are sound");
            let options = Options { sources: vec![source()], ..Options::default() };
            refused_in_its_place(text, RuleSet::load(profile, options).err());
        }
    }
}

fn refused_in_its_place(text: &str, errors: Option<Diagnostics>) {
    let Some(errors) = errors else { return };
    assert!(!errors.errors.is_empty(), "refused without a reason");
    for error in &errors.errors {
        assert_eq!(error.path, PATH, "{error:?}");
        assert_eq!(error.text, text, "{error:?}");
        assert!(text.get(error.range.clone()).is_some(), "{error:?} lies outside");
        assert!(!error.message.is_empty() && !error.name.is_empty(), "{error:?}");
        let (line, column) = error.position();
        let length = text.split('\n').nth(line - 1).map(|line| line.chars().count());
        assert!(
            column >= 1 && length.is_some_and(|length| column <= length + 1),
            "{line}:{column}: {error:?}"
        );
    }
    for shown in [errors.render(false), errors.to_string()] {
        let hidden: Vec<char> = shown.chars().filter(|c| *c != '\n' && is_hidden(*c)).collect();
        assert!(hidden.is_empty(), "{hidden:?} is shown");
    }
}
