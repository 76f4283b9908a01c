//! What x509-parser says of a certificate, and what pemlint says of the same
//! things: attribute values, serial number, validity, extensions, key.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use pemlint::facts::Bundle;
use pemlint::facts::name::hex;
use pemlint::facts::time::rfc3339;
use pemlint::facts::value::{Kind, Node};
use pemlint::oid::Oid;
use x509_parser::asn1_rs::Tag;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::{FromDer as _, X509Certificate};
use x509_parser::public_key::PublicKey;
use x509_parser::x509::X509Name;

use crate::fact::View;
use crate::printed::{Facts, MALFORMED};

/// What x509-parser says; `None` where it cannot read the certificate.
pub(crate) fn theirs(der: &[u8]) -> Option<Facts> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let mut facts = Facts::new();
    let mut set = |name: &str, value: String| facts.insert(name.into(), value);
    set("version", (i64::from(certificate.version().0) + 1).to_string());
    set("serial", hex(certificate.raw_serial()));
    set("issuer", attributes(certificate.issuer()));
    set("subject", attributes(certificate.subject()));
    set("notBefore", rfc3339(certificate.validity().not_before.timestamp()));
    set("notAfter", rfc3339(certificate.validity().not_after.timestamp()));
    set("signature", certificate.signature.algorithm.to_id_string());
    set("signatureAlgorithm", certificate.signature_algorithm.algorithm.to_id_string());
    set("key", certificate.public_key().algorithm.algorithm.to_id_string());
    set("bits", bits(certificate.public_key().parsed().ok().as_ref()));
    let mut order = Vec::new();
    for extension in certificate.extensions() {
        // x509-parser writes 2.999 as 3.16: it takes the first octet for two arcs.
        let oid = Oid(extension.oid.as_bytes()).to_string();
        order.push(format!("{oid} {}", extension.critical));
        facts.entry(format!("extension {oid}")).or_insert_with(|| value(extension.parsed_extension()));
    }
    facts.insert("extensions".into(), order.join(", "));
    Some(facts)
}

fn attributes(name: &X509Name<'_>) -> String {
    let one = |attribute: &x509_parser::x509::AttributeTypeAndValue<'_>| {
        // x509-parser has no text for TeletexString, which everyone reads as Latin-1, BMPString and UniversalString.
        let text = match (attribute.attr_value().tag(), attribute.as_str()) {
            (Tag::T61String, _) => attribute.as_slice().iter().map(|octet| char::from(*octet)).collect(),
            (Tag::BmpString, _) => wide::<2>(attribute.as_slice()),
            (Tag::UniversalString, _) => wide::<4>(attribute.as_slice()),
            (_, Ok(text)) => text.to_owned(),
            (_, Err(_)) => format!("#{}", hex(attribute.as_slice())),
        };
        format!("{}={text}", attribute.attr_type().to_id_string())
    };
    name.iter_attributes().map(one).collect::<Vec<_>>().join(",")
}

/// Text of characters of as many octets, big-endian; of octets that are none, these in hexadecimal.
fn wide<const WIDTH: usize>(octets: &[u8]) -> String {
    let (characters, rest) = octets.as_chunks::<WIDTH>();
    let number = |one: &[u8; WIDTH]| one.iter().fold(0, |sum, octet| sum << 8 | u32::from(*octet));
    let text: Option<String> = characters.iter().map(|one| char::from_u32(number(one))).collect();
    text.filter(|_| rest.is_empty()).unwrap_or_else(|| format!("#{}", hex(octets)))
}

/// Bits of an RSA modulus, counted here since `key_size` rounds to octets;
/// octets of an EC point.
fn bits(key: Option<&PublicKey<'_>>) -> String {
    match key {
        None => MALFORMED.into(),
        Some(PublicKey::RSA(key)) => {
            format!(
                "{} bits, exponent {}",
                num_bigint::BigUint::from_bytes_be(key.modulus).bits(),
                hex(key.exponent)
            )
        }
        Some(PublicKey::EC(point)) => format!("point of {} octets", point.data().len()),
        Some(_) => "other".into(),
    }
}

fn value(extension: &ParsedExtension<'_>) -> String {
    match extension {
        ParsedExtension::ParseError { .. } => MALFORMED.into(),
        ParsedExtension::KeyUsage(usage) => {
            let set = (0..9).filter(|bit| usage.flags & 1 << bit != 0);
            set.map(|bit| pemlint::facts::extension::KEY_USAGE[bit]).collect::<Vec<_>>().join(", ")
        }
        ParsedExtension::BasicConstraints(constraints) => {
            format!("{} {:?}", constraints.ca, constraints.path_len_constraint)
        }
        ParsedExtension::SubjectKeyIdentifier(identifier) => hex(identifier.0),
        ParsedExtension::AuthorityKeyIdentifier(authority) => {
            let serial = authority.authority_cert_serial.map(hex).unwrap_or_default();
            let keyid = authority.key_identifier.as_ref().map(|identifier| hex(identifier.0));
            format!("{}/{}/{serial}", keyid.unwrap_or_default(), authority.authority_cert_issuer.is_some())
        }
        ParsedExtension::SubjectAlternativeName(names) => list(&names.general_names),
        ParsedExtension::IssuerAlternativeName(names) => list(&names.general_names),
        ParsedExtension::ExtendedKeyUsage(purposes) => {
            let flags = [
                purposes.any,
                purposes.server_auth,
                purposes.client_auth,
                purposes.code_signing,
                purposes.email_protection,
                purposes.time_stamping,
                purposes.ocsp_signing,
            ];
            format!("{flags:?}")
        }
        ParsedExtension::NameConstraints(constraints) => {
            let trees = |list: &Option<Vec<x509_parser::extensions::GeneralSubtree<'_>>>| {
                list.iter().flatten().map(|tree| name(&tree.base)).collect::<Vec<_>>().join(" ")
            };
            format!("{}/{}", trees(&constraints.permitted_subtrees), trees(&constraints.excluded_subtrees))
        }
        _ => "there".into(),
    }
}

fn list(names: &[GeneralName<'_>]) -> String {
    names.iter().map(name).collect::<Vec<_>>().join(" ")
}

fn name(name: &GeneralName<'_>) -> String {
    match name {
        GeneralName::DNSName(text) => format!("dNSName {text}"),
        GeneralName::RFC822Name(text) => format!("rfc822Name {text}"),
        GeneralName::URI(text) => format!("uniformResourceIdentifier {text}"),
        GeneralName::IPAddress(octets) => format!("iPAddress {}", address(octets)),
        GeneralName::RegisteredID(oid) => format!("registeredID {}", oid.to_id_string()),
        GeneralName::DirectoryName(_) => "directoryName".into(),
        GeneralName::OtherName(..) => "otherName".into(),
        other => format!("{other:?}"),
    }
}

fn address(octets: &[u8]) -> String {
    let one = |octets: &[u8]| match octets.len() {
        4 => IpAddr::from(Ipv4Addr::from(<[u8; 4]>::try_from(octets).unwrap())).to_string(),
        16 => IpAddr::from(Ipv6Addr::from(<[u8; 16]>::try_from(octets).unwrap())).to_string(),
        _ => hex(octets),
    };
    match octets.len() {
        8 | 32 => {
            let (net, mask) = octets.split_at(octets.len() / 2);
            format!("{}/{}", one(net), one(mask))
        }
        _ => one(octets),
    }
}

/// What pemlint says of the same things.
pub(crate) fn ours(bundle: &Bundle<'_>) -> Facts {
    let cert = View::new(Node::Certificate(bundle, 0), Kind::Certificate);
    let plain = |path: &str| match cert.text(path) {
        Ok(value) => value.unwrap_or_default(),
        Err(_) => MALFORMED.into(),
    };
    let mut facts = Facts::new();
    for (fact, path) in [
        ("version", "version"),
        ("serial", "serialNumber.content"),
        ("notBefore", "validity.notBefore"),
        ("notAfter", "validity.notAfter"),
        ("signature", "signature.oid"),
        ("signatureAlgorithm", "signatureAlgorithm.oid"),
        ("key", "subjectPublicKeyInfo.algorithm.oid"),
    ] {
        facts.insert(fact.into(), plain(path));
    }
    for name in ["issuer", "subject"] {
        let attributes = cert.views(&format!("{name}.attributes")).unwrap_or_default();
        let one = |view: &View<'_>| format!("{}={}", of(*view, "oid"), of(*view, "value"));
        facts.insert(name.into(), attributes.iter().map(one).collect::<Vec<_>>().join(","));
    }
    let certificate = &bundle.certificates[0];
    let key = certificate.public_key.as_ref().ok();
    let bits = match (plain("subjectPublicKeyInfo.kind").as_str(), key) {
        _ if plain("subjectPublicKeyInfo.decodable") != "true" => MALFORMED.into(),
        ("rsa", Some(key)) => {
            format!(
                "{} bits, exponent {}",
                key.bits,
                key.rsa.map(|rsa| hex(rsa.exponent)).unwrap_or_default()
            )
        }
        ("ec", Some(key)) => format!("point of {} octets", key.key.len()),
        _ => "other".into(),
    };
    facts.insert("bits".into(), bits);
    let mut order = Vec::new();
    for extension in cert.views("extensions").unwrap_or_default() {
        let oid = of(extension, "oid");
        order.push(format!("{oid} {}", of(extension, "critical")));
        let decodes = of(extension, "malformedReason").is_empty();
        let value = || if decodes { our_value(cert, &oid) } else { MALFORMED.into() };
        facts.entry(format!("extension {oid}")).or_insert_with(value);
    }
    facts.insert("extensions".into(), order.join(", "));
    facts
}

fn our_value(cert: View<'_>, oid: &str) -> String {
    match oid {
        "2.5.29.15" => cert.texts("keyUsage.bits").unwrap().join(", "),
        "2.5.29.19" => {
            let length = cert.text("basicConstraints.pathLenConstraint").unwrap();
            format!(
                "{} {:?}",
                of(cert, "basicConstraints.cA"),
                length.map(|text| text.parse::<i64>().unwrap())
            )
        }
        "2.5.29.14" => of(cert, "subjectKeyIdentifier.keyIdentifier"),
        "2.5.29.35" => format!(
            "{}/{}/{}",
            of(cert, "authorityKeyIdentifier.keyIdentifier"),
            cert.has("authorityKeyIdentifier.authorityCertIssuer"),
            of(cert, "authorityKeyIdentifier.authorityCertSerialNumber"),
        ),
        "2.5.29.17" => our_names(&cert.views("subjectAltName.names").unwrap()),
        "2.5.29.18" => our_names(&cert.views("issuerAltName.names").unwrap()),
        "2.5.29.37" => {
            let purposes = [
                "anyExtendedKeyUsage",
                "serverAuth",
                "clientAuth",
                "codeSigning",
                "emailProtection",
                "timeStamping",
                "OCSPSigning",
            ];
            format!("{:?}", purposes.map(|purpose| of(cert, &format!("extKeyUsage.{purpose}")) == "true"))
        }
        "2.5.29.30" => {
            let trees = |list: &str| our_names(&cert.views(&format!("nameConstraints.{list}")).unwrap());
            format!("{}/{}", trees("permittedSubtrees"), trees("excludedSubtrees"))
        }
        _ => "there".into(),
    }
}

fn our_names(views: &[View<'_>]) -> String {
    let one = |view: &View<'_>| match of(*view, "kind").as_str() {
        kind @ ("directoryName" | "otherName") => kind.to_owned(),
        kind => format!("{kind} {}", of(*view, "text")),
    };
    views.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// A fact of a part that decodes, empty where it is absent.
fn of(view: View<'_>, path: &str) -> String {
    view.text(path).unwrap().unwrap_or_default()
}
