//! What is said of expressions that are refused: the kind of error, the octets
//! at fault, the message and the advice, one line each. Rule files with a fault
//! in them, as people write them, are those of `bad_rules`.

use std::collections::BTreeMap;

use pemlint::expr::{Environment, compile};

/// An expression, then kind, octets at fault and message of its one error, and
/// how the advice begins.
type Refused = (&'static str, &'static str, &'static str, &'static str, &'static str);

const REFUSED: &[Refused] = &[
    (
        "[cert.keyUsge] == []",
        "unknown-fact",
        "keyUsge",
        "`cert` has no fact `keyUsge`",
        "did you mean `keyUsage`?",
    ),
    (
        "cert.extensions[0].flavour == 1",
        "unknown-fact",
        "flavour",
        "`cert.extensions[]` has no fact `flavour`",
        "it has oid, name, critical,",
    ),
    (
        "cert // of a.b\n  .flavour == 1",
        "unknown-fact",
        "flavour",
        "`cert` has no fact `flavour`",
        "it has version, serialNumber,",
    ),
    (
        "[] && true",
        "type-mismatch",
        "[]",
        "this is of type list of string, a Boolean is wanted",
        "ask with all, exists or size(…) > 0",
    ),
    (
        r#"cert.subject.startsWith("a")"#,
        "type-mismatch",
        "cert.subject",
        "this is of type Name, a string is wanted",
        "name one of its fields",
    ),
    (
        r#"cert.extensions.startsWith("a")"#,
        "type-mismatch",
        "cert.extensions",
        "this is of type list of Extension, a string is wanted",
        "look at its elements with all, exists, map or [0]",
    ),
    (
        r#"cert.subjectKeyIdentifier.keyIdentifier.startsWith("a")"#,
        "type-mismatch",
        "cert.subjectKeyIdentifier.keyIdentifier",
        "this is of type bytes, a string is wanted",
        "hex(…) gives octets as text",
    ),
    (
        "true ? cert.subject : cert.keyUsage",
        "type-mismatch",
        "true ? cert.subject : cert.keyUsage",
        "the branches are of types Name and KeyUsage",
        "both must be of one type",
    ),
    (
        r#"true ? [1] : ["a"]"#,
        "type-mismatch",
        r#"true ? [1] : ["a"]"#,
        "the branches are of types list of int and list of string",
        "both must be of one type",
    ),
    (
        r#"[1] == ["a"]"#,
        "type-mismatch",
        r#"[1] == ["a"]"#,
        "list of int and list of string cannot be compared",
        "look at the elements with all, exists or `in`",
    ),
    (
        "cert.role * 2",
        "type-mismatch",
        "cert.role * 2",
        "string and int cannot be multiplied",
        "a number stands without quotes; string(…) gives its text",
    ),
    (
        "cert.role - 2",
        "type-mismatch",
        "cert.role - 2",
        "string and int cannot be subtracted",
        "a number stands without quotes; string(…) gives its text",
    ),
    (
        "cert.role / 2",
        "type-mismatch",
        "cert.role / 2",
        "string and int cannot be divided",
        "a number stands without quotes; string(…) gives its text",
    ),
    (
        "true + false",
        "type-mismatch",
        "true + false",
        "bool and bool cannot be added",
        "join conditions with && or ||; == compares them",
    ),
    (
        "cert.isCa < cert.isCa",
        "type-mismatch",
        "cert.isCa < cert.isCa",
        "bool and bool cannot be ordered",
        "join conditions with && or ||; == compares them",
    ),
    (
        "2 in 2",
        "type-mismatch",
        "2 in 2",
        "int cannot be looked up in int",
        "`in` wants a list; text.contains(part) looks into a text",
    ),
    (
        "cert.subject in [1]",
        "type-mismatch",
        "cert.subject in [1]",
        "Name cannot be looked up in list of int",
        "the elements must be of the type that is looked up",
    ),
];

#[test]
fn refused_expressions_are_told_one_fault_at_its_place() {
    let params = BTreeMap::new();
    let environment = Environment { roots: &["cert", "bundle"], item: None, params: &params };
    for (text, name, faulty, message, help) in REFUSED {
        let faults = compile(text, &environment).err().unwrap_or_else(|| panic!("{text} is taken"));
        let [fault] = &faults[..] else { panic!("{text}: {faults:?}") };
        let said = (fault.name, &text[fault.range.clone()], fault.message.as_str());
        assert_eq!(said, (*name, *faulty, *message), "{text}");
        let advice = fault.help.as_deref().unwrap_or_default();
        assert!(advice.starts_with(help) && help.is_empty() == advice.is_empty(), "{text}: {advice}");
    }
}
