//! No output shows any part of a private key, however its file is damaged.

use std::collections::HashSet;
use std::fs;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pemlint::facts::name::hex;
use pemlint::rule::{DEFAULT_PROFILE, profile_names};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::corpus;
use crate::edits::edit;
use crate::run::{NOW, formats, given, program, report, settings};

/// Characters in a row that would be a part of a key.
const RUN: usize = 12;

/// A file with private keys, and what must not be seen of them.
struct KeyFile {
    name: String,
    text: String,
    secret: Secret,
}

/// Runs of characters that no output may hold: of the base64 text and of the
/// octets in hex.
struct Secret {
    runs: HashSet<[u8; RUN]>,
    /// The first two characters of the runs, to pass over the rest quickly.
    starts: Vec<bool>,
}

impl Secret {
    /// The runs of a text with keys. What stands in `public` too is no secret.
    fn of(text: &str, public: &str) -> Self {
        let mut runs = HashSet::new();
        for body in bodies(text) {
            let octets = STANDARD.decode(&body).expect("the key files are sound");
            for form in [body, hex(&octets), hex(&octets).to_uppercase()] {
                runs.extend(all_runs(form.as_bytes()));
            }
        }
        for body in bodies(public) {
            all_runs(body.as_bytes()).for_each(|run| {
                runs.remove(&run);
            });
        }
        assert!(runs.len() > 20, "a key of {} runs", runs.len());
        let mut starts = vec![false; 1 << 16];
        for run in &runs {
            starts[start(run)] = true;
        }
        Self { runs, starts }
    }

    /// A part of the key that stands in an output.
    fn seen_in(&self, output: &[u8]) -> Option<String> {
        let seen = |run: &[u8]| self.starts[start(run)] && self.runs.contains(run);
        output.windows(RUN).find(|run| seen(run)).map(|run| String::from_utf8_lossy(run).into_owned())
    }
}

fn start(run: &[u8]) -> usize {
    usize::from(run[0]) << 8 | usize::from(run[1])
}

fn all_runs(text: &[u8]) -> impl Iterator<Item = [u8; RUN]> + '_ {
    text.windows(RUN).map(|run| run.try_into().expect("a window is as long as it should be"))
}

/// The base64 text of every block, without headers and line ends.
fn bodies(text: &str) -> Vec<String> {
    let blocks = text.split("-----BEGIN ").skip(1);
    blocks
        .map(|block| {
            let lines = block.lines().skip(1).take_while(|line| !line.starts_with("-----END"));
            lines.filter(|line| !line.contains(':')).map(str::trim).collect()
        })
        .collect()
}

/// Every file with a private key, in all forms.
static KEYS: LazyLock<Vec<KeyFile>> = LazyLock::new(key_files);

/// Those that are read quickly.
static SMALL_KEYS: LazyLock<Vec<&'static KeyFile>> =
    LazyLock::new(|| KEYS.iter().filter(|file| file.text.len() < 2_000).collect());

fn key(name: &str) -> &'static KeyFile {
    KEYS.iter().find(|file| file.name == name).expect("the fixtures have this key")
}

fn key_files() -> Vec<KeyFile> {
    let texts = corpus::files("keys").into_iter().map(|path| {
        (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap())
    });
    let keys = texts.filter(|(_, text)| text.contains("PRIVATE KEY-----"));
    let files: Vec<KeyFile> =
        keys.map(|(name, text)| KeyFile { name, secret: Secret::of(&text, certificate()), text }).collect();
    assert!(files.len() > 25, "{} key files only", files.len());
    files
}

/// A certificate that stands beside keys.
fn certificate() -> &'static str {
    include_str!("../../fixtures/clean/p256-root.pem")
}

/// What becomes of a key file, by name.
#[expect(clippy::too_many_lines, reason = "a table of damages")]
fn damaged(text: &str) -> Vec<(&'static str, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let begin = lines.iter().rposition(|line| line.starts_with("-----BEGIN")).unwrap();
    let (first, last) = (lines[begin], lines[lines.len() - 1]);
    let body = lines[begin + 1..lines.len() - 1].join("\n");
    let bare = bodies(text).pop().unwrap();
    let half = bare.len() / 2;
    let other = certificate();
    let cut = other.trim_end().strip_suffix("-----END CERTIFICATE-----").unwrap();
    let block = |begin: &str, body: &str, end: &str| format!("{begin}\n{body}\n{end}\n");
    let label = |from: &str, to: &str| text.replace(from, to);
    vec![
        ("intact", text.to_owned()),
        ("a star in the body", block(first, &format!("{}*{}", &bare[..half], &bare[half..]), last)),
        ("a star at its start", block(first, &format!("*{body}"), last)),
        ("a letter outside ASCII", block(first, &format!("{}é{}", &bare[..half], &bare[half..]), last)),
        ("a character left out", block(first, &bare[1..], last)),
        ("padding in the middle", block(first, &format!("{}=={}", &bare[..half], &bare[half..]), last)),
        ("cut in the middle", block(first, &bare[..half], "")),
        ("no END", block(first, &body, "")),
        ("no END, a certificate next", block(first, &body, other)),
        ("no END, text next", block(first, &body, "and then\nmore")),
        ("no BEGIN", block("", &body, last)),
        ("the body alone", body.clone()),
        ("another END", block(first, &body, "-----END CERTIFICATE-----")),
        ("twice, glued", format!("{}{}", text.trim_end(), text)),
        ("glued to a certificate", format!("{}{}", other.trim_end(), text)),
        ("a certificate glued to it", format!("{}{}", text.trim_end(), other)),
        ("before a certificate", format!("{text}{other}")),
        ("behind a certificate", format!("{other}{text}")),
        ("inside a certificate", format!("{cut}{text}-----END CERTIFICATE-----\n")),
        ("its body inside a certificate", format!("{cut}{body}\n-----END CERTIFICATE-----\n")),
        ("behind a certificate without END", format!("{cut}{text}")),
        ("its body behind a certificate without END", format!("{cut}{body}\n")),
        ("a letter left out of its label", label("PRIVATE KEY", "PRIVTE KEY")),
        ("small letters", label("PRIVATE KEY", "private key")),
        ("another label", label("PRIVATE KEY", "KEY")),
        ("no label", block("-----BEGIN -----", &body, "-----END -----")),
        (
            "labelled as a certificate",
            block("-----BEGIN CERTIFICATE-----", &body, "-----END CERTIFICATE-----"),
        ),
        ("labelled as a certificate at its start", block("-----BEGIN CERTIFICATE-----", &body, last)),
        (
            "labelled as a request",
            block("-----BEGIN CERTIFICATE REQUEST-----", &body, "-----END CERTIFICATE REQUEST-----"),
        ),
        ("its body as the label", format!("-----BEGIN {bare}-----\n{last}\n")),
        ("its body in the label", format!("-----BEGIN PRIVATE KEY {bare}-----\n{last}\n")),
        ("its body in the label of END", format!("{first}\n-----END {bare}-----\n")),
        ("its body behind END", format!("{first}\n{last}{bare}\n")),
        ("its body before BEGIN", format!("{bare}{first}\n{last}\n")),
        ("BEGIN not closed", block(first.trim_end_matches('-'), &body, last)),
        ("BEGIN with four dashes behind", block(&first[..first.len() - 1], &body, last)),
        ("BEGIN with four dashes before", block(&first[1..], &body, last)),
        ("END not closed", block(first, &body, last.trim_end_matches('-'))),
        ("END with four dashes before", block(first, &body, &last[1..])),
        ("one line", text.replace('\n', "")),
        ("one line with spaces", text.replace('\n', " ")),
        ("one line with backslashes", text.replace('\n', "\\n")),
        ("one line, BEGIN not closed", block(first.trim_end_matches('-'), &body, last).replace('\n', "")),
        ("one line, BEGIN with four dashes", block(&first[..first.len() - 1], &body, last).replace('\n', "")),
        ("one line, END not closed", block(first, &body, last.trim_end_matches('-')).replace('\n', "")),
        ("one line, BEGIN without its dashes", format!("{cut}{}", &text[1..]).replace('\n', "")),
        ("one line, a certificate before", format!("{other}{text}").replace('\n', "")),
        (
            "one line, labelled as a certificate",
            block("-----BEGIN CERTIFICATE-----", &body, "-----END CERTIFICATE-----").replace('\n', ""),
        ),
        ("carriage returns", text.replace('\n', "\r")),
        ("Windows lines", text.replace('\n', "\r\n")),
        ("blank lines", text.replace('\n', "\n\n")),
        ("a byte order mark", format!("\u{feff}{text}")),
        ("indented", text.replace('\n', "\n    ")),
        ("quoted", format!("{{\"key\": {text:?}}}")),
        ("comments around", format!("# {body}\n{text}# {bare}\n")),
        ("a header", block(first, &format!("Comment: {bare}\n\n{body}"), last)),
    ]
}

/// Panics where an output of a check shows a part of a key.
fn assert_kept(what: &str, secret: &Secret, text: &[u8], profile: &str) {
    let given = given([("any.pem", text), ("root.pem", certificate().as_bytes())]);
    let report = report(&given, profile);
    for (format, output) in formats(report) {
        if let Some(part) = secret.seen_in(&output) {
            panic!("{what}: {format} under {profile} shows {part}\n{}", String::from_utf8_lossy(&output));
        }
    }
}

#[test]
fn no_format_shows_a_part_of_a_damaged_key() {
    for file in KEYS.iter() {
        for (damage, text) in damaged(&file.text) {
            assert_kept(&format!("{}, {damage}", file.name), &file.secret, text.as_bytes(), DEFAULT_PROFILE);
        }
    }
}

#[test]
fn no_profile_shows_a_part_of_a_damaged_key() {
    let file = key("p256-a.pem");
    for (damage, text) in damaged(&file.text) {
        for profile in profile_names() {
            assert_kept(damage, &file.secret, text.as_bytes(), profile);
        }
    }
}

#[test]
fn no_format_shows_a_part_of_a_key_in_a_binary_file() {
    for file in KEYS.iter() {
        for body in bodies(&file.text) {
            let der = STANDARD.decode(body).unwrap();
            let longer = [der.as_slice(), b"\0"].concat();
            for octets in [der.as_slice(), &longer, &der[..der.len() - 1], &der[1..]] {
                assert_kept(&file.name, &file.secret, octets, DEFAULT_PROFILE);
            }
        }
    }
}

/// Whatever the program prints, on both of its outputs.
#[test]
fn the_program_shows_no_part_of_a_damaged_key() {
    let file = key("p256-a.pem");
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("root.pem"), certificate()).unwrap();
    for (damage, text) in damaged(&file.text) {
        fs::write(folder.path().join("any.pem"), &text).unwrap();
        // A key in the place of every kind of file that the program reads.
        let uses: &[&[&str]] = &[
            &["check", "any.pem", "--at", NOW],
            &["check", "root.pem", "--key", "any.pem", "--at", NOW, "--format", "json"],
            &["check", "root.pem", "--config", "any.pem"],
            &["check", "root.pem", "--baseline", "any.pem"],
        ];
        for arguments in uses {
            let output = program(folder.path(), arguments);
            for (stream, bytes) in [("standard output", &output.stdout), ("standard error", &output.stderr)] {
                if let Some(part) = file.secret.seen_in(bytes) {
                    panic!(
                        "{damage}: {arguments:?} shows {part} on {stream}\n{}",
                        String::from_utf8_lossy(bytes)
                    );
                }
            }
        }
    }
}

// Octets of a key that an edit puts into the middle of a sound certificate are facts
// of that certificate, its key identifier for example, and shown as such. That takes
// a cut through both at the right places; files with both have their own list above.
proptest! {
    #![proptest_config(settings(250))]

    #[test]
    fn no_format_shows_a_part_of_a_key_damaged_at_random(
        which in any::<Index>(),
        damage in any::<Index>(),
        edits in prop::collection::vec(edit(), 1..5),
    ) {
        let file = which.get(&SMALL_KEYS);
        let mut all = damaged(&file.text);
        all.retain(|(_, text)| !text.contains(certificate().lines().nth(1).expect("it has a body")));
        let (damage, text) = damage.get(&all);
        let text = edits.iter().fold(text.clone().into_bytes(), |bytes, edit| edit.apply(bytes));
        let what = format!("{}, {damage}, {edits:?}:\n{}", file.name, String::from_utf8_lossy(&text));
        assert_kept(&what, &file.secret, &text, DEFAULT_PROFILE);
    }
}
