//! What predict says of a server and the trust store of Python, against that Python
//! itself, which connects to the same server with its default context.

use std::process::Command;

use serde_json::Value;

use crate::loopback::{identity, listen, presenting_chain, shake};
use crate::openssl::{P256, key, openssl};
use crate::program::{Folder, Ran};

const PYTHON: &str = "python3";

/// Connects and prints the version of Python, that of OpenSSL and the verify code, 0 for none.
const CLIENT: &str = "
import socket, ssl, sys
port, host = int(sys.argv[1]), sys.argv[2]
code = 0
try:
    with socket.create_connection(('127.0.0.1', port), 20) as plain:
        ssl.create_default_context().wrap_socket(plain, server_hostname=host).close()
except ssl.SSLCertVerificationError as error:
    code = error.verify_code
print(sys.version_info[1], '%d.%d' % ssl.OPENSSL_VERSION_INFO[:2], code)
";

#[test]
fn predict_agrees_with_the_python_whose_stores_it_reads() {
    let good = identity("DNS:localhost");
    // Served without its root; for another host; expired; below a CA that is none.
    let rootless = identity("DNS:localhost");
    rootless.write("chain.pem", rootless.read("leaf.pem"));
    let other = identity("DNS:other.example");
    let stranger = identity("DNS:localhost");
    stranger.write("root.pem", good.read("root.pem"));
    let no_ca = identity("DNS:localhost");
    key(&no_ca, P256, "below.key");
    openssl(&no_ca, "req -new -key below.key -out below.csr -subj /CN=below");
    no_ca.write("below.ext", "subjectAltName = DNS:localhost\nauthorityKeyIdentifier = keyid\n");
    openssl(
        &no_ca,
        "x509 -req -in below.csr -CA leaf.pem -CAkey leaf.key -CAcreateserial -days 90 -extfile below.ext -out below.pem",
    );
    no_ca.write("chain.pem", no_ca.read("below.pem") + &no_ca.read("leaf.pem"));
    no_ca.write("leaf.key", no_ca.read("below.key"));
    let mut codes = Vec::new();
    for folder in [good, rootless, other, stranger, no_ca] {
        codes.push(agreed(&folder));
    }
    assert_eq!(codes, [0, 0, 62, 19, 79]);
}

/// The verify code that both find.
fn agreed(folder: &Folder) -> i64 {
    let config = presenting_chain(folder);
    let port = listen(move |stream| shake(stream, &config));
    let trust = folder.path().join("root.pem");
    let environment = |command: &mut Command| {
        command
            .env("SSL_CERT_FILE", &trust)
            .env("SSL_CERT_DIR", "/nowhere")
            .env("REQUESTS_CA_BUNDLE", &trust);
    };
    let mut python = Command::new(PYTHON);
    python.args(["-c", CLIENT, &port.to_string(), "localhost"]);
    environment(&mut python);
    let output = python.output().unwrap_or_else(|error| panic!("{PYTHON}: {error}"));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let words: Vec<&str> = said.split_whitespace().collect();
    let [minor, openssl, code] = words[..] else {
        panic!("{said}{}", String::from_utf8_lossy(&output.stderr));
    };
    let is_strict = minor.parse::<u32>().is_ok_and(|minor| minor >= 13);
    let client = if is_strict { "python-3.13" } else { "python-3.12" };
    let openssl = match openssl {
        "1.1" => "1.1.1",
        "3.0" | "3.1" | "3.2" => "3.0",
        "3.3" | "3.4" | "3.5" => "3.5",
        newer => newer,
    };
    let line = format!(
        "predict tls://localhost:{port} --trust store:python --client {client} --openssl {openssl} --format json"
    );
    let mut command = folder.command(&line);
    #[expect(clippy::disallowed_methods, reason = "Python is sought on the path")]
    command.env("PATH", std::env::var_os("PATH").expect("there is a path"));
    environment(&mut command);
    let ran = Ran::from(command.output().expect("the program starts"));
    let verdicts = ran.json()["verdicts"].take();
    let ours: Vec<i64> = verdicts
        .as_array()
        .expect("a list")
        .iter()
        .map(|verdict| match &verdict["error"] {
            Value::Null => 0,
            error => error["code"].as_i64().expect("it has a code"),
        })
        .collect();
    let theirs = code.parse().expect("it is a number");
    assert_eq!(ours, [theirs], "{said}{}", ran.out);
    theirs
}
