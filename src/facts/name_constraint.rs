//! Which names of a certificate the name constraints of the CAs above it do not
//! allow (RFC 5280 §4.2.1.10, §6.1.3, with the names that TLS clients look at).
//! A second reading beside the model of OpenSSL, on the facts.

use super::bundle::Bundle;
use super::certificate::Certificate;
use super::extension::{Decoded, ExtensionKind};
use super::general_name::{GeneralName, Subtree};
use super::host::alternative_names;
use super::name::Name;
use crate::der::{Span, tag};
use crate::limits;
use crate::oid::Oid;

/// id-on-SmtpUTF8Mailbox (RFC 8398), which constraints on rfc822Name bind.
const MAILBOX: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 8, 9];

/// A name that a constraint does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// `notPermitted`, `excluded`, `kindUnsupported` or `nameInvalid`.
    pub fault: &'static str,
    /// Choice of the name, as RFC 5280 names it.
    pub kind: &'static str,
    /// The name as people read it.
    pub name: String,
    /// The subtrees that it was held against.
    pub subtrees: String,
    /// Place in the bundle of the CA that constrains it.
    pub issuer: usize,
    /// Place of the name in the certificate, if it is one element.
    pub span: Option<Span>,
}

/// A name to be held against constraints.
enum Subject<'c, 'a> {
    Directory(&'c Name<'a>),
    /// A mail address of the subject; whether it is an `IA5String`.
    Email(&'a [u8], bool),
    /// A commonName that looks like a host.
    Host(String),
    Alternative(&'c GeneralName<'a>),
}

/// Names of a certificate that a CA above it does not allow, up to
/// [`limits::VIOLATIONS`]; none where a part that is needed does not decode.
#[must_use]
pub fn violations(bundle: &Bundle<'_>, at: usize) -> Vec<Violation> {
    let certificate = &bundle.certificates[at];
    let is_exempt = certificate.is_self_issued() && !bundle.is_server(at);
    let above = bundle.above(at);
    let mut constrained =
        above.into_iter().filter_map(|issuer| Some((issuer, trees(bundle, issuer)?))).peekable();
    let mut found = Vec::new();
    if is_exempt || constrained.peek().is_none() {
        return found;
    }
    let subjects = subjects(certificate, bundle.is_server(at));
    let mut octets = 0;
    for (issuer, (permitted, excluded, length)) in constrained {
        for subject in &subjects {
            octets += (permitted.len() + excluded.len()) * (subject.content().len() + 64) + length;
            if found.len() >= limits::VIOLATIONS || octets > limits::CONSTRAINT_OCTETS {
                return found;
            }
            if let Some((fault, subtrees)) = subject.fault(permitted, excluded) {
                let (kind, name, span) = (subject.kind(), subject.text(), subject.span());
                found.push(Violation { fault, kind, name, subtrees, issuer, span });
            }
        }
    }
    found
}

/// Permitted and excluded subtrees, and how many octets they take.
type Trees<'c, 'a> = (&'c [Subtree<'a>], &'c [Subtree<'a>], usize);

fn trees<'c, 'a>(bundle: &'c Bundle<'a>, at: usize) -> Option<Trees<'c, 'a>> {
    let extension = bundle.certificates[at].extension(ExtensionKind::NameConstraints).ok()??;
    match &extension.decoded {
        Ok(Decoded::NameConstraints(permitted, excluded)) => {
            Some((permitted, excluded, extension.value.len()))
        }
        _ => None,
    }
}

/// Subject, mail addresses in it, alternative names; of a server certificate
/// without a dNSName also common names that look like hosts.
fn subjects<'c, 'a>(certificate: &'c Certificate<'a>, is_server: bool) -> Vec<Subject<'c, 'a>> {
    let mut subjects = Vec::new();
    let names = alternative_names(certificate).unwrap_or_default();
    if let Ok(subject) = &certificate.subject {
        if !subject.attributes.is_empty() {
            subjects.push(Subject::Directory(subject));
        }
        let of = |name: &'static str| {
            subject.attributes.iter().filter(move |attribute| attribute.type_name() == name)
        };
        let email = of("emailAddress");
        subjects.extend(email.map(|one| Subject::Email(one.content, one.tag == tag::IA5_STRING)));
        if is_server && !names.iter().any(|name| name.kind == "dNSName") {
            let hosts = of("commonName").map(|one| one.value().trim_end_matches('\0').to_owned());
            subjects.extend(hosts.filter(|text| looks_like_host(text)).map(Subject::Host));
        }
    }
    subjects.extend(names.iter().map(Subject::Alternative));
    subjects
}

/// Two labels and more of letters, digits, underscores, and hyphens inside.
fn looks_like_host(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"-_".contains(&octet))
    };
    text.contains('.') && text.split('.').all(is_label)
}

impl Subject<'_, '_> {
    fn kind(&self) -> &'static str {
        match self {
            Self::Directory(_) => "directoryName",
            Self::Email(..) => "rfc822Name",
            Self::Host(_) => "dNSName",
            Self::Alternative(name) => name.kind,
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Directory(name) => name.text(),
            Self::Email(content, _) => String::from_utf8_lossy(content).into_owned(),
            Self::Host(text) => text.clone(),
            Self::Alternative(name) => name.text().into_owned(),
        }
    }

    fn span(&self) -> Option<Span> {
        match self {
            Self::Directory(name) => Some(name.span),
            Self::Alternative(name) => Some(name.span),
            Self::Email(..) | Self::Host(_) => None,
        }
    }

    /// The octets that are compared.
    fn content(&self) -> &[u8] {
        match self {
            Self::Directory(name) => name.der,
            Self::Email(content, _) => content,
            Self::Host(text) => text.as_bytes(),
            Self::Alternative(name) => name.content,
        }
    }

    /// The first fault, with the subtrees that lead to it.
    fn fault(&self, permitted: &[Subtree<'_>], excluded: &[Subtree<'_>]) -> Option<(&'static str, String)> {
        if matches!(self, Self::Email(_, false)) {
            return Some(("nameInvalid", list(permitted.iter().chain(excluded))));
        }
        let mut wanted = Vec::new();
        let mut is_within = false;
        for tree in permitted.iter().filter(|tree| self.is_bound_by(tree)) {
            match self.is_below(&tree.base) {
                Ok(below) => is_within |= below,
                Err(fault) => return Some((fault, list([tree]))),
            }
            wanted.push(tree);
        }
        if !wanted.is_empty() && !is_within {
            return Some(("notPermitted", list(wanted)));
        }
        for tree in excluded.iter().filter(|tree| self.is_bound_by(tree)) {
            match self.is_below(&tree.base) {
                Ok(false) => {}
                Ok(true) => return Some(("excluded", list([tree]))),
                Err(fault) => return Some((fault, list([tree]))),
            }
        }
        None
    }

    /// Whether a subtree is of the kind that binds this name.
    fn is_bound_by(&self, tree: &Subtree<'_>) -> bool {
        match self {
            Self::Alternative(name) if name.kind == "otherName" => match name.other() {
                Some((Oid(MAILBOX), _)) => tree.base.kind == "rfc822Name",
                Some((oid, _)) => tree.base.other().is_some_and(|(bound, _)| bound == oid),
                None => false,
            },
            _ => tree.base.kind == self.kind(),
        }
    }

    fn is_below(&self, base: &GeneralName<'_>) -> Result<bool, &'static str> {
        let (name, limit) = (self.content(), base.content);
        match self.kind() {
            "directoryName" => {
                let base = base.directory("nameConstraints").map_err(|_| "nameInvalid")?.canonical();
                let own = match self {
                    Self::Directory(name) => name.canonical(),
                    Self::Alternative(name) => {
                        name.directory("subjectAltName").map_err(|_| "nameInvalid")?.canonical()
                    }
                    _ => return Err("nameInvalid"),
                };
                Ok(own.starts_with(&base))
            }
            "dNSName" => Ok(is_domain_below(name, limit)),
            "rfc822Name" => is_mail_below(name, limit),
            "uniformResourceIdentifier" => Ok(is_host_below(uri_host(name).ok_or("nameInvalid")?, limit)),
            "iPAddress" => is_address_below(name, limit),
            "otherName" if base.kind == "rfc822Name" => match self {
                Self::Alternative(name) => match name.other() {
                    Some((_, Some(mailbox))) => is_mail_below(mailbox, limit),
                    _ => Err("nameInvalid"),
                },
                _ => Err("nameInvalid"),
            },
            _ => Err("kindUnsupported"),
        }
    }
}

fn list<'t, 'a: 't>(trees: impl IntoIterator<Item = &'t Subtree<'a>>) -> String {
    let one = |tree: &Subtree<'_>| format!("{} {:?}", tree.base.kind, tree.base.text());
    trees.into_iter().take(limits::VIOLATIONS).map(one).collect::<Vec<_>>().join(", ")
}

fn is_domain_below(name: &[u8], base: &[u8]) -> bool {
    let Some((before, end)) = name.len().checked_sub(base.len()).map(|at| name.split_at(at)) else {
        return false;
    };
    let at_label = before.is_empty() || base.is_empty() || base[0] == b'.' || before.ends_with(b".");
    at_label && end.eq_ignore_ascii_case(base)
}

/// A base with a leading dot stands for the hosts below it, any other for itself.
fn is_host_below(host: &[u8], base: &[u8]) -> bool {
    if base.starts_with(b".") {
        return host.len() > base.len() && is_domain_below(host, base);
    }
    host.eq_ignore_ascii_case(base)
}

fn is_mail_below(address: &[u8], base: &[u8]) -> Result<bool, &'static str> {
    let split = |text: &'_ [u8]| text.iter().rposition(|octet| *octet == b'@');
    let at = split(address).ok_or("nameInvalid")?;
    let (local, host) = (&address[..at], &address[at + 1..]);
    Ok(match split(base) {
        Some(0) => host.eq_ignore_ascii_case(&base[1..]),
        Some(at) => &base[..at] == local && host.eq_ignore_ascii_case(&base[at + 1..]),
        None => is_host_below(host, base),
    })
}

/// The host between `://`, a user and a port.
fn uri_host(uri: &[u8]) -> Option<&[u8]> {
    let text = std::str::from_utf8(uri).ok()?;
    let (scheme, rest) = text.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.split_once('@').map_or(authority, |(_, host)| host);
    let (name, port) = match host.strip_prefix('[') {
        Some(_) => host.split_at(host.find(']')? + 1),
        None => host.split_at(host.find(':').unwrap_or(host.len())),
    };
    let is_port = port.strip_prefix(':').map_or(port.is_empty(), |digits| digits.parse::<u16>().is_ok());
    (!scheme.is_empty() && is_port).then_some(name.as_bytes())
}

fn is_address_below(address: &[u8], base: &[u8]) -> Result<bool, &'static str> {
    if !matches!((address.len(), base.len()), (4 | 16, 8 | 32)) {
        return Err("nameInvalid");
    }
    let (network, mask) = base.split_at(base.len() / 2);
    let masked = |octets: &[u8]| -> Vec<u8> { octets.iter().zip(mask).map(|(one, two)| one & two).collect() };
    Ok(address.len() == network.len() && masked(address) == masked(network))
}
