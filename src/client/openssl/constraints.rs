//! Step 8: name constraints of every CA of the chain, the anchor included, on
//! every certificate below it (`check_name_constraints`, `v3_ncons.c`).

use super::asn1;
use super::codes;
use super::general::{Constraints, General, Subtree};
use super::host;
use super::name::{COMMON_NAME, EMAIL_ADDRESS, Name};
use super::parameters::Version;
use super::run::Run;
use super::x509::X509;

/// Most pairs of names and constraints that are looked at.
const PAIRS: usize = 1 << 20;

/// otherName of an internationalised mail address (RFC 8398).
const UTF8_MAILBOX: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 8, 9];

/// `Ok` for a name that is allowed, else the code.
type Outcome = Result<(), i64>;

/// Checks the certificates from the anchor down. Self-issued ones are exempt,
/// unless they are the leaf.
pub(super) fn check(run: &mut Run<'_, '_>) {
    let length = run.verdict.chain.len();
    for depth in (0..length).rev() {
        let certificate = run.at(depth);
        if depth > 0 && certificate.cached.self_issued {
            continue;
        }
        if certificate.cached.proxy && !certificate.subject.is_proxy_of(&certificate.issuer) {
            run.fail(codes::PROXY_SUBJECT, depth);
        }
        for above in (depth + 1..length).rev() {
            let certificate = run.at(depth);
            let Some(constraints) = &run.at(above).cached.name_constraints else {
                continue;
            };
            let version = run.parameters.version;
            let mut outcome = check_certificate(certificate, constraints, version);
            if outcome.is_ok() && depth == 0 && !host::has_dns_name(certificate) {
                outcome = check_common_names(certificate, constraints, version);
            }
            if let Err(code) = outcome {
                run.fail(code, depth);
            }
        }
    }
}

/// `NAME_CONSTRAINTS_check`: the subject, mail addresses in it, alternative names.
fn check_certificate(certificate: &X509<'_>, constraints: &Constraints<'_>, version: Version) -> Outcome {
    let names = certificate.cached.names.as_deref().unwrap_or_default();
    let subject = &certificate.subject;
    let count = subject.entries.len() + names.len();
    let trees = constraints.permitted.len() + constraints.excluded.len();
    if count > 0 && trees > PAIRS / count {
        return Err(codes::UNSPECIFIED);
    }
    if !subject.entries.is_empty() {
        let matches = |base: &General<'_>| match base {
            General::Directory(base) => directory(subject, base),
            _ => Err(codes::UNSUPPORTED_CONSTRAINT),
        };
        check_name(4, None, constraints, version, matches)?;
        for address in subject.of_type(EMAIL_ADDRESS) {
            if address.tag != crate::der::tag::IA5_STRING {
                return Err(codes::UNSUPPORTED_NAME);
            }
            check_general(&General::Email(address.content), constraints, version)?;
        }
    }
    names.iter().try_for_each(|name| check_general(name, constraints, version))
}

/// `NAME_CONSTRAINTS_check_CN`: common names that look like host names.
fn check_common_names(certificate: &X509<'_>, constraints: &Constraints<'_>, version: Version) -> Outcome {
    for name in certificate.subject.of_type(COMMON_NAME) {
        // What is no text is an error that the client takes for lack of memory.
        let text = asn1::utf8(name.tag, name.content).ok_or(codes::UNSPECIFIED)?;
        let end = text.iter().rposition(|octet| *octet != 0).map_or(0, |last| last + 1);
        let text = &text[..end];
        if text.contains(&0) {
            return Err(codes::UNSUPPORTED_NAME);
        }
        if looks_like_host(text) {
            check_general(&General::Dns(text), constraints, version)?;
        }
    }
    Ok(())
}

/// At least two labels of letters, digits, hyphens inside and underscores.
fn looks_like_host(text: &[u8]) -> bool {
    let mut dotted = false;
    for (at, octet) in text.iter().enumerate() {
        if octet.is_ascii_alphanumeric() || *octet == b'_' {
            continue;
        }
        let inside = at > 0 && at + 1 < text.len();
        match octet {
            b'-' if inside => {}
            b'.' if inside && !matches!(text[at + 1], b'.' | b'-') && text[at - 1] != b'-' => dotted = true,
            _ => return false,
        }
    }
    dotted
}

fn check_general(name: &General<'_>, constraints: &Constraints<'_>, version: Version) -> Outcome {
    let (choice, other) = match name {
        General::Other(oid, ..) if version > Version::V1_1_1 => {
            if *oid == UTF8_MAILBOX {
                (1, None)
            } else {
                (0, Some(*oid))
            }
        }
        _ => (name.choice(), None),
    };
    check_name(choice, other, constraints, version, |base| single(name, base, version))
}

/// `nc_match`: one permitted subtree of the name's kind must match if there are
/// any, and no excluded one may.
fn check_name(
    choice: u8,
    other: Option<&[u8]>,
    constraints: &Constraints<'_>,
    version: Version,
    matches: impl Fn(&General<'_>) -> Outcome,
) -> Outcome {
    let of_kind = |tree: &&Subtree<'_>| {
        let same_type = match (&tree.base, other) {
            (General::Other(oid, ..), Some(wanted)) => *oid == wanted,
            _ => true,
        };
        tree.base.choice() == choice && same_type
    };
    let mut permitted = None;
    for tree in constraints.permitted.iter().filter(of_kind) {
        check_bounds(tree, version)?;
        if permitted == Some(true) {
            continue;
        }
        permitted = Some(match matches(&tree.base) {
            Ok(()) => true,
            Err(codes::PERMITTED_VIOLATION) => false,
            Err(code) => return Err(code),
        });
    }
    if permitted == Some(false) {
        return Err(codes::PERMITTED_VIOLATION);
    }
    for tree in constraints.excluded.iter().filter(of_kind) {
        check_bounds(tree, version)?;
        match matches(&tree.base) {
            Ok(()) => return Err(codes::EXCLUDED_VIOLATION),
            Err(codes::PERMITTED_VIOLATION) => {}
            Err(code) => return Err(code),
        }
    }
    Ok(())
}

/// `minimum` must be 0 and `maximum` absent; 1.1.1 wants neither written.
fn check_bounds(tree: &Subtree<'_>, version: Version) -> Outcome {
    let minimum = tree.minimum.is_some_and(|number| version == Version::V1_1_1 || number != [0]);
    if minimum || tree.maximum { Err(codes::SUBTREE_MINMAX) } else { Ok(()) }
}

fn within(matches: bool) -> Outcome {
    if matches { Ok(()) } else { Err(codes::PERMITTED_VIOLATION) }
}

/// `nc_match_single`.
fn single(name: &General<'_>, base: &General<'_>, version: Version) -> Outcome {
    match (name, base) {
        (General::Directory(name), General::Directory(base)) => directory(name, base),
        (General::Dns(name), General::Dns(base)) => dns(name, base),
        (General::Email(name), General::Email(base)) => email(name, base),
        (General::Uri(name), General::Uri(base)) => uri(name, base, version),
        (General::Address(name), General::Address(base)) => address(name, base),
        (General::Other(_, tag, value), General::Email(base)) => mailbox(*tag, value, base),
        _ => Err(codes::UNSUPPORTED_CONSTRAINT),
    }
}

/// The base is the beginning of the name.
fn directory(name: &Name<'_>, base: &Name<'_>) -> Outcome {
    within(name.canonical.starts_with(&base.canonical))
}

/// Labels may stand before the base; a base with a leading dot is just a suffix.
fn dns(name: &[u8], base: &[u8]) -> Outcome {
    let Some(start) = name.len().checked_sub(base.len()) else {
        return within(false);
    };
    let at_label = base.is_empty() || start == 0 || base[0] == b'.' || name[start - 1] == b'.';
    within(at_label && name[start..].eq_ignore_ascii_case(base))
}

fn email(name: &[u8], base: &[u8]) -> Outcome {
    let split = |text: &[u8]| text.iter().rposition(|octet| *octet == b'@');
    let at = split(name).ok_or(codes::UNSUPPORTED_NAME)?;
    let (local, host) = (&name[..at], &name[at + 1..]);
    match split(base) {
        None if base.first() == Some(&b'.') => within(name.len() > base.len() && ends_with(name, base)),
        None => within(host.eq_ignore_ascii_case(base)),
        Some(at) => {
            let wanted = &base[..at];
            if !wanted.is_empty() {
                if wanted.len() != local.len() {
                    return within(false);
                }
                if wanted.contains(&0) || local.contains(&0) {
                    return Err(codes::UNSUPPORTED_NAME);
                }
                within(wanted == local)?;
            }
            within(host.eq_ignore_ascii_case(&base[at + 1..]))
        }
    }
}

/// An internationalised address against a base without IDNA labels; such labels
/// are not converted here.
fn mailbox(tag: u8, name: &[u8], base: &[u8]) -> Outcome {
    let at = name.iter().rposition(|octet| *octet == b'@');
    let (Some(at), crate::der::tag::UTF8_STRING, false) = (at, tag, base.contains(&0)) else {
        return Err(codes::UNSUPPORTED_NAME);
    };
    if base.first() == Some(&b'.') {
        return within(name.len() > base.len() && ends_with(name, base));
    }
    within(name[at + 1..].eq_ignore_ascii_case(base))
}

fn uri(name: &[u8], base: &[u8], version: Version) -> Outcome {
    let host = if version == Version::V1_1_1 { uri_host_1_1_1(name) } else { uri_host(name) };
    let host = host.ok_or(codes::UNSUPPORTED_NAME)?;
    if base.first() == Some(&b'.') {
        return within(host.len() > base.len() && ends_with(host, base));
    }
    within(host.eq_ignore_ascii_case(base))
}

/// What stands between `://` and the next colon or, without one, the next slash.
fn uri_host_1_1_1(uri: &[u8]) -> Option<&[u8]> {
    let colon = uri.iter().position(|octet| *octet == b':')?;
    let rest = uri[colon..].strip_prefix(b"://")?;
    let end = |wanted: u8| rest.iter().position(|octet| *octet == wanted);
    let host = &rest[..end(b':').or_else(|| end(b'/')).unwrap_or(rest.len())];
    (!host.is_empty()).then_some(host)
}

/// The host of `scheme://user@host:port/path`, which must have a scheme.
fn uri_host(uri: &[u8]) -> Option<&[u8]> {
    let end = uri.iter().position(|octet| *octet == 0).unwrap_or(uri.len());
    let uri = &uri[..end];
    let scheme = uri.windows(3).position(|window| window == b"://").filter(|at| *at > 0)?;
    let rest = &uri[scheme + 3..];
    let authority = rest.iter().position(|octet| b"/?#".contains(octet)).unwrap_or(rest.len());
    let user = rest[..authority].iter().position(|octet| *octet == b'@').map_or(0, |at| at + 1);
    let rest = &rest[user..];
    let end = if rest.first() == Some(&b'[') {
        rest.iter().position(|octet| *octet == b']')? + 1
    } else {
        rest.iter().position(|octet| b":/?#".contains(octet)).unwrap_or(rest.len())
    };
    let after = match rest[end..].split_first() {
        Some((b':', port)) => {
            let digits = port.iter().take_while(|octet| octet.is_ascii_digit()).count();
            let number: u32 = std::str::from_utf8(&port[..digits]).ok()?.parse().ok()?;
            (number <= 65_535).then_some(&port[digits..])?
        }
        _ => &rest[end..],
    };
    matches!(after.first(), None | Some(b'/' | b'?' | b'#')).then_some(&rest[..end])
}

fn address(name: &[u8], base: &[u8]) -> Outcome {
    if !matches!(name.len(), 4 | 16) || !matches!(base.len(), 8 | 32) {
        return Err(codes::UNSUPPORTED_NAME);
    }
    let (network, mask) = base.split_at(base.len() / 2);
    let same = |((octet, network), mask): ((&u8, &u8), &u8)| octet & mask == network & mask;
    within(name.len() == network.len() && name.iter().zip(network).zip(mask).all(same))
}

fn ends_with(name: &[u8], end: &[u8]) -> bool {
    name.len().checked_sub(end.len()).is_some_and(|start| name[start..].eq_ignore_ascii_case(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTSIDE: Outcome = Err(codes::PERMITTED_VIOLATION);
    const UNREADABLE: Outcome = Err(codes::UNSUPPORTED_NAME);

    #[track_caller]
    fn check_all(matches: fn(&[u8], &[u8]) -> Outcome, cases: &[(&str, &str, Outcome)]) {
        for (name, base, expected) in cases {
            assert_eq!(matches(name.as_bytes(), base.as_bytes()), *expected, "{name} and {base}");
        }
    }

    #[test]
    fn host_names_are_within_whole_labels() {
        check_all(
            dns,
            &[
                ("www.example.com", "example.com", Ok(())),
                ("example.com", "Example.COM", Ok(())),
                ("example.com", "", Ok(())),
                ("www.example.com", ".example.com", Ok(())),
                ("badexample.com", "example.com", OUTSIDE),
                ("example.com", ".example.com", OUTSIDE),
                ("example.com", "www.example.com", OUTSIDE),
                ("www.example.org", "example.com", OUTSIDE),
            ],
        );
    }

    #[test]
    fn mail_addresses_are_within_hosts_domains_and_single_mailboxes() {
        check_all(
            email,
            &[
                ("a@example.com", "EXAMPLE.com", Ok(())),
                ("a@www.example.com", "example.com", OUTSIDE),
                ("a@www.example.com", ".example.com", Ok(())),
                ("a@example.com", ".example.com", OUTSIDE),
                ("a@b@example.com", "example.com", Ok(())),
                ("a@example.com", "a@example.com", Ok(())),
                ("A@example.com", "a@example.com", OUTSIDE),
                ("ab@example.com", "a@example.com", OUTSIDE),
                ("a@example.org", "a@example.com", OUTSIDE),
                ("a@example.com", "@example.com", Ok(())),
                ("\0@example.com", "a@example.com", UNREADABLE),
                ("a@example.com", "\0@example.com", UNREADABLE),
                ("example.com", "example.com", UNREADABLE),
            ],
        );
        let utf8 = |name: &[u8], base: &[u8]| mailbox(crate::der::tag::UTF8_STRING, name, base);
        check_all(
            utf8,
            &[
                ("ü@example.com", "example.COM", Ok(())),
                ("ü@www.example.com", "example.com", OUTSIDE),
                ("ü@www.example.com", ".example.com", Ok(())),
                ("ü@example.com", "exam\0ple.com", UNREADABLE),
                ("example.com", "example.com", UNREADABLE),
            ],
        );
        assert_eq!(mailbox(crate::der::tag::IA5_STRING, b"a@example.com", b"example.com"), UNREADABLE);
    }

    #[test]
    fn the_host_of_a_uri_is_what_openssl_takes_for_it() {
        for (address, host, old) in [
            ("http://host", Some("host"), Some("host")),
            ("http://host/path", Some("host"), Some("host")),
            ("http://host:80/path", Some("host"), Some("host")),
            ("http://host/path:80", Some("host"), Some("host/path")),
            ("http://user@host:80/", Some("host"), Some("user@host")),
            ("http://host/user@other", Some("host"), Some("host")),
            ("http://host?x", Some("host"), Some("host?x")),
            ("http://host#x", Some("host"), Some("host#x")),
            ("http://host:65535", Some("host"), Some("host")),
            ("http://host:65536", None, Some("host")),
            ("http://host:", None, Some("host")),
            ("http://host:80x", None, Some("host")),
            ("http://[::1]:80/", Some("[::1]"), Some("[")),
            ("http://[::1", None, Some("[")),
            ("http://[::1]x", None, Some("[")),
            ("http://host\0:x", Some("host"), Some("host\0")),
            ("http:///path", Some(""), None),
            ("://host", None, Some("host")),
            ("host", None, None),
            ("mailto:host", None, None),
        ] {
            let text = |host: Option<&[u8]>| host.map(|host| String::from_utf8_lossy(host).into_owned());
            assert_eq!(text(uri_host(address.as_bytes())).as_deref(), host, "{address}");
            assert_eq!(text(uri_host_1_1_1(address.as_bytes())).as_deref(), old, "{address} for 1.1.1");
        }
        let new = |name: &[u8], base: &[u8]| uri(name, base, Version::V3_5);
        check_all(
            new,
            &[
                ("http://www.example.com/", "www.example.COM", Ok(())),
                ("http://www.example.com/", "example.com", OUTSIDE),
                ("http://www.example.com/", ".example.com", Ok(())),
                ("http://example.com/", ".example.com", OUTSIDE),
                ("example.com", "example.com", UNREADABLE),
            ],
        );
        assert_eq!(uri(b"://example.com", b"example.com", Version::V1_1_1), Ok(()));
    }

    #[test]
    fn addresses_are_within_networks() {
        let network = [10, 1, 0, 0, 255, 255, 0, 0];
        assert_eq!(address(&[10, 1, 2, 3], &network), Ok(()));
        assert_eq!(address(&[10, 2, 2, 3], &network), OUTSIDE);
        assert_eq!(address(&[11, 1, 2, 3], &network), OUTSIDE);
        // Bits of the network behind the mask do not count.
        assert_eq!(address(&[10, 1, 2, 3], &[10, 1, 9, 9, 255, 255, 0, 0]), Ok(()));
        let (host, all) = ([1; 16], [0; 32]);
        assert_eq!(address(&host, &all), Ok(()));
        assert_eq!(address(&host, &network), OUTSIDE);
        assert_eq!(address(&host[..5], &network), UNREADABLE);
        assert_eq!(address(&host, &all[..9]), UNREADABLE);
    }

    #[test]
    fn common_names_that_look_like_hosts_have_sound_labels_and_a_dot() {
        for name in ["a.b", "a-b.c", "a_b.c", "1.2", "_a.b", "xn--a.b"] {
            assert!(looks_like_host(name.as_bytes()), "{name}");
        }
        for name in
            ["", "a", "a..b", ".a.b", "a.b.", "-a.b", "a.b-", "a-.b", "a.-b", "a b.c", "a.b/c", "*.a.b"]
        {
            assert!(!looks_like_host(name.as_bytes()), "{name}");
        }
    }
}
