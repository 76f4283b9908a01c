//! Opens what the command line names: files, directories, standard input.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use zeroize::Zeroizing;

use super::walk::{Walk, is_meant};
use crate::engine::{Given, Part};
use crate::input::{Block, Content, Input, Options, pem};
use crate::source::{Source, shown_path};
use crate::{limits, parallel};

/// Why a file is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// For its keys.
    Keys,
    /// It was named.
    Named,
    /// It was found in a directory.
    Found,
}

/// Reads every input, sorted by the name that reports show. A file that is named
/// twice is read once; named as an input, it is not for its keys alone.
///
/// # Errors
/// Where one cannot be read; none is left out.
pub(super) fn open(
    paths: &[PathBuf],
    keys: &[PathBuf],
    working: &Path,
    walk: &Walk,
    options: &Options,
) -> anyhow::Result<Vec<Given>> {
    let mut wanted: BTreeMap<String, (PathBuf, Wanted)> = BTreeMap::new();
    for path in keys {
        wanted.insert(name_of(path, working), (path.clone(), Wanted::Keys));
    }
    for path in paths {
        if path.as_os_str() != "-" && path.is_dir() {
            for file in walk.files(path)? {
                wanted.entry(name_of(&file, working)).or_insert((file, Wanted::Found));
            }
        } else {
            wanted.insert(name_of(path, working), (path.clone(), Wanted::Named));
        }
    }
    let open = |(name, (path, wanted)): (String, (PathBuf, Wanted))| -> anyhow::Result<Option<Given>> {
        let input = parse(read(&path, name)?, options)?;
        if wanted == Wanted::Keys && is_certificates_alone(&input) {
            bail!("--key {}: there is no private key in it, only certificates", input.source.path);
        }
        let part = if wanted == Wanted::Keys { Part::Keys } else { Part::Checked };
        let is_input = wanted != Wanted::Found || is_meant(&path, &input);
        Ok(is_input.then_some(Given { input, part }))
    };
    let inputs = parallel::map(wanted, open).into_iter().filter_map(anyhow::Result::transpose);
    let mut given = Vec::new();
    let mut failures = Vec::new();
    for input in inputs {
        match input {
            Ok(one) => given.push(one),
            Err(error) => failures.push(format!("{error:#}")),
        }
    }
    if failures.is_empty() { Ok(given) } else { bail!("{}", failures.join("\n       ")) }
}

/// Reads files for one part, in the order given.
///
/// # Errors
/// Where one cannot be read, or standard input is wanted twice.
pub(super) fn open_in_order(
    paths: &[PathBuf],
    part: Part,
    working: &Path,
    options: &Options,
) -> anyhow::Result<Vec<Given>> {
    let open = |path: &PathBuf| -> anyhow::Result<Given> {
        let source = read(path, name_of(path, working))?;
        Ok(Given { input: parse(source, options)?, part })
    };
    paths.iter().map(open).collect()
}

/// Finds what is in a source, however it was come by.
pub(super) fn parse(source: Source, options: &Options) -> anyhow::Result<Input> {
    // A boundary has ten octets at least.
    if source.bytes.len() / 10 > limits::BLOCKS && pem::count(&source.bytes) > limits::BLOCKS {
        bail!("{} holds more than {} PEM blocks; split it", source.path, limits::BLOCKS);
    }
    let input = Input::read_with(source, options);
    match input.excess {
        Some(excess) => bail!("{}: {excess}", input.source.path),
        None => Ok(input),
    }
}

/// Whether a file was surely taken for another: a key that is damaged is no usage error.
fn is_certificates_alone(input: &Input) -> bool {
    let is_certificate =
        |block: &Block| matches!(block.content, Content::Certificate(_) | Content::UndecodedCertificate);
    input.has_anything() && input.blocks.iter().all(is_certificate)
}

fn name_of(path: &Path, working: &Path) -> String {
    if path.as_os_str() == "-" { "stdin".into() } else { shown_path(path, working) }
}

/// Reads one file, or standard input, under the name that reports show.
pub(super) fn read(path: &Path, name: String) -> anyhow::Result<Source> {
    if path.as_os_str() == "-" {
        let bytes = read_wiped(&mut std::io::stdin().lock(), 0, &name)?;
        return Ok(Source::new(name, bytes));
    }
    let metadata = fs::metadata(path).with_context(|| format!("{name} cannot be read"))?;
    if metadata.is_dir() {
        bail!("{name} is a directory; a file is wanted here");
    }
    let mut file = fs::File::open(path).with_context(|| format!("{name} cannot be read"))?;
    let size = usize::try_from(metadata.len().min(limits::INPUT_OCTETS)).unwrap_or(0);
    let bytes = read_wiped(&mut file, size, &name)?;
    let mut source = Source::new(name, bytes);
    source.mode = mode(&metadata);
    Ok(source)
}

/// Reads to the end; buffers that were outgrown are wiped, since they may hold a key.
pub(super) fn read_wiped(from: &mut dyn Read, expected: usize, name: &str) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Zeroizing::new(vec![0; expected + 1]);
    let mut length = 0;
    loop {
        if length == bytes.len() {
            let mut larger = Zeroizing::new(vec![0; (length * 2).max(1 << 16)]);
            larger[..length].copy_from_slice(&bytes);
            bytes = larger;
        }
        match from.read(&mut bytes[length..]) {
            Ok(0) => break,
            Ok(count) => length += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error).with_context(|| format!("{name} cannot be read")),
        }
        if length as u64 > limits::INPUT_OCTETS {
            bail!("{name} is larger than {} octets", limits::INPUT_OCTETS);
        }
    }
    bytes.truncate(length);
    Ok(std::mem::take(&mut *bytes))
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems have no mode")]
fn mode(metadata: &fs::Metadata) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    Some(metadata.permissions().mode() & 0o7777)
}

#[cfg(not(unix))]
fn mode(_: &fs::Metadata) -> Option<u32> {
    None
}
