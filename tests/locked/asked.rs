//! The programs that lock, the keys that they lock, and what the library makes of
//! the result. Knows no scheme.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use pemlint::input::{Content, Input, Options, Password, Passwords, PrivateKey, PublicIdentity};
use pemlint::source::Source;
use tempfile::TempDir;

/// The password of most tests.
pub(crate) const PASSWORD: &str = "correct horse";

/// A program `openssl`.
pub(crate) struct Openssl {
    path: PathBuf,
    /// Its version, as it says it.
    pub(crate) name: String,
    /// Whether it has the schemes that OpenSSL 3 calls legacy.
    pub(crate) has_legacy: bool,
}

/// That of the machine, and that which `scripts/test` installs.
pub(crate) fn programs() -> Vec<Openssl> {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/debian/openssl");
    let paths = [PathBuf::from("openssl"), installed.clone()];
    let all: Vec<Openssl> =
        paths.into_iter().filter(|path| *path != installed || path.exists()).map(Openssl::new).collect();
    assert!(all.iter().any(|one| one.has_legacy), "no openssl here has the legacy provider");
    all
}

impl Openssl {
    fn new(path: PathBuf) -> Self {
        let run = |line: &str| {
            let output = Command::new(&path).args(line.split(' ')).output();
            output.unwrap_or_else(|error| panic!("{} does not start: {error}", path.display()))
        };
        let name = String::from_utf8(run("version").stdout).expect("it is text").trim().to_owned();
        let has_legacy = run("list -providers -provider legacy -provider default").status.success();
        Self { path, name, has_legacy }
    }

    /// Whether it is of a version from this one on.
    pub(crate) fn is_from(&self, major: u32, minor: u32) -> bool {
        let number = self.name.split(' ').nth(1).unwrap_or_default();
        let mut parts = number.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
        (parts.next(), parts.next()) >= (Some(major), Some(minor))
    }

    /// What it writes to the file that `-out` names, run with the words of `line`
    /// and then with `more`.
    pub(crate) fn write(&self, line: &str, more: &[&str]) -> Vec<u8> {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let out = folder.path().join("out");
        let mut command = Command::new(&self.path);
        command.args(line.split_whitespace()).args(more).arg("-out").arg(&out);
        let output = command.output().expect("it started before");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {line} {more:?}\n{said}", self.name);
        fs::read(out).expect("it wrote the file")
    }
}

/// A folder with a key in `key.pem` and its certificate in `root.pem`.
pub(crate) struct Pair {
    folder: TempDir,
    /// What the key is known by.
    pub(crate) identity: PublicIdentity,
}

impl Pair {
    /// The test key of this name, and a certificate of it.
    pub(crate) fn new(name: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys");
        let text = fs::read(keys.join(format!("{name}.pem"))).expect("it is a test key");
        fs::write(folder.path().join("key.pem"), &text).expect("a file can be written");
        let input = Input::read(Source::new("key.pem", text));
        let identity = only_key(&input).public.clone().expect("it is plain");
        let pair = Self { folder, identity };
        let root = programs()[0].write(&format!("req -x509 -days 30 -subj /CN=x -key {}", pair.key()), &[]);
        fs::write(pair.folder.path().join("root.pem"), root).expect("a file can be written");
        pair
    }

    /// Path of the key.
    pub(crate) fn key(&self) -> String {
        self.folder.path().join("key.pem").display().to_string()
    }

    /// Path of the certificate.
    pub(crate) fn root(&self) -> String {
        self.folder.path().join("root.pem").display().to_string()
    }
}

/// Passwords of these texts.
pub(crate) fn passwords(texts: &[&str]) -> Passwords {
    texts.iter().map(|text| Password::new(text.as_bytes().to_vec())).collect()
}

/// A file read with these passwords.
pub(crate) fn read(octets: &[u8], texts: &[&str]) -> Input {
    let options = Options { passwords: passwords(texts), ..Options::default() };
    Input::read_with(Source::new("file", octets.to_vec()), &options)
}

/// The private keys of an input.
pub(crate) fn keys(input: &Input) -> Vec<&PrivateKey> {
    let keys = input.blocks.iter().map(|block| match &block.content {
        Content::Key(key) => Some(&**key),
        _ => None,
    });
    keys.flatten().collect()
}

/// The private key of an input that holds one.
pub(crate) fn only_key(input: &Input) -> &PrivateKey {
    match keys(input)[..] {
        [key] => key,
        ref keys => panic!("{keys:?} in {input:?}"),
    }
}
