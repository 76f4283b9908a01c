//! Distinguished names, read over their true extent: empty and damaged parts
//! neither end the name nor vanish (RFC 5280 §4.1.2.4, RFC 4514).

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::der::{Element, Got, Malformed, Reader, Span, index, tag};
use crate::limits;
use crate::oid::Oid;

/// A `Name`: a sequence of relative distinguished names.
#[derive(Clone, Debug)]
pub struct Name<'a> {
    /// The whole element.
    pub der: &'a [u8],
    /// Its place.
    pub span: Span,
    /// All attributes, in order.
    pub attributes: Vec<Attribute<'a>>,
    /// The relative names: ranges of `attributes`.
    pub rdns: Vec<Rdn>,
}

/// A `RelativeDistinguishedName`: the attributes `start..end` of its name.
#[derive(Clone, Copy, Debug)]
pub struct Rdn {
    /// Index of the first attribute.
    pub start: u32,
    /// Index behind the last one.
    pub end: u32,
    /// The whole SET.
    pub span: Span,
}

/// One attribute of a name.
#[derive(Clone, Copy, Debug)]
pub struct Attribute<'a> {
    /// Its type.
    pub oid: Oid<'a>,
    /// Identifier octet of its value.
    pub tag: u8,
    /// Content octets of its value.
    pub content: &'a [u8],
    /// The whole `AttributeTypeAndValue`.
    pub span: Span,
    /// What is known of its type.
    known: Option<&'static AttributeType>,
    /// Its value where it is UTF-8, or ASCII, which is UTF-8 too.
    text: Option<&'a str>,
}

/// What is known of an attribute type: RFC 5280 name, RFC 4514 short name or the
/// same, and the most characters it may have (RFC 5280 appendix A.1; X.520 for types that are not there), 0 for no bound.
#[derive(Debug)]
pub struct AttributeType {
    oid: &'static [u8],
    /// Name of the type.
    pub name: &'static str,
    /// Name in the text form.
    pub short: &'static str,
    /// Most characters, 0 for no bound.
    pub upper_bound: i64,
}

const fn attribute(
    oid: &'static [u8],
    name: &'static str,
    short: &'static str,
    upper_bound: i64,
) -> AttributeType {
    AttributeType { oid, name, short, upper_bound }
}

const TYPES: &[AttributeType] = &[
    attribute(&[0x55, 4, 3], "commonName", "CN", 64),
    attribute(&[0x55, 4, 10], "organizationName", "O", 64),
    attribute(&[0x55, 4, 11], "organizationalUnitName", "OU", 64),
    attribute(&[0x55, 4, 6], "countryName", "C", 2),
    attribute(&[0x55, 4, 8], "stateOrProvinceName", "ST", 128),
    attribute(&[0x55, 4, 7], "localityName", "L", 128),
    attribute(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1], "emailAddress", "emailAddress", 255),
    attribute(&[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 25], "domainComponent", "DC", 0),
    attribute(&[0x55, 4, 5], "serialNumber", "serialNumber", 64),
    attribute(&[0x55, 4, 9], "streetAddress", "street", 128),
    attribute(&[0x55, 4, 17], "postalCode", "postalCode", 40),
    attribute(&[0x55, 4, 4], "surname", "SN", 32_768),
    attribute(&[0x55, 4, 42], "givenName", "GN", 32_768),
    attribute(&[0x55, 4, 43], "initials", "initials", 32_768),
    attribute(&[0x55, 4, 44], "generationQualifier", "generationQualifier", 32_768),
    attribute(&[0x55, 4, 12], "title", "title", 64),
    attribute(&[0x55, 4, 46], "dnQualifier", "dnQualifier", 0),
    attribute(&[0x55, 4, 65], "pseudonym", "pseudonym", 128),
    attribute(&[0x55, 4, 15], "businessCategory", "businessCategory", 128),
    attribute(&[0x55, 4, 97], "organizationIdentifier", "organizationIdentifier", 0),
    attribute(&[0x55, 4, 41], "name", "name", 32_768),
    attribute(&[0x55, 4, 13], "description", "description", 1024),
    attribute(&[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 1], "userID", "UID", 256),
    attribute(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 2], "unstructuredName", "unstructuredName", 255),
];

/// What a `PrintableString` may hold beside letters and digits (X.680 §41.4).
const PRINTABLE: &[u8] = b" '()+,-./:=?";

impl<'a> Name<'a> {
    /// Reads the name that `element` holds.
    ///
    /// # Errors
    /// Where it is no sequence of sets of attributes.
    pub fn read(element: &Element<'a>, part: &'static str) -> Got<Self> {
        if element.tag != tag::SEQUENCE {
            return Err(Malformed { part, reason: "is not a SEQUENCE", offset: element.span.start });
        }
        let mut name = Self {
            der: element.der,
            span: element.span,
            attributes: Vec::with_capacity(8),
            rdns: Vec::with_capacity(8),
        };
        let mut sets = Reader::of(element, part);
        while !sets.is_empty() {
            let set = sets.expect(tag::SET)?;
            let start = name.attributes.len();
            let mut members = Reader::of(&set, part);
            while !members.is_empty() {
                name.attributes.push(Attribute::read(&members.expect(tag::SEQUENCE)?, part)?);
            }
            if name.attributes.len() > limits::LIST_ITEMS || name.rdns.len() > limits::LIST_ITEMS {
                return Err(sets.fault("has more attributes than are looked at"));
            }
            name.rdns.push(Rdn { start: index(start), end: index(name.attributes.len()), span: set.span });
        }
        Ok(name)
    }

    /// Attributes of one relative name.
    #[must_use]
    pub fn members(&self, rdn: &Rdn) -> &[Attribute<'a>] {
        &self.attributes[rdn.start as usize..rdn.end as usize]
    }

    /// Whether no two attributes of a relative name have the same type.
    #[must_use]
    pub fn has_distinct_types(&self, rdn: &Rdn) -> bool {
        let members = self.members(rdn);
        let is_new =
            |(at, member): (usize, &Attribute<'_>)| members[..at].iter().all(|one| one.oid != member.oid);
        members.len() < 2 || members.iter().enumerate().all(is_new)
    }

    /// Whether the attributes of a relative name ascend, as DER wants of a SET OF (X.690 §11.6).
    #[must_use]
    pub fn is_sorted(&self, rdn: &Rdn) -> bool {
        let octets = |attribute: &Attribute<'_>| {
            let start = self.span.start;
            &self.der[(attribute.span.start - start) as usize..(attribute.span.end - start) as usize]
        };
        self.members(rdn).is_sorted_by_key(octets)
    }

    /// Text form of RFC 4514: last relative name first, empty ones left out.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for rdn in self.rdns.iter().rev().filter(|rdn| rdn.start < rdn.end) {
            if !text.is_empty() {
                text.push(',');
            }
            for (at, attribute) in self.members(rdn).iter().enumerate() {
                if at > 0 {
                    text.push('+');
                }
                attribute.write(&mut text);
            }
        }
        text
    }

    /// Whether clients take the two for one name: OpenSSL's canonical form
    /// (`x509_name_canon`) folds ASCII case, collapses and trims spaces and
    /// ignores the string type.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.der == other.der
            || (self.rdns.len() == other.rdns.len()
                && self.rdns.iter().zip(&other.rdns).all(|(own, rdn)| {
                    match (self.members(own), other.members(rdn)) {
                        ([own], [attribute]) => own.is_same(attribute),
                        (own, members) => canonical(own) == canonical(members),
                    }
                }))
    }

    /// A form that is equal for names that [`Self::is_same`] holds the same.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        let mut form = Vec::with_capacity(self.der.len() + 8);
        for rdn in &self.rdns {
            for member in canonical(self.members(rdn)) {
                form.extend_from_slice(&index(member.len()).to_be_bytes());
                form.extend_from_slice(&member);
            }
            form.push(0xff);
        }
        form
    }
}

/// The canonical forms of the attributes of a relative name, in order.
fn canonical(members: &[Attribute<'_>]) -> Vec<Vec<u8>> {
    let mut forms: Vec<Vec<u8>> = members.iter().map(Attribute::canonical).collect();
    forms.sort_unstable();
    forms
}

impl<'a> Attribute<'a> {
    fn read(element: &Element<'a>, part: &'static str) -> Got<Self> {
        let mut fields = Reader::of(element, part);
        let oid = fields.expect(tag::OID)?;
        let value = fields.any()?;
        fields.finish()?;
        let known = TYPES.iter().find(|entry| entry.oid == oid.content);
        let is_utf8 = matches!(
            value.tag,
            tag::UTF8_STRING
                | tag::PRINTABLE_STRING
                | tag::IA5_STRING
                | tag::NUMERIC_STRING
                | tag::VISIBLE_STRING
        );
        let text = if is_utf8 { std::str::from_utf8(value.content).ok() } else { None };
        Ok(Self {
            oid: Oid(oid.content),
            tag: value.tag,
            content: value.content,
            span: element.span,
            known,
            text,
        })
    }

    /// What is known of its type.
    #[must_use]
    pub fn known(&self) -> Option<&'static AttributeType> {
        self.known
    }

    /// Name of its type: RFC 5280's, else the dotted OID.
    #[must_use]
    pub fn type_name(&self) -> Cow<'static, str> {
        self.known().map_or_else(|| self.oid.to_string().into(), |entry| entry.name.into())
    }

    /// Its value decoded by its string type; undecodable octets become U+FFFD,
    /// and values that are no strings are shown as `#` and hex (RFC 4514 §2.4).
    #[must_use]
    pub fn value(&self) -> Cow<'a, str> {
        self.text.map_or_else(|| decoded(self.tag, self.content), Cow::Borrowed)
    }

    /// Code points of its value.
    #[must_use]
    pub fn chars(&self) -> usize {
        match self.text {
            Some(text) if text.is_ascii() => text.len(),
            _ => self.value().chars().count(),
        }
    }

    /// Whether its content decodes in its string type.
    #[must_use]
    pub fn is_decodable(&self) -> bool {
        match self.tag {
            tag::UTF8_STRING => self.text.is_some(),
            tag::PRINTABLE_STRING | tag::IA5_STRING | tag::NUMERIC_STRING | tag::VISIBLE_STRING => {
                self.content.is_ascii()
            }
            tag::BMP_STRING | tag::UNIVERSAL_STRING => !self.value().contains('\u{fffd}'),
            tag::TELETEX_STRING => true,
            _ => false,
        }
    }

    /// Whether its content stays within the alphabet of its type (X.680 §41).
    #[must_use]
    pub fn alphabet_ok(&self) -> bool {
        let allowed: fn(&u8) -> bool = match self.tag {
            tag::PRINTABLE_STRING => |octet| octet.is_ascii_alphanumeric() || PRINTABLE.contains(octet),
            tag::NUMERIC_STRING => |octet| octet.is_ascii_digit() || *octet == b' ',
            tag::VISIBLE_STRING => |octet| (0x20..0x7f).contains(octet),
            tag::IA5_STRING => u8::is_ascii,
            _ => return true,
        };
        self.content.iter().all(allowed)
    }

    /// Whether its value is plain text: of a usual string type, within the alphabet of that type, of visible ASCII
    /// without `&`, with a letter or digit, without a space at either end or beside another.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        if !matches!(self.tag, tag::PRINTABLE_STRING | tag::UTF8_STRING | tag::IA5_STRING) {
            return false;
        }
        let (mut before, mut has_word) = (b' ', false);
        for &octet in self.content {
            match octet {
                b' ' if before == b' ' => return false,
                _ if octet.is_ascii_alphanumeric() => has_word = true,
                b' ' => {}
                b'&' => return false,
                _ if self.tag == tag::PRINTABLE_STRING && !PRINTABLE.contains(&octet) => return false,
                _ if !octet.is_ascii_graphic() => return false,
                _ => {}
            }
            before = octet;
        }
        has_word && before != b' '
    }

    /// Whether it has no more characters than its type may have.
    #[must_use]
    pub fn is_within_upper_bound(&self) -> bool {
        let bound = self.known.map_or(0, |known| usize::try_from(known.upper_bound).unwrap_or(0));
        // A character is never shorter than an octet.
        bound == 0 || self.text.is_some_and(|text| text.len() <= bound) || self.chars() <= bound
    }

    /// Whether its value has a character without which it is no host name, address, URL or mail address.
    #[must_use]
    pub fn has_host_characters(&self) -> bool {
        self.value().contains(['.', ':', '@'])
    }

    /// Whether its value is two letters of A to Z.
    #[must_use]
    pub fn is_two_capitals(&self) -> bool {
        matches!(self.value().as_bytes(), [b'A'..=b'Z', b'A'..=b'Z'])
    }

    /// Name of its string type.
    #[must_use]
    pub fn string_type(&self) -> &'static str {
        string_type(self.tag)
    }

    /// The string type that RFC 5280 wants for its attribute type; empty where
    /// any `DirectoryString` will do.
    #[must_use]
    pub fn expected_string_type(&self) -> &'static str {
        match self.known().map_or("", |entry| entry.name) {
            "countryName" | "serialNumber" | "dnQualifier" => "PrintableString",
            "emailAddress" | "domainComponent" => "IA5String",
            _ => "",
        }
    }

    /// Whether its string type is one that RFC 5280 allows for its attribute type.
    #[must_use]
    pub fn string_type_ok(&self) -> bool {
        match self.expected_string_type() {
            "" => {
                self.known().is_none()
                    || matches!(
                        self.string_type(),
                        "UTF8String" | "PrintableString" | "TeletexString" | "BMPString" | "UniversalString"
                    )
                    || matches!(self.known().map(|entry| entry.name), Some("unstructuredName"))
                        && self.string_type() == "IA5String"
            }
            wanted => self.string_type() == wanted,
        }
    }

    fn write(&self, text: &mut String) {
        match self.known() {
            Some(entry) => text.push_str(entry.short),
            None => text.push_str(&self.oid.to_string()),
        }
        text.push('=');
        let value = self.value();
        let last = value.chars().count().saturating_sub(1);
        for (at, c) in value.chars().enumerate() {
            let special = matches!(c, ',' | '+' | '"' | '\\' | '<' | '>' | ';')
                || (at == 0 && (c == '#' && self.string_type() != "other" || c == ' '))
                || (at == last && c == ' ');
            if special {
                text.push('\\');
            }
            text.push(c);
        }
    }

    /// Whether clients take the two for one, as [`Name::is_same`].
    fn is_same(&self, other: &Self) -> bool {
        self.oid == other.oid
            && match (self.folds(), other.folds()) {
                (true, true) => folded(&self.value()).eq(folded(&other.value())),
                (false, false) => self.tag == other.tag && self.content == other.content,
                _ => false,
            }
    }

    /// Whether its value is text of which case and spaces do not count.
    fn folds(&self) -> bool {
        matches!(
            self.tag,
            tag::UTF8_STRING
                | tag::PRINTABLE_STRING
                | tag::IA5_STRING
                | tag::TELETEX_STRING
                | tag::BMP_STRING
                | tag::UNIVERSAL_STRING
                | tag::VISIBLE_STRING
        )
    }

    fn canonical(&self) -> Vec<u8> {
        let mut form = self.oid.0.to_vec();
        form.push(0);
        if !self.folds() {
            form.push(self.tag);
            form.extend_from_slice(self.content);
            return form;
        }
        form.extend(folded(&self.value()));
        form
    }
}

/// A text in small letters of ASCII, with one space between words.
fn folded(text: &str) -> impl Iterator<Item = u8> {
    text.split_ascii_whitespace().enumerate().flat_map(|(at, word)| {
        let space = (at > 0).then_some(b' ');
        space.into_iter().chain(word.bytes().map(|octet| octet.to_ascii_lowercase()))
    })
}

/// The text of a string of this type; undecodable octets become U+FFFD, and what
/// is no string is shown as `#` and hex (RFC 4514 §2.4).
#[must_use]
pub fn decoded(tag: u8, content: &[u8]) -> Cow<'_, str> {
    match tag {
        tag::UTF8_STRING
        | tag::PRINTABLE_STRING
        | tag::IA5_STRING
        | tag::NUMERIC_STRING
        | tag::VISIBLE_STRING => String::from_utf8_lossy(content),
        tag::TELETEX_STRING => content.iter().map(|octet| char::from(*octet)).collect(),
        tag::BMP_STRING => {
            let units = content.chunks(2).map(|pair| match *pair {
                [high, low] => u16::from_be_bytes([high, low]),
                _ => 0xdc00,
            });
            char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')).collect()
        }
        tag::UNIVERSAL_STRING => content
            .chunks(4)
            .map(|quad| {
                let code = quad.try_into().map_or(u32::MAX, u32::from_be_bytes);
                char::from_u32(code).unwrap_or('\u{fffd}')
            })
            .collect(),
        _ => {
            let mut text = String::from("#");
            push_hex(&mut text, content);
            text.into()
        }
    }
}

/// Name of the string type with this identifier octet.
#[must_use]
pub fn string_type(tag: u8) -> &'static str {
    match tag {
        tag::UTF8_STRING => "UTF8String",
        tag::PRINTABLE_STRING => "PrintableString",
        tag::IA5_STRING => "IA5String",
        tag::TELETEX_STRING => "TeletexString",
        tag::BMP_STRING => "BMPString",
        tag::UNIVERSAL_STRING => "UniversalString",
        tag::NUMERIC_STRING => "NumericString",
        tag::VISIBLE_STRING => "VisibleString",
        _ => "other",
    }
}

/// Appends octets as lower-case hex.
pub fn push_hex(text: &mut String, octets: &[u8]) {
    for octet in octets {
        let _ = write!(text, "{octet:02x}");
    }
}

/// Octets as lower-case hex.
#[must_use]
pub fn hex(octets: &[u8]) -> String {
    let mut text = String::with_capacity(octets.len() * 2);
    push_hex(&mut text, octets);
    text
}
