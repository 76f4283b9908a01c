//! The errors in a text that a person brings to `pemlint explain`: reads it, hands
//! it to the diagnosis and prints what comes back.

use std::io::{self, IsTerminal as _, Read as _};

use anyhow::{Context as _, bail};
use serde::Serialize;

use super::{explain, terminal};
use crate::cli::{ExplainArgs, ListFormat};
use crate::diagnosis::{
    Clues, Diagnosis, Explanation, client_names, closest, decoded, diagnose, markdown, unknown_number,
};
use crate::limits::ERROR_TEXT_OCTETS;
use crate::rule::RuleSet;

/// A text to look for errors in.
pub(super) struct Brought {
    pub(super) text: String,
}

impl Brought {
    /// A text from the command line.
    pub(super) fn argument(text: &str) -> Self {
        Self { text: text.to_owned() }
    }

    /// The text on standard input.
    ///
    /// # Errors
    /// Where there is none, or it cannot be read.
    pub(super) fn stdin() -> anyhow::Result<Self> {
        let (mut octets, mut cut) = (Vec::new(), false);
        let mut input = io::stdin().lock();
        let most = u64::try_from(ERROR_TEXT_OCTETS).expect("it is small");
        // An error stands at the end of a log.
        while input.by_ref().take(most).read_to_end(&mut octets).context("standard input cannot be read")? > 0
        {
            let left_out = octets.len().saturating_sub(ERROR_TEXT_OCTETS);
            cut |= left_out > 0;
            octets.drain(..left_out);
        }
        if cut {
            terminal::tell(&format!("only the last {} MiB are read", ERROR_TEXT_OCTETS >> 20));
        }
        let text = decoded(&octets);
        if text.trim().is_empty() {
            bail!("there is nothing to explain on standard input; {USAGE}");
        }
        Ok(Self { text })
    }
}

const USAGE: &str = "give WHAT: an error text, a verify code such as 20, a name such as X509_V_ERR_CERT_HAS_EXPIRED, a \
                     rule or a fact; or pipe a log into it";

/// What the command line or standard input brings.
///
/// # Errors
/// Where neither brings anything.
pub(super) fn brought(args: &ExplainArgs) -> anyhow::Result<Option<Brought>> {
    match args.what.as_slice() {
        [] if io::stdin().is_terminal() => bail!("{USAGE}"),
        [] => Brought::stdin().map(Some),
        [only] if only == "-" => Brought::stdin().map(Some),
        _ => Ok(None),
    }
}

/// Prints what is known of the errors in a text; nothing where none is in it.
///
/// # Errors
/// Where the output cannot be written.
pub(super) fn print(set: &RuleSet, brought: &Brought, format: ListFormat) -> anyhow::Result<bool> {
    let diagnosis = diagnose(&brought.text);
    if diagnosis.answers.is_empty() {
        return Ok(false);
    }
    print_answers(set, &diagnosis, format)?;
    Ok(true)
}

/// Prints the answers of a diagnosis.
///
/// # Errors
/// Where the output cannot be written.
pub(super) fn print_answers(set: &RuleSet, diagnosis: &Diagnosis, format: ListFormat) -> anyhow::Result<()> {
    let clues = &diagnosis.clues;
    let errors: Vec<Explanation> =
        diagnosis.answers.iter().map(|answer| answer.explained(set.drafts(), clues)).collect();
    let text = match format {
        ListFormat::Json => json(&errors, clues)?,
        ListFormat::Text => explain::rendered(|width| {
            let texts: Vec<String> = errors.iter().map(|error| markdown(error, clues, width)).collect();
            let several = format!("{} different errors are in this text, first to last.\n\n", texts.len());
            let head = if texts.len() > 1 { several.as_str() } else { "" };
            format!("{head}{}", texts.join("\n---\n\n"))
        }),
    };
    terminal::print(text.as_bytes())
}

#[derive(Serialize)]
struct Document<'a> {
    version: u8,
    tool: Tool,
    clues: &'a Clues,
    errors: &'a [Explanation],
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

fn json(errors: &[Explanation], clues: &Clues) -> anyhow::Result<String> {
    let tool = Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };
    let mut text = serde_json::to_string_pretty(&Document { version: 1, tool, clues, errors })?;
    text.push('\n');
    Ok(text)
}

/// What is said of a text in which nothing is known.
pub(super) fn unknown(text: &str) -> String {
    let mut said = match unknown_number(text) {
        Some(number) => format!("{number} is no verify code of OpenSSL; they go from 0 to 103"),
        None => "no known certificate error is in this text".into(),
    };
    let clients = client_names().join(", ");
    said.push_str("\nlooked for: texts, names and numbers of OpenSSL 1.1.1 to 4.0; texts of ");
    said.push_str(&clients);
    let close = closest(text);
    if !close.is_empty() {
        said.push_str("\nclosest known: ");
        said.push_str(&close.iter().map(|text| format!("`{text}`")).collect::<Vec<_>>().join(", "));
    }
    said.push_str(
        "\nto have it looked at send the whole text, the CA file, and what these print; never a private key:\n    \
         openssl s_client -connect HOST:443 -servername HOST -showcerts </dev/null\n    \
         openssl version; python3 -c 'import ssl, sys; print(sys.version, ssl.OPENSSL_VERSION)'; pemlint --version",
    );
    said
}
