//! What a password locks, held against the programs that lock it: every scheme
//! that `openssl` writes, passwords of all kinds, files that were damaged or made
//! to take for ever, and that nothing shows a password or a key.

#[path = "locked/asked.rs"]
mod asked;
#[path = "locked/containers.rs"]
mod containers;
#[path = "locked/costly.rs"]
mod costly;
#[path = "locked/damage.rs"]
mod damage;
#[path = "locked/hidden.rs"]
mod hidden;
#[path = "locked/keys.rs"]
mod keys;
