//! What must hold of octets read as a certificate: every fact is read without a
//! panic, and every place lies inside the octets and inside the place of what
//! holds it. Knows nothing of PEM.

use pemlint::der::Span;
use pemlint::facts::schema::{self, Read};
use pemlint::facts::value::{Kind, List, Node, Scalar, Value};
use pemlint::facts::{Bundle, Certificate};
use pemlint::relations::relate;

/// Elements of a list that are looked at.
const ELEMENTS: usize = 100;

/// Reads a certificate and all its facts; panics where something points outside.
pub(crate) fn read_everything(der: &[u8]) {
    let certificate = Certificate::read(der);
    let length = u32::try_from(der.len()).expect("certificates have a cap");
    for fault in &certificate.malformed {
        assert!(fault.offset <= length, "{fault:?} in {length} octets");
    }
    assert!(certificate.span.end <= length);
    let bundle: Bundle<'_> = relate(vec![certificate.clone(), certificate], &[0, 0], false);
    walk(Node::Certificate(&bundle, 0), Kind::Certificate, Span { start: 0, end: length });
}

fn walk(node: Node<'_>, kind: Kind, around: Span) {
    // A fault has an offset, which may be the end; it has no extent.
    let here = if kind == Kind::Fault { around } else { schema::span(node).unwrap_or(around) };
    assert!(is_inside(here, around), "{kind:?} at {here:?} lies outside of {around:?}");
    for field in schema::fields(kind) {
        let _ = field.is_present(node);
        if let Some(place) = field.place.and_then(|place| place(node)) {
            assert!(is_inside(place, here), "{} at {place:?} lies outside of {here:?}", field.name);
        }
        match field.read {
            Read::Bool(read) => drop(read(node)),
            Read::Int(read) => drop(read(node)),
            Read::String(read) => drop(read(node)),
            Read::Bytes(read) => drop(read(node)),
            Read::Timestamp(read) => drop(read(node)),
            // Other certificates have places of their own.
            Read::Message(Kind::Certificate, _) => {}
            Read::Message(kind, read) => {
                if let Ok(Some(inner)) = read(node) {
                    walk(inner, kind, here);
                }
            }
            Read::List(item, read) => {
                if let Ok(list) = read(node) {
                    elements(&list, item, here);
                }
            }
        }
    }
}

fn elements(list: &List<'_>, item: Scalar, around: Span) {
    for at in 0..list.len().min(ELEMENTS) {
        match (list.element(at), item) {
            (_, Scalar::Message(Kind::Certificate)) => {}
            (Value::Message(Some(node)), Scalar::Message(kind)) => walk(node, kind, around),
            _ => {}
        }
    }
}

fn is_inside(inner: Span, outer: Span) -> bool {
    outer.start <= inner.start && inner.start <= inner.end && inner.end <= outer.end
}
