//! Places: the text at a region is what a report shows of it, counted in lines
//! and code points.

use pemlint::source::Place;
use serde_json::Value;

use crate::cases::{CASES, Case};
use crate::places::Lines;

fn place(finding: &Value) -> Place {
    let part = |name: &str| {
        let number = finding[name].as_u64().expect("a finding has all four numbers");
        usize::try_from(number).expect("it fits")
    };
    Place {
        line: part("line"),
        column: part("column"),
        end_line: part("endLine"),
        end_column: part("endColumn"),
    }
}

/// The file of a finding, as lines.
fn lines(case: &Case, finding: &Value) -> Lines {
    let path = finding["path"].as_str().expect("a finding has a file");
    Lines::of(&std::fs::read(case.folder.path().join(path)).expect("the file is there"))
}

#[test]
fn every_region_lies_inside_its_file() {
    for case in CASES.iter() {
        for finding in case.findings() {
            let text = lines(case, finding).text(place(finding));
            assert!(text.is_some(), "{}: {finding}", case.name);
        }
    }
}

#[test]
fn the_text_at_a_region_is_the_snippet() {
    let (mut equal, mut wide) = (0, 0);
    for case in CASES.iter() {
        for (finding, result) in case.findings().iter().zip(case.results()) {
            let region = &result["locations"][0]["physicalLocation"]["region"];
            let Some(snippet) = region["snippet"]["text"].as_str() else { continue };
            let text = lines(case, finding).text(place(finding)).expect("the file has the region");
            assert_eq!(snippet, text, "{}: {finding}", case.name);
            equal += 1;
            wide += usize::from(place(finding).line != place(finding).end_line);
        }
    }
    assert!(equal >= 50 && wide >= 1, "{equal} snippets, {wide} of several lines");
}

#[test]
fn a_region_too_long_to_be_repeated_has_no_snippet_and_people_read_where_it_ends() {
    let case = CASES.iter().find(|case| case.name.starts_with("fails-rsa-pss")).expect("it is there");
    let at = place(&case.findings()[0]);
    assert!(at.end_line > at.line + 4, "{at:?}");
    let region = &case.results()[0]["locations"][0]["physicalLocation"]["region"];
    assert_eq!(region.get("snippet"), None);
    assert!(case.human.contains(&format!("(to line {})", at.end_line)), "{}", case.human);
}

#[test]
fn people_see_the_lines_of_a_region_with_their_numbers_and_marks_below_it() {
    let mut seen = 0;
    for case in CASES.iter() {
        let shown: Vec<&str> = case.human.lines().collect();
        for finding in case.findings().iter().filter(|finding| !finding["sha256"].is_null()) {
            let at = place(finding);
            let path = finding["path"].as_str().expect("a finding has a file");
            let origin = format!("--> {path}:{}:{}", at.line, at.column);
            let text = lines(case, finding).line(at.line);
            let marks = format!(
                "| {}{}",
                " ".repeat(at.column - 1),
                "^".repeat(at.end_column.saturating_sub(at.column))
            );
            let is_shown = |under: &[&str]| {
                let line = under[2].trim_start();
                let is_line = line.starts_with(&format!("{} | ", at.line)) && line.ends_with(&text);
                is_line && (at.line != at.end_line || under[3].trim_start().starts_with(&marks))
            };
            // A binary file has no lines.
            let is_shown =
                |under: &[&str]| if path == "root.der" { under[1].is_empty() } else { is_shown(under) };
            let mut places = shown.windows(4).filter(|under| under[0].trim_start() == origin);
            // What follows a certificate that is cut off may be a key.
            let is_hidden = |under: &[&str]| under[1].is_empty();
            if path.ends_with("fails-cut-in-the-subject.pem") {
                assert!(places.any(is_hidden), "{path}: a line is shown below {origin}");
                seen += 1;
                continue;
            }
            assert!(places.any(is_shown), "{}: `{text}` with `{marks}` below {origin}", case.name);
            seen += 1;
        }
    }
    assert!(seen >= 50, "{seen} are shown");
}

#[test]
fn columns_count_letters_and_not_their_octets() {
    let case = CASES.iter().find(|case| case.name.starts_with("letters.pem")).expect("it is there");
    let of = |rule: &str| {
        let finding = case.findings().iter().find(|finding| finding["rule"] == rule).expect("it fires");
        (lines(case, finding).text(place(finding)), place(finding).column)
    };
    // `ü🔑*` begins where the star of the fixture stood, at column 10.
    assert_eq!(of("pem/base64-invalid"), (Some("ü".into()), 10));
    let glued = case.findings().iter().filter(|finding| finding["path"] == "letters.pem");
    let places: Vec<(u64, u64)> = glued
        .filter(|finding| finding["rule"] == "pem/blocks-glued")
        .map(|finding| {
            (finding["line"].as_u64().expect("a number"), finding["column"].as_u64().expect("a number"))
        })
        .collect();
    assert_eq!(places.first(), Some(&(1, 10)), "`Zürich 🔑 ` has nine letters");
}

#[test]
fn a_finding_on_a_certificate_points_at_its_base64_and_never_at_a_boundary() {
    for case in CASES.iter() {
        for finding in case.findings().iter().filter(|finding| !finding["sha256"].is_null()) {
            let text = lines(case, finding).text(place(finding)).expect("the file has the region");
            assert!(!text.contains("-----"), "{}: {finding}", case.name);
            let is_binary = finding["path"] == "root.der";
            assert_eq!(text.is_empty(), is_binary, "{}: {finding}", case.name);
        }
    }
}
