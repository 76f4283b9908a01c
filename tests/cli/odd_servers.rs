//! Real `openssl s_server` with certificates and settings as nobody should have
//! them: whatever it presents is fetched as it is.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::loopback::ders;
use crate::openssl::{key, openssl, shell};
use crate::program::Folder;

/// The programs to ask: that of the machine, and that which `scripts/test` installs.
fn programs() -> Vec<String> {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/debian/openssl");
    let installed = installed.exists().then(|| installed.display().to_string());
    std::iter::once("openssl".to_owned()).chain(installed).collect()
}

/// A running server; it ends with this.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    fn start(folder: &Folder, program: &str, options: &str) -> Self {
        let mut command = Command::new(program);
        command
            .args(["s_server", "-accept", "127.0.0.1:0", "-naccept", "4"])
            .args(options.split_whitespace());
        // It ends when its input does.
        command.current_dir(folder.path()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child =
            command.spawn().unwrap_or_else(|error| panic!("{program}: {error}; run scripts/test"));
        let mut lines =
            BufReader::new(child.stdout.take().expect("it is piped")).lines().map_while(Result::ok);
        let line = lines.find(|line| line.starts_with("ACCEPT"));
        let line = line.unwrap_or_else(|| panic!("{program} s_server {options} does not start"));
        let port = line.rsplit(':').next().and_then(|port| port.parse().ok()).expect("it tells its port");
        // Its pipe is emptied, or it would wait for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, port }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Fetches what a server presents and compares it with a file; gives standard error.
#[track_caller]
fn fetches(folder: &Folder, program: &str, options: &str, presented: &str) -> String {
    let server = Server::start(folder, program, options);
    let ran = folder
        .run(&format!("check tls://localhost:{} --save saved.pem --timeout 20 --exit-zero", server.port));
    let said = ran.ends(0).err;
    assert_eq!(ders(&folder.read("saved.pem")), ders(presented), "{program} {options}\n{said}");
    said
}

/// `NAME.pem`, signed by its own `NAME.key`.
fn self_signed(folder: &Folder, name: &str, kind: &str, options: &str) {
    key(folder, kind, &format!("{name}.key"));
    openssl(
        folder,
        &format!("req -x509 -new -key {name}.key -days 10 -out {name}.pem -subj /CN=localhost {options}"),
    );
}

const CURVE: &str = "EC -pkeyopt ec_paramgen_curve:";

/// Ciphers of every kind, and keys of any size.
const ANY: &str = "-cipher ALL:@SECLEVEL=0";

const SHAKES_NO_HANDS: &str = "asked again in TLS 1.2 or before";

#[test]
fn certificates_with_keys_of_every_kind_are_fetched() {
    let folder = Folder::new();
    let kinds = [
        ("p256", format!("{CURVE}P-256"), ""),
        ("p521", format!("{CURVE}P-521"), ""),
        ("p224", format!("{CURVE}P-224"), SHAKES_NO_HANDS),
        ("secp256k1", format!("{CURVE}secp256k1"), SHAKES_NO_HANDS),
        ("ed25519", "ED25519".into(), ""),
        ("ed448", "ED448".into(), ""),
        ("rsa512", "RSA -pkeyopt rsa_keygen_bits:512".into(), SHAKES_NO_HANDS),
        ("rsa1024", "RSA -pkeyopt rsa_keygen_bits:1024".into(), ""),
        ("rsapss", "RSA-PSS -pkeyopt rsa_keygen_bits:2048".into(), ""),
    ];
    for (name, kind, _) in &kinds {
        self_signed(&folder, name, kind, "");
    }
    for program in programs() {
        for (name, _, remark) in &kinds {
            let presented = folder.read(&format!("{name}.pem"));
            let said =
                fetches(&folder, &program, &format!("-cert {name}.pem -key {name}.key {ANY}"), &presented);
            assert!(
                said.contains(remark) && (!remark.is_empty() || !said.contains(SHAKES_NO_HANDS)),
                "{name}: {said}"
            );
        }
    }
}

#[test]
fn servers_of_every_version_are_asked() {
    let folder = Folder::new();
    self_signed(&folder, "rsa", "RSA -pkeyopt rsa_keygen_bits:1024", "");
    let presented = folder.read("rsa.pem");
    for program in programs() {
        for (options, remark) in [
            (format!("-tls1 {ANY}"), "protocol_version (70)"),
            (format!("-tls1_1 {ANY}"), "protocol_version (70)"),
            (format!("-tls1_2 {ANY}"), ""),
            ("-tls1_2 -cipher AES128-SHA:@SECLEVEL=0".into(), "handshake_failure (40)"),
            ("-tls1_2 -cipher DHE-RSA-AES128-SHA:@SECLEVEL=0".into(), "handshake_failure (40)"),
            (format!("-no_tls1_2 -no_tls1_1 -no_tls1 {ANY}"), ""),
            (format!("-groups X448 {ANY}"), "handshake_failure (40)"),
            (format!("-Verify 1 {ANY}"), "asks for a client certificate"),
            (
                format!("-Verify 1 -tls1_2 {ANY}"),
                "the handshake fails behind the certificates: alert handshake_failure",
            ),
        ] {
            let said =
                fetches(&folder, &program, &format!("-cert rsa.pem -key rsa.key {options}"), &presented);
            assert!(said.contains(remark), "{options}: {said}");
        }
    }
}

#[test]
fn chains_of_every_length_and_form_are_fetched() {
    let folder = Folder::new();
    self_signed(&folder, "leaf", &format!("{CURVE}P-256"), "");
    openssl(&folder, "req -new -key leaf.key -out leaf.csr -subj /CN=localhost");
    openssl(&folder, "x509 -req -in leaf.csr -signkey leaf.key -days 10 -out v1.pem");
    shell(
        &folder,
        "for i in $(seq 40); do openssl req -x509 -new -key leaf.key -days 10 -subj /CN=ca$i; done > forty.pem\n\
         names=$(for i in $(seq 900); do printf 'DNS:a-host-with-a-rather-long-name-%d.example,' $i; done)\n\
         for i in 1 2 3; do openssl req -x509 -new -key leaf.key -days 10 -subj /CN=large$i \
             -addext subjectAltName=${names%,}; done > large.pem",
    );
    let [leaf, forty, large] = ["leaf.pem", "forty.pem", "large.pem"].map(|file| folder.read(file));
    let size: usize = ders(&large).iter().map(Vec::len).sum();
    assert!(size > 0x1_0000, "{size} octets");
    for program in programs() {
        fetches(&folder, &program, "-cert v1.pem -key leaf.key", &folder.read("v1.pem"));
        let said = fetches(
            &folder,
            &program,
            "-cert leaf.pem -key leaf.key -cert_chain forty.pem",
            &format!("{leaf}{forty}"),
        );
        assert_eq!(said, "");
        let options = "-cert leaf.pem -key leaf.key -cert_chain large.pem";
        let said = fetches(&folder, &program, options, &format!("{leaf}{large}"));
        assert!(said.contains("larger than 64 KiB"), "{said}");
        // What cannot be had, and the way around.
        let server = Server::start(&folder, &program, &format!("{options} -tls1_3"));
        let ran = folder.run(&format!("check tls://localhost:{}", server.port));
        ran.refuses(&["larger than 64 KiB, which rustls does not read", "`openssl s_client -showcerts`"]);
        let server = Server::start(&folder, &program, &format!("-nocert {ANY}"));
        folder.run(&format!("check tls://localhost:{}", server.port)).refuses(&["handshake_failure (40)"]);
    }
}
