//! What a report does not depend on: the order of files, their line ends, text around blocks, the number of threads. Good
//! chains and broken ones are drawn; findings are compared by everything that a reader sees of them.

use std::collections::BTreeMap;

use pemlint::corpus::{Defective, Made, Purpose};
use pemlint::engine::{Given, Outcome, Part};
use pemlint::finding::Finding;
use pemlint::report;
use proptest::prelude::*;

use super::checked::{check, check_made, given, input, set};
use super::{broken, holds, strategy};

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// Good chains, and broken ones.
fn any_chain() -> impl Strategy<Value = Defective> {
    let good = strategy::shape().prop_map(|shape| Defective { shape, mutations: Vec::new() });
    prop_oneof![1 => good, 4 => broken::defective()]
}

fn make(defective: &Defective) -> (Made, Option<String>) {
    let (made, entry) = defective.make("one").expect("it can be signed");
    (made, entry.host)
}

/// A finding as a reader sees it, without the file's name; lines go through `line`.
type Seen = (String, String, String, (usize, usize), (usize, usize), Option<usize>, Option<String>);

fn seen(outcome: &Outcome, line: impl Fn(&str, usize) -> usize) -> Vec<Seen> {
    let one = |finding: &Finding| {
        let place = finding.place;
        (
            finding.rule.clone(),
            finding.path.clone(),
            finding.message.clone(),
            (line(&finding.path, place.line), place.column),
            (line(&finding.path, place.end_line), place.end_column),
            finding.certificate,
            finding.sha256.clone(),
        )
    };
    let mut seen: Vec<Seen> = outcome.findings.iter().map(one).collect();
    seen.sort();
    seen
}

/// What a report says, as JSON.
fn json(outcome: Outcome, purpose: Purpose) -> Vec<u8> {
    let mut out = Vec::new();
    let report = report::build(outcome, set(purpose), "2026-11-01T00:00:00Z".to_owned());
    report::json::write(&report, &mut out).expect("a vector takes every text");
    out
}

#[test]
fn line_ends_do_not_change_findings() {
    holds(160, &any_chain(), |defective| {
        let (made, host) = make(&defective);
        let purpose = defective.shape.purpose;
        let windows = |octets: &[u8]| match std::str::from_utf8(octets) {
            Ok(text) => text.replace('\n', "\r\n").into_bytes(),
            // A trust file in DER has no lines.
            Err(_) => octets.to_vec(),
        };
        let mut other = made.clone();
        other.chain = windows(&made.chain);
        other.trust = made.trust.as_deref().map(windows);
        other.key = made.key.as_ref().map(|key| key.replace('\n', "\r\n"));
        let [here, there] =
            [&made, &other].map(|made| seen(&check_made(made, purpose, host.as_deref()), |_, line| line));
        prop_assert_eq!(here, there);
        Ok(())
    });
}

/// A text with lines before, between and behind its blocks, and the new number of each of its lines. Nothing is put behind
/// a block that does not end, nor between two that share a line.
fn with_text_around(text: &str, words: &str) -> (String, BTreeMap<usize, usize>) {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = vec![words];
    let mut moved = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        out.push(line);
        moved.insert(at + 1, out.len());
        let next = lines.get(at + 1).copied();
        if *line == END && next.is_none_or(|next| next == BEGIN) {
            out.extend([words, "", words]);
        }
    }
    (out.join("\n") + "\n", moved)
}

#[test]
fn text_around_blocks_moves_findings_and_changes_none() {
    let strategy = (any_chain(), "[ -,.-~]{1,40}");
    holds(160, &strategy, |(defective, words)| {
        let (made, host) = make(&defective);
        let purpose = defective.shape.purpose;
        let text = String::from_utf8(made.chain.clone()).expect("chain files are text");
        let (text, moved) = with_text_around(&text, &words);
        let other = Made { chain: text.into_bytes(), ..made.clone() };
        let shift = |path: &str, line: usize| match path {
            "chain.pem" => *moved.get(&line).unwrap_or(&line),
            _ => line,
        };
        let here = seen(&check_made(&made, purpose, host.as_deref()), shift);
        let mut outcome = check_made(&other, purpose, host.as_deref());
        // That there is text is the one thing to say of it.
        outcome.findings.retain(|finding| finding.rule != "pem/text-outside-blocks");
        let there = seen(&outcome, |_, line| line);
        prop_assert_eq!(here, there);
        Ok(())
    });
}

/// The files of a chain, its certificates each in a file of their own where every block of it is whole.
fn apart(made: &Made) -> Vec<Given> {
    let text = String::from_utf8(made.chain.clone()).expect("chain files are text");
    let blocks: Vec<&str> = text.split_inclusive(&format!("{END}\n")).collect();
    let part = if made.trust.is_some() { Part::Presented } else { Part::Checked };
    let mut files: Vec<Given> = blocks
        .iter()
        .enumerate()
        .map(|(at, block)| input(&format!("{at}.pem"), block.as_bytes(), part))
        .collect();
    files.extend(given(made).into_iter().skip(1));
    files
}

#[test]
fn the_order_of_files_does_not_change_findings() {
    let strategy = (any_chain(), any::<prop::sample::Index>());
    holds(160, &strategy, |(defective, turn)| {
        let (made, host) = make(&defective);
        let purpose = defective.shape.purpose;
        // What a server presents has an order of its own, which is that of its files; those of other parts may move.
        let files = |by: usize| {
            let mut files = if made.trust.is_some() { given(&made) } else { apart(&made) };
            let count = files.len();
            files.rotate_left(by % count);
            files
        };
        let told = |files: &[Given]| {
            seen(&check(files, purpose, host.as_deref(), made.trust.is_some()), |_, line| line)
        };
        prop_assert_eq!(told(&files(0)), told(&files(turn.index(8))));
        Ok(())
    });
}

#[test]
fn the_number_of_threads_does_not_change_an_octet() {
    let pools = [1, 2, 8].map(|threads| {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started")
    });
    holds(96, &any_chain(), |defective| {
        let (made, host) = make(&defective);
        let purpose = defective.shape.purpose;
        let run = || json(check_made(&made, purpose, host.as_deref()), purpose);
        let [one, two, eight] = pools.each_ref().map(|pool| pool.install(run));
        prop_assert_eq!(&one, &two);
        prop_assert_eq!(&one, &eight);
        Ok(())
    });
}
