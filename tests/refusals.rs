//! What is said of expressions that are refused: the kind of error, the octets
//! at fault, the message and the advice, one line each. Rule files with a fault
//! in them, as people write them, are those of `bad_rules`.

use std::collections::BTreeMap;

use pemlint::expr::{Environment, compile, compile_place};
use pemlint::limits;

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
    ("cert.version ≤ 3", "expression-syntax", "≤", "`≤` is no operator", "write <="),
    ("cert.version ≥ 3", "expression-syntax", "≥", "`≥` is no operator", "write >="),
    ("cert.version ≠ 3", "expression-syntax", "≠", "`≠` is no operator", "write !="),
    ("cert.version # 3", "expression-syntax", "#", "`#` has no meaning in CEL", ""),
    ("cert.version ~ 3", "expression-syntax", "~", "`~` has no meaning in CEL", ""),
    ("cert.version ; 3", "expression-syntax", ";", "`;` has no meaning in CEL", ""),
    ("cert.version 3", "expression-syntax", "3", "an operator is missing before `3`", ""),
    ("cert.version 'x'", "expression-syntax", "'x'", "an operator is missing before `'x'`", ""),
    ("cert.version ) == 3", "expression-syntax", ")", "`)` closes nothing", ""),
    ("(cert.version == 3", "expression-syntax", "", "the expression ends before its `)`", ""),
    ("[1, 2", "expression-syntax", "", "the expression ends before its `]`", ""),
    ("cert.", "expression-syntax", "", "the name of a fact is wanted after `.`", ""),
    ("has()", "wrong-call", "has", "`has` is called in another way", "write has(cert.keyUsage)"),
    (
        "cert.extensions.all(1, true)",
        "expression-syntax",
        "1",
        "the first argument of a loop is the name of its variable",
        "write list.all(x, condition on x)",
    ),
    ("'a", "expression-syntax", "'a", "this text has no closing quote", ""),
    (
        r#""\q""#,
        "expression-syntax",
        r#""\q""#,
        "an escape in this text does not exist",
        r#"write \\ for a backslash, or r"…" for a text without escapes"#,
    ),
    (
        "30d > 1",
        "expression-syntax",
        "30d",
        "`30d` is neither a number nor a name",
        r#"write days(30) for days, duration("36h") for hours"#,
    ),
    ("cert.isCa & true", "expression-syntax", "&", "`&` is no operator", "write &&"),
    ("cert.isCa | true", "expression-syntax", "|", "`|` is no operator", "write ||"),
    ("cert.version = 3", "expression-syntax", "=", "`=` is no operator", "write == to compare"),
    ("cert.isCa and true", "expression-syntax", "and", "`and` is no operator", "write &&"),
    ("cert.isCa or true", "expression-syntax", "or", "`or` is no operator", "write ||"),
    (
        "cert.isCa not true",
        "expression-syntax",
        "not",
        "`not` is no operator",
        "write ! before what must not hold",
    ),
    ("cert.role == “a“", "expression-syntax", "“", "`“` is no quote", r#"write " around texts"#),
    (
        r#"(lower("\"(") + 1) == cert.role"#,
        "type-mismatch",
        r#"lower("\"(") + 1"#,
        "string and int cannot be added",
        "a number stands without quotes; string(…) gives its text",
    ),
    (
        "4 / 2 == 2 && lower(cert.role) && cert.isCa",
        "type-mismatch",
        "lower(cert.role)",
        "this is of type string, a Boolean is wanted",
        "",
    ),
    (
        "(4 / 2 // and ) (\n + cert.role) > 1",
        "type-mismatch",
        "4 / 2 // and ) (\n + cert.role",
        "int and string cannot be added",
        "a number stands without quotes; string(…) gives its text",
    ),
    (
        "9223372036854775808 > 1",
        "expression-syntax",
        "9223372036854775808",
        "`9223372036854775808` does not fit 64 bits",
        "",
    ),
    ("", "expression-syntax", "", "the expression is empty", ""),
    ("cert.version in", "expression-syntax", "", "the expression ends where a value is wanted", ""),
    (
        "size(cert.role, 1)",
        "wrong-call",
        "size",
        "`size` is called in another way",
        "write size(list), size(text), size(octets)",
    ),
    (r#"hex("a")"#, "type-mismatch", r#""a""#, "this is of type string, bytes are wanted", ""),
    (
        "cert.role.matches(cert.role)",
        "literal-wanted",
        "cert.role",
        "the pattern must be a literal text, so that it is checked when the rule is loaded",
        "",
    ),
    (r#"days("a")"#, "type-mismatch", r#""a""#, "this is of type string, an int is wanted", ""),
    (
        "cert.keyUsage + 1",
        "type-mismatch",
        "cert.keyUsage + 1",
        "KeyUsage and int cannot be added",
        "compare one of its fields, or ask for presence with has(…)",
    ),
    ("-cert.role == 1", "type-mismatch", "cert.role", "a value of type string has no negative", ""),
    (
        "!cert.version",
        "type-mismatch",
        "cert.version",
        "this is of type int, a Boolean is wanted",
        "compare it, for example with `> 0`",
    ),
    ("cert.version == 3 ? 1", "expression-syntax", "", "the expression ends before its `:`", ""),
    ("for == 1", "expression-syntax", "for", "`for` is a reserved word of CEL", ""),
    (
        "link.child",
        "unknown-variable",
        "link",
        "`link` is not bound for rules on this subject",
        "bound are cert, bundle, now, params",
    ),
    ("params", "unknown-parameter", "params", "a parameter must be named", "write params.NAME"),
    (
        "item",
        "item-without-each",
        "item",
        "`item` is bound only where the rule has `each`",
        "add `each = 'cert.extensions'` or another list",
    ),
    ("{1: 2}", "unsupported", "{1: 2}", "rules know no maps", "look a value up with `in` in a list"),
    ("2.5 > 1", "unsupported", "2.5", "rules know no floating-point numbers", "write a whole number"),
    ("null == 1", "unsupported", "null", "rules know no null", "ask for presence with has(…)"),
    ("3u > 1", "unsupported", "3u", "rules know no unsigned numbers", "write the number without u"),
    (
        r#"(lower(r"(") + 1) == cert.role"#,
        "type-mismatch",
        r#"lower(r"(") + 1"#,
        "string and int cannot be added",
        "a number stands without quotes; string(…) gives its text",
    ),
    (
        r#"(lower("(") + 1) == cert.role"#,
        "type-mismatch",
        r#"lower("(") + 1"#,
        "string and int cannot be added",
        "a number stands without quotes; string(…) gives its text",
    ),
    (
        "cert.extensions[cert.role] == 1",
        "type-mismatch",
        "cert.role",
        "this is of type string, an int is wanted",
        "",
    ),
    ("(cert.role == 1", "expression-syntax", "", "the expression ends before its `)`", ""),
    (
        "(true ? cert : cert).flavour",
        "unknown-fact",
        "flavour",
        "`this` has no fact `flavour`",
        "it has version, serialNumber,",
    ),
    (
        "-1 == 1 || 0",
        "type-mismatch",
        "0",
        "this is of type int, a Boolean is wanted",
        "compare it, for example with `> 0`",
    ),
    (
        "1 == [1]",
        "type-mismatch",
        "1 == [1]",
        "int and list of int cannot be compared",
        "look at the elements with all, exists or `in`",
    ),
    (
        "cert.subject == cert.issuer",
        "type-mismatch",
        "cert.subject == cert.issuer",
        "Name and Name cannot be compared",
        "compare one of its fields, or ask for presence with has(…)",
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

#[test]
fn an_expression_of_as_many_levels_as_there_may_be_is_taken_and_no_deeper_one() {
    let params = BTreeMap::new();
    let environment = Environment { roots: &["cert"], item: None, params: &params };
    let levels = usize::from(limits::EXPRESSION_DEPTH);
    let sum = |levels: usize| format!("1{}", " + 1".repeat(levels - 1));
    assert!(compile(&sum(levels), &environment).is_ok());
    let deeper = compile(&sum(levels + 1), &environment);
    assert!(deeper.is_err_and(|faults| faults[0].name == "too-deep"));
}

#[test]
fn a_question_of_presence_is_no_place() {
    let params = BTreeMap::new();
    let environment = Environment { roots: &["cert"], item: None, params: &params };
    assert!(compile_place("cert.keyUsage", &environment).is_ok());
    for text in ["has(cert.keyUsage)", "cert.extensions + [0]", "lower(cert.role)"] {
        let faults = compile_place(text, &environment).err().unwrap_or_else(|| panic!("{text} is taken"));
        assert_eq!(faults[0].name, "not-a-path", "{text}");
    }
}
