//! Inputs made by the openssl of this machine, as people make them.

use std::process::Command;

use crate::program::Folder;

/// Extensions of a CA, for `-addext`.
pub(crate) const CA: &str =
    "-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign";

/// Extensions of an intermediate, for `-extfile`.
const INTERMEDIATE: &str = "basicConstraints = critical,CA:TRUE\nkeyUsage = critical,keyCertSign,cRLSign\n\
    subjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid:always\n";

/// Runs openssl with the words of `line` in a folder.
#[track_caller]
pub(crate) fn openssl(folder: &Folder, line: &str) {
    run(folder, Command::new("openssl").args(line.split_whitespace()), "openssl");
}

/// Runs lines of a shell in a folder, and fails where one of them fails.
#[track_caller]
pub(crate) fn shell(folder: &Folder, lines: &str) {
    run(folder, Command::new("bash").args(["-e", "-o", "pipefail", "-c", lines]), "bash");
}

#[track_caller]
fn run(folder: &Folder, command: &mut Command, tool: &str) {
    let output = command.current_dir(folder.path()).output();
    let output =
        output.unwrap_or_else(|error| panic!("{tool}: {error}; run scripts/test, which installs it"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} ended with {}:\n{said}", output.status);
}

/// A key in PKCS#8, of the algorithm and options that `kind` names.
pub(crate) fn key(folder: &Folder, kind: &str, file: &str) {
    openssl(folder, &format!("genpkey -algorithm {kind} -out {file}"));
}

/// The algorithm and options of the keys that serve where any will do.
pub(crate) const P256: &str = "EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:named_curve";

/// A root for a key of the folder, with `NAME.pem` beside `NAME.key`.
pub(crate) fn root(folder: &Folder, name: &str, extensions: &str) {
    let subject = format!("/O=Example/CN={name}");
    openssl(
        folder,
        &format!(
            "req -x509 -sha256 -new -nodes -key {name}.key -days 365 -out {name}.pem -subj {subject} {extensions}"
        ),
    );
}

/// An intermediate below `issuer`, with `NAME.pem` beside `NAME.key`.
pub(crate) fn intermediate(folder: &Folder, name: &str, issuer: &str, days: u32) {
    key(folder, P256, &format!("{name}.key"));
    folder.write("intermediate.ext", INTERMEDIATE);
    openssl(folder, &format!("req -new -key {name}.key -out {name}.csr -subj /O=Example/CN={name}"));
    openssl(
        folder,
        &format!(
            "x509 -req -in {name}.csr -CA {issuer}.pem -CAkey {issuer}.key -CAcreateserial -sha256 -days {days} \
             -extfile intermediate.ext -out {name}.pem"
        ),
    );
}
