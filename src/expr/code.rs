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
    /// A variable of the schema, by its place among [`crate::facts::schema::ROOTS`].
    Root(Root),
    /// A variable of a loop, or `item`.
    Local(Local),
    /// A field of a variable of the schema, which is what most rules read.
    Part(Part),
    /// Anything else.
    Computed(NodeFn),
}

/// What a closure reads a message with. The shapes that most rules have are types of their own, so that their closures
/// hold all of the reading.
pub(super) trait Owner: Send + Sync + 'static {
    /// The message, `None` where it is absent.
    ///
    /// # Errors
    /// Where a part that leads to it does not decode.
    fn node<'a>(&self, scope: &mut Scope<'a>) -> Out<Option<Node<'a>>>;

    /// What reads the message that a field of this one holds.
    fn then(self, step: Step) -> MessageCode
    where
        Self: Sized,
    {
        MessageCode::Computed(Box::new(move |scope| step.take(self.node(scope)?)))
    }
}

/// Place of a variable of the schema in the scope.
#[derive(Clone, Copy, Debug)]
pub struct Root(pub usize);

/// Place of a variable of a loop, or of `item`, in the scope.
#[derive(Clone, Copy, Debug)]
pub struct Local(pub usize);

/// A field of a variable of the schema.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    root: Root,
    step: Step,
}

/// A field, and what reads the message that it holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// The field.
    pub field: &'static Field,
    /// Its reader.
    pub read: ReadMessage,
}

/// Reads the message that a field holds.
type ReadMessage = for<'a> fn(Node<'a>) -> Out<Option<Node<'a>>>;

impl Step {
    #[inline]
    fn take<'a>(&self, owner: Option<Node<'a>>) -> Out<Option<Node<'a>>> {
        match owner {
            None => Ok(None),
            Some(owner @ Node::Record(_)) => self.field.message(owner),
            Some(owner) => (self.read)(owner),
        }
    }
}

impl Owner for Root {
    #[inline]
    fn node<'a>(&self, scope: &mut Scope<'a>) -> Out<Option<Node<'a>>> {
        Ok(scope.nodes[self.0])
    }

    fn then(self, step: Step) -> MessageCode {
        MessageCode::Part(Part { root: self, step })
    }
}

impl Owner for Local {
    #[inline]
    fn node<'a>(&self, scope: &mut Scope<'a>) -> Out<Option<Node<'a>>> {
        Ok(match &scope.values[self.0] {
            Value::Message(node) => *node,
            _ => None,
        })
    }
}

impl Owner for Part {
    #[inline]
    fn node<'a>(&self, scope: &mut Scope<'a>) -> Out<Option<Node<'a>>> {
        self.step.take(scope.nodes[self.root.0])
    }
}

impl Owner for NodeFn {
    #[inline]
    fn node<'a>(&self, scope: &mut Scope<'a>) -> Out<Option<Node<'a>>> {
        self(scope)
    }
}

impl MessageCode {
    /// The message, `None` where it is absent.
    ///
    /// # Errors
    /// Where a part that leads to it does not decode.
    pub(super) fn node<'a>(&self, scope: &mut Scope<'a>) -> Out<Option<Node<'a>>> {
        match self {
            Self::Root(owner) => owner.node(scope),
            Self::Local(owner) => owner.node(scope),
            Self::Part(owner) => owner.node(scope),
            Self::Computed(owner) => owner.node(scope),
        }
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
