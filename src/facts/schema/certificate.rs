//! Facts of a certificate: its own parts and how it stands to the others.

use super::super::bundle::{Bundle, Standing};
use super::super::extension::{Decoded, ExtensionKind as E};
use super::super::value::{Kind, List, Node, Out, Scalar, Value};
use super::super::{host, key_identifier};
use super::{Field, bool_, bytes, count, int, list, message, ordinary, string};

fn bundle(node: Node<'_>) -> (&Bundle<'_>, usize) {
    match node {
        Node::Certificate(bundle, at) => (bundle, at),
        _ => unreachable!("the type checker passes certificates only"),
    }
}

fn standing(node: Node<'_>) -> &Standing {
    let (bundle, at) = bundle(node);
    &bundle.standings[at]
}

fn extension(node: Node<'_>, kind: E) -> Out<Option<Node<'_>>> {
    Ok(node.certificate().extension(kind)?.map(Node::Extension))
}

/// A list of certificates by their places in the bundle of `node`.
pub(super) fn certificates<'a>(bundle: &'a Bundle<'a>, places: &'a [usize]) -> List<'a> {
    List::Values(places.iter().map(|at| Value::Message(Some(Node::Certificate(bundle, *at)))).collect())
}

fn acts_as_ca(node: Node<'_>) -> Out<bool> {
    let (bundle, at) = bundle(node);
    if bundle.every_certificate_is_ca || !bundle.standings[at].issued.is_empty() {
        return Ok(true);
    }
    let certificate = &bundle.certificates[at];
    match (certificate.is_ca(), certificate.signs_certificates()) {
        (Ok(true), _) | (_, Ok(true)) => Ok(true),
        (Ok(false), Ok(false)) => Ok(false),
        (Err(fault), _) | (_, Err(fault)) => Err(fault.into()),
    }
}

pub(super) static CERTIFICATE: &[Field] = &[
    int("version", "3", "version number: what is written plus one, 1 where nothing is written", |n| {
        Ok(n.certificate().version?)
    })
    .at(|n| n.certificate().version_span),
    message("serialNumber", Kind::SerialNumber, "the serial number", |n| {
        Ok(Some(Node::Integer(n.certificate().serial_number.as_ref().map_err(|f| *f)?)))
    }),
    message(
        "signature",
        Kind::AlgorithmIdentifier,
        "the inner signature algorithm, tbsCertificate.signature",
        |n| Ok(Some(Node::Algorithm(n.certificate().signature.as_ref().map_err(|f| *f)?))),
    ),
    message("signatureAlgorithm", Kind::AlgorithmIdentifier, "the outer signature algorithm", |n| {
        Ok(Some(Node::Algorithm(n.certificate().signature_algorithm.as_ref().map_err(|f| *f)?)))
    }),
    message("signatureValue", Kind::SignatureValue, "the signature", |n| {
        Ok(Some(Node::SignatureValue(n.certificate().signature_value.as_ref().map_err(|f| *f)?)))
    }),
    message("issuer", Kind::Name, "name of the issuer", |n| {
        Ok(Some(Node::Name(n.certificate().issuer.as_ref().map_err(|f| *f)?)))
    }),
    message("subject", Kind::Name, "name of the subject", |n| {
        Ok(Some(Node::Name(n.certificate().subject.as_ref().map_err(|f| *f)?)))
    }),
    message("validity", Kind::Validity, "the validity period", |n| {
        Ok(Some(Node::Validity(n.certificate().validity.as_ref().map_err(|f| *f)?)))
    }),
    message("subjectPublicKeyInfo", Kind::PublicKey, "the public key", |n| {
        Ok(Some(Node::PublicKey(n.certificate().public_key.as_ref().map_err(|f| *f)?)))
    }),
    bytes("issuerUniqueID", "005a", "[1], content octets of the BIT STRING", |n| {
        Ok(n.certificate().unique_identifiers?[0].map_or(&[][..], |element| element.content).into())
    })
    .if_(|n| Ok(n.certificate().unique_identifiers?[0].is_some()))
    // A rule on both points at the first that is there.
    .at(|n| n.certificate().unique_identifiers.ok()?.iter().flatten().next().map(|element| element.span)),
    bytes("subjectUniqueID", "005a", "[2], content octets of the BIT STRING", |n| {
        Ok(n.certificate().unique_identifiers?[1].map_or(&[][..], |element| element.content).into())
    })
    .if_(|n| Ok(n.certificate().unique_identifiers?[1].is_some()))
    .at(|n| n.certificate().unique_identifiers.ok()?[1].map(|element| element.span)),
    string("versionEncoding", "explicit", "absent or explicit: whether the version is written", |n| {
        n.certificate().version?;
        Ok(if n.certificate().version_span.is_some() { "explicit" } else { "absent" }.into())
    })
    .at(|n| n.certificate().version_span),
    list("extensions", Scalar::Message(Kind::Extension), "", "all extensions, in order", |n| {
        let list = n.certificate().extensions.as_ref().map_err(|f| *f)?;
        Ok(List::Facts {
            owner: n,
            length: list.len(),
            element: |n, at| {
                let list = n.certificate().extensions.as_ref();
                Value::Message(list.ok().and_then(|list| list.get(at)).map(Node::Extension))
            },
        })
    })
    .ordinarily(&ordinary::EXTENSIONS),
    bool_(
        "unusualExtensions",
        "false",
        "whether an extension is out of the ordinary; ordinary is one that decodes, occurs once, is not of Netscape, holds something unless it is basicConstraints, and is critical only where clients process it; where it is false, rules on such extensions are passed over",
        |n| {
            let extensions = n.certificate().extensions.as_ref().map_err(|f| *f)?;
            Ok(!extensions.iter().all(ordinary::is_ordinary_extension))
        },
    ),
    bool_("emptyExtensions", "false", "whether [3] holds an empty SEQUENCE", |n| {
        Ok(n.certificate().empty_extensions)
    }),
    message("der", Kind::Encoding, "how the octets are encoded", |n| Ok(Some(n))),
    int("trailingOctets", "0", "octets that follow the certificate", |n| {
        Ok(count(n.certificate().trailing_octets()))
    }),
    bytes("sha256", "9f86d081…", "SHA-256 of the certificate", |n| {
        Ok(n.certificate().sha256().to_vec().into())
    }),
    bool_("isCa", "true", "basicConstraints with cA TRUE", |n| Ok(n.certificate().is_ca()?)),
    bool_(
        "actsAsCa",
        "true",
        "isCa, or keyCertSign, or it issued another certificate of the bundle, or the profile takes every certificate for a CA",
        acts_as_ca,
    ),
    bool_(
        "isSelfIssued",
        "true",
        "issuer and subject are the same name: case folded, spaces collapsed, string type ignored",
        |n| {
            let certificate = n.certificate();
            certificate.issuer.as_ref().map_err(|f| *f)?;
            certificate.subject.as_ref().map_err(|f| *f)?;
            Ok(certificate.is_self_issued())
        },
    ),
    bool_(
        "isOwnIssuer",
        "true",
        "self-issued, and no other certificate of the bundle is its issuer; the signature is not looked at",
        |n| {
            let certificate = n.certificate();
            certificate.issuer.as_ref().map_err(|f| *f)?;
            certificate.subject.as_ref().map_err(|f| *f)?;
            Ok(standing(n).is_own_issuer)
        },
    ),
    bool_(
        "isSelfSigned",
        "true",
        "self-issued, and its own key made the signature or the algorithm cannot be verified here; costs a signature check",
        |n| {
            let (bundle, at) = bundle(n);
            Ok(bundle.is_self_signed(at))
        },
    ),
    string("role", "root", "root (its own issuer), intermediate (a CA that is not) or leaf", |n| {
        Ok(standing(n).role.into())
    }),
    int("position", "0", "place among the certificates of the bundle, from 0", |n| Ok(count(bundle(n).1))),
    list(
        "issuers",
        Scalar::Message(Kind::Certificate),
        "",
        "certificates of the bundle that can have issued it, itself left out, best first",
        |n| {
            let (bundle, at) = bundle(n);
            Ok(certificates(bundle, &bundle.standings[at].issuers))
        },
    ),
    list(
        "issued",
        Scalar::Message(Kind::Certificate),
        "",
        "certificates of the bundle that it issued, itself left out",
        |n| {
            let (bundle, at) = bundle(n);
            Ok(certificates(bundle, &bundle.standings[at].issued))
        },
    ),
    message(
        "duplicateOf",
        Kind::Certificate,
        "an earlier certificate of the bundle with the same octets",
        |n| {
            let (bundle, at) = bundle(n);
            Ok(bundle.standings[at].duplicate_of.map(|original| Node::Certificate(bundle, original)))
        },
    )
    .optional(),
    message(
        "sharesSerialNumberWith",
        Kind::Certificate,
        "an earlier certificate of the bundle with the same issuer and serial number, but other octets",
        |n| {
            let (bundle, at) = bundle(n);
            Ok(bundle.standings[at].shares_serial_with.map(|other| Node::Certificate(bundle, other)))
        },
    )
    .optional(),
    int(
        "caCertificatesBelow",
        "1",
        "CA certificates on the longest path below it, those not counted that are self-issued",
        |n| Ok(standing(n).ca_certificates_below),
    ),
    int(
        "certificatesAbove",
        "2",
        "certificates of the bundle above it, counted up to 102; all that can have issued it or one of them",
        |n| {
            let (bundle, at) = bundle(n);
            Ok(count(bundle.above(at).len()))
        },
    ),
    bool_("isPresented", "true", "whether a server presents it, or a copy of it", |n| {
        Ok(standing(n).served.is_presented)
    }),
    bool_("isTrusted", "false", "whether the trust file of a client holds it, or a copy of it", |n| {
        Ok(standing(n).served.is_trusted)
    }),
    bool_(
        "isServer",
        "true",
        "whether it is the first that a server presents or, where that is not known, a leaf",
        |n| {
            let (bundle, at) = bundle(n);
            Ok(bundle.is_server(at))
        },
    ),
    bool_(
        "mintsLeaves",
        "true",
        "whether verdicts assume a leaf that it or a CA below it mints: one that mints leaves, and none of them is in the bundle",
        |n| {
            let (bundle, at) = bundle(n);
            Ok(bundle.leads_to_minted(at))
        },
    ),
    bool_(
        "coversHost",
        "true",
        "whether its names cover the host that is asked for: a dNSName or, where there is none, a commonName; an iPAddress for an address; true where no host is known",
        |n| {
            let (bundle, at) = bundle(n);
            match &bundle.host {
                Some(name) => Ok(host::is_covered(&bundle.certificates[at], name)?),
                None => Ok(true),
            }
        },
    ),
    list(
        "uncoveredCommonNames",
        Scalar::String,
        "old.example.com",
        "values of commonName that have the form of a host or an address, and that no name of the subjectAltName covers; none where it names no host and no address",
        |n| {
            let values = host::uncovered_common_names(n.certificate())?;
            Ok(List::Values(values.into_iter().map(Value::String).collect()))
        },
    ),
    list(
        "nameConstraintViolations",
        Scalar::Message(Kind::NameConstraintViolation),
        "",
        "names of it that name constraints of the CAs above it do not allow, 20 at most",
        |n| {
            let (bundle, at) = bundle(n);
            Ok(List::Facts {
                owner: n,
                length: bundle.violations(at).len(),
                element: |n, place| {
                    let (bundle, at) = self::bundle(n);
                    let found = bundle.violations(at).get(place);
                    Value::Message(found.map(|violation| Node::Violation(bundle, violation)))
                },
            })
        },
    ),
    message(
        "trustSettings",
        Kind::TrustSettings,
        "purposes that OpenSSL wrote behind it, in blocks labelled TRUSTED CERTIFICATE",
        |n| {
            let (bundle, at) = bundle(n);
            Ok(bundle.trust_settings(at)?.map(|_| n))
        },
    )
    .optional(),
    list("malformed", Scalar::Message(Kind::Fault), "", "parts that do not decode, in order", |n| {
        Ok(List::Facts {
            owner: n,
            length: n.certificate().malformed.len(),
            element: |n, at| Value::Message(n.certificate().malformed.get(at).map(Node::Fault)),
        })
    }),
    message("keyUsage", Kind::KeyUsage, "keyUsage, RFC 5280 §4.2.1.3", |n| extension(n, E::KeyUsage))
        .optional(),
    message("basicConstraints", Kind::BasicConstraints, "basicConstraints, RFC 5280 §4.2.1.9", |n| {
        extension(n, E::BasicConstraints)
    })
    .optional(),
    message("extKeyUsage", Kind::ExtKeyUsage, "extKeyUsage, RFC 5280 §4.2.1.12", |n| {
        extension(n, E::ExtKeyUsage)
    })
    .optional(),
    message("subjectAltName", Kind::AltName, "subjectAltName, RFC 5280 §4.2.1.6", |n| {
        extension(n, E::SubjectAltName)
    })
    .optional(),
    message("issuerAltName", Kind::AltName, "issuerAltName, RFC 5280 §4.2.1.7", |n| {
        extension(n, E::IssuerAltName)
    })
    .optional(),
    message(
        "subjectKeyIdentifier",
        Kind::SubjectKeyIdentifier,
        "subjectKeyIdentifier, RFC 5280 §4.2.1.2",
        |n| extension(n, E::SubjectKeyIdentifier),
    )
    .optional(),
    string(
        "subjectKeyIdentifierMethod",
        "RFC 5280 method 1",
        "how subjectKeyIdentifier was made from the key: RFC 5280 method 1 or 2, RFC 7093 method 1 to 4 or unknown; empty without it",
        |n| {
            let key = n.certificate().public_key.as_ref().map_err(|f| *f)?;
            let found = n.certificate().extension(E::SubjectKeyIdentifier)?;
            Ok(match found.map(|extension| &extension.decoded) {
                Some(Ok(Decoded::KeyIdentifier(identifier))) => key_identifier::method(identifier, key),
                Some(Err(fault)) => return Err((*fault).into()),
                _ => "",
            }
            .into())
        },
    ),
    message(
        "authorityKeyIdentifier",
        Kind::AuthorityKeyIdentifier,
        "authorityKeyIdentifier, RFC 5280 §4.2.1.1",
        |n| extension(n, E::AuthorityKeyIdentifier),
    )
    .optional(),
    message("nameConstraints", Kind::NameConstraints, "nameConstraints, RFC 5280 §4.2.1.10", |n| {
        extension(n, E::NameConstraints)
    })
    .optional(),
    message(
        "cRLDistributionPoints",
        Kind::DistributionPoints,
        "cRLDistributionPoints, RFC 5280 §4.2.1.13",
        |n| extension(n, E::CrlDistributionPoints),
    )
    .optional(),
    message("freshestCRL", Kind::DistributionPoints, "freshestCRL, RFC 5280 §4.2.1.15", |n| {
        extension(n, E::FreshestCrl)
    })
    .optional(),
    message(
        "certificatePolicies",
        Kind::CertificatePolicies,
        "certificatePolicies, RFC 5280 §4.2.1.4",
        |n| extension(n, E::CertificatePolicies),
    )
    .optional(),
    message("policyMappings", Kind::PolicyMappings, "policyMappings, RFC 5280 §4.2.1.5", |n| {
        extension(n, E::PolicyMappings)
    })
    .optional(),
    message("policyConstraints", Kind::PolicyConstraints, "policyConstraints, RFC 5280 §4.2.1.11", |n| {
        extension(n, E::PolicyConstraints)
    })
    .optional(),
    message("inhibitAnyPolicy", Kind::PlainExtension, "inhibitAnyPolicy, RFC 5280 §4.2.1.14", |n| {
        extension(n, E::InhibitAnyPolicy)
    })
    .optional(),
    message("authorityInfoAccess", Kind::InfoAccess, "authorityInfoAccess, RFC 5280 §4.2.2.1", |n| {
        extension(n, E::AuthorityInfoAccess)
    })
    .optional(),
    message("subjectInfoAccess", Kind::InfoAccess, "subjectInfoAccess, RFC 5280 §4.2.2.2", |n| {
        extension(n, E::SubjectInfoAccess)
    })
    .optional(),
    message(
        "subjectDirectoryAttributes",
        Kind::PlainExtension,
        "subjectDirectoryAttributes, RFC 5280 §4.2.1.8",
        |n| extension(n, E::SubjectDirectoryAttributes),
    )
    .optional(),
    message("ocspNoCheck", Kind::OcspNoCheck, "id-pkix-ocsp-nocheck, RFC 6960 §4.2.2.2.1", |n| {
        extension(n, E::OcspNoCheck)
    })
    .optional(),
    message("netscapeCertType", Kind::NetscapeCertType, "netscapeCertType, which OpenSSL still reads", |n| {
        extension(n, E::NetscapeCertType)
    })
    .optional(),
    message("proxyCertInfo", Kind::PlainExtension, "proxyCertInfo, RFC 3820 §3.8", |n| {
        extension(n, E::ProxyCertInfo)
    })
    .optional(),
];
