//! The Boolean parts of an expression, each with its octets and what it stands
//! in: what can be true or false on its own, can be shown and can be changed.

use std::ops::Range;

use cel::common::ast::{Expr, IdedExpr, operators as op};

use super::ExpressionError;
use super::extent::{Part, range_of};
use super::loops::Shape;
use super::syntax::{children, parse};

/// A Boolean part of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Atom {
    /// The octets of the expression that it covers.
    pub range: Range<usize>,
    /// What it stands in.
    pub standing: Standing,
    /// Whether it stands in a loop, so that it has no value of its own.
    pub is_looped: bool,
}

/// What a Boolean part stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// In nothing: it is the whole expression.
    Whole,
    /// `&&`.
    And,
    /// `||`.
    Or,
    /// `!`.
    Not,
    /// The condition of `?:`.
    Condition,
    /// A branch of `?:`.
    Branch,
    /// `==` or `!=`.
    Compared,
    /// The body of `all`.
    All,
    /// The body of `exists`.
    Exists,
    /// The body of `exists_one`, or the condition of `filter` or `map`.
    Chosen,
}

/// The Boolean parts of an expression, outer ones first. A chain of one operator
/// counts as one part with all its operands: `a && b && c` has three.
///
/// # Errors
/// The first syntax error.
pub fn atoms(text: &str) -> Result<Vec<Atom>, Vec<ExpressionError>> {
    let tree = parse(text)?;
    let mut found = Vec::new();
    walk(&tree, Some(Standing::Whole), false, &mut |node, standing, is_looped| {
        found.push(Atom { range: range_of(text, node.id, Part::Whole), standing, is_looped });
    });
    Ok(found)
}

type Found<'f> = dyn FnMut(&IdedExpr, Standing, bool) + 'f;

fn walk(node: &IdedExpr, standing: Option<Standing>, is_looped: bool, found: &mut Found<'_>) {
    if let Some(standing) = standing.filter(|standing| !continues(node, *standing)) {
        found(node, standing, is_looped);
    }
    match &node.expr {
        Expr::Call(call) => {
            for (at, part) in call.target.iter().map(AsRef::as_ref).chain(&call.args).enumerate() {
                let inner = match call.func_name.as_str() {
                    op::LOGICAL_AND => Some(Standing::And),
                    op::LOGICAL_OR => Some(Standing::Or),
                    op::LOGICAL_NOT => Some(Standing::Not),
                    op::CONDITIONAL if at == 0 => Some(Standing::Condition),
                    op::CONDITIONAL => standing.map(|_| Standing::Branch),
                    op::EQUALS | op::NOT_EQUALS if is_boolean(part) => Some(Standing::Compared),
                    _ => None,
                };
                walk(part, inner, is_looped, found);
            }
        }
        Expr::Comprehension(loop_) => {
            walk(&loop_.iter_range, None, is_looped, found);
            match Shape::of(loop_) {
                Some(Shape::All(body)) => walk(body, Some(Standing::All), true, found),
                Some(Shape::Exists(body)) => walk(body, Some(Standing::Exists), true, found),
                Some(Shape::ExistsOne(body)) => walk(body, Some(Standing::Chosen), true, found),
                Some(Shape::Map { filter, element }) => {
                    if let Some(filter) = filter {
                        walk(filter, Some(Standing::Chosen), true, found);
                    }
                    walk(element, None, true, found);
                }
                None => {}
            }
        }
        _ => {
            for part in children(node) {
                walk(part, None, is_looped, found);
            }
        }
    }
}

/// Whether a node only continues the chain of the operator that it stands in.
fn continues(node: &IdedExpr, standing: Standing) -> bool {
    let Expr::Call(call) = &node.expr else {
        return false;
    };
    matches!(
        (call.func_name.as_str(), standing),
        (op::LOGICAL_AND, Standing::And) | (op::LOGICAL_OR, Standing::Or)
    )
}

/// Whether a node is Boolean by its form alone; fields of facts are not looked up.
fn is_boolean(node: &IdedExpr) -> bool {
    match &node.expr {
        Expr::Select(select) => select.test,
        Expr::Comprehension(loop_) => {
            matches!(Shape::of(loop_), Some(Shape::All(_) | Shape::Exists(_) | Shape::ExistsOne(_)))
        }
        Expr::Call(call) => matches!(
            call.func_name.as_str(),
            op::LOGICAL_AND
                | op::LOGICAL_OR
                | op::LOGICAL_NOT
                | op::EQUALS
                | op::NOT_EQUALS
                | op::LESS
                | op::LESS_EQUALS
                | op::GREATER
                | op::GREATER_EQUALS
                | op::IN
        ),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, Standing)]) {
        let found = atoms(text).unwrap_or_else(|faults| panic!("{text}: {faults:?}"));
        let found: Vec<(&str, Standing)> =
            found.iter().map(|atom| (&text[atom.range.clone()], atom.standing)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn operands_of_every_operator_are_atoms_and_chains_are_flat() {
        use Standing::{And, Branch, Compared, Condition, Not, Or, Whole};
        check("a && b && c", &[("a && b && c", Whole), ("a", And), ("b", And), ("c", And)]);
        check(
            "!(a || b.c == 1)",
            &[("!(a || b.c == 1)", Whole), ("a || b.c == 1", Not), ("a", Or), ("b.c == 1", Or)],
        );
        check(
            "a ? b : c > 2",
            &[("a ? b : c > 2", Whole), ("a", Condition), ("b", Branch), ("c > 2", Branch)],
        );
        check("has(a.b) == d.e", &[("has(a.b) == d.e", Whole), ("has(a.b)", Compared)]);
        check(
            "a.all(x, x.b) == d.e",
            &[("a.all(x, x.b) == d.e", Whole), ("a.all(x, x.b)", Compared), ("x.b", Standing::All)],
        );
        check(
            "a.b > 1 == !c.d",
            &[("a.b > 1 == !c.d", Whole), ("a.b > 1", Compared), ("!c.d", Compared), ("c.d", Not)],
        );
    }

    #[test]
    fn bodies_of_loops_are_atoms_that_stand_in_a_loop() {
        let text = "a.all(x, x.b && !x.c) || size(d.filter(y, y > 1)) == 0";
        let found = atoms(text).expect("it is sound");
        let named: Vec<(&str, bool)> =
            found.iter().map(|atom| (&text[atom.range.clone()], atom.is_looped)).collect();
        assert_eq!(
            named[1..],
            [
                ("a.all(x, x.b && !x.c)", false),
                ("x.b && !x.c", true),
                ("x.b", true),
                ("!x.c", true),
                ("x.c", true),
                ("size(d.filter(y, y > 1)) == 0", false),
                ("y > 1", true),
            ]
        );
        assert!(atoms("a &&").is_err());
    }
}
