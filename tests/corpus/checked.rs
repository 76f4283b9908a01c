//! Chains of a corpus as the engine sees them.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use pemlint::corpus::{Defective, Made, Purpose, clients};
use pemlint::engine::{self, Given, Job, Outcome, Part};
use pemlint::input::Input;
use pemlint::rule::{Options, Profile, RuleSet};
use pemlint::source::Source;

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

fn input(name: &str, octets: &[u8], part: Part) -> Given {
    let mut source = Source::new(name, octets.to_vec());
    source.mode = Some(0o600);
    Given { input: Input::read(source), part }
}

fn given(made: &Made) -> Vec<Given> {
    let part = if made.trust.is_some() { Part::Presented } else { Part::Checked };
    let mut given = vec![input("chain.pem", &made.chain, part)];
    given.extend(made.key.iter().map(|key| input("key.pem", key.as_bytes(), Part::Keys)));
    given.extend(made.trust.iter().map(|trust| input("trust.pem", trust, Part::Trusted)));
    given
}

fn check(defective: &Defective) -> Outcome {
    let (made, entry) = defective.make("one").expect("it can be signed");
    let clients = clients(entry.host.as_deref());
    let rules = set(defective.shape.purpose);
    let join = made.trust.is_some();
    engine::check(&given(&made), &Job { rules, now: INSTANT, join, clients: &clients })
}

/// Ids of the rules that fire.
pub(crate) fn rules_of(defective: &Defective) -> BTreeSet<String> {
    check(defective).findings.into_iter().map(|finding| finding.rule).collect()
}

/// Client, whether it accepts, first code and its depth.
pub(crate) fn verdicts_of(defective: &Defective) -> Vec<(&'static str, bool, Option<i64>, Option<usize>)> {
    let verdicts = check(defective).verdicts.into_iter();
    verdicts
        .map(|verdict| {
            let error = verdict.errors.first();
            let (code, depth) = (error.and_then(|error| error.code), error.and_then(|error| error.depth));
            (verdict.client, verdict.accepts(), code, depth)
        })
        .collect()
}
