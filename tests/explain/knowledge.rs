//! What holds of every file below `errors/`.

use std::collections::{BTreeMap, BTreeSet};

use clap::Parser as _;
use pemlint::cli::Cli;
use pemlint::client::CODES;
use pemlint::diagnosis::{Entry, diagnose, entries, entry, markdown};
use pemlint::rule::{Draft, embedded_drafts};

use crate::ids;

fn drafts() -> Vec<Draft> {
    embedded_drafts().expect("the rules are sound")
}

/// Fails with everything that some entry is complained of.
#[track_caller]
fn every_entry(complaint: impl Fn(&Entry) -> Option<String>) {
    assert!(entries().len() > 50, "there are {} entries only", entries().len());
    let found = entries().iter().filter_map(|entry| Some(format!("{}: {}", entry.id, complaint(entry)?)));
    let found: Vec<String> = found.collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_code_that_a_client_gives_has_exactly_one_entry_with_its_name_and_text() {
    assert!(CODES.len() > 45);
    for known in CODES {
        let holds = |entry: &&Entry| {
            let mut codes = entry.codes.iter().filter(|code| !code.openssl.starts_with("1.1.1"));
            codes.any(|code| i64::from(code.number) == known.code)
        };
        let holders: Vec<&Entry> = entries().iter().filter(holds).collect();
        let [holder] = holders.as_slice() else {
            panic!("{} is in {} entries", known.code, holders.len());
        };
        let names = holder.codes.iter().filter(|code| i64::from(code.number) == known.code);
        let names: Vec<&str> = names.map(|code| code.name.as_str()).collect();
        assert_eq!(names, [known.name], "{}", known.code);
        assert!(
            holder.codes.iter().flat_map(|code| &code.texts).any(|text| text == known.message),
            "{} does not print `{}`",
            holder.id,
            known.message
        );
    }
}

#[test]
fn every_number_of_openssl_is_explained() {
    for number in 0..=103_u16 {
        let answers = diagnose(&number.to_string()).answers;
        assert!(!answers.is_empty(), "{number}");
        let has = |codes: &[&pemlint::diagnosis::Code]| codes.iter().any(|code| code.number == number);
        assert!(answers.iter().all(|answer| has(&answer.codes)), "{number}");
    }
    assert!(diagnose("104").answers.is_empty());
}

#[test]
fn every_text_and_name_is_found_by_its_own_entry_and_by_no_other() {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for entry in entries() {
        for code in &entry.codes {
            for text in &code.texts {
                assert_eq!(ids(text), [entry.id.as_str()], "{text}");
                let wrapped = format!("[SSL: X] oops: {text} (_ssl.c:1000)");
                assert_eq!(ids(&wrapped), [entry.id.as_str()], "{wrapped}");
            }
            let name = format!("X509_V_ERR_{}", code.name);
            let holders: BTreeSet<&str> = ids(&name).into_iter().chain(ids(&code.name)).collect();
            assert_eq!(holders, BTreeSet::from([entry.id.as_str()]), "{name}");
        }
        for words in &entry.words {
            let near = words.near.as_deref().unwrap_or_default();
            let text = format!("{}: it {near} that", words.text);
            assert_eq!(ids(&text), [entry.id.as_str()], "{text}");
            let form = format!("{}{near}", words.text.to_lowercase());
            assert_eq!(seen.insert(form, &entry.id), None, "`{}` stands twice", words.text);
        }
    }
}

#[test]
fn every_rule_and_error_that_an_entry_names_exists() {
    let rules: BTreeSet<String> = drafts().into_iter().map(|draft| draft.source.id).collect();
    every_entry(|entry| {
        let lost = entry.rules.iter().find(|rule| !rules.contains(*rule))?;
        Some(format!("there is no rule {lost}"))
    });
    every_entry(|known| {
        let mut also = known.words.iter().flat_map(|words| &words.also);
        let lost = also.find(|id| entry(id).is_none() || **id == known.id)?;
        Some(format!("`also` names {lost}"))
    });
}

#[test]
fn the_rules_of_an_answer_are_those_that_list_its_code() {
    let drafts = drafts();
    let mut seen = 0;
    for draft in &drafts {
        for number in &draft.openssl {
            let diagnosis = diagnose(&format!("verify_code={number}"));
            let explained: Vec<_> = diagnosis
                .answers
                .iter()
                .map(|answer| answer.explained(drafts.iter(), &diagnosis.clues))
                .collect();
            assert!(
                explained.iter().any(|explanation| explanation.rules.contains(&draft.source.id)),
                "{number} does not lead to {}",
                draft.source.id
            );
            seen += 1;
        }
    }
    assert!(seen > 40, "{seen}");
    // 79 was another error in 1.1.1; its rules are not those of that one.
    let explicit =
        diagnose("1.1.1: error 79 at 0 depth lookup: Certificate public key has explicit ECC parameters");
    let explained = explicit.answers[0].explained(drafts.iter(), &explicit.clues);
    assert_eq!(explained.rules, ["keys/ec-parameters-explicit"]);
}

#[test]
fn an_error_that_is_explained_by_its_id_has_no_namesake_among_the_rules() {
    let rules: BTreeSet<String> = drafts().into_iter().map(|draft| draft.source.id).collect();
    every_entry(|entry| {
        let same = rules.iter().find(|rule| rule.rsplit('/').next() == Some(&entry.id))?;
        entry.codes.is_empty().then(|| format!("{same} would be explained in its place"))
    });
}

#[test]
fn every_entry_says_all_that_is_wanted_in_whole_sentences() {
    every_entry(|entry| {
        let sentence = |text: &str| {
            let starts = text.starts_with(|c: char| c.is_uppercase() || c == '`' || c == '1');
            starts && text.ends_with(['.', '`']) && !text.contains('\n')
        };
        let mut sentences = vec![&entry.saying, &entry.certificate, &entry.acts];
        sentences.extend(entry.causes.iter());
        sentences.extend(entry.since.iter());
        let wrong = sentences.into_iter().find(|text| !sentence(text))?;
        Some(format!("`{wrong}`"))
    });
    every_entry(|entry| (entry.causes.is_empty() || entry.causes.len() > 4).then(|| "causes".into()));
    every_entry(|entry| (entry.saying.len() > 140).then(|| "it begins with a long sentence".into()));
}

#[test]
fn no_way_around_turns_verification_off() {
    let drafts = drafts();
    for entry in entries() {
        let diagnosis = pemlint::diagnosis::of_id(&entry.id).expect("it is an entry");
        let explanation = diagnosis.answers[0].explained(drafts.iter(), &diagnosis.clues);
        let text = markdown(&explanation, &diagnosis.clues, Some(100));
        for off in ["verify=False", "CERT_NONE", "check_hostname = False", "curl -k", "REJECT_UNAUTHORIZED"] {
            for (at, _) in text.match_indices(off) {
                let before = &text[at.saturating_sub(40)..at];
                assert!(
                    before.contains("Never") || before.contains("Not ") || before.contains("or `"),
                    "{}: {before}",
                    entry.id
                );
            }
        }
        let way = &explanation.workaround;
        assert!(
            way.starts_with("None") || way.contains("rice") || way.contains("Wait"),
            "{}: {way}",
            entry.id
        );
        let lines = text.lines().count();
        assert!(lines <= 62, "{} takes {lines} lines", entry.id);
        let long = text.lines().find(|line| line.chars().count() > 100);
        assert_eq!(long, None, "{}", entry.id);
    }
}

#[test]
fn the_commands_of_answers_are_commands_of_this_program() {
    let drafts = drafts();
    let mut seen = 0;
    let contexts =
        ["", "python3.9 https://a.example:8443/ ", "curl: (60) ", "rustls ", "https://192.0.2.1/ "];
    for (entry, context) in entries().iter().flat_map(|entry| contexts.map(|context| (entry, context))) {
        let of_text = diagnose(context);
        let mut diagnosis = pemlint::diagnosis::of_id(&entry.id).expect("it is an entry");
        diagnosis.clues = of_text.clues;
        let explanation = diagnosis.answers[0].explained(drafts.iter(), &diagnosis.clues);
        let all = format!("{}\n{}\n{}", explanation.see, explanation.repair, explanation.workaround);
        for line in all.lines().filter(|line| line.trim_start().starts_with("pemlint ")) {
            let parsed = Cli::try_parse_from(line.split_whitespace());
            assert!(parsed.is_ok(), "{line}: {parsed:?}");
            seen += 1;
        }
    }
    assert!(seen > 200, "{seen}");
}
