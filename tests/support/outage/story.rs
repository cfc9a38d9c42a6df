//! What came of an outage, and what the policies say of it. The policies are written
//! down here anew, as numbers, so that the core is not measured by itself.

use tokenlet::time::{Millis, SECOND};

use super::{Call, Down, Got, Outage, Process, Run};

/// Whoever has a usable token waits no longer for a better one.
const PATIENCE: Millis = 2 * SECOND;
/// A request under way is given up after so long,
const FLIGHT: Millis = 20 * SECOND;
/// and so many attempts at most.
const ATTEMPTS: usize = 3;
/// Behind a token, failures back off from here, doubled up to there;
const BACK_OFF: (Millis, Millis) = (2 * SECOND, 30 * SECOND);
/// without one, they are remembered from here, doubled up to there:
const MEMORY: (Millis, Millis) = (250, 10 * SECOND);
/// each by a factor of 0.5 to 1.5.
pub(crate) const LONGEST_MEMORY: Millis = MEMORY.1 * 3 / 2;

/// An outage that was played to its end.
pub(crate) struct Story {
    process: Process,
    outage: Outage,
    run: Run,
}

impl Process {
    /// What comes of an outage, until a minute after it and after the first token.
    pub(crate) fn goes_through(self, outage: Outage) -> Story {
        let process = Self {
            outage: Some(outage),
            ..self
        };
        let run = process.run(outage.to.max(self.lifetime) + 60 * SECOND);
        Story {
            process,
            outage,
            run,
        }
    }

    /// While more than this is left, a caller waits for nothing.
    pub(crate) fn soft_margin(&self) -> Millis {
        (30 * SECOND).min(self.lifetime / 10)
    }

    /// While more than this is left, a caller does not fail.
    pub(crate) fn hard_margin(&self) -> Millis {
        (2 * SECOND).min(self.lifetime / 20)
    }

    /// The earliest refresh is so long before the end of a token.
    fn longest_lead(&self) -> Millis {
        let lead = match self.refresh_ahead {
            Some(ahead) => ahead.min(self.lifetime / 3),
            None => (300 * SECOND).min(self.lifetime / 4),
        };
        self.soft_margin() + lead * 3 / 2
    }
}

impl Down {
    /// How long a flight takes at least.
    fn takes(self) -> Millis {
        match self {
            Self::Refusing => 0,
            Self::Silent => FLIGHT,
        }
    }
}

impl Story {
    /// What holds of every outage.
    pub(crate) fn check(&self) {
        let (soft, hard) = (self.process.soft_margin(), self.process.hard_margin());
        for call in &self.run.calls {
            let left = self.left(call.at + call.waited);
            let wrong = match call.got {
                _ if call.waited > FLIGHT => "waits too long",
                _ if call.waited > 0 && self.left(call.at) > soft => "waits, and need not",
                _ if call.waited > PATIENCE && self.left(call.at) > hard => "waits, and had one",
                Got::Error { .. } if self.left(call.at) > hard => "fails, and had a token",
                Got::Token { left, new } if left <= hard && !new => "gets a dead token",
                Got::Error { .. } if left > hard => "fails, and a token is there",
                _ => continue,
            };
            panic!("{wrong}: {call:?} of {:?}", self.process);
        }
        let (requests, most) = (self.requests(), self.most_requests());
        assert!(
            requests <= most,
            "{requests} requests, not {most}: {:?}",
            self.process
        );
        // One more flight may fail, and one failure be told.
        let longest = LONGEST_MEMORY + self.outage.how.takes().max(SECOND);
        assert!(
            self.aftermath() <= longest,
            "fails {} ms after the outage: {:?}",
            self.aftermath(),
            self.process
        );
    }

    /// How many requests the server got while it was down.
    pub(crate) fn requests(&self) -> usize {
        let down = self.outage.from..self.outage.to;
        let requests = self.run.requests.iter();
        requests.filter(|at| down.contains(at)).count()
    }

    /// How many of them the policies allow.
    ///
    /// What was sent before the outage was answered, so the newest token of then is the
    /// last, and tells when there is none left. Up to that instant flights back off, but
    /// for one try where the last chance begins; from then on their failures are
    /// remembered. A flight makes three requests, and where nobody answers it takes all
    /// of its time.
    pub(crate) fn most_requests(&self) -> usize {
        let Outage { how, from, to } = self.outage;
        let last = self.run.tokens.iter().rfind(|(sent, _)| *sent < from);
        let end = last.map_or(0, |(sent, _)| sent + self.process.lifetime);
        let gone = end - self.process.hard_margin();
        let flights = |span: Millis, (first, most): (Millis, Millis)| {
            let (mut flights, mut at, mut pause) = (0, 0, first);
            while at < span {
                (flights, at) = (flights + 1, at + how.takes() + pause / 2);
                pause = most.min(2 * pause);
            }
            flights
        };
        let behind = to.min(gone) - from.max(end - self.process.longest_lead());
        let last_chance = from < gone && to > end - self.process.soft_margin();
        let without = to - from.max(gone);
        ATTEMPTS * (flights(behind, BACK_OFF) + usize::from(last_chance) + flights(without, MEMORY))
    }

    /// The calls that failed.
    pub(crate) fn failed(&self) -> impl Iterator<Item = &Call> {
        let failed = |call: &&Call| matches!(call.got, Got::Error { .. });
        self.run.calls.iter().filter(failed)
    }

    /// The longest that a caller waited.
    pub(crate) fn longest_wait(&self) -> Millis {
        let waits = self.run.calls.iter().map(|call| call.waited);
        waits.max().unwrap()
    }

    /// How long after the outage the last caller failed.
    pub(crate) fn aftermath(&self) -> Millis {
        let ended = self.failed().map(|call| call.at + call.waited);
        (ended.max().unwrap_or(0) - self.outage.to).max(0)
    }

    /// For how long a failure was told to callers who came later.
    pub(crate) fn longest_memory(&self) -> Millis {
        let cached = |call: &&Call| call.got == Got::Error { cached: true };
        let age = |call: &Call| {
            let before = self
                .run
                .failures
                .partition_point(|failure| *failure <= call.at);
            call.at - self.run.failures[before - 1]
        };
        let calls = self.run.calls.iter();
        calls.filter(cached).map(age).max().unwrap_or(0)
    }

    /// What is left at this instant of the newest token that had come.
    fn left(&self, at: Millis) -> Millis {
        let tokens = &self.run.tokens;
        let came = tokens.partition_point(|(_, came)| *came <= at);
        let sent = tokens[..came].last().map(|(sent, _)| *sent);
        sent.map_or(0, |sent| sent + self.process.lifetime - at)
    }
}
