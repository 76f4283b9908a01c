//! Explanations as text for people, in markdown.

use std::fmt::Write as _;

use super::{Clues, Explanation, KnownCode};

/// Rules that are named; a fault with more is found by the first of them too.
const RULES: usize = 6;

/// An explanation in markdown. Prose is wrapped to `width` columns, where given.
#[must_use]
pub fn markdown(explanation: &Explanation, clues: &Clues, width: Option<usize>) -> String {
    let mut text = format!("**{}**\n\n{}\n", explanation.saying, read(explanation, clues));
    for also in &explanation.also {
        let _ = writeln!(text, "\nThe same words may mean: {} (`pemlint explain {}`)", also.saying, also.ask);
    }
    for code in explanation.codes.iter().filter(|_| explanation.codes.len() < 4) {
        if let Some(note) = &code.note {
            let _ = writeln!(text, "\n{}: {note}.", code.number);
        }
    }
    let _ = write!(
        text,
        "\n**Which certificate:** {}\n\n**Usual causes**, most likely first:\n",
        explanation.certificate
    );
    for (at, cause) in explanation.causes.iter().enumerate() {
        let _ = writeln!(text, "{}. {cause}", at + 1);
    }
    let _ = write!(
        text,
        "\n**Who must act:** {}\n\n**See it:**\n\n    {}\n",
        explanation.acts,
        explanation.see.trim()
    );
    if !explanation.rules.is_empty() {
        let named: Vec<String> =
            explanation.rules.iter().take(RULES).map(|rule| format!("`{rule}`")).collect();
        let more = explanation.rules.len().saturating_sub(RULES);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let _ = writeln!(text, "\nRules that find it: {}{more}.", named.join(", "));
    }
    push_part(&mut text, "Repair", &explanation.repair);
    push_part(&mut text, "Until then", &explanation.workaround);
    if let Some(hides) = &explanation.hides {
        push_part(&mut text, "May hide", hides);
    }
    push_part(&mut text, "Since", &explanation.since);
    width.map_or_else(|| text.clone(), |width| wrapped(&text, width))
}

/// A paragraph under its name; one that begins with a command stands below it.
fn push_part(text: &mut String, name: &str, part: &str) {
    let is_command = ["openssl ", "printf ", "cat ", "export ", "ctx.", "date ", "env "];
    let is_command = is_command.iter().any(|start| part.starts_with(start));
    let gap = if is_command { "\n\n    " } else { " " };
    let _ = write!(text, "\n**{name}:**{gap}{part}\n");
}

/// What was read out of the text.
fn read(explanation: &Explanation, clues: &Clues) -> String {
    let mut parts: Vec<String> = explanation.found.iter().map(|found| format!("`{found}`")).collect();
    parts.truncate(4);
    let codes: Vec<String> = explanation.codes.iter().take(4).map(shown).collect();
    let mut text = match (parts.is_empty(), codes.is_empty()) {
        (false, false) => format!("{} is {}.", parts.join(", "), codes.join(", or ")),
        (true, false) => format!("It is {}.", codes.join(", or ")),
        (false, true) => match &explanation.counterpart {
            Some(code) => format!("Read: {}. Its counterpart is {}.", parts.join(", "), shown(code)),
            None => format!("Read: {}.", parts.join(", ")),
        },
        (true, true) => String::new(),
    };
    if !clues.is_empty() {
        let _ = write!(text, " The text also gives: {}.", given(clues));
    }
    text
}

fn shown(code: &KnownCode) -> String {
    format!("OpenSSL verify code {}, `{}` ({})", code.number, code.name, code.openssl)
}

fn given(clues: &Clues) -> String {
    let host = clues.host.as_ref().map(|host| match clues.port {
        Some(port) => format!("host `{host}`, port {port}"),
        None => format!("host `{host}`"),
    });
    let python = clues.python.as_ref().map(|version| format!("Python {version}"));
    let libraries = clues.libraries.iter().map(|name| (*name).to_owned());
    host.into_iter().chain(python).chain(libraries).collect::<Vec<_>>().join(", ")
}

/// Prose wrapped at spaces; commands stay as they are.
fn wrapped(text: &str, width: usize) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for line in text.lines() {
        if line.starts_with("    ") || line.chars().count() <= width {
            out.push_str(line);
            out.push('\n');
            continue;
        }
        let is_item = line.starts_with(|c: char| c.is_ascii_digit()) && line[1..].starts_with(". ");
        let indent = if is_item { "   " } else { "" };
        let mut column = 0;
        for word in line.split(' ') {
            let length = word.chars().count();
            if column > 0 && column + 1 + length > width {
                out.push('\n');
                out.push_str(indent);
                column = indent.len();
            } else if column > 0 {
                out.push(' ');
                column += 1;
            }
            out.push_str(word);
            column += length;
        }
        out.push('\n');
    }
    out
}
