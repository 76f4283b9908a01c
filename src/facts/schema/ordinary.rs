//! What nearly all elements of a list have in common, declared so that a rule which says nothing of such elements is
//! passed over where a certificate has no others. Whoever declares more here must ask it in the fact that is named;
//! `tests/properties/needs.rs` compares the two.

use super::super::extension::{Extension, ExtensionKind as E};
use super::super::name::{Attribute, Name};

/// What ordinary elements of a list have.
#[derive(Debug)]
pub struct Ordinary {
    /// The Boolean beside the list that is false where all elements are ordinary.
    pub fact: &'static str,
    /// What every ordinary element has. All facts of such elements have a value.
    pub all: &'static [Given],
    /// An ordinary element has all that one of these says too.
    pub cases: &'static [&'static [Given]],
}

/// What an element has.
#[derive(Clone, Copy, Debug)]
pub struct Given {
    /// Its fact.
    pub field: &'static str,
    /// The value of that fact.
    pub value: Usual,
}

/// The value of a fact of an ordinary element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usual {
    /// This Boolean.
    Is(bool),
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// A list of so many elements.
    Size(usize),
}

impl Given {
    /// Whether a text is one of those that it names.
    fn allows(self, text: &str) -> bool {
        matches!(self.value, Usual::OneOf(texts) if texts.contains(&text))
    }
}

const fn is(field: &'static str, value: bool) -> Given {
    Given { field, value: Usual::Is(value) }
}

const fn one_of(field: &'static str, texts: &'static [&'static str]) -> Given {
    Given { field, value: Usual::OneOf(texts) }
}

const DECODES: Given = one_of("malformedReason", &[""]);
const FIRST: Given = is("repeated", false);
const FILLED: Given = is("emptySequence", false);
const NOT_NETSCAPE: Given = is("netscape", false);
const FREE: Given = is("critical", false);
const UNMARKED: Given = one_of("criticalEncoding", &["absent"]);
const CRITICAL: Given = is("critical", true);
const MARKED: Given = one_of("criticalEncoding", &["true"]);
const KNOWN: Given = is("known", true);

/// basicConstraints of an end entity are an empty SEQUENCE.
const CONSTRAINTS: Given = one_of("name", &["basicConstraints"]);

/// What clients process, so that it may be critical.
const PROCESSED: Given = one_of(
    "name",
    &[
        "basicConstraints",
        "keyUsage",
        "extKeyUsage",
        "subjectAltName",
        "nameConstraints",
        "certificatePolicies",
        "policyMappings",
        "policyConstraints",
        "inhibitAnyPolicy",
    ],
);

pub(super) const EXTENSIONS: Ordinary = Ordinary {
    fact: "unusualExtensions",
    all: &[DECODES, FIRST, NOT_NETSCAPE],
    cases: &[
        &[FREE, UNMARKED, FILLED],
        &[FREE, UNMARKED, CONSTRAINTS],
        &[CRITICAL, MARKED, KNOWN, PROCESSED, FILLED],
        &[CRITICAL, MARKED, KNOWN, CONSTRAINTS],
    ],
};

/// Whether an extension is one of [`EXTENSIONS`].
pub(super) fn is_ordinary_extension(extension: &Extension<'_>) -> bool {
    let is_marked_well = match extension.critical_encoding {
        "absent" => true,
        "true" => extension.is_processed() && PROCESSED.allows(&extension.name()),
        _ => false,
    };
    is_marked_well
        && extension.decoded.is_ok()
        && !extension.repeated
        && !extension.is_of_netscape()
        && (extension.kind == E::BasicConstraints || !extension.is_empty_sequence())
}

const PLAIN: Given = is("plain", true);
const KNOWN_TYPE: Given = is("known", true);
const WITHIN: Given = is("withinUpperBound", true);
const TYPE_OK: Given = is("stringTypeOk", true);
const DECODABLE: Given = is("decodable", true);
const ALPHABET: Given = is("alphabetOk", true);
const STRING: Given = one_of("stringType", &["PrintableString", "UTF8String", "IA5String"]);
const NO_HOST: Given = is("hostCharacters", false);
const COUNTRY: Given = is("twoCapitals", true);

/// The types that no rule has a form for.
const FREE_TYPES: Given = one_of(
    "type",
    &[
        "organizationName",
        "organizationalUnitName",
        "stateOrProvinceName",
        "localityName",
        "emailAddress",
        "serialNumber",
        "streetAddress",
        "postalCode",
        "title",
        "organizationIdentifier",
    ],
);

pub(super) const ATTRIBUTES: Ordinary = Ordinary {
    fact: "unusualAttributes",
    all: &[PLAIN, KNOWN_TYPE, WITHIN, TYPE_OK, DECODABLE, ALPHABET, STRING],
    cases: &[
        &[FREE_TYPES],
        &[one_of("type", &["commonName"]), NO_HOST],
        &[one_of("type", &["countryName"]), COUNTRY],
    ],
};

/// Whether an attribute is one of [`ATTRIBUTES`].
pub(super) fn is_ordinary_attribute(attribute: &Attribute<'_>) -> bool {
    let Some(known) = attribute.known() else {
        return false;
    };
    let has_form = match known.name {
        "commonName" => !attribute.has_host_characters(),
        "countryName" => attribute.is_two_capitals(),
        name => FREE_TYPES.allows(name),
    };
    has_form && attribute.is_plain() && attribute.string_type_ok() && attribute.is_within_upper_bound()
}

pub(super) const RDNS: Ordinary = Ordinary {
    fact: "unusualRdns",
    all: &[is("typesDistinct", true), Given { field: "attributes", value: Usual::Size(1) }],
    cases: &[&[]],
};

/// Whether all relative names are one of [`RDNS`].
pub(super) fn has_ordinary_rdns(name: &Name<'_>) -> bool {
    name.rdns.iter().all(|rdn| rdn.end - rdn.start == 1)
}
