//! Compiled expressions: one closure type for each type of value.

use std::borrow::Cow;
use std::fmt;

use super::Scope;
use crate::facts::schema::Field;
use crate::facts::value::{Kind, List, Node, Out, Scalar, Type, Value};

/// A closure that gives a Boolean.
pub type BoolFn = Box<dyn for<'a> Fn(&mut Scope<'a>) -> Out<bool> + Send + Sync>;
/// A closure that gives an integer, or seconds.
pub type IntFn = Box<dyn for<'a> Fn(&mut Scope<'a>) -> Out<i64> + Send + Sync>;
/// A closure that gives text.
pub type StringFn = Box<dyn for<'a> Fn(&mut Scope<'a>) -> Out<Cow<'a, str>> + Send + Sync>;
/// A closure that gives octets.
pub type BytesFn = Box<dyn for<'a> Fn(&mut Scope<'a>) -> Out<Cow<'a, [u8]>> + Send + Sync>;
/// A closure that gives a message, `None` where it is absent.
pub type NodeFn = Box<dyn for<'a> Fn(&mut Scope<'a>) -> Out<Option<Node<'a>>> + Send + Sync>;
/// A closure that gives a list.
pub type ListFn = Box<dyn for<'a> Fn(&mut Scope<'a>) -> Out<List<'a>> + Send + Sync>;

/// What gives a message.
pub enum MessageCode {
    /// A variable and the fields that lead on from it, which is what most rules read: one closure reads them all.
    Path(Start, [Option<&'static Field>; PATH]),
    /// Anything else.
    Computed(NodeFn),
}

/// Most fields of a path; longer ones are computed from a shorter one.
const PATH: usize = 3;

/// The variable at which a path begins.
#[derive(Clone, Copy, Debug)]
pub enum Start {
    /// One of the schema, by its place among [`crate::facts::schema::ROOTS`].
    Root(usize),
    /// One of a loop, or `item`, by its place in the scope.
    Value(usize),
}

impl MessageCode {
    /// The message of a variable.
    pub(super) fn of(start: Start) -> Self {
        Self::Path(start, [None; PATH])
    }

    /// The message that a field of this one holds.
    pub(super) fn then(self, field: &'static Field) -> Self {
        match self {
            Self::Path(start, mut fields) if fields[PATH - 1].is_none() => {
                let next = fields.iter().flatten().count();
                fields[next] = Some(field);
                Self::Path(start, fields)
            }
            owner => Self::Computed(Box::new(move |scope| match owner.node(scope)? {
                Some(node) => field.message(node),
                None => Ok(None),
            })),
        }
    }

    /// The message, `None` where it is absent.
    ///
    /// # Errors
    /// Where a part that leads to it does not decode.
    #[inline]
    pub(super) fn node<'a>(&self, scope: &mut Scope<'a>) -> Out<Option<Node<'a>>> {
        let (start, fields) = match self {
            Self::Path(start, fields) => (start, fields),
            Self::Computed(code) => return code(scope),
        };
        let mut node = match start {
            Start::Root(slot) => scope.nodes[*slot],
            Start::Value(slot) => match &scope.values[*slot] {
                Value::Message(node) => *node,
                _ => None,
            },
        };
        for field in fields.iter().flatten() {
            match node {
                Some(owner) => node = field.message(owner)?,
                None => break,
            }
        }
        Ok(node)
    }
}

/// A compiled expression of any type.
#[expect(missing_docs, reason = "one variant a type")]
pub enum Code {
    Bool(BoolFn),
    Int(IntFn),
    String(StringFn),
    Bytes(BytesFn),
    Timestamp(IntFn),
    Duration(IntFn),
    Message(Kind, MessageCode),
    List(Scalar, ListFn),
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Code({})", self.type_())
    }
}

impl Code {
    /// Type of its value.
    #[must_use]
    pub fn type_(&self) -> Type {
        match self {
            Self::Bool(_) => Type::One(Scalar::Bool),
            Self::Int(_) => Type::One(Scalar::Int),
            Self::String(_) => Type::One(Scalar::String),
            Self::Bytes(_) => Type::One(Scalar::Bytes),
            Self::Timestamp(_) => Type::One(Scalar::Timestamp),
            Self::Duration(_) => Type::One(Scalar::Duration),
            Self::Message(kind, _) => Type::One(Scalar::Message(*kind)),
            Self::List(item, _) => Type::List(*item),
        }
    }

    /// Its value, where it is a single one.
    ///
    /// # Errors
    /// Where the expression has no value.
    pub fn value<'a>(&self, scope: &mut Scope<'a>) -> Out<Value<'a>> {
        Ok(match self {
            Self::Bool(code) => Value::Bool(code(scope)?),
            Self::Int(code) => Value::Int(code(scope)?),
            Self::String(code) => Value::String(code(scope)?),
            Self::Bytes(code) => Value::Bytes(code(scope)?),
            Self::Timestamp(code) => Value::Timestamp(code(scope)?),
            Self::Duration(code) => Value::Duration(code(scope)?),
            Self::Message(_, code) => Value::Message(code.node(scope)?),
            Self::List(..) => Value::Message(None),
        })
    }
}

/// Boxes a closure that gives a Boolean.
pub(super) fn bool_code(code: impl for<'a> Fn(&mut Scope<'a>) -> Out<bool> + Send + Sync + 'static) -> Code {
    Code::Bool(Box::new(code))
}

/// Boxes a closure that gives an integer.
pub(super) fn int_code(code: impl for<'a> Fn(&mut Scope<'a>) -> Out<i64> + Send + Sync + 'static) -> Code {
    Code::Int(Box::new(code))
}

/// Boxes a closure that gives text.
pub(super) fn string_code(
    code: impl for<'a> Fn(&mut Scope<'a>) -> Out<Cow<'a, str>> + Send + Sync + 'static,
) -> Code {
    Code::String(Box::new(code))
}

/// Boxes a closure that gives octets.
pub(super) fn bytes_code(
    code: impl for<'a> Fn(&mut Scope<'a>) -> Out<Cow<'a, [u8]>> + Send + Sync + 'static,
) -> Code {
    Code::Bytes(Box::new(code))
}

/// Boxes a closure that gives a message.
pub(super) fn node_code(
    kind: Kind,
    code: impl for<'a> Fn(&mut Scope<'a>) -> Out<Option<Node<'a>>> + Send + Sync + 'static,
) -> Code {
    Code::Message(kind, MessageCode::Computed(Box::new(code)))
}

/// Boxes a closure that gives a list.
pub(super) fn list_code(
    item: Scalar,
    code: impl for<'a> Fn(&mut Scope<'a>) -> Out<List<'a>> + Send + Sync + 'static,
) -> Code {
    Code::List(item, Box::new(code))
}
