//! Random facts, made from the declared schema: every field by its type, optional
//! ones absent at random. What rules compare a field with is drawn often, so that
//! both outcomes of their checks occur.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use cel::common::ast::{Expr, IdedExpr, LiteralValue};
use pemlint::expr::{Param, parse};
use pemlint::facts::schema::{self, Field, Presence, ROOTS};
use pemlint::facts::value::{Datum, Kind, Record, Scalar, Type};
use pemlint::rule::Draft;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::interpreter::World;

/// The instant around which times lie: 2026-01-01T00:00:00Z.
const NOW: i64 = 1_767_225_600;

const DAY: i64 = 86_400;

/// What rules compare the fields of a name with.
#[derive(Debug, Default)]
pub(crate) struct Pools {
    texts: BTreeMap<String, BTreeSet<String>>,
    numbers: BTreeMap<String, BTreeSet<i64>>,
}

/// Texts that the patterns of rules match, which nobody can tell from the patterns.
const MATCHED: &[(&str, &[&str])] = &[
    (
        "value",
        &["NL", "Example ", "pki.example.com", "192.0.2.1", "pki@example", "R&amp;D", "\u{c3}\u{b6}", "."],
    ),
    ("cPSuri", &["https://pki.example/cps", "cps.html"]),
    ("dNSName", &["a_b.example", "test.example"]),
    ("explicitText", &["two\nlines", "fu\u{308}r", "für"]),
    ("oid", &["1.3.9999.3.6", "1.3.6.1.4.1.2.267.7.4.4"]),
    (
        "text",
        &[
            "test.example",
            "*.test.example",
            "*.example",
            "192.0.2.1",
            "pki@example.com",
            "urn:isbn:0",
            "https://pki.example/ca",
            "ldap:///cn=ca",
            "https://pki",
        ],
    ),
];

/// The choices of a GeneralName.
const CHOICES: [&str; 9] = [
    "otherName",
    "rfc822Name",
    "dNSName",
    "x400Address",
    "directoryName",
    "ediPartyName",
    "uniformResourceIdentifier",
    "iPAddress",
    "registeredID",
];

impl Pools {
    /// The literals and parameters in the expressions of rules.
    pub(crate) fn of(drafts: &[Draft]) -> Self {
        let mut pools = Self::default();
        for (field, texts) in MATCHED {
            pools.texts.entry((*field).to_owned()).or_default().extend(texts.iter().map(ToString::to_string));
        }
        for draft in drafts {
            for text in [&draft.each, &draft.when, &Some(draft.check.clone())].into_iter().flatten() {
                let tree = parse(&text.value).expect("the rules are sound");
                pools.gather(&tree, draft, &BTreeMap::new());
            }
        }
        pools
    }

    /// Pairs of a field and what stands beside it, below a node.
    fn gather(&mut self, node: &IdedExpr, draft: &Draft, variables: &BTreeMap<String, String>) {
        match &node.expr {
            Expr::Call(call) => {
                let sides: Vec<&IdedExpr> = call.target.iter().map(AsRef::as_ref).chain(&call.args).collect();
                for field in sides.iter().flat_map(|side| fields(side, variables)) {
                    for side in &sides {
                        self.note(&field, side, draft);
                    }
                }
                for side in sides {
                    self.gather(side, draft, variables);
                }
            }
            Expr::Comprehension(of) => {
                self.gather(&of.iter_range, draft, variables);
                let mut inner = variables.clone();
                let list = fields(&of.iter_range, variables).into_iter().next();
                inner.extend(list.map(|list| (of.iter_var.clone(), list)));
                self.gather(&of.loop_step, draft, &inner);
            }
            Expr::List(list) => list.elements.iter().for_each(|one| self.gather(one, draft, variables)),
            Expr::Select(select) => self.gather(&select.operand, draft, variables),
            _ => {}
        }
    }

    /// Notes the literals, lists of literals and parameters that a node holds.
    fn note(&mut self, field: &str, node: &IdedExpr, draft: &Draft) {
        match &node.expr {
            Expr::Literal(LiteralValue::String(text)) => self.text(field, text.inner()),
            Expr::Literal(LiteralValue::Int(number)) => self.number(field, *number.inner()),
            Expr::List(list) => list.elements.iter().for_each(|one| self.note(field, one, draft)),
            Expr::Call(call) => call.args.iter().for_each(|one| self.note(field, one, draft)),
            Expr::Select(select) => match draft.params.get(&select.field) {
                Some(Param::Int(number)) => self.number(field, *number),
                Some(Param::Ints(numbers)) => numbers.iter().for_each(|number| self.number(field, *number)),
                Some(Param::String(text)) => self.text(field, text),
                Some(Param::Strings(texts)) => texts.iter().for_each(|text| self.text(field, text)),
                Some(Param::Bool(_)) | None => {}
            },
            _ => {}
        }
    }

    fn text(&mut self, field: &str, text: &str) {
        self.texts.entry(field.to_owned()).or_default().insert(text.to_owned());
    }

    /// A number and those around it; also as days in seconds.
    fn number(&mut self, field: &str, number: i64) {
        let near = [Some(number), number.checked_mul(DAY)].into_iter().flatten();
        let around = near.flat_map(|near| [near.saturating_sub(1), near, near.saturating_add(1)]);
        self.numbers.entry(field.to_owned()).or_default().extend(around);
    }
}

/// The fields that a side of an operator reads: a path, or a path within arithmetic.
fn fields(node: &IdedExpr, variables: &BTreeMap<String, String>) -> Vec<String> {
    match &node.expr {
        Expr::Select(select) => vec![select.field.clone()],
        Expr::Ident(name) => variables.get(name).cloned().into_iter().collect(),
        Expr::Call(call) => call.args.iter().flat_map(|one| fields(one, variables)).collect(),
        _ => Vec::new(),
    }
}

/// Strategies by kind of message, made once.
#[derive(Debug)]
struct Makers<'p> {
    pools: &'p Pools,
    far: bool,
    made: RefCell<BTreeMap<(Kind, u8), BoxedStrategy<Record>>>,
}

/// Worlds with a record for every variable; with `far`, in times from 1950 to 9999.
pub(crate) fn worlds(pools: &Pools, far: bool) -> BoxedStrategy<World> {
    let makers = Makers { pools, far, made: RefCell::default() };
    let records: Vec<_> = ROOTS.iter().map(|root| makers.record(root.kind, 1)).collect();
    records
        .prop_map(|records| World {
            roots: ROOTS.iter().map(|root| root.name).zip(records).collect(),
            now: NOW,
        })
        .boxed()
}

impl Makers<'_> {
    /// Records of a kind, in which certificates and keys nest `levels` deep.
    fn record(&self, kind: Kind, levels: u8) -> BoxedStrategy<Record> {
        if let Some(known) = self.made.borrow().get(&(kind, levels)) {
            return known.clone();
        }
        let fields = schema::fields(kind);
        let data: Vec<_> = fields.iter().map(|field| self.field(field, levels)).collect();
        let strategy = data
            .prop_map(move |data| {
                let named = fields.iter().map(|field| field.name).zip(data);
                Record { fields: named.filter_map(|(name, datum)| Some((name, datum?))).collect() }
            })
            .boxed();
        self.made.borrow_mut().insert((kind, levels), strategy.clone());
        strategy
    }

    fn field(&self, field: &'static Field, levels: u8) -> BoxedStrategy<Option<Datum>> {
        let is_message = matches!(field.type_(), Type::One(Scalar::Message(_)));
        let Some(datum) = self.datum(field, levels) else {
            // Nothing nests any deeper here.
            return Just(None).boxed();
        };
        match field.presence {
            // Its reader may say that it is not there, as `rsa` of another key.
            Presence::Always if is_message => proptest::option::weighted(0.85, datum).boxed(),
            Presence::Always => datum.prop_map(Some).boxed(),
            Presence::Message | Presence::Asked(_) => proptest::option::weighted(0.6, datum).boxed(),
        }
    }

    fn datum(&self, field: &'static Field, levels: u8) -> Option<BoxedStrategy<Datum>> {
        match field.type_() {
            Type::One(scalar) => self.scalar(field, scalar, levels),
            Type::List(item) => {
                let item = self.scalar(field, item, levels);
                Some(item.map_or_else(
                    || Just(Datum::List(Vec::new())).boxed(),
                    |item| vec(item, 0..=3).prop_map(Datum::List).boxed(),
                ))
            }
        }
    }

    fn scalar(&self, field: &'static Field, scalar: Scalar, levels: u8) -> Option<BoxedStrategy<Datum>> {
        Some(match scalar {
            Scalar::Bool => any::<bool>().prop_map(Datum::Bool).boxed(),
            Scalar::Int => self.numbers(field),
            Scalar::String => self.texts(field),
            Scalar::Bytes => {
                select(vec![vec![], vec![0], vec![1, 0xff], vec![7; 20]]).prop_map(Datum::Bytes).boxed()
            }
            Scalar::Timestamp => {
                let far: &[i64] = if self.far { &[-631_152_000, 0, 253_402_300_799] } else { &[] };
                let near =
                    [-1, 0, 1, 29 * DAY, 30 * DAY - 1, 30 * DAY, 30 * DAY + 1].map(|after| NOW + after);
                select([far, &near].concat()).prop_map(Datum::Timestamp).boxed()
            }
            Scalar::Message(kind) => {
                let nests = matches!(kind, Kind::Certificate | Kind::Key | Kind::Bundle | Kind::Link);
                let levels = if nests { levels.checked_sub(1)? } else { levels };
                self.record(kind, levels).prop_map(Datum::Message).boxed()
            }
            Scalar::Duration => unreachable!("no fact is a duration"),
        })
    }

    fn numbers(&self, field: &Field) -> BoxedStrategy<Datum> {
        let known: Vec<i64> = self.pools.numbers.get(field.name).into_iter().flatten().copied().collect();
        let common = select(vec![0, 1, 2, 3, -1, 20, 2048, i64::MAX, i64::MIN]);
        let mixed = if known.is_empty() {
            common.boxed()
        } else {
            prop_oneof![3 => select(known), 1 => common].boxed()
        };
        mixed.prop_map(Datum::Int).boxed()
    }

    fn texts(&self, field: &Field) -> BoxedStrategy<Datum> {
        let pooled = self.pools.texts.get(field.name).into_iter().flatten().cloned();
        let known: Vec<String> = match field.example {
            // Each kind of message has kinds of its own.
            "dNSName" if field.name == "kind" => CHOICES.map(str::to_owned).to_vec(),
            _ => pooled.collect(),
        };
        let common = [
            "",
            "a",
            "Zürich",
            "*.Example.com",
            "xn--80ak6aa92e",
            "xn--99999999",
            "xn--uber-vwc",
            "https://a.example/",
            "https:///a",
            "東京",
            "a\u{202e}b",
            field.example,
        ];
        let common = select(common.map(str::to_owned).to_vec());
        let mixed = if known.is_empty() {
            common.boxed()
        } else {
            prop_oneof![3 => select(known), 1 => common].boxed()
        };
        mixed.prop_map(Datum::String).boxed()
    }
}
