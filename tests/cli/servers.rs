//! `tls://HOST` as an input: what is fetched, what it is judged as, what is said
//! where nothing can be fetched.

use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use crate::loopback::{answer, ders, identity, leaf, listen, listen_on, presenting, presenting_chain, shake};
use crate::program::{Folder, Ran};

const LOCAL: &str = "DNS:localhost,IP:127.0.0.1,IP:::1";

/// A folder and the port of a server that presents its `chain.pem`.
fn local() -> (Folder, u16) {
    let folder = identity(LOCAL);
    let config = presenting_chain(&folder);
    (folder, listen(move |stream| shake(stream, &config)))
}

fn path(ran: &Ran) -> String {
    ran.json()["inputs"][0]["path"].as_str().expect("it is text").to_owned()
}

#[test]
fn what_a_server_presents_is_checked_as_a_client_meets_it() {
    let (folder, port) = local();
    let ran = folder.run(&format!("check tls://localhost:{port} --format json --fail-on info")).ends(0);
    let report = ran.json();
    assert_eq!(path(&ran), format!("tls://localhost:{port}"));
    assert_eq!(report["profile"], "python-strict");
    assert_eq!(ran.rules(), Vec::<String>::new());
    let verdict = &report["verdicts"][0];
    assert_eq!((&verdict["leaf"], &verdict["accepts"]), (&"given".into(), &true.into()));
    assert_eq!(verdict["chain"].as_array().map(Vec::len), Some(2));
    // The host is asked for: the same certificates under another name are refused.
    let other = identity("DNS:other.example");
    let config = presenting_chain(&other);
    let port = listen(move |stream| shake(stream, &config));
    let ran = folder.run(&format!("check tls://localhost:{port} --format json")).ends(1);
    assert_eq!(ran.rules(), ["rfc9525/host-mismatch"]);
    assert_eq!(ran.json()["verdicts"][0]["error"]["code"], 62);
    let ran = folder.run(&format!("check tls://127.0.0.1:{port} --format json")).ends(1);
    assert_eq!(ran.rules(), ["rfc9525/address-mismatch"]);
}

#[test]
fn what_is_saved_is_what_was_presented_and_has_the_places_of_the_report() {
    let (folder, port) = local();
    let line = format!(
        "check tls://localhost:{port} --save saved.pem --format json --level rfc5280/ca-key-usage-missing=error"
    );
    let ran = folder.run(&line).ends(0);
    assert_eq!(folder.read("saved.pem"), folder.read("chain.pem"));
    let again = folder.run("check saved.pem --profile python-strict --format json").ends(0).json();
    assert_eq!(ran.json()["inputs"][0]["certificates"], again["inputs"][0]["certificates"]);
    // Written over as a whole, with the same.
    folder.write("saved.pem", "old\n");
    folder.run(&format!("check tls://localhost:{port} --save saved.pem")).ends(0);
    assert_eq!(folder.read("saved.pem"), folder.read("chain.pem"));
    let names: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!names.iter().any(|name| name.to_string_lossy().starts_with(".pemlint")), "{names:?}");
    std::os::unix::fs::symlink("chain.pem", folder.path().join("link.pem")).unwrap();
    std::fs::create_dir(folder.path().join("folder")).unwrap();
    for target in ["link.pem", "folder", "/dev/null"] {
        let ran = folder.run(&format!("check tls://localhost:{port} --save {target}"));
        ran.refuses(&["--save", "no regular file"]);
    }
    folder
        .run(&format!("check tls://localhost:{port} --save gone/x.pem"))
        .refuses(&["gone/x.pem cannot be written"]);
}

#[test]
fn certificates_are_kept_in_the_order_and_form_in_which_they_are_sent() {
    let folder = identity(LOCAL);
    let [leaf, root] = <[Vec<u8>; 2]>::try_from(ders(&folder.read("chain.pem"))).expect("there are two");
    let broken = vec![0x30, 0x03, 0x02, 0x01];
    let sent = vec![root.clone(), broken, leaf.clone(), root];
    let config = presenting(&folder, &[("", sent.clone(), "leaf.key")]);
    let port = listen(move |stream| shake(stream, &config));
    let ran = folder.run(&format!("check tls://localhost:{port} --save saved.pem --format json")).ends(1);
    assert_eq!(ders(&folder.read("saved.pem")), sent);
    assert_eq!(ran.json()["inputs"][0]["certificates"].as_array().map(Vec::len), Some(4));
    let rules = ran.rules();
    for wanted in ["chain/leaf-not-first", "rfc5280/malformed-certificate"] {
        assert!(rules.iter().any(|rule| rule == wanted), "{wanted}: {rules:?}");
    }
}

#[test]
fn the_server_name_can_be_another() {
    let folder = identity("DNS:localhost");
    leaf(&folder, "other", "DNS:other.example");
    let both = [("other.example", "other"), ("", "leaf")]
        .map(|(name, file)| (name, ders(&folder.read(&format!("{file}.pem"))), format!("{file}.key")));
    let both = both.each_ref().map(|(name, chain, key)| (*name, chain.clone(), key.as_str()));
    let config = presenting(&folder, &both);
    let port = listen(move |stream| shake(stream, &config));
    for (option, file) in [("", "leaf"), ("--servername other.example", "other")] {
        folder.run(&format!("check tls://localhost:{port} {option} --save saved.pem --fail-on info")).ends(0);
        assert_eq!(folder.read("saved.pem"), folder.read(&format!("{file}.pem")));
    }
    folder
        .run(&format!("check tls://localhost:{port} --servername a_b..c"))
        .refuses(&["cannot be sent as a server name"]);
}

#[test]
fn an_address_of_ipv6_is_asked() {
    let folder = identity(LOCAL);
    let config = presenting_chain(&folder);
    let Some(port) = listen_on("[::1]:0", move |stream| shake(stream, &config)) else {
        eprintln!("not run: this machine has no IPv6 loopback address");
        return;
    };
    let ran = folder.run(&format!("check tls://[::1]:{port} --format json --fail-on info")).ends(0);
    assert_eq!(path(&ran), format!("tls://[::1]:{port}"));
}

#[test]
fn predict_asks_for_the_host_unless_another_is_named() {
    let (folder, port) = local();
    let ran = folder.run(&format!("predict tls://localhost:{port} --trust root.pem --format json")).ends(0);
    assert_eq!(ran.json()["verdicts"][0]["host"], "localhost");
    let line = format!("predict tls://localhost:{port} --trust root.pem --host other.example --format json");
    let verdict = folder.run(&line).ends(1).json()["verdicts"][0].take();
    assert_eq!((&verdict["host"], &verdict["error"]["code"]), (&"other.example".into(), &62.into()));
    let text = folder.run(&format!("predict tls://localhost:{port} --trust root.pem")).ends(0).out;
    assert!(text.contains(&format!("sent     tls://localhost:{port}:1\n")), "{text}");
    // A client that trusts nothing of it.
    let stranger = identity(LOCAL);
    folder.write("stranger.pem", stranger.read("root.pem"));
    let ran =
        folder.run(&format!("predict tls://localhost:{port} --trust stranger.pem --format json")).ends(1);
    assert_eq!(ran.json()["verdicts"][0]["error"]["code"], 19);
}

#[test]
fn what_does_not_speak_tls_is_named() {
    let folder = Folder::new();
    for (octets, says) in [
        (&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], "HTTP without TLS"),
        (b"SSH-2.0-OpenSSH_9.9\r\n", "SSH"),
        (b"220 mail.example ESMTP\r\n", "SMTP (it begins `220 mail.example ESMTP`); try --starttls smtp"),
        (b"* OK ready\r\n", "IMAP"),
        (b"\x1b[31mred\r\n", "another protocol (it begins `\\u{1b}[31mred`)"),
    ] {
        let port = listen(move |stream| answer(stream, octets));
        folder.run(&format!("check tls://localhost:{port}")).refuses(&["does not speak TLS", says]);
    }
}

#[test]
fn every_step_that_fails_says_which_it_is() {
    let folder = Folder::new();
    let refused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    folder.run(&format!("check tls://127.0.0.1:{refused}")).refuses(&[
        "127.0.0.1:",
        "cannot be reached",
        "refused",
    ]);
    folder.run("check tls://no-such-host.invalid").refuses(&["no-such-host.invalid cannot be looked up"]);
    let closing = listen(drop);
    folder
        .run(&format!("check tls://localhost:{closing}"))
        .refuses(&["closes the connection while shaking hands"]);
    for (alert, says) in [
        (112, "unrecognized_name (112)"),
        (40, "handshake_failure (40)"),
        (70, "protocol_version (70)"),
        (9, "alert 9"),
    ] {
        let port = listen(move |stream| answer(stream, &[21, 3, 3, 0, 2, 2, alert]));
        folder.run(&format!("check tls://localhost:{port}")).refuses(&[says, "openssl s_client -showcerts"]);
    }
    let garbage = listen(|stream| answer(stream, &[22, 3, 3, 0, 4, 99, 0, 0, 0]));
    folder.run(&format!("check tls://localhost:{garbage}")).refuses(&["before the certificates are at hand"]);
}

#[test]
fn the_time_limit_bounds_the_handshake_as_a_whole() {
    let folder = Folder::new();
    let silent = listen(|stream| {
        thread::sleep(Duration::from_secs(3));
        drop(stream);
    });
    // One octet now and then keeps a connection alive, but not for ever.
    let dripping = listen(|mut stream| {
        use std::io::Write as _;
        while stream.write_all(&[22]).is_ok() {
            thread::sleep(Duration::from_millis(200));
        }
    });
    for port in [silent, dripping] {
        let begin = Instant::now();
        let ran = folder.run(&format!("check tls://localhost:{port} --timeout 1"));
        assert!(begin.elapsed() < Duration::from_secs(8), "{:?}", begin.elapsed());
        assert_eq!(ran.status, Some(2), "{}", ran.err);
    }
    folder
        .run(&format!("check tls://localhost:{silent} --timeout 1"))
        .refuses(&["timed out after 1 s while shaking hands"]);
}

/// A ServerHello of TLS 1.2, then a Certificate message with a list of no certificates.
const NO_CERTIFICATE: &[u8] = &{
    let mut flight = [0_u8; 5 + 42 + 7];
    (flight[0], flight[1], flight[2], flight[4]) = (22, 3, 3, 49);
    (flight[5], flight[8], flight[9], flight[10]) = (2, 38, 3, 3);
    // No session, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, no compression.
    (flight[44], flight[45]) = (0xc0, 0x2b);
    (flight[47], flight[50]) = (11, 3);
    flight
};

#[test]
fn a_server_without_a_certificate_is_told_from_one_that_fails() {
    let port = listen(|stream| answer(stream, NO_CERTIFICATE));
    Folder::new().run(&format!("check tls://localhost:{port}")).refuses(&["presents no certificate"]);
}

#[test]
fn what_does_not_go_together_is_refused_before_anybody_is_asked() {
    let folder = identity(LOCAL);
    for (line, parts) in [
        ("check tls://", &["there is no host"][..]),
        ("check tls://a:b", &["the port is no number"]),
        ("check tls://a/path", &["no path"]),
        ("check tls://a root.pem", &["different profiles", "--profile"]),
        ("check tls://a tls://b --save x.pem", &["--save", "2 are named"]),
        ("check root.pem --save x.pem", &["--save is for servers"]),
        ("check root.pem --starttls smtp", &["--starttls is for servers"]),
        ("check root.pem --only-rejected", &["--only-rejected is for trust stores"]),
        ("check tls://a --starttls gopher", &["possible values", "postgres"]),
        ("check tls://a --timeout 0", &["1..=3600"]),
        ("predict root.pem --trust root.pem --save x.pem", &["--save is for servers"]),
    ] {
        folder.run(line).refuses(parts);
    }
}

#[test]
fn several_servers_are_inputs_of_one_report() {
    let (folder, first) = local();
    let config = presenting_chain(&folder);
    let second = listen(move |stream| shake(stream, &config));
    let line = format!(
        "check tls://localhost:{first} tls://localhost:{second} tls://localhost:{first} --format json"
    );
    let report = folder.run(&line).ends(0).json();
    assert_eq!(report["summary"]["inputs"], 2);
    // One that fails fails all, and the others are told too.
    let ran = folder.run(&format!("check tls://localhost:{first} tls://x.invalid tls://y.invalid"));
    ran.refuses(&["tls://x.invalid:443: ", "tls://y.invalid:443: "]);
    // Beside files, where a profile is named.
    let line = format!("check root.pem tls://localhost:{first} --profile python-strict --format json");
    assert_eq!(folder.run(&line).ends(0).json()["summary"]["inputs"], 2);
}

#[test]
fn a_configuration_file_has_no_say_in_the_profile_of_a_server() {
    let (folder, port) = local();
    folder.write("pemlint.toml", "profile = \"cloudflare-byopki\"\n");
    let ran = folder.run(&format!("check tls://localhost:{port} --format json")).ends(0);
    assert_eq!(ran.json()["profile"], "python-strict");
}

#[test]
fn a_leaf_alone_is_checked_and_no_client_asked() {
    let folder = identity(LOCAL);
    let config = presenting(&folder, &[("", ders(&folder.read("leaf.pem")), "leaf.key")]);
    let port = listen(move |stream| shake(stream, &config));
    let ran = folder.run(&format!("check tls://localhost:{port} --format json")).ends(0);
    ran.complains(&[
        "no client is asked",
        &format!("pemlint predict tls://localhost:{port} --trust store:python"),
    ]);
    assert_eq!(ran.json()["verdicts"], serde_json::json!([]));
    folder.run(&format!("predict tls://localhost:{port} --trust root.pem")).ends(0);
    // A CA in the place of a server's certificate is not taken for one that mints.
    let config = presenting(&folder, &[("", ders(&folder.read("root.pem")), "root.key")]);
    let port = listen(move |stream| shake(stream, &config));
    let report = folder.run(&format!("check tls://localhost:{port} --format json")).ends(1).json();
    assert_eq!(report["verdicts"][0]["leaf"], "given");
}

/// Octets that differ from run to run in nothing.
fn noise(seed: u64) -> impl Iterator<Item = u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    std::iter::from_fn(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes().last().copied()
    })
}

#[test]
fn no_answer_of_a_server_does_harm() {
    let folder = Folder::new();
    for seed in 0..48_u64 {
        let mut answer_octets: Vec<u8> = match seed % 3 {
            // A record of noise, a flight with some octets changed, noise alone.
            0 => [22, 3, 3, 0, 60].into_iter().chain(noise(seed).take(60)).collect(),
            1 => NO_CERTIFICATE.to_vec(),
            _ => noise(seed).take(200).collect(),
        };
        if seed % 3 == 1 {
            let length = answer_octets.len();
            for (at, octet) in noise(seed).take(6).zip(noise(seed + 100)) {
                answer_octets[usize::from(at) % length] = octet;
            }
        }
        let port = listen(move |stream| answer(stream, &answer_octets));
        let ran = folder.run(&format!("check tls://localhost:{port} --timeout 5"));
        assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{seed}: {}", ran.err);
        assert!(
            ran.err.starts_with("error: tls://localhost:") && !ran.err.contains("panic"),
            "{seed}: {}",
            ran.err
        );
    }
}
