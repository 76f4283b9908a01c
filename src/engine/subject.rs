//! What a rule was run on, in terms of files: the anchor of its findings.

use super::{Given, Origin};
use crate::facts::bundle::{BlockFacts, Bundle};
use crate::input::{Block, Input};

/// What a rule was run on.
#[derive(Clone, Copy, Debug)]
pub enum Target<'t> {
    /// A certificate, a link or a bundle; findings without a place of their own
    /// belong to `certificate`.
    Bundle {
        /// All inputs.
        given: &'t [Given],
        /// Where each certificate of the bundle comes from.
        origins: &'t [Origin],
        /// The bundle.
        bundle: &'t Bundle<'t>,
        /// Place of the certificate in the bundle.
        certificate: usize,
    },
    /// A file.
    File(&'t Input),
    /// A block, or the key in it.
    Block(&'t Input, &'t Block),
}

impl Target<'_> {
    /// File, and place of the certificate among those of the file.
    #[must_use]
    pub fn owner(&self) -> (String, Option<usize>) {
        match self {
            Self::Bundle { given, origins, certificate, .. } => {
                let origin = origins[*certificate];
                (given[origin.input].input.source.path.clone(), Some(origin.number))
            }
            Self::File(input) => (input.source.path.clone(), None),
            Self::Block(input, block) => (input.source.path.clone(), number_of(input, block)),
        }
    }
}

/// Place of the certificate of a block among those of its file.
pub(super) fn number_of(input: &Input, block: &Block) -> Option<usize> {
    input.certificate(block).and(block.number)
}

/// What rules see of a block.
pub(super) fn block_facts<'a>(input: &'a Input, block: &'a Block) -> BlockFacts<'a> {
    let label = std::str::from_utf8(input.label(block)).unwrap_or("");
    BlockFacts { block, label, certificate: input.certificate(block) }
}
