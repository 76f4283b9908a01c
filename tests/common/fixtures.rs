//! The tree of fixtures as the tests see it: each file with its side file, and
//! what the engine says of it. What the side files mean is written once, in
//! `examples/fixtures/tree.rs`, and read here; nothing here knows a rule.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use pemlint::client::Asked;
use pemlint::client::openssl::Host;
use pemlint::engine::{self, Given, Job, Outcome, Part};
use pemlint::facts::time::from_rfc3339;
use pemlint::input::{self, Input, Password};
use pemlint::report::{self, Report};
use pemlint::rule::{DEFAULT_PROFILE, Level, Options, Profile, RuleSet, SetLevel, profile_names};
use pemlint::source::Source;
use serde::Deserialize;

/// The instant of fixtures that name none.
const AT: &str = "2026-11-22T00:00:00Z";
/// The mode of files that name none.
const MODE: u32 = 0o600;

/// What stands beside a fixture.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Side {
    profile: Option<String>,
    at: Option<String>,
    mode: Option<String>,
    no_key: Option<bool>,
    pub(crate) keys: Vec<String>,
    passwords: Vec<String>,
    trust: Option<String>,
    host: Option<String>,
    pub(crate) rules: Option<Vec<String>>,
}

/// A fixture.
#[derive(Debug)]
pub(crate) struct Fixture {
    /// Its file.
    pub(crate) path: PathBuf,
    /// The rule whose folder it stands in; clean ones have none.
    pub(crate) rule: Option<String>,
    /// Its name without ending.
    pub(crate) stem: String,
    pub(crate) side: Side,
}

/// A fixture with what the engine says of it.
pub(crate) struct Run {
    pub(crate) fixture: Fixture,
    pub(crate) given: Vec<Given>,
    pub(crate) outcome: Outcome,
}

/// `fixtures/` of this package.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// Every fixture, run once.
pub(crate) static RUNS: LazyLock<Vec<Run>> =
    LazyLock::new(|| fixtures().into_iter().map(Fixture::run).collect());

/// The rules by profile, with and without those that ask for a private key.
static RULES: LazyLock<BTreeMap<(&str, bool), RuleSet>> = LazyLock::new(|| {
    let pairs = profile_names().into_iter().flat_map(|name| [(name, false), (name, true)]);
    pairs.map(|(name, no_key)| ((name, no_key), rules(name, no_key))).collect()
});

fn rules(profile: &str, no_key: bool) -> RuleSet {
    let profile = Profile::named(profile).expect("it is a profile of the binary");
    let level = SetLevel::new("keys/private-key-missing", Level::Off, "test");
    let levels = if no_key { vec![level] } else { Vec::new() };
    RuleSet::load(profile, Options { levels, ..Options::default() }).expect("the rules are sound")
}

/// Every file below a folder, sorted.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .map(|entry| entry.unwrap_or_else(|error| panic!("{}: {error}", folder.display())))
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect()
}

/// Every fixture below `rules` and `clean`.
pub(crate) fn fixtures() -> Vec<Fixture> {
    ["rules", "clean"].iter().flat_map(|folder| files(&root().join(folder))).filter_map(fixture).collect()
}

fn fixture(path: PathBuf) -> Option<Fixture> {
    if path.extension()? != "pem" {
        return None;
    }
    let folder = path.parent()?;
    let rule = folder.strip_prefix(root().join("rules")).ok();
    let rule = rule.map(|rule| rule.to_str().expect("rules have names in ASCII").replace('\\', "/"));
    let stem = path.file_stem()?.to_str().expect("fixtures have names in ASCII").to_owned();
    let beside = path.with_extension("toml");
    let side = if beside.exists() { read_side(&beside) } else { Side::default() };
    Some(Fixture { path, rule, stem, side })
}

fn read_side(path: &Path) -> Side {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

impl Fixture {
    /// Its path below `fixtures/`.
    pub(crate) fn name(&self) -> String {
        self.path.strip_prefix(root()).expect("fixtures lie below it").display().to_string()
    }

    /// Whether the rule of its folder must fire.
    pub(crate) fn fails(&self) -> bool {
        self.rule.is_some() && self.stem.starts_with("fails-")
    }

    /// The rules that must fire, sorted.
    pub(crate) fn expected(&self) -> Vec<String> {
        let by_place = || self.rule.clone().filter(|_| self.fails()).into_iter().collect();
        let mut rules = self.side.rules.clone().unwrap_or_else(by_place);
        rules.sort();
        rules
    }

    pub(crate) fn profile(&self) -> &str {
        self.side.profile.as_deref().unwrap_or(DEFAULT_PROFILE)
    }

    pub(crate) fn at(&self) -> &str {
        self.side.at.as_deref().unwrap_or(AT)
    }

    pub(crate) fn mode(&self) -> u32 {
        let mode = self.side.mode.as_deref();
        mode.map_or(MODE, |mode| u32::from_str_radix(mode, 8).expect("the mode is octal"))
    }

    /// Whether the side file names a mode or keys, which are properties of files.
    pub(crate) fn is_about_files(&self) -> bool {
        self.side.mode.is_some() || !self.side.keys.is_empty()
    }

    /// The host that a client asks for.
    pub(crate) fn host(&self) -> Option<&str> {
        self.side.host.as_deref()
    }

    /// The key files beside it.
    pub(crate) fn keys(&self) -> Vec<PathBuf> {
        self.side.keys.iter().map(|name| self.path.with_file_name(name)).collect()
    }

    /// The passwords that are tried on what is locked.
    pub(crate) fn passwords(&self) -> &[String] {
        &self.side.passwords
    }

    /// The file beside it that a client trusts, where it is what a server presents.
    pub(crate) fn trust(&self) -> Option<PathBuf> {
        self.side.trust.as_ref().map(|name| self.path.with_file_name(name))
    }

    /// Whether the linter is told that there is no key.
    pub(crate) fn no_key(&self) -> bool {
        let brings_key =
            || !self.side.keys.is_empty() || memchr::memmem::find(&self.octets(), b"PRIVATE KEY").is_some();
        self.side.no_key.unwrap_or_else(|| !brings_key())
    }

    pub(crate) fn octets(&self) -> Vec<u8> {
        fs::read(&self.path).unwrap_or_else(|error| panic!("{}: {error}", self.name()))
    }

    pub(crate) fn rules(&self) -> &'static RuleSet {
        let set =
            RULES.iter().find(|((name, no_key), _)| *name == self.profile() && *no_key == self.no_key());
        set.unwrap_or_else(|| panic!("{}: there is no profile {}", self.name(), self.profile())).1
    }

    /// Runs the engine as `pemlint check` does, or with a trust file as `pemlint
    /// predict` does, on files that are named as here.
    pub(crate) fn run(self) -> Run {
        let given = self.all_given();
        Run { outcome: self.check(&given), given, fixture: self }
    }

    /// The fixture with the files beside it, each for its part.
    pub(crate) fn all_given(&self) -> Vec<Given> {
        let mut given: Vec<Given> = self.keys().iter().map(|path| self.given(path, Part::Keys)).collect();
        let trust = self.trust();
        let part = if trust.is_some() { Part::Presented } else { Part::Checked };
        given.push(self.given(&self.path, part));
        given.extend(trust.iter().map(|path| self.given(path, Part::Trusted)));
        given.sort_by(|left, right| left.input.source.path.cmp(&right.input.source.path));
        given
    }

    fn check(&self, given: &[Given]) -> Outcome {
        let now = from_rfc3339(self.at()).unwrap_or_else(|| panic!("{}: no instant", self.name()));
        let clients = self.clients();
        let join = self.side.trust.is_some();
        engine::check(given, &Job { rules: self.rules(), now, join, clients: &clients })
    }

    /// The clients of its profile, with the host that they ask for.
    pub(crate) fn clients(&self) -> Vec<Asked> {
        let mut clients = self.rules().profile.asked();
        for client in &mut clients {
            client.host = self.host().map(Host::new);
        }
        clients
    }

    fn given(&self, path: &Path, part: Part) -> Given {
        let octets = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let name = path.file_name().and_then(|name| name.to_str()).expect("it has a name in ASCII");
        let mut source = Source::new(name, octets);
        source.mode = Some(self.mode());
        let passwords = self.passwords().iter().map(|text| Password::new(text.clone().into_bytes()));
        let options = input::Options { passwords: passwords.collect(), ..input::Options::default() };
        Given { input: Input::read_with(source, &options), part }
    }
}

impl Run {
    /// The report of the run, as `pemlint check` makes it; run once more, since it takes the outcome.
    pub(crate) fn report(&self) -> Report {
        let outcome = self.fixture.check(&self.given);
        report::build(outcome, self.fixture.rules(), self.fixture.at().to_owned())
    }

    /// The octets of one of its files, by the name that findings give.
    pub(crate) fn octets(&self, path: &str) -> &[u8] {
        let one = self.given.iter().find(|one| one.input.source.path == path);
        &one.unwrap_or_else(|| panic!("{}: no input is named {path}", self.fixture.name())).input.source.bytes
    }
}
