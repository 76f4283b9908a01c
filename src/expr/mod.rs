//! CEL text to typed closures: parsed by crate `cel`, type-checked against the
//! schema of facts, compiled once. Knows no rule file and no finding.

mod atoms;
pub mod code;
mod compile;
mod extent;
mod functions;
mod known;
mod loops;
mod names;
mod needs;
mod operators;
mod place;
mod syntax;
mod template;
mod tokens;

use std::collections::BTreeMap;
use std::ops::Range;

use crate::facts::value::{Fault, List, Node, Out, Scalar, Type, Value};
use crate::limits;
pub use atoms::{Atom, Standing, atoms};
pub use code::{BoolFn, Code};
pub use compile::{compile, compile_bool};
pub use functions::{FUNCTIONS, Signature};
pub use needs::{Parts, needs};
pub use place::{PlacePath, Spot, compile_place};
pub use syntax::{parse, parse_with_offsets};
pub use template::Template;

/// What an expression can read beside facts: variables and parameters.
#[derive(Debug)]
pub struct Environment<'e> {
    /// Names of the message variables that are bound (`cert`, `bundle`, …).
    pub roots: &'e [&'static str],
    /// Type of `item`, where the rule has `each`.
    pub item: Option<Scalar>,
    /// Parameters with the values of the profile.
    pub params: &'e BTreeMap<String, Param>,
}

/// Value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "one variant a type")]
pub enum Param {
    Bool(bool),
    Int(i64),
    String(String),
    Strings(Vec<String>),
    Ints(Vec<i64>),
}

impl Param {
    /// Its type.
    #[must_use]
    pub fn type_(&self) -> Type {
        match self {
            Self::Bool(_) => Type::One(Scalar::Bool),
            Self::Int(_) => Type::One(Scalar::Int),
            Self::String(_) => Type::One(Scalar::String),
            Self::Strings(_) => Type::List(Scalar::String),
            Self::Ints(_) => Type::List(Scalar::Int),
        }
    }
}

/// Something wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpressionError {
    /// Name of the kind of error, stable.
    pub name: &'static str,
    /// Octets of the expression at fault.
    pub range: Range<usize>,
    /// What is wrong, for a person.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

/// The variables of one evaluation.
#[derive(Debug)]
pub struct Scope<'a> {
    nodes: [Option<Node<'a>>; ROOTS],
    values: [Value<'a>; 1 + limits::COMPREHENSION_DEPTH],
    /// `now`, in seconds since 1970.
    pub now: i64,
    steps: u32,
}

/// Number of message variables in the schema.
const ROOTS: usize = 8;

/// Place of `item` among the values of a scope.
const ITEM: usize = 0;

impl<'a> Scope<'a> {
    /// A scope without variables.
    #[must_use]
    pub fn new(now: i64) -> Self {
        Self {
            nodes: [None; ROOTS],
            values: [const { Value::Bool(false) }; 1 + limits::COMPREHENSION_DEPTH],
            now,
            steps: limits::EVALUATION_STEPS,
        }
    }

    /// Binds a message variable of the schema.
    ///
    /// # Panics
    /// Where the schema has no variable of that name.
    #[must_use]
    pub fn with(mut self, name: &str, node: Node<'a>) -> Self {
        self.bind(name, node);
        self
    }

    /// As [`Self::with`], in place.
    ///
    /// # Panics
    /// Where the schema has no variable of that name.
    pub fn bind(&mut self, name: &str, node: Node<'a>) {
        self.nodes[root_slot(name).expect("callers bind variables of the schema")] = Some(node);
    }

    /// Binds `item`.
    pub fn set_item(&mut self, item: Value<'a>) {
        self.values[ITEM] = item;
    }

    /// Gives the next rule its full budget of steps.
    pub fn refill(&mut self) {
        self.steps = limits::EVALUATION_STEPS;
    }

    /// Takes one step off the budget.
    fn step(&mut self) -> Out<()> {
        self.pay(1)
    }

    /// Takes the steps for so many elements off the budget.
    fn pay(&mut self, elements: usize) -> Out<()> {
        let left = u32::try_from(elements).ok().and_then(|steps| self.steps.checked_sub(steps));
        // What is left over is gone too: an absorbed error must not keep a loop running.
        self.steps = left.unwrap_or(0);
        left.map(|_| ()).ok_or_else(|| Fault::error("takes more steps than a rule may"))
    }

    /// Takes the steps for text that is copied off the budget.
    fn pay_for_octets(&mut self, octets: usize) -> Out<()> {
        self.pay(octets / limits::STEP_OCTETS)
    }

    /// A list whose elements were copied, paid for.
    fn paid(&mut self, list: List<'a>) -> Out<List<'a>> {
        if let List::Values(values) = &list {
            self.pay(values.len())?;
        }
        Ok(list)
    }
}

fn root_slot(name: &str) -> Option<usize> {
    crate::facts::schema::ROOTS.iter().position(|root| root.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_spent_to_its_last_step_and_filled_again() {
        let all = limits::EVALUATION_STEPS as usize;
        let mut scope = Scope::new(0);
        assert!(scope.pay(all).is_ok() && scope.step().is_err());
        scope.refill();
        assert!(scope.pay_for_octets(all * limits::STEP_OCTETS).is_ok() && scope.step().is_err());
        scope.refill();
        assert!(scope.pay_for_octets(limits::STEP_OCTETS - 1).is_ok() && scope.pay(all).is_ok());
        scope.refill();
        assert!(scope.pay(all + 1).is_err() && scope.step().is_err(), "what is left over is gone");
    }

    #[test]
    fn a_variable_of_a_loop_may_hide_the_parameters() {
        let params = BTreeMap::from([("size".to_owned(), Param::Int(1))]);
        let environment = Environment { roots: &["bundle"], item: None, params: &params };
        for text in ["[1, 2].all(x, x >= params.size)", "bundle.certificates.all(params, params.isCa)"] {
            assert!(compile_bool(text, &environment).is_ok(), "{text}");
        }
        assert!(compile_bool("bundle.certificates.all(params, params.size == 1)", &environment).is_err());
    }
}
