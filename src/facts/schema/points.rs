//! Facts of the places that extensions point to.

use super::super::extension::Decoded;
use super::super::points::{AccessDescription, DistributionPoint};
use super::super::value::{Kind, List, Node, Out, Scalar, Value};
use super::extensions::{CRITICAL, decoded};
use super::{Field, bool_, list, message, string};

/// id-ad-ocsp (RFC 5280 §4.2.2.1).
const OCSP: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 1];
/// id-ad-caIssuers.
const CA_ISSUERS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 2];

fn points(node: Node<'_>) -> Out<&[DistributionPoint<'_>]> {
    Ok(match decoded(node)? {
        Decoded::Points(points) => points,
        _ => &[],
    })
}

pub(super) static DISTRIBUTION_POINTS: &[Field] = &[
    CRITICAL,
    list("points", Scalar::Message(Kind::DistributionPoint), "", "the distribution points, in order", |n| {
        Ok(List::Facts {
            owner: n,
            length: points(n)?.len(),
            element: |n, at| {
                Value::Message(points(n).ok().and_then(|list| list.get(at)).map(Node::DistributionPoint))
            },
        })
    }),
];

fn point(node: Node<'_>) -> &DistributionPoint<'_> {
    match node {
        Node::DistributionPoint(point) => point,
        _ => unreachable!("the type checker passes distribution points only"),
    }
}

pub(super) static DISTRIBUTION_POINT: &[Field] = &[
    bool_("distributionPoint", "true", "whether [0] is there", |n| Ok(point(n).name.is_some()))
        .if_(|n| Ok(point(n).name.is_some())),
    bool_("reasons", "false", "whether [1] is there", |n| Ok(point(n).reasons.is_some()))
        .if_(|n| Ok(point(n).reasons.is_some())),
    list("cRLIssuer", Scalar::Message(Kind::GeneralName), "", "[2], names of the issuer of the list", |n| {
        Ok(List::Facts {
            owner: n,
            length: point(n).crl_issuer.as_deref().unwrap_or_default().len(),
            element: |n, at| {
                let name = point(n).crl_issuer.as_ref().and_then(|names| names.get(at));
                Value::Message(name.map(Node::GeneralName))
            },
        })
    })
    .if_(|n| Ok(point(n).crl_issuer.is_some())),
    bool_("nameRelativeToCRLIssuer", "false", "whether [0] holds [1]", |n| Ok(point(n).is_relative()))
        .if_(|n| Ok(point(n).is_relative())),
    list(
        "uniformResourceIdentifier",
        Scalar::String,
        "http://pki.example.com/root.crl",
        "URIs of the fullName, [0] in [0]",
        |n| {
            let uris = point(n).full_name().iter().filter(|name| name.kind == "uniformResourceIdentifier");
            Ok(List::Values(uris.map(|uri| Value::String(uri.text())).collect()))
        },
    ),
];

fn descriptions(node: Node<'_>) -> Out<&[AccessDescription<'_>]> {
    Ok(match decoded(node)? {
        Decoded::Access(descriptions) => descriptions,
        _ => &[],
    })
}

/// URIs at which what a method stands for is found.
fn uris<'a>(node: Node<'a>, method: &[u8]) -> Out<List<'a>> {
    let chosen = descriptions(node)?.iter().filter(|one| one.method.0 == method);
    let uris = chosen.filter(|one| one.location.kind == "uniformResourceIdentifier");
    Ok(List::Values(uris.map(|one| Value::String(one.location.text())).collect()))
}

pub(super) static INFO_ACCESS: &[Field] = &[
    CRITICAL,
    list("descriptions", Scalar::Message(Kind::AccessDescription), "", "all descriptions, in order", |n| {
        Ok(List::Facts {
            owner: n,
            length: descriptions(n)?.len(),
            element: |n, at| {
                let found = descriptions(n).ok().and_then(|list| list.get(at));
                Value::Message(found.map(Node::AccessDescription))
            },
        })
    }),
    list("caIssuers", Scalar::String, "http://pki.example.com/root.cer", "URIs of id-ad-caIssuers", |n| {
        uris(n, CA_ISSUERS)
    }),
    list("ocsp", Scalar::String, "http://ocsp.example.com/", "URIs of id-ad-ocsp", |n| uris(n, OCSP)),
];

fn description(node: Node<'_>) -> &AccessDescription<'_> {
    match node {
        Node::AccessDescription(description) => description,
        _ => unreachable!("the type checker passes descriptions of access only"),
    }
}

pub(super) static ACCESS_DESCRIPTION: &[Field] = &[
    string("accessMethod", "1.3.6.1.5.5.7.48.2", "what is found there, an OID", |n| {
        Ok(description(n).method.to_string().into())
    }),
    message("accessLocation", Kind::GeneralName, "where it is found", |n| {
        Ok(Some(Node::GeneralName(&description(n).location)))
    }),
];
