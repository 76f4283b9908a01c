//! Which trust files Python refuses to load, and which certificates it finds in
//! the others: what `load_verify_locations(cafile=…)` of Python 3.13.0 with OpenSSL
//! 3.0.19 did with each text, written down beside it; 1.1.1 to 4.0 share this code.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pemlint::client::Asked;
use pemlint::client::trust_file;
use pemlint::engine::{Given, Job, Part, check};
use pemlint::facts::time::from_rfc3339;
use pemlint::finding::Severity;
use pemlint::input::Input;
use pemlint::rule::{Options, Profile, RuleSet};
use pemlint::source::Source;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----\n";
const END: &str = "-----END CERTIFICATE-----\n";

/// A file of the package.
fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// What Python did: certificates that it loaded, or why it refused.
type Outcome = Result<usize, &'static str>;

const BROKEN: Outcome = Err("PEM lib");
const NOTHING: Outcome = Err("NO_CERTIFICATE_OR_CRL_FOUND");

/// The texts of the cases: a certificate, another, the base64 of the first, a key.
struct Texts {
    good: String,
    other: String,
    body: String,
    key: String,
}

impl Texts {
    fn read() -> Self {
        let read = |path: &str| std::fs::read_to_string(file(path)).unwrap();
        let good = read("fixtures/openssl/good-rsa2048/ca.pem");
        let body = good
            .lines()
            .filter(|line| !line.contains("-----"))
            .fold(String::new(), |text, line| text + line + "\n");
        Self {
            good,
            body,
            other: read("fixtures/openssl/leaf-hostname/ca.pem"),
            key: read("fixtures/keys/p256-a.pem"),
        }
    }

    /// The body with this text in the place of one octet in its second line.
    fn with(&self, text: &str) -> String {
        format!("{BEGIN}{}{text}{}{END}", &self.body[..70], &self.body[71..])
    }

    /// The certificate with each line changed.
    fn each(&self, change: impl Fn(&str) -> String) -> String {
        self.good.lines().map(|line| change(line) + "\n").collect()
    }

    fn sound(&self) -> Vec<(&'static str, Vec<u8>, Outcome)> {
        let Self { good, other, body, key } = self;
        let one_line = format!("{BEGIN}{}\n{END}", body.replace('\n', ""));
        let label = |label: &str| good.replace("CERTIFICATE-", &format!("{label}-"));
        let request = "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n";
        vec![
            ("one", good.clone().into(), Ok(1)),
            ("two", format!("{good}{other}").into(), Ok(2)),
            ("windows lines", good.replace('\n', "\r\n").into(), Ok(1)),
            ("byte order mark", format!("\u{feff}{good}{other}").into(), Ok(2)),
            ("spaces behind BEGIN", good.replacen("-----\n", "-----  \n", 1).into(), Ok(1)),
            (
                "body indented",
                self.each(|line| if line.contains("---") { line.into() } else { format!("  {line}") }).into(),
                Ok(1),
            ),
            ("spaces at line ends", self.each(|line| format!("{line}  ")).into(), Ok(1)),
            ("one line", one_line.into(), Ok(1)),
            ("blank line behind BEGIN", format!("{BEGIN}\n{body}{END}").into(), Ok(1)),
            ("no line feed at the end", good.trim_end().into(), Ok(1)),
            ("text between", format!("{good}# a comment\n{other}").into(), Ok(2)),
            ("older label", label("X509 CERTIFICATE").into(), Ok(1)),
            ("trusted label", label("TRUSTED CERTIFICATE").into(), Ok(1)),
            ("key behind", format!("{good}{key}").into(), Ok(1)),
            ("key before", format!("{key}{good}").into(), Ok(1)),
            ("request that is no DER", format!("{good}{request}").into(), Ok(1)),
            ("END missing before another block", format!("{BEGIN}{body}{good}").into(), Ok(1)),
            ("tab inside", format!("{BEGIN}{}\t{}{END}", &body[..70], &body[70..]).into(), Ok(1)),
        ]
    }

    fn overlooked(&self) -> Vec<(&'static str, Vec<u8>, Outcome)> {
        let Self { good, other, body, key } = self;
        let der = STANDARD.decode(body.replace('\n', "")).unwrap();
        let indented = self.each(|line| format!("  {line}"));
        let short = good.replace("BEGIN CERTIFICATE-----", "BEGIN CERTIFICATE----");
        let misspelt = good.replace("CERTIFICATE-", "CERTIFIKATE-");
        vec![
            ("empty", Vec::new(), NOTHING),
            ("text alone", "hello\n".into(), NOTHING),
            ("carriage returns alone", good.replace('\n', "\r").into(), NOTHING),
            ("spaces before BEGIN", format!("  {good}").into(), NOTHING),
            ("spaces before BEGIN, another", format!("  {good}{other}").into(), Ok(1)),
            ("indented", indented.clone().into(), NOTHING),
            ("indented, another", format!("{indented}{other}").into(), Ok(1)),
            ("text before BEGIN", format!("text {good}").into(), NOTHING),
            ("text before BEGIN, another", format!("text {good}{other}").into(), Ok(1)),
            ("body behind BEGIN", format!("{}{body}{END}", BEGIN.trim_end()).into(), NOTHING),
            ("BEGIN with four dashes", short.clone().into(), NOTHING),
            ("BEGIN with four dashes, another", format!("{short}{other}").into(), Ok(1)),
            ("misspelt label", misspelt.clone().into(), NOTHING),
            ("misspelt label, another", format!("{misspelt}{other}").into(), Ok(1)),
            ("DER", der, NOTHING),
            ("key alone", key.clone().into(), NOTHING),
        ]
    }

    fn broken(&self) -> Vec<(&'static str, Vec<u8>, Outcome)> {
        let Self { good, other, body, .. } = self;
        let block =
            |label: &str, text: &str| format!("-----BEGIN {label}-----\n{text}-----END {label}-----\n");
        let cut = &body.trim_end()[..body.trim_end().len() - 1];
        let all = [
            ("star inside", self.with("*")),
            ("letter outside ASCII", self.with("é")),
            ("dash inside", self.with("-")),
            ("padding inside", self.with("=")),
            ("a character short", format!("{BEGIN}{cut}\n{END}")),
            ("star inside the second", format!("{good}{}", self.with("*"))),
            ("empty body", format!("{good}{BEGIN}{END}")),
            ("END missing", format!("{BEGIN}{body}")),
            ("END missing at the end", format!("{good}{BEGIN}{body}")),
            ("other label at END", format!("{BEGIN}{body}-----END X509 CRL-----\n")),
            ("END with four dashes", good.replace("END CERTIFICATE-----", "END CERTIFICATE----")),
            ("spaces before END", good.replace("-----END", "  -----END")),
            ("glued", format!("{}{other}", good.trim_end())),
            ("text behind END", format!("{} text\n{other}", good.trim_end())),
            ("body before END", format!("{BEGIN}{}{END}", body.trim_end())),
            ("blank line inside", format!("{BEGIN}{}\n{}{END}", &body[..65], &body[65..])),
            ("header", format!("{BEGIN}Proc-Type: 4,CLEAR\n\n{body}{END}")),
            ("comment inside", format!("{BEGIN}# comment\n{body}{END}")),
            ("no certificate", format!("{good}{}", block("CERTIFICATE", "AAAA\n"))),
            ("unknown block with a star", format!("{good}{}", block("FOO", "A*AA\n"))),
            ("unknown block without END", format!("-----BEGIN FOO-----\nAAAA\n{good}")),
            ("key that is no DER", format!("{good}{}", block("PRIVATE KEY", "AAAA\n"))),
            ("old key that is no base64", format!("{good}{}", block("RSA PRIVATE KEY", "A*AA\n"))),
        ];
        all.into_iter().map(|(name, text)| (name, text.into_bytes(), BROKEN)).collect()
    }
}

#[test]
fn trust_files_load_as_they_do_in_python_and_every_refusal_is_explained() {
    let texts = Texts::read();
    let cases = [texts.sound(), texts.overlooked(), texts.broken()].concat();
    let profile = Profile::named("python-strict").unwrap();
    let rules = RuleSet::load(profile, Options::default()).unwrap();
    let clients = [Asked::named("python-3.13").unwrap()];
    let now = from_rfc3339("2026-11-22T00:00:00Z").unwrap();
    let job = Job { rules: &rules, now, join: true, clients: &clients };
    let chain = std::fs::read(file("fixtures/openssl/good-rsa2048/chain.pem")).unwrap();
    let mut complaints = Vec::new();
    for (name, text, wanted) in &cases {
        let given = [
            Given { input: Input::read(Source::new("chain.pem", chain.clone())), part: Part::Presented },
            Given { input: Input::read(Source::new("trust.pem", text.clone())), part: Part::Trusted },
        ];
        let outcome = check(&given, &job);
        let errors = &outcome.verdicts[0].errors;
        let refusal =
            errors.iter().find(|error| error.stage.name() == "load").map(|error| error.name.as_str());
        let (seen, _) = trust_file::read(text);
        let loaded = seen.iter().filter(|block| block.label.ends_with(b"CERTIFICATE")).count();
        let found = refusal.map_or(Ok(loaded), Err);
        if found != *wanted {
            complaints.push(format!("{name}: Python {wanted:?}, the model {found:?}"));
        }
        for error in errors {
            let severe = outcome.findings.iter().filter(|finding| finding.severity == Severity::Error);
            if !severe.into_iter().any(|finding| error.rules.contains(&finding.rule)) {
                complaints.push(format!("{name}: {} is not explained", error.name));
            }
        }
    }
    assert!(complaints.is_empty(), "{} of {}:\n{}", complaints.len(), cases.len(), complaints.join("\n"));
    assert!(cases.len() >= 55, "{} cases are too few", cases.len());
}
