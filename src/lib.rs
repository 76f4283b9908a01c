//! pemlint finds the faults of certificates, chains and keys that an organisation
//! brings to a TLS-inspecting gateway, before they are uploaded.
//!
//! The modules are listed lowest layer first. A module uses those above it in
//! this list and no other; `tests/architecture.rs` proves it.

// words
pub mod limits;
pub mod parallel;
pub mod der;
pub mod oid;
pub mod source;
pub mod document;
// what was brought
pub mod input;
// making certificates
pub mod issue;
// what rules may see of it
pub mod facts;
// how it hangs together
pub mod relations;
// what clients say of it
pub mod client;
// good chains and broken ones
pub mod corpus;
// what rules say
pub mod expr;
pub mod finding;
pub mod verdict;
pub mod rule;
// what an error text says
pub mod diagnosis;
// what comes of it
pub mod engine;
pub mod report;
pub mod trial;
pub mod harness;
// what servers present
pub mod fetch;
// the program
pub mod config;
pub mod cli;
pub mod command;
