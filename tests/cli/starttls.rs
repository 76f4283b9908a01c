//! `--starttls`: the dialogue of each protocol up to TLS, played by a server that
//! says its lines only to the right words.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crate::loopback::{identity, listen, presenting_chain, shake};
use crate::program::Folder;

/// What the server says, and what it wants to hear before its next line.
type Turn = (&'static [u8], &'static [u8]);

const MYSQL_GREETING: &[u8] =
    b"\x23\0\0\0\x0a8.0.36\0\x01\0\0\0saltsalt\0\xff\xff\x2d\x02\0\xff\xff\x15\0\0\0\0\0\0";

const PROTOCOLS: &[(&str, &[Turn])] = &[
    (
        "smtp",
        &[
            (b"220-mail.example\r\n220 ready\r\n", b"EHLO pemlint.invalid\r\n"),
            (b"250-mail.example\r\n250-SIZE 1\r\n250-starttls\r\n250 HELP\r\n", b"STARTTLS\r\n"),
            (b"220 go ahead\r\n", b""),
        ],
    ),
    ("imap", &[(b"* OK ready\r\n", b"a1 STARTTLS\r\n"), (b"* CAPABILITY IMAP4rev1\r\na1 OK begin\r\n", b"")]),
    ("pop3", &[(b"+OK ready\r\n", b"STLS\r\n"), (b"+OK begin\r\n", b"")]),
    ("ftp", &[(b"220-Welcome\r\n 230 no code\r\n220 ready\r\n", b"AUTH TLS\r\n"), (b"234 begin\r\n", b"")]),
    ("postgres", &[(b"", b"\0\0\0\x08\x04\xd2\x16\x2f"), (b"S", b"")]),
    // A length of five octets, as Active Directory writes it.
    (
        "ldap",
        &[
            (b"", b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037"),
            (b"\x30\x84\0\0\0\x10\x02\x01\x01\x78\x84\0\0\0\x07\x0a\x01\0\x04\0\x04\0", b""),
        ],
    ),
    (
        "mysql",
        &[(
            MYSQL_GREETING,
            b"\x20\0\0\x01\x00\x8a\0\0\0\0\0\x01\x2d\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
        )],
    ),
    (
        "xmpp",
        &[
            (
                b"",
                b"<?xml version='1.0'?><stream:stream to='localhost' version='1.0' xmlns='jabber:client' \
                  xmlns:stream='http://etherx.jabber.org/streams'>",
            ),
            (
                b"<stream:stream><stream:features><starttls xmlns='urn:x'/></stream:features>",
                b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
            ),
            (b"<proceed xmlns='urn:x'/>", b""),
        ],
    ),
];

/// Plays a dialogue; stops where the client says something else.
fn play(stream: &mut TcpStream, turns: &[Turn]) -> bool {
    for (says, wants) in turns {
        if stream.write_all(says).is_err() {
            return false;
        }
        let mut heard = vec![0; wants.len()];
        if stream.read_exact(&mut heard).is_err() || heard != *wants {
            return false;
        }
    }
    true
}

#[test]
fn every_protocol_leads_to_the_certificates() {
    let folder = identity("DNS:localhost");
    let mut tried = Vec::new();
    for (protocol, turns) in PROTOCOLS {
        let config = presenting_chain(&folder);
        let port = listen(move |mut stream| {
            if play(&mut stream, turns) {
                shake(stream, &config);
            }
        });
        let line =
            format!("check tls://localhost:{port} --starttls {protocol} --timeout 5 --save {protocol}.pem");
        folder.run(&line).ends(0);
        assert_eq!(folder.read(&format!("{protocol}.pem")), folder.read("chain.pem"), "{protocol}");
        tried.push(*protocol);
    }
    let names = pemlint::fetch::StartTls::ALL.map(pemlint::fetch::StartTls::name);
    assert!(names.iter().all(|name| tried.contains(name)), "{tried:?}");
}

#[test]
fn a_protocol_that_refuses_says_so() {
    let folder = Folder::new();
    let ldap = b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x02\x04\0\x04\0";
    for (protocol, says, wanted) in [
        ("smtp", &b"220 ready\r\n250-mail\r\n250 HELP\r\n"[..], "the SMTP server does not offer TLS"),
        ("smtp", b"554 go away\r\n", "it says `554 go away`"),
        ("imap", b"* OK ready\r\na1 BAD no\r\n", "it says `a1 BAD no`"),
        ("pop3", b"+OK ready\r\n-ERR no\r\n", "it says `-ERR no`"),
        ("ftp", b"220 ready\r\n534 no\r\n", "it says `534 no`"),
        ("postgres", b"N", "the PostgreSQL server does not offer TLS"),
        ("postgres", b"E\0\0\0\x05", "does not begin TLS as PostgreSQL does"),
        ("ldap", ldap, "refuses StartTLS with result code 2"),
        ("mysql", b"\x03\0\0\0\xffno", "does not begin TLS as MySQL does"),
        ("xmpp", b"<stream:features></stream:features>", "the XMPP server does not offer TLS"),
        ("smtp", b"", "closes the connection while asking for TLS"),
        ("imap", b"SSH-2.0-x\r\n", "it says `SSH-2.0-x`"),
    ] {
        let port = listen(move |mut stream| {
            let _ = stream.write_all(says);
            let _ = stream.shutdown(std::net::Shutdown::Write);
            // Until the client goes: what it sent and nobody read would reset the connection.
            let _ = stream.read_to_end(&mut Vec::new());
        });
        folder
            .run(&format!("check tls://localhost:{port} --starttls {protocol} --timeout 5"))
            .refuses(&[wanted]);
    }
    let silent = listen(|mut stream| drop(stream.read_to_end(&mut Vec::new())));
    let ran = folder.run(&format!("check tls://localhost:{silent} --starttls smtp --timeout 1"));
    ran.refuses(&["timed out after 1 s while asking for TLS (STARTTLS)"]);
}
