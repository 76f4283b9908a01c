//! A certificate as OpenSSL parses it (`x_x509.c`, `x_x509a.c`): what it refuses
//! to parse at all, and the fields that the verification reads. More lenient and
//! more strict than the facts, each in places.

use std::cell::OnceCell;

use super::asn1;
use super::cached::Cached;
use super::key::Key;
use super::name::Name;
use super::parameters::Version;
use crate::der::{Element, Reader, tag};
use crate::facts::Certificate;

/// A parsed certificate.
#[derive(Debug)]
pub(super) struct X509<'a> {
    /// The facts, for its key and its signature.
    pub(super) facts: &'a Certificate<'a>,
    /// The certificate without what follows it.
    pub(super) der: &'a [u8],
    /// The number as written: 2 for version 3.
    pub(super) version: i64,
    /// Content of the serial number.
    pub(super) serial: &'a [u8],
    /// `tbsCertificate.signature`.
    pub(super) signature: Algorithm<'a>,
    /// `signatureAlgorithm`.
    pub(super) outer: Algorithm<'a>,
    pub(super) issuer: Name<'a>,
    pub(super) subject: Name<'a>,
    pub(super) not_before: Element<'a>,
    pub(super) not_after: Element<'a>,
    pub(super) extensions: Vec<Extension<'a>>,
    /// Trust settings of a `TRUSTED CERTIFICATE` block.
    pub(super) aux: Option<Aux<'a>>,
    /// What is derived from the extensions.
    pub(super) cached: Cached<'a>,
    key: OnceCell<Option<Key>>,
    openssl: Version,
}

/// An algorithm and its parameters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Algorithm<'a> {
    pub(super) oid: &'a [u8],
    pub(super) parameters: Option<Element<'a>>,
}

/// One extension.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extension<'a> {
    pub(super) oid: &'a [u8],
    pub(super) critical: bool,
    pub(super) value: &'a [u8],
}

/// Purposes for which a certificate is trusted and rejected.
#[derive(Debug, Default)]
pub(super) struct Aux<'a> {
    /// `None` where no list is written.
    pub(super) trust: Option<Vec<&'a [u8]>>,
    pub(super) reject: Vec<&'a [u8]>,
}

/// The fields of tbsCertificate.
struct Tbs<'a> {
    version: i64,
    serial: &'a [u8],
    signature: Algorithm<'a>,
    issuer: Name<'a>,
    times: (Element<'a>, Element<'a>),
    subject: Name<'a>,
    extensions: Vec<Extension<'a>>,
}

impl<'a> X509<'a> {
    /// Parses a certificate; `None` where OpenSSL refuses. What follows it is
    /// read as trust settings where the block is labelled so, else passed over.
    pub(super) fn parse(facts: &'a Certificate<'a>, trusted: bool, openssl: Version) -> Option<Self> {
        let mut octets = asn1::reader(facts.octets);
        let whole = octets.expect(tag::SEQUENCE).ok()?;
        let mut fields = Reader::of(&whole, "");
        let tbs = Tbs::read(&fields.expect(tag::SEQUENCE).ok()?, openssl)?;
        let outer = Algorithm::read(&fields.expect(tag::SEQUENCE).ok()?, openssl)?;
        asn1::bits(fields.expect(tag::BIT_STRING).ok()?.content)?;
        fields.finish().ok()?;
        let has_aux = trusted && !octets.is_empty();
        let aux = if has_aux { Some(Aux::read(&mut octets, openssl)?) } else { None };
        let mut certificate = Self {
            facts,
            der: whole.der,
            version: tbs.version,
            serial: tbs.serial,
            signature: tbs.signature,
            outer,
            issuer: tbs.issuer,
            subject: tbs.subject,
            not_before: tbs.times.0,
            not_after: tbs.times.1,
            extensions: tbs.extensions,
            aux,
            cached: Cached::default(),
            key: OnceCell::new(),
            openssl,
        };
        certificate.cached = Cached::of(&certificate, openssl);
        Some(certificate)
    }

    /// Its public key; `None` where OpenSSL cannot decode it.
    pub(super) fn key(&self) -> Option<&Key> {
        let read = || self.facts.public_key.as_ref().ok().and_then(|key| Key::read(key, self.openssl));
        self.key.get_or_init(read).as_ref()
    }
}

impl<'a> Tbs<'a> {
    fn read(tbs: &Element<'a>, openssl: Version) -> Option<Self> {
        let mut fields = Reader::of(tbs, "");
        let version = match fields.optional(0xa0).ok()? {
            Some(wrapper) => {
                let number = asn1::explicit(&wrapper)?;
                (number.tag == tag::INTEGER).then_some(())?;
                asn1::small(asn1::integer(number.content)?)
            }
            None => 0,
        };
        let serial = asn1::integer(fields.expect(tag::INTEGER).ok()?.content)?;
        let signature = Algorithm::read(&fields.expect(tag::SEQUENCE).ok()?, openssl)?;
        let issuer = Name::read(&fields.any().ok()?)?;
        let times = validity(&fields.expect(tag::SEQUENCE).ok()?, openssl)?;
        let subject = Name::read(&fields.any().ok()?)?;
        public_key(&fields.expect(tag::SEQUENCE).ok()?, openssl)?;
        for unique in [0x81, 0x82] {
            if let Some(identifier) = fields.optional(unique).ok()? {
                asn1::bits(identifier.content)?;
            }
        }
        let extensions = match fields.optional(0xa3).ok()? {
            Some(wrapper) => extensions(&asn1::explicit(&wrapper)?)?,
            None => Vec::new(),
        };
        fields.finish().ok()?;
        Some(Self { version, serial, signature, issuer, times, subject, extensions })
    }
}

impl<'a> Algorithm<'a> {
    fn read(element: &Element<'a>, openssl: Version) -> Option<Self> {
        let mut fields = Reader::of(element, "");
        let oid = asn1::oid(fields.expect(tag::OID).ok()?.content)?;
        let parameters = if fields.is_empty() { None } else { Some(fields.any().ok()?) };
        fields.finish().ok()?;
        if let Some(parameters) = &parameters {
            asn1::any(parameters, openssl.takes_short_times())?;
        }
        Some(Self { oid, parameters })
    }
}

/// Equality as `X509_ALGOR_cmp` sees it: absent parameters are not NULL.
impl PartialEq for Algorithm<'_> {
    fn eq(&self, other: &Self) -> bool {
        let same = match (&self.parameters, &other.parameters) {
            (None, None) => true,
            (Some(mine), Some(theirs)) => mine.tag == theirs.tag && mine.content == theirs.content,
            _ => false,
        };
        same && self.oid == other.oid
    }
}

impl<'a> Aux<'a> {
    /// Reads `X509_CERT_AUX`: trusted and rejected purposes, alias, key
    /// identifier, other algorithms.
    fn read(octets: &mut Reader<'a>, openssl: Version) -> Option<Self> {
        let settings = octets.expect(tag::SEQUENCE).ok()?;
        let mut fields = Reader::of(&settings, "");
        let list = |element: Element<'a>| {
            let mut oids = Reader::of(&element, "");
            let mut read = Vec::new();
            while !oids.is_empty() {
                read.push(asn1::oid(oids.expect(tag::OID).ok()?.content)?);
            }
            Some(read)
        };
        let trust = match fields.optional(tag::SEQUENCE).ok()? {
            Some(purposes) => Some(list(purposes)?),
            None => None,
        };
        let reject = match fields.optional(0xa0).ok()? {
            Some(purposes) => list(purposes)?,
            None => Vec::new(),
        };
        fields.optional(tag::UTF8_STRING).ok()?;
        fields.optional(tag::OCTET_STRING).ok()?;
        if let Some(others) = fields.optional(0xa1).ok()? {
            let mut others = Reader::of(&others, "");
            while !others.is_empty() {
                Algorithm::read(&others.expect(tag::SEQUENCE).ok()?, openssl)?;
            }
        }
        fields.finish().ok()?;
        Some(Self { trust, reject })
    }
}

fn validity<'a>(element: &Element<'a>, openssl: Version) -> Option<(Element<'a>, Element<'a>)> {
    let mut fields = Reader::of(element, "");
    let mut time = || {
        let time = fields.any().ok()?;
        matches!(time.tag, tag::UTC_TIME | tag::GENERALIZED_TIME).then_some(())?;
        asn1::any(&time, openssl.takes_short_times())?;
        Some(time)
    };
    let times = (time()?, time()?);
    fields.finish().ok()?;
    Some(times)
}

fn public_key(element: &Element<'_>, openssl: Version) -> Option<()> {
    let mut fields = Reader::of(element, "");
    Algorithm::read(&fields.expect(tag::SEQUENCE).ok()?, openssl)?;
    asn1::bits(fields.expect(tag::BIT_STRING).ok()?.content)?;
    fields.finish().ok()
}

fn extensions<'a>(list: &Element<'a>) -> Option<Vec<Extension<'a>>> {
    (list.tag == tag::SEQUENCE).then_some(())?;
    let mut elements = Reader::of(list, "");
    let mut read = Vec::with_capacity(8);
    while !elements.is_empty() {
        let element = elements.expect(tag::SEQUENCE).ok()?;
        let mut fields = Reader::of(&element, "");
        let oid = asn1::oid(fields.expect(tag::OID).ok()?.content)?;
        let critical = match fields.optional(tag::BOOLEAN).ok()? {
            Some(flag) => asn1::boolean(flag.content)?,
            None => false,
        };
        let value = fields.expect(tag::OCTET_STRING).ok()?.content;
        fields.finish().ok()?;
        read.push(Extension { oid, critical, value });
    }
    Some(read)
}
