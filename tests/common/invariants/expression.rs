//! What must hold of any text taken for an expression, a message or a path: it
//! is compiled or refused at a place of its own, and what is compiled gives the
//! same value twice, within the budget, on real facts.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use pemlint::expr::{
    Code, Environment, ExpressionError, Param, Scope, Template, atoms, compile, compile_place, parse,
    parse_with_offsets,
};
use pemlint::facts::schema::{self, Read};
use pemlint::facts::value::{Kind, Node};
use pemlint::facts::{Bundle, Certificate};
use pemlint::input::Input;
use pemlint::relations::relate;
use pemlint::rule::Subject;
use pemlint::source::Source;

/// Instant of evaluation: 2026-01-01T00:00:00Z.
const NOW: i64 = 1_767_225_600;

/// Files whose facts are read.
const FILES: [&str; 2] =
    ["fixtures/clean/root-and-two-intermediates.pem", "fixtures/clean/root-with-name-constraints.pem"];

/// Certificates of the files, for as long as the process runs.
static CHAIN: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().find(|folder| folder.join("fixtures").is_dir());
    let root = root.expect("the fixtures lie in this folder or above");
    let inputs = FILES.map(|file| {
        let bytes = std::fs::read(root.join(file)).expect("the fixture can be read");
        Input::read(Source::new(file, bytes))
    });
    let blocks =
        inputs.iter().flat_map(|input| input.blocks.iter().map(move |block| input.certificate(block)));
    blocks.flatten().map(<[u8]>::to_vec).collect()
});

static PARAMS: LazyLock<BTreeMap<String, Param>> = LazyLock::new(|| {
    let words = vec!["a".to_owned(), "DNS".to_owned()];
    let params = [
        ("flag", Param::Bool(true)),
        ("minRsaBits", Param::Int(2048)),
        ("word", Param::String("id".into())),
        ("words", Param::Strings(words)),
        ("numbers", Param::Ints(vec![0, -1, i64::MAX])),
    ];
    params.map(|(name, value)| (name.to_owned(), value)).into()
});

/// Compiles a text in all ways and evaluates it; panics where a word is broken.
pub(crate) fn hold(text: &str) {
    both_parsers_agree(text);
    refused_inside(text, atoms(text).err());
    let bundle = relate(CHAIN.iter().map(|der| Certificate::read(der)).collect(), &[0; 8], false);
    let extension = schema::fields(Kind::Certificate).iter().find(|field| field.name == "extensions");
    let item = match extension.map(|field| &field.read) {
        Some(Read::List(item, _)) => *item,
        _ => panic!("certificates have a list of extensions"),
    };
    for subject in [Subject::Certificate, Subject::Link, Subject::Bundle, Subject::File] {
        let environment = Environment { roots: subject.roots(), item: None, params: &PARAMS };
        refused_inside(text, compile_place(text, &environment).err());
        evaluate(text, subject, &environment, &bundle);
    }
    let environment = Environment { roots: &["cert", "bundle"], item: Some(item), params: &PARAMS };
    evaluate_items(text, &environment, &bundle);
}

fn both_parsers_agree(text: &str) {
    match (parse(text), parse_with_offsets(text)) {
        (Ok(tree), Some((twin, _))) => {
            assert_eq!(without_numbers(&format!("{tree:?}")), without_numbers(&format!("{twin:?}")));
        }
        // Without offsets, errors are shown at the whole expression.
        (Ok(_), None) => {}
        (Err(faults), _) => refused_inside(text, Some(faults)),
    }
}

/// A tree without the numbers of its nodes, which the parsers give in different orders.
fn without_numbers(tree: &str) -> String {
    let parts = tree.split("id: ");
    parts.map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit())).collect()
}

fn refused_inside(text: &str, faults: Option<Vec<ExpressionError>>) {
    let Some(faults) = faults else { return };
    assert!(!faults.is_empty(), "refused without a reason");
    for fault in faults {
        assert!(text.get(fault.range.clone()).is_some(), "{fault:?} lies outside");
        assert!(!fault.message.is_empty() && !fault.name.is_empty(), "{fault:?}");
    }
}

/// Compiles the text as an expression and as a message.
fn compiled(text: &str, environment: &Environment<'_>) -> (Option<Code>, Option<Template>) {
    let code = compile(text, environment).map_err(|faults| refused_inside(text, Some(faults))).ok();
    let template =
        Template::compile(text, environment).map_err(|faults| refused_inside(text, Some(faults))).ok();
    (code, template)
}

fn evaluate(text: &str, subject: Subject, environment: &Environment<'_>, bundle: &Bundle<'_>) {
    let (code, template) = compiled(text, environment);
    let scope = || Scope::new(NOW).with("bundle", Node::Bundle(bundle));
    let mut scopes: Vec<Scope<'_>> = match subject {
        Subject::Certificate => (0..bundle.certificates.len())
            .map(|at| scope().with("cert", Node::Certificate(bundle, at)))
            .collect(),
        Subject::Link => bundle
            .links
            .iter()
            .map(|link| {
                scope()
                    .with("link", Node::Link(bundle, link))
                    .with("child", Node::Certificate(bundle, link.child))
                    .with("issuer", Node::Certificate(bundle, link.issuer))
            })
            .collect(),
        Subject::Bundle => vec![scope()],
        Subject::Key | Subject::Block | Subject::File => Vec::new(),
    };
    for scope in &mut scopes {
        evaluate_in(scope, code.as_ref(), template.as_ref());
    }
}

fn evaluate_items(text: &str, environment: &Environment<'_>, bundle: &Bundle<'_>) {
    let (code, template) = compiled(text, environment);
    let each = compile("cert.extensions", environment).expect("certificates have extensions");
    let Code::List(_, each) = each else { panic!("extensions are a list") };
    for at in 0..bundle.certificates.len() {
        let scope = Scope::new(NOW).with("bundle", Node::Bundle(bundle));
        let mut scope = scope.with("cert", Node::Certificate(bundle, at));
        let Ok(list) = each(&mut scope) else { continue };
        for at in 0..list.len() {
            scope.set_item(list.element(at));
            evaluate_in(&mut scope, code.as_ref(), template.as_ref());
        }
    }
}

fn evaluate_in(scope: &mut Scope<'_>, code: Option<&Code>, template: Option<&Template>) {
    if let Some(code) = code {
        scope.refill();
        let first = outcome(code, scope);
        scope.refill();
        assert_eq!(first, outcome(code, scope), "two values");
    }
    if let Some(template) = template {
        scope.refill();
        let first = template.render(scope);
        scope.refill();
        assert_eq!(first, template.render(scope), "two texts");
    }
}

/// The value or the fault, as text.
fn outcome(code: &Code, scope: &mut Scope<'_>) -> String {
    match code {
        Code::List(_, list) => match list(scope) {
            Ok(list) => format!("{} elements", list.len()),
            Err(fault) => fault.to_string(),
        },
        code => match code.value(scope) {
            Ok(value) => {
                format!("{value:?}")
            }
            Err(fault) => fault.to_string(),
        },
    }
}
