//! Child processes: streamed live, bounded in time, and ended by id with all they started.

use crate::tree::end_with_descendants;
use anyhow::{Context, Result, bail};
use std::ffi::{OsStr, OsString};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

/// A program to run. It has ten minutes unless `limit` says otherwise.
pub(crate) struct Task {
    command: Command,
    limit: Duration,
}

/// What a program printed, and whether it ended well.
pub(crate) struct Outcome {
    /// It ended by itself with status 0.
    pub(crate) success: bool,
    /// Its standard output.
    pub(crate) text: String,
}

impl Task {
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        Self {
            command: Command::new(program),
            limit: minutes(10),
        }
    }

    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    pub(crate) fn args<T: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = T>) -> Self {
        self.command.args(args);
        self
    }

    /// Operands as they would be typed: none of them may have a space in it.
    pub(crate) fn words(self, words: &str) -> Self {
        self.args(words.split_whitespace())
    }

    pub(crate) fn dir(mut self, dir: &Path) -> Self {
        self.command.current_dir(dir);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn envs(mut self, variables: impl IntoIterator<Item = (String, OsString)>) -> Self {
        self.command.envs(variables);
        self
    }

    pub(crate) fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Runs it with its output on ours; failing is an error.
    pub(crate) fn run(mut self) -> Result<()> {
        let mut child = self.spawn()?;
        let status = self.wait(&mut child)?;
        self.check(status)
    }

    /// Runs it and returns its standard output; failing is an error.
    pub(crate) fn output(mut self) -> Result<String> {
        self.command.stdout(Stdio::piped());
        let mut child = self.spawn()?;
        let text = collect(child.stdout.take(), false);
        let status = self.wait(&mut child)?;
        self.check(status)?;
        Ok(received(&text))
    }

    /// Runs it with its output on ours and returns that too; failing is an outcome.
    pub(crate) fn watch(mut self) -> Result<Outcome> {
        self.command.stdout(Stdio::piped());
        let mut child = self.spawn()?;
        let text = collect(child.stdout.take(), true);
        let status = self.wait(&mut child)?;
        Ok(Outcome {
            success: status.success(),
            text: received(&text),
        })
    }

    /// Runs it until it ends or the user interrupts, handing over each line after printing it.
    pub(crate) fn follow(mut self, mut on_line: impl FnMut(&str)) -> Result<()> {
        use std::io::{BufRead, BufReader};
        self.command.stdout(Stdio::piped());
        let mut child = self.spawn()?;
        if let Some(output) = child.stdout.take() {
            for line in BufReader::new(output).lines() {
                let line = line?;
                println!("{line}");
                on_line(&line);
            }
        }
        let status = child.wait()?;
        self.check(status)
    }

    /// Standard input is closed, so that nothing can wait for an answer.
    fn spawn(&mut self) -> Result<Child> {
        self.command.stdin(Stdio::null());
        let program = self.program();
        self.command
            .spawn()
            .with_context(|| format!("cannot start {program}: is it installed and on PATH?"))
    }

    fn wait(&self, child: &mut Child) -> Result<ExitStatus> {
        let start = Instant::now();
        // Quick programs answer at once; slow ones are not asked a thousand times.
        let mut pause = Duration::from_millis(2);
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            if start.elapsed() > self.limit {
                end_with_descendants(child);
                bail!(
                    "{} was ended: it took more than {} s",
                    self.program(),
                    self.limit.as_secs()
                );
            }
            thread::sleep(pause);
            pause = pause.saturating_mul(2).min(Duration::from_millis(50));
        }
    }

    fn check(&self, status: ExitStatus) -> Result<()> {
        if status.success() {
            return Ok(());
        }
        bail!("{} failed ({status})", self.program())
    }

    /// The command as a person would name it: the file and its first operands.
    fn program(&self) -> String {
        let file = Path::new(self.command.get_program())
            .file_stem()
            .unwrap_or_default();
        let mut name = file.to_string_lossy().into_owned();
        for arg in self.command.get_args().take(2) {
            name.push(' ');
            name.push_str(&arg.to_string_lossy());
        }
        name
    }
}

pub(crate) fn minutes(count: u64) -> Duration {
    Duration::from_secs(count.saturating_mul(60))
}

/// Reads a pipe on a thread of its own, so that neither side ever waits for the other.
fn collect(pipe: Option<impl Read + Send + 'static>, echo: bool) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut pipe = pipe?;
        let mut buffer = [0; 8192];
        while let Ok(count @ 1..) = pipe.read(&mut buffer) {
            let part = buffer.get(..count)?;
            if echo {
                let mut out = std::io::stdout().lock();
                out.write_all(part).and_then(|()| out.flush()).ok()?;
            }
            sender.send(part.to_vec()).ok()?;
        }
        Some(())
    });
    receiver
}

/// All that was read. The program has ended by now; a grandchild that still holds the pipe
/// open is given two seconds to fall silent.
fn received(parts: &Receiver<Vec<u8>>) -> String {
    let mut all = Vec::new();
    while let Ok(part) = parts.recv_timeout(Duration::from_secs(2)) {
        all.extend(part);
    }
    String::from_utf8_lossy(&all).into_owned()
}

#[cfg(all(test, unix))]
mod tests {
    use super::Task;
    use std::time::Duration;

    fn shell(script: &str) -> Task {
        Task::new("sh").args(["-c", script])
    }

    #[test]
    fn what_takes_too_long_is_ended_with_its_children() {
        let mark = std::env::temp_dir().join(format!("tokenlet-xtask-{}", std::process::id()));
        let script = format!("(sleep 1; : > '{}') & wait", mark.display());
        let ended = shell(&script).limit(Duration::from_millis(200)).run();
        assert!(ended.unwrap_err().to_string().contains("was ended"));
        std::thread::sleep(Duration::from_millis(1500));
        assert!(!mark.exists(), "the child of the child went on");
    }

    #[test]
    fn a_failure_is_an_outcome_when_watched_and_an_error_when_run() {
        let outcome = shell("echo said; exit 3").watch().unwrap();
        assert_eq!((outcome.success, outcome.text.as_str()), (false, "said\n"));
        assert!(shell("exit 3").run().is_err());
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = Task::new("no-such-program").arg("now").run().unwrap_err();
        assert!(error.to_string().contains("no-such-program now"));
    }
}
