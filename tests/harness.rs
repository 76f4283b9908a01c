//! `pemlint harness`: real verifiers against the models, made-up ones for each way to fail, every format, and cases of
//! x509-limbo.

#[path = "harness/errors.rs"]
mod errors;
#[path = "harness/formats.rs"]
mod formats;
#[path = "harness/ledger.rs"]
mod ledger;
#[path = "harness/limbo.rs"]
mod limbo;
#[path = "harness/outcomes.rs"]
mod outcomes;
#[expect(dead_code, reason = "shared with the tests of the command line, which have more to ask")]
#[path = "common/program.rs"]
mod program;
#[path = "harness/ready_made.rs"]
mod ready_made;
#[path = "harness/run.rs"]
mod run;
