//! Arguments on how inputs are found and read.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::input::Format;

/// How inputs are found and read.
#[derive(Debug, Args)]
pub struct InputArgs {
    /// Form of all inputs (default: by the content of each)
    #[arg(long, value_parser = format(), default_value = "auto", value_name = "FORM", hide_default_value = true)]
    pub input_format: Format,
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

/// The forms of inputs by their names.
pub(super) fn format() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::name))
        .map(|name| Format::named(&name).expect("only names of formats are possible"))
}
