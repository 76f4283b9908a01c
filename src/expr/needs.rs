//! What an artifact must have for a rule to say anything of it, found by computing the rule with one fact
//! assumed absent, empty or false and all others unknown. The engine asks for each such need once an artifact
//! and passes over the rules that lack theirs, so that an absent extension costs nothing.

use std::collections::{BTreeMap, BTreeSet};

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
/// false, the rule does not apply or holds. None where a part does not parse.
#[must_use]
pub fn needs(parts: Parts<'_>, environment: &Environment<'_>) -> BTreeSet<String> {
    let tree = |text| parse(text).ok();
    let each = parts.each.map(tree);
    let when = parts.when.map(tree);
    let (Some(check), false, false) = (tree(parts.check), each == Some(None), when == Some(None)) else {
        return BTreeSet::new();
    };
    let rule = Rule { each: each.flatten(), when: when.flatten(), check };
    let mut found = BTreeMap::new();
    for part in [&rule.each, &rule.when, &Some(rule.check.clone())].into_iter().flatten() {
        collect(part, environment, &mut Vec::new(), &mut found);
    }
    let is_need = |assumption: &Assumption| rule.is_silent(&Facts { assumption, environment });
    found.into_iter().filter(|(_, assumption)| is_need(assumption)).map(|(text, _)| text).collect()
}

struct Rule {
    each: Option<IdedExpr>,
    when: Option<IdedExpr>,
    check: IdedExpr,
}

impl Rule {
    /// Whether there is no outcome but "not applicable" and "pass". What is evaluated before and may lack a
    /// value counts against it.
    fn is_silent(&self, facts: &Facts<'_>) -> bool {
        if let Some(each) = &self.each {
            return facts.value(each) == Known::EmptyList;
        }
        match self.when.as_ref().map(|when| facts.value(when)) {
            Some(Known::Bool(false)) => true,
            None | Some(Known::Bool(true)) => facts.value(&self.check) == Known::Bool(true),
            Some(_) => false,
        }
    }
}

/// What is assumed of the fact at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Assumption {
    /// The message is not there.
    Absent(String),
    /// The Boolean has this value.
    Is(String, bool),
    /// The list has no element.
    Empty(String),
    /// The text is none of these.
    NoneOf(String, Vec<String>),
}

/// What is known of the value of an expression. All but `Unknown` say that it has a value.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Known {
    Bool(bool),
    Int(i64),
    Text(String),
    /// A text that is none of these.
    NoneOf(Vec<String>),
    EmptyList,
    Unknown,
}

struct Facts<'f> {
    assumption: &'f Assumption,
    environment: &'f Environment<'f>,
}

impl Facts<'_> {
    fn value(&self, node: &IdedExpr) -> Known {
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

    fn select(&self, node: &IdedExpr, select: &SelectExpr) -> Known {
        if matches!(&select.operand.expr, Expr::Ident(name) if name == "params") {
            return match self.environment.params.get(&select.field) {
                Some(Param::Bool(value)) => Known::Bool(*value),
                Some(Param::Int(value)) => Known::Int(*value),
                Some(Param::String(value)) => Known::Text(value.clone()),
                _ => Known::Unknown,
            };
        }
        // A variable of a loop may hide one of the schema; no part of a loop is looked into.
        let Some((path, field)) = fact(node, self.environment) else {
            return Known::Unknown;
        };
        match self.assumption {
            Assumption::Absent(absent) if path == *absent => {
                if select.test {
                    Known::Bool(false)
                } else {
                    Known::Unknown
                }
            }
            Assumption::Absent(absent) if is_below(&path, absent) => {
                if select.test {
                    Known::Bool(false)
                } else {
                    zero(field)
                }
            }
            Assumption::Is(known, value) if path == *known && !select.test => Known::Bool(*value),
            Assumption::Empty(known) if path == *known && !select.test => Known::EmptyList,
            Assumption::NoneOf(known, texts) if path == *known && !select.test => {
                Known::NoneOf(texts.clone())
            }
            _ => Known::Unknown,
        }
    }

    fn call(&self, call: &CallExpr) -> Known {
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
            (op::EQUALS, 2) => is_equal(&known(0), &known(1)),
            (op::NOT_EQUALS, 2) => match is_equal(&known(0), &known(1)) {
                Known::Bool(value) => Known::Bool(!value),
                other => other,
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

    fn membership(&self, element: &IdedExpr, list: &IdedExpr) -> Known {
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
fn joined(left: Known, right: Known, decisive: bool) -> Known {
    match (left, right) {
        (Known::Bool(value), _) | (_, Known::Bool(value)) if value == decisive => Known::Bool(decisive),
        (Known::Bool(_), Known::Bool(_)) => Known::Bool(!decisive),
        _ => Known::Unknown,
    }
}

fn is_equal(left: &Known, right: &Known) -> Known {
    match (left, right) {
        (Known::Bool(left), Known::Bool(right)) => Known::Bool(left == right),
        (Known::Int(left), Known::Int(right)) => Known::Bool(left == right),
        (Known::Text(left), Known::Text(right)) => Known::Bool(left == right),
        (Known::NoneOf(none), Known::Text(text)) | (Known::Text(text), Known::NoneOf(none))
            if none.contains(text) =>
        {
            Known::Bool(false)
        }
        _ => Known::Unknown,
    }
}

fn literal(value: &LiteralValue) -> Known {
    match value {
        LiteralValue::Boolean(value) => Known::Bool(*value.inner()),
        LiteralValue::Int(value) => Known::Int(*value.inner()),
        LiteralValue::String(value) => Known::Text(value.inner().to_owned()),
        _ => Known::Unknown,
    }
}

/// What a field of an absent message is.
fn zero(field: &Field) -> Known {
    match field.read {
        Read::Bool(_) => Known::Bool(false),
        Read::Int(_) => Known::Int(0),
        Read::String(_) => Known::Text(String::new()),
        Read::List(..) => Known::EmptyList,
        Read::Bytes(_) | Read::Timestamp(_) | Read::Message(..) => Known::Unknown,
    }
}

fn is_below(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.starts_with('.'))
}

/// The texts of a list of literals.
fn texts_of(list: &IdedExpr) -> Option<Vec<String>> {
    let Expr::List(list) = &list.expr else {
        return None;
    };
    let text = |element: &IdedExpr| match &element.expr {
        Expr::Literal(LiteralValue::String(text)) => Some(text.inner().to_owned()),
        _ => None,
    };
    list.elements.iter().map(text).collect()
}

/// The path and the field of a selection that begins at a variable of the schema.
fn fact(node: &IdedExpr, environment: &Environment<'_>) -> Option<(String, &'static Field)> {
    let Expr::Select(select) = &node.expr else {
        return None;
    };
    let (path, kind) = message(&select.operand, environment)?;
    Some((format!("{path}.{}", select.field), schema::field(kind, &select.field)?))
}

/// The path and the kind of a message that begins at a variable of the schema.
fn message(node: &IdedExpr, environment: &Environment<'_>) -> Option<(String, Kind)> {
    match &node.expr {
        Expr::Ident(name) if environment.roots.contains(&name.as_str()) => {
            let root = schema::ROOTS.iter().find(|root| root.name == name)?;
            Some((name.clone(), root.kind))
        }
        Expr::Select(_) => match fact(node, environment)? {
            (path, Field { read: Read::Message(kind, _), .. }) => Some((path, *kind)),
            _ => None,
        },
        _ => None,
    }
}

/// What may be assumed of the facts that an expression reads, by the expression that is false then. Variables of the
/// loops around hide those of the schema.
fn collect(
    node: &IdedExpr,
    environment: &Environment<'_>,
    hidden: &mut Vec<String>,
    found: &mut BTreeMap<String, Assumption>,
) {
    if let Some((path, field)) = fact(node, environment)
        && !hidden.iter().any(|name| path.split('.').next() == Some(name))
    {
        assume(&path, field, found);
    }
    if let Expr::Call(CallExpr { func_name, args, .. }) = &node.expr
        && let [left, right] = args.as_slice()
        && let Some((path, Field { read: Read::String(_), .. })) = fact(left, environment)
        && !hidden.iter().any(|name| path.split('.').next() == Some(name))
    {
        let texts = match (func_name.as_str(), &right.expr) {
            (op::EQUALS, Expr::Literal(LiteralValue::String(text))) => Some(vec![text.inner().to_owned()]),
            (op::IN, _) => texts_of(right),
            _ => None,
        };
        // Only what needs no escapes, so that the text below is what is meant.
        let is_plain = |text: &String| text.bytes().all(|octet| octet.is_ascii_alphanumeric());
        if let Some(texts) = texts.filter(|texts| !texts.is_empty() && texts.iter().all(is_plain)) {
            let list = texts.iter().map(|text| format!("\"{text}\"")).collect::<Vec<_>>().join(", ");
            found.insert(format!("{path} in [{list}]"), Assumption::NoneOf(path, texts));
        }
    }
    if let Expr::Comprehension(loop_) = &node.expr {
        collect(&loop_.iter_range, environment, hidden, found);
        hidden.push(loop_.iter_var.clone());
        collect(&loop_.loop_step, environment, hidden, found);
        hidden.pop();
        return;
    }
    for child in children(node) {
        collect(child, environment, hidden, found);
    }
}

fn assume(path: &str, field: &Field, found: &mut BTreeMap<String, Assumption>) {
    let path = path.to_owned();
    match field.read {
        Read::Message(..) if !matches!(field.presence, Presence::Always) => {
            found.insert(format!("has({path})"), Assumption::Absent(path));
        }
        Read::Bool(_) => {
            found.insert(path.clone(), Assumption::Is(path.clone(), false));
            found.insert(format!("!{path}"), Assumption::Is(path, true));
        }
        Read::List(Scalar::Message(_), _) => {
            found.insert(format!("size({path}) > 0"), Assumption::Empty(path));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(each: Option<&str>, when: Option<&str>, check: &str) -> Vec<String> {
        let params = BTreeMap::from([("on".to_owned(), Param::Bool(true))]);
        let environment = Environment { roots: &["cert"], item: None, params: &params };
        needs(Parts { each, when, check }, &environment).into_iter().collect()
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
            ["has(cert.subjectAltName)", "size(cert.subjectAltName.names) > 0"]
        );
        assert_eq!(
            of(None, None, "cert.nameConstraints.permittedSubtrees.all(t, t.maskContiguous)"),
            ["has(cert.nameConstraints)", "size(cert.nameConstraints.permittedSubtrees) > 0"]
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
