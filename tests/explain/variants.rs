//! Texts as they are pasted: coloured, escaped, boxed, broken, in a long log, in
//! other encodings; and whatever else a pipe may bring.

use std::time::{Duration, Instant};

use pemlint::diagnosis::{decoded, diagnose, entries};
use proptest::prelude::*;

use crate::texts::text;
use crate::{found, ids};

/// The last line of the traceback.
const ERROR: &str = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch, certificate is \
    not valid for 'www.example.org'. (_ssl.c:1020)";

#[track_caller]
fn is_understood(text: &str) {
    let diagnosis = diagnose(text);
    assert_eq!(found(&diagnosis), [("host-mismatch", vec![62])], "{text}");
    assert_eq!(diagnosis.clues.host.as_deref(), Some("www.example.org"), "{text}");
}

#[test]
fn colours_escapes_quotes_and_frames_do_not_hide_an_error() {
    is_understood(ERROR);
    is_understood(&ERROR.to_uppercase());
    is_understood(&ERROR.replace(' ', "\u{1b}[0m \u{1b}[1;38;5;9m"));
    is_understood(&ERROR.replace(' ', "\\u001b[31m \\x1b[0m"));
    is_understood(&ERROR.replace('\'', "\\'"));
    is_understood(&ERROR.replace('\'', "\\\\\\\""));
    is_understood(&ERROR.replace('\'', "&#39;").replace("not ", "not&nbsp;"));
    is_understood(&ERROR.replace('\'', "’"));
    is_understood(&ERROR.replace(' ', "\u{a0}"));
    is_understood(&ERROR.replace(' ', "\\n"));
    is_understood(&ERROR.replace(' ', "\r\n"));
    is_understood(&ERROR.replace(' ', " │\n│ "));
    is_understood(&format!("\u{1b}]0;title\u{7}{ERROR}"));
    is_understood(&format!("\u{1b}]0;a title that never ends {ERROR}"));
    is_understood(&format!("{{\"level\":\"error\",\"msg\":\"SSLError(1, \\\"{ERROR}\\\")\"}}"));
    is_understood(&format!("2026-11-22T00:00:00.123Z app-7f9c[12] ERROR #12 1.234 {ERROR}"));
}

#[test]
fn a_line_that_was_broken_in_the_middle_of_a_word_is_read() {
    let error = "certificate verify failed: self-signed certificate in certificate chain (_ssl.c:1020)";
    for at in 27..70 {
        let broken = format!("| {}\n| {}", &error[..at], &error[at..]);
        assert_eq!(ids(&broken), ["self-signed-in-chain"], "{broken}");
    }
}

#[test]
fn an_error_is_no_part_of_a_longer_word() {
    for text in ["my_certificate has expired_at", "XUNABLE_TO_GET_ISSUER_CERT", "UNABLE_TO_GET_ISSUER_CERTS"]
    {
        assert_eq!(ids(text), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn what_powershell_writes_is_read() {
    let text = text("curl-10");
    let little: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let big: Vec<u8> =
        [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    assert_eq!(decoded(&little), text);
    assert_eq!(decoded(&big), text);
    assert_eq!(decoded(text.as_bytes()), text);
    assert_eq!(ids(&decoded(b"\xff certificate has expired \x80")), ["expired"]);
}

#[test]
fn time_grows_with_the_text_and_no_faster() {
    let parts = [
        "certificate ",
        "depth=1 ",
        "\u{1b}]",
        "\\u001b[",
        "&",
        "verify result: ",
        "certificate has expired ",
        "https://a",
        "x509: certificate is valid for a, ",
        "depth=1 CN = a verify error:num=",
        "| ",
        "error 1 at ",
    ];
    for part in parts {
        let time = |octets: usize| {
            let text = part.repeat(octets / part.len());
            let start = Instant::now();
            let diagnosis = diagnose(&text);
            (start.elapsed(), diagnosis.answers.len())
        };
        time(1 << 10);
        let (short, _) = time(1 << 17);
        let (long, _) = time(1 << 20);
        // Eight times the text; a square would take 64 times as long.
        assert!(long < short * 24 + Duration::from_millis(200), "{part:?}: {short:?}, then {long:?}");
    }
}

/// Every text that is known, with its entry.
fn known() -> Vec<(&'static str, &'static str)> {
    let of_codes = entries().iter().flat_map(|entry| {
        let texts = entry.codes.iter().flat_map(|code| &code.texts);
        texts.map(move |text| (text.as_str(), entry.id.as_str()))
    });
    let of_words = entries().iter().flat_map(|entry| {
        let words = entry.words.iter().filter(|words| words.near.is_none());
        words.map(move |words| (words.text.as_str(), entry.id.as_str()))
    });
    of_codes.chain(of_words).filter(|(_, id)| !matches!(*id, "accepted" | "reason-missing")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_octets_are_read_without_panic(octets in prop::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert!(diagnose(&decoded(&octets)).answers.len() <= entries().len());
    }

    #[test]
    fn any_text_of_odd_characters_is_read_without_panic(text in "[\\\\\u{1b}\\[\\]&;#xu019bn'\"| 🦀ß=:()a-z\n]{0,400}") {
        prop_assert!(diagnose(&text).answers.len() <= entries().len());
    }

    #[test]
    fn random_text_around_a_known_one_does_not_lose_it(
        which in any::<prop::sample::Index>(), before in "\\PC{0,80}", after in "\\PC{0,80}",
    ) {
        let known = known();
        let (text, id) = known[which.index(known.len())];
        let whole = format!("{before} {text} {after}");
        prop_assert!(ids(&whole).contains(&id), "{whole}");
    }
}
