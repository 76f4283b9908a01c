//! Loops: `all`, `exists`, `exists_one`, `filter` and `map`, known by what the
//! parser expands them to. Every turn of a loop costs a step of the budget.

use cel::common::ast::{ComprehensionExpr, Expr, IdedExpr, LiteralValue, operators as op};

use super::Scope;
use super::code::{BoolFn, Code, ListFn, bool_code, list_code};
use super::compile::{Checked, Compiler};
use super::extent::Part;
use crate::facts::value::{List, Out, Type, Value};
use crate::limits;

impl Compiler<'_> {
    /// Compiles what a macro of CEL expands to.
    pub(super) fn comprehension(&mut self, loop_: &ComprehensionExpr) -> Checked<Code> {
        let (item, range) = match self.expression(&loop_.iter_range)? {
            Code::List(item, range) => (item, range),
            other => {
                let message = format!("this is of type {}, a list is wanted", other.type_());
                return self.error(&loop_.iter_range, Part::Whole, "not-a-list", message, None);
            }
        };
        if self.variables.len() == limits::COMPREHENSION_DEPTH {
            let message = format!("more than {} loops stand inside one another", limits::COMPREHENSION_DEPTH);
            return self.error(&loop_.iter_range, Part::Whole, "too-deep", message, None);
        }
        let shape = Shape::of(loop_);
        let Some(shape) = shape else {
            return self.error(
                &loop_.iter_range,
                Part::Whole,
                "unsupported",
                "this kind of loop is not supported".into(),
                None,
            );
        };
        self.variables.push((loop_.iter_var.clone(), item));
        let slot = self.variables.len();
        let code = self.looped(shape, slot, range);
        self.variables.pop();
        code
    }

    fn looped(&mut self, shape: Shape<'_>, slot: usize, range: ListFn) -> Checked<Code> {
        Ok(match shape {
            Shape::All(body) => {
                let body = self.boolean(body)?;
                bool_code(move |scope| decide(scope, &range, slot, &body, false))
            }
            Shape::Exists(body) => {
                let body = self.boolean(body)?;
                bool_code(move |scope| decide(scope, &range, slot, &body, true))
            }
            Shape::ExistsOne(body) => {
                let body = self.boolean(body)?;
                bool_code(move |scope| {
                    let list = range(scope)?;
                    let mut found = 0;
                    for at in 0..list.len() {
                        scope.step()?;
                        scope.values[slot] = list.element(at);
                        found += usize::from(body(scope)?);
                    }
                    Ok(found == 1)
                })
            }
            Shape::Map { filter, element } => self.mapped(filter, element, slot, range)?,
        })
    }

    fn mapped(
        &mut self,
        filter: Option<&IdedExpr>,
        element: &IdedExpr,
        slot: usize,
        range: ListFn,
    ) -> Checked<Code> {
        let filter = filter.map(|filter| self.boolean(filter)).transpose()?;
        let code = self.expression(element)?;
        let Type::One(result) = code.type_() else {
            return self.error(
                element,
                Part::Whole,
                "nested-list",
                "lists do not stand inside lists".into(),
                None,
            );
        };
        Ok(list_code(result, move |scope| {
            let list = range(scope)?;
            let mut values = Vec::with_capacity(list.len());
            for at in 0..list.len() {
                scope.step()?;
                scope.values[slot] = list.element(at);
                let wanted = match &filter {
                    Some(filter) => filter(scope)?,
                    None => true,
                };
                if wanted {
                    let value = code.value(scope)?;
                    match &value {
                        Value::String(text) => scope.pay_for_octets(text.len())?,
                        Value::Bytes(octets) => scope.pay_for_octets(octets.len())?,
                        _ => {}
                    }
                    values.push(value);
                }
            }
            Ok(List::Values(values.into()))
        }))
    }
}

/// `all` (decided by false) and `exists` (decided by true): an element that
/// decides absorbs the faults of others.
fn decide(scope: &mut Scope<'_>, range: &ListFn, slot: usize, body: &BoolFn, decisive: bool) -> Out<bool> {
    let list = range(scope)?;
    let mut fault = None;
    for at in 0..list.len() {
        scope.step()?;
        scope.values[slot] = list.element(at);
        match body(scope) {
            Ok(value) if value == decisive => return Ok(decisive),
            Ok(_) => {}
            Err(error) => fault = fault.or(Some(error)),
        }
    }
    fault.map_or(Ok(!decisive), Err)
}

/// The macros of CEL, recognised by what they expand to.
#[derive(Clone, Copy)]
pub(super) enum Shape<'e> {
    All(&'e IdedExpr),
    Exists(&'e IdedExpr),
    ExistsOne(&'e IdedExpr),
    Map { filter: Option<&'e IdedExpr>, element: &'e IdedExpr },
}

impl<'e> Shape<'e> {
    pub(super) fn of(loop_: &'e ComprehensionExpr) -> Option<Self> {
        let Expr::Call(step) = &loop_.loop_step.expr else {
            return None;
        };
        let appended = |node: &'e IdedExpr| match &node.expr {
            Expr::Call(add) if add.func_name == op::ADD => match &add.args.get(1)?.expr {
                Expr::List(list) => list.elements.first(),
                _ => None,
            },
            _ => None,
        };
        match (&loop_.accu_init.expr, step.func_name.as_str()) {
            (Expr::Literal(LiteralValue::Boolean(_)), op::LOGICAL_AND) => step.args.get(1).map(Self::All),
            (Expr::Literal(LiteralValue::Boolean(_)), op::LOGICAL_OR) => step.args.get(1).map(Self::Exists),
            (Expr::Literal(LiteralValue::Int(_)), op::CONDITIONAL) => step.args.first().map(Self::ExistsOne),
            (Expr::List(_), op::CONDITIONAL) => {
                let element = appended(step.args.get(1)?)?;
                Some(Self::Map { filter: step.args.first(), element })
            }
            (Expr::List(_), op::ADD) => {
                Some(Self::Map { filter: None, element: appended(&loop_.loop_step)? })
            }
            _ => None,
        }
    }
}
