//! What an artifact must have for a rule to say anything of it, found by computing the rule with one fact
//! assumed absent, empty or false and all others unknown. The engine asks for each such need once an artifact
//! and passes over the rules that lack theirs, so that an absent extension costs nothing.

use std::cell::LazyCell;

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, SelectExpr, operators as op};

use super::loops::Shape;
use super::syntax::{children, parse};
use super::{Environment, Param};
use crate::facts::schema::{self, Field, Presence, Read};
use crate::facts::value::{Kind, Scalar};

/// The expressions of a rule.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'t> {
    /// The list that it is run over.
    pub each: Option<&'t str>,
    /// Whether it applies.
    pub when: Option<&'t str>,
    /// What must hold.
    pub check: &'t str,
}

/// Boolean expressions without each of which the rule neither fails nor lacks an answer: where one of them is
/// false, the rule does not apply or holds. None where a part that decides does not parse.
#[must_use]
pub fn needs(parts: Parts<'_>, environment: &Environment<'_>) -> Vec<String> {
    let tree = |text| parse(text).ok();
    let Some(first) = tree(parts.each.or(parts.when).unwrap_or(parts.check)) else {
        return Vec::new();
    };
    let mut assumptions = Vec::new();
    collect(&first, environment, &mut Vec::new(), &mut assumptions);
    // What is evaluated before the check and may lack a value counts against a need.
    let known = |tree, assumption| Facts { assumption, environment }.value(tree);
    let check = LazyCell::new(|| tree(parts.check));
    let holds =
        |assumption| check.as_ref().is_some_and(|check| known(check, assumption) == Known::Bool(true));
    if parts.each.is_none()
        && parts.when.is_some()
        && known(&first, None) == Known::Bool(true)
        && let Some(check) = &*check
    {
        collect(check, environment, &mut Vec::new(), &mut assumptions);
    }
    let is_silent = |assumption| match (known(&first, assumption), parts) {
        (value, Parts { each: Some(_), .. }) => value == Known::EmptyList,
        (Known::Bool(applies), Parts { when: Some(_), .. }) => !applies || holds(assumption),
        (value, _) => value == Known::Bool(true),
    };
    assumptions.iter().filter(|assumption| is_silent(Some(assumption))).map(Assumption::need).collect()
}

/// What is assumed of the fact at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Assumption<'t> {
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
    fn need(&self) -> String {
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
enum Known<'f> {
    Bool(bool),
    Int(i64),
    Text(&'f str),
    /// A text that is none of these.
    NoneOf(&'f [&'f str]),
    EmptyList,
    Unknown,
}

#[derive(Clone, Copy)]
struct Facts<'f> {
    assumption: Option<&'f Assumption<'f>>,
    environment: &'f Environment<'f>,
}

impl<'f> Facts<'f> {
    fn value(self, node: &'f IdedExpr) -> Known<'f> {
        match &node.expr {
            Expr::Literal(value) => literal(value),
            Expr::Select(select) => self.select(node, select),
            Expr::Call(call) => self.call(call),
            Expr::Comprehension(loop_) if self.value(&loop_.iter_range) == Known::EmptyList => {
                match Shape::of(loop_) {
                    Some(Shape::All(_)) => Known::Bool(true),
                    Some(Shape::Exists(_) | Shape::ExistsOne(_)) => Known::Bool(false),
                    Some(Shape::Map { .. }) => Known::EmptyList,
                    None => Known::Unknown,
                }
            }
            Expr::List(list) if list.elements.is_empty() => Known::EmptyList,
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
        // A variable of a loop may hide one of the schema; no part of a loop is looked into.
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
            Some(Assumption::Empty(path)) if !select.test && is_at(node, path) => Known::EmptyList,
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
            (op::LOGICAL_NOT, 1) => match known(0) {
                Known::Bool(value) => Known::Bool(!value),
                _ => Known::Unknown,
            },
            (op::CONDITIONAL, 3) => match known(0) {
                Known::Bool(true) => known(1),
                Known::Bool(false) => known(2),
                _ => Known::Unknown,
            },
            (op::EQUALS, 2) => is_equal(known(0), known(1)),
            (op::NOT_EQUALS, 2) => match is_equal(known(0), known(1)) {
                Known::Bool(value) => Known::Bool(!value),
                _ => Known::Unknown,
            },
            (op::LESS | op::LESS_EQUALS | op::GREATER | op::GREATER_EQUALS, 2) => {
                match (known(0), known(1)) {
                    (Known::Int(left), Known::Int(right)) => Known::Bool(match call.func_name.as_str() {
                        op::LESS => left < right,
                        op::LESS_EQUALS => left <= right,
                        op::GREATER => left > right,
                        _ => left >= right,
                    }),
                    _ => Known::Unknown,
                }
            }
            (op::IN, 2) => self.membership(&call.args[0], &call.args[1]),
            ("size", 1) if known(0) == Known::EmptyList => Known::Int(0),
            _ => Known::Unknown,
        }
    }

    fn membership(self, element: &'f IdedExpr, list: &'f IdedExpr) -> Known<'f> {
        let element = self.value(element);
        if element == Known::Unknown {
            return Known::Unknown;
        }
        if self.value(list) == Known::EmptyList {
            return Known::Bool(false);
        }
        let Some(texts) = texts_of(list) else {
            return Known::Unknown;
        };
        match element {
            Known::Text(text) => Known::Bool(texts.contains(&text)),
            Known::NoneOf(none) if texts.iter().all(|text| none.contains(text)) => Known::Bool(false),
            _ => Known::Unknown,
        }
    }
}

/// `&&` (decided by false) and `||` (decided by true): a deciding operand absorbs the fault of the other.
fn joined<'f>(left: Known<'_>, right: Known<'_>, decisive: bool) -> Known<'f> {
    match (left, right) {
        (Known::Bool(value), _) | (_, Known::Bool(value)) if value == decisive => Known::Bool(decisive),
        (Known::Bool(_), Known::Bool(_)) => Known::Bool(!decisive),
        _ => Known::Unknown,
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
        _ => Known::Unknown,
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
        Read::List(..) => Known::EmptyList,
        Read::Bytes(_) | Read::Timestamp(_) | Read::Message(..) => Known::Unknown,
    }
}

/// Whether a node is the fact, or the variable, at a path.
fn is_at(node: &IdedExpr, path: &str) -> bool {
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
fn texts_of(list: &IdedExpr) -> Option<Vec<&str>> {
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
fn fact(node: &IdedExpr, environment: &Environment<'_>) -> Option<&'static Field> {
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

/// What may be assumed of the facts that an expression reads. Variables of the loops around hide those of the schema.
fn collect<'t>(
    node: &'t IdedExpr,
    environment: &Environment<'_>,
    hidden: &mut Vec<&'t str>,
    found: &mut Vec<Assumption<'t>>,
) {
    let visible = |node| fact(node, environment).filter(|_| !hidden.contains(&variable(node)));
    if let Some(field) = visible(node) {
        assume(node, field, found);
    }
    if let Expr::Call(CallExpr { func_name, args, .. }) = &node.expr
        && let [left, right] = args.as_slice()
        && let Some(Field { read: Read::String(_), .. }) = visible(left)
    {
        let texts = match (func_name.as_str(), &right.expr) {
            (op::EQUALS, Expr::Literal(LiteralValue::String(text))) => Some(vec![text.inner()]),
            (op::IN, _) => texts_of(right),
            _ => None,
        };
        // Only what needs no escapes, so that the need is what is meant.
        let is_plain = |text: &&str| text.bytes().all(|octet| octet.is_ascii_alphanumeric());
        if let Some(texts) = texts.filter(|texts| !texts.is_empty() && texts.iter().all(is_plain)) {
            add(Assumption::NoneOf(path_text(left), texts), found);
        }
    }
    if let Expr::Comprehension(loop_) = &node.expr {
        collect(&loop_.iter_range, environment, hidden, found);
        hidden.push(&loop_.iter_var);
        collect(&loop_.loop_step, environment, hidden, found);
        hidden.pop();
        return;
    }
    for child in children(node) {
        collect(child, environment, hidden, found);
    }
}

fn assume(node: &IdedExpr, field: &Field, found: &mut Vec<Assumption<'_>>) {
    match field.read {
        Read::Message(..) if !matches!(field.presence, Presence::Always) => {
            add(Assumption::Absent(path_text(node)), found);
        }
        Read::Bool(_) => {
            add(Assumption::Is(path_text(node), false), found);
            add(Assumption::Is(path_text(node), true), found);
        }
        Read::List(Scalar::Message(_), _) => add(Assumption::Empty(path_text(node)), found),
        _ => {}
    }
}

fn add<'t>(assumption: Assumption<'t>, found: &mut Vec<Assumption<'t>>) {
    if !found.contains(&assumption) {
        found.push(assumption);
    }
}

/// The text of a path.
fn path_text(node: &IdedExpr) -> String {
    fn write(node: &IdedExpr, text: &mut String) {
        match &node.expr {
            Expr::Ident(name) => text.push_str(name),
            Expr::Select(select) => {
                write(&select.operand, text);
                text.push('.');
                text.push_str(&select.field);
            }
            _ => {}
        }
    }
    let mut text = String::with_capacity(48);
    write(node, &mut text);
    text
}

/// The variable that a path begins with.
fn variable(node: &IdedExpr) -> &str {
    match &node.expr {
        Expr::Ident(name) => name,
        Expr::Select(select) => variable(&select.operand),
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn of(each: Option<&str>, when: Option<&str>, check: &str) -> Vec<String> {
        let params = BTreeMap::from([("on".to_owned(), Param::Bool(true))]);
        let environment = Environment { roots: &["cert"], item: None, params: &params };
        needs(Parts { each, when, check }, &environment)
    }

    #[test]
    fn an_absent_extension_silences_what_reads_it_alone() {
        assert_eq!(
            of(None, Some("has(cert.keyUsage)"), "cert.keyUsage.critical"),
            ["has(cert.keyUsage)"],
            "critical is false of what is absent, and the rule does not apply"
        );
        assert_eq!(
            of(Some("cert.subjectAltName.names"), None, "item.ascii"),
            ["size(cert.subjectAltName.names) > 0", "has(cert.subjectAltName)"]
        );
        assert_eq!(
            of(None, None, "cert.nameConstraints.permittedSubtrees.all(t, t.maskContiguous)"),
            ["size(cert.nameConstraints.permittedSubtrees) > 0", "has(cert.nameConstraints)"]
        );
    }

    #[test]
    fn booleans_and_texts_silence_too() {
        assert_eq!(of(None, Some("cert.isCa && params.on"), "has(cert.keyUsage)"), ["cert.isCa"]);
        assert_eq!(of(None, Some("!cert.isCa"), "cert.version == 3"), ["!cert.isCa"]);
        assert_eq!(
            of(None, Some("cert.subjectPublicKeyInfo.kind in [\"rsa\", \"rsaPss\"]"), "cert.version == 3"),
            ["cert.subjectPublicKeyInfo.kind in [\"rsa\", \"rsaPss\"]"]
        );
    }

    #[test]
    fn what_may_lack_a_value_is_asked() {
        // A list that does not decode leaves the rule without an answer, whatever `when` says.
        assert!(
            of(Some("cert.extensions"), Some("cert.isCa"), "item.known")
                .iter()
                .all(|need| need != "cert.isCa")
        );
        // So does a condition.
        assert!(
            of(None, Some("cert.serialNumber.minimal"), "!cert.isCa").iter().all(|need| need != "cert.isCa")
        );
        // The absence is the fault.
        assert!(of(None, None, "has(cert.keyUsage)").is_empty());
        assert!(of(None, Some("cert.isCa"), "has(cert.keyUsage)") == ["cert.isCa"]);
        // The variable of a loop is not the certificate.
        assert!(
            of(None, None, "cert.extensions.all(cert, cert.known)")
                .iter()
                .all(|need| !need.contains("known"))
        );
    }
}
