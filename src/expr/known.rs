//! What is known of the value of an expression when one fact is assumed absent, empty or false, or `item` is an
//! ordinary element of its list, and all else is unknown.

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, SelectExpr, operators as op};

use super::loops::Shape;
use super::{Environment, Param};
use crate::facts::schema::{self, Field, Given, Read, Usual};
use crate::facts::value::Kind;

/// What is assumed of the fact at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Assumption<'t> {
    /// The message is not there.
    Absent(String),
    /// The Boolean has this value.
    Is(String, bool),
    /// The list has no element.
    Empty(String),
    /// The text is none of these.
    NoneOf(String, Vec<&'t str>),
}

impl Assumption<'_> {
    /// The expression that is false then.
    pub(super) fn need(&self) -> String {
        match self {
            Self::Absent(path) => format!("has({path})"),
            Self::Is(path, false) => path.clone(),
            Self::Is(path, true) => format!("!{path}"),
            Self::Empty(path) => format!("size({path}) > 0"),
            Self::NoneOf(path, texts) => {
                let list = texts.iter().map(|text| format!("\"{text}\"")).collect::<Vec<_>>().join(", ");
                format!("{path} in [{list}]")
            }
        }
    }
}

/// What is known of the value of an expression. All but `Unknown` say that it has a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known<'f> {
    Bool(bool),
    Int(i64),
    Text(&'f str),
    /// A text that is none of these.
    NoneOf(&'f [&'f str]),
    /// A text that is one of these.
    OneOf(&'f [&'f str]),
    /// A list of so many elements.
    List(usize),
    /// Any value.
    Some,
    Unknown,
}

#[derive(Clone, Copy)]
pub(super) struct Facts<'f> {
    pub assumption: Option<&'f Assumption<'f>>,
    /// What `item` has.
    pub element: &'f [&'f [Given]],
    pub environment: &'f Environment<'f>,
}

impl<'f> Facts<'f> {
    pub(super) fn value(self, node: &'f IdedExpr) -> Known<'f> {
        match &node.expr {
            Expr::Literal(value) => literal(value),
            Expr::Select(select) => self.select(node, select),
            Expr::Call(call) => self.call(call),
            Expr::Comprehension(loop_) if self.value(&loop_.iter_range) == Known::List(0) => {
                match Shape::of(loop_) {
                    Some(Shape::All(_)) => Known::Bool(true),
                    Some(Shape::Exists(_) | Shape::ExistsOne(_)) => Known::Bool(false),
                    Some(Shape::Map { .. }) => Known::List(0),
                    None => Known::Unknown,
                }
            }
            Expr::List(list) if list.elements.is_empty() => Known::List(0),
            _ => Known::Unknown,
        }
    }

    fn select(self, node: &'f IdedExpr, select: &'f SelectExpr) -> Known<'f> {
        if matches!(&select.operand.expr, Expr::Ident(name) if name == "params") {
            return match self.environment.params.get(&select.field) {
                Some(Param::Bool(value)) => Known::Bool(*value),
                Some(Param::Int(value)) => Known::Int(*value),
                Some(Param::String(value)) => Known::Text(value),
                _ => Known::Unknown,
            };
        }
        // A variable of a loop may hide `item` or one of the schema; no part of a loop is looked into.
        if !self.element.is_empty() && is_at(&select.operand, "item") && !select.test {
            let given = self.element.iter().copied().flatten().find(|given| given.field == select.field);
            return given.map_or(Known::Some, |given| match given.value {
                Usual::Is(value) => Known::Bool(value),
                Usual::OneOf(texts) => Known::OneOf(texts),
                Usual::Size(size) => Known::List(size),
            });
        }
        match self.assumption {
            Some(Assumption::Absent(path)) if is_at(node, path) && select.test => Known::Bool(false),
            Some(Assumption::Absent(path)) if is_below(select, path) => {
                if select.test {
                    Known::Bool(false)
                } else {
                    fact(node, self.environment).map_or(Known::Unknown, zero)
                }
            }
            Some(Assumption::Is(path, value)) if !select.test && is_at(node, path) => Known::Bool(*value),
            Some(Assumption::Empty(path)) if !select.test && is_at(node, path) => Known::List(0),
            Some(Assumption::NoneOf(path, texts)) if !select.test && is_at(node, path) => {
                Known::NoneOf(texts)
            }
            _ => Known::Unknown,
        }
    }

    fn call(self, call: &'f CallExpr) -> Known<'f> {
        let known = |at: usize| self.value(&call.args[at]);
        match (call.func_name.as_str(), call.args.len()) {
            (op::LOGICAL_AND, 2) => joined(known(0), known(1), false),
            (op::LOGICAL_OR, 2) => joined(known(0), known(1), true),
            (op::LOGICAL_NOT, 1) => negated(known(0)),
            (op::CONDITIONAL, 3) => match known(0) {
                Known::Bool(true) => known(1),
                Known::Bool(false) => known(2),
                _ => Known::Unknown,
            },
            (op::EQUALS, 2) => is_equal(known(0), known(1)),
            (op::NOT_EQUALS, 2) => negated(is_equal(known(0), known(1))),
            (op::LESS | op::LESS_EQUALS | op::GREATER | op::GREATER_EQUALS, 2) => {
                match (known(0), known(1)) {
                    (Known::Int(left), Known::Int(right)) => Known::Bool(match call.func_name.as_str() {
                        op::LESS => left < right,
                        op::LESS_EQUALS => left <= right,
                        op::GREATER => left > right,
                        _ => left >= right,
                    }),
                    (left, right) => any(left, right),
                }
            }
            (op::IN, 2) => self.membership(&call.args[0], &call.args[1]),
            ("size", 1) => match known(0) {
                Known::List(size) => i64::try_from(size).map_or(Known::Unknown, Known::Int),
                _ => Known::Unknown,
            },
            _ => Known::Unknown,
        }
    }

    fn membership(self, element: &'f IdedExpr, list: &'f IdedExpr) -> Known<'f> {
        let element = self.value(element);
        if element == Known::Unknown {
            return Known::Unknown;
        }
        if self.value(list) == Known::List(0) {
            return Known::Bool(false);
        }
        let Some(texts) = texts_of(list) else {
            return Known::Unknown;
        };
        match element {
            Known::Text(text) => Known::Bool(texts.contains(&text)),
            Known::NoneOf(none) if texts.iter().all(|text| none.contains(text)) => Known::Bool(false),
            Known::OneOf(all) if all.iter().all(|text| texts.contains(text)) => Known::Bool(true),
            Known::OneOf(all) if all.iter().all(|text| !texts.contains(text)) => Known::Bool(false),
            _ => Known::Some,
        }
    }
}

/// A value of which no more is known, where both operands have one.
fn any<'f>(left: Known<'_>, right: Known<'_>) -> Known<'f> {
    if left == Known::Unknown || right == Known::Unknown { Known::Unknown } else { Known::Some }
}

fn negated<'f>(value: Known<'_>) -> Known<'f> {
    match value {
        Known::Bool(value) => Known::Bool(!value),
        other => any(other, other),
    }
}

/// `&&` (decided by false) and `||` (decided by true): a deciding operand absorbs the fault of the other.
fn joined<'f>(left: Known<'_>, right: Known<'_>, decisive: bool) -> Known<'f> {
    match (left, right) {
        (Known::Bool(value), _) | (_, Known::Bool(value)) if value == decisive => Known::Bool(decisive),
        (Known::Bool(_), Known::Bool(_)) => Known::Bool(!decisive),
        (left, right) => any(left, right),
    }
}

fn is_equal<'f>(left: Known<'_>, right: Known<'_>) -> Known<'f> {
    match (left, right) {
        (Known::Bool(left), Known::Bool(right)) => Known::Bool(left == right),
        (Known::Int(left), Known::Int(right)) => Known::Bool(left == right),
        (Known::Text(left), Known::Text(right)) => Known::Bool(left == right),
        (Known::NoneOf(none), Known::Text(text)) | (Known::Text(text), Known::NoneOf(none))
            if none.contains(&text) =>
        {
            Known::Bool(false)
        }
        (Known::OneOf(all), Known::Text(text)) | (Known::Text(text), Known::OneOf(all)) => {
            match (all, all.contains(&text)) {
                (_, false) => Known::Bool(false),
                ([_], true) => Known::Bool(true),
                _ => Known::Some,
            }
        }
        (left, right) => any(left, right),
    }
}

fn literal(value: &LiteralValue) -> Known<'_> {
    match value {
        LiteralValue::Boolean(value) => Known::Bool(*value.inner()),
        LiteralValue::Int(value) => Known::Int(*value.inner()),
        LiteralValue::String(value) => Known::Text(value.inner()),
        _ => Known::Unknown,
    }
}

/// What a field of an absent message is.
fn zero<'f>(field: &Field) -> Known<'f> {
    match field.read {
        Read::Bool(_) => Known::Bool(false),
        Read::Int(_) => Known::Int(0),
        Read::String(_) => Known::Text(""),
        Read::List(..) => Known::List(0),
        Read::Bytes(_) | Read::Timestamp(_) => Known::Some,
        Read::Message(..) => Known::Unknown,
    }
}

/// Whether a node is the fact, or the variable, at a path.
pub(super) fn is_at(node: &IdedExpr, path: &str) -> bool {
    match &node.expr {
        Expr::Ident(name) => name == path,
        Expr::Select(select) => {
            let rest = path.strip_suffix(select.field.as_str()).and_then(|rest| rest.strip_suffix('.'));
            rest.is_some_and(|rest| is_at(&select.operand, rest))
        }
        _ => false,
    }
}

/// Whether a selection begins at the fact at a path.
fn is_below(select: &SelectExpr, path: &str) -> bool {
    is_at(&select.operand, path)
        || matches!(&select.operand.expr, Expr::Select(operand) if is_below(operand, path))
}

/// The texts of a list of literals.
pub(super) fn texts_of(list: &IdedExpr) -> Option<Vec<&str>> {
    fn text(element: &IdedExpr) -> Option<&str> {
        match &element.expr {
            Expr::Literal(LiteralValue::String(text)) => Some(text.inner()),
            _ => None,
        }
    }
    match &list.expr {
        Expr::List(list) => list.elements.iter().map(text).collect(),
        _ => None,
    }
}

/// The field of a selection that begins at a variable of the schema.
pub(super) fn fact(node: &IdedExpr, environment: &Environment<'_>) -> Option<&'static Field> {
    let Expr::Select(select) = &node.expr else {
        return None;
    };
    schema::field(message(&select.operand, environment)?, &select.field)
}

/// The kind of a message that begins at a variable of the schema.
fn message(node: &IdedExpr, environment: &Environment<'_>) -> Option<Kind> {
    match &node.expr {
        Expr::Ident(name) if environment.roots.contains(&name.as_str()) => {
            schema::ROOTS.iter().find(|root| root.name == name).map(|root| root.kind)
        }
        Expr::Select(_) => match fact(node, environment)?.read {
            Read::Message(kind, _) => Some(kind),
            _ => None,
        },
        _ => None,
    }
}
