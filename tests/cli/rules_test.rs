//! `pemlint rules test`: rules of a user on their examples, in every format, and
//! what is said where one does not behave.

use crate::program::{AT, Folder};

/// A rule on certificates with these lines after its conditions.
fn rule(conditions: &str, more: &str) -> String {
    format!(
        "title = \"Odd\"\nseverity = \"error\"\nsubject = \"certificate\"\n{conditions}\n\
         message = \"{{cert.subject.text}} is odd\"\nwhy = \"It is.\"\nfix = \"Mend it.\"\n\
         [[reference]]\ndocument = \"House\"\nsection = \"1\"\n{more}"
    )
}

fn example(file: &str, outcome: &str) -> String {
    format!("[[example]]\nfile = \"{file}\"\noutcome = \"{outcome}\"\n")
}

/// A folder with a root that is a CA, and a server certificate that is none.
fn folder(conditions: &str, examples: &str) -> Folder {
    let folder = Folder::new();
    folder.copy("clean/p256-root.pem=rules/house/root.pem");
    folder.copy("clean/server-certificate-self-signed.pem=rules/house/server.pem");
    folder.write("rules/house/odd.toml", rule(conditions, examples));
    folder
}

const SERVER: &str = "check = 'cert.isCa'";

#[test]
fn a_rule_that_behaves_is_listed_with_its_coverage() {
    let examples = example("server.pem", "fails") + &example("root.pem", "passes");
    let text = folder(SERVER, &examples).run(&format!("rules test rules --at {AT}")).ends(0).out;
    let (table, rest) = text.split_once("\n\n").expect("the table ends with a blank line");
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows[0], ["RULE", "FAILS", "PASSES", "PROVEN", "GOOD", "BROKEN", "RESULT"]);
    let broken = pemlint::corpus::all().count();
    assert_eq!(rows[1][..4], ["house/odd", "1/1", "1/1", "2/2"]);
    // Every chain that is served has a leaf, and 18 of the good ones are; no upload has one.
    assert_eq!(rows[1][4], "18/24");
    assert!(rows[1][5].ends_with(&format!("/{broken}")), "{table}");
    assert!(rest.ends_with("1 rule, 1 of them with both outcomes; 2 examples: 2 right, 0 wrong\n"), "{rest}");
}

#[test]
fn what_no_example_proves_and_what_the_corpus_meets_is_told() {
    let conditions = "when = 'cert.version == 3'\ncheck = 'has(cert.keyUsage)'";
    let folder = folder(conditions, &(example("bare.pem", "fails") + &example("root.pem", "passes")));
    folder.copy("rules/rfc5280/ca-key-usage-missing/fails-root.pem=rules/house/bare.pem");
    let ran = folder.run(&format!("rules test rules --at {AT} --format json")).ends(0).json();
    let rule = &ran["rules"][0];
    assert_eq!(rule["unnoticed"], serde_json::json!(["when: cert.version == 3 -> true"]));
    assert_eq!((&rule["changes"], &rule["corpus"]["good"]), (&4.into(), &0.into()));
    let broken = rule["corpus"]["broken"].as_array().expect("a list");
    assert!(broken.contains(&"ca-without-key-usage".into()), "{broken:?}");
    assert_eq!(ran["summary"]["goodChains"], 24);
    let text = folder.run("rules test rules").ends(0).out;
    assert!(text.contains("  no example notices  when: cert.version == 3 -> true\n"), "{text}");
}

#[test]
fn a_rule_that_cannot_be_computed_on_the_corpus_is_an_error() {
    let conditions = "when = 'cert.isCa'\ncheck = '7 / (size(cert.issuers) - 1) < 9'";
    let examples = example("root.pem", "passes");
    let folder = folder(conditions, &(examples + &example("server.pem", "passes")));
    let text = folder.run("rules test rules").ends(1).out;
    assert!(text.contains("error: cannot be computed on a chain of the corpus (good chain "), "{text}");
    let text = folder.run("rules test rules --format junit").ends(1).out;
    assert!(text.contains("can be computed on every chain of the corpus"), "{text}");
}

#[test]
fn a_rule_without_an_example_that_fails_is_an_error_and_without_one_that_passes_a_warning() {
    let text = folder(SERVER, &example("root.pem", "passes")).run("rules test rules").ends(1).out;
    assert!(text.contains("error: no example says `fails`") && text.contains("FAIL"), "{text}");
    let text = folder(SERVER, &example("server.pem", "fails")).run("rules test rules").ends(0).out;
    assert!(text.contains("warning: no example says `passes`"), "{text}");
    let text = folder(SERVER, "").run("rules test rules").ends(1).out;
    assert!(text.contains("error: ") && text.contains("warning: "), "{text}");
}

#[test]
fn an_example_that_does_not_behave_is_explained_by_the_parts_of_the_conditions() {
    let conditions = "when = 'cert.version == 3 && !has(cert.nameConstraints)'\n\
                      check = 'cert.isCa || cert.extensions.exists(e, e.critical)'";
    let examples = example("root.pem", "fails") + &example("server.pem", "passes");
    let ran = folder(conditions, &examples).run("rules test rules --format json").ends(1);
    let said = ran.json();
    let of = |at: usize| said["rules"][0]["examples"][at].clone();
    assert_eq!((&of(0)["result"], &of(0)["reason"]), (&"wrong".into(), &"must fail, but passes".into()));
    let parts = of(0)["parts"].take();
    let parts = parts.as_array().expect("a list").iter();
    let parts: Vec<[&str; 3]> = parts
        .map(|part| ["key", "text", "value"].map(|name| part[name].as_str().expect("it is text")))
        .collect();
    assert_eq!(
        parts,
        [
            ["when", "cert.version == 3 && !has(cert.nameConstraints)", "true"],
            ["when", "cert.version == 3", "true"],
            ["when", "!has(cert.nameConstraints)", "true"],
            ["when", "has(cert.nameConstraints)", "false"],
            ["check", "cert.isCa || cert.extensions.exists(e, e.critical)", "true"],
            ["check", "cert.isCa", "true"],
            ["check", "cert.extensions.exists(e, e.critical)", "true"],
        ]
    );
    let text =
        folder("check = 'cert.isCa'", &example("server.pem", "passes")).run("rules test rules").ends(1).out;
    for part in [
        "server.pem (profile cloudflare-byopki): must pass, but fails on line 2: ",
        "check  cert.isCa  is false",
    ] {
        assert!(text.contains(part), "{part} is not in:\n{text}");
    }
}

#[test]
fn a_part_that_differs_between_certificates_says_so() {
    let folder = folder("check = 'cert.isCa || cert.version == 2'", &example("both.pem", "passes"));
    let both = folder.read("rules/house/root.pem") + &folder.read("rules/house/server.pem");
    folder.write("rules/house/both.pem", both);
    let text = folder.run("rules test rules").ends(1).out;
    assert!(text.contains("cert.isCa  is true and false"), "{text}");
    assert!(text.contains("cert.version == 2  is false"), "{text}");
}

#[test]
fn passing_for_want_of_an_answer_is_no_pass() {
    let folder = folder("check = 'cert.basicConstraints.cA'", &example("broken.pem", "passes"));
    folder.copy(
        "rules/rfc5280/malformed-extension/fails-basic-constraints-not-a-sequence.pem=rules/house/broken.pem",
    );
    let text = folder.run("rules test rules").ends(1).out;
    assert!(text.contains("must pass, but has no answer: "), "{text}");
    assert!(text.contains("is without an answer"), "{text}");
}

#[test]
fn instant_and_profile_of_an_example_count_before_those_of_the_run() {
    let in_time = example("root.pem", "passes") + "at = \"2027-01-01T00:00:00Z\"\n";
    let late = example("root.pem", "fails") + "at = \"2126-01-01T00:00:00Z\"\nprofile = \"rfc5280\"\n";
    let folder = folder("check = 'cert.validity.notAfter >= now'", &(in_time + &late));
    let said = folder.run("rules test rules --format json --profile python-strict").ends(0).json();
    let examples = &said["rules"][0]["examples"];
    assert_eq!(
        (&examples[0]["profile"], &examples[1]["profile"]),
        (&"python-strict".into(), &"rfc5280".into())
    );
    folder.write(
        "rules/house/odd.toml",
        rule("check = 'cert.validity.notAfter >= now'", &example("root.pem", "fails")),
    );
    folder.run("rules test rules --at 2126-01-01T00:00:00Z").ends(0);
    folder.run(&format!("rules test rules --at {AT}")).ends(1);
}

#[test]
fn parameters_of_the_profile_count() {
    let more = "[params]\nmost = 1\n".to_owned() + &example("root.pem", "fails");
    let folder = folder("check = 'size(cert.extensions) <= params.most'", &more);
    folder.run("rules test rules").ends(0);
    let profile = "title = \"Lax\"\nwhy = \"It is.\"\n[levels]\n\"house/odd\" = \"off\"\n[params.\"house/odd\"]\nmost = 99\n";
    folder.write("lax.toml", profile);
    let text = folder.run("rules test rules --profile lax.toml").ends(1).out;
    assert!(text.contains("must fail, but passes"), "{text}");
    assert!(text.contains("size(cert.extensions) <= params.most  is true"), "{text}");
}

#[test]
fn a_rule_or_an_example_that_cannot_be_used_ends_with_2() {
    let folder = folder(SERVER, &(example("server.pem", "fails") + &example("none.pem", "passes")));
    let text = folder.run("rules test rules").ends(2).out;
    assert!(
        text.contains("rules/house/none.pem cannot be read") && text.contains("1 cannot be used"),
        "{text}"
    );
    folder.run("rules test").refuses(&["no rules to test", "pemlint.toml"]);
    folder.run("rules test nowhere").refuses(&["nowhere is no directory"]);
    folder.run("rules test rules --at soon").refuses(&["--at soon"]);
    folder.write("rules/house/odd.toml", rule("check = 'cert.isCaa'", &example("server.pem", "fails")));
    folder.run("rules test rules").refuses(&["did you mean `isCa`?"]);
    folder.write("rules/house/odd.toml", rule(SERVER, &(example("server.pem", "fails") + "at = \"soon\"\n")));
    folder.run("rules test rules").refuses(&["`soon` is no instant"]);
    folder
        .write("rules/house/odd.toml", rule(SERVER, &(example("server.pem", "fails") + "profile = \"x\"\n")));
    folder.run("rules test rules").refuses(&["there is no profile `x`"]);
}

#[test]
fn the_directories_of_the_configuration_are_tested_by_default() {
    let folder = folder(SERVER, &example("server.pem", "fails"));
    folder.write("pemlint.toml", "rules = [\"rules\"]\nprofile = \"rfc5280\"\n");
    let said = folder.run("rules test --format json").ends(0).json();
    assert_eq!(said["rules"][0]["id"], "house/odd");
    assert_eq!(said["rules"][0]["examples"][0]["profile"], "rfc5280");
}

#[test]
fn junit_holds_a_suite_for_each_rule_and_is_sound_xml() {
    let conditions = "check = 'cert.subject.text == \"<&>\" || cert.version < 3'";
    let folder = folder(conditions, &(example("root.pem", "passes") + &example("none.pem", "fails")));
    folder.write("rules/house/other.toml", rule(SERVER, &example("server.pem", "fails")));
    let text = folder.run("rules test rules --format junit").ends(2).out;
    for part in [
        "<testsuites name=\"pemlint rules test\" tests=\"4\" failures=\"1\" errors=\"1\">",
        "<testsuite name=\"house/odd\" tests=\"2\" failures=\"1\" errors=\"1\" skipped=\"0\" file=\"rules/house/odd.toml\">",
        "<testcase name=\"root.pem passes\" classname=\"house/odd\">",
        "cert.subject.text == &quot;&lt;&amp;&gt;&quot;  is false",
        "<testcase name=\"server.pem fails\" classname=\"house/other\"/>",
        "<skipped message=\"no example says `passes`",
    ] {
        assert!(text.contains(part), "{part} is not in:\n{text}");
    }
    folder.write("junit.xml", &text);
    let parse = "import sys, xml.etree.ElementTree as tree; r = tree.parse('junit.xml').getroot(); \
                 print(len(r.findall('.//testcase')), len(r.findall('.//failure')), len(r.findall('.//error')))";
    let python =
        std::process::Command::new("python3").args(["-c", parse]).current_dir(folder.path()).output();
    let python = python.expect("python3 is installed");
    assert_eq!(
        String::from_utf8_lossy(&python.stdout),
        "4 1 1\n",
        "{}",
        String::from_utf8_lossy(&python.stderr)
    );
}

#[test]
fn listing_the_rules_goes_on_as_before() {
    let folder = Folder::new();
    assert!(folder.run("rules tests").ends(0).out.starts_with("no rule has `tests`"));
    folder.run("rules chain/order --profile rfc5280").ends(0);
    assert!(folder.run("rules --help").ends(0).out.contains("test"));
}
