//! What a server presents in a TLS handshake, fetched without a judgement on it:
//! through a proxy and behind STARTTLS where that is wanted, within a time limit.
//! The one room that opens connections. It reads neither the environment nor
//! what time it is, and knows nothing of rules or reports.

mod alert;
mod failure;
mod guess;
mod handshake;
mod hello;
mod proxy;
mod reach;
mod server;
mod starttls;
mod wire;

use std::time::{Duration, Instant};

pub use failure::{Failure, Step};
pub use proxy::{Proxy, ProxyUnusable, is_exempt};
pub use server::{Server, ServerUnusable};
pub use starttls::StartTls;
use wire::Wire;

/// What is to be fetched.
#[derive(Clone, Debug)]
pub struct Request {
    /// The server.
    pub server: Server,
    /// Name that is sent to the server (SNI); `None` for the one it is reached by.
    pub server_name: Option<String>,
    /// Protocol that is spoken before TLS begins.
    pub starttls: Option<StartTls>,
    /// Proxy on the way.
    pub proxy: Option<Proxy>,
    /// How long all of it may take.
    pub timeout: Duration,
}

/// What a server presented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presented {
    /// DER of the certificates as sent, leaf first.
    pub chain: Vec<Vec<u8>>,
    /// What else was seen, each as a sentence without its full stop.
    pub remarks: Vec<String>,
}

/// The time that is left, and what it is counted from.
#[derive(Clone, Copy, Debug)]
struct Deadline {
    end: Instant,
    timeout: Duration,
}

impl Deadline {
    fn new(timeout: Duration) -> Self {
        Self { end: Instant::now() + timeout, timeout }
    }

    /// The time that is left; `None` where it is over.
    fn left(self) -> Option<Duration> {
        self.end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
    }

    fn over(self, step: Step) -> Failure {
        Failure::TimedOut { step, seconds: self.timeout.as_secs() }
    }
}

/// Fetches the certificates that a server presents. A server that cannot shake
/// hands with rustls is asked again as clients of TLS 1.2 and before ask, who see
/// the certificates before anything is encrypted.
///
/// # Errors
/// Where no certificate was sent, with the step that failed.
pub fn fetch(request: &Request) -> Result<Presented, Failure> {
    let deadline = Deadline::new(request.timeout);
    let mut wire = connect(request, deadline)?;
    let first = match handshake::run(&mut wire, request) {
        Ok(presented) => return Ok(presented),
        Err(failure) if !failure.is_worth_another_hello() => return Err(failure),
        Err(failure) => failure,
    };
    drop(wire);
    let again = connect(request, deadline).and_then(|mut wire| hello::run(&mut wire, request));
    match again {
        Ok(mut presented) => {
            let why = first.brief();
            presented
                .remarks
                .push(format!("shakes no hands with rustls ({why}); asked again in TLS 1.2 or before"));
            Ok(presented)
        }
        Err(Failure::NoCertificate) => Err(Failure::NoCertificate),
        // The first answer says more than that an old protocol was refused as well.
        Err(_) => Err(first.after_all()),
    }
}

/// A connection on which the next octet belongs to TLS.
fn connect(request: &Request, deadline: Deadline) -> Result<Wire, Failure> {
    let Server { host, port } = &request.server;
    let mut wire = match &request.proxy {
        None => reach::connect(host, *port, deadline)?,
        Some(proxy) => {
            let mut wire = reach::connect(&proxy.host, proxy.port, deadline)
                .map_err(|failure| failure.of_proxy(proxy))?;
            proxy.tunnel(&mut wire, &request.server)?;
            wire
        }
    };
    if let Some(protocol) = request.starttls {
        wire.step = Step::StartTls;
        protocol.begin(&mut wire, host)?;
    }
    wire.step = Step::Handshake;
    wire.forget();
    Ok(wire)
}
