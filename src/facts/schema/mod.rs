//! The declared schema: path, type, documentation, example and reader of every
//! fact, in one table a kind of message. The type checker, `explain`, the
//! reference and the tests read it; nothing else names a fact.

mod certificate;
mod extensions;
mod ordinary;
mod parts;
mod points;
mod policies;
mod relations;
mod served;

use std::borrow::Cow;

use super::value::{Datum, Kind, List, Node, Out, Scalar, Type};
use crate::der::Span;
pub use ordinary::{Given, Ordinary, Usual};

/// One fact.
#[derive(Debug)]
pub struct Field {
    /// Last part of its path, in RFC 5280's spelling where it has one.
    pub name: &'static str,
    /// How it is read; with it, its type.
    pub read: Read,
    /// Whether `has()` may ask for it, and how.
    pub presence: Presence,
    /// Where it stands in the DER, if more exactly than its message.
    pub place: Option<for<'a> fn(Node<'a>) -> Option<Span>>,
    /// Of a list of messages: what nearly all elements have.
    pub ordinary: Option<&'static Ordinary>,
    /// What it is: units, ranges, source.
    pub doc: &'static str,
    /// A value as messages print it.
    pub example: &'static str,
}

/// Readers by type.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "one variant a type")]
pub enum Read {
    Bool(for<'a> fn(Node<'a>) -> Out<bool>),
    Int(for<'a> fn(Node<'a>) -> Out<i64>),
    String(for<'a> fn(Node<'a>) -> Out<Cow<'a, str>>),
    Bytes(for<'a> fn(Node<'a>) -> Out<Cow<'a, [u8]>>),
    Timestamp(for<'a> fn(Node<'a>) -> Out<i64>),
    Message(Kind, for<'a> fn(Node<'a>) -> Out<Option<Node<'a>>>),
    List(Scalar, for<'a> fn(Node<'a>) -> Out<List<'a>>),
}

/// Whether a fact can be absent.
#[derive(Clone, Copy, Debug)]
pub enum Presence {
    /// It is there wherever its message is.
    Always,
    /// A message that its reader gives as `None`.
    Message,
    /// Asked for by a function of its own.
    Asked(for<'a> fn(Node<'a>) -> Out<bool>),
}

/// A variable that rules on some subject can read.
#[derive(Debug)]
pub struct Root {
    /// Its name.
    pub name: &'static str,
    /// Its kind.
    pub kind: Kind,
    /// What it is.
    pub doc: &'static str,
}

/// Variables that hold messages. `now`, `params` and `item` are not among them.
pub static ROOTS: &[Root] = &[
    Root { name: "cert", kind: Kind::Certificate, doc: "the certificate that the rule looks at" },
    Root { name: "link", kind: Kind::Link, doc: "a certificate and its issuer" },
    Root { name: "child", kind: Kind::Certificate, doc: "the certificate of a link that was issued" },
    Root { name: "issuer", kind: Kind::Certificate, doc: "the certificate of a link that issued the other" },
    Root { name: "bundle", kind: Kind::Bundle, doc: "the certificates that belong together" },
    Root { name: "key", kind: Kind::Key, doc: "a private key" },
    Root { name: "block", kind: Kind::Block, doc: "a block of a file" },
    Root { name: "file", kind: Kind::File, doc: "a file" },
];

/// The facts of a kind of message.
#[must_use]
pub fn fields(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::Certificate => certificate::CERTIFICATE,
        Kind::SerialNumber => parts::SERIAL_NUMBER,
        Kind::Name => parts::NAME,
        Kind::Rdn => parts::RDN,
        Kind::Attribute => parts::ATTRIBUTE,
        Kind::AlgorithmIdentifier => parts::ALGORITHM_IDENTIFIER,
        Kind::PssParameters => parts::PSS_PARAMETERS,
        Kind::Validity => parts::VALIDITY,
        Kind::TimeEncoding => parts::TIME_ENCODING,
        Kind::PublicKey => parts::PUBLIC_KEY,
        Kind::RsaPublicKey => parts::RSA_PUBLIC_KEY,
        Kind::EcPublicKey => parts::EC_PUBLIC_KEY,
        Kind::SignatureValue => parts::SIGNATURE_VALUE,
        Kind::Extension => extensions::EXTENSION,
        Kind::KeyUsage => extensions::KEY_USAGE,
        Kind::BasicConstraints => extensions::BASIC_CONSTRAINTS,
        Kind::ExtKeyUsage => extensions::EXT_KEY_USAGE,
        Kind::AltName => extensions::ALT_NAME,
        Kind::SubjectKeyIdentifier => extensions::SUBJECT_KEY_IDENTIFIER,
        Kind::AuthorityKeyIdentifier => extensions::AUTHORITY_KEY_IDENTIFIER,
        Kind::NameConstraints => extensions::NAME_CONSTRAINTS,
        Kind::CertificatePolicies => policies::CERTIFICATE_POLICIES,
        Kind::PolicyMappings => policies::POLICY_MAPPINGS,
        Kind::PolicyConstraints => policies::POLICY_CONSTRAINTS,
        Kind::OcspNoCheck => extensions::OCSP_NO_CHECK,
        Kind::PlainExtension => extensions::PLAIN_EXTENSION,
        Kind::GeneralName => extensions::GENERAL_NAME,
        Kind::GeneralSubtree => extensions::GENERAL_SUBTREE,
        Kind::PolicyInformation => policies::POLICY_INFORMATION,
        Kind::PolicyQualifier => policies::POLICY_QUALIFIER,
        Kind::PolicyMapping => policies::POLICY_MAPPING,
        Kind::DistributionPoints => points::DISTRIBUTION_POINTS,
        Kind::DistributionPoint => points::DISTRIBUTION_POINT,
        Kind::InfoAccess => points::INFO_ACCESS,
        Kind::AccessDescription => points::ACCESS_DESCRIPTION,
        Kind::NetscapeCertType => extensions::NETSCAPE_CERT_TYPE,
        Kind::TrustSettings => served::TRUST_SETTINGS,
        Kind::NameConstraintViolation => served::VIOLATION,
        Kind::Fault => parts::FAULT,
        Kind::Encoding => parts::ENCODING,
        Kind::EncodingFault => parts::ENCODING_FAULT,
        Kind::Link => relations::LINK,
        Kind::Bundle => relations::BUNDLE,
        Kind::Key => relations::KEY,
        Kind::KeyMatch => relations::KEY_MATCH,
        Kind::Block => relations::BLOCK,
        Kind::Damage => relations::DAMAGE,
        Kind::File => relations::FILE,
    }
}

/// The fact `name` of a kind of message.
#[must_use]
pub fn field(kind: Kind, name: &str) -> Option<&'static Field> {
    fields(kind).iter().find(|field| field.name == name)
}

impl Field {
    /// Its type.
    #[must_use]
    pub fn type_(&self) -> Type {
        match self.read {
            Read::Bool(_) => Type::One(Scalar::Bool),
            Read::Int(_) => Type::One(Scalar::Int),
            Read::String(_) => Type::One(Scalar::String),
            Read::Bytes(_) => Type::One(Scalar::Bytes),
            Read::Timestamp(_) => Type::One(Scalar::Timestamp),
            Read::Message(kind, _) => Type::One(Scalar::Message(kind)),
            Read::List(item, _) => Type::List(item),
        }
    }

    /// Whether the message `node` has it.
    ///
    /// # Errors
    /// Where the part that holds it does not decode.
    pub fn is_present(&self, node: Node<'_>) -> Out<bool> {
        if let Node::Record(record) = node {
            return Ok(record.fields.contains_key(self.name));
        }
        match (self.presence, self.read) {
            (Presence::Asked(ask), _) => ask(node),
            (Presence::Message, Read::Message(_, read)) => Ok(read(node)?.is_some()),
            _ => Ok(true),
        }
    }

    /// The message that it is, read from `node`.
    ///
    /// # Errors
    /// Where the part that holds it does not decode.
    pub fn message<'a>(&self, node: Node<'a>) -> Out<Option<Node<'a>>> {
        match (node, self.read) {
            (Node::Record(record), _) => Ok(match record.fields.get(self.name) {
                Some(Datum::Message(inner)) => Some(Node::Record(inner)),
                _ => None,
            }),
            (_, Read::Message(_, read)) => read(node),
            _ => Ok(None),
        }
    }

    const fn new(name: &'static str, read: Read, example: &'static str, doc: &'static str) -> Self {
        Self { name, read, presence: Presence::Always, place: None, ordinary: None, doc, example }
    }

    const fn at(mut self, place: for<'a> fn(Node<'a>) -> Option<Span>) -> Self {
        self.place = Some(place);
        self
    }

    const fn if_(mut self, ask: for<'a> fn(Node<'a>) -> Out<bool>) -> Self {
        self.presence = Presence::Asked(ask);
        self
    }

    const fn ordinarily(mut self, ordinary: &'static Ordinary) -> Self {
        self.ordinary = Some(ordinary);
        self
    }

    const fn optional(mut self) -> Self {
        self.presence = Presence::Message;
        self
    }
}

/// Place in the DER of a message.
#[must_use]
pub fn span(node: Node<'_>) -> Option<Span> {
    Some(match node {
        Node::Integer(integer) => integer.span,
        Node::Name(name) => name.span,
        Node::Rdn(_, rdn) => rdn.span,
        Node::Attribute(attribute) => attribute.span,
        Node::Algorithm(algorithm) => algorithm.span,
        Node::Validity(validity) => validity.span,
        Node::Time(time) => time.span,
        Node::PublicKey(key) => key.span,
        Node::SignatureValue(value) => value.span,
        Node::Extension(extension) => extension.span,
        Node::GeneralName(name) => name.span,
        Node::Subtree(subtree) => subtree.span,
        Node::DistributionPoint(point) => point.span,
        Node::PolicyInformation(policy) => policy.span,
        Node::PolicyQualifier(qualifier) => qualifier.span,
        Node::PolicyMapping(mapping) => mapping.span,
        Node::AccessDescription(description) => description.span,
        Node::EncodingFault(fault) => Span { start: fault.offset, end: fault.offset.saturating_add(1) },
        Node::Violation(_, violation) => return violation.span,
        Node::Fault(fault) => Span { start: fault.offset, end: fault.offset.saturating_add(1) },
        _ => return None,
    })
}

/// Every path of the schema with its field, messages followed once a kind:
/// what listings and the reference show.
#[must_use]
pub fn paths() -> Vec<(String, &'static Field)> {
    let mut paths = Vec::new();
    for root in ROOTS {
        let mut seen = vec![root.kind];
        walk(root.name, root.kind, &mut seen, &mut paths);
    }
    paths
}

fn walk(prefix: &str, kind: Kind, seen: &mut Vec<Kind>, paths: &mut Vec<(String, &'static Field)>) {
    for field in fields(kind) {
        let (path, inner) = match field.read {
            Read::Message(kind, _) => (format!("{prefix}.{}", field.name), Some(kind)),
            Read::List(Scalar::Message(kind), _) => (format!("{prefix}.{}[]", field.name), Some(kind)),
            Read::List(..) => (format!("{prefix}.{}[]", field.name), None),
            _ => (format!("{prefix}.{}", field.name), None),
        };
        paths.push((path.clone(), field));
        if let Some(inner) = inner.filter(|inner| !seen.contains(inner)) {
            seen.push(inner);
            walk(&path, inner, seen, paths);
            seen.pop();
        }
    }
}

use Field as F;

const fn bool_(
    name: &'static str,
    example: &'static str,
    doc: &'static str,
    read: for<'a> fn(Node<'a>) -> Out<bool>,
) -> F {
    F::new(name, Read::Bool(read), example, doc)
}

const fn int(
    name: &'static str,
    example: &'static str,
    doc: &'static str,
    read: for<'a> fn(Node<'a>) -> Out<i64>,
) -> F {
    F::new(name, Read::Int(read), example, doc)
}

const fn string(
    name: &'static str,
    example: &'static str,
    doc: &'static str,
    read: for<'a> fn(Node<'a>) -> Out<Cow<'a, str>>,
) -> F {
    F::new(name, Read::String(read), example, doc)
}

const fn bytes(
    name: &'static str,
    example: &'static str,
    doc: &'static str,
    read: for<'a> fn(Node<'a>) -> Out<Cow<'a, [u8]>>,
) -> F {
    F::new(name, Read::Bytes(read), example, doc)
}

const fn timestamp(
    name: &'static str,
    example: &'static str,
    doc: &'static str,
    read: for<'a> fn(Node<'a>) -> Out<i64>,
) -> F {
    F::new(name, Read::Timestamp(read), example, doc)
}

const fn message(
    name: &'static str,
    kind: Kind,
    doc: &'static str,
    read: for<'a> fn(Node<'a>) -> Out<Option<Node<'a>>>,
) -> F {
    F::new(name, Read::Message(kind, read), "", doc)
}

const fn list(
    name: &'static str,
    item: Scalar,
    example: &'static str,
    doc: &'static str,
    read: for<'a> fn(Node<'a>) -> Out<List<'a>>,
) -> F {
    F::new(name, Read::List(item, read), example, doc)
}

/// A count as CEL's integer.
fn count(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
