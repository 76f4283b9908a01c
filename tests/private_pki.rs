//! What is said of PKIs that are as they should be: two private ones, made here as a
//! careful administrator and as AD CS make them, and the public roots that Debian
//! ships. Linters for the public web find a dozen faults in each; here every finding
//! is one that is wanted, and no other comes up.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use pemlint::engine::{self, Given, Job, Outcome, Part};
use pemlint::facts::time::from_rfc3339;
use pemlint::input::Input;
use pemlint::issue::{
    Certificate, Description, Extension, GeneralName, KeyUsage, Name, PrivateKey, SignatureAlgorithm,
    StringType, Validity, der, oid,
};
use pemlint::rule::{Level, Options, Profile, RuleSet, SetLevel};
use pemlint::source::Source;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

/// When all of them were made, and looked at a month later.
const MADE: OffsetDateTime = datetime!(2026-10-22 00:00 UTC);
const AT: &str = "2026-11-22T00:00:00Z";

fn key(name: &str) -> PrivateKey {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/keys/{name}.pem"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    PrivateKey::from_pem(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A certificate of a PKI: its name, its key and that of its issuer, and for how long.
struct Order<'p> {
    subject: Name,
    key: &'p PrivateKey,
    issuer: Name,
    signer: &'p PrivateKey,
    days: i64,
    serial: u8,
}

impl Order<'_> {
    fn make(self, extensions: Vec<Extension>) -> Certificate {
        let description = Description {
            version: 3,
            serial_number: [&[self.serial][..], &[0x5a; 15]].concat(),
            issuer: self.issuer,
            validity: Validity::between(MADE, MADE + Duration::days(self.days)),
            subject: self.subject,
            public_key: self.key.public_key().to_vec(),
            extensions,
            signature_algorithm: SignatureAlgorithm::usual(self.signer),
            inner_signature_algorithm: None,
            raw: BTreeMap::new(),
        };
        description.sign(self.signer).expect("the certificate can be signed")
    }
}

const CA_USAGE: [KeyUsage; 2] = [KeyUsage::KeyCertSign, KeyUsage::CrlSign];

fn own(key: &PrivateKey) -> Extension {
    Extension::subject_key_identifier(&key.identifier())
}

fn above(key: &PrivateKey) -> Extension {
    Extension::authority_key_identifier(&key.identifier())
}

/// A root by the recipe of Cloudflare's documentation with a subjectKeyIdentifier, an intermediate, and a server of a private
/// network.
fn by_recipe() -> [Certificate; 3] {
    let (top, middle, low) = (key("rsa-2048-a"), key("rsa-2048-b"), key("p256-c"));
    let root_name = || {
        let place = Name::empty().with(oid::COUNTRY, "US").with(oid::STATE_OR_PROVINCE, "California");
        place.with(oid::LOCALITY, "San Francisco").with(oid::ORGANIZATION, "Example Inc.")
    };
    let name = || {
        let name = Name::empty().with(oid::ORGANIZATION, "Example Inc.").with(oid::ORGANIZATIONAL_UNIT, "IT");
        name.with(oid::COMMON_NAME, "Example Inspection CA")
    };
    let root =
        Order { subject: root_name(), key: &top, issuer: root_name(), signer: &top, days: 365, serial: 0x31 };
    let root =
        root.make(vec![Extension::basic_constraints(true, None), Extension::key_usage(&CA_USAGE), own(&top)]);
    let issuing =
        Order { subject: name(), key: &middle, issuer: root_name(), signer: &top, days: 300, serial: 0x32 };
    let issuing = issuing.make(vec![
        Extension::basic_constraints(true, Some(0)),
        Extension::key_usage(&CA_USAGE),
        own(&middle),
        above(&top),
    ]);
    let host = "wiki.corp.internal";
    let names = [GeneralName::Dns(host.to_owned()), GeneralName::Ip(vec![10, 1, 2, 3])];
    let leaf = Order {
        subject: Name::common(host),
        key: &low,
        issuer: name(),
        signer: &middle,
        days: 90,
        serial: 0x33,
    };
    let leaf = leaf.make(vec![
        Extension::basic_constraints(false, None),
        Extension::key_usage(&[KeyUsage::DigitalSignature]),
        Extension::extended_key_usage(&[oid::SERVER_AUTH]),
        Extension::subject_alt_name(&names),
        own(&low),
        above(&middle),
    ]);
    [root, issuing, leaf]
}

/// A pointer into the directory, as AD CS writes it.
fn ldap(of: &str) -> Vec<u8> {
    let uri = format!(
        "ldap:///CN={of},CN=AIA,CN=Public%20Key%20Services,CN=Services,DC=contoso,DC=local?{of}?base"
    );
    der::context_primitive(6, uri.as_bytes())
}

fn points() -> Extension {
    let point = der::sequence([der::context(0, &der::context(0, &ldap("certificateRevocationList")))]);
    Extension::new(oid::CRL_DISTRIBUTION_POINTS, der::sequence([point]))
}

fn access() -> Extension {
    let description = der::sequence([der::oid(oid::CA_ISSUERS), ldap("cACertificate")]);
    Extension::new(oid::AUTHORITY_INFO_ACCESS, der::sequence([description]))
}

/// The extension in which AD CS counts the certificates of a CA.
fn version() -> Extension {
    Extension::new(&[1, 3, 6, 1, 4, 1, 311, 21, 1], der::unsigned(0))
}

fn contoso(common: &str) -> Name {
    let domain = Name::empty().with_type(oid::DOMAIN_COMPONENT, StringType::Ia5, "local");
    let domain = domain.with_type(oid::DOMAIN_COMPONENT, StringType::Ia5, "contoso");
    domain.with_type(oid::COMMON_NAME, StringType::Printable, common)
}

/// A root, an issuing CA that is kept to the names of its house, and a server, after the manner of AD CS.
fn by_ad_cs() -> [Certificate; 3] {
    let (top, middle, low) = (key("rsa-2048-a"), key("rsa-2048-b"), key("rsa-3072"));
    let (upper, lower) = (|| contoso("contoso-ROOT-CA"), || contoso("contoso-ISSUING-CA"));
    let usage =
        || Extension::key_usage(&[KeyUsage::DigitalSignature, CA_USAGE[0], CA_USAGE[1]]).critical(false);
    let root = Order { subject: upper(), key: &top, issuer: upper(), signer: &top, days: 1825, serial: 0x41 };
    let root = root.make(vec![Extension::basic_constraints(true, None), usage(), own(&top), version()]);
    let permitted = [
        GeneralName::Dns(".contoso.local".to_owned()),
        GeneralName::Dns("local".to_owned()),
        // Without this the server's short name would be forbidden, as OpenSSL says too.
        GeneralName::Dns("intranet".to_owned()),
        GeneralName::Ip(vec![10, 0, 0, 0, 255, 0, 0, 0]),
    ];
    let issuing =
        Order { subject: lower(), key: &middle, issuer: upper(), signer: &top, days: 730, serial: 0x42 };
    let issuing = issuing.make(vec![
        Extension::basic_constraints(true, Some(0)),
        usage(),
        Extension::name_constraints(&permitted, &[]),
        own(&middle),
        above(&top),
        points(),
        access(),
        version(),
    ]);
    let names = ["wiki.contoso.local", "intranet", "a_b.contoso.local"];
    let mut names: Vec<GeneralName> = names.iter().map(|name| GeneralName::Dns((*name).to_owned())).collect();
    names.push(GeneralName::Ip(vec![10, 1, 2, 3]));
    let subject = Name::empty().with_type(oid::COMMON_NAME, StringType::Printable, "wiki.contoso.local");
    let leaf = Order { subject, key: &low, issuer: lower(), signer: &middle, days: 365, serial: 0x43 };
    let leaf = leaf.make(vec![
        Extension::key_usage(&[KeyUsage::DigitalSignature, KeyUsage::KeyEncipherment]),
        Extension::extended_key_usage(&[oid::SERVER_AUTH]),
        Extension::subject_alt_name(&names),
        own(&low),
        above(&middle),
        points(),
        access(),
    ]);
    [root, issuing, leaf]
}

fn rules(profile: &str) -> RuleSet {
    let profile = Profile::named(profile).expect("it is a profile of the binary");
    let levels = vec![SetLevel::new("keys/private-key-missing", Level::Off, "test")];
    RuleSet::load(profile, Options { levels, ..Options::default() }).expect("the rules are sound")
}

fn check(text: String, rules: &RuleSet) -> Outcome {
    let given =
        [Given { input: Input::read(Source::new("pki.pem", text.into_bytes())), part: Part::Checked }];
    let now = from_rfc3339(AT).expect("it is an instant");
    let clients = rules.profile.asked();
    engine::check(&given, &Job { rules, now, join: false, clients: &clients })
}

/// What is said of certificates under a profile: how often each rule fires.
fn said(certificates: &[Certificate], profile: &str) -> BTreeMap<String, usize> {
    let text = certificates.iter().map(Certificate::pem).collect::<String>();
    let outcome = check(text, &rules(profile));
    assert_eq!(outcome.notes, [], "{profile}");
    let mut counts = BTreeMap::new();
    for finding in outcome.findings {
        *counts.entry(finding.rule).or_insert(0) += 1;
    }
    counts
}

fn counts(wanted: &[(&str, usize)]) -> BTreeMap<String, usize> {
    wanted.iter().map(|(rule, count)| ((*rule).to_owned(), *count)).collect()
}

/// Whether `openssl verify -x509_strict` accepts a server.
fn openssl_accepts([root, issuing, leaf]: &[Certificate; 3]) -> bool {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = |name: &str| folder.path().join(name);
    for (name, certificate) in [("root", root), ("issuing", issuing), ("leaf", leaf)] {
        fs::write(path(name), certificate.pem()).expect("a file can be written");
    }
    let mut openssl = Command::new("openssl");
    openssl.args(["verify", "-x509_strict", "-purpose", "sslserver", "-attime"]);
    openssl.arg(from_rfc3339(AT).expect("it is an instant").to_string()).arg("-CAfile").arg(path("root"));
    openssl.arg("-untrusted").arg(path("issuing")).arg(path("leaf"));
    openssl.output().expect("openssl starts").status.success()
}

#[test]
fn nothing_is_said_of_a_pki_by_the_recipe() {
    let pki = by_recipe();
    assert!(openssl_accepts(&pki));
    assert_eq!(said(&pki, "rfc5280"), counts(&[]));
    // The server's certificate is no part of what is uploaded.
    assert_eq!(said(&pki[..2], "cloudflare-byopki"), counts(&[]));
    assert_eq!(said(&pki[..2], "gateway"), counts(&[]));
    assert_eq!(said(&pki, "python-strict"), counts(&[]));
}

#[test]
fn of_a_pki_of_ad_cs_two_things_are_said() {
    let pki = by_ad_cs();
    assert!(openssl_accepts(&pki));
    let usage = "rfc5280/ca-key-usage-not-critical";
    // The third is no more than information: addresses are permitted of IPv4 alone.
    let addresses = "rfc5280/name-constraints-leave-out-ipv6";
    let wanted = [(usage, 2), ("tls/underscore-in-dns-name", 1), (addresses, 1)];
    assert_eq!(said(&pki, "rfc5280"), counts(&wanted));
    // A CA that is kept to the names of its house cannot sign for the rest of the web, which a gateway does.
    let narrow = "chain/name-constraints-too-narrow";
    assert_eq!(said(&pki[..2], "cloudflare-byopki"), counts(&[(narrow, 1), (usage, 2)]));
    assert_eq!(said(&pki, "python-strict"), counts(&[]));
}

/// What is said of public roots by RFC 5280, and how `openssl x509 -text` shows the same.
type Shown = fn(&str) -> bool;
const OF_ROOTS: &[(&str, Shown)] = &[
    ("rfc5280/serial-number-not-positive", |text| text.contains("Serial Number: 0 (0x0)")),
    ("rfc5280/ca-key-usage-not-critical", |text| text.contains("X509v3 Key Usage: \n")),
    ("rfc5280/ca-key-usage-missing", |text| !text.contains("X509v3 Key Usage:")),
    ("rfc5280/ca-basic-constraints-not-critical", |text| text.contains("X509v3 Basic Constraints: \n")),
    ("rfc5280/ca-subject-key-identifier-missing", |text| !text.contains("X509v3 Subject Key Identifier")),
    ("rfc5280/authority-key-identifier-missing", |_| false),
    ("rfc5280/authority-key-identifier-with-issuer", |text| authority_of(text).contains("DirName:")),
    ("rfc5280/netscape-extension", |text| text.contains("Netscape")),
    ("keys/self-signature-hash-weak", |text| {
        text.contains("Signature Algorithm: sha1") || text.contains("Signature Algorithm: md5")
    }),
    ("keys/rsa-exponent-not-usual", |text| {
        !text.contains("Exponent: 65537 (0x10001)") && text.contains("Exponent:")
    }),
    // A mail address of whom to ask is no host.
    ("names/subject-alt-name-on-ca", |text| {
        text.split_once("X509v3 Subject Alternative Name").is_some_and(|(_, rest)| rest.contains("DNS:"))
    }),
];

/// What is shown of the authorityKeyIdentifier.
fn authority_of(text: &str) -> &str {
    let rest = text.split_once("X509v3 Authority Key Identifier").map_or("", |(_, rest)| rest);
    rest.split_once("X509v3 ").map_or(rest, |(own, _)| own)
}

/// What `openssl x509 -text` says of a certificate; panics where openssl is missing or refuses the certificate.
fn shown_by_openssl(certificate: &str) -> String {
    let mut openssl = Command::new("openssl");
    openssl.args(["x509", "-noout", "-text"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = openssl.spawn().expect("openssl starts");
    let stdin = child.stdin.as_mut().expect("it is piped");
    stdin.write_all(certificate.as_bytes()).expect("openssl reads all of it");
    let output = child.wait_with_output().expect("openssl ends");
    assert!(output.status.success(), "openssl refuses a certificate");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What depends on the year in which this is read.
const BY_DATE: [&str; 2] = ["validity/expired", "validity/expires-soon"];

/// Rules whose fault `openssl x509 -text` does not show: how a time, a text or a list of bits is encoded.
const NOT_SHOWN: [&str; 3] =
    ["rfc5280/time-type-wrong", "rfc5280/explicit-text-not-utf8-string", "der/key-usage-padding"];

#[test]
fn of_public_roots_nothing_is_said_that_openssl_does_not_show_too() {
    let folder = Path::new("/usr/share/ca-certificates/mozilla");
    assert!(folder.is_dir(), "{} is missing: install the package ca-certificates", folder.display());
    let mut texts: Vec<String> = Vec::new();
    for entry in fs::read_dir(folder).expect("it can be listed") {
        texts.push(fs::read_to_string(entry.expect("it can be listed").path()).expect("it is PEM"));
    }
    assert!(texts.len() > 100, "there are {} roots only", texts.len());
    let sets = [rules("rfc5280"), rules("cloudflare-byopki")];
    let mut complaints = Vec::new();
    let mut seen = BTreeSet::new();
    for text in texts {
        let shown = shown_by_openssl(&text);
        for set in &sets {
            let outcome = check(text.clone(), set);
            let mut fired: BTreeSet<String> =
                outcome.findings.into_iter().map(|finding| finding.rule).collect();
            fired.retain(|rule| !BY_DATE.contains(&rule.as_str()) && !NOT_SHOWN.contains(&rule.as_str()));
            // A public root lives longer than one that is made for a gateway should.
            if set.profile.name == "cloudflare-byopki" {
                fired.remove("validity/validity-too-long");
            }
            let is_off = |rule: &str| !set.rules.iter().any(|one| one.draft.source.id == rule);
            let wanted: BTreeSet<String> = OF_ROOTS
                .iter()
                .filter(|(rule, is_shown)| is_shown(&shown) && !is_off(rule))
                .map(|(rule, _)| (*rule).to_owned())
                .collect();
            if fired != wanted {
                let subject = shown.lines().find(|line| line.contains("Subject:")).unwrap_or_default().trim();
                complaints
                    .push(format!("{subject} under {}: {fired:?}, openssl {wanted:?}", set.profile.name));
            }
            seen.extend(fired);
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(seen.len() >= 5, "hardly anything is said of public roots: {seen:?}");
}
