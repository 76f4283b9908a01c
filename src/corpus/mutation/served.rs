//! What can be wrong with names below constraints, and with the files of a chain that is served.

use super::{
    Field::{Everything, Files, Host, NameConstraints, SubjectAltName},
    Mutation, Touch,
    Who::{Chain as Whole, Intermediate, Leaf},
};
use crate::corpus::{Armour, Chain, Form, Role};
use crate::issue::{Extension, GeneralName, Name, der, oid};

/// Name constraints, on the root.
pub(super) const CONSTRAINTS: &[Mutation] = &[
    Mutation::served(
        "name-excluded",
        &[Touch(Whole, NameConstraints), Touch(Leaf, SubjectAltName)],
        &["rfc5280/name-in-excluded-subtree"],
        |chain| constrain(chain, &[], &[dns("good.example")]),
    ),
    Mutation::served(
        "name-not-permitted",
        &[Touch(Whole, NameConstraints), Touch(Leaf, SubjectAltName)],
        &["rfc5280/name-not-permitted"],
        |chain| constrain(chain, &[dns("other.example")], &[]),
    ),
    Mutation::served(
        "address-excluded",
        &[Touch(Whole, NameConstraints), Touch(Leaf, SubjectAltName)],
        &["rfc5280/name-in-excluded-subtree"],
        |chain| {
            let network = vec![198, 51, 100, 0, 255, 255, 255, 0];
            constrain(chain, &[], &[GeneralName::Ip(network)]);
            also_named(chain, &GeneralName::Ip(vec![198, 51, 100, 7]).to_der());
        },
    ),
    Mutation::served(
        "mail-address-not-permitted",
        &[Touch(Whole, NameConstraints), Touch(Leaf, SubjectAltName)],
        &["rfc5280/name-not-permitted"],
        |chain| {
            constrain(chain, &[GeneralName::Email("good.example".to_owned())], &[]);
            also_named(chain, &GeneralName::Email("ca@bad.example".to_owned()).to_der());
        },
    ),
    Mutation::served(
        "subject-not-permitted",
        &[Touch(Whole, Everything)],
        &["rfc5280/name-not-permitted"],
        |chain| constrain(chain, &[GeneralName::Directory(Name::common("Another"))], &[]),
    ),
    Mutation::served(
        "name-constraints-with-maximum",
        &[Touch(Whole, NameConstraints), Touch(Leaf, SubjectAltName)],
        &["rfc5280/subtree-bounds-unsupported"],
        |chain| {
            let subtree = der::sequence([dns("bad.example").to_der(), der::context_primitive(1, &[1])]);
            let value = der::sequence([der::context(1, &subtree)]);
            chain.root().put(Extension::new(oid::NAME_CONSTRAINTS, value).critical(true));
        },
    ),
    Mutation::served(
        "name-constraints-not-critical",
        &[Touch(Whole, NameConstraints)],
        &["rfc5280/name-constraints-not-critical"],
        |chain| {
            constrain(chain, &[dns("good.example")], &[]);
            chain.root().set_critical(oid::NAME_CONSTRAINTS, false);
        },
    ),
    Mutation::served(
        "name-constraints-with-minimum",
        &[Touch(Whole, NameConstraints), Touch(Leaf, SubjectAltName)],
        &["rfc5280/subtree-bounds-unsupported"],
        |chain| {
            let subtree = der::sequence([dns("good.example").to_der(), der::context_primitive(0, &[1])]);
            let value = der::sequence([der::context(0, &subtree)]);
            chain.root().put(Extension::new(oid::NAME_CONSTRAINTS, value).critical(true));
        },
    ),
    Mutation::served(
        "name-constraint-kind-unsupported",
        &[Touch(Whole, NameConstraints), Touch(Leaf, SubjectAltName)],
        &["rfc5280/constraint-kind-unsupported", "rfc5280/name-constraints-form-unsupported"],
        |chain| {
            // registeredID, which has no typed form.
            let registered = der::context_primitive(8, &[0x2b, 6, 1, 4, 1]);
            let value = der::sequence([der::context(1, &der::sequence([registered.clone()]))]);
            chain.root().put(Extension::new(oid::NAME_CONSTRAINTS, value).critical(true));
            also_named(chain, &registered);
        },
    ),
    Mutation::served(
        "name-invalid-under-constraints",
        &[Touch(Whole, NameConstraints), Touch(Leaf, SubjectAltName)],
        &["rfc5280/name-invalid-under-constraints"],
        |chain| {
            constrain(chain, &[GeneralName::Uri("good.example".to_owned())], &[]);
            also_named(chain, &GeneralName::Uri("urn:isbn:0451450523".to_owned()).to_der());
        },
    ),
];

/// What stands around the certificates.
pub(super) const AROUND: &[Mutation] = &[
    Mutation::served("other-host", &[Touch(Whole, Host)], &["rfc9525/host-mismatch"], |chain| {
        chain.host = Some("www.bad.example".to_owned());
    }),
    Mutation::served("other-address", &[Touch(Whole, Host)], &["rfc9525/address-mismatch"], |chain| {
        chain.host = Some("203.0.113.9".to_owned());
    }),
    Mutation::served(
        "intermediate-not-sent",
        &[Touch(Whole, Everything)],
        &["chain/incomplete", "trust/issuer-missing"],
        |chain| {
            let issuing = chain.issuing_at();
            chain.presented.retain(|at| *at != issuing);
        },
    )
    .needs(1),
    Mutation::served("root-not-trusted", &[Touch(Whole, Files)], &["trust/root-not-trusted"], |chain| {
        chain.presented.push(0);
        trust_a_stranger(chain);
    }),
    Mutation::served(
        "issuer-missing",
        &[Touch(Whole, Everything)],
        &["chain/incomplete", "trust/issuer-missing"],
        trust_a_stranger,
    ),
    Mutation::served(
        "trust-file-empty",
        &[Touch(Whole, Everything)],
        &["chain/incomplete", "pem/nothing-found", "trust/certificates-missing", "trust/issuer-missing"],
        |chain| chain.trust_form = Form::Empty,
    ),
    Mutation::served("trust-file-der", &[Touch(Whole, Files)], &["trust/file-not-pem"], |chain| {
        chain.trust_form = Form::Der;
    }),
    Mutation::served(
        "trust-rejects-servers",
        &[Touch(Whole, Files)],
        &["pem/label-of-openssl-alone", "trust/server-purpose-not-trusted"],
        |chain| {
            let rejected = der::context(0, &der::oid(oid::SERVER_AUTH));
            let any = der::sequence([der::oid(oid::ANY_EXTENDED_KEY_USAGE)]);
            chain.trust_form = Form::Settings(der::sequence([any, rejected]));
        },
    ),
    Mutation::served(
        "trust-for-servers-alone",
        &[Touch(Whole, Files)],
        &["pem/label-of-openssl-alone", "trust/any-purpose-not-trusted"],
        |chain| {
            let servers = der::sequence([der::oid(oid::SERVER_AUTH)]);
            chain.trust_form = Form::Settings(der::sequence([servers]));
        },
    ),
    Mutation::served(
        "trust-rejects-everything",
        &[Touch(Whole, Files)],
        &["pem/label-of-openssl-alone", "trust/any-purpose-not-trusted", "trust/server-purpose-not-trusted"],
        |chain| {
            let rejected = der::context(0, &der::oid(oid::ANY_EXTENDED_KEY_USAGE));
            chain.trust_form = Form::Settings(der::sequence([rejected]));
        },
    ),
    Mutation::served(
        "trust-for-clients-alone",
        &[Touch(Whole, Files)],
        &["pem/label-of-openssl-alone", "trust/any-purpose-not-trusted", "trust/server-purpose-not-trusted"],
        |chain| {
            let clients = der::sequence([der::oid(oid::CLIENT_AUTH)]);
            chain.trust_form = Form::Settings(der::sequence([clients]));
        },
    ),
    Mutation::served(
        "base64-invalid",
        &[Touch(Whole, Everything)],
        &["chain/incomplete", "pem/base64-invalid", "trust/issuer-missing"],
        |chain| chain.armour = Armour::BadCharacter,
    )
    .needs(1),
    Mutation::served("blocks-glued", &[Touch(Whole, Files)], &["pem/blocks-glued"], |chain| {
        chain.armour = Armour::Glued;
    })
    .needs(1),
    Mutation::served(
        "boundary-misspelt",
        &[Touch(Whole, Everything)],
        &["pem/boundary-malformed"],
        |chain| chain.armour = Armour::Misspelt,
    ),
    Mutation::served(
        "boundary-indented",
        &[Touch(Whole, Everything)],
        &["pem/boundary-misplaced"],
        |chain| {
            chain.armour = Armour::Indented;
        },
    ),
    Mutation::served("blank-line", &[Touch(Whole, Everything)], &["pem/blank-line-in-body"], |chain| {
        chain.armour = Armour::BlankLine;
    }),
    Mutation::served(
        "intermediate-trusted-alone",
        &[Touch(Whole, Everything)],
        &["chain/duplicate-certificate", "chain/incomplete", "trust/root-missing"],
        |chain| {
            chain.trusted = vec![chain.issuing_at()];
            // Those above it are not sent: they would lack their own issuer.
            chain.presented.truncate(2);
        },
    )
    .needs(1),
    Mutation::served(
        "leaf-not-first",
        &[Touch(Whole, Everything)],
        &["chain/key-usage-without-tls-server", "chain/leaf-not-first", "rfc9525/host-mismatch"],
        |chain| {
            chain.host = Some("www.good.example".to_owned());
            chain.presented.reverse();
        },
    )
    .needs(1),
    Mutation::served("end-missing", &[Touch(Whole, Everything)], &["pem/end-missing"], |chain| {
        chain.armour = Armour::WithoutEnd;
    }),
    Mutation::served("label-unknown", &[Touch(Whole, Files)], &["pem/label-unknown"], |chain| {
        chain.armour = Armour::UnknownLabel;
    }),
    Mutation::served("chain-too-long", &[Touch(Whole, Everything)], &["chain/too-long"], |chain| {
        for member in &mut chain.members[1..] {
            if member.role == Role::Intermediate {
                member.put(Extension::basic_constraints(true, None));
            }
        }
        chain.lengthen(101);
    })
    .needs(1),
    Mutation::served(
        "self-signed-leaf",
        &[Touch(Whole, Everything)],
        &["trust/self-signed-not-trusted"],
        |chain| {
            let leaf = chain.last();
            leaf.description.issuer = leaf.description.subject.clone();
            leaf.sign_by(leaf.key);
            chain.presented.truncate(1);
        },
    ),
    Mutation::served(
        "intermediate-sent-twice",
        &[Touch(Whole, Files), Touch(Intermediate, Everything)],
        &["chain/duplicate-certificate"],
        |chain| {
            let issuing = chain.issuing_at();
            chain.presented.push(issuing);
        },
    )
    .needs(1),
];

fn dns(name: &str) -> GeneralName {
    GeneralName::Dns(name.to_owned())
}

/// The leaf has one more name.
pub(super) fn also_named(chain: &mut Chain, name: &[u8]) {
    let extension = chain.last().description.extension_mut(oid::SUBJECT_ALT_NAME);
    let value = &mut extension.expect("the leaf of a good chain has names").value;
    let (names, _) = der::read_tagged(value, der::tag::SEQUENCE).expect("they are a SEQUENCE");
    *value = der::sequence([names, name]);
}

fn constrain(chain: &mut Chain, permitted: &[GeneralName], excluded: &[GeneralName]) {
    chain.root().put(Extension::name_constraints(permitted, excluded));
}

/// The client trusts another root, and not the one of the chain.
fn trust_a_stranger(chain: &mut Chain) {
    let stranger = chain.stranger(&Name::common("Stranger Root"));
    chain.trusted = vec![stranger];
}
