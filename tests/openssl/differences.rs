//! What x509-parser reads otherwise, each with the reason.

use super::ledger::Entry;

/// Facts that x509-parser reads otherwise.
pub(super) const X509_PARSER_LEDGER: &[Entry] = &[
    (
        "fixtures/rules/rfc5280/issuer-alt-name-invalid/fails-beyond-ascii.pem#1",
        "extension 2.5.29.18",
        "x509-parser takes UTF-8 in an IA5String, pemlint shows its octets as Latin-1",
    ),
    (
        "fixtures/rules/rfc5280/name-constraints-form-unsupported/fails-excluded-party.pem#0",
        "extension 2.5.29.30",
        "x509-parser shows the fields of what it does not look into",
    ),
    (
        "fixtures/rules/rfc5280/name-constraints-form-unsupported/fails-excluded-x400-address.pem#0",
        "extension 2.5.29.30",
        "x509-parser shows the fields of what it does not look into",
    ),
    (
        "fixtures/rules/rfc5280/uri-host-not-fqdn-or-address/passes-beyond-ascii.pem#1",
        "extension 2.5.29.17",
        "x509-parser takes UTF-8 in an IA5String, pemlint shows its octets as Latin-1",
    ),
    (
        "fixtures/rules/keys/public-key-undecodable/fails-ec-point-of-no-form.pem#1",
        "bits",
        "x509-parser does not look at the form of a point",
    ),
    (
        "fixtures/rules/keys/public-key-undecodable/fails-ec-point-one-octet-short.pem#1",
        "bits",
        "x509-parser does not look at the length of a point",
    ),
    (
        "fixtures/rules/keys/public-key-undecodable/fails-ed25519-one-octet-short.pem#1",
        "bits",
        "x509-parser does not look into Ed25519 keys",
    ),
    (
        "fixtures/rules/rfc5280/malformed-extension/fails-extended-key-usage-of-integers.pem#0",
        "extension 2.5.29.37",
        "x509-parser ends the list at the first element of another type",
    ),
    (
        "fixtures/rules/rfc5280/malformed-extension/fails-octet-after-key-identifier.pem#0",
        "extension 2.5.29.14",
        "x509-parser passes over octets behind the value of an extension",
    ),
    (
        "fixtures/rules/rfc5280/time-form-invalid/fails-without-zone.pem#0",
        "certificate",
        "the form is a finding of its own, and the instant can be read",
    ),
    (
        "fixtures/rules/rfc5280/time-form-invalid/fails-start-without-zone.pem#0",
        "certificate",
        "the form is a finding of its own, and the instant can be read",
    ),
    (
        "fixtures/rules/names/attribute-without-letters/passes-no-text.pem#1",
        "subject",
        "x509-parser shows octets that do not decode as hex, pemlint with U+FFFD",
    ),
    (
        "fixtures/rules/names/printable-string-alphabet-exceeded/passes-ia5-beyond-ascii.pem#0",
        "issuer",
        "x509-parser shows octets that do not decode as hex, pemlint with U+FFFD",
    ),
    (
        "fixtures/rules/names/printable-string-alphabet-exceeded/passes-ia5-beyond-ascii.pem#0",
        "subject",
        "x509-parser shows octets that do not decode as hex, pemlint with U+FFFD",
    ),
    (
        "fixtures/rules/names/relative-name-empty/fails-in-front.pem#0",
        "issuer",
        "x509-parser ends a name at an empty relative name",
    ),
    (
        "fixtures/rules/names/relative-name-empty/fails-in-front.pem#0",
        "subject",
        "x509-parser ends a name at an empty relative name",
    ),
    (
        "fixtures/rules/names/string-not-decodable/fails-half-a-bmp-character.pem#0",
        "issuer",
        "x509-parser shows octets that do not decode as hex, pemlint with U+FFFD",
    ),
    (
        "fixtures/rules/names/string-not-decodable/fails-half-a-bmp-character.pem#0",
        "subject",
        "x509-parser shows octets that do not decode as hex, pemlint with U+FFFD",
    ),
    (
        "fixtures/rules/names/string-not-decodable/fails-latin-1-as-utf-8.pem#0",
        "issuer",
        "x509-parser shows octets that do not decode as hex, pemlint with U+FFFD",
    ),
    (
        "fixtures/rules/names/string-not-decodable/fails-latin-1-as-utf-8.pem#0",
        "subject",
        "x509-parser shows octets that do not decode as hex, pemlint with U+FFFD",
    ),
    (
        "fixtures/rules/rfc5280/alternative-name-not-ascii/fails-host.pem#1",
        "extension 2.5.29.17",
        "x509-parser reads an IA5String as UTF-8, pemlint as Latin-1",
    ),
    (
        "fixtures/rules/rfc5280/alternative-name-not-ascii/fails-mail-address.pem#1",
        "extension 2.5.29.17",
        "x509-parser reads an IA5String as UTF-8, pemlint as Latin-1",
    ),
    (
        "fixtures/rules/rfc5280/alternative-name-not-ascii/fails-uri.pem#1",
        "extension 2.5.29.17",
        "x509-parser reads an IA5String as UTF-8, pemlint as Latin-1",
    ),
    (
        "fixtures/rules/rfc5280/mail-address-invalid/passes-beyond-ascii.pem#1",
        "extension 2.5.29.17",
        "x509-parser reads an IA5String as UTF-8, pemlint as Latin-1",
    ),
    (
        "fixtures/rules/rfc5280/uri-not-absolute/passes-beyond-ascii.pem#1",
        "extension 2.5.29.17",
        "x509-parser reads an IA5String as UTF-8, pemlint as Latin-1",
    ),
];
