//! `predict`, and the verdicts of `check`: what they say, how they end, and that
//! a leaf which is only assumed fares as one that was really issued.

use crate::openssl::{CA, P256, intermediate, key, openssl, root};
use crate::program::{AT, Folder, Ran};

/// A recorded chain, with the name that it is asked for.
fn recorded(case: &str) -> Folder {
    let folder = Folder::new();
    folder.copy(&format!("openssl/{case}/chain.pem openssl/{case}/ca.pem"));
    folder
}

fn predict(folder: &Folder, line: &str) -> Ran {
    folder.run(&format!("predict chain.pem --trust ca.pem --at {AT} {line}"))
}

/// What the first verdict says first.
fn first(ran: &Ran) -> serde_json::Value {
    ran.json()["verdicts"][0]["error"].take()
}

#[test]
fn a_good_chain_is_accepted_with_a_picture_of_it() {
    let ran = predict(&recorded("good-rsa2048"), "--host good.example").ends(0);
    assert_eq!(
        ran.out,
        "\
python-3.13 (OpenSSL 3.5) accepts chain.pem for good.example

    2  CN=Lab Root,O=pemlint lab      trusted  ca.pem:1
    │
    1  CN=Lab Sub CA 0,O=pemlint lab  sent     chain.pem:21
    │
    0  CN=good.example                sent     chain.pem:1

accepted
"
    );
    assert_eq!(ran.err, "");
}

#[test]
fn a_rejected_chain_shows_the_line_of_python_and_what_hides_behind_it() {
    let folder = recorded("order-legacy-private-ca");
    let out = predict(&folder, "--host good.example").ends(1).out;
    let printed = "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: \
                   Missing Authority Key Identifier (_ssl.c:…)\n";
    assert!(out.contains(printed), "{out}");
    let picture = "
    1  CN=Lab Root,O=pemlint lab  trusted  ca.pem:1
    │      error 89: Basic Constraints of CA cert not marked critical
    │      error 92: CA cert does not include key usage extension
    │      error 86: Missing Subject Key Identifier
    │
    0  CN=good.example            sent     chain.pem:1
           error 85: Missing Authority Key Identifier   <── this is what is printed
";
    assert!(out.contains(picture), "{out}");
    let hidden = "
    89 Basic Constraints of CA cert not marked critical at depth 1
    92 CA cert does not include key usage extension at depth 1
    86 Missing Subject Key Identifier at depth 1
";
    assert!(out.contains(hidden), "{out}");
    assert!(out.contains("who must act: "), "{out}");
    assert!(out.contains("error[rfc5280/ca-key-usage-missing]") && out.ends_with("\nrejected\n"), "{out}");
}

#[test]
fn json_holds_every_error_with_its_certificate() {
    let folder = recorded("order-legacy-private-ca");
    let report = predict(&folder, "--host good.example --format json").ends(1).json();
    let verdict = &report["verdicts"][0];
    assert_eq!((&verdict["client"], &verdict["openssl"]), (&"python-3.13".into(), &"3.5".into()));
    assert_eq!((&verdict["leaf"], &verdict["host"]), (&"given".into(), &"good.example".into()));
    assert_eq!(verdict["error"], verdict["errors"][0]);
    let errors = verdict["errors"].as_array().expect("a list");
    let places: Vec<_> = errors
        .iter()
        .map(|error| (error["code"].as_i64(), error["depth"].as_i64(), error["path"].as_str()))
        .collect();
    let expected = [(85, 0, "chain.pem"), (89, 1, "ca.pem"), (92, 1, "ca.pem"), (86, 1, "ca.pem")];
    assert_eq!(places, expected.map(|(code, depth, path)| (Some(code), Some(depth), Some(path))));
    let named = |at: usize, rule: &str| {
        errors[at]["rules"].as_array().is_some_and(|rules| rules.contains(&rule.into()))
    };
    assert!(named(1, "rfc5280/ca-basic-constraints-not-critical"), "{errors:#?}");
    assert!(named(2, "rfc5280/ca-key-usage-missing"), "{errors:#?}");
    // Findings are those that explain an error, and say whose.
    for finding in report["findings"].as_array().expect("a list") {
        assert_eq!(finding["clients"], serde_json::json!(["python-3.13"]));
    }
    assert_eq!(report["inputs"][1]["path"], "ca.pem");
}

#[test]
fn clients_versions_levels_and_instants_change_the_verdict() {
    let folder = recorded("order-legacy-private-ca");
    predict(&folder, "--client python-3.12").ends(0);
    predict(&folder, "--client openssl").ends(0);
    predict(&folder, "--client openssl-strict").ends(1);
    let both = predict(&folder, "--client python-3.12 --client python-3.13").ends(1).out;
    assert!(both.ends_with("\nrejected by 1 of 2 clients\n"), "{both}");
    let code = |line: &str| first(&predict(&folder, &format!("{line} --format json")))["code"].as_i64();
    assert_eq!(code("--openssl 3.5"), Some(85));
    assert_eq!(code("--openssl 1.1.1"), None);
    assert_eq!(code("--host other.example --openssl 1.1.1"), Some(62));
    let at = |time: &str| {
        folder
            .run(&format!("predict chain.pem --trust ca.pem --client python-3.12 --at {time} --format json"))
    };
    assert_eq!(first(&at("2090-01-01T00:00:00Z"))["code"], 10);
    let rsa = recorded("good-rsa2048");
    predict(&rsa, "--seclevel 2").ends(0);
    let weak = first(&predict(&rsa, "--seclevel 3 --format json").ends(1));
    assert_eq!((&weak["code"], &weak["rules"]), (&66.into(), &serde_json::json!(["keys/rsa-key-too-small"])));
}

#[test]
fn the_chain_comes_from_several_files_or_standard_input_in_their_order() {
    let folder = recorded("good-rsa2048");
    let text = folder.read("chain.pem");
    let (leaf, above) = text.split_at(text.rfind("-----BEGIN").expect("there are two"));
    folder.write("leaf.pem", leaf);
    folder.write("above.pem", above);
    let run =
        |chain: &str| folder.run(&format!("predict {chain} --trust ca.pem --at {AT} --host good.example"));
    run("leaf.pem above.pem").ends(0);
    // A CA in the leaf's place is no server certificate.
    run("above.pem leaf.pem").ends(1);
    let ran = folder.run_on(text.as_bytes(), &format!("predict - --trust ca.pem --at {AT}")).ends(0);
    assert!(ran.out.contains("sent     stdin:1\n"), "{}", ran.out);
}

#[test]
fn what_cannot_be_judged_is_refused() {
    let folder = recorded("good-rsa2048");
    folder.write("text.pem", "no certificate\n");
    folder.write("cut.pem", "-----BEGIN CERTIFICATE-----\nMIIB*\n-----END CERTIFICATE-----\n");
    let refuses = |line: &str, parts: &[&str]| folder.run(&format!("predict {line}")).refuses(parts);
    refuses("chain.pem", &["--trust <FILE>"]);
    refuses("text.pem --trust ca.pem", &["text.pem holds no certificate", "leaf first"]);
    refuses("gone.pem --trust ca.pem", &["gone.pem cannot be read"]);
    refuses("- --trust -", &["standard input"]);
    refuses("chain.pem --trust ca.pem --client python-3.14.1", &["python-3.13"]);
    refuses("chain.pem --trust ca.pem --openssl 3.4", &["1.1.1", "4.0"]);
    refuses("chain.pem --trust ca.pem --seclevel 6", &["0..=5"]);
    refuses("chain.pem --trust ca.pem --at yesterday", &["RFC 3339"]);
}

#[test]
fn a_trust_file_that_python_cannot_load_is_its_error() {
    let folder = recorded("good-rsa2048");
    folder.write("ca.pem", "nothing here\n");
    let error = first(&predict(&folder, "--format json").ends(1));
    assert_eq!((&error["stage"], &error["path"]), (&"load".into(), &"ca.pem".into()));
    assert_eq!(
        error["printed"],
        "ssl.SSLError: [X509: NO_CERTIFICATE_OR_CRL_FOUND] no certificate or crl found (_ssl.c:…)"
    );
}

/// Extensions of a leaf as gateways mint them, but for the key identifier of the
/// CA, which is copied where there is one.
const LEAF: &str = "basicConstraints = critical,CA:FALSE\nkeyUsage = critical,digitalSignature\n\
    extendedKeyUsage = serverAuth\nsubjectAltName = DNS:www.example.com\n";

const COPIED: &str = "authorityKeyIdentifier = keyid\n";

/// Issues a leaf below `issuer` and gives the chain file that a server would send.
fn mint(folder: &Folder, issuer: &str, copied: &str, sent: &[&str]) {
    key(folder, P256, "leaf.key");
    folder.write("leaf.ext", format!("{LEAF}{copied}"));
    openssl(folder, "req -new -key leaf.key -out leaf.csr -subj /CN=www.example.com");
    openssl(
        folder,
        &format!(
            "x509 -req -in leaf.csr -CA {issuer}.pem -CAkey {issuer}.key -CAcreateserial -days 10 -extfile leaf.ext -out leaf.pem"
        ),
    );
    let chain: String = std::iter::once("leaf")
        .chain(sent.iter().copied())
        .map(|name| folder.read(&format!("{name}.pem")))
        .collect();
    folder.write("chain.pem", chain);
}

#[test]
fn an_assumed_leaf_fares_as_one_that_the_ca_has_issued() {
    let variants = [
        CA,
        "",
        "-addext basicConstraints=CA:TRUE",
        "-addext subjectKeyIdentifier=none -addext authorityKeyIdentifier=none",
        "-addext keyUsage=critical,digitalSignature",
        "-addext extendedKeyUsage=clientAuth",
        "-addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,cRLSign",
    ];
    let mut rejected = 0;
    for extensions in variants {
        let folder = Folder::new();
        key(&folder, P256, "root.key");
        root(&folder, "root", extensions);
        let copied = if extensions.contains("subjectKeyIdentifier=none") { "" } else { COPIED };
        mint(&folder, "root", copied, &[]);
        let assumed = folder.run("check root.pem --no-key --format json").json();
        for client in ["python-3.13", "python-3.12", "openssl"] {
            let given = folder
                .run(&format!("predict chain.pem --trust root.pem --client {client} --format json"))
                .json();
            let verdicts = assumed["verdicts"].as_array().expect("a list");
            let ours =
                verdicts.iter().find(|verdict| verdict["client"] == client).expect("it is in the profile");
            assert_eq!(ours["leaf"], "assumed");
            let seen = |verdict: &serde_json::Value| {
                let errors = verdict["errors"].as_array().expect("a list").clone();
                errors
                    .iter()
                    .map(|error| (error["code"].as_i64(), error["depth"].as_i64()))
                    .collect::<Vec<_>>()
            };
            assert_eq!(seen(ours), seen(&given["verdicts"][0]), "{extensions} {client}");
            rejected += usize::from(!seen(ours).is_empty());
        }
    }
    assert!(rejected >= 6, "{rejected} verdicts are rejections");
}

#[test]
fn a_chain_of_cas_is_judged_from_its_issuing_ca_and_a_leaf_as_it_is() {
    let folder = Folder::new();
    key(&folder, P256, "root.key");
    root(&folder, "root", CA);
    intermediate(&folder, "issuing", "root", 300);
    folder.write("bundle.pem", folder.read("root.pem") + &folder.read("issuing.pem"));
    let report = folder.run("check bundle.pem --no-key --format json").ends(0).json();
    let verdicts = report["verdicts"].as_array().expect("a list");
    assert_eq!(verdicts.len(), 3);
    for verdict in verdicts {
        assert_eq!((&verdict["leaf"], &verdict["certificate"]), (&"assumed".into(), &1.into()));
        assert_eq!(verdict["accepts"], true);
        assert_eq!(verdict["chain"].as_array().map(Vec::len), Some(3));
    }
    mint(&folder, "issuing", COPIED, &["issuing", "root"]);
    let report = folder.run("check chain.pem --profile python-strict --format json").ends(0).json();
    assert_eq!(
        (&report["verdicts"][0]["leaf"], &report["verdicts"][0]["accepts"]),
        (&"given".into(), &true.into())
    );
    assert_eq!(report["verdicts"][0]["chain"][2]["trusted"], true);
    // More clients than the profile names, each once.
    let line = "check chain.pem --profile python-strict --client rustls --client python-3.13 --format json";
    let report = folder.run(line).ends(0).json();
    let verdicts = report["verdicts"].as_array().expect("a list");
    let clients: Vec<_> = verdicts.iter().map(|verdict| (&verdict["client"], &verdict["accepts"])).collect();
    assert_eq!(clients, [(&"python-3.13".into(), &true.into()), (&"rustls".into(), &true.into())]);
}
