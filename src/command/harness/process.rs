//! One run of a verifier: bounded in time and output, and without anything left of it afterwards.

use std::ffi::OsString;
use std::io::{self, Read as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

/// Octets of output that are kept; a verifier may print more.
const KEPT: usize = 64 * 1024;

/// How long output is waited for once its program has ended.
const GRACE: Duration = Duration::from_millis(500);

/// Longest pause between two looks at a program.
const PAUSE: Duration = Duration::from_millis(10);

/// What a run may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds<'s> {
    /// How long it may take.
    pub(super) timeout: Duration,
    /// Set when everything must end.
    pub(super) stop: &'s AtomicBool,
}

/// How a run ended.
#[derive(Debug)]
pub(super) enum Ended {
    /// With an exit status.
    Status(i32, Vec<u8>),
    /// By a signal of this number, or for a reason that only the system knows.
    Signal(Option<i32>, Vec<u8>),
    /// It took too long.
    Timeout,
    /// Everything must end.
    Stopped,
    /// It never began.
    Failed(io::Error),
}

impl Bounds<'_> {
    pub(super) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Runs a program with its arguments.
pub(super) fn run(words: &[OsString], bounds: &Bounds<'_>) -> Ended {
    let (mut child, output) = match start(words) {
        Ok(started) => started,
        Err(error) => return Ended::Failed(error),
    };
    let group = Group::of(&child);
    let ended = wait(&mut child, bounds);
    // What it started itself must not outlive it, whichever way it ended.
    group.kill();
    let _ = child.kill();
    let _ = child.wait();
    match ended {
        Ok(Some(status)) => {
            let kept = output.text();
            status.code().map_or_else(
                || Ended::Signal(signal(status), kept.clone()),
                |code| Ended::Status(code, kept.clone()),
            )
        }
        Ok(None) if bounds.is_stopped() => Ended::Stopped,
        Ok(None) => Ended::Timeout,
        Err(error) => Ended::Failed(error),
    }
}

fn start(words: &[OsString]) -> io::Result<(Child, Output)> {
    let (reader, writer) = io::pipe()?;
    let (program, arguments) = words.split_first().ok_or(io::ErrorKind::InvalidInput)?;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let child = command.spawn()?;
    // The command holds the writing ends; the reader sees the end once they are closed.
    drop(command);
    Ok((child, Output::of(reader)))
}

/// The exit status, or `None` where its time is over.
fn wait(child: &mut Child, bounds: &Bounds<'_>) -> io::Result<Option<ExitStatus>> {
    let begin = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if bounds.is_stopped() || begin.elapsed() >= bounds.timeout {
            return Ok(None);
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(PAUSE);
    }
}

/// What a program prints, read while it runs.
struct Output {
    kept: Arc<Mutex<Vec<u8>>>,
    end: mpsc::Receiver<()>,
}

impl Output {
    fn of(mut reader: io::PipeReader) -> Self {
        let kept = Arc::new(Mutex::new(Vec::new()));
        let (told, end) = mpsc::channel();
        let own = Arc::clone(&kept);
        std::thread::spawn(move || {
            let mut piece = [0; 4096];
            while let Ok(length @ 1..) = reader.read(&mut piece) {
                let mut kept = own.lock().unwrap_or_else(PoisonError::into_inner);
                let room = KEPT.saturating_sub(kept.len());
                kept.extend_from_slice(&piece[..length.min(room)]);
            }
            // Nobody listens any more where something outlived its group.
            let _ = told.send(());
        });
        Self { kept, end }
    }

    fn text(&self) -> Vec<u8> {
        let _ = self.end.recv_timeout(GRACE);
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A program and all that it started.
#[cfg(unix)]
struct Group(rustix::process::Pid);

#[cfg(unix)]
impl Group {
    fn of(child: &Child) -> Self {
        Self(rustix::process::Pid::from_child(child))
    }

    fn kill(&self) {
        // An error means that nobody is left.
        let _ = rustix::process::kill_process_group(self.0, rustix::process::Signal::KILL);
    }
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

/// Where there are no groups, the program itself is ended and no more.
#[cfg(not(unix))]
struct Group;

#[cfg(not(unix))]
impl Group {
    fn of(_: &Child) -> Self {
        Self
    }

    fn kill(&self) {}
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}
