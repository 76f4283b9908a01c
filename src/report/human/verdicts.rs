//! What clients say, for people: one line for each client of a chain in the
//! report of `check`, a picture of the chain with its errors for `predict`.

use std::io;

use super::text::wrapped;
use super::{INDENT, Page};
use crate::client::rustls;
use crate::report::StoreSummary;
use crate::source::shown;
use crate::verdict::{Error, Leaf, Step, Verdict};

/// Chains whose verdicts are listed one by one; of more, the rejected ones.
const LISTED: usize = 4;

/// Certificates that the last line on a trust store names.
const NAMED: usize = 10;

/// The rule that finds another certificate in the leaf's place.
const NOT_FIRST: &str = "chain/leaf-not-first";

/// Columns that subjects of a picture are padded to, at most.
const SUBJECT: usize = 48;

impl Page<'_> {
    /// The verdicts below the findings of `check`: those of one chain together.
    pub(super) fn write_verdicts(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let chains: Vec<&[Verdict]> = self.report.verdicts.chunk_by(is_same_chain).collect();
        for chain in &chains {
            let is_listed = chains.len() <= LISTED || chain.iter().any(|verdict| !verdict.accepts());
            if !is_listed {
                continue;
            }
            writeln!(out, "{}", wrapped(&format!("{}:", question(&chain[0])), 0, INDENT))?;
            for verdict in *chain {
                self.write_line(verdict, out)?;
            }
            let assumed = chain[0].assumptions.join("; ");
            let faint = self.palette.faint;
            let assumed = wrapped(&shown(&format!("assuming that {assumed}")), INDENT.len(), INDENT);
            writeln!(out, "{faint}{INDENT}{assumed}{faint:#}\n")?;
        }
        let sound = chains.iter().filter(|chain| chain.iter().all(Verdict::accepts)).count();
        if chains.len() > LISTED && sound > 0 {
            writeln!(out, "all clients accept {sound} of {} chains\n", chains.len())?;
        }
        Ok(())
    }

    /// `python-3.13 (OpenSSL 3.5) rejects: …` and what is behind that.
    fn write_line(&self, verdict: &Verdict, out: &mut dyn io::Write) -> io::Result<()> {
        let strong = self.palette.strong;
        let name = client(verdict);
        let Some(first) = verdict.errors.first() else {
            let good = self.palette.good;
            return writeln!(out, "{INDENT}{strong}{name}{strong:#} {good}accepts{good:#}");
        };
        let bad = self.palette.error;
        let indent = INDENT.repeat(2);
        writeln!(out, "{INDENT}{strong}{name}{strong:#} {bad}rejects{bad:#} with")?;
        // Not wrapped: people look for this line in their logs.
        writeln!(out, "{indent}{strong}{}{strong:#}", shown(&first.printed))?;
        let mut more = Vec::new();
        if !first.rules.is_empty() {
            more.push(format!("found by {}", first.rules.join(", ")));
        }
        let hidden: Vec<&str> = verdict.errors[1..].iter().map(|error| error.message.as_str()).collect();
        if !hidden.is_empty() {
            more.push(format!("hidden behind it: {}", hidden.join("; ")));
        }
        for line in more {
            writeln!(out, "{indent}{}", wrapped(&shown(&line), indent.len(), &indent))?;
        }
        Ok(())
    }

    /// One line on a trust store as a whole, if one was checked.
    pub(super) fn write_store(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let Some(StoreSummary { client, certificates, refused }) = &self.report.store else { return Ok(()) };
        let style = if refused.is_empty() { self.palette.good } else { self.palette.error };
        let noun = if *certificates == 1 { "CA" } else { "CAs" };
        write!(
            out,
            "{style}{} of {certificates} {noun}{style:#} would be refused by {client}",
            refused.len()
        )?;
        let mut names: Vec<String> = refused
            .iter()
            .take(NAMED)
            .map(|one| format!("{} ({})", shown(&one.subject), shown(&one.message)))
            .collect();
        if refused.len() > NAMED {
            names.push(format!("and {} more, see above", refused.len() - NAMED));
        }
        let colon = if names.is_empty() { "" } else { ": " };
        writeln!(out, "{colon}{}", names.join("; "))
    }

    /// What one client does with a chain: its verdict, what it prints, the chain
    /// as a picture, what is hidden, and who has to act.
    pub(super) fn write_prediction(&self, verdict: &Verdict, out: &mut dyn io::Write) -> io::Result<()> {
        let strong = self.palette.strong;
        let host = verdict.host.as_ref().map_or_else(String::new, |host| format!(" for {}", shown(host)));
        let (style, says) =
            if verdict.accepts() { (self.palette.good, "accepts") } else { (self.palette.error, "rejects") };
        let name = client(verdict);
        let path = shown(&verdict.path);
        writeln!(out, "{strong}{name}{strong:#} {style}{says}{style:#} {path}{host}\n")?;
        if let Some(first) = verdict.errors.first() {
            writeln!(out, "{INDENT}{strong}{}{strong:#}\n", shown(&first.printed))?;
        }
        self.write_picture(verdict, out)?;
        if verdict.errors.len() > 1 {
            self.write_hidden(verdict, out)?;
        }
        if !verdict.accepts() {
            writeln!(out, "{strong}who must act{strong:#}: {}\n", wrapped(&self.who(verdict), 14, INDENT))?;
            let first = verdict.errors.first().filter(|_| verdict.client == rustls::NAME);
            if let Some(meaning) = first.and_then(|error| rustls::meaning(&error.name)) {
                writeln!(out, "{strong}meaning{strong:#}: {}\n", wrapped(meaning, 9, INDENT))?;
            }
        }
        let faint = self.palette.faint;
        for assumption in &verdict.assumptions {
            let text = wrapped(&shown(&format!("assuming that {assumption}")), 0, INDENT);
            writeln!(out, "{faint}{text}{faint:#}")?;
        }
        if verdict.assumptions.is_empty() { Ok(()) } else { writeln!(out) }
    }

    /// The chain from the anchor down, each certificate with its errors.
    fn write_picture(&self, verdict: &Verdict, out: &mut dyn io::Write) -> io::Result<()> {
        let subjects: Vec<String> = verdict.chain.iter().map(subject).collect();
        let width = subjects.iter().map(|subject| subject.chars().count()).max().unwrap_or(0).min(SUBJECT);
        for (at, error) in verdict.errors.iter().enumerate().filter(|(_, error)| error.depth.is_none()) {
            self.write_error(at, error, INDENT, out)?;
        }
        for (depth, step) in verdict.chain.iter().enumerate().rev() {
            let kind = if step.trusted { "trusted" } else { "sent   " };
            let place = self.place(step);
            writeln!(out, "{INDENT}{depth}  {:width$}  {kind}  {place}", subjects[depth])?;
            let rail = if depth == 0 { " " } else { "│" };
            let indent = format!("{INDENT}{rail}      ");
            let here = verdict.errors.iter().enumerate().filter(|(_, error)| error.depth == Some(depth));
            for (at, error) in here {
                self.write_error(at, error, &indent, out)?;
            }
            if depth > 0 {
                writeln!(out, "{INDENT}│")?;
            }
        }
        writeln!(out)
    }

    fn write_error(&self, at: usize, error: &Error, indent: &str, out: &mut dyn io::Write) -> io::Result<()> {
        let bad = self.palette.error;
        let number = error.code.map_or_else(String::new, |code| format!(" {code}"));
        let message = shown(&error.message);
        let mark = if at == 0 { "   <── this is what is printed" } else { "" };
        writeln!(out, "{indent}{bad}error{number}{bad:#}: {message}{bad}{mark}{bad:#}")
    }

    /// The errors that follow once those before them are repaired.
    fn write_hidden(&self, verdict: &Verdict, out: &mut dyn io::Write) -> io::Result<()> {
        let strong = self.palette.strong;
        writeln!(out, "{strong}hidden behind it{strong:#}, each shown once those before it are repaired:\n")?;
        for error in &verdict.errors[1..] {
            let depth = error.depth.map_or_else(String::new, |depth| format!(" at depth {depth}"));
            let code = error.code.map_or_else(String::new, |code| format!("{code} "));
            writeln!(out, "{INDENT}{code}{}{depth}", shown(&error.message))?;
        }
        writeln!(out)
    }

    /// Who can repair it: by the code where trust is missing, else by where the
    /// findings are that explain the first error.
    fn who(&self, verdict: &Verdict) -> String {
        let Some(first) = verdict.errors.first() else { return String::new() };
        if first.rules.iter().any(|rule| rule == NOT_FIRST) {
            return "whoever runs the server: it presents its certificates in the wrong order".into();
        }
        match first.code {
            Some(18 | 19) => {
                return "whoever runs the client: its trust file lacks this certificate; \
                or whoever set up the server, if it should present another chain"
                    .into();
            }
            Some(2 | 20 | 21) if is_about_trust(&first.rules) => {
                return "whoever runs the server, if it does not send the intermediate; whoever runs the \
                    client, if the CA is missing in its trust file"
                    .into();
            }
            Some(28) => return "whoever made the trust file: its settings reject the certificate".into(),
            _ => {}
        }
        let found = self.report.findings.iter().find(|finding| first.rules.contains(&finding.rule));
        let owner = found.map(|finding| (finding.path.as_str(), finding.certificate));
        let blamed = |step: &&Step| {
            owner == step.path.as_deref().map(|path| (path, step.certificate)) && step.certificate.is_some()
        };
        let depth = verdict.chain.iter().position(|step| blamed(&step)).or(first.depth);
        match depth {
            None => "whoever put the file together: the client does not get as far as a chain".into(),
            Some(0) => {
                "whoever issued the leaf: behind a TLS-inspecting gateway, the product that mints it; \
                        else the operator of the server"
                    .into()
            }
            Some(depth) => {
                let name = verdict.chain.get(depth).map_or_else(String::new, subject);
                format!("the owner of the CA {name}")
            }
        }
    }

    fn place(&self, step: &Step) -> String {
        let Some(path) = &step.path else { return "assumed".into() };
        let input = self.inputs.get(path.as_str());
        let certificate = input.zip(step.certificate).and_then(|(input, at)| input.certificates.get(at));
        match certificate {
            Some(certificate) => format!("{}:{}", shown(path), certificate.line),
            None => shown(path).into_owned(),
        }
    }
}

/// What `pemlint explain` takes for an error.
pub(super) fn asked_for(error: &Error) -> String {
    error.code.map_or_else(|| format!("'{}'", error.name), |code| code.to_string())
}

/// Whether the rules that explain an error are all about what is trusted.
fn is_about_trust(rules: &[String]) -> bool {
    rules.iter().all(|rule| rule.starts_with("trust/"))
}

/// What the clients of a chain are asked.
fn question(verdict: &Verdict) -> String {
    let place = match verdict.certificate {
        None => shown(&verdict.path).into_owned(),
        Some(at) => {
            let is_it =
                |step: &&Step| step.path.as_ref() == Some(&verdict.path) && step.certificate == Some(at);
            let name = verdict.chain.iter().find(is_it).map(|step| format!(", {}", subject(step)));
            format!("certificate {} of {}{}", at + 1, shown(&verdict.path), name.unwrap_or_default())
        }
    };
    match verdict.leaf {
        Leaf::Assumed => format!("clients, when a gateway mints a leaf with {place}"),
        Leaf::Given => format!("clients, when a server presents {place}"),
    }
}

/// Its name, and that of its library.
fn client(verdict: &Verdict) -> String {
    match verdict.openssl {
        Some(version) => format!("{} (OpenSSL {version})", verdict.client),
        None => verdict.client.to_owned(),
    }
}

fn subject(step: &Step) -> String {
    match step.subject.as_deref() {
        None => "subject does not decode".into(),
        Some("") => "empty subject".into(),
        Some(subject) => shown(subject).into_owned(),
    }
}

fn is_same_chain(left: &Verdict, right: &Verdict) -> bool {
    (&left.path, left.certificate, left.leaf) == (&right.path, right.certificate, right.leaf)
}
