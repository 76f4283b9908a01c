//! The rules of a run: those of the binary and of the user, under a profile. Those of the user are compiled here, so
//! that everything wrong with them is said at once; those of the binary, which tests prove sound, when they are first
//! used.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use super::code::{FindingCode, RuleCode, compile_rule, diagnostic, finding_code, rule_code};
use super::known::{check_levels, check_profile};
use super::profile::{Level, Profile, SetLevel};
use super::{Draft, RuleSource, Subject, embedded};
use crate::document::{Diagnostic, Diagnostics};
use crate::expr::{BoolFn, Environment, Param, Parts, compile_bool, needs};
use crate::finding::Severity;

/// A rule ready to run.
#[derive(Debug)]
pub struct Rule {
    /// What was written.
    pub draft: Arc<Draft>,
    /// Its level under the profile.
    pub severity: Severity,
    /// What decides.
    pub code: Later<RuleCode>,
    /// What its findings are made of.
    pub finding: Later<Box<FindingCode>>,
}

/// What is compiled when it is first used, if the rule is in the binary.
pub type Later<T> = LazyLock<T, Box<dyn FnOnce() -> T + Send>>;

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
    pub off: Vec<Arc<Draft>>,
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

impl RuleSet {
    /// Loads the rules of the binary and of the user under a profile.
    ///
    /// # Errors
    /// Everything that is wrong with any of the files, at once.
    pub fn load(profile: Profile, options: Options) -> Result<Self, Diagnostics> {
        let mut errors = Vec::new();
        let mut drafts: Vec<Arc<Draft>> = embedded::read()?;
        for source in options.sources {
            match Draft::read(source) {
                Ok(draft) => match drafts.iter().find(|known| known.source.id == draft.source.id) {
                    Some(known) => {
                        errors.push(duplicate(&draft, known));
                        errors.extend(faults_of(&draft));
                    }
                    None => drafts.push(draft.into()),
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
        let mut set = Self {
            profile,
            rules: Vec::with_capacity(drafts.len()),
            off: Vec::new(),
            plans: BTreeMap::new(),
        };
        let mut needs = Vec::new();
        for draft in drafts {
            match set.add(draft, &options.levels) {
                Ok(found) => needs.extend(found),
                Err(faults) => errors.extend(faults),
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
        self.rules.iter().map(|rule| &rule.draft).chain(&self.off).map(AsRef::as_ref)
    }

    /// Adds a rule under the profile and the levels of the user; gives what it needs, if it runs.
    fn add(
        &mut self,
        draft: Arc<Draft>,
        levels: &[SetLevel],
    ) -> Result<Option<Vec<String>>, Vec<Diagnostic>> {
        let id = &draft.source.id;
        let said = levels.iter().rev().find(|said| said.rule == *id).map(|said| said.level);
        let level = said.unwrap_or_else(|| self.profile.level(id, draft.severity));
        let params = self.params_of(&draft);
        // Of a user's rule, faults are told even where it is off.
        let code = if draft.is_embedded { None } else { Some(compile_rule(&draft, &params)?) };
        let Level::On(severity) = level else {
            self.off.push(draft);
            return Ok(None);
        };
        let needs = needs_of(&draft, &params);
        let plan = self.plans.entry(draft.subject).or_default();
        plan.rules.push(Planned { at: self.rules.len(), needs: 0 });
        self.rules.push(Rule::new(draft, severity, &params, code));
        Ok(Some(needs))
    }

    /// Chooses the needs that are asked once an artifact: those that most rules have, until each rule has two.
    fn index(&mut self, needs: &[Vec<String>]) {
        const MOST: usize = u64::BITS as usize;
        for (subject, plan) in &mut self.plans {
            let mut shared: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
            for (place, planned) in plan.rules.iter().enumerate() {
                // Whether it was issued in time is asked first, and may lack an answer.
                let draft = &self.rules[planned.at].draft;
                if draft.from.is_none() && draft.until.is_none() {
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

impl Rule {
    /// A rule, compiled or else proven sound.
    fn new(
        draft: Arc<Draft>,
        severity: Severity,
        params: &BTreeMap<String, Param>,
        code: Option<(RuleCode, FindingCode)>,
    ) -> Self {
        let (code, finding): (Later<RuleCode>, Later<Box<FindingCode>>) = match code {
            Some((code, finding)) => {
                (LazyLock::new(Box::new(|| code)), LazyLock::new(Box::new(|| Box::new(finding))))
            }
            None => (
                later(&draft, params, rule_code),
                later(&draft, params, |draft, params| Box::new(finding_code(draft, params))),
            ),
        };
        Self { draft, severity, code, finding }
    }
}

/// What is made of a rule when it is first used.
fn later<T: 'static>(
    draft: &Arc<Draft>,
    params: &BTreeMap<String, Param>,
    make: fn(&Draft, &BTreeMap<String, Param>) -> T,
) -> Later<T> {
    let (draft, params) = (Arc::clone(draft), params.clone());
    LazyLock::new(Box::new(move || make(&draft, &params)))
}

/// What a rule needs, as [`crate::expr::needs`] tells.
fn needs_of(draft: &Draft, params: &BTreeMap<String, Param>) -> Vec<String> {
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
