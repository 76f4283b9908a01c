//! The program `openssl verify` against the client `openssl-strict`.

use std::fs;
use std::process::Command;

use pemlint::client::openssl::{Anchor, Client, Host, Version, verify};
use pemlint::corpus::{Defective, Form, Made};
use pemlint::facts::Certificate;
use pemlint::input::Input;
use pemlint::source::Source;

use super::strategy::INSTANT;

/// The program and the version whose model it is held against.
pub(crate) struct Program(Version);

/// Code and depth of the first error; `None` for a chain that is accepted, code 0 where it never comes to verify.
type Answer = Option<(i64, Option<usize>)>;

impl Program {
    /// The program of the machine.
    pub(crate) fn installed() -> Self {
        let output = Command::new("openssl").arg("version").output().expect("openssl is installed");
        let text = String::from_utf8(output.stdout).expect("its version is text");
        let number = text.split(' ').nth(1).expect("`OpenSSL 3.0.19 27 Jan 2026`");
        Self(match number.split('.').collect::<Vec<_>>()[..] {
            ["1", ..] => Version::V1_1_1,
            ["3", "0" | "1" | "2", ..] => Version::V3_0,
            ["3", "3" | "4" | "5", ..] => Version::V3_5,
            ["3", ..] => Version::V3_6,
            _ => Version::V4_0,
        })
    }

    /// Asks both; the chain is one that is served.
    pub(crate) fn agrees(&self, defective: &Defective) {
        let chain = defective.chain();
        let (made, entry) = defective.make("one").expect("it can be signed");
        let host = entry.host.expect("it is served");
        let trusted_label = matches!(chain.trust_form, Form::Settings(_));
        let told = ask(&made, &host);
        let modelled = self.model(&made, &host, trusted_label);
        assert_eq!(modelled, told, "{:?} (model, program) of {:?}", entry.defects, defective.shape);
    }

    fn model(&self, made: &Made, host: &str, trusted_label: bool) -> Answer {
        let (chain, trust) = (input(&made.chain), input(made.trust.as_deref().expect("it is served")));
        let (chain, trust) = (certificates(&chain), certificates(&trust));
        let store: Vec<Anchor<'_>> =
            trust.iter().map(|certificate| Anchor { certificate, trusted_label }).collect();
        let presented: Vec<_> = chain.iter().collect();
        let parameters = Client::OpensslStrict.parameters(self.0, INSTANT, Some(Host::new(host)));
        let verdict = verify(&store, &presented, &parameters);
        verdict.error().map(|error| (error.code.unwrap_or(0), error.depth))
    }
}

/// First error that the program prints.
fn ask(made: &Made, host: &str) -> Answer {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let write = |name: &str, octets: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, octets).expect("the folder can be written");
        path
    };
    let chain = write("chain.pem", &made.chain);
    // In a file of many, the program would skip a leaf that does not parse.
    let end = b"-----END CERTIFICATE-----";
    let after = made.chain.windows(end.len()).position(|window| window == end).expect("there is a block");
    let leaf = write("leaf.pem", &made.chain[..after + end.len()]);
    let trust = write("trust.pem", made.trust.as_deref().expect("it is served"));
    let option = if matches!(Host::new(host), Host::Address(..)) { "-verify_ip" } else { "-verify_hostname" };
    let mut command = Command::new("openssl");
    command.args(["verify", "-x509_strict", "-partial_chain", "-purpose", "sslserver", "-auth_level", "2"]);
    command.args(["-attime", &INSTANT.to_string(), option, host, "-no-CApath", "-no-CAstore", "-CAfile"]);
    let output = command.arg(&trust).arg("-untrusted").arg(&chain).arg(&leaf).output().expect("it starts");
    let text = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        return None;
    }
    Some(text.lines().find_map(read).unwrap_or((0, None)))
}

/// `error 20 at 0 depth lookup: unable to get local issuer certificate`
fn read(line: &str) -> Option<(i64, Option<usize>)> {
    let (code, rest) = line.strip_prefix("error ")?.split_once(" at ")?;
    let (depth, _) = rest.split_once(" depth lookup:")?;
    Some((code.parse().ok()?, Some(depth.parse().ok()?)))
}

fn input(octets: &[u8]) -> Input {
    Input::read(Source::new("corpus", octets.to_vec()))
}

fn certificates(input: &Input) -> Vec<Certificate<'_>> {
    input.blocks.iter().filter_map(|block| input.certificate(block)).map(Certificate::read).collect()
}
