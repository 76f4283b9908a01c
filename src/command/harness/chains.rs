//! The chains of a corpus with their files, ready for verifiers: one that is there, or one made for this run.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::cli::HarnessArgs;
use crate::client::Asked;
use crate::command::{check, fixtures};
use crate::harness::{Case, Chain, Corpus, Expectation, LeftOut, NO_DEFECT, Reference};
use crate::source::{shown, shown_path};

/// The last line of a certificate in PEM.
const END: &[u8] = b"-----END CERTIFICATE-----";

/// The chains that verifiers are asked about.
pub(super) struct Chains {
    /// Name of the corpus.
    pub(super) name: String,
    /// Its folder, absolute.
    pub(super) folder: PathBuf,
    /// The instant that good chains are good at.
    pub(super) instant: i64,
    /// Files of the chains.
    pub(super) files: Vec<Files>,
    /// What is not asked.
    pub(super) left_out: Vec<LeftOut>,
}

/// A chain and its files.
pub(super) struct Files {
    pub(super) about: Chain,
    pub(super) chain: PathBuf,
    pub(super) leaf: PathBuf,
    pub(super) intermediates: PathBuf,
    pub(super) trust: PathBuf,
    /// `None` where the corpus has none.
    pub(super) key: Option<PathBuf>,
    presented: Vec<u8>,
    trusted: Vec<u8>,
}

impl Chains {
    /// Opens the corpus that is named, or makes one below the scratch folder.
    pub(super) fn open(args: &HarnessArgs, scratch: &Path, working: &Path) -> anyhow::Result<Self> {
        let (name, folder) = if let Some(folder) = &args.corpus {
            (shown_path(folder, working), folder.clone())
        } else {
            let folder = scratch.join("corpus");
            fs::create_dir(&folder).context("a temporary folder cannot be made")?;
            fixtures::write_small(&folder, args.seed, check::instant(args.at.as_deref())?)?;
            (format!("the corpus made with seed {}", args.seed), folder)
        };
        let shown_name = shown(&name).into_owned();
        let folder = fs::canonicalize(&folder).with_context(|| {
            format!("{shown_name} cannot be opened; `pemlint fixtures make {shown_name}` makes a corpus")
        })?;
        let text = fs::read(folder.join("manifest.json")).with_context(|| {
            format!(
                "{shown_name}/manifest.json cannot be read; CORPUS is a folder of `pemlint fixtures make`"
            )
        })?;
        let corpus = Corpus::read(&text).with_context(|| format!("{shown_name}/manifest.json"))?;
        let parts = scratch.join("parts");
        fs::create_dir(&parts).context("a temporary folder cannot be made")?;
        let files: anyhow::Result<Vec<Files>> = corpus
            .chains
            .into_iter()
            .enumerate()
            .map(|(number, chain)| Files::open(chain, &folder, &parts.join(number.to_string())))
            .collect();
        Ok(Self { name, folder, instant: corpus.instant, files: files?, left_out: corpus.left_out })
    }

    /// The clients whose verdicts the manifest holds.
    pub(super) fn clients(&self) -> Vec<Reference> {
        let names = Asked::names().into_iter();
        let is_told = |name: &&str| {
            self.files.iter().any(|files| files.about.verdicts.iter().any(|(client, _)| client == name))
        };
        names.filter(is_told).map(Reference::Manifest).collect()
    }

    /// The cases, with what each reference says of them.
    pub(super) fn cases(&self, references: &[Reference]) -> Vec<Case> {
        self.files.iter().map(|files| files.case(references, self.instant)).collect()
    }
}

impl Files {
    fn open(about: Chain, folder: &Path, parts: &Path) -> anyhow::Result<Self> {
        let read = |name: &str| {
            let path = folder.join(name);
            let octets = fs::read(&path).with_context(|| format!("{} cannot be read", shown(name)))?;
            anyhow::Ok((path, octets))
        };
        let (chain, presented) = read(&about.chain)?;
        let (trust, trusted) = read(&about.trust)?;
        let key = about.leaf_key.as_deref().map(|name| folder.join(name));
        let (leaf, others) = presented.split_at(end_of_first(&presented));
        let write = |name: &str, octets: &[u8]| {
            let path = parts.with_extension(name);
            fs::write(&path, octets).context("a temporary file cannot be written")?;
            anyhow::Ok(path)
        };
        let (leaf, intermediates) = (write("leaf.pem", leaf)?, write("intermediates.pem", others)?);
        Ok(Self { about, chain, leaf, intermediates, trust, key, presented, trusted })
    }

    fn case(&self, references: &[Reference], instant: i64) -> Case {
        let says = |reference: &Reference| {
            let accepts = reference.accepts(&self.about, &self.presented, &self.trusted, instant)?;
            Some(Expectation { by: reference.name().to_owned(), accepts })
        };
        let groups = match self.about.defects.as_slice() {
            [] => vec![NO_DEFECT.to_owned()],
            defects => defects.to_vec(),
        };
        Case { name: self.about.name.clone(), groups, expected: references.iter().filter_map(says).collect() }
    }
}

/// Where the first certificate of a file ends, with its line; the whole file where none does.
fn end_of_first(octets: &[u8]) -> usize {
    let at = octets.windows(END.len()).position(|window| window == END);
    let end = at.map_or(octets.len(), |at| at + END.len());
    let line = octets[end..].iter().position(|octet| *octet == b'\n');
    line.map_or(octets.len(), |line| end + line + 1)
}
