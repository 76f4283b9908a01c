//! Errors of files that people write, with file, line, column, caret and advice.

use std::fmt::{self, Write as _};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::source::{is_hidden, secret_runs, shown};

/// The byte order mark that some editors put first, which is no column.
const MARK: char = '\u{feff}';

/// What stands for a hidden character where a line of a file is shown.
const HIDDEN: char = '\u{fffd}';

/// Shortest run of letters and digits that is taken for base64; PEM lines have 64
/// characters, names of facts and algorithms fewer.
const BASE64_RUN: usize = 32;

/// One thing wrong with a file of ours or of the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Name of the kind of error, stable.
    pub name: &'static str,
    /// Path of the file.
    pub path: String,
    /// Its text.
    pub text: String,
    /// Octets at fault.
    pub range: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

/// Everything wrong with some files.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    /// The errors, by file and place.
    pub errors: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Errors in the order of their files and places.
    #[must_use]
    pub fn new(mut errors: Vec<Diagnostic>) -> Self {
        errors.sort_by(|left, right| (&left.path, left.range.start).cmp(&(&right.path, right.range.start)));
        Self { errors }
    }

    /// The errors as text for a terminal or, without colour, for a file.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let mut text = String::new();
        for error in &self.errors {
            text.push_str(&error.render(&renderer));
            text.push_str("\n\n");
        }
        let count = self.errors.len();
        let noun = if count == 1 { "error" } else { "errors" };
        let _ = writeln!(text, "{count} {noun}; nothing was checked");
        text
    }
}

impl Diagnostic {
    /// Line and column of its first character, from 1.
    #[must_use]
    pub fn position(&self) -> (usize, usize) {
        let before = self.text[..self.range.start.min(self.text.len())].trim_start_matches(MARK);
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        (line, before[start..].chars().count() + 1)
    }

    /// The text with a sign for each character that hides or reorders others, and
    /// the place of the fault in it.
    fn visible(&self) -> (String, Range<usize>) {
        let length = self.text.len();
        let start = self.range.start.min(length);
        let end = self.range.end.clamp(start, length);
        let show = |part: &str| -> String {
            let blank = |c| matches!(c, '\n' | '\r' | '\t');
            part.chars().map(|c| if is_hidden(c) && !blank(c) { HIDDEN } else { c }).collect()
        };
        let before = show(self.text[..start].trim_start_matches(MARK));
        let fault = show(self.text[start..end].trim_start_matches(MARK));
        let range = before.len()..before.len() + fault.len();
        (without_keys(before + &fault + &show(&self.text[end..])), range)
    }

    fn render(&self, renderer: &Renderer) -> String {
        let message = shown(&self.message);
        let help = self.help.as_deref().map(shown);
        let path = shown(&self.path);
        let (text, range) = self.visible();
        let mut group = Level::ERROR.primary_title(message.as_ref()).id(self.name).element(
            Snippet::source(text.as_str())
                .path(path.as_ref())
                .annotation(AnnotationKind::Primary.span(range)),
        );
        if let Some(help) = &help {
            group = group.element(Level::HELP.message(help.as_ref()));
        }
        renderer.render(&[group]).clone()
    }
}

/// The text with stars for every run that may be of a private key, if the file is
/// one: any file can be named in place of a configuration.
fn without_keys(text: String) -> String {
    let is_mixed = |run: &[u8]| {
        run.iter().any(u8::is_ascii_uppercase)
            && run.iter().any(u8::is_ascii_lowercase)
            && run.iter().any(u8::is_ascii_digit)
    };
    let is_base64 = |run: Range<usize>| run.len() >= BASE64_RUN && is_mixed(&text.as_bytes()[run]);
    if !text.contains("PRIVATE KEY-----") && !secret_runs(text.as_bytes()).any(is_base64) {
        return text;
    }
    let mut masked = text.clone();
    for run in secret_runs(text.as_bytes()) {
        masked.replace_range(run.clone(), &"*".repeat(run.len()));
    }
    masked
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for error in &self.errors {
            let (line, column) = error.position();
            writeln!(f, "{}:{line}:{column}: {}", shown(&error.path), shown(&error.message))?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}
