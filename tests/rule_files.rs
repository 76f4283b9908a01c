//! What holds of every rule file: how a rule is named, what it must say, that it
//! compiles under every profile, and at which level it runs under each.

#[path = "common/levels.rs"]
mod levels;
#[path = "common/reads.rs"]
mod reads;
#[path = "common/unread.rs"]
mod unread;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use levels::{LEVELS, PARAMETERS, PRODUCTS};
use pemlint::client::verify_code;
use pemlint::expr::Param;
use pemlint::facts::schema;
use pemlint::facts::value::Kind;
use pemlint::finding::Severity;
use pemlint::rule::{
    Draft, Level, Options, Profile, Reference, RuleSet, RuleSource, SetLevel, embedded_drafts, profile_names,
};
use reads::{Fact, between_braces, facts_of};
use unread::UNREAD;

fn drafts() -> Vec<Draft> {
    embedded_drafts().expect("the rules are sound")
}

/// Fails with everything that some rule is complained of.
#[track_caller]
fn every_rule(complaint: impl Fn(&Draft) -> Option<String>) {
    let drafts = drafts();
    assert!(drafts.len() > 60, "there are {} rules only", drafts.len());
    let found = drafts.iter().filter_map(|draft| Some(format!("{}: {}", draft.source.id, complaint(draft)?)));
    let found: Vec<String> = found.collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Words that say what is wrong; the name of a rule has at least one of them.
const FAULTS: &[&str] = &[
    "not",
    "no",
    "non",
    "without",
    "missing",
    "empty",
    "unknown",
    "unsupported",
    "undecodable",
    "malformed",
    "invalid",
    "wrong",
    "weak",
    "unsafe",
    "unusable",
    "too",
    "soon",
    "mismatch",
    "duplicate",
    "repeated",
    "several",
    "exceeded",
    "incomplete",
    "reversed",
    "expired",
    "encrypted",
    "glued",
    "stranger",
    "outlives",
    "nothing",
    "explicit",
    "readable",
    "before",
    "critical",
    "in",
    "on",
    "of",
    "misplaced",
    "with",
    "relative",
    "leave",
    "disagrees",
    "unequal",
    "oversized",
    "trailing",
    "looks",
    "invisible",
    "surrounding",
    "legacy",
    "default",
    "longer",
    "cut",
    "alone",
    "outside",
    "obsolete",
    "placeholder",
    "present",
    "with",
    "guessable",
    "draft",
    "padding",
];

/// Rules whose name has none of them, with the reason.
const NAMED_OTHERWISE: [(&str, &str); 3] = [
    ("chain/order", "the profile says which order is wanted; none is wrong by itself"),
    ("rfc5280/encipher-only-and-decipher-only", "each of the two is right; both together are the fault"),
    ("rfc5280/netscape-extension", "the extension is what is remarked"),
];

#[test]
fn ids_are_a_source_and_words_with_hyphens_and_no_two_are_alike() {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|octet| octet.is_ascii_lowercase() || octet.is_ascii_digit())
    };
    every_rule(|draft| {
        let (source, name) = draft.source.id.split_once('/')?;
        let fits = is_word(source) && name.split('-').all(is_word) && name.len() <= 60;
        (!fits).then(|| "the id is not source/words-with-hyphens".into())
    });
    let ids: BTreeSet<String> = drafts().into_iter().map(|draft| draft.source.id).collect();
    let names: BTreeSet<&str> = ids.iter().filter_map(|id| id.split('/').next_back()).collect();
    assert_eq!(ids.len(), drafts().len(), "two rules have the same id");
    assert_eq!(names.len(), ids.len(), "two rules have the same name below different sources");
    assert!(ids.iter().all(|id| id.split('/').count() == 2));
}

#[test]
fn every_name_states_a_fault() {
    every_rule(|draft| {
        let (id, name) = (&draft.source.id, draft.source.id.split('/').next_back()?);
        let states_one = name.split('-').any(|word| FAULTS.contains(&word) || word.starts_with("expire"));
        let excepted = NAMED_OTHERWISE.iter().any(|(known, _)| known == id);
        // The extension no-check is a name, and no advice.
        let advises = name
            .replace("no-check", "")
            .split('-')
            .any(|word| ["must", "should", "check", "require", "ensure"].contains(&word));
        (states_one == excepted || advises)
            .then(|| "the name is no fault, or is excepted though it is one".into())
    });
}

#[test]
fn titles_are_one_line_that_starts_with_a_capital_and_has_no_full_stop() {
    every_rule(|draft| {
        let first = draft.title.split(' ').next()?;
        // Names of RFC 5280, such as keyUsage, keep their spelling.
        let is_name = first.starts_with(|c: char| c.is_ascii_lowercase())
            && first.contains(|c: char| c.is_ascii_uppercase());
        let starts = first.starts_with(|c: char| c.is_uppercase()) || is_name;
        let fits =
            starts && !draft.title.ends_with('.') && draft.title.len() <= 60 && !draft.title.contains('\n');
        (!fits).then(|| format!("`{}`", draft.title))
    });
    let titles: BTreeSet<String> = drafts().into_iter().map(|draft| draft.title.clone()).collect();
    assert_eq!(titles.len(), drafts().len(), "two rules have the same title");
}

#[test]
fn severity_agrees_with_the_keyword_of_the_first_reference_to_an_rfc_that_has_one() {
    every_rule(|draft| {
        let mut rfcs = draft.references.iter().filter(|reference| reference.document.starts_with("RFC "));
        let keyword = rfcs.find_map(|reference| reference.keyword.as_deref())?;
        let wanted = match keyword {
            "MUST" | "MUST NOT" | "REQUIRED" | "SHALL" | "SHALL NOT" => Severity::Error,
            "SHOULD" | "SHOULD NOT" | "RECOMMENDED" | "NOT RECOMMENDED" => Severity::Warning,
            _ => Severity::Info,
        };
        (draft.severity != wanted).then(|| format!("{keyword} asks for {wanted}, not {}", draft.severity))
    });
}

#[test]
fn every_rule_says_why_and_what_to_do() {
    every_rule(|draft| {
        let (why, fix) = (draft.why.trim(), draft.fix.value.trim());
        // A sentence or two are wanted, not a word.
        let says = why.len() >= 80 && fix.len() >= 40 && why.ends_with('.');
        (!says).then(|| format!("why has {} and fix {} octets", why.len(), fix.len()))
    });
}

#[test]
fn every_rule_has_a_reference_with_its_section_and_addresses_lead_to_the_section() {
    every_rule(|draft| {
        let wrong = draft.references.iter().find_map(complaint_about_reference);
        if draft.references.is_empty() { Some("it has no reference".into()) } else { wrong }
    });
}

fn complaint_about_reference(reference: &Reference) -> Option<String> {
    if reference.section.trim().is_empty() || reference.document.trim().is_empty() {
        return Some("a reference has no document or no section".into());
    }
    let number = reference.document.strip_prefix("RFC ")?;
    let section = reference.section.split(' ').next()?;
    let wanted = format!("https://www.rfc-editor.org/rfc/rfc{number}#section-{section}");
    let found = reference.url.as_deref().unwrap_or("none");
    (found != wanted).then(|| format!("{} has the address {found}, not {wanted}", reference.text()))
}

#[test]
fn no_two_rules_ask_the_same() {
    let mut asked: BTreeMap<_, String> = BTreeMap::new();
    for draft in drafts() {
        let text = |text: Option<&pemlint::document::Text>| {
            text.map(|text| text.value.split_whitespace().collect::<String>()).unwrap_or_default()
        };
        let question =
            (draft.subject, text(draft.each.as_ref()), text(draft.when.as_ref()), text(Some(&draft.check)));
        if let Some(other) = asked.insert(question, draft.source.id.clone()) {
            panic!("{other} and {} ask the same", draft.source.id);
        }
    }
}

/// The rules under a profile, with every one of them switched on.
fn all_on(profile: &str) -> RuleSet {
    let on = |draft: Draft| SetLevel::new(&draft.source.id, Level::On(Severity::Error), "test");
    let levels = drafts().into_iter().map(on).collect();
    let profile = Profile::named(profile).expect("it is a profile of the binary");
    RuleSet::load(profile, Options { levels, ..Options::default() })
        .unwrap_or_else(|faults| panic!("{faults}"))
}

#[test]
fn every_rule_compiles_under_every_profile_even_where_it_is_off() {
    for profile in profile_names() {
        let set = all_on(profile);
        assert_eq!(set.rules.len(), drafts().len(), "{profile}");
        for rule in &set.rules {
            LazyLock::force(&rule.code);
            LazyLock::force(&rule.finding);
        }
        assert_eq!(set.off.len(), 0, "{profile}");
    }
}

#[test]
fn every_rule_would_be_taken_from_a_user() {
    let other = |draft: Draft| RuleSource { id: format!("own-{}", draft.source.id), ..draft.source };
    let sources = drafts().into_iter().map(other).collect();
    let profile = Profile::named("rfc5280").expect("it is a profile of the binary");
    RuleSet::load(profile, Options { sources, ..Options::default() })
        .unwrap_or_else(|faults| panic!("{}", faults.render(false)));
}

#[test]
fn every_message_names_a_value_and_is_one_line_without_a_full_stop() {
    for rule in all_on("rfc5280").rules {
        let (id, text) = (&rule.draft.source.id, rule.draft.message.value.trim());
        assert!(rule.finding.message.names_a_value(), "{id}");
        assert!(!text.ends_with('.') && !text.contains('\n'), "{id}: {text}");
        assert!(!between_braces(text).is_empty(), "{id}: {text}");
    }
}

#[test]
fn fixes_with_commands_hold_no_values_but_quoted_paths() {
    every_rule(|draft| {
        let fix = &draft.fix.value;
        let is_path = |inside: &String| {
            inside.split('.').next_back() == Some("path") && fix.contains(&format!("'{{{inside}}}'"))
        };
        let strange = between_braces(fix).into_iter().find(|inside| !is_path(inside));
        strange
            .filter(|_| fix.contains("openssl"))
            .map(|inside| format!("{{{inside}}} stands among commands"))
    });
}

#[test]
fn codes_of_openssl_are_known_and_none_is_named_twice() {
    every_rule(|draft| {
        let unknown = draft.openssl.iter().find(|code| verify_code(**code).is_none());
        let distinct: BTreeSet<&i64> = draft.openssl.iter().collect();
        let twice = distinct.len() != draft.openssl.len();
        unknown
            .map(|code| format!("{code} is unknown"))
            .or_else(|| twice.then(|| "a code stands twice".into()))
    });
}

#[test]
fn every_text_of_a_client_that_a_rule_quotes_is_that_of_one_of_its_codes() {
    every_rule(|draft| {
        let why = draft.why.split_whitespace().collect::<Vec<_>>().join(" ");
        let quoted = why.split('`').filter_map(|part| part.strip_prefix("certificate verify failed: "));
        let known: Vec<&str> =
            draft.openssl.iter().filter_map(|code| Some(verify_code(*code)?.message)).collect();
        let strange = quoted.into_iter().find(|text| !known.contains(text) && !draft.openssl.is_empty());
        strange.map(|text| format!("`{text}` is the text of none of its codes"))
    });
}

#[test]
fn rules_run_at_the_levels_of_the_table() {
    let level = |letter: char| match letter {
        'E' => Level::On(Severity::Error),
        'W' => Level::On(Severity::Warning),
        'I' => Level::On(Severity::Info),
        '-' => Level::Off,
        _ => panic!("{letter} is no level"),
    };
    let mut complaints = Vec::new();
    for (place, name) in ["cloudflare-byopki", "rfc5280", "python-strict"].iter().enumerate() {
        let profile = Profile::named(name).expect("it is a profile of the binary");
        for draft in drafts() {
            let id = &draft.source.id;
            let found = profile.level(id, draft.severity);
            let row = LEVELS.iter().find(|(known, _)| known == id);
            let wanted = row.and_then(|(_, letters)| letters.chars().nth(place)).map(level);
            if wanted != Some(found) {
                complaints.push(format!("{id} under {name}: {found:?}, the table has {wanted:?}"));
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    let ids: BTreeSet<String> = drafts().into_iter().map(|draft| draft.source.id).collect();
    let listed: BTreeSet<String> = LEVELS.iter().map(|(id, _)| (*id).to_owned()).collect();
    assert_eq!(listed, ids, "the table lists exactly the rules that there are");
}

#[test]
fn products_differ_from_every_gateway_as_the_table_says() {
    let named = |name: &str| Profile::named(name).expect("it is a profile of the binary");
    let level = |profile: &Profile, draft: &Draft| match profile.level(&draft.source.id, draft.severity) {
        Level::Off => "off",
        Level::On(severity) => severity.name(),
    };
    let gateway = named("gateway");
    for (name, wanted) in PRODUCTS {
        let profile = named(name);
        let drafts = drafts();
        let differing = drafts.iter().filter(|draft| level(&profile, draft) != level(&gateway, draft));
        let found: BTreeSet<(&str, &str)> =
            differing.map(|draft| (draft.source.id.as_str(), level(&profile, draft))).collect();
        assert_eq!(found, wanted.iter().copied().collect(), "{name}");
        assert!(profile.every_certificate_is_ca, "{name}");
        assert_eq!(profile.clients, gateway.clients, "{name}");
    }
    let mut known: Vec<&str> = PRODUCTS.iter().map(|(name, _)| *name).collect();
    known.extend(["gateway", "python-strict", "rfc5280"]);
    known.sort_unstable();
    assert_eq!(profile_names(), known, "the table has every product");
}

#[test]
fn products_name_the_documents_that_they_rest_on_and_say_what_they_ask() {
    for (name, _) in PRODUCTS {
        let profile = Profile::named(name).expect("it is a profile of the binary");
        let is_address = |url: &Option<String>| url.as_ref().is_some_and(|url| url.starts_with("https://"));
        assert!(!profile.references.is_empty(), "{name}");
        assert!(profile.references.iter().all(|source| is_address(&source.url)), "{name}");
        assert!((20..=140).contains(&profile.asks.len()), "{name} asks: {}", profile.asks);
        assert!(profile.why.trim().len() >= 120 && profile.why.trim().ends_with('.'), "{name}");
    }
}

#[test]
fn parameters_have_the_values_that_products_and_clients_ask_for() {
    let strings = |texts: &[&str]| Param::Strings(texts.iter().map(|text| (*text).to_owned()).collect());
    let wanted: BTreeMap<(&str, &str), Param> = BTreeMap::from([
        (("keys/rsa-key-too-small", "minRsaBits"), Param::Int(2048)),
        (("keys/ec-curve-unsupported", "curves"), strings(&["P-256", "P-384", "P-521"])),
        (("keys/signature-hash-weak", "weakHashes"), strings(&["md2", "md4", "md5", "sha1"])),
        (("keys/key-algorithm-not-accepted", "keyKinds"), strings(&["rsa", "ec"])),
        (("keys/signature-algorithm-not-accepted", "signatureFamilies"), strings(&["rsa", "ecdsa"])),
        (
            ("keys/signature-algorithm-not-accepted", "signatureHashes"),
            strings(&["sha1", "sha256", "sha384", "sha512"]),
        ),
        (("validity/expires-soon", "expiresSoonDays"), Param::Int(30)),
        (("validity/validity-too-long", "maxValidityDays"), Param::Int(3650)),
        (("validity/validity-too-short", "minValidityDays"), Param::Int(90)),
        (("chain/order", "chainOrder"), Param::String("root-first".into())),
        (("chain/key-identifier-mismatch", "checkSelfSigned"), Param::Bool(true)),
        (("chain/issuer-serial-mismatch", "checkSelfSigned"), Param::Bool(true)),
        (("chain/key-algorithm-mismatch", "checkSelfSigned"), Param::Bool(true)),
        (("chain/not-a-ca", "byMarks"), Param::Bool(true)),
        (("chain/too-long", "maxAbove"), Param::Int(100)),
        (("tls/server-certificate-valid-too-long", "maxDays"), Param::Int(825)),
        (("products/path-length-too-short", "casBelow"), Param::Int(1)),
        (("products/path-length-not-limited", "maxPathLength"), Param::Int(1)),
        (("products/rsa-key-too-large", "maxRsaBits"), Param::Int(4096)),
        (("products/issuing-certificate-valid-too-long", "maxIssuingDays"), Param::Int(1096)),
        (("products/issuing-signature-not-accepted", "families"), strings(&["rsa", "ecdsa"])),
        (("products/issuing-signature-not-accepted", "hashes"), strings(&["sha256", "sha384", "sha512"])),
        (("rfc5280/serial-number-guessable", "minSerialBits"), Param::Int(20)),
    ]);
    let drafts = drafts();
    let found = drafts.iter().flat_map(|draft| {
        draft.params.iter().map(|(name, value)| ((draft.source.id.as_str(), name.as_str()), value.clone()))
    });
    assert_eq!(found.collect::<BTreeMap<_, _>>(), wanted);

    let strict = Profile::named("python-strict").expect("it is a profile of the binary");
    assert_eq!(strict.param("keys/rsa-key-too-small", "minRsaBits"), Some(&Param::Int(1963)));
    assert_eq!(strict.param("chain/key-identifier-mismatch", "checkSelfSigned"), Some(&Param::Bool(false)));
    let azure = Profile::named("azure-firewall-premium").expect("it is a profile of the binary");
    assert_eq!(azure.param("keys/rsa-key-too-small", "minRsaBits"), Some(&Param::Int(4096)));
    assert_eq!(azure.param("validity/expires-soon", "expiresSoonDays"), Some(&Param::Int(365)));
    for name in ["aws-network-firewall", "netskope", "zscaler"] {
        let profile = Profile::named(name).expect("it is a profile of the binary");
        assert_eq!(profile.param("chain/order", "chainOrder"), Some(&Param::String("leaf-first".into())));
    }
    let changed = profile_names().into_iter().flat_map(|name| {
        let mut profile = Profile::named(name).expect("it is a profile of the binary");
        let rules = profile.layers.remove(0).params.into_iter();
        rules.flat_map(move |(rule, params)| {
            params.into_keys().map(move |param| format!("{name} {rule} {param}"))
        })
    });
    let listed = PARAMETERS.iter().map(|(profile, rule, param)| format!("{profile} {rule} {param}"));
    assert_eq!(changed.collect::<BTreeSet<_>>(), listed.collect::<BTreeSet<_>>());
}

#[test]
fn profiles_change_only_what_differs_from_what_they_extend_or_the_rules_own_level() {
    for name in profile_names() {
        let profile = Profile::named(name).expect("it is a profile of the binary");
        let Some((own, below)) = profile.layers.split_first() else { panic!("{name} says nothing") };
        for draft in drafts() {
            let id = &draft.source.id;
            let inherited = below.iter().find_map(|layer| layer.level(id));
            let without = inherited.unwrap_or(Level::On(draft.severity));
            let said = own.levels.get(id).map(|(level, _)| *level);
            assert_ne!(said, Some(without), "{name} says of {id} what holds without it");
        }
    }
}

#[test]
fn every_parameter_of_a_rule_is_read_by_it() {
    every_rule(|draft| {
        let texts = [&draft.check.value, &draft.message.value, &draft.fix.value];
        let all = texts.into_iter().chain(draft.when.as_ref().map(|when| &when.value));
        let all: String = all.cloned().collect();
        let unread = draft.params.keys().find(|name| !all.contains(&format!("params.{name}")));
        unread.map(|name| format!("it never reads params.{name}"))
    });
}

#[test]
fn every_fact_is_read_by_a_rule_or_listed_with_a_reason() {
    let read: BTreeSet<Fact> = drafts().iter().flat_map(facts_of).collect();
    let listed: BTreeSet<Fact> =
        UNREAD.iter().flat_map(|(kind, names, _)| names.iter().map(|name| (*kind, *name))).collect();
    let every: BTreeSet<Fact> = kinds()
        .into_iter()
        .flat_map(|kind| schema::fields(kind).iter().map(move |field| (kind, field.name)))
        .collect();
    let silent: Vec<&Fact> =
        every.iter().filter(|fact| !read.contains(fact) && !listed.contains(fact)).collect();
    assert!(silent.is_empty(), "neither read by a rule nor listed: {silent:?}");
    let both: Vec<&Fact> = listed.intersection(&read).collect();
    assert!(both.is_empty(), "listed as unread, but read by a rule: {both:?}");
    let gone: Vec<&Fact> = listed.difference(&every).collect();
    assert!(gone.is_empty(), "listed, but not in the schema: {gone:?}");
    assert!(UNREAD.iter().all(|(_, _, reason)| reason.len() > 10));
}

/// Every kind of message that a path can lead to.
fn kinds() -> BTreeSet<Kind> {
    let mut kinds: BTreeSet<Kind> = schema::ROOTS.iter().map(|root| root.kind).collect();
    let mut left: Vec<Kind> = kinds.iter().copied().collect();
    while let Some(kind) = left.pop() {
        for field in schema::fields(kind) {
            if let Some(inner) = reads::message_of(field)
                && kinds.insert(inner)
            {
                left.push(inner);
            }
        }
    }
    kinds
}

#[test]
fn facts_are_found_in_expressions_and_texts() {
    let draft = |id: &str| drafts().into_iter().find(|draft| draft.source.id == id).expect("it is a rule");
    let names = |id: &str| facts_of(&draft(id)).into_iter().map(|(_, name)| name).collect::<BTreeSet<_>>();
    assert_eq!(
        names("keys/private-key-of-wrong-certificate"),
        BTreeSet::from(["algorithm", "matches", "matchesIssuing", "subject"])
    );
    assert_eq!(names("pem/base64-invalid"), BTreeSet::from(["damage", "detail", "kind", "label"]));
    assert!(names("chain/extended-key-usage-without-server-auth").contains("keyPurposeId"));
}
