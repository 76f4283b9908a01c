//! Corpora keep what they say: good chains have no finding, a mutation fires its own rules and no others, what is made
//! reads back as it was described, and the model of OpenSSL agrees with the program on what was broken.

#[path = "corpus/broken.rs"]
mod broken;
#[path = "corpus/checked.rs"]
mod checked;
#[path = "corpus/committed.rs"]
mod committed;
#[path = "corpus/invariant.rs"]
mod invariant;
#[path = "corpus/program.rs"]
mod program;
#[path = "corpus/read.rs"]
mod read;
#[path = "corpus/shrinking.rs"]
mod shrinking;
#[path = "../examples/fixtures/strategy.rs"]
mod strategy;
#[path = "corpus/typed.rs"]
mod typed;

use std::cell::Cell;
use std::collections::BTreeSet;

use pemlint::corpus::{Defective, Keys, Names, Purpose, Shape, all, combine, named};
use pemlint::issue::{Maker, SignatureAlgorithm};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use checked::{rules_of, verdicts_of};
use strategy::INSTANT;

/// A runner whose cases are the same every time.
fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

fn holds<S: Strategy>(cases: u32, strategy: &S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    if let Err(error) = runner(cases).run(strategy, test) {
        panic!("{error}");
    }
}

/// A good chain with everything that a good chain may have.
fn full(purpose: Purpose) -> Shape {
    Shape {
        intermediates: 3,
        keys: Keys::Rare,
        rotation: 1,
        names: Names::Place,
        host: 3,
        path_length: true,
        root_authority: true,
        purposes: true,
        serial_octets: 20,
        age: 25,
        ..Shape::plain(purpose, INSTANT)
    }
}

#[test]
fn each_mutation_fires_its_rules_and_no_others() {
    let mut wrong = Vec::new();
    for mutation in all() {
        let plain = Shape::plain(mutation.purpose, INSTANT);
        let shapes = [full(mutation.purpose), Shape { keys: Keys::Large, ..plain.clone() }, plain];
        let expected: BTreeSet<String> = mutation.rules.iter().map(|rule| (*rule).to_owned()).collect();
        for shape in shapes {
            let defective = Defective { shape, mutations: vec![mutation] }.with_room();
            let fired = rules_of(&defective);
            if fired != expected {
                let (name, shape) = (mutation.name, &defective.shape);
                wrong.push(format!("{name}: wants {expected:?}, fires {fired:?} on {shape:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn good_chains_have_no_finding_and_every_client_accepts_them() {
    holds(96, &strategy::shape(), |shape| {
        let good = Defective { shape, mutations: Vec::new() };
        prop_assert_eq!(rules_of(&good), BTreeSet::new());
        let (_, entry) = good.make("good").expect("good chains can be signed");
        for expected in entry.verdicts {
            prop_assert!(expected.accepts, "{:?}", expected);
        }
        Ok(())
    });
}

#[test]
fn broken_chains_fire_the_rules_of_their_mutations() {
    holds(256, &broken::defective(), |defective| {
        let expected: BTreeSet<String> =
            combine(&defective.mutations).into_iter().map(str::to_owned).collect();
        prop_assert_eq!(rules_of(&defective), expected);
        Ok(())
    });
}

#[test]
fn what_is_made_reads_back_as_it_was_described() {
    holds(64, &strategy::shape(), |shape| {
        let chain = shape.chain();
        for member in &chain.members {
            let der = member.to_der().expect("good chains can be signed");
            read::same(&member.description, &der)?;
        }
        Ok(())
    });
}

#[test]
fn the_library_makes_good_chains_as_the_writer_does() {
    holds(64, &strategy::shape(), |shape| {
        for member in &shape.chain().members {
            let description = &member.description;
            // The library has no RSASSA-PSS.
            let is_pss = matches!(description.signature_algorithm, SignatureAlgorithm::RsaPss(_));
            let expected = if is_pss { Maker::Writer } else { Maker::Library };
            prop_assert_eq!(description.maker(), expected, "{:?}", description);
            let key = member.signer.private();
            prop_assert_eq!(description.sign(key), description.write(key));
        }
        Ok(())
    });
}

#[test]
fn the_library_makes_broken_chains_as_the_writer_does() {
    for mutation in all() {
        let shape = Shape::plain(mutation.purpose, INSTANT);
        let chain = Defective { shape, mutations: vec![mutation] }.with_room().chain();
        for member in &chain.members[..chain.length.min(8)] {
            let key = member.signer.private();
            let (signed, written) = (member.description.sign(key), member.description.write(key));
            assert_eq!(signed, written, "{}", mutation.name);
        }
    }
}

#[test]
fn what_is_broken_reads_back_as_it_was_described_where_it_has_a_typed_form() {
    let compared = Cell::new(0);
    holds(96, &broken::defective(), |defective| {
        let chain = defective.chain();
        for member in chain.members.iter().take(5).filter(|member| read::is_readable(member)) {
            let der = member.to_der().expect("it can be signed");
            read::same_fields(&member.description, &der)?;
            compared.set(compared.get() + 1);
        }
        Ok(())
    });
    assert!(compared.get() > 200, "{} certificates were compared", compared.get());
}

#[test]
fn the_verdicts_of_a_manifest_are_those_of_the_engine() {
    holds(48, &broken::defective(), |defective| {
        // An upload out of order is judged by its certificates' names in the engine, by their places in the manifest.
        prop_assume!(defective.shape.purpose == Purpose::Served && defective.chain().is_loadable());
        let (_, entry) = defective.make("one").expect("it can be signed");
        let told: Vec<_> = entry
            .verdicts
            .into_iter()
            .map(|verdict| (verdict.client, verdict.accepts, verdict.code, verdict.depth))
            .collect();
        prop_assert_eq!(told, verdicts_of(&defective));
        Ok(())
    });
}

/// Chains with one to three mutations that the program is asked about.
const RANDOM: usize = 1_500;

#[test]
fn the_program_agrees_with_the_model() {
    let program = program::Program::installed();
    let one = |name: &str| {
        let mutation = named(name).expect("there is a mutation of that name");
        let shape = Shape::plain(mutation.purpose, INSTANT);
        let defective = Defective { shape, mutations: vec![mutation] }.with_room();
        if defective.chain().is_loadable() {
            program.agrees(&defective);
        }
    };
    program.agrees(&Defective { shape: Shape::plain(Purpose::Served, INSTANT), mutations: Vec::new() });
    for mutation in all().filter(|mutation| mutation.purpose == Purpose::Served) {
        one(mutation.name);
    }
    let mut random = runner(1);
    for _ in 0..RANDOM {
        let defective = broken::defective().new_tree(&mut random).expect("it is made").current();
        if defective.shape.purpose == Purpose::Served && defective.chain().is_loadable() {
            program.agrees(&defective);
        }
    }
}

#[test]
fn each_mutation_fires_its_rules_on_chains_of_any_shape() {
    for mutation in all() {
        let expected: BTreeSet<String> = mutation.rules.iter().map(|rule| (*rule).to_owned()).collect();
        holds(6, &strategy::broken_by(vec![mutation]), |defective| {
            prop_assert_eq!(rules_of(&defective), expected.clone());
            Ok(())
        });
    }
}

#[test]
fn names_are_unique_and_rules_exist() {
    let names: BTreeSet<&str> = all().map(|mutation| mutation.name).collect();
    assert_eq!(names.len(), all().count());
    let known: BTreeSet<String> =
        checked::set(Purpose::Served).drafts().map(|draft| draft.source.id.clone()).collect();
    for mutation in all() {
        assert!(!mutation.rules.is_empty(), "{} breaks nothing", mutation.name);
        for rule in mutation.rules {
            assert!(known.contains(*rule), "{}: there is no rule {rule}", mutation.name);
        }
    }
}

/// Rules that no mutation reaches, with the reason.
const UNREACHED: &[(&str, &str)] = &[
    ("containers/container-password-wrong", LOCKED),
    ("containers/container-unusable", LOCKED),
    ("containers/java-keystore-unsupported", LOCKED),
    ("containers/password-missing", LOCKED),
    ("keys/encryption-unsupported", LOCKED),
    ("keys/password-wrong", LOCKED),
    ("keys/private-key-file-readable-by-others", "is about the mode of a file, not about its octets"),
    ("pem/begin-missing", TEXT),
    ("pem/block-cut-off", TEXT),
    ("pem/body-glued", TEXT),
    ("pem/byte-order-mark-before-text", TEXT),
    ("pem/carriage-returns-alone", TEXT),
    ("pem/certificate-missing-among-blocks", TEXT),
    ("pem/dashes-not-hyphens", TEXT),
    ("pem/hidden-character-in-text", TEXT),
    ("pem/label-not-in-capitals", TEXT),
    ("pem/label-obsolete", TEXT),
    ("pem/label-of-other-content", TEXT),
    ("pem/line-breaks-not-real", TEXT),
    ("pem/lines-too-long", TEXT),
    ("pem/nul-octet-in-text", TEXT),
    ("pem/padding-wrong", TEXT),
    ("pem/placeholder-in-body", TEXT),
    ("pem/text-not-ascii", TEXT),
    ("pem/text-not-utf8", TEXT),
    ("pem/text-outside-blocks", TEXT),
    ("rfc5280/x25519-key-usage-wrong", "is about keys that no server can use"),
    ("containers/pkcs12-not-accepted", LOCKED),
    ("products/expired-twin", PRODUCT),
    ("products/issuing-certificate-not-self-signed", PRODUCT),
    ("products/issuing-certificate-not-subordinate", PRODUCT),
    ("products/issuing-certificate-valid-too-long", PRODUCT),
    ("products/issuing-key-not-rsa", PRODUCT),
    ("products/issuing-signature-not-accepted", PRODUCT),
    ("products/key-certificate-not-first", PRODUCT),
    ("products/name-not-utf8-string", PRODUCT),
    ("products/not-pkcs12", PRODUCT),
    ("products/path-length-not-limited", PRODUCT),
    ("products/path-length-too-short", PRODUCT),
    ("products/pkcs12-password-not-empty", PRODUCT),
    ("products/private-key-not-in-same-file", PRODUCT),
    ("products/rsa-key-too-large", PRODUCT),
    ("products/several-certificates", PRODUCT),
];

/// What editors and shells do to text does not change what a chain is.
const TEXT: &str =
    "is about damage of text, of which `tests/readers/damage.rs` and `tests/properties` make every kind";

/// A corpus is for clients and for one gateway.
const PRODUCT: &str =
    "is about what one product asks for; a corpus is made for strict clients and for one gateway";

/// Nothing in a corpus is locked.
const LOCKED: &str = "is about files that other programs lock, each time with another salt; a corpus is PEM";

#[test]
fn every_rule_has_a_mutation_or_a_reason_to_have_none() {
    let reached: BTreeSet<&str> = all().flat_map(|mutation| mutation.rules.iter().copied()).collect();
    let rules = checked::set(Purpose::Served).drafts().map(|draft| draft.source.id.as_str());
    let unreached: Vec<&str> = rules.filter(|rule| !reached.contains(rule)).collect();
    let reasons: Vec<&str> = UNREACHED.iter().map(|(rule, _)| *rule).collect();
    assert_eq!(unreached, reasons);
}

#[test]
fn the_same_seed_gives_the_same_octets_and_another_gives_others() {
    let others: Vec<_> = all().collect();
    let make = |seed| {
        let drawn = Defective::drawn(seed, 7, INSTANT, None, &others);
        drawn.make("x").expect("good chains can be signed")
    };
    assert_eq!(make(1), make(1));
    assert_ne!(make(1).0, make(2).0);
}
