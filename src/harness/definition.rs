//! Ready-made definitions of verifiers: the programs that they need, how each is asked, and which model it should
//! agree with. Whether the programs are there is for the command to find out.

use super::{Template, TemplateError};
use crate::client::openssl::Version;

/// A verifier that needs no command line.
#[derive(Debug)]
pub struct Definition {
    /// Its name.
    pub name: &'static str,
    /// What is asked, one line.
    pub about: &'static str,
    /// Programs that it needs; the first is the verifier, or what builds it.
    pub programs: &'static [Program],
    /// Whether it can be told the instant.
    pub clock: Clock,
    /// Its script, if it has one.
    pub script: Option<Script>,
    /// Command line for host names.
    line: &'static str,
    /// Command line for addresses, where it is another one.
    address_line: Option<&'static str>,
    /// The model that it must agree with, by what the first program says of its version.
    model: fn(&str) -> Option<(&'static str, Version)>,
}

/// A program.
#[derive(Debug)]
pub struct Program {
    /// How it is called.
    pub name: &'static str,
    /// Arguments that make it print its version.
    pub version: &'static [&'static str],
    /// Debian's package.
    pub package: &'static str,
}

/// Whose clock a verifier goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// It is told the instant.
    Told,
    /// It looks at the clock of the machine.
    Own,
}

/// A script that asks the verifier.
#[derive(Debug)]
pub struct Script {
    /// Name of its file.
    pub file: &'static str,
    /// What stands in it.
    pub text: &'static str,
    /// Whether `go build` makes a program of it.
    pub is_built: bool,
}

/// Exit status with which scripts say that their server cannot present a chain.
const NOT_ASKED: i32 = 77;

const PYTHON: Program = Program {
    name: "python3",
    version: &[
        "-c",
        "import ssl, sys; print('Python %d.%d.%d,' % sys.version_info[:3], ssl.OPENSSL_VERSION)",
    ],
    package: "python3",
};

/// All ready-made definitions.
pub const DEFINITIONS: [Definition; 6] = [
    Definition {
        name: "openssl",
        about: "openssl verify, as strict as Python 3.13",
        programs: &[Program { name: "openssl", version: &["version"], package: "openssl" }],
        clock: Clock::Told,
        script: None,
        line: "{program} verify -x509_strict -partial_chain -purpose sslserver -auth_level 2 -attime {time} \
               -verify_hostname {host} -no-CApath -no-CAstore -CAfile {trust} -untrusted {chain} {leaf}",
        address_line: Some(
            "{program} verify -x509_strict -partial_chain -purpose sslserver -auth_level 2 -attime {time} \
             -verify_ip {host} -no-CApath -no-CAstore -CAfile {trust} -untrusted {chain} {leaf}",
        ),
        model: |said| Some(("openssl-strict", openssl_of(said)?)),
    },
    Definition {
        name: "python3",
        about: "ssl.create_default_context of Python, over memory",
        programs: &[PYTHON],
        clock: Clock::Own,
        script: Some(Script {
            file: "python.py",
            text: include_str!("verifiers/python.py"),
            is_built: false,
        }),
        line: "{program} -I {script} {chain} {trust} {host}",
        address_line: None,
        model: |said| Some((python_of(said)?, openssl_of(said)?)),
    },
    Definition {
        name: "curl",
        about: "curl, which fetches a page from a server on the loopback",
        programs: &[Program { name: "curl", version: &["--version"], package: "curl" }, PYTHON],
        clock: Clock::Own,
        script: Some(Script { file: "curl.py", text: include_str!("verifiers/curl.py"), is_built: false }),
        line: "python3 -I {script} {program} {chain} {trust} {host} {key}",
        address_line: None,
        model: |_| None,
    },
    Definition {
        name: "gnutls",
        about: "certtool --verify of GnuTLS",
        programs: &[Program { name: "certtool", version: &["--version"], package: "gnutls-bin" }],
        clock: Clock::Own,
        script: None,
        line: "{program} --verify --verify-profile low --verify-purpose 1.3.6.1.5.5.7.3.1 \
               --load-ca-certificate {trust} --verify-hostname {host} --infile {chain}",
        address_line: None,
        model: |_| None,
    },
    Definition {
        name: "go",
        about: "Verify of crypto/x509, built with go",
        programs: &[Program { name: "go", version: &["version"], package: "golang-go" }],
        clock: Clock::Told,
        script: Some(Script { file: "go.go", text: include_str!("verifiers/go.go"), is_built: true }),
        line: "{script} {chain} {trust} {host} {time}",
        address_line: None,
        model: |_| None,
    },
    Definition {
        name: "node",
        about: "tls.connect of Node.js, with a server on the loopback",
        programs: &[Program {
            name: "node",
            version: &["-p", "`Node.js ${process.versions.node}, OpenSSL ${process.versions.openssl}`"],
            package: "nodejs",
        }],
        clock: Clock::Own,
        script: Some(Script { file: "node.js", text: include_str!("verifiers/node.js"), is_built: false }),
        line: "{program} {script} {chain} {trust} {host} {key}",
        address_line: None,
        model: |_| None,
    },
];

impl Definition {
    /// The definition of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        DEFINITIONS.iter().find(|definition| definition.name == name)
    }

    /// Its command lines: for host names, and for addresses.
    ///
    /// # Errors
    /// Never: a test reads them all.
    pub fn templates(&self) -> Result<(Template, Template), TemplateError> {
        let by_name = Template::ready_made(self.line)?;
        let by_address = Template::ready_made(self.address_line.unwrap_or(self.line))?;
        Ok((by_name, by_address))
    }

    /// The exit status that means that the chain cannot be presented, where there is one.
    #[must_use]
    pub fn not_asked(&self) -> Option<i32> {
        self.script.as_ref().map(|_| NOT_ASKED)
    }

    /// Client and version of the model that it must agree with, by what its first program says of its version.
    #[must_use]
    pub fn model(&self, version: &str) -> Option<(&'static str, Version)> {
        (self.model)(version)
    }
}

/// The version whose model is that of `OpenSSL 3.0.19 27 Jan 2026`.
fn openssl_of(said: &str) -> Option<Version> {
    let (_, number) = said.split_once("OpenSSL ")?;
    let number = number.split_whitespace().next()?;
    match number.split('.').collect::<Vec<_>>()[..] {
        ["1", "1", ..] => Some(Version::V1_1_1),
        ["3", "0" | "1" | "2", ..] => Some(Version::V3_0),
        ["3", "3" | "4" | "5", ..] => Some(Version::V3_5),
        ["3", ..] => Some(Version::V3_6),
        ["4", ..] => Some(Version::V4_0),
        _ => None,
    }
}

/// The client that is `Python 3.13.5, …`.
fn python_of(said: &str) -> Option<&'static str> {
    let number = said.strip_prefix("Python 3.")?.split('.').next()?;
    Some(if number.parse::<u32>().ok()? >= 13 { "python-3.13" } else { "python-3.12" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_command_lines_can_be_read() {
        for definition in &DEFINITIONS {
            assert!(definition.templates().is_ok(), "{}: {:?}", definition.name, definition.templates());
        }
    }

    #[test]
    fn models_follow_versions() {
        let of = |name: &str, said: &str| Definition::named(name).and_then(|known| known.model(said));
        let openssl = of("openssl", "OpenSSL 3.0.19 27 Jan 2026 (Library: OpenSSL 3.0.19 27 Jan 2026)");
        assert_eq!(openssl, Some(("openssl-strict", Version::V3_0)));
        assert_eq!(of("openssl", "OpenSSL 4.0.1 1 Apr 2026"), Some(("openssl-strict", Version::V4_0)));
        assert_eq!(of("openssl", "LibreSSL 4.1.0"), None);
        let python = of("python3", "Python 3.13.5, OpenSSL 3.5.1 1 Jul 2025");
        assert_eq!(python, Some(("python-3.13", Version::V3_5)));
        let python = of("python3", "Python 3.9.2, OpenSSL 1.1.1w  11 Sep 2023");
        assert_eq!(python, Some(("python-3.12", Version::V1_1_1)));
        assert_eq!(of("curl", "curl 7.88.1 OpenSSL/3.0.19"), None);
    }
}
