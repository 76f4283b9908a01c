//! Arguments that choose rules, and those of `rules`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{ListFormat, TestFormat};
use crate::rule::Subject;

/// Arguments that choose rules.
#[derive(Clone, Debug, Args)]
pub struct RuleArgs {
    /// Profile that selects rules and their levels (see `pemlint profiles`), or a file NAME.toml; several
    /// are asked together (repeatable)
    #[arg(long, value_name = "NAME")]
    pub profile: Vec<String>,
    /// Directory with rules of your own, SOURCE/NAME.toml (repeatable)
    #[arg(long = "rules", value_name = "DIR")]
    pub dirs: Vec<PathBuf>,
    /// Rule to leave out (repeatable)
    #[arg(long, value_name = "RULE")]
    pub ignore: Vec<String>,
    /// Level of a rule: off, info, warning or error (repeatable)
    #[arg(long, value_name = "RULE=LEVEL")]
    pub level: Vec<String>,
    /// Configuration file (default: pemlint.toml, sought upwards from the inputs)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Arguments of `rules`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub struct RulesArgs {
    #[command(subcommand)]
    #[expect(missing_docs, reason = "described by its variants")]
    pub command: Option<RulesCommand>,
    /// Show only rules whose id or title contains this text
    pub filter: Option<String>,
    /// Format
    #[arg(long, value_enum, default_value_t = ListFormat::Text, value_name = "FORMAT")]
    pub format: ListFormat,
    #[command(flatten)]
    #[expect(missing_docs, reason = "described in its own type")]
    pub rules: RuleArgs,
}

#[expect(missing_docs, reason = "the first lines are the help text")]
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Run rules of your own on the examples that their files name, and on a corpus
    ///
    /// Each `[[example]]` of a rule file names a file, relative to the rule's, and the outcome
    /// `fails` or `passes`; the keys `at` and `profile` change the instant and the profile for
    /// one example. Every rule needs an example on which it fails, and should have one that
    /// passes. Two things are told besides: which changes of its conditions by one step no
    /// example notices (parts that nothing proves), and how many good and broken chains of the
    /// corpus of `pemlint fixtures make` it fires on, which is for you to judge. Exit status: 0
    /// all behave, 1 some do not, 2 a rule or a file cannot be used.
    Test(RulesTestArgs),
    /// Begin a rule: a file that works, with an example that fails and one that passes
    New(RulesNewArgs),
}

/// Arguments of `rules test`.
#[derive(Debug, Args)]
pub struct RulesTestArgs {
    /// Directory with rules, SOURCE/NAME.toml (default: those of pemlint.toml)
    pub dir: Option<PathBuf>,
    /// Profile that sets parameters of the rules, or a file NAME.toml
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Instant of evaluation, RFC 3339 (default: now)
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// Format
    #[arg(long, value_enum, default_value_t = TestFormat::Text, value_name = "FORMAT")]
    pub format: TestFormat,
    /// Configuration file (default: pemlint.toml, sought upwards from the working directory)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Arguments of `rules new`.
#[derive(Debug, Args)]
pub struct RulesNewArgs {
    /// Id of the rule: lower-case letters, digits and hyphens, such as acme/lives-too-long
    #[arg(value_name = "SOURCE/NAME")]
    pub id: String,
    /// Directory for rules
    #[arg(long, default_value = "rules", value_name = "DIR")]
    pub dir: PathBuf,
    /// What the rule looks at
    #[arg(long, default_value = "certificate", value_name = "SUBJECT", value_parser = clap::builder::PossibleValuesParser::new(Subject::ALL.map(Subject::name)))]
    pub subject: String,
}
