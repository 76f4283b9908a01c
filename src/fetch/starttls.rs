//! Protocols that begin without TLS and are asked to go over to it: the few lines
//! of each that lead there. Nothing is sent that logs in or changes anything.

use super::failure::Failure;
use super::wire::Wire;

/// A protocol that is spoken before TLS begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartTls {
    /// RFC 3207.
    Smtp,
    /// RFC 3501, 6.2.1.
    Imap,
    /// RFC 2595, 4.
    Pop3,
    /// RFC 4217.
    Ftp,
    /// RFC 4511, 4.14.
    Ldap,
    /// The SSLRequest of PostgreSQL's protocol.
    Postgres,
    /// The SSLRequest of MySQL's protocol.
    Mysql,
    /// RFC 6120, 5.
    Xmpp,
}

/// `SSLRequest`: its length and the code 1234.5679.
const POSTGRES: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];

/// ExtendedRequest with the name 1.3.6.1.4.1.1466.20037.
const LDAP: &[u8] = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037";

/// CLIENT_SSL of MySQL's capabilities.
const MYSQL_TLS: u8 = 0x08;

/// A packet of 32 octets with sequence number 1: protocol 4.1, TLS, secure
/// connection; the largest packet; utf8mb4; 23 octets of nothing.
const MYSQL: [u8; 36] = {
    let mut packet = [0; 36];
    (packet[0], packet[3]) = (32, 1);
    (packet[4], packet[5]) = (0x00, 0x8a);
    (packet[11], packet[12]) = (0x01, 45);
    packet
};

impl StartTls {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Smtp, Self::Imap, Self::Pop3, Self::Ftp, Self::Ldap, Self::Postgres, Self::Mysql, Self::Xmpp];

    /// The port that the protocol has.
    #[must_use]
    pub fn port(self) -> u16 {
        match self {
            Self::Smtp => 25,
            Self::Imap => 143,
            Self::Pop3 => 110,
            Self::Ftp => 21,
            Self::Ldap => 389,
            Self::Postgres => 5432,
            Self::Mysql => 3306,
            Self::Xmpp => 5222,
        }
    }

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Smtp => "smtp",
            Self::Imap => "imap",
            Self::Pop3 => "pop3",
            Self::Ftp => "ftp",
            Self::Ldap => "ldap",
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
            Self::Xmpp => "xmpp",
        }
    }

    /// The protocol of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|protocol| protocol.name() == name)
    }

    fn title(self) -> &'static str {
        match self {
            Self::Smtp => "SMTP",
            Self::Imap => "IMAP",
            Self::Pop3 => "POP3",
            Self::Ftp => "FTP",
            Self::Ldap => "LDAP",
            Self::Postgres => "PostgreSQL",
            Self::Mysql => "MySQL",
            Self::Xmpp => "XMPP",
        }
    }

    /// Brings the connection to where TLS begins.
    pub(super) fn begin(self, wire: &mut Wire, host: &str) -> Result<(), Failure> {
        match self {
            Self::Smtp => self.begin_smtp(wire),
            Self::Imap => {
                self.expect_line(wire, b"* OK")?;
                wire.send(b"a1 STARTTLS\r\n")?;
                self.expect_tagged(wire)
            }
            Self::Pop3 => {
                self.expect_line(wire, b"+OK")?;
                wire.send(b"STLS\r\n")?;
                self.expect_line(wire, b"+OK")
            }
            Self::Ftp => {
                self.expect_reply(wire, b"220")?;
                wire.send(b"AUTH TLS\r\n")?;
                self.expect_reply(wire, b"234").map(|_| ())
            }
            Self::Ldap => self.begin_ldap(wire),
            Self::Postgres => {
                wire.send(&POSTGRES)?;
                let mut answer = [0];
                wire.receive(&mut answer)?;
                match answer[0] {
                    b'S' => Ok(()),
                    b'N' => Err(self.not_offered()),
                    _ => Err(self.unexpected(wire.began())),
                }
            }
            Self::Mysql => self.begin_mysql(wire),
            Self::Xmpp => self.begin_xmpp(wire, host),
        }
    }

    fn begin_smtp(self, wire: &mut Wire) -> Result<(), Failure> {
        self.expect_reply(wire, b"220")?;
        wire.send(b"EHLO pemlint.invalid\r\n")?;
        let offered = self.expect_reply(wire, b"250")?;
        let is_offered =
            offered.iter().any(|line| line.get(4..).unwrap_or_default().eq_ignore_ascii_case(b"STARTTLS"));
        if !is_offered {
            return Err(self.not_offered());
        }
        wire.send(b"STARTTLS\r\n")?;
        self.expect_reply(wire, b"220").map(|_| ())
    }

    /// The result code of the ExtendedResponse, 0 for success. Lengths are BER, in
    /// whatever form.
    fn begin_ldap(self, wire: &mut Wire) -> Result<(), Failure> {
        wire.send(LDAP)?;
        let mut tag = [0];
        wire.receive(&mut tag)?;
        let length = ber_length(wire)?.filter(|length| tag[0] == 0x30 && *length < 0x1_0000);
        let Some(length) = length else { return Err(self.unexpected(wire.began())) };
        let mut message = vec![0; length];
        wire.receive(&mut message)?;
        let code = || {
            let (identifier, _, after) = element(&message)?;
            let (response, content, _) = element(after)?;
            let (enumerated, code, _) = element(content)?;
            ((identifier, response, enumerated) == (0x02, 0x78, 0x0a)).then_some(code)
        };
        match code() {
            Some([0]) => Ok(()),
            Some(code) => {
                let number = code.iter().fold(0_u32, |number, octet| (number << 8) | u32::from(*octet));
                Err(Failure::StartTls {
                    reason: format!("the LDAP server refuses StartTLS with result code {number}"),
                })
            }
            None => Err(self.unexpected(wire.began())),
        }
    }

    fn begin_mysql(self, wire: &mut Wire) -> Result<(), Failure> {
        let mut header = [0; 4];
        wire.receive(&mut header)?;
        let length = usize::from(header[0]) | usize::from(header[1]) << 8;
        let mut greeting = vec![0; length];
        wire.receive(&mut greeting)?;
        // Version 10, the server's version up to a NUL, connection id, 8 octets of salt, a filler.
        let version = greeting.iter().position(|octet| *octet == 0).filter(|_| greeting.first() == Some(&10));
        let Some(capabilities) = version.and_then(|end| greeting.get(end + 14..end + 16)) else {
            return Err(self.unexpected(wire.began()));
        };
        if capabilities[1] & MYSQL_TLS == 0 {
            return Err(self.not_offered());
        }
        wire.send(&MYSQL)
    }

    fn begin_xmpp(self, wire: &mut Wire, host: &str) -> Result<(), Failure> {
        // A host has no character that would end the attribute.
        let stream = format!(
            "<?xml version='1.0'?><stream:stream to='{}' version='1.0' xmlns='jabber:client' \
             xmlns:stream='http://etherx.jabber.org/streams'>",
            host.replace(['\'', '<', '&'], "")
        );
        wire.send(stream.as_bytes())?;
        let features = wire.receive_until(b"</stream:features>")?;
        if !features.windows(8).any(|part| part == b"starttls") {
            return Err(self.not_offered());
        }
        wire.send(b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")?;
        let answer = wire.receive_until(b">")?;
        if answer.windows(8).any(|part| part == b"<proceed") { Ok(()) } else { Err(self.unexpected(&answer)) }
    }

    /// A reply of one or more lines (`250-…`, then `250 …`).
    fn expect_reply(self, wire: &mut Wire, code: &[u8]) -> Result<Vec<Vec<u8>>, Failure> {
        let mut lines = Vec::new();
        let mut length = 0;
        loop {
            let line = line(wire)?;
            length += line.len();
            let is_last = line.get(3) != Some(&b'-') && line.get(..3) == Some(code);
            // Between the first line and the last, FTP sends any text.
            let is_amiss = lines.is_empty() && !line.starts_with(code);
            if is_amiss || length > crate::limits::DIALOGUE_OCTETS {
                return Err(self.unexpected(&line));
            }
            lines.push(line);
            if is_last {
                return Ok(lines);
            }
        }
    }

    fn expect_line(self, wire: &mut Wire, start: &[u8]) -> Result<(), Failure> {
        let line = line(wire)?;
        if line.starts_with(start) { Ok(()) } else { Err(self.unexpected(&line)) }
    }

    /// IMAP may say other things before it answers.
    fn expect_tagged(self, wire: &mut Wire) -> Result<(), Failure> {
        let mut length = 0;
        loop {
            let line = line(wire)?;
            length += line.len();
            match line.strip_prefix(b"a1 ") {
                Some(answer) if answer.get(..2).is_some_and(|word| word.eq_ignore_ascii_case(b"OK")) => {
                    return Ok(());
                }
                None if line.starts_with(b"*") && length < crate::limits::DIALOGUE_OCTETS => {}
                _ => return Err(self.unexpected(&line)),
            }
        }
    }

    fn not_offered(self) -> Failure {
        Failure::StartTls { reason: format!("the {} server does not offer TLS", self.title()) }
    }

    fn unexpected(self, answer: &[u8]) -> Failure {
        let answer: String = String::from_utf8_lossy(answer).trim().chars().take(80).collect();
        Failure::StartTls {
            reason: format!("the server does not begin TLS as {} does; it says `{answer}`", self.title()),
        }
    }
}

/// A line without its end.
fn line(wire: &mut Wire) -> Result<Vec<u8>, Failure> {
    let mut line = wire.receive_until(b"\n")?;
    let end = line.iter().rposition(|octet| !matches!(octet, b'\r' | b'\n')).map_or(0, |last| last + 1);
    line.truncate(end);
    Ok(line)
}

/// A length in BER; `None` where it is larger than any answer.
fn ber_length(wire: &mut Wire) -> Result<Option<usize>, Failure> {
    let mut first = [0];
    wire.receive(&mut first)?;
    if first[0] < 0x80 {
        return Ok(Some(first[0].into()));
    }
    let mut octets = vec![0; usize::from(first[0] & 0x7f)];
    wire.receive(&mut octets)?;
    Ok(number(&octets))
}

fn number(octets: &[u8]) -> Option<usize> {
    (octets.len() <= 4).then(|| octets.iter().fold(0, |number, octet| (number << 8) | usize::from(*octet)))
}

/// Tag and content of the first element, and what follows it.
fn element(octets: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, length, rest) = match octets {
        [tag, length @ ..0x80, rest @ ..] => (*tag, usize::from(*length), rest),
        [tag, form, rest @ ..] => {
            let (length, rest) = rest.split_at_checked(usize::from(form & 0x7f))?;
            (*tag, number(length)?, rest)
        }
        _ => return None,
    };
    let (content, after) = rest.split_at_checked(length)?;
    Some((tag, content, after))
}
