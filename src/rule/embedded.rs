//! Rules and profiles that the build has put into the binary. It has read the head of every rule, which is all that
//! the rule needs to run; the rest of the file is read when something asks for it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use super::{Draft, Level, RuleSource, Subject};
use crate::document::{Diagnostics, Text};
use crate::expr::Param;
use crate::facts::time::from_rfc3339;

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// A rule file in the binary.
struct Embedded {
    id: &'static str,
    path: &'static str,
    text: &'static str,
    /// `None` where the file is not as it should be.
    head: Option<Head>,
}

/// What a rule needs to run, as its file has it: expressions by the octets that they take there.
struct Head {
    severity: &'static str,
    subject: &'static str,
    from: Option<&'static str>,
    until: Option<&'static str>,
    each: Option<Range<usize>>,
    when: Option<Range<usize>>,
    check: Range<usize>,
    params: fn() -> BTreeMap<String, Param>,
}

/// The rules of the binary, as they were written.
///
/// # Errors
/// Where one is faulty, which a test excludes.
pub fn drafts() -> Result<Vec<Draft>, Diagnostics> {
    read()
}

/// As [`drafts`], put where the caller wants them.
pub(super) fn read<D: From<Draft>>() -> Result<Vec<D>, Diagnostics> {
    let mut drafts = Vec::with_capacity(RULES.len());
    let mut errors = Vec::new();
    for rule in RULES {
        match rule.draft().map_or_else(|| Draft::read(rule.source()), Ok) {
            Ok(draft) => drafts.push(draft.into()),
            Err(unsound) => errors.extend(unsound.errors),
        }
    }
    if errors.is_empty() { Ok(drafts) } else { Err(Diagnostics::new(errors)) }
}

/// Whether a rule is one of the binary.
pub(super) fn has(id: &str) -> bool {
    RULES.iter().any(|rule| rule.id == id)
}

impl Embedded {
    fn source(&self) -> RuleSource {
        RuleSource { id: self.id.to_owned(), path: self.path.into(), text: self.text.into() }
    }

    /// The rule by its head, the rest unread.
    fn draft(&self) -> Option<Draft> {
        let head = self.head.as_ref()?;
        let Level::On(severity) = Level::from_name(head.severity)? else { return None };
        let literal = |span: &Range<usize>| Text::literal(self.text, span.clone());
        let optional = |span: &Option<Range<usize>>| match span {
            None => Some(None),
            Some(span) => literal(span).map(Some),
        };
        let instant = |text: Option<&str>| match text {
            None => Some(None),
            Some(text) => from_rfc3339(text).map(Some),
        };
        Some(Draft {
            source: self.source(),
            is_embedded: true,
            severity,
            subject: Subject::ALL.into_iter().find(|subject| subject.name() == head.subject)?,
            from: instant(head.from)?,
            until: instant(head.until)?,
            each: optional(&head.each)?,
            when: optional(&head.when)?,
            check: literal(&head.check)?,
            params: (head.params)(),
            account: OnceLock::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_build_has_read_what_the_files_say() {
        for rule in RULES {
            let head = rule.draft().unwrap_or_else(|| panic!("{} has no head", rule.id));
            let whole = Draft::read(rule.source()).unwrap_or_else(|unsound| panic!("{:?}", unsound.errors));
            let told = |draft: &Draft| {
                let Draft { severity, subject, from, until, each, when, check, params, .. } = draft.clone();
                (severity, subject, (from, until), each, when, check, params)
            };
            assert_eq!(told(&head), told(&whole), "{}", rule.id);
        }
    }
}
