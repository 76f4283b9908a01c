//! Mutants that no fixture kills, by the reason.

/// A fact below what is absent has the zero value of its type, with which the check holds as well.
const ZERO: &str = "what is absent reads as zero, with which `check` holds as well; `when` is for the reader";
/// There is no key of this kind among the test keys, and none can be made here.
const NO_KEY: &str = "the maker of fixtures has neither DSA nor ML-DSA keys";
/// Some certificate below meets the condition in any case.
const LOWEST: &str = "whoever has more than 100 above it has an issuer, and the lowest below it issued nothing; only the number of findings differs";
/// Another condition says the same.
const IMPLIED: &str =
    "nothing is presented or trusted unless the bundle is served, and what is not presented is trusted";
/// The link of a certificate to itself.
const ITSELF: &str = "a certificate does not outlive itself; `when` spares the work";
/// What a fact says without a host.
const NO_HOST: &str = "without a host every certificate covers it; `when` is for the reader";
/// What stands twice.
const COPY: &str =
    "a server certificate that is trusted stands in the trust file once more, and the rule finds that copy";
/// What no message can show.
const NO_TEXT: &str =
    "told apart only by a subtree of another kind that permits every name, which no message shows well yet";
/// What most names lack.
const NO_LABEL: &str = "no label of a name without xn-- decodes to anything; `when` spares the work";
/// What the profiles say together.
const EVERY_CA: &str = "the one profile that asks for marks takes every certificate for a CA";

/// What other kinds of keys never are.
const OTHER_KEY: &str = "no key of a kind that is known has the number of a draft; `when` spares the work";

/// What plain text never is.
const PLAIN: &str =
    "of plain text, or without a full stop, colon or at sign, the check holds; `when` spares the work";

/// Why mutants live, and which do: the rule and the mutant, as the test names them.
pub(crate) const SURVIVORS: &[(&str, &[&str])] = &[
    (
        OTHER_KEY,
        &["keys/post-quantum-draft-algorithm: when: cert.subjectPublicKeyInfo.kind == \"other\" -> true"],
    ),
    (
        PLAIN,
        &[
            "names/attribute-without-letters: when: !item.plain -> true",
            "names/common-name-looks-like-host: when: item.hostCharacters -> true",
            "names/control-or-invisible-character: when: !item.plain -> true",
            "names/html-entity-in-name: when: !item.plain -> true",
            "names/string-type-legacy: when: !item.plain -> true",
            "names/surrounding-space: when: !item.plain -> true",
            "names/wrong-character-set-in-name: when: !item.plain -> true",
        ],
    ),
    (
        NO_LABEL,
        &[
            "rfc5280/idn-label-invalid: when: lower(item).contains(\"xn--\") -> true",
            "rfc5280/idn-label-not-nfc: when: lower(item).contains(\"xn--\") -> true",
        ],
    ),
    (
        ZERO,
        &[
            "rfc5280/authority-key-identifier-incomplete: when: has(cert.authorityKeyIdentifier) -> true",
            "rfc5280/distribution-point-empty: when: has(cert.cRLDistributionPoints) -> true",
            "rfc5280/subtree-bounds-unsupported: when: has(cert.nameConstraints) -> true",
            "chain/name-constraints-too-narrow: when: has(cert.nameConstraints) -> true",
            "keys/ec-curve-unsupported: when: cert.subjectPublicKeyInfo.kind == \"ec\" -> true",
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
        LOWEST,
        &[
            "chain/too-long: when: size(cert.issued) == 0 && size(cert.issuers) > 0 -> true",
            "chain/too-long: when: size(cert.issued) == 0 -> true",
            "chain/too-long: when: size(cert.issuers) > 0 -> size(cert.issuers) >= 0",
            "chain/too-long: when: size(cert.issuers) > 0 -> true",
        ],
    ),
    (
        IMPLIED,
        &[
            "trust/root-not-trusted: when: bundle.isServed -> true",
            "trust/root-not-trusted: when: cert.isPresented -> true",
            "trust/root-missing: when: bundle.isServed -> true",
        ],
    ),
    (ITSELF, &["chain/outlives-issuer: when: !link.toSelf -> true"]),
    (NO_HOST, &["rfc9525/host-mismatch: when: has(bundle.host) -> true"]),
    (COPY, &["trust/root-missing: when: !cert.isServer -> true"]),
    (NO_TEXT, &["chain/name-constraints-too-narrow: check: t.kind == \"dNSName\" at 242 -> true"]),
    (EVERY_CA, &["chain/not-a-ca: when: cert.actsAsCa -> true"]),
];
