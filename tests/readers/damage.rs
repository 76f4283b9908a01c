//! Damaged files: one or two good certificates, with what editors, shells, templates and people do to them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----\n";
const END: &str = "-----END CERTIFICATE-----\n";

/// A name and the octets of a file.
pub(crate) type Damaged = (&'static str, Vec<u8>);

/// Two certificates, the base64 text of the first, its octets and a key.
pub(crate) struct Good {
    pub(crate) good: String,
    pub(crate) other: String,
    pub(crate) key: String,
}

impl Good {
    fn body(&self) -> String {
        let lines = self.good.lines().filter(|line| !line.contains("-----"));
        lines.map(|line| line.to_owned() + "\n").collect()
    }

    fn each(&self, change: impl Fn(&str) -> String) -> String {
        self.good.lines().map(|line| change(line) + "\n").collect()
    }

    /// The first certificate in lines of so many characters.
    fn wide(&self, columns: usize) -> String {
        let body = self.body().replace('\n', "");
        let lines = body.as_bytes().chunks(columns).map(|line| String::from_utf8_lossy(line).into_owned());
        format!("{BEGIN}{}\n{END}", lines.collect::<Vec<_>>().join("\n"))
    }

    /// The first certificate with other text for its body.
    fn with_body(text: &str) -> String {
        format!("{BEGIN}{text}{END}")
    }

    /// The first certificate with a text put in, or in the place of as many octets, in its second line.
    fn inside(&self, text: &str, instead: usize) -> String {
        let body = self.body();
        Self::with_body(&format!("{}{text}{}", &body[..70], &body[70 + instead..]))
    }

    /// All of them.
    pub(crate) fn damaged(&self) -> Vec<Damaged> {
        let mut all = self.encodings();
        all.extend(self.boundaries());
        all.extend(self.bodies());
        all.extend(self.labels());
        all.extend(self.surroundings());
        all
    }

    fn encodings(&self) -> Vec<Damaged> {
        let Self { good, other, .. } = self;
        let both = format!("{good}{other}");
        let wide = |text: &str, unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
            text.encode_utf16().flat_map(unit).collect()
        };
        let with_nul = |before: &str, after: &str| format!("{before}\0{after}").into_bytes();
        vec![
            ("sound", good.clone().into()),
            ("two", both.clone().into()),
            ("windows lines", both.replace('\n', "\r\n").into()),
            ("carriage returns alone", both.replace('\n', "\r").into()),
            ("byte order mark", format!("\u{feff}{both}").into()),
            ("byte order mark between", format!("{good}\u{feff}{other}").into()),
            ("UTF-16 with a mark, little-endian", wide(&format!("\u{feff}{both}"), u16::to_le_bytes)),
            ("UTF-16 with a mark, big-endian", wide(&format!("\u{feff}{both}"), u16::to_be_bytes)),
            ("UTF-16 without a mark", wide(&both, u16::to_le_bytes)),
            ("UTF-32", both.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect()),
            ("NUL first", with_nul("", &both)),
            ("NUL in a body", with_nul(&good[..100], &both[100..])),
            ("NUL between", with_nul(good, &format!("\n{other}"))),
            ("NULs at the end", [both.as_bytes(), &[0; 64]].concat()),
            ("Latin-1 in a comment", [b"# caf\xe9\n".as_slice(), both.as_bytes()].concat()),
            ("escaped line feeds", both.replace('\n', "\\n").into()),
            ("escaped Windows lines", both.replace('\n', "\\r\\n").into()),
            ("quoted", format!("\"{}\"\n", good.trim_end()).into()),
            ("quoted and escaped", format!("\"{}\"", good.trim_end().replace('\n', "\\n")).into()),
            ("of an HTML page", good.replace('+', "&#43;").into()),
            ("of a URL", good.replace('+', "%2B").replace('\n', "%0A").into()),
            ("vertical tabs", both.replacen('\n', "\u{b}\n", 1).into()),
            ("form feed between", format!("{good}\u{c}{other}").into()),
        ]
    }

    fn boundaries(&self) -> Vec<Damaged> {
        let Self { good, other, .. } = self;
        let body = self.body();
        let then = |first: String| format!("{first}{other}").into_bytes();
        let instead = |from: &str, to: &str| then(good.replacen(from, to, 1));
        vec![
            ("glued", then(good.trim_end().into())),
            ("END missing on the first", then(format!("{BEGIN}{body}"))),
            ("END missing on the last", format!("{other}{BEGIN}{body}").into()),
            ("END missing on both", format!("{}{BEGIN}{body}", other.replace(END, "")).into()),
            ("BEGIN missing", then(format!("{body}{END}"))),
            ("another label at END", instead("-----END CERTIFICATE", "-----END X509 CRL")),
            ("six dashes before BEGIN", instead("-----BEGIN", "------BEGIN")),
            ("six dashes behind BEGIN", instead("CERTIFICATE-----\n", "CERTIFICATE------\n")),
            ("four dashes before BEGIN", instead("-----BEGIN", "----BEGIN")),
            ("four dashes behind BEGIN", instead("CERTIFICATE-----\n", "CERTIFICATE----\n")),
            ("six dashes before END", instead("-----END", "------END")),
            ("four dashes before END", instead("-----END", "----END")),
            ("en dashes", then(good.replace("-----", "\u{2013}\u{2013}\u{2013}\u{2013}\u{2013}"))),
            ("en dashes at END", instead("-----END", "\u{2013}\u{2013}END")),
            ("em dash before BEGIN", instead("-----BEGIN", "\u{2014}-----BEGIN")),
            ("no-break space in BEGIN", instead("BEGIN CERT", "BEGIN\u{a0}CERT")),
            ("thin space in END", instead("END CERT", "END\u{2009}CERT")),
            ("zero-width space behind BEGIN", instead("-----\n", "-----\u{200b}\n")),
            ("zero-width space before BEGIN", instead("-----BEGIN", "\u{200b}-----BEGIN")),
            ("lower-case label", then(good.replace("CERTIFICATE", "certificate"))),
            (
                "lower-case boundaries",
                then(self.each(|line| if line.contains("--") { line.to_lowercase() } else { line.into() })),
            ),
            ("space before BEGIN", instead("-----BEGIN", " -----BEGIN")),
            ("tab before BEGIN", instead("-----BEGIN", "\t-----BEGIN")),
            ("space before END", instead("-----END", " -----END")),
            ("text before BEGIN", instead("-----BEGIN", "root: -----BEGIN")),
            ("text behind END", then(format!("{} text\n", good.trim_end()))),
            ("body behind BEGIN", then(format!("{}{body}{END}", BEGIN.trim_end()))),
            ("END behind the body", then(format!("{BEGIN}{}{END}", body.trim_end()))),
            ("spaces at line ends", then(self.each(|line| format!("{line}  ")))),
            ("indented", then(self.each(|line| format!("    {line}")))),
            (
                "body indented",
                then(self.each(|line| if line.contains("--") { line.into() } else { format!("  {line}") })),
            ),
        ]
    }

    fn bodies(&self) -> Vec<Damaged> {
        let other = &self.other;
        let body = self.body();
        let then = |first: String| format!("{first}{other}").into_bytes();
        let der = STANDARD.decode(body.replace('\n', "")).expect("the body is base64");
        let decoded = |octets: &[u8]| Self::with_body(&(STANDARD.encode(octets) + "\n"));
        let replaced = |text: &str| Self::with_body(text);
        vec![
            ("star inside", then(self.inside("*", 1))),
            ("star inside the second", format!("{other}{}", self.inside("*", 1)).into()),
            ("exclamation mark put in", then(self.inside("!", 0))),
            ("no-break space inside", then(self.inside("\u{a0}", 0))),
            ("zero-width space inside", then(self.inside("\u{200b}", 0))),
            ("dash inside", then(self.inside("-", 1))),
            ("padding inside", then(self.inside("=", 1))),
            ("letter missing", then(self.inside("", 1))),
            ("letter too many", then(self.inside("A", 0))),
            ("space inside", then(self.inside(" ", 0))),
            ("blank line inside", then(replaced(&format!("{}\n{}", &body[..65], &body[65..])))),
            ("blank line first", then(replaced(&format!("\n{body}")))),
            ("blank line last", then(replaced(&format!("{body}\n")))),
            ("two blank lines first", then(replaced(&format!("\n\n{body}")))),
            ("comment inside", then(replaced(&format!("# comment\n{body}")))),
            ("header", then(replaced(&format!("X-Comment: hello\n\n{body}")))),
            ("encryption header", then(replaced(&format!("Proc-Type: 4,CLEAR\n\n{body}")))),
            ("one line", then(self.wide(100_000))),
            ("lines of 76", then(self.wide(76))),
            ("lines of 253", then(self.wide(253))),
            ("lines of 254", then(self.wide(254))),
            ("lines of 300", then(self.wide(300))),
            ("lines of 10", then(self.wide(10))),
            ("padding missing", then(replaced(&format!("{}\n", body.trim_end().trim_end_matches('='))))),
            ("padding too long", then(replaced(&format!("{}=\n", body.trim_end())))),
            ("padding of four more", then(replaced(&format!("{}====\n", body.trim_end())))),
            ("cut at a line", then(replaced(&body[..650]))),
            ("cut inside a line", then(replaced(&format!("{}\n", &body[..654])))),
            ("file cut inside the body", format!("{other}{}", &self.good[..400]).into()),
            ("file cut inside END", format!("{other}{}", &self.good[..self.good.len() - 10]).into()),
            ("URL-safe letters", then(self.good.replace(['+', '/'], "_"))),
            ("placeholder of letters", then(replaced("XXXXXXXX\n"))),
            ("placeholder of dots", then(replaced("...\n"))),
            ("placeholder of words", then(replaced("<paste your certificate here>\n"))),
            ("empty body", then(replaced(""))),
            ("no certificate inside", then(decoded(&[0x30, 3, 2, 1, 5]))),
            ("no certificate inside the second", format!("{other}{}", decoded(&[0x30, 3, 2, 1, 5])).into()),
            ("octets behind the certificate", then(decoded(&[&der[..], &[0, 0]].concat()))),
            ("octets missing", then(decoded(&der[..der.len() - 3]))),
            ("two certificates in one body", then(decoded(&[&der[..], &der[..]].concat()))),
            ("DER", der.clone()),
            ("DER with octets behind", [&der[..], &[0]].concat()),
            ("base64 without armour", body.clone().into()),
            ("base64 without armour, Windows lines", body.replace('\n', "\r\n").into()),
        ]
    }

    fn labels(&self) -> Vec<Damaged> {
        let Self { good, other, key } = self;
        let label = |label: &str| (good.replace("CERTIFICATE", label) + other).into_bytes();
        vec![
            ("trusted label", label("TRUSTED CERTIFICATE")),
            ("older label", label("X509 CERTIFICATE")),
            ("label of PKCS#7", label("PKCS7")),
            ("label of a request", label("CERTIFICATE REQUEST")),
            ("label of a revocation list", label("X509 CRL")),
            ("label of a key", label("PRIVATE KEY")),
            ("unknown label", label("ROOT CERTIFICATE")),
            ("plural label", label("CERTIFICATES")),
            ("misspelt label", label("CERTIFCATE")),
            ("space behind the label", label("CERTIFICATE ")),
            ("key behind", format!("{good}{key}").into()),
            ("key first", format!("{key}{good}").into()),
            ("key alone", key.clone().into()),
            ("key labelled as a certificate", (key.replace("PRIVATE KEY", "CERTIFICATE") + other).into()),
        ]
    }

    fn surroundings(&self) -> Vec<Damaged> {
        let Self { good, other, .. } = self;
        vec![
            ("empty", Vec::new()),
            ("white space alone", "\n\n \n".into()),
            ("text alone", "hello\n".into()),
            ("text between", format!("{good}# a comment\n{other}").into()),
            (
                "bag attributes",
                format!("Bag Attributes\n    friendlyName: x\nsubject=CN = x\n\n{good}").into(),
            ),
            ("duplicate", format!("{good}{good}").into()),
            ("no line feed at the end", format!("{good}{}", other.trim_end()).into()),
            ("long line between", format!("{good}{}\n{other}", "x".repeat(600)).into()),
            ("long line that ends in BEGIN", format!("{}{good}{other}", "x".repeat(254)).into()),
        ]
    }
}

/// What random edits put in.
const TOKENS: [&str; 24] = [
    "-",
    "--",
    "-----",
    "\n",
    "\n\n",
    "\r",
    " ",
    "\t",
    "\0",
    ":",
    "=",
    "==",
    "*",
    "A",
    "\u{feff}",
    "\u{e9}",
    "#",
    "\\n",
    "-----BEGIN CERTIFICATE-----\n",
    "-----END CERTIFICATE-----\n",
    "-----BEGIN",
    "-----END ",
    "TRUSTED ",
    "X-Y: z\n\n",
];

impl Good {
    /// So many files with one to three random edits near boundaries or anywhere, the same ones every time.
    pub(crate) fn edited(&self, count: u64) -> Vec<Vec<u8>> {
        let both = format!("{}{}", self.good, self.other).into_bytes();
        let marks: Vec<usize> =
            (0..both.len()).filter(|at| both[*at] == b'-' || both[*at] == b'\n').collect();
        let mut state = 0x0005_eed0_u64;
        let mut below = move |end: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).expect("31 bits") % end
        };
        let mut edit = |text: &mut Vec<u8>| {
            let at = if below(2) == 0 { below(both.len()) } else { marks[below(marks.len())] };
            let at = at.min(text.len());
            let gone = [0, 0, 1, 5, 70][below(5)].min(text.len() - at);
            text.splice(at..at + gone, TOKENS[below(TOKENS.len())].bytes());
        };
        let one = |number: u64| {
            let mut text = both.clone();
            (0..=number % 3).for_each(|_| edit(&mut text));
            text
        };
        (0..count).map(one).collect()
    }
}
