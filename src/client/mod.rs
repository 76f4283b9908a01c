//! Models of what TLS clients do with the certificates that a server presents:
//! OpenSSL as Python uses it, rustls as it is. Each gives a [`Verdict`].

mod codes;
pub mod openssl;
pub mod rustls;
mod verdict;

pub use codes::{CODES, VerifyCode, verify_code};
pub use verdict::{Error, Place, Stage, Verdict};
