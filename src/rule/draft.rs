//! A rule file as it was written: keys and types checked, expressions not yet.

use std::collections::BTreeMap;
use std::ops::{Deref, Range};
use std::sync::OnceLock;

use serde_spanned::Spanned;
use toml::de::DeValue;

use super::RuleSource;
use crate::document::{Diagnostic, Diagnostics, File, Table, Text, closest, integer};
use crate::expr::Param;
use crate::facts::time::from_rfc3339;
use crate::finding::Severity;

/// What a rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// Each certificate.
    Certificate,
    /// Each certificate with its issuer.
    Link,
    /// Each bundle.
    Bundle,
    /// Each private key.
    Key,
    /// Each block of a file.
    Block,
    /// Each file.
    File,
}

impl Subject {
    /// All of them, in the order in which they are looked at.
    pub const ALL: [Self; 6] =
        [Self::File, Self::Block, Self::Certificate, Self::Link, Self::Bundle, Self::Key];

    /// Its name in rule files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::Link => "link",
            Self::Bundle => "bundle",
            Self::Key => "key",
            Self::Block => "block",
            Self::File => "file",
        }
    }

    /// The fact that `from` and `until` of its rules are compared with, if it has one:
    /// the notBefore of the certificate, of a link that of the child.
    #[must_use]
    pub fn issued(self) -> Option<&'static str> {
        match self {
            Self::Certificate => Some("cert.validity.notBefore"),
            Self::Link => Some("child.validity.notBefore"),
            Self::Bundle | Self::Key | Self::Block | Self::File => None,
        }
    }

    /// The variables that its rules can read, its own one first.
    #[must_use]
    pub fn roots(self) -> &'static [&'static str] {
        match self {
            Self::Certificate => &["cert", "bundle"],
            Self::Link => &["child", "issuer", "link", "bundle"],
            Self::Bundle => &["bundle"],
            Self::Key => &["key"],
            Self::Block => &["block"],
            Self::File => &["file"],
        }
    }
}

/// A document that a rule rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Its name, such as `RFC 5280`.
    pub document: String,
    /// The section.
    pub section: String,
    /// Its keyword (RFC 2119), if it uses one.
    pub keyword: Option<String>,
    /// Its address.
    pub url: Option<String>,
}

impl Reference {
    /// `RFC 5280 §4.2.1.3`; sections that are no numbers follow a comma.
    #[must_use]
    pub fn text(&self) -> String {
        let numbered = self.section.starts_with(|c: char| c.is_ascii_digit());
        let separator = if numbered { " §" } else { ", " };
        format!("{}{separator}{}", self.document, self.section)
    }

    /// Markdown: its text, as a link where it has an address, and its keyword.
    #[must_use]
    pub fn markdown(&self) -> String {
        let text = self.text().replace('[', "\\[").replace(']', "\\]");
        let text = self.url.as_ref().map_or(text.clone(), |url| format!("[{text}](<{url}>)"));
        self.keyword.as_ref().map_or(text.clone(), |keyword| format!("{text} ({keyword})"))
    }
}

/// A file on which a user's rule must fail or pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The file, relative to the rule's.
    pub file: String,
    /// Whether the rule must fail on it.
    pub fails: bool,
    /// The instant at which it is looked at, in seconds since 1970, if not that of the run.
    pub at: Option<i64>,
    /// The profile under which it is looked at, if not that of the run.
    pub profile: Option<String>,
}

/// A rule as it was written: what it needs to run, and, read when it is first asked for, the account that it gives of
/// its fault.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the keys of a rule file")]
pub struct Draft {
    pub source: RuleSource,
    pub severity: Severity,
    pub subject: Subject,
    pub from: Option<i64>,
    pub until: Option<i64>,
    pub each: Option<Text>,
    pub when: Option<Text>,
    pub check: Text,
    pub params: BTreeMap<String, Param>,
    /// Whether it is in the binary, so that a test has proven it sound.
    pub(super) is_embedded: bool,
    pub(super) account: OnceLock<Box<Account>>,
}

/// The account that a rule gives of its fault.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the keys of a rule file")]
pub struct Account {
    pub title: String,
    pub at: Option<Text>,
    pub message: Text,
    pub why: String,
    pub fix: Text,
    pub openssl: Vec<i64>,
    pub refused: Vec<String>,
    pub rustls: Vec<String>,
    pub references: Vec<Reference>,
    pub examples: Vec<Example>,
}

impl Deref for Draft {
    type Target = Account;

    fn deref(&self) -> &Account {
        self.account.get_or_init(|| {
            let read = Self::read(self.source.clone());
            let whole = read.unwrap_or_else(|unsound| panic!("{}", Diagnostics::new(unsound.errors)));
            whole.account.into_inner().expect("a file that was read has its account")
        })
    }
}

const KEYWORDS: [&str; 10] = [
    "MUST",
    "MUST NOT",
    "REQUIRED",
    "SHALL",
    "SHALL NOT",
    "SHOULD",
    "SHOULD NOT",
    "RECOMMENDED",
    "NOT RECOMMENDED",
    "MAY",
];

/// A rule file with faults in its keys and values.
#[derive(Clone, Debug)]
pub struct Unsound {
    /// The faults.
    pub errors: Vec<Diagnostic>,
    /// What could be read of it, the rest filled in, so that faults of its
    /// expressions are found as well; `None` where these make no sense alone.
    pub draft: Option<Box<Draft>>,
}

impl Draft {
    /// Reads a rule file.
    ///
    /// # Errors
    /// Everything that is wrong with its keys and values.
    pub fn read(source: RuleSource) -> Result<Self, Unsound> {
        let RuleSource { path, text, id } = source.clone();
        let mut file = File::new(&path, &text);
        check_id(&mut file, &id);
        let Some(mut table) = file.root() else {
            return Err(Unsound { errors: file.errors, draft: None });
        };
        let has_each = table.holds("each");
        let title = file.required_text(&mut table, "title", "one line that names the fault");
        let severity = read_severity(&mut file, &mut table);
        let subject = read_subject(&mut file, &mut table);
        let (from, until) = read_window(&mut file, &mut table, subject);
        let each = file.expression(&mut table, "each");
        let when = file.expression(&mut table, "when");
        let check = required_expression(&mut file, &mut table, "check");
        let account = read_account(&mut file, &mut table, title);
        let params =
            file.table(&mut table, "params").map(|params| read_params(&mut file, params)).unwrap_or_default();
        file.finish(table, "a rule");
        let is_readable = each.is_some() || !has_each;
        let draft = subject.filter(|_| is_readable).map(|subject| Self {
            source,
            severity: severity.unwrap_or(Severity::Error),
            subject,
            from,
            until,
            each,
            when,
            check: check.unwrap_or_else(|| filled_in("true")),
            params,
            is_embedded: false,
            account: Box::new(account).into(),
        });
        match draft {
            Some(draft) if file.errors.is_empty() => Ok(draft),
            draft => Err(Unsound { errors: file.errors, draft: draft.map(Box::new) }),
        }
    }
}

fn read_account<'t>(file: &mut File<'t>, table: &mut Table<'t>, title: Option<Text>) -> Account {
    let at = file.expression(table, "at");
    let help = "one sentence with the values at fault, such as {cert.subject.text}";
    let message = file.required_text(table, "message", help);
    let why = file.required_text(table, "why", "what goes wrong, and for whom");
    let fix = file.required_text(table, "fix", "what to do, with the command to run");
    Account {
        title: title.map(|title| title.value).unwrap_or_default(),
        at,
        message: message.filter(|text| !text.value.is_empty()).unwrap_or_else(|| filled_in("{now}")),
        why: why.map(|why| why.value).unwrap_or_default(),
        fix: fix.unwrap_or_else(|| filled_in("")),
        openssl: file.integers(table, "openssl"),
        refused: names(file.texts(table, "refused")),
        rustls: names(file.texts(table, "rustls")),
        references: read_references(file, table),
        examples: read_examples(file, table),
    }
}

fn names(texts: Vec<Text>) -> Vec<String> {
    texts.into_iter().map(|text| text.value).collect()
}

/// A value that stands in the file for one that is missing or faulty.
fn filled_in(value: &str) -> Text {
    Text { value: value.to_owned(), span: 0..0, start: None }
}

fn check_id(file: &mut File<'_>, id: &str) {
    let is_word = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|octet| octet.is_ascii_lowercase() || octet.is_ascii_digit() || octet == b'-')
    };
    if id.split('/').count() != 2 || !id.split('/').all(is_word) {
        file.fail(
            "bad-id",
            0..0,
            format!("the path gives the id `{id}`, which is no SOURCE/NAME of lower-case letters, digits and hyphens"),
            Some("put the file at SOURCE/NAME.toml below the rules folder".into()),
        );
    }
}

fn required_expression<'t>(file: &mut File<'t>, table: &mut Table<'t>, key: &'static str) -> Option<Text> {
    let before = file.errors.len();
    let text = file.expression(table, key);
    if text.is_none() && file.errors.len() == before {
        file.missing(table, key, "what must hold, such as check = 'has(cert.keyUsage)'");
    }
    text
}

/// A value out of a fixed set of names.
fn choice<'t, T: Copy>(
    file: &mut File<'t>,
    table: &mut Table<'t>,
    key: &'static str,
    choices: &[(&'static str, T)],
) -> Option<T> {
    let names = choices.iter().map(|(name, _)| *name);
    let text =
        file.required_text(table, key, &format!("one of {}", names.clone().collect::<Vec<_>>().join(", ")))?;
    let found = choices.iter().find(|(name, _)| *name == text.value).map(|(_, value)| *value);
    if found.is_none() && !text.value.trim().is_empty() {
        let help = closest(&text.value, names.clone()).map_or_else(
            || format!("one of {}", names.collect::<Vec<_>>().join(", ")),
            |close| format!("did you mean `{close}`?"),
        );
        file.fail("unknown-value", text.span, format!("`{}` is no {key}", text.value), Some(help));
    }
    found
}

fn read_severity<'t>(file: &mut File<'t>, table: &mut Table<'t>) -> Option<Severity> {
    choice(
        file,
        table,
        "severity",
        &[("error", Severity::Error), ("warning", Severity::Warning), ("info", Severity::Info)],
    )
}

fn read_subject<'t>(file: &mut File<'t>, table: &mut Table<'t>) -> Option<Subject> {
    choice(file, table, "subject", &Subject::ALL.map(|subject| (subject.name(), subject)))
}

/// The instants from which and before which certificates were issued that a rule is for.
fn read_window<'t>(
    file: &mut File<'t>,
    table: &mut Table<'t>,
    subject: Option<Subject>,
) -> (Option<i64>, Option<i64>) {
    let keys = ["from", "until"].map(|key| (key, file.text(table, key)));
    for (key, text) in &keys {
        if let (Some(text), Some(subject)) = (text, subject.filter(|subject| subject.issued().is_none())) {
            let message = format!(
                "`{key}` is compared with notBefore of a certificate, and a {} has none",
                subject.name()
            );
            let help = "it is for rules whose subject is a certificate or a link".to_owned();
            file.fail("not-on-certificates", text.span.clone(), message, Some(help));
        }
    }
    let [from, until] = keys.map(|(_, text)| text.and_then(|text| Some((instant(file, &text)?, text))));
    if let (Some((first, _)), Some((end, text))) = (&from, &until)
        && first >= end
    {
        let message = format!("no certificate is for it: `{}` is not after `from`", text.value);
        file.fail("empty-window", text.span.clone(), message, None);
    }
    (from.map(|(instant, _)| instant), until.map(|(instant, _)| instant))
}

fn read_references<'t>(file: &mut File<'t>, table: &mut Table<'t>) -> Vec<Reference> {
    let before = file.errors.len();
    let tables = file.tables(table, "reference");
    if tables.is_empty() && file.errors.len() == before {
        file.missing(table, "reference", "add [[reference]] with document and section");
    }
    let mut references = Vec::new();
    for mut entry in tables {
        let document =
            file.required_text(&mut entry, "document", "the name of the document, such as RFC 5280");
        let section = file.required_text(&mut entry, "section", "the section that says so");
        let keyword = file.text(&mut entry, "keyword");
        if let Some(keyword) = keyword.as_ref().filter(|keyword| !KEYWORDS.contains(&keyword.value.as_str()))
        {
            let message = format!("`{}` is no keyword of RFC 2119", keyword.value);
            let help = closest(&keyword.value, KEYWORDS).map_or_else(
                || format!("one of {}", KEYWORDS.join(", ")),
                |close| format!("did you mean `{close}`?"),
            );
            file.fail("unknown-value", keyword.span.clone(), message, Some(help));
        }
        let url = file.text(&mut entry, "url").map(|url| url.value);
        file.finish(entry, "a reference");
        if let (Some(document), Some(section)) = (document, section) {
            references.push(Reference {
                document: document.value,
                section: section.value,
                keyword: keyword.map(|keyword| keyword.value),
                url,
            });
        }
    }
    references
}

fn read_examples<'t>(file: &mut File<'t>, table: &mut Table<'t>) -> Vec<Example> {
    let mut examples = Vec::new();
    for mut entry in file.tables(table, "example") {
        let path = file.required_text(&mut entry, "file", "a file relative to the rule's");
        let fails = choice(file, &mut entry, "outcome", &[("fails", true), ("passes", false)]);
        let at = file.text(&mut entry, "at").and_then(|at| instant(file, &at));
        let profile = file.text(&mut entry, "profile").map(|profile| profile.value);
        file.finish(entry, "an example");
        if let (Some(path), Some(fails)) = (path, fails) {
            examples.push(Example { file: path.value, fails, at, profile });
        }
    }
    examples
}

fn instant(file: &mut File<'_>, text: &Text) -> Option<i64> {
    let at = from_rfc3339(&text.value);
    if at.is_none() {
        let message = format!("`{}` is no instant", text.value);
        let help = "write it as RFC 3339 does: 2026-11-22T00:00:00Z".to_owned();
        file.fail("bad-date", text.span.clone(), message, Some(help));
    }
    at
}

/// Parameters with their default values; also read from profiles.
pub(super) fn read_params(file: &mut File<'_>, table: Table<'_>) -> BTreeMap<String, Param> {
    let mut params = BTreeMap::new();
    for (_, name, value) in table.rest() {
        match param(&value) {
            Ok(param) => {
                params.insert(name, param);
            }
            Err(span) => wrong_param(file, &name, span),
        }
    }
    params
}

/// Says that a value cannot be that of a parameter.
pub(super) fn wrong_param(file: &mut File<'_>, name: &str, span: Range<usize>) {
    let message = format!("the parameter `{name}` is of a type that parameters do not have");
    let help = "use an integer, a string, true or false, or a list of integers or of strings";
    file.fail("wrong-type", span, message, Some(help.to_owned()));
}

pub(super) fn param(value: &Spanned<DeValue<'_>>) -> Result<Param, Range<usize>> {
    let fail = || value.span();
    Ok(match value.get_ref() {
        DeValue::Boolean(value) => Param::Bool(*value),
        DeValue::String(text) => Param::String(text.to_string()),
        number @ DeValue::Integer(_) => Param::Int(integer(number).ok_or_else(fail)?),
        DeValue::Array(items) => {
            let texts: Option<Vec<String>> =
                items.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect();
            let numbers: Option<Vec<i64>> = items.iter().map(|item| integer(item.get_ref())).collect();
            match (texts, numbers) {
                (Some(texts), _) => Param::Strings(texts),
                (None, Some(numbers)) => Param::Ints(numbers),
                _ => return Err(fail()),
            }
        }
        _ => return Err(fail()),
    })
}
