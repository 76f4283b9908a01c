//! Every cap of the program, each with its reason. Nothing else in the crate
//! holds a bound of its own, so that "what is the largest input" has one answer.

/// Largest input that is read, in octets. The largest public bundles stay below
/// 1 MiB; 1 GiB leaves room for dumps of whole accounts and keeps 32-bit offsets safe.
pub const INPUT_OCTETS: u64 = 1 << 30;

/// Most PEM blocks of one input. A million certificates take more than the
/// largest input; more blocks than that are damage repeated.
pub const BLOCKS: usize = 1_000_000;

/// Largest DER of one certificate or key, in octets. OpenSSL reads certificates
/// of a handshake up to 100 KiB (`SSL_MAX_CERT_LIST_DEFAULT`); ten times that.
pub const DER_OCTETS: usize = 1 << 20;

/// Deepest nesting that a DER walk follows. A certificate needs about 10 levels.
pub const DER_DEPTH: usize = 32;

/// Most extensions, names, attributes or subtrees read of one list in a certificate.
pub const LIST_ITEMS: usize = 10_000;

/// Most candidates for the issuer of one certificate whose signature is tried
/// (rustls-webpki stops a path search after 100 signature checks).
pub const ISSUER_CANDIDATES: usize = 100;

/// Most paths that are walked again to find the certificate that webpki means. A
/// chain as it should be has one path and as many steps as certificates.
pub const PATHS_WALKED: usize = 64;

/// Largest handshake message that rustls reads, without its header
/// (`MAX_HANDSHAKE_SIZE`); it bounds what a path search of webpki has to go through.
pub const RUSTLS_HANDSHAKE_OCTETS: usize = 0xffff;

/// Steps that the evaluation of one rule on one subject may take; a step is one
/// element of a list looked at or copied, or [`STEP_OCTETS`] of text copied. All
/// shipped rules need fewer than 1,000 on real certificates.
pub const EVALUATION_STEPS: u32 = 1_000_000;

/// Octets of text that cost as much as an element of a list: with it, what a rule
/// gathers in memory stays below 128 MiB.
pub const STEP_OCTETS: usize = 64;

/// Comprehensions (`all`, `exists`, …) that may stand inside one another.
pub const COMPREHENSION_DEPTH: usize = 4;

/// Longest expression of a rule, in octets; the parser is recursive.
pub const EXPRESSION_OCTETS: usize = 8_192;

/// Deepest expression, in levels of the syntax tree.
pub const EXPRESSION_DEPTH: u16 = 64;

/// Largest rule, profile, configuration or baseline file, in octets.
pub const RULE_FILE_OCTETS: u64 = 1 << 20;

/// Size in octets that a compiled regular expression of a rule may take.
pub const REGEX_OCTETS: usize = 1 << 20;

/// Longest text of a fact shown in a message, in characters; the rest becomes `…`.
pub const SHOWN_CHARACTERS: usize = 300;

/// Profiles that extend each other; those of the binary are three deep.
pub const PROFILE_LAYERS: usize = 16;

/// Directories that a directory argument is followed into.
pub const DIRECTORY_DEPTH: usize = 64;

/// Longest run of base64 characters shown of text that is not known to be public:
/// 8 octets of a key of 32 leave it as hard to guess as ever.
pub const SHOWN_RUN: usize = 11;

/// Longest word in capitals that is taken for a label; the longest of OpenSSL has 11 characters.
pub const LABEL_WORD: usize = 16;

/// Longest error text that is read, in octets: a log of a long day. Its reading
/// takes memory for the text and for its plain form.
pub const ERROR_TEXT_OCTETS: usize = 16 << 20;

/// Columns to which prose is wrapped where there is no terminal.
pub const WIDTH: usize = 100;

/// Most violations of name constraints listed for one certificate; one is enough
/// for a client to refuse it.
pub const VIOLATIONS: usize = 20;

/// Octets of names and subtrees that are held against each other for one
/// certificate: OpenSSL gives up at 2^20 pairs of a name and a constraint.
pub const CONSTRAINT_OCTETS: usize = 1 << 24;

/// Certificates that are followed upward from one: OpenSSL builds chains of at most 101.
pub const CHAIN_LENGTH: usize = 102;

/// Shortest string of a carrier that may hold a certificate or key, in octets: an Ed25519 key in
/// base64 has 64.
pub const VALUE_OCTETS_LEAST: usize = 64;

/// Deepest nesting of lists and objects that JSON and YAML are followed into.
pub const CARRIER_DEPTH: usize = 128;

/// Texts inside one another: base64 of PEM in a JSON string that stands in a JSON string needs 4.
pub const LAYER_DEPTH: usize = 6;

/// Texts found in one input. An answer with a million certificates has as many.
pub const LAYERS: usize = 1_000_000;

/// Octets of all texts found in one input, together: texts inside texts cannot multiply it.
pub const LAYER_OCTETS: usize = 2 << 30;

/// Largest Terraform file that is read as one; its parser takes time that grows faster than the file.
pub const TERRAFORM_OCTETS: usize = 16 << 20;

/// Largest file of a container (PKCS#12, Java keystore), in octets: the trust store
/// of Java with its 150 certificates has 200 KiB.
pub const CONTAINER_OCTETS: usize = 16 << 20;

/// Most certificates and keys of one container.
pub const CONTAINER_ITEMS: usize = 10_000;

/// Largest password, in octets, and largest first line of a password file.
pub const PASSWORD_OCTETS: usize = 4_096;

/// Largest salt of a key derivation, in octets; programs write 8 to 64.
pub const SALT_OCTETS: usize = 1_024;

/// Most rounds of one key derivation, and most blocks that scrypt mixes. Programs write
/// 1,000 to 1,000,000; five times that takes some seconds.
pub const DERIVATION_STEPS: u32 = 5_000_000;

/// Most work that is done for all that is locked in one input, with all passwords, in
/// rounds of HMAC-SHA-256, of which a second has about two million: enough for 5,000 keys
/// as OpenSSL writes them, or for 20 with a million rounds.
pub const DERIVATION_STEPS_OF_INPUT: u64 = 20_000_000;

/// Most memory that scrypt may take, in octets. OpenSSL opens nothing beyond 32 MiB.
pub const SCRYPT_OCTETS: u64 = 64 << 20;

/// Longest answer of a proxy, or of a server before TLS begins, in octets.
pub const DIALOGUE_OCTETS: usize = 1 << 16;

/// Most octets of a Certificate message that is read in the clear; OpenSSL takes
/// 100 KiB unless told otherwise, 4 MiB leave room for what servers should not send.
pub const PRESENTED_OCTETS: usize = 1 << 22;

/// PEM blocks that `openssl x509` may refuse before its model gives up: each is read up to its END line, which may be
/// far away.
pub const REFUSED_BLOCKS: usize = 64;
