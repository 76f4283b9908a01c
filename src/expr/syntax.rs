//! Parsing by crate `cel`: quickly by its Pratt parser, and once more with
//! offsets by its other parser where an error must be shown at its place.

use std::ops::Range;

use cel::common::ast::{Expr, IdedExpr, SourceInfo};
use cel::parser::{ParseErrors, Parser, PrattParser};

use super::ExpressionError;
use crate::limits;

/// Parses an expression.
///
/// # Errors
/// Every syntax error, with its place.
pub fn parse(text: &str) -> Result<IdedExpr, Vec<ExpressionError>> {
    if text.len() > limits::EXPRESSION_OCTETS {
        return Err(vec![ExpressionError {
            name: "expression-too-long",
            range: 0..text.len(),
            message: format!("the expression is longer than {} octets", limits::EXPRESSION_OCTETS),
            help: Some("split it into several rules".into()),
        }]);
    }
    PrattParser::new()
        .max_recursion_depth(limits::EXPRESSION_DEPTH)
        .parse(text)
        .map_err(|errors| describe(&errors, text))
}

/// Parses an expression once more, with the offsets of its nodes. Node ids are
/// those of [`parse`].
#[must_use]
pub fn parse_with_offsets(text: &str) -> Option<(IdedExpr, SourceInfo)> {
    Parser::new().max_recursion_depth(limits::EXPRESSION_DEPTH).parse_with_source_info(text).ok()
}

fn describe(errors: &ParseErrors, text: &str) -> Vec<ExpressionError> {
    let mut described: Vec<ExpressionError> = errors
        .errors
        .iter()
        .map(|error| {
            let start = offset_of(text, error.pos);
            ExpressionError {
                name: "expression-syntax",
                range: word_at(text, start),
                message: tidy(&error.msg),
                help: None,
            }
        })
        .collect();
    if described.is_empty() {
        described.push(ExpressionError {
            name: "expression-syntax",
            range: 0..text.len(),
            message: "the expression cannot be parsed".into(),
            help: None,
        });
    }
    // What follows the first error is mostly its echo.
    described.truncate(1);
    described
}

/// The parser's words, without its prefix and capitals.
fn tidy(message: &str) -> String {
    let text = message.trim().trim_start_matches("Syntax error: ").trim_end_matches('.');
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => "the expression cannot be parsed".into(),
    }
}

/// Lines and columns of the parser count from 1.
fn offset_of(text: &str, (line, column): (isize, isize)) -> usize {
    let line = usize::try_from(line - 1).unwrap_or(0);
    let column = usize::try_from(column - 1).unwrap_or(0);
    let before: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let mut offset = (before + column).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// The word, or the one character, that begins at an offset.
fn word_at(text: &str, start: usize) -> Range<usize> {
    let rest = &text[start..];
    let word = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
    let length = if word > 0 { word } else { rest.chars().next().map_or(0, char::len_utf8) };
    start..start + length
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

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
    let whole = 0..text.len();
    let Some((tree, info)) = parse_with_offsets(text) else {
        return whole;
    };
    let Some((start, stop)) = info.offset_for(id) else {
        return whole;
    };
    let (start, end) = (start as usize, (stop as usize + 1).min(text.len()));
    match part {
        Part::Field => {
            let name = text[start..].find(is_word).map_or(start, |at| start + at);
            word_at(text, name)
        }
        Part::Function => {
            let name_end = text[..start].trim_end().len();
            let name = text[..name_end].rfind(|c: char| !is_word(c)).map_or(0, |at| at + 1);
            if name < name_end { name..name_end } else { start..end }
        }
        Part::Whole => find(&tree, id).map_or(start..end, |node| extent(node, &info, text)),
    }
}

/// From the first to the last octet of a node and all its parts.
fn extent(node: &IdedExpr, info: &SourceInfo, text: &str) -> Range<usize> {
    let mut low = usize::MAX;
    let mut high = 0;
    visit(node, &mut |part| {
        if let Some((start, stop)) = info.offset_for(part.id) {
            low = low.min(start as usize);
            let end = match &part.expr {
                Expr::Select(_) => {
                    let dot = start as usize;
                    let name = text[dot..].find(is_word).map_or(dot, |at| dot + at);
                    word_at(text, name).end
                }
                _ => stop as usize + 1,
            };
            high = high.max(end);
        }
    });
    if low == usize::MAX { 0..text.len() } else { low..high.min(text.len()) }
}

fn find(node: &IdedExpr, id: u64) -> Option<&IdedExpr> {
    if node.id == id {
        return Some(node);
    }
    children(node).into_iter().find_map(|child| find(child, id))
}

fn visit(node: &IdedExpr, see: &mut impl FnMut(&IdedExpr)) {
    see(node);
    for child in children(node) {
        visit(child, see);
    }
}

/// The parts of a node that stand in the text.
pub(super) fn children(node: &IdedExpr) -> Vec<&IdedExpr> {
    match &node.expr {
        Expr::Call(call) => call.target.iter().map(AsRef::as_ref).chain(&call.args).collect(),
        Expr::Comprehension(loop_) => vec![&loop_.iter_range, &loop_.loop_step],
        Expr::List(list) => list.elements.iter().collect(),
        Expr::Select(select) => vec![&select.operand],
        _ => Vec::new(),
    }
}
