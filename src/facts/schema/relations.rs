//! Facts of links, bundles, keys, blocks and files.

use super::super::bundle::{BlockFacts, Bundle, FileFacts, KeyFacts, KeyMatch, Link};
use super::super::certificate::Certificate;
use super::super::host;
use super::super::signature::Verdict;
use super::super::value::{self, Kind, List, Node, Scalar, Value};
use super::certificate::certificates;
use super::{Field, bool_, count, int, list, message, string};
use crate::input::locked::Fault;
use crate::input::{Container, Content, Damage, pem};

fn link(node: Node<'_>) -> (&Bundle<'_>, &Link) {
    match node {
        Node::Link(bundle, link) => (bundle, link),
        _ => unreachable!("the type checker passes links only"),
    }
}

pub(super) static LINK: &[Field] = &[
    bool_(
        "signatureValid",
        "true",
        "whether the issuer's key made the child's signature; indeterminate where the algorithm cannot be verified here",
        |n| {
            let (bundle, link) = link(n);
            let (child, issuer) = (&bundle.certificates[link.child], &bundle.certificates[link.issuer]);
            child.tbs.as_ref().map_err(|fault| *fault)?;
            child.signature_algorithm.as_ref().map_err(|fault| *fault)?;
            child.signature_value.as_ref().map_err(|fault| *fault)?;
            issuer.public_key.as_ref().map_err(|fault| *fault)?;
            match link.signature(bundle) {
                Verdict::Valid => Ok(true),
                Verdict::Invalid => Ok(false),
                Verdict::Unverifiable => Err(Box::new(value::Fault::Unknown(
                    "the signature uses an algorithm or key size that cannot be verified here; it is taken as valid",
                ))),
            }
        },
    ),
    bool_(
        "keyIdentifierMatches",
        "true",
        "whether the child's authorityKeyIdentifier equals the issuer's subjectKeyIdentifier; true where one is absent",
        |n| {
            let (bundle, link) = link(n);
            let wanted = bundle.certificates[link.child].authority_key_identifier();
            let found = bundle.certificates[link.issuer].subject_key_identifier();
            Ok(wanted.is_none() || found.is_none() || wanted == found)
        },
    ),
    bool_(
        "issuerSerialMatches",
        "true",
        "whether the child's authorityKeyIdentifier names the issuer's serial number and the issuer's own issuer; true where it names none",
        |n| {
            let (bundle, link) = link(n);
            Ok(bundle.certificates[link.issuer].is_named_by(&bundle.certificates[link.child]))
        },
    ),
    bool_(
        "issuerNameIdentical",
        "true",
        "whether the child's issuer and the issuer's subject are the same octets",
        |n| {
            let (bundle, link) = link(n);
            let child = bundle.certificates[link.child].issuer.as_ref().map_err(|fault| *fault)?;
            let issuer = bundle.certificates[link.issuer].subject.as_ref().map_err(|fault| *fault)?;
            Ok(child.der == issuer.der)
        },
    ),
    bool_("toSelf", "false", "whether child and issuer are the same certificate", |n| {
        let (_, link) = link(n);
        Ok(link.child == link.issuer)
    }),
];

fn bundle(node: Node<'_>) -> &Bundle<'_> {
    match node {
        Node::Bundle(bundle) => bundle,
        _ => unreachable!("the type checker passes bundles only"),
    }
}

pub(super) static BUNDLE: &[Field] = &[
    list("certificates", Scalar::Message(Kind::Certificate), "", "all certificates, in order", |n| {
        Ok(List::Facts { owner: n, length: bundle(n).certificates.len(), element: |n, at| {
            Value::Message(Some(Node::Certificate(bundle(n), at)))
        } })
    }),
    int("distinctCertificates", "3", "number of different certificates", |n| Ok(count(bundle(n).distinct()))),
    list("roots", Scalar::Message(Kind::Certificate), "", "certificates that are their own issuer, duplicates left out", |n| Ok(certificates(bundle(n), &bundle(n).roots))),
    list("issuing", Scalar::Message(Kind::Certificate), "", "CAs that issued no other CA of the bundle: those that mint leaves", |n| Ok(certificates(bundle(n), &bundle(n).issuing))),
    string("order", "root-first", "root-first, leaf-first, mixed, or none where no certificate issued another", |n| Ok(bundle(n).order.into())),
    message("firstOutOfOrder", Kind::Certificate, "the first certificate that stands before or behind its issuer where most others do not; the first one of a bundle that is leaf-first", |n| {
        Ok(bundle(n).first_out_of_order.map(|at| Node::Certificate(bundle(n), at)))
    }).optional(),
    list("keys", Scalar::Message(Kind::Key), "", "private keys that match a certificate of the bundle", |n| {
        Ok(List::Facts { owner: n, length: bundle(n).keys.len(), element: |n, at| {
            Value::Message(bundle(n).keys.get(at).map(|key| Node::Key(key)))
        } })
    }),
    bool_("isServed", "true", "whether it is known what a server presents and what its client trusts", |n| Ok(bundle(n).is_served)),
    string("host", "www.example.com", "the host that the client asks for, empty where none is known", |n| Ok(bundle(n).host.as_deref().unwrap_or("").into())).if_(|n| Ok(bundle(n).host.is_some())),
    bool_("hostIsAddress", "false", "whether that host is an IP address", |n| Ok(bundle(n).host.as_deref().is_some_and(host::is_address))),
    int("unplacedKeys", "0", "private keys of the run that match nothing or cannot be compared, and containers that stay locked", |n| Ok(count(bundle(n).unplaced_keys))),
];

fn key(node: Node<'_>) -> &KeyFacts {
    match node {
        Node::Key(key) => key,
        _ => unreachable!("the type checker passes keys only"),
    }
}

pub(super) static KEY: &[Field] = &[
    string("path", "root.key", "file that holds it", |n| Ok(key(n).path.as_str().into())),
    string("format", "pkcs8", "pkcs8, pkcs1, sec1, dsa or openssh", |n| Ok(key(n).key.format.name().into())),
    string(
        "algorithm",
        "rsa",
        "rsa, rsaPss, ec, ed25519, ed448, dsa or other; empty where it cannot be read",
        |n| Ok(key(n).key.algorithm.into()),
    ),
    int("bits", "2048", "bits of the modulus or of the curve, 0 where unknown", |n| {
        Ok(key(n).key.bits.into())
    }),
    string("curve", "P-256", "curve of an EC key, else empty", |n| Ok(key(n).key.curve.into())),
    bool_("encrypted", "false", "whether a password protects it", |n| Ok(key(n).key.encrypted)),
    string(
        "lock",
        "passwordWrong",
        "why it was not opened where a password protects it: passwordNeeded, passwordWrong, unsupported, malformed or tooCostly; else empty",
        |n| Ok(key(n).key.lock.as_ref().map_or("", Fault::name).into()),
    ),
    string("lockReason", "it is locked with PBES2", "the same in words", |n| {
        Ok(key(n).key.lock.as_ref().map(Fault::to_string).unwrap_or_default().into())
    }),
    string("container", "pkcs12", "container that holds it: pkcs12, or empty", |n| {
        Ok(key(n).container.map_or("", Container::name).into())
    }),
    string(
        "malformedReason",
        "ends before the length that it states",
        "why it cannot be read, empty if it can; never quotes it",
        |n| {
            Ok(match &key(n).key.lock {
                Some(Fault::Malformed(reason)) => reason.as_str().into(),
                _ => key(n).key.malformed.into(),
            })
        },
    ),
    bool_(
        "comparable",
        "true",
        "whether it can be read and there are certificates to compare it with",
        |n| Ok(key(n).comparable),
    ),
    list(
        "matches",
        Scalar::Message(Kind::KeyMatch),
        "",
        "certificates of all inputs that have its public key",
        |n| {
            Ok(List::Facts {
                owner: n,
                length: key(n).matches.len(),
                element: |n, at| Value::Message(key(n).matches.get(at).map(Node::KeyMatch)),
            })
        },
    ),
    bool_("matchesIssuing", "true", "whether it belongs to a certificate that mints leaves", |n| {
        Ok(key(n).matches.iter().any(|found| found.is_issuing))
    }),
    bool_(
        "besideCertificate",
        "false",
        "whether its file holds a certificate too and is no container",
        |n| Ok(key(n).beside_certificate),
    ),
];

fn key_match(node: Node<'_>) -> &KeyMatch {
    match node {
        Node::KeyMatch(found) => found,
        _ => unreachable!("the type checker passes matches only"),
    }
}

pub(super) static KEY_MATCH: &[Field] = &[
    string("path", "chain.pem", "file of the certificate", |n| Ok(key_match(n).path.as_str().into())),
    int("certificate", "0", "its place among the certificates of that file, from 0", |n| {
        Ok(count(key_match(n).certificate))
    }),
    string("subject", "CN=Example Root", "its subject", |n| Ok(key_match(n).subject.as_str().into())),
    bool_("isIssuing", "true", "whether it mints leaves", |n| Ok(key_match(n).is_issuing)),
];

fn block(node: Node<'_>) -> &BlockFacts<'_> {
    match node {
        Node::Block(block) => block,
        _ => unreachable!("the type checker passes blocks only"),
    }
}

pub(super) static BLOCK: &[Field] = &[
    string(
        "label",
        "CERTIFICATE",
        "text between BEGIN and the dashes, with … for what is too long for a word of a label; empty for binary files",
        |n| Ok(pem::shown_label(block(n).label)),
    ),
    bool_("labelKnown", "true", "whether RFC 7468 or OpenSSL defines the label", |n| {
        Ok(pem::is_known_label(block(n).label))
    }),
    string("suggestion", "CERTIFICATE", "the label that a misspelt one means, else empty", |n| {
        Ok(pem::suggested_label(block(n).label).unwrap_or("").into())
    }),
    list("damage", Scalar::Message(Kind::Damage), "", "what is wrong with the text of the block", |n| {
        Ok(List::Facts {
            owner: n,
            length: block(n).damage().len(),
            element: |n, at| Value::Message(block(n).damage().get(at).map(Node::Damage)),
        })
    }),
    string(
        "certificateError",
        "validity.notBefore is no real date and time",
        "the first part of the certificate that does not decode, empty for none",
        |n| {
            let certificate = block(n).certificate.map(Certificate::read);
            let fault = certificate.and_then(|certificate| certificate.malformed.first().copied());
            Ok(fault.map(|fault| format!("{} {}", fault.part, fault.reason)).unwrap_or_default().into())
        },
    ),
    bool_("holdsCertificate", "true", "whether it was labelled as a certificate", |n| {
        Ok(matches!(block(n).block.content, Content::Certificate(_) | Content::UndecodedCertificate))
    }),
    string(
        "container",
        "pkcs12",
        "container that it came out of or that was not opened: pkcs12, jks, jceks, or empty",
        |n| Ok(block(n).block.container.map_or("", Container::name).into()),
    ),
    string(
        "lock",
        "passwordNeeded",
        "why the container was not opened: passwordNeeded, passwordWrong, unsupported, malformed or tooCostly; else empty",
        |n| Ok(block(n).lock().map_or("", Fault::name).into()),
    ),
    string("lockReason", "it is locked with a password, and none was given", "the same in words", |n| {
        Ok(block(n).lock().map(Fault::to_string).unwrap_or_default().into())
    }),
];

fn damage(node: Node<'_>) -> &Damage {
    match node {
        Node::Damage(damage) => damage,
        _ => unreachable!("the type checker passes damage only"),
    }
}

pub(super) static DAMAGE: &[Field] = &[
    string(
        "kind",
        "endMissing",
        "endMissing, beginMissing, cutOff, base64Invalid, paddingWrong, placeholder, blocksGlued, bodyGlued, \
         boundaryMalformed, boundaryMisplaced, carriageReturns, otherDashes, hiddenCharacter, labelCase, blankLine, \
         longLine, newlinesEscaped, nulOctet, byteOrderMark, otherContent, textOutside or textNotAscii",
        |n| Ok(damage(n).kind.name().into()),
    ),
    string(
        "detail",
        "there is no END line before the next block",
        "what exactly; never quotes the block",
        |n| Ok(damage(n).detail.as_str().into()),
    ),
];

fn file(node: Node<'_>) -> &FileFacts {
    match node {
        Node::File(file) => file,
        _ => unreachable!("the type checker passes files only"),
    }
}

pub(super) static FILE: &[Field] = &[
    string("path", "chain.pem", "name of the file", |n| Ok(file(n).path.as_str().into())),
    int("mode", "384", "permission bits, 0 where the system has none", |n| {
        Ok(file(n).mode.unwrap_or(0).into())
    }),
    bool_("readableByOthers", "false", "whether group or others may read it", |n| {
        Ok(file(n).mode.is_some_and(|mode| mode & 0o044 != 0))
    }),
    int("size", "1204", "octets", |n| Ok(count(file(n).size))),
    int("blocks", "2", "blocks, damaged ones included", |n| Ok(count(file(n).blocks))),
    int("certificates", "1", "blocks labelled as certificates, and DER certificates", |n| {
        Ok(count(file(n).certificates))
    }),
    int("privateKeys", "1", "blocks labelled as private keys, and DER keys", |n| {
        Ok(count(file(n).private_keys))
    }),
    bool_("isTrusted", "true", "whether it is what a client trusts", |n| Ok(file(n).is_trusted)),
    bool_("isPem", "true", "whether it has a PEM boundary", |n| Ok(file(n).is_pem)),
    string("container", "pkcs12", "container that it is: pkcs12, jks, jceks, or empty", |n| {
        Ok(file(n).container.map_or("", Container::name).into())
    }),
    bool_("needsPassword", "false", "whether it is a container that does not open without a password", |n| {
        Ok(file(n).needs_password)
    }),
    string(
        "encoding",
        "utf16le",
        "utf8, utf16le, utf16be, utf32le or utf32be; utf8 also for ASCII and for what is no text",
        |n| Ok(file(n).encoding.into()),
    ),
    string(
        "labels",
        "CERTIFICATE REQUEST, X509 CRL",
        "labels of the blocks of a file without certificates and keys; those left out that hold something else",
        |n| Ok(file(n).labels.as_str().into()),
    ),
];
