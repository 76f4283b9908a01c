//! Names of TLS alerts (RFC 8446, 6; RFC 5246, 7.2; IANA's registry), and what to
//! try where one has a usual cause.

/// The name of an alert with its number.
pub(super) fn name(number: u8) -> String {
    match NAMES.iter().find(|(known, _)| *known == number) {
        Some((_, name)) => format!("{name} ({number})"),
        None => number.to_string(),
    }
}

/// What to try, behind the name.
pub(super) fn hint(number: u8) -> &'static str {
    match number {
        UNRECOGNIZED_NAME => "; it knows no such host, see --servername",
        40 => "; it may want another server name (--servername) or algorithms that nobody offers any more",
        70 => "; it speaks only versions of TLS that are not offered",
        _ => "",
    }
}

/// A server may send it as a warning and go on.
pub(super) const UNRECOGNIZED_NAME: u8 = 112;

const NAMES: &[(u8, &str)] = &[
    (0, "close_notify"),
    (10, "unexpected_message"),
    (20, "bad_record_mac"),
    (21, "decryption_failed"),
    (22, "record_overflow"),
    (30, "decompression_failure"),
    (40, "handshake_failure"),
    (41, "no_certificate"),
    (42, "bad_certificate"),
    (43, "unsupported_certificate"),
    (44, "certificate_revoked"),
    (45, "certificate_expired"),
    (46, "certificate_unknown"),
    (47, "illegal_parameter"),
    (48, "unknown_ca"),
    (49, "access_denied"),
    (50, "decode_error"),
    (51, "decrypt_error"),
    (60, "export_restriction"),
    (70, "protocol_version"),
    (71, "insufficient_security"),
    (80, "internal_error"),
    (86, "inappropriate_fallback"),
    (90, "user_canceled"),
    (100, "no_renegotiation"),
    (109, "missing_extension"),
    (110, "unsupported_extension"),
    (111, "certificate_unobtainable"),
    (UNRECOGNIZED_NAME, "unrecognized_name"),
    (113, "bad_certificate_status_response"),
    (114, "bad_certificate_hash_value"),
    (115, "unknown_psk_identity"),
    (116, "certificate_required"),
    (120, "no_application_protocol"),
    (121, "ech_required"),
];
