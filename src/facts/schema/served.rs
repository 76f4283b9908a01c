//! Facts of what a client trusts, and of names that it does not allow.

use super::super::name_constraint::Violation;
use super::super::trust_settings::TrustSettings;
use super::super::value::{Kind, List, Node, Out, Scalar, Value};
use super::{Field, bool_, list, message, string};
use crate::oid::Oid;

fn settings(node: Node<'_>) -> Out<TrustSettings<'_>> {
    match node {
        Node::Certificate(bundle, at) => Ok(bundle.trust_settings(at)?.unwrap_or_default()),
        _ => unreachable!("the type checker passes certificates only"),
    }
}

fn purposes<'a>(purposes: &[Oid<'_>]) -> List<'a> {
    List::Values(purposes.iter().map(|oid| Value::String(oid.to_string().into())).collect())
}

pub(super) static TRUST_SETTINGS: &[Field] = &[
    list("trusted", Scalar::String, "1.3.6.1.5.5.7.3.1", "purposes that it is trusted for", |n| {
        Ok(purposes(&settings(n)?.trusted.unwrap_or_default()))
    }),
    bool_("limited", "true", "whether purposes that it is trusted for are listed at all", |n| {
        Ok(settings(n)?.trusted.is_some())
    }),
    list("rejected", Scalar::String, "1.3.6.1.5.5.7.3.1", "purposes that it is rejected for", |n| {
        Ok(purposes(&settings(n)?.rejected))
    }),
];

fn violation(node: Node<'_>) -> &Violation {
    match node {
        Node::Violation(_, violation) => violation,
        _ => unreachable!("the type checker passes violations only"),
    }
}

pub(super) static VIOLATION: &[Field] = &[
    string(
        "fault",
        "notPermitted",
        "notPermitted, excluded, kindUnsupported (a kind of name that OpenSSL cannot compare) or nameInvalid",
        |n| Ok(violation(n).fault.into()),
    ),
    string("kind", "dNSName", "choice of the name, as RFC 5280 names it", |n| Ok(violation(n).kind.into())),
    string("name", "www.example.com", "the name as people read it", |n| {
        Ok(violation(n).name.as_str().into())
    }),
    string("subtrees", "dNSName \"test.example\"", "the subtrees that it was held against", |n| {
        Ok(violation(n).subtrees.as_str().into())
    }),
    message("issuer", Kind::Certificate, "the CA that constrains it", |n| match n {
        Node::Violation(bundle, violation) => Ok(Some(Node::Certificate(bundle, violation.issuer))),
        _ => unreachable!("the type checker passes violations only"),
    }),
];
