//! Pythons of the machine, 3.13 or newer, each a process that is asked line by line.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pemlint::client::openssl::Client;
use serde_json::{Value, json};

use super::case::{Answer, Case, Engine, version_of};
use super::pythons::{self, Interpreter};

/// A Python and what it promises.
pub(crate) struct Python {
    interpreter: Interpreter,
    pub(crate) engine: Engine,
}

/// What a Python says to one case.
pub(crate) struct Said {
    /// To a server that goes no further than Certificate.
    pub(crate) flight: Answer,
    /// To a real server, where that one starts; `None` where it does not.
    pub(crate) whole: Option<Answer>,
}

/// The Pythons to ask, each OpenSSL once.
pub(crate) fn pythons(instant: i64) -> Vec<Python> {
    let all = pythons::interpreters("tests/openssl_engine/handshake.py").into_iter();
    all.map(|interpreter| {
        let (_, openssl) = interpreter.name.split_once(", ").expect("Python, then its OpenSSL");
        let (client, version) = (Client::Python313, version_of(openssl));
        let engine = Engine { name: interpreter.name.clone(), client, version, instant };
        Python { interpreter, engine }
    })
    .collect()
}

impl Python {
    /// Its answers to all cases.
    pub(crate) fn ask(&self, cases: &[Case]) -> Vec<Said> {
        let questions = cases.iter().map(|case| question(case).to_string());
        self.interpreter.ask(questions).iter().map(said).collect()
    }
}

fn question(case: &Case) -> Value {
    let chain = case.chain();
    // A server would send what it has read, not what stands in the file.
    let key = case.key.as_ref().filter(|_| chain.iter().all(|der| ends_where_it_says(der)));
    json!({
        "trust": STANDARD.encode(&case.store),
        "chain": chain.iter().map(|der| STANDARD.encode(der)).collect::<Vec<_>>(),
        "host": case.host,
        "level": case.level,
        "strict": case.strict,
        "partial_chain": case.partial_chain,
        "key": key,
    })
}

fn ends_where_it_says(der: &[u8]) -> bool {
    pemlint::issue::der::read(der).is_some_and(|(_, _, rest)| rest.is_empty())
}

fn said(line: &Value) -> Said {
    let whole = Some(&line["whole"]).filter(|whole| !whole.is_null() && whole["stage"] != "server");
    Said { flight: answer(&line["flight"]), whole: whole.map(answer) }
}

fn answer(said: &Value) -> Answer {
    let text = said["text"].as_str().unwrap_or_default();
    match said["stage"].as_str().unwrap() {
        "accepted" => Answer::Accepted,
        "verify" => {
            let prefix = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: ";
            let text = text.strip_prefix(prefix).unwrap_or_else(|| panic!("unknown text {text:?}"));
            Answer::Rejected { code: said["code"].as_i64().unwrap(), depth: None, text: text.to_owned() }
        }
        _ => Answer::Refused(text.to_owned()),
    }
}
