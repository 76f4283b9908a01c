//! What must hold of any octets read as a file: every `-----BEGIN` is a block,
//! all ranges lie inside the file, and a sound block beside them is kept.

use std::ops::Range;

use pemlint::client::trust_file;
use pemlint::der::Span;
use pemlint::input::{Block, Content, Input, pem};
use pemlint::source::Source;

/// A sound certificate that stands around the octets.
const SOUND: &str = include_str!("../../../fixtures/clean/p256-root.pem");

/// Reads a file in all ways; panics where one of them breaks its word.
pub(crate) fn hold(bytes: &[u8]) {
    let input = read(bytes.to_vec());
    every_boundary_is_a_block(bytes, &input);
    for block in &input.blocks {
        ranges_are_inside(&input, block);
    }
    // Text in another encoding is none where UTF-8 stands around it.
    let has_blocks = |block: &&Block| block.armour.is_some() && input.source.original.is_none();
    sound_blocks_are_kept(bytes, input.blocks.iter().filter(has_blocks).count());
    // OpenSSL sees a block where there is one, and none besides.
    let (seen, _) = trust_file::read(bytes);
    for one in &seen {
        assert!(bytes[one.begin..].starts_with(b"-----BEGIN "), "no block begins at {}", one.begin);
    }
    assert!(seen.windows(2).all(|pair| pair[0].begin < pair[1].begin), "blocks out of order");
}

fn read(bytes: Vec<u8>) -> Input {
    Input::read(Source::new("any.pem", bytes))
}

/// Besides, what is meant as a boundary may be a block; a block without BEGIN line begins with its body.
fn every_boundary_is_a_block(bytes: &[u8], input: &Input) {
    let boundaries = bytes.windows(10).filter(|window| window == b"-----BEGIN").count();
    assert_eq!(pem::count(bytes), boundaries, "boundaries");
    for begin in memchr::memmem::find_iter(&input.source.bytes, b"-----BEGIN") {
        let holds = |block: &Block| {
            input
                .in_file(block.layer, block.armour.as_ref().map_or(0..0, |armour| armour.begin.clone()))
                .contains(&begin)
        };
        assert!(input.blocks.iter().any(holds), "the boundary at {begin} is no block");
    }
    let starts: Vec<usize> =
        input.blocks.iter().filter_map(|block| Some(input.whole_of(block)?.start)).collect();
    assert!(starts.is_sorted(), "blocks out of order: {starts:?}");
    assert!(boundaries <= input.blocks.len() || input.source.original.is_some(), "{boundaries} boundaries");
    let numbers: Vec<usize> = input.blocks.iter().filter_map(|block| block.number).collect();
    assert!(numbers.iter().copied().eq(0..numbers.len()), "certificates are numbered {numbers:?}");
}

fn ranges_are_inside(input: &Input, block: &Block) {
    let length = input.octets(block.layer).len();
    let inside = |range: &Range<usize>| range.start <= range.end && range.end <= length;
    for damage in &block.damage {
        assert!(inside(&damage.range), "{damage:?}");
        assert!(!damage.detail.is_empty(), "{damage:?}");
    }
    let Some(armour) = &block.armour else { return };
    assert!(inside(&armour.begin) && inside(&armour.label) && inside(&armour.body), "{armour:?}");
    assert!(armour.begin.end <= armour.body.start, "{armour:?}");
    if let Some(end) = &armour.end {
        assert!(inside(end) && armour.body.end <= end.start, "{armour:?}");
    }
    let octets = input.certificate(block).map_or(0, <[u8]>::len);
    let length = u32::try_from(octets).expect("blocks have a cap");
    for span in [None, Some(Span { start: 0, end: length }), Some(Span { start: length / 2, end: length })] {
        let range = input.range_of(block, span).expect("the block has an armour");
        let begin = input.in_file(block.layer, armour.begin.clone()).start;
        let is_inside =
            range.end <= input.source.bytes.len() && begin <= range.start && range.start <= range.end;
        assert!(is_inside, "{range:?} of {armour:?}");
    }
}

/// A certificate on lines of its own before the octets and behind them.
fn sound_blocks_are_kept(bytes: &[u8], blocks: usize) {
    let sound = SOUND.as_bytes();
    let input = read([sound, b"\n", bytes, b"\n", sound].concat());
    // Octets that begin as DER are searched for BEGIN lines as they should be alone.
    assert!(input.blocks.len() >= blocks + 2, "a block is lost: {} of {blocks}", input.blocks.len());
    let alone = read(sound.to_vec());
    let der = alone.certificate(&alone.blocks[0]);
    for block in [&input.blocks[0], &input.blocks[input.blocks.len() - 1]] {
        assert!(matches!(block.content, Content::Certificate(_)), "{block:?}");
        assert_eq!(input.certificate(block), der, "another certificate");
        // What stands between blocks is told of the next one.
        let end = block.armour.as_ref().map_or(0..0, |armour| {
            armour.begin.start..armour.end.as_ref().map_or(armour.body.end, |end| end.end)
        });
        let of_block = |damage: &&pem::Damage| damage.range.start < end.end && damage.range.end > end.start;
        assert_eq!(block.damage.iter().find(of_block), None, "{block:?}");
    }
}
