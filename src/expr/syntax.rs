//! Parsing by crate `cel`: quickly by its Pratt parser, and once more with
//! offsets by its other parser where an error must be shown at its place.
//! Says what is wrong with the syntax in words of our own.

use cel::common::ast::{Expr, IdedExpr, SourceInfo};
use cel::parser::{ParseErrors, Parser, PrattParser};

use super::ExpressionError;
use super::tokens::{is_word, token_at, trimmed, word_before};
use crate::limits;

/// Parses an expression.
///
/// # Errors
/// The first syntax error, with its place: what follows it is mostly its echo.
pub fn parse(text: &str) -> Result<IdedExpr, Vec<ExpressionError>> {
    if text.len() > limits::EXPRESSION_OCTETS {
        return Err(vec![ExpressionError {
            name: "expression-too-long",
            range: trimmed(text),
            message: format!("the expression is longer than {} octets", limits::EXPRESSION_OCTETS),
            help: Some("split it into several rules".into()),
        }]);
    }
    let parser = PrattParser::new().max_recursion_depth(limits::EXPRESSION_DEPTH);
    let tree = parser.parse(text).map_err(|errors| vec![describe(&errors, text)])?;
    // Chains such as a + b + c or a.b.c nest in the tree, though not in the text.
    if is_deeper_than(&tree, limits::EXPRESSION_DEPTH) { Err(vec![too_deep(text)]) } else { Ok(tree) }
}

/// Parses an expression once more, with the offsets of its nodes. Node ids are
/// those of [`parse`], unless `!!`, `--` or a map stands in it.
#[must_use]
pub fn parse_with_offsets(text: &str) -> Option<(IdedExpr, SourceInfo)> {
    Parser::new().max_recursion_depth(limits::EXPRESSION_DEPTH).parse_with_source_info(text).ok()
}

/// Whether a tree has more levels; found without recursion, which is what the
/// bound protects.
fn is_deeper_than(tree: &IdedExpr, levels: u16) -> bool {
    let mut left = vec![(tree, 1)];
    while let Some((node, level)) = left.pop() {
        if level > levels {
            return true;
        }
        left.extend(children(node).map(|child| (child, level + 1)));
    }
    false
}

fn too_deep(text: &str) -> ExpressionError {
    ExpressionError {
        name: "too-deep",
        range: trimmed(text),
        message: format!("more than {} operations stand inside one another", limits::EXPRESSION_DEPTH),
        help: Some("split it into several rules, or look a value up with `in` in a list".into()),
    }
}

/// The parts of a node that stand in the text.
pub(super) fn children(node: &IdedExpr) -> impl Iterator<Item = &IdedExpr> {
    let none: &[IdedExpr] = &[];
    let (first, rest) = match &node.expr {
        Expr::Call(call) => ([call.target.as_deref(), None], call.args.as_slice()),
        Expr::Comprehension(loop_) => ([Some(&loop_.iter_range), Some(&loop_.loop_step)], none),
        Expr::List(list) => ([None, None], list.elements.as_slice()),
        Expr::Select(select) => ([Some(select.operand.as_ref()), None], none),
        _ => ([None, None], none),
    };
    first.into_iter().flatten().chain(rest)
}

fn describe(errors: &ParseErrors, text: &str) -> ExpressionError {
    if errors.errors.iter().any(|error| error.msg.starts_with("expression recursion limit")) {
        return too_deep(text);
    }
    // Only errors about all of the expression have no line.
    if trimmed(text).is_empty() {
        return ExpressionError {
            name: "expression-syntax",
            range: trimmed(text),
            message: "the expression is empty".into(),
            help: None,
        };
    }
    let first = errors.errors.iter().find(|error| error.pos.0 > 0).or(errors.errors.first());
    let Some(error) = first else {
        return ExpressionError {
            name: "expression-syntax",
            range: trimmed(text),
            message: "the expression cannot be parsed".into(),
            help: None,
        };
    };
    let start = offset_of(text, error.pos).min(trimmed(text).end);
    let mut range = if start == trimmed(text).end { start..start } else { token_at(text, start) };
    let before = word_before(text, start);
    if &text[before..start] == "not " {
        range = before..before + 3;
    }
    let (message, help) = words(&error.msg, &text[range.clone()]);
    ExpressionError { name: "expression-syntax", range, message, help: help.map(Into::into) }
}

/// Lines and columns of the parser count from 1, columns in octets.
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

/// What the parser says of `found`, and what to write instead.
fn words(said: &str, found: &str) -> (String, Option<&'static str>) {
    let wanted = said.rsplit_once('\'').and_then(|(head, _)| head.rsplit_once('\'')).map(|(_, name)| name);
    if said.contains("has() macro") {
        return ("has(…) asks for a fact of something".into(), Some("write has(cert.keyUsage)"));
    }
    if said.contains("simple name") {
        let message = "the first argument of a loop is the name of its variable";
        return (message.into(), Some("write list.all(x, condition on x)"));
    }
    if said.contains("unescape") || said.contains("unicode code point") {
        let help = r#"write \\ for a backslash, or r"…" for a text without escapes"#;
        return ("an escape in this text does not exist".into(), Some(help));
    }
    if said.starts_with("unterminated") {
        return ("this text has no closing quote".into(), None);
    }
    if said.starts_with("reserved identifier") {
        return (format!("`{found}` is a reserved word of CEL"), None);
    }
    if said.contains("unexpected trailing characters") {
        let help = "write days(30) for days, duration(\"36h\") for hours";
        return (format!("`{found}` is neither a number nor a name"), Some(help));
    }
    if said == "invalid int literal" {
        return (format!("`{found}` does not fit 64 bits"), None);
    }
    match (found, wanted) {
        ("", _) if said.ends_with("expecting expression") => {
            ("the expression ends where a value is wanted".into(), None)
        }
        ("", Some(wanted)) if wanted != "." => (format!("the expression ends before its `{wanted}`"), None),
        (_, Some(".")) => ("the name of a fact is wanted after `.`".into(), None),
        (_, Some("&&")) => ("`&` is no operator".into(), Some("write &&")),
        (_, Some("||")) => ("`|` is no operator".into(), Some("write ||")),
        _ => misplaced(said, found),
    }
}

/// What to say of a token where it cannot stand.
fn misplaced(said: &str, found: &str) -> (String, Option<&'static str>) {
    match found {
        "=" => ("`=` is no operator".into(), Some("write == to compare")),
        "and" => ("`and` is no operator".into(), Some("write &&")),
        "or" => ("`or` is no operator".into(), Some("write ||")),
        "not" => ("`not` is no operator".into(), Some("write ! before what must not hold")),
        ")" | "]" | "}" if said.contains("expecting <EOF>") => (format!("`{found}` closes nothing"), None),
        "‘" | "’" | "“" | "”" => (format!("`{found}` is no quote"), Some("write \" around texts")),
        "≤" => ("`≤` is no operator".into(), Some("write <=")),
        "≥" => ("`≥` is no operator".into(), Some("write >=")),
        "≠" => ("`≠` is no operator".into(), Some("write !=")),
        _ if said == "unexpected character" => (format!("`{found}` has no meaning in CEL"), None),
        _ if said.contains("expecting <EOF>")
            && found.starts_with(|c| is_word(c) || "'\"([{".contains(c)) =>
        {
            (format!("an operator is missing before `{found}`"), None)
        }
        _ if said == "unexpected token" => (format!("a value is wanted, not `{found}`"), None),
        _ => match said.strip_prefix("expected '").and_then(|rest| rest.split_once('\'')) {
            Some((wanted, _)) => (format!("`{wanted}` is wanted, not `{found}`"), None),
            None => (format!("`{found}` cannot stand here"), None),
        },
    }
}
