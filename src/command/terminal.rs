//! Standard output and standard error: colour, width, closed pipes.

use std::borrow::Cow;
use std::io::{self, IsTerminal as _, Write as _};

use anyhow::Context as _;

use crate::cli::Color;
use crate::document::Diagnostics;
use crate::source::shown;

/// Writes to standard output. A reader that has gone away is no error.
///
/// # Errors
/// Where the output cannot be written for another reason.
pub(super) fn print(text: &[u8]) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.context("standard output cannot be written"),
    }
}

/// Tells what was done beside the report, on standard error.
pub(super) fn tell(line: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{line}");
}

/// Writes an error and its causes to standard error.
pub(super) fn complain(error: &anyhow::Error) {
    let mut err = anstream::stderr().lock();
    // Names of files stand in it as they are.
    let said = escaped(&without_keys(&format!("{error:#}")));
    let _ = if let Some(diagnostics) = error.downcast_ref::<Diagnostics>() {
        write!(err, "{}", diagnostics.render(true))
    } else {
        let style = anstyle::Style::new().bold().fg_color(Some(anstyle::AnsiColor::Red.into()));
        writeln!(err, "{style}error{style:#}: {said}")
    };
}

/// The text up to a private key that was pasted as an argument; the rest is left
/// out, since nobody knows where the key ends.
pub(super) fn without_keys(text: &str) -> Cow<'_, str> {
    let key = text.find("PRIVATE KEY").map(|at| text[..at].rfind("-----BEGIN").unwrap_or(at));
    match key {
        Some(at) => Cow::Owned(format!("{}[a private key, not shown]", &text[..at])),
        None => Cow::Borrowed(text),
    }
}

/// Lines of text with hidden characters escaped.
fn escaped(text: &str) -> String {
    text.split('\n').map(shown).collect::<Vec<_>>().join("\n")
}

/// Whether standard output gets colour: `NO_COLOR`, `CLICOLOR_FORCE` and the
/// like are anstream's to judge.
pub(super) fn is_colored(choice: Color) -> bool {
    match choice {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never,
    }
}

/// Columns of the terminal, at most 100; 100 where there is none.
pub(super) fn width() -> usize {
    if !io::stdout().is_terminal() {
        return 100;
    }
    let (columns, _) = termimad::terminal_size();
    usize::from(columns).clamp(40, 100)
}
