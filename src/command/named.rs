//! What the paths of `check` name: files, servers, trust stores. They end up as
//! inputs alike; here is what differs, the profile above all.

use std::path::{Path, PathBuf};

use anyhow::bail;

use super::store::Store;
use super::walk::Walk;
use super::{inputs, servers, terminal};
use crate::cli::{CheckArgs, RuleArgs};
use crate::engine::{Given, Part};
use crate::fetch::Server;
use crate::input::Options;
use crate::report::Report;

/// The client that is asked about trust stores.
pub(super) const STORE_CLIENT: &str = "python-3.13";

/// The profile for what clients meet, not for what is uploaded to a gateway.
const CLIENT_PROFILE: &str = "python-strict";

/// What the paths name.
pub(super) struct Named {
    pub(super) files: Vec<PathBuf>,
    /// The rules that are asked for, with the profile that fits.
    pub(super) rules: RuleArgs,
    servers: Vec<Server>,
    stores: Vec<Store>,
}

impl Named {
    /// Tells them apart.
    ///
    /// # Errors
    /// Where a name is malformed, or they do not go together.
    pub(super) fn of(args: &CheckArgs) -> anyhow::Result<Self> {
        let (mut files, mut servers, mut stores) = (Vec::new(), Vec::new(), Vec::new());
        for path in &args.paths {
            if let Some(server) = servers::named(path.as_os_str(), &args.sources)? {
                if !servers.contains(&server) {
                    servers.push(server);
                }
            } else if let Some(store) = Store::named(path.as_os_str())? {
                stores.push(store);
            } else {
                files.push(path.clone());
            }
        }
        servers::check_options(servers.len(), &args.sources)?;
        let has_others = !files.is_empty() || !servers.is_empty();
        if !stores.is_empty() && has_others {
            bail!("a trust store is judged by other rules than files and servers; check it by itself");
        }
        if args.only_rejected && stores.is_empty() {
            bail!("--only-rejected is for trust stores, and none is named; write store:python");
        }
        let mut rules = args.rules.clone();
        if rules.profile.is_empty() && !files.is_empty() && !servers.is_empty() {
            bail!("files and servers have different profiles; check them apart, or name one with --profile");
        }
        // That of a configuration file is for what it lies beside.
        if rules.profile.is_empty() && files.is_empty() && !(servers.is_empty() && stores.is_empty()) {
            rules.profile = vec![CLIENT_PROFILE.to_owned()];
        }
        Ok(Self { files, rules, servers, stores })
    }

    /// Whether they are trust stores.
    pub(super) fn is_store(&self) -> bool {
        !self.stores.is_empty()
    }

    /// The client that must be asked whatever the profile says.
    pub(super) fn client(&self) -> Option<&'static str> {
        self.is_store().then_some(STORE_CLIENT)
    }

    /// Says of which server no client was asked, and how to ask.
    pub(super) fn tell_unjudged(given: &[Given], report: &Report) {
        let is_judged = |path: &str| report.verdicts.iter().any(|verdict| verdict.path == path);
        for one in given.iter().filter(|one| one.part == Part::Fetched) {
            let path = &one.input.source.path;
            if !is_judged(path) {
                terminal::tell(&format!(
                    "{path}: no client is asked, as the issuer of its certificate is not sent; \
                     try `pemlint predict {path} --trust store:python`"
                ));
            }
        }
    }

    /// Opens all of them, sorted by the names that reports show.
    ///
    /// # Errors
    /// Where one cannot be read.
    pub(super) fn open(
        &self,
        args: &CheckArgs,
        working: &Path,
        options: &Options,
    ) -> anyhow::Result<Vec<Given>> {
        let walk = Walk::from(&args.inputs);
        let mut given = inputs::open(&self.files, &args.key, working, &walk, options)?;
        given.extend(servers::fetch_all(&self.servers, Part::Fetched, &args.sources, working)?);
        for store in &self.stores {
            let groups = store.open(args.sources.python.as_deref(), Part::Store, working)?;
            given.extend(groups.into_iter().flat_map(|group| group.given));
        }
        given.sort_by(|left, right| left.input.source.path.cmp(&right.input.source.path));
        given.dedup_by(|left, right| left.input.source.path == right.input.source.path);
        Ok(given)
    }
}
