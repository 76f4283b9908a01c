//! What must hold of the places of findings: they lie inside their file. Lines
//! and columns are counted in another way than the crate does.

use pemlint::finding::Finding;

/// Number of characters of each line of a file.
pub(crate) struct Lines(Vec<usize>);

impl Lines {
    /// Counts the characters of each line: octets that continue none.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut lines = Vec::new();
        let mut rest = bytes;
        loop {
            let end = rest.iter().position(|octet| matches!(octet, b'\r' | b'\n'));
            let line = &rest[..end.unwrap_or(rest.len())];
            lines.push(line.iter().filter(|octet| **octet & 0xc0 != 0x80).count());
            let Some(end) = end else { return Self(lines) };
            rest = rest[end..].strip_prefix(b"\r\n").unwrap_or(&rest[end + 1..]);
        }
    }

    /// Panics where a finding points outside of the file or of its own excerpt.
    pub(crate) fn assert_inside(&self, finding: &Finding) {
        let place = finding.place;
        let (start, end) = ((place.line, place.column), (place.end_line, place.end_column));
        assert!(start <= end, "{}: {place:?} ends before it begins", finding.rule);
        for (line, column) in [start, end] {
            let inside =
                line >= 1 && column >= 1 && self.0.get(line - 1).is_some_and(|length| column <= length + 1);
            assert!(inside, "{}: {place:?} is outside of a file of {} lines", finding.rule, self.0.len());
        }
        if let Some(excerpt) = &finding.excerpt {
            assert!(excerpt.text.get(excerpt.region.clone()).is_some(), "{}: {excerpt:?}", finding.rule);
        }
    }
}
