//! Types and values of facts: what the schema declares and expressions compute with.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use super::algorithm::AlgorithmIdentifier;
use super::bundle::{BlockFacts, Bundle, FileFacts, KeyFacts, KeyMatch, Link};
use super::certificate::{BitString, Certificate, Integer, Validity};
use super::encoding::EncodingFault;
use super::extension::Extension;
use super::general_name::{GeneralName, Subtree};
use super::name::{Attribute, Name, Rdn};
use super::name_constraint::Violation;
use super::points::{AccessDescription, DistributionPoint};
use super::policy::{PolicyInformation, PolicyMapping, PolicyQualifier};
use super::public_key::PublicKey;
use super::time::Time;
use crate::der::Malformed;
use crate::input::Damage;

/// Why an expression has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It reads a part that does not decode: the rule is indeterminate.
    Malformed(Malformed),
    /// It asks for something that cannot be found out here: the rule is indeterminate.
    Unknown(&'static str),
    /// It cannot be computed: the rule has an error.
    Error(&'static str),
}

impl Fault {
    /// The fault of an expression that cannot be computed.
    #[must_use]
    pub fn error(reason: &'static str) -> Box<Self> {
        Box::new(Self::Error(reason))
    }
}

impl From<Malformed> for Box<Fault> {
    fn from(malformed: Malformed) -> Self {
        Self::new(Fault::Malformed(malformed))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(fault) => write!(f, "{} {} (octet {})", fault.part, fault.reason, fault.offset),
            Self::Unknown(reason) | Self::Error(reason) => f.write_str(reason),
        }
    }
}

/// A value, or why there is none. Nearly all have one: the reason is a pointer, so that a small value is
/// returned in registers.
pub type Out<T> = Result<T, Box<Fault>>;

/// Type of a single value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the types of CEL")]
pub enum Scalar {
    Bool,
    Int,
    String,
    Bytes,
    Timestamp,
    Duration,
    Message(Kind),
}

/// Type of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// One value.
    One(Scalar),
    /// A list of them; lists do not nest.
    List(Scalar),
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::String => f.write_str("string"),
            Self::Bytes => f.write_str("bytes"),
            Self::Timestamp => f.write_str("timestamp"),
            Self::Duration => f.write_str("duration"),
            Self::Message(kind) => write!(f, "{kind:?}"),
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(scalar) => write!(f, "{scalar}"),
            Self::List(scalar) => write!(f, "list of {scalar}"),
        }
    }
}

/// Kinds of messages: groups of facts that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "described in the schema")]
pub enum Kind {
    Certificate,
    SerialNumber,
    Name,
    Rdn,
    Attribute,
    AlgorithmIdentifier,
    PssParameters,
    Validity,
    TimeEncoding,
    PublicKey,
    RsaPublicKey,
    EcPublicKey,
    SignatureValue,
    Extension,
    KeyUsage,
    BasicConstraints,
    ExtKeyUsage,
    AltName,
    SubjectKeyIdentifier,
    AuthorityKeyIdentifier,
    NameConstraints,
    DistributionPoints,
    CertificatePolicies,
    PolicyMappings,
    PolicyConstraints,
    OcspNoCheck,
    PlainExtension,
    GeneralName,
    GeneralSubtree,
    DistributionPoint,
    PolicyInformation,
    PolicyQualifier,
    PolicyMapping,
    InfoAccess,
    AccessDescription,
    NetscapeCertType,
    TrustSettings,
    NameConstraintViolation,
    Fault,
    Encoding,
    EncodingFault,
    Link,
    Bundle,
    Key,
    KeyMatch,
    Block,
    Damage,
    File,
}

/// A message: a borrowed view of the structure whose facts are asked for.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "one variant a kind of structure")]
pub enum Node<'a> {
    Certificate(&'a Bundle<'a>, usize),
    Integer(&'a Integer<'a>),
    Name(&'a Name<'a>),
    Rdn(&'a Name<'a>, &'a Rdn),
    Attribute(&'a Attribute<'a>),
    Algorithm(&'a AlgorithmIdentifier<'a>),
    Validity(&'a Validity<'a>),
    Time(&'a Time<'a>),
    PublicKey(&'a PublicKey<'a>),
    SignatureValue(&'a BitString<'a>),
    Extension(&'a Extension<'a>),
    GeneralName(&'a GeneralName<'a>),
    Subtree(&'a Subtree<'a>),
    DistributionPoint(&'a DistributionPoint<'a>),
    PolicyInformation(&'a PolicyInformation<'a>),
    PolicyQualifier(&'a PolicyQualifier<'a>),
    PolicyMapping(&'a PolicyMapping<'a>),
    AccessDescription(&'a AccessDescription<'a>),
    Violation(&'a Bundle<'a>, &'a Violation),
    Fault(&'a Malformed),
    EncodingFault(&'a EncodingFault),
    Link(&'a Bundle<'a>, &'a Link),
    Bundle(&'a Bundle<'a>),
    Key(&'a KeyFacts),
    KeyMatch(&'a KeyMatch),
    Block(&'a BlockFacts<'a>),
    Damage(&'a Damage),
    File(&'a FileFacts),
    /// Facts given as data instead of read from an artifact: what property tests
    /// and examples of rules evaluate on.
    Record(&'a Record),
}

impl<'a> Node<'a> {
    /// The certificate of a certificate node.
    ///
    /// # Panics
    /// On other nodes; the type checker lets none of them come here.
    #[must_use]
    pub fn certificate(self) -> &'a Certificate<'a> {
        match self {
            Self::Certificate(bundle, at) => &bundle.certificates[at],
            _ => unreachable!("the type checker passes certificates only"),
        }
    }
}

/// Facts given as data, by field name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// Values of the fields; a field without one is absent.
    pub fields: BTreeMap<&'static str, Datum>,
}

/// A fact given as data.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "one variant a type")]
pub enum Datum {
    Bool(bool),
    Int(i64),
    String(String),
    Bytes(Vec<u8>),
    Timestamp(i64),
    Message(Record),
    List(Vec<Datum>),
}

/// A value.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "one variant a type")]
pub enum Value<'a> {
    Bool(bool),
    Int(i64),
    String(Cow<'a, str>),
    Bytes(Cow<'a, [u8]>),
    /// Seconds since 1970-01-01T00:00:00Z.
    Timestamp(i64),
    /// Seconds.
    Duration(i64),
    /// A message; `None` where it is absent.
    Message(Option<Node<'a>>),
}

/// A list: read from an artifact element by element, or made by an expression.
#[derive(Clone, Debug)]
pub enum List<'a> {
    /// Elements that a fact gives one by one.
    Facts {
        /// The message that holds the list.
        owner: Node<'a>,
        /// Number of elements.
        length: usize,
        /// Gives an element.
        element: for<'b> fn(Node<'b>, usize) -> Value<'b>,
    },
    /// Elements at hand.
    Values(Cow<'a, [Value<'a>]>),
}

impl<'a> List<'a> {
    /// The empty list.
    pub const EMPTY: Self = List::Values(Cow::Borrowed(&[]));

    /// Number of elements.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Facts { length, .. } => *length,
            Self::Values(values) => values.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The element at a place below [`Self::len`].
    #[must_use]
    pub fn element(&self, at: usize) -> Value<'a> {
        match self {
            Self::Facts { owner, element, .. } => element(*owner, at),
            Self::Values(values) => values[at].clone(),
        }
    }
}

impl Datum {
    /// The fact as a value; lists are read by [`Datum::as_list`].
    #[must_use]
    pub fn as_value(&self) -> Value<'_> {
        match self {
            Self::Bool(value) => Value::Bool(*value),
            Self::Int(value) => Value::Int(*value),
            Self::String(value) => Value::String(value.as_str().into()),
            Self::Bytes(value) => Value::Bytes(value.as_slice().into()),
            Self::Timestamp(value) => Value::Timestamp(*value),
            Self::Message(record) => Value::Message(Some(Node::Record(record))),
            Self::List(_) => Value::Message(None),
        }
    }

    /// The fact as a list, empty where it is none.
    #[must_use]
    pub fn as_list(&self) -> List<'_> {
        match self {
            Self::List(items) => List::Values(items.iter().map(Datum::as_value).collect()),
            _ => List::EMPTY,
        }
    }
}
