//! What can be wrong with certificate policies, and with the unique identifiers of old versions. Policies are put into
//! roots, where no issuer has to have them too.

use super::{
    Field::{Another, Everything},
    Mutation, Touch,
    Who::{Intermediate, Leaf, Root},
};
use crate::corpus::{Chain, Shape};
use crate::issue::{Extension, Part, der, oid, policy};

/// A policy of nobody.
const OWN: &[u64] = &[1, 3, 6, 1, 4, 1, 99_999, 2];
/// Another.
const OTHER: &[u64] = &[1, 3, 6, 1, 4, 1, 99_999, 3];

/// What another extension of the root touches.
const ROOT: &[Touch] = &[Touch(Root, Another)];

/// All of them.
pub(super) const MUTATIONS: &[Mutation] = &[
    Mutation::served("root-unique-identifier", ROOT, &["rfc5280/unique-identifier-present"], |chain| {
        let identifier = der::context_primitive(1, &[0, 0x5a]);
        chain.root().description.set_raw(Part::UniqueIdentifiers, identifier);
    }),
    Mutation::served(
        "version-1-with-unique-identifier",
        &[Touch(Leaf, Everything)],
        &["rfc5280/not-x509-v3", "rfc5280/unique-identifier-before-v2", "rfc5280/unique-identifier-present"],
        |chain| {
            chain.host = Some(Shape::HOSTS[0].to_owned());
            let description = &mut chain.last().description;
            description.version = 1;
            description.extensions.clear();
            description.set_raw(Part::UniqueIdentifiers, der::context_primitive(2, &[0, 0x5a]));
        },
    ),
    Mutation::served("root-policy-constraints-empty", ROOT, &["rfc5280/policy-constraints-empty"], |chain| {
        let nothing = der::sequence::<[&[u8]; 0]>([]);
        chain.root().put(Extension::new(oid::POLICY_CONSTRAINTS, nothing).critical(true));
    }),
    Mutation::served("root-maps-any-policy", ROOT, &["rfc5280/policy-mappings-with-any-policy"], |chain| {
        chain.root().put(Extension::certificate_policies(&[OWN]));
        chain.root().put(policy::mappings(&[(OWN, oid::ANY_POLICY)]));
    }),
    Mutation::served(
        "root-maps-a-policy-it-lacks",
        ROOT,
        &["rfc5280/policy-mapping-not-asserted"],
        |chain| chain.root().put(policy::mappings(&[(OWN, OTHER)])),
    ),
    Mutation::served("root-policy-twice", ROOT, &["rfc5280/policy-duplicate"], |chain| {
        chain.root().put(Extension::certificate_policies(&[OWN, OTHER, OWN]));
    }),
    Mutation::served(
        "root-any-policy-with-unknown-qualifier",
        ROOT,
        &["rfc5280/any-policy-qualifier-unknown"],
        |chain| {
            let qualifier = policy::qualifier(OTHER, &der::null());
            chain.root().put(policy::policies(&[policy::information(oid::ANY_POLICY, &[qualifier])]));
        },
    ),
    Mutation::served("root-notice-elsewhere", ROOT, &["rfc5280/notice-reference-present"], |chain| {
        qualified(chain, policy::notice(true, None));
    }),
    Mutation::served(
        "root-notice-in-ia5-string",
        ROOT,
        &["rfc5280/explicit-text-ia5-string", "rfc5280/explicit-text-not-utf8-string"],
        |chain| notice(chain, der::tag::IA5_STRING, "For tests only"),
    ),
    Mutation::served(
        "root-notice-in-visible-string",
        ROOT,
        &["rfc5280/explicit-text-not-utf8-string"],
        |chain| notice(chain, der::tag::VISIBLE_STRING, "For tests only"),
    ),
    Mutation::served("root-notice-too-long", ROOT, &["rfc5280/explicit-text-too-long"], |chain| {
        notice(chain, der::tag::UTF8_STRING, &"ß".repeat(201));
    }),
    Mutation::served(
        "root-notice-of-two-lines",
        ROOT,
        &["rfc5280/explicit-text-control-character"],
        |chain| notice(chain, der::tag::UTF8_STRING, "For tests\nonly"),
    ),
    Mutation::served("root-notice-not-normalized", ROOT, &["rfc5280/explicit-text-not-nfc"], |chain| {
        notice(chain, der::tag::UTF8_STRING, "Nur fu\u{308}r Versuche");
    }),
    Mutation::served("root-practices-nowhere", ROOT, &["rfc5280/invalid-cps-uri"], |chain| {
        qualified(chain, policy::cps("cps.html"));
    }),
    Mutation::served(
        "leaf-policy-of-no-authority",
        &[Touch(Intermediate, Another), Touch(Leaf, Another)],
        &["chain/policy-not-in-issuer"],
        |chain| {
            chain.issuing().put(Extension::certificate_policies(&[OWN]));
            chain.last().put(Extension::certificate_policies(&[OTHER]));
        },
    )
    .needs(1),
];

/// Gives the root a policy with this qualifier.
fn qualified(chain: &mut Chain, qualifier: Vec<u8>) {
    chain.root().put(policy::policies(&[policy::information(OWN, &[qualifier])]));
}

/// Gives the root a policy with this user notice.
fn notice(chain: &mut Chain, tag: u8, text: &str) {
    qualified(chain, policy::notice(false, Some(&der::value(tag, text.as_bytes()))));
}
