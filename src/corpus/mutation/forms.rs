//! How the server's certificate, or one above it, can be written wrongly: numbers, times, extensions, octets.

use super::{
    Field::{
        Another, Around, BasicConstraints, Everything, ExtendedKeyUsage, Files, Host, KeyUsage as Usage,
        SerialNumber, Subject, SubjectAltName, SubjectKeyIdentifier, Validity as Dates,
    },
    Mutation, Touch,
    Who::{Chain as Whole, Intermediate, Leaf, Root},
    leaf::{UNKNOWN, lift_path_lengths},
};
use crate::corpus::{Chain, Shape};
use crate::issue::{Description, Extension, Part, TimeEncoding, der, oid};

/// What a leaf touches that may be an authority, since nobody can read what it says of that.
const MAYBE_AUTHORITY: &[Touch] = &[
    Touch(Leaf, Usage),
    Touch(Whole, BasicConstraints),
    Touch(Leaf, Subject),
    Touch(Leaf, SubjectKeyIdentifier),
];

/// What a GeneralizedTime before 2050 says that is no time of RFC 5280 either.
const TIME_FORM_AND_TYPE: &[&str] = &["rfc5280/time-form-invalid", "rfc5280/time-type-wrong"];

/// Those of versions, numbers and times.
pub(super) const FIELDS: &[Mutation] = &[
    Mutation::served(
        "version-2",
        &[Touch(Leaf, Everything)],
        &["rfc5280/extensions-before-v3", "rfc5280/not-x509-v3"],
        |chain| chain.last().description.version = 2,
    ),
    Mutation::served(
        "version-2-with-unique-identifiers",
        &[Touch(Leaf, Everything)],
        &["rfc5280/not-x509-v3", "rfc5280/unique-identifier-present"],
        |chain| {
            chain.host = Some(Shape::HOSTS[0].to_owned());
            let identifier = |number| der::context_primitive(number, &[0, 0x5a]);
            let description = &mut chain.last().description;
            description.version = 2;
            description.extensions.clear();
            description.set_raw(Part::UniqueIdentifiers, [identifier(1), identifier(2)].concat());
        },
    ),
    Mutation::served(
        "version-4",
        &[Touch(Leaf, Everything)],
        &["rfc5280/extensions-before-v3", "rfc5280/not-x509-v3"],
        |chain| chain.last().description.version = 4,
    ),
    Mutation::served(
        "serial-number-of-30-octets",
        &[Touch(Leaf, SerialNumber)],
        &["rfc5280/serial-number-too-long"],
        |chain| chain.last().description.serial_number = vec![0x41; 30],
    ),
    Mutation::served("time-with-offset", &[Touch(Leaf, Dates)], &["rfc5280/time-form-invalid"], |chain| {
        leaf(chain).validity.not_before.encoding = TimeEncoding::UtcTimeWithOffset;
    }),
    Mutation::served("time-with-fraction", &[Touch(Leaf, Dates)], TIME_FORM_AND_TYPE, |chain| {
        leaf(chain).validity.not_after.encoding = TimeEncoding::GeneralizedTimeWithFraction;
    }),
    Mutation::served("time-without-zone", &[Touch(Leaf, Dates)], TIME_FORM_AND_TYPE, |chain| {
        leaf(chain).validity.not_after.encoding = TimeEncoding::GeneralizedTimeWithoutZone;
    }),
    Mutation::served(
        "time-without-seconds",
        &[Touch(Leaf, Dates)],
        &["rfc5280/time-form-invalid"],
        |chain| leaf(chain).validity.not_before.encoding = TimeEncoding::UtcTimeWithoutSeconds,
    ),
    Mutation::served(
        "time-impossible",
        &[Touch(Whole, Everything)],
        &["rfc5280/malformed-certificate"],
        |chain| {
            let never = der::value(der::tag::UTC_TIME, b"261399000000Z");
            let from = leaf(chain).validity.not_before.to_der();
            leaf(chain).set_raw(Part::Validity, der::sequence([from, never]));
        },
    ),
];

/// Those of extensions.
pub(super) const EXTENSIONS: &[Mutation] = &[
    Mutation::served(
        "leaf-extension-without-octets",
        &[Touch(Leaf, ExtendedKeyUsage)],
        &["rfc5280/malformed-extension"],
        |chain| leaf(chain).put(Extension::new(oid::EXTENDED_KEY_USAGE, Vec::new())),
    ),
    Mutation::served(
        "leaf-extension-with-octets-behind",
        &[Touch(Leaf, ExtendedKeyUsage)],
        &["rfc5280/malformed-extension"],
        |chain| {
            let mut extension = Extension::extended_key_usage(&[oid::SERVER_AUTH]);
            extension.value.extend(der::null());
            leaf(chain).put(extension);
        },
    ),
    Mutation::served(
        "leaf-extensions-empty",
        &[Touch(Leaf, Everything)],
        &[
            "rfc5280/authority-key-identifier-missing",
            "rfc5280/extensions-empty",
            "rfc5280/subject-key-identifier-missing",
        ],
        |chain| {
            chain.host = Some(Shape::HOSTS[0].to_owned());
            let nothing = der::sequence::<[&[u8]; 0]>([]);
            leaf(chain).set_raw(Part::Extensions, der::context(3, &nothing));
        },
    ),
    Mutation::served(
        "leaf-key-usage-unused-bits",
        MAYBE_AUTHORITY,
        &["rfc5280/malformed-extension"],
        |chain| {
            lift_path_lengths(chain);
            leaf(chain).put(Extension::key_usage_with(8, &[0x80]));
        },
    ),
    Mutation::served(
        "leaf-key-usage-zero-octet",
        &[Touch(Leaf, Usage)],
        &["der/key-usage-padding", "rfc5280/key-usage-empty"],
        |chain| leaf(chain).put(Extension::key_usage_with(0, &[0])),
    ),
    Mutation::served(
        "leaf-unknown-extension-twice",
        &[Touch(Leaf, Another)],
        &["rfc5280/duplicate-extension"],
        |chain| {
            let twice = [(); 2].map(|()| Extension::new(UNKNOWN, der::null()));
            leaf(chain).extensions.extend(twice);
        },
    ),
    Mutation::served(
        "root-duplicate-extension",
        &[Touch(Root, SubjectKeyIdentifier)],
        &["rfc5280/duplicate-extension"],
        |chain| {
            let identifier = chain.root().description.key_identifier();
            let twice = Extension::subject_key_identifier(&identifier);
            chain.root().description.extensions.push(twice);
        },
    ),
    Mutation::served(
        "root-path-length-negative",
        &[Touch(Whole, Everything)],
        &["rfc5280/malformed-extension"],
        |chain| chain.root().put(Extension::basic_constraints_with(true, &[0xff])),
    ),
    Mutation::served(
        "leaf-path-length-negative",
        MAYBE_AUTHORITY,
        &["rfc5280/malformed-extension"],
        |chain| {
            lift_path_lengths(chain);
            leaf(chain).put(Extension::basic_constraints_with(false, &[0xff]));
        },
    ),
    Mutation::served(
        "intermediate-unknown-critical-extension",
        &[Touch(Intermediate, Another)],
        &["rfc5280/unknown-critical-extension"],
        |chain| chain.issuing().put(Extension::new(UNKNOWN, der::null()).critical(true)),
    )
    .needs(1),
    Mutation::served(
        "root-subject-alt-name-empty",
        &[Touch(Root, SubjectAltName), Touch(Whole, Host)],
        &["rfc5280/subject-alt-name-empty"],
        |chain| chain.root().put(Extension::subject_alt_name(&[])),
    ),
];

/// Those of octets where none belong, or where some lack.
pub(super) const OCTETS: &[Mutation] = &[
    Mutation::served(
        "root-trailing-octets",
        &[Touch(Root, Around), Touch(Whole, Files)],
        &["rfc5280/trailing-octets"],
        |chain| {
            chain.root().trailing = vec![0, 0];
        },
    ),
    Mutation::served(
        "octets-behind-extensions",
        &[Touch(Whole, Everything)],
        &["rfc5280/malformed-certificate"],
        |chain| {
            let list = der::sequence(leaf(chain).extensions.iter().map(Extension::to_der));
            let more = [der::context(3, &list), der::null()].concat();
            leaf(chain).set_raw(Part::Extensions, more);
        },
    ),
    Mutation::served(
        "subject-not-a-sequence",
        &[Touch(Whole, Everything)],
        &["rfc5280/malformed-certificate"],
        |chain| {
            lift_path_lengths(chain);
            leaf(chain).set_raw(Part::Subject, der::null());
        },
    ),
    Mutation::served(
        "serial-number-missing",
        &[Touch(Whole, Everything)],
        &["rfc5280/malformed-certificate"],
        |chain| leaf(chain).set_raw(Part::SerialNumber, Vec::new()),
    ),
    Mutation::served(
        "signature-missing",
        &[Touch(Whole, Everything)],
        &["rfc5280/malformed-certificate"],
        |chain| leaf(chain).set_raw(Part::SignatureValue, Vec::new()),
    ),
];

fn leaf(chain: &mut Chain) -> &mut Description {
    &mut chain.last().description
}
