//! What an artifact must have for a rule to say anything of it, found by computing the rule with one fact
//! assumed absent, empty or false, or all elements of a list ordinary, and all others unknown. The engine asks for each such need once an artifact
//! and passes over the rules that lack theirs, so that an absent extension costs nothing.

use std::cell::LazyCell;

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, operators as op};

use super::Environment;
use super::known::{Assumption, Facts, Known, fact, texts_of};
use super::syntax::{children, parse};
use crate::facts::schema::{Field, Given, Presence, Read};
use crate::facts::value::Scalar;

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
    let known = |tree, assumption| Facts { assumption, element: &[], environment }.value(tree);
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
        (value, Parts { each: Some(_), .. }) => value == Known::List(0),
        (Known::Bool(false), Parts { when: Some(_), .. }) => true,
        (Known::Bool(true) | Known::Some, Parts { when: Some(_), .. }) => holds(assumption),
        (value, _) => value == Known::Bool(true),
    };
    let needs = assumptions.iter().filter(|assumption| is_silent(Some(assumption))).map(Assumption::need);
    needs.chain(parts.each.and_then(|_| unusual(&first, parts, environment))).collect()
}

/// That an element of the list is out of the ordinary, where the rule says nothing of ordinary ones.
fn unusual(each: &IdedExpr, parts: Parts<'_>, environment: &Environment<'_>) -> Option<String> {
    let ordinary = fact(each, environment)?.ordinary?;
    let Expr::Select(select) = &each.expr else {
        return None;
    };
    let (when, check) = (parts.when.map(parse).transpose().ok()?, parse(parts.check).ok()?);
    let is_silent = |case: &&[Given]| {
        let element = &[ordinary.all, case];
        let known = |tree| Facts { assumption: None, element, environment }.value(tree);
        match when.as_ref().map_or(Known::Bool(true), known) {
            Known::Bool(false) => true,
            Known::Bool(true) | Known::Some => known(&check) == Known::Bool(true),
            _ => false,
        }
    };
    let is_needed = ordinary.cases.iter().all(is_silent);
    is_needed.then(|| format!("{}.{}", path_text(&select.operand), ordinary.fact))
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
    use crate::expr::Param;
    use crate::facts::value::Kind;

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
    fn rules_that_say_nothing_of_ordinary_elements_need_others() {
        let of = |when: Option<&str>, check: &str| {
            let params = BTreeMap::from([("on".to_owned(), Param::Bool(true))]);
            let environment = Environment {
                roots: &["cert"],
                item: Some(Scalar::Message(Kind::Extension)),
                params: &params,
            };
            let needs = needs(Parts { each: Some("cert.extensions"), when, check }, &environment);
            needs.iter().any(|need| need == "cert.unusualExtensions")
        };
        assert!(of(None, "!item.repeated"));
        assert!(of(Some("item.critical"), "item.name != \"authorityInfoAccess\""));
        assert!(of(Some("item.name in [\"keyUsage\", \"freshestCRL\"]"), "item.malformedReason == \"\""));
        assert!(!of(None, "!item.critical"), "ordinary ones may be critical");
        assert!(!of(None, "item.octets < 100"), "nothing is said of their length");
        assert!(!of(Some("cert.isCa"), "!item.repeated"), "whether it is a CA may have no answer");
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
