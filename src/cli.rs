//! The command line: every flag declared once; help and completions come from here.

mod inputs;
mod profiles;
mod rules;
mod sources;

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::client::Asked;
use crate::client::openssl::Version;
use crate::finding::Severity;
pub use inputs::InputArgs;
pub use profiles::ProfilesArgs;
pub use rules::{RuleArgs, RulesArgs, RulesCommand, RulesNewArgs, RulesTestArgs};
pub use sources::SourceArgs;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Finds every fault of a certificate authority before it is uploaded to a
/// TLS-inspecting gateway.
#[derive(Debug, Parser)]
#[command(name = "pemlint", version, styles = STYLES, propagate_version = true, disable_help_subcommand = true)]
#[command(
    after_help = "Examples:\n  pemlint check root.pem --key root.key\n  pemlint profiles chain.pem --key issuing.key\n  pemlint check chain.pem --key issuing.key --format sarif > pemlint.sarif\n  pemlint predict chain.pem --trust ca.pem --host www.example.com\n  pemlint explain rfc5280/ca-key-usage-missing\n  python3 app.py 2>&1 | pemlint explain\n\nExit status: 0 nothing at or above --fail-on, 1 findings, 2 usage, rule or input/output error,\n3 no certificate and no key in any input."
)]
pub struct Cli {
    #[command(subcommand)]
    #[expect(missing_docs, reason = "described by its variants")]
    pub command: Command,
}

#[expect(missing_docs, reason = "the first lines are the help text")]
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check certificates, chains and keys
    ///
    /// Reads PEM, DER, PKCS#7, PKCS#12 and base64, and values in JSON, YAML, Terraform and
    /// environment files, told apart by their content; of a directory, every file that holds a
    /// certificate or key. Each file is a bundle of its own, and so is each object of a carrier;
    /// --join makes one of all. Every fault is reported at its line with the reason and the repair.
    /// Passwords come from --password-file, from the variable PEMLINT_PASSWORD, or are asked for on
    /// the terminal; all of them are tried on everything that is locked.
    ///
    /// tls://HOST or tls://HOST:PORT is what a server presents, fetched without verifying it, through
    /// HTTPS_PROXY where that is set; judged as Python 3.13 does, unless --profile says otherwise.
    /// store:system, store:python and store:PATH are trust stores: which of their CAs Python
    /// 3.13 refuses, and why. A file whose name begins so is named ./tls://… or ./store:….
    #[command(
        after_help = "Examples:\n  pemlint check chain.pem --key issuing.key\n  pemlint check tls://www.example.com --save chain.pem\n  pemlint check tls://mail.example.com:587 --starttls smtp\n  pemlint check store:python --only-rejected"
    )]
    Check(Box<CheckArgs>),
    /// Say what a client makes of a chain
    ///
    /// CHAIN is what a server presents, leaf first, as it is sent; several files are put
    /// together in their order. The verdict is that of a model of the client: every error
    /// in the order in which the client meets them, with the certificate at fault.
    ///
    /// tls://HOST or tls://HOST:PORT as CHAIN is what that server presents now, fetched without verifying it,
    /// and implies --host HOST. store:python as --trust is what the Python of this machine
    /// trusts, store:system what its OpenSSL does.
    #[command(
        after_help = "Examples:\n  pemlint predict tls://www.example.com --trust store:python\n  pemlint predict chain.pem --trust ca.pem --host www.example.com"
    )]
    Predict(Box<PredictArgs>),
    /// List the rules; test rules of your own, or begin one
    Rules(Box<RulesArgs>),
    /// List the profiles, or say which products accept a bundle
    ///
    /// Without FILE, the profiles: what each is for, what it asks for, and the document that says
    /// so. With FILE, the files are checked under every profile, or under those of --profile, as
    /// `pemlint check` does: who accepts them, that is finds no error, and the first reason of who does
    /// not. Products contradict each other (root first or last, PEM or PKCS#12), so no bundle suits all.
    #[command(
        after_help = "Examples:\n  pemlint profiles\n  pemlint profiles chain.pem --key issuing.key\n  pemlint profiles issuing.pfx --password-file password --profile azure-firewall-premium\n\nExit status: 0 some profile accepts, 1 none does, 2 errors, 3 no certificate and no key in any input."
    )]
    Profiles(Box<ProfilesArgs>),
    /// Explain an error, a rule or a fact
    ///
    /// WHAT is an error text, a whole traceback or log, a verify code such as 20, a name such
    /// as X509_V_ERR_CERT_HAS_EXPIRED; a rule such as rfc5280/ca-key-usage-missing or its last
    /// part; a fact such as cert.basicConstraints.cA. Without WHAT, or with `-`, the text is
    /// read from standard input: python3 app.py 2>&1 | pemlint explain
    Explain(ExplainArgs),
    /// Make chains to test verifiers with
    #[command(subcommand)]
    Fixtures(FixturesCommand),
    /// Hold verifiers against chains whose verdicts are known
    ///
    /// Asks programs that verify certificate chains about the chains of a corpus, as `pemlint fixtures
    /// make` writes it, and shows where they differ from each other and from models of clients.
    /// Without CORPUS, a small one is made for this instant: a good chain, and one for each mutation.
    ///
    /// A verifier is ready-made (see --list), or any command line:
    /// {n}    --verifier './my-verify --ca {trust} --name {host} --at {time} {chain}'
    /// {n}It is split into words as a shell splits them, but no shell runs it. Places to fill:
    /// {n}{chain} what the server presents, leaf first; {leaf} its first certificate, {intermediates}
    /// the others (an empty file where there are none); {trust} what the client trusts; {host} the name
    /// or address that it asks for; {time} the instant, seconds since 1970; {key} the private key
    /// of the leaf, to shake hands with. A brace is written {{ or }}.
    ///
    /// Exit status 0 of a verifier accepts, any other rejects, and the first telling line of what it
    /// prints is its reason. It is an error, never a verdict, that it cannot be started, ends with
    /// 126 or 127 or by a signal, or takes longer than --timeout.
    ///
    /// Each verifier is counted against every model of a client. What a model says decides the exit
    /// status only where the verifier must agree with it: openssl and python3 with the model of
    /// their own version, others with nothing, unless --expect names a model. RFC 5280 leaves
    /// verifiers room: without a model, no verdict on a defect is the right one.
    ///
    /// Certificates of an upload are left out, as no server presents them, and so are files that no
    /// client loads. curl, gnutls, node and python3 go by the clock of the machine: a corpus
    /// of yours must be made for this instant (`pemlint fixtures make --at`).
    ///
    /// With --limbo FILE the cases of C2SP's x509-limbo (limbo.json) are put to the models instead.
    #[command(
        after_help = "Examples:\n  pemlint harness --verifier all\n  pemlint harness corpus --verifier openssl --verifier 'my-verify {chain} {trust} {host}'\n  pemlint harness corpus --verifier go --expect rustls --ledger known.toml --format junit\n  pemlint harness --limbo limbo.json --client python-3.13\n\nA ledger lists differences that are known; one that is none any more fails too:\n  [[known]]\n  verifier = \"go\"\n  defect = \"expired\"       # or case = \"000012\"; with --limbo: feature = \"…\"\n  reason = \"why\"\n\nExit status: 0 all agree or are in the ledger, 1 differences, 2 errors of verifiers or of usage."
    )]
    Harness(Box<HarnessArgs>),
    /// Write shell completions to standard output
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Arguments of `check`.
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Files and directories to check; `-` is standard input; tls://HOST, tls://HOST:PORT; store:system,
    /// store:python, store:PATH
    #[arg(required_unless_present_any = ["list_profiles"], value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// File that holds the private key (repeatable); only keys are read from it
    #[arg(long, value_name = "FILE")]
    pub key: Vec<PathBuf>,
    /// File whose first line is the password of encrypted keys and PKCS#12 files
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// Do not ask for a private key
    #[arg(long, conflicts_with = "key")]
    pub no_key: bool,
    /// Take all inputs for one bundle
    #[arg(long)]
    pub join: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "described in its own type")]
    pub inputs: InputArgs,
    #[command(flatten)]
    #[expect(missing_docs, reason = "described in its own type")]
    pub rules: RuleArgs,
    #[command(flatten)]
    #[expect(missing_docs, reason = "described in its own type")]
    pub sources: SourceArgs,
    /// Of a trust store, show only what Python 3.13 refuses
    #[arg(long, help_heading = sources::HEADING)]
    pub only_rejected: bool,
    /// Client whose verdict is wanted beside those of the profile (repeatable)
    #[arg(long, value_name = "CLIENT", value_parser = clap::builder::PossibleValuesParser::new(Asked::names()))]
    pub client: Vec<String>,
    /// Print the profiles and what they are for
    #[arg(long)]
    pub list_profiles: bool,
    /// Instant of evaluation, RFC 3339 (default: now)
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// Format on standard output
    #[arg(long, value_enum, default_value_t = Format::Human, value_name = "FORMAT")]
    pub format: Format,
    /// Write a format to a file as well (repeatable): sarif=pemlint.sarif
    #[arg(long, value_name = "FORMAT=FILE", value_parser = output)]
    pub output: Vec<(Format, PathBuf)>,
    /// Lowest level that makes the exit status 1
    #[arg(long, value_enum, default_value_t = FailOn::Error, value_name = "LEVEL")]
    pub fail_on: FailOn,
    /// Exit with 0 even where there are findings
    #[arg(long)]
    pub exit_zero: bool,
    /// Leave out the findings that this file lists
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write all findings to a baseline file; reasons and dates in it are kept
    #[arg(long, value_name = "FILE")]
    pub write_baseline: Option<PathBuf>,
    /// Number of threads (default: one a core); the result is always the same
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
    /// When to use colour
    #[arg(long, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
}

/// Arguments of `predict`.
#[derive(Debug, Args)]
pub struct PredictArgs {
    /// Files with the certificates that the server presents, or the server, tls://HOST:PORT; `-`
    /// is standard input
    #[arg(required = true, value_name = "CHAIN")]
    pub chain: Vec<PathBuf>,
    /// File with the certificates that the client trusts, or store:python, store:system, store:PATH
    /// (repeatable)
    #[arg(long, required = true, value_name = "FILE")]
    pub trust: Vec<PathBuf>,
    /// Form of all inputs (default: by the content of each)
    #[arg(long, value_parser = inputs::format(), default_value = "auto", value_name = "FORM", hide_default_value = true)]
    pub input_format: crate::input::Format,
    /// File whose first line is the password of PKCS#12 files
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// Host name or address that the client asks for (default: that of tls://HOST; without one,
    /// names are not checked)
    #[arg(long, value_name = "NAME")]
    pub host: Option<String>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "described in its own type")]
    pub sources: SourceArgs,
    /// Client (repeatable)
    #[arg(long, value_name = "CLIENT", default_value = "python-3.13", value_parser = clap::builder::PossibleValuesParser::new(Asked::names()))]
    pub client: Vec<String>,
    /// Version of OpenSSL that the client uses
    #[arg(long, value_name = "VERSION", default_value = "3.5", value_parser = clap::builder::PossibleValuesParser::new(Version::ALL.map(Version::name)))]
    pub openssl: String,
    /// Security level of OpenSSL, 0 to 5 (default: the client's own)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=5))]
    pub seclevel: Option<u8>,
    /// Instant at which the client verifies, RFC 3339 (default: now)
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// Format on standard output
    #[arg(long, value_enum, default_value_t = PredictFormat::Human, value_name = "FORMAT")]
    pub format: PredictFormat,
    /// When to use colour
    #[arg(long, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
}

/// Formats of `predict`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PredictFormat {
    /// A picture of the chain, for people
    Human,
    /// JSON, the object that `check` writes
    Json,
}

/// Formats of `rules test` and `harness`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TestFormat {
    /// A table
    Text,
    /// JSON
    Json,
    /// JUnit XML for CI systems
    Junit,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Error text, verify code, rule or fact; `-` is standard input
    #[arg(value_name = "WHAT")]
    pub what: Vec<String>,
    /// Format of what is known of errors
    #[arg(long, value_enum, default_value_t = ListFormat::Text, value_name = "FORMAT")]
    pub format: ListFormat,
    #[command(flatten)]
    #[expect(missing_docs, reason = "described in its own type")]
    pub rules: RuleArgs,
}

/// What `fixtures` does.
#[derive(Debug, Subcommand)]
pub enum FixturesCommand {
    /// Make good and broken chains, with what is to be said of each
    ///
    /// Each chain has a directory of its own below DIR/chains. DIR/manifest.json names its
    /// files, the host that is asked for, what is wrong, the rules that find it and the
    /// verdict of each client. The same options give the same octets. All keys are public
    /// test keys: trust none of the certificates.
    Make(MakeArgs),
}

/// Arguments of `fixtures make`.
#[derive(Debug, Args)]
pub struct MakeArgs {
    /// Directory to write; made where it is missing
    #[arg(required_unless_present = "list", value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// What to draw the chains by
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// How many chains (default: one for each mutation)
    #[arg(long, value_name = "N")]
    pub count: Option<u64>,
    /// Mutations that the chains get in turn, with commas between; `none` is a good chain
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub mutations: Vec<String>,
    /// Print the mutations, with their profiles and the rules that find them
    #[arg(long)]
    pub list: bool,
    /// Instant that good chains are good at, RFC 3339
    #[arg(long, value_name = "TIME", default_value = "2026-11-01T00:00:00Z")]
    pub at: String,
    /// Write into a directory that is not empty
    #[arg(long)]
    pub force: bool,
}

/// Arguments of `harness`.
#[derive(Debug, Args)]
pub struct HarnessArgs {
    /// Folder of a corpus, with its manifest.json (default: a small corpus made for this instant)
    #[arg(value_name = "CORPUS")]
    pub corpus: Option<PathBuf>,
    /// A ready-made verifier, `all` of them that are installed, or a command line, as NAME=CMD to name
    /// it; openssl=PROGRAM and the like choose the program of a ready-made one (repeatable)
    #[arg(long, value_name = "CMD", required_unless_present_any = ["list", "limbo"])]
    pub verifier: Vec<String>,
    /// Model whose verdicts every verifier must give: CLIENT for those in the manifest, CLIENT/VERSION for
    /// the model with a version of OpenSSL, rustls/now; `none` to demand nothing
    #[arg(long, value_name = "MODEL")]
    pub expect: Option<String>,
    /// Model to compare with besides, asked now: CLIENT or CLIENT/VERSION (repeatable)
    #[arg(long, value_name = "MODEL")]
    pub model: Vec<String>,
    /// File with differences that are known
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
    /// Seconds that a verifier may take for one chain
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub timeout: u64,
    /// How many verifiers run at once (default: one a core)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,
    /// What the corpus that is made without CORPUS is drawn by
    #[arg(long, value_name = "N", default_value_t = 0, conflicts_with = "corpus")]
    pub seed: u64,
    /// Instant of the corpus that is made without CORPUS, and of cases of --limbo that name none, RFC 3339
    /// (default: now)
    #[arg(long, value_name = "TIME", conflicts_with = "corpus")]
    pub at: Option<String>,
    /// Put the cases of a file of x509-limbo to the models
    #[arg(long, value_name = "FILE", conflicts_with_all = ["corpus", "verifier", "expect", "model", "seed"])]
    pub limbo: Option<PathBuf>,
    /// Model to put the cases of --limbo to (repeatable; default: all)
    #[arg(long, value_name = "CLIENT", requires = "limbo", value_parser = clap::builder::PossibleValuesParser::new(Asked::names()))]
    pub client: Vec<String>,
    /// Print the ready-made verifiers and whether they are installed
    #[arg(long)]
    pub list: bool,
    /// Format
    #[arg(long, value_enum, default_value_t = TestFormat::Text, value_name = "FORMAT")]
    pub format: TestFormat,
}

/// Report formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Annotated text for people
    Human,
    /// JSON, versioned, with a schema
    Json,
    /// SARIF 2.1.0 for code scanning
    Sarif,
}

/// Formats of listings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// A table
    Text,
    /// JSON
    Json,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Thresholds of `--fail-on`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Any finding
    Info,
    /// Warnings and errors
    Warning,
    /// Errors
    Error,
}

impl FailOn {
    /// The severity from which findings count.
    #[must_use]
    pub fn severity(self) -> Severity {
        match self {
            Self::Info => Severity::Info,
            Self::Warning => Severity::Warning,
            Self::Error => Severity::Error,
        }
    }
}

fn output(text: &str) -> Result<(Format, PathBuf), String> {
    let (format, file) = text.split_once('=').ok_or("write FORMAT=FILE, such as sarif=pemlint.sarif")?;
    let format = Format::from_str(format, false)
        .map_err(|_| format!("`{format}` is no format; there are human, json and sarif"))?;
    if file.is_empty() {
        return Err("the file is missing behind `=`".into());
    }
    Ok((format, file.into()))
}
