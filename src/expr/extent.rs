//! Which octets of its text a node of an expression covers. The parser knows
//! of each node one token: the dot of a selection, the bracket of a call, the
//! sign of an operator; what belongs to it is found here.

use std::ops::Range;

use cel::common::ast::{Expr, IdedExpr, LiteralValue, SourceInfo};

use super::syntax::{children, parse, parse_with_offsets};
use super::tokens::{brackets, opens, trimmed, word_at, word_before};

/// What of a node an error is about.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    /// All of it.
    Whole,
    /// The field that a selection names.
    Field,
    /// The function that a call names.
    Function,
}

/// The octets of the text that a part of the node `id` covers.
pub(super) fn range_of(text: &str, id: u64, part: Part) -> Range<usize> {
    let found = parse(text).ok().zip(parse_with_offsets(text)).and_then(|(tree, (twin, info))| {
        let node = twin_of(&tree, &twin, id)?;
        let extents = Extents { text, info: &info, brackets: brackets(text) };
        let (start, end) = extents.token(node)?;
        Some(match part {
            Part::Whole => extents.of(node),
            Part::Field => extents.field(node, start),
            Part::Function if word_before(text, start) < start => {
                word_before(text, start)..text[..start].trim_end().len()
            }
            Part::Function => start..end,
        })
    });
    found.unwrap_or_else(|| trimmed(text))
}

/// The node that stands in one tree where the node `id` stands in the other:
/// the two parsers do not number the nodes of every expression alike.
fn twin_of<'t>(tree: &IdedExpr, twin: &'t IdedExpr, id: u64) -> Option<&'t IdedExpr> {
    if tree.id == id {
        return Some(twin);
    }
    children(tree).zip(children(twin)).find_map(|(node, other)| twin_of(node, other, id))
}

struct Extents<'t> {
    text: &'t str,
    info: &'t SourceInfo,
    brackets: Vec<(usize, u8)>,
}

impl Extents<'_> {
    /// The octets of the token that the parser knows of a node.
    fn token(&self, node: &IdedExpr) -> Option<(usize, usize)> {
        let (start, last) = self.info.offset_for(node.id)?;
        let (start, last) = (start as usize, last as usize);
        self.text.get(start..=last).map(|_| (start, last + 1))
    }

    /// From the first to the last octet of a node and all its parts.
    fn of(&self, node: &IdedExpr) -> Range<usize> {
        let Some((start, end)) = self.token(node) else {
            return trimmed(self.text);
        };
        let range = match &node.expr {
            Expr::Select(select) if !select.test => {
                self.of(&select.operand).start..self.field(node, start).end
            }
            Expr::Select(_) | Expr::Struct(_) => word_before(self.text, start)..self.closing(start),
            Expr::List(_) | Expr::Map(_) => start..self.closing(start),
            Expr::Comprehension(loop_) => self.of(&loop_.iter_range).start..self.closing(start),
            Expr::Call(call) => match (self.text.as_bytes()[start], &call.target) {
                (b'(', None) => word_before(self.text, start)..self.closing(start),
                (b'(', Some(target)) => self.of(target).start..self.closing(start),
                (b'[', _) => call.args.first().map_or(start, |list| self.of(list).start)..self.closing(start),
                _ => children(node)
                    .map(|part| self.of(part))
                    .fold(start..end, |whole, part| whole.start.min(part.start)..whole.end.max(part.end)),
            },
            Expr::Literal(LiteralValue::Int(number)) if *number.inner() < 0 => {
                self.text[..start].rfind('-').unwrap_or(start)..end
            }
            _ => start..end,
        };
        self.balanced(range)
    }

    /// The name of the field that a selection or `has(…)` names.
    fn field(&self, node: &IdedExpr, start: usize) -> Range<usize> {
        let dot = match &node.expr {
            Expr::Select(select) if select.test => {
                let operand = self.of(&select.operand).end;
                self.text[operand..].find('.').map_or(start, |at| operand + at)
            }
            _ => start,
        };
        let name = self.text[dot..].find(super::tokens::is_word).map_or(dot, |at| dot + at);
        word_at(self.text, name)
    }

    /// Behind the bracket that closes the one at an offset.
    fn closing(&self, open: usize) -> usize {
        let mut depth = 0_usize;
        for (at, bracket) in self.brackets.iter().filter(|(at, _)| *at >= open) {
            depth = if opens(*bracket) { depth + 1 } else { depth.saturating_sub(1) };
            if depth == 0 {
                return at + 1;
            }
        }
        self.text.len()
    }

    /// The range with the brackets that open or close within it: `(a + b) * c`
    /// begins with a bracket of which its parts know nothing.
    fn balanced(&self, range: Range<usize>) -> Range<usize> {
        let mut opened = 0_usize;
        let mut unopened = 0_usize;
        for (_, bracket) in self.brackets.iter().filter(|(at, _)| range.contains(at)) {
            match (opens(*bracket), opened) {
                (true, _) => opened += 1,
                (false, 0) => unopened += 1,
                (false, _) => opened -= 1,
            }
        }
        let before = self.brackets.iter().rev().map(|(at, _)| *at).filter(|at| *at < range.start);
        let after = self.brackets.iter().map(|(at, _)| *at).filter(|at| *at >= range.end);
        let start = before.take(unopened).last().unwrap_or(range.start);
        let end = after.take(opened).last().map_or(range.end, |at| at + 1);
        start..end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tree without the numbers of its nodes.
    fn shape(node: &IdedExpr) -> String {
        let head = match &node.expr {
            Expr::Call(call) => call.func_name.clone(),
            Expr::Select(select) => format!("{}{}", if select.test { "?" } else { "." }, select.field),
            Expr::Comprehension(loop_) => loop_.iter_var.clone(),
            Expr::List(_) => "list".into(),
            other => format!("{other:?}"),
        };
        format!("{head}({})", children(node).map(shape).collect::<Vec<_>>().join(","))
    }

    /// Whether a node was written, not made by a macro, whose bracket is all it has.
    fn is_written(node: &IdedExpr, text: &str, start: usize) -> bool {
        let is_call = match &node.expr {
            Expr::Call(call) => call.func_name.starts_with(|c: char| c.is_ascii_alphabetic()),
            Expr::Select(select) => select.test,
            Expr::Comprehension(_) => true,
            _ => false,
        };
        is_call || text.as_bytes()[start] != b'('
    }

    fn check(text: &str, node: &IdedExpr, twin: &IdedExpr, info: &SourceInfo) {
        let (start, _) = info.offset_for(twin.id).expect("the parser has placed it");
        if is_written(twin, text, start as usize) {
            let range = range_of(text, node.id, Part::Whole);
            let again =
                parse(&text[range.clone()]).unwrap_or_else(|faults| panic!("{text} {range:?}: {faults:?}"));
            assert_eq!(shape(&again), shape(node), "{:?} of {text}", &text[range]);
        }
        for (part, other) in children(node).zip(children(twin)) {
            check(text, part, other, info);
        }
    }

    #[test]
    fn the_text_that_a_node_covers_makes_the_same_node() {
        for text in [
            "a.b.c && !d || e",
            "(a + b) * c - -5",
            "((a) + (b)) == (c)",
            "a ? (b) : c ? d : e",
            "size(a.b) > 0 && has( a.b . c )",
            "a.f(1, \")\").g('(')[0].h",
            "[1, 2, (3)][x[0]] in [r\"\\\", \"\\\"[\"]",
            "a.all(x, x.b.exists(y, (y.c + 1) * 2 > x.d)) && e",
            "a.filter(x, x > 0).map(y, y > 1, f(y)).exists_one(z, z == 1)",
            "'Zürich (東京)' + lower(a.b) == \"é\"",
            "\n  a // the (first\n  .b  // \"second\n  && c\n",
            "!!a && --b == - 3 && !(-c == 1)",
            "\"\"\"a\"(\"\"\" + b'''(''' == c",
            "f ( a , b ) . g ( c )",
        ] {
            let tree = parse(text).unwrap_or_else(|faults| panic!("{text}: {faults:?}"));
            let (twin, info) = parse_with_offsets(text).expect("both parsers read it");
            check(text, &tree, &twin, &info);
        }
    }

    #[test]
    fn fields_and_functions_are_found_by_their_names() {
        let text = "has( c.d . b ) && size ( a )";
        let tree = parse(text).expect("it is sound");
        let [has, size] = children(&tree).collect::<Vec<_>>()[..] else { panic!("there are two") };
        assert_eq!(&text[range_of(text, has.id, Part::Field)], "b");
        assert_eq!(&text[range_of(text, size.id, Part::Function)], "size");
    }
}
