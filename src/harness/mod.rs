//! Verifiers held against a corpus: what each was asked, what it said, and where that differs from what models of
//! clients say. Starts no program and opens no file; it gets answers and gives tables.

mod compare;
mod corpus;
mod definition;
mod json;
mod junit;
mod ledger;
pub mod limbo;
mod reason;
mod table;
mod template;

pub use compare::{Counts, Difference, Numbers};
pub use corpus::{Chain, Corpus, CorpusError, NO_DEFECT, Reference, UnknownReference};
pub use definition::{Clock, DEFINITIONS, Definition, Program, Script};
pub use json::{SCHEMA, json};
pub use junit::junit;
pub use ledger::{Known, Ledger};
pub use reason::reason;
pub use table::table;
pub use template::{Template, TemplateError, Values};

/// What verifiers were asked, and what came of it.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// What was asked.
    pub suite: Suite,
    /// The cases.
    pub cases: Vec<Case>,
    /// The verifiers; each has an answer to every case.
    pub verifiers: Vec<Verifier>,
    /// What was asked of none of them.
    pub left_out: Vec<LeftOut>,
    /// Differences that are known.
    pub ledger: Ledger,
}

/// Where the cases are from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suite {
    /// How it is named: the folder or the file.
    pub name: String,
    /// What its cases are sorted by.
    pub groups: Groups,
    /// The instant of verification, RFC 3339; `None` where each case has its own.
    pub at: Option<String>,
}

/// What cases are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Groups {
    /// What is wrong with a chain of a corpus.
    Defects,
    /// Features of cases of x509-limbo.
    Features,
}

/// One chain, and what is expected of verifiers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its name.
    pub name: String,
    /// Its defects or features, at least one.
    pub groups: Vec<String>,
    /// What each reference says.
    pub expected: Vec<Expectation>,
}

/// What a reference says of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// The reference.
    pub by: String,
    /// Whether it accepts.
    pub accepts: bool,
}

/// A verifier with its answers.
#[derive(Clone, Debug)]
pub struct Verifier {
    /// Its name.
    pub name: String,
    /// Its version, or the command line.
    pub about: String,
    /// The reference whose verdicts it must give; `None` where nothing is demanded.
    pub gate: Option<String>,
    /// Its answers, in the order of the cases.
    pub answers: Vec<Answer>,
}

/// An answer of a verifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The verdict.
    pub verdict: Verdict,
    /// What the verifier said, one line.
    pub reason: Option<String>,
}

/// A verdict of a verifier, or why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It accepts the chain.
    Accepts,
    /// It rejects the chain.
    Rejects,
    /// It gave no verdict: it crashed, hung, or could not be started.
    Error,
    /// It could not be asked.
    LeftOut,
}

/// Chains that no verifier was asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Why not.
    pub reason: String,
    /// How many there are.
    pub count: usize,
}

impl Groups {
    /// One of them.
    #[must_use]
    pub fn noun(self) -> &'static str {
        match self {
            Self::Defects => "defect",
            Self::Features => "feature",
        }
    }
}

impl Case {
    /// Whether a reference accepts it; `None` where the reference says nothing of it.
    #[must_use]
    pub fn expected_by(&self, by: &str) -> Option<bool> {
        self.expected.iter().find(|expectation| expectation.by == by).map(|expectation| expectation.accepts)
    }
}

impl Verdict {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Accepts => "accepts",
            Self::Rejects => "rejects",
            Self::Error => "error",
            Self::LeftOut => "leftOut",
        }
    }

    /// Whether it accepts; `None` without a verdict.
    #[must_use]
    pub fn accepts(self) -> Option<bool> {
        match self {
            Self::Accepts => Some(true),
            Self::Rejects => Some(false),
            Self::Error | Self::LeftOut => None,
        }
    }
}

impl Answer {
    /// A verdict for a reason.
    #[must_use]
    pub fn new(verdict: Verdict, reason: Option<String>) -> Self {
        Self { verdict, reason }
    }

    /// No verdict, and why there is none.
    #[must_use]
    pub fn error(reason: impl Into<String>) -> Self {
        Self::new(Verdict::Error, Some(reason.into()))
    }
}
