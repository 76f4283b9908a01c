//! From a rule that does not hold to a finding with its place, its lines and its
//! fingerprint. Runs for findings only, so it may allocate.

use std::fmt::Write as _;
use std::ops::Range;

use aws_lc_rs::digest::{self, SHA256};

use super::Target;
use super::subject::number_of;
use crate::der::{Reader, tag};
use crate::expr::{Scope, Spot};
use crate::facts::name::hex;
use crate::finding::{Excerpt, Finding};
use crate::input::pem::text_of;
use crate::input::{Block, Input};
use crate::rule::Rule;
use crate::source::{Place, is_hidden, secret_runs, shown};

/// Most lines that a finding shows.
const EXCERPT_LINES: usize = 4;

/// Most octets of these lines; PEM lines have 64.
const EXCERPT_OCTETS: usize = 1_000;

/// Makes the finding of a rule on a target.
pub(super) fn finding(
    rule: &Rule,
    scope: &mut Scope<'_>,
    target: &Target<'_>,
    element: Option<usize>,
) -> Finding {
    let spot = rule.finding.at.spot(scope);
    let fact = fact_path(rule, element);
    let anchor = anchor(target, &spot);
    let draft = &rule.draft;
    let identity = anchor.sha256.clone().unwrap_or_else(|| anchor.path.clone());
    Finding {
        rule: draft.source.id.clone(),
        title: draft.title.clone(),
        severity: rule.severity,
        message: shown(rule.finding.message.render(scope).trim()).into_owned(),
        fix: shown_lines(&rule.finding.fix.render(scope)),
        path: anchor.path,
        inside: anchor.inside,
        place: anchor.place,
        excerpt: anchor.excerpt,
        certificate: anchor.certificate,
        fingerprint: fingerprint(&draft.source.id, &identity, &fact),
        sha256: anchor.sha256,
        fact: Some(fact),
        references: draft.references.iter().map(crate::rule::Reference::text).collect(),
        clients: Vec::new(),
        openssl: draft.openssl.clone(),
        asked_by: Vec::new(),
        suppressed: None,
    }
}

/// What a finding hangs on.
struct Anchor {
    path: String,
    inside: Option<String>,
    place: Place,
    excerpt: Option<Excerpt>,
    certificate: Option<usize>,
    sha256: Option<String>,
}

fn anchor(target: &Target<'_>, spot: &Spot) -> Anchor {
    match target {
        Target::Bundle { given, origins, bundle, certificate } => {
            let at = spot.certificate.unwrap_or(*certificate);
            let input = &given[origins[at].input].input;
            let block = &input.blocks[origins[at].block];
            let range = input.range_of(block, spot.span);
            Anchor {
                inside: inside(input, block),
                certificate: Some(origins[at].number),
                sha256: Some(hex(&bundle.certificates[at].sha256())),
                ..Anchor::new(input, range)
            }
        }
        Target::File(input) => {
            let is_text = input.blocks.iter().any(|block| block.armour.is_some());
            let line = is_text.then(|| input.source.line_range(0));
            Anchor { excerpt: None, ..Anchor::new(input, line) }
        }
        Target::Block(input, block) => {
            let begin = || block.armour.as_ref().map(|armour| armour.begin.clone());
            let inner = spot.range.clone().or_else(begin);
            let range =
                inner.map(|inner| input.in_file(block.layer, inner)).or_else(|| input.range_of(block, None));
            Anchor {
                certificate: number_of(input, block),
                inside: inside(input, block),
                ..Anchor::new(input, range)
            }
        }
    }
}

fn inside(input: &Input, block: &Block) -> Option<String> {
    Some(shown(input.inside(block)).into_owned()).filter(|path| !path.is_empty())
}

impl Anchor {
    /// A range of a file; without one, its first position.
    fn new(input: &Input, range: Option<Range<usize>>) -> Self {
        Self {
            path: input.source.path.clone(),
            inside: None,
            place: range.as_ref().map_or(Place::START, |range| input.source.place(range)),
            excerpt: range.and_then(|range| excerpt(input, &range)),
            certificate: None,
            sha256: None,
        }
    }
}

/// The path of the fact, with the place of the element for rules with `each`.
fn fact_path(rule: &Rule, element: Option<usize>) -> String {
    let path = &rule.finding.at.text;
    match (path.strip_prefix("item"), element, &rule.draft.each) {
        (Some(rest), Some(at), Some(each)) => format!("{}[{at}]{rest}", each.value.trim()),
        _ => path.clone(),
    }
}

/// Names a finding over time: no line numbers, never octets of a key.
fn fingerprint(rule: &str, identity: &str, fact: &str) -> String {
    let text = format!("{rule}\0{identity}\0{fact}");
    hex(digest::digest(&SHA256, text.as_bytes()).as_ref())
}

/// The lines of a region, unless they are long or a part of a private key could be in them.
fn excerpt(input: &Input, region: &Range<usize>) -> Option<Excerpt> {
    let source = &input.source;
    let first = source.line_range(region.start);
    let mut end = first.end;
    for _ in 1..EXCERPT_LINES {
        if end >= region.end {
            break;
        }
        end = source.line_range(source.next_line(end)).end;
    }
    let lines = first.start..end;
    if lines.len() > EXCERPT_OCTETS || may_hold_key(input, &lines) {
        return None;
    }
    // Line ends are one octet in the excerpt: the region moves along.
    let text = std::str::from_utf8(&source.bytes[lines.clone()]).ok()?;
    let shift = |offset: usize| {
        let before = &text[..offset.clamp(lines.start, lines.end) - lines.start];
        before.len() - before.matches("\r\n").count()
    };
    let region = shift(region.start)..shift(region.end.max(region.start));
    Some(Excerpt { text: text.replace("\r\n", "\n").replace('\r', "\n"), region })
}

/// Whether lines may hold a part of a private key: they touch the body of a block
/// that is no certificate for sure, or have a run of base64 characters elsewhere.
/// Labels and boundaries prove nothing, since a damaged file may have any text
/// under any label.
fn may_hold_key(input: &Input, lines: &Range<usize>) -> bool {
    let begin = |block: &Block| input.whole_of(block).map_or(0, |range| range.start);
    let behind = input.blocks.partition_point(|block| begin(block) < lines.end);
    let first = input.blocks[..behind].iter().rposition(|block| begin(block) <= lines.start).unwrap_or(0);
    let mut public = Vec::new();
    for at in first..behind {
        let block = &input.blocks[at];
        let Some(armour) = &block.armour else {
            return true;
        };
        if let Some(text) = certificate_text(input, &input.blocks[at]) {
            public.push(text);
            continue;
        }
        let next = input.blocks.get(at + 1).map_or(input.source.bytes.len(), begin);
        let end = armour.end.as_ref().map_or(next, |end| input.in_file(block.layer, end.clone()).start);
        if input.in_file(block.layer, armour.begin.clone()).end < lines.end && lines.start < end {
            return true;
        }
    }
    secret_runs(&input.source.bytes[lines.clone()]).any(|run| {
        let run = lines.start + run.start..lines.start + run.end;
        !public.iter().any(|text| text.start <= run.start && run.end <= text.end)
    })
}

/// The base64 text of the certificate in a block, if it begins as one: a SEQUENCE of
/// a SEQUENCE that holds a version or a serial number first. No form of private key
/// is built like that. What follows the certificate is left out; one that is cut off
/// may go on with anything and is not shown.
fn certificate_text(input: &Input, block: &Block) -> Option<Range<usize>> {
    let armour = block.armour.as_ref()?;
    let outer = Reader::new(input.certificate(block)?, 0, "certificate").expect(tag::SEQUENCE).ok()?;
    let mut parts = Reader::of(&outer, "certificate");
    let tbs = parts.expect(tag::SEQUENCE).ok()?;
    parts.expect(tag::SEQUENCE).ok()?;
    parts.expect(tag::BIT_STRING).ok()?;
    parts.finish().ok()?;
    let begins = matches!(Reader::of(&tbs, "version").peek(), Some(0xa0 | tag::INTEGER));
    let inner = begins.then(|| text_of(input.octets(block.layer), &armour.body, outer.span))??;
    let text = input.in_file(block.layer, inner);
    let padding = input.source.bytes[text.end..].iter().take_while(|octet| **octet == b'=').count();
    Some(text.start..text.end + padding)
}

/// Text of several lines with hidden characters escaped.
fn shown_lines(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.trim().chars() {
        if c != '\n' && is_hidden(c) {
            let _ = write!(safe, "{}", c.escape_unicode());
        } else {
            safe.push(c);
        }
    }
    safe
}
