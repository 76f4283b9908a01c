//! What must hold for every input: nothing panics, nothing is lost, nothing
//! points outside, nothing of a private key is shown, the same inputs give the
//! same bytes, and every run ends.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "properties/armour.rs"]
mod armour;
#[path = "common/invariants/certificate.rs"]
mod certificate;
#[path = "common/corpus.rs"]
mod corpus;
#[path = "properties/damage.rs"]
mod damage;
#[path = "properties/der.rs"]
mod der;
#[path = "properties/edits.rs"]
mod edits;
#[path = "properties/hostile.rs"]
mod hostile;
#[path = "properties/inputs.rs"]
mod inputs;
#[path = "properties/needs.rs"]
mod needs;
#[path = "properties/order.rs"]
mod order;
#[path = "common/invariants/regions.rs"]
mod regions;
#[path = "properties/run.rs"]
mod run;
#[path = "common/invariants/scanner.rs"]
mod scanner;
#[path = "properties/secrets.rs"]
mod secrets;
#[path = "properties/tree.rs"]
mod tree;
