//! The rules of one subject on one artifact. Rules that lack what they need are passed over.

use super::{Job, Target};
use crate::expr::{Code, Scope};
use crate::facts::value::{Fault, Value};
use crate::rule::{Need, Rule, RuleCode, Subject};

/// Takes the outcomes that are neither pass nor not applicable.
pub(super) trait Gather {
    /// A rule does not hold.
    fn fails(&mut self, rule: &Rule, scope: &mut Scope<'_>, target: &Target<'_>, element: Option<usize>);
    /// A rule has no answer.
    fn unanswered(&mut self, rule: &Rule, target: &Target<'_>, fault: &Fault);
}

/// Runs the rules on one subject.
pub(super) fn run(
    job: &Job<'_>,
    subject: Subject,
    scope: &mut Scope<'_>,
    target: &Target<'_>,
    sink: &mut impl Gather,
) {
    let Some(plan) = job.rules.plans.get(&subject) else {
        return;
    };
    let mut lacks = Lacks { needs: &plan.needs, asked: 0, lacking: 0 };
    for planned in &plan.rules {
        if lacks.any(planned.needs, scope) {
            continue;
        }
        let rule = &job.rules.rules[planned.at];
        let code = &*rule.code;
        scope.refill();
        match code.window.as_ref().map_or(Ok(true), |window| window(scope)) {
            Ok(true) => evaluate(rule, code, scope, target, sink),
            Ok(false) => {}
            Err(fault) => sink.unanswered(rule, target, &fault),
        }
    }
}

/// The outcome of a rule that is for the artifact, or its outcomes on the elements of a list.
fn evaluate<'a>(
    rule: &Rule,
    code: &RuleCode,
    scope: &mut Scope<'a>,
    target: &Target<'_>,
    sink: &mut impl Gather,
) {
    // What was asked so far is not paid by the rule.
    scope.refill();
    match &code.each {
        None => apply(rule, code, scope, target, None, sink),
        Some(Code::List(_, each)) => match each(scope) {
            Err(fault) => sink.unanswered(rule, target, &fault),
            Ok(list) => {
                for at in 0..list.len() {
                    let item: Value<'a> = list.element(at);
                    scope.set_item(item);
                    apply(rule, code, scope, target, Some(at), sink);
                }
            }
        },
        Some(_) => unreachable!("each is checked to be a list when the rule is loaded"),
    }
}

/// What an artifact lacks of that which rules need; asked when a rule first needs it.
struct Lacks<'r> {
    needs: &'r [Need],
    asked: u64,
    lacking: u64,
}

impl Lacks<'_> {
    /// Whether one of these is lacking. What has no answer is left to the rules.
    #[inline]
    fn any(&mut self, wanted: u64, scope: &mut Scope<'_>) -> bool {
        let mut left = wanted & !self.asked;
        while left != 0 && wanted & self.lacking == 0 {
            let at = left.trailing_zeros();
            left &= left - 1;
            self.asked |= 1 << at;
            scope.refill();
            if (self.needs[at as usize].code)(scope) == Ok(false) {
                self.lacking |= 1 << at;
            }
        }
        wanted & self.lacking != 0
    }
}

/// One outcome: not applicable and pass leave no trace.
fn apply(
    rule: &Rule,
    code: &RuleCode,
    scope: &mut Scope<'_>,
    target: &Target<'_>,
    element: Option<usize>,
    sink: &mut impl Gather,
) {
    let applies = code.when.as_ref().map_or(Ok(true), |when| when(scope));
    let holds = match applies {
        Ok(true) => (code.check)(scope),
        Ok(false) => return,
        Err(fault) => Err(fault),
    };
    match holds {
        Ok(true) => {}
        Ok(false) => sink.fails(rule, scope, target, element),
        Err(fault) => sink.unanswered(rule, target, &fault),
    }
}
