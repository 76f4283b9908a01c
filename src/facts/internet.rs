//! Texts that name something on the Internet: hosts, mail addresses, URIs and
//! labels of IDNA. Syntax alone; knows nothing of certificates.

use std::net::IpAddr;

use unicode_normalization::UnicodeNormalization;

/// Most octets of a label (RFC 1035 §2.3.4).
const LABEL_OCTETS: usize = 63;

/// Most octets of a host name in text (RFC 1035 §2.3.4).
const HOST_OCTETS: usize = 253;

/// Letters, digits, hyphens and underscores in labels of 1 to 63 that no hyphen
/// begins or ends, at most 253 in all, no trailing full stop.
#[must_use]
pub fn is_host_name(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=LABEL_OCTETS).contains(&label.len())
            && label.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'-' || octet == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= HOST_OCTETS && text.split('.').all(is_label)
}

/// A host name in which asterisks stand for letters, wherever they stand.
#[must_use]
pub fn is_dns_name(text: &str) -> bool {
    is_host_name(&text.replace('*', "x"))
}

/// A host name, or a full stop and a domain: what a constraint on hosts or URIs holds.
#[must_use]
pub fn is_dns_constraint(text: &str) -> bool {
    is_host_name(text.strip_prefix('.').unwrap_or(text))
}

/// An IPv4 or IPv6 address in text, without brackets.
#[must_use]
pub fn is_ip_literal(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
}

/// A local part, @ and a host, without angle brackets, comments or blanks.
#[must_use]
pub fn is_mailbox(text: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && !part.contains([' ', '@', '<', '>', '(', ')']);
    text.split_once('@').is_some_and(|(local, host)| is_part(local) && is_part(host))
}

/// The scheme of a URI in lower case, empty where there is none (RFC 3986 §3.1).
#[must_use]
pub fn uri_scheme(text: &str) -> String {
    let is_inside = |octet: u8| octet.is_ascii_alphanumeric() || b"+.-".contains(&octet);
    match text.split_once(':') {
        Some((scheme, _))
            if scheme.starts_with(|first: char| first.is_ascii_alphabetic())
                && scheme.bytes().all(is_inside) =>
        {
            scheme.to_ascii_lowercase()
        }
        _ => String::new(),
    }
}

/// Whether a URI has a scheme and something behind it.
#[must_use]
pub fn is_absolute_uri(text: &str) -> bool {
    let scheme = uri_scheme(text);
    !scheme.is_empty() && text.len() > scheme.len() + 1
}

/// The host of a URI's authority, an IPv6 address without its brackets; empty where
/// there is none (RFC 3986 §3.2.2).
#[must_use]
pub fn uri_host(text: &str) -> &str {
    let scheme = uri_scheme(text);
    let Some(rest) = text[scheme.len()..].strip_prefix("://").filter(|_| !scheme.is_empty()) else {
        return "";
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
    match place.strip_prefix('[') {
        Some(literal) => literal.split(']').next().unwrap_or_default(),
        None => place.split(':').next().unwrap_or_default(),
    }
}

/// Whether a label that begins with `xn--` stands for a text that IDNA allows in a
/// host name (RFC 5890 §2.3.2.1, checked as UTS 46 does without its mappings). A text
/// that is not in normalization form C is judged as if it were: that is another fault.
#[must_use]
pub fn is_idn(label: &str) -> bool {
    let Some(text) = decoded(label) else {
        return false;
    };
    let composed: String = text.nfc().collect();
    let encoded = idna::punycode::encode_str(&composed).map(|encoded| format!("xn--{encoded}"));
    !composed.is_ascii() && idna::domain_to_ascii_strict(&composed).ok() == encoded
}

/// A name with the text of every label that begins with `xn--` and decodes; other
/// labels stay as they are.
#[must_use]
pub fn idn_to_unicode(name: &str) -> String {
    let labels: Vec<String> =
        name.split('.').map(|label| decoded(label).unwrap_or_else(|| label.to_owned())).collect();
    labels.join(".")
}

/// Whether a text is what an SmtpUTF8Mailbox holds (RFC 9598 §3): a local part beyond
/// ASCII and a host in lower case whose labels beyond ASCII are written with `xn--`;
/// no byte order mark.
#[must_use]
pub fn is_utf8_mailbox(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else {
        return false;
    };
    let is_quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
    let is_special =
        |letter: char| letter.is_whitespace() || letter.is_control() || "\"(),:;<>@[\\]".contains(letter);
    let is_label = |label: &str| !label.starts_with("xn--") || is_idn(label);
    !text.contains('\u{feff}')
        && !local.is_ascii()
        && (is_quoted || !local.contains(is_special))
        && is_host_name(host)
        && !host.contains(|letter: char| letter == '_' || letter.is_ascii_uppercase())
        && host.split('.').all(is_label)
}

/// The text that a label beginning with `xn--` encodes. What is longer than a label
/// can be is not looked at.
fn decoded(label: &str) -> Option<String> {
    let (prefix, encoded) = label.split_at_checked(4)?;
    (prefix.eq_ignore_ascii_case("xn--") && label.len() <= LABEL_OCTETS)
        .then(|| idna::punycode::decode_to_string(&encoded.to_ascii_lowercase()))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_found_in_uris() {
        for (uri, scheme, host) in [
            ("https://user@www.example.com:8443/a?b#c", "https", "www.example.com"),
            ("HTTP://[2001:db8::1]:80/", "http", "2001:db8::1"),
            ("ldap:///cn=ca", "ldap", ""),
            ("urn:isbn:0451450523", "urn", ""),
            ("spiffe://trust?x", "spiffe", "trust"),
            ("https://a@b@c.example", "https", "c.example"),
            ("//www.example.com/", "", ""),
            ("1a://www.example.com/", "", ""),
            ("a_b://www.example.com/", "", ""),
            ("://www.example.com", "", ""),
            ("", "", ""),
        ] {
            assert_eq!((uri_scheme(uri).as_str(), uri_host(uri)), (scheme, host), "{uri}");
        }
        assert!(is_absolute_uri("a:b") && !is_absolute_uri("a:") && !is_absolute_uri("/a"));
    }

    #[test]
    fn labels_of_idna_decode_to_what_may_be_a_host() {
        assert!(is_idn("xn--gre-6ka8i") && is_idn("XN--GRE-6ka8i"));
        assert_eq!(idn_to_unicode("www.xn--gre-6ka8i.example"), "www.größe.example");
        for (label, reason) in [
            ("größe", "no xn--"),
            ("xn--", "nothing encoded"),
            ("xn--abc-", "ASCII alone"),
            ("xn--99999999", "beyond Unicode"),
            ("xn--gre-6ka8i-", "ASCII with a hyphen"),
            ("xn--b-5da", "a capital"),
            ("xn--a-1ga489u", "a character of no width"),
        ] {
            assert!(!is_idn(label), "{label}: {reason}");
        }
        let apart = idna::punycode::encode_str("gro\u{308}sse").expect("it is short");
        let apart = format!("xn--{apart}");
        assert!(is_idn(&apart));
        assert_eq!(idn_to_unicode(&apart), "gro\u{308}sse");
        let long = format!("xn--{}", "a".repeat(60));
        assert_eq!(idn_to_unicode(&long), long);
    }

    #[test]
    fn mailboxes_beyond_ascii_have_hosts_within_it() {
        assert!(is_utf8_mailbox("größe@example.com") && is_utf8_mailbox("ö@xn--gre-6ka8i.example"));
        assert!(is_utf8_mailbox("\"ö ö\"@example.com"));
        for (text, reason) in [
            ("\u{feff}größe@example.com", "byte order mark"),
            ("pki@example.com", "ASCII alone"),
            ("größe", "no host"),
            ("größe@Example.com", "capital"),
            ("größe@größe.example", "host beyond ASCII"),
            ("größe@xn--99999999.example", "label that does not decode"),
            ("größe@a_b.example", "underscore"),
            ("grö ße@example.com", "blank"),
        ] {
            assert!(!is_utf8_mailbox(text), "{reason}");
        }
    }

    #[test]
    fn constraints_and_wildcards_are_near_to_host_names() {
        assert!(is_dns_constraint(".example") && is_dns_constraint("example") && !is_dns_constraint("..a"));
        assert!(!is_dns_constraint("") && !is_dns_constraint("https://example.com"));
        assert!(is_dns_name("*.example") && is_dns_name("w*.example") && !is_dns_name("*..example"));
        assert!(is_ip_literal("::1") && is_ip_literal("192.0.2.1") && !is_ip_literal("[::1]"));
        assert!(is_mailbox("a@b") && !is_mailbox("a@b@c") && !is_mailbox("A <a@b>") && !is_mailbox("@b"));
    }
}
