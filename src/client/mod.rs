//! What TLS clients say about certificates: for now the verify codes of OpenSSL,
//! by which rules name the errors that a fault leads to.

mod codes;
pub mod openssl;

pub use codes::{CODES, VerifyCode, verify_code};
