//! What may be wrong with the names of a certificate of a random chain: subject and
//! issuer, subjectAltName and name constraints.

use pemlint::issue::{Extension, Name, Part, StringType, der, oid};

use super::chains::{Draft, Random};

const EMAIL_ADDRESS: &[u64] = &[1, 2, 840, 113_549, 1, 9, 1];
const SMTP_UTF8_MAILBOX: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 8, 9];
const ORGANIZATION: &[u64] = oid::ORGANIZATION;

const DNS: &[&str] = &[
    "good.example",
    ".good.example",
    "*.good.example",
    "www.good.example",
    "GOOD.EXAMPLE",
    "other.test",
    "w*.good.example",
    "*w.good.example",
    "w*w.good.example",
    "*.*.example",
    "*.example",
    "*",
    "example",
    "",
    ".",
    "*.",
    "a.*.good.example",
    "xn--bcher-kva.good.example",
    "xn--*.good.example",
    "www.good.example.",
    "good.example.",
    "192.0.2.1",
    "-a.good.example",
    "*.-good.example",
    "www_a.good.example",
    "localhost",
    "www.good.example\0.other.test",
];
const EMAILS: &[&str] = &[
    "who@good.example",
    "WHO@GOOD.EXAMPLE",
    "nobody",
    "good.example",
    ".good.example",
    "@good.example",
    "who@",
    "a@b@good.example",
    "",
];
const URIS: &[&str] = &[
    "https://good.example/a",
    "https://www.good.example:443/a",
    "https://user@good.example/a",
    "https://192.0.2.1/a",
    "https://[2001:db8::1]/a",
    "urn:a",
    "https://",
    ".good.example",
    "good.example",
    "www.good.example",
    "",
];
const ADDRESSES: &[&[u8]] = &[
    &[192, 0, 2, 1],
    &[192, 0, 2, 0, 255, 255, 255, 0],
    &[192, 0, 3, 0, 255, 255, 255, 0],
    &[0, 0, 0, 0, 0, 0, 0, 0],
    &[192, 0, 2, 1, 255, 0, 255, 255],
    &[1, 2, 3],
    &[1, 2, 3, 4, 5],
    &[],
    &[0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    &[
        0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0,
    ],
    &[0; 32],
];

/// Kinds of general names, the usual ones more than once.
const KINDS: usize = 14;
const EMAIL: usize = 7;
const MAILBOX: usize = 12;

/// Damages names; what was done.
pub(crate) fn damage(random: &mut Random, draft: &mut Draft, at: usize) -> String {
    match random.below(14) {
        0..=2 => constraints(random, draft, at, None),
        3..=5 => constrained(random, draft),
        // Names of the leaf are what constraints and hosts are about.
        6..=8 => {
            let leaf = draft.items.len() - 1;
            let at = if random.chance(4) { at } else { leaf };
            alternatives(random, draft, at)
        }
        9 => common_name(random, draft),
        _ => distinguished(random, draft, at),
    }
}

/// A `GeneralName`, of any kind.
fn general(random: &mut Random) -> Vec<u8> {
    let kind = random.below(KINDS);
    general_of(random, kind)
}

fn general_of(random: &mut Random, kind: usize) -> Vec<u8> {
    match kind {
        0..=4 => der::context_primitive(2, random.pick(DNS).as_bytes()),
        5 | 6 => der::context_primitive(7, random.pick(ADDRESSES)),
        EMAIL | 8 => der::context_primitive(1, random.pick(EMAILS).as_bytes()),
        9 | 10 => der::context_primitive(6, random.pick(URIS).as_bytes()),
        11 => {
            let names = [Name::common("CA 0"), Name::empty(), Name::common("WWW.good.example")];
            der::context(4, &random.pick(&names).to_der())
        }
        MAILBOX => {
            let kind = random.pick(&[SMTP_UTF8_MAILBOX, &[1, 2, 3, 4]]);
            let value = match random.below(3) {
                0 => der::value(der::tag::UTF8_STRING, "gr\u{fc}n@good.example".as_bytes()),
                1 => der::value(der::tag::UTF8_STRING, b"who@good.example"),
                _ => der::value(der::tag::IA5_STRING, b"who@good.example"),
            };
            der::context(0, &der::concatenate([der::oid(kind), der::context(0, &value)]))
        }
        _ => random.pick(&[
            der::context_primitive(8, &[0x2a, 3]),
            der::context(3, &[]),
            der::context(5, &der::context(1, &der::value(der::tag::UTF8_STRING, b"a"))),
            der::context_primitive(9, b"a"),
        ]),
    }
}

/// Name constraints and, for the leaf, names that they are about.
fn constrained(random: &mut Random, draft: &mut Draft) -> String {
    let leaf = draft.items.len() - 1;
    let kind = random.below(KINDS);
    let mut names = vec![der::context_primitive(2, b"www.good.example")];
    for _ in 0..=random.below(2) {
        names.push(general_of(random, kind));
    }
    let told = format!("names {names:x?}");
    let subject = &mut draft.items[leaf].description;
    subject.put(Extension::new(oid::SUBJECT_ALT_NAME, der::sequence(names)));
    if kind == EMAIL && random.chance(2) {
        let string = random.pick(&[StringType::Utf8, StringType::Ia5]);
        subject.subject = subject.subject.clone().with_type(EMAIL_ADDRESS, string, random.pick(EMAILS));
    }
    // Constraints on addresses of mail bind such names as well.
    let kind = if kind == MAILBOX && random.chance(2) { EMAIL } else { kind };
    let at = random.below(leaf);
    format!("{told}, {} on {at}", constraints(random, draft, at, Some(kind)))
}

fn constraints(random: &mut Random, draft: &mut Draft, at: usize, kind: Option<usize>) -> String {
    let subtrees = |random: &mut Random| {
        let mut all = Vec::new();
        for _ in 0..random.below(3) {
            let bounds = match random.below(12) {
                0 => der::context_primitive(0, &[1]),
                1 => der::context_primitive(0, &[0]),
                2 => der::context_primitive(1, &[1]),
                _ => Vec::new(),
            };
            let base = kind.unwrap_or_else(|| random.below(KINDS));
            all.push(der::sequence([general_of(random, base), bounds]));
        }
        all
    };
    let (permitted, excluded) = (subtrees(random), subtrees(random));
    let field = |number: u8, subtrees: &[Vec<u8>]| match subtrees {
        [] => Vec::new(),
        some => der::context(number, &some.concat()),
    };
    let value = der::sequence([field(0, &permitted), field(1, &excluded)]);
    let extension = Extension::new(&[2, 5, 29, 30], value).critical(random.chance(2));
    draft.items[at].description.put(extension);
    format!("name constraints {permitted:x?} {excluded:x?}")
}

fn alternatives(random: &mut Random, draft: &mut Draft, at: usize) -> String {
    let names: Vec<Vec<u8>> = (0..random.below(4)).map(|_| general(random)).collect();
    let told = format!("names {names:x?}");
    let extension = Extension::new(oid::SUBJECT_ALT_NAME, der::sequence(names)).critical(random.chance(3));
    draft.items[at].description.put(extension);
    told
}

/// A leaf with nothing but commonNames, or with alternative names of other types.
fn common_name(random: &mut Random, draft: &mut Draft) -> String {
    let leaf = &mut draft.items.last_mut().expect("a chain has a leaf").description;
    leaf.remove(oid::SUBJECT_ALT_NAME);
    if random.chance(2) {
        let other = der::context_primitive(1, b"who@good.example");
        leaf.put(Extension::new(oid::SUBJECT_ALT_NAME, der::sequence([other])));
    }
    leaf.subject = Name::empty();
    for _ in 0..=random.below(2) {
        let kind = random.pick(&[StringType::Utf8, StringType::Printable, StringType::Ia5, StringType::Bmp]);
        leaf.subject = leaf.subject.clone().with_type(oid::COMMON_NAME, kind, random.pick(DNS));
    }
    "commonName".to_owned()
}

fn distinguished(random: &mut Random, draft: &mut Draft, at: usize) -> String {
    let kind = random.below(9);
    let own = &mut draft.items[at].description;
    let own_text = format!("CA {at}");
    match kind {
        0 => own.subject = Name::empty(),
        1 => {
            let kind = random.pick(&[StringType::Utf8, StringType::Ia5]);
            own.subject = own.subject.clone().with_type(EMAIL_ADDRESS, kind, random.pick(EMAILS));
        }
        2 => own.issuer = own.subject.clone(),
        3 => {
            let text = format!("  ca   {at} ");
            own.subject = Name::empty().with_type(oid::COMMON_NAME, StringType::Printable, &text);
        }
        4 => own.subject = Name::empty().with_type(oid::COMMON_NAME, StringType::Bmp, &own_text),
        5 => own.subject = Name::common(&own_text).with(ORGANIZATION, "Good"),
        6 => own.set_raw(Part::Subject, odd_name(random, &own_text)),
        7 => own.set_raw(Part::Issuer, odd_name(random, &format!("CA {}", at.saturating_sub(1)))),
        _ => own.subject = Name::common("www.good.example"),
    }
    if !matches!(kind, 2 | 6 | 7) {
        let subject = own.subject.clone();
        if at == 0 && random.chance(2) {
            draft.items[0].description.issuer = subject.clone();
        }
        if at + 1 < draft.items.len() && random.chance(2) {
            draft.items[at + 1].description.issuer = subject;
        }
    }
    format!("name {kind}")
}

/// A name with the same commonName, that is encoded in an odd way.
fn odd_name(random: &mut Random, text: &str) -> Vec<u8> {
    let attribute =
        |kind: &[u64], tag: u8, text: &[u8]| der::sequence([der::oid(kind), der::value(tag, text)]);
    let common = |tag: u8| attribute(oid::COMMON_NAME, tag, text.as_bytes());
    let other = attribute(ORGANIZATION, der::tag::UTF8_STRING, b"Good");
    let set = |parts: &[Vec<u8>]| der::value(der::tag::SET, &parts.concat());
    match random.below(10) {
        0 => der::sequence([set(&[common(der::tag::UTF8_STRING), other])]),
        1 => der::sequence([set(&[other, common(der::tag::UTF8_STRING)])]),
        2 => der::sequence([set(&[]), set(&[common(der::tag::UTF8_STRING)])]),
        3 => der::sequence([set(&[common(0x14)])]),
        4 => der::sequence([set(&[common(0x12)])]),
        5 => der::sequence([set(&[common(0x1a)])]),
        6 => der::sequence([set(&[common(der::tag::OCTET_STRING)])]),
        7 => {
            let wide: Vec<u8> = text.bytes().flat_map(|octet| [0, 0, 0, octet]).collect();
            der::sequence([set(&[attribute(oid::COMMON_NAME, 0x1c, &wide[random.below(2)..])])])
        }
        8 => der::sequence([set(&[attribute(oid::COMMON_NAME, der::tag::UTF8_STRING, &[0x43, 0x41, 0xff])])]),
        _ => der::sequence([
            set(&[common(der::tag::UTF8_STRING)]),
            set(&[attribute(oid::COMMON_NAME, 0x13, b"proxy")]),
        ]),
    }
}
