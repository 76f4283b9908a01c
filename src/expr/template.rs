//! Texts with expressions between braces: messages and fixes of rules.

use super::code::Code;
use super::functions::{joined, text_of};
use super::tokens::trimmed;
use super::{Environment, ExpressionError, Scope, compile};
use crate::facts::value::{Out, Scalar, Type};
use crate::limits;

/// A compiled text.
#[derive(Debug)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    Text(String),
    Value {
        code: Code,
        /// Whether it is a fact as it stands, not computed from facts.
        is_fact: bool,
    },
}

impl Template {
    /// Compiles a text; `{…}` holds an expression, `{{` and `}}` are braces.
    ///
    /// # Errors
    /// Everything that is wrong with its expressions, at their places in the text.
    pub fn compile(text: &str, environment: &Environment<'_>) -> Result<Self, Vec<ExpressionError>> {
        let mut parts = Vec::new();
        let mut errors = Vec::new();
        let mut plain = String::new();
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            let rest = &text[at..];
            if rest.starts_with("{{") || rest.starts_with("}}") {
                plain.push(c);
                at += 2;
            } else if c == '{' {
                let Some(length) = expression_length(&rest[1..]) else {
                    errors.push(brace(at, "this brace is not closed"));
                    break;
                };
                parts.push(Part::Text(std::mem::take(&mut plain)));
                match value(&rest[1..=length], environment) {
                    Ok(code) => parts.push(Part::Value { code, is_fact: is_path(&rest[1..=length]) }),
                    Err(inner) => errors.extend(inner.into_iter().map(|error| shift(error, at + 1))),
                }
                at += length + 2;
            } else if c == '}' {
                errors.push(brace(at, "this brace was not opened"));
                at += 1;
            } else {
                plain.push(c);
                at += c.len_utf8();
            }
        }
        parts.push(Part::Text(plain));
        if errors.is_empty() { Ok(Self { parts }) } else { Err(errors) }
    }

    /// Whether an expression is in it.
    #[must_use]
    pub fn names_a_value(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Value { .. }))
    }

    /// The text with the values of the scope. A value that cannot be had is
    /// shown as `(unreadable)`, a fact that is empty, such as the text of a name
    /// without attributes, as `(empty)`; long ones are cut at `limits::SHOWN_CHARACTERS`.
    #[must_use]
    pub fn render(&self, scope: &mut Scope<'_>) -> String {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Value { code, is_fact } => match shown(code, scope) {
                    Ok(value) if *is_fact && value.is_empty() => text.push_str("(empty)"),
                    Ok(value) => push_cut(&mut text, &value),
                    Err(_) => text.push_str("(unreadable)"),
                },
            }
        }
        text
    }
}

fn shown(code: &Code, scope: &mut Scope<'_>) -> Out<String> {
    match code {
        Code::List(_, list) => joined(list, ", ", scope),
        code => Ok(text_of(&code.value(scope)?).into_owned()),
    }
}

/// Whether an expression is a path and nothing else.
fn is_path(expression: &str) -> bool {
    expression.trim().chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '[' | ']'))
}

fn push_cut(text: &mut String, value: &str) {
    match value.char_indices().nth(limits::SHOWN_CHARACTERS) {
        Some((cut, _)) => {
            text.push_str(&value[..cut]);
            text.push('…');
        }
        None => text.push_str(value),
    }
}

/// Length of an expression up to its closing brace; quotes are skipped.
fn expression_length(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            None if c == '\'' || c == '"' => quote = Some(c),
            None if c == '}' => return Some(at),
            _ => {}
        }
    }
    None
}

fn value(text: &str, environment: &Environment<'_>) -> Result<Code, Vec<ExpressionError>> {
    let code = compile(text, environment)?;
    match code.type_() {
        Type::One(Scalar::Message(_)) | Type::List(Scalar::Message(_)) => Err(vec![ExpressionError {
            name: "message-value",
            range: trimmed(text),
            message: format!("a value of type {} has no text of its own", code.type_()),
            help: Some("name one of its fields".into()),
        }]),
        _ => Ok(code),
    }
}

fn brace(at: usize, message: &str) -> ExpressionError {
    ExpressionError {
        name: "unbalanced-brace",
        range: at..at + 1,
        message: message.into(),
        help: Some("write {{ or }} for a brace".into()),
    }
}

fn shift(mut error: ExpressionError, by: usize) -> ExpressionError {
    error.range = error.range.start + by..error.range.end + by;
    error
}
