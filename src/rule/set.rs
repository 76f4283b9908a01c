//! The rules of a run: those of the binary and of the user, under a profile,
//! compiled.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::known::{check_levels, check_profile};
use super::profile::{Level, Profile, SetLevel};
use super::{Draft, RuleSource, Subject, embedded};
use crate::document::{Diagnostic, Diagnostics, Text};
use crate::expr::{
    BoolFn, Code, Environment, ExpressionError, Param, Parts, PlacePath, Template, compile, compile_bool,
    compile_place, needs,
};
use crate::facts::time::rfc3339;
use crate::facts::value::{Scalar, Type};
use crate::finding::Severity;

/// A rule ready to run.
#[derive(Debug)]
pub struct Rule {
    /// What was written.
    pub draft: Draft,
    /// Its level under the profile.
    pub severity: Severity,
    /// Its compiled parts.
    pub code: RuleCode,
}

/// The rules on a subject, in the order of their ids, and what they need.
#[derive(Debug, Default)]
pub struct Plan {
    /// What is asked at most once an artifact; up to 64.
    pub needs: Vec<Need>,
    /// The rules.
    pub rules: Vec<Planned>,
}

/// A rule of a plan.
#[derive(Clone, Copy, Debug)]
pub struct Planned {
    /// Its place in [`RuleSet::rules`].
    pub at: usize,
    /// The needs of the plan without which it says nothing, one bit each.
    pub needs: u64,
}

/// The compiled parts of a rule.
pub struct RuleCode {
    /// The list it is run over, if it has `each`.
    pub each: Option<Code>,
    /// Whether the certificate was issued in the time that it is for.
    pub window: Option<BoolFn>,
    /// Whether it applies.
    pub when: Option<BoolFn>,
    /// What must hold.
    pub check: BoolFn,
    /// Where a finding points.
    pub at: PlacePath,
    /// What a finding says.
    pub message: Template,
    /// What it advises.
    pub fix: Template,
}

impl std::fmt::Debug for RuleCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RuleCode").field("at", &self.at).finish_non_exhaustive()
    }
}

/// Something that rules need to say anything.
pub struct Need {
    /// The expression.
    pub text: String,
    /// It, compiled.
    pub code: BoolFn,
}

impl std::fmt::Debug for Need {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// The rules of a run.
#[derive(Debug)]
pub struct RuleSet {
    /// The profile they run under.
    pub profile: Profile,
    /// The rules that run, sorted by id.
    pub rules: Vec<Rule>,
    /// Rules that do not run under the profile, sorted by id.
    pub off: Vec<Draft>,
    /// What runs on each subject that has rules.
    pub plans: BTreeMap<Subject, Plan>,
}

/// What changes the rules of a run beside its profile.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Rule files of the user.
    pub sources: Vec<RuleSource>,
    /// Levels set by the user; later ones count.
    pub levels: Vec<SetLevel>,
}

/// The rules of the binary, as they were written.
///
/// # Errors
/// Where one is faulty, which a test excludes.
pub fn embedded_drafts() -> Result<Vec<Draft>, Diagnostics> {
    let sources = embedded::RULES.iter().map(|(id, text)| RuleSource {
        id: (*id).to_owned(),
        path: format!("rules/{id}.toml"),
        text: (*text).to_owned(),
    });
    read_all(sources)
}

fn read_all(sources: impl IntoIterator<Item = RuleSource>) -> Result<Vec<Draft>, Diagnostics> {
    let mut drafts = Vec::new();
    let mut errors = Vec::new();
    let sources: Vec<RuleSource> = sources.into_iter().collect();
    let read: Vec<_> = sources.into_par_iter().map(Draft::read).collect();
    for draft in read {
        match draft {
            Ok(draft) => drafts.push(draft),
            Err(unsound) => errors.extend(unsound.errors),
        }
    }
    if errors.is_empty() { Ok(drafts) } else { Err(Diagnostics::new(errors)) }
}

impl RuleSet {
    /// Loads the rules of the binary and of the user under a profile.
    ///
    /// # Errors
    /// Everything that is wrong with any of the files, at once.
    pub fn load(profile: Profile, options: Options) -> Result<Self, Diagnostics> {
        let mut errors = Vec::new();
        let mut drafts = embedded_drafts()?;
        for source in options.sources {
            match Draft::read(source) {
                Ok(draft) => match drafts.iter().find(|known| known.source.id == draft.source.id) {
                    Some(known) => {
                        errors.push(duplicate(&draft, known));
                        errors.extend(faults_of(&draft));
                    }
                    None => drafts.push(draft),
                },
                Err(unsound) => {
                    errors.extend(unsound.errors);
                    errors.extend(unsound.draft.iter().flat_map(|draft| faults_of(draft)));
                }
            }
        }
        drafts.sort_by(|left, right| left.source.id.cmp(&right.source.id));
        check_profile(&profile, &drafts, &mut errors);
        check_levels(&options.levels, &drafts, &mut errors);
        let mut set = Self { profile, rules: Vec::new(), off: Vec::new(), plans: BTreeMap::new() };
        let compiled: Vec<Outcome> =
            drafts.par_iter().map(|draft| set.compiled(draft, &options.levels)).collect();
        let mut needs = Vec::new();
        for (draft, outcome) in drafts.into_iter().zip(compiled) {
            match outcome {
                Outcome::Faulty(faults) => errors.extend(faults),
                Outcome::Off => set.off.push(draft),
                Outcome::On(severity, code, found) => {
                    let plan = set.plans.entry(draft.subject).or_default();
                    plan.rules.push(Planned { at: set.rules.len(), needs: 0 });
                    set.rules.push(Rule { draft, severity, code: *code });
                    needs.push(found);
                }
            }
        }
        set.index(&needs);
        if errors.is_empty() { Ok(set) } else { Err(Diagnostics::new(errors)) }
    }

    /// The rules on a subject.
    pub fn on(&self, subject: Subject) -> impl Iterator<Item = &Rule> {
        self.plans
            .get(&subject)
            .into_iter()
            .flat_map(|plan| &plan.rules)
            .map(|planned| &self.rules[planned.at])
    }

    /// A rule by its id, whether it runs or not.
    #[must_use]
    pub fn draft(&self, id: &str) -> Option<&Draft> {
        self.drafts().find(|draft| draft.source.id == id)
    }

    /// All rules, whether they run or not.
    pub fn drafts(&self) -> impl Iterator<Item = &Draft> {
        self.rules.iter().map(|rule| &rule.draft).chain(&self.off)
    }

    /// A rule under the profile and the levels of the user.
    fn compiled(&self, draft: &Draft, levels: &[SetLevel]) -> Outcome {
        let id = &draft.source.id;
        let said = levels.iter().rev().find(|said| said.rule == *id).map(|said| said.level);
        let level = said.unwrap_or_else(|| self.profile.level(id, draft.severity));
        let is_ours =
            draft.source.path.starts_with("rules/") && embedded::RULES.iter().any(|(known, _)| known == id);
        // Rules of the binary are compiled by a test; those of a user here.
        if level == Level::Off && is_ours {
            return Outcome::Off;
        }
        let params = self.params_of(draft);
        match (compile_rule(draft, &params), level) {
            (Err(faults), _) => Outcome::Faulty(faults),
            (Ok(_), Level::Off) => Outcome::Off,
            (Ok(code), Level::On(severity)) => {
                Outcome::On(severity, Box::new(code), needs_of(draft, &params))
            }
        }
    }

    /// Chooses the needs that are asked once an artifact: those that most rules have, until each rule has two.
    fn index(&mut self, needs: &[BTreeSet<String>]) {
        const MOST: usize = u64::BITS as usize;
        for (subject, plan) in &mut self.plans {
            let mut shared: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
            for (place, planned) in plan.rules.iter().enumerate() {
                // Whether it was issued in time is asked first, and may lack an answer.
                if self.rules[planned.at].code.window.is_none() {
                    needs[planned.at].iter().for_each(|need| shared.entry(need).or_default().push(place));
                }
            }
            let mut shared: Vec<(&str, Vec<usize>)> = shared.into_iter().collect();
            shared.sort_by_key(|(need, places)| (std::cmp::Reverse(places.len()), need.len()));
            let environment = Environment { roots: subject.roots(), item: None, params: &BTreeMap::new() };
            for (need, places) in shared {
                let is_wanted = places.iter().any(|place| plan.rules[*place].needs.count_ones() < 2);
                if plan.needs.len() < MOST && is_wanted {
                    let code = compile_bool(need, &environment).expect("needs are made of facts that exist");
                    for place in places {
                        plan.rules[place].needs |= 1 << plan.needs.len();
                    }
                    plan.needs.push(Need { text: need.to_owned(), code });
                }
            }
        }
    }

    fn params_of(&self, draft: &Draft) -> BTreeMap<String, Param> {
        let mut params = draft.params.clone();
        for (name, param) in &mut params {
            // A value of another type was reported.
            let said = self.profile.param(&draft.source.id, name);
            if let Some(value) = said.filter(|value| param.type_() == value.type_()) {
                *param = value.clone();
            }
        }
        params
    }
}

/// What becomes of a rule under a profile.
enum Outcome {
    Faulty(Vec<Diagnostic>),
    Off,
    On(Severity, Box<RuleCode>, BTreeSet<String>),
}

/// What a rule needs, as [`crate::expr::needs`] tells.
fn needs_of(draft: &Draft, params: &BTreeMap<String, Param>) -> BTreeSet<String> {
    let parts = Parts {
        each: draft.each.as_ref().map(|text| text.value.as_str()),
        when: draft.when.as_ref().map(|text| text.value.as_str()),
        check: &draft.check.value,
    };
    needs(parts, &Environment { roots: draft.subject.roots(), item: None, params })
}

/// What is wrong with the expressions of a rule that will not run.
fn faults_of(draft: &Draft) -> Vec<Diagnostic> {
    compile_rule(draft, &draft.params).err().unwrap_or_default()
}

/// Compiles the expressions of a rule.
///
/// # Errors
/// Everything that is wrong with them.
fn compile_rule(draft: &Draft, params: &BTreeMap<String, Param>) -> Result<RuleCode, Vec<Diagnostic>> {
    let mut errors = Vec::new();
    let roots = draft.subject.roots();
    let mut environment = Environment { roots, item: None, params };
    // It is made here, of dates that were read, so it is sound.
    let window = window(draft).and_then(|text| compile_bool(&text, &environment).ok());
    let each = draft.each.as_ref().and_then(|text| {
        let code = collect(draft, text, compile(&text.value, &environment), &mut errors)?;
        match code.type_() {
            Type::List(item) => Some((code, item)),
            found @ Type::One(_) => {
                let message = format!("`each` is of type {found}, a list is wanted");
                errors.push(diagnostic(
                    draft,
                    text.place(&(0..text.value.len())),
                    "not-a-list",
                    message,
                    None,
                ));
                None
            }
        }
    });
    // Where `each` itself is faulty, `item` stands for anything; more errors would be echoes.
    if draft.each.is_some() && each.is_none() {
        return Err(errors);
    }
    environment.item = each.as_ref().map(|(_, item)| *item);
    let when = draft
        .when
        .as_ref()
        .map(|text| collect(draft, text, compile_bool(&text.value, &environment), &mut errors));
    let check = collect(draft, &draft.check, compile_bool(&draft.check.value, &environment), &mut errors);
    let default_at = Text { value: default_place(draft, environment.item), span: 0..0, start: None };
    let at = draft.at.as_ref().unwrap_or(&default_at);
    let at = collect(draft, at, compile_place(&at.value, &environment), &mut errors);
    let message =
        collect(draft, &draft.message, Template::compile(&draft.message.value, &environment), &mut errors);
    let fix = collect(draft, &draft.fix, Template::compile(&draft.fix.value, &environment), &mut errors);
    if message.as_ref().is_some_and(|message| !message.names_a_value()) {
        let help = "put what is at fault between braces, such as {cert.subject.text}".to_owned();
        errors.push(diagnostic(
            draft,
            draft.message.span.clone(),
            "message-without-value",
            "the message names no value".into(),
            Some(help),
        ));
    }
    match (check, at, message, fix) {
        (Some(check), Some(at), Some(message), Some(fix)) if errors.is_empty() => {
            let each = each.map(|(code, _)| code);
            Ok(RuleCode { each, window, when: when.flatten(), check, at, message, fix })
        }
        _ => Err(errors),
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

/// Where a finding points if the rule does not say.
fn default_place(draft: &Draft, item: Option<Scalar>) -> String {
    match item {
        Some(Scalar::Message(_)) => "item".into(),
        _ => draft.subject.roots()[0].to_owned(),
    }
}

fn collect<T>(
    draft: &Draft,
    text: &Text,
    result: Result<T, Vec<ExpressionError>>,
    errors: &mut Vec<Diagnostic>,
) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(faults) => {
            errors.extend(faults.into_iter().map(|fault| {
                diagnostic(draft, text.place(&fault.range), fault.name, fault.message, fault.help)
            }));
            None
        }
    }
}

fn diagnostic(
    draft: &Draft,
    range: std::ops::Range<usize>,
    name: &'static str,
    message: String,
    help: Option<String>,
) -> Diagnostic {
    Diagnostic {
        name,
        path: draft.source.path.clone(),
        text: draft.source.text.clone(),
        range,
        message,
        help,
    }
}

fn duplicate(draft: &Draft, known: &Draft) -> Diagnostic {
    let message = format!("the rule `{}` exists already, in {}", draft.source.id, known.source.path);
    diagnostic(
        draft,
        0..0,
        "duplicate-rule",
        message,
        Some("give the file another name; levels are changed in pemlint.toml".into()),
    )
}
