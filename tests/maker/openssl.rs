//! What the program `openssl` says of octets.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

/// The printed certificate; `None` where the program cannot read it.
pub(crate) fn x509(octets: &[u8]) -> Option<String> {
    const ARGUMENTS: &str =
        "x509 -inform DER -noout -text -certopt ext_parse -nameopt RFC2253,utf8,-esc_msb,-esc_ctrl";
    let arguments: Vec<&str> = ARGUMENTS.split(' ').collect();
    let output = run(&arguments, octets);
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The walk over the octets, as far as the program gets.
pub(crate) fn asn1parse(octets: &[u8]) -> String {
    String::from_utf8_lossy(&run(&["asn1parse", "-inform", "DER"], octets).stdout).into_owned()
}

/// Whether a self-signed certificate verifies with its own key, however weak; the refusal where it does not.
pub(crate) fn verify(pem: &str) -> Result<(), String> {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("root.pem");
    fs::write(&path, pem).expect("the folder can be written");
    let name = path.display().to_string();
    let arguments =
        ["verify", "-auth_level", "0", "-check_ss_sig", "-no_check_time", "-CAfile", &name, &name];
    let output = run(&arguments, &[]);
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new("openssl")
        .args(arguments)
        .env("SSL_CERT_FILE", "/dev/null")
        .env("SSL_CERT_DIR", "/dev/null")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program openssl must be installed and on the PATH for this test");
    // What it refuses to load otherwise ends it before it reads its input.
    let _ = child.stdin.take().expect("it is piped").write_all(input);
    child.wait_with_output().expect("openssl ends")
}
