//! Models of what TLS clients do with the certificates that a server presents:
//! OpenSSL as Python uses it, rustls as it is. Each gives a [`Verdict`].

mod asked;
mod codes;
pub mod openssl;
pub mod reader;
pub mod rustls;
mod served;
pub mod trust_file;
mod verdict;

pub use asked::Asked;
pub use codes::{CODES, VerifyCode, verify_code};
pub use served::{MINTED_HOST, Served, minted_leaf};
pub use verdict::{Error, Place, Stage, Verdict};
