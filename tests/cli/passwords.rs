//! Passwords: from a file, the environment and the terminal, for keys and
//! containers; and that none of them is ever printed.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::program::{AT, Folder, Ran};

const MODERN: &str = "containers/modern.p12";
const KEY: &str = "keys/formats/p256-a-encrypted-pkcs8.pem=root.key";
const ROOT: &str = "rules/keys/private-key-encrypted/passes-pkcs8.pem=root.pem";

fn folder(files: &str) -> Folder {
    let folder = Folder::new();
    folder.copy(files);
    folder
}

fn check(folder: &Folder, line: &str) -> Ran {
    folder.run(&format!("check --at {AT} --format json {line}"))
}

/// The same with a password in the environment.
fn check_with(folder: &Folder, password: &str, line: &str) -> Ran {
    let mut command = folder.command(&format!("check --at {AT} --format json {line}"));
    Ran::from(command.env("PEMLINT_PASSWORD", password).output().expect("the program starts"))
}

fn key(ran: &Ran) -> Value {
    let report = ran.json();
    let inputs = report["inputs"].as_array().expect("a list");
    let keys: Vec<&Value> =
        inputs.iter().flat_map(|input| input["privateKeys"].as_array().expect("a list")).collect();
    assert_eq!(keys.len(), 1, "{}", ran.out);
    keys[0].clone()
}

#[test]
fn an_encrypted_key_is_opened_and_matched_and_still_refused() {
    let folder = folder(&format!("{ROOT} {KEY}"));
    folder.write("password", "pemlint\n");
    let expected = json!({"line": 1, "format": "pkcs8", "encrypted": true, "algorithm": "ec", "bits": 256,
                          "matches": [{"path": "root.pem", "certificate": 0}]});
    let by_file = check(&folder, "root.pem --key root.key --password-file password").ends(1);
    assert_eq!(
        (key(&by_file), by_file.rules()),
        (expected.clone(), vec!["keys/private-key-encrypted".into()])
    );
    let by_variable = check_with(&folder, "pemlint", "root.pem --key root.key").ends(1);
    assert_eq!((by_variable.out, by_variable.err), (by_file.out, by_file.err));
    let without = check(&folder, "root.pem --key root.key").ends(1);
    assert_eq!(
        (key(&without)["matches"].clone(), without.rules()),
        (json!([]), vec!["keys/private-key-encrypted".into()])
    );
    let wrong = check_with(&folder, "Pemlint", "root.pem --key root.key").ends(1);
    assert_eq!(wrong.rules(), ["keys/password-wrong", "keys/private-key-encrypted"]);
}

#[test]
fn a_container_is_checked_as_its_certificates_and_keys_are() {
    let folder = folder(MODERN);
    let ran = check_with(&folder, "pemlint", "modern.p12 --profile rfc5280").ends(0);
    assert_eq!(ran.json()["inputs"][0]["certificates"][0]["subject"], "CN=pemlint Test Root");
    assert_eq!(key(&ran)["matches"], json!([{"path": "modern.p12", "certificate": 0}]));
    let ran = check_with(&folder, "pemlint", "modern.p12").ends(1);
    assert_eq!(ran.rules(), ["containers/pkcs12-not-accepted"]);
    let ran = check(&folder, "modern.p12").ends(1);
    assert_eq!(ran.rules(), ["containers/password-missing", "containers/pkcs12-not-accepted"]);
    let ran = check_with(&folder, "x", "modern.p12 --profile rfc5280").ends(1);
    assert_eq!(ran.rules(), ["containers/container-password-wrong"]);
    folder.copy("containers/keystore.jks");
    let ran = check(&folder, "keystore.jks --profile rfc5280").ends(1);
    assert_eq!(ran.rules(), ["containers/java-keystore-unsupported"]);
    assert!(ran.json()["findings"][0]["fix"].as_str().expect("text").contains("keytool -importkeystore"));
}

#[test]
fn containers_in_folders_are_checked() {
    let folder = Folder::new();
    folder.copy(
        "containers/modern.p12=in/a.p12 containers/legacy.p12=in/b.PFX containers/keystore.jks=in/c.jks",
    );
    let ran = check_with(&folder, "pemlint", "in --profile rfc5280");
    let inputs: Vec<Value> =
        ran.json()["inputs"].as_array().expect("a list").iter().map(|input| input["path"].clone()).collect();
    assert_eq!(inputs, ["in/a.p12", "in/b.PFX", "in/c.jks"]);
}

#[test]
fn all_passwords_are_tried_on_everything() {
    let folder = folder(&format!("{ROOT} {KEY} {MODERN} containers/umlaut.p12"));
    folder.write("password", "Zürich\r\nwhat follows is for people\n");
    let ran = check_with(
        &folder,
        "pemlint",
        "root.pem modern.p12 umlaut.p12 --key root.key --profile rfc5280 --password-file password",
    );
    assert_eq!(ran.rules(), Vec::<String>::new(), "{}{}", ran.out, ran.err);
    assert_eq!(ran.json()["summary"]["certificates"], 3);
}

#[test]
fn password_files_that_hold_none_are_refused() {
    let folder = folder(&format!("{ROOT} {KEY}"));
    for (octets, said) in [
        ("", "first line is empty"),
        ("\nx\n", "first line is empty"),
        ("\r\n", "first line is empty"),
        (&"x".repeat(4_097), "larger than 4096 octets"),
    ] {
        folder.write("password", octets);
        let ran = check(&folder, "root.pem --key root.key --password-file password");
        ran.refuses(&["the password file password cannot be used", said]);
    }
    check(&folder, "root.pem --password-file nowhere").refuses(&["the password file nowhere cannot be used"]);
    check(&folder, "root.pem --password-file .").refuses(&["the password file . cannot be used"]);
    check_with(&folder, &"x".repeat(4_097), "root.pem")
        .refuses(&["PEMLINT_PASSWORD is longer than 4096 octets"]);
    let ran = check_with(&folder, "", "root.pem --key root.key").ends(1);
    assert_eq!(ran.rules(), ["keys/private-key-encrypted"], "a variable that is empty holds no password");
}

#[test]
fn the_configuration_may_name_the_file_but_never_the_password() {
    let folder = folder(&format!("{ROOT} {KEY}"));
    folder.write("secret/password", "pemlint");
    folder.write("pemlint.toml", "profile = \"rfc5280\"\npasswordFile = \"secret/password\"\n");
    let ran = check(&folder, "root.pem --key root.key").ends(0);
    assert_eq!(key(&ran)["algorithm"], "ec");
    folder.write("pemlint.toml", "password = \"pemlint\"\n");
    check(&folder, "root.pem").refuses(&["password"]);
}

#[test]
fn predict_reads_containers() {
    let folder = folder(&format!("{ROOT} {MODERN}"));
    folder.write("password", "pemlint");
    let line = format!("predict modern.p12 --trust root.pem --at {AT} --format json");
    let ran = folder.run(&format!("{line} --password-file password")).ends(1);
    assert_eq!(ran.json()["verdicts"][0]["error"]["name"], "X509_V_ERR_INVALID_PURPOSE", "{}", ran.out);
    folder.run(&line).refuses(&["modern.p12 cannot be opened", "none was given"]);
    let mut command = folder.command(&line);
    let ran = Ran::from(command.env("PEMLINT_PASSWORD", "zweiunddreissig").output().expect("it starts"));
    assert!(!ran.err.contains("zweiunddreissig"));
    ran.refuses(&["modern.p12 cannot be opened", "no password that was given opens it"]);
}

#[test]
fn a_password_is_never_printed() {
    let folder = folder(&format!("{ROOT} {KEY} {MODERN} containers/camellia.p12 containers/keystore.jks"));
    folder.write("password", "zweiunddreissig");
    folder.write("both", "pemlint");
    for file in ["password", "both"] {
        for format in ["human", "json", "sarif"] {
            for input in ["root.pem --key root.key", "modern.p12", "camellia.p12", "keystore.jks", "nowhere"]
            {
                let line = format!("check {input} --format {format} --password-file {file}");
                let mut command = folder.command(&line);
                let ran = Ran::from(
                    command.env("PEMLINT_PASSWORD", "dreiunddreissig").output().expect("it starts"),
                );
                let said = ran.out + &ran.err;
                assert!(!said.contains("unddreissig"), "{line}:\n{said}");
            }
        }
    }
    folder.run("check root.pem --password zweiunddreissig").refuses(&["--password"]);
}

/// Runs the program on a terminal of its own that types an answer when it is asked.
const TERMINAL: &str = r#"
import os, pty, sys, termios, time
answer, line = sys.argv[1], sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    os.execv(line[0], line)
said = b""
while True:
    try:
        part = os.read(terminal, 4096)
    except OSError:
        break
    if not part:
        break
    said += part
    if answer and said.rstrip().endswith(b"):"):
        # The prompt is shown just before the terminal stops to repeat what is typed.
        for _ in range(1000):
            if not termios.tcgetattr(terminal)[3] & termios.ECHO:
                break
            time.sleep(0.01)
        os.write(terminal, answer.encode() + b"\n")
        answer = ""
sys.stdout.buffer.write(said)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"#;

fn on_terminal(folder: &Folder, answer: &str, line: &str) -> Ran {
    let mut command = Command::new("python3");
    command.args(["-c", TERMINAL, answer, env!("CARGO_BIN_EXE_pemlint")]).args(line.split_whitespace());
    command
        .current_dir(folder.path())
        .env_remove("PEMLINT_PASSWORD")
        .env("NO_COLOR", "1")
        .stdin(Stdio::null());
    Ran::from(command.output().expect("python3 starts"))
}

#[test]
fn somebody_at_a_terminal_is_asked_once() {
    let folder = folder(&format!("{ROOT} {KEY} {MODERN}"));
    let line = format!("check root.pem modern.p12 --key root.key --profile rfc5280 --at {AT}");
    let ran = on_terminal(&folder, "pemlint", &line).ends(0);
    assert_eq!(ran.out.matches("Password of modern.p12 and 1 more").count(), 1, "{}", ran.out);
    assert!(!ran.out.contains("Password of root.key") && !ran.out.contains(": pemlint"), "{}", ran.out);
    let ran = on_terminal(&folder, "zweiunddreissig", &line).ends(1);
    assert!(ran.out.contains("containers/container-password-wrong"), "{}", ran.out);
    assert_eq!(ran.out.matches("Password of").count(), 1, "{}", ran.out);
    assert!(!ran.out.contains("zweiunddreissig"), "{}", ran.out);
}

#[test]
fn nobody_is_asked_where_nothing_needs_a_password_or_there_is_one() {
    let folder = folder(&format!("{ROOT} {KEY} {MODERN} keys/p256-a.pem=plain.key"));
    folder.write("password", "wrong");
    for (line, status) in [
        ("root.pem --key plain.key", 0),
        ("root.pem --key root.key --password-file password --profile rfc5280", 1),
    ] {
        let ran = on_terminal(&folder, "pemlint", &format!("check {line} --at {AT}")).ends(status);
        assert!(!ran.out.contains("Password of"), "{}", ran.out);
    }
    // Standard input is no terminal.
    let ran = check(&folder, "modern.p12").ends(1);
    assert!(!ran.err.contains("Password"), "{}", ran.err);
}

#[test]
fn the_names_that_a_container_has_for_its_content_are_shown() {
    let folder = folder(&format!("{MODERN}=ca.p12"));
    folder.write("password", "pemlint\n");
    let report = check(&folder, "ca.p12 --password-file password").json();
    let input = &report["inputs"][0];
    assert_eq!(input["certificates"][0]["inside"], json!("Example root"));
    assert_eq!(input["privateKeys"][0]["inside"], json!("Example root"));
}
