//! All formats of one run hold the same findings, notes and numbers.

use serde_json::Value;

use crate::cases::{CASES, Case};

/// A finding as every format can give it: level, rule, file, line and column.
type Line = (String, String, String, u64, u64);

fn text(value: &Value) -> String {
    value.as_str().expect("it is text").to_owned()
}

fn number(value: &Value) -> u64 {
    value.as_u64().expect("it is a number")
}

fn of_json(case: &Case) -> Vec<Line> {
    let line = |finding: &Value| {
        let part = |name: &str| text(&finding[name]);
        (part("severity"), part("rule"), part("path"), number(&finding["line"]), number(&finding["column"]))
    };
    case.findings().iter().map(line).collect()
}

fn of_sarif(case: &Case) -> Vec<Line> {
    let line = |result: &Value| {
        let level = text(&result["level"]).replace("note", "info");
        let place = &result["locations"][0]["physicalLocation"];
        let region = &place["region"];
        let path = unescaped(&text(&place["artifactLocation"]["uri"]));
        (level, text(&result["ruleId"]), path, number(&region["startLine"]), number(&region["startColumn"]))
    };
    case.results().iter().map(line).collect()
}

/// A reference of RFC 3986 as the path that it stands for.
fn unescaped(uri: &str) -> String {
    let mut octets = Vec::new();
    let mut rest = uri.as_bytes();
    while let [first, after @ ..] = rest {
        let code = || u8::from_str_radix(std::str::from_utf8(after.get(..2)?).ok()?, 16).ok();
        if let (b'%', Some(octet)) = (first, code()) {
            octets.push(octet);
            rest = &after[2..];
        } else {
            octets.push(*first);
            rest = after;
        }
    }
    String::from_utf8(octets).expect("paths of these cases are UTF-8")
}

/// Reads the format for people: a line `level[rule]: …` and the next ` --> path:line:column`.
fn of_human(case: &Case) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut heading = None;
    for line in case.human.lines() {
        let level = line.split('[').next().unwrap_or_default();
        if ["error", "warning", "info"].contains(&level) {
            let rule = line[level.len() + 1..].split(']').next().expect("a rule follows");
            heading = Some((level.to_owned(), rule.to_owned()));
        } else if let Some(place) = line.trim_start().strip_prefix("--> ") {
            let (level, rule) = heading.take().expect("a place follows a heading");
            let mut parts = place.rsplitn(3, ':');
            let mut part = || parts.next().expect("a place has three parts");
            let (column, line, path) = (part(), part(), part());
            let number = |text: &str| text.parse().expect("it is a number");
            lines.push((level, rule, path.to_owned(), number(line), number(column)));
        }
    }
    lines
}

#[test]
fn every_format_holds_the_same_findings() {
    for case in CASES.iter() {
        let mut expected = of_json(case);
        assert_eq!(of_sarif(case), expected, "{}", case.name);
        let mut human = of_human(case);
        human.sort();
        expected.sort();
        assert_eq!(human, expected, "{}", case.name);
    }
}

#[test]
fn messages_regions_and_fingerprints_are_the_same_in_json_and_sarif() {
    for case in CASES.iter() {
        for (finding, result) in case.findings().iter().zip(case.results()) {
            assert_eq!(finding["fingerprint"], result["partialFingerprints"]["pemlint/v1"]);
            let message = text(&finding["message"]);
            assert_eq!(text(&result["message"]["text"]).trim_end_matches('.'), message.trim_end_matches('.'));
            let region = &result["locations"][0]["physicalLocation"]["region"];
            let sides = [("line", "startLine"), ("column", "startColumn"), ("endLine", "endLine")];
            for (ours, theirs) in sides {
                assert_eq!(finding[ours], region[theirs], "{}", case.name);
            }
            // A region without extent is widened by one column, unless it stands for a file.
            let widened = number(&region["endColumn"]) - number(&finding["endColumn"]);
            let is_empty = finding["line"] == finding["endLine"] && finding["column"] == finding["endColumn"];
            assert!(widened == 0 || (is_empty && widened == 1), "{}: {finding}", case.name);
        }
    }
}

#[test]
fn people_read_every_message_and_repair() {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for case in CASES.iter() {
        let human = words(&case.human);
        for finding in case.findings() {
            let heading = format!(
                "{}[{}]: {}",
                text(&finding["severity"]),
                text(&finding["rule"]),
                text(&finding["message"])
            );
            assert!(human.contains(&words(&heading)), "{}: {heading}", case.name);
            assert!(human.contains(&words(&text(&finding["fix"]))), "{}: {heading}", case.name);
        }
    }
}

#[test]
fn the_numbers_are_those_of_what_is_listed() {
    for case in CASES.iter() {
        let summary = &case.json["summary"];
        let inputs = case.json["inputs"].as_array().expect("a list");
        let certificates = inputs.iter().map(|input| input["certificates"].as_array().expect("a list").len());
        assert_eq!(summary["inputs"], inputs.len(), "{}", case.name);
        assert_eq!(summary["certificates"], certificates.sum::<usize>(), "{}", case.name);
        for (level, plural) in [("error", "errors"), ("warning", "warnings"), ("info", "infos")] {
            let listed = case.findings().iter().filter(|finding| finding["severity"] == level).count();
            assert_eq!(summary[plural], listed, "{}", case.name);
        }
        assert_eq!(summary["notes"], case.json["notes"].as_array().expect("a list").len());
        let fails = summary["errors"] != 0;
        assert_eq!(case.status, Some(if is_empty(case) { 3 } else { fails.into() }), "{}", case.name);
    }
}

/// Whether no input of a case holds anything.
fn is_empty(case: &Case) -> bool {
    ["fails-empty.pem", "fails-text.pem"].contains(&case.name.as_str())
}

#[test]
fn notes_reach_every_format() {
    let mut seen = 0;
    for case in CASES.iter() {
        let notes = case.json["notes"].as_array().expect("a list");
        let notifications = case.sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"].as_array();
        assert_eq!(notifications.map(Vec::len), Some(notes.len()), "{}", case.name);
        for note in notes {
            seen += 1;
            assert!(case.human.contains(&text(&note["path"])), "{}: {note}", case.name);
            assert_eq!(note["outcome"], "indeterminate", "{}", case.name);
        }
        assert_eq!(case.human.contains("no answer"), !notes.is_empty(), "{}", case.name);
    }
    assert!(seen > 0, "no case has a note");
}
