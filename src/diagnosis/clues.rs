//! What a text says beside the error: who was asked for, which client asked.

use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;

/// What a text gives beside the error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Clues {
    /// The host or address that was asked for.
    pub host: Option<String>,
    /// The port.
    pub port: Option<u16>,
    /// The version of Python, such as 3.13.
    pub python: Option<String>,
    /// The libraries and programs that speak in it, the outermost first.
    pub libraries: Vec<&'static str>,
}

/// Libraries and programs, each with words that show it in plain text.
const LIBRARIES: &[(&str, &[&str])] = &[
    (
        "pip",
        &[
            "/pip/_internal",
            "pip/_vendor",
            "could not fetch url",
            "there was a problem confirming the ssl certificate",
        ],
    ),
    ("requests", &["requests.exceptions", "site-packages/requests/"]),
    ("urllib3", &["urllib3.exceptions", "site-packages/urllib3/", "connectionpool(host="]),
    ("httpx", &["httpx.connecterror", "site-packages/httpx/", "httpcore."]),
    ("aiohttp", &["aiohttp.client_exceptions", "site-packages/aiohttp/"]),
    ("botocore", &["botocore.exceptions", "site-packages/botocore/"]),
    ("urllib.request", &["urllib.error.urlerror", "urlopen error"]),
    ("conda", &["condasslerror", "condahttperror"]),
    ("Node.js", &["node.js v", "node:internal/", "node:_tls_wrap", "npm err!", "npm error"]),
    ("Java", &["javax.net.ssl.", "java.security.cert.", "sun.security."]),
    ("Go", &["x509: certificate", "x509: cannot", "tls: failed to"]),
    ("rustls", &["invalid peer certificate", "rustls"]),
    ("curl", &["curl: (", "* ssl certificate problem", "curl failed to verify"]),
    ("git", &["fatal: unable to access", "server certificate verification failed. cafile"]),
    ("wget", &["unable to locally verify the issuers authority", "--no-check-certificate"]),
    ("openssl s_client", &["verify return code:", "verify error:num="]),
    ("openssl verify", &["depth lookup:", ": verification failed"]),
];

/// Forms that hold the host; the first that is found counts.
static HOSTS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    const HOST: &str = r"(?P<host>[a-z0-9_*][a-z0-9_.:*-]{0,252})";
    let forms = [
        format!(r"certificate is not valid for {HOST}"),
        format!(r"\bhostname {HOST} doesnt match"),
        format!(r"connectionpool\(host={HOST}, port=(?P<port>[0-9]{{1,5}})"),
        format!(r"target (?:host name|hostname|ipv4 address|ipv6 address|ip address) {HOST}"),
        format!(r"certificates altnames: host: {HOST} is not in"),
        format!(r"does not match certificates altnames: (?:host|ip): {HOST} is not"),
        format!(r"wanted to match {HOST}"),
        format!(r"certificate is valid for [^:]{{1,400}}, not {HOST}"),
        format!(r"cannot validate certificate for {HOST} because"),
        format!(r"certificate not valid for name {HOST};"),
        format!(r"no subject alternative (?:dns name|names) matching (?:ip address )?{HOST} found"),
        format!(r"no name matching {HOST} found"),
        r"cannot connect to host (?P<host>[a-z0-9_.-]{1,253}):(?P<port>[0-9]{1,5})".into(),
        r"-connect (?P<host>[a-z0-9_.-]{1,253}):(?P<port>[0-9]{1,5})".into(),
        r"https://(?:[^/@ ]{1,80}@)?(?P<host>[a-z0-9_-][a-z0-9_.-]{0,252})(?::(?P<port>[0-9]{1,5}))?/".into(),
    ];
    forms.iter().map(|form| Regex::new(form).expect("the forms are sound")).collect()
});

/// Most places in which a host is looked at.
const HITS: usize = 100;

/// Addresses of help pages, which are not what was asked for.
const HELP: [&str; 6] =
    ["curl.se", "curl.haxx.se", "docs.python.org", "urllib3.readthedocs.io", "nodejs.org", "github.com"];

static PYTHON: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\bpython[ /]?(?P<version>[23]\.[0-9]{1,2})").expect("the form is sound"));

impl Clues {
    /// What a plain text gives.
    pub(super) fn of(text: &str) -> Self {
        let hits = HOSTS.iter().flat_map(|form| form.captures_iter(text)).filter_map(|hit| {
            let host = cleaned(hit.name("host")?.as_str());
            let port = hit.name("port").and_then(|port| port.as_str().parse().ok());
            (!host.is_empty() && !HELP.contains(&host)).then(|| (host.to_owned(), port))
        });
        let mut hits = hits.take(HITS);
        let (host, mut port) = hits.next().map_or((None, None), |(host, port)| (Some(host), port));
        if port.is_none() {
            let mut same = hits.filter(|(other, _)| Some(other) == host.as_ref());
            port = same.find_map(|(_, port)| port);
        }
        let has = |(_, signs): &&(&'static str, &[&str])| signs.iter().any(|sign| text.contains(sign));
        Self {
            host,
            port: port.filter(|port: &u16| *port != 0),
            python: PYTHON.captures(text).map(|hit| hit["version"].to_owned()),
            libraries: LIBRARIES.iter().filter(has).map(|(name, _)| *name).collect(),
        }
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The client of `pemlint predict` that comes closest, where it is not the usual one.
    #[must_use]
    pub fn client(&self) -> Option<&'static str> {
        let minor = self.python.as_ref().and_then(|version| version.strip_prefix("3.")?.parse::<u8>().ok());
        match minor {
            Some(minor) if minor < 13 => Some("python-3.12"),
            None if self.libraries.contains(&"rustls") => Some("rustls"),
            None if self.libraries.contains(&"curl") || self.libraries.contains(&"openssl verify") => {
                Some("openssl")
            }
            _ => None,
        }
    }
}

/// A host without the full stop of its sentence.
fn cleaned(host: &str) -> &str {
    host.trim_end_matches(['.', ':', ',', ';', '-'])
}
