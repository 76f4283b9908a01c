//! Servers on the loopback address: a listener that does with each connection what a
//! test says, and the TLS of rustls behind it. None outlives the tests.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustls::crypto::aws_lc_rs::{default_provider, sign::any_supported_type};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ServerConfig, ServerConnection};

use crate::openssl::{CA, P256, key, openssl, root};
use crate::program::Folder;

/// Serves connections one after another, for as long as the tests run; gives the port.
pub(crate) fn listen(serve: impl Fn(TcpStream) + Send + 'static) -> u16 {
    listen_on("127.0.0.1:0", serve).expect("there is a loopback address")
}

/// The same on another address, if the machine has it.
pub(crate) fn listen_on(address: &str, serve: impl Fn(TcpStream) + Send + 'static) -> Option<u16> {
    let listener = TcpListener::bind(address).ok()?;
    let port = listener.local_addr().expect("it is bound").port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.expect("a connection comes in");
            // A client that hangs must not hang the tests.
            stream.set_read_timeout(Some(Duration::from_secs(30))).expect("it can be set");
            serve(stream);
        }
    });
    Some(port)
}

/// A folder with `root.pem` and, below it, `leaf.pem` for `host`; `chain.pem` holds both.
pub(crate) fn identity(host: &str) -> Folder {
    let folder = Folder::new();
    key(&folder, P256, "root.key");
    root(&folder, "root", CA);
    leaf(&folder, "leaf", host);
    folder.write("chain.pem", folder.read("leaf.pem") + &folder.read("root.pem"));
    folder
}

/// A leaf below the root of a folder.
pub(crate) fn leaf(folder: &Folder, name: &str, host: &str) {
    key(folder, P256, &format!("{name}.key"));
    let extensions = "basicConstraints = critical,CA:FALSE\nkeyUsage = critical,digitalSignature\n\
        extendedKeyUsage = serverAuth\nauthorityKeyIdentifier = keyid\nsubjectAltName = ";
    folder.write("leaf.ext", format!("{extensions}{host}\n"));
    openssl(folder, &format!("req -new -key {name}.key -out {name}.csr -subj /CN=server"));
    openssl(
        folder,
        &format!(
            "x509 -req -in {name}.csr -CA root.pem -CAkey root.key -CAcreateserial -days 90 -extfile leaf.ext -out {name}.pem"
        ),
    );
}

/// DER of every block of a file, however it is labelled.
pub(crate) fn ders(text: &str) -> Vec<Vec<u8>> {
    use base64::Engine as _;
    let blocks = text.split("-----BEGIN CERTIFICATE-----").skip(1);
    let bodies = blocks.map(|block| block.split("-----END").next().expect("it has a first part"));
    let decode = |body: &str| {
        let body: String = body.split_whitespace().collect();
        base64::engine::general_purpose::STANDARD.decode(body).expect("it is base64")
    };
    bodies.map(decode).collect()
}

/// What a server presents, by the name that it is asked for; the last is for any.
#[derive(Debug)]
struct Presents(Vec<(&'static str, Arc<CertifiedKey>)>);

impl ResolvesServerCert for Presents {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let asked = hello.server_name().unwrap_or_default();
        let found = self.0.iter().find(|(name, _)| *name == asked).or(self.0.last());
        found.map(|(_, key)| Arc::clone(key))
    }
}

/// A server that presents what it is told to, whatever it is: the name that it answers to, the
/// certificates, the file of the leaf's key.
pub(crate) fn presenting(folder: &Folder, all: &[(&'static str, Vec<Vec<u8>>, &str)]) -> Arc<ServerConfig> {
    let keys = all.iter().map(|(name, chain, file)| {
        let key = PrivateKeyDer::from_pem_slice(folder.read(file).as_bytes()).expect("it is a key");
        let key = any_supported_type(&key).expect("rustls signs with it");
        let chain = chain.iter().map(|der| der.clone().into()).collect();
        (*name, Arc::new(CertifiedKey::new(chain, key)))
    });
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("there are versions")
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(Presents(keys.collect())));
    Arc::new(config)
}

/// A server that presents `chain.pem` of a folder.
pub(crate) fn presenting_chain(folder: &Folder) -> Arc<ServerConfig> {
    presenting(folder, &[("", ders(&folder.read("chain.pem")), "leaf.key")])
}

/// Shakes hands on a connection and reads until the client goes.
pub(crate) fn shake(mut stream: TcpStream, config: &Arc<ServerConfig>) {
    let mut connection = ServerConnection::new(Arc::clone(config)).expect("the configuration is sound");
    while connection.complete_io(&mut stream).is_ok_and(|(read, written)| read + written > 0) {}
}

/// Reads what a client sends first, and answers with some octets.
pub(crate) fn answer(mut stream: TcpStream, octets: &[u8]) {
    let mut hello = [0; 4096];
    let _ = stream.read(&mut hello);
    let _ = stream.write_all(octets);
}
