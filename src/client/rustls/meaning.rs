//! What stands behind the errors of webpki, for people: its words are names of
//! variants, and several of them mean something else than they seem to.

/// What webpki means by the variant of its `Error` of this name, and what leads to
/// it most; `None` for one that no chain leads to.
#[must_use]
pub fn meaning(variant: &str) -> Option<&'static str> {
    MEANINGS.iter().find(|(name, _)| *name == variant).map(|(_, text)| *text)
}

const NAME_CONSTRAINTS: &str = "a name lies outside the name constraints of a certificate above it; webpki \
    also refuses every certificate below constraints on directory names or URIs, as it does not evaluate them";
const ENCODING: &str = "the encoding is not the DER that webpki reads; it is stricter than OpenSSL, and \
    octets after a certificate count";

static MEANINGS: &[(&str, &str)] = &[
    (
        "InvalidDnsNameError",
        "the host that was asked for is no host name by RFC 1123, so rustls does not connect",
    ),
    ("NoCertificatesPresented", "the server sent no certificate"),
    ("HandshakePayloadTooLarge", "the certificates that the server sent are longer than 65,535 octets"),
    ("BadDer", ENCODING),
    ("BadDerTime", "a time is not written as RFC 5280 §4.1.2.5 wants it, in UTC with seconds"),
    ("TrailingData", ENCODING),
    (
        "CaUsedAsEndEntity",
        "the server certificate says that it is an authority (cA TRUE), which webpki refuses even if it is \
         trusted itself",
    ),
    ("CertDistrusted", "the key is one that webpki refuses by name"),
    ("CertExpired", "a presented certificate has expired; the period of a trust anchor is not looked at"),
    (
        "CertNotValidForName",
        "the host is not among the names of subjectAltName; the common name never counts",
    ),
    (
        "CertNotValidYet",
        "a presented certificate is not valid yet; the period of a trust anchor is not looked at",
    ),
    ("EmptyEkuExtension", "extKeyUsage is there and holds no purpose"),
    (
        "EndEntityUsedAsCa",
        "a certificate that issued another lacks basicConstraints with cA TRUE; trust anchors are exempt",
    ),
    ("ExtensionValueInvalid", "an extension occurs twice"),
    ("InvalidCertValidity", "notBefore lies after notAfter; rustls calls it expired"),
    ("InvalidNetworkMaskConstraint", "an address of nameConstraints has a mask that is no prefix"),
    (
        "InvalidSignatureForPublicKey",
        "the signature is not that of the issuer's key, or the issuer's RSA key has fewer than 2048 or more \
         than 8192 bits",
    ),
    ("MalformedDnsIdentifier", "a DNS name of subjectAltName is none"),
    ("MalformedExtensions", "the extensions do not decode"),
    ("MalformedNameConstraint", "a subtree of nameConstraints does not decode"),
    ("MaximumNameConstraintComparisonsExceeded", "more than 250,000 names were compared with constraints"),
    ("MaximumPathBuildCallsExceeded", "the presented certificates can be arranged in too many ways"),
    ("MaximumPathDepthExceeded", "more than 6 intermediates lie between the server and the anchor"),
    (
        "MaximumSignatureChecksExceeded",
        "more than 100 signatures were tried: many anchors or issuers share a name",
    ),
    ("NameConstraintViolation", NAME_CONSTRAINTS),
    ("PathLenConstraintViolated", "more authorities follow than pathLenConstraint of a presented one allows"),
    (
        "RequiredEkuNotFoundContext",
        "extKeyUsage lacks serverAuth; webpki asks it of presented authorities too, and anyExtendedKeyUsage \
         does not count",
    ),
    ("SignatureAlgorithmMismatch", "signatureAlgorithm and tbsCertificate.signature differ"),
    (
        "UnknownIssuer",
        "no trust anchor has the issuer's name, octet by octet: the authority is not trusted, a certificate \
         between is not sent, or the trusted certificate is one that webpki cannot parse and was passed over",
    ),
    ("UnsupportedCertVersion", "a presented certificate is not of version 3"),
    (
        "UnsupportedCriticalExtension",
        "a presented certificate has a critical extension that webpki does not know, policies among them",
    ),
    (
        "UnsupportedSignatureAlgorithmContext",
        "webpki has no such signature algorithm; SHA-1 and MD5 are among those it lacks, and parameters \
         must be written as usual",
    ),
    (
        "UnsupportedSignatureAlgorithmForPublicKeyContext",
        "the issuer's key is not of the kind or curve that the signature algorithm needs, or of none that \
         webpki knows (P-224, explicit parameters, keys for RSASSA-PSS alone)",
    ),
];
