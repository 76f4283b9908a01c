//! Which files of a directory are inputs: those that hold a certificate or key, whatever they are
//! called, as ripgrep would find them.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use ignore::overrides::{Override, OverrideBuilder};
use ignore::{DirEntry, WalkBuilder};
use zeroize::Zeroizing;

use crate::cli::InputArgs;
use crate::input::{Block, Content, Input, may_hold};
use crate::limits;

/// Endings of files that are inputs whatever they hold.
const ENDINGS: [&str; 12] =
    ["pem", "crt", "cer", "der", "key", "p7b", "p7c", "p12", "pfx", "jks", "jceks", "keystore"];

/// Octets that are read at a time to find whether there is anything in a file.
const CHUNK: usize = 1 << 18;

/// Octets of the end of a chunk that may begin what is looked for.
const OVERLAP: usize = 128;

/// Which files of directories are wanted.
#[derive(Clone, Debug, Default)]
pub(super) struct Walk {
    /// Globs, as of `.gitignore`; with `!` in front, of files to leave out.
    pub(super) globs: Vec<String>,
    /// Whether hidden files are wanted.
    pub(super) hidden: bool,
    /// Whether `.gitignore` and `.ignore` are left unread.
    pub(super) no_ignore: bool,
}

impl From<&InputArgs> for Walk {
    fn from(args: &InputArgs) -> Self {
        Self { globs: args.glob.clone(), hidden: args.hidden, no_ignore: args.no_ignore }
    }
}

impl Walk {
    /// The files below a folder that may hold something, sorted by name.
    ///
    /// # Errors
    /// Where a directory or a file cannot be read, or a glob is none.
    pub(super) fn files(&self, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
        let walk = WalkBuilder::new(folder)
            .standard_filters(!self.no_ignore)
            .hidden(!self.hidden)
            .follow_links(true)
            .max_depth(Some(limits::DIRECTORY_DEPTH))
            .overrides(self.overrides(folder)?)
            .sort_by_file_name(std::ffi::OsStr::cmp)
            .build();
        let mut files = Vec::new();
        for entry in walk {
            let entry = entry.with_context(|| format!("{} cannot be read", folder.display()))?;
            if entry.file_type().is_some_and(|kind| kind.is_file()) && is_wanted(&entry)? {
                files.push(entry.into_path());
            }
        }
        Ok(files)
    }

    fn overrides(&self, folder: &Path) -> anyhow::Result<Override> {
        let mut builder = OverrideBuilder::new(folder);
        for glob in &self.globs {
            builder.add(glob).with_context(|| format!("--glob {glob}: this is no glob"))?;
        }
        builder.build().context("--glob: these globs are too large together")
    }
}

fn is_wanted(entry: &DirEntry) -> anyhow::Result<bool> {
    let path = entry.path();
    if has_ending(path) {
        return Ok(true);
    }
    holds_something(path).with_context(|| format!("{} cannot be read", path.display()))
}

fn has_ending(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

/// Whether a file may hold a certificate or key: a text with the beginning of one, or DER. Other
/// binary files hold texts of programs.
fn holds_something(path: &Path) -> std::io::Result<bool> {
    let mut file = fs::File::open(path)?;
    let mut octets = Zeroizing::new(vec![0; CHUNK + OVERLAP]);
    let mut kept = 0;
    let mut is_first = true;
    loop {
        let mut length = kept;
        while length < octets.len() {
            match file.read(&mut octets[length..]) {
                Ok(0) => break,
                Ok(count) => length += count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        let text = &octets[..length];
        if is_first {
            if is_der(text, file.metadata()?.len()) || is_wide(text) {
                return Ok(true);
            }
            if memchr::memchr(0, text).is_some() {
                return Ok(false);
            }
            is_first = false;
        }
        if may_hold(text) {
            return Ok(true);
        }
        if length < octets.len() {
            return Ok(false);
        }
        kept = OVERLAP;
        octets.copy_within(length - OVERLAP..length, 0);
    }
}

/// A SEQUENCE as long as the file, or a Java keystore.
fn is_der(head: &[u8], size: u64) -> bool {
    let length = match head {
        [0xfe, 0xed, 0xfe, 0xed, ..] | [0xce, 0xce, 0xce, 0xce, ..] => return true,
        [0x30, 0x81, a, ..] => u64::from(*a) + 3,
        [0x30, 0x82, a, b, ..] => u64::from(u16::from_be_bytes([*a, *b])) + 4,
        [0x30, 0x83, a, b, c, ..] => u64::from(u32::from_be_bytes([0, *a, *b, *c])) + 5,
        // BER of indefinite length: PKCS#7 and PKCS#12 of older programs.
        [0x30, 0x80, ..] => size,
        [0x30, length, ..] if *length < 0x80 => u64::from(*length) + 2,
        _ => return false,
    };
    length == size
}

/// Text in UTF-16 or UTF-32.
fn is_wide(head: &[u8]) -> bool {
    matches!(
        head,
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, 0, 0xfe, 0xff, ..] | [b'-', 0, ..] | [0, b'-', ..]
    )
}

/// Whether what was found in a file of a directory is meant as certificates or keys: programs and
/// documents have boundaries without bodies.
pub(super) fn is_meant(path: &Path, input: &Input) -> bool {
    let body = |block: &Block| {
        let text =
            block.armour.as_ref().map_or(&[][..], |armour| &input.octets(block.layer)[armour.body.clone()]);
        let symbols =
            text.iter().filter(|octet| octet.is_ascii_alphanumeric() || b"+/=".contains(octet)).count();
        symbols >= limits::VALUE_OCTETS_LEAST && symbols * 10 >= text.len() * 9
    };
    has_ending(path)
        || input.blocks.iter().any(|block| match &block.content {
            Content::Certificate(range) if !range.is_empty() => true,
            Content::Key(key) if block.armour.is_none() || key.malformed.is_empty() => true,
            _ => body(block),
        })
}
