//! Reads TOML tables key by key, keeping the place of every value, and goes on
//! after an error so that all are reported at once.

use std::ops::Range;

use serde_spanned::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Diagnostic, closest};

/// A file being read, and what is wrong with it so far.
#[derive(Debug)]
pub struct File<'t> {
    /// The path that errors name.
    pub path: &'t str,
    /// Its text.
    pub text: &'t str,
    /// What is wrong with it so far.
    pub errors: Vec<Diagnostic>,
}

/// A text value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The value.
    pub value: String,
    /// The whole TOML string, quotes included.
    pub span: Range<usize>,
    /// Offset in the file of the first octet of the value, where the two agree
    /// octet by octet.
    pub start: Option<usize>,
}

impl Text {
    /// The literal string that takes these octets of a file, quotes included.
    #[must_use]
    pub fn literal(file: &str, span: Range<usize>) -> Option<Self> {
        let written = file.get(span.clone())?;
        let value = match written.strip_prefix("'''") {
            Some(rest) => {
                let rest = rest.strip_suffix("'''")?;
                rest.strip_prefix('\n').unwrap_or(rest)
            }
            None => written.strip_prefix('\'')?.strip_suffix('\'')?,
        };
        let start = content_start(file, &span, value)?;
        Some(Self { value: value.to_owned(), span, start: Some(start) })
    }

    /// The octets of the file that a range of the value covers.
    #[must_use]
    pub fn place(&self, range: &Range<usize>) -> Range<usize> {
        self.start.map_or_else(|| self.span.clone(), |start| start + range.start..start + range.end)
    }
}

/// A table whose keys are taken one by one; what is left is unknown.
#[derive(Debug)]
pub struct Table<'t> {
    entries: Vec<(Range<usize>, String, Spanned<DeValue<'t>>)>,
    known: Vec<&'static str>,
    /// Place of the table, for keys that are missing.
    pub span: Range<usize>,
}

impl<'t> File<'t> {
    /// A file that is about to be read.
    #[must_use]
    pub fn new(path: &'t str, text: &'t str) -> Self {
        Self { path, text, errors: Vec::new() }
    }

    /// The whole file as a table.
    pub fn root(&mut self) -> Option<Table<'t>> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        if errors.is_empty() {
            let is_blank = |c: char| c.is_whitespace() || c == '\u{feff}';
            let first = self.text.find(|c| !is_blank(c)).unwrap_or(0);
            let line = self.text[first..].find(['\r', '\n']).map_or(self.text.len(), |at| first + at);
            return Some(Table::new(table.into_inner(), first..line));
        }
        for error in errors {
            let range = error.span().unwrap_or(0..0);
            self.fail("toml-syntax", range, error.message().trim().replace('\n', ", "), None);
        }
        None
    }

    /// Records an error.
    pub fn fail(&mut self, name: &'static str, range: Range<usize>, message: String, help: Option<String>) {
        self.errors.push(Diagnostic {
            name,
            path: self.path.to_owned(),
            text: self.text.to_owned(),
            range,
            message,
            help,
        });
    }

    fn wrong_type(&mut self, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str) {
        let message = format!(
            "`{key}` is {} {}, {wanted} is wanted",
            article(value.get_ref().type_str()),
            value.get_ref().type_str()
        );
        self.fail("wrong-type", value.span(), message, None);
    }

    /// Says that a required key is missing.
    pub fn missing(&mut self, table: &Table<'_>, key: &str, help: &str) {
        let span = table.span.clone();
        self.fail("missing-key", span, format!("the key `{key}` is missing"), Some(help.to_owned()));
    }

    /// Takes a text.
    pub fn text(&mut self, table: &mut Table<'t>, key: &'static str) -> Option<Text> {
        let value = table.take(key)?;
        let span = value.span();
        if let DeValue::String(text) = value.get_ref() {
            Some(Text { start: content_start(self.text, &span, text), value: text.to_string(), span })
        } else {
            self.wrong_type(key, &value, "a string");
            None
        }
    }

    /// Takes a text that may not be empty.
    pub fn required_text(&mut self, table: &mut Table<'t>, key: &'static str, help: &str) -> Option<Text> {
        let before = self.errors.len();
        let text = self.text(table, key);
        match &text {
            None if self.errors.len() == before => self.missing(table, key, help),
            Some(text) if text.value.trim().is_empty() => {
                self.fail(
                    "empty-text",
                    text.span.clone(),
                    format!("`{key}` is empty"),
                    Some(help.to_owned()),
                );
            }
            _ => {}
        }
        text
    }

    /// Takes an expression: a literal string, so that its octets are those of the file.
    pub fn expression(&mut self, table: &mut Table<'t>, key: &'static str) -> Option<Text> {
        let text = self.text(table, key)?;
        if !self.text[text.span.clone()].starts_with('\'') {
            self.fail(
                "not-a-literal-string",
                text.span.clone(),
                format!("the expression `{key}` must be a literal string"),
                Some(format!("write {key} = '…' or '''…''', in which nothing is escaped")),
            );
            // Without escapes its octets are those of the file all the same.
            return text.start.is_some().then_some(text);
        }
        Some(text)
    }

    /// Takes a Boolean.
    pub fn boolean(&mut self, table: &mut Table<'t>, key: &'static str) -> Option<bool> {
        let value = table.take(key)?;
        let found = value.get_ref().as_bool();
        if found.is_none() {
            self.wrong_type(key, &value, "true or false");
        }
        found
    }

    /// Takes a list of texts.
    pub fn texts(&mut self, table: &mut Table<'t>, key: &'static str) -> Vec<Text> {
        let Some(value) = table.take(key) else {
            return Vec::new();
        };
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type(key, &value, "a list of strings");
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in items {
            match item.get_ref().as_str() {
                Some(text) => texts.push(Text { value: text.to_owned(), span: item.span(), start: None }),
                None => self.wrong_type(key, item, "a string"),
            }
        }
        texts
    }

    /// Takes a text, or a list of texts.
    pub fn text_or_texts(&mut self, table: &mut Table<'t>, key: &'static str) -> Vec<Text> {
        match table.value(key) {
            Some(DeValue::Array(_)) => self.texts(table, key),
            None | Some(DeValue::String(_)) => self.text(table, key).into_iter().collect(),
            Some(_) => {
                if let Some(value) = table.take(key) {
                    self.wrong_type(key, &value, "a string or a list of strings");
                }
                Vec::new()
            }
        }
    }

    /// Takes a list of integers.
    pub fn integers(&mut self, table: &mut Table<'t>, key: &'static str) -> Vec<i64> {
        let Some(value) = table.take(key) else {
            return Vec::new();
        };
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type(key, &value, "a list of integers");
            return Vec::new();
        };
        let mut numbers = Vec::new();
        for item in items {
            match integer(item.get_ref()) {
                Some(number) => numbers.push(number),
                None => self.wrong_type(key, item, "an integer"),
            }
        }
        numbers
    }

    /// Takes a table.
    pub fn table(&mut self, table: &mut Table<'t>, key: &'static str) -> Option<Table<'t>> {
        let value = table.take(key)?;
        let span = value.span();
        match value.into_inner() {
            DeValue::Table(inner) => Some(Table::new(inner, span)),
            other => {
                self.wrong_type(key, &Spanned::new(span, other), "a table");
                None
            }
        }
    }

    /// Takes a list of tables.
    pub fn tables(&mut self, table: &mut Table<'t>, key: &'static str) -> Vec<Table<'t>> {
        let Some(value) = table.take(key) else {
            return Vec::new();
        };
        let span = value.span();
        let DeValue::Array(items) = value.into_inner() else {
            self.fail("wrong-type", span, format!("`{key}` must be written as [[{key}]]"), None);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in items {
            let span = item.span();
            match item.into_inner() {
                DeValue::Table(inner) => tables.push(Table::new(inner, span)),
                _ => self.fail("wrong-type", span, format!("`{key}` must be written as [[{key}]]"), None),
            }
        }
        tables
    }

    /// Says that the keys which nobody took are unknown.
    #[expect(clippy::needless_pass_by_value, reason = "a finished table is not read again")]
    pub fn finish(&mut self, table: Table<'t>, what: &str) {
        for (span, key, _) in &table.entries {
            let close = closest(key, table.known.iter().copied());
            let help = close.map_or_else(
                || format!("known are {}", table.known.join(", ")),
                |close| format!("did you mean `{close}`?"),
            );
            self.fail("unknown-key", span.clone(), format!("{what} has no key `{key}`"), Some(help));
        }
    }
}

impl<'t> Table<'t> {
    fn new(table: DeTable<'t>, span: Range<usize>) -> Self {
        let entries =
            table.into_iter().map(|(key, value)| (key.span(), key.get_ref().to_string(), value)).collect();
        Self { entries, known: Vec::new(), span }
    }

    fn take(&mut self, key: &'static str) -> Option<Spanned<DeValue<'t>>> {
        self.known.push(key);
        let at = self.entries.iter().position(|(_, name, _)| name == key)?;
        Some(self.entries.remove(at).2)
    }

    /// Whether a key is there and was not taken yet.
    #[must_use]
    pub fn holds(&self, key: &str) -> bool {
        self.value(key).is_some()
    }

    fn value(&self, key: &str) -> Option<&DeValue<'t>> {
        self.entries.iter().find(|(_, name, _)| name == key).map(|(_, _, value)| value.get_ref())
    }

    /// Takes everything that is left.
    pub fn rest(self) -> impl Iterator<Item = (Range<usize>, String, Spanned<DeValue<'t>>)> {
        self.entries.into_iter()
    }
}

/// An integer of TOML that fits 64 bits.
#[must_use]
pub fn integer(value: &DeValue<'_>) -> Option<i64> {
    let number = value.as_integer()?;
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

/// Where the value of a TOML string begins, if its octets are those of the file.
fn content_start(file: &str, span: &Range<usize>, value: &str) -> Option<usize> {
    let written = file.get(span.clone())?;
    let quotes = if written.starts_with("'''") || written.starts_with("\"\"\"") { 3 } else { 1 };
    let newline = match written.get(quotes..)? {
        rest if quotes == 3 && rest.starts_with("\r\n") => 2,
        rest if quotes == 3 && rest.starts_with('\n') => 1,
        _ => 0,
    };
    let start = span.start + quotes + newline;
    (file.get(start..start + value.len())? == value).then_some(start)
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" }
}
