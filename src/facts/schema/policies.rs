//! Facts of certificate policies, their mappings and their limits.

use super::super::extension::Decoded;
use super::super::policy::{
    Policies, PolicyConstraints as Constraints, PolicyInformation, PolicyMapping, PolicyQualifier,
};
use super::super::value::{Kind, List, Node, Out, Scalar, Value};
use super::extensions::{CRITICAL, decoded};
use super::{Field, bool_, count, int, list, string};

fn policies(node: Node<'_>) -> Out<Option<&Policies<'_>>> {
    Ok(match decoded(node)? {
        Decoded::Policies(policies) => Some(policies),
        _ => None,
    })
}

pub(super) static CERTIFICATE_POLICIES: &[Field] = &[
    CRITICAL,
    list("policyInformation", Scalar::Message(Kind::PolicyInformation), "", "the policies, in order", |n| {
        Ok(List::Facts {
            owner: n,
            length: policies(n)?.map_or(0, |policies| policies.information.len()),
            element: |n, at| {
                let found = policies(n).ok().flatten().and_then(|policies| policies.information.get(at));
                Value::Message(found.map(Node::PolicyInformation))
            },
        })
    }),
    list("policyIdentifier", Scalar::String, "2.23.140.1.2.2", "OIDs of the policies, in order", |n| {
        let information = policies(n)?.map_or(&[][..], |policies| &policies.information);
        Ok(List::Values(
            information.iter().map(|policy| Value::String(policy.identifier.to_string().into())).collect(),
        ))
    }),
    list(
        "policyQualifiers",
        Scalar::Message(Kind::PolicyQualifier),
        "",
        "the qualifiers of all policies, in order",
        |n| {
            Ok(List::Facts {
                owner: n,
                length: policies(n)?.map_or(0, |policies| policies.qualifiers.len()),
                element: |n, at| {
                    let found = policies(n).ok().flatten().and_then(|policies| policies.qualifiers.get(at));
                    Value::Message(found.map(Node::PolicyQualifier))
                },
            })
        },
    ),
];

fn information(node: Node<'_>) -> &PolicyInformation<'_> {
    match node {
        Node::PolicyInformation(policy) => policy,
        _ => unreachable!("the type checker passes policies only"),
    }
}

pub(super) static POLICY_INFORMATION: &[Field] = &[
    string("policyIdentifier", "2.23.140.1.2.2", "its OID", |n| {
        Ok(information(n).identifier.to_string().into())
    }),
    bool_("repeated", "false", "whether an earlier policy has the same OID", |n| Ok(information(n).repeated)),
];

fn qualifier(node: Node<'_>) -> &PolicyQualifier<'_> {
    match node {
        Node::PolicyQualifier(qualifier) => qualifier,
        _ => unreachable!("the type checker passes qualifiers only"),
    }
}

pub(super) static POLICY_QUALIFIER: &[Field] = &[
    string("policyIdentifier", "2.23.140.1.2.2", "OID of the policy that it qualifies", |n| {
        Ok(qualifier(n).policy.to_string().into())
    }),
    string("policyQualifierId", "1.3.6.1.5.5.7.2.1", "its OID", |n| {
        Ok(qualifier(n).identifier.to_string().into())
    }),
    string("cPSuri", "https://pki.example/cps", "address of a CPS pointer; octets as Latin-1", |n| {
        let octets = qualifier(n).cps_uri.unwrap_or_default();
        Ok(octets.iter().map(|octet| char::from(*octet)).collect::<String>().into())
    })
    .if_(|n| Ok(qualifier(n).cps_uri.is_some())),
    bool_("noticeRef", "false", "whether a user notice has noticeRef", |n| {
        Ok(qualifier(n).has_notice_reference)
    })
    .if_(|n| Ok(qualifier(n).has_notice_reference)),
    string("explicitText", "For tests only", "text of a user notice, decoded by its string type", |n| {
        Ok(qualifier(n).explicit_text.map_or_else(Default::default, |text| text.value()))
    })
    .if_(|n| Ok(qualifier(n).explicit_text.is_some())),
    string("explicitTextType", "UTF8String", "string type of explicitText, empty without it", |n| {
        Ok(qualifier(n).explicit_text.map_or("", |text| text.string_type()).into())
    }),
    int("explicitTextChars", "14", "code points of explicitText", |n| {
        Ok(count(qualifier(n).explicit_text.map_or(0, |text| text.value().chars().count())))
    }),
];

fn mappings(node: Node<'_>) -> Out<&[PolicyMapping<'_>]> {
    Ok(match decoded(node)? {
        Decoded::PolicyMappings(mappings) => mappings,
        _ => &[],
    })
}

pub(super) static POLICY_MAPPINGS: &[Field] = &[
    CRITICAL,
    list("mappings", Scalar::Message(Kind::PolicyMapping), "", "the mappings, in order", |n| {
        Ok(List::Facts {
            owner: n,
            length: mappings(n)?.len(),
            element: |n, at| {
                let found = mappings(n).ok().and_then(|mappings| mappings.get(at));
                Value::Message(found.map(Node::PolicyMapping))
            },
        })
    }),
];

fn mapping(node: Node<'_>) -> &PolicyMapping<'_> {
    match node {
        Node::PolicyMapping(mapping) => mapping,
        _ => unreachable!("the type checker passes mappings only"),
    }
}

pub(super) static POLICY_MAPPING: &[Field] = &[
    string("issuerDomainPolicy", "2.23.140.1.2.2", "a policy of the CA", |n| {
        Ok(mapping(n).issuer.to_string().into())
    }),
    string(
        "subjectDomainPolicy",
        "1.3.6.1.4.1.99999.2",
        "the policy of its subject that counts as that",
        |n| Ok(mapping(n).subject.to_string().into()),
    ),
];

fn constraints(node: Node<'_>) -> Out<Constraints> {
    Ok(match decoded(node)? {
        Decoded::PolicyConstraints(constraints) => *constraints,
        _ => Constraints { require_explicit_policy: None, inhibit_policy_mapping: None },
    })
}

pub(super) static POLICY_CONSTRAINTS: &[Field] = &[
    CRITICAL,
    int("requireExplicitPolicy", "0", "[0], certificates that may follow before a policy is required", |n| {
        Ok(constraints(n)?.require_explicit_policy.unwrap_or(0))
    })
    .if_(|n| Ok(constraints(n)?.require_explicit_policy.is_some())),
    int(
        "inhibitPolicyMapping",
        "0",
        "[1], certificates that may follow before policies are no longer mapped",
        |n| Ok(constraints(n)?.inhibit_policy_mapping.unwrap_or(0)),
    )
    .if_(|n| Ok(constraints(n)?.inhibit_policy_mapping.is_some())),
];
