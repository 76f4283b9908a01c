//! Servers that the command line names as `tls://HOST[:PORT]`: what they present,
//! as an input like any other. Here the environment is asked for a proxy.

use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};

use super::{inputs, terminal};
use crate::cli::SourceArgs;
use crate::engine::{Given, Part};
use crate::fetch::{self, Presented, Proxy, Request, Server, StartTls, is_exempt};
use crate::input::Options;
use crate::issue::pem;
use crate::parallel;
use crate::source::{Source, shown_path};

/// Port of HTTPS.
const HTTPS: u16 = 443;

/// The server that an argument names; `None` for a file.
///
/// # Errors
/// Where it is meant for one and cannot be read.
pub(super) fn named(argument: &OsStr, args: &SourceArgs) -> anyhow::Result<Option<Server>> {
    match argument.to_str().filter(|text| Server::is_meant(text)) {
        None => Ok(None),
        Some(text) => Ok(Some(Server::read(text, protocol(args).map_or(HTTPS, StartTls::port))?)),
    }
}

/// Refuses options about servers where there is none, and a file for several chains.
pub(super) fn check_options(servers: usize, args: &SourceArgs) -> anyhow::Result<()> {
    let options = [
        ("--starttls", args.starttls.is_some()),
        ("--servername", args.servername.is_some()),
        ("--save", args.save.is_some()),
    ];
    if let Some((option, _)) = options.iter().find(|(_, is_given)| *is_given && servers == 0) {
        bail!("{option} is for servers, and none is named; write tls://HOST");
    }
    if servers > 1 && args.save.is_some() {
        bail!("--save writes what one server presents, and {servers} are named");
    }
    Ok(())
}

/// What servers present, each an input, in the order given.
///
/// # Errors
/// Where one of them cannot be asked or presents nothing, or --save cannot be written.
pub(super) fn fetch_all(
    servers: &[Server],
    part: Part,
    args: &SourceArgs,
    working: &Path,
) -> anyhow::Result<Vec<Given>> {
    if let Some(path) = &args.save {
        check_target(path, working)?;
    }
    let requests = servers.iter().map(|server| request(server, args));
    let requests = requests.collect::<anyhow::Result<Vec<Request>>>()?;
    let answers: Vec<_> = parallel::map(&requests, fetch::fetch);
    let mut given = Vec::with_capacity(servers.len());
    let mut failures = Vec::new();
    for (request, answer) in requests.iter().zip(answers) {
        match answer {
            Ok(presented) => given.push(take(request, &presented, part, args, working)?),
            Err(failure) => failures.push(format!("{}: {failure}", request.server)),
        }
    }
    if failures.is_empty() { Ok(given) } else { bail!("{}", failures.join("\n       ")) }
}

fn take(
    request: &Request,
    presented: &Presented,
    part: Part,
    args: &SourceArgs,
    working: &Path,
) -> anyhow::Result<Given> {
    let Request { server, server_name, proxy, .. } = request;
    if let Some(proxy) = proxy {
        terminal::tell(&format!("{server}: fetched through the proxy {proxy}"));
    }
    for remark in &presented.remarks {
        terminal::tell(&format!("{server}: {remark}"));
    }
    let text: String = presented.chain.iter().map(|der| pem::encode("CERTIFICATE", der)).collect();
    if let Some(path) = &args.save {
        save(path, &text, working)?;
    }
    let mut source = Source::new(server.to_string(), text.into_bytes());
    // Who asks for a name wants a certificate for it.
    source.host = Some(server_name.as_deref().unwrap_or_else(|| server.identity()).to_owned());
    Ok(Given { input: inputs::parse(source, &Options::pem())?, part })
}

fn request(server: &Server, args: &SourceArgs) -> anyhow::Result<Request> {
    let proxy = match variable("https_proxy") {
        Some(value) if !variable("no_proxy").is_some_and(|names| is_exempt(server, &names)) => {
            Proxy::read(&value)?
        }
        _ => None,
    };
    Ok(Request {
        server: server.clone(),
        server_name: args.servername.clone(),
        starttls: protocol(args),
        proxy,
        timeout: Duration::from_secs(args.timeout),
    })
}

fn protocol(args: &SourceArgs) -> Option<StartTls> {
    args.starttls.as_deref().and_then(StartTls::named)
}

/// A variable by its name in lower case, which counts first as it does for curl, or in
/// upper case.
fn variable(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "this is where the environment is read")]
    let read = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    read(name).or_else(|| read(&name.to_uppercase()))
}

/// Refuses to write over what is no file: a link, a device, a folder.
fn check_target(path: &Path, working: &Path) -> anyhow::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if !metadata.is_file() => {
            bail!("--save {}: this is no regular file, and is left as it is", shown_path(path, working))
        }
        _ => Ok(()),
    }
}

/// Writes a file as a whole or not at all.
fn save(path: &Path, text: &str, working: &Path) -> anyhow::Result<()> {
    let name = shown_path(path, working);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || -> std::io::Result<()> {
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        let builder = {
            use std::os::unix::fs::PermissionsExt as _;
            // As any other program: the rest is the umask's.
            builder.permissions(fs::Permissions::from_mode(0o666))
        };
        #[cfg(not(unix))]
        let builder = &mut builder;
        let mut file = builder.prefix(".pemlint-").tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.persist(path)?;
        Ok(())
    };
    write().with_context(|| format!("--save {name} cannot be written"))
}
