//! Text of the format for people: hidden characters, line breaks and plurals.

use std::ops::Range;

use crate::finding::Excerpt;
use crate::source::is_hidden;

/// Columns at which text of ours wraps; facts and commands are never cut.
const WIDTH: usize = 100;

/// The text of an excerpt with its hidden characters escaped, and where the region lies in it.
pub(super) fn escaped(excerpt: &Excerpt) -> (String, Range<usize>) {
    let mut text = String::with_capacity(excerpt.text.len());
    let (mut start, mut end) = (0, None);
    for (at, c) in excerpt.text.char_indices() {
        if at <= excerpt.region.start {
            start = text.len();
        }
        if at >= excerpt.region.end {
            end.get_or_insert(text.len());
        }
        if c != '\n' && is_hidden(c) {
            text.extend(c.escape_unicode());
        } else {
            text.push(c);
        }
    }
    if excerpt.region.start >= excerpt.text.len() {
        start = text.len();
    }
    let end = end.unwrap_or(text.len()).max(start);
    (text, start..end)
}

/// `text` broken at spaces so that lines end before column [`WIDTH`], where the
/// first begins after `used` columns and the others after `indent`.
pub(super) fn wrapped(text: &str, used: usize, indent: &str) -> String {
    let mut lines = String::with_capacity(text.len());
    let mut column = used;
    for (at, word) in text.split(' ').enumerate() {
        let width = word.chars().count();
        if at > 0 && column + 1 + width > WIDTH {
            lines.push('\n');
            lines.push_str(indent);
            column = indent.len();
        } else if at > 0 {
            lines.push(' ');
            column += 1;
        }
        lines.push_str(word);
        column += width;
    }
    lines
}

/// `1 certificate`, `2 certificates`.
pub(super) fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_escaped_and_the_region_follows() {
        let excerpt = |text: &str, region| escaped(&Excerpt { text: text.into(), region });
        assert_eq!(excerpt("a\u{202e}é\u{7f}b", 1..7), ("a\\u{202e}é\\u{7f}b".into(), 1..17));
        assert_eq!(excerpt("a\nb", 2..3), ("a\nb".into(), 2..3));
        assert_eq!(excerpt("ab", 2..2), ("ab".into(), 2..2));
        assert_eq!(excerpt("é", 1..9), ("é".into(), 0..2));
    }

    #[test]
    fn long_text_wraps_and_loses_nothing() {
        let text = "word ".repeat(60) + &"x".repeat(150);
        let lines = wrapped(&text, 30, "    ");
        assert!(lines.lines().filter(|line| !line.contains('x')).all(|line| line.chars().count() <= WIDTH));
        assert_eq!(lines.split_whitespace().collect::<Vec<_>>(), text.split_whitespace().collect::<Vec<_>>());
    }
}
