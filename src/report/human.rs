//! The format for people: findings grouped by file and certificate, each with the
//! PEM lines at fault and what to do, then keys, notes and one line that counts.
//! Knows the report alone; whether colour is wanted is said by the caller.

mod palette;
mod profiles;
mod text;
mod verdicts;

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::io;

use annotate_snippets::renderer::Renderer;
use annotate_snippets::{AnnotationKind, Group, Level, Snippet};

use self::palette::Palette;
use self::text::{counted, escaped, wrapped};
use super::{CertificateSummary, InputSummary, KeySummary, ReaderSummary, Report};
use crate::finding::{Finding, Note, Severity};
use crate::source::shown;

/// What stands in front of everything that belongs to a finding.
const INDENT: &str = "    ";

/// Hex digits of a SHA-256 that a heading shows; JSON has all of them.
const SHORT_SHA256: usize = 16;

/// Writes the report for a person to read.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, color: bool, out: &mut dyn io::Write) -> io::Result<()> {
    let page = Page::new(report, color);
    page.write_findings(out)?;
    let keys =
        report.inputs.iter().flat_map(|input| input.private_keys.iter().map(move |key| key_line(input, key)));
    write_section(keys, out)?;
    let readers = |input| readers_lines(input).into_iter();
    write_section(report.inputs.iter().flat_map(readers), out)?;
    write_section(grouped(&report.notes).iter().map(|notes| page.note_line(notes)), out)?;
    page.write_verdicts(out)?;
    write_section(report.stale.iter().map(|entry| page.stale_line(entry)), out)?;
    writeln!(out, "{}", page.summary_line())?;
    page.write_profiles(out)?;
    page.write_store(out)
}

/// Writes what clients do with one chain: each verdict with a picture of the
/// chain, then the findings that explain the errors.
///
/// # Errors
/// Those of `out`.
pub fn write_prediction(report: &Report, color: bool, out: &mut dyn io::Write) -> io::Result<()> {
    let page = Page::new(report, color);
    for verdict in &report.verdicts {
        page.write_prediction(verdict, out)?;
    }
    page.write_findings(out)?;
    let mut errors: Vec<String> = report
        .verdicts
        .iter()
        .filter_map(|verdict| verdict.errors.first())
        .map(verdicts::asked_for)
        .collect();
    errors.sort_unstable();
    errors.dedup();
    for error in errors {
        writeln!(out, "what it means and what else helps: pemlint explain {error}\n")?;
    }
    let rejecting = report.verdicts.iter().filter(|verdict| !verdict.accepts()).count();
    let (good, bad) = (page.palette.good, page.palette.error);
    match (rejecting, report.verdicts.len()) {
        (0, 1) => writeln!(out, "{good}accepted{good:#}"),
        (0, all) => writeln!(out, "{good}accepted{good:#} by all {all} clients"),
        (1, 1) => writeln!(out, "{bad}rejected{bad:#}"),
        (some, all) => writeln!(out, "{bad}rejected{bad:#} by {some} of {all} clients"),
    }
}

/// Notes that differ in their rule alone, together; in the order of their first.
fn grouped(notes: &[Note]) -> Vec<Vec<&Note>> {
    let mut groups: Vec<Vec<&Note>> = Vec::new();
    let mut places = HashMap::new();
    for note in notes {
        let key = (&note.path, note.certificate, note.is_error, &note.reason);
        let at = *places.entry(key).or_insert(groups.len());
        if at == groups.len() {
            groups.push(Vec::new());
        }
        groups[at].push(note);
    }
    groups
}

/// A report and how it is to look.
struct Page<'a> {
    report: &'a Report,
    inputs: HashMap<&'a str, &'a InputSummary>,
    renderer: Renderer,
    palette: Palette,
}

impl<'a> Page<'a> {
    fn new(report: &'a Report, color: bool) -> Self {
        Self {
            report,
            inputs: report.inputs.iter().map(|input| (input.path.as_str(), input)).collect(),
            renderer: if color { Renderer::styled() } else { Renderer::plain() },
            palette: if color { Palette::COLOR } else { Palette::PLAIN },
        }
    }

    fn write_findings(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let mut findings: Vec<&Finding> = self.report.shown().collect();
        findings.sort_by_key(|finding| {
            (finding.path.as_str(), finding.certificate, finding.place, Reverse(finding.severity))
        });
        let mut fixes = HashSet::new();
        for file in findings.chunk_by(|a, b| a.path == b.path) {
            writeln!(out, "{}\n", self.file_heading(&file[0].path))?;
            for group in file.chunk_by(|a, b| a.certificate == b.certificate) {
                if let Some(index) = group[0].certificate {
                    writeln!(out, "{}\n", self.certificate_heading(&group[0].path, index))?;
                }
                for finding in group {
                    let is_first = fixes.insert((&finding.rule, &finding.fix));
                    self.write_finding(finding, is_first, out)?;
                }
            }
        }
        Ok(())
    }

    /// Set off by hyphens as PEM boundaries are.
    fn file_heading(&self, path: &str) -> String {
        let strong = self.palette.strong;
        let held = match self.inputs.get(path) {
            None => String::new(),
            Some(input) => {
                let certificates = counted(input.certificates.len(), "certificate");
                let keys = match input.private_keys.len() {
                    0 => String::new(),
                    number => format!(", {}", counted(number, "private key")),
                };
                format!(": {certificates}{keys}")
            }
        };
        format!("{strong}----- {}{held} -----{strong:#}", shown(path))
    }

    /// Two lines: which certificate of the file this is, and how to tell it from others.
    fn certificate_heading(&self, path: &str, index: usize) -> String {
        let strong = self.palette.strong;
        let Some(certificate) = self.inputs.get(path).and_then(|input| input.certificates.get(index)) else {
            return format!("{strong}certificate {}{strong:#}", index + 1);
        };
        let subject = certificate.subject.as_deref().map_or("subject does not decode".into(), shown);
        let subject = if subject.is_empty() { "empty subject".into() } else { subject };
        let mut title = format!("certificate {}, {}: {subject}", index + 1, certificate.role);
        if let Some(inside) = &certificate.inside {
            let _ = write!(title, ", in {}", shown(inside));
        }
        let faint = self.palette.faint;
        format!(
            "{strong}{}{strong:#}\n{faint}{}{faint:#}",
            wrapped(&title, 0, INDENT),
            wrapped(&identity(certificate), 0, INDENT)
        )
    }

    fn write_finding(&self, finding: &Finding, is_first: bool, out: &mut dyn io::Write) -> io::Result<()> {
        let level = self.palette.level(finding.severity);
        let (strong, help) = (self.palette.strong, self.palette.help);
        let name = format!("{}[{}]", finding.severity, finding.rule);
        let message = wrapped(&shown(&finding.message), name.chars().count() + 2, INDENT);
        writeln!(out, "{level}{name}{level:#}{strong}: {message}{strong:#}")?;
        writeln!(out, "{}\n", self.snippet(finding))?;
        if !finding.asked_by.is_empty() {
            writeln!(out, "{}\n", self.asked_by(finding))?;
        }
        if !is_first {
            return writeln!(out, "{INDENT}{help}help{help:#}: as for {} above\n", finding.rule);
        }
        self.write_fix(&finding.fix, out)?;
        let mut sources = finding.references.clone();
        sources.extend(finding.openssl.iter().map(|code| format!("openssl verify error {code}")));
        if !finding.clients.is_empty() {
            sources.push(format!("rejected by {}", finding.clients.join(", ")));
        }
        if !sources.is_empty() {
            let sources = sources.join("; ");
            let indent = format!("{INDENT}     ");
            let sources = wrapped(&shown(&sources), indent.len(), &indent);
            writeln!(out, "{INDENT}{help}see{help:#}: {sources}\n")?;
        }
        Ok(())
    }

    /// The fix as its rule words it, so that its commands can be copied.
    fn write_fix(&self, fix: &str, out: &mut dyn io::Write) -> io::Result<()> {
        let help = self.palette.help;
        let mut lead = format!("{help}help{help:#}: ");
        for line in fix.trim_end().lines() {
            let line = format!("{INDENT}{lead}{}", shown(line));
            writeln!(out, "{}", line.trim_end())?;
            lead.clear();
        }
        if fix.trim_end().is_empty() { Ok(()) } else { writeln!(out) }
    }

    /// The place of the finding and, where the file is text, its lines.
    fn snippet(&self, finding: &Finding) -> String {
        let place = finding.place;
        let line_digits = place.end_line.to_string().len();
        let number = self.palette.line_number;
        let path = shown(&finding.path);
        // Not left to the renderer: it would count columns in the escaped text.
        let mut origin =
            format!("{:line_digits$}{number}-->{number:#} {path}:{}:{}", "", place.line, place.column);
        if let Some(inside) = &finding.inside {
            let _ = write!(origin, " in {}", shown(inside));
        }
        let Some(excerpt) = &finding.excerpt else {
            return origin;
        };
        let level = match finding.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Info => Level::INFO,
        };
        let (text, region) = escaped(excerpt);
        let rest = (!excerpt.is_whole(place)).then(|| format!("(to line {})", place.end_line));
        let label: Vec<&str> = finding.fact.as_deref().into_iter().chain(rest.as_deref()).collect();
        let label = (!label.is_empty()).then(|| label.join(" "));
        let annotation = AnnotationKind::Primary.span(region).label(label);
        let snippet = Snippet::source(text).line_start(place.line).annotation(annotation);
        let lines = self.renderer.render(&[Group::with_level(level).element(snippet)]);
        format!("{origin}\n{lines}")
    }

    /// Rules that lack an answer for one reason.
    fn note_line(&self, notes: &[&Note]) -> String {
        let note = notes[0];
        let (style, name) = if note.is_error {
            (self.palette.level(Severity::Error), "rule failed")
        } else {
            (self.palette.level(Severity::Info), "no answer")
        };
        let place = note.certificate.map_or_else(String::new, |index| format!(", certificate {}", index + 1));
        let rules = match notes {
            [only] => format!("[{}]", only.rule),
            _ => format!(" from {} rules", notes.len()),
        };
        let text = format!("{rules}: {}{place}: {}", note.path, note.reason);
        format!("{style}{name}{style:#}{}", wrapped(&shown(&text), name.len(), INDENT))
    }

    fn stale_line(&self, entry: &str) -> String {
        let style = self.palette.level(Severity::Warning);
        let text = format!(": {}", shown(entry));
        format!("{style}baseline{style:#}{}", wrapped(&text, "baseline".len(), INDENT))
    }

    fn summary_line(&self) -> String {
        let summary = self.report.summary();
        let certificates = counted(summary.certificates, "certificate");
        let suppressed = match summary.suppressed {
            0 => String::new(),
            number => format!(" ({number} suppressed)"),
        };
        let unanswered = match summary.notes {
            0 => String::new(),
            number => format!("; {} without an answer", counted(number, "rule")),
        };
        if self.report.inputs.is_empty() {
            return "nothing was checked: there is no file with a certificate or key".into();
        }
        let Some(worst) = self.report.shown().map(|finding| finding.severity).max() else {
            let good = self.palette.good;
            let inputs = match self.report.inputs.as_slice() {
                [only] => shown(&only.path).into_owned(),
                inputs => counted(inputs.len(), "input"),
            };
            return format!(
                "{good}no faults found{good:#} in {inputs}, {certificates}{suppressed}{unanswered}"
            );
        };
        let level = self.palette.level(worst);
        format!(
            "{}, {certificates}: {level}{}, {}, {}{level:#}{suppressed}",
            counted(summary.inputs, "input"),
            counted(summary.errors, "error"),
            counted(summary.warnings, "warning"),
            counted(summary.infos, "info"),
        )
    }
}

/// Writes lines with an empty one behind them, or nothing at all.
fn write_section(lines: impl Iterator<Item = String>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut lines = lines.peekable();
    let is_empty = lines.peek().is_none();
    for line in lines {
        writeln!(out, "{line}")?;
    }
    if is_empty { Ok(()) } else { writeln!(out) }
}

/// What tells a certificate from others: serial number, start of its SHA-256, end of validity.
fn identity(certificate: &CertificateSummary) -> String {
    let mut parts = Vec::new();
    if let Some(serial) = &certificate.serial {
        parts.push(format!("serial {serial}"));
    }
    let sha256 = certificate.sha256.get(..SHORT_SHA256).unwrap_or(&certificate.sha256);
    parts.push(format!("sha256 {sha256}…"));
    if let Some(end) = &certificate.not_after {
        parts.push(format!("valid to {end}"));
    }
    format!("{INDENT}{}", parts.join(", "))
}

fn key_line(input: &InputSummary, key: &KeySummary) -> String {
    let mut traits = vec![key.format.clone()];
    traits.extend(key.algorithm.clone());
    traits.extend(key.bits.map(|bits| format!("{bits} bits")));
    traits.extend(key.encrypted.then(|| "encrypted".into()));
    let owners: Vec<_> = key
        .matches
        .iter()
        .map(|owner| format!("certificate {} of {}", owner.certificate + 1, shown(&owner.path)))
        .collect();
    let owners = match owners.as_slice() {
        [] if key.algorithm.is_none() => "cannot be compared with the certificates".into(),
        [] => "belongs to none of the certificates".into(),
        owners => format!("belongs to {}", owners.join(" and ")),
    };
    let inside = key.inside.as_deref().map_or_else(String::new, |inside| format!(" in {}", shown(inside)));
    let place = format!("{}:{}{inside}", shown(&input.path), key.line);
    let text = format!("{place}: private key ({}) {owners}", traits.join(", "));
    wrapped(&text, 0, INDENT)
}

/// What programs load from a file, a line for each that does not load what a person sees.
fn readers_lines(input: &InputSummary) -> Vec<String> {
    let one = |reader: &ReaderSummary| {
        let loads = if reader.loads == 0 { "none".to_owned() } else { reader.loads.to_string() };
        let error = reader.error.as_deref().map_or_else(String::new, |error| format!(": {error}"));
        let of = counted(reader.of, "certificate");
        let text = format!("{}: {} loads {loads} of {of}{error}", input.path, reader.title);
        wrapped(&shown(&text), 0, INDENT)
    };
    input.readers.iter().filter(|reader| !reader.is_content()).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::finding::Excerpt;
    use crate::source::is_hidden;

    fn written(report: &Report, color: bool) -> String {
        let mut out = Vec::new();
        write(report, color, &mut out).expect("a vector takes every octet");
        String::from_utf8(out).expect("text is UTF-8")
    }

    #[test]
    fn colour_only_where_it_is_wanted() {
        assert!(!written(&sample::report(), false).contains('\u{1b}'));
        assert!(written(&sample::report(), true).contains("\u{1b}[1m\u{1b}[91merror["));
    }

    #[test]
    fn colour_adds_nothing_but_colour() {
        let mut bare = String::new();
        let colored = written(&sample::report(), true);
        for (at, part) in colored.split('\u{1b}').enumerate() {
            bare += if at == 0 { part } else { part.split_once('m').expect("a code ends with m").1 };
        }
        assert_eq!(bare, written(&sample::report(), false));
    }

    #[test]
    fn a_finding_shows_its_place_lines_and_fact() {
        let text = written(&sample::report(), false);
        let carets = "^".repeat(60);
        let lines =
            format!(" --> chain.pem:2:5\n  |\n2 | {}\n  |     {carets} cert.keyUsage\n", sample::LINE);
        assert!(text.contains(&lines), "{text}");
        assert!(text.contains(" --> old ca.der:1:1\n\n    help: "), "{text}");
        assert!(!text.contains("replaced in December"), "suppressed findings stay out: {text}");
    }

    #[test]
    fn a_region_that_is_shown_in_part_says_where_it_ends() {
        let mut report = sample::report();
        report.findings[1].place.end_line += 5;
        let text = written(&report, false);
        assert_eq!(text.matches("^ cert.keyUsage (to line 7)\n").count(), 1, "{text}");
    }

    #[test]
    fn a_fix_is_told_once_in_a_report() {
        let mut report = sample::report();
        for path in ["chain.pem", "other.pem"] {
            let mut again = report.findings[1].clone();
            again.path = path.into();
            again.certificate = Some(1);
            report.findings.push(again);
        }
        let text = written(&report, false);
        assert_eq!(text.matches("help: as for rfc5280/ca-key-usage-missing above").count(), 2, "{text}");
    }

    #[test]
    fn a_report_on_no_input_does_not_read_as_a_success() {
        let text = written(&Report::default(), false);
        assert!(text.contains("nothing was checked") && !text.contains("no faults"), "{text}");
    }

    #[test]
    fn sections_end_with_a_summary() {
        let text = written(&sample::report(), false);
        assert!(text.contains(
            "\nold ca.der:21: private key (pkcs8, rsa, 2048 bits) belongs to certificate 1 of chain.pem\n"
        ));
        assert!(
            text.contains(
                "\nno answer[rfc5280/key-usage-empty]: chain.pem, certificate 2: cert.keyUsage does"
            )
        );
        assert!(
            text.ends_with("\n2 inputs, 3 certificates: 1 error, 1 warning, 1 info (1 suppressed)\n"),
            "{text}"
        );
        let mut clean = sample::report();
        clean.findings.clear();
        assert!(
            written(&clean, false)
                .ends_with("\nno faults found in 2 inputs, 3 certificates; 1 rule without an answer\n")
        );
    }

    #[test]
    fn programs_that_load_less_than_there_is_are_told() {
        let text = written(&sample::report(), false);
        assert!(
            text.contains("\nchain.pem: Python (cafile=) loads none of 2 certificates: [X509] PEM lib\n"),
            "{text}"
        );
        assert!(!text.contains("openssl x509 loads"), "it never shows more than one: {text}");
    }

    #[test]
    fn nothing_hidden_reaches_the_terminal() {
        let mut report = sample::report();
        report.findings[0].path = "a\u{1b}[2J.pem".into();
        report.findings[0].message = "\u{202e}".into();
        report.findings[0].excerpt = Some(Excerpt { text: String::new(), region: 0..0 });
        assert_eq!(written(&report, false).chars().find(|c| *c != '\n' && is_hidden(*c)), None);
    }
}
