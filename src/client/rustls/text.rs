//! What rustls 0.23 prints for an error of webpki: its `Error` over
//! `CertificateError` over what webpki found (`rustls/src/webpki/mod.rs`,
//! `rustls/src/error.rs`). Errors that only revocation lists lead to do not occur.

use rustls_pki_types::UnixTime;
use webpki::{InvalidNameContext, KeyUsage, RequiredEkuNotFoundContext};

/// Name of the variant of `webpki::Error`.
pub(super) fn variant(error: &webpki::Error) -> String {
    let text = format!("{error:?}");
    text.chars().take_while(char::is_ascii_alphanumeric).collect()
}

/// The whole message.
pub(super) fn message(error: &webpki::Error) -> String {
    format!("invalid peer certificate: {}", reason(error))
}

fn reason(error: &webpki::Error) -> String {
    use webpki::Error as E;
    match error {
        E::BadDer | E::BadDerTime | E::TrailingData(_) => "BadEncoding".to_owned(),
        E::CertNotValidYet { time, not_before } => not_valid_yet(*time, *not_before),
        E::CertExpired { time, not_after } => expired(*time, *not_after),
        E::InvalidCertValidity => "Expired".to_owned(),
        E::UnknownIssuer => "UnknownIssuer".to_owned(),
        E::CertNotValidForName(names) => not_valid_for_name(names),
        E::InvalidSignatureForPublicKey => "BadSignature".to_owned(),
        E::UnsupportedSignatureAlgorithmContext(context) => format!(
            "UnsupportedSignatureAlgorithmContext {{ signature_algorithm_id: {:?}, supported_algorithms: {:?} }}",
            context.signature_algorithm_id, context.supported_algorithms
        ),
        E::UnsupportedSignatureAlgorithmForPublicKeyContext(context) => format!(
            "UnsupportedSignatureAlgorithmForPublicKeyContext {{ signature_algorithm_id: {:?}, \
             public_key_algorithm_id: {:?} }}",
            context.signature_algorithm_id, context.public_key_algorithm_id
        ),
        E::RequiredEkuNotFoundContext(purposes) => invalid_purpose(purposes),
        other => format!("Other(OtherError({other:?}))"),
    }
}

fn expired(time: UnixTime, not_after: UnixTime) -> String {
    let (time, end) = (time.as_secs(), not_after.as_secs());
    format!(
        "certificate expired: verification time {time} (UNIX), but certificate is not valid after {end} \
         ({} seconds ago)",
        time.saturating_sub(end)
    )
}

fn not_valid_yet(time: UnixTime, not_before: UnixTime) -> String {
    let (time, start) = (time.as_secs(), not_before.as_secs());
    format!(
        "certificate not valid yet: verification time {time} (UNIX), but certificate is not valid before \
         {start} ({} seconds in future)",
        start.saturating_sub(time)
    )
}

fn not_valid_for_name(names: &InvalidNameContext) -> String {
    let valid = match names.presented.as_slice() {
        [] => "not valid for any names (according to its subjectAltName extension)".to_owned(),
        [one] => format!("only valid for {one}"),
        [first @ .., last] => format!("only valid for {} or {last}", first.join(", ")),
    };
    format!("certificate not valid for name {:?}; certificate is {valid}", names.expected.to_str())
}

fn invalid_purpose(purposes: &RequiredEkuNotFoundContext) -> String {
    let required: Vec<usize> = purposes.required.oid_values().collect();
    let present: Vec<String> = purposes.present.iter().map(|oid| purpose(oid)).collect();
    let required = purpose(&required);
    format!("certificate does not allow extended key usage for {required}, allows {}", present.join(", "))
}

/// rustls writes an object identifier that it has no words for with commas.
fn purpose(oid: &[usize]) -> String {
    match oid {
        KeyUsage::SERVER_AUTH_REPR => "server authentication".to_owned(),
        KeyUsage::CLIENT_AUTH_REPR => "client authentication".to_owned(),
        _ => oid.iter().map(usize::to_string).collect::<Vec<_>>().join(", "),
    }
}
