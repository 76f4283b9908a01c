//! The certificates that the differential tests look at: every root that Debian
//! trusts and every certificate of the fixtures, each different one once.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use pemlint::input::{Content, Input};

use crate::corpus;

/// Roots that Debian trusts.
pub(crate) const DEBIAN: &str = "/etc/ssl/certs/ca-certificates.crt";

/// One certificate.
#[derive(Clone)]
pub(crate) struct Sample {
    /// File and place in it, from 0.
    pub(crate) name: String,
    /// Its PEM block as it stands in the file.
    pub(crate) text: Vec<u8>,
    /// What pemlint decodes of it.
    pub(crate) der: Vec<u8>,
}

/// The roots of Debian's bundle.
pub(crate) fn debian() -> Vec<Sample> {
    let path = Path::new(DEBIAN);
    assert!(path.is_file(), "{DEBIAN} is missing: install the package ca-certificates");
    let roots = samples([path.to_owned()]);
    assert!(roots.len() > 100, "{DEBIAN} holds {} certificates only", roots.len());
    roots
}

/// The certificates of the fixtures that stand in undamaged blocks.
pub(crate) fn fixtures() -> Vec<Sample> {
    samples(["openssl", "clean", "rules"].into_iter().flat_map(corpus::files))
}

fn samples(paths: impl IntoIterator<Item = PathBuf>) -> Vec<Sample> {
    let mut seen = HashSet::new();
    let all = paths.into_iter().flat_map(|path| certificates(&corpus::input(&path)));
    all.filter(|sample| seen.insert(sample.der.clone())).collect()
}

/// The certificates of a file that stand in undamaged blocks; those of containers are left out.
pub(crate) fn certificates(input: &Input) -> Vec<Sample> {
    let blocks = input.blocks.iter().filter(|block| matches!(block.content, Content::Certificate(_)));
    let whole = blocks.enumerate().filter(|(_, block)| block.damage.is_empty());
    whole
        .filter_map(|(number, block)| {
            let armour = block.armour.as_ref()?;
            let end = armour.end.as_ref().expect("an undamaged block ends").end;
            let mut text = input.source.bytes[armour.begin.start..end].to_vec();
            text.push(b'\n');
            let der = input.certificate(block).expect("it is a certificate").to_vec();
            Some(Sample { name: format!("{}#{number}", input.source.path), text, der })
        })
        .collect()
}
