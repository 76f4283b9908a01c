//! Verify codes of OpenSSL 3 (`include/openssl/x509_vfy.h.in`, `x509_txt.c`).

/// A verify code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifyCode {
    /// Its number.
    pub code: i64,
    /// Its name without `X509_V_ERR_`.
    pub name: &'static str,
    /// The text that OpenSSL and Python print.
    pub message: &'static str,
}

const fn code(code: i64, name: &'static str, message: &'static str) -> VerifyCode {
    VerifyCode { code, name, message }
}

/// The codes that faults of certificates lead to.
pub static CODES: &[VerifyCode] = &[
    code(1, "UNSPECIFIED", "unspecified certificate verification error"),
    code(2, "UNABLE_TO_GET_ISSUER_CERT", "unable to get issuer certificate"),
    code(7, "CERT_SIGNATURE_FAILURE", "certificate signature failure"),
    code(9, "CERT_NOT_YET_VALID", "certificate is not yet valid"),
    code(10, "CERT_HAS_EXPIRED", "certificate has expired"),
    code(13, "ERROR_IN_CERT_NOT_BEFORE_FIELD", "format error in certificate's notBefore field"),
    code(14, "ERROR_IN_CERT_NOT_AFTER_FIELD", "format error in certificate's notAfter field"),
    code(18, "DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate"),
    code(19, "SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate in certificate chain"),
    code(20, "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "unable to get local issuer certificate"),
    code(21, "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify the first certificate"),
    code(22, "CERT_CHAIN_TOO_LONG", "certificate chain too long"),
    code(25, "PATH_LENGTH_EXCEEDED", "path length constraint exceeded"),
    code(26, "INVALID_PURPOSE", "unsuitable certificate purpose"),
    code(28, "CERT_REJECTED", "certificate rejected"),
    code(32, "KEYUSAGE_NO_CERTSIGN", "key usage does not include certificate signing"),
    code(34, "UNHANDLED_CRITICAL_EXTENSION", "unhandled critical extension"),
    code(37, "INVALID_NON_CA", "invalid non-CA certificate (has CA markings)"),
    code(38, "PROXY_PATH_LENGTH_EXCEEDED", "proxy path length constraint exceeded"),
    code(39, "KEYUSAGE_NO_DIGITAL_SIGNATURE", "key usage does not include digital signature"),
    code(
        40,
        "PROXY_CERTIFICATES_NOT_ALLOWED",
        "proxy certificates not allowed, please set the appropriate flag",
    ),
    code(41, "INVALID_EXTENSION", "invalid or inconsistent certificate extension"),
    code(47, "PERMITTED_VIOLATION", "permitted subtree violation"),
    code(48, "EXCLUDED_VIOLATION", "excluded subtree violation"),
    code(49, "SUBTREE_MINMAX", "name constraints minimum and maximum not supported"),
    code(51, "UNSUPPORTED_CONSTRAINT_TYPE", "unsupported name constraint type"),
    code(53, "UNSUPPORTED_NAME_SYNTAX", "unsupported or invalid name syntax"),
    code(62, "HOSTNAME_MISMATCH", "hostname mismatch"),
    code(64, "IP_ADDRESS_MISMATCH", "IP address mismatch"),
    code(66, "EE_KEY_TOO_SMALL", "EE certificate key too weak"),
    code(67, "CA_KEY_TOO_SMALL", "CA certificate key too weak"),
    code(68, "CA_MD_TOO_WEAK", "CA signature digest algorithm too weak"),
    code(72, "PROXY_SUBJECT_NAME_VIOLATION", "proxy subject name violation"),
    code(78, "SIGNATURE_ALGORITHM_INCONSISTENCY", "cert info signature and signature algorithm mismatch"),
    code(79, "INVALID_CA", "invalid CA certificate"),
    code(80, "PATHLEN_INVALID_FOR_NON_CA", "Path length invalid for non-CA cert"),
    code(81, "PATHLEN_WITHOUT_KU_KEY_CERT_SIGN", "Path length given without key usage keyCertSign"),
    code(82, "KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA", "Key usage keyCertSign invalid for non-CA cert"),
    code(83, "ISSUER_NAME_EMPTY", "Issuer name empty"),
    code(84, "SUBJECT_NAME_EMPTY", "Subject name empty"),
    code(85, "MISSING_AUTHORITY_KEY_IDENTIFIER", "Missing Authority Key Identifier"),
    code(86, "MISSING_SUBJECT_KEY_IDENTIFIER", "Missing Subject Key Identifier"),
    code(87, "EMPTY_SUBJECT_ALT_NAME", "Empty Subject Alternative Name extension"),
    code(88, "EMPTY_SUBJECT_SAN_NOT_CRITICAL", "Subject empty and Subject Alt Name extension not critical"),
    code(89, "CA_BCONS_NOT_CRITICAL", "Basic Constraints of CA cert not marked critical"),
    code(92, "CA_CERT_MISSING_KEY_USAGE", "CA cert does not include key usage extension"),
    code(93, "EXTENSIONS_REQUIRE_VERSION_3", "Using cert extension requires at least X509v3"),
    code(94, "EC_KEY_EXPLICIT_PARAMS", "Certificate public key has explicit ECC parameters"),
    code(102, "EMPTY_AUTHORITY_KEY_IDENTIFIER", "Empty Authority Key Identifier"),
    code(
        103,
        "AKID_ISSUER_SERIAL_NOT_PAIRED",
        "Authority Key Identifier issuer and serial number must be paired",
    ),
];

/// The code of a number.
#[must_use]
pub fn verify_code(number: i64) -> Option<&'static VerifyCode> {
    CODES.iter().find(|known| known.code == number)
}
