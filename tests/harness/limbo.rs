//! Cases of x509-limbo, in a file that is made here from a corpus by the published schema of that suite.

use serde_json::{Value, json};

use crate::program::{Folder, Ran};

/// A case as the suite writes one.
fn case(id: &str, chain: &Value, folder: &Folder, at: &str, succeeds: bool) -> Value {
    let text = |name: &str| folder.read(&format!("corpus/{}", chain[name].as_str().expect("a file")));
    let blocks = |text: String| -> Vec<String> {
        text.split_inclusive("-----END CERTIFICATE-----\n")
            .filter(|block| block.contains("BEGIN CERTIFICATE"))
            .map(str::to_owned)
            .collect()
    };
    let (presented, trusted) = (blocks(text("chain")), blocks(text("trust")));
    let host = chain["host"].as_str().expect("it is served");
    let kind = if host.parse::<std::net::IpAddr>().is_ok() { "IP" } else { "DNS" };
    json!({
        "id": id,
        "conflicts_with": [],
        "features": [],
        "importance": "undetermined",
        "description": "made from a corpus",
        "validation_kind": "SERVER",
        "trusted_certs": trusted,
        "untrusted_intermediates": &presented[1..],
        "peer_certificate": presented[0],
        "peer_certificate_key": null,
        "validation_time": at,
        "signature_algorithms": [],
        "key_usage": [],
        "extended_key_usage": ["serverAuth"],
        "expected_result": if succeeds { "SUCCESS" } else { "FAILURE" },
        "expected_peer_name": {"kind": kind, "value": host},
        "expected_peer_names": [],
        "max_chain_depth": null,
        "crls": [],
    })
}

/// A file with the served chains of a corpus; expected is what the manifest says of a client.
fn suite(folder: &Folder, client: &str) -> Vec<Value> {
    folder.run("fixtures make corpus").ends(0);
    let manifest: Value = serde_json::from_str(&folder.read("corpus/manifest.json")).expect("it is JSON");
    let at = manifest["at"].as_str().expect("it has an instant");
    let mut cases = Vec::new();
    for chain in manifest["chains"].as_array().expect("a list") {
        let verdicts = chain["verdicts"].as_array().expect("a list");
        let Some(verdict) = verdicts.iter().find(|verdict| verdict["client"] == client) else { continue };
        let is_labelled = |name: &str| {
            let file = chain[name].as_str().map(|file| folder.read(&format!("corpus/{file}")));
            file.is_none_or(|text| text.contains("TRUSTED CERTIFICATE"))
        };
        if !is_labelled("trust") {
            let id = format!("corpus::case-{}", chain["name"].as_str().expect("it has a name"));
            cases.push(case(&id, chain, folder, at, verdict["accepts"] == true));
        }
    }
    assert!(cases.len() > 80, "{}", cases.len());
    cases
}

fn write(folder: &Folder, cases: &[Value]) {
    folder.write("limbo.json", json!({"version": 1, "testcases": cases}).to_string());
}

fn run(folder: &Folder, words: &str) -> Ran {
    folder.run(&format!("harness --limbo limbo.json {words}"))
}

#[test]
fn models_give_the_results_that_the_file_expects() {
    let folder = Folder::new();
    for client in ["openssl-strict", "rustls"] {
        let cases = suite(&folder, client);
        write(&folder, &cases);
        let report = run(&folder, &format!("--client {client} --format json")).ends(0).json();
        let told = &report["verifiers"][0];
        assert_eq!((&told["name"], &told["gate"]), (&client.into(), &"x509-limbo".into()));
        let counts = &told["references"][0];
        let both = |key: &str| counts[key].as_u64().expect("a number");
        assert_eq!(both("bothAccept") + both("bothReject"), cases.len() as u64);
        assert!(both("bothAccept") > 10 && both("bothReject") > 30, "{counts}");
        std::fs::remove_dir_all(folder.path().join("corpus")).expect("it is there");
    }
}

#[test]
fn a_result_that_a_model_does_not_give_is_a_difference_until_the_ledger_knows_it() {
    let folder = Folder::new();
    let mut cases = suite(&folder, "openssl-strict");
    cases.truncate(6);
    let flipped = if cases[0]["expected_result"] == "SUCCESS" { "FAILURE" } else { "SUCCESS" };
    cases[0]["expected_result"] = flipped.into();
    cases[0]["features"] = json!(["pedantic-rfc5280"]);
    cases[1]["features"] = json!(["has-cert-policies", "of-tomorrow"]);
    write(&folder, &cases);
    let ran = run(&folder, "--client openssl-strict").ends(1);
    for part in
        ["FEATURE", "pedantic-rfc5280   1", "of-tomorrow", "openssl-strict differs from x509-limbo on 1 case"]
    {
        assert!(ran.out.contains(part), "`{part}` is not in:\n{}", ran.out);
    }
    let ledger = |about: &str| {
        let text =
            format!("[[known]]\nverifier = \"openssl-strict\"\n{about}\nreason = \"OpenSSL does so\"\n");
        folder.write("known.toml", text);
        run(&folder, "--client openssl-strict --ledger known.toml")
    };
    ledger("feature = \"pedantic-rfc5280\"").ends(0);
    ledger(&format!("case = {}", cases[0]["id"])).ends(0);
    ledger("feature = \"of-tomorrow\"").ends(1);
}

#[test]
fn cases_about_other_things_are_left_out_and_counted() {
    let folder = Folder::new();
    let plain = suite(&folder, "openssl-strict").remove(0);
    let changes = [
        ("validation_kind", json!("CLIENT"), "about certificates of clients"),
        ("crls", json!(["-----BEGIN X509 CRL-----"]), "about revocation lists"),
        ("features", json!(["has-crl"]), "about revocation lists"),
        ("max_chain_depth", json!(1), "greatest depth"),
        ("signature_algorithms", json!(["RSA_WITH_SHA1"]), "signature algorithms"),
        ("key_usage", json!(["digitalSignature"]), "key usages"),
        ("extended_key_usage", json!(["clientAuth"]), "a purpose other than serverAuth"),
        ("expected_peer_name", json!({"kind": "RFC822", "value": "a@b"}), "neither a host name nor"),
        ("validation_time", json!("soon"), "an instant that cannot be read"),
        ("expected_result", json!("PERHAPS"), "neither SUCCESS nor FAILURE"),
    ];
    let mut cases = vec![plain.clone()];
    for (key, value, _) in &changes {
        let mut case = plain.clone();
        case[*key] = value.clone();
        cases.push(case);
    }
    write(&folder, &cases);
    let report = run(&folder, "--client openssl-strict --format json").ends(0).json();
    assert_eq!(report["summary"]["cases"], 1);
    let left_out = report["leftOut"].as_array().expect("a list");
    let count = |part: &str| {
        let is_it = |one: &&Value| one["reason"].as_str().is_some_and(|reason| reason.contains(part));
        left_out.iter().find(is_it).map(|one| one["count"].clone())
    };
    for (key, _, reason) in &changes {
        let wanted = if reason.contains("revocation") { 2 } else { 1 };
        assert_eq!(count(reason), Some(wanted.into()), "{key}: {left_out:?}");
    }
}

#[test]
fn optional_fields_may_be_missing_and_a_broken_peer_is_rejected() {
    let folder = Folder::new();
    let mut good =
        suite(&folder, "openssl-strict").into_iter().find(|case| case["expected_result"] == "SUCCESS");
    let good = good.as_mut().expect("there is a good chain");
    let fields = good.as_object_mut().expect("an object");
    for key in ["features", "importance", "conflicts_with", "crls", "max_chain_depth", "expected_peer_name"] {
        fields.remove(key);
    }
    let at = fields.remove("validation_time").expect("it has one");
    let mut broken = good.clone();
    broken["peer_certificate"] = "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n".into();
    broken["expected_result"] = "FAILURE".into();
    write(&folder, &[good.clone(), broken]);
    let at = at.as_str().expect("it is text");
    let report = run(&folder, &format!("--at {at} --format json")).ends(0).json();
    assert_eq!(report["verifiers"].as_array().map(Vec::len), Some(5));
    assert_eq!(report["verifiers"][0]["answers"][1]["reason"], "the peer's certificate does not decode");
    // At another time it is over.
    run(&folder, "--at 2126-01-01T00:00:00Z").ends(1);
}

#[test]
fn files_that_cannot_be_used_are_refused() {
    let folder = Folder::new();
    run(&folder, "").refuses(&["limbo.json cannot be read"]);
    folder.write("limbo.json", "[]");
    run(&folder, "").refuses(&["limbo.json", "no file of x509-limbo"]);
    folder.write("limbo.json", json!({"version": 2, "testcases": "else"}).to_string());
    run(&folder, "").refuses(&["it is of version 2, this pemlint reads 1"]);
    folder.write("limbo.json", json!({"version": 1, "testcases": []}).to_string());
    run(&folder, "").refuses(&["no case in it is one that the models can be asked"]);
}
