//! Arguments about servers and trust stores, for every command that takes them.

use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::fetch::StartTls;

/// Heading of these options in help texts.
pub(super) const HEADING: &str = "Servers and trust stores";

/// How servers are asked and trust stores found.
#[derive(Debug, Args)]
pub struct SourceArgs {
    /// Protocol that the server of tls://HOST speaks before TLS; it sets the port too
    #[arg(long, help_heading = HEADING, value_name = "PROTOCOL", value_parser = PossibleValuesParser::new(StartTls::ALL.map(StartTls::name)))]
    pub starttls: Option<String>,
    /// Name to send to the server (SNI), if not HOST of tls://HOST
    #[arg(long, help_heading = HEADING, value_name = "NAME")]
    pub servername: Option<String>,
    /// Seconds that a server may take for everything: name lookup, proxy, STARTTLS, handshake
    #[arg(long, help_heading = HEADING, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub timeout: u64,
    /// Write what the server presents to a file, PEM in the order it was sent
    #[arg(long, help_heading = HEADING, value_name = "FILE")]
    pub save: Option<PathBuf>,
    /// Python whose trust stores store:python means (default: that of the virtual environment, else
    /// python3, else python)
    #[arg(long, help_heading = HEADING, value_name = "PROGRAM")]
    pub python: Option<PathBuf>,
}
