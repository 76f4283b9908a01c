//! `pemlint predict`.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::check::{instant, working_directory};
use super::store::{Group, Store};
use super::{Status, inputs, passwords, servers, terminal};
use crate::cli::{PredictArgs, PredictFormat};
use crate::client::Asked;
use crate::client::openssl::{Demands, Host, demands};
use crate::engine::{self, Given, Job, Outcome, Part};
use crate::expr::Param;
use crate::facts::time::rfc3339;
use crate::input::{self, Content};
use crate::report;
use crate::rule::{Options, Profile, RuleSet};

/// The profile whose rules explain the errors.
const PROFILE: &str = "python-strict";

/// Runs the command.
///
/// # Errors
/// Where arguments or inputs cannot be used.
pub(super) fn run(args: &PredictArgs) -> anyhow::Result<Status> {
    let working = working_directory()?;
    let now = instant(args.at.as_deref())?;
    let standard_input = |paths: &[PathBuf]| paths.iter().filter(|path| path.as_os_str() == "-").count();
    if standard_input(&args.chain) + standard_input(&args.trust) > 1 {
        bail!("`-` is standard input, and can be named once");
    }
    // What is wrong with arguments is said before a server is asked.
    let rules = RuleSet::load(profile(args)?, Options::default())?;
    let clients = asked(args)?;
    let mut options = passwords::options(args.password_file.as_deref(), args.input_format, &working)?;
    let presented = passwords::ask(presented(args, &working, &options)?, &mut options)?;
    check_presented(&presented)?;
    let clients = with_host(clients, &presented);
    let job = Job { rules: &rules, now, join: true, clients: &clients };
    let mut outcome = judge(presented, trust(args, &working, &mut options)?, &job);
    outcome.findings.retain(|finding| !finding.clients.is_empty());
    outcome.notes.retain(|note| note.is_error);
    let rejects = outcome.verdicts.iter().any(|verdict| !verdict.accepts());
    let failed = !outcome.notes.is_empty();
    let report = report::build(outcome, &rules, rfc3339(now));
    let mut text = Vec::new();
    match args.format {
        PredictFormat::Human => {
            report::human::write_prediction(&report, terminal::is_colored(args.color), &mut text)
        }
        PredictFormat::Json => report::json::write(&report, &mut text),
    }
    .context("the report cannot be made")?;
    terminal::print(&text)?;
    Ok(match (failed, rejects) {
        (true, _) => Status::Error,
        (false, true) => Status::Findings,
        (false, false) => Status::Clean,
    })
}

/// What the server presents: files and servers in the order given.
fn presented(args: &PredictArgs, working: &Path, options: &input::Options) -> anyhow::Result<Vec<Given>> {
    let mut named = Vec::new();
    for path in &args.chain {
        named.push((path, servers::named(path.as_os_str(), &args.sources)?));
    }
    servers::check_options(named.iter().filter(|(_, server)| server.is_some()).count(), &args.sources)?;
    let mut given = Vec::new();
    for (path, server) in named {
        given.extend(match server {
            Some(server) => servers::fetch_all(&[server], Part::Presented, &args.sources, working)?,
            None => inputs::open_in_order(std::slice::from_ref(path), Part::Presented, working, options)?,
        });
    }
    Ok(given)
}

/// Clients that ask for no host ask for the one whose server was asked.
fn with_host(mut clients: Vec<Asked>, presented: &[Given]) -> Vec<Asked> {
    let host = presented.iter().find_map(|one| one.input.source.host.as_deref()).map(Host::new);
    for asked in clients.iter_mut().filter(|asked| asked.host.is_none()) {
        asked.host.clone_from(&host);
    }
    clients
}

/// What clients trust: one group of files, or one for each kind of client that has a
/// trust store of its own. Files that are named belong to all of them.
fn trust(args: &PredictArgs, working: &Path, options: &mut input::Options) -> anyhow::Result<Vec<Group>> {
    let (mut files, mut groups) = (Vec::new(), Vec::new());
    for path in &args.trust {
        match Store::named(path.as_os_str())? {
            Some(store) => {
                groups.extend(store.open(args.sources.python.as_deref(), Part::Trusted, working)?);
            }
            None => files.push(path.clone()),
        }
    }
    if groups.is_empty() {
        groups.push(Group { about: String::new(), given: Vec::new() });
    }
    if groups.len() > 1 && files.iter().any(|path| path.as_os_str() == "-") {
        bail!("--trust -: standard input can be read once, and each trust store would want it");
    }
    for group in &mut groups {
        let given = inputs::open_in_order(&files, Part::Trusted, working, options)?;
        group.given.extend(passwords::ask(given, options)?);
    }
    Ok(groups)
}

/// The verdicts for each group of trusted files, and the findings of all.
fn judge(mut given: Vec<Given>, groups: Vec<Group>, job: &Job<'_>) -> Outcome {
    let presented = given.len();
    let mut all = Outcome::default();
    for Group { about, given: trusted } in groups {
        given.truncate(presented);
        given.extend(trusted);
        let mut outcome = engine::check(&given, job);
        if !about.is_empty() {
            let text = format!("the client trusts what {about}");
            outcome.verdicts.iter_mut().for_each(|verdict| verdict.assumptions.insert(0, text.clone()));
        }
        all.add(outcome);
    }
    all
}

/// The profile, with what the security level asks for.
fn profile(args: &PredictArgs) -> anyhow::Result<Profile> {
    let mut profile = Profile::named(PROFILE)?;
    let version = args.openssl.parse()?;
    let demands = args.seclevel.and_then(|level| demands(level, version));
    if let Some(Demands { rsa_bits, curves, weak_hashes }) = demands {
        let texts = |names: Vec<&str>| Param::Strings(names.into_iter().map(str::to_owned).collect());
        profile.set_param("keys/rsa-key-too-small", "minRsaBits", Param::Int(rsa_bits.into()));
        profile.set_param("keys/ec-curve-unsupported", "curves", texts(curves));
        profile.set_param("keys/signature-hash-weak", "weakHashes", texts(weak_hashes));
    }
    Ok(profile)
}

/// Longest label of a host name, and longest name (RFC 1035 §2.3.4).
const LABEL: usize = 63;
const NAME: usize = 253;

/// The host, as clients are given it.
fn host(text: &str) -> anyhow::Result<Host> {
    let host = Host::new(text);
    if matches!(host, Host::Address(..)) {
        return Ok(host);
    }
    let bare = text.split_once("://").map_or(text, |(_, rest)| rest);
    let bare = bare.split('/').next().unwrap_or(bare);
    let bare = match bare.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => bare.split(':').next().unwrap_or(bare),
    };
    if bare != text {
        bail!("--host {text}: write the name or address alone: --host {bare}");
    }
    if !text.is_ascii() {
        bail!("--host {text}: clients ask for the name in its ASCII form, xn--…; write it so");
    }
    let labels = || text.strip_suffix('.').unwrap_or(text).split('.');
    if text.len() > NAME || labels().any(|label| label.is_empty() || label.len() > LABEL) {
        bail!("--host {text}: no client connects to such a name: labels have 1 to {LABEL} characters");
    }
    Ok(host)
}

/// The clients that are asked, each once.
fn asked(args: &PredictArgs) -> anyhow::Result<Vec<Asked>> {
    let host = args.host.as_deref().map(host).transpose()?;
    let mut clients = Vec::new();
    for name in &args.client {
        let asked = Asked {
            host: host.clone(),
            ..Asked::named(name)?.with_openssl(args.openssl.parse()?, args.seclevel)
        };
        if !clients.contains(&asked) {
            clients.push(asked);
        }
    }
    Ok(clients)
}

/// Refuses what no server can present: nothing, and text that is no certificate.
fn check_presented(given: &[Given]) -> anyhow::Result<()> {
    for Given { input, .. } in given {
        let path = &input.source.path;
        let damaged =
            input.blocks.iter().find(|block| matches!(block.content, Content::UndecodedCertificate));
        if let Some(block) = damaged {
            let line = input.begin_of(block).line;
            bail!("{path}:{line}: this certificate does not decode; `pemlint check {path}` shows why");
        }
        let fault = input.blocks.iter().find_map(|block| match &block.content {
            Content::Locked(fault) => Some(fault),
            _ => None,
        });
        if let Some(fault) = fault {
            bail!("{path} cannot be opened: {fault}; `pemlint check {path}` says what to do");
        }
        if !input.blocks.iter().any(|block| matches!(block.content, Content::Certificate(_))) {
            bail!("{path} holds no certificate; CHAIN is what the server presents, leaf first");
        }
    }
    Ok(())
}
