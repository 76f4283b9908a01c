//! Mutants that no fixture kills, by the reason.

/// A fact below what is absent has the zero value of its type, with which the check holds as well.
const ZERO: &str = "what is absent reads as zero, with which `check` holds as well; `when` is for the reader";
/// There is no key of this kind among the test keys, and none can be made here.
const NO_KEY: &str = "the maker of fixtures has neither DSA nor ML-DSA keys";
/// The case could be made.
const MISSING: &str = "a fixture that tells the two apart is still to be made";

/// Why mutants live, and which do: the rule and the mutant, as the test names them.
pub(crate) const SURVIVORS: &[(&str, &[&str])] = &[
    (
        ZERO,
        &[
            "rfc5280/authority-key-identifier-incomplete: when: has(cert.authorityKeyIdentifier) -> true",
            "rfc5280/distribution-point-empty: when: has(cert.cRLDistributionPoints) -> true",
            "rfc5280/subtree-bounds-unsupported: when: has(cert.nameConstraints) -> true",
            "chain/name-constraints-too-narrow: when: has(cert.nameConstraints) -> true",
            "trust/any-purpose-not-trusted: when: has(cert.trustSettings) -> true",
            "trust/server-purpose-not-trusted: when: has(cert.trustSettings) -> true",
        ],
    ),
    (
        NO_KEY,
        &[
            "chain/key-algorithm-mismatch: check: child.signature.family == \"dsa\" -> !(child.signature.family == \"dsa\")",
            "chain/key-algorithm-mismatch: check: child.signature.family == \"dsa\" -> true",
            "chain/key-algorithm-mismatch: check: child.signature.family == \"mldsa\" -> !(child.signature.family == \"mldsa\")",
            "chain/key-algorithm-mismatch: check: child.signature.family == \"mldsa\" -> true",
            "chain/key-algorithm-mismatch: check: issuer.subjectPublicKeyInfo.kind == \"dsa\" && child.signature.family == \"dsa\" -> false",
            "chain/key-algorithm-mismatch: check: issuer.subjectPublicKeyInfo.kind == \"dsa\" -> !(issuer.subjectPublicKeyInfo.kind == \"dsa\")",
            "chain/key-algorithm-mismatch: check: issuer.subjectPublicKeyInfo.kind == \"dsa\" -> true",
            "chain/key-algorithm-mismatch: check: issuer.subjectPublicKeyInfo.kind in [\"mlDsa44\", \"mlDsa65\", \"mlDsa87\"] && child.signature.family == \"mldsa\" -> false",
            "chain/key-algorithm-mismatch: check: issuer.subjectPublicKeyInfo.kind in [\"mlDsa44\", \"mlDsa65\", \"mlDsa87\"] -> !(issuer.subjectPublicKeyInfo.kind in [\"mlDsa44\", \"mlDsa65\", \"mlDsa87\"])",
            "chain/key-algorithm-mismatch: check: issuer.subjectPublicKeyInfo.kind in [\"mlDsa44\", \"mlDsa65\", \"mlDsa87\"] -> true",
        ],
    ),
    (
        MISSING,
        &[
            "chain/issuer-serial-mismatch: when: !link.toSelf -> false",
            "chain/issuer-serial-mismatch: when: !link.toSelf -> link.toSelf",
            "chain/issuer-serial-mismatch: when: !link.toSelf || params.checkSelfSigned || bundle.isServed -> true",
            "chain/issuer-serial-mismatch: when: bundle.isServed -> !(bundle.isServed)",
            "chain/issuer-serial-mismatch: when: bundle.isServed -> false",
            "chain/issuer-serial-mismatch: when: params.checkSelfSigned -> !(params.checkSelfSigned)",
            "chain/issuer-serial-mismatch: when: params.checkSelfSigned -> false",
            "chain/key-algorithm-mismatch: check: child.signature.family == \"eddsa\" -> true",
            "chain/key-algorithm-mismatch: check: child.signature.family == \"rsaPss\" -> !(child.signature.family == \"rsaPss\")",
            "chain/key-algorithm-mismatch: check: child.signature.family == \"rsaPss\" -> true",
            "chain/key-algorithm-mismatch: check: child.signature.family in [\"rsa\", \"rsaPss\"] -> true",
            "chain/key-algorithm-mismatch: check: issuer.subjectPublicKeyInfo.kind == \"ec\" -> true",
            "chain/key-algorithm-mismatch: check: issuer.subjectPublicKeyInfo.kind == \"rsaPss\" && child.signature.family == \"rsaPss\" -> false",
            "chain/key-algorithm-mismatch: check: issuer.subjectPublicKeyInfo.kind == \"rsaPss\" -> !(issuer.subjectPublicKeyInfo.kind == \"rsaPss\")",
            "chain/key-algorithm-mismatch: check: issuer.subjectPublicKeyInfo.kind == \"rsaPss\" -> true",
            "chain/key-algorithm-mismatch: when: !link.toSelf -> false",
            "chain/key-algorithm-mismatch: when: !link.toSelf -> link.toSelf",
            "chain/key-algorithm-mismatch: when: !link.toSelf || params.checkSelfSigned || bundle.isServed -> true",
            "chain/key-algorithm-mismatch: when: bundle.isServed -> !(bundle.isServed)",
            "chain/key-algorithm-mismatch: when: bundle.isServed -> false",
            "chain/key-identifier-mismatch: when: bundle.isServed -> false",
            "chain/name-constraints-too-narrow: check: size(t.text) > 0 -> size(t.text) >= 0",
            "chain/name-constraints-too-narrow: check: size(t.text) > 0 -> true",
            "chain/name-constraints-too-narrow: check: t.kind == \"dNSName\" at 242 -> true",
            "chain/not-a-ca: when: cert.actsAsCa -> true",
            "chain/not-a-ca: when: params.byMarks -> true",
            "chain/not-a-ca: when: size(cert.issued) > 0 -> false",
            "chain/outlives-issuer: when: !link.toSelf -> true",
            "chain/path-length-exceeded: when: cert.basicConstraints.cA -> true",
            "chain/too-long: when: size(cert.issued) == 0 && size(cert.issuers) > 0 -> true",
            "chain/too-long: when: size(cert.issued) == 0 -> true",
            "chain/too-long: when: size(cert.issuers) > 0 -> size(cert.issuers) >= 0",
            "chain/too-long: when: size(cert.issuers) > 0 -> true",
            "keys/ec-curve-unsupported: when: cert.subjectPublicKeyInfo.kind == \"ec\" -> true",
            "rfc5280/authority-key-identifier-missing: when: cert.version >= 3 -> true",
            "rfc5280/ca-basic-constraints-missing: when: cert.netscapeCertType.sslCA -> false",
            "rfc5280/ca-subject-empty: when: cert.actsAsCa -> false",
            "rfc5280/subtree-bounds-unsupported: check: !has(t.maximum) at 147 -> true",
            "rfc5280/subtree-bounds-unsupported: check: cert.nameConstraints.excludedSubtrees.all(t, t.minimum == 0 && !has(t.maximum)) -> true",
            "rfc5280/subtree-bounds-unsupported: check: t.minimum == 0 && !has(t.maximum) at 129 -> true",
            "rfc5280/subtree-bounds-unsupported: check: t.minimum == 0 at 129 -> true",
            "rfc5280/time-form-invalid: check: !cert.validity.notBeforeEncoding.hasFraction -> true",
            "rfc5280/time-form-invalid: check: cert.validity.notBeforeEncoding.hasSeconds -> true",
            "rfc5280/time-form-invalid: check: cert.validity.notBeforeEncoding.zulu -> true",
            "rfc9525/host-mismatch: when: has(bundle.host) -> true",
            "trust/file-not-pem: check: file.certificates == 0 -> false",
            "trust/file-not-pem: when: file.isTrusted -> true",
            "trust/root-not-trusted: when: bundle.isServed -> true",
            "trust/root-not-trusted: when: cert.isPresented -> true",
            "validity/validity-too-short: when: cert.validity.notBefore <= cert.validity.notAfter -> cert.validity.notBefore < cert.validity.notAfter",
        ],
    ),
];
