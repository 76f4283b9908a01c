//! Strings and heredocs of Terraform, read with hcl-edit, which keeps their places.

use hcl_edit::Span as _;
use hcl_edit::expr::{ObjectKey, ObjectValue};
use hcl_edit::structure::{Attribute, Block, BlockLabel, Body};
use hcl_edit::template::{Element, HeredocTemplate, StringTemplate, Template};
use hcl_edit::visit::{Visit, visit_array, visit_body, visit_object_value};
use hcl_edit::{Decorated, expr::Array};

use super::align::{Escapes, align};
use super::path::{Step, object_of, path_of};
use super::{Value, is_wanted};
use crate::limits;

pub(super) fn values(text: &str) -> Vec<Value> {
    if text.len() > limits::TERRAFORM_OCTETS {
        return Vec::new();
    }
    let Ok(body) = hcl_edit::parser::parse_body(text) else {
        return Vec::new();
    };
    let mut strings = Strings { text, steps: Vec::new(), found: Vec::new() };
    strings.visit_body(&body);
    strings.found
}

struct Strings<'t> {
    text: &'t str,
    steps: Vec<Step>,
    found: Vec<Value>,
}

impl Strings<'_> {
    fn take(&mut self, decoded: &str, range: Option<std::ops::Range<usize>>, escapes: Escapes) {
        let Some(range) = range.filter(|_| is_wanted(decoded.as_bytes())) else {
            return;
        };
        let draft = align(self.text.as_bytes(), range.clone(), decoded.as_bytes(), escapes);
        self.found.push(Value { path: path_of(&self.steps), object: object_of(&self.steps), draft, range });
    }

    fn inside(&mut self, step: Step, visit: impl FnOnce(&mut Self)) {
        self.steps.push(step);
        visit(self);
        self.steps.pop();
    }
}

/// The text of a template, without what is interpolated.
fn literal(template: &Template) -> String {
    let text = |element: &Element| match element {
        Element::Literal(text) => text.value().clone(),
        _ => String::new(),
    };
    template.iter().map(text).collect()
}

impl Visit for Strings<'_> {
    fn visit_body(&mut self, node: &Body) {
        visit_body(self, node);
    }

    fn visit_block(&mut self, node: &Block) {
        let label = |label: &BlockLabel| Step::Key(label.as_str().to_owned());
        let depth = self.steps.len();
        self.steps.push(Step::Key(node.ident.as_str().to_owned()));
        self.steps.extend(node.labels.iter().map(label));
        self.visit_body(&node.body);
        self.steps.truncate(depth);
    }

    fn visit_attr(&mut self, node: &Attribute) {
        self.inside(Step::Key(node.key.as_str().to_owned()), |strings| strings.visit_expr(&node.value));
    }

    fn visit_object_item(&mut self, key: &ObjectKey, value: &ObjectValue) {
        let name = match key {
            ObjectKey::Ident(ident) => ident.as_str().to_owned(),
            ObjectKey::Expression(expression) => {
                expression.as_str().map_or_else(|| expression.to_string().trim().to_owned(), str::to_owned)
            }
        };
        self.inside(Step::Key(name), |strings| visit_object_value(strings, value));
    }

    fn visit_array(&mut self, node: &Array) {
        if node.len() < 2 {
            return visit_array(self, node);
        }
        for (at, expression) in node.iter().enumerate() {
            self.inside(Step::Element(at), |strings| strings.visit_expr(expression));
        }
    }

    fn visit_string(&mut self, node: &Decorated<String>) {
        self.take(node.value(), node.span(), Escapes::Yes);
    }

    fn visit_string_template(&mut self, node: &StringTemplate) {
        self.take(&literal(node), node.span(), Escapes::Yes);
    }

    fn visit_heredoc_template(&mut self, node: &HeredocTemplate) {
        self.take(&literal(&node.template), node.template.span(), Escapes::No);
    }
}
