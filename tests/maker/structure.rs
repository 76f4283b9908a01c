//! Kinds by what is written in them: versions, numbers, times, names, extensions, octets.

use pemlint::facts::Certificate;
use pemlint::facts::algorithm::AlgorithmIdentifier;
use pemlint::facts::extension::{Decoded, Extension as Read};
use pemlint::facts::signature::{Verdict, verify};
use pemlint::issue::Digest;
use pemlint::issue::Maker::{Library, Writer};
use pemlint::issue::{
    Description, Extension, Name, Part, SignatureAlgorithm, StringType, TimeEncoding, der,
    explicit_p256_public_key, oid,
};

use super::kind::Kind;

/// All of them.
pub(crate) fn kinds() -> Vec<Kind> {
    [fields(), numbers(), keys(), times(), names(), extensions(), limits(), octets()]
        .into_iter()
        .flatten()
        .collect()
}

fn fields() -> Vec<Kind> {
    vec![
        Kind::new("sound", Library, |_| (), |read| read.malformed.is_empty() && read.version == Ok(3))
            .printed("Version: 3 (0x2)"),
        Kind::new(
            "version 1",
            Writer,
            |made| (made.version, made.extensions) = (1, Vec::new()),
            |read| read.version == Ok(1) && read.version_span.is_none() && read.malformed.is_empty(),
        )
        .printed("Version: 1 (0x0)"),
        Kind::new("version 2", Writer, version_2, |read| read.version == Ok(2) && read.malformed.is_empty())
            .printed("Version: 2 (0x1)")
            .walked("cont [ 1 ]"),
        Kind::new("inner algorithm differs", Writer, inner_differs, |read| {
            let names = [&read.signature, &read.signature_algorithm]
                .map(|algorithm| algorithm.as_ref().map_or("", AlgorithmIdentifier::hash));
            names == ["sha512", "sha256"]
        })
        .printed("Signature Algorithm: ecdsa-with-SHA256")
        .walked(":ecdsa-with-SHA512"),
    ]
}

fn numbers() -> Vec<Kind> {
    vec![
        Kind::new(
            "serial number negative",
            Writer,
            |made| made.serial_number = vec![0x85, 1, 2],
            |read| serial(read) == (-1, 3),
        )
        .printed("-8060670 (-0x7afefe)")
        .walked(":-7AFEFE"),
        Kind::new(
            "serial number zero",
            Writer,
            |made| made.serial_number = vec![0],
            |read| serial(read) == (0, 1),
        )
        .printed("Serial Number: 0 (0x0)")
        .walked("INTEGER           :00"),
        Kind::new(
            "serial number of 30 octets",
            Writer,
            |made| made.serial_number = vec![0x41; 30],
            |read| serial(read) == (1, 30),
        )
        .printed("41:41:41:41:41:41:41:41:41:41:41:41:41:41:41:41:41:41:41:41:41:41:41:41:41:41:41:41:41:41")
        .walked("4141414141414141414141414141414141414141"),
        Kind::new(
            "serial number not minimal",
            Writer,
            |made| made.serial_number = vec![0, 0x41, 1],
            |read| read.serial_number.as_ref().is_ok_and(|serial| !serial.is_minimal()),
        )
        .walked("l=   3 prim: INTEGER"),
    ]
}

fn keys() -> Vec<Kind> {
    vec![
        Kind::new("curve written out", Writer, explicit, |read| {
            read.public_key.as_ref().is_ok_and(|key| key.ec.is_some_and(|ec| ec.form != "named"))
        })
        .printed("Field Type: prime-field")
        .walked(":prime-field"),
        Kind::of_member(
            "signature corrupt",
            Library,
            |member| member.is_signature_spoilt = true,
            |read| read.malformed.is_empty() && verify(read, read) == Verdict::Invalid,
        )
        .printed("Signature Algorithm: ecdsa-with-SHA256"),
    ]
}

fn times() -> Vec<Kind> {
    let after = |encoding| move |made: &mut Description| made.validity.not_after.encoding = encoding;
    vec![
        Kind::new("time without seconds", Writer, after(TimeEncoding::UtcTimeWithoutSeconds), |read| {
            time(read, |time| !time.has_seconds && time.zulu)
        })
        .printed("Not After : Jan 18 00:00:00 2035 GMT")
        .walked("l=  11 prim: UTCTIME"),
        Kind::new("time with offset", Writer, after(TimeEncoding::UtcTimeWithOffset), |read| {
            time(read, |time| !time.zulu && time.text.ends_with(b"+0000"))
        })
        .printed("Not After : Jan 18 00:00:00 2035 GMT")
        .walked("+0000"),
        Kind::new("time with fraction", Writer, after(TimeEncoding::GeneralizedTimeWithFraction), |read| {
            time(read, |time| time.has_fraction && time.zulu)
        })
        .printed("Not After : Jan 18 00:00:00.5 2035 GMT")
        .walked(".5Z"),
        Kind::new("time without zone", Writer, after(TimeEncoding::GeneralizedTimeWithoutZone), |read| {
            time(read, |time| !time.zulu && time.has_seconds)
        })
        .printed("Not After : Bad time value")
        .walked("l=  14 prim: GENERALIZEDTIME"),
        Kind::new("time of this century generalized", Writer, after(TimeEncoding::GeneralizedTime), |read| {
            time(read, |time| time.type_name == "GeneralizedTime" && time.year < 2050)
        })
        .printed("Not After : Jan 18 00:00:00 2035 GMT")
        .walked("GENERALIZEDTIME"),
    ]
}

fn names() -> Vec<Kind> {
    let subject = |name: Name| move |made: &mut Description| made.subject = name;
    let typed = |string_type, text| subject(Name::empty().with_type(oid::COMMON_NAME, string_type, text));
    vec![
        Kind::new("subject empty", Library, subject(Name::empty()), |read| {
            read.subject.as_ref().is_ok_and(|name| name.attributes.is_empty())
        })
        .printed("Subject: \n"),
        Kind::new(
            "issuer empty",
            Library,
            |made| made.issuer = Name::empty(),
            |read| read.issuer.as_ref().is_ok_and(|name| name.attributes.is_empty()),
        )
        .printed("Issuer: \n"),
        Kind::new("TeletexString", Library, typed(StringType::Teletex, "Test"), |read| {
            attribute(read) == ("TeletexString", "Test".to_owned())
        })
        .printed("Subject: CN=Test")
        .walked("T61STRING"),
        Kind::new("TeletexString of Latin letters", Writer, typed(StringType::Teletex, "Größe"), |read| {
            attribute(read) == ("TeletexString", "Größe".to_owned())
        })
        .printed("Subject: CN=Größe")
        .walked("T61STRING"),
        Kind::new("BMPString", Library, typed(StringType::Bmp, "Größe"), |read| {
            attribute(read) == ("BMPString", "Größe".to_owned())
        })
        .printed("Subject: CN=Größe")
        .walked("BMPSTRING"),
        Kind::new("UniversalString", Library, typed(StringType::Universal, "Größe 𝄞"), |read| {
            attribute(read) == ("UniversalString", "Größe 𝄞".to_owned())
        })
        .printed("Subject: CN=Größe 𝄞")
        .walked("UNIVERSALSTRING"),
        Kind::new(
            "PrintableString with another letter",
            Writer,
            typed(StringType::Printable, "a@b"),
            |read| attribute(read) == ("PrintableString", "a@b".to_owned()),
        )
        .printed("Subject: CN=a@b")
        .walked("PRINTABLESTRING   :a@b"),
        Kind::new(
            "attribute type twice",
            Writer,
            subject(Name::common("a").with(oid::COMMON_NAME, "b")),
            |read| read.subject.as_ref().is_ok_and(|name| name.attributes.len() == 2),
        )
        .printed("Subject: CN=b,CN=a"),
    ]
}

fn extensions() -> Vec<Kind> {
    let put = |extension: Extension| move |made: &mut Description| made.put(extension);
    vec![
        Kind::new(
            "extension twice",
            Writer,
            |made| made.extensions.push(made.extensions[1].clone()),
            |read| read.extensions.as_ref().is_ok_and(|all| all.iter().any(|one| one.repeated)),
        )
        .printed("X509v3 Subject Key Identifier"),
        Kind::new("extension malformed", Writer, put(Extension::new(oid::KEY_USAGE, der::null())), |read| {
            find(read, "keyUsage").is_some_and(|one| one.decoded.is_err())
        })
        .printed("X509v3 Key Usage")
        .walked("[HEX DUMP]:0500"),
        Kind::new(
            "extension without octets",
            Writer,
            put(Extension::new(oid::KEY_USAGE, Vec::new())),
            |read| find(read, "keyUsage").is_some_and(|one| one.value.is_empty() && one.decoded.is_err()),
        )
        .printed("X509v3 Key Usage")
        .walked("l=   0 prim: OCTET STRING"),
        Kind::new("extensions empty", Writer, no_extension, |read| {
            read.empty_extensions && read.malformed.is_empty()
        })
        .printed("Version: 3 (0x2)"),
    ]
}

/// Those of keyUsage and basicConstraints.
fn limits() -> Vec<Kind> {
    let put = |extension: Extension| move |made: &mut Description| made.put(extension);
    vec![
        Kind::new("keyUsage without bits", Writer, put(Extension::key_usage(&[])), |read| {
            usage(read) == Some(0)
        })
        .printed("X509v3 Key Usage: critical")
        .walked("[HEX DUMP]:030100"),
        Kind::new("keyUsage of a zero octet", Writer, put(Extension::key_usage_with(0, &[0])), |read| {
            usage(read) == Some(0)
        })
        .printed("X509v3 Key Usage: critical")
        .walked("[HEX DUMP]:03020000"),
        Kind::new("keyUsage with 8 unused bits", Writer, put(Extension::key_usage_with(8, &[6])), |read| {
            find(read, "keyUsage").is_some_and(|one| one.decoded.is_err())
        })
        .printed("X509v3 Key Usage: critical")
        .walked("[HEX DUMP]:03020806"),
        Kind::new(
            "keyUsage with bits that are unused",
            Writer,
            put(Extension::key_usage_with(1, &[7])),
            |read| usage(read) == Some(1 << 5 | 1 << 6),
        )
        .printed("Certificate Sign, CRL Sign")
        .walked("[HEX DUMP]:03020107"),
        Kind::new(
            "pathLenConstraint negative",
            Writer,
            put(Extension::basic_constraints_with(true, &[0xff])),
            |read| {
                let found = find(read, "basicConstraints");
                found.is_some_and(|one| one.value.ends_with(&[2, 1, 0xff]) && one.decoded.is_err())
            },
        )
        .printed("CA:TRUE, pathlen:-1")
        .walked("[HEX DUMP]:30060101FF0201FF"),
        Kind::new(
            "extension unknown",
            Library,
            put(Extension::new(&[1, 3, 6, 1, 4, 1, 99_999, 1], der::null())),
            |read| {
                read.extensions.as_ref().is_ok_and(|all| all.last().is_some_and(|one| one.value == [5, 0]))
            },
        )
        .printed("1.3.6.1.4.1.99999.1"),
    ]
}

fn octets() -> Vec<Kind> {
    vec![
        Kind::new("length not minimal", Writer, long_length, |read| {
            read.malformed.is_empty() && serial(read) == (1, 8)
        })
        .printed("Version: 3 (0x2)")
        .walked("hl=3 l=   8 prim: INTEGER"),
        Kind::of_member(
            "octets behind",
            Library,
            |member| member.trailing = vec![0, 0],
            |read| read.trailing_octets() == 2 && read.malformed.is_empty(),
        )
        .printed("Version: 3 (0x2)"),
        Kind::new("octets behind the extensions", Writer, octets_inside, |read| !read.malformed.is_empty())
            .walked("NULL"),
        Kind::new(
            "signature missing",
            Writer,
            |made| made.set_raw(Part::SignatureValue, Vec::new()),
            |read| read.signature_value.is_err(),
        )
        .walked(":ecdsa-with-SHA256"),
    ]
}

fn version_2(made: &mut Description) {
    let identifier = |number| der::context_primitive(number, &[0, 0x5a]);
    made.version = 2;
    made.extensions.clear();
    made.set_raw(Part::UniqueIdentifiers, [identifier(1), identifier(2)].concat());
}

fn inner_differs(made: &mut Description) {
    made.inner_signature_algorithm = Some(SignatureAlgorithm::Ecdsa(Digest::Sha512));
}

fn explicit(made: &mut Description) {
    let point = made.public_key[made.public_key.len() - 65..].to_vec();
    made.public_key = explicit_p256_public_key(&point);
}

fn no_extension(made: &mut Description) {
    let nothing = der::sequence::<[&[u8]; 0]>([]);
    made.set_raw(Part::Extensions, der::context(3, &nothing));
}

fn long_length(made: &mut Description) {
    let serial = der::value(der::tag::INTEGER, &made.serial_number);
    made.set_raw(Part::SerialNumber, der::with_long_length(&serial));
}

fn octets_inside(made: &mut Description) {
    let list = der::sequence(made.extensions.iter().map(Extension::to_der));
    made.set_raw(Part::Extensions, [der::context(3, &list), der::null()].concat());
}

/// Sign and octets of the serial number.
fn serial(read: &Certificate<'_>) -> (i64, usize) {
    read.serial_number.as_ref().map_or((9, 0), |serial| (serial.sign(), serial.content.len()))
}

fn time(read: &Certificate<'_>, is_told: fn(&pemlint::facts::time::Time<'_>) -> bool) -> bool {
    read.validity.as_ref().is_ok_and(|validity| validity.not_after.as_ref().is_ok_and(is_told))
}

/// String type and text of the subject's first attribute.
fn attribute(read: &Certificate<'_>) -> (&'static str, String) {
    let first = read.subject.as_ref().ok().and_then(|name| name.attributes.first());
    first.map_or(("", String::new()), |first| (first.string_type(), first.value().into_owned()))
}

fn find<'a, 'b>(read: &'b Certificate<'a>, name: &str) -> Option<&'b Read<'a>> {
    read.extensions.as_ref().ok()?.iter().find(|one| one.name() == name)
}

/// Bits of keyUsage, the first of them the lowest.
fn usage(read: &Certificate<'_>) -> Option<u16> {
    match find(read, "keyUsage")?.decoded {
        Ok(Decoded::KeyUsage(usage)) => Some(usage.bits),
        _ => None,
    }
}
