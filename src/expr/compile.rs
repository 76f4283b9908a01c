//! Type-checks a syntax tree against the schema and compiles it to closures.
//! Goes on after an error, so that all of them are reported at once.

use std::borrow::Cow;

use cel::common::ast::{Expr, IdedExpr, LiteralValue, SelectExpr, operators as op};

use super::code::{
    BoolFn, Code, Local, MessageCode, Owner, Root, Step, bool_code, bytes_code, int_code, list_code,
    string_code,
};
use super::extent::{Part, range_of};
use super::functions;
use super::syntax;
use super::tokens::trimmed;
use super::{Environment, ExpressionError, ITEM, Param, root_slot};
use crate::document::closest;
use crate::facts::schema::{self, Field, Presence, Read};
use crate::facts::value::{Datum, List, Node, Out, Scalar, Type, Value};

/// An error was recorded; there is no code.
#[derive(Debug)]
pub(super) struct Reported;

pub(super) type Checked<T> = Result<T, Reported>;

/// Compiles an expression of any type.
///
/// # Errors
/// Everything that is wrong with it.
pub fn compile(text: &str, environment: &Environment<'_>) -> Result<Code, Vec<ExpressionError>> {
    let tree = syntax::parse(text)?;
    let mut compiler = Compiler { text, environment, errors: Vec::new(), variables: Vec::new() };
    match compiler.expression(&tree) {
        Ok(code) if compiler.errors.is_empty() => Ok(code),
        _ => Err(compiler.errors),
    }
}

/// Compiles an expression that must be a Boolean.
///
/// # Errors
/// Everything that is wrong with it.
pub fn compile_bool(text: &str, environment: &Environment<'_>) -> Result<BoolFn, Vec<ExpressionError>> {
    match compile(text, environment)? {
        Code::Bool(code) => Ok(code),
        other => Err(vec![ExpressionError {
            name: "not-boolean",
            range: trimmed(text),
            message: format!("this is of type {}, a Boolean is wanted", other.type_()),
            help: not_boolean_help(other.type_()),
        }]),
    }
}

fn not_boolean_help(found: Type) -> Option<String> {
    Some(match found {
        Type::One(Scalar::Message(_)) => "ask for its presence with has(…) or for one of its fields".into(),
        Type::One(Scalar::Int) => "compare it, for example with `> 0`".into(),
        Type::List(_) => "ask with all, exists or size(…) > 0".into(),
        Type::One(_) => return None,
    })
}

pub(super) struct Compiler<'e> {
    text: &'e str,
    pub(super) environment: &'e Environment<'e>,
    errors: Vec<ExpressionError>,
    /// Variables of the loops around the present place.
    pub(super) variables: Vec<(String, Scalar)>,
}

impl Compiler<'_> {
    /// Compiles a node.
    pub(super) fn expression(&mut self, node: &IdedExpr) -> Checked<Code> {
        match &node.expr {
            Expr::Literal(value) => self.literal(node, value),
            Expr::Ident(name) => self.variable(node, name),
            Expr::Select(select) => self.select(node, select, true),
            Expr::Call(call) => functions::call(self, node, call),
            Expr::Comprehension(loop_) => self.comprehension(loop_),
            Expr::List(list) => self.list(&list.elements),
            Expr::Map(_) => self.unsupported(node, "maps", "look a value up with `in` in a list"),
            Expr::Struct(_) => self.unsupported(node, "new messages", "compare the fields of facts"),
            Expr::Unspecified => {
                self.error(node, Part::Whole, "expression-syntax", "something is missing here".into(), None)
            }
        }
    }

    /// Records an error.
    pub(super) fn error<T>(
        &mut self,
        node: &IdedExpr,
        part: Part,
        name: &'static str,
        message: String,
        help: Option<String>,
    ) -> Checked<T> {
        let range = range_of(self.text, node.id, part);
        self.errors.push(ExpressionError { name, range, message, help });
        Err(Reported)
    }

    /// Says that a part of CEL is left out.
    fn unsupported<T>(&mut self, node: &IdedExpr, what: &str, help: &str) -> Checked<T> {
        let message = format!("rules know no {what}");
        self.error(node, Part::Whole, "unsupported", message, Some(help.to_owned()))
    }

    /// Whether a node is the variable `params`, not one of a loop with that name.
    pub(super) fn is_params(&self, node: &IdedExpr) -> bool {
        matches!(&node.expr, Expr::Ident(name) if name == "params")
            && !self.variables.iter().any(|(known, _)| known == "params")
    }

    /// Compiles the negation of a node. A fact is negated as it is read.
    pub(super) fn negation(&mut self, node: &IdedExpr) -> Checked<Code> {
        match &node.expr {
            Expr::Select(select) if !self.is_params(&select.operand) => {
                let code = self.select(node, select, false)?;
                self.as_boolean(node, code).map(Code::Bool)
            }
            _ => {
                let code = self.boolean(node)?;
                Ok(bool_code(move |scope| code(scope).map(|value| !value)))
            }
        }
    }

    /// Compiles a node that must be a Boolean.
    pub(super) fn boolean(&mut self, node: &IdedExpr) -> Checked<BoolFn> {
        let code = self.expression(node)?;
        self.as_boolean(node, code)
    }

    fn as_boolean(&mut self, node: &IdedExpr, code: Code) -> Checked<BoolFn> {
        match code {
            Code::Bool(code) => Ok(code),
            other => {
                let found = other.type_();
                self.error(
                    node,
                    Part::Whole,
                    "type-mismatch",
                    format!("this is of type {found}, a Boolean is wanted"),
                    not_boolean_help(found),
                )
            }
        }
    }

    fn literal(&mut self, node: &IdedExpr, value: &LiteralValue) -> Checked<Code> {
        Ok(match value {
            LiteralValue::Boolean(value) => {
                let value = *value.inner();
                bool_code(move |_| Ok(value))
            }
            LiteralValue::Int(value) => {
                let value = *value.inner();
                int_code(move |_| Ok(value))
            }
            LiteralValue::String(value) => {
                let value = value.inner().to_owned();
                string_code(move |_| Ok(Cow::Owned(value.clone())))
            }
            LiteralValue::Bytes(value) => {
                let value = value.inner().to_owned();
                bytes_code(move |_| Ok(Cow::Owned(value.clone())))
            }
            LiteralValue::Double(_) => {
                return self.unsupported(node, "floating-point numbers", "write a whole number");
            }
            LiteralValue::UInt(_) => {
                return self.unsupported(node, "unsigned numbers", "write the number without u");
            }
            LiteralValue::Null => {
                return self.unsupported(node, "null", "ask for presence with has(…)");
            }
        })
    }

    fn variable(&mut self, node: &IdedExpr, name: &str) -> Checked<Code> {
        if let Some(at) = self.variables.iter().rposition(|(known, _)| known == name) {
            return Ok(read_value(1 + at, self.variables[at].1));
        }
        match name {
            "now" => return Ok(Code::Timestamp(Box::new(|scope| Ok(scope.now)))),
            "item" => {
                return match self.environment.item {
                    Some(scalar) => Ok(read_value(ITEM, scalar)),
                    None => self.error(
                        node,
                        Part::Whole,
                        "item-without-each",
                        "`item` is bound only where the rule has `each`".into(),
                        Some("add `each = 'cert.extensions'` or another list".into()),
                    ),
                };
            }
            "params" => {
                return self.error(
                    node,
                    Part::Whole,
                    "unknown-parameter",
                    "a parameter must be named".into(),
                    Some("write params.NAME".into()),
                );
            }
            _ => {}
        }
        if !self.environment.roots.contains(&name) {
            return self.unknown_variable(node, name);
        }
        let slot = root_slot(name).expect("environments bind variables of the schema");
        let kind = schema::ROOTS[slot].kind;
        Ok(Code::Message(kind, MessageCode::Root(Root(slot))))
    }

    fn unknown_variable(&mut self, node: &IdedExpr, name: &str) -> Checked<Code> {
        let bound = self.environment.roots.iter().copied().chain(["now", "params"]);
        let loops = self.variables.iter().map(|(name, _)| name.as_str());
        let names: Vec<&str> = bound.chain(self.environment.item.map(|_| "item")).chain(loops).collect();
        let (message, help) = if schema::ROOTS.iter().any(|root| root.name == name) {
            (format!("`{name}` is not bound for rules on this subject"), None)
        } else {
            (format!("there is no variable `{name}`"), closest(name, names.iter().copied()))
        };
        let help = help.map_or_else(
            || format!("bound are {}", names.join(", ")),
            |close| format!("did you mean `{close}`?"),
        );
        self.error(node, Part::Whole, "unknown-variable", message, Some(help))
    }

    /// Compiles a fact; a Boolean one is compared with `wanted`.
    fn select(&mut self, node: &IdedExpr, select: &SelectExpr, wanted: bool) -> Checked<Code> {
        if self.is_params(&select.operand) {
            return self.parameter(node, select);
        }
        let (kind, owner) = match self.expression(&select.operand)? {
            Code::Message(kind, owner) => (kind, owner),
            other => {
                let message = format!("a value of type {} has no field `{}`", other.type_(), select.field);
                let help = matches!(other.type_(), Type::List(_))
                    .then(|| "look at its elements with all, exists, map or [0]".into());
                return self.error(node, Part::Field, "unknown-fact", message, help);
            }
        };
        let Some(field) = schema::field(kind, &select.field) else {
            let path = path_text(&select.operand);
            let names = schema::fields(kind).iter().map(|field| field.name);
            let help = closest(&select.field, names.clone()).map_or_else(
                || format!("it has {}", names.collect::<Vec<_>>().join(", ")),
                |close| format!("did you mean `{close}`?"),
            );
            return self.error(
                node,
                Part::Field,
                "unknown-fact",
                format!("`{path}` has no fact `{}`", select.field),
                Some(help),
            );
        };
        if !select.test {
            return Ok(match owner {
                MessageCode::Root(owner) => read_field(field, owner, wanted),
                MessageCode::Local(owner) => read_field(field, owner, wanted),
                MessageCode::Part(owner) => read_field(field, owner, wanted),
                MessageCode::Computed(owner) => read_field(field, owner, wanted),
            });
        }
        if matches!(field.presence, Presence::Always) {
            let message = format!("`{}.{}` is always there", path_text(&select.operand), field.name);
            return self.error(
                node,
                Part::Whole,
                "has-of-required",
                message,
                Some("compare its value instead".into()),
            );
        }
        Ok(match owner {
            MessageCode::Root(owner) => read_presence(field, owner, wanted),
            MessageCode::Local(owner) => read_presence(field, owner, wanted),
            MessageCode::Part(owner) => read_presence(field, owner, wanted),
            MessageCode::Computed(owner) => read_presence(field, owner, wanted),
        })
    }

    fn parameter(&mut self, node: &IdedExpr, select: &SelectExpr) -> Checked<Code> {
        let Some(value) = self.environment.params.get(&select.field) else {
            let names = self.environment.params.keys().map(String::as_str);
            let help = closest(&select.field, names).map_or_else(
                || "declare it below [params] with its default".to_owned(),
                |close| format!("did you mean `{close}`?"),
            );
            let message = format!("the rule has no parameter `{}`", select.field);
            return self.error(node, Part::Field, "unknown-parameter", message, Some(help));
        };
        if select.test {
            return self.error(
                node,
                Part::Whole,
                "has-of-required",
                "a parameter is always there".into(),
                None,
            );
        }
        Ok(constant(value))
    }

    fn list(&mut self, elements: &[IdedExpr]) -> Checked<Code> {
        let Some(first) = elements.first() else {
            return Ok(list_code(Scalar::String, |_| Ok(List::EMPTY)));
        };
        let mut codes = Vec::with_capacity(elements.len());
        let mut wanted = None;
        let mut failed = false;
        for element in elements {
            match (self.expression(element), wanted) {
                (Err(Reported), _) => failed = true,
                (Ok(code), None) => {
                    wanted = Some(code.type_());
                    codes.push(code);
                }
                (Ok(code), Some(type_)) if code.type_() == type_ => codes.push(code),
                (Ok(code), Some(type_)) => {
                    failed = true;
                    let message = format!(
                        "this is of type {}, the elements before it are of type {type_}",
                        code.type_()
                    );
                    let _: Checked<()> = self.error(element, Part::Whole, "mixed-list", message, None);
                }
            }
        }
        match wanted {
            _ if failed => Err(Reported),
            Some(Type::One(item)) => Ok(list_code(item, move |scope| {
                let values: Out<Vec<_>> = codes.iter().map(|code| code.value(scope)).collect();
                Ok(List::Values(values?.into()))
            })),
            _ => {
                self.error(first, Part::Whole, "nested-list", "lists do not stand inside lists".into(), None)
            }
        }
    }
}

/// A variable of a loop, or `item`.
fn read_value(slot: usize, scalar: Scalar) -> Code {
    /// The value that the type checker has put there.
    macro_rules! taken {
        ($variant:path, $zero:expr) => {
            move |scope| match &scope.values[slot] {
                $variant(value) => Ok(value.clone()),
                _ => Ok($zero),
            }
        };
    }
    match scalar {
        Scalar::Bool => bool_code(taken!(Value::Bool, false)),
        Scalar::Int => int_code(taken!(Value::Int, 0)),
        Scalar::String => string_code(taken!(Value::String, "".into())),
        Scalar::Bytes => bytes_code(taken!(Value::Bytes, Cow::Borrowed(&[]))),
        Scalar::Timestamp => Code::Timestamp(Box::new(taken!(Value::Timestamp, 0))),
        Scalar::Duration => Code::Duration(Box::new(taken!(Value::Duration, 0))),
        Scalar::Message(kind) => Code::Message(kind, MessageCode::Local(Local(slot))),
    }
}

/// Asks whether a message has a field, and compares that with `wanted`; an absent one has none.
fn read_presence(field: &'static Field, owner: impl Owner, wanted: bool) -> Code {
    /// A closure that asks with `$ask` where the message is no record.
    macro_rules! asks {
        ($ask:expr) => {
            bool_code(move |scope| match owner.node(scope)? {
                None => Ok(!wanted),
                Some(node @ Node::Record(_)) => Ok(field.is_present(node)? == wanted),
                Some(node) => Ok($ask(node)? == wanted),
            })
        };
    }
    match (field.presence, field.read) {
        (Presence::Asked(ask), _) => asks!(ask),
        (_, Read::Message(_, read)) => asks!(|node| read(node).map(|found| found.is_some())),
        _ => asks!(|node| field.is_present(node)),
    }
}

/// Reads a field of a message; a field of an absent message has its zero value. A Boolean is compared with `wanted`.
fn read_field(field: &'static Field, owner: impl Owner, wanted: bool) -> Code {
    /// A closure that reads with `$read`, or takes the datum `$variant`.
    macro_rules! reads {
        ($read:expr, $variant:path, $zero:expr) => {
            move |scope| match owner.node(scope)? {
                None => Ok($zero),
                Some(Node::Record(record)) => match record.fields.get(field.name) {
                    Some($variant(value)) => Ok(value.clone().into()),
                    _ => Ok($zero),
                },
                Some(node) => $read(node),
            }
        };
    }
    match field.read {
        Read::Bool(read) => bool_code(move |scope| match owner.node(scope)? {
            None => Ok(!wanted),
            Some(Node::Record(record)) => {
                Ok(matches!(record.fields.get(field.name), Some(Datum::Bool(true))) == wanted)
            }
            Some(node) => Ok(read(node)? == wanted),
        }),
        Read::Int(read) => int_code(reads!(read, Datum::Int, 0)),
        Read::String(read) => string_code(reads!(read, Datum::String, "".into())),
        Read::Bytes(read) => bytes_code(reads!(read, Datum::Bytes, Cow::Borrowed(&[]))),
        Read::Timestamp(read) => Code::Timestamp(Box::new(reads!(read, Datum::Timestamp, 0))),
        Read::Message(kind, read) => Code::Message(kind, owner.then(Step { field, read })),
        Read::List(item, read) => list_code(item, move |scope| match owner.node(scope)? {
            None => Ok(List::EMPTY),
            Some(Node::Record(record)) => {
                scope.paid(record.fields.get(field.name).map_or(List::EMPTY, Datum::as_list))
            }
            Some(node) => scope.paid(read(node)?),
        }),
    }
}

fn constant(value: &Param) -> Code {
    match value.clone() {
        Param::Bool(value) => bool_code(move |_| Ok(value)),
        Param::Int(value) => int_code(move |_| Ok(value)),
        Param::String(value) => string_code(move |_| Ok(Cow::Owned(value.clone()))),
        Param::Strings(values) => list_code(Scalar::String, move |scope| {
            let copied = values.iter().map(|value| Value::String(Cow::Owned(value.clone())));
            scope.paid(List::Values(copied.collect()))
        }),
        Param::Ints(values) => list_code(Scalar::Int, move |scope| {
            scope.paid(List::Values(values.iter().map(|value| Value::Int(*value)).collect()))
        }),
    }
}

/// The text of a path, for messages.
pub(super) fn path_text(node: &IdedExpr) -> String {
    match &node.expr {
        Expr::Ident(name) => name.clone(),
        Expr::Select(select) => format!("{}.{}", path_text(&select.operand), select.field),
        Expr::Call(call) if call.func_name == op::INDEX => {
            call.args.first().map(path_text).unwrap_or_default() + "[]"
        }
        _ => "this".into(),
    }
}
