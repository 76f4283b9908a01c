//! DER as a tree that can be changed anywhere and written anew, with the lengths
//! of everything around a change put right.

use proptest::prelude::*;

/// An element.
#[derive(Clone, Debug)]
pub(crate) enum Tree {
    /// Identifier octet and content.
    Leaf(u8, Vec<u8>),
    /// Identifier octet, octets before the elements inside (the count of unused
    /// bits of a BIT STRING), elements.
    Node(u8, Vec<u8>, Vec<Tree>),
    /// Octets as they are, whatever they say.
    Raw(Vec<u8>),
}

impl Tree {
    /// Reads octets that are one element to the end.
    pub(crate) fn read(der: &[u8]) -> Option<Self> {
        let mut all = elements(der)?;
        all.pop().filter(|_| all.is_empty())
    }

    /// Its octets.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Leaf(tag, content) => {
                header(*tag, content.len(), out);
                out.extend_from_slice(content);
            }
            Self::Node(tag, prefix, inner) => {
                let mut content = prefix.clone();
                for element in inner {
                    element.write(&mut content);
                }
                header(*tag, content.len(), out);
                out.extend(content);
            }
            Self::Raw(octets) => out.extend_from_slice(octets),
        }
    }

    /// Its octets.
    pub(crate) fn der(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        out
    }

    /// Number of elements, itself included.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Node(_, _, inner) => 1 + inner.iter().map(Self::size).sum::<usize>(),
            _ => 1,
        }
    }

    /// Changes the element at a place counted through the whole tree.
    pub(crate) fn change(&mut self, at: usize, change: &mut dyn FnMut(&mut Self)) {
        if at == 0 {
            change(self);
            return;
        }
        let mut left = at - 1;
        if let Self::Node(_, _, inner) = self {
            for element in inner {
                let size = element.size();
                if left < size {
                    element.change(left, change);
                    return;
                }
                left -= size;
            }
        }
    }
}

fn header(tag: u8, length: usize, out: &mut Vec<u8>) {
    out.push(tag);
    if let Ok(short @ ..0x80) = u8::try_from(length) {
        out.push(short);
    } else {
        let octets = length.to_be_bytes();
        let zeros = octets.iter().take_while(|octet| **octet == 0).count();
        out.push(0x80 | u8::try_from(octets.len() - zeros).unwrap());
        out.extend_from_slice(&octets[zeros..]);
    }
}

/// All elements of a content; `None` where it is none.
fn elements(mut rest: &[u8]) -> Option<Vec<Tree>> {
    let mut found = Vec::new();
    while let [tag, first, ..] = *rest {
        let (length, start) = match first {
            ..=0x7f => (usize::from(first), 2),
            0x81..=0x83 => {
                let octets = rest.get(2..2 + usize::from(first & 0x7f))?;
                (octets.iter().fold(0, |length, octet| length << 8 | usize::from(*octet)), 2 + octets.len())
            }
            _ => return None,
        };
        let content = rest.get(start..start + length)?;
        found.push(element(tag, content));
        rest = &rest[start + length..];
    }
    rest.is_empty().then_some(found)
}

/// Constructed elements, and OCTET and BIT STRINGs that hold elements, are nodes.
fn element(tag: u8, content: &[u8]) -> Tree {
    let prefix = usize::from(tag == 0x03).min(content.len());
    let holds = tag & 0x20 != 0 || (matches!(tag, 0x03 | 0x04) && content.len() > prefix);
    match elements(&content[prefix..]).filter(|_| holds) {
        Some(inner) => Tree::Node(tag, content[..prefix].to_vec(), inner),
        None => Tree::Leaf(tag, content.to_vec()),
    }
}

/// Identifier octets that certificates use, and some that they do not.
const TAGS: &[u8] = &[
    0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x12, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1a, 0x1c, 0x1e, 0x30,
    0x31, 0x80, 0x81, 0x82, 0x86, 0x87, 0x88, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0x00, 0x1f, 0x3f, 0xff,
];

/// Headers that lie: lengths beyond the end, beyond all bounds, indefinite; long tags.
const LIES: &[&[u8]] = &[
    &[0x30],
    &[0x30, 0x05, 0x02],
    &[0x30, 0x80],
    &[0x30, 0x80, 0x00, 0x00],
    &[0x30, 0x81],
    &[0x04, 0x82, 0xff, 0xff],
    &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
    &[0x04, 0x84, 0x7f, 0xff, 0xff, 0xff],
    &[0x30, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    &[0x02, 0x88, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    &[0x30, 0x89, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00],
    &[0x30, 0xff],
    &[0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0x00],
    &[0x3f, 0x81, 0x00, 0x02, 0x05, 0x00],
    &[0x30, 0x84, 0x00, 0x00, 0x00, 0x02, 0x05, 0x00],
];

/// A leaf with a likely tag and content.
fn leaf() -> impl Strategy<Value = Tree> {
    let content = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..12),
        prop::sample::select(
            &["", "20260101000000Z", "260101000000Z", "99991231235959Z", "example.com", "US"][..]
        )
        .prop_map(|text| text.as_bytes().to_vec()),
        // OIDs: of attributes, extensions and algorithms.
        (0..=70_u8).prop_map(|last| vec![0x55, 0x1d, last]),
        (0..=70_u8).prop_map(|last| vec![0x55, 0x04, last]),
        Just(vec![0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01]),
    ];
    prop_oneof![
        8 => (prop::sample::select(TAGS), content).prop_map(|(tag, content)| Tree::Leaf(tag, content)),
        1 => prop::sample::select(LIES).prop_map(|lie| Tree::Raw(lie.to_vec())),
    ]
}

/// Any tree.
pub(crate) fn tree() -> impl Strategy<Value = Tree> {
    leaf().prop_recursive(8, 64, 8, |inner| {
        let tags = prop_oneof![
            3 => Just(0x30_u8), 1 => Just(0x31), 1 => Just(0x04), 1 => Just(0xa0), 1 => Just(0xa3),
            1 => prop::sample::select(TAGS)
        ];
        (tags, prop::collection::vec(inner, 0..8)).prop_map(|(tag, inner)| {
            let prefix = if tag == 0x03 { vec![0] } else { Vec::new() };
            Tree::Node(tag, prefix, inner)
        })
    })
}

/// One change of an element.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    Tag(u8),
    Content(Vec<u8>),
    Replace(Tree),
    Append(Tree),
    Empty,
    Double,
    Reverse,
}

/// Any change.
pub(crate) fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        prop::sample::select(TAGS).prop_map(Change::Tag),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(Change::Content),
        tree().prop_map(Change::Replace),
        tree().prop_map(Change::Append),
        Just(Change::Empty),
        Just(Change::Double),
        Just(Change::Reverse),
    ]
}

impl Change {
    /// Changes an element.
    pub(crate) fn apply(&self, tree: &mut Tree) {
        match (self, &mut *tree) {
            (Self::Tag(new), Tree::Leaf(tag, _) | Tree::Node(tag, ..)) => *tag = *new,
            (Self::Content(new), Tree::Leaf(_, content)) => content.clone_from(new),
            (Self::Content(new), Tree::Node(tag, ..)) => *tree = Tree::Leaf(*tag, new.clone()),
            (Self::Append(more), Tree::Node(_, _, inner)) => inner.push(more.clone()),
            (Self::Empty, Tree::Leaf(_, content)) => content.clear(),
            (Self::Empty, Tree::Node(_, _, inner)) => inner.clear(),
            (Self::Double, Tree::Node(_, _, inner)) => inner.extend(inner.clone()),
            (Self::Reverse, Tree::Node(_, _, inner)) => inner.reverse(),
            (Self::Reverse | Self::Double, Tree::Leaf(_, content)) => content.reverse(),
            (Self::Replace(new) | Self::Append(new), _) => *tree = new.clone(),
            (_, Tree::Raw(_)) => {}
        }
    }
}
