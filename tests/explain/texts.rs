//! Real texts, as clients printed them.

use std::fs;
use std::path::{Path, PathBuf};

use insta::{Settings, assert_snapshot};
use pemlint::diagnosis::{Clues, closest, diagnose, markdown};
use pemlint::rule::embedded_drafts;

use crate::{found, ids};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/errors")
}

/// A real text by the name of its file.
pub(crate) fn text(name: &str) -> String {
    let path = folder().join(format!("{name}.txt"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// An error by its id, with its codes.
type Known = (&'static str, &'static [u16]);

/// Every real text: its file, its errors, the host that it gives.
const TEXTS: &[(&str, &[Known], Option<&str>)] = &[
    ("aiohttp-host", &[("host-mismatch", &[62])], Some("localhost")),
    ("curl-10", &[("expired", &[10])], None),
    ("curl-18", &[("self-signed-leaf", &[18])], None),
    ("curl-host", &[("host-mismatch", &[])], Some("localhost")),
    ("curl-verbose-20", &[("issuer-not-found", &[20])], None),
    ("httpx-92", &[("ca-key-usage-missing", &[92])], None),
    ("java-expired", &[("expired", &[])], None),
    ("java-host", &[("host-mismatch", &[])], Some("localhost")),
    ("java-path", &[("issuer-not-found", &[])], None),
    ("node-19", &[("self-signed-in-chain", &[19])], None),
    ("node-21", &[("first-certificate-unverified", &[21])], None),
    ("node-host", &[("host-mismatch", &[])], Some("localhost")),
    ("pip-20", &[("issuer-not-found", &[20])], Some("localhost")),
    ("requests-92", &[("ca-key-usage-missing", &[92])], Some("localhost")),
    ("requests-ca-file-missing", &[("ca-file-missing", &[])], None),
    ("requests-host", &[("host-mismatch", &[62])], Some("localhost")),
    ("s_client-10", &[("expired", &[10])], None),
    ("s_client-20-21", &[("issuer-not-found", &[20]), ("first-certificate-unverified", &[21])], None),
    ("s_client-62", &[("host-mismatch", &[62])], None),
    ("ssl-19", &[("self-signed-in-chain", &[19])], None),
    ("ssl-85", &[("authority-key-identifier-missing", &[85])], None),
    ("ssl-92", &[("ca-key-usage-missing", &[92])], None),
    ("ssl-eekey", &[("own-certificate-too-weak", &[])], None),
    ("ssl-ip", &[("ip-address-mismatch", &[64])], Some("127.0.0.1")),
    ("ssl-keymismatch", &[("key-values-mismatch", &[])], None),
    ("ssl-nocert", &[("no-certificate-in-file", &[])], None),
    ("ssl-pemlib", &[("certificate-unreadable", &[])], None),
    ("urllib3-20", &[("issuer-not-found", &[20])], Some("localhost")),
    ("verify-92", &[("ca-key-usage-missing", &[92])], None),
];

#[test]
fn real_texts_are_answered_for_each_error_once() {
    let files = fs::read_dir(folder()).expect("the folder can be listed").count();
    assert_eq!(files, TEXTS.len(), "a file is not listed here");
    for (name, errors, host) in TEXTS {
        let diagnosis = diagnose(&text(name));
        let wanted: Vec<(&str, Vec<u16>)> = errors.iter().map(|(id, codes)| (*id, codes.to_vec())).collect();
        assert_eq!(found(&diagnosis), wanted, "{name}");
        assert_eq!(diagnosis.clues.host.as_deref(), *host, "{name}");
    }
}

#[test]
fn client_version_and_depth_are_read() {
    let clues = diagnose(&text("requests-92")).clues;
    assert_eq!((clues.port, clues.python.as_deref()), (Some(14432), Some("3.13")));
    assert_eq!(clues.libraries, ["requests", "urllib3"]);
    assert_eq!(diagnose(&text("pip-20")).clues.libraries, ["pip", "urllib3"]);
    assert_eq!(diagnose(&text("java-host")).clues.libraries, ["Java"]);
    assert_eq!(diagnose(&text("node-19")).clues.libraries, ["Node.js"]);
    for (name, depth) in [("verify-92", 1), ("s_client-10", 0), ("s_client-20-21", 0), ("s_client-62", 0)] {
        assert_eq!(diagnose(&text(name)).answers[0].depth, Some(depth), "{name}");
    }
    assert_eq!(diagnose(&text("ssl-92")).answers[0].depth, None);
    let old =
        diagnose("File \"/usr/lib/python3.9/ssl.py\": certificate verify failed: certificate has expired");
    assert_eq!(old.clues.client(), Some("python-3.12"));
}

#[test]
fn golden_answers() {
    let drafts = embedded_drafts().expect("the rules are sound");
    let mut settings = Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("../snapshots/explain");
    settings.bind(|| {
        for name in ["requests-92", "verify-92", "s_client-20-21", "ssl-keymismatch", "curl-10"] {
            let diagnosis = diagnose(&text(name));
            let answers = diagnosis.answers.iter().map(|answer| {
                markdown(&answer.explained(drafts.iter(), &diagnosis.clues), &diagnosis.clues, Some(100))
            });
            assert_snapshot!(name, answers.collect::<Vec<_>>().join("\n---\n\n"));
        }
    });
}

#[test]
fn texts_of_every_version_of_openssl_are_known() {
    for (text, wanted) in [
        ("self signed certificate", ("self-signed-leaf", 18)),
        ("self-signed certificate", ("self-signed-leaf", 18)),
        ("self signed certificate in certificate chain", ("self-signed-in-chain", 19)),
        ("unsupported certificate purpose", ("purpose-unsuitable", 26)),
        ("unsuitable certificate purpose", ("purpose-unsuitable", 26)),
        ("certificate is not yet valid or the system clock is incorrect", ("not-yet-valid", 9)),
        ("Hostname mismatch, certificate is not valid for 'a.example'.", ("host-mismatch", 62)),
        ("error 24 at 1 depth lookup: invalid CA certificate", ("invalid-ca", 24)),
        ("error 79 at 1 depth lookup: invalid CA certificate", ("invalid-ca", 79)),
        ("X509_V_ERR_CA_CERT_MISSING_KEY_USAGE", ("ca-key-usage-missing", 92)),
        ("CA_CERT_MISSING_KEY_USAGE", ("ca-key-usage-missing", 92)),
        ("verify_code=20", ("issuer-not-found", 20)),
        ("e.verify_code: 85", ("authority-key-identifier-missing", 85)),
        (
            "Verify return code: 21 (unable to verify the first certificate)",
            ("first-certificate-unverified", 21),
        ),
        ("upstream SSL certificate verify error: (10:certificate has expired)", ("expired", 10)),
        (
            "SSL certificate verify result: self-signed certificate (18), continuing anyway.",
            ("self-signed-leaf", 18),
        ),
    ] {
        assert_eq!(found(&diagnose(text)), [(wanted.0, vec![wanted.1])], "{text}");
    }
    // The text has two numbers, one for old versions.
    assert_eq!(found(&diagnose("invalid CA certificate")), [("invalid-ca", vec![79, 24])]);
}

#[test]
fn a_number_with_two_meanings_is_answered_for_both_the_newer_first() {
    assert_eq!(ids("24"), ["issuer-refused", "invalid-ca"]);
    assert_eq!(ids("verify_code=79"), ["invalid-ca", "ec-parameters-explicit"]);
}

#[test]
fn the_words_behind_a_text_decide_between_two_meanings() {
    let said = |word: &str| {
        format!(
            "tls: failed to verify certificate: x509: certificate has expired or is not yet valid: \
             current time 2026-11-22T00:00:00Z is {word} 2026-11-20T00:00:00Z"
        )
    };
    assert_eq!(ids(&said("after")), ["expired"]);
    assert_eq!(ids(&said("before")), ["not-yet-valid"]);
}

#[test]
fn texts_of_other_clients_are_answered_by_their_counterpart() {
    for (text, id) in [
        (
            "fatal: unable to access 'https://git.example/': server certificate verification failed. CAfile: /etc/ssl/certs/ca-certificates.crt CRLfile: none",
            "issuer-not-found",
        ),
        (
            "Get \"https://a.example/\": tls: failed to verify certificate: x509: certificate is valid for b.example, not a.example",
            "host-mismatch",
        ),
        ("x509: certificate relies on legacy Common Name field, use SANs instead", "common-name-only"),
        (
            "x509: cannot validate certificate for 192.0.2.1 because it doesn't contain any IP SANs",
            "ip-address-mismatch",
        ),
        ("error sending request: invalid peer certificate: UnknownIssuer", "issuer-not-found"),
        ("invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))", "ca-as-leaf"),
        (
            "invalid peer certificate: certificate expired: verification time 1 (UNIX), but certificate is not valid after 0",
            "expired",
        ),
        (
            "PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target",
            "issuer-not-found",
        ),
        ("{ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }", "first-certificate-unverified"),
        ("npm error code SELF_SIGNED_CERT_IN_CHAIN", "self-signed-in-chain"),
        ("net::ERR_CERT_AUTHORITY_INVALID", "issuer-not-found"),
        ("error:0A000418:SSL routines::tlsv1 alert unknown ca", "alert-from-peer"),
        (
            "[SSL: SSLV3_ALERT_CERTIFICATE_UNKNOWN] ssl/tls alert certificate unknown (_ssl.c:1000)",
            "alert-from-peer",
        ),
        ("[SSL] ASN1 lib (_ssl.c:1000)", "certificate-unreadable"),
        ("[SSL: CERT_LENGTH_MISMATCH] cert length mismatch (_ssl.c:1000)", "certificate-length-mismatch"),
        ("[SSL: CA_MD_TOO_WEAK] ca md too weak (_ssl.c:4150)", "own-certificate-too-weak"),
    ] {
        assert_eq!(ids(text), [id], "{text}");
    }
    assert_eq!(
        diagnose("x509: certificate is valid for b.example, not a.example").clues.host.as_deref(),
        Some("a.example")
    );
    let unknown = diagnose("x509: certificate signed by unknown authority");
    let also: Vec<&str> = unknown.answers[0].also.iter().map(|other| other.id.as_str()).collect();
    assert_eq!(also, ["self-signed-in-chain", "self-signed-leaf"]);
}

#[test]
fn several_errors_are_answered_first_to_last() {
    let log = "x509: certificate signed by unknown authority\n\
        NET::ERR_CERT_DATE_INVALID\nverify_code=92\nx509: certificate signed by unknown authority\n\
        UNABLE_TO_VERIFY_LEAF_SIGNATURE";
    assert_eq!(
        ids(log),
        ["issuer-not-found", "expired", "ca-key-usage-missing", "first-certificate-unverified"]
    );
}

#[test]
fn a_text_without_its_reason_is_answered_only_where_nothing_better_stands() {
    assert_eq!(
        ids("SSL: CERTIFICATE_VERIFY_FAILED certificate verify failed (_ssl.c:777)"),
        ["reason-missing"]
    );
    assert_eq!(ids("    Verify return code: 0 (ok)"), ["accepted"]);
    assert_eq!(
        ids("Verify return code: 0 (ok)\nx509: unhandled critical extension"),
        ["unhandled-critical-extension"]
    );
}

#[test]
fn a_text_that_knows_no_error_is_answered_by_none_and_close_ones_are_named() {
    for text in
        ["", " ", "connection refused", "out of memory", "path loop", "200", "20 OK", "ERR_CONNECTION_RESET"]
    {
        assert_eq!(ids(text), Vec::<&str>::new(), "{text}");
    }
    let close = closest("unable to get the local issuer's certificate");
    assert_eq!(close.first(), Some(&"unable to get local issuer certificate"), "{close:?}");
    assert_eq!(closest("the printer is on fire"), Vec::<&str>::new());
    assert_eq!(diagnose("connection refused").clues, Clues::default());
}
