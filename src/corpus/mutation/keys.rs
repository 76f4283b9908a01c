//! What can be wrong with keys and signatures of a chain that is served.

use super::{
    Field::{AuthorityKeyIdentifier, Everything, Key as OwnKey, Signature, SubjectKeyIdentifier},
    Mutation, Touch,
    Who::{Chain as Whole, Intermediate, Leaf, Root},
};
use crate::corpus::{Key, Member, modulus_of_roca, modulus_with_close_factors, sound_modulus};
use crate::issue::{
    Digest, Extension, Part, SignatureAlgorithm, der, explicit_p256_public_key, oid, rsa_public_key,
};

/// What another key of the leaf touches.
const LEAF_KEY: &[Touch] = &[Touch(Leaf, OwnKey), Touch(Leaf, SubjectKeyIdentifier)];

/// What another key of the root touches: it signs itself and what is below.
const ROOT_KEY: &[Touch] = &[
    Touch(Root, OwnKey),
    Touch(Root, SubjectKeyIdentifier),
    Touch(Whole, Signature),
    Touch(Whole, AuthorityKeyIdentifier),
];

/// What a key says that is short by some bits.
const SHORT_AND_ODD: &[&str] = &["keys/rsa-key-too-small", "keys/rsa-modulus-size-wrong"];

/// Those of keys.
pub(super) const KEYS: &[Mutation] = &[
    Mutation::served("leaf-key-rsa-1962", LEAF_KEY, SHORT_AND_ODD, |chain| {
        chain.last().set_key(Key::Rsa1962);
    }),
    Mutation::served("leaf-key-rsa-1963", LEAF_KEY, SHORT_AND_ODD, |chain| {
        chain.last().set_key(Key::Rsa1963);
    }),
    Mutation::served("leaf-key-rsa-2047", LEAF_KEY, SHORT_AND_ODD, |chain| {
        chain.last().set_key(Key::Rsa2047);
    }),
    Mutation::served("leaf-key-p224", LEAF_KEY, &["keys/ec-curve-unsupported"], |chain| {
        chain.last().set_key(Key::P224);
    }),
    Mutation::served("root-key-p224", ROOT_KEY, &["keys/ec-curve-unsupported"], |chain| {
        chain.rekey(0, Key::P224);
    }),
    Mutation::served(
        "intermediate-key-rsa-1024",
        &[Touch(Whole, Everything)],
        &["keys/rsa-key-too-small"],
        |chain| {
            let issuing = chain.issuing_at();
            chain.rekey(issuing, Key::Rsa1024);
        },
    )
    .needs(1),
    Mutation::served(
        "intermediate-key-rsa-1024-for-pss",
        &[Touch(Whole, Everything)],
        &["keys/rsa-key-too-small"],
        |chain| {
            let issuing = chain.issuing_at();
            chain.rekey(issuing, Key::Rsa1024);
            // The signature holds, although few can tell.
            chain.last().description.signature_algorithm = SignatureAlgorithm::RsaPss(Digest::Sha256);
        },
    )
    .needs(1),
    Mutation::served(
        "root-key-p224-signature-corrupt",
        &[Touch(Whole, Everything)],
        &["keys/ec-curve-unsupported"],
        |chain| {
            // Nobody but OpenSSL can tell.
            chain.rekey(0, Key::P224);
            chain.members[1].is_signature_spoilt = true;
        },
    ),
    Mutation::served(
        "issuing-key-parameters-explicit",
        &[Touch(Whole, Everything)],
        &["keys/ec-parameters-explicit"],
        |chain| {
            let issuing = chain.issuing_at();
            chain.rekey(issuing, Key::P256C);
            let key = Key::P256C.private().public_key();
            chain.issuing().set_public_key(explicit_p256_public_key(&key[key.len() - 65..]));
        },
    ),
    Mutation::served("leaf-rsa-exponent-even", LEAF_KEY, &["keys/rsa-exponent-unsafe"], |chain| {
        chain.last().set_public_key(rsa_public_key(&sound_modulus(), &[1, 0, 0]));
    }),
    Mutation::served(
        "intermediate-key-x25519",
        &[Touch(Whole, Everything)],
        &["chain/key-algorithm-mismatch", "chain/signature-invalid", "keys/ca-key-unusable"],
        |chain| {
            chain.issuing().set_key(Key::X25519);
            let identifier = Key::X25519.private().identifier();
            chain.last().put(Extension::authority_key_identifier(&identifier));
        },
    )
    .needs(1),
];

/// Those of keys that anyone can take apart or that are none.
pub(super) const WEAK: &[Mutation] = &[
    Mutation::served("leaf-rsa-exponent-3", LEAF_KEY, &["keys/rsa-exponent-not-usual"], |chain| {
        chain.last().set_public_key(rsa_public_key(&sound_modulus(), &[3]));
    }),
    Mutation::served("leaf-rsa-modulus-divisible", LEAF_KEY, &["keys/rsa-modulus-too-divisible"], |chain| {
        chain.last().set_public_key(rsa_public_key(&[0xb7; 256], &[1, 0, 1]));
    }),
    Mutation::served("leaf-rsa-factors-close", LEAF_KEY, &["keys/rsa-factors-too-close"], |chain| {
        chain.last().set_public_key(rsa_public_key(&modulus_with_close_factors(), &[1, 0, 1]));
    }),
    Mutation::served("leaf-rsa-roca", LEAF_KEY, &["keys/rsa-key-weak-by-roca"], |chain| {
        chain.last().set_public_key(rsa_public_key(&modulus_of_roca(), &[1, 0, 1]));
    }),
    Mutation::served("leaf-point-not-on-curve", LEAF_KEY, &["keys/ec-point-not-on-curve"], |chain| {
        let mut key = Key::P256C.private().public_key().to_vec();
        if let Some(last) = key.last_mut() {
            *last ^= 1;
        }
        chain.last().set_public_key(key);
    }),
    Mutation::served("leaf-rsa-key-without-null", LEAF_KEY, &["keys/rsa-parameters-not-null"], |chain| {
        let key = der::sequence([der::unsigned_octets(&sound_modulus()), der::unsigned_octets(&[1, 0, 1])]);
        let algorithm = der::sequence([der::oid(oid::RSA)]);
        chain.last().set_public_key(der::sequence([algorithm, der::bit_string(&key)]));
    }),
];

/// Those of signatures.
pub(super) const SIGNATURES: &[Mutation] = &[
    Mutation::served(
        "leaf-signed-with-md5",
        &[Touch(Whole, Everything)],
        &["keys/signature-hash-weak"],
        |chain| {
            let issuing = chain.issuing_at();
            chain.rekey(issuing, Key::Rsa2048A);
            chain.last().description.signature_algorithm = SignatureAlgorithm::RsaPkcs1(Digest::Md5);
        },
    ),
    Mutation::served(
        "leaf-signed-with-sha1",
        &[Touch(Leaf, Signature)],
        &["keys/signature-hash-weak"],
        |chain| sign_with(chain.last(), Digest::Sha1),
    ),
    Mutation::served(
        "intermediate-signed-with-sha1",
        &[Touch(Intermediate, Signature)],
        &["keys/signature-hash-weak"],
        |chain| sign_with(chain.issuing(), Digest::Sha1),
    )
    .needs(1),
    Mutation::served("root-signed-with-sha1", ROOT_KEY, &["keys/self-signature-hash-weak"], |chain| {
        chain.rekey(0, Key::Rsa2048A);
        sign_with(chain.root(), Digest::Sha1);
    }),
    Mutation::served("root-signed-with-md5", ROOT_KEY, &["keys/self-signature-hash-weak"], |chain| {
        chain.rekey(0, Key::Rsa2048A);
        sign_with(chain.root(), Digest::Md5);
    }),
    Mutation::served(
        "inner-algorithm-differs",
        &[Touch(Leaf, Signature)],
        &["rfc5280/signature-algorithm-mismatch"],
        |chain| {
            let description = &mut chain.last().description;
            let other = match description.signature_algorithm {
                SignatureAlgorithm::Ecdsa(Digest::Sha512) => SignatureAlgorithm::Ecdsa(Digest::Sha384),
                SignatureAlgorithm::Ecdsa(_) => SignatureAlgorithm::Ecdsa(Digest::Sha512),
                _ => SignatureAlgorithm::RsaPkcs1(Digest::Sha512),
            };
            description.inner_signature_algorithm = Some(other);
        },
    ),
    Mutation::served(
        "inner-algorithm-parameters-differ",
        &[Touch(Leaf, Signature)],
        &["rfc5280/signature-algorithm-mismatch"],
        |chain| {
            let description = &mut chain.last().description;
            let outer = description.signature_algorithm.to_der();
            let name = |(content, _)| der::read_tagged(content, der::tag::OID);
            let (arcs, parameters) = der::read_tagged(&outer, der::tag::SEQUENCE)
                .and_then(name)
                .expect("an AlgorithmIdentifier begins with its name");
            let other = if parameters.is_empty() { der::null() } else { Vec::new() };
            let inner = der::sequence([der::value(der::tag::OID, arcs), other]);
            description.set_raw(Part::Signature, inner);
        },
    ),
    Mutation::served(
        "rsa-signature-without-null",
        &[Touch(Whole, Everything)],
        &["rfc5280/rsa-signature-parameters-not-null"],
        |chain| {
            let issuing = chain.issuing_at();
            chain.rekey(issuing, Key::Rsa2048A);
            name_algorithm(chain.last(), &der::sequence([der::oid(oid::RSA_SHA256)]));
        },
    ),
    Mutation::served(
        "ecdsa-signature-with-null",
        &[Touch(Whole, Everything)],
        &["rfc5280/signature-parameters-not-absent"],
        |chain| {
            let issuing = chain.issuing_at();
            chain.rekey(issuing, Key::P256A);
            name_algorithm(chain.last(), &der::sequence([der::oid(oid::ECDSA_SHA256), der::null()]));
        },
    ),
];

/// Writes both algorithms of a certificate in these octets; it is signed as before.
fn name_algorithm(member: &mut Member, octets: &[u8]) {
    member.description.set_raw(Part::Signature, octets.to_vec());
    member.description.set_raw(Part::SignatureAlgorithm, octets.to_vec());
}

/// Signs a certificate with another digest and the same kind of key.
fn sign_with(member: &mut Member, digest: Digest) {
    let description = &mut member.description;
    description.signature_algorithm = match description.signature_algorithm {
        SignatureAlgorithm::Ecdsa(_) => SignatureAlgorithm::Ecdsa(digest),
        _ => SignatureAlgorithm::RsaPkcs1(digest),
    };
}
