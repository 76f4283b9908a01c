//! Where passwords come from: a file, the environment, the terminal. Never an
//! argument, since every process sees the arguments of the others. Nothing here
//! shows one.

use std::fs;
use std::io::{IsTerminal as _, Read as _};
use std::path::Path;

use anyhow::{Context as _, bail};
use zeroize::Zeroizing;

use super::inputs::read_wiped;
use crate::engine::Given;
use crate::input::locked::Fault;
use crate::input::{Content, Format, Input, Options, Password, Passwords};
use crate::limits;
use crate::source::{shown, shown_path};

/// The variable of the environment that may hold a password.
const VARIABLE: &str = "PEMLINT_PASSWORD";

/// How inputs are read: with the password of a file, and that of the environment.
///
/// # Errors
/// Where the file cannot be read or holds no password.
pub(super) fn options(file: Option<&Path>, format: Format, working: &Path) -> anyhow::Result<Options> {
    let mut passwords = Passwords::default();
    if let Some(path) = file {
        let name = shown_path(path, working);
        let password =
            read(path, &name).with_context(|| format!("the password file {name} cannot be used"))?;
        passwords.add(password);
    }
    if let Some(password) = of_environment()? {
        passwords.add(password);
    }
    Ok(Options { format, passwords })
}

/// The first line of a file, without its end.
fn read(path: &Path, name: &str) -> anyhow::Result<Password> {
    let cap = limits::PASSWORD_OCTETS;
    let mut file = fs::File::open(path).context("it cannot be opened")?.take(cap as u64 + 1);
    let octets = Zeroizing::new(read_wiped(&mut file, cap + 1, name)?);
    if octets.len() > cap {
        bail!("it is larger than {cap} octets; a password stands alone in its file");
    }
    let line = octets.split(|octet| *octet == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if line.is_empty() {
        bail!("its first line is empty; the password stands there");
    }
    Ok(Password::new(line.to_vec()))
}

/// The password in the environment. A variable that is empty holds none.
#[expect(clippy::disallowed_methods, reason = "this is where the password is taken from the environment")]
fn of_environment() -> anyhow::Result<Option<Password>> {
    let value = std::env::var_os(VARIABLE).map(|value| Zeroizing::new(value.into_encoded_bytes()));
    match value.filter(|value| !value.is_empty()) {
        Some(value) if value.len() > limits::PASSWORD_OCTETS => {
            bail!("{VARIABLE} is longer than {} octets", limits::PASSWORD_OCTETS)
        }
        Some(value) => Ok(Some(Password::new(value.to_vec()))),
        None => Ok(None),
    }
}

/// Asks for a password, once, where something needs one, none was given and there
/// is somebody to ask; then reads again what was locked.
///
/// # Errors
/// Where the terminal cannot be used.
pub(super) fn ask(given: Vec<Given>, options: &mut Options) -> anyhow::Result<Vec<Given>> {
    let names: Vec<&str> = given
        .iter()
        .filter(|one| needs_password(&one.input))
        .map(|one| one.input.source.path.as_str())
        .collect();
    let is_interactive = || std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    let Some(first) = names.first().filter(|_| options.passwords.is_empty() && is_interactive()) else {
        return Ok(given);
    };
    let others = match names.len() - 1 {
        0 => String::new(),
        count => format!(" and {count} more"),
    };
    let prompt = format!("Password of {}{others} (nothing to go on without): ", shown(first));
    let answer = rpassword::prompt_password(prompt).context("the password cannot be read")?;
    let answer = Zeroizing::new(answer.into_bytes());
    if answer.is_empty() {
        return Ok(given);
    }
    options.passwords.add(Password::new(answer.to_vec()));
    let again = |one: Given| {
        if !needs_password(&one.input) {
            return one;
        }
        Given { input: Input::read_with(one.input.source, options), part: one.part }
    };
    Ok(given.into_iter().map(again).collect())
}

fn needs_password(input: &Input) -> bool {
    input.blocks.iter().any(|block| match &block.content {
        Content::Locked(fault) => *fault == Fault::PasswordNeeded,
        Content::Key(key) => key.lock == Some(Fault::PasswordNeeded),
        _ => false,
    })
}
