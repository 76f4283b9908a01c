//! The corpus that rules of users are tried on besides their own examples: good chains, and every defect that pemlint can
//! make. Nobody says what a user's rule has to say of them; what it does say is counted, and an evaluation that fails is
//! an error.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::corpus::{Defective, Made, Purpose, Shape, all};
use crate::engine::{self, Given, Job, Outcome, Part};
use crate::input::Input;
use crate::issue::Error;
use crate::rule::RuleSet;
use crate::source::Source;

/// How many good chains are drawn.
const GOOD: u64 = 24;

/// The seed that they are drawn with, so that all runs meet the same.
const SEED: u64 = 4;

/// A chain of the corpus.
#[derive(Debug)]
pub struct Sample {
    /// What is broken; nothing in a good chain.
    pub defect: Option<&'static str>,
    /// Its files.
    pub given: Vec<Given>,
    /// Whether a server sends it to a client; otherwise it is an upload.
    pub is_served: bool,
}

/// What a rule says of the corpus.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Met {
    /// Good chains that it fires on.
    pub good: usize,
    /// Defects that it fires on, in the order of the corpus.
    pub broken: Vec<&'static str>,
    /// Chains on which it could not be computed, with the reason.
    pub errors: Vec<(String, String)>,
}

/// Files of a chain as the engine takes them.
#[must_use]
pub fn given(made: &Made) -> Vec<Given> {
    let input = |name: &str, octets: &[u8], part: Part| {
        let mut source = Source::new(name, octets.to_vec());
        source.mode = Some(0o600);
        Given { input: Input::read(source), part }
    };
    let part = if made.trust.is_some() { Part::Presented } else { Part::Checked };
    let mut given = vec![input("chain.pem", &made.chain, part)];
    given.extend(made.key.iter().map(|key| input("key.pem", key.as_bytes(), Part::Keys)));
    given.extend(made.trust.iter().map(|trust| input("trust.pem", trust, Part::Trusted)));
    given
}

/// The corpus: good chains that are good at an instant, then each defect alone.
///
/// # Errors
/// Where a chain cannot be signed.
pub fn samples(now: i64) -> Result<Vec<Sample>, Error> {
    let good = (0..GOOD).map(|number| Defective::drawn(SEED, number, now, None, &[]));
    let broken = all().map(|mutation| {
        let shape = Shape::plain(mutation.purpose, now);
        Defective { shape, mutations: vec![mutation] }.with_room()
    });
    let chains: Vec<Defective> = good.chain(broken).collect();
    let make = |defective: &Defective| {
        Ok(Sample {
            defect: defective.mutations.first().map(|mutation| mutation.name),
            given: given(&defective.chain().make()?),
            is_served: defective.shape.purpose == Purpose::Served,
        })
    };
    chains.par_iter().map(make).collect()
}

/// What the rules of a set say of the corpus, by their ids.
#[must_use]
pub fn meet(samples: &[Sample], set: &RuleSet, now: i64) -> BTreeMap<String, Met> {
    let check = |sample: &Sample| {
        engine::check(&sample.given, &Job { rules: set, now, join: sample.is_served, clients: &[] })
    };
    let outcomes: Vec<Outcome> = samples.par_iter().map(check).collect();
    let mut met: BTreeMap<String, Met> = BTreeMap::new();
    for (number, (sample, outcome)) in samples.iter().zip(outcomes).enumerate() {
        let name = sample.defect.map_or_else(|| format!("good chain {number}"), str::to_owned);
        for note in outcome.notes.iter().filter(|note| note.is_error) {
            let errors = &mut met.entry(note.rule.clone()).or_default().errors;
            errors.push((name.clone(), note.reason.clone()));
        }
        let mut rules: Vec<String> = outcome.findings.into_iter().map(|finding| finding.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        for rule in rules {
            let met = met.entry(rule).or_default();
            match sample.defect {
                Some(defect) => met.broken.push(defect),
                None => met.good += 1,
            }
        }
    }
    met
}

#[cfg(test)]
mod tests {
    use super::{GOOD, meet, samples};
    use crate::rule::{Options, Profile, RuleSet};

    #[test]
    fn the_rules_of_the_program_spare_good_chains_and_find_each_defect() {
        let now = 1_793_491_200;
        let samples = samples(now).expect("the corpus can be signed");
        let profile = Profile::named("cloudflare-byopki").expect("it is a profile of the program");
        let set = RuleSet::load(profile, Options::default()).expect("the rules are sound");
        let met = meet(&samples, &set, now);
        let good = samples.iter().filter(|sample| sample.defect.is_none()).count();
        assert_eq!(good as u64, GOOD);
        let missing = &met["rfc5280/ca-key-usage-missing"];
        assert_eq!((missing.good, missing.errors.len()), (0, 0));
        assert!(missing.broken.contains(&"ca-without-key-usage"), "{missing:?}");
    }
}
