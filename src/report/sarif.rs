//! The SARIF 2.1.0 format, such that GitHub code scanning takes it as it is. One
//! result that it does not like makes GitHub refuse the whole file, hence no text
//! is ever empty and every region has all four numbers. Knows the report alone.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::io;

use serde_json::{Value, json};

use super::json::write_escaped;
use super::{Report, RuleSummary};
use crate::finding::{Excerpt, Finding, Note, Severity};
use crate::rule::Reference;
use crate::source::Place;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Results that GitHub takes from one run; it refuses a file with more.
const MAX_RESULTS: usize = 25_000;

/// Characters that GitHub takes in a rule's description.
const MAX_DESCRIPTION: usize = 1_024;

/// Octets of a region up to which its text is repeated in the file: base64 hardly
/// shrinks, and [`MAX_RESULTS`] of them stay below the 10 MB (gzip) that GitHub takes.
const MAX_SNIPPET: usize = 256;

/// Writes the report as a SARIF log with one run.
///
/// Suppressed findings are in it, marked as such. Where there are more findings
/// than GitHub takes, the least severe are left out and a notification says so.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    let indexes = report.rules.iter().enumerate().map(|(at, rule)| (rule.id(), at)).collect();
    let findings = most_severe(&report.findings, MAX_RESULTS);
    let invocation = invocation(report, findings.len(), &indexes);
    let mut results: Vec<_> = findings.iter().map(|finding| result(finding, &indexes)).collect();
    if findings.iter().any(|finding| finding.suppressed.is_some()) {
        // Section 3.27.23: where one result has `suppressions`, all have them.
        for (result, finding) in results.iter_mut().zip(&findings) {
            result["suppressions"] = suppressions(finding);
        }
    }
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": report.rules.iter().map(descriptor).collect::<Vec<_>>(),
            }},
            "automationDetails": {"id": format!("pemlint/{}/", report.profile.replace(", ", "+"))},
            "invocations": [invocation],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    write_escaped(&log, out)
}

/// Index of each rule in the driver's list.
type Indexes<'a> = HashMap<&'a str, usize>;

/// At most `limit` findings, in their order: those that count before suppressed
/// ones, then the more severe.
fn most_severe(findings: &[Finding], limit: usize) -> Vec<&Finding> {
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by_key(|at| (findings[*at].suppressed.is_some(), Reverse(findings[*at].severity)));
    order.truncate(limit);
    order.sort_unstable();
    order.into_iter().map(|at| &findings[at]).collect()
}

fn descriptor(rule: &RuleSummary) -> Value {
    let (id, draft) = (rule.id(), &rule.draft);
    let source = id.split('/').next().unwrap_or(id);
    let mut descriptor = json!({
        "id": id,
        "name": pascal_case(id),
        "shortDescription": {"text": sentence(&draft.title, id)},
        "fullDescription": {"text": cut(some(draft.why.trim(), &draft.title), MAX_DESCRIPTION)},
        "help": help(rule),
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {
            "precision": "very-high",
            "problem.severity": problem_severity(rule.severity),
            "tags": ["certificate", "tls", source],
        },
    });
    // A user's rule has no page of its own.
    let of_reference = || draft.references.iter().find_map(|reference| reference.url.clone());
    if let Some(address) = rule.page().or_else(of_reference) {
        descriptor["helpUri"] = json!(address);
    }
    descriptor
}

fn help(rule: &RuleSummary) -> Value {
    let (why, fix) = (rule.draft.why.trim(), rule.fix());
    let fix = some(&fix, &rule.draft.title);
    let listed = |separator, text: fn(&Reference) -> String| {
        rule.draft.references.iter().map(text).collect::<Vec<_>>().join(separator)
    };
    let (see, list) = match rule.draft.references.as_slice() {
        [] => (String::new(), String::new()),
        _ => (
            format!("\n\nSee {}.", listed("; ", with_address)),
            format!("\n## References\n\n* {}\n", listed("\n* ", Reference::markdown)),
        ),
    };
    let markdown = format!("{why}\n\n## Fix\n\n{fix}\n{list}");
    json!({"text": format!("{fix}{see}"), "markdown": markdown.trim_start()})
}

/// The text of a reference with its address behind it.
fn with_address(reference: &Reference) -> String {
    let address = reference.url.as_ref().map(|url| format!(" ({url})")).unwrap_or_default();
    format!("{}{address}", reference.text())
}

fn result(finding: &Finding, indexes: &Indexes<'_>) -> Value {
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.severity),
        "message": {"text": sentence(&finding.message, &finding.rule)},
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": uri(&finding.path)},
            "region": region(finding.place, finding.excerpt.as_ref()),
        }}],
        // GitHub's own primaryLocationLineHash is left to its uploader, which
        // warns where a given one differs.
        "partialFingerprints": {"pemlint/v1": finding.fingerprint},
    });
    if let Some(inside) = &finding.inside {
        result["locations"][0]["logicalLocations"] = json!([{"fullyQualifiedName": inside, "kind": "value"}]);
    }
    if let Some(index) = indexes.get(finding.rule.as_str()) {
        result["ruleIndex"] = json!(index);
    }
    if !finding.openssl.is_empty() || !finding.clients.is_empty() {
        result["properties"] = json!({"openssl": finding.openssl, "rejectedBy": finding.clients});
    }
    if !finding.asked_by.is_empty() {
        result["properties"]["profiles"] = json!(finding.asked_by);
    }
    result
}

fn suppressions(finding: &Finding) -> Value {
    match &finding.suppressed {
        Some(reason) => json!([{"kind": "external", "justification": some(reason, "baseline")}]),
        None => json!([]),
    }
}

fn region(place: Place, excerpt: Option<&Excerpt>) -> Value {
    let is_empty = (place.line, place.column) == (place.end_line, place.end_column);
    // Viewers show nothing for an empty region. 1:1 to 1:1 stands for a binary file.
    let widened = usize::from(is_empty && place != Place::START);
    let mut region = json!({
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column + widened,
    });
    let text = excerpt
        .filter(|excerpt| excerpt.is_whole(place))
        .and_then(|excerpt| excerpt.text.get(excerpt.region.clone()))
        .unwrap_or_default();
    if (1..=MAX_SNIPPET).contains(&text.len()) {
        region["snippet"] = json!({"text": text});
    }
    region
}

fn invocation(report: &Report, results: usize, indexes: &Indexes<'_>) -> Value {
    let mut notifications: Vec<_> =
        report.notes.iter().map(|note| note_notification(note, indexes)).collect();
    notifications.extend(report.stale.iter().map(|entry| {
        let text = format!("Baseline: {entry}");
        json!({"level": "note", "message": {"text": sentence(&text, "")}})
    }));
    let left_out = report.findings.len() - results;
    if left_out > 0 {
        let text = format!(
            "{left_out} of {} results, the least severe, are left out of this file.",
            report.findings.len()
        );
        notifications.push(json!({"level": "warning", "message": {"text": text}}));
    }
    json!({
        "executionSuccessful": !report.notes.iter().any(|note| note.is_error),
        "toolExecutionNotifications": notifications,
    })
}

fn note_notification(note: &Note, indexes: &Indexes<'_>) -> Value {
    let (level, trouble) = if note.is_error { ("error", "failed") } else { ("note", "has no answer") };
    let certificate = note.certificate.map_or_else(String::new, |at| format!(" for certificate {}", at + 1));
    let text = format!("Rule {} {trouble}{certificate}: {}", note.rule, note.reason);
    let mut rule = json!({"id": note.rule});
    if let Some(index) = indexes.get(note.rule.as_str()) {
        rule["index"] = json!(index);
    }
    json!({
        "level": level,
        "message": {"text": sentence(&text, "")},
        "associatedRule": rule,
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(&note.path)}}}],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn problem_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "recommendation",
    }
}

/// `text`, or `other` where it is empty.
fn some<'a>(text: &'a str, other: &'a str) -> &'a str {
    if text.trim().is_empty() { other } else { text }
}

/// `text` with a full stop, which SARIF wants and our messages do not have.
fn sentence(text: &str, other: &str) -> String {
    let text = some(text, other).trim_end();
    let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{text}{stop}")
}

/// `text` of at most `limit` characters, ended behind a sentence, else behind a word.
fn cut(text: &str, limit: usize) -> String {
    let text = text.trim();
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let kept: String = text.chars().take(limit - 1).collect();
    let sentence_end = [". ", ".\n"].into_iter().filter_map(|end| kept.rfind(end)).max();
    match sentence_end {
        Some(at) if at > kept.len() / 2 => kept[..=at].to_owned(),
        _ => {
            let word_end = kept.rfind(char::is_whitespace).unwrap_or(kept.len());
            format!("{}…", kept[..word_end].trim_end())
        }
    }
}

/// `CaKeyUsageMissing` for `rfc5280/ca-key-usage-missing`.
fn pascal_case(id: &str) -> String {
    let last = id.rsplit('/').next().unwrap_or(id);
    let words = last.split(|c: char| !c.is_alphanumeric());
    words
        .flat_map(|word| {
            let mut letters = word.chars();
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters)
        })
        .collect()
}

/// A path as a relative reference of RFC 3986; `file:` for an absolute path, as a
/// reference that begins with a slash depends on where it is read.
fn uri(path: &str) -> String {
    let is_drive = matches!(path.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic());
    let mut uri = match path {
        path if path.starts_with('/') => "file://".to_owned(),
        path if is_drive => format!("file:///{}", &path[..2]),
        _ => String::new(),
    };
    let rest = if is_drive { &path[2..] } else { path };
    for octet in rest.bytes() {
        if octet.is_ascii_alphanumeric() || b"-._~/".contains(&octet) {
            uri.push(char::from(octet));
        } else {
            let escape = format!("%{octet:02X}");
            uri.push_str(&escape);
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn run(report: &Report) -> Value {
        let mut out = Vec::new();
        write(report, &mut out).expect("a vector takes every octet");
        let mut log: Value = serde_json::from_slice(&out).expect("what was written is JSON");
        log["runs"][0].take()
    }

    #[test]
    fn every_result_has_what_github_asks_for() {
        let mut report = sample::report();
        report.findings[0].message.clear();
        report.findings[1].place.end_column = 5;
        let run = run(&report);
        let results = run["results"].as_array().expect("results is an array");
        assert_eq!(results.len(), report.findings.len());
        for result in results {
            let place = &result["locations"][0]["physicalLocation"];
            for number in ["startLine", "startColumn", "endLine", "endColumn"] {
                assert!(place["region"][number].as_u64() >= Some(1), "{result}");
            }
            assert_ne!(place["artifactLocation"]["uri"], "");
            assert_ne!(result["message"]["text"], ".");
            let index =
                usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("a small index");
            assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
        }
        assert_eq!(results[1]["locations"][0]["physicalLocation"]["region"]["endColumn"], 6);
        assert_eq!(
            results[3]["locations"][0]["physicalLocation"]["region"],
            json!({"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1})
        );
        assert_eq!(results[2]["suppressions"][0]["justification"], "replaced in December");
        assert_eq!(results[1]["suppressions"], json!([]));
    }

    #[test]
    fn every_rule_has_what_github_asks_for() {
        let run = run(&sample::report());
        let rules = run["tool"]["driver"]["rules"].as_array().expect("rules is an array");
        assert_eq!(rules.len(), 5);
        for rule in rules {
            let description = rule["fullDescription"]["text"].as_str().expect("a text");
            assert!(description.ends_with("below this CA.") && description.chars().count() <= 1_024);
            assert!(rule["help"]["text"].is_string() && rule["help"]["markdown"].is_string());
            assert_ne!(rule["name"], rule["id"]);
        }
        assert_eq!(rules[0]["defaultConfiguration"]["level"], "note");
    }

    #[test]
    fn notes_and_stale_entries_are_notifications() {
        let mut report = sample::report();
        let invocation = run(&report)["invocations"][0].take();
        assert_eq!(invocation["executionSuccessful"], true);
        assert_eq!(invocation["toolExecutionNotifications"].as_array().map(Vec::len), Some(2));
        report.notes[0].is_error = true;
        assert_eq!(run(&report)["invocations"][0]["executionSuccessful"], false);
    }

    #[test]
    fn the_least_severe_results_are_left_out() {
        let findings = sample::report().findings;
        let kept = |limit| {
            most_severe(&findings, limit).iter().map(|finding| finding.severity.name()).collect::<Vec<_>>()
        };
        assert_eq!(kept(2), ["error", "warning"]);
        assert_eq!(kept(3), ["info", "error", "warning"]);
    }

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("stdin"), "stdin");
        assert_eq!(uri("certs/old ca#1.pem"), "certs/old%20ca%231.pem");
        assert_eq!(uri("a:b/ü.pem"), "a%3Ab/%C3%BC.pem");
        assert_eq!(uri("/etc/ssl/ca.pem"), "file:///etc/ssl/ca.pem");
        assert_eq!(uri("C:/ca.pem"), "file:///C:/ca.pem");
    }

    #[test]
    fn text_is_cut_behind_a_sentence_or_a_word() {
        assert_eq!(cut("One two. Three four.", 12), "One two.");
        assert_eq!(cut("One two three four", 9), "One two…");
        assert_eq!(cut("One.", 4), "One.");
    }
}
