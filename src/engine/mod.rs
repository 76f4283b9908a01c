//! Rules × artifacts → outcomes. Pure: inputs, rules and an instant in, findings
//! and notes out, in an order that depends on nothing else.

mod locate;
mod outcome;
mod run;
mod served;
mod subject;
mod summary;
mod verdicts;

use std::collections::{BTreeSet, HashMap};

use crate::client::Asked;
use crate::expr::Scope;
use crate::facts::bundle::{Bundle, FileFacts, KeyFacts};
use crate::facts::certificate::Certificate;
use crate::facts::value::{Fault, Node};
use crate::finding::{CertificateSummary, Finding, Note, ReaderSummary, Severity};
use crate::input::{Block, Content, DamageKind, Input, pem};
use crate::rule::{Rule, RuleSet, Subject};
use crate::verdict::Verdict;
use crate::{parallel, relations};

pub use outcome::{Outcome, check_all};
use run::{Gather, run};
pub use subject::Target;
use verdicts::Scene;

/// What is checked.
#[derive(Debug)]
pub struct Job<'r> {
    /// The rules.
    pub rules: &'r RuleSet,
    /// The instant of evaluation, in seconds since 1970.
    pub now: i64,
    /// Whether all inputs are one bundle.
    pub join: bool,
    /// Clients whose verdicts are wanted.
    pub clients: &'r [Asked],
}

/// One input and what it was given for.
#[derive(Debug)]
pub struct Given {
    /// The input.
    pub input: Input,
    /// What it was given for.
    pub part: Part,
}

/// The part that an input plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// To be checked, with all that is in it.
    Checked,
    /// For its private keys alone; certificates in it are left out.
    Keys,
    /// What a server presents, leaf first.
    Presented,
    /// What a client trusts.
    Trusted,
    /// What a server presented, leaf first, where it is not known what its client trusts.
    Fetched,
    /// A trust store: every certificate is trusted by itself.
    Store,
}

/// A certificate of a bundle: which block of which input holds it.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    /// Place of its input among the inputs.
    pub input: usize,
    /// Place of its block in the input.
    pub block: usize,
    /// Its place among the certificates of the input.
    pub number: usize,
}

/// Where findings and notes are gathered.
#[derive(Debug, Default)]
struct Sink {
    findings: Vec<Finding>,
    notes: Vec<Note>,
}

/// Numbers of findings and notes, for runs that show none of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Findings of the level error.
    pub errors: usize,
    /// Findings of the level warning.
    pub warnings: usize,
    /// Findings of the level info.
    pub infos: usize,
    /// Rules without an answer.
    pub notes: usize,
}

/// Checks inputs.
#[must_use]
pub fn check(given: &[Given], job: &Job<'_>) -> Outcome {
    let plans = plan(given, job.join);
    let mut keys = Vec::new();
    let mut key_blocks = Vec::new();
    for (at, one) in given.iter().enumerate() {
        for (block, facts) in relations::key_facts(&one.input) {
            keys.push(facts);
            key_blocks.push((at, block));
        }
    }
    if !keys.is_empty() {
        for origins in &plans {
            let bundle = build(given, origins, job);
            relations::find_matches(&bundle, &mut keys, |at| {
                (given[origins[at].input].input.source.path.clone(), origins[at].number)
            });
        }
    }
    let bundles: Vec<Checked> = parallel::map(&plans, |origins| check_bundle(given, origins, &keys, job));
    let files: Vec<Sink> = parallel::map(given, |one| check_file(one, job));
    let mut outcome = Outcome { inputs: summary::inputs(given, &keys, &key_blocks), ..Outcome::default() };
    let key_sink = check_keys(given, &keys, &key_blocks, job);
    let malformed: BTreeSet<usize> = bundles.iter().flat_map(|bundle| &bundle.malformed).copied().collect();
    let readers: Vec<Vec<ReaderSummary>> =
        parallel::map(given.iter().enumerate(), |(at, one)| summary::readers(one, malformed.contains(&at)));
    for (input, readers) in outcome.inputs.iter_mut().zip(readers) {
        input.readers = readers;
    }
    for bundle in bundles {
        outcome.take(bundle.sink);
        outcome.verdicts.extend(bundle.verdicts);
        for (origin, facts) in bundle.certificates {
            outcome.inputs[origin.input].certificates.push(facts);
        }
    }
    files.into_iter().chain([key_sink]).for_each(|sink| outcome.take(sink));
    outcome.sort();
    verdicts::explain(&mut outcome.verdicts, &mut outcome.findings, job.rules);
    outcome
}

/// Counts what rules on some subjects say of one input, without its keys; makes
/// no text and finds no places.
#[must_use]
pub fn count(given: &Given, job: &Job<'_>, subjects: &[Subject]) -> Counts {
    let given = std::slice::from_ref(given);
    let mut counts = Counts::default();
    for origins in plan(given, false) {
        let bundle = build(given, &origins, job);
        run_bundle(given, &origins, &bundle, job, subjects, &mut counts);
    }
    counts
}

/// The bundles: certificates of each file, or of each object of a carrier; or of all.
fn plan(given: &[Given], join: bool) -> Vec<Vec<Origin>> {
    let certificates = |(input, one): (usize, &Given)| -> Vec<Origin> {
        let blocks = one.input.blocks.iter().enumerate();
        blocks
            .filter(|(_, block)| matches!(block.content, Content::Certificate(_)))
            .enumerate()
            .map(|(number, (block, _))| Origin { input, block, number })
            .collect()
    };
    let each = given.iter().enumerate().filter(|(_, one)| one.part != Part::Keys).map(certificates);
    let plans: Vec<Vec<Origin>> = if join {
        let mut all: Vec<Origin> = each.flatten().collect();
        // Of a certificate that a server presents too, the copy is the one that is trusted, whichever file came first.
        all.sort_by_key(|origin| given[origin.input].part == Part::Trusted);
        vec![all]
    } else {
        each.flat_map(|origins| by_object(given, origins)).collect()
    };
    plans.into_iter().filter(|origins| !origins.is_empty()).collect()
}

/// The certificates of a file by the objects that they stand in, in the order of the file. What a server
/// presents and what a client trusts is one, wherever it stands.
fn by_object(given: &[Given], origins: Vec<Origin>) -> Vec<Vec<Origin>> {
    let object = |origin: &Origin| {
        let input = &given[origin.input].input;
        input.layers[input.blocks[origin.block].layer].object
    };
    let Some(first) = origins.first() else {
        return Vec::new();
    };
    let is_one = given[first.input].part != Part::Checked
        || origins.iter().all(|origin| object(origin) == object(first));
    if is_one {
        return vec![origins];
    }
    let mut places: HashMap<usize, usize> = HashMap::new();
    let mut bundles: Vec<Vec<Origin>> = Vec::new();
    for origin in origins {
        let next = bundles.len();
        let at = *places.entry(object(&origin)).or_insert(next);
        if at == next {
            bundles.push(Vec::new());
        }
        bundles[at].push(origin);
    }
    bundles
}

/// Facts and relations of a bundle.
fn build<'i>(given: &'i [Given], origins: &[Origin], job: &Job<'_>) -> Bundle<'i> {
    let certificates = origins
        .iter()
        .filter_map(|origin| {
            let input = &given[origin.input].input;
            input.certificate(&input.blocks[origin.block]).map(Certificate::read)
        })
        .collect();
    let files: Vec<usize> = origins.iter().map(|origin| origin.input).collect();
    let mut bundle = relations::relate(certificates, &files, job.rules.profile.every_certificate_is_ca);
    served::mark(&mut bundle, given, origins);
    let asked = job.clients.iter().find_map(|asked| asked.host.as_ref()).map(ToString::to_string);
    bundle.host = asked.or_else(|| verdicts::host_of(given, origins));
    bundle
}

/// What came of a bundle.
struct Checked {
    sink: Sink,
    certificates: Vec<(Origin, CertificateSummary)>,
    verdicts: Vec<Verdict>,
    /// Inputs with a certificate that does not decode.
    malformed: Vec<usize>,
}

fn check_bundle(given: &[Given], origins: &[Origin], keys: &[KeyFacts], job: &Job<'_>) -> Checked {
    let mut bundle = build(given, origins, job);
    relations::add_keys(&mut bundle, keys);
    // A container that stays locked may hold the key.
    let blocks = given.iter().flat_map(|one| &one.input.blocks);
    bundle.unplaced_keys += blocks.filter(|block| matches!(block.content, Content::Locked(_))).count();
    let mut sink = Sink::default();
    let subjects = [Subject::Certificate, Subject::Link, Subject::Bundle];
    run_bundle(given, origins, &bundle, job, &subjects, &mut sink);
    let facts =
        (0..origins.len()).map(|at| (origins[at], summary::certificate(given, origins[at], &bundle, at)));
    let certificates = facts.collect();
    let verdicts = verdicts::of_bundle(Scene { given, origins, bundle: &bundle }, job);
    let certificates_of = bundle.certificates.iter().zip(origins);
    let malformed = certificates_of
        .filter(|(certificate, _)| !certificate.malformed.is_empty())
        .map(|(_, origin)| origin.input)
        .collect();
    Checked { sink, certificates, verdicts, malformed }
}

/// Runs the rules on some subjects over a bundle.
fn run_bundle<'b>(
    given: &'b [Given],
    origins: &'b [Origin],
    bundle: &'b Bundle<'b>,
    job: &Job<'_>,
    subjects: &[Subject],
    sink: &mut impl Gather,
) {
    let target = |certificate| Target::Bundle { given, origins, bundle, certificate };
    let scope = || Scope::new(job.now).with("bundle", Node::Bundle(bundle));
    if subjects.contains(&Subject::Certificate) {
        let mut scope = scope();
        for at in 0..bundle.certificates.len() {
            scope.bind("cert", Node::Certificate(bundle, at));
            run(job, Subject::Certificate, &mut scope, &target(at), sink);
        }
    }
    if subjects.contains(&Subject::Link) {
        for link in &bundle.links {
            let mut scope = scope()
                .with("link", Node::Link(bundle, link))
                .with("child", Node::Certificate(bundle, link.child))
                .with("issuer", Node::Certificate(bundle, link.issuer));
            run(job, Subject::Link, &mut scope, &target(link.child), sink);
        }
    }
    if subjects.contains(&Subject::Bundle) {
        run(job, Subject::Bundle, &mut scope(), &target(0), sink);
    }
}

fn check_file(given: &Given, job: &Job<'_>) -> Sink {
    let input = &given.input;
    let mut sink = Sink::default();
    let facts = file_facts(given);
    let mut scope = Scope::new(job.now).with("file", Node::File(&facts));
    run(job, Subject::File, &mut scope, &Target::File(input), &mut sink);
    for block in &input.blocks {
        let facts = subject::block_facts(input, block);
        let mut scope = Scope::new(job.now).with("block", Node::Block(&facts));
        run(job, Subject::Block, &mut scope, &Target::Block(input, block), &mut sink);
    }
    sink
}

fn file_facts(given: &Given) -> FileFacts {
    let input = &given.input;
    let count =
        |wanted: fn(&Content) -> bool| input.blocks.iter().filter(|block| wanted(&block.content)).count();
    FileFacts {
        path: input.source.path.clone(),
        mode: input.source.mode,
        size: input.source.bytes.len(),
        blocks: input.blocks.len(),
        certificates: count(|content| {
            matches!(content, Content::Certificate(_) | Content::UndecodedCertificate)
        }),
        private_keys: count(|content| matches!(content, Content::Key(_))),
        is_trusted: matches!(given.part, Part::Trusted | Part::Store),
        is_pem: input.blocks.iter().any(|block| block.armour.is_some()),
        container: input.blocks.iter().find_map(|block| block.container),
        needs_password: input.blocks.iter().any(|block| block.needs_password),
        encoding: input.source.encoding.name(),
        labels: labels(input),
    }
}

/// Labels of the blocks where none of them is a certificate or key and each holds what its label says.
fn labels(input: &Input) -> String {
    let is_other = |block: &&Block| matches!(block.content, Content::Other);
    if !input.blocks.iter().all(|block| is_other(&block)) {
        return String::new();
    }
    let is_sound = |block: &&Block| block.damage.iter().all(|one| one.kind != DamageKind::OtherContent);
    let labels: BTreeSet<String> = input
        .blocks
        .iter()
        .filter(is_sound)
        .map(|block| pem::shown_label(subject::block_facts(input, block).label).into_owned())
        .map(|label| if label.is_empty() { "a block without a label".to_owned() } else { label })
        .collect();
    labels.into_iter().collect::<Vec<_>>().join(", ")
}

fn check_keys(given: &[Given], keys: &[KeyFacts], blocks: &[(usize, usize)], job: &Job<'_>) -> Sink {
    let mut sink = Sink::default();
    for (facts, (at, block)) in keys.iter().zip(blocks) {
        let input = &given[*at].input;
        let mut scope = Scope::new(job.now).with("key", Node::Key(facts));
        run(job, Subject::Key, &mut scope, &Target::Block(input, &input.blocks[*block]), &mut sink);
    }
    sink
}

impl Gather for Counts {
    fn fails(&mut self, rule: &Rule, _: &mut Scope<'_>, _: &Target<'_>, _: Option<usize>) {
        match rule.severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Info => self.infos += 1,
        }
    }

    fn unanswered(&mut self, _: &Rule, _: &Target<'_>, _: &Fault) {
        self.notes += 1;
    }
}

impl Gather for Sink {
    fn fails(&mut self, rule: &Rule, scope: &mut Scope<'_>, target: &Target<'_>, element: Option<usize>) {
        self.findings.push(locate::finding(rule, scope, target, element));
    }

    fn unanswered(&mut self, rule: &Rule, target: &Target<'_>, fault: &Fault) {
        let (path, certificate) = target.owner();
        let note = Note {
            rule: rule.draft.source.id.clone(),
            path,
            certificate,
            is_error: matches!(fault, Fault::Error(_)),
            reason: fault.to_string(),
        };
        self.notes.push(note);
    }
}
