//! Random well-typed expressions. A tape of octets decides every choice, so that
//! a shorter tape of smaller octets, which is what shrinking leads to, makes a
//! simpler expression.

use std::collections::BTreeMap;

use pemlint::facts::schema;
use pemlint::facts::value::{Kind, Scalar, Type};

/// Writes one expression.
#[derive(Debug)]
pub(crate) struct Writer<'t> {
    tape: &'t [u8],
    /// Variables of the loops around.
    variables: Vec<(String, Scalar)>,
}

const KINDS: [Kind; 5] =
    [Kind::Certificate, Kind::Extension, Kind::Name, Kind::BasicConstraints, Kind::Attribute];

const SCALARS: [Scalar; 6] =
    [Scalar::Bool, Scalar::Int, Scalar::String, Scalar::Bytes, Scalar::Timestamp, Scalar::Duration];

const NUMBERS: [&str; 10] =
    ["1", "0", "2", "-1", "3", "20", "9223372036854775807", "-9223372036854775808", "0x10", "86400"];

const TEXTS: [&str; 7] =
    [r#""""#, r#""a""#, r#""Zürich""#, r#""東京""#, r#""*.Example.com""#, r#"r"\d""#, r#""\u00e9\n""#];

/// Functions that tell something of a text.
const TEXT_TESTS: &[&str] = &[
    "isHostName",
    "hasControlOrInvisible",
    "isNfc",
    "isDnsName",
    "isDnsConstraint",
    "isIpLiteral",
    "isMailbox",
    "isUtf8Mailbox",
    "isAbsoluteUri",
    "isIdn",
];

impl<'t> Writer<'t> {
    /// A writer that reads its choices from a tape.
    pub(crate) fn new(tape: &'t [u8]) -> Self {
        Self { tape, variables: Vec::new() }
    }

    /// A choice among `count`; the first one where the tape has ended.
    fn pick(&mut self, count: usize) -> usize {
        match self.tape.split_first() {
            Some((octet, rest)) => {
                self.tape = rest;
                usize::from(*octet) % count
            }
            None => 0,
        }
    }

    fn one<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.pick(choices.len())]
    }

    /// An expression of a type, of at most `depth` levels.
    pub(crate) fn expression(&mut self, wanted: Type, depth: u8) -> String {
        let Some(below) = depth.checked_sub(1) else {
            return self.leaf(wanted);
        };
        if self.pick(8) == 7 {
            let test = self.bool(below);
            let (yes, no) = (self.expression(wanted, below), self.expression(wanted, below));
            return format!("({test} ? {yes} : {no})");
        }
        match wanted {
            Type::One(Scalar::Bool) => self.compound_bool(below),
            Type::One(Scalar::Int) => self.compound_int(below),
            Type::One(Scalar::String) => self.compound_string(below),
            Type::One(scalar) if self.pick(3) == 2 => {
                let list = self.expression(Type::List(scalar), below);
                format!("{list}[{}]", self.int(below))
            }
            Type::One(Scalar::Timestamp) => {
                let (instant, length) = (self.leaf(wanted), self.scalar(Scalar::Duration, below));
                format!("({instant} {} {length})", self.one(&["+", "-"]))
            }
            Type::One(Scalar::Duration) => {
                let operands = [Scalar::Timestamp, Scalar::Duration][self.pick(2)];
                let signs: &[&str] = if operands == Scalar::Timestamp { &["-"] } else { &["+", "-"] };
                let (left, right) = (self.scalar(operands, below), self.scalar(operands, below));
                format!("({left} {} {right})", self.one(signs))
            }
            Type::One(_) => self.leaf(wanted),
            Type::List(item) => self.list(item, below),
        }
    }

    fn scalar(&mut self, scalar: Scalar, depth: u8) -> String {
        self.expression(Type::One(scalar), depth)
    }

    fn bool(&mut self, depth: u8) -> String {
        self.scalar(Scalar::Bool, depth)
    }

    fn int(&mut self, depth: u8) -> String {
        self.scalar(Scalar::Int, depth)
    }

    fn string(&mut self, depth: u8) -> String {
        self.scalar(Scalar::String, depth)
    }

    /// A fact, a variable or a literal.
    fn leaf(&mut self, wanted: Type) -> String {
        if self.pick(2) == 1
            && let Some(path) = self.path(wanted)
        {
            return path;
        }
        match wanted {
            Type::One(Scalar::Bool) => self.one(&["true", "false"]).to_owned(),
            Type::One(Scalar::Int) => self.one(&NUMBERS).to_owned(),
            Type::One(Scalar::String) => self.one(&TEXTS).to_owned(),
            Type::One(Scalar::Bytes) => {
                self.one(&[r#"b"""#, r#"b"\x00""#, r#"b"\001\377""#, r#"b"é""#]).to_owned()
            }
            Type::One(Scalar::Timestamp) => self
                .one(&[
                    "now",
                    r#"timestamp("2026-01-31T00:00:00Z")"#,
                    r#"timestamp("2025-12-31T23:59:59+01:00")"#,
                ])
                .to_owned(),
            Type::One(Scalar::Duration) => {
                self.one(&["days(30)", r#"duration("1h30m5s")"#, r#"duration("-36h")"#, "days(0)"]).to_owned()
            }
            Type::One(Scalar::Message(kind)) => self.message(kind),
            Type::List(Scalar::Message(kind)) => self.messages(kind),
            Type::List(item) => format!("[{}]", self.leaf(Type::One(item))),
        }
    }

    /// A path of facts, or a variable, of a type.
    fn path(&mut self, wanted: Type) -> Option<String> {
        // An inner variable hides an outer one of its name.
        let loops: BTreeMap<String, Scalar> = self.variables.iter().cloned().collect();
        let variables: Vec<&String> =
            loops.iter().filter(|(_, scalar)| Type::One(**scalar) == wanted).map(|(name, _)| name).collect();
        if !variables.is_empty() && self.pick(2) == 0 {
            return Some(variables[self.pick(variables.len())].clone());
        }
        let mut starts = vec![("cert".to_owned(), Kind::Certificate), ("bundle".to_owned(), Kind::Bundle)];
        starts.extend(loops.into_iter().filter_map(|(name, scalar)| match scalar {
            Scalar::Message(kind) => Some((name, kind)),
            _ => None,
        }));
        let (mut path, mut kind) = starts.swap_remove(self.pick(starts.len()));
        for _ in 0..3 {
            let fitting: Vec<_> =
                schema::fields(kind).iter().filter(|field| field.type_() == wanted).collect();
            if !fitting.is_empty() && self.pick(2) == 0 {
                return Some(format!("{path}.{}", fitting[self.pick(fitting.len())].name));
            }
            let inner: Vec<_> = schema::fields(kind)
                .iter()
                .filter_map(|field| match field.type_() {
                    Type::One(Scalar::Message(kind)) => Some((field.name, kind)),
                    _ => None,
                })
                .collect();
            if inner.is_empty() {
                break;
            }
            let (name, next) = inner[self.pick(inner.len())];
            (path, kind) = (format!("{path}.{name}"), next);
        }
        None
    }

    fn message(&mut self, kind: Kind) -> String {
        match kind {
            Kind::Certificate => self.one(&["cert", "cert.duplicateOf", "bundle.firstOutOfOrder"]).to_owned(),
            Kind::Name => self.one(&["cert.subject", "cert.duplicateOf.issuer"]).to_owned(),
            Kind::BasicConstraints => "cert.basicConstraints".to_owned(),
            other => format!("{}[0]", self.messages(other)),
        }
    }

    fn messages(&mut self, kind: Kind) -> String {
        match kind {
            Kind::Certificate => self.one(&["cert.issuers", "bundle.certificates", "cert.issued"]).to_owned(),
            Kind::Extension => "cert.extensions".to_owned(),
            Kind::Attribute => self.one(&["cert.subject.attributes", "cert.issuer.attributes"]).to_owned(),
            other => format!("[{}]", self.message(other)),
        }
    }

    fn compound_bool(&mut self, below: u8) -> String {
        match self.pick(9) {
            0 => self.leaf(Type::One(Scalar::Bool)),
            1 => format!("!{}", self.bool(below)),
            2 | 3 => {
                let left = self.bool(below);
                let sign = self.one(&["&&", "||"]);
                format!("({left} {sign} {})", self.bool(below))
            }
            4 => self.comparison(below),
            5 => {
                let scalar = SCALARS[self.pick(SCALARS.len())];
                let element = self.scalar(scalar, below);
                format!("({element} in {})", self.expression(Type::List(scalar), below))
            }
            6 => self.test_of_text(below),
            7 => self.quantifier(below),
            _ => self.presence(below),
        }
    }

    fn comparison(&mut self, below: u8) -> String {
        let scalar = SCALARS[self.pick(SCALARS.len())];
        let is_ordered = !matches!(scalar, Scalar::Bool | Scalar::Bytes);
        let sign =
            if is_ordered { self.one(&["==", "!=", "<", "<=", ">", ">="]) } else { self.one(&["==", "!="]) };
        let left = self.scalar(scalar, below);
        format!("({left} {sign} {})", self.scalar(scalar, below))
    }

    fn test_of_text(&mut self, below: u8) -> String {
        let text = self.string(below);
        match self.pick(5) {
            0 => format!("{text}.startsWith({})", self.string(below)),
            1 => format!("{text}.endsWith({})", self.string(below)),
            2 => format!("{text}.contains({})", self.string(below)),
            3 => format!("{text}.matches({})", self.one(&[r#""^[a-z]*$""#, r#""ü|\\.""#, r#""""#])),
            _ => format!("{}({text})", self.one(TEXT_TESTS)),
        }
    }

    fn quantifier(&mut self, below: u8) -> String {
        let name = self.one(&["all", "exists", "exists_one"]);
        self.looped(name, Scalar::Bool, below).0
    }

    /// A loop, and the type of the elements that it goes over.
    fn looped(&mut self, name: &str, body: Scalar, below: u8) -> (String, Scalar) {
        let message = Scalar::Message(KINDS[self.pick(KINDS.len())]);
        let item = [Scalar::Int, Scalar::String, message, message][self.pick(4)];
        let list = self.expression(Type::List(item), below.saturating_sub(1));
        let is_certificate = item == Scalar::Message(Kind::Certificate);
        let variable = self.one(if is_certificate { &["cert", "x"] } else { &["x", "y"] }).to_owned();
        self.variables.push((variable.clone(), item));
        let text = format!("{list}.{name}({variable}, {})", self.scalar(body, below));
        self.variables.pop();
        (text, item)
    }

    fn presence(&mut self, below: u8) -> String {
        let kind = [Kind::Certificate, Kind::BasicConstraints][self.pick(2)];
        let owner = self.scalar(Scalar::Message(kind), below);
        let optional: Vec<_> = schema::fields(kind)
            .iter()
            .filter(|field| !matches!(field.presence, schema::Presence::Always))
            .map(|field| field.name)
            .collect();
        format!("has({owner}.{})", self.one(&optional))
    }

    fn compound_int(&mut self, below: u8) -> String {
        match self.pick(6) {
            0 => self.leaf(Type::One(Scalar::Int)),
            1 | 2 => {
                let left = self.int(below);
                let sign = self.one(&["+", "-", "*", "/", "%"]);
                format!("({left} {sign} {})", self.int(below))
            }
            3 => format!("-({})", self.int(below)),
            4 => {
                let list = self.expression(Type::List(Scalar::Int), below);
                format!("{list}[{}]", self.int(below))
            }
            _ => {
                let scalar = [Scalar::String, Scalar::Int, Scalar::Message(Kind::Extension)][self.pick(3)];
                match self.pick(3) {
                    0 => format!("size({})", self.expression(Type::List(scalar), below)),
                    1 => format!("size({})", self.string(below)),
                    _ => format!("size({})", self.scalar(Scalar::Bytes, below)),
                }
            }
        }
    }

    fn compound_string(&mut self, below: u8) -> String {
        match self.pick(7) {
            0 => self.leaf(Type::One(Scalar::String)),
            1 => {
                let left = self.string(below);
                format!("({left} + {})", self.string(below))
            }
            2 => format!("lower({})", self.string(below)),
            3 => format!("hex({})", self.scalar(Scalar::Bytes, below)),
            4 => format!("octal({})", self.int(below)),
            5 => {
                let scalar = SCALARS[self.pick(SCALARS.len())];
                let list = self.expression(Type::List(scalar), below);
                format!("join({list}, {})", self.string(below))
            }
            _ => {
                let scalar = SCALARS[self.pick(SCALARS.len())];
                format!("string({})", self.scalar(scalar, below))
            }
        }
    }

    fn list(&mut self, item: Scalar, below: u8) -> String {
        match (self.pick(4), item) {
            (0, _) => self.leaf(Type::List(item)),
            (1, _) => {
                let count = 1 + self.pick(3);
                let items: Vec<String> = (0..count).map(|_| self.scalar(item, below)).collect();
                format!("[{}]", items.join(", "))
            }
            (2, Scalar::Message(_)) | (3, _) => {
                let list = self.expression(Type::List(item), below);
                self.variables.push(("z".to_owned(), item));
                let text = format!("{list}.filter(z, {})", self.bool(below));
                self.variables.pop();
                text
            }
            _ => self.looped("map", item, below).0,
        }
    }
}
