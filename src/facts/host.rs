//! Whether the names of a certificate cover a host: RFC 9525 with what TLS clients
//! keep of RFC 2818, the commonName where there is no dNSName. Partial wildcards
//! cover nothing. Knows nothing of chains.

use std::borrow::Cow;
use std::net::IpAddr;

use super::certificate::Certificate;
use super::extension::{Decoded, ExtensionKind};
use super::general_name::GeneralName;
use super::name::Attribute;
use crate::der::Got;

/// Whether a host is an address, which only an iPAddress can cover.
#[must_use]
pub fn is_address(host: &str) -> bool {
    host.parse::<IpAddr>().is_ok()
}

/// Names of the subjectAltName, none where there is none.
///
/// # Errors
/// Where it does not decode.
pub fn alternative_names<'c, 'a>(certificate: &'c Certificate<'a>) -> Got<&'c [GeneralName<'a>]> {
    match certificate.extension(ExtensionKind::SubjectAltName)?.map(|found| &found.decoded) {
        Some(Ok(Decoded::Names(names))) => Ok(names),
        Some(Err(fault)) => Err(*fault),
        _ => Ok(&[]),
    }
}

/// Whether the names of a certificate cover a host name or an address.
///
/// # Errors
/// Where the subjectAltName or the subject does not decode.
pub fn is_covered(certificate: &Certificate<'_>, host: &str) -> Got<bool> {
    let names = alternative_names(certificate)?;
    if let Ok(address) = host.parse::<IpAddr>() {
        let address = address.to_string();
        return Ok(names.iter().any(|name| name.kind == "iPAddress" && name.text() == address));
    }
    let mut hosts = names.iter().filter(|name| name.kind == "dNSName").peekable();
    if hosts.peek().is_some() {
        return Ok(hosts.any(|name| matches(&name.text(), host)));
    }
    let subject = certificate.subject.as_ref().map_err(|fault| *fault)?;
    let common = subject.attributes.iter().filter(|attribute| attribute.type_name() == "commonName");
    // A value that is no text ends the search, as it does in OpenSSL.
    let mut common = common.take_while(|attribute| attribute.is_decodable());
    Ok(common.any(|attribute| matches(&attribute.value(), host)))
}

/// Values of commonName that have the form of a host or an address, and that no name of the subjectAltName covers;
/// none where it has neither a dNSName nor an iPAddress, since clients then turn to commonName.
///
/// # Errors
/// Where the subjectAltName or the subject does not decode.
pub fn uncovered_common_names<'c>(certificate: &'c Certificate<'_>) -> Got<Vec<Cow<'c, str>>> {
    let names = alternative_names(certificate)?;
    if !names.iter().any(|name| matches!(name.kind, "dNSName" | "iPAddress")) {
        return Ok(Vec::new());
    }
    let subject = certificate.subject.as_ref().map_err(|fault| *fault)?;
    let common = subject.attributes.iter().filter(|attribute| attribute.type_name() == "commonName");
    let is_covered = |value: &str| match value.parse::<IpAddr>() {
        Ok(address) => {
            let address = address.to_string();
            names.iter().any(|name| name.kind == "iPAddress" && name.text() == address)
        }
        Err(_) => names.iter().any(|name| name.kind == "dNSName" && is_same_or_wider(&name.text(), value)),
    };
    let uncovered = common.map(Attribute::value).filter(|value| is_host(value) && !is_covered(value));
    Ok(uncovered.collect())
}

/// Whether a text has the form of an address or of a host below another, with or without a wildcard.
fn is_host(text: &str) -> bool {
    let name = text.strip_prefix("*.").unwrap_or(text);
    is_address(text) || (name.contains('.') && name.split('.').all(is_label))
}

fn is_same_or_wider(name: &str, host: &str) -> bool {
    name.eq_ignore_ascii_case(host) || matches(name, host)
}

/// Whether a name is the host, or a wildcard for its left-most label.
fn matches(name: &str, host: &str) -> bool {
    if name.is_empty() {
        return false;
    }
    let Some(parent) = name.strip_prefix("*.") else {
        return name.eq_ignore_ascii_case(host);
    };
    let Some((label, tail)) = host.split_once('.') else {
        return false;
    };
    let is_wide = !parent.contains('.');
    !is_wide && parent.split('.').all(is_label) && is_letters(label) && tail.eq_ignore_ascii_case(parent)
}

fn is_label(label: &str) -> bool {
    is_letters(label) && !label.starts_with('-') && !label.ends_with('-')
}

fn is_letters(label: &str) -> bool {
    !label.is_empty() && label.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_is_one_whole_label_below_two_others() {
        assert!(matches("*.test.example", "WWW.test.example"));
        assert!(!matches("*.test.example", "a.b.test.example"));
        assert!(!matches("*.test.example", "test.example"));
        assert!(!matches("*.example", "test.example"));
        assert!(!matches("w*.test.example", "www.test.example"));
        assert!(!matches("*.-test.example", "www.-test.example"));
        assert!(!matches("*.test.example", ".test.example"));
    }
}
