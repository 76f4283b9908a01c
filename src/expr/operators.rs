//! The operators of CEL on typed closures: logic, comparison, arithmetic, `in`.

use std::cmp::Ordering;

use cel::common::ast::{Expr, IdedExpr, LiteralValue, operators as op};

use super::code::{Code, IntFn, bool_code, int_code, list_code, node_code, string_code};
use super::compile::{Checked, Compiler};
use super::extent::Part;
use super::{Param, Scope};
use crate::facts::value::{Fault, List, Out, Scalar, Type, Value};

const OVERFLOW: &str = "the numbers do not fit 64 bits";

/// Compiles a call if it is an operator.
pub(super) fn operator(
    compiler: &mut Compiler<'_>,
    node: &IdedExpr,
    name: &str,
    args: &[IdedExpr],
) -> Option<Checked<Code>> {
    Some(match (name, args) {
        (op::LOGICAL_AND, [left, right]) => logic(compiler, left, right, false),
        (op::LOGICAL_OR, [left, right]) => logic(compiler, left, right, true),
        (op::LOGICAL_NOT, [inner]) => compiler.negation(inner),
        (op::CONDITIONAL, [test, yes, no]) => conditional(compiler, node, test, yes, no),
        (op::EQUALS, [left, right]) => equality(compiler, node, left, right, true),
        (op::NOT_EQUALS, [left, right]) => equality(compiler, node, left, right, false),
        (op::LESS, [left, right]) => order(compiler, node, left, right, Ordering::is_lt),
        (op::LESS_EQUALS, [left, right]) => order(compiler, node, left, right, Ordering::is_le),
        (op::GREATER, [left, right]) => order(compiler, node, left, right, Ordering::is_gt),
        (op::GREATER_EQUALS, [left, right]) => order(compiler, node, left, right, Ordering::is_ge),
        (op::ADD | op::SUBSTRACT | op::MULTIPLY | op::DIVIDE | op::MODULO, [left, right]) => {
            arithmetic(compiler, node, name, left, right)
        }
        (op::NEGATE, [inner]) => negate(compiler, inner),
        (op::IN, [element, list]) => membership(compiler, node, element, list),
        (op::INDEX, [list, at]) => index(compiler, list, at),
        _ => return None,
    })
}

/// `&&` (decided by false) and `||` (decided by true): a deciding operand
/// absorbs the fault of the other.
fn logic(compiler: &mut Compiler<'_>, left: &IdedExpr, right: &IdedExpr, decisive: bool) -> Checked<Code> {
    let (left, right) = (compiler.boolean(left), compiler.boolean(right));
    let (left, right) = (left?, right?);
    Ok(bool_code(move |scope| match left(scope) {
        Ok(value) if value == decisive => Ok(decisive),
        Ok(_) => right(scope),
        Err(fault) => match right(scope) {
            Ok(value) if value == decisive => Ok(decisive),
            _ => Err(fault),
        },
    }))
}

fn conditional(
    compiler: &mut Compiler<'_>,
    node: &IdedExpr,
    test: &IdedExpr,
    yes: &IdedExpr,
    no: &IdedExpr,
) -> Checked<Code> {
    let (test, yes, no) = (compiler.boolean(test), compiler.expression(yes), compiler.expression(no));
    let (test, yes, no) = (test?, yes?, no?);
    /// A closure that runs one of the two branches.
    macro_rules! choose {
        ($yes:ident, $no:ident) => {
            move |scope| if test(scope)? { $yes(scope) } else { $no(scope) }
        };
    }
    Ok(match (yes, no) {
        (Code::Bool(yes), Code::Bool(no)) => bool_code(choose!(yes, no)),
        (Code::Int(yes), Code::Int(no)) => int_code(choose!(yes, no)),
        (Code::String(yes), Code::String(no)) => string_code(choose!(yes, no)),
        (Code::Bytes(yes), Code::Bytes(no)) => Code::Bytes(Box::new(choose!(yes, no))),
        (Code::Timestamp(yes), Code::Timestamp(no)) => Code::Timestamp(Box::new(choose!(yes, no))),
        (Code::Duration(yes), Code::Duration(no)) => Code::Duration(Box::new(choose!(yes, no))),
        (Code::Message(kind, yes), Code::Message(other, no)) if kind == other => {
            node_code(kind, move |scope| if test(scope)? { yes.node(scope) } else { no.node(scope) })
        }
        (Code::List(item, yes), Code::List(other, no)) if item == other => list_code(item, choose!(yes, no)),
        (yes, no) => {
            let message = format!("the branches are of types {} and {}", yes.type_(), no.type_());
            let help = Some("both must be of one type".into());
            return compiler.error(node, Part::Whole, "type-mismatch", message, help);
        }
    })
}

fn mismatch(
    compiler: &mut Compiler<'_>,
    node: &IdedExpr,
    left: Type,
    right: Type,
    doing: &str,
) -> Checked<Code> {
    let help = match (left, right) {
        (Type::One(_), Type::One(_)) if doing == "searched" => {
            Some("`in` wants a list; text.contains(part) looks into a text".into())
        }
        (Type::One(_), Type::List(_)) if doing == "searched" => {
            Some("the elements must be of the type that is looked up".into())
        }
        (Type::One(Scalar::Message(_)), _) | (_, Type::One(Scalar::Message(_))) => {
            Some("compare one of its fields, or ask for presence with has(…)".into())
        }
        (Type::One(Scalar::Timestamp), Type::One(Scalar::String))
        | (Type::One(Scalar::String), Type::One(Scalar::Timestamp)) => {
            Some("write timestamp(\"2026-01-01T00:00:00Z\")".into())
        }
        (Type::One(Scalar::Bytes), Type::One(Scalar::String))
        | (Type::One(Scalar::String), Type::One(Scalar::Bytes)) => {
            Some("compare hex(…) with the text".into())
        }
        (Type::One(Scalar::Timestamp | Scalar::Duration), Type::One(Scalar::Int))
        | (Type::One(Scalar::Int), Type::One(Scalar::Timestamp | Scalar::Duration)) => {
            Some("write days(30) or duration(\"36h\") for a length of time".into())
        }
        (Type::One(Scalar::Int), Type::One(Scalar::String))
        | (Type::One(Scalar::String), Type::One(Scalar::Int)) => {
            Some("a number stands without quotes; string(…) gives its text".into())
        }
        (Type::One(Scalar::Bool), Type::One(Scalar::Bool)) => {
            Some("join conditions with && or ||; == compares them".into())
        }
        (Type::List(_), _) | (_, Type::List(_)) => {
            Some("look at the elements with all, exists or `in`".into())
        }
        _ => None,
    };
    let message = match doing {
        "searched" => format!("{left} cannot be looked up in {right}"),
        doing => format!("{left} and {right} cannot be {doing}"),
    };
    compiler.error(node, Part::Whole, "type-mismatch", message, help)
}

fn equality(
    compiler: &mut Compiler<'_>,
    node: &IdedExpr,
    left: &IdedExpr,
    right: &IdedExpr,
    wanted: bool,
) -> Checked<Code> {
    // Text is mostly compared with a literal, which needs no copy.
    for (literal, other) in [(right, left), (left, right)] {
        if let Expr::Literal(LiteralValue::String(text)) = &literal.expr
            && !matches!(other.expr, Expr::Literal(_))
        {
            let text = text.inner().to_owned();
            return match compiler.expression(other)? {
                Code::String(code) => {
                    Ok(bool_code(move |scope| Ok((code(scope)? == text.as_str()) == wanted)))
                }
                code => mismatch(compiler, node, code.type_(), Type::One(Scalar::String), "compared"),
            };
        }
    }
    let constant = constant_int(compiler, right);
    let (left, right) = (compiler.expression(left), compiler.expression(right));
    /// A closure that compares the two for equality.
    macro_rules! same {
        ($left:ident, $right:ident) => {
            bool_code(move |scope| Ok(($left(scope)? == $right(scope)?) == wanted))
        };
    }
    Ok(match (left?, right?, constant) {
        (Code::Int(left), Code::Int(_), Some(right)) => {
            bool_code(move |scope| Ok((left(scope)? == right) == wanted))
        }
        (Code::Bool(left), Code::Bool(right), _) => same!(left, right),
        (Code::Int(left), Code::Int(right), None)
        | (Code::Timestamp(left), Code::Timestamp(right), _)
        | (Code::Duration(left), Code::Duration(right), _) => same!(left, right),
        (Code::String(left), Code::String(right), _) => same!(left, right),
        (Code::Bytes(left), Code::Bytes(right), _) => same!(left, right),
        (left, right, _) => return mismatch(compiler, node, left.type_(), right.type_(), "compared"),
    })
}

fn order(
    compiler: &mut Compiler<'_>,
    node: &IdedExpr,
    left: &IdedExpr,
    right: &IdedExpr,
    holds: impl Fn(Ordering) -> bool + Send + Sync + 'static,
) -> Checked<Code> {
    let constant = constant_int(compiler, right);
    let (left, right) = (compiler.expression(left), compiler.expression(right));
    Ok(match (left?, right?, constant) {
        (Code::Int(left), Code::Int(_), Some(right)) => {
            bool_code(move |scope| Ok(holds(left(scope)?.cmp(&right))))
        }
        (Code::Int(left), Code::Int(right), None)
        | (Code::Timestamp(left), Code::Timestamp(right), _)
        | (Code::Duration(left), Code::Duration(right), _) => {
            bool_code(move |scope| Ok(holds(left(scope)?.cmp(&right(scope)?))))
        }
        (Code::String(left), Code::String(right), _) => {
            bool_code(move |scope| Ok(holds(left(scope)?.cmp(&right(scope)?))))
        }
        (left, right, _) => return mismatch(compiler, node, left.type_(), right.type_(), "ordered"),
    })
}

/// The value of a literal number, or of a parameter that is one.
fn constant_int(compiler: &Compiler<'_>, node: &IdedExpr) -> Option<i64> {
    match &node.expr {
        Expr::Literal(LiteralValue::Int(value)) => Some(*value.inner()),
        Expr::Select(select) if compiler.is_params(&select.operand) => {
            match compiler.environment.params.get(&select.field) {
                Some(Param::Int(value)) => Some(*value),
                _ => None,
            }
        }
        _ => None,
    }
}

fn arithmetic(
    compiler: &mut Compiler<'_>,
    node: &IdedExpr,
    name: &str,
    left: &IdedExpr,
    right: &IdedExpr,
) -> Checked<Code> {
    let (left, right) = (compiler.expression(left), compiler.expression(right));
    let (left, right) = (left?, right?);
    let types = (left.type_(), right.type_());
    Ok(match (name, left, right) {
        (op::ADD, Code::String(left), Code::String(right)) => string_code(move |scope| {
            let mut text = left(scope)?.into_owned();
            text.push_str(&right(scope)?);
            scope.pay_for_octets(text.len())?;
            Ok(text.into())
        }),
        (_, Code::Int(left), Code::Int(right)) => Code::Int(compute(name, left, right)),
        (op::ADD | op::SUBSTRACT, Code::Timestamp(left), Code::Duration(right))
        | (op::ADD, Code::Duration(left), Code::Timestamp(right)) => {
            Code::Timestamp(compute(name, left, right))
        }
        (op::SUBSTRACT, Code::Timestamp(left), Code::Timestamp(right))
        | (op::ADD | op::SUBSTRACT, Code::Duration(left), Code::Duration(right)) => {
            Code::Duration(compute(name, left, right))
        }
        _ => return mismatch(compiler, node, types.0, types.1, verb(name)),
    })
}

/// What an arithmetic operator does with its operands.
fn verb(operator: &str) -> &'static str {
    match operator {
        op::ADD => "added",
        op::SUBSTRACT => "subtracted",
        op::MULTIPLY => "multiplied",
        _ => "divided",
    }
}

fn compute(name: &str, left: IntFn, right: IntFn) -> IntFn {
    let operation: fn(i64, i64) -> Out<i64> = match name {
        op::ADD => |left, right| left.checked_add(right).ok_or_else(|| Fault::error(OVERFLOW)),
        op::SUBSTRACT => |left, right| left.checked_sub(right).ok_or_else(|| Fault::error(OVERFLOW)),
        op::MULTIPLY => |left, right| left.checked_mul(right).ok_or_else(|| Fault::error(OVERFLOW)),
        op::DIVIDE => |left, right| divided(left, right, i64::checked_div),
        _ => |left, right| divided(left, right, i64::checked_rem),
    };
    Box::new(move |scope: &mut Scope<'_>| operation(left(scope)?, right(scope)?))
}

fn divided(left: i64, right: i64, operation: fn(i64, i64) -> Option<i64>) -> Out<i64> {
    if right == 0 {
        return Err(Fault::error("divides by zero"));
    }
    operation(left, right).ok_or_else(|| Fault::error(OVERFLOW))
}

fn negate(compiler: &mut Compiler<'_>, inner: &IdedExpr) -> Checked<Code> {
    match compiler.expression(inner)? {
        Code::Int(code) => {
            Ok(int_code(move |scope| code(scope)?.checked_neg().ok_or_else(|| Fault::error(OVERFLOW))))
        }
        Code::Duration(code) => Ok(Code::Duration(Box::new(move |scope| {
            code(scope)?.checked_neg().ok_or_else(|| Fault::error(OVERFLOW))
        }))),
        other => {
            let message = format!("a value of type {} has no negative", other.type_());
            compiler.error(inner, Part::Whole, "type-mismatch", message, None)
        }
    }
}

fn membership(
    compiler: &mut Compiler<'_>,
    node: &IdedExpr,
    element: &IdedExpr,
    list: &IdedExpr,
) -> Checked<Code> {
    if let Some(texts) = constant_texts(compiler, list) {
        return match compiler.expression(element)? {
            Code::String(code) => Ok(bool_code(move |scope| {
                let value = code(scope)?;
                Ok(texts.iter().any(|text| *text == value))
            })),
            other => mismatch(compiler, node, other.type_(), Type::List(Scalar::String), "searched"),
        };
    }
    let (element, list) = (compiler.expression(element), compiler.expression(list));
    let (element, list) = (element?, list?);
    let types = (element.type_(), list.type_());
    let (Type::One(wanted), Type::List(item)) = types else {
        return mismatch(compiler, node, types.0, types.1, "searched");
    };
    let Code::List(_, list) = list else {
        return mismatch(compiler, node, types.0, types.1, "searched");
    };
    if wanted != item || matches!(item, Scalar::Message(_)) {
        return mismatch(compiler, node, types.0, types.1, "searched");
    }
    Ok(bool_code(move |scope| {
        let value = element.value(scope)?;
        let list = list(scope)?;
        for at in 0..list.len() {
            scope.step()?;
            if is_same(&value, &list.element(at)) {
                return Ok(true);
            }
        }
        Ok(false)
    }))
}

/// The elements of a list of literal texts, or of a parameter that is one.
fn constant_texts(compiler: &Compiler<'_>, list: &IdedExpr) -> Option<Vec<String>> {
    match &list.expr {
        Expr::List(list) if !list.elements.is_empty() => list
            .elements
            .iter()
            .map(|element| match &element.expr {
                Expr::Literal(LiteralValue::String(text)) => Some(text.inner().to_owned()),
                _ => None,
            })
            .collect(),
        Expr::Select(select) if compiler.is_params(&select.operand) => {
            match compiler.environment.params.get(&select.field) {
                Some(Param::Strings(texts)) => Some(texts.clone()),
                _ => None,
            }
        }
        _ => None,
    }
}

fn is_same(left: &Value<'_>, right: &Value<'_>) -> bool {
    match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Int(left), Value::Int(right))
        | (Value::Timestamp(left), Value::Timestamp(right))
        | (Value::Duration(left), Value::Duration(right)) => left == right,
        (Value::String(left), Value::String(right)) => left == right,
        (Value::Bytes(left), Value::Bytes(right)) => left == right,
        _ => false,
    }
}

fn index(compiler: &mut Compiler<'_>, list: &IdedExpr, at: &IdedExpr) -> Checked<Code> {
    let (list_code, at_code) = (compiler.expression(list), compiler.expression(at));
    let (list_code, at_code) = (list_code?, at_code?);
    let Code::List(item, elements) = list_code else {
        let message = format!("this is of type {}, a list is wanted", list_code.type_());
        return compiler.error(list, Part::Whole, "not-a-list", message, None);
    };
    let Code::Int(place) = at_code else {
        let message = format!("this is of type {}, an int is wanted", at_code.type_());
        return compiler.error(at, Part::Whole, "type-mismatch", message, None);
    };
    let pick = Picker { elements, place };
    /// A closure that picks an element of the type.
    macro_rules! picked {
        ($variant:path) => {
            move |scope| match pick.element(scope)? {
                $variant(value) => Ok(value),
                _ => Err(Fault::error("an element is of another type")),
            }
        };
    }
    Ok(match item {
        Scalar::Bool => bool_code(picked!(Value::Bool)),
        Scalar::Int => int_code(picked!(Value::Int)),
        Scalar::String => string_code(picked!(Value::String)),
        Scalar::Bytes => Code::Bytes(Box::new(picked!(Value::Bytes))),
        Scalar::Timestamp => Code::Timestamp(Box::new(picked!(Value::Timestamp))),
        Scalar::Duration => Code::Duration(Box::new(picked!(Value::Duration))),
        Scalar::Message(kind) => node_code(kind, picked!(Value::Message)),
    })
}

struct Picker {
    elements: super::code::ListFn,
    place: IntFn,
}

impl Picker {
    fn element<'a>(&self, scope: &mut Scope<'a>) -> Out<Value<'a>> {
        let list: List<'a> = (self.elements)(scope)?;
        let at = (self.place)(scope)?;
        usize::try_from(at)
            .ok()
            .filter(|at| *at < list.len())
            .map(|at| list.element(at))
            .ok_or_else(|| Fault::error("there is no element at this place of the list"))
    }
}
