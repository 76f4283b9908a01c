//! Trust stores as inputs: which files belong to one, what is said of each CA, and what
//! predict makes of them. Real Python is asked what it loads.

use std::process::Command;

use serde_json::Value;

use crate::loopback::{identity, listen, presenting_chain, shake};
use crate::openssl::{CA, P256, key, openssl, root, shell};
use crate::program::{Folder, Ran};

/// A Python of the machine; its certifi, if it has one, is kept out by `REQUESTS_CA_BUNDLE`.
const PYTHON: &str = "python3";

fn run(folder: &Folder, line: &str, environment: &[(&str, &str)]) -> Ran {
    let mut command = folder.command(line);
    // Python is sought on the path.
    #[expect(clippy::disallowed_methods, reason = "tests are the rim")]
    command.env("PATH", std::env::var_os("PATH").expect("there is a path"));
    command.envs(environment.iter().copied());
    Ran::from(command.output().expect("the program starts"))
}

/// Roots `good`, `usage` (without keyUsage) and `flat` (basicConstraints not critical).
fn roots() -> Folder {
    let folder = Folder::new();
    for (name, extensions) in [
        ("good", CA),
        ("usage", "-addext basicConstraints=critical,CA:TRUE"),
        ("flat", "-addext basicConstraints=CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign"),
    ] {
        key(&folder, P256, &format!("{name}.key"));
        // A default of the configuration file would stand in the way of `flat`.
        let config = "[req]\ndistinguished_name = name\n[name]\n";
        folder.write("plain.cnf", config);
        root(&folder, name, &format!("-config plain.cnf -addext subjectKeyIdentifier=hash {extensions}"));
    }
    let text: String =
        ["good", "usage", "flat"].iter().map(|name| folder.read(&format!("{name}.pem"))).collect();
    folder.write("store.pem", text);
    folder
}

fn last_line(ran: &Ran) -> &str {
    ran.out.trim_end().lines().last().expect("there is one")
}

#[test]
fn each_ca_that_python_refuses_is_named_with_the_reason() {
    let folder = roots();
    let ran = folder.run("check store:store.pem").ends(1);
    let expected = "2 of 3 CAs would be refused by python-3.13: CN=flat,O=Example (Basic Constraints of CA cert \
        not marked critical); CN=usage,O=Example (CA cert does not include key usage extension)";
    assert_eq!(last_line(&ran), expected);
    let json = folder.run("check store:store.pem --format json").ends(1);
    let mut rules = json.rules();
    rules.sort();
    assert_eq!(rules, ["rfc5280/ca-basic-constraints-not-critical", "rfc5280/ca-key-usage-missing"]);
    let verdicts = json.json()["verdicts"].as_array().expect("a list").clone();
    let accepts: Vec<bool> = verdicts.iter().filter_map(|verdict| verdict["accepts"].as_bool()).collect();
    assert_eq!(accepts, [true, false, false]);
    let only = folder.run("check store:store.pem --only-rejected --format json").ends(1).json();
    assert_eq!(only["verdicts"].as_array().map(Vec::len), Some(2));
    assert_eq!(only["findings"], json.json()["findings"]);
    assert_eq!(only["store"]["certificates"], 3);
    assert_eq!(only["store"]["refused"][0]["subject"], "CN=flat,O=Example");
    let schema = serde_json::from_str(pemlint::report::json::schema()).expect("a schema is JSON");
    let schema = jsonschema::validator_for(&schema).expect("the schema compiles");
    let complaints: Vec<String> = schema.iter_errors(&only).map(|error| error.to_string()).collect();
    assert_eq!(complaints, Vec::<String>::new());
    let good = folder.run("check store:good.pem --fail-on info").ends(0);
    assert_eq!(last_line(&good), "0 of 1 CA would be refused by python-3.13");
}

#[test]
fn a_store_needs_no_order_no_key_and_no_single_root() {
    let folder = roots();
    openssl(&folder, "req -new -key usage.key -out below.csr -subj /O=Example/CN=below");
    folder.write(
        "below.ext",
        "basicConstraints = critical,CA:TRUE\nkeyUsage = critical,keyCertSign,cRLSign\n\
         subjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid\n",
    );
    openssl(
        &folder,
        "x509 -req -in below.csr -CA good.pem -CAkey good.key -CAcreateserial -days 90 -extfile below.ext -out below.pem",
    );
    // A CA that is kept to names of its own is no worse for it.
    root(
        &folder,
        "flat",
        &format!(
            "-config plain.cnf -addext subjectKeyIdentifier=hash {CA} -addext nameConstraints=critical,permitted;DNS:corp.example"
        ),
    );
    let text = ["below", "good", "flat", "good"].map(|name| folder.read(&format!("{name}.pem"))).concat();
    folder.write("all.pem", text);
    let ran = folder.run("check store:all.pem --fail-on info").ends(0);
    assert_eq!(last_line(&ran), "0 of 3 CAs would be refused by python-3.13");
    // A certificate of a server that is trusted by itself is judged as one.
    let server = identity("DNS:localhost");
    folder.write("pinned.pem", server.read("leaf.pem"));
    let ran = folder.run("check store:pinned.pem --format json").ends(0).json();
    assert_eq!(
        (&ran["verdicts"][0]["leaf"], &ran["verdicts"][0]["accepts"]),
        (&"given".into(), &true.into())
    );
}

#[test]
fn of_a_folder_those_are_read_that_openssl_finds() {
    let folder = roots();
    for name in ["good", "usage", "flat"] {
        folder.write(&format!("ca/{name}.pem"), folder.read(&format!("{name}.pem")));
    }
    let ran = folder.run("check store:ca --format json").ends(1);
    ran.complains(&["OpenSSL finds none of them", "openssl rehash"]);
    assert_eq!(ran.json()["summary"]["certificates"], 3);
    shell(&folder, "openssl rehash ca; rm ca/$(openssl x509 -in ca/flat.pem -noout -subject_hash).0");
    let ran = folder.run("check store:ca").ends(1);
    assert_eq!(
        last_line(&ran),
        "1 of 2 CAs would be refused by python-3.13: CN=usage,O=Example (CA cert does not include key usage extension)"
    );
    assert!(ran.out.contains("ca/usage.pem"), "the file is named, not the link to it:\n{}", ran.out);
    // A file and a folder with the same: each once.
    let all = folder.path().join("store.pem").display().to_string();
    let links = folder.path().join("ca").display().to_string();
    let environment = [("SSL_CERT_FILE", all.as_str()), ("SSL_CERT_DIR", links.as_str())];
    let ran = run(&folder, "check store:system --format json", &environment).ends(1);
    assert_eq!(ran.json()["summary"]["certificates"], 3);
    assert_eq!(ran.json()["inputs"].as_array().map(Vec::len), Some(1));
}

/// Subjects that Python's default context holds.
fn python_loads(folder: &Folder, environment: &[(&str, &str)]) -> usize {
    let script = "import ssl; print(len(ssl.create_default_context().get_ca_certs()))";
    let mut command = Command::new(PYTHON);
    command.args(["-c", script]).current_dir(folder.path()).envs(environment.iter().copied());
    let output = command.output().unwrap_or_else(|error| panic!("{PYTHON}: {error}"));
    let said = String::from_utf8(output.stdout).expect("it is text");
    said.trim().parse().unwrap_or_else(|_| panic!("{said}{}", String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn store_python_is_what_python_loads() {
    let folder = roots();
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let (store, good, empty) = (at("store.pem"), at("good.pem"), at("empty"));
    let [usage, twice] = ["usage", "good"].map(|name| folder.read(&format!("{name}.pem")));
    // Text around blocks, a certificate twice, and a block that is none.
    folder.write("mixed.pem", format!("# roots\n{twice}{usage}\nand again\n{twice}"));
    let mixed = at("mixed.pem");
    for (file, count) in [(&store, 3), (&good, 1), (&mixed, 2)] {
        let environment = [
            ("SSL_CERT_FILE", file.as_str()),
            ("SSL_CERT_DIR", empty.as_str()),
            ("REQUESTS_CA_BUNDLE", file.as_str()),
        ];
        assert_eq!(python_loads(&folder, &environment), count, "{file}");
        let ran = run(&folder, "check store:python --exit-zero", &environment).ends(0);
        let of = if count == 1 { "of 1 CA ".to_owned() } else { format!("of {count} CAs ") };
        assert!(last_line(&ran).contains(&of), "{count}: {}", ran.out);
        ran.complains(&["store:python is that of Python 3.", "ssl.create_default_context() loads: "]);
    }
    // Both stores, and one Python that is named.
    let environment = [
        ("SSL_CERT_FILE", good.as_str()),
        ("SSL_CERT_DIR", empty.as_str()),
        ("CURL_CA_BUNDLE", store.as_str()),
    ];
    let ran =
        run(&folder, &format!("check store:python --python {PYTHON} --exit-zero"), &environment).ends(0);
    ran.complains(&[
        "good.pem and empty: 1 certificate\n",
        "requests loads (CURL_CA_BUNDLE): store.pem: 3 certificates",
    ]);
    assert!(last_line(&ran).starts_with("2 of 3 CAs "), "{}", ran.out);
    run(&folder, "check store:python --python no-such-python", &[])
        .refuses(&["--python no-such-python", "cannot be started"]);
    run(&folder, "check store:python --python false", &[]).refuses(&["--python false", "ends with status 1"]);
}

#[test]
fn predict_asks_each_trust_store_of_python() {
    let folder = identity("DNS:localhost");
    let config = presenting_chain(&folder);
    let port = listen(move |stream| shake(stream, &config));
    let other = roots();
    let at = |folder: &Folder, name: &str| folder.path().join(name).display().to_string();
    let (own, foreign) = (at(&folder, "root.pem"), at(&other, "store.pem"));
    let line = format!("predict tls://localhost:{port} --trust store:python --format json");
    let ask = |ssl: &str, requests: &str, status: i32| {
        let environment =
            [("SSL_CERT_FILE", ssl), ("SSL_CERT_DIR", "/nowhere"), ("REQUESTS_CA_BUNDLE", requests)];
        let verdicts = run(&folder, &line, &environment).ends(status).json()["verdicts"].take();
        let verdicts = verdicts.as_array().expect("a list").clone();
        let said = |verdict: &Value| {
            let trusts = verdict["assumptions"][0].as_str().expect("it is text").to_owned();
            (verdict["accepts"].as_bool().expect("it is said"), trusts)
        };
        verdicts.iter().map(said).collect::<Vec<_>>()
    };
    let ssl = "the client trusts what ssl.create_default_context() loads".to_owned();
    let requests = "the client trusts what requests loads (REQUESTS_CA_BUNDLE)".to_owned();
    // What breaks a client at night: one library knows the gateway, the other does not.
    assert_eq!(ask(&own, &foreign, 1), [(true, ssl.clone()), (false, requests)]);
    let both = format!("{ssl}, and requests loads (REQUESTS_CA_BUNDLE)");
    assert_eq!(ask(&own, &own, 0), [(true, both.clone())]);
    assert_eq!(ask(&foreign, &foreign, 1), [(false, both)]);
    // Files that are named come on top.
    let environment = [("SSL_CERT_FILE", foreign.as_str()), ("SSL_CERT_DIR", "/nowhere")];
    let line = format!("predict tls://localhost:{port} --trust store:system --trust root.pem --format json");
    run(&folder, &line, &environment).ends(0);
    run(&folder, &format!("predict tls://localhost:{port} --trust store:root.pem"), &[]).ends(0);
}

#[test]
fn what_names_no_store_is_refused() {
    let folder = roots();
    for (line, parts) in [
        ("check store:", &["store:system, store:python or store:PATH"][..]),
        ("check store:gone.pem", &["gone.pem cannot be read"]),
        ("check store:good.pem good.pem", &["check it by itself"]),
        ("check store:text.pem", &["no certificate in this trust store"]),
    ] {
        folder.write("text.pem", "nothing\n");
        folder.run(line).refuses(parts);
    }
}

#[test]
fn a_file_that_openssl_cannot_read_is_lost_as_a_whole() {
    let folder = roots();
    let good = folder.read("good.pem");
    // Octets that are no certificate behind one that is; base64 that is none before it.
    let sequence = "-----BEGIN CERTIFICATE-----\nMAMCAQU=\n-----END CERTIFICATE-----\n";
    folder.write("sequence.pem", format!("{good}{sequence}"));
    let damaged = good.replacen("\nMII", "\nM*I", 1);
    folder.write("damaged.pem", format!("{damaged}{good}"));
    for file in ["sequence.pem", "damaged.pem"] {
        let path = folder.path().join(file).display().to_string();
        let environment = [
            ("SSL_CERT_FILE", path.as_str()),
            ("SSL_CERT_DIR", "/nowhere"),
            ("REQUESTS_CA_BUNDLE", "good.pem"),
        ];
        assert_eq!(python_loads(&folder, &environment), 0, "{file}");
        let ran = run(&folder, "check store:python", &environment).ends(1);
        ran.complains(&[&format!("{file}: OpenSSL cannot read this file, leaves out all of it")]);
        let ran = folder.run(&format!("check store:{file} --format json")).ends(1);
        for verdict in ran.json()["verdicts"].as_array().expect("a list") {
            assert_eq!(verdict["error"]["name"], "PEM lib", "{verdict}");
            assert_eq!(verdict["error"]["path"], file);
        }
        // The default context says nothing, and trusts nothing; requests goes on.
        let line = "predict good.pem --trust store:python --format json";
        let verdicts = run(&folder, line, &environment).ends(1).json()["verdicts"].take();
        let stages: Vec<_> =
            verdicts.as_array().expect("a list").iter().map(|one| &one["error"]["stage"]).collect();
        assert_eq!(stages, ["verify", "verify"], "{verdicts}");
        assert_eq!(verdicts[0]["error"]["code"], 18, "a root that nobody trusts");
        let line = format!("predict good.pem --trust store:{file} --format json");
        assert_eq!(folder.run(&line).ends(1).json()["verdicts"][0]["error"]["stage"], "load");
    }
    // Nothing at all by default is nothing trusted; nothing in a file that is named is an error.
    let environment =
        [("SSL_CERT_FILE", "/dev/null"), ("SSL_CERT_DIR", "/nowhere"), ("REQUESTS_CA_BUNDLE", "good.pem")];
    let ran = run(&folder, "predict good.pem --trust store:python --format json", &environment).ends(1);
    assert_eq!(ran.json()["verdicts"][0]["error"]["code"], 18);
}
