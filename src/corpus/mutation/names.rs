//! What can be wrong with names: characters and string types in the subject, names of a CA that are a server's.

use super::{
    Field::{AuthorityKeyIdentifier, NameConstraints, Subject, SubjectAltName},
    Mutation, Touch,
    Who::{Chain as Whole, Leaf, Root},
};
use crate::corpus::Chain;
use crate::issue::{Extension, GeneralName, Name, Part, StringType, der, oid};

/// What another subject of the leaf touches.
const LEAF_SUBJECT: &[Touch] = &[Touch(Leaf, Subject)];

/// Those of the subject.
pub(super) const SUBJECTS: &[Mutation] = &[
    Mutation::served(
        "root-named-like-a-host",
        &[Touch(Root, Subject), Touch(Leaf, AuthorityKeyIdentifier)],
        &["names/common-name-looks-like-host"],
        |chain| chain.rename(0, &Name::common("pki.good.example")),
    ),
    Mutation::served(
        "leaf-subject-with-zero-width-space",
        LEAF_SUBJECT,
        &["names/control-or-invisible-character"],
        |chain| unit(chain, StringType::Utf8, "Net\u{200b}work"),
    ),
    Mutation::served(
        "leaf-subject-with-nul",
        LEAF_SUBJECT,
        &["names/control-or-invisible-character"],
        |chain| unit(chain, StringType::Utf8, "Network\0"),
    ),
    Mutation::served(
        "leaf-subject-with-surplus-space",
        LEAF_SUBJECT,
        &["names/surrounding-space"],
        |chain| unit(chain, StringType::Utf8, "Network "),
    ),
    Mutation::served("leaf-subject-in-teletex", LEAF_SUBJECT, &["names/string-type-legacy"], |chain| {
        unit(chain, StringType::Teletex, "Größe");
    }),
    Mutation::served("leaf-subject-in-bmp", LEAF_SUBJECT, &["names/string-type-legacy"], |chain| {
        unit(chain, StringType::Bmp, "Größe");
    }),
    Mutation::served(
        "root-subject-in-universal",
        &[Touch(Root, Subject), Touch(Leaf, AuthorityKeyIdentifier)],
        &["names/string-type-legacy"],
        |chain| {
            let name = Name::empty().with_type(oid::COMMON_NAME, StringType::Universal, "Größe Root");
            chain.rename(0, &name);
        },
    ),
    Mutation::served("leaf-subject-of-openssl", LEAF_SUBJECT, &["names/openssl-default-subject"], |chain| {
        unit(chain, StringType::Utf8, "Internet Widgits Pty Ltd");
    }),
    Mutation::served("leaf-subject-too-long", LEAF_SUBJECT, &["names/longer-than-upper-bound"], |chain| {
        unit(chain, StringType::Utf8, &"n".repeat(65));
    }),
    Mutation::served("leaf-subject-not-decodable", LEAF_SUBJECT, &["names/string-not-decodable"], |chain| {
        let attribute = [der::oid(oid::ORGANIZATIONAL_UNIT), der::value(der::tag::UTF8_STRING, b"\xf6")];
        with_relative(chain, der::set(vec![der::sequence(attribute)]));
    }),
    Mutation::served("leaf-relative-name-empty", LEAF_SUBJECT, &["names/relative-name-empty"], |chain| {
        with_relative(chain, der::set(Vec::new()));
    }),
    Mutation::served(
        "leaf-subject-beyond-printable",
        LEAF_SUBJECT,
        &["names/printable-string-alphabet-exceeded"],
        |chain| unit(chain, StringType::Printable, "Network_1"),
    ),
    Mutation::served("leaf-subject-in-ia5", LEAF_SUBJECT, &["names/string-type-wrong"], |chain| {
        unit(chain, StringType::Ia5, "Network");
    }),
    Mutation::served(
        "root-with-a-host",
        &[Touch(Root, SubjectAltName), Touch(Whole, NameConstraints)],
        &["names/subject-alt-name-on-ca"],
        |chain| {
            let names = [GeneralName::Dns("pki.good.example".to_owned())];
            chain.root().put(Extension::subject_alt_name(&names));
        },
    ),
];

/// Puts a unit into the subject of the leaf.
pub(super) fn unit(chain: &mut Chain, string_type: StringType, text: &str) {
    let description = &mut chain.last().description;
    let subject = std::mem::take(&mut description.subject);
    description.subject = subject.with_type(oid::ORGANIZATIONAL_UNIT, string_type, text);
}

/// Puts these octets into the subject of the leaf, in front.
pub(super) fn with_relative(chain: &mut Chain, octets: Vec<u8>) {
    let description = &mut chain.last().description;
    let subject = description.subject.to_der();
    let (inside, _) = der::read_tagged(&subject, der::tag::SEQUENCE).expect("a name is a SEQUENCE");
    description.set_raw(Part::Subject, der::sequence([octets, inside.to_vec()]));
}
