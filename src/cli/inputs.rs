//! Arguments on how inputs are found and read.

use clap::{Args, ValueEnum};

/// How inputs are found and read.
#[derive(Debug, Args)]
pub struct InputArgs {
    /// Form of all inputs (default: by the content of each)
    #[arg(long, value_enum, default_value_t = InputFormat::Auto, value_name = "FORM", hide_default_value = true)]
    pub input_format: InputFormat,
    /// Of directories, only files that fit; with `!` in front, no files that fit (repeatable)
    #[arg(long, value_name = "GLOB")]
    pub glob: Vec<String>,
    /// Look into hidden files and directories, too
    #[arg(long)]
    pub hidden: bool,
    /// Look into files that .gitignore or .ignore leave out, too
    #[arg(long)]
    pub no_ignore: bool,
}

/// Forms of inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum InputFormat {
    /// By the content
    Auto,
    /// Text with PEM blocks
    Pem,
    /// DER: a certificate, a key, PKCS#7
    Der,
    /// Base64 without armour
    Base64,
    /// JSON, one document or one a line
    Json,
    /// YAML, any number of documents
    Yaml,
    /// Terraform
    Terraform,
    /// File of environment variables
    Env,
}

impl From<InputFormat> for crate::input::Format {
    fn from(format: InputFormat) -> Self {
        match format {
            InputFormat::Auto => Self::Auto,
            InputFormat::Pem => Self::Pem,
            InputFormat::Der => Self::Der,
            InputFormat::Base64 => Self::Base64,
            InputFormat::Json => Self::Json,
            InputFormat::Yaml => Self::Yaml,
            InputFormat::Terraform => Self::Terraform,
            InputFormat::Env => Self::Env,
        }
    }
}
