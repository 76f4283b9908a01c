//! Trust settings of certificates of the store (`x509_trust.c`).

use super::parameters::Parameters;
use super::x509::X509;

/// What trust settings say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// The certificate is an anchor for this purpose.
    Trusted,
    /// It is not to be used for it.
    Rejected,
    /// They say nothing.
    Open,
}

const SERVER_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
const ANY_PURPOSE: &[u8] = &[0x55, 0x1d, 37, 0];

/// Looks at the settings for the purpose that is asked for. `self_signed_counts`:
/// without settings, a self-signed certificate is trusted.
pub(super) fn check(certificate: &X509<'_>, parameters: &Parameters, self_signed_counts: bool) -> Trust {
    let wanted = if parameters.server_purpose { SERVER_AUTH } else { ANY_PURPOSE };
    let names = |oids: &[&[u8]]| oids.iter().any(|oid| *oid == wanted || *oid == ANY_PURPOSE);
    if let Some(aux) = &certificate.aux {
        if names(&aux.reject) {
            return Trust::Rejected;
        }
        if let Some(trust) = &aux.trust {
            return if names(trust) { Trust::Trusted } else { Trust::Rejected };
        }
    }
    let anchor = self_signed_counts && certificate.cached.self_signed && !certificate.cached.invalid;
    if anchor { Trust::Trusted } else { Trust::Open }
}
