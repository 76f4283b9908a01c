//! The program from outside: what it reads, what its flags do, what it says on
//! which stream and how it ends. The rules have tests of their own; here they
//! only serve to tell one run from another.

#[path = "cli/baseline.rs"]
mod baseline;
#[path = "cli/documented.rs"]
mod documented;
#[path = "cli/explain.rs"]
mod explain;
#[path = "cli/fixtures.rs"]
mod fixtures;
#[path = "cli/inputs.rs"]
mod inputs;
#[path = "cli/keys.rs"]
mod keys;
#[path = "cli/listing.rs"]
mod listing;
#[path = "cli/live_python.rs"]
mod live_python;
#[path = "cli/loopback.rs"]
mod loopback;
#[path = "cli/odd_servers.rs"]
mod odd_servers;
#[path = "cli/openssl.rs"]
mod openssl;
#[path = "cli/output.rs"]
mod output;
#[path = "cli/predict.rs"]
mod predict;
#[path = "cli/passwords.rs"]
mod passwords;
#[path = "common/program.rs"]
mod program;
#[path = "cli/proxies.rs"]
mod proxies;
#[path = "cli/rules_new.rs"]
mod rules_new;
#[path = "cli/rules_test.rs"]
mod rules_test;
#[path = "cli/selection.rs"]
mod selection;
#[path = "cli/several.rs"]
mod several;
#[path = "cli/servers.rs"]
mod servers;
#[path = "cli/starttls.rs"]
mod starttls;
#[path = "cli/status.rs"]
mod status;
#[path = "cli/stores.rs"]
mod stores;
