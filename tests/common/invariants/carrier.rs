//! What must hold of any octets read as a carrier of one form: all places lie inside the file and inside the value
//! that they stand in, two readings are the same, and what stands in the text as plain PEM is found if the form is not given.

use std::collections::HashSet;

use pemlint::der::Span;
use pemlint::input::{Block, Content, Format, Input, Options};
use pemlint::source::Source;

/// The forms that other texts come in.
pub(crate) const FORMS: [Format; 5] =
    [Format::Json, Format::Yaml, Format::Terraform, Format::Env, Format::Base64];

fn read(format: Format, bytes: &[u8]) -> Input {
    Input::read_with(Source::new("any", bytes.to_vec()), &Options { format, ..Options::default() })
}

/// Reads octets in one form; panics where the reading breaks its word.
pub(crate) fn hold(format: Format, bytes: &[u8]) {
    let input = read(format, bytes);
    for block in &input.blocks {
        places_are_inside(&input, block);
    }
    let numbers: Vec<usize> = input.blocks.iter().filter_map(|block| block.number).collect();
    assert!(numbers.iter().copied().eq(0..numbers.len()), "certificates are numbered {numbers:?}");
    let places = |input: &Input| -> Vec<_> {
        let place = |block: &Block| (input.whole_of(block), input.inside(block).to_owned());
        input.blocks.iter().map(place).collect()
    };
    assert_eq!(places(&input), places(&read(format, bytes)), "two readings differ");
    // Where the form is given, its rules count: YAML makes blanks of the line breaks of a plain value.
    if format == Format::Auto {
        nothing_is_lost(bytes, &input);
    }
}

fn places_are_inside(input: &Input, block: &Block) {
    let Some(whole) = input.whole_of(block) else {
        return;
    };
    let length = input.source.bytes.len();
    assert!(whole.start <= whole.end && whole.end <= length, "{whole:?} of {length}");
    let octets = input.certificate(block).map_or(0, <[u8]>::len);
    let last = u32::try_from(octets).expect("blocks have a cap");
    for span in [None, Some(Span { start: 0, end: last }), Some(Span { start: last / 3, end: last / 2 })] {
        if let Some(range) = input.range_of(block, span) {
            assert!(whole.start <= range.start && range.start <= range.end, "{range:?} in {whole:?}");
            assert!(range.end <= whole.end, "{range:?} in {whole:?}");
        }
    }
    assert!(block.layer < input.layers.len());
}

/// Every certificate that a reader of PEM alone finds without damage is there too.
fn nothing_is_lost(bytes: &[u8], input: &Input) {
    let known: HashSet<&[u8]> = input.blocks.iter().filter_map(|block| input.certificate(block)).collect();
    let plain = read(Format::Pem, bytes);
    for block in plain.blocks.iter().filter(|block| block.damage.is_empty()) {
        if let (Content::Certificate(_), Some(der)) = (&block.content, plain.certificate(block)) {
            assert!(known.contains(der), "a certificate of {} octets is lost", der.len());
        }
    }
}
