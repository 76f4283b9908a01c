//! Labels of PEM blocks: which there are, what they announce, and which one a misspelt one means. Knows nothing of
//! boundaries or files.

use std::borrow::Cow;

use crate::input::key::KeyFormat;
use crate::source::secret_runs;

/// What a label announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `CERTIFICATE`, `X509 CERTIFICATE`, `TRUSTED CERTIFICATE`.
    Certificate,
    /// A private key.
    Key(KeyFormat),
    /// Everything else.
    Other,
}

/// Labels of RFC 7468 and of OpenSSL (`pem.h`), and what they announce.
const LABELS: &[(&str, Kind)] = &[
    ("CERTIFICATE", Kind::Certificate),
    ("X509 CERTIFICATE", Kind::Certificate),
    ("TRUSTED CERTIFICATE", Kind::Certificate),
    ("PRIVATE KEY", Kind::Key(KeyFormat::Pkcs8)),
    ("ENCRYPTED PRIVATE KEY", Kind::Key(KeyFormat::EncryptedPkcs8)),
    ("RSA PRIVATE KEY", Kind::Key(KeyFormat::Pkcs1)),
    ("EC PRIVATE KEY", Kind::Key(KeyFormat::Sec1)),
    ("DSA PRIVATE KEY", Kind::Key(KeyFormat::Dsa)),
    ("OPENSSH PRIVATE KEY", Kind::Key(KeyFormat::OpenSsh)),
    ("CERTIFICATE REQUEST", Kind::Other),
    ("NEW CERTIFICATE REQUEST", Kind::Other),
    ("X509 CRL", Kind::Other),
    ("PKCS7", Kind::Other),
    ("PKCS #7 SIGNED DATA", Kind::Other),
    ("CMS", Kind::Other),
    ("ATTRIBUTE CERTIFICATE", Kind::Other),
    ("CERTIFICATE PAIR", Kind::Other),
    ("PUBLIC KEY", Kind::Other),
    ("RSA PUBLIC KEY", Kind::Other),
    ("DSA PUBLIC KEY", Kind::Other),
    ("EC PARAMETERS", Kind::Other),
    ("DH PARAMETERS", Kind::Other),
    ("X9.42 DH PARAMETERS", Kind::Other),
    ("DSA PARAMETERS", Kind::Other),
    ("PARAMETERS", Kind::Other),
    ("SSL SESSION PARAMETERS", Kind::Other),
];

/// Whether a label is one of RFC 7468 or OpenSSL; small letters and odd blanks are other damage.
#[must_use]
pub fn is_known_label(label: &str) -> bool {
    known(label.as_bytes()).is_some()
}

/// What a label announces, however it is written.
pub(super) fn kind_of(label: &[u8]) -> Kind {
    known(label).map_or(Kind::Other, |(_, kind)| *kind)
}

fn known(label: &[u8]) -> Option<&'static (&'static str, Kind)> {
    let exact = |label: &[u8]| LABELS.iter().find(|(known, _)| known.as_bytes() == label);
    exact(label).or_else(|| exact(plain(label)?.as_bytes()))
}

/// A label in capitals with single blanks; `None` for what is too long for one.
pub(super) fn plain(label: &[u8]) -> Option<String> {
    // A blank may be a character of three octets.
    if label.len() > 3 * longest() {
        return None;
    }
    let text = String::from_utf8_lossy(label).to_ascii_uppercase();
    let visible = text.replace(|c: char| is_odd_blank(c) && !c.is_whitespace(), "").replace('\u{fffd}', " ");
    Some(visible.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Whether a character is a blank that is none of ASCII, or cannot be seen at all.
pub(super) fn is_odd_blank(c: char) -> bool {
    matches!(c,
        '\u{a0}' | '\u{ad}' | '\u{1680}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{205f}'
        | '\u{2060}'..='\u{2064}' | '\u{3000}' | '\u{feff}')
}

fn longest() -> usize {
    LABELS.iter().map(|(known, _)| known.len()).max().unwrap_or(0)
}

/// A label as it may be shown: a damaged file may have a key in its place, so what
/// is too long for a word of a label becomes `…`.
#[must_use]
pub fn shown_label(label: &str) -> Cow<'_, str> {
    let mut shown = String::new();
    let mut rest = 0;
    for run in secret_runs(label.as_bytes()) {
        shown.push_str(&label[rest..run.start]);
        shown.push('…');
        rest = run.end;
    }
    if rest == 0 { label.into() } else { (shown + &label[rest..]).into() }
}

/// The known label that a misspelt one most likely means.
#[must_use]
pub fn suggested_label(label: &str) -> Option<&'static str> {
    if label.len() > longest() + 2 || is_known_label(label) {
        return None;
    }
    let wanted = label.trim().to_ascii_uppercase();
    let closest =
        LABELS.iter().map(|(known, _)| (strsim::damerau_levenshtein(known, &wanted), *known)).min()?;
    (closest.0 <= 2).then_some(closest.1)
}
