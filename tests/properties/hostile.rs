//! Inputs made to do harm: they neither overflow the stack nor take memory or
//! time without bound, and an evaluation always ends.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use pemlint::engine::{Job, check};
use pemlint::issue::der;
use pemlint::issue::pem::encode;
use pemlint::rule::{Options, Profile, RuleSet, RuleSource};

use crate::certificate::read_everything;
use crate::corpus;
use crate::run::{check_octets, given};
use crate::tree::Tree;

/// Octets of stack: a recursion of one level an element would need far more.
const STACK: usize = 1 << 20;

/// Levels of nesting.
const DEPTH: usize = 20_000;

/// Time that no input may take, generous to slow machines.
const PATIENCE: Duration = Duration::from_secs(30);

/// Address space of the program, in KiB.
const MEMORY: usize = 1 << 20;

fn sound_certificate() -> Tree {
    let input = corpus::input(&corpus::root().join("fixtures/clean/root-with-name-constraints.pem"));
    Tree::read(input.certificate(&input.blocks[0]).unwrap()).unwrap()
}

/// Elements of one kind inside one another.
fn nested(tag: u8, depth: usize) -> Vec<u8> {
    // Headers from the inside out; the octets of each in reverse.
    let mut reversed = Vec::new();
    for _ in 0..depth {
        let length = reversed.len();
        let header = if let ..=0x7f = length {
            vec![tag, u8::try_from(length).unwrap()]
        } else {
            let octets = length.to_be_bytes();
            [&[tag, 0x84], &octets[octets.len() - 4..]].concat()
        };
        reversed.extend(header.iter().rev());
    }
    reversed.reverse();
    reversed
}

#[test]
fn deep_nesting_anywhere_in_a_certificate_does_not_overflow_the_stack() {
    let run = || {
        for tag in [0x30, 0x31, 0xa0, 0xa4, 0x24, 0x04] {
            let deep = nested(tag, DEPTH);
            assert!(Tree::read(&nested(tag, 10)).is_some(), "the nesting is well-formed");
            let certificate = sound_certificate();
            for at in 0..certificate.size() {
                let mut tree = certificate.clone();
                tree.change(at, &mut |element| *element = Tree::Raw(deep.clone()));
                read_everything(&tree.der());
            }
            check_octets(&deep);
            check_octets(encode("CERTIFICATE", &deep).as_bytes());
            check_octets(encode("PRIVATE KEY", &deep).as_bytes());
        }
    };
    std::thread::Builder::new().stack_size(STACK).spawn(run).unwrap().join().expect("nothing overflows");
}

/// A certificate with so many extensions, names and attributes.
fn large_certificate(count: u64) -> Vec<u8> {
    let extension = |number| der::sequence([der::oid(&[2, 999, number]), der::octet_string(&der::null())]);
    let name = |number: u64| der::context_primitive(2, format!("host{number}.example").as_bytes());
    let names = der::sequence((0..count).map(name));
    let alternative = der::sequence([der::oid(&[2, 5, 29, 17]), der::octet_string(&names)]);
    let extensions = der::sequence(std::iter::once(alternative).chain((0..count).map(extension)));
    let mut tree = sound_certificate();
    let Tree::Node(_, _, parts) = &mut tree else { panic!("a certificate has parts") };
    let Tree::Node(_, _, fields) = &mut parts[0] else { panic!("tbsCertificate has fields") };
    let last = fields.last_mut().expect("it has extensions");
    *last = Tree::Raw(der::context(3, &extensions));
    tree.der()
}

/// Octets that announce far more than there is, and files of one thing over and over.
fn hostile_files() -> Vec<(&'static str, Vec<u8>)> {
    let repeated = |text: &[u8], times: usize| text.repeat(times);
    let pem = |der: &[u8]| encode("CERTIFICATE", der).into_bytes();
    let mut cut = large_certificate(3_000);
    cut.truncate(cut.len() / 2);
    vec![
        ("a length of 4 GiB", vec![0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x30, 0x84, 0xff, 0xff, 0xff, 0xf0]),
        (
            "a length of 4 GiB in PEM",
            pem(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x30, 0x84, 0xff, 0xff, 0xff, 0xf0]),
        ),
        ("a length beyond 64 bits", pem(&[0x30, 0x89, 1, 0, 0, 0, 0, 0, 0, 0, 0])),
        ("BEGIN over and over", repeated(b"-----BEGIN", 3_000)),
        ("BEGIN CERTIFICATE over and over", repeated(b"-----BEGIN CERTIFICATE-----\nMAA=\n", 1_500)),
        (
            "keys over and over",
            repeated(b"-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n", 1_500),
        ),
        ("dashes", repeated(b"-", 1 << 20)),
        ("line ends", repeated(b"\r\n\n\r", 1 << 18)),
        ("zeros", vec![0; 1 << 20]),
        (
            "one long line of base64",
            [b"-----BEGIN CERTIFICATE-----\n".to_vec(), repeated(b"MAAA", 1 << 19)].concat(),
        ),
        ("a certificate of many parts", pem(&large_certificate(3_000))),
        ("a certificate of too many parts", pem(&large_certificate(20_000))),
        ("a certificate of many parts, cut", pem(&cut)),
        ("a deep file", nested(0x30, 100_000)),
    ]
}

#[test]
fn hostile_files_take_neither_much_memory_nor_much_time() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in hostile_files() {
        fs::write(folder.path().join("hostile.pem"), bytes).unwrap();
        let start = Instant::now();
        let output = Command::new("sh")
            .args(["-c", &format!("ulimit -v {MEMORY} && exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_pemlint")])
            .args(["check", "hostile.pem", "--threads", "1", "--format", "json"])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .output()
            .expect("a shell runs");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0..=3)), "{name}: {}: {error}", output.status);
        assert!(start.elapsed() < PATIENCE, "{name} took {:?}", start.elapsed());
    }
}

/// Loops inside loops over the lists of a large certificate.
#[test]
fn every_evaluation_ends() {
    let lists = ["cert.extensions", "cert.subjectAltName.names"];
    let loops = ["all", "exists", "exists_one"];
    let certificate = encode("CERTIFICATE", &large_certificate(300));
    let given = given([("large.pem", certificate.as_bytes())]);
    for list in lists {
        for name in loops {
            // The innermost condition never decides, so that every turn is taken.
            let mut check = String::from(if name == "all" { "w.octets >= 0" } else { "w.octets < 0" });
            for variable in ["w", "x", "y", "z"] {
                let list = if variable == "w" { "cert.extensions" } else { list };
                check = format!("{list}.{name}({variable}, {check})");
            }
            let start = Instant::now();
            let (findings, errors) = evaluate(&check, &given);
            assert_eq!((findings, errors), (0, 1), "{check} takes more steps than a rule may");
            assert!(start.elapsed() < PATIENCE, "{check} took {:?}", start.elapsed());
        }
    }
}

/// Findings and errors of a rule.
fn evaluate(check_: &str, given: &[pemlint::engine::Given]) -> (usize, usize) {
    let text = format!(
        "title = 'Loops'\nseverity = 'error'\nsubject = 'certificate'\ncheck = '{check_}'\nmessage = '{{cert.version}}'\n\
         why = 'It never ends.'\nfix = 'End it.'\n[[reference]]\ndocument = 'RFC 5280'\nsection = '4.1'\n"
    );
    let source = RuleSource { id: "own/loops".into(), path: "own/loops.toml".into(), text: text.into() };
    let options = Options { sources: vec![source], ..Options::default() };
    let rules = RuleSet::load(Profile::named("rfc5280").unwrap(), options)
        .unwrap_or_else(|errors| panic!("{}", errors.render(false)));
    let outcome = check(given, &Job { rules: &rules, now: 0, join: false, clients: &[] });
    let own = |rule: &String| rule == "own/loops";
    let findings = outcome.findings.iter().filter(|finding| own(&finding.rule)).count();
    (findings, outcome.notes.iter().filter(|note| own(&note.rule) && note.is_error).count())
}
