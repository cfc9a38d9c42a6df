//! What the rules of the cache allow for one key, written down a second time and
//! independently of the core. Where the rules give a span, so does the model.

mod changes;

use std::rc::Rc;

use tokenlet::cache::Ask;
use tokenlet::engine::FlightId;
use tokenlet::error::Error;
use tokenlet::time::{Millis, Now};

use super::answers::{Answers, FAIL, JOIN, REFRESH, RETURN, START, Span};
use super::issued::{Issued, elapsed};

/// All that is known of one key.
#[derive(Default)]
pub(crate) struct Model {
    pub(crate) held: Option<Held>,
    pub(crate) flight: Option<Flight>,
    pub(crate) failure: Option<Failure>,
    last_start: Option<Now>,
    /// Failures in a row: the server's alone, and with those of callers' functions.
    failures: (u32, u32),
    /// How long refreshes wait after a caller's own function failed.
    own: Option<Span>,
    /// How long they wait after the server had nothing better.
    stall: Option<Span>,
    rejected: Vec<String>,
    was_young: bool,
}

/// The token that the next caller may get.
pub(crate) struct Held {
    pub(crate) token: Issued,
    /// It may not be kept: for how long it is handed out all the same.
    pub(crate) share: Option<Span>,
    /// Whether a request started in its last chance: ever, and the last one.
    tried: (bool, bool),
}

/// A request under way.
#[derive(Clone, Copy)]
pub(crate) struct Flight {
    pub(crate) id: FlightId,
    pub(crate) sent: Now,
}

/// The last failure of the server's.
pub(crate) struct Failure {
    pub(crate) error: Rc<Error>,
    /// Who has no token is told of it for so long,
    memory: Span,
    /// and refreshes behind a token wait for so long.
    refresh: Span,
}

const SECOND: Millis = 1_000;
const MINUTE: Millis = 60 * SECOND;
/// What lasts longer is not waited for.
const YEAR: Millis = 366 * 24 * 60 * MINUTE;

impl Model {
    /// The answers that a caller may get.
    pub(crate) fn allows(&self, now: Now, ask: &Ask) -> Answers {
        let just_started = self.is_within(self.last_start, now);
        if ask.force && self.flight.is_some() {
            return JOIN;
        }
        if ask.force && !just_started {
            return START;
        }
        let none = self.without_token(now);
        let Some(held) = &self.held else { return none };
        let dead = held.token.left(now) <= held.token.hard();
        if let Some(share) = held.share {
            // Known to have ended, it is no more than what a request just yielded.
            let dead = dead && !held.token.is_new(now);
            return match share.odds(now) {
                (true, _) if !dead => RETURN,
                (_, true) if !dead => RETURN | none,
                _ => none,
            };
        }
        if dead {
            return none;
        }
        let answers = self.with_token(held, now, ask);
        let young = ask.max_age.is_none_or(|most| held.token.age(now) < most);
        if young && held.token.left(now) >= ask.min_ttl {
            return answers;
        }
        // What this caller wants, a request a moment ago could not get.
        let (stalled, perhaps) = self.stall.map_or((false, false), |stall| stall.odds(now));
        let excused = (perhaps && young) || just_started && (held.token.is_new(now) || perhaps);
        let undisturbed = self.failure.is_none() && self.own.is_none();
        let surely = excused && (stalled || just_started && held.token.is_new(now)) && undisturbed;
        match (surely, excused || held.token.is_new(now)) {
            (true, _) if self.flight.is_none() => answers,
            (false, false) => none,
            _ => answers | none,
        }
    }

    /// Fresh, stale, or in the last chance.
    fn with_token(&self, held: &Held, now: Now, ask: &Ask) -> Answers {
        let (surely, perhaps) = self.backs_off(now);
        let (earliest, latest) = held.token.refresh();
        if held.token.age(now) < earliest {
            return RETURN;
        }
        if held.token.left(now) > held.token.soft() {
            return if self.flight.is_some() || !ask.background || surely {
                RETURN
            } else if perhaps || held.token.age(now) < latest {
                RETURN | REFRESH
            } else {
                REFRESH
            };
        }
        match (self.flight, held.tried) {
            (Some(_), _) => JOIN,
            (None, (_, true)) if surely => RETURN,
            (None, (true, _)) if perhaps => RETURN | START,
            _ => START,
        }
    }

    fn without_token(&self, now: Now) -> Answers {
        let memory = self
            .failure
            .as_ref()
            .map(|failure| failure.memory.odds(now));
        match memory {
            _ if self.flight.is_some() => JOIN,
            Some((true, _)) => FAIL,
            Some((_, true)) => FAIL | START,
            _ => START,
        }
    }

    /// Whether refreshes wait: surely, and perhaps.
    fn backs_off(&self, now: Now) -> (bool, bool) {
        let failure = self.failure.as_ref().map(|failure| failure.refresh);
        let spans = [failure, self.own, self.stall];
        let odds = spans.iter().flatten().map(|span| span.odds(now));
        odds.fold((false, false), |all, one| (all.0 || one.0, all.1 || one.1))
    }

    fn is_within(&self, then: Option<Now>, now: Now) -> bool {
        then.is_some_and(|then| elapsed(now, then) < SECOND)
    }

    /// The token that outlives failures: it may be kept, and has its hard margin left.
    pub(crate) fn usable(&self, now: Now) -> Option<&Issued> {
        let held = self.held.as_ref().filter(|held| held.share.is_none())?;
        Some(&held.token).filter(|token| token.left(now) > token.hard())
    }

    /// Whether a request a moment ago had nothing better than the held token.
    pub(crate) fn is_stalled(&self, now: Now) -> bool {
        self.stall.is_some_and(|stall| stall.odds(now).1)
    }

    /// How many requests failed in a row.
    pub(crate) fn failures(&self) -> u32 {
        self.failures.0
    }

    /// How long until something changes, for whatever is known to change.
    pub(crate) fn due(&self, now: Now) -> Vec<Millis> {
        let mut due: Vec<Millis> = self
            .last_start
            .iter()
            .map(|start| SECOND - elapsed(now, *start))
            .collect();
        let memory = self
            .failure
            .as_ref()
            .map(|failure| [failure.memory, failure.refresh]);
        let share = self.held.as_ref().and_then(|held| held.share);
        for span in memory
            .into_iter()
            .flatten()
            .chain(self.own)
            .chain(self.stall)
            .chain(share)
        {
            due.extend(
                [span.at_least, span.at_most].map(|length| length - elapsed(now, span.from)),
            );
        }
        if let Some(token) = self.held.as_ref().map(|held| &held.token) {
            let (earliest, latest) = token.refresh();
            let (age, left) = (token.age(now), token.left(now));
            due.extend([
                earliest.saturating_sub(age),
                latest.saturating_sub(age),
                left - token.soft(),
                left - token.hard(),
                left,
            ]);
        }
        due.retain(|span| (0..YEAR).contains(span));
        due
    }
}
