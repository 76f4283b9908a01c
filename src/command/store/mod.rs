//! Trust stores of this machine as inputs: `store:system`, `store:python` and
//! `store:PATH`. Finds the files that a client would read; what is in them is for
//! others to judge.

mod python;

use std::collections::{BTreeSet, HashSet};
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::{inputs, terminal};
use crate::client::trust_file;
use crate::engine::{Given, Part};
use crate::input::Input;
use crate::input::Options;
use crate::limits;
use crate::source::shown_path;

/// How the name of a store begins.
const SCHEME: &str = "store:";

/// A trust store as the command line names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Store {
    /// That of the system, as OpenSSL and what is built on it finds it.
    System,
    /// Those of a Python.
    Python,
    /// A file or a folder.
    Path(PathBuf),
}

/// Files that one kind of client trusts together.
pub(super) struct Group {
    /// Who loads them, for a sentence: `the client trusts what …`.
    pub(super) about: String,
    /// The files.
    pub(super) given: Vec<Given>,
}

impl Group {
    /// DER of all certificates in it.
    fn certificates(&self) -> BTreeSet<&[u8]> {
        self.given.iter().flat_map(|one| certificates(&one.input)).collect()
    }
}

/// Where a client looks: files, and folders in which OpenSSL looks up hashes of names.
#[derive(Debug, Default)]
struct Places {
    about: String,
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
    /// Whether a file that cannot be read is left out without a word, as OpenSSL does where
    /// nobody named the file.
    is_silent: bool,
}

impl Store {
    /// The store that an argument names; `None` for anything else.
    pub(super) fn named(argument: &OsStr) -> anyhow::Result<Option<Self>> {
        let Some(rest) = argument.as_encoded_bytes().strip_prefix(SCHEME.as_bytes()) else { return Ok(None) };
        Ok(Some(match rest {
            b"" => bail!("{SCHEME}: write store:system, store:python or store:PATH"),
            b"system" => Self::System,
            b"python" => Self::Python,
            _ => match argument.to_str() {
                Some(text) => Self::Path(text[SCHEME.len()..].into()),
                None => bail!("{}: the name is no Unicode text; name the file alone", argument.display()),
            },
        }))
    }

    /// Reads its files: a group for each kind of client. One of them may be without certificates,
    /// since that is what its client trusts then.
    pub(super) fn open(
        &self,
        python: Option<&Path>,
        part: Part,
        working: &Path,
    ) -> anyhow::Result<Vec<Group>> {
        let places = match self {
            Self::System => vec![system()?],
            Self::Python => python::places(python)?,
            Self::Path(path) => vec![named_path(path, working)?],
        };
        let (mut groups, mut found_nothing) = (Vec::new(), true);
        for places in places {
            let Places { about, files, folders, is_silent } = places;
            let mut given = read_all(&files, &folders, part, working)?;
            let shown = places_text(&files, &folders, working);
            let found: usize = given.iter().map(|one| certificates(&one.input).count()).sum();
            found_nothing &= found == 0;
            let noun = if found == 1 { "certificate" } else { "certificates" };
            terminal::tell(&format!("{about}: {shown}: {found} {noun}"));
            if is_silent {
                leave_out_refused(&mut given);
            }
            let group = Group { about, given };
            match groups.iter_mut().find(|known: &&mut Group| known.certificates() == group.certificates()) {
                Some(known) if part == Part::Trusted => {
                    known.about = format!("{}, and {}", known.about, group.about);
                }
                _ => groups.push(group),
            }
        }
        if found_nothing {
            bail!("there is no certificate in this trust store");
        }
        Ok(groups)
    }
}

/// What OpenSSL and those who look where it looks find on this machine.
fn system() -> anyhow::Result<Places> {
    #[expect(clippy::disallowed_methods, reason = "this is where the environment is read")]
    let (file, folders) = (env::var_os("SSL_CERT_FILE"), env::var_os("SSL_CERT_DIR"));
    let file = match file {
        Some(file) => Some(PathBuf::from(file)),
        None => openssl_probe::probe().cert_file,
    };
    let folders: Vec<PathBuf> = match folders {
        Some(folders) => env::split_paths(&folders).collect(),
        None => openssl_probe::candidate_cert_dirs().map(Path::to_owned).collect(),
    };
    let mut known = HashSet::new();
    let is_new = |folder: &PathBuf| known.insert(fs::canonicalize(folder).unwrap_or_else(|_| folder.clone()));
    let folders: Vec<PathBuf> = folders.into_iter().filter(|folder| folder.is_dir()).filter(is_new).collect();
    let files: Vec<PathBuf> = file.into_iter().filter(|file| file.is_file()).collect();
    if files.is_empty() && folders.is_empty() {
        bail!(
            "no trust store is found where OpenSSL looks for one; export that of the system to a file \
             (on macOS: security find-certificate -a -p > roots.pem) and name it: store:roots.pem"
        );
    }
    let about = "OpenSSL of this system loads".to_owned();
    Ok(Places { about, files, folders, is_silent: true })
}

/// A file or folder that is named.
fn named_path(path: &Path, working: &Path) -> anyhow::Result<Places> {
    let name = shown_path(path, working);
    let metadata = fs::metadata(path).with_context(|| format!("{name} cannot be read"))?;
    let about = format!("{SCHEME}{name}");
    let mut places = Places { about, ..Places::default() };
    if !metadata.is_dir() {
        places.files.push(path.to_owned());
    } else if hashed(path)?.is_empty() {
        terminal::tell(&format!(
            "{name}: no file is named by the hash of a CA, so OpenSSL finds none of them; `openssl rehash` \
             makes the links"
        ));
        places.files = with_certificates(path)?;
    } else {
        places.folders.push(path.to_owned());
    }
    Ok(places)
}

/// Files of a folder that OpenSSL finds: named by eight hex digits, a dot and a number.
fn hashed(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let is_hash = |name: &str| {
        name.split_once('.').is_some_and(|(hash, number)| {
            hash.len() == 8
                && hash.bytes().all(|octet| matches!(octet, b'0'..=b'9' | b'a'..=b'f'))
                && !number.is_empty()
                && number.bytes().all(|octet| octet.is_ascii_digit())
        })
    };
    let files = listed(folder)?;
    Ok(files
        .into_iter()
        .filter(|path| path.file_name().and_then(OsStr::to_str).is_some_and(is_hash))
        .collect())
}

fn with_certificates(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let is_one = |path: &PathBuf| {
        let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default();
        matches!(ending, "pem" | "crt" | "cer") && path.is_file()
    };
    Ok(listed(folder)?.into_iter().filter(is_one).collect())
}

fn listed(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let cannot = || format!("{} cannot be read", folder.display());
    let entries = fs::read_dir(folder).with_context(cannot)?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>();
    let mut paths = paths.with_context(cannot)?;
    paths.sort();
    if paths.len() > limits::BLOCKS {
        bail!("{} holds more than {} files", folder.display(), limits::BLOCKS);
    }
    Ok(paths)
}

/// Reads files, then those of folders that hold a certificate which no file before
/// them holds.
fn read_all(
    files: &[PathBuf],
    folders: &[PathBuf],
    part: Part,
    working: &Path,
) -> anyhow::Result<Vec<Given>> {
    let mut given: Vec<Given> = Vec::new();
    let mut known: HashSet<Vec<u8>> = HashSet::new();
    let mut read: HashSet<PathBuf> = HashSet::new();
    let mut take = |path: PathBuf, is_needed: bool| -> anyhow::Result<()> {
        // The file itself is named, as it is what would be repaired; not links to it.
        let path = fs::canonicalize(&path).unwrap_or(path);
        if !read.insert(path.clone()) {
            return Ok(());
        }
        let input = inputs::parse(inputs::read(&path, shown_path(&path, working))?, &Options::pem())?;
        let new: Vec<Vec<u8>> =
            certificates(&input).filter(|der| !known.contains(*der)).map(<[u8]>::to_vec).collect();
        if is_needed || !new.is_empty() {
            known.extend(new);
            given.push(Given { input, part });
        }
        Ok(())
    };
    for path in files {
        take(path.clone(), true)?;
    }
    for folder in folders {
        for path in hashed(folder)?.into_iter().filter(|path| path.is_file()) {
            take(path, false)?;
        }
    }
    Ok(given)
}

/// Says which files are lost to clients, and takes them from what a client trusts. Where
/// they are checked they stay: what is wrong with them is to be told.
fn leave_out_refused(given: &mut Vec<Given>) {
    given.retain(|one| {
        let is_refused = trust_file::is_refused(&one.input);
        if is_refused {
            let path = &one.input.source.path;
            terminal::tell(&format!(
                "{path}: OpenSSL cannot read this file, leaves out all of it, and does not say so; \
                 `pemlint check {path}` shows why"
            ));
        }
        let is_empty = trust_file::read(&one.input.source.bytes).0.is_empty();
        one.part != Part::Trusted || !(is_refused || is_empty)
    });
}

/// DER of the certificates of an input.
fn certificates(input: &Input) -> impl Iterator<Item = &[u8]> {
    input.blocks.iter().filter_map(|block| input.certificate(block))
}

fn places_text(files: &[PathBuf], folders: &[PathBuf], working: &Path) -> String {
    let names: Vec<String> = files.iter().chain(folders).map(|path| shown_path(path, working)).collect();
    match names.len() {
        0 => "nothing".into(),
        1..=3 => names.join(" and "),
        many => format!("{} and {} more", names[0], many - 1),
    }
}
