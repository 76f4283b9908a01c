//! Functions: those of CEL that rules need, and our own, declared once for the
//! type checker, `explain` and the reference.

use std::borrow::Cow;

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue};
use regex::RegexBuilder;
use unicode_normalization::is_nfc;

use super::code::{Code, ListFn, StringFn, bool_code, int_code, string_code};
use super::compile::{Checked, Compiler};
use super::extent::Part;
use super::{names, operators};
use crate::document::closest;
use crate::facts::name::hex;
use crate::facts::time;
use crate::facts::value::{Fault, Out, Scalar, Type, Value};
use crate::{limits, source};

/// A function as listings show it.
#[derive(Debug)]
pub struct Signature {
    /// Its name.
    pub name: &'static str,
    /// How it is called.
    pub usage: &'static str,
    /// What it gives.
    pub doc: &'static str,
}

const fn signature(name: &'static str, usage: &'static str, doc: &'static str) -> Signature {
    Signature { name, usage, doc }
}

/// Every function, macros of CEL included.
pub static FUNCTIONS: &[Signature] = &[
    signature("has", "has(cert.keyUsage)", "whether an optional fact is there"),
    signature("size", "size(list), size(text), size(octets)", "number of elements, code points or octets"),
    signature("all", "list.all(x, condition)", "whether the condition holds for every element"),
    signature("exists", "list.exists(x, condition)", "whether it holds for at least one"),
    signature("exists_one", "list.exists_one(x, condition)", "whether it holds for exactly one"),
    signature("filter", "list.filter(x, condition)", "the elements for which it holds"),
    signature("map", "list.map(x, expression)", "the values of the expression for every element"),
    signature("startsWith", "text.startsWith(\"xn--\")", "whether text begins with another"),
    signature("endsWith", "text.endsWith(\".\")", "whether text ends with another"),
    signature("contains", "text.contains(\"*\")", "whether text holds another"),
    signature(
        "matches",
        "text.matches(\"^[A-Z]{2}$\")",
        "whether a regular expression matches somewhere; the pattern is a literal, compiled at load",
    ),
    signature("timestamp", "timestamp(\"2026-01-01T00:00:00Z\")", "an instant; a literal of RFC 3339"),
    signature("duration", "duration(\"36h\")", "a length of time; a literal with the units h, m and s"),
    signature("days", "days(30)", "a length of time of 86,400 seconds a day"),
    signature("hex", "hex(octets)", "octets as lower-case hex"),
    signature("lower", "lower(text)", "text with ASCII letters in lower case"),
    signature("octal", "octal(number)", "a number in base 8, with a leading 0"),
    signature("join", "join(list, \", \")", "texts of a list with a separator between them"),
    signature("string", "string(value)", "a value as messages show it"),
    signature(
        "isHostName",
        "isHostName(text)",
        "letters, digits, hyphens and underscores in labels of 1 to 63 that no hyphen begins or ends, at most 253 in all, no trailing full stop",
    ),
    signature("isDnsName", "isDnsName(text)", "isHostName, asterisks allowed as letters"),
    signature("isDnsConstraint", "isDnsConstraint(text)", "isHostName, a full stop in front allowed"),
    signature("isIpLiteral", "isIpLiteral(text)", "an IPv4 or IPv6 address, without brackets"),
    signature(
        "isMailbox",
        "isMailbox(text)",
        "a local part, @ and a host, without angle brackets, comments or blanks",
    ),
    signature(
        "isUtf8Mailbox",
        "isUtf8Mailbox(text)",
        "a mail address as RFC 9598 has it: local part beyond ASCII, host in lower case, no byte order mark",
    ),
    signature("isAbsoluteUri", "isAbsoluteUri(text)", "a scheme and something behind it"),
    signature("uriScheme", "uriScheme(text)", "the scheme of a URI in lower case, empty for none"),
    signature(
        "uriHost",
        "uriHost(text)",
        "the host of a URI's authority, an IPv6 address without its brackets; empty for none",
    ),
    signature("labels", "labels(text)", "the parts of text between full stops"),
    signature(
        "isIdn",
        "isIdn(label)",
        "whether a label that begins with xn-- decodes to what IDNA allows; isNfc asks for its normalization",
    ),
    signature(
        "idnToUnicode",
        "idnToUnicode(text)",
        "text with every label decoded that begins with xn--, where that can be done",
    ),
    signature(
        "hasControlOrInvisible",
        "hasControlOrInvisible(text)",
        "whether a control, bidirectional or zero-width character is in it",
    ),
    signature("isNfc", "isNfc(text)", "whether text is in Unicode's normalization form C"),
];

/// Compiles an operator or a function call.
pub(super) fn call(compiler: &mut Compiler<'_>, node: &IdedExpr, call: &CallExpr) -> Checked<Code> {
    if call.target.is_none()
        && let Some(code) = operators::operator(compiler, node, &call.func_name, &call.args)
    {
        return code;
    }
    let mut arguments: Vec<&IdedExpr> = call.target.iter().map(AsRef::as_ref).collect();
    arguments.extend(&call.args);
    let is_method = call.target.is_some();
    match (call.func_name.as_str(), is_method, arguments.as_slice()) {
        ("size", _, [value]) => size(compiler, value),
        (name @ ("startsWith" | "endsWith" | "contains"), true, [text, part]) => {
            search(compiler, name, text, part)
        }
        ("matches", _, [text, pattern]) => matches(compiler, text, pattern),
        ("timestamp", false, [literal]) => timestamp(compiler, literal),
        ("duration", false, [literal]) => duration(compiler, literal),
        ("days", false, [count]) => days(compiler, count),
        ("hex", false, [octets]) => hexadecimal(compiler, octets),
        ("lower", _, [text]) => {
            let text = text_argument(compiler, text)?;
            Ok(string_code(move |scope| Ok(lowered(text(scope)?))))
        }
        ("octal", false, [number]) => match compiler.expression(number)? {
            Code::Int(code) => Ok(string_code(move |scope| Ok(format!("0{:o}", code(scope)?).into()))),
            other => wrong_argument(compiler, number, other.type_(), "an int"),
        },
        ("join", _, [list, separator]) => join(compiler, list, separator),
        ("string", false, [value]) => shown(compiler, value),
        ("hasControlOrInvisible", false, [text]) => {
            let text = text_argument(compiler, text)?;
            Ok(bool_code(move |scope| Ok(source::has_hidden(&text(scope)?))))
        }
        ("isNfc", false, [text]) => {
            let text = text_argument(compiler, text)?;
            Ok(bool_code(move |scope| Ok(is_nfc(&text(scope)?))))
        }
        (name, false, [text]) if names::has(name) => {
            let text = text_argument(compiler, text)?;
            names::call(name, text).map_or_else(|| unknown(compiler, node, name), Ok)
        }
        (name, ..) => unknown(compiler, node, name),
    }
}

fn unknown(compiler: &mut Compiler<'_>, node: &IdedExpr, name: &str) -> Checked<Code> {
    if let Some(known) = FUNCTIONS.iter().find(|known| known.name == name) {
        let message = format!("`{name}` is called in another way");
        return compiler.error(
            node,
            Part::Function,
            "wrong-call",
            message,
            Some(format!("write {}", known.usage)),
        );
    }
    let message = format!("there is no function `{}`", name.trim_matches('_'));
    if name == "not" {
        let help = Some("write ! before what must not hold".into());
        return compiler.error(node, Part::Function, "unknown-function", message, help);
    }
    let help = closest(name, FUNCTIONS.iter().map(|known| known.name)).map_or_else(
        || format!("there are {}", FUNCTIONS.iter().map(|known| known.name).collect::<Vec<_>>().join(", ")),
        |close| format!("did you mean `{close}`?"),
    );
    compiler.error(node, Part::Function, "unknown-function", message, Some(help))
}

fn wrong_argument<T>(compiler: &mut Compiler<'_>, node: &IdedExpr, found: Type, wanted: &str) -> Checked<T> {
    let verb = if wanted == "bytes" { "are" } else { "is" };
    let help = match (wanted, found) {
        ("a string", Type::One(Scalar::Bytes)) => Some("hex(…) gives octets as text".into()),
        ("a string", Type::One(Scalar::Message(_))) => Some("name one of its fields".into()),
        ("a string", Type::One(_)) => {
            Some("string(…) gives its text; a literal text stands in quotes".into())
        }
        (_, Type::List(_)) => Some("look at its elements with all, exists, map or [0]".into()),
        _ => None,
    };
    let message = format!("this is of type {found}, {wanted} {verb} wanted");
    compiler.error(node, Part::Whole, "type-mismatch", message, help)
}

fn text_argument(compiler: &mut Compiler<'_>, node: &IdedExpr) -> Checked<StringFn> {
    match compiler.expression(node)? {
        Code::String(code) => Ok(code),
        other => wrong_argument(compiler, node, other.type_(), "a string"),
    }
}

fn size(compiler: &mut Compiler<'_>, value: &IdedExpr) -> Checked<Code> {
    fn count(value: usize) -> i64 {
        i64::try_from(value).unwrap_or(i64::MAX)
    }
    Ok(match compiler.expression(value)? {
        Code::List(_, code) => int_code(move |scope| Ok(count(code(scope)?.len()))),
        Code::String(code) => int_code(move |scope| Ok(count(code(scope)?.chars().count()))),
        Code::Bytes(code) => int_code(move |scope| Ok(count(code(scope)?.len()))),
        other => return wrong_argument(compiler, value, other.type_(), "a list, a string or bytes"),
    })
}

fn search(compiler: &mut Compiler<'_>, name: &str, text: &IdedExpr, part: &IdedExpr) -> Checked<Code> {
    let holds: fn(&str, &str) -> bool = match name {
        "startsWith" => |text, part| text.starts_with(part),
        "endsWith" => |text, part| text.ends_with(part),
        _ => |text, part| memchr::memmem::find(text.as_bytes(), part.as_bytes()).is_some(),
    };
    // A literal, which it mostly is, needs no copy.
    if let Expr::Literal(LiteralValue::String(part)) = &part.expr {
        let (text, part) = (text_argument(compiler, text)?, part.inner().to_owned());
        return Ok(match name {
            "contains" => {
                let finder = memchr::memmem::Finder::new(part.as_bytes()).into_owned();
                bool_code(move |scope| Ok(finder.find(text(scope)?.as_bytes()).is_some()))
            }
            _ => bool_code(move |scope| Ok(holds(&text(scope)?, &part))),
        });
    }
    let (text, part) = (text_argument(compiler, text), text_argument(compiler, part));
    let (text, part) = (text?, part?);
    Ok(bool_code(move |scope| Ok(holds(&text(scope)?, &part(scope)?))))
}

/// The text of a literal argument.
fn literal<'n>(compiler: &mut Compiler<'_>, node: &'n IdedExpr, what: &str) -> Checked<&'n str> {
    if let Expr::Literal(LiteralValue::String(text)) = &node.expr {
        Ok(text.inner())
    } else {
        let message = format!("{what} must be a literal text, so that it is checked when the rule is loaded");
        compiler.error(node, Part::Whole, "literal-wanted", message, None)
    }
}

fn matches(compiler: &mut Compiler<'_>, text: &IdedExpr, pattern: &IdedExpr) -> Checked<Code> {
    let text = text_argument(compiler, text);
    let source = literal(compiler, pattern, "the pattern")?;
    match RegexBuilder::new(source).size_limit(limits::REGEX_OCTETS).build() {
        Ok(regex) => {
            let text = text?;
            Ok(bool_code(move |scope| Ok(regex.is_match(&text(scope)?))))
        }
        Err(error) => {
            let reason = error.to_string();
            let last = reason.lines().last().unwrap_or_default().trim_start_matches("error: ");
            let message = if last.contains("size limit") {
                format!("the regular expression takes more than {} octets", limits::REGEX_OCTETS)
            } else {
                format!("the regular expression cannot be used: {last}")
            };
            compiler.error(pattern, Part::Whole, "bad-pattern", message, None)
        }
    }
}

fn timestamp(compiler: &mut Compiler<'_>, node: &IdedExpr) -> Checked<Code> {
    let text = literal(compiler, node, "a timestamp")?;
    // Facts have whole seconds, and so has a literal that they are compared with.
    match time::from_rfc3339(text).filter(|_| !text.contains('.')) {
        Some(instant) => Ok(Code::Timestamp(Box::new(move |_| Ok(instant)))),
        None => compiler.error(
            node,
            Part::Whole,
            "bad-timestamp",
            format!("`{text}` is no instant"),
            Some("write it in whole seconds as RFC 3339 does: \"2026-01-01T00:00:00Z\"".into()),
        ),
    }
}

fn duration(compiler: &mut Compiler<'_>, node: &IdedExpr) -> Checked<Code> {
    let text = literal(compiler, node, "a duration")?;
    match seconds(text) {
        Some(length) => Ok(Code::Duration(Box::new(move |_| Ok(length)))),
        None => compiler.error(
            node,
            Part::Whole,
            "bad-duration",
            format!("`{text}` is no duration"),
            Some("use the units h, m and s as in \"1h30m\", or days(30)".into()),
        ),
    }
}

/// `1h30m5s` in seconds.
fn seconds(text: &str) -> Option<i64> {
    let (sign, mut rest) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let mut total: i64 = 0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let count: i64 = rest[..digits].parse().ok()?;
        let mut after = rest[digits..].chars();
        let unit = match after.next()? {
            'h' => 3600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        total = total.checked_add(count.checked_mul(unit)?)?;
        rest = after.as_str();
    }
    Some(sign * total)
}

fn days(compiler: &mut Compiler<'_>, node: &IdedExpr) -> Checked<Code> {
    match compiler.expression(node)? {
        Code::Int(code) => Ok(Code::Duration(Box::new(move |scope| {
            code(scope)?.checked_mul(86_400).ok_or_else(|| Fault::error("the numbers do not fit 64 bits"))
        }))),
        other => wrong_argument(compiler, node, other.type_(), "an int"),
    }
}

fn hexadecimal(compiler: &mut Compiler<'_>, node: &IdedExpr) -> Checked<Code> {
    match compiler.expression(node)? {
        Code::Bytes(code) => Ok(string_code(move |scope| Ok(hex(&code(scope)?).into()))),
        other => wrong_argument(compiler, node, other.type_(), "bytes"),
    }
}

fn lowered(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.bytes().any(|octet| octet.is_ascii_uppercase()) { text.to_ascii_lowercase().into() } else { text }
}

fn join(compiler: &mut Compiler<'_>, list: &IdedExpr, separator: &IdedExpr) -> Checked<Code> {
    let list_code = compiler.expression(list);
    let separator = text_argument(compiler, separator);
    match list_code? {
        Code::List(Scalar::Message(_), _) => compiler.error(
            list,
            Part::Whole,
            "type-mismatch",
            "messages have no text of their own".into(),
            Some("name a field with map(x, x.FIELD)".into()),
        ),
        Code::List(_, code) => {
            let separator = separator?;
            Ok(string_code(move |scope| {
                let separator = separator(scope)?.into_owned();
                joined(&code, &separator, scope).map(Cow::Owned)
            }))
        }
        other => wrong_argument(compiler, list, other.type_(), "a list"),
    }
}

/// The elements of a list as text.
pub(super) fn joined(list: &ListFn, separator: &str, scope: &mut super::Scope<'_>) -> Out<String> {
    let list = list(scope)?;
    let mut text = String::new();
    for at in 0..list.len() {
        scope.step()?;
        if at > 0 {
            text.push_str(separator);
        }
        text.push_str(&text_of(&list.element(at)));
    }
    scope.pay_for_octets(text.len())?;
    Ok(text)
}

/// A value as messages show it: times by RFC 3339, octets as hex.
pub(super) fn text_of<'v>(value: &'v Value<'_>) -> Cow<'v, str> {
    match value {
        Value::Bool(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
        Value::Int(value) => value.to_string().into(),
        Value::String(value) => Cow::Borrowed(value),
        Value::Bytes(value) => hex(value).into(),
        Value::Timestamp(value) => time::rfc3339(*value).into(),
        Value::Duration(value) => format!("{value}s").into(),
        Value::Message(_) => Cow::Borrowed(""),
    }
}

fn shown(compiler: &mut Compiler<'_>, node: &IdedExpr) -> Checked<Code> {
    let code = compiler.expression(node)?;
    if !matches!(code.type_(), Type::One(scalar) if !matches!(scalar, Scalar::Message(_))) {
        return wrong_argument(compiler, node, code.type_(), "a single value");
    }
    Ok(string_code(move |scope| Ok(text_of(&code.value(scope)?).into_owned().into())))
}
