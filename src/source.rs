//! Files and places in them: octet offsets become lines and columns here and
//! nowhere else. Knows nothing of PEM, certificates or findings.

use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::OnceLock;

use zeroize::Zeroizing;

use crate::limits;

/// One input, whole in memory, wiped when dropped since it may hold a private key.
pub struct Source {
    /// The name that reports show: relative where it lies below the working
    /// directory, `/` between its parts, `stdin` for standard input.
    pub path: String,
    /// The octets: as read, or as UTF-8 where the file is in another encoding.
    pub bytes: Zeroizing<Vec<u8>>,
    /// The encoding of the file.
    pub encoding: Encoding,
    /// The octets as read, where these are others.
    pub original: Option<Zeroizing<Vec<u8>>>,
    /// Permission bits of the file (`0o644`), where the system has them.
    pub mode: Option<u32>,
    /// Name or address of the server that presented it, if one did.
    pub host: Option<String>,
    /// Made when a place is first asked for.
    index: OnceLock<Index>,
}

impl Source {
    /// A source of `bytes` that reports will name `path`.
    #[must_use]
    pub fn new(path: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self {
            path: path.into(),
            bytes: Zeroizing::new(bytes),
            encoding: Encoding::Utf8,
            original: None,
            mode: None,
            host: None,
            index: OnceLock::new(),
        }
    }

    /// The octets as other programs read them.
    #[must_use]
    pub fn as_read(&self) -> &[u8] {
        self.original.as_ref().unwrap_or(&self.bytes)
    }

    /// The place of an octet range. Lines and columns start at 1, columns count
    /// Unicode code points of UTF-8, the end
    /// column is exclusive. A carriage return ends a line, alone or before a line feed.
    #[must_use]
    pub fn place(&self, range: &Range<usize>) -> Place {
        let (line, column) = self.position(range.start);
        let (end_line, end_column) = self.position(range.end.max(range.start));
        Place { line, column, end_line, end_column }
    }

    /// The octets of the line that holds `offset`, without its line end.
    #[must_use]
    pub fn line_range(&self, offset: usize) -> Range<usize> {
        let index = self.index();
        let line = index.line_of(offset.min(self.bytes.len()));
        let start = index.lines[line];
        let mut end = index.lines.get(line + 1).copied().unwrap_or(self.bytes.len());
        while end > start && matches!(self.bytes[end - 1], b'\n' | b'\r') {
            end -= 1;
        }
        start..end
    }

    /// Offset behind the line that holds `offset`, its line end included.
    #[must_use]
    pub fn next_line(&self, offset: usize) -> usize {
        let index = self.index();
        let line = index.line_of(offset.min(self.bytes.len()));
        index.lines.get(line + 1).copied().unwrap_or(self.bytes.len())
    }

    fn position(&self, offset: usize) -> (usize, usize) {
        let index = self.index();
        let offset = offset.min(self.bytes.len());
        let line = index.line_of(offset);
        let column = index.points(&self.bytes, offset) - index.points(&self.bytes, index.lines[line]);
        (line + 1, column + 1)
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::new(&self.bytes))
    }
}

/// The encoding of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, ASCII, or no text.
    Utf8,
    /// UTF-16, least significant octet first.
    Utf16Le,
    /// UTF-16, most significant octet first.
    Utf16Be,
    /// UTF-32, least significant octet first.
    Utf32Le,
    /// UTF-32, most significant octet first.
    Utf32Be,
}

impl Encoding {
    /// The name that rules use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf8",
            Self::Utf16Le => "utf16le",
            Self::Utf16Be => "utf16be",
            Self::Utf32Le => "utf32le",
            Self::Utf32Be => "utf32be",
        }
    }
}

/// Octets between two counts of code points.
const STRIDE: usize = 1024;

/// Where lines begin and how many code points stand before every [`STRIDE`]
/// octets, so that no place costs a pass over the file.
struct Index {
    lines: Vec<usize>,
    points: Vec<usize>,
}

impl Index {
    fn new(bytes: &[u8]) -> Self {
        let mut points = vec![0];
        for chunk in bytes.chunks(STRIDE) {
            points.push(points[points.len() - 1] + count_points(chunk));
        }
        Self { lines: line_starts(bytes), points }
    }

    fn line_of(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start <= offset) - 1
    }

    /// Code points before an offset.
    fn points(&self, bytes: &[u8], offset: usize) -> usize {
        let stride = offset / STRIDE;
        self.points[stride] + count_points(&bytes[stride * STRIDE..offset])
    }
}

/// Octets that begin a code point of UTF-8; other encodings are counted likewise.
fn count_points(bytes: &[u8]) -> usize {
    bytes.iter().filter(|octet| **octet & 0xc0 != 0x80).count()
}

fn line_starts(bytes: &[u8]) -> Vec<usize> {
    let mut starts = vec![0];
    for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        let half = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
        if !half {
            starts.push(at + 1);
        }
    }
    starts
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The octets may be a private key and stay out of every output.
        f.debug_struct("Source")
            .field("path", &self.path)
            .field("octets", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

/// A region of a file; see [`Source::place`] for what the numbers count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// First line, from 1.
    pub line: usize,
    /// First column, from 1.
    pub column: usize,
    /// Line of the end.
    pub end_line: usize,
    /// Column behind the last character.
    pub end_column: usize,
}

impl Place {
    /// The first position of a file: the place of faults in binary files.
    pub const START: Self = Self { line: 1, column: 1, end_line: 1, end_column: 1 };
}

/// The name that reports show for `path`: relative to `working` where it lies
/// below it, with `/` between its parts.
#[must_use]
pub fn shown_path(path: &Path, working: &Path) -> String {
    let relative = path.strip_prefix(working).unwrap_or(path);
    let mut text = relative
        .components()
        .filter(|part| !matches!(part, std::path::Component::CurDir))
        .collect::<std::path::PathBuf>()
        .to_string_lossy()
        .into_owned();
    if std::path::MAIN_SEPARATOR == '\\' {
        text = text.replace('\\', "/");
    }
    if text.is_empty() { ".".into() } else { text }
}

/// Text from an input as it may be shown: control, bidirectional and zero-width
/// characters become `\u{…}`.
#[must_use]
pub fn shown(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return text.into();
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_hidden(c) {
            safe.extend(c.escape_unicode());
        } else {
            safe.push(c);
        }
    }
    safe.into()
}

/// Runs of characters that may be base64 text of a private key: so many letters,
/// digits, `+` and `/` in a row that they would tell something of it, with padding.
/// Words in capitals alone are labels.
pub fn secret_runs(text: &[u8]) -> impl Iterator<Item = Range<usize>> + '_ {
    let is_symbol = |octet: &u8| octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/');
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].iter().position(is_symbol)?;
            let symbols = text[start..].iter().take_while(|octet| is_symbol(octet)).count();
            let padding = text[start + symbols..].iter().take(2).take_while(|octet| **octet == b'=').count();
            let length = symbols + padding;
            at = start + length;
            let is_label = length <= limits::LABEL_WORD && text[start..at].iter().all(u8::is_ascii_uppercase);
            if length > limits::SHOWN_RUN && !is_label {
                return Some(start..at);
            }
        }
    })
}

/// Whether a character of a text is invisible or reorders what stands around it.
#[must_use]
pub fn has_hidden(text: &str) -> bool {
    // Mostly names are ASCII, of which only control characters are hidden.
    if text.is_ascii() {
        text.bytes().any(|octet| octet.is_ascii_control())
    } else {
        text.chars().any(is_hidden)
    }
}

/// Whether a character is invisible or reorders what stands around it.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_code_points_and_lines_count_every_kind_of_line_end() {
        let source = Source::new("x", "aé\r\nb\rc\nd".into());
        assert_eq!(source.place(&(0..3)), Place { line: 1, column: 1, end_line: 1, end_column: 3 });
        assert_eq!(source.place(&(5..6)).line, 2);
        assert_eq!(source.place(&(7..8)).line, 3);
        assert_eq!(source.place(&(9..10)), Place { line: 4, column: 1, end_line: 4, end_column: 2 });
    }

    #[test]
    fn runs_that_may_be_of_a_key_are_found() {
        let runs = |text: &str| secret_runs(text.as_bytes()).collect::<Vec<_>>();
        assert_eq!(runs("-----BEGIN PRIVATE KEY----MIGHAgEAMBMG-----"), vec![26..38]);
        assert!(runs("X MIGHAgEAMBM CERTIFICATES CERTIFICATECHAIN").is_empty());
        assert_eq!(runs("aaaa+aaaa/aa===aaaaaaaaaaaa"), vec![0..14, 15..27]);
        assert!(runs("").is_empty());
    }

    #[test]
    fn hidden_characters_are_escaped() {
        assert_eq!(shown("a\u{202e}b\n"), "a\\u{202e}b\\u{a}");
        assert_eq!(shown("Zürich"), "Zürich");
    }
}
