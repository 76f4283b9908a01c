//! How profiles extend each other: what counts where several speak of a rule, what is
//! inherited, and which ways of extending are errors. And rules for certificates that
//! were issued in a time.

use std::collections::BTreeMap;

use pemlint::document::Diagnostics;
use pemlint::engine::{self, Given, Job, Part};
use pemlint::expr::Param;
use pemlint::finding::Severity;
use pemlint::input::Input;
use pemlint::rule::{Level, Opened, Options, Profile, RuleSet, RuleSource, profile_names};
use pemlint::source::Source;

/// Files of a user by their path.
type Files = BTreeMap<&'static str, String>;

/// Reads the file `a.toml`; paths are relative to the one folder that there is.
fn read(files: &Files) -> Result<Profile, Diagnostics> {
    let opened = |path: &str| {
        let text = files.get(path).cloned().ok_or_else(|| "there is no such file".to_owned())?;
        Ok(Opened { name: path.trim_end_matches(".toml").to_owned(), path: path.to_owned(), text })
    };
    let first: Result<Opened, String> = opened("a.toml");
    let Opened { name, path, text } = first.expect("the first file is there");
    Profile::read_with(&name, &path, &text, &|_, named| opened(named))
}

fn file(extends: &str, rest: &str) -> String {
    format!("extends = \"{extends}\"\ntitle = \"House\"\nwhy = \"House rules.\"\n{rest}")
}

/// The one error of a profile: its name, file and faulty octets.
fn error(files: &Files) -> (&'static str, String, String, String) {
    let faults = read(files).expect_err("it is faulty");
    let [error] = faults.errors.as_slice() else { panic!("{faults}") };
    (error.name, error.path.clone(), error.text[error.range.clone()].to_owned(), error.message.clone())
}

#[test]
fn what_stands_above_counts_and_a_rule_counts_over_its_source() {
    let below = "[levels]\n\"chain/*\" = \"off\"\n\"chain/order\" = \"info\"\n\"pem/*\" = \"warning\"\n";
    let above = "[levels]\n\"chain/stranger\" = \"error\"\n\"pem/*\" = \"off\"\n";
    let files = Files::from([("a.toml", file("b.toml", above)), ("b.toml", file("rfc5280", below))]);
    let profile = read(&files).expect("it is sound");
    let level = |rule: &str| profile.level(rule, Severity::Error);
    assert_eq!(level("chain/stranger"), Level::On(Severity::Error));
    assert_eq!(level("chain/order"), Level::On(Severity::Info));
    assert_eq!(level("chain/incomplete"), Level::Off);
    assert_eq!(level("pem/end-missing"), Level::Off);
    assert_eq!(level("validity/validity-too-long"), Level::Off, "as rfc5280 says");
    assert_eq!(level("validity/expired"), Level::On(Severity::Error), "nobody says anything");
    let names: Vec<&str> = profile.layers.iter().map(|layer| layer.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "rfc5280"]);
}

#[test]
fn parameters_clients_and_the_documents_are_inherited_until_something_else_is_said() {
    let plain = Files::from([("a.toml", file("azure-firewall-premium", ""))]);
    let profile = read(&plain).expect("it is sound");
    assert_eq!(profile.param("keys/rsa-key-too-small", "minRsaBits"), Some(&Param::Int(4096)));
    assert_eq!(profile.clients, ["python-3.13", "python-3.12", "openssl"]);
    assert!(profile.every_certificate_is_ca && profile.references.len() == 1 && !profile.asks.is_empty());
    assert_eq!((profile.name.as_str(), profile.title.as_str()), ("a", "House"));
    let rest = "everyCertificateIsCa = false\nclients = []\nasks = \"less\"\n\
                [params.\"keys/rsa-key-too-small\"]\nminRsaBits = 3072\n";
    let profile = read(&Files::from([("a.toml", file("azure-firewall-premium", rest))]));
    let profile = profile.expect("it is sound");
    assert_eq!(profile.param("keys/rsa-key-too-small", "minRsaBits"), Some(&Param::Int(3072)));
    assert_eq!(profile.param("validity/expires-soon", "expiresSoonDays"), Some(&Param::Int(365)));
    assert!(profile.clients.is_empty() && !profile.every_certificate_is_ca && profile.asks == "less");
}

#[test]
fn profiles_that_extend_themselves_are_refused_where_the_circle_closes() {
    let alone = Files::from([("a.toml", file("a.toml", ""))]);
    let said = "the profile extends itself: a.toml extends a.toml".to_owned();
    assert_eq!(error(&alone), ("profile-loop", "a.toml".into(), "\"a.toml\"".into(), said));
    let three = Files::from([
        ("a.toml", file("b.toml", "")),
        ("b.toml", file("c.toml", "")),
        ("c.toml", file("b.toml", "")),
    ]);
    let said = "the profile extends itself: b.toml extends c.toml extends b.toml".to_owned();
    assert_eq!(error(&three), ("profile-loop", "c.toml".into(), "\"b.toml\"".into(), said));
}

#[test]
fn a_file_that_is_reached_by_ever_new_paths_is_refused() {
    let names: Vec<&'static str> =
        (0..40).map(|at| -> &'static str { format!("{at}.toml").leak() }).collect();
    let mut files: Files = names.windows(2).map(|pair| (pair[0], file(pair[1], ""))).collect();
    files.insert("a.toml", file("0.toml", ""));
    let (name, path, _, message) = error(&files);
    assert_eq!((name, path.as_str()), ("profile-loop", "14.toml"), "{message}");
}

#[test]
fn unknown_profiles_and_files_are_told_at_their_place_and_in_their_file() {
    let (name, path, faulty, message) = error(&Files::from([("a.toml", file("azure-firewal-premium", ""))]));
    assert_eq!((name, path.as_str()), ("unknown-profile", "a.toml"));
    assert_eq!(
        (faulty.as_str(), message.as_str()),
        ("\"azure-firewal-premium\"", "there is no profile `azure-firewal-premium`")
    );
    let files = Files::from([("a.toml", file("b.toml", "")), ("b.toml", file("c.toml", ""))]);
    let (name, path, faulty, message) = error(&files);
    assert_eq!((name, path.as_str(), faulty.as_str()), ("unknown-profile", "b.toml", "\"c.toml\""));
    assert_eq!(message, "the profile c.toml cannot be read: there is no such file");
    // What is wrong with a rule that a file below names is told in that file.
    let rest = "[levels]\n\"chain/strager\" = \"off\"\n";
    let files = Files::from([("a.toml", file("b.toml", "")), ("b.toml", file("gateway", rest))]);
    let faults = RuleSet::load(read(&files).expect("its keys are sound"), Options::default());
    let faults = faults.expect_err("it names a rule that is not there");
    assert_eq!(faults.errors[0].path, "b.toml");
    assert_eq!(faults.errors[0].help.as_deref(), Some("did you mean `chain/stranger`?"));
}

#[test]
fn every_profile_of_the_binary_says_which_it_extends() {
    for name in profile_names() {
        let profile = Profile::named(name).expect("it is sound");
        let names: Vec<&str> = profile.layers.iter().map(|layer| layer.name.as_str()).collect();
        assert_eq!(names[0], name);
        let is_product = !["gateway", "python-strict", "rfc5280"].contains(&name);
        assert_eq!(names.last() == Some(&"gateway"), is_product || name == "gateway", "{names:?}");
    }
}

/// The findings of one rule of a user on a root that is valid from 2026-06-01T00:00:00Z.
fn fires(subject: &str, window: &str) -> bool {
    let root = if subject == "link" { "child" } else { "cert" };
    let text = format!(
        "title = \"Any\"\nseverity = \"error\"\nsubject = \"{subject}\"\n{window}check = '{root}.version == 1'\n\
         message = \"{{{root}.version}}\"\nwhy = \"It is.\"\nfix = \"None.\"\n[[reference]]\ndocument = \"House\"\nsection = \"1\"\n"
    );
    let source = RuleSource { id: "house/any".into(), path: "house/any.toml".into(), text: text.into() };
    let profile = Profile::named("rfc5280").expect("it is sound");
    let rules = RuleSet::load(profile, Options { sources: vec![source], ..Options::default() });
    let rules = rules.unwrap_or_else(|faults| panic!("{faults}"));
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/clean/p256-root.pem");
    let octets = std::fs::read(path).expect("the fixture is there");
    let given = [Given { input: Input::read(Source::new("root.pem", octets)), part: Part::Checked }];
    let job = Job { rules: &rules, now: 1_795_305_600, join: false, clients: &[] };
    let found = engine::check(&given, &job).findings;
    found.iter().any(|finding| finding.rule == "house/any")
}

#[test]
fn a_rule_is_for_certificates_issued_from_its_first_instant_until_before_its_last() {
    for subject in ["certificate", "link"] {
        assert!(fires(subject, ""), "{subject}");
        for (window, wanted) in [
            ("from = \"2026-06-01\"\n", true),
            ("from = \"2026-06-01T00:00:01Z\"\n", false),
            ("until = \"2026-06-01\"\n", false),
            ("until = \"2026-06-01T00:00:01Z\"\n", true),
            ("from = \"2026-05-01\"\nuntil = \"2026-07-01\"\n", true),
            ("from = \"2026-06-02\"\nuntil = \"2026-07-01\"\n", false),
            ("from = \"2020-01-01\"\nuntil = \"2026-06-01T02:00:00+02:00\"\n", false),
        ] {
            assert_eq!(fires(subject, window), wanted, "{subject}: {window}");
        }
    }
}
