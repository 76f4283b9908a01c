//! Expressions: both parsers make the same trees of those of the rules, and the
//! compiled closures give what an interpreter gives that shares no code with
//! them, on random facts and for random expressions. Evaluation always ends.

#[path = "common/cel_cases.rs"]
mod cel_cases;
#[path = "common/interpreter.rs"]
mod interpreter;
#[path = "common/programs.rs"]
mod programs;
#[path = "common/records.rs"]
mod records;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use cel::Context;
use cel::common::ast::IdedExpr;
use cel_cases::{CASES, DIFFERENCES};
use interpreter::{Plain, World, compiled, context, elements, interpreted, prepared, scope};
use pemlint::expr::{Code, Environment, Param, Scope, Template, compile, parse, parse_with_offsets};
use pemlint::facts::value::{Datum, Record, Scalar, Type};
use pemlint::limits;
use pemlint::rule::{Draft, Profile, embedded_drafts, profile_names};
use programs::Writer;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use records::{Pools, worlds};

static DRAFTS: LazyLock<Vec<Draft>> = LazyLock::new(|| embedded_drafts().expect("the rules are sound"));

/// The expressions between the braces of a text.
fn between_braces(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text.replace("{{", "").replace("}}", "");
    while let Some((_, after)) = rest.split_once('{') {
        // Quotes of an expression come in pairs; a brace within them does not close it.
        let closes = |(at, _): &(usize, &str)| after[..*at].matches('"').count() % 2 == 0;
        let (end, _) = after.match_indices('}').find(closes).expect("braces close");
        found.push(after[..end].to_owned());
        rest = after[end + 1..].to_owned();
    }
    found
}

/// Every expression of a rule that is computed, with the key that holds it.
fn expressions(draft: &Draft) -> Vec<(&'static str, String)> {
    let keys = [("each", draft.each.as_ref()), ("when", draft.when.as_ref()), ("check", Some(&draft.check))];
    let whole = keys.into_iter().filter_map(|(key, text)| Some((key, text?.value.clone())));
    let texts = [("message", &draft.message), ("fix", &draft.fix)];
    let parts = texts
        .into_iter()
        .flat_map(|(key, text)| between_braces(&text.value).into_iter().map(move |part| (key, part)));
    whole.chain(parts).collect()
}

#[test]
fn both_parsers_make_the_same_tree_of_every_expression_of_the_rules() {
    let mut count = 0;
    for draft in &*DRAFTS {
        let at = draft.at.iter().map(|text| ("at", text.value.clone()));
        for (key, text) in expressions(draft).into_iter().chain(at) {
            let tree = parse(&text).unwrap_or_else(|faults| panic!("{} {key}: {faults:?}", draft.source.id));
            let (twin, offsets) = parse_with_offsets(&text).expect("the other parser reads it too");
            assert_eq!(tree, twin, "{} {key}: {text}", draft.source.id);
            assert!(offsets.offset_for(tree.id).is_some(), "{} {key}: {text}", draft.source.id);
            count += 1;
        }
    }
    assert!(count > 250, "{count} expressions are too few");
}

/// An expression for both sides.
struct Program {
    name: String,
    code: Code,
    tree: IdedExpr,
}

impl Program {
    fn new(name: String, text: &str, environment: &Environment<'_>) -> Self {
        let code = compile(text, environment).unwrap_or_else(|faults| panic!("{name}: {text}: {faults:#?}"));
        Self { name, code, tree: prepared(&parse(text).expect("it was compiled")) }
    }

    /// What both sides give, where they agree.
    fn agree(
        &self,
        scope: &mut Scope<'_>,
        context: &Context<'_, '_>,
    ) -> Result<Option<Plain>, TestCaseError> {
        scope.refill();
        let (ours, theirs) = (compiled(&self.code, scope), interpreted(&self.tree, context));
        match (ours, theirs) {
            (Ok(ours), Ok(theirs)) if ours == theirs => Ok(Some(ours)),
            (Err(_), Err(_)) => Ok(None),
            (ours, theirs) => Err(TestCaseError::fail(format!(
                "{}\n  compiled: {ours:?}\n  interpreted: {theirs:?}",
                self.name
            ))),
        }
    }
}

/// A rule for both sides.
struct Both {
    params: BTreeMap<String, Param>,
    each: Option<Program>,
    programs: Vec<Program>,
}

impl Both {
    fn new(draft: &Draft, params: BTreeMap<String, Param>) -> Self {
        let mut environment = Environment { roots: draft.subject.roots(), item: None, params: &params };
        let name = |key: &str, text: &str| format!("{} {key}: {text}", draft.source.id);
        let each = draft
            .each
            .as_ref()
            .map(|text| Program::new(name("each", &text.value), &text.value, &environment));
        if let Some(Type::List(item)) = each.as_ref().map(|each| each.code.type_()) {
            environment.item = Some(item);
        }
        let texts = expressions(draft).into_iter().filter(|(key, _)| *key != "each");
        let programs = texts.map(|(key, text)| Program::new(name(key, &text), &text, &environment)).collect();
        Self { params, each, programs }
    }

    /// Runs the rule on a world and notes what each of its expressions gave.
    fn run(&self, world: &World, context: &Context<'_, '_>, seen: &mut Seen) -> Result<(), TestCaseError> {
        let mut scope = scope(world);
        let mut inner = context.new_inner_scope();
        inner.add_variable_from_value("params", interpreter::params(&self.params));
        let Some(each) = &self.each else {
            return self.run_once(&mut scope, &inner, seen);
        };
        let Code::List(_, list) = &each.code else { panic!("each is a list") };
        match (list(&mut scope), elements(&each.tree, &inner)) {
            (Ok(list), Ok(items)) => {
                prop_assert_eq!(list.len(), items.len(), "{}", each.name);
                for (at, item) in items.into_iter().enumerate() {
                    scope.set_item(list.element(at));
                    inner.add_variable_as_val("item", item);
                    self.run_once(&mut scope, &inner, seen)?;
                }
            }
            (ours, theirs) => prop_assert!(ours.is_err() && theirs.is_err(), "{}", each.name),
        }
        Ok(())
    }

    fn run_once(
        &self,
        scope: &mut Scope<'_>,
        context: &Context<'_, '_>,
        seen: &mut Seen,
    ) -> Result<(), TestCaseError> {
        for program in &self.programs {
            let given = program.agree(scope, context)?;
            seen.entry(program.name.clone())
                .or_default()
                .insert(given.map_or("error".into(), |given| given.to_string()));
        }
        Ok(())
    }
}

/// What expressions gave, by their names.
type Seen = BTreeMap<String, BTreeSet<String>>;

/// The parameters of a rule under a profile that changes them.
fn changed(draft: &Draft, profile: &Profile) -> Option<BTreeMap<String, Param>> {
    let mut params = draft.params.clone();
    let mut is_changed = false;
    for (name, value) in &mut params {
        if let Some(said) = profile.param(&draft.source.id, name) {
            value.clone_from(said);
            is_changed = true;
        }
    }
    is_changed.then_some(params)
}

/// A runner whose cases are the same in every run.
fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config {
        cases,
        rng_seed: RngSeed::Fixed(5280),
        failure_persistence: None,
        max_shrink_time: 10_000,
        ..Config::default()
    })
}

#[test]
fn rules_give_what_an_interpreter_gives_and_every_check_both_holds_and_fails() {
    let profiles: Vec<Profile> =
        profile_names().into_iter().map(|name| Profile::named(name).unwrap()).collect();
    let variants = |draft: &Draft| {
        [vec![draft.params.clone()], profiles.iter().filter_map(|profile| changed(draft, profile)).collect()]
            .concat()
    };
    let rules: Vec<Both> = DRAFTS
        .iter()
        .flat_map(|draft| variants(draft).into_iter().map(|params| Both::new(draft, params)))
        .collect();
    let pools = Pools::of(&DRAFTS);
    let seen = RefCell::new(Seen::new());
    let result = runner(1_000).run(&worlds(&pools, true), |world| {
        let context = context(&world);
        rules.iter().try_for_each(|rule| rule.run(&world, &context, &mut seen.borrow_mut()))
    });
    result.unwrap_or_else(|fault| panic!("{fault}"));
    let seen = seen.into_inner();
    for (name, given) in &seen {
        let is_condition = name.contains(" check: ") || name.contains(" when: ");
        let is_both = given.contains("true") && given.contains("false");
        assert!(!is_condition || is_both, "{name} gave only {given:?}");
    }
    assert!(seen.len() > 200, "{} expressions are too few", seen.len());
}

/// A world in which nothing is known but the instant.
fn empty_world() -> World {
    World {
        roots: BTreeMap::from([("cert", Record::default()), ("bundle", Record::default())]),
        now: 1_767_225_600,
    }
}

static NO_PARAMS: BTreeMap<String, Param> = BTreeMap::new();

const ENVIRONMENT: Environment<'static> =
    Environment { roots: &["cert", "bundle"], item: None, params: &NO_PARAMS };

#[test]
fn every_operator_loop_and_function_gives_what_cel_says() {
    let world = empty_world();
    let context = context(&world);
    for (text, expected) in CASES {
        let program = Program::new((*text).to_owned(), text, &ENVIRONMENT);
        let given = program.agree(&mut scope(&world), &context).unwrap_or_else(|fault| panic!("{fault}"));
        assert_eq!(given.map_or("error".into(), |given| given.to_string()), *expected, "{text}");
    }
}

#[test]
fn rules_differ_from_cel_only_where_the_list_of_differences_says() {
    let world = empty_world();
    let context = context(&world);
    for (text, ours, theirs, reason) in DIFFERENCES {
        let code = compile(text, &ENVIRONMENT).unwrap_or_else(|faults| panic!("{text}: {faults:?}"));
        let given = compiled(&code, &mut scope(&world)).map_or("error".into(), |given| given.to_string());
        assert_eq!(given, *ours, "{text}");
        let tree = parse(text).expect("it was compiled");
        let given = interpreted(&tree, &context).map_or("error".into(), |given| given.to_string());
        assert_eq!(given, *theirs, "{text}");
        assert!(ours != theirs && !reason.is_empty(), "{text} is no difference");
    }
}

#[test]
fn random_expressions_give_what_an_interpreter_gives() {
    let pools = Pools::of(&DRAFTS);
    let strategy = worlds(&pools, false);
    let mut maker = runner(1);
    let worlds: Vec<World> =
        (0..24).map(|_| strategy.new_tree(&mut maker).expect("a world").current()).collect();
    let types = [Scalar::Bool, Scalar::Bool, Scalar::Int, Scalar::String].map(Type::One);
    let types = [&types[..], &[Type::List(Scalar::Int), Type::One(Scalar::Timestamp)]].concat();
    let values = RefCell::new(BTreeMap::<String, u32>::new());
    let strategy = (0..worlds.len(), 0..types.len(), vec(any::<u8>(), 0..160));
    let result = runner(12_000).run(&strategy, |(world, wanted, tape)| {
        let world = &worlds[world];
        let text = Writer::new(&tape).expression(types[wanted], 4);
        let program = Program::new(text.clone(), &text, &ENVIRONMENT);
        let given = program.agree(&mut scope(world), &context(world))?;
        *values.borrow_mut().entry(given.map_or("error".into(), |given| given.to_string())).or_default() += 1;
        Ok(())
    });
    result.unwrap_or_else(|fault| panic!("{fault}"));
    let values = values.into_inner();
    let often = |value: &str| values.get(value).copied().unwrap_or(0) > 500;
    assert!(often("true") && often("false") && often("error") && values.len() > 300, "{values:?}");
}

/// A world with a bundle of so many certificates, numbered by their versions.
fn bundle_of(count: usize) -> World {
    let numbered = |at: usize| {
        let version = Datum::Int(i64::try_from(at).expect("it is small"));
        Datum::Message(Record { fields: BTreeMap::from([("version", version)]) })
    };
    let certificates = Datum::List((0..count).map(numbered).collect());
    let bundle = Record { fields: BTreeMap::from([("certificates", certificates)]) };
    let cert = Record { fields: BTreeMap::from([("role", Datum::String("x".repeat(100_000)))]) };
    World { roots: BTreeMap::from([("cert", cert), ("bundle", bundle)]), now: 0 }
}

fn given(text: &str, world: &World) -> Result<Plain, String> {
    let code = compile(text, &ENVIRONMENT).unwrap_or_else(|faults| panic!("{text}: {faults:?}"));
    compiled(&code, &mut scope(world)).map_err(|fault| fault.to_string())
}

const OUT_OF_STEPS: &str = "takes more steps than a rule may";

#[test]
fn evaluation_ends_at_the_last_step_and_not_later() {
    let steps = limits::EVALUATION_STEPS as usize;
    // The outer list costs n steps, each of its elements 1 + n, each inner element 1.
    let spent = |n: usize, outer: usize, inner: usize| n + outer * (1 + n + n) + (1 + n) + (inner + 1);
    let meets = |n: usize| {
        (0..n).find_map(|outer| (0..n - 1).find(|at| spent(n, outer, *at) == steps).map(|at| (outer, at)))
    };
    let (n, (outer, inner)) =
        (700..900).find_map(|n| Some((n, meets(n)?))).expect("one of them meets the bound");
    let world = bundle_of(n);
    let seek = |inner: usize| {
        let found = format!("a.version == {outer} && b.version == {inner}");
        given(&format!("bundle.certificates.exists(a, bundle.certificates.exists(b, {found}))"), &world)
    };
    assert_eq!(seek(inner), Ok(Plain::Bool(true)));
    assert_eq!(seek(inner + 1), Err(OUT_OF_STEPS.to_owned()));
}

#[test]
fn evaluation_ends_soon_whatever_the_loops_and_the_texts() {
    let world = bundle_of(limits::LIST_ITEMS);
    for text in [
        "bundle.certificates.all(a, bundle.certificates.all(b, bundle.certificates.all(c, \
            bundle.certificates.exists_one(d, d.version == 0))))",
        // Every turn of the outer loop has an error that a later one could absorb.
        "bundle.certificates.exists(a, 1 / 0 == 1 || bundle.certificates.exists(b, b.version < 0))",
        "size(bundle.certificates.map(a, cert.role)) == 1",
        "size(bundle.certificates.map(a, lower(cert.role + cert.role))) == 1",
        "join(bundle.certificates.map(a, a.version), cert.role) == \"\"",
    ] {
        let start = Instant::now();
        assert_eq!(given(text, &world), Err(OUT_OF_STEPS.to_owned()), "{text}");
        assert!(start.elapsed() < Duration::from_secs(10), "{text} took {:?}", start.elapsed());
    }
}

#[test]
fn chains_and_nests_of_any_length_are_refused_in_peace() {
    for (head, link, tail) in [
        ("cert", ".a", ""),
        ("cert", "[0]", ""),
        ("cert", ".f()", ""),
        ("1", "+1", ""),
        ("1", "==1", ""),
        ("true", "?1:true", ":1"),
        ("", "!-", "1"),
        ("[1]", ".map(a,a)", ""),
        ("", "(1+", "1"),
        ("", "[", "1"),
        ("", "{1:", "1"),
        ("", "size(", "1"),
        ("", "@ ", ""),
    ] {
        let count = (limits::EXPRESSION_OCTETS - head.len() - tail.len()) / link.len();
        let text = format!("{head}{}{tail}", link.repeat(count));
        assert!(compile(&text, &ENVIRONMENT).is_err(), "{link}");
    }
    let flat = format!("true{}", " && true".repeat(1_000));
    assert!(compile(&flat, &ENVIRONMENT).is_ok(), "a flat chain of conditions does not nest");
}

proptest! {
    #![proptest_config(Config { cases: 2_000, rng_seed: RngSeed::Fixed(2119), failure_persistence: None, ..Config::default() })]

    #[test]
    fn any_text_is_compiled_or_refused_at_a_place_of_its_own(
        words in vec(prop_oneof![
            4 => prop::sample::select(vec![
                "cert", ".", "version", "keyUsage", "has(", "(", ")", "[", "]", "{", "}", "size(", ".all(x, ", "x", " && ", " || ",
                "!", "-", " == ", " in ", " ? ", " : ", "1", "2.5", "0x", "\"", "'", "r\"", "b'", "\\", "é", "“", " ", "\n", "//", ",", "params",
                "item", "not ", "timestamp(", "matches(", "`", "\u{0}", "=", "&", "|", "null", "for", "99999999999999999999",
            ]).prop_map(str::to_owned),
            1 => "\\PC{0,3}",
        ], 0..24),
    ) {
        let text = words.concat();
        for faults in [compile(&text, &ENVIRONMENT).err(), Template::compile(&text, &ENVIRONMENT).err()].into_iter().flatten() {
            prop_assert!(!faults.is_empty());
            for fault in faults {
                prop_assert!(text.get(fault.range.clone()).is_some(), "{fault:?}");
                prop_assert!(!fault.message.is_empty() && !fault.name.is_empty());
            }
        }
    }
}
