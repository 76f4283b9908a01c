//! What a server speaks that does not speak TLS, guessed from its first octets.

use std::fmt;

use crate::source::shown;

/// What the first octets look like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    looks_like: &'static str,
    hint: &'static str,
    began: String,
}

/// Characters of an answer that are shown.
const SHOWN: usize = 60;

const KINDS: &[(&[u8], &str, &str)] = &[
    (b"HTTP/", "HTTP without TLS", "another port is wanted, mostly 443"),
    (b"<!DOCTYPE", "HTTP without TLS", "another port is wanted, mostly 443"),
    (b"<html", "HTTP without TLS", "another port is wanted, mostly 443"),
    (b"SSH-", "SSH", "another port is wanted"),
    (b"* OK", "IMAP", "try --starttls imap"),
    (b"* PREAUTH", "IMAP", "try --starttls imap"),
    (b"+OK", "POP3", "try --starttls pop3"),
    (b"<stream:", "XMPP", "try --starttls xmpp"),
    (b"<?xml", "XMPP", "try --starttls xmpp"),
    (b"RFB ", "VNC", "another port is wanted"),
];

impl Guess {
    /// Looks at the first octets of an answer; `None` where they may be TLS, or
    /// there are none.
    pub(super) fn of(octets: &[u8]) -> Option<Self> {
        let first = *octets.first()?;
        // A record: alert, handshake and so on, then the version 3.x.
        if (20..=24).contains(&first) && octets.get(1).is_none_or(|major| *major == 3) {
            return None;
        }
        let (looks_like, hint) = match KINDS.iter().find(|(start, ..)| octets.starts_with(start)) {
            Some((_, looks_like, hint)) => (*looks_like, *hint),
            None if octets.starts_with(b"220") => reply(octets),
            None if octets.get(4) == Some(&10) && octets.get(3) == Some(&0) => {
                ("MySQL", "try --starttls mysql")
            }
            None if octets.len() >= 3 && octets[..3].iter().all(u8::is_ascii_digit) => {
                ("a protocol with numbered replies", "try --starttls smtp or ftp")
            }
            None => ("another protocol", "another port or --starttls may be wanted"),
        };
        let text: String = String::from_utf8_lossy(octets).chars().take(SHOWN).collect();
        let line = text.lines().next().unwrap_or_default();
        Some(Self { looks_like, hint, began: shown(line).into_owned() })
    }
}

/// Greetings of mail and file servers begin alike.
fn reply(octets: &[u8]) -> (&'static str, &'static str) {
    let text = octets.to_ascii_uppercase();
    let holds = |word: &[u8]| text.windows(word.len()).any(|part| part == word);
    if holds(b"FTP") {
        ("FTP", "try --starttls ftp")
    } else if holds(b"SMTP") {
        ("SMTP", "try --starttls smtp")
    } else {
        ("SMTP or FTP", "try --starttls smtp or ftp")
    }
}

impl fmt::Display for Guess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { looks_like, hint, began } = self;
        write!(f, "its answer looks like {looks_like} (it begins `{began}`); {hint}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_apart() {
        for (octets, wanted) in [
            (&b"HTTP/1.1 400 Bad Request\r\n"[..], "HTTP without TLS (it begins `HTTP/1.1 400 Bad Request`)"),
            (b"SSH-2.0-OpenSSH_9.2\r\n", "SSH"),
            (b"220 mail.example ESMTP\r\n", "SMTP (it begins `220 mail.example ESMTP`); try --starttls smtp"),
            (b"220 (vsFTPd 3.0.3)\r\n", "FTP"),
            (b"220 hello\r\n", "SMTP or FTP"),
            (b"* OK IMAP4rev1\r\n", "IMAP"),
            (b"+OK ready\r\n", "POP3"),
            (b"\x4a\0\0\0\x0a8.0.36", "MySQL"),
            (b"500 what?\r\n", "numbered replies"),
            (b"\0\0\0\0", "another protocol"),
        ] {
            let said = Guess::of(octets).expect("it is no TLS").to_string();
            assert!(said.contains(wanted), "{said}");
        }
        assert_eq!(Guess::of(b"\x15\x03\x01\0\x02\x02\x28"), None);
        assert_eq!(Guess::of(b""), None);
        assert!(!Guess::of(b"\x1b[2J").expect("no TLS").to_string().contains('\u{1b}'));
    }
}
