//! Distinguished names (RFC 5280, 4.1.2.4) as they are written into a certificate.

use super::{der, oid};

/// A name: one attribute for each relative distinguished name, in the order written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Name {
    /// The attributes; none gives an empty name.
    pub attributes: Vec<Attribute>,
}

/// One attribute of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Attribute type, as arcs.
    pub oid: Vec<u64>,
    /// String type to write the text in.
    pub string_type: StringType,
    /// The text.
    pub text: String,
}

/// String types of `DirectoryString` and `IA5String`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StringType {
    /// `UTF8String`.
    Utf8,
    /// `PrintableString`; the alphabet is not checked.
    Printable,
    /// `IA5String`; the alphabet is not checked.
    Ia5,
    /// `TeletexString`, written as Latin-1; characters beyond it become a question mark.
    Teletex,
    /// `BMPString`, UTF-16 big-endian.
    Bmp,
    /// `UniversalString`, UTF-32 big-endian.
    Universal,
}

impl Name {
    /// A name without attributes.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// A name of one commonName in UTF-8.
    #[must_use]
    pub fn common(text: &str) -> Self {
        Self::empty().with(oid::COMMON_NAME, text)
    }

    /// The name with one more attribute at its end. A country is written as `PrintableString` (RFC 5280, appendix A.1),
    /// as is the serialNumber; all others in UTF-8.
    #[must_use]
    pub fn with(self, oid: &[u64], text: &str) -> Self {
        let printable = oid == oid::COUNTRY || oid == oid::SERIAL_NUMBER;
        self.with_type(oid, if printable { StringType::Printable } else { StringType::Utf8 }, text)
    }

    /// The name with one more attribute, in a string type of the caller's choice.
    #[must_use]
    pub fn with_type(mut self, oid: &[u64], string_type: StringType, text: &str) -> Self {
        self.attributes.push(Attribute { oid: oid.to_vec(), string_type, text: text.to_owned() });
        self
    }

    /// The `RDNSequence`.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        der::sequence(self.attributes.iter().map(|attribute| der::set(vec![attribute.to_der()])))
    }
}

impl Attribute {
    /// The `AttributeTypeAndValue`.
    fn to_der(&self) -> Vec<u8> {
        let (tag, content) = match self.string_type {
            StringType::Utf8 => (der::tag::UTF8_STRING, self.text.as_bytes().to_vec()),
            StringType::Printable => (der::tag::PRINTABLE_STRING, self.text.as_bytes().to_vec()),
            StringType::Ia5 => (der::tag::IA5_STRING, self.text.as_bytes().to_vec()),
            StringType::Teletex => {
                let latin = self.text.chars().map(|character| u8::try_from(character).unwrap_or(b'?'));
                (der::tag::TELETEX_STRING, latin.collect())
            }
            StringType::Bmp => {
                (der::tag::BMP_STRING, self.text.encode_utf16().flat_map(u16::to_be_bytes).collect())
            }
            StringType::Universal => {
                let octets = self.text.chars().flat_map(|character| u32::from(character).to_be_bytes());
                (der::tag::UNIVERSAL_STRING, octets.collect())
            }
        };
        der::sequence([der::oid(&self.oid), der::value(tag, &content)])
    }
}
