//! The JSON format: a versioned object for programs, with types of its own so that
//! the rest of pemlint may change without it. `report.schema.json` says what holds
//! for it. Knows the report and nothing of how it came about.

use std::io;

use serde::Serialize;

use super::{InputSummary, ProfileSummary, Report, StoreSummary, Summary};
use crate::finding::{self, AskedBy};
use crate::source::is_hidden;
use crate::verdict::{self, Leaf, Step};

/// Number of the format, raised when a field changes its meaning or goes away.
/// A new field does not raise it.
pub const VERSION: u32 = 1;

/// Writes the report as one object, indented, with a line feed at its end.
///
/// Suppressed findings appear in the summary only.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    let document = Document {
        version: VERSION,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        profile: &report.profile,
        profiles: report.by_profile(),
        at: &report.at,
        inputs: &report.inputs,
        findings: report.shown().map(Finding::from).collect(),
        notes: report.notes.iter().map(Note::from).collect(),
        verdicts: report.verdicts.iter().map(Verdict::from).collect(),
        stale: &report.stale,
        store: report.store.as_ref(),
        summary: report.summary(),
    };
    write_escaped(&document, out)
}

/// The JSON Schema (draft 2020-12) of what [`write()`] writes.
#[must_use]
pub fn schema() -> &'static str {
    include_str!("report.schema.json")
}

/// Writes `value` indented, with `\uXXXX` in place of characters that a terminal
/// would hide or reorder. Beyond ASCII, JSON has characters in strings alone, so
/// the text means the same as before.
pub(super) fn write_escaped(value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    let text = serde_json::to_string_pretty(value)?;
    let mut written = 0;
    for (at, hidden) in text.char_indices().filter(|(_, c)| *c != '\n' && is_hidden(*c)) {
        out.write_all(&text.as_bytes()[written..at])?;
        for unit in hidden.encode_utf16(&mut [0; 2]) {
            write!(out, "\\u{unit:04x}")?;
        }
        written = at + hidden.len_utf8();
    }
    out.write_all(&text.as_bytes()[written..])?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: Tool,
    profile: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    profiles: Vec<ProfileSummary>,
    at: &'a str,
    inputs: &'a [InputSummary],
    findings: Vec<Finding<'a>>,
    notes: Vec<Note<'a>>,
    verdicts: Vec<Verdict<'a>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    stale: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    store: Option<&'a StoreSummary>,
    summary: Summary,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    rule: &'a str,
    severity: &'static str,
    message: &'a str,
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    inside: Option<&'a str>,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    certificate: Option<usize>,
    sha256: Option<&'a str>,
    fact: Option<&'a str>,
    fix: &'a str,
    references: &'a [String],
    openssl: &'a [i64],
    clients: &'a [&'static str],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    profiles: &'a [AskedBy],
    fingerprint: &'a str,
}

impl<'a> From<&'a finding::Finding> for Finding<'a> {
    fn from(finding: &'a finding::Finding) -> Self {
        Self {
            rule: &finding.rule,
            severity: finding.severity.name(),
            message: &finding.message,
            path: &finding.path,
            inside: finding.inside.as_deref(),
            line: finding.place.line,
            column: finding.place.column,
            end_line: finding.place.end_line,
            end_column: finding.place.end_column,
            certificate: finding.certificate,
            sha256: finding.sha256.as_deref(),
            fact: finding.fact.as_deref(),
            fix: &finding.fix,
            references: &finding.references,
            openssl: &finding.openssl,
            clients: &finding.clients,
            profiles: &finding.asked_by,
            fingerprint: &finding.fingerprint,
        }
    }
}

#[derive(Serialize)]
struct Note<'a> {
    rule: &'a str,
    path: &'a str,
    certificate: Option<usize>,
    outcome: &'static str,
    reason: &'a str,
}

impl<'a> From<&'a finding::Note> for Note<'a> {
    fn from(note: &'a finding::Note) -> Self {
        Self {
            rule: &note.rule,
            path: &note.path,
            certificate: note.certificate,
            outcome: if note.is_error { "error" } else { "indeterminate" },
            reason: &note.reason,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Verdict<'a> {
    path: &'a str,
    certificate: Option<usize>,
    client: &'a str,
    openssl: Option<&'a str>,
    leaf: Leaf,
    host: Option<&'a str>,
    accepts: bool,
    error: Option<Error<'a>>,
    errors: Vec<Error<'a>>,
    chain: &'a [Step],
    assumptions: &'a [String],
}

impl<'a> From<&'a verdict::Verdict> for Verdict<'a> {
    fn from(verdict: &'a verdict::Verdict) -> Self {
        Self {
            path: &verdict.path,
            certificate: verdict.certificate,
            client: verdict.client,
            openssl: verdict.openssl,
            leaf: verdict.leaf,
            host: verdict.host.as_deref(),
            accepts: verdict.accepts(),
            error: verdict.errors.first().map(Error::from),
            errors: verdict.errors.iter().map(Error::from).collect(),
            chain: &verdict.chain,
            assumptions: &verdict.assumptions,
        }
    }
}

#[derive(Serialize)]
struct Error<'a> {
    code: Option<i64>,
    name: &'a str,
    message: &'a str,
    printed: &'a str,
    stage: &'static str,
    depth: Option<usize>,
    path: Option<&'a str>,
    certificate: Option<usize>,
    rules: &'a [String],
}

impl<'a> From<&'a verdict::Error> for Error<'a> {
    fn from(error: &'a verdict::Error) -> Self {
        Self {
            code: error.code,
            name: &error.name,
            message: &error.message,
            printed: &error.printed,
            stage: error.stage.name(),
            depth: error.depth,
            path: error.path.as_deref(),
            certificate: error.certificate,
            rules: &error.rules,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use serde_json::{Value, json};

    fn written(report: &Report) -> Value {
        let mut out = Vec::new();
        write(report, &mut out).expect("a vector takes every octet");
        assert!(out.ends_with(b"}\n"));
        serde_json::from_slice(&out).expect("what was written is JSON")
    }

    fn validator() -> jsonschema::Validator {
        let schema = serde_json::from_str(schema()).expect("the schema is JSON");
        assert!(jsonschema::meta::is_valid(&schema));
        jsonschema::validator_for(&schema).expect("the schema compiles")
    }

    #[test]
    fn full_and_empty_reports_satisfy_the_schema() {
        let full = sample::report();
        let empty =
            Report { profile: "rfc5280".into(), at: "2026-11-22T00:00:00Z".into(), ..Report::default() };
        for report in [full, empty] {
            let value = written(&report);
            let faults: Vec<_> =
                validator().iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
            assert_eq!(faults, Vec::<String>::new());
        }
    }

    #[test]
    fn the_schema_refuses_what_the_format_does_not_have() {
        let good = written(&sample::report());
        let refused = |pointer: &str, value: Value| {
            let mut bad = good.clone();
            *bad.pointer_mut(pointer).expect("the sample has this field") = value;
            !validator().is_valid(&bad)
        };
        assert!(refused("/findings/0/line", json!(0)));
        assert!(refused("/findings/0/severity", json!("fatal")));
        assert!(refused("/findings/0/sha256", json!("ABC")));
        assert!(refused("/notes/0/outcome", json!("pass")));
        assert!(refused("/tool", json!({"name": "pemlint", "version": "0.1.0", "more": 1})));
        assert!(refused("/inputs/0/certificates/0", json!({})));
    }

    fn keys_of(value: &Value) -> String {
        let keys: Vec<_> = value.as_object().expect("an object").keys().map(String::as_str).collect();
        keys.join(" ")
    }

    #[test]
    fn fields_stand_in_the_order_of_the_documentation() {
        let value = written(&sample::report());
        let keys = keys_of(&value["findings"][0]);
        assert_eq!(
            keys,
            "rule severity message path line column endLine endColumn certificate sha256 \
            fact fix references openssl clients fingerprint"
        );
        let keys = keys_of(&value);
        assert_eq!(keys, "version tool profile at inputs findings notes verdicts stale summary");
    }

    #[test]
    fn suppressed_findings_are_counted_only() {
        let report = sample::report();
        let value = written(&report);
        assert_eq!(value["findings"].as_array().map(Vec::len), Some(report.findings.len() - 1));
        assert_eq!(value["summary"]["suppressed"], 1);
    }

    #[test]
    fn hidden_characters_are_escaped_and_survive() {
        let mut report = sample::report();
        report.inputs[0].path = "a\u{202e}\u{e0041}\u{7f}b".into();
        let mut out = Vec::new();
        write(&report, &mut out).expect("a vector takes every octet");
        let text = String::from_utf8(out).expect("JSON is UTF-8");
        assert!(text.contains(r"a\u202e\udb40\udc41\u007fb"), "{text}");
        let value: Value = serde_json::from_str(&text).expect("what was written is JSON");
        assert_eq!(value["inputs"][0]["path"], "a\u{202e}\u{e0041}\u{7f}b");
    }
}
