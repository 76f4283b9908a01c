//! Verdicts of clients on a bundle: which chains there are to judge, what each
//! client says of them, and which findings explain it.

use std::collections::HashSet;

use super::{Given, Job, Origin, Part};
use crate::client::openssl::{Anchor, Host};
use crate::client::{self, CODES, MINTED_HOST, Place, Served, Stage, minted_leaf, trust_file};
use crate::facts::bundle::{Bundle, Setting, Standing};
use crate::facts::{Certificate, name::Name};
use crate::finding::Finding;
use crate::input::{Block, Content};
use crate::rule::{Rule, RuleSet};
use crate::source::shown;
use crate::verdict::{Error, Leaf, Step, Verdict};

/// Trusted certificates that an assumption names.
const NAMED: usize = 4;

/// Bundles and where their certificates come from.
#[derive(Clone, Copy)]
pub(super) struct Scene<'s, 'b> {
    pub(super) given: &'b [Given],
    pub(super) origins: &'b [Origin],
    pub(super) bundle: &'s Bundle<'b>,
}

/// A chain to judge. Numbers are places in the bundle.
struct Question {
    leaf: Leaf,
    /// The leaf, or the CA that would mint one.
    about: Option<usize>,
    presented: Vec<usize>,
    trusted: Vec<usize>,
    /// Whether a trust file is refused as a whole for its text.
    damaged: bool,
}

/// What the clients of a job say of a bundle.
pub(super) fn of_bundle(scene: Scene<'_, '_>, job: &Job<'_>) -> Vec<Verdict> {
    if job.clients.is_empty() {
        return Vec::new();
    }
    let questions = match scene.bundle.setting {
        _ if scene.bundle.is_served => vec![scene.as_served()],
        Setting::Fetched => scene.as_fetched().into_iter().collect(),
        Setting::Store => scene.as_store(),
        Setting::Brought => scene.questions(),
    };
    let mut verdicts: Vec<Verdict> =
        questions.iter().flat_map(|question| scene.judge(question, job)).collect();
    if job.rules.profile.chain_may_be_incomplete {
        verdicts.retain(|verdict| !verdict.errors.iter().any(is_about_issuer));
    }
    verdicts
}

/// Whether a client misses a certificate above the chain that was brought.
fn is_about_issuer(error: &Error) -> bool {
    let missing = ["X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT", "X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY"];
    missing.contains(&error.name.as_str())
}

/// The host whose server presented a bundle.
pub(super) fn host_of(given: &[Given], origins: &[Origin]) -> Option<String> {
    origins.iter().find_map(|origin| given[origin.input].input.source.host.clone())
}

/// Errors of a leaf's names, which say nothing against a CA that is kept to other names.
const NAMES: [&str; 2] = ["PERMITTED_VIOLATION", "EXCLUDED_VIOLATION"];

impl Scene<'_, '_> {
    /// What the parts of the inputs say.
    fn as_served(self) -> Question {
        let of = |part: Part| -> Vec<usize> {
            (0..self.origins.len()).filter(|at| self.given[self.origins[*at].input].part == part).collect()
        };
        let presented = of(Part::Presented);
        let mut trusted = of(Part::Trusted);
        let damaged = self.keep_seen(&mut trusted);
        Question { leaf: Leaf::Given, about: presented.first().copied(), presented, trusted, damaged }
    }

    /// All that was presented, before a client that trusts where it leads. None where it
    /// leads nowhere: the issuer was not sent, and nobody trusts a leaf by itself.
    fn as_fetched(self) -> Option<Question> {
        let is_first = |at: &usize| self.bundle.standings[*at].served.is_first;
        let first = (0..self.origins.len()).find(is_first)?;
        let Standing { is_own_issuer, issuers, .. } = &self.bundle.standings[first];
        if !is_own_issuer && issuers.is_empty() {
            return None;
        }
        let mut question = self.question(Leaf::Given, first);
        let others = (0..self.origins.len()).filter(|at| *at != first);
        question.presented = std::iter::once(first).chain(others).collect();
        Some(question)
    }

    /// One for each certificate that clients find in a store: a CA mints a leaf, any
    /// other stands for itself.
    fn as_store(self) -> Vec<Question> {
        let Bundle { standings, .. } = self.bundle;
        let mut files: Vec<usize> = self.origins.iter().map(|origin| origin.input).collect();
        files.dedup();
        let is_refused = |file: &usize| trust_file::is_refused(&self.given[*file].input);
        // Such a file is lost as a whole.
        let refused: Vec<usize> = files.into_iter().filter(is_refused).collect();
        let is_lost = |at: usize| refused.contains(&self.origins[at].input);
        let distinct: Vec<usize> =
            (0..standings.len()).filter(|at| standings[*at].duplicate_of.is_none()).collect();
        let mut seen = distinct.clone();
        self.keep_seen(&mut seen);
        let seen: HashSet<usize> = seen.into_iter().collect();
        let asked = distinct.into_iter().filter(|at| is_lost(*at) || seen.contains(at));
        let question = |at: usize| {
            let is_leaf = standings[at].role == "leaf";
            Question {
                leaf: if is_leaf { Leaf::Given } else { Leaf::Assumed },
                about: Some(at),
                presented: is_leaf.then_some(at).into_iter().collect(),
                trusted: vec![at],
                damaged: is_lost(at),
            }
        };
        asked.map(question).collect()
    }

    /// One for each leaf of the bundle, and one for each CA that mints leaves and
    /// has issued none of them.
    fn questions(self) -> Vec<Question> {
        let Bundle { standings, issuing, .. } = self.bundle;
        let is_leaf = |at: &usize| standings[*at].role == "leaf" && standings[*at].duplicate_of.is_none();
        // Nobody trusts a leaf by itself, unless it is signed by itself.
        let has_top = |at: &usize| standings[*at].is_own_issuer || !standings[*at].issuers.is_empty();
        let leaves = (0..standings.len()).filter(is_leaf).filter(has_top);
        let given = leaves.map(|at| self.question(Leaf::Given, at));
        let minting = issuing.iter().copied().filter(|at| self.bundle.mints(*at));
        given.chain(minting.map(|at| self.question(Leaf::Assumed, at))).collect()
    }

    /// The server presents the chain up to the top, the client trusts the top.
    fn question(self, leaf: Leaf, about: usize) -> Question {
        let standings = &self.bundle.standings;
        let path = self.bundle.path(about, usize::MAX);
        let is_top = |at: &usize| standings[*at].issuers.is_empty();
        let mut trusted: Vec<usize> = path.iter().copied().filter(is_top).collect();
        if trusted.is_empty() {
            // A circle has no top.
            trusted.extend(path.last());
        }
        let mut presented: Vec<usize> = path.into_iter().filter(|at| !trusted.contains(at)).collect();
        if leaf == Leaf::Given && presented.is_empty() {
            presented.push(about);
        }
        Question { leaf, about: Some(about), presented, trusted, damaged: false }
    }

    fn judge(self, question: &Question, job: &Job<'_>) -> Vec<Verdict> {
        let certificates = &self.bundle.certificates;
        let minted = match (question.leaf, question.about) {
            (Leaf::Assumed, Some(about)) => Some(minted_leaf(&certificates[about], job.now)),
            _ => None,
        };
        let minted = minted.as_deref().map(Certificate::read);
        let given = question.presented.iter().map(|at| &certificates[*at]);
        let served = Served {
            store: question.trusted.iter().map(|at| self.anchor(*at)).collect(),
            presented: minted.iter().chain(given).collect(),
            minted: minted.is_some(),
            damaged: question.damaged,
            unnamed: self.bundle.is_served && !self.given.iter().any(|one| one.part == Part::Trusted),
        };
        let places = Places { scene: self, question, minted: usize::from(minted.is_some()) };
        let judged = |asked: &client::Asked| {
            let asked = self.asking(asked);
            let mut found = asked.verify(&served, job.now);
            if self.bundle.setting == Setting::Store {
                found.errors.retain(|error| !NAMES.contains(&error.name.as_ref()));
            }
            places.verdict(&asked, found)
        };
        job.clients.iter().map(judged).collect()
    }

    /// The client, asking for the host whose server was asked unless it asks for another.
    fn asking(self, asked: &client::Asked) -> client::Asked {
        let mut asked = asked.clone();
        if asked.host.is_none() {
            asked.host = host_of(self.given, self.origins).map(|host| Host::new(&host));
        }
        asked
    }

    fn anchor(&self, at: usize) -> Anchor<'_> {
        Anchor {
            certificate: &self.bundle.certificates[at],
            trusted_label: self.bundle.standings[at].has_trusted_label,
        }
    }

    /// Keeps those certificates of trust files that clients find at all; tells
    /// whether one of the files is refused as a whole for its text.
    fn keep_seen(self, trusted: &mut Vec<usize>) -> bool {
        let (mut found, mut damaged) = (HashSet::new(), false);
        let is_own = |file: usize| self.origins.iter().any(|origin| origin.input == file);
        let is_read = |file: usize, part: Part| match part {
            Part::Trusted => true,
            Part::Store => is_own(file),
            _ => false,
        };
        for (file, Given { input, .. }) in
            self.given.iter().enumerate().filter(|(file, one)| is_read(*file, one.part))
        {
            for text in input.trust_texts() {
                let octets = if text == 0 { input.source.as_read() } else { input.octets(text) };
                let (seen, is_refused) = trust_file::read(octets);
                found.extend(seen.into_iter().map(|block| (file, text, block.begin)));
                damaged |= is_refused;
            }
            let undecoded = |block: &&Block| matches!(block.content, Content::UndecodedCertificate);
            damaged |= input.blocks.iter().filter(undecoded).any(|block| is_seen(&found, file, block));
        }
        trusted.retain(|at| {
            let Origin { input, block, .. } = self.origins[*at];
            is_seen(&found, input, &self.given[input].input.blocks[block])
        });
        damaged
    }
}

/// Whether clients find a block of a file: by its layer and the place of its boundary.
fn is_seen(found: &HashSet<(usize, usize, usize)>, file: usize, block: &Block) -> bool {
    block.armour.as_ref().is_some_and(|armour| found.contains(&(file, block.layer, armour.begin.start)))
}

/// From places in what a client was served to files.
struct Places<'q, 's, 'b> {
    scene: Scene<'s, 'b>,
    question: &'q Question,
    /// How many of the presented certificates were not brought: 0 or 1.
    minted: usize,
}

impl Places<'_, '_, '_> {
    fn verdict(&self, asked: &client::Asked, found: client::Verdict) -> Verdict {
        let (path, certificate) = match self.question.about {
            Some(about) => {
                let (path, number) = self.origin(about);
                (path, Some(number))
            }
            None => (self.first_presented(), None),
        };
        let presented = || (0..self.question.presented.len() + self.minted).map(Place::Presented).collect();
        let built: Vec<Place> = if found.chain.is_empty() { presented() } else { found.chain };
        let mut assumptions = self.assumptions();
        assumptions.extend(found.assumptions);
        Verdict {
            path,
            certificate,
            client: asked.name(),
            openssl: asked.openssl(),
            leaf: self.question.leaf,
            host: asked.host.as_ref().map(ToString::to_string),
            chain: built.iter().map(|place| self.step(*place)).collect(),
            errors: found.errors.iter().map(|error| self.error(asked, error)).collect(),
            assumptions,
        }
    }

    fn error(&self, asked: &client::Asked, error: &client::Error) -> Error {
        let place = self.file_of(error.certificate);
        Error {
            code: error.code,
            name: match error.code {
                Some(_) => format!("X509_V_ERR_{}", error.name),
                None => error.name.clone().into_owned(),
            },
            message: error.message.clone(),
            printed: asked.printed(error),
            depth: error.depth,
            stage: error.stage,
            certificate: place.as_ref().and_then(|(_, number)| *number),
            path: place.map(|(path, _)| path),
            rules: Vec::new(),
        }
    }

    fn step(&self, place: Place) -> Step {
        let at = self.place_in_bundle(place);
        let file = at.map(|at| self.origin(at));
        let subject = at.and_then(|at| self.scene.bundle.certificates[at].subject.as_ref().ok());
        let minted = || format!("CN={MINTED_HOST}");
        Step {
            path: file.as_ref().map(|(path, _)| path.clone()),
            certificate: file.map(|(_, number)| number),
            subject: match at {
                None => Some(minted()),
                Some(_) => subject.map(Name::text).map(|text| shown(&text).into_owned()),
            },
            trusted: matches!(place, Place::Store(_)),
        }
    }

    /// `None` for a leaf that was not brought.
    fn place_in_bundle(&self, place: Place) -> Option<usize> {
        match place {
            Place::Presented(at) => self.question.presented.get(at.checked_sub(self.minted)?).copied(),
            Place::Store(at) => self.question.trusted.get(at).copied(),
            Place::File => None,
        }
    }

    fn file_of(&self, place: Place) -> Option<(String, Option<usize>)> {
        if place == Place::File && self.scene.bundle.setting == Setting::Store {
            return self.question.about.map(|about| (self.origin(about).0, None));
        }
        if place == Place::File {
            let trusted = self.scene.given.iter().find(|one| one.part == Part::Trusted);
            return trusted.map(|one| (one.input.source.path.clone(), None));
        }
        self.place_in_bundle(place).map(|at| self.origin(at)).map(|(path, number)| (path, Some(number)))
    }

    fn origin(&self, at: usize) -> (String, usize) {
        let Origin { input, number, .. } = self.scene.origins[at];
        (self.scene.given[input].input.source.path.clone(), number)
    }

    fn first_presented(&self) -> String {
        let first = self.scene.given.iter().find(|one| one.part == Part::Presented);
        first.map(|one| one.input.source.path.clone()).unwrap_or_default()
    }

    fn assumptions(&self) -> Vec<String> {
        let mut assumptions = Vec::new();
        let certificates = &self.scene.bundle.certificates;
        if let (Leaf::Assumed, Some(about)) = (self.question.leaf, self.question.about) {
            let identifier = match certificates[about].subject_key_identifier() {
                Some(_) => "carries the key identifier of the CA",
                None => "has no authority key identifier, as the CA has no subject key identifier",
            };
            assumptions.push(format!("the leaf is for {MINTED_HOST}, sound, and {identifier}"));
        }
        let served = self.scene.given.iter().any(|one| one.part == Part::Trusted);
        if !served && self.question.trusted.iter().copied().eq(self.question.about) {
            let it = if self.question.leaf == Leaf::Given { "it" } else { "that CA" };
            assumptions.push(format!("the client trusts {it}"));
        } else if !served {
            let name = |at: &usize| {
                let subject = certificates[*at].subject.as_ref().ok().map(Name::text);
                subject.map_or_else(|| "without a name".into(), |text| shown(&text).into_owned())
            };
            let mut names: Vec<String> = self.question.trusted.iter().take(NAMED).map(name).collect();
            let left_out = self.question.trusted.len() - names.len();
            if left_out > 0 {
                names.push(format!("{left_out} more"));
            }
            assumptions.push(format!("the client trusts {}", names.join(" and ")));
        }
        assumptions
    }
}

/// Names the findings that explain each error, and in each finding the clients
/// that reject because of it.
pub(super) fn explain(verdicts: &mut [Verdict], findings: &mut [Finding], rules: &RuleSet) {
    for verdict in verdicts {
        let Verdict { chain, errors, client, .. } = verdict;
        for error in errors {
            let leading = rules.rules.iter().filter(|rule| leads_to(rule, error, client));
            let leading: HashSet<&str> = leading.map(|rule| rule.draft.source.id.as_str()).collect();
            let near: Vec<(usize, usize)> = findings
                .iter()
                .enumerate()
                .filter(|(_, finding)| leading.contains(finding.rule.as_str()))
                .map(|(at, finding)| (distance(finding, error, chain), at))
                .collect();
            let Some(nearest) = near.iter().map(|(distance, _)| *distance).min() else { continue };
            for (_, at) in near.into_iter().filter(|(distance, _)| *distance == nearest) {
                let finding = &mut findings[at];
                if !finding.clients.contains(client) {
                    finding.clients.push(client);
                }
                error.rules.push(finding.rule.clone());
            }
            error.rules.sort_unstable();
            error.rules.dedup();
        }
    }
}

/// Whether a fault that a rule finds leads to an error.
fn leads_to(rule: &Rule, error: &Error, client: &str) -> bool {
    if client == client::rustls::NAME {
        return rule.draft.rustls.contains(&error.name);
    }
    let name = error.name.strip_prefix("X509_V_ERR_");
    let code = name.and_then(|name| CODES.iter().find(|code| code.name == name));
    code.is_some_and(|code| rule.draft.openssl.contains(&code.code))
        || (error.stage != Stage::Verify && rule.draft.refused.contains(&error.name))
}

/// How far a finding is from the certificate at fault: 0 for itself, then steps in
/// the chain; others are farthest.
fn distance(finding: &Finding, error: &Error, chain: &[Step]) -> usize {
    let is_at = |path: Option<&str>, certificate: Option<usize>| {
        path == Some(finding.path.as_str()) && certificate == finding.certificate
    };
    if is_at(error.path.as_deref(), error.certificate) {
        return 0;
    }
    let at = chain.iter().position(|step| is_at(step.path.as_deref(), step.certificate));
    match (at, error.depth) {
        (Some(at), Some(depth)) => at.abs_diff(depth),
        _ => usize::MAX,
    }
}
