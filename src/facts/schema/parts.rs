//! Facts of the parts that certificates are made of: names, algorithms, times, keys.

use super::super::algorithm::{AlgorithmIdentifier, RSA_PSS};
use super::super::certificate::{BitString, Integer, Validity};
use super::super::encoding::EncodingFault;
use super::super::general_name::saturating_int;
use super::super::name::{Attribute, Name};
use super::super::pss::Pss;
use super::super::public_key::{PublicKey, Rsa};
use super::super::time::Time;
use super::super::value::{Fault, Kind, List, Node, Out, Scalar, Value};
use super::super::{signature as verification, weakness};
use super::{Field, bool_, bytes, count, int, list, message, ordinary, string, timestamp};
use crate::der::Malformed;
use crate::input::key::bit_length;

/// A function that takes the structure out of a node of its kind.
macro_rules! unwrap {
    ($name:ident, $variant:pat => $value:expr, $type:ty) => {
        fn $name<'a>(node: Node<'a>) -> $type {
            match node {
                $variant => $value,
                _ => unreachable!("the type checker passes nodes of one kind only"),
            }
        }
    };
}

unwrap!(integer, Node::Integer(x) => x, &'a Integer<'a>);
unwrap!(name, Node::Name(x) => x, &'a Name<'a>);
unwrap!(attribute, Node::Attribute(x) => x, &'a Attribute<'a>);
unwrap!(algorithm, Node::Algorithm(x) => x, &'a AlgorithmIdentifier<'a>);
unwrap!(validity, Node::Validity(x) => x, &'a Validity<'a>);
unwrap!(time, Node::Time(x) => x, &'a Time<'a>);
unwrap!(key, Node::PublicKey(x) => x, &'a PublicKey<'a>);
unwrap!(signature, Node::SignatureValue(x) => x, &'a BitString<'a>);
unwrap!(fault, Node::Fault(x) => x, &'a Malformed);

pub(super) static SERIAL_NUMBER: &[Field] = &[
    bytes("content", "0a1b2c", "content octets of the INTEGER", |n| Ok(integer(n).content.into())),
    int("octets", "20", "number of content octets; RFC 5280 allows 20", |n| {
        Ok(count(integer(n).content.len()))
    }),
    int("sign", "1", "-1, 0 or 1", |n| Ok(integer(n).sign())),
    int("bits", "159", "bits of its absolute value", |n| {
        Ok(i64::try_from(integer(n).bits()).unwrap_or(i64::MAX))
    }),
    bool_("minimal", "true", "whether no octet could be left out, X.690 8.3.2", |n| {
        Ok(integer(n).is_minimal())
    }),
];

/// Values of all attributes of one type.
fn values<'a>(node: Node<'a>, type_: &str) -> List<'a> {
    List::Values(
        name(node)
            .attributes
            .iter()
            .filter(|attribute| attribute.known().is_some_and(|known| known.name == type_))
            .map(|attribute| Value::String(attribute.value()))
            .collect(),
    )
}

pub(super) static NAME: &[Field] = &[
    string("text", "CN=Example Root,O=Example", "the name as RFC 4514 writes it, last part first", |n| {
        Ok(name(n).text().into())
    }),
    bytes("der", "3010…", "the whole element", |n| Ok(name(n).der.into())),
    list("attributes", Scalar::Message(Kind::Attribute), "", "all attributes, in order", |n| {
        Ok(List::Facts {
            owner: n,
            length: name(n).attributes.len(),
            element: |n, at| Value::Message(name(n).attributes.get(at).map(Node::Attribute)),
        })
    })
    .ordinarily(&ordinary::ATTRIBUTES),
    bool_(
        "unusualAttributes",
        "false",
        "whether an attribute is out of the ordinary; ordinary is plain text of a usual type, in a string type that RFC 5280 allows and within its upper bound, two capitals for a country, nothing like a host name for commonName; where it is false, rules on such attributes are passed over",
        |n| Ok(!name(n).attributes.iter().all(ordinary::is_ordinary_attribute)),
    ),
    list("rdns", Scalar::Message(Kind::Rdn), "", "the relative names, in order", |n| {
        Ok(List::Facts {
            owner: n,
            length: name(n).rdns.len(),
            element: |n, at| Value::Message(name(n).rdns.get(at).map(|rdn| Node::Rdn(name(n), rdn))),
        })
    })
    .ordinarily(&ordinary::RDNS),
    bool_(
        "unusualRdns",
        "false",
        "whether a relative name has not one attribute; where it is false, rules on such relative names are passed over",
        |n| Ok(!ordinary::has_ordinary_rdns(name(n))),
    ),
    list("commonName", Scalar::String, "Example Root", "values of commonName", |n| {
        Ok(values(n, "commonName"))
    }),
    list("countryName", Scalar::String, "US", "values of countryName", |n| Ok(values(n, "countryName"))),
    list("organizationName", Scalar::String, "Example", "values of organizationName", |n| {
        Ok(values(n, "organizationName"))
    }),
    list("organizationalUnitName", Scalar::String, "IT", "values of organizationalUnitName", |n| {
        Ok(values(n, "organizationalUnitName"))
    }),
    list("localityName", Scalar::String, "Berlin", "values of localityName", |n| {
        Ok(values(n, "localityName"))
    }),
    list("stateOrProvinceName", Scalar::String, "Texas", "values of stateOrProvinceName", |n| {
        Ok(values(n, "stateOrProvinceName"))
    }),
    list("streetAddress", Scalar::String, "1 Main Street", "values of streetAddress", |n| {
        Ok(values(n, "streetAddress"))
    }),
    list("postalCode", Scalar::String, "10115", "values of postalCode", |n| Ok(values(n, "postalCode"))),
    list("serialNumber", Scalar::String, "42", "values of the attribute serialNumber", |n| {
        Ok(values(n, "serialNumber"))
    }),
    list("emailAddress", Scalar::String, "pki@example.com", "values of emailAddress", |n| {
        Ok(values(n, "emailAddress"))
    }),
    list("domainComponent", Scalar::String, "example", "values of domainComponent", |n| {
        Ok(values(n, "domainComponent"))
    }),
    list("givenName", Scalar::String, "Ada", "values of givenName", |n| Ok(values(n, "givenName"))),
    list("surname", Scalar::String, "Lovelace", "values of surname", |n| Ok(values(n, "surname"))),
];

pub(super) static RDN: &[Field] =
    &[
        list("attributes", Scalar::Message(Kind::Attribute), "", "attributes of this relative name", |n| {
            match n {
                Node::Rdn(name, rdn) => Ok(List::Facts {
                    owner: n,
                    length: name.members(rdn).len(),
                    element: |n, at| match n {
                        Node::Rdn(name, rdn) => {
                            Value::Message(name.members(rdn).get(at).map(Node::Attribute))
                        }
                        _ => Value::Message(None),
                    },
                }),
                _ => unreachable!("the type checker passes relative names only"),
            }
        }),
        bool_("typesDistinct", "true", "whether no two attributes have the same type", |n| match n {
            Node::Rdn(name, rdn) => Ok(name.has_distinct_types(rdn)),
            _ => unreachable!("the type checker passes relative names only"),
        }),
        bool_("derSorted", "true", "whether the attributes of the SET ascend, X.690 11.6", |n| match n {
            Node::Rdn(name, rdn) => Ok(name.is_sorted(rdn)),
            _ => unreachable!("the type checker passes relative names only"),
        }),
    ];

pub(super) static ATTRIBUTE: &[Field] = &[
    string("oid", "2.5.4.3", "its type", |n| Ok(attribute(n).oid.to_string().into())),
    string("type", "commonName", "name of its type, else the OID", |n| Ok(attribute(n).type_name())),
    bool_("known", "true", "whether its type has a name here", |n| Ok(attribute(n).known().is_some())),
    string("value", "Example Root", "its value, decoded by string type", |n| Ok(attribute(n).value())),
    string(
        "stringType",
        "UTF8String",
        "PrintableString, UTF8String, IA5String, TeletexString, BMPString, UniversalString, NumericString, VisibleString or other",
        |n| Ok(attribute(n).string_type().into()),
    ),
    string(
        "expectedStringType",
        "IA5String",
        "the string type that RFC 5280 wants for its type, empty for any",
        |n| Ok(attribute(n).expected_string_type().into()),
    ),
    bool_("stringTypeOk", "true", "whether RFC 5280 allows its string type for its type", |n| {
        Ok(attribute(n).string_type_ok())
    }),
    int(
        "upperBound",
        "64",
        "most characters that RFC 5280 allows, or X.520 for types that are not there; 0 for no bound",
        |n| Ok(attribute(n).known().map_or(0, |known| known.upper_bound)),
    ),
    int("chars", "12", "code points of its value", |n| Ok(count(attribute(n).chars()))),
    int("octets", "12", "content octets of its value", |n| Ok(count(attribute(n).content.len()))),
    bool_("alphabetOk", "true", "whether it stays within the alphabet of its string type", |n| {
        Ok(attribute(n).alphabet_ok())
    }),
    bool_("decodable", "true", "whether it decodes in its string type", |n| Ok(attribute(n).is_decodable())),
    bool_(
        "plain",
        "true",
        "whether its value is plain text: a PrintableString within its alphabet, a UTF8String or an IA5String, of visible ASCII without &, with a letter or digit, without a space at either end or beside another",
        |n| Ok(attribute(n).is_plain()),
    ),
    bool_(
        "withinUpperBound",
        "true",
        "whether it has no more characters than its upperBound, if there is one",
        |n| Ok(attribute(n).is_within_upper_bound()),
    ),
    bool_(
        "hostCharacters",
        "false",
        "whether its value has a full stop, a colon or an at sign, as host names, addresses, URLs and mail addresses do",
        |n| Ok(attribute(n).has_host_characters()),
    ),
    bool_(
        "twoCapitals",
        "false",
        "whether its value is two letters of A to Z, as the codes of ISO 3166-1 are",
        |n| Ok(attribute(n).is_two_capitals()),
    ),
];

pub(super) static ALGORITHM_IDENTIFIER: &[Field] = &[
    string("oid", "1.2.840.113549.1.1.11", "the algorithm", |n| Ok(algorithm(n).oid.to_string().into())),
    string("name", "sha256WithRSAEncryption", "its name, else the OID", |n| Ok(algorithm(n).name())),
    string("family", "rsa", "rsa, rsaPss, ecdsa, eddsa, dsa, mldsa or other", |n| {
        Ok(algorithm(n).family().into())
    }),
    string("hash", "sha256", "its hash; empty where there is none or it is unknown", |n| {
        Ok(algorithm(n).hash().into())
    }),
    string("parameters", "null", "absent, null or other", |n| Ok(algorithm(n).parameters_form().into())),
    bytes("der", "300d…", "the whole element", |n| Ok(algorithm(n).der.into())),
    message("pss", Kind::PssParameters, "the parameters of RSASSA-PSS, RFC 4055 §3.1", |n| {
        Ok((algorithm(n).oid.0 == RSA_PSS).then_some(n))
    })
    .optional(),
];

/// The parameters of RSASSA-PSS; all zero where they do not decode.
fn pss(node: Node<'_>) -> Pss {
    algorithm(node).pss().unwrap_or_default()
}

pub(super) static PSS_PARAMETERS: &[Field] = &[
    bool_(
        "wellFormed",
        "true",
        "whether they are there and decode to the last octet, with MGF1 as mask",
        |n| Ok(algorithm(n).pss().is_some()),
    ),
    string("hash", "sha256", "its hash; empty where it is unknown", |n| Ok(pss(n).hash.into())),
    string("mgfHash", "sha256", "the hash inside MGF1; empty where it is unknown", |n| {
        Ok(pss(n).mask_hash.into())
    }),
    bool_("hashesAgree", "true", "whether the two hashes are the same", |n| {
        Ok(pss(n).hash == pss(n).mask_hash)
    }),
    int("saltLength", "32", "octets of the salt", |n| Ok(pss(n).salt_length)),
    bool_(
        "saltAsLongAsHash",
        "true",
        "whether the salt is as long as the hash; false for an unknown hash",
        |n| Ok(pss(n).hash_octets() > 0 && pss(n).salt_length == pss(n).hash_octets()),
    ),
    int("trailerField", "1", "the trailer field", |n| Ok(pss(n).trailer_field)),
];

fn readable<'a>(time: &'a Result<Time<'a>, Malformed>) -> Out<&'a Time<'a>> {
    time.as_ref().map_err(|fault| (*fault).into())
}

pub(super) static VALIDITY: &[Field] = &[
    timestamp("notBefore", "2026-01-01T00:00:00Z", "first instant", |n| {
        Ok(readable(&validity(n).not_before)?.instant)
    })
    .at(|n| validity(n).not_before.ok().map(|time| time.span)),
    timestamp("notAfter", "2027-01-01T00:00:00Z", "last instant", |n| {
        Ok(readable(&validity(n).not_after)?.instant)
    })
    .at(|n| validity(n).not_after.ok().map(|time| time.span)),
    int("seconds", "31536001", "length in seconds; both ends count", |n| {
        let period = validity(n);
        Ok(readable(&period.not_after)?.instant - readable(&period.not_before)?.instant + 1)
    }),
    message("notBeforeEncoding", Kind::TimeEncoding, "how notBefore is written", |n| {
        Ok(Some(Node::Time(readable(&validity(n).not_before)?)))
    }),
    message("notAfterEncoding", Kind::TimeEncoding, "how notAfter is written", |n| {
        Ok(Some(Node::Time(readable(&validity(n).not_after)?)))
    }),
];

pub(super) static TIME_ENCODING: &[Field] = &[
    string("type", "UTCTime", "UTCTime or GeneralizedTime", |n| Ok(time(n).type_name.into())),
    string("text", "260101000000Z", "content octets", |n| Ok(String::from_utf8_lossy(time(n).text))),
    bool_("zulu", "true", "whether it ends in Z", |n| Ok(time(n).zulu)),
    bool_("hasSeconds", "true", "whether seconds are written", |n| Ok(time(n).has_seconds)),
    bool_(
        "derForm",
        "true",
        "whether it has seconds, no fraction of one and ends in Z, X.690 11.7 and 11.8",
        |n| {
            let time = time(n);
            Ok(time.has_seconds && !time.has_fraction && time.zulu)
        },
    ),
    bool_("hasFraction", "false", "whether a fraction of a second is written", |n| Ok(time(n).has_fraction)),
    int("year", "2026", "four-digit year", |n| Ok(time(n).year)),
];

pub(super) static PUBLIC_KEY: &[Field] = &[
    message("algorithm", Kind::AlgorithmIdentifier, "its algorithm", |n| {
        Ok(Some(Node::Algorithm(&key(n).algorithm)))
    }),
    string(
        "kind",
        "rsa",
        "rsa, rsaPss, ec, ed25519, ed448, x25519, x448, dsa, mlDsa44, mlDsa65, mlDsa87 or other",
        |n| Ok(key(n).kind.into()),
    ),
    int("bits", "2048", "bits of the modulus or of the curve, 0 where unknown", |n| Ok(key(n).bits.into())),
    bool_("decodable", "true", "whether subjectPublicKey decodes as its algorithm wants", |n| {
        Ok(key(n).decodable)
    }),
    bytes("der", "3082…", "the whole element", |n| Ok(key(n).der.into())),
    int("unusedBits", "0", "unused bits of the BIT STRING", |n| Ok(key(n).unused_bits.into())),
    message("rsa", Kind::RsaPublicKey, "the numbers of an RSA key; zero for other keys", |n| {
        Ok(key(n).rsa.is_some().then_some(n))
    }),
    message("ec", Kind::EcPublicKey, "the parameters of an EC key; empty for other keys", |n| {
        Ok(key(n).ec.is_some().then_some(n))
    }),
];

fn rsa(node: Node<'_>) -> Rsa<'_> {
    key(node).rsa.unwrap_or(Rsa { modulus: &[], exponent: &[] })
}

fn is_odd(content: &[u8]) -> bool {
    content.last().is_some_and(|octet| octet & 1 == 1)
}

pub(super) static RSA_PUBLIC_KEY: &[Field] = &[
    int("modulusBits", "2048", "bits of the modulus", |n| Ok(bit_length(rsa(n).modulus).into())),
    int("modulusSign", "1", "-1, 0 or 1", |n| Ok(saturating_int(rsa(n).modulus).signum())),
    bool_("modulusOdd", "true", "whether the modulus is odd", |n| Ok(is_odd(rsa(n).modulus))),
    int("exponent", "65537", "the public exponent, at most 2^63 - 1", |n| {
        Ok(saturating_int(rsa(n).exponent))
    }),
    int("exponentBits", "17", "bits of the exponent", |n| Ok(bit_length(rsa(n).exponent).into())),
    int(
        "smallFactor",
        "0",
        "the smallest prime below 752 that divides the modulus, 0 for none; costs a division each",
        |n| Ok(weakness::small_factor(rsa(n).modulus)),
    ),
    bool_(
        "fermat",
        "false",
        "whether 100 rounds of Fermat's method factor the modulus: its primes are too close; costly",
        |n| Ok(weakness::has_close_factors(rsa(n).modulus)),
    ),
    bool_(
        "rocaWeak",
        "false",
        "whether the modulus has the structure of CVE-2017-15361, by which keys of Infineon's library are factored; costly",
        |n| Ok(weakness::has_roca_structure(rsa(n).modulus)),
    ),
    bool_("exponentOdd", "true", "whether the exponent is odd", |n| Ok(is_odd(rsa(n).exponent))),
];

pub(super) static EC_PUBLIC_KEY: &[Field] = &[
    string("form", "named", "named, explicit, implicit or absent, RFC 5480 §2.1.1", |n| {
        Ok(key(n).ec.map_or("", |ec| ec.form).into())
    }),
    string(
        "curve",
        "P-256",
        "P-192, P-224, P-256, P-384, P-521, secp256k1, brainpoolP256r1, brainpoolP384r1, brainpoolP512r1 or other; empty where none is named",
        |n| Ok(key(n).ec.map_or("", |ec| ec.curve).into()),
    ),
    bool_(
        "onCurve",
        "true",
        "whether the point lies on the curve; indeterminate for curves that cannot be computed with here; costly",
        |n| {
            verification::is_on_curve(key(n))
                .ok_or_else(|| Fault::Unknown("the curve cannot be computed with here").into())
        },
    ),
];

pub(super) static SIGNATURE_VALUE: &[Field] = &[
    int("octets", "256", "octets of the signature", |n| Ok(count(signature(n).octets.len()))),
    int("unusedBits", "0", "unused bits of the BIT STRING", |n| Ok(signature(n).unused_bits.into())),
];

pub(super) static FAULT: &[Field] = &[
    string("part", "validity.notBefore", "the part that does not decode", |n| Ok(fault(n).part.into())),
    string("reason", "is no real date and time", "what is wrong there", |n| Ok(fault(n).reason.into())),
    int("offset", "112", "octet of the DER at which it is seen, from 0", |n| Ok(fault(n).offset.into())),
];

pub(super) static ENCODING: &[Field] = &[list(
    "faults",
    Scalar::Message(Kind::EncodingFault),
    "",
    "where the octets are BER but no DER, in order; costs a pass over the certificate when first asked for",
    |n| {
        Ok(List::Facts {
            owner: n,
            length: n.certificate().encoding_faults().len(),
            element: |n, at| {
                Value::Message(Some(Node::EncodingFault(&n.certificate().encoding_faults()[at])))
            },
        })
    },
)];

fn encoding_fault(node: Node<'_>) -> &EncodingFault {
    match node {
        Node::EncodingFault(fault) => fault,
        _ => unreachable!("the type checker passes faults of encoding only"),
    }
}

pub(super) static ENCODING_FAULT: &[Field] = &[
    string(
        "code",
        "lengthNotMinimal",
        "lengthNotMinimal, indefiniteLength, integerNotMinimal, booleanNotDer, defaultWritten, bitStringPadding, namedBitsNotMinimal, setNotSorted, constructedString, trailingData, highTagForm or invalidUtf8",
        |n| Ok(encoding_fault(n).code.into()),
    ),
    int("offset", "112", "octet of the DER at which the element begins, from 0", |n| {
        Ok(encoding_fault(n).offset.into())
    }),
];
