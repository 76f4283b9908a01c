//! Step 5: whether a certificate is one for a host name or an address
//! (`v3_utl.c`: `do_x509_check`).

use std::net::IpAddr;

use super::asn1;
use super::general::General;
use super::name::COMMON_NAME;
use super::x509::X509;

/// Whether a dNSName matches the host; where there is none at all, a commonName.
pub(super) fn matches_name(certificate: &X509<'_>, host: &[u8], no_partial_wildcards: bool) -> bool {
    let mut any = false;
    for name in alternative_names(certificate) {
        let General::Dns(pattern) = name else {
            continue;
        };
        any = true;
        if !pattern.is_empty() && matches(pattern, host, no_partial_wildcards) {
            return true;
        }
    }
    if any {
        return false;
    }
    for name in certificate.subject.of_type(COMMON_NAME).filter(|name| !name.content.is_empty()) {
        // A value that is no text ends the search.
        let Some(pattern) = asn1::utf8(name.tag, name.content) else {
            return false;
        };
        if matches(&pattern, host, no_partial_wildcards) {
            return true;
        }
    }
    false
}

/// Whether an iPAddress is the address.
pub(super) fn matches_address(certificate: &X509<'_>, address: IpAddr) -> bool {
    let octets = match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    };
    alternative_names(certificate).any(|name| matches!(name, General::Address(found) if *found == octets))
}

/// Whether the subjectAltName has a dNSName.
pub(super) fn has_dns_name(certificate: &X509<'_>) -> bool {
    alternative_names(certificate).any(|name| matches!(name, General::Dns(_)))
}

fn alternative_names<'c, 'a>(certificate: &'c X509<'a>) -> impl Iterator<Item = &'c General<'a>> {
    certificate.cached.names.iter().flatten()
}

fn matches(pattern: &[u8], host: &[u8], no_partial_wildcards: bool) -> bool {
    let suffix_only = host.len() > 1 && host[0] == b'.';
    let star = if suffix_only { None } else { star(pattern, no_partial_wildcards) };
    match star {
        Some(at) => matches_wildcard(&pattern[..at], &pattern[at + 1..], host),
        None if suffix_only && pattern.len() > host.len() => {
            // A host that begins with a dot stands for all names below it.
            let start = pattern.len() - host.len();
            !pattern[..start].contains(&0) && same(&pattern[start..], host)
        }
        None => same(pattern, host),
    }
}

/// Equal without regard to ASCII case; a pattern with NUL equals nothing.
fn same(pattern: &[u8], host: &[u8]) -> bool {
    !pattern.contains(&0) && pattern.eq_ignore_ascii_case(host)
}

fn matches_wildcard(prefix: &[u8], suffix: &[u8], host: &[u8]) -> bool {
    if host.len() < prefix.len() + suffix.len() {
        return false;
    }
    let (head, rest) = host.split_at(prefix.len());
    let (label, tail) = rest.split_at(rest.len() - suffix.len());
    if !same(prefix, head) || !same(suffix, tail) {
        return false;
    }
    let whole_label = prefix.is_empty() && suffix.first() == Some(&b'.');
    if whole_label && label.is_empty() {
        return false;
    }
    if !whole_label && is_idna(host) {
        return false;
    }
    label == b"*" || label.iter().all(|octet| octet.is_ascii_alphanumeric() || *octet == b'-')
}

fn is_idna(label: &[u8]) -> bool {
    label.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case(b"xn--"))
}

/// Place of the one star that may stand in a pattern: in the first label, at its
/// start or end, the label no IDNA label, and two dots behind it; the rest of the
/// pattern must be a host name.
fn star(pattern: &[u8], no_partial_wildcards: bool) -> Option<usize> {
    let mut star = None;
    let mut dots = 0;
    for (number, label) in pattern.split(|octet| *octet == b'.').enumerate() {
        dots = number;
        for (at, octet) in label.iter().enumerate() {
            match octet {
                b'*' => {
                    let (first, last) = (at == 0, at + 1 == label.len());
                    let partial = !(first && last);
                    let idna = is_idna(label) && at >= 4;
                    if star.is_some()
                        || number > 0
                        || idna
                        || (partial && no_partial_wildcards)
                        || !(first || last)
                    {
                        return None;
                    }
                    // In the first label, places are those of the pattern.
                    star = Some(at);
                }
                b'-' if at == 0 => return None,
                octet if octet.is_ascii_alphanumeric() || *octet == b'-' => {}
                _ => return None,
            }
        }
        if label.is_empty() || label.ends_with(b"-") || label.ends_with(b"-*") {
            return None;
        }
    }
    star.filter(|_| dots >= 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_match_one_whole_label() {
        let matches = |pattern: &str, host: &str| matches(pattern.as_bytes(), host.as_bytes(), true);
        assert!(matches("*.good.example", "a.good.example"));
        assert!(matches("*.Good.example", "A.gOOd.example"));
        assert!(!matches("*.example", "good.example"));
        assert!(!matches("*.good.example", "a.b.good.example"));
        // A host with a leading dot asks for any name below it.
        assert!(matches("*.good.example", ".good.example"));
        assert!(!matches("a*.good.example", "ab.good.example"));
        assert!(!matches("*.-good.example", "a.-good.example"));
        assert!(matches("*.good.example", "xn--a.good.example"));
    }

    #[test]
    fn partial_wildcards_match_where_they_may() {
        let matches = |pattern: &str, host: &str| matches(pattern.as_bytes(), host.as_bytes(), false);
        assert!(matches("a*.good.example", "ab.good.example"));
        assert!(matches("*b.good.example", "ab.good.example"));
        assert!(!matches("a*b.good.example", "axb.good.example"));
        assert!(!matches("x*.good.example", "xn--b.good.example"));
    }
}
