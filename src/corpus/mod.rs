//! Corpora: good chains, described by a [`Shape`], and named mutations that each break one thing of them.
//!
//! A shape becomes a [`Chain`], mutations change the chain, and [`Chain::make`] writes the files that a server sends, a
//! client trusts or an upload holds. A mutation names the rules that must then fire; it knows them by their ids alone.
//! The same shape and mutations give the same octets every time.

mod chain;
mod draw;
mod entry;
mod key;
mod make;
mod mutation;
mod shape;

pub use chain::{Armour, Chain, Form, Member, Purpose, Role};
pub use entry::{Defective, Entry, Expected, MANIFEST_SCHEMA, MANIFEST_VERSION, Manifest, clients, judge};
pub use key::Key;
pub use make::Made;
pub use mutation::{Field, Mutation, Touch, Who, all, combine, named};
pub use shape::{Keys, Names, Shape};
