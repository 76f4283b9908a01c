//! The expressions of a rule, compiled: those that decide, and those that its findings are made of.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Draft;
use crate::document::{Diagnostic, Diagnostics, Text};
use crate::expr::{
    BoolFn, Code, Environment, ExpressionError, Param, PlacePath, Template, compile, compile_bool,
    compile_place,
};
use crate::facts::time::rfc3339;
use crate::facts::value::{Scalar, Type};

/// The compiled parts of a rule that decide.
pub struct RuleCode {
    /// The list it is run over, if it has `each`.
    pub each: Option<Code>,
    /// Whether the certificate was issued in the time that it is for.
    pub window: Option<BoolFn>,
    /// Whether it applies.
    pub when: Option<BoolFn>,
    /// What must hold.
    pub check: BoolFn,
}

impl std::fmt::Debug for RuleCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RuleCode").field("each", &self.each).finish_non_exhaustive()
    }
}

/// The compiled parts of a rule that its findings are made of.
#[derive(Debug)]
pub struct FindingCode {
    /// Where it points.
    pub at: PlacePath,
    /// What it says.
    pub message: Template,
    /// What it advises.
    pub fix: Template,
}

/// A rule being compiled, and what is wrong with its expressions so far.
struct Compiling<'d> {
    draft: &'d Draft,
    environment: Environment<'d>,
    errors: Vec<Diagnostic>,
}

/// Compiles the expressions of a rule.
///
/// # Errors
/// Everything that is wrong with them.
pub(super) fn compile_rule(
    draft: &Draft,
    params: &BTreeMap<String, Param>,
) -> Result<(RuleCode, FindingCode), Vec<Diagnostic>> {
    let mut compiling = Compiling::new(draft, params);
    let each = compiling.each();
    // Where `each` itself is faulty, `item` stands for anything; more errors would be echoes.
    if draft.each.is_some() && each.is_none() {
        return Err(compiling.errors);
    }
    match (compiling.rule(each), compiling.finding()) {
        (Some(rule), Some(finding)) if compiling.errors.is_empty() => Ok((rule, finding)),
        _ => Err(compiling.errors),
    }
}

/// Compiles what decides, of a rule that is proven sound.
pub(super) fn rule_code(draft: &Draft, params: &BTreeMap<String, Param>) -> RuleCode {
    let mut compiling = Compiling::new(draft, params);
    let each = compiling.each();
    let code = compiling.rule(each);
    compiling.proven(code)
}

/// Compiles what findings are made of, of a rule that is proven sound.
pub(super) fn finding_code(draft: &Draft, params: &BTreeMap<String, Param>) -> FindingCode {
    let mut compiling = Compiling::new(draft, params);
    compiling.each();
    let code = compiling.finding();
    compiling.proven(code)
}

impl<'d> Compiling<'d> {
    fn new(draft: &'d Draft, params: &'d BTreeMap<String, Param>) -> Self {
        let environment = Environment { roots: draft.subject.roots(), item: None, params };
        Self { draft, environment, errors: Vec::new() }
    }

    /// Compiles `each`, and binds `item` for what comes after it.
    fn each(&mut self) -> Option<Code> {
        let text = self.draft.each.as_ref()?;
        let code = compile(&text.value, &self.environment);
        let code = self.sound(text, code)?;
        match code.type_() {
            Type::List(item) => {
                self.environment.item = Some(item);
                Some(code)
            }
            found @ Type::One(_) => {
                let message = format!("`each` is of type {found}, a list is wanted");
                self.fail(text.place(&(0..text.value.len())), "not-a-list", message, None);
                None
            }
        }
    }

    /// Compiles what decides, but `each`.
    fn rule(&mut self, each: Option<Code>) -> Option<RuleCode> {
        let draft = self.draft;
        // It is made here, of dates that were read, so it is sound.
        let window = window(draft).and_then(|text| compile_bool(&text, &self.environment).ok());
        let when = draft.when.as_ref().and_then(|text| {
            let code = compile_bool(&text.value, &self.environment);
            self.sound(text, code)
        });
        let check = compile_bool(&draft.check.value, &self.environment);
        let check = self.sound(&draft.check, check)?;
        Some(RuleCode { each, window, when, check })
    }

    /// Compiles what findings are made of.
    fn finding(&mut self) -> Option<FindingCode> {
        let draft = self.draft;
        let default_at = Text { value: self.default_place(), span: 0..0, start: None };
        let at = draft.at.as_ref().unwrap_or(&default_at);
        let place = compile_place(&at.value, &self.environment);
        let at = self.sound(at, place);
        let [message, fix] = [&draft.message, &draft.fix].map(|text| {
            let template = Template::compile(&text.value, &self.environment);
            self.sound(text, template)
        });
        if message.as_ref().is_some_and(|message| !message.names_a_value()) {
            let help = "put what is at fault between braces, such as {cert.subject.text}".to_owned();
            let message = "the message names no value".into();
            self.fail(draft.message.span.clone(), "message-without-value", message, Some(help));
        }
        Some(FindingCode { at: at?, message: message?, fix: fix? })
    }

    /// Where a finding points if the rule does not say.
    fn default_place(&self) -> String {
        match self.environment.item {
            Some(Scalar::Message(_)) => "item".into(),
            _ => self.draft.subject.roots()[0].to_owned(),
        }
    }

    /// What was compiled of a text; else its faults are taken down.
    fn sound<T>(&mut self, text: &Text, result: Result<T, Vec<ExpressionError>>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(faults) => {
                for fault in faults {
                    self.fail(text.place(&fault.range), fault.name, fault.message, fault.help);
                }
                None
            }
        }
    }

    fn proven<T>(self, code: Option<T>) -> T {
        match code {
            Some(code) if self.errors.is_empty() => code,
            _ => panic!("{}", Diagnostics::new(self.errors)),
        }
    }

    fn fail(&mut self, range: Range<usize>, name: &'static str, message: String, help: Option<String>) {
        self.errors.push(diagnostic(self.draft, range, name, message, help));
    }
}

/// `from` and `until` as an expression.
fn window(draft: &Draft) -> Option<String> {
    let issued = draft.subject.issued()?;
    let bound = |sign, instant: Option<i64>| {
        instant.map(|instant| format!("{issued} {sign} timestamp(\"{}\")", rfc3339(instant)))
    };
    let bounds: Vec<String> = bound(">=", draft.from).into_iter().chain(bound("<", draft.until)).collect();
    (!bounds.is_empty()).then(|| bounds.join(" && "))
}

/// An error at a place of a rule file.
pub(super) fn diagnostic(
    draft: &Draft,
    range: Range<usize>,
    name: &'static str,
    message: String,
    help: Option<String>,
) -> Diagnostic {
    let path = draft.source.path.to_string();
    Diagnostic { name, path, text: draft.source.text.to_string(), range, message, help }
}
