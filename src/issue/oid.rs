//! Object identifiers that certificates are made with, as arcs for [`der::oid`](super::der::oid). A table, nothing more.

/// `commonName` (X.520).
pub const COMMON_NAME: &[u64] = &[2, 5, 4, 3];
/// `serialNumber` of a name (X.520).
pub const SERIAL_NUMBER: &[u64] = &[2, 5, 4, 5];
/// `countryName` (X.520).
pub const COUNTRY: &[u64] = &[2, 5, 4, 6];
/// `localityName` (X.520).
pub const LOCALITY: &[u64] = &[2, 5, 4, 7];
/// `stateOrProvinceName` (X.520).
pub const STATE_OR_PROVINCE: &[u64] = &[2, 5, 4, 8];
/// `organizationName` (X.520).
pub const ORGANIZATION: &[u64] = &[2, 5, 4, 10];
/// `organizationalUnitName` (X.520).
pub const ORGANIZATIONAL_UNIT: &[u64] = &[2, 5, 4, 11];

/// subjectKeyIdentifier (RFC 5280, 4.2.1.2).
pub const SUBJECT_KEY_IDENTIFIER: &[u64] = &[2, 5, 29, 14];
/// keyUsage (RFC 5280, 4.2.1.3).
pub const KEY_USAGE: &[u64] = &[2, 5, 29, 15];
/// subjectAltName (RFC 5280, 4.2.1.6).
pub const SUBJECT_ALT_NAME: &[u64] = &[2, 5, 29, 17];
/// issuerAltName (RFC 5280, 4.2.1.7).
pub const ISSUER_ALT_NAME: &[u64] = &[2, 5, 29, 18];
/// basicConstraints (RFC 5280, 4.2.1.9).
pub const BASIC_CONSTRAINTS: &[u64] = &[2, 5, 29, 19];
/// nameConstraints (RFC 5280, 4.2.1.10).
pub const NAME_CONSTRAINTS: &[u64] = &[2, 5, 29, 30];
/// certificatePolicies (RFC 5280, 4.2.1.4).
pub const CERTIFICATE_POLICIES: &[u64] = &[2, 5, 29, 32];
/// authorityKeyIdentifier (RFC 5280, 4.2.1.1).
pub const AUTHORITY_KEY_IDENTIFIER: &[u64] = &[2, 5, 29, 35];
/// extKeyUsage (RFC 5280, 4.2.1.12).
pub const EXTENDED_KEY_USAGE: &[u64] = &[2, 5, 29, 37];
/// authorityInfoAccess (RFC 5280, 4.2.2.1).
pub const AUTHORITY_INFO_ACCESS: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 1, 1];
/// TLS feature (RFC 7633).
pub const TLS_FEATURE: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 1, 24];

/// anyExtendedKeyUsage.
pub const ANY_EXTENDED_KEY_USAGE: &[u64] = &[2, 5, 29, 37, 0];
/// id-kp-serverAuth.
pub const SERVER_AUTH: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 3, 1];
/// id-kp-clientAuth.
pub const CLIENT_AUTH: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 3, 2];
/// id-kp-codeSigning.
pub const CODE_SIGNING: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 3, 3];
/// id-kp-emailProtection.
pub const EMAIL_PROTECTION: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 3, 4];
/// Microsoft server gated crypto.
pub const MICROSOFT_SGC: &[u64] = &[1, 3, 6, 1, 4, 1, 311, 10, 3, 3];
/// Netscape server gated crypto.
pub const NETSCAPE_SGC: &[u64] = &[2, 16, 840, 1, 113_730, 4, 1];
/// anyPolicy.
pub const ANY_POLICY: &[u64] = &[2, 5, 29, 32, 0];

/// rsaEncryption (RFC 8017).
pub const RSA: &[u64] = &[1, 2, 840, 113_549, 1, 1, 1];
/// id-RSASSA-PSS (RFC 8017).
pub const RSA_PSS: &[u64] = &[1, 2, 840, 113_549, 1, 1, 10];
/// id-mgf1 (RFC 8017).
pub const MGF1: &[u64] = &[1, 2, 840, 113_549, 1, 1, 8];
/// id-ecPublicKey (RFC 5480).
pub const EC: &[u64] = &[1, 2, 840, 10_045, 2, 1];
/// secp224r1, P-224.
pub const P224: &[u64] = &[1, 3, 132, 0, 33];
/// secp256r1, P-256.
pub const P256: &[u64] = &[1, 2, 840, 10_045, 3, 1, 7];
/// secp384r1, P-384.
pub const P384: &[u64] = &[1, 3, 132, 0, 34];
/// secp521r1, P-521.
pub const P521: &[u64] = &[1, 3, 132, 0, 35];
/// prime-field (RFC 3279, 2.3.5), in curve parameters that are written out.
pub const PRIME_FIELD: &[u64] = &[1, 2, 840, 10_045, 1, 1];
/// id-X25519 (RFC 8410).
pub const X25519: &[u64] = &[1, 3, 101, 110];
/// id-Ed25519 (RFC 8410).
pub const ED25519: &[u64] = &[1, 3, 101, 112];
