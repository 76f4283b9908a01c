//! Facts of extensions and of what stands inside them.

use super::super::extension::{
    AuthorityKeyIdentifier, BasicConstraints, Decoded, Extension, KEY_USAGE as BIT_NAMES,
};
use super::super::general_name::{GeneralName, Subtree};
use super::super::value::{Kind, List, Node, Out, Scalar, Value};
use super::{Field, bool_, bytes, count, int, list, string};
use crate::oid::Oid;

fn extension(node: Node<'_>) -> &Extension<'_> {
    match node {
        Node::Extension(extension) => extension,
        _ => unreachable!("the type checker passes extensions only"),
    }
}

/// The decoded value, or why there is none.
pub(super) fn decoded(node: Node<'_>) -> Out<&Decoded<'_>> {
    Ok(extension(node).decoded.as_ref().map_err(|fault| *fault)?)
}

pub(super) const CRITICAL: Field =
    bool_("critical", "true", "whether it is marked critical", |n| Ok(extension(n).critical));

pub(super) static EXTENSION: &[Field] =
    &[
        string("oid", "2.5.29.15", "its extnID", |n| Ok(extension(n).dotted())),
        string("name", "keyUsage", "its name: RFC 5280's, else the registry's, else the OID", |n| {
            Ok(extension(n).name())
        }),
        CRITICAL,
        string("criticalEncoding", "absent", "absent, true, false or nonDer: the BOOLEAN as written", |n| {
            Ok(extension(n).critical_encoding.into())
        }),
        bool_(
            "known",
            "true",
            "whether OpenSSL processes it, so that it may be critical (X509_supported_extension)",
            |n| Ok(extension(n).is_processed()),
        ),
        int("count", "1", "how often its OID occurs in the certificate", |n| Ok(extension(n).count.into())),
        bool_("repeated", "false", "whether an earlier extension has the same OID", |n| {
            Ok(extension(n).repeated)
        }),
        string(
            "malformedReason",
            "is not a SEQUENCE",
            "why extnValue does not decode to its last octet, empty if it does or is not looked into",
            |n| Ok(extension(n).decoded.as_ref().err().map_or("", |fault| fault.reason).into()),
        ),
        bool_("netscape", "false", "whether its OID is one of Netscape, 2.16.840.1.113730", |n| {
            Ok(extension(n).is_of_netscape())
        }),
        bool_("emptySequence", "false", "whether extnValue is an empty SEQUENCE or shorter", |n| {
            Ok(extension(n).is_empty_sequence())
        }),
        int("octets", "4", "octets of extnValue", |n| Ok(count(extension(n).value.len()))),
    ];

pub(super) static PLAIN_EXTENSION: &[Field] = &[CRITICAL];

pub(super) static OCSP_NO_CHECK: &[Field] = &[
    CRITICAL,
    bool_("isNull", "true", "whether its value is NULL", |n| {
        Ok(matches!(decoded(n)?, Decoded::NoCheck(true)))
    }),
];

/// Bits of keyUsage.
fn usage(node: Node<'_>) -> Out<u16> {
    Ok(match decoded(node)? {
        Decoded::KeyUsage(usage) => usage.bits,
        _ => 0,
    })
}

pub(super) static KEY_USAGE: &[Field] = &[
    CRITICAL,
    bool_("digitalSignature", "true", "bit 0", |n| Ok(usage(n)? & 1 != 0)),
    bool_("nonRepudiation", "false", "bit 1, also called contentCommitment", |n| Ok(usage(n)? & 1 << 1 != 0)),
    bool_("keyEncipherment", "false", "bit 2", |n| Ok(usage(n)? & 1 << 2 != 0)),
    bool_("dataEncipherment", "false", "bit 3", |n| Ok(usage(n)? & 1 << 3 != 0)),
    bool_("keyAgreement", "false", "bit 4", |n| Ok(usage(n)? & 1 << 4 != 0)),
    bool_("keyCertSign", "true", "bit 5", |n| Ok(usage(n)? & 1 << 5 != 0)),
    bool_("cRLSign", "true", "bit 6", |n| Ok(usage(n)? & 1 << 6 != 0)),
    bool_("encipherOnly", "false", "bit 7", |n| Ok(usage(n)? & 1 << 7 != 0)),
    bool_("decipherOnly", "false", "bit 8", |n| Ok(usage(n)? & 1 << 8 != 0)),
    bool_("unknownBits", "false", "whether a bit behind bit 8 is set", |n| {
        Ok(matches!(decoded(n)?, Decoded::KeyUsage(usage) if usage.has_unknown))
    }),
    bool_("minimal", "true", "whether its last bit is a one, X.690 11.2.2", |n| {
        Ok(matches!(decoded(n)?, Decoded::KeyUsage(usage) if usage.is_minimal))
    }),
    list("bits", Scalar::String, "keyCertSign, cRLSign", "names of the bits that are set", |n| {
        let bits = usage(n)?;
        Ok(List::Facts {
            owner: n,
            length: (bits & 0x1ff).count_ones() as usize,
            element: |n, at| {
                let bits = usage(n).unwrap_or(0);
                let name = BIT_NAMES.iter().enumerate().filter(|(bit, _)| bits & 1 << bit != 0).nth(at);
                Value::String((*name.map_or(&"", |(_, name)| name)).into())
            },
        })
    }),
];

fn constraints(node: Node<'_>) -> Out<BasicConstraints> {
    Ok(match decoded(node)? {
        Decoded::BasicConstraints(constraints) => *constraints,
        _ => BasicConstraints { ca: false, ca_encoding: "absent", path_length: None, path_length_span: None },
    })
}

pub(super) static BASIC_CONSTRAINTS: &[Field] = &[
    CRITICAL,
    bool_("cA", "true", "whether the subject is a CA", |n| Ok(constraints(n)?.ca)),
    string("cAEncoding", "true", "absent, true, false or nonDer: the BOOLEAN as written", |n| {
        Ok(constraints(n)?.ca_encoding.into())
    }),
    int(
        "pathLenConstraint",
        "0",
        "most CA certificates that may follow below, self-issued ones not counted; bounded to 64 bits",
        |n| Ok(constraints(n)?.path_length.unwrap_or(0)),
    )
    .if_(|n| Ok(constraints(n)?.path_length.is_some()))
    .at(|n| constraints(n).ok().and_then(|constraints| constraints.path_length_span)),
];

fn purposes(node: Node<'_>) -> Out<&[Oid<'_>]> {
    Ok(match decoded(node)? {
        Decoded::ExtKeyUsage(purposes) => purposes,
        _ => &[],
    })
}

/// Whether id-kp `last` (1.3.6.1.5.5.7.3.`last`) is among the purposes.
fn has_purpose(node: Node<'_>, last: u8) -> Out<bool> {
    Ok(purposes(node)?.iter().any(|oid| oid.0 == [0x2b, 6, 1, 5, 5, 7, 3, last]))
}

pub(super) static EXT_KEY_USAGE: &[Field] = &[
    CRITICAL,
    list("keyPurposeId", Scalar::String, "1.3.6.1.5.5.7.3.1", "OIDs of the purposes, in order", |n| {
        Ok(List::Facts {
            owner: n,
            length: purposes(n)?.len(),
            element: |n, at| {
                let purpose = purposes(n).ok().and_then(|purposes| purposes.get(at));
                Value::String(purpose.map(ToString::to_string).unwrap_or_default().into())
            },
        })
    }),
    bool_("serverAuth", "true", "1.3.6.1.5.5.7.3.1 is there", |n| has_purpose(n, 1)),
    bool_("clientAuth", "false", "1.3.6.1.5.5.7.3.2 is there", |n| has_purpose(n, 2)),
    bool_("codeSigning", "false", "1.3.6.1.5.5.7.3.3 is there", |n| has_purpose(n, 3)),
    bool_("emailProtection", "false", "1.3.6.1.5.5.7.3.4 is there", |n| has_purpose(n, 4)),
    bool_("timeStamping", "false", "1.3.6.1.5.5.7.3.8 is there", |n| has_purpose(n, 8)),
    bool_("OCSPSigning", "false", "1.3.6.1.5.5.7.3.9 is there", |n| has_purpose(n, 9)),
    bool_("anyExtendedKeyUsage", "false", "2.5.29.37.0 is there", |n| {
        Ok(purposes(n)?.iter().any(|oid| oid.0 == [0x55, 0x1d, 37, 0]))
    }),
];

/// The first octet of netscapeCertType.
fn netscape_type(node: Node<'_>) -> Out<u8> {
    Ok(match decoded(node)? {
        Decoded::NetscapeType(bits) => *bits,
        _ => 0,
    })
}

pub(super) static NETSCAPE_CERT_TYPE: &[Field] = &[
    CRITICAL,
    bool_("sslServer", "true", "bit 1", |n| Ok(netscape_type(n)? & 0x40 != 0)),
    bool_("sslCA", "false", "bit 5", |n| Ok(netscape_type(n)? & 0x04 != 0)),
];

fn names(node: Node<'_>) -> Out<&[GeneralName<'_>]> {
    Ok(match decoded(node)? {
        Decoded::Names(names) => names,
        _ => &[],
    })
}

/// Texts of the names of one choice.
fn texts<'a>(node: Node<'a>, kind: &str) -> Out<List<'a>> {
    let chosen = names(node)?.iter().filter(|name| name.kind == kind);
    Ok(List::Values(chosen.map(|name| Value::String(name.text())).collect()))
}

pub(super) static ALT_NAME: &[Field] = &[
    CRITICAL,
    list("names", Scalar::Message(Kind::GeneralName), "", "all names, in order", |n| {
        Ok(List::Facts {
            owner: n,
            length: names(n)?.len(),
            element: |n, at| {
                Value::Message(names(n).ok().and_then(|names| names.get(at)).map(Node::GeneralName))
            },
        })
    }),
    list("dNSName", Scalar::String, "example.com", "host names", |n| texts(n, "dNSName")),
    list("iPAddress", Scalar::String, "192.0.2.1", "addresses", |n| texts(n, "iPAddress")),
    list("rfc822Name", Scalar::String, "pki@example.com", "mail addresses", |n| texts(n, "rfc822Name")),
    list("uniformResourceIdentifier", Scalar::String, "https://example.com/", "URIs", |n| {
        texts(n, "uniformResourceIdentifier")
    }),
    list("directoryName", Scalar::String, "CN=Example", "names as RFC 4514 writes them", |n| {
        texts(n, "directoryName")
    }),
    list("otherName", Scalar::String, "0603…", "other names, as hex", |n| texts(n, "otherName")),
];

fn identifier(node: Node<'_>) -> Out<&[u8]> {
    Ok(match decoded(node)? {
        Decoded::KeyIdentifier(octets) => octets,
        _ => &[],
    })
}

pub(super) static SUBJECT_KEY_IDENTIFIER: &[Field] = &[
    CRITICAL,
    bytes("keyIdentifier", "5f3c…", "the identifier", |n| Ok(identifier(n)?.into())),
    int("octets", "20", "its length", |n| Ok(count(identifier(n)?.len()))),
];

fn authority(node: Node<'_>) -> Out<AuthorityKeyIdentifier<'_>> {
    Ok(match decoded(node)? {
        Decoded::Authority(authority) => *authority,
        _ => AuthorityKeyIdentifier::default(),
    })
}

pub(super) static AUTHORITY_KEY_IDENTIFIER: &[Field] = &[
    CRITICAL,
    bytes("keyIdentifier", "5f3c…", "[0], the identifier of the issuer's key", |n| {
        Ok(authority(n)?.key_identifier.unwrap_or_default().into())
    })
    .if_(|n| Ok(authority(n)?.key_identifier.is_some())),
    list(
        "authorityCertIssuer",
        Scalar::Message(Kind::GeneralName),
        "",
        "[1], names of the issuer's issuer; only its presence can be asked for",
        |n| {
            authority(n)?;
            Ok(List::EMPTY)
        },
    )
    .if_(|n| Ok(authority(n)?.issuer.is_some())),
    bytes("authorityCertSerialNumber", "0a1b", "[2], serial number of the issuer's certificate", |n| {
        Ok(authority(n)?.serial_number.unwrap_or_default().into())
    })
    .if_(|n| Ok(authority(n)?.serial_number.is_some())),
];

fn subtrees(node: Node<'_>, excluded: bool) -> Out<&[Subtree<'_>]> {
    Ok(match decoded(node)? {
        Decoded::NameConstraints(_, list) if excluded => list,
        Decoded::NameConstraints(list, _) => list,
        _ => &[],
    })
}

pub(super) static NAME_CONSTRAINTS: &[Field] = &[
    CRITICAL,
    list("permittedSubtrees", Scalar::Message(Kind::GeneralSubtree), "", "[0]", |n| {
        Ok(List::Facts {
            owner: n,
            length: subtrees(n, false)?.len(),
            element: |n, at| {
                Value::Message(subtrees(n, false).ok().and_then(|list| list.get(at)).map(Node::Subtree))
            },
        })
    }),
    list("excludedSubtrees", Scalar::Message(Kind::GeneralSubtree), "", "[1]", |n| {
        Ok(List::Facts {
            owner: n,
            length: subtrees(n, true)?.len(),
            element: |n, at| {
                Value::Message(subtrees(n, true).ok().and_then(|list| list.get(at)).map(Node::Subtree))
            },
        })
    }),
];

fn general_name(node: Node<'_>) -> &GeneralName<'_> {
    match node {
        Node::GeneralName(name) => name,
        Node::Subtree(subtree) => &subtree.base,
        _ => unreachable!("the type checker passes general names only"),
    }
}

const KIND: Field =
    string("kind", "dNSName", "its choice, as RFC 5280 names it", |n| Ok(general_name(n).kind.into()));
const TEXT: Field = string(
    "text",
    "example.com",
    "the name as people read it; IA5 text as Latin-1, addresses in their usual form",
    |n| Ok(general_name(n).text()),
);
const OCTETS: Field = int("octets", "11", "content octets", |n| Ok(count(general_name(n).content.len())));

pub(super) static GENERAL_NAME: &[Field] = &[
    KIND,
    TEXT,
    OCTETS,
    bool_("ascii", "true", "whether all octets are below 0x80", |n| Ok(general_name(n).content.is_ascii())),
    string("typeId", "1.3.6.1.5.5.7.8.9", "type-id of an otherName, else empty", |n| {
        let other = general_name(n).other();
        Ok(other.map(|(oid, _)| oid.to_string()).unwrap_or_default().into())
    }),
    string("utf8Value", "größe@example.com", "value of an otherName that is a UTF8String", |n| {
        Ok(utf8_value(n).unwrap_or_default().into())
    })
    .if_(|n| Ok(utf8_value(n).is_some())),
];

fn utf8_value(node: Node<'_>) -> Option<&str> {
    let (_, value) = general_name(node).other()?;
    std::str::from_utf8(value?).ok()
}

fn subtree(node: Node<'_>) -> &Subtree<'_> {
    match node {
        Node::Subtree(subtree) => subtree,
        _ => unreachable!("the type checker passes subtrees only"),
    }
}

pub(super) static GENERAL_SUBTREE: &[Field] = &[
    KIND,
    TEXT,
    OCTETS,
    string("addressFamily", "ipv4", "ipv4 or ipv6, by the octets of an iPAddress; empty for others", |n| {
        Ok(subtree(n).address_family().into())
    }),
    int("minimum", "0", "minimum, 0 where it is not written", |n| Ok(subtree(n).minimum)),
    int("maximum", "0", "maximum", |n| Ok(subtree(n).maximum.unwrap_or(0)))
        .if_(|n| Ok(subtree(n).maximum.is_some())),
    bool_(
        "maskContiguous",
        "true",
        "whether the mask of an iPAddress is ones, then zeros; true for other names",
        |n| Ok(subtree(n).is_mask_contiguous()),
    ),
];
