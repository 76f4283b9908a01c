//! `pemlint explain`: an error, a rule or a fact, from its file or the schema alone.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use anyhow::{Context as _, bail};

use super::diagnose::{self, Brought};
use super::{Status, check, selection, terminal};
use crate::cli::{Color, ExplainArgs, ListFormat};
use crate::client::verify_code;
use crate::diagnosis;
use crate::document::closest;
use crate::expr::FUNCTIONS;
use crate::facts::schema::{self, Field, Presence, Read};
use crate::facts::time::rfc3339;
use crate::facts::value::{Kind, Scalar};
use crate::finding::Severity;
use crate::limits::WIDTH;
use crate::rule::{Draft, Level, Profile, RuleSet, page, profile_names};
use crate::source::secret_runs;

/// Runs the command.
///
/// # Errors
/// Where nothing is known of what was asked.
pub(super) fn run(args: &ExplainArgs) -> anyhow::Result<Status> {
    let working = check::working_directory()?;
    let sets = selection::select(&args.rules, &[], &working, Vec::new())?.sets;
    let set = sets.first().context("there is no profile")?;
    if let Some(brought) = diagnose::brought(args)? {
        if diagnose::print(set, &brought, args.format)? {
            return Ok(Status::Clean);
        }
        bail!("{}", diagnose::unknown(&brought.text));
    }
    let what = args.what.join(" ");
    let what = what.trim();
    if let Some(text) = word(&sets, set, what)? {
        if args.format == ListFormat::Json {
            bail!("--format json is for errors; `pemlint rules --format json` lists the rules");
        }
        terminal::print(rendered(|_| text.clone()).as_bytes())?;
        return Ok(Status::Clean);
    }
    if let Some(diagnosis) = diagnosis::of_id(what) {
        diagnose::print_answers(set, &diagnosis, args.format)?;
        return Ok(Status::Clean);
    }
    if diagnose::print(set, &Brought::argument(what), args.format)? {
        return Ok(Status::Clean);
    }
    let is_word = !what.contains(char::is_whitespace) && what.parse::<u64>().is_err();
    if is_word {
        let name = if is_public(what) { format!("`{what}`") } else { "this".into() };
        bail!("{name} is no rule and no fact{}, and no error is known by it", suggestion(set, what));
    }
    bail!("{}", diagnose::unknown(what));
}

/// Whether a word may be repeated: it is no run of characters that may be a key's.
fn is_public(what: &str) -> bool {
    let is_name = |run: Range<usize>| what[run].bytes().all(|octet| octet.is_ascii_alphabetic());
    secret_runs(what.as_bytes()).all(is_name)
}

/// A rule, a fact or a function.
fn word(sets: &[RuleSet], set: &RuleSet, what: &str) -> anyhow::Result<Option<String>> {
    if let Some(draft) = find_rule(set, what) {
        return rule(sets, draft).map(Some);
    }
    let function = FUNCTIONS.iter().find(|function| function.name == what).map(|function| {
        format!(
            "# {}\n\nA function of expressions: `{}` gives {}.\n",
            function.name, function.usage, function.doc
        )
    });
    Ok(fact(set, what).or(function))
}

/// Markdown as it is, wrapped to columns; or formatted by who colours it.
pub(super) fn rendered(markdown: impl Fn(Option<usize>) -> String) -> String {
    if !terminal::is_colored(Color::Auto) {
        return markdown(Some(WIDTH));
    }
    let skin = termimad::MadSkin::default();
    skin.text(&markdown(None), Some(terminal::width())).to_string()
}

/// A rule by its id or by the last part of it, where only one has that.
fn find_rule<'s>(set: &'s RuleSet, what: &str) -> Option<&'s Draft> {
    set.draft(what).or_else(|| {
        let mut named = set.drafts().filter(|draft| draft.source.id.rsplit('/').next() == Some(what));
        let first = named.next()?;
        named.next().is_none().then_some(first)
    })
}

fn suggestion(set: &RuleSet, what: &str) -> String {
    let ids: Vec<&str> = set.drafts().map(|draft| draft.source.id.as_str()).collect();
    let last = ids.iter().filter_map(|id| id.rsplit('/').next());
    let paths: Vec<String> = schema::paths().into_iter().map(|(path, _)| path.replace("[]", "")).collect();
    let names = ids.iter().copied().chain(last).chain(paths.iter().map(String::as_str));
    closest(what, names).map_or_else(
        || "; `pemlint rules` lists the rules".into(),
        |close| format!("; did you mean `{close}`?"),
    )
}

/// A line for each level, with the profiles that have it.
fn levels(draft: &Draft) -> anyhow::Result<String> {
    let mut profiles: BTreeMap<Reverse<Option<Severity>>, Vec<String>> = BTreeMap::new();
    for name in profile_names() {
        let level = match Profile::named(name)?.level(&draft.source.id, draft.severity) {
            Level::Off => None,
            Level::On(severity) => Some(severity),
        };
        profiles.entry(Reverse(level)).or_default().push(format!("`{name}`"));
    }
    let line = |(Reverse(level), names): (Reverse<Option<Severity>>, Vec<String>)| {
        format!("* {} under {}\n", level.map_or("off", Severity::name), names.join(", "))
    };
    Ok(profiles.into_iter().map(line).collect())
}

fn rule(sets: &[RuleSet], draft: &Draft) -> anyhow::Result<String> {
    let mut text = format!("# {}\n\n{}\n\n", draft.source.id, draft.title);
    text.push_str(&levels(draft)?);
    let issued = |word: &str, instant: Option<i64>| {
        instant.map(|instant| format!(" {word} {}", rfc3339(instant))).unwrap_or_default()
    };
    let window = issued("from", draft.from) + &issued("before", draft.until);
    let _ = write!(text, "\n## Why\n\n{}\n\n## Fix\n\n{}\n", draft.why.trim(), draft.fix.value.trim());
    let clients: Vec<String> = draft
        .openssl
        .iter()
        .filter_map(|code| verify_code(*code))
        .map(|known| format!("* OpenSSL {} `X509_V_ERR_{}`: {}", known.code, known.name, known.message))
        .collect();
    if !clients.is_empty() {
        let _ = write!(
            text,
            "\n## Who rejects it\n\nClients that verify with OpenSSL, Python 3.13 and newer with its strict flag among them, may print:\n\n{}\n",
            clients.join("\n")
        );
    }
    text.push_str("\n## Rule\n\n");
    let window = if window.is_empty() { window } else { format!(" issued{window}") };
    let _ = writeln!(text, "Looks at each {}{window}.\n", draft.subject.name());
    for (key, expression) in [
        ("each", &draft.each),
        ("when", &draft.when),
        ("check", &Some(draft.check.clone())),
        ("at", &draft.at),
    ] {
        if let Some(expression) = expression {
            let _ = writeln!(text, "    {key:5} = {}", expression.value.trim());
        }
    }
    if !draft.params.is_empty() {
        text.push_str("\n## Parameters\n\n");
        for (name, value) in &draft.params {
            let _ = write!(text, "* `{name}` = {}", shown(value));
            for set in sets {
                if let Some(value) = set.profile.param(&draft.source.id, name) {
                    let _ = write!(text, ", {} under `{}`", shown(value), set.profile.name);
                }
            }
            text.push('\n');
        }
    }
    text.push_str("\n## References\n\n");
    for reference in &draft.references {
        let keyword = reference.keyword.as_deref().map(|keyword| format!(" ({keyword})")).unwrap_or_default();
        let url = reference.url.as_deref().map(|url| format!(", {url}")).unwrap_or_default();
        let _ = writeln!(text, "* {}{keyword}{url}", reference.text());
    }
    if let Some(page) = page(&draft.source.id) {
        let _ = write!(text, "\nThe same with examples: {page}\n");
    }
    Ok(text)
}

fn shown(value: &crate::expr::Param) -> String {
    use crate::expr::Param;
    match value {
        Param::Bool(value) => value.to_string(),
        Param::Int(value) => value.to_string(),
        Param::String(value) => format!("\"{value}\""),
        Param::Strings(values) => {
            format!("[{}]", values.iter().map(|value| format!("\"{value}\"")).collect::<Vec<_>>().join(", "))
        }
        Param::Ints(values) => format!("{values:?}"),
    }
}

/// A path of the schema; `[]` may be left out.
fn fact(set: &RuleSet, what: &str) -> Option<String> {
    let wanted = what.replace("[]", "");
    let mut parts = wanted.split('.');
    let root = schema::ROOTS.iter().find(|root| root.name == wanted.split('.').next().unwrap_or(""))?;
    parts.next();
    let mut kind = Some(root.kind);
    let mut last: Option<&'static Field> = None;
    for part in parts {
        let field = schema::field(kind?, part)?;
        kind = match field.read {
            Read::Message(kind, _) | Read::List(Scalar::Message(kind), _) => Some(kind),
            _ => None,
        };
        last = Some(field);
    }
    let mut text = format!("# {wanted}\n\n");
    match last {
        None => {
            let _ = writeln!(text, "A variable: {}.", root.doc);
        }
        Some(field) => {
            let _ = writeln!(text, "A fact of type {}: {}.\n", field.type_(), field.doc);
            if !field.example.is_empty() {
                let _ = writeln!(text, "* example: `{}`", field.example);
            }
            if !matches!(field.presence, Presence::Always) {
                let _ = writeln!(
                    text,
                    "* can be absent: ask with `has({wanted})`; absent, it has the zero value of its type"
                );
            }
        }
    }
    if let Some(kind) = kind {
        push_fields(&mut text, kind);
    }
    let users = users(set, &wanted);
    if !users.is_empty() {
        let _ = write!(
            text,
            "\n## Rules that read it\n\n{}\n",
            users.iter().map(|id| format!("* {id}")).collect::<Vec<_>>().join("\n")
        );
    }
    Some(text)
}

fn push_fields(text: &mut String, kind: Kind) {
    text.push_str("\n## Facts\n\n");
    for field in schema::fields(kind) {
        let _ = writeln!(text, "* `{}` ({}): {}", field.name, field.type_(), field.doc);
    }
}

fn users(set: &RuleSet, path: &str) -> Vec<String> {
    let is_end = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric() && c != '_');
    let reads = |text: &str| {
        text.match_indices(path).any(|(at, _)| {
            is_end(text[at + path.len()..].chars().next()) && is_end(text[..at].chars().next_back())
        })
    };
    let mut users: Vec<String> = set
        .drafts()
        .filter(|draft| {
            [&draft.each, &draft.when, &Some(draft.check.clone())]
                .into_iter()
                .flatten()
                .any(|text| reads(&text.value))
        })
        .map(|draft| draft.source.id.clone())
        .collect();
    users.sort();
    users
}
