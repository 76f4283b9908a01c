//! Certificates and keys inside other texts: found, with the exact place of every octet, and where they stand.

#[path = "carriers/any.rs"]
mod any;
#[path = "common/invariants/carrier.rs"]
mod carrier;

use std::fmt::Write as _;
use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pemlint::der::Span;
use pemlint::input::{Block, Content, Format, Input, Options};
use pemlint::source::Source;

fn fixture(path: &str) -> String {
    fs::read_to_string(format!("fixtures/{path}")).expect("the fixture is there")
}

/// A root, as PEM.
fn root() -> String {
    fixture("clean/rsa-2048-root-by-openssl.pem")
}

/// Two certificates, as PEM.
fn chain() -> String {
    fixture("clean/root-and-intermediate.pem")
}

fn der_of(pem: &str) -> Vec<Vec<u8>> {
    let input = read(pem);
    input.blocks.iter().filter_map(|block| input.certificate(block)).map(<[u8]>::to_vec).collect()
}

fn read(text: &str) -> Input {
    Input::read(Source::new("carrier", text.as_bytes().to_vec()))
}

/// What a reader of the carrier must find: the path, and the certificates there.
struct Wanted {
    path: &'static str,
    certificates: Vec<Vec<u8>>,
}

fn wanted(path: &'static str, pem: &str) -> Wanted {
    Wanted { path, certificates: der_of(pem) }
}

fn indented(pem: &str, blanks: usize) -> String {
    pem.lines().fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "{}{line}", " ".repeat(blanks));
        text
    })
}

fn json_string(pem: &str) -> String {
    serde_json::to_string(pem).expect("text is JSON")
}

/// Carriers: name, text, what is in it.
#[expect(clippy::too_many_lines, reason = "one table")]
fn cases() -> Vec<(&'static str, String, Vec<Wanted>)> {
    let (root, chain) = (root(), chain());
    let der = der_of(&root).remove(0);
    let answer = serde_json::json!({
        "success": true,
        "errors": [],
        "result": [
            {"id": "1", "certificates": root, "ca": true},
            {"id": "2", "certificates": chain, "name": "ü 😀 \" \\ /"},
        ]
    });
    let lines = format!(
        "{}\n{}\n",
        serde_json::json!({"certificate": root}),
        serde_json::json!({"certificate": chain})
    );
    let keys =
        serde_json::json!({"keys": [{"kty": "RSA", "x5c": [STANDARD.encode(&der), STANDARD.encode(&der)]}]});
    let nested = serde_json::json!({"SecretString": serde_json::json!({"ca": root}).to_string()});
    let kubernetes = |pem: &str| STANDARD.encode(pem);
    let secret = format!(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: größe\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n      {}\ntype: kubernetes.io/tls\ndata:\n  tls.crt: {}\n  ca.crt: \"{}\"\n",
        serde_json::json!({"data": {"tls.crt": kubernetes(&chain)}}),
        kubernetes(&chain),
        kubernetes(&root)
    );
    let map = format!(
        "# two documents\n---\nkind: ConfigMap\ndata:\n  ca.pem: |\n{}  other: x\n---\nkind: ConfigMap\ndata:\n  list:\n    - >-\n      nothing\n    - |-\n{}",
        indented(&root, 4),
        indented(&chain, 6)
    );
    let quoted =
        format!("ca: {}\nsingle: '{}'\n", json_string(&root), root.trim_end().replace('\n', "\n\n  "));
    let terraform = format!(
        "variable \"x\" {{\n  default = 3\n}}\n\nresource \"cloudflare_zero_trust_gateway_certificate\" \"root\" {{\n  gateway_managed = false\n  certificate = <<-EOT\n{}  EOT\n}}\nlocals {{\n  plain = <<EOT\n{chain}EOT\n  text  = {}\n  list  = [trimspace({}), \"x\"]\n}}\n",
        indented(&root, 4),
        json_string(&root),
        json_string(&root),
    );
    let state =
        serde_json::json!({"version": 4, "resources": [{"instances": [{"attributes": {"cert_pem": root}}]}]});
    let environment = format!(
        "# settings\nexport CA_CERT={}\nOTHER=1\nTWO=\"{}\"\nTHREE='{}'\n",
        json_string(&root),
        chain,
        root
    );
    vec![
        (
            "answer of an interface",
            serde_json::to_string_pretty(&answer).expect("it is JSON"),
            vec![wanted("result[0].certificates", &root), wanted("result[1].certificates", &chain)],
        ),
        (
            "answer on one line",
            answer.to_string(),
            vec![wanted("result[0].certificates", &root), wanted("result[1].certificates", &chain)],
        ),
        (
            "JSON, one document a line",
            lines,
            vec![wanted("[0].certificate", &root), wanted("[1].certificate", &chain)],
        ),
        (
            "a request body with escaped slashes",
            format!(
                "{{\"certificate\": {}}}",
                json_string(&root).replace('/', "\\/").replace('=', "\\u003d")
            ),
            vec![wanted("certificate", &root)],
        ),
        ("a JSON string alone", format!("[{}]", json_string(&root)), vec![wanted("[0]", &root)]),
        (
            "base64 DER in JSON",
            keys.to_string(),
            vec![wanted("keys[0].x5c[0]", &root), wanted("keys[0].x5c[1]", &root)],
        ),
        ("JSON in JSON", nested.to_string(), vec![wanted("SecretString: ca", &root)]),
        (
            "a secret of Kubernetes",
            secret,
            vec![wanted("data.\"tls.crt\"", &chain), wanted("data.\"ca.crt\"", &root)],
        ),
        (
            "two documents of YAML",
            map,
            vec![wanted("[0].data.\"ca.pem\"", &root), wanted("[1].data.list[1]", &chain)],
        ),
        ("quoted scalars of YAML", quoted, vec![wanted("ca", &root), wanted("single", &root)]),
        (
            "Terraform",
            terraform,
            vec![
                wanted("resource.cloudflare_zero_trust_gateway_certificate.root.certificate", &root),
                wanted("locals.plain", &chain),
                wanted("locals.text", &root),
                wanted("locals.list[0]", &root),
            ],
        ),
        (
            "state of Terraform",
            state.to_string(),
            vec![wanted("resources[0].instances[0].attributes.cert_pem", &root)],
        ),
        (
            "environment variables",
            environment,
            vec![wanted("CA_CERT", &root), wanted("TWO", &chain), wanted("THREE", &root)],
        ),
        ("base64 of DER", STANDARD.encode(&der), vec![wanted("", &root)]),
        (
            "base64 of DER in lines, as Windows exports it",
            root.lines()
                .filter(|line| !line.starts_with('-'))
                .fold(String::new(), |text, line| text + line + "\r\n"),
            vec![wanted("", &root)],
        ),
        ("base64 of PEM", STANDARD.encode(&chain), vec![wanted("", &chain)]),
        ("line breaks as backslash and n", chain.replace('\n', "\\n"), vec![wanted("", &chain)]),
        (
            "doubly escaped line breaks in JSON",
            serde_json::json!({"ca": root.replace('\n', "\\n")}).to_string(),
            vec![wanted("ca", &root)],
        ),
        ("PEM", chain.clone(), vec![wanted("", &chain)]),
        (
            "PEM with text that looks like YAML and JSON",
            format!("subject: CN=x\nissuer: {{}}\n{chain}"),
            vec![wanted("", &chain)],
        ),
    ]
}

#[test]
fn every_certificate_is_found_where_it_stands() {
    for (name, text, wanted) in cases() {
        let input = read(&text);
        let mut found: Vec<(&str, Vec<u8>)> = Vec::new();
        for block in &input.blocks {
            found.push((input.inside(block), input.certificate(block).expect(name).to_vec()));
        }
        let wanted: Vec<(&str, Vec<u8>)> = wanted
            .into_iter()
            .flat_map(|one| one.certificates.into_iter().map(move |der| (one.path, der)))
            .collect();
        let paths = |list: &[(&str, Vec<u8>)]| list.iter().map(|one| one.0.to_owned()).collect::<Vec<_>>();
        assert_eq!(paths(&found), paths(&wanted), "{name}");
        assert!(found == wanted, "{name}: other octets");
        let numbers: Vec<Option<usize>> = input.blocks.iter().map(|block| block.number).collect();
        assert_eq!(numbers, (0..found.len()).map(Some).collect::<Vec<_>>(), "{name}");
    }
}

/// The text of a place with escapes and breaks left out.
fn symbols(text: &str) -> String {
    let text = text.replace("\\\\n", "").replace("\\n", "").replace("\\/", "/").replace("\\u003d", "=");
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn every_octet_is_followed_to_the_text_that_stands_for_it() {
    let mut followed = 0;
    for (name, text, _) in cases() {
        let input = read(&text);
        for block in &input.blocks {
            let der = input.certificate(block).expect(name);
            let at = |start: usize, end: usize| {
                let number = |at: usize| u32::try_from(at).expect("it is small");
                let span = Span { start: number(start), end: number(end) };
                input.range_of(block, Some(span)).expect("it is text")
            };
            let whole = input.whole_of(block).expect("it is text");
            let is_twice = base64_twice(&text, &input, block);
            for start in (0..der.len() - 3).step_by(3) {
                let range = at(start, start + 3);
                assert!(
                    whole.start <= range.start && range.end <= whole.end,
                    "{name}: {range:?} in {whole:?}"
                );
                let place = &text[range.clone()];
                if is_twice {
                    // Four characters in six, or in seven where they do not begin at a multiple of three.
                    assert!((6..=9).contains(&symbols(place).len()), "{name}: {place:?}");
                } else {
                    assert_eq!(symbols(place), STANDARD.encode(&der[start..start + 3]), "{name} at {start}");
                }
                followed += 1;
            }
        }
    }
    assert!(followed > 5_000, "{followed} places");
}

/// Whether the text of a block is base64 of PEM.
fn base64_twice(text: &str, input: &Input, block: &Block) -> bool {
    block.armour.is_some() && !text[input.whole_of(block).expect("it is text")].contains("BEGIN")
}

#[test]
fn octets_of_base64_of_pem_are_where_arithmetic_says() {
    let chain = chain();
    let text = format!("  {}", STANDARD.encode(&chain));
    let input = read(&text);
    for block in &input.blocks {
        let armour = block.armour.as_ref().expect("it is PEM");
        let begin = armour.begin.clone();
        let range = input.in_file(block.layer, begin.clone());
        assert_eq!(range, 2 + begin.start * 4 / 3..2 + (begin.end * 4).div_ceil(3));
    }
}

#[test]
fn cut_off_carriers_give_what_stands_before() {
    let (root, chain) = (root(), chain());
    let whole = serde_json::json!({"a": [{"certificate": chain}], "b": {"certificate": root}}).to_string();
    let input = read(&whole[..whole.len() - 900]);
    let inside: Vec<&str> = input.blocks.iter().map(|block| input.inside(block)).collect();
    assert_eq!(inside[..2], ["a[0].certificate"; 2]);
    // The value that is cut off is not lost: its BEGIN is a block of the file.
    assert_eq!(inside[2..], [""]);
    let template = format!(
        "data:\n  ca: |\n{}  {{{{ if .x }}}}\n  other: |\n{}{{{{ end }}}}\n",
        indented(&chain, 4),
        indented(&root, 4)
    );
    let input = read(&template);
    assert_eq!(input.blocks.len(), 3, "a template of Helm loses no block");
}

#[test]
fn forms_can_be_forced() {
    let root = root();
    let der = der_of(&root).remove(0);
    let json = serde_json::json!({"ca": root}).to_string();
    let forced = |octets: &[u8], format| {
        let input =
            Input::read_with(Source::new("x", octets.to_vec()), &Options { format, ..Options::default() });
        input.blocks.iter().filter(|block| matches!(block.content, Content::Certificate(_))).count()
    };
    assert_eq!(forced(json.as_bytes(), Format::Json), 1);
    assert_eq!(forced(json.as_bytes(), Format::Yaml), 1, "JSON is YAML");
    assert_eq!(forced(&der, Format::Der), 1);
    assert_eq!(forced(&der, Format::Pem), 0);
    assert_eq!(forced(STANDARD.encode(&der).as_bytes(), Format::Base64), 1);
    assert_eq!(forced(format!("A={root:?}").as_bytes(), Format::Env), 1);
    assert_eq!(forced(format!("a = {root:?}\n").as_bytes(), Format::Terraform), 1);
}

#[test]
fn values_of_one_object_are_one_bundle() {
    let (root, chain) = (root(), chain());
    let text = serde_json::json!({"a": {"x": root, "y": [chain, root]}, "b": {"x": root}}).to_string();
    let input = read(&text);
    let objects: Vec<usize> = input.blocks.iter().map(|block| input.layers[block.layer].object).collect();
    let [first, .., last] = objects[..] else { panic!("{objects:?}") };
    assert_eq!(objects, [first, first, first, first, last]);
    assert_ne!(first, last);
}

#[test]
fn deep_and_many_carriers_end() {
    let deep = "[".repeat(200_000) + &json_string(&root()) + &"]".repeat(200_000);
    assert!(read(&deep).has_anything(), "what is too deep is still a block");
    let mut text = root();
    for _ in 0..12 {
        text = serde_json::json!({"a": text}).to_string();
    }
    // Six texts inside one another are followed.
    let _ = read(&text);
    let mut base = root();
    for _ in 0..8 {
        base = STANDARD.encode(base);
    }
    let _ = read(&base);
    let braces = format!("a = {}1\nb = <<EOT\n{}EOT\n", "(".repeat(100_000), root());
    assert!(read(&braces).has_anything());
    let flow = "{a: ".repeat(100_000) + "\n-----BEGIN CERTIFICATE-----\n";
    assert!(read(&flow).has_anything());
}

#[test]
fn blocks_behind_der_are_read_too() {
    let (root, chain) = (root(), chain());
    let mut octets = der_of(&root).remove(0);
    octets.extend(chain.as_bytes());
    let input = Input::read(Source::new("glued", octets));
    let found: Vec<&[u8]> = input.blocks.iter().filter_map(|block| input.certificate(block)).collect();
    let wanted: Vec<Vec<u8>> = der_of(&root).into_iter().chain(der_of(&chain)).collect();
    assert_eq!(found, wanted);
}
