//! What a rule may see: typed views of certificates, keys, blocks and bundles,
//! all borrowed from the DER, and the one schema that names them. Knows nothing
//! of expressions, rules or findings.

pub mod algorithm;
pub mod bundle;
pub mod certificate;
pub mod encoding;
pub mod extension;
pub mod general_name;
pub mod host;
pub mod internet;
pub mod key_identifier;
pub mod name;
pub mod name_constraint;
pub mod points;
pub mod policy;
pub mod pss;
pub mod public_key;
pub mod schema;
pub mod signature;
pub mod time;
pub mod trust_settings;
pub mod value;
pub mod weakness;

pub use bundle::{Bundle, FileFacts, KeyFacts, KeyMatch, Link, Standing};
pub use certificate::Certificate;
pub use value::{Fault, Kind, List, Node, Scalar, Type, Value};
