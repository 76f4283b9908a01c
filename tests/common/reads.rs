//! Which facts a rule reads: its expressions and the braces of its texts are
//! parsed and every path is followed through the schema, kind by kind.

use std::collections::BTreeSet;

use cel::common::ast::{ComprehensionExpr, Expr, IdedExpr, SelectExpr, operators as op};
use pemlint::expr::parse;
use pemlint::facts::schema::{self, Field, Read};
use pemlint::facts::value::{Kind, Scalar};
use pemlint::rule::Draft;

/// A fact: the kind of message that has it, and its name there.
pub(crate) type Fact = (Kind, &'static str);

/// What an expression gives, as far as a path can go on from there.
#[derive(Clone, Copy, Debug)]
enum Shape {
    Message(Kind),
    Messages(Kind),
    Plain,
}

/// Every fact that a rule reads or points at.
pub(crate) fn facts_of(draft: &Draft) -> BTreeSet<Fact> {
    let mut reader = Reader { rule: &draft.source.id, names: Vec::new(), facts: BTreeSet::new() };
    if let Some(each) = &draft.each {
        let list = reader.expression(&each.value);
        reader.names.push(("item".into(), element(list)));
    }
    let texts = [draft.when.as_ref(), Some(&draft.check), draft.at.as_ref()];
    for text in texts.into_iter().flatten() {
        reader.expression(&text.value);
    }
    for text in [&draft.message, &draft.fix] {
        for inside in between_braces(&text.value) {
            reader.expression(&inside);
        }
    }
    reader.facts
}

/// The expressions of a message or a fix: what stands between single braces.
pub(crate) fn between_braces(text: &str) -> Vec<String> {
    let text = text.replace("{{", "").replace("}}", "");
    text.split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}'))
        .map(|(inside, _)| inside.to_owned())
        .collect()
}

/// The kind of message that a fact is, or that its elements are.
pub(crate) fn message_of(field: &Field) -> Option<Kind> {
    match field.read {
        Read::Message(kind, _) | Read::List(Scalar::Message(kind), _) => Some(kind),
        _ => None,
    }
}

fn element(list: Shape) -> Shape {
    match list {
        Shape::Messages(kind) => Shape::Message(kind),
        Shape::Message(_) | Shape::Plain => Shape::Plain,
    }
}

struct Reader<'d> {
    rule: &'d str,
    /// `item` and the variables of loops, inner ones last.
    names: Vec<(String, Shape)>,
    facts: BTreeSet<Fact>,
}

impl Reader<'_> {
    fn expression(&mut self, text: &str) -> Shape {
        let tree = parse(text).unwrap_or_else(|errors| panic!("{}: {text}: {errors:?}", self.rule));
        self.node(&tree)
    }

    fn node(&mut self, node: &IdedExpr) -> Shape {
        match &node.expr {
            Expr::Ident(name) => self.variable(name),
            Expr::Select(select) => self.select(select),
            Expr::Call(call) => {
                let parts: Vec<Shape> = call
                    .target
                    .iter()
                    .map(AsRef::as_ref)
                    .chain(&call.args)
                    .map(|part| self.node(part))
                    .collect();
                match (call.func_name.as_str(), parts.as_slice()) {
                    (op::INDEX, [list, _]) => element(*list),
                    (op::CONDITIONAL, [_, value, _]) => *value,
                    _ => Shape::Plain,
                }
            }
            Expr::List(list) => {
                for part in &list.elements {
                    self.node(part);
                }
                Shape::Plain
            }
            Expr::Comprehension(loop_) => self.comprehension(loop_),
            _ => Shape::Plain,
        }
    }

    fn variable(&mut self, name: &str) -> Shape {
        if let Some((_, shape)) = self.names.iter().rev().find(|(known, _)| known == name) {
            return *shape;
        }
        let root = schema::ROOTS.iter().find(|root| root.name == name);
        root.map_or(Shape::Plain, |root| Shape::Message(root.kind))
    }

    fn select(&mut self, select: &SelectExpr) -> Shape {
        if matches!(&select.operand.expr, Expr::Ident(name) if name == "params") {
            return Shape::Plain;
        }
        let Shape::Message(kind) = self.node(&select.operand) else {
            panic!("{}: what `.{}` is read from is not known here", self.rule, select.field);
        };
        let field = schema::field(kind, &select.field);
        let field = field.unwrap_or_else(|| panic!("{}: {kind:?} has no fact {}", self.rule, select.field));
        self.facts.insert((kind, field.name));
        match field.read {
            Read::Message(kind, _) => Shape::Message(kind),
            Read::List(Scalar::Message(kind), _) => Shape::Messages(kind),
            _ => Shape::Plain,
        }
    }

    fn comprehension(&mut self, loop_: &ComprehensionExpr) -> Shape {
        let list = self.node(&loop_.iter_range);
        self.names.push((loop_.iter_var.clone(), element(list)));
        self.names.push((loop_.accu_var.clone(), Shape::Plain));
        for part in [&loop_.accu_init, &loop_.loop_cond, &loop_.loop_step, &loop_.result] {
            self.node(part);
        }
        self.names.truncate(self.names.len() - 2);
        // Of `filter` the elements are known, of `map` they are not.
        if matches!(loop_.accu_init.expr, Expr::List(_)) { list } else { Shape::Plain }
    }
}
