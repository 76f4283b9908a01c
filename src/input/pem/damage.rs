//! What can be wrong with the text of a block: kinds, each with the name that rules use. Knows nothing of how it is found.

use std::ops::Range;

/// One thing wrong with the armour of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// What is wrong.
    pub kind: DamageKind,
    /// What exactly, for a person; never quotes the text of the block.
    pub detail: String,
    /// Where, in octets of the file.
    pub range: Range<usize>,
}

/// Kinds of damage. Each is reported by a rule below `rules/pem/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DamageKind {
    /// No `END` boundary for this block, or one with another label.
    EndMissing,
    /// No `BEGIN` boundary above base64 text with an `END` below.
    BeginMissing,
    /// The file ends inside the block.
    CutOff,
    /// The body is no base64.
    Base64Invalid,
    /// The padding at the end of the base64 text is not what belongs there.
    PaddingWrong,
    /// The body is what stands in examples where a certificate belongs.
    Placeholder,
    /// A boundary that shares its line with other text.
    BlocksGlued,
    /// A boundary that shares its line with base64 text.
    BodyGlued,
    /// A `BEGIN` or `END` line without its five dashes, or otherwise misspelt.
    BoundaryMalformed,
    /// A `BEGIN` or `END` line that OpenSSL does not find where it stands.
    BoundaryMisplaced,
    /// Lines that end in carriage returns alone.
    CarriageReturns,
    /// Dashes that are no hyphens in a boundary.
    OtherDashes,
    /// A blank that is none of ASCII, or a character that cannot be seen, in a boundary or in the body.
    HiddenCharacter,
    /// A boundary in small letters.
    LabelCase,
    /// A blank line in the body, which ends a header for OpenSSL.
    BlankLine,
    /// A line of more than 64 characters.
    LongLine,
    /// Line breaks that are written as a backslash and n.
    NewlinesEscaped,
    /// A NUL octet.
    NulOctet,
    /// A byte order mark of UTF-8 before `BEGIN`.
    ByteOrderMark,
    /// The label announces a certificate and the body is something else, or the other way round.
    OtherContent,
    /// Text between blocks.
    TextOutside,
    /// Characters outside ASCII between blocks.
    TextNotAscii,
}

impl DamageKind {
    /// Every kind.
    pub const ALL: [Self; 22] = [
        Self::EndMissing,
        Self::BeginMissing,
        Self::CutOff,
        Self::Base64Invalid,
        Self::PaddingWrong,
        Self::Placeholder,
        Self::BlocksGlued,
        Self::BodyGlued,
        Self::BoundaryMalformed,
        Self::BoundaryMisplaced,
        Self::CarriageReturns,
        Self::OtherDashes,
        Self::HiddenCharacter,
        Self::LabelCase,
        Self::BlankLine,
        Self::LongLine,
        Self::NewlinesEscaped,
        Self::NulOctet,
        Self::ByteOrderMark,
        Self::OtherContent,
        Self::TextOutside,
        Self::TextNotAscii,
    ];

    /// The name that rules use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::EndMissing => "endMissing",
            Self::BeginMissing => "beginMissing",
            Self::CutOff => "cutOff",
            Self::Base64Invalid => "base64Invalid",
            Self::PaddingWrong => "paddingWrong",
            Self::Placeholder => "placeholder",
            Self::BlocksGlued => "blocksGlued",
            Self::BodyGlued => "bodyGlued",
            Self::BoundaryMalformed => "boundaryMalformed",
            Self::BoundaryMisplaced => "boundaryMisplaced",
            Self::CarriageReturns => "carriageReturns",
            Self::OtherDashes => "otherDashes",
            Self::HiddenCharacter => "hiddenCharacter",
            Self::LabelCase => "labelCase",
            Self::BlankLine => "blankLine",
            Self::LongLine => "longLine",
            Self::NewlinesEscaped => "newlinesEscaped",
            Self::NulOctet => "nulOctet",
            Self::ByteOrderMark => "byteOrderMark",
            Self::OtherContent => "otherContent",
            Self::TextOutside => "textOutside",
            Self::TextNotAscii => "textNotAscii",
        }
    }

    /// Whether a second one of the kind in a block is the same fault again.
    pub(super) fn is_told_once(self) -> bool {
        matches!(
            self,
            Self::BlocksGlued
                | Self::BodyGlued
                | Self::BoundaryMalformed
                | Self::BoundaryMisplaced
                | Self::CarriageReturns
                | Self::OtherDashes
                | Self::HiddenCharacter
                | Self::LabelCase
                | Self::NulOctet
        )
    }
}
