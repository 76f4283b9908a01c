//! The commands. Only here are files opened and the clock, the environment and
//! the terminal looked at; everything below gets them as values.

mod check;
mod diagnose;
mod explain;
mod fixtures;
mod harness;
mod inputs;
mod named;
mod passwords;
mod predict;
mod process;
mod profiles;
mod rules;
mod rules_new;
mod rules_test;
mod selection;
mod servers;
mod store;
mod terminal;
mod walk;

use std::borrow::Cow;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use crate::cli::{Cli, Command};

/// What the program ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nothing at or above the threshold.
    Clean,
    /// Findings.
    Findings,
    /// Usage, configuration, rule, input or output error.
    Error,
    /// No boundary, certificate or key in any input.
    Nothing,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(match status {
            Status::Clean => 0,
            Status::Findings => 1,
            Status::Error => 2,
            Status::Nothing => 3,
        })
    }
}

/// Runs the program.
#[must_use]
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to standard output and are no errors.
            let status = if error.use_stderr() { Status::Error } else { Status::Clean };
            // Clap repeats arguments: what was pasted may be a key.
            let text = error.to_string();
            let _ = match terminal::without_keys(&text) {
                Cow::Borrowed(_) => error.print(),
                Cow::Owned(text) => {
                    terminal::tell(&text);
                    Ok(())
                }
            };
            return status.into();
        }
    };
    let result = match &cli.command {
        Command::Check(args) => check::run(args),
        Command::Predict(args) => predict::run(args),
        Command::Rules(args) => rules::run(args),
        Command::Profiles(args) => profiles::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Fixtures(command) => fixtures::run(command),
        Command::Harness(args) => harness::run(args),
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "pemlint", &mut text);
            terminal::print(&text).map(|()| Status::Clean)
        }
    };
    match result {
        Ok(status) => status.into(),
        Err(error) => {
            terminal::complain(&error);
            Status::Error.into()
        }
    }
}
