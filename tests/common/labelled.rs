//! Certificates of a file as a client gets them: in order, each with its label.

use pemlint::facts::Certificate;
use pemlint::input::Input;

/// The certificates of a file, and whether each is labelled as trusted.
pub(crate) fn certificates(input: &Input) -> Vec<(Certificate<'_>, bool)> {
    let blocks = input.blocks.iter().filter_map(|block| Some((block, input.certificate(block)?)));
    blocks.map(|(block, der)| (Certificate::read(der), input.has_trusted_label(block))).collect()
}
