//! Scalars of YAML, of any number of documents. Events come from saphyr-parser; a text that ceases
//! to be YAML somewhere still gives what stands before.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::align::{Escapes, align};
use super::path::{Step, object_of, path_of};
use super::{Value, is_wanted};
use crate::limits;

/// What the parser stands in.
enum Inside {
    /// A mapping; the key whose value comes next.
    Mapping(Option<String>),
    /// A sequence; the number of the element that comes next.
    Sequence(usize),
}

pub(super) fn values(text: &str) -> Vec<Value> {
    let offsets = Offsets::new(text);
    let (mut found, mut stack, mut documents) = (Vec::new(), Vec::<Inside>::new(), 0);
    for event in Parser::new_from_str(text) {
        let Ok((event, span)) = event else {
            break;
        };
        match event {
            Event::DocumentStart(_) => documents += 1,
            Event::MappingStart(..) | Event::SequenceStart(..) if stack.len() == limits::CARRIER_DEPTH => {
                break;
            }
            Event::MappingStart(..) => stack.push(Inside::Mapping(None)),
            Event::SequenceStart(..) => stack.push(Inside::Sequence(0)),
            Event::MappingEnd | Event::SequenceEnd => {
                stack.pop();
                advance(&mut stack, || Some(String::new()));
            }
            Event::Alias(_) => advance(&mut stack, || Some("*".into())),
            Event::Scalar(scalar, style, ..) => {
                let is_value = !matches!(stack.last(), None | Some(Inside::Mapping(None)));
                if is_value && is_wanted(scalar.as_bytes()) {
                    let range = offsets.range(text, &span, style);
                    found.push((documents, steps(documents, &stack), range, scalar.to_string(), style));
                }
                advance(&mut stack, || Some(scalar.into_owned()));
            }
            _ => {}
        }
    }
    let several = documents > 1;
    let value = |(_, steps, range, scalar, style): (usize, Vec<Step>, Range<usize>, String, ScalarStyle)| {
        let escapes = if style == ScalarStyle::DoubleQuoted { Escapes::Yes } else { Escapes::No };
        let steps = &steps[usize::from(!several)..];
        let draft = align(text.as_bytes(), range.clone(), scalar.as_bytes(), escapes);
        Value { path: path_of(steps), object: object_of(steps), draft, range }
    };
    found.into_iter().map(value).collect()
}

/// A node has ended: the key has its value, or the list an element more; or it was a key.
fn advance(stack: &mut [Inside], key: impl FnOnce() -> Option<String>) {
    match stack.last_mut() {
        Some(Inside::Mapping(known)) => *known = if known.is_some() { None } else { key() },
        Some(Inside::Sequence(at)) => *at += 1,
        None => {}
    }
}

fn steps(document: usize, stack: &[Inside]) -> Vec<Step> {
    let into = |inside: &Inside| match inside {
        Inside::Mapping(key) => Step::Key(key.clone().unwrap_or_default()),
        Inside::Sequence(at) => Step::Element(*at),
    };
    std::iter::once(Step::Element(document.saturating_sub(1))).chain(stack.iter().map(into)).collect()
}

/// Octet offsets of places that the parser counts in characters.
struct Offsets(Vec<usize>);

/// Characters between two known offsets.
const STRIDE: usize = 256;

impl Offsets {
    fn new(text: &str) -> Self {
        Self(text.char_indices().step_by(STRIDE).map(|(offset, _)| offset).collect())
    }

    fn offset(&self, text: &str, characters: usize) -> usize {
        let Some(start) = self.0.get(characters / STRIDE) else {
            return text.len();
        };
        let rest = text[*start..].char_indices().nth(characters % STRIDE);
        rest.map_or(text.len(), |(offset, _)| start + offset)
    }

    /// The text of a scalar, without the indicator of a block scalar.
    fn range(&self, text: &str, span: &Span, style: ScalarStyle) -> Range<usize> {
        let (start, end) = (self.offset(text, span.start.index()), self.offset(text, span.end.index()));
        let range = start..end.max(start);
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        if is_block && text[range.clone()].starts_with(['|', '>']) {
            let header = text[range.clone()].find('\n').map_or(range.len(), |at| at + 1);
            return range.start + header..range.end;
        }
        range
    }
}
