//! From a name to a connection: every address in turn, each with its share of the
//! time that is left.

use std::io;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::sync::mpsc;
use std::thread;

use super::Deadline;
use super::failure::{Failure, Step, system};
use super::wire::Wire;

/// Connects to a host.
pub(super) fn connect(host: &str, port: u16, deadline: Deadline) -> Result<Wire, Failure> {
    let addresses = look_up(host, port, deadline)?;
    let mut last = None;
    for (at, address) in addresses.iter().enumerate() {
        let Some(left) = deadline.left() else { return Err(deadline.over(Step::Connect)) };
        let share = left / u32::try_from(addresses.len() - at).unwrap_or(1);
        match TcpStream::connect_timeout(address, share) {
            Ok(stream) => return Ok(Wire::new(stream, deadline)),
            Err(error) => last = Some((address, error)),
        }
    }
    match last {
        Some((_, error)) if error.kind() == io::ErrorKind::TimedOut && deadline.left().is_none() => {
            Err(deadline.over(Step::Connect))
        }
        Some((address, error)) => {
            Err(Failure::Unreachable { address: address.to_string(), reason: system(&error) })
        }
        None => Err(Failure::Lookup { host: host.to_owned(), reason: "it has no address".into() }),
    }
}

/// The addresses of a host. The system's lookup cannot be interrupted: it goes on in
/// a thread of its own, which ends with the program.
fn look_up(host: &str, port: u16, deadline: Deadline) -> Result<Vec<SocketAddr>, Failure> {
    let (tell, told) = mpsc::channel();
    let name = host.to_owned();
    thread::spawn(move || {
        let found = (name.as_str(), port).to_socket_addrs().map(Iterator::collect::<Vec<_>>);
        let _ = tell.send(found);
    });
    let left = deadline.left().ok_or_else(|| deadline.over(Step::Lookup))?;
    match told.recv_timeout(left) {
        Ok(Ok(mut addresses)) => {
            let mut known = std::collections::HashSet::new();
            addresses.retain(|address| known.insert(*address));
            Ok(addresses)
        }
        Ok(Err(error)) => {
            let reason = system(&error);
            let reason = reason.strip_prefix("failed to lookup address information: ").unwrap_or(&reason);
            Err(Failure::Lookup { host: host.to_owned(), reason: reason.to_owned() })
        }
        Err(_) => Err(deadline.over(Step::Lookup)),
    }
}
