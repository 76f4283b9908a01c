//! `at`: a path to the fact that a finding points at, and how it leads to a
//! place in the certificate or in the file.

use std::ops::Range;

use cel::common::ast::{Expr, IdedExpr, LiteralValue, SelectExpr, operators as op};

use super::compile::path_text;
use super::extent::{Part, range_of};
use super::syntax;
use super::{Environment, ExpressionError, ITEM, Scope, root_slot};
use crate::der::Span;
use crate::document::closest;
use crate::facts::schema::{self, Field, Read};
use crate::facts::value::{Fault, Kind, Node, Scalar, Value};

/// A compiled path.
#[derive(Debug)]
pub struct PlacePath {
    /// Its text, as findings give it.
    pub text: String,
    start: Start,
    steps: Vec<Step>,
}

#[derive(Debug)]
enum Start {
    Root(usize),
    Item,
}

#[derive(Debug)]
enum Step {
    Field(&'static Field),
    Index(usize),
}

/// What a path leads to.
#[derive(Clone, Debug, Default)]
pub struct Spot {
    /// The certificate that holds the fact, by its place in the bundle.
    pub certificate: Option<usize>,
    /// Octets of that certificate.
    pub span: Option<Span>,
    /// Octets of the file.
    pub range: Option<Range<usize>>,
}

/// Compiles a path.
///
/// # Errors
/// Where it is none, or names something that is not there.
pub fn compile_place(text: &str, environment: &Environment<'_>) -> Result<PlacePath, Vec<ExpressionError>> {
    let tree = syntax::parse(text)?;
    let mut walker = Walker { text, environment, start: Start::Item, steps: Vec::new() };
    walker.follow(&tree)?;
    Ok(PlacePath { text: text.to_owned(), start: walker.start, steps: walker.steps })
}

/// Type of what a path has led to so far.
#[derive(Clone, Copy)]
enum Current {
    Message(Kind),
    List(Kind),
    Value,
}

struct Walker<'e> {
    text: &'e str,
    environment: &'e Environment<'e>,
    start: Start,
    steps: Vec<Step>,
}

type Followed = Result<Current, Vec<ExpressionError>>;

impl Walker<'_> {
    fn follow(&mut self, node: &IdedExpr) -> Followed {
        match &node.expr {
            Expr::Ident(name) => self.variable(node, name),
            Expr::Select(select) if !select.test => match self.follow(&select.operand)? {
                Current::Message(kind) => self.field(node, kind, select),
                Current::List(_) => self.no_path(node, "name an element with [0], or use `each` and item"),
                Current::Value => self.no_path(node, "a single value holds no facts"),
            },
            Expr::Call(call) if call.func_name == op::INDEX => match self.follow(&call.args[0])? {
                Current::List(kind) => self.index(&call.args[1], kind),
                _ => self.no_path(node, "only lists of messages have elements to point at"),
            },
            _ => self.no_path(node, "name a fact; nothing can be computed here"),
        }
    }

    fn variable(&mut self, node: &IdedExpr, name: &str) -> Followed {
        if let ("item", Some(item)) = (name, self.environment.item) {
            return Ok(match item {
                Scalar::Message(kind) => Current::Message(kind),
                _ => Current::Value,
            });
        }
        let Some(slot) = root_slot(name).filter(|_| self.environment.roots.contains(&name)) else {
            let message = format!("there is no variable `{name}` to point at");
            let roots = self.environment.roots;
            let help = closest(name, roots.iter().copied()).map_or_else(
                || Some(format!("bound are {}", roots.join(", "))),
                |close| Some(format!("did you mean `{close}`?")),
            );
            return self.fail(node, Part::Whole, "unknown-variable", message, help);
        };
        self.start = Start::Root(slot);
        Ok(Current::Message(schema::ROOTS[slot].kind))
    }

    fn field(&mut self, node: &IdedExpr, kind: Kind, select: &SelectExpr) -> Followed {
        let Some(field) = schema::field(kind, &select.field) else {
            let names = schema::fields(kind).iter().map(|field| field.name);
            let help = closest(&select.field, names.clone()).map_or_else(
                || Some(format!("it has {}", names.collect::<Vec<_>>().join(", "))),
                |close| Some(format!("did you mean `{close}`?")),
            );
            let message = format!("`{}` has no fact `{}`", path_text(&select.operand), select.field);
            return self.fail(node, Part::Field, "unknown-fact", message, help);
        };
        self.steps.push(Step::Field(field));
        Ok(match field.read {
            Read::Message(kind, _) => Current::Message(kind),
            Read::List(Scalar::Message(kind), _) => Current::List(kind),
            _ => Current::Value,
        })
    }

    fn index(&mut self, at: &IdedExpr, kind: Kind) -> Followed {
        let place = match &at.expr {
            Expr::Literal(LiteralValue::Int(at)) => usize::try_from(*at.inner()).ok(),
            _ => None,
        };
        let Some(place) = place else {
            let message = "the place in a list must be a number from 0".to_owned();
            return self.fail(at, Part::Whole, "not-a-path", message, None);
        };
        self.steps.push(Step::Index(place));
        Ok(Current::Message(kind))
    }

    fn no_path(&self, node: &IdedExpr, help: &str) -> Followed {
        let message = "`at` must be a path such as cert.keyUsage or bundle.roots[1]".to_owned();
        self.fail(node, Part::Whole, "not-a-path", message, Some(help.to_owned()))
    }

    fn fail(
        &self,
        node: &IdedExpr,
        part: Part,
        name: &'static str,
        message: String,
        help: Option<String>,
    ) -> Followed {
        let range = range_of(self.text, node.id, part);
        Err(vec![ExpressionError { name, range, message, help }])
    }
}

impl PlacePath {
    /// Follows the path as far as the facts go; what is absent or malformed is
    /// pointed at through what holds it.
    #[must_use]
    pub fn spot(&self, scope: &Scope<'_>) -> Spot {
        let mut spot = Spot::default();
        let mut node = match &self.start {
            Start::Root(slot) => scope.nodes[*slot],
            Start::Item => message(&scope.values[ITEM]),
        };
        let mut steps = self.steps.iter();
        while let Some(here) = node {
            note(&mut spot, here);
            let Some(Step::Field(field)) = steps.next() else {
                break;
            };
            if let Some(place) = field.place
                && !matches!(here, Node::Record(_))
            {
                spot.span = place(here).or(spot.span);
            }
            node = match field.read {
                Read::Message(..) => follow_message(field, here, &mut spot),
                Read::List(..) => match steps.next() {
                    Some(Step::Index(at)) => element(field, here, *at),
                    _ => None,
                },
                _ => None,
            };
        }
        spot
    }
}

/// The message of a value, if it is one.
fn message<'a>(value: &Value<'a>) -> Option<Node<'a>> {
    match value {
        Value::Message(node) => *node,
        _ => None,
    }
}

fn follow_message<'a>(field: &Field, node: Node<'a>, spot: &mut Spot) -> Option<Node<'a>> {
    match field.message(node) {
        Ok(inner) => inner,
        Err(fault) => {
            if let Fault::Malformed(fault) = *fault {
                spot.span = Some(Span { start: fault.offset, end: fault.offset.saturating_add(1) });
            }
            None
        }
    }
}

fn element<'a>(field: &Field, node: Node<'a>, at: usize) -> Option<Node<'a>> {
    let list = match (node, field.read) {
        (Node::Record(record), _) => record.fields.get(field.name)?.as_list(),
        (_, Read::List(_, read)) => read(node).ok()?,
        _ => return None,
    };
    (at < list.len()).then(|| list.element(at)).as_ref().and_then(message)
}

/// Takes over the place of a message that the path passes.
fn note(spot: &mut Spot, node: Node<'_>) {
    match node {
        Node::Certificate(_, at) => {
            spot.certificate = Some(at);
            spot.span = None;
        }
        Node::Damage(damage) => spot.range = Some(damage.range.clone()),
        _ => spot.span = schema::span(node).or(spot.span),
    }
}
