//! Values of files of environment variables: `NAME="-----BEGIN …"`, on one line or on several. Such
//! files have no standard; what shells, Docker and the dotenv libraries agree on is read.

use std::ops::Range;

use super::unescape::unescape;
use super::{Value, is_wanted};
use crate::input::layer::Draft;

pub(super) fn values(text: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let line_end = text[at..].find('\n').map_or(text.len(), |end| at + end);
        let Some((name, start)) = assignment(text, at..line_end) else {
            at = line_end + 1;
            continue;
        };
        let (range, next) = extent(text, start, line_end);
        let is_escaped = start > 0 && text.as_bytes()[start - 1] == b'"';
        let draft = if is_escaped {
            unescape(text.as_bytes(), range.clone())
        } else {
            let mut draft = Draft::with_room(range.len());
            draft.plain(&text.as_bytes()[range.clone()], range.start);
            draft
        };
        if is_wanted(&draft.octets) {
            found.push(Value { path: name.to_owned(), object: String::new(), draft, range });
        }
        at = next;
    }
    found
}

/// The name that a line assigns to, and where the value begins, behind its quote.
fn assignment(text: &str, line: Range<usize>) -> Option<(&str, usize)> {
    let words = text[line.clone()].trim_start();
    let words = words.strip_prefix("export ").unwrap_or(words).trim_start();
    let (name, rest) = words.split_once('=')?;
    let name = name.trim_end();
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if !starts_well || !name.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"_.-".contains(&octet)) {
        return None;
    }
    let value = rest.trim_start();
    let start = line.end - value.len();
    Some((name, start + usize::from(value.starts_with(['"', '\'']))))
}

/// The value, and where what follows begins. A quoted one ends at its quote, on whatever line.
fn extent(text: &str, start: usize, line_end: usize) -> (Range<usize>, usize) {
    let quote =
        start.checked_sub(1).map(|at| text.as_bytes()[at]).filter(|octet| matches!(octet, b'"' | b'\''));
    let Some(quote) = quote else {
        return (start..line_end.max(start), line_end + 1);
    };
    let mut at = start;
    while let Some(octet) = text.as_bytes().get(at) {
        match octet {
            b'\\' if quote == b'"' => at += 2,
            octet if *octet == quote => return (start..at, at + 1),
            _ => at += 1,
        }
    }
    // Nobody closes it: the line is what is surely meant.
    (start..line_end.max(start), line_end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_quotes_and_lines() {
        let body = "A".repeat(64);
        let pem = |end: &str| format!("-----BEGIN CERTIFICATE-----{end}{body}{end}-----END CERTIFICATE-----");
        let text = format!(
            "# x=1\nexport CA=\"{}\"\nTWO='{}'\nPLAIN={}\nNO-----BEGIN=\n",
            pem("\\n"),
            pem("\n"),
            pem("\\n")
        );
        let found = values(&text);
        let names: Vec<&str> = found.iter().map(|value| value.path.as_str()).collect();
        assert_eq!(names, ["CA", "TWO", "PLAIN"]);
        assert_eq!(found[0].draft.octets.as_slice(), pem("\n").as_bytes());
        assert_eq!(found[1].draft.octets.as_slice(), pem("\n").as_bytes());
        assert_eq!(found[2].draft.octets.as_slice(), pem("\\n").as_bytes(), "no quotes, no escapes");
        assert_eq!(&text[found[1].range.clone()], pem("\n"));
    }
}
