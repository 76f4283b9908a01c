//! What stands at the place of a finding, read from the file in a way of its own:
//! lines, columns and base64 are counted here again, so that a mistake in the
//! program is no mistake of the test as well.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pemlint::source::Place;

/// A file as lines of code points; every kind of line end ends a line.
pub(crate) struct Lines(Vec<Vec<char>>);

impl Lines {
    pub(crate) fn of(octets: &[u8]) -> Self {
        let text = String::from_utf8_lossy(octets).replace("\r\n", "\n").replace('\r', "\n");
        Self(text.split('\n').map(|line| line.chars().collect()).collect())
    }

    /// A line, by its number from 1.
    pub(crate) fn line(&self, number: usize) -> String {
        self.0[number - 1].iter().collect()
    }

    /// The text of a region, lines joined by `\n`; `None` where the file has no such region.
    pub(crate) fn text(&self, place: Place) -> Option<String> {
        let Place { line, column, end_line, end_column } = place;
        if (line, column) > (end_line, end_column) || line == 0 || column == 0 {
            return None;
        }
        let mut parts = Vec::new();
        for number in line..=end_line {
            let all = self.0.get(number - 1)?;
            let start = if number == line { column - 1 } else { 0 };
            let end = if number == end_line { end_column - 1 } else { all.len() };
            parts.push(all.get(start..end)?.iter().collect::<String>());
        }
        Some(parts.join("\n"))
    }

    /// The octets that a region encodes, and the number of base64 characters
    /// between the line `begin` of a block and the region. `None` where the region
    /// does not begin and end with characters that hold the edge of an octet.
    pub(crate) fn octets(&self, begin: usize, place: Place) -> Option<Vec<u8>> {
        let before = Place { line: begin + 1, column: 1, end_line: place.line, end_column: place.column };
        let start = characters(&self.text(before)?);
        let end = start + characters(&self.text(place)?);
        // The character at `start` holds the first bit of an octet, unless it is the last of four.
        let first = (start % 4 != 3).then_some((6 * start).div_ceil(8))?;
        let last = 6 * end / 8;
        let mut body = String::new();
        for line in &self.0[begin..] {
            let line: String = line.iter().collect();
            if line.starts_with("-----") {
                break;
            }
            body.extend(line.chars().filter(|c| !c.is_whitespace()));
        }
        let octets = STANDARD.decode(body).ok()?;
        octets.get(first..last.min(octets.len())).map(<[u8]>::to_vec)
    }
}

fn characters(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

/// Whether octets are one element of DER from its first octet to its last.
pub(crate) fn is_element(octets: &[u8]) -> bool {
    let [_, length, rest @ ..] = octets else {
        return false;
    };
    if *length < 0x80 {
        return rest.len() == usize::from(*length);
    }
    let count = usize::from(length & 0x7f);
    let Some((length, content)) = rest.split_at_checked(count) else {
        return false;
    };
    content.len() == length.iter().fold(0, |sum, octet| sum << 8 | usize::from(*octet))
}

/// Whether a text is base64, lines and all.
pub(crate) fn is_base64(text: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    !text.is_empty() && text.chars().all(|c| is_digit(c) || c == '\n')
}
