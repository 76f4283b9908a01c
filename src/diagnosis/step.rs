//! What holds of every error of a step: since when it is met, what it hides, what
//! a client can do about it. The order is that of OpenSSL's `X509_verify_cert`.

use super::entry::Step;

const STRICT_SINCE: &str = "OpenSSL 3.0 in strict mode, which Python 3.13 and newer set by default, hence requests, \
    urllib3 2.4, httpx and aiohttp. curl, Node, Go, Java, browsers, pip and Python 3.12 do not look.";

const STRICT_WORKAROUND: &str = "Turn off the strict checks and nothing else, in the client that fails:

    ctx = ssl.create_default_context(cafile=\"ca.pem\")
    ctx.verify_flags &= ~ssl.VERIFY_X509_STRICT

Price: it no longer minds faulty certificates; trust, names, dates and signatures are still checked. Hand `ctx` to \
httpx (`verify=ctx`), aiohttp (`ssl=ctx`), requests (an adapter with `ssl_context=ctx`). Never `verify=False`: anybody \
on the way could then read and change everything.";

const CHAIN_WORKAROUND: &str = "None beside giving this one client the CA (`verify=\"bundle.pem\"`, \
    `cafile=\"bundle.pem\"`, `--cacert bundle.pem`), which is the repair. Never `verify=False` or `curl -k`: anybody on \
    the way could then read and change everything.";

impl Step {
    /// Its name, as in the files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Load => "load",
            Self::Handshake => "handshake",
            Self::LeafKey => "leaf-key",
            Self::Chain => "chain",
            Self::Extensions => "extensions",
            Self::Strict => "strict",
            Self::Purpose => "purpose",
            Self::Strength => "strength",
            Self::Name => "name",
            Self::OnRequest => "on-request",
            Self::SignatureAndTime => "signature-and-time",
            Self::NameConstraints => "name-constraints",
            Self::Elsewhere => "elsewhere",
        }
    }

    /// Whether it is a part of the verification of a chain.
    #[must_use]
    pub fn is_verification(self) -> bool {
        !matches!(self, Self::Load | Self::Handshake | Self::Elsewhere)
    }

    /// Since when its errors exist.
    pub(super) fn since(self) -> &'static str {
        match self {
            Self::Strict => STRICT_SINCE,
            Self::OnRequest => {
                "Every version, but only where the program asks for it; Python and curl do not."
            }
            _ => "Every version.",
        }
    }

    /// What later steps would say, which the first error hides.
    pub(super) fn hides(self) -> Option<&'static str> {
        Some(match self {
            Self::Load => "Everything: nothing was verified yet.",
            Self::Handshake | Self::Elsewhere => return None,
            Self::LeafKey => "Everything else, an unknown issuer (20) included: this is looked at first.",
            Self::Chain => {
                "Whatever is wrong with the certificates themselves: strict faults (85, 89, 92 …), a wrong name \
                 (62), expiry (10). Only a weak server key (66) comes earlier."
            }
            Self::Extensions | Self::Strict => {
                "More faults of this certificate and those above it (a home-made CA shows 85, 89, 92, 86 one after \
                 the other), weak signatures (68), a wrong name (62), a bad signature (7), expiry (10)."
            }
            Self::Purpose => {
                "Faults of the certificates above, weak signatures (68), a wrong name (62), a bad signature (7), \
                 expiry (10)."
            }
            Self::Strength => "A wrong name (62), a bad signature (7), expiry (10).",
            Self::Name => {
                "A bad signature (7), expiry (10) and name constraints (47). All strict faults come earlier, so \
                 those are mended, or are not asked for."
            }
            Self::OnRequest => "A bad signature (7), expiry (10) and name constraints (47).",
            Self::SignatureAndTime => {
                "The same on certificates further down, as the root is looked at first, and name constraints \
                 (47). Strict faults and a wrong name come earlier."
            }
            Self::NameConstraints => "Next to nothing: this is looked at last.",
        })
    }

    /// What a client can do until the repair is done.
    pub(super) fn workaround(self) -> &'static str {
        match self {
            Self::Strict => STRICT_WORKAROUND,
            Self::Chain => CHAIN_WORKAROUND,
            Self::OnRequest => {
                "Do not ask for it, in this program alone. Price: what the check was to catch goes unseen."
            }
            _ => {
                "None that is right. Never `verify=False`: anybody on the way could then read and change everything."
            }
        }
    }
}
