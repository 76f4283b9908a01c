//! Servers behind a proxy that the environment names.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::loopback::{identity, listen, presenting_chain, shake};
use crate::program::{Folder, Ran};

/// What a proxy was asked.
type Asked = Arc<Mutex<Vec<String>>>;

/// Reads the head of a request.
fn head(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let mut octet = [0];
    while !text.ends_with(b"\r\n\r\n") && stream.read(&mut octet).is_ok_and(|length| length == 1) {
        text.push(octet[0]);
    }
    String::from_utf8(text).expect("a request is text")
}

fn copy(mut from: TcpStream, mut to: TcpStream) {
    let _ = std::io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
}

/// A proxy that tunnels to `port`, whoever is asked for; with credentials, to whom knows them.
fn proxy(port: u16, credentials: Option<&'static str>) -> (u16, Asked) {
    let asked = Asked::default();
    let noted = Arc::clone(&asked);
    let own = listen(move |mut client| {
        let request = head(&mut client);
        let known = credentials.is_none_or(|credentials| {
            request.contains(&format!("Proxy-Authorization: Basic {}\r\n", STANDARD.encode(credentials)))
        });
        noted.lock().expect("nobody panicked").push(request);
        if !known {
            let _ =
                client.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
            return;
        }
        let server = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
        client
            .write_all(b"HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n")
            .expect("the client listens");
        let (from, to) = (client.try_clone().expect("it is open"), server.try_clone().expect("it is open"));
        thread::spawn(move || copy(from, to));
        copy(server, client);
    });
    (own, asked)
}

fn server(folder: &Folder) -> u16 {
    let config = presenting_chain(folder);
    listen(move |stream| shake(stream, &config))
}

fn run(folder: &Folder, line: &str, environment: &[(&str, String)]) -> Ran {
    let mut command = folder.command(line);
    command.envs(environment.iter().map(|(name, value)| (name, value)));
    Ran::from(command.output().expect("the program starts"))
}

#[test]
fn a_proxy_of_the_environment_is_asked_for_the_server() {
    let folder = identity("DNS:www.behind.example");
    let (port, asked) = proxy(server(&folder), None);
    for name in ["HTTPS_PROXY", "https_proxy"] {
        // The proxy alone looks the name up.
        let value = format!("http://127.0.0.1:{port}");
        let ran = run(&folder, "check tls://www.behind.example --save saved.pem", &[(name, value)]).ends(0);
        ran.complains(&[&format!("fetched through the proxy 127.0.0.1:{port}")]);
        assert_eq!(folder.read("saved.pem"), folder.read("chain.pem"));
    }
    let asked = asked.lock().unwrap();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[0], "CONNECT www.behind.example:443 HTTP/1.1\r\nHost: www.behind.example:443\r\n\r\n");
}

#[test]
fn credentials_go_to_the_proxy_and_nowhere_else() {
    let folder = identity("DNS:www.behind.example");
    let (port, _) = proxy(server(&folder), Some("me@work:geh:eim"));
    let environment = |credentials: &str| [("HTTPS_PROXY", format!("http://{credentials}127.0.0.1:{port}"))];
    let line = "check tls://www.behind.example";
    let ran = run(&folder, line, &environment("me%40work:geh%3Aeim@")).ends(0);
    assert!(!format!("{}{}", ran.out, ran.err).contains("geh"), "{}", ran.err);
    run(&folder, line, &environment("")).refuses(&["407", "wants a user and a password"]);
    let ran = run(&folder, line, &environment("me:falsch@"));
    assert!(!ran.err.contains("falsch"), "{}", ran.err);
    ran.refuses(&["407", "does not take this user and password"]);
}

#[test]
fn no_proxy_names_those_who_are_asked_directly() {
    let folder = identity("DNS:localhost");
    let direct = server(&folder);
    let dead = format!("http://127.0.0.1:{}", listen(drop));
    let line = format!("check tls://localhost:{direct}");
    let with =
        |names: &str| run(&folder, &line, &[("HTTPS_PROXY", dead.clone()), ("NO_PROXY", names.to_owned())]);
    with("example.com,localhost").ends(0);
    with("*").ends(0);
    with("example.com").refuses(&[
        "the proxy 127.0.0.1:",
        "HTTPS_PROXY",
        "closes the connection without an answer",
    ]);
}

#[test]
fn a_proxy_that_does_not_tunnel_is_told_apart() {
    let folder = Folder::new();
    for (answer, says) in [
        (
            &b"HTTP/1.1 403 Forbidden\r\n\r\n"[..],
            "it refuses to connect to the server: `HTTP/1.1 403 Forbidden`",
        ),
        (b"HTTP/1.0 502 Bad Gateway\r\n\r\n", "502 Bad Gateway"),
        (b"220 smtp\r\n\r\n", "does not answer as an HTTP proxy: `220 smtp`"),
    ] {
        let port = listen(move |mut stream| {
            let _ = head(&mut stream);
            let _ = stream.write_all(answer);
        });
        let environment = [("HTTPS_PROXY", format!("127.0.0.1:{port}"))];
        run(&folder, "check tls://a.example", &environment).refuses(&[says, &format!("127.0.0.1:{port}")]);
    }
    for (value, says) in [
        ("https://me:geheim@proxy.example", "its scheme is https"),
        ("socks5://proxy.example", "its scheme is socks5"),
        ("http://proxy.example:x", "its port is no number"),
        ("http://proxy.invalid:3128", "its name cannot be looked up"),
    ] {
        let ran = run(&folder, "check tls://a.example", &[("HTTPS_PROXY", value.to_owned())]);
        assert!(!ran.err.contains("geheim"), "{}", ran.err);
        ran.refuses(&["HTTPS_PROXY", says]);
    }
    let silent = listen(|mut stream| drop(stream.read_to_end(&mut Vec::new())));
    let environment = [("HTTPS_PROXY", format!("127.0.0.1:{silent}"))];
    run(&folder, "check tls://a.example --timeout 1", &environment)
        .refuses(&["timed out after 1 s while waiting for the proxy"]);
}

#[test]
fn files_have_nothing_to_do_with_a_proxy() {
    let folder = identity("DNS:localhost");
    let environment = [("HTTPS_PROXY", "nonsense://".to_owned())];
    run(&folder, "check chain.pem --profile python-strict", &environment).ends(0);
}
