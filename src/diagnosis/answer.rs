//! An answer in full: what the entry says, what the text gives and what the rules
//! know, put together for whoever shows it.

use serde::Serialize;

use super::{Answer, Clues, Code};
use crate::rule::Draft;

/// An error explained.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// Its id, which `pemlint explain` takes as well.
    pub error: String,
    /// What is wrong, in one sentence.
    pub saying: String,
    /// The step of the client's work in which it is met.
    pub step: &'static str,
    /// The texts by which it was found; a name or a number is among the codes.
    pub found: Vec<String>,
    /// The verify codes that are meant.
    pub codes: Vec<KnownCode>,
    /// What OpenSSL calls it, where the text is another client's.
    pub counterpart: Option<KnownCode>,
    /// The depth that the text gives; 0 is the server's certificate.
    pub depth: Option<u16>,
    /// Which certificate is meant, and why the text does not say so.
    pub certificate: String,
    /// What usually causes it, most likely first.
    pub causes: Vec<String>,
    /// Who must act.
    pub acts: String,
    /// Commands that show it.
    pub see: String,
    /// Rules that find it.
    pub rules: Vec<String>,
    /// What to do, with the command.
    pub repair: String,
    /// What a client can do until then, and its price.
    pub workaround: String,
    /// What comes to light once it is repaired.
    pub hides: Option<String>,
    /// Since when it exists.
    pub since: String,
    /// Other errors that the same words may mean.
    pub also: Vec<Related>,
}

/// A verify code in an explanation.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KnownCode {
    /// Its number.
    pub number: u16,
    /// Its whole name.
    pub name: String,
    /// What the newest version prints.
    pub message: Option<String>,
    /// The versions that give it this number.
    pub openssl: String,
    /// What sets it apart in its family.
    pub note: Option<String>,
}

/// Another error that the same words may mean.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Related {
    /// Its id.
    pub error: String,
    /// What `pemlint explain` takes for it.
    pub ask: String,
    /// What is wrong then.
    pub saying: String,
}

/// What is said of a text that names no depth.
const NO_DEPTH: &str = "The text does not say which, as clients such as Python print neither depth nor name.";

impl Answer {
    /// Puts the answer together with the rules of a run.
    pub fn explained<'d>(&self, rules: impl Iterator<Item = &'d Draft>, clues: &Clues) -> Explanation {
        let entry = self.entry;
        let placed = |text: &str| placed(text.trim(), clues);
        let workaround = entry.workaround.as_deref().unwrap_or(entry.step.workaround());
        let hides = [entry.hides.as_deref(), entry.step.hides()].into_iter().flatten().collect::<Vec<_>>();
        Explanation {
            error: entry.id.clone(),
            saying: entry.saying.clone(),
            step: entry.step.name(),
            found: self.found.clone(),
            codes: self.codes.iter().map(|code| KnownCode::of(code)).collect(),
            counterpart: entry.codes.first().filter(|_| self.codes.is_empty()).map(KnownCode::of),
            depth: self.depth,
            certificate: self.certificate(),
            causes: entry.causes.clone(),
            acts: entry.acts.clone(),
            see: entry.see.as_deref().map_or_else(|| placed(&see(clues)), placed),
            rules: self.rules(rules),
            repair: placed(&entry.repair),
            workaround: placed(workaround),
            hides: (!hides.is_empty()).then(|| hides.join(" ")),
            since: entry.since.as_deref().unwrap_or(entry.step.since()).to_owned(),
            also: self
                .also
                .iter()
                .map(|other| {
                    let code = other.codes.first().map(|code| code.number.to_string());
                    let ask = code.unwrap_or_else(|| other.id.clone());
                    Related { error: other.id.clone(), ask, saying: other.saying.clone() }
                })
                .collect(),
        }
    }

    fn certificate(&self) -> String {
        let meant = &self.entry.certificate;
        match self.depth {
            Some(0) if meant.contains("depth 0") => meant.clone(),
            Some(0) => format!("{meant} The text gives depth 0, the server's own certificate."),
            Some(depth) => format!(
                "{meant} The text gives depth {depth}: count up from the server's own certificate, which is 0, and \
                 end with the trusted one."
            ),
            None if self.entry.step.is_verification() && !meant.contains("depth 0") => {
                format!("{meant} {NO_DEPTH}")
            }
            None => meant.clone(),
        }
    }

    /// The rules that list one of the codes that are meant, and those of the entry.
    /// Rules list the numbers of OpenSSL 3 and newer.
    fn rules<'d>(&self, drafts: impl Iterator<Item = &'d Draft>) -> Vec<String> {
        let newer = |code: &&Code| !code.openssl.starts_with("1.1.1");
        let mut codes: Vec<&Code> = self.codes.iter().copied().filter(newer).collect();
        if codes.is_empty() {
            codes = self.entry.codes.iter().filter(newer).collect();
        }
        let lists = |draft: &Draft| {
            draft.openssl.iter().any(|number| codes.iter().any(|code| i64::from(code.number) == *number))
        };
        let finds = |draft: &&Draft| lists(draft) || self.entry.rules.contains(&draft.source.id);
        let mut found: Vec<String> = drafts.filter(finds).map(|draft| draft.source.id.clone()).collect();
        found.sort();
        found
    }
}

impl KnownCode {
    fn of(code: &Code) -> Self {
        let prefix = if code.number == 0 { "X509_V_" } else { "X509_V_ERR_" };
        Self {
            number: code.number,
            name: format!("{prefix}{}", code.name),
            message: code.texts.first().cloned(),
            openssl: code.openssl.clone(),
            note: code.note.clone(),
        }
    }
}

/// The commands that show an error of a chain.
fn see(clues: &Clues) -> String {
    let client = clues.client().map(|client| format!(" --client {client}")).unwrap_or_default();
    format!(
        "    openssl s_client -connect HOST:PORT -servername HOST -showcerts \\\n        </dev/null > chain.pem\n    \
         pemlint predict chain.pem --trust ca.pem --host HOST{client}\n    \
         pemlint check ca.pem --profile python-strict"
    )
}

/// A text with the host and port that were found in place of the words for them.
fn placed(text: &str, clues: &Clues) -> String {
    let port = clues.port.map_or_else(|| "443".to_owned(), |port| port.to_string());
    let text = text.replace("PORT", &port);
    let Some(host) = &clues.host else {
        return text;
    };
    let connected = if host.contains(':') { format!("[{host}]:") } else { format!("{host}:") };
    let text = text.replace("HOST:", &connected);
    // An address has no server name.
    let text =
        if host.parse::<std::net::IpAddr>().is_ok() { text.replace(" -servername HOST", "") } else { text };
    text.replace("HOST", host)
}
