//! Arguments of `profiles`.

use std::path::PathBuf;

use clap::Args;

use super::{InputArgs, ListFormat, RuleArgs};

/// Arguments of `profiles`.
#[derive(Debug, Args)]
pub struct ProfilesArgs {
    /// Files and directories that are to be accepted; `-` is standard input
    #[arg(value_name = "FILE")]
    pub paths: Vec<PathBuf>,
    /// File that holds the private key (repeatable); only keys are read from it
    #[arg(long, value_name = "FILE", requires = "paths")]
    pub key: Vec<PathBuf>,
    /// File whose first line is the password of encrypted keys and PKCS#12 files
    #[arg(long, value_name = "FILE", requires = "paths")]
    pub password_file: Option<PathBuf>,
    /// Do not ask for a private key
    #[arg(long, conflicts_with = "key", requires = "paths")]
    pub no_key: bool,
    /// Take all inputs for one bundle
    #[arg(long, requires = "paths")]
    pub join: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "described in its own type")]
    pub inputs: InputArgs,
    #[command(flatten)]
    #[expect(missing_docs, reason = "described in its own type")]
    pub rules: RuleArgs,
    /// Instant of evaluation, RFC 3339 (default: now)
    #[arg(long, value_name = "TIME", requires = "paths")]
    pub at: Option<String>,
    /// Format
    #[arg(long, value_enum, default_value_t = ListFormat::Text, value_name = "FORMAT")]
    pub format: ListFormat,
}
