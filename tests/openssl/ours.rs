//! What pemlint says of a certificate, in the form of [`super::printed`].

use std::net::Ipv6Addr;

use num_bigint::{BigInt, Sign};
use pemlint::facts::value::{Kind, Node, Out};
use pemlint::facts::{Bundle, Certificate};
use pemlint::relations::relate;

use crate::fact::View;
use crate::printed::{Facts, MALFORMED, algorithm};

/// A bundle of one certificate.
pub(crate) fn alone(der: &[u8]) -> Bundle<'_> {
    relate(vec![Certificate::read(der)], &[0], false)
}

/// The facts of the certificate of a bundle of one.
pub(crate) fn facts(bundle: &Bundle<'_>) -> Facts {
    let cert = View::new(Node::Certificate(bundle, 0), Kind::Certificate);
    let mut facts = Facts::new();
    let mut set = |name: &str, value: Out<String>| {
        facts.insert(name.into(), value.unwrap_or_else(|_| MALFORMED.into()));
    };
    let plain = |path: &str| cert.text(path).map(Option::unwrap_or_default);
    set("version", plain("version"));
    set("serial", plain("serialNumber.content").map(|content| number(&content)));
    set("issuer", plain("issuer.text"));
    set("subject", plain("subject.text"));
    set("notBefore", plain("validity.notBefore"));
    set("notAfter", plain("validity.notAfter"));
    set("signature", plain("signature.name").map(|name| algorithm(&name)));
    set("signatureAlgorithm", plain("signatureAlgorithm.name").map(|name| algorithm(&name)));
    set("key", plain("subjectPublicKeyInfo.algorithm.name").map(|name| algorithm(&name)));
    set("sha256", plain("sha256"));
    for (name, value) in key(cert).unwrap_or_default() {
        set(name, Ok(value));
    }
    let mut order = Vec::new();
    for extension in cert.views("extensions").unwrap_or_default() {
        let oid = extension.text("oid").unwrap().unwrap();
        let critical = extension.text("critical").unwrap().unwrap() == "true";
        order.push(format!("{oid}{}", if critical { " critical" } else { "" }));
        if extension.text("repeated").unwrap().unwrap() == "false" {
            let reason = extension.text("malformedReason").unwrap().unwrap();
            let value = if reason.is_empty() { decoded(cert, &oid) } else { Ok(MALFORMED.into()) };
            set(&format!("extension {oid}"), value);
        }
    }
    if !order.is_empty() {
        set("extensions", Ok(order.join(", ")));
    }
    facts
}

/// The serial number of an authorityKeyIdentifier, if one is written.
fn serial(content: &str) -> String {
    if content.is_empty() { String::new() } else { number(content).to_lowercase() }
}

/// Two's complement octets as OpenSSL prints an INTEGER: sign, whole octets in hex.
pub(crate) fn number(content: &str) -> String {
    let octets: Vec<u8> = (0..content.len() / 2)
        .map(|at| u8::from_str_radix(&content[2 * at..2 * at + 2], 16).unwrap())
        .collect();
    let (sign, magnitude) = BigInt::from_signed_bytes_be(&octets).to_bytes_be();
    let digits = pemlint::facts::name::hex(&magnitude).to_uppercase();
    if sign == Sign::Minus { format!("-{digits}") } else { digits }
}

/// Bits and curve of a key for which OpenSSL prints them.
fn key(cert: View<'_>) -> Option<Vec<(&'static str, String)>> {
    let key = |fact: &str| cert.text(&format!("subjectPublicKeyInfo.{fact}")).ok().flatten();
    if key("decodable")? != "true" {
        return Some(vec![("bits", MALFORMED.into())]);
    }
    Some(match (key("kind")?.as_str(), key("ec.form").as_deref()) {
        ("rsa" | "rsaPss", _) => vec![("bits", key("bits")?)],
        ("ec", Some("named")) => vec![("bits", key("bits")?), ("curve", key("ec.curve")?)],
        ("ec", Some(form)) => vec![("curve", form.to_owned())],
        _ => Vec::new(),
    })
}

fn decoded(cert: View<'_>, oid: &str) -> Out<String> {
    let plain = |path: &str| cert.text(path).map(Option::unwrap_or_default);
    Ok(match oid {
        "2.5.29.19" => {
            let ca = plain("basicConstraints.cA")?.to_uppercase();
            match cert.text("basicConstraints.pathLenConstraint")? {
                Some(length) => format!("CA:{ca}, pathlen:{length}"),
                None => format!("CA:{ca}"),
            }
        }
        "2.5.29.15" => {
            let bits = cert.texts("keyUsage.bits")?;
            bits.iter().map(|bit| usage(bit)).collect::<Vec<_>>().join(", ")
        }
        "2.5.29.37" => cert.texts("extKeyUsage.keyPurposeId")?.join(", "),
        "2.5.29.14" => plain("subjectKeyIdentifier.keyIdentifier")?,
        "2.5.29.35" => format!(
            "{}/{}",
            plain("authorityKeyIdentifier.keyIdentifier")?,
            serial(&plain("authorityKeyIdentifier.authorityCertSerialNumber")?)
        ),
        "2.5.29.17" => names(&cert.views("subjectAltName.names")?, false)?.join(", "),
        "2.5.29.18" => names(&cert.views("issuerAltName.names")?, false)?.join(", "),
        "2.5.29.30" => {
            let mut lines = Vec::new();
            for (title, list) in [("Permitted:", "permittedSubtrees"), ("Excluded:", "excludedSubtrees")] {
                let trees = names(&cert.views(&format!("nameConstraints.{list}"))?, true)?;
                if !trees.is_empty() {
                    lines.push(title.to_owned());
                    lines.extend(trees);
                }
            }
            lines.join("\n")
        }
        _ => "there".into(),
    })
}

/// The words that OpenSSL has for the bits of keyUsage.
fn usage(bit: &str) -> &str {
    match bit {
        "digitalSignature" => "Digital Signature",
        "nonRepudiation" => "Non Repudiation",
        "keyEncipherment" => "Key Encipherment",
        "dataEncipherment" => "Data Encipherment",
        "keyAgreement" => "Key Agreement",
        "keyCertSign" => "Certificate Sign",
        "cRLSign" => "CRL Sign",
        "encipherOnly" => "Encipher Only",
        "decipherOnly" => "Decipher Only",
        other => panic!("{other} is no bit of keyUsage"),
    }
}

fn names(views: &[View<'_>], is_constraint: bool) -> Out<Vec<String>> {
    let one = |view: &View<'_>| -> Out<String> {
        let text = view.text("text")?.unwrap_or_default();
        let kind = view.text("kind")?.unwrap_or_default();
        Ok(match kind.as_str() {
            "dNSName" => format!("DNS:{text}"),
            "rfc822Name" => format!("email:{text}"),
            "uniformResourceIdentifier" => format!("URI:{text}"),
            "iPAddress" => {
                format!("{}:{}", if text.contains('/') { "IP" } else { "IP Address" }, address(&text))
            }
            "registeredID" => format!("Registered ID:{text}"),
            "directoryName" => format!("DirName:{}", directory(&text, is_constraint)),
            "otherName" if !is_constraint => match (view.text("typeId")?.as_deref(), view.text("utf8Value")?)
            {
                (Some("1.3.6.1.5.5.7.8.9"), Some(value)) if !value.is_empty() => {
                    format!("othername: SmtpUTF8Mailbox::{value}")
                }
                (Some("1.3.6.1.4.1.311.20.2.3"), Some(value)) if !value.is_empty() => {
                    format!("othername: UPN::{value}")
                }
                _ => format!("othername: {text}"),
            },
            "otherName" => format!("othername: {text}"),
            "x400Address" => "X400Name:<unsupported>".to_owned(),
            "ediPartyName" => "EdiPartyName:<unsupported>".to_owned(),
            other => panic!("{other}: say how OpenSSL prints it"),
        })
    };
    views.iter().map(one).collect()
}

/// OpenSSL writes IPv6 addresses in full and capitals.
fn address(text: &str) -> String {
    let one = |part: &str| match part.parse::<Ipv6Addr>() {
        Ok(address) => address.segments().map(|segment| format!("{segment:X}")).join(":"),
        Err(_) => part.to_owned(),
    };
    text.split('/').map(one).collect::<Vec<_>>().join("/")
}

/// Directory names stand in their own order: `/C=US/O=Example` in alternative
/// names, `C = US, O = Example` in constraints.
fn directory(text: &str, is_constraint: bool) -> String {
    let mut parts = vec![String::new()];
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            ',' => parts.push(String::new()),
            '\\' => parts.last_mut().unwrap().extend(rest.next()),
            _ => parts.last_mut().unwrap().push(c),
        }
    }
    parts.reverse();
    if is_constraint {
        parts.iter().map(|part| part.replacen('=', " = ", 1)).collect::<Vec<_>>().join(", ")
    } else {
        parts.iter().flat_map(|part| ["/", part.as_ref()]).collect()
    }
}
