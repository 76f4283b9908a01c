//! Reads facts by their path, as rules do, so that what is compared with other
//! programs is what rules see.

use pemlint::facts::name::hex;
use pemlint::facts::schema::{self, Read};
use pemlint::facts::time::rfc3339;
use pemlint::facts::value::{Kind, List, Node, Out, Scalar, Value};

/// A message and its kind.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    node: Node<'a>,
    kind: Kind,
}

impl<'a> View<'a> {
    pub(crate) fn new(node: Node<'a>, kind: Kind) -> Self {
        Self { node, kind }
    }

    /// A single fact as text; `None` where it or a message on the way is absent.
    pub(crate) fn text(self, path: &str) -> Out<Option<String>> {
        let Some((owner, field)) = self.owner(path)? else {
            return Ok(None);
        };
        let node = owner.node;
        Ok(Some(match field.read {
            Read::Bool(read) => read(node)?.to_string(),
            Read::Int(read) => read(node)?.to_string(),
            Read::String(read) => read(node)?.into_owned(),
            Read::Bytes(read) => hex(&read(node)?),
            Read::Timestamp(read) => rfc3339(read(node)?),
            Read::Message(..) | Read::List(..) => panic!("{path} is no single fact"),
        }))
    }

    /// Whether a fact is there.
    pub(crate) fn has(self, path: &str) -> bool {
        matches!(self.owner(path), Ok(Some(_)))
    }

    /// The texts of a list; none where a message on the way is absent.
    pub(crate) fn texts(self, path: &str) -> Out<Vec<String>> {
        let (list, _) = self.list(path)?;
        let text = |value| match value {
            Value::String(text) => text.into_owned(),
            other => panic!("{path} holds {other:?}"),
        };
        Ok((0..list.len()).map(|at| text(list.element(at))).collect())
    }

    /// The messages of a list; none where a message on the way is absent.
    pub(crate) fn views(self, path: &str) -> Out<Vec<Self>> {
        let (list, item) = self.list(path)?;
        let Scalar::Message(kind) = item else { panic!("{path} is no list of messages") };
        let view = |value| match value {
            Value::Message(Some(node)) => View::new(node, kind),
            other => panic!("{path} holds {other:?}"),
        };
        Ok((0..list.len()).map(|at| view(list.element(at))).collect())
    }

    fn list(self, path: &str) -> Out<(List<'a>, Scalar)> {
        let (owner, item) = path.rsplit_once('.').map_or(("", path), |(owner, item)| (owner, item));
        let mut view = self;
        for part in owner.split('.').filter(|part| !part.is_empty()) {
            match view.step(part)? {
                Some(next) => view = next,
                None => return Ok((List::EMPTY, Scalar::Message(Kind::GeneralName))),
            }
        }
        match view.field(item).read {
            Read::List(kind, read) => Ok((read(view.node)?, kind)),
            _ => panic!("{path} is no list"),
        }
    }

    /// The message that holds the last part of a path, and that part.
    fn owner(self, path: &str) -> Out<Option<(Self, &'static schema::Field)>> {
        let mut view = self;
        let mut parts = path.split('.').peekable();
        while let Some(part) = parts.next() {
            if parts.peek().is_none() {
                let field = view.field(part);
                return Ok(field.is_present(view.node)?.then_some((view, field)));
            }
            match view.step(part)? {
                Some(next) => view = next,
                None => return Ok(None),
            }
        }
        unreachable!("a path has at least one part")
    }

    fn step(self, part: &str) -> Out<Option<Self>> {
        let field = self.field(part);
        let Read::Message(kind, _) = field.read else { panic!("{part} is no message") };
        Ok(field.message(self.node)?.map(|node| View::new(node, kind)))
    }

    fn field(self, name: &str) -> &'static schema::Field {
        schema::field(self.kind, name).unwrap_or_else(|| panic!("{:?} has no fact {name}", self.kind))
    }
}
