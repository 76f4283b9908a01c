//! One certificate, read by one walk over its DER. Every part is there or says
//! why not, so that a broken certificate still gives the facts it has.

use std::sync::OnceLock;

use aws_lc_rs::digest;
use num_bigint::BigInt;

use super::algorithm::AlgorithmIdentifier;
use super::encoding::{self, EncodingFault};
use super::extension::{Decoded, Extension, ExtensionKind};
use super::general_name::saturating_int;
use super::name::Name;
use super::public_key::PublicKey;
use super::time::{self, Time};
use crate::der::{Element, Got, Malformed, Reader, Span, tag};
use crate::limits;

/// A certificate and the place of each of its parts.
#[derive(Clone, Debug)]
pub struct Certificate<'a> {
    /// All octets of the artifact; more than the certificate where octets follow it.
    pub octets: &'a [u8],
    /// The certificate itself.
    pub span: Span,
    /// `tbsCertificate`, header included: what the signature covers.
    pub tbs: Got<&'a [u8]>,
    /// The number that is written plus one; 1 where none is.
    pub version: Got<i64>,
    /// Place of the version, where it is written.
    pub version_span: Option<Span>,
    /// `serialNumber`.
    pub serial_number: Got<Integer<'a>>,
    /// `tbsCertificate.signature`.
    pub signature: Got<AlgorithmIdentifier<'a>>,
    /// `issuer`.
    pub issuer: Got<Name<'a>>,
    /// `validity`.
    pub validity: Got<Validity<'a>>,
    /// `subject`.
    pub subject: Got<Name<'a>>,
    /// `subjectPublicKeyInfo`.
    pub public_key: Got<PublicKey<'a>>,
    /// `issuerUniqueID` and `subjectUniqueID`.
    pub unique_identifiers: Got<[Option<Element<'a>>; 2]>,
    /// `extensions` in order; empty where there are none.
    pub extensions: Got<Vec<Extension<'a>>>,
    /// Whether `[3]` holds an empty SEQUENCE.
    pub empty_extensions: bool,
    /// Place of each known extension's first occurrence in `extensions`.
    first: [Option<u16>; ExtensionKind::COUNT],
    /// `Certificate.signatureAlgorithm`.
    pub signature_algorithm: Got<AlgorithmIdentifier<'a>>,
    /// `Certificate.signatureValue`.
    pub signature_value: Got<BitString<'a>>,
    /// Every part that does not decode, in the order of the certificate.
    pub malformed: Vec<Malformed>,
    /// Faults of encoding, when they were asked for.
    encoding_faults: OnceLock<Vec<EncodingFault>>,
}

/// A BIT STRING.
#[derive(Clone, Copy, Debug)]
pub struct BitString<'a> {
    /// Its octets, without the count of unused bits.
    pub octets: &'a [u8],
    /// Unused bits of the last octet.
    pub unused_bits: u8,
    /// The whole element.
    pub span: Span,
}

/// An INTEGER of any size.
#[derive(Clone, Copy, Debug)]
pub struct Integer<'a> {
    /// Content octets, two's complement.
    pub content: &'a [u8],
    /// The whole element.
    pub span: Span,
}

impl Integer<'_> {
    /// -1, 0 or 1.
    #[must_use]
    pub fn sign(&self) -> i64 {
        match self.content.first() {
            Some(octet) if octet & 0x80 != 0 => -1,
            _ => i64::from(self.content.iter().any(|octet| *octet != 0)),
        }
    }

    /// Bits of its absolute value.
    #[must_use]
    pub fn bits(&self) -> u64 {
        BigInt::from_signed_bytes_be(self.content).bits()
    }

    /// Whether no octet could be left out (X.690 8.3.2).
    #[must_use]
    pub fn is_minimal(&self) -> bool {
        match self.content {
            [0, next, ..] => next & 0x80 != 0,
            [0xff, next, ..] => next & 0x80 == 0,
            content => !content.is_empty(),
        }
    }
}

/// The validity period.
#[derive(Clone, Copy, Debug)]
pub struct Validity<'a> {
    /// `notBefore`.
    pub not_before: Got<Time<'a>>,
    /// `notAfter`.
    pub not_after: Got<Time<'a>>,
    /// The whole element.
    pub span: Span,
}

impl<'a> Certificate<'a> {
    /// Reads a certificate; faults become [`Self::malformed`].
    #[must_use]
    pub fn read(octets: &'a [u8]) -> Self {
        let mut reader = Reader::new(octets, 0, "certificate");
        let (outer, cut) = match reader.expect_cut(tag::SEQUENCE) {
            Ok(read) => read,
            Err(fault) => {
                let mut certificate = Self::unread(octets, Some(fault));
                certificate.collect();
                return certificate;
            }
        };
        let mut certificate = Self::unread(octets, cut);
        certificate.malformed.extend(cut);
        certificate.span = outer.span;
        let mut fields = Reader::of(&outer, "tbsCertificate");
        match fields.expect_cut(tag::SEQUENCE) {
            Ok((tbs, cut)) => {
                certificate.tbs = cut.map_or(Ok(tbs.der), Err);
                certificate.read_tbs(&tbs);
                certificate.read_outer(&mut fields);
            }
            Err(fault) => certificate.fail(fault),
        }
        certificate.collect();
        certificate
    }

    /// Where its octets are BER but no DER; looked for when first asked.
    #[must_use]
    pub fn encoding_faults(&self) -> &[EncodingFault] {
        self.encoding_faults.get_or_init(|| encoding::faults(self))
    }

    /// Octets after the certificate.
    #[must_use]
    pub fn trailing_octets(&self) -> usize {
        self.octets.len() - self.span.end as usize
    }

    /// SHA-256 of the certificate without what follows it.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        let end = if self.span.end == 0 { self.octets.len() } else { self.span.end as usize };
        let mut fingerprint = [0; 32];
        fingerprint.copy_from_slice(digest::digest(&digest::SHA256, &self.octets[..end]).as_ref());
        fingerprint
    }

    /// First extension of a known kind; an error where the extensions cannot be read.
    ///
    /// # Errors
    /// Where the list of extensions does not decode.
    pub fn extension(&self, kind: ExtensionKind) -> Got<Option<&Extension<'a>>> {
        let list = self.extensions.as_ref().map_err(|fault| *fault)?;
        let at = kind.index().and_then(|index| self.first[index]);
        Ok(at.map(|at| &list[usize::from(at)]))
    }

    /// cA of basicConstraints, false where there are none.
    ///
    /// # Errors
    /// Where they do not decode.
    pub fn is_ca(&self) -> Got<bool> {
        match self.extension(ExtensionKind::BasicConstraints)?.map(|found| &found.decoded) {
            Some(Ok(Decoded::BasicConstraints(constraints))) => Ok(constraints.ca),
            Some(Err(fault)) => Err(*fault),
            _ => Ok(false),
        }
    }

    /// keyCertSign of keyUsage, false where there is none.
    ///
    /// # Errors
    /// Where it does not decode.
    pub fn signs_certificates(&self) -> Got<bool> {
        match self.extension(ExtensionKind::KeyUsage)?.map(|found| &found.decoded) {
            Some(Ok(Decoded::KeyUsage(usage))) => Ok(usage.bits & 1 << 5 != 0),
            Some(Err(fault)) => Err(*fault),
            _ => Ok(false),
        }
    }

    /// keyIdentifier of the subjectKeyIdentifier, if it has one that decodes.
    #[must_use]
    pub fn subject_key_identifier(&self) -> Option<&'a [u8]> {
        match self.extension(ExtensionKind::SubjectKeyIdentifier).ok()??.decoded {
            Ok(Decoded::KeyIdentifier(octets)) => Some(octets),
            _ => None,
        }
    }

    /// keyIdentifier of the authorityKeyIdentifier, if it has one that decodes.
    #[must_use]
    pub fn authority_key_identifier(&self) -> Option<&'a [u8]> {
        match self.extension(ExtensionKind::AuthorityKeyIdentifier).ok()??.decoded {
            Ok(Decoded::Authority(authority)) => authority.key_identifier,
            _ => None,
        }
    }

    /// Whether it is the one whose issuer and serial number the authorityKeyIdentifier
    /// of a child names; true where it names none or cannot be read.
    #[must_use]
    pub fn is_named_by(&self, child: &Certificate<'_>) -> bool {
        let extension = child.extension(ExtensionKind::AuthorityKeyIdentifier).ok().flatten();
        let Some(Ok(Decoded::Authority(authority))) = extension.map(|found| &found.decoded) else {
            return true;
        };
        let own = self.serial_number.as_ref().ok().map(|serial| serial.content);
        if authority.serial_number.is_some() && authority.serial_number != own {
            return false;
        }
        match (authority.directory(), &self.issuer) {
            (Some(name), Ok(issuer)) => name.is_same(issuer),
            _ => true,
        }
    }

    /// Whether issuer and subject are the same name; false where one cannot be read.
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        match (&self.issuer, &self.subject) {
            (Ok(issuer), Ok(subject)) => issuer.is_same(subject),
            _ => false,
        }
    }

    fn unread(octets: &'a [u8], fault: Option<Malformed>) -> Self {
        let fault = fault.unwrap_or(Malformed { part: "certificate", reason: "is missing", offset: 0 });
        Self {
            octets,
            span: Span::default(),
            tbs: Err(fault),
            version: Err(fault),
            version_span: None,
            serial_number: Err(fault),
            signature: Err(fault),
            issuer: Err(fault),
            validity: Err(fault),
            subject: Err(fault),
            public_key: Err(fault),
            unique_identifiers: Err(fault),
            extensions: Err(fault),
            empty_extensions: false,
            first: [None; ExtensionKind::COUNT],
            signature_algorithm: Err(fault),
            signature_value: Err(fault),
            malformed: Vec::new(),
            encoding_faults: OnceLock::new(),
        }
    }

    /// Every part that was not read is malformed for the same reason.
    fn fail(&mut self, fault: Malformed) {
        let unread = Self::unread(self.octets, Some(fault));
        *self = Self { span: self.span, ..unread };
    }

    fn read_tbs(&mut self, tbs: &Element<'a>) {
        let mut fields = Reader::of(tbs, "version");
        let run = self.read_fields(&mut fields);
        if let Err(fault) = run {
            // What stands behind the fault has no sure place any more.
            let missing = |slot: &mut dyn Unread| slot.set(fault);
            self.unread_parts().into_iter().for_each(missing);
        }
    }

    /// The fields of tbsCertificate in order. A field of the right type whose
    /// content is damaged is recorded and passed over; a field that is missing or
    /// of another type ends the walk.
    fn read_fields(&mut self, fields: &mut Reader<'a>) -> Got<()> {
        if let Some(wrapper) = fields.optional(0xa0)? {
            self.version_span = Some(wrapper.span);
            self.version = read_version(&wrapper);
        }
        let serial = fields.enter("serialNumber").expect(tag::INTEGER)?;
        if self.version_span.is_none() {
            // Known to be left out only now that what follows it is there.
            self.version = Ok(1);
        }
        self.serial_number = if serial.content.is_empty() {
            Err(Malformed {
                part: "serialNumber",
                reason: "is an INTEGER without octets",
                offset: serial.span.start,
            })
        } else {
            Ok(Integer { content: serial.content, span: serial.span })
        };
        let signature = fields.enter("signature").expect(tag::SEQUENCE)?;
        self.signature = AlgorithmIdentifier::read(&signature, "signature");
        let issuer = fields.enter("issuer").expect(tag::SEQUENCE)?;
        self.issuer = Name::read(&issuer, "issuer");
        let validity = fields.enter("validity").expect(tag::SEQUENCE)?;
        self.validity = read_validity(&validity);
        let subject = fields.enter("subject").expect(tag::SEQUENCE)?;
        self.subject = Name::read(&subject, "subject");
        let key = fields.enter("subjectPublicKeyInfo").expect(tag::SEQUENCE)?;
        self.public_key = PublicKey::read(&key);
        self.extensions = Ok(Vec::new());
        let issuer = fields.enter("issuerUniqueID").optional(0x81)?;
        let subject = fields.enter("subjectUniqueID").optional(0x82)?;
        self.unique_identifiers = Ok([issuer, subject]);
        if let Some(wrapper) = fields.enter("extensions").optional(0xa3)? {
            self.read_extensions(&wrapper);
        }
        let end = fields.enter("tbsCertificate").finish();
        self.malformed.extend(end.err());
        Ok(())
    }

    fn read_extensions(&mut self, wrapper: &Element<'a>) {
        self.extensions = extension_list(wrapper);
        if let Ok(extensions) = &mut self.extensions {
            self.empty_extensions = extensions.is_empty();
            self.first = index_extensions(extensions);
        }
    }

    fn read_outer(&mut self, fields: &mut Reader<'a>) {
        match fields.enter("signatureAlgorithm").expect(tag::SEQUENCE) {
            Ok(algorithm) => {
                self.signature_algorithm = AlgorithmIdentifier::read(&algorithm, "signatureAlgorithm");
            }
            Err(fault) => {
                self.signature_algorithm = Err(fault);
                self.signature_value = Err(fault);
                return;
            }
        }
        match fields.enter("signatureValue").expect(tag::BIT_STRING) {
            Ok(value) => self.signature_value = read_bit_string(&value, "signatureValue"),
            Err(fault) => {
                self.signature_value = Err(fault);
                return;
            }
        }
        self.malformed.extend(fields.enter("certificate").finish().err());
    }

    /// Parts that the walk did not reach: they still carry the first fault.
    fn unread_parts(&mut self) -> Vec<&mut dyn Unread> {
        let all: [&mut dyn Unread; 9] = [
            &mut self.version,
            &mut self.serial_number,
            &mut self.signature,
            &mut self.issuer,
            &mut self.validity,
            &mut self.subject,
            &mut self.public_key,
            &mut self.unique_identifiers,
            &mut self.extensions,
        ];
        all.into_iter().filter(|slot| slot.fault().is_some_and(|fault| fault.part == "certificate")).collect()
    }

    /// Lists every fault once, in the order of the certificate.
    fn collect(&mut self) {
        let times =
            self.validity.as_ref().ok().map(|validity| [validity.not_before.err(), validity.not_after.err()]);
        let faults = [
            self.version.as_ref().err().copied(),
            self.serial_number.as_ref().err().copied(),
            self.signature.as_ref().err().copied(),
            self.issuer.as_ref().err().copied(),
            self.validity.as_ref().err().copied(),
            self.subject.as_ref().err().copied(),
            self.public_key.as_ref().err().copied(),
            self.unique_identifiers.as_ref().err().copied(),
            self.extensions.as_ref().err().copied(),
            self.signature_algorithm.as_ref().err().copied(),
            self.signature_value.as_ref().err().copied(),
        ];
        let all = faults.into_iter().chain(times.into_iter().flatten()).flatten();
        for fault in all {
            if !self.malformed.contains(&fault) {
                self.malformed.push(fault);
            }
        }
        self.malformed.sort_by_key(|fault| fault.offset);
    }
}

/// A part that may be unread.
trait Unread {
    fn fault(&self) -> Option<Malformed>;
    fn set(&mut self, fault: Malformed);
}

impl<T> Unread for Got<T> {
    fn fault(&self) -> Option<Malformed> {
        self.as_ref().err().copied()
    }

    fn set(&mut self, fault: Malformed) {
        *self = Err(fault);
    }
}

fn extension_list<'a>(wrapper: &Element<'a>) -> Got<Vec<Extension<'a>>> {
    let mut inner = Reader::of(wrapper, "extensions");
    let list = inner.expect(tag::SEQUENCE)?;
    inner.finish()?;
    let mut elements = Reader::of(&list, "extensions");
    let mut extensions: Vec<Extension<'a>> = Vec::with_capacity(8);
    while !elements.is_empty() {
        if extensions.len() == limits::LIST_ITEMS {
            return Err(elements.fault("has more extensions than are looked at"));
        }
        extensions.push(Extension::read(&elements.expect(tag::SEQUENCE)?)?);
    }
    Ok(extensions)
}

fn read_bit_string<'a>(element: &Element<'a>, part: &'static str) -> Got<BitString<'a>> {
    element
        .content
        .split_first()
        .filter(|(unused, _)| **unused < 8)
        .map(|(unused, octets)| BitString { octets, unused_bits: *unused, span: element.span })
        .ok_or_else(|| Reader::of(element, part).fault("is a BIT STRING with a wrong count of unused bits"))
}

fn read_version(wrapper: &Element<'_>) -> Got<i64> {
    let mut inner = Reader::of(wrapper, "version");
    let number = inner.expect(tag::INTEGER)?;
    inner.finish()?;
    if number.content.is_empty() {
        return Err(inner.fault("is an INTEGER without octets"));
    }
    Ok(saturating_int(number.content).saturating_add(1))
}

fn read_validity<'a>(element: &Element<'a>) -> Got<Validity<'a>> {
    let mut fields = Reader::of(element, "validity");
    let not_before = fields.enter("validity.notBefore").any()?;
    let not_after = fields.enter("validity.notAfter").any()?;
    fields.enter("validity").finish()?;
    Ok(Validity {
        not_before: time::read(&not_before, "validity.notBefore"),
        not_after: time::read(&not_after, "validity.notAfter"),
        span: element.span,
    })
}

/// Counts repetitions and finds the first extension of each known kind.
fn index_extensions(extensions: &mut [Extension<'_>]) -> [Option<u16>; ExtensionKind::COUNT] {
    let mut first = [None; ExtensionKind::COUNT];
    for at in 0..extensions.len() {
        let earlier = extensions[..at].iter().position(|other| other.oid == extensions[at].oid);
        if let Some(earlier) = earlier {
            extensions[at].repeated = true;
            extensions[earlier].count += 1;
        } else if let Some(index) = extensions[at].kind.index() {
            first[index] = u16::try_from(at).ok();
        }
    }
    for at in 0..extensions.len() {
        if extensions[at].repeated {
            let original = extensions.iter().find(|other| other.oid == extensions[at].oid);
            extensions[at].count = original.map_or(1, |other| other.count);
        }
    }
    first
}
