//! A server as the command line names it: `tls://HOST[:PORT]`.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// How such a name begins.
pub(super) const SCHEME: &str = "tls://";

/// A host and a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Name or address, without brackets.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

/// A text that names no server.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}: {reason}; write tls://HOST or tls://HOST:PORT, an IPv6 address as tls://[::1]:443")]
pub struct ServerUnusable {
    text: String,
    reason: &'static str,
}

impl Server {
    /// Whether a text is to be read as the name of a server.
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        text.get(..SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEME))
    }

    /// Reads `tls://HOST[:PORT]`.
    ///
    /// # Errors
    /// Where it is no such name.
    pub fn read(text: &str, default_port: u16) -> Result<Self, ServerUnusable> {
        let fail = |reason| ServerUnusable { text: text.to_owned(), reason };
        let rest = text.get(SCHEME.len()..).unwrap_or_default();
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains(['/', '?', '#', '@']) {
            return Err(fail("a server has no path, query or user"));
        }
        let (host, port) = divide(rest).ok_or_else(|| fail("the brackets of the address do not match"))?;
        if host.is_empty() {
            return Err(fail("there is no host"));
        }
        if !host.is_ascii() {
            return Err(fail("a host is named in its ASCII form, xn--…"));
        }
        if host.bytes().any(|octet| octet <= b' ' || octet == 0x7f) {
            return Err(fail("a host has no spaces or control characters"));
        }
        if rest.starts_with('[') && address(host).is_none() {
            return Err(fail("what stands in brackets is no IPv6 address"));
        }
        let port = match port {
            None => default_port,
            Some(digits) => digits
                .parse()
                .ok()
                .filter(|port| *port != 0 && digits.bytes().all(|octet| octet.is_ascii_digit()))
                .ok_or_else(|| fail("the port is no number from 1 to 65535"))?,
        };
        Ok(Self { host: host.to_owned(), port })
    }

    /// The name or address that a certificate must be for: without the zone of a
    /// link-local address.
    #[must_use]
    pub fn identity(&self) -> &str {
        match self.host.split_once('%') {
            Some((bare, _)) if bare.contains(':') => bare,
            _ => &self.host,
        }
    }

    /// Whether it is named by its address.
    pub(super) fn is_address(&self) -> bool {
        self.identity().parse::<IpAddr>().is_ok()
    }

    /// `HOST:PORT`, an IPv6 address in brackets.
    #[must_use]
    pub fn authority(&self) -> String {
        let Self { host, port } = self;
        if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{}", self.authority())
    }
}

/// Host and port; a bare IPv6 address has no port. `None` for brackets that do not match.
pub(super) fn divide(text: &str) -> Option<(&str, Option<&str>)> {
    if let Some(rest) = text.strip_prefix('[') {
        let (host, after) = rest.split_once(']')?;
        return match after.strip_prefix(':') {
            Some(port) => Some((host, Some(port))),
            None => after.is_empty().then_some((host, None)),
        };
    }
    if address(text).is_some() {
        return Some((text, None));
    }
    Some(text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))))
}

/// An IPv6 address, with or without a zone.
fn address(text: &str) -> Option<Ipv6Addr> {
    text.split_once('%').map_or(text, |(bare, _)| bare).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_read_and_shown() {
        for (text, shown, identity) in [
            ("tls://example.com", "tls://example.com:443", "example.com"),
            ("TLS://example.com:8443/", "tls://example.com:8443", "example.com"),
            ("tls://192.0.2.1", "tls://192.0.2.1:443", "192.0.2.1"),
            ("tls://[2001:db8::1]:636", "tls://[2001:db8::1]:636", "2001:db8::1"),
            ("tls://[2001:db8::1]", "tls://[2001:db8::1]:443", "2001:db8::1"),
            ("tls://::1", "tls://[::1]:443", "::1"),
            ("tls://[fe80::1%eth0]:1", "tls://[fe80::1%eth0]:1", "fe80::1"),
        ] {
            let server = Server::read(text, 443).expect("it names a server");
            assert_eq!((server.to_string().as_str(), server.identity()), (shown, identity));
        }
    }

    #[test]
    fn what_names_no_server_is_refused() {
        for (text, reason) in [
            ("tls://", "no host"),
            ("tls://:443", "no host"),
            ("tls://a/b", "no path"),
            ("tls://user@a", "no path, query or user"),
            ("tls://a:0", "1 to 65535"),
            ("tls://a:+1", "1 to 65535"),
            ("tls://a:65536", "1 to 65535"),
            ("tls://[::1", "brackets"),
            ("tls://[::1]443", "brackets"),
            ("tls://[a]:1", "no IPv6 address"),
            ("tls://a b", "spaces"),
            ("tls://bücher.example", "ASCII"),
        ] {
            let error = Server::read(text, 443).expect_err(text).to_string();
            assert!(error.contains(reason), "{error}");
        }
    }
}
