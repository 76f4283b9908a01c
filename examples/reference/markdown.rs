//! Markdown as GitHub reads it: text in cells, code, tables, anchors. Knows nothing of rules and facts.

use std::fmt::Write as _;

/// Opens every page.
pub(crate) fn opening(title: &str) -> String {
    format!("# {title}\n\n<!-- made by `cargo run --example reference -- docs`; edits are lost -->\n\n")
}

/// Text that stands for itself, code spans kept: no tags, no links, no ends of cells.
pub(crate) fn plain(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut parts = Vec::new();
    for (at, part) in text.split('`').enumerate() {
        let part = part.replace('|', "\\|");
        let is_code = at % 2 == 1;
        parts.push(if is_code {
            part
        } else {
            part.replace('<', "\\<").replace('*', "\\*").replace('[', "\\[")
        });
    }
    parts.join("`")
}

/// A code span, also in a cell.
pub(crate) fn code(text: &str) -> String {
    let text = text.replace('|', "\\|");
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

/// A block of code, with a fence that its text does not end.
pub(crate) fn fenced(language: &str, text: &str) -> String {
    let mut fence = "```".to_owned();
    while text.contains(&fence) {
        fence.push('`');
    }
    format!("{fence}{language}\n{}\n{fence}\n", text.trim_end())
}

/// A table; none where it has no rows.
pub(crate) fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut text = format!("| {} |\n|{}\n", heads.join(" | "), " --- |".repeat(heads.len()));
    for row in rows {
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
    text.push('\n');
    text
}

/// The part of an address behind `#` for a fact, a kind of message or a function.
pub(crate) fn anchor(names: &[&str]) -> String {
    names.join("-").to_lowercase()
}

/// A link.
pub(crate) fn link(text: &str, address: &str) -> String {
    format!("[{text}]({address})")
}

/// Items behind each other; long lists are folded.
pub(crate) fn listed(items: &[String], noun: &str) -> String {
    const SHORT: usize = 4;
    let all = items.join(", ");
    if items.len() <= SHORT {
        return all;
    }
    format!("<details><summary>{} {noun}</summary>{all}</details>", items.len())
}
