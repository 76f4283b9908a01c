//! HTTP proxies that tunnel (RFC 9110, 9.3.6): how `HTTPS_PROXY` and `NO_PROXY`
//! are read, and the dialogue. User and password go to the proxy and nowhere else.

use std::fmt;
use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::failure::{Failure, Step};
use super::server::{Server, divide};
use super::wire::Wire;

/// A proxy.
#[derive(Clone)]
pub struct Proxy {
    /// Its name or address.
    pub(super) host: String,
    /// Its port.
    pub(super) port: u16,
    /// `user:password`.
    credentials: Option<Zeroizing<Vec<u8>>>,
}

/// A variable of the environment that names no proxy that can be used. The value
/// is not told: a password may stand in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "HTTPS_PROXY names no proxy that can be used: {0}; write http://HOST:PORT or http://USER:PASSWORD@HOST:PORT"
)]
pub struct ProxyUnusable(String);

/// The port of a proxy whose address has none.
const DEFAULT_PORT: u16 = 80;

impl Proxy {
    /// Reads the value of `HTTPS_PROXY`; an empty one names none.
    ///
    /// # Errors
    /// Where it is no address of an HTTP proxy.
    pub fn read(value: &str) -> Result<Option<Self>, ProxyUnusable> {
        let value = value.trim();
        if value.is_empty() {
            return Ok(None);
        }
        let (scheme, rest) = value.split_once("://").unwrap_or(("http", value));
        if !scheme.eq_ignore_ascii_case("http") {
            let scheme: String = scheme.chars().take_while(char::is_ascii_alphanumeric).take(10).collect();
            return Err(ProxyUnusable(format!("its scheme is {scheme}, and only http:// is spoken")));
        }
        let rest = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (credentials, place) = match rest.rsplit_once('@') {
            Some((credentials, place)) => (Some(Zeroizing::new(decoded(credentials))), place),
            None => (None, rest),
        };
        let (host, port) = divide(place).ok_or_else(|| ProxyUnusable("its address is not whole".into()))?;
        let port = port.map_or(Ok(DEFAULT_PORT), str::parse);
        let port = port.map_err(|_| ProxyUnusable("its port is no number from 1 to 65535".into()))?;
        if host.is_empty() {
            return Err(ProxyUnusable("it has no host".into()));
        }
        Ok(Some(Self { host: host.to_owned(), port, credentials }))
    }

    /// Asks for a tunnel.
    pub(super) fn tunnel(&self, wire: &mut Wire, server: &Server) -> Result<(), Failure> {
        wire.step = Step::Proxy;
        let place = server.authority();
        let mut request = Zeroizing::new(format!("CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n"));
        if let Some(credentials) = &self.credentials {
            let encoded = Zeroizing::new(STANDARD.encode(credentials.as_slice()));
            request.push_str("Proxy-Authorization: Basic ");
            request.push_str(&encoded);
            request.push_str("\r\n");
        }
        request.push_str("\r\n");
        wire.send(request.as_bytes())?;
        let answer = wire.receive_until(b"\r\n\r\n").map_err(|failure| match failure {
            Failure::Closed(_) => self.refused(wire.began()),
            other => other,
        })?;
        match status(&answer) {
            Some(200..=299) => Ok(()),
            _ => Err(self.refused(&answer)),
        }
    }

    fn refused(&self, answer: &[u8]) -> Failure {
        let line = String::from_utf8_lossy(answer.split(|octet| *octet == b'\n').next().unwrap_or_default());
        let line = line.trim();
        let reason = match status(answer) {
            Some(407) if self.credentials.is_none() => {
                format!("it wants a user and a password: `{line}`; write http://USER:PASSWORD@HOST:PORT")
            }
            Some(407) => format!("it does not take this user and password: `{line}`"),
            Some(_) => format!("it refuses to connect to the server: `{line}`"),
            None if line.is_empty() => "it closes the connection without an answer".into(),
            None => format!("it does not answer as an HTTP proxy: `{line}`"),
        };
        Failure::Proxy { proxy: self.to_string(), reason }
    }
}

/// The status of an HTTP answer.
fn status(answer: &[u8]) -> Option<u16> {
    let rest = answer.strip_prefix(b"HTTP/1.")?;
    std::str::from_utf8(rest.get(2..5)?).ok()?.parse().ok()
}

/// The place alone: credentials stay out of every output.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Server { host: self.host.clone(), port: self.port }.authority())
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Proxy").field(&format_args!("{self}")).finish()
    }
}

/// Octets of a text with `%41` and the like decoded.
fn decoded(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let octet = digits.filter(|_| *first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        out.push(octet.unwrap_or(*first));
        rest = if octet.is_some() { &after[2..] } else { after };
    }
    out
}

/// Whether `NO_PROXY` names a server: `*`, a name (with all below it), an address, a
/// range of addresses such as `10.0.0.0/8`, each with a port or without.
#[must_use]
pub fn is_exempt(server: &Server, no_proxy: &str) -> bool {
    let host = server.identity().trim_end_matches('.').to_ascii_lowercase();
    let address: Option<IpAddr> = host.parse().ok();
    no_proxy.split(',').map(str::trim).filter(|entry| !entry.is_empty()).any(|entry| {
        if entry == "*" {
            return true;
        }
        if let Some((network, bits)) = entry.split_once('/') {
            let range = network.parse::<IpAddr>().ok().zip(bits.parse::<u32>().ok());
            return address
                .zip(range)
                .is_some_and(|(address, (network, bits))| lies_in(address, network, bits));
        }
        let Some((name, port)) = divide(entry) else { return false };
        if port.is_some_and(|port| port.parse() != Ok(server.port)) {
            return false;
        }
        if let Some(address) = address {
            return name.parse() == Ok(address);
        }
        let name = name.trim_start_matches("*.").trim_start_matches('.').to_ascii_lowercase();
        !name.is_empty()
            && (host == name || host.strip_suffix(&name).is_some_and(|front| front.ends_with('.')))
    })
}

fn lies_in(address: IpAddr, network: IpAddr, bits: u32) -> bool {
    let (left, right, width) = match (address, network) {
        (IpAddr::V4(left), IpAddr::V4(right)) => {
            (u128::from(left.to_bits()), u128::from(right.to_bits()), 32)
        }
        (IpAddr::V6(left), IpAddr::V6(right)) => (left.to_bits(), right.to_bits(), 128),
        _ => return false,
    };
    bits <= width && (left ^ right).checked_shr(width - bits).unwrap_or(0) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Proxy {
        Proxy::read(value).expect("it can be used").expect("it names one")
    }

    #[test]
    fn proxies_are_read_and_keep_their_password() {
        for (value, shown) in [
            ("http://proxy.example:3128", "proxy.example:3128"),
            ("proxy.example:3128", "proxy.example:3128"),
            ("http://proxy.example/", "proxy.example:80"),
            ("http://[::1]:8080", "[::1]:8080"),
            ("HTTP://us%40er:p%3Ass@127.0.0.1:1", "127.0.0.1:1"),
        ] {
            assert_eq!(read(value).to_string(), shown);
        }
        let proxy = read("http://us%40er:p%3As%zs@127.0.0.1:1");
        assert_eq!(proxy.credentials.as_deref().map(Vec::as_slice), Some(&b"us@er:p:s%zs"[..]));
        assert!(!format!("{proxy:?} {proxy}").contains("us"));
        assert!(Proxy::read(" ").expect("none").is_none());
        for value in
            ["https://user:geheim@proxy:1", "socks5://geheim@a", "http://geheim@:1", "http://geheim@a:b"]
        {
            let said = Proxy::read(value).expect_err("it cannot be used").to_string();
            assert!(!said.contains("geheim"), "{said}");
        }
    }

    #[test]
    fn no_proxy_names_hosts_addresses_and_ranges() {
        let is_exempt =
            |server: &str, no_proxy: &str| is_exempt(&Server::read(server, 443).expect("a server"), no_proxy);
        for (server, no_proxy) in [
            ("tls://a.example.com", "*"),
            ("tls://a.example.com", "localhost, example.com"),
            ("tls://A.example.com.", ".EXAMPLE.com"),
            ("tls://example.com", "*.example.com"),
            ("tls://a.example.com:8443", "example.com:8443"),
            ("tls://10.1.2.3", "10.0.0.0/8"),
            ("tls://10.1.2.3", "10.1.2.3"),
            ("tls://10.1.2.3", "0.0.0.0/0"),
            ("tls://[2001:db8::5]", "2001:db8::/32"),
            ("tls://[2001:db8::5]:1", "[2001:db8:0::5]:1"),
        ] {
            assert!(is_exempt(server, no_proxy), "{server} {no_proxy}");
        }
        for (server, no_proxy) in [
            ("tls://example.com", ""),
            ("tls://badexample.com", "example.com"),
            ("tls://example.com", "a.example.com"),
            ("tls://example.com", "example.com:8443"),
            ("tls://11.1.2.3", "10.0.0.0/8"),
            ("tls://10.1.2.3", "10.0.0.0/33"),
            ("tls://10.1.2.3", "2001:db8::/32"),
            ("tls://110.1.2.3", "10.1.2.3"),
        ] {
            assert!(!is_exempt(server, no_proxy), "{server} {no_proxy}");
        }
    }
}
