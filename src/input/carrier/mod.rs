//! Texts that carry certificates in strings: JSON, YAML, Terraform and files of environment
//! variables, each found by its content. A carrier only says where the values stand; what
//! they hold is read as any other text.

mod align;
mod base64;
mod environment;
mod json;
mod path;
mod terraform;
mod unescape;
mod yaml;

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::packed::Searcher;
use memchr::memmem::Finder;

use super::layer::Draft;
use crate::limits;
pub(super) use base64::{decoded, is_element};
pub(super) use unescape::{is_escaped_break, unescaped};

/// A string inside a carrier.
#[derive(Debug)]
pub(super) struct Value {
    /// Where it stands: `data."tls.crt"`.
    pub(super) path: String,
    /// The object that it belongs to: `data`.
    pub(super) object: String,
    /// Its text, with a map to the carrier.
    pub(super) draft: Draft,
    /// The octets of the carrier that it stands in.
    pub(super) range: Range<usize>,
}

/// Forms of carriers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Json,
    Yaml,
    Terraform,
    Environment,
}

/// What a text begins with, at the latest, that a certificate or key is in: PEM, base64 of PEM
/// at each of its three positions, base64 of a SEQUENCE of 256 octets or more.
const NEEDLES: [&[u8]; 5] = [b"-----BEGIN", b"LS0tLS1CRUdJT", b"0tLS0tQkVHSU", b"tLS0tLUJFR0lO", b"MII"];

/// Where Kubernetes keeps a copy of an object inside itself, which is not read again.
const COPY: &str = "metadata.annotations.\"kubectl.kubernetes.io/last-applied-configuration\"";

/// Whether a text may hold a certificate or key in any form that is looked for: one pass, near the
/// speed of memory where the processor has vector instructions.
#[must_use]
pub fn may_hold(text: &[u8]) -> bool {
    static SEARCHER: LazyLock<Option<Searcher>> = LazyLock::new(|| Searcher::new(NEEDLES));
    match &*SEARCHER {
        Some(searcher) => searcher.find(text).is_some(),
        None => NEEDLES.iter().any(|needle| Finder::new(needle).find(text).is_some()),
    }
}

/// Whether a string is worth a layer of its own.
fn is_wanted(text: &[u8]) -> bool {
    if text.len() < limits::VALUE_OCTETS_LEAST {
        return false;
    }
    text.first().is_some_and(|octet| matches!(octet, b'{' | b'[')) && may_hold(text)
        || Finder::new(NEEDLES[0]).find(text).is_some()
        || decoded(text).is_some()
}

/// The values of a text in one form that may hold certificates or keys, in the order of the text.
/// None where the text has not that form.
pub(super) fn values(form: Form, text: &str) -> Vec<Value> {
    let mut found = match form {
        Form::Json => json::values(text),
        Form::Yaml => yaml::values(text),
        Form::Terraform => terraform::values(text),
        Form::Environment => environment::values(text),
    };
    for value in &mut found {
        if value.path.ends_with(COPY) {
            value.draft = Draft::default();
        }
    }
    found.sort_by_key(|value| value.range.start);
    found
}

/// The form of a text by its content, and its values. `is_plain` says that all PEM blocks stand
/// as they should in a PEM file, so that only braces at its very start make it a carrier.
pub(super) fn detect(text: &str, is_plain: bool) -> Vec<Value> {
    let first = text.trim_start_matches('\u{feff}').trim_start().bytes().next();
    if matches!(first, Some(b'{' | b'[')) {
        let found = values(Form::Json, text);
        if !found.is_empty() {
            return found;
        }
    }
    if is_plain {
        return Vec::new();
    }
    let forms = [Form::Yaml, Form::Terraform, Form::Environment];
    forms.into_iter().map(|form| values(form, text)).find(|found| !found.is_empty()).unwrap_or_default()
}
