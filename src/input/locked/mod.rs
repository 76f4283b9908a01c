//! What a password protects: encrypted private keys and PKCS#12 files, opened
//! where the password is at hand. Works on DER in memory; knows no file, no PEM
//! and no kind of key. What is opened is wiped when it is dropped.

mod ber;
mod cipher;
pub mod container;
mod derive;
pub mod encrypted_key;
mod fields;
mod names;
pub mod password;
pub mod pkcs12;
mod scheme;

use crate::limits;
pub use container::Container;
pub use password::{Password, Passwords};

/// Why something locked stays so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No password was given.
    #[error("it is locked with a password, and none was given")]
    PasswordNeeded,
    /// None of the passwords given opens it.
    #[error("no password that was given opens it")]
    PasswordWrong,
    /// It is locked in a way that is not known here: which.
    #[error("it is locked with {0}, which cannot be opened here")]
    Unsupported(String),
    /// It is not built as it should be: where.
    #[error("{0}")]
    Malformed(String),
    /// To open it would take too long or too much memory: what it asks for.
    #[error("{0}")]
    TooCostly(String),
}

impl Fault {
    /// The name that rules use.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::PasswordNeeded => "passwordNeeded",
            Self::PasswordWrong => "passwordWrong",
            Self::Unsupported(_) => "unsupported",
            Self::Malformed(_) => "malformed",
            Self::TooCostly(_) => "tooCostly",
        }
    }
}

impl From<crate::der::Malformed> for Fault {
    fn from(fault: crate::der::Malformed) -> Self {
        Self::Malformed(format!("{} {}", fault.part, fault.reason))
    }
}

/// The work that may still be done to open what one input holds. A step takes as
/// long as one round of HMAC-SHA-256.
#[derive(Debug)]
pub struct Budget {
    steps: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { steps: limits::DERIVATION_STEPS_OF_INPUT }
    }
}

impl Budget {
    /// A budget of so many steps, for those who have less time.
    #[must_use]
    pub fn of(steps: u64) -> Self {
        Self { steps: steps.min(limits::DERIVATION_STEPS_OF_INPUT) }
    }

    /// Takes the steps of one derivation.
    ///
    /// # Errors
    /// Where there are not as many left.
    fn spend(&mut self, steps: u64) -> Result<(), Fault> {
        match self.steps.checked_sub(steps) {
            Some(left) => {
                self.steps = left;
                Ok(())
            }
            None => Err(Fault::TooCostly(format!(
                "to open all that is locked in this file takes more rounds of key derivation than the {} that are done",
                limits::DERIVATION_STEPS_OF_INPUT
            ))),
        }
    }
}

/// Passwords, and what work may be done with them on one input.
#[derive(Debug)]
pub struct Opener<'p> {
    /// All of them are tried on everything that is locked.
    pub passwords: &'p Passwords,
    /// The work that is left.
    pub budget: Budget,
}

impl<'p> Opener<'p> {
    /// An opener with these passwords for one input.
    #[must_use]
    pub fn new(passwords: &'p Passwords) -> Self {
        Self { passwords, budget: Budget::default() }
    }

    /// The first thing that a password opens; each is tried in its order.
    fn try_each<T>(
        &mut self,
        mut open: impl FnMut(&Password, &mut Budget) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let mut fault = Fault::PasswordNeeded;
        for password in self.passwords.iter() {
            match open(password, &mut self.budget) {
                Err(Fault::PasswordWrong | Fault::PasswordNeeded) => fault = Fault::PasswordWrong,
                other => return other,
            }
        }
        Err(fault)
    }
}
