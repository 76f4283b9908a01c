//! A rule under another id and with other conditions: to ask what a part of its
//! conditions is worth, and to prove that every part of them counts.

use std::ops::Range;

use super::{Draft, Profile, RuleSource};

impl Draft {
    /// The file of this rule with other conditions, as the rule `id`. A condition
    /// that is not given stays as it is; `when` is left out where the rule has none.
    #[must_use]
    pub fn rewritten(&self, id: &str, when: Option<&str>, check: Option<&str>) -> RuleSource {
        let mut text = self.source.text.to_string();
        let when = self.when.as_ref().zip(when).map(|(old, new)| (old.span.clone(), new));
        let check = check.map(|new| (self.check.span.clone(), new));
        let mut edits: Vec<(Range<usize>, &str)> = when.into_iter().chain(check).collect();
        // From the end, so that the places before stay right.
        edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
        for (span, new) in edits {
            text.replace_range(span, &format!("'''\n{new}\n'''"));
        }
        RuleSource { id: id.to_owned(), path: self.source.path.clone(), text: text.into() }
    }
}

impl Profile {
    /// Says of the rule `copy` what the profile says of the rule `id`.
    pub fn extend_to(&mut self, id: &str, copy: &str) {
        for layer in &mut self.layers {
            if let Some(level) = layer.level(id) {
                layer.levels.insert(copy.to_owned(), (level, 0..0));
            }
            if let Some(params) = layer.params.get(id).cloned() {
                layer.params.insert(copy.to_owned(), params);
            }
        }
    }

    /// Forgets what the profile says of rules that are not wanted, and every level: it was checked with all the rules
    /// that it names, and those that are not loaded would be errors.
    pub fn keep(&mut self, is_wanted: impl Fn(&String) -> bool) {
        for layer in &mut self.layers {
            layer.levels.clear();
            layer.params.retain(|id, _| is_wanted(id));
        }
    }
}
