//! Chains of a corpus as the engine sees them.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use pemlint::corpus::{Defective, Made, Purpose, clients};
use pemlint::engine::{self, Given, Job, Outcome, Part};
use pemlint::input::Input;
use pemlint::rule::{Options, Profile, RuleSet};
use pemlint::source::Source;
pub(crate) use pemlint::trial::given;

use super::strategy::INSTANT;

static SERVED: LazyLock<RuleSet> = LazyLock::new(|| load(Purpose::Served));
static UPLOADED: LazyLock<RuleSet> = LazyLock::new(|| load(Purpose::Uploaded));

fn load(purpose: Purpose) -> RuleSet {
    let profile = Profile::named(purpose.profile()).expect("the profiles are part of the program");
    RuleSet::load(profile, Options::default()).expect("the rules of the program are sound")
}

/// The rules under the profile of a purpose.
pub(crate) fn set(purpose: Purpose) -> &'static RuleSet {
    match purpose {
        Purpose::Served => &SERVED,
        Purpose::Uploaded => &UPLOADED,
    }
}

/// A file as the program would read it, for its owner alone.
pub(crate) fn input(name: &str, octets: &[u8], part: Part) -> Given {
    let mut source = Source::new(name, octets.to_vec());
    source.mode = Some(0o600);
    Given { input: Input::read(source), part }
}

/// What the engine says of files under the profile of a purpose; all certificates are one bundle where that is wanted.
pub(crate) fn check(given: &[Given], purpose: Purpose, host: Option<&str>, join: bool) -> Outcome {
    engine::check(given, &Job { rules: set(purpose), now: INSTANT, join, clients: &clients(host) })
}

/// What the engine says of the files of a chain.
pub(crate) fn check_made(made: &Made, purpose: Purpose, host: Option<&str>) -> Outcome {
    check(&given(made), purpose, host, made.trust.is_some())
}

fn check_defective(defective: &Defective) -> Outcome {
    let (made, entry) = defective.make("one").expect("it can be signed");
    check_made(&made, defective.shape.purpose, entry.host.as_deref())
}

/// Ids of the rules that fire.
pub(crate) fn fired(outcome: &Outcome) -> BTreeSet<String> {
    outcome.findings.iter().map(|finding| finding.rule.clone()).collect()
}

/// Ids of the rules that fire on a chain.
pub(crate) fn rules_of(defective: &Defective) -> BTreeSet<String> {
    fired(&check_defective(defective))
}

/// Client, whether it accepts, first code and its depth.
pub(crate) type Answer = (&'static str, bool, Option<i64>, Option<usize>);

/// What every client says, as the engine tells it.
pub(crate) fn answers(outcome: Outcome) -> Vec<Answer> {
    let verdicts = outcome.verdicts.into_iter();
    verdicts
        .map(|verdict| {
            let error = verdict.errors.first();
            let (code, depth) = (error.and_then(|error| error.code), error.and_then(|error| error.depth));
            (verdict.client, verdict.accepts(), code, depth)
        })
        .collect()
}

/// What every client says of a chain.
pub(crate) fn verdicts_of(defective: &Defective) -> Vec<Answer> {
    answers(check_defective(defective))
}
