//! A connection that ends when its time is over, and remembers how the answer
//! of the other side began.

use std::io::{self, Read, Write};
use std::net::TcpStream;

use super::Deadline;
use super::failure::{Failure, Step};
use crate::limits;

/// Octets that are remembered.
const REMEMBERED: usize = 128;

/// A connection.
#[derive(Debug)]
pub(super) struct Wire {
    stream: TcpStream,
    deadline: Deadline,
    began: Vec<u8>,
    /// What it is used for at present.
    pub(super) step: Step,
}

impl Wire {
    pub(super) fn new(stream: TcpStream, deadline: Deadline) -> Self {
        // Small messages in turn; waiting for more to send would only cost time.
        let _ = stream.set_nodelay(true);
        Self { stream, deadline, began: Vec::new(), step: Step::Connect }
    }

    /// Begins to remember anew.
    pub(super) fn forget(&mut self) {
        self.began.clear();
    }

    /// The first octets that were received.
    pub(super) fn began(&self) -> &[u8] {
        &self.began
    }

    /// What a failed read or write means in this step.
    pub(super) fn failure(&self, error: &io::Error) -> Failure {
        Failure::of_io(error, self.step, self.deadline.timeout.as_secs())
    }

    /// Writes all of some octets.
    pub(super) fn send(&mut self, octets: &[u8]) -> Result<(), Failure> {
        self.write_all(octets).map_err(|error| self.failure(&error))
    }

    /// Reads exactly as many octets as fit.
    pub(super) fn receive(&mut self, octets: &mut [u8]) -> Result<(), Failure> {
        self.read_exact(octets).map_err(|error| self.failure(&error))
    }

    /// Reads up to `end`, and not one octet more: those behind it may be for another reader.
    pub(super) fn receive_until(&mut self, end: &[u8]) -> Result<Vec<u8>, Failure> {
        let mut text = Vec::new();
        let mut octet = [0];
        while !text.ends_with(end) {
            if text.len() == limits::DIALOGUE_OCTETS {
                let reason = format!("an answer is longer than {} octets", limits::DIALOGUE_OCTETS);
                return Err(Failure::Broken { step: self.step, reason });
            }
            self.receive(&mut octet)?;
            text.push(octet[0]);
        }
        Ok(text)
    }

    fn time_left(&self) -> io::Result<std::time::Duration> {
        self.deadline.left().ok_or_else(|| io::ErrorKind::TimedOut.into())
    }
}

impl Read for Wire {
    fn read(&mut self, octets: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(self.time_left()?))?;
        let length = self.stream.read(octets)?;
        let room = REMEMBERED.saturating_sub(self.began.len());
        self.began.extend_from_slice(&octets[..length.min(room)]);
        Ok(length)
    }
}

impl Write for Wire {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(self.time_left()?))?;
        self.stream.write(octets)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
