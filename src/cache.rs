//! What is known of one key: its token, the request under way, recent failures.
//!
//! ```text
//!   t0                  R                E-S          E-H    E
//!   |      fresh        |     stale      | last chance |     |
//!   | return            | return, and    | ask; if it  | none: ask
//!   |                   | refresh behind | fails, the  |
//!   |                   | the caller     | old one     |
//! ```
//!
//! `Entry::decide` is the only reader of these times.

mod changes;
mod held;
mod margins;

use std::rc::Rc;

use crate::error::Error;
use crate::retry::BUDGET;
use crate::secret::Secret;
use crate::time::{Millis, Now, SECOND};
use crate::token::Token;
use held::Held;
pub use margins::Margins;

/// What one caller asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    /// The token must live at least this much longer.
    pub min_ttl: Millis,
    /// The token must have been fetched at most this long ago.
    pub max_age: Option<Millis>,
    /// Skip the cache and remembered failures, once.
    pub force: bool,
    /// Whether something keeps a request alive behind the caller's back.
    pub background: bool,
}

/// What a caller gets.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Verdict {
    /// The token.
    Return,
    /// The token, and a request is to start behind it.
    ReturnAndRefresh,
    /// What the request under way yields.
    Join,
    /// What a new request yields.
    Start,
    /// A recent failure.
    Fail(Rc<Error>),
}

/// What is known of one key. `H` is the host's form of a token.
pub(crate) struct Entry<H> {
    held: Option<Held<H>>,
    flight: Option<u32>,
    last_start: Option<Now>,
    failures: u32,
    pause: Option<Pause>,
    remembered: Option<Rc<Error>>,
    rejected: Vec<Secret>,
    young_rejections: u32,
}

/// For so long after `from`, nothing is tried.
#[derive(Clone, Copy)]
struct Pause {
    from: Now,
    /// While a usable token is held.
    behind: Millis,
    /// Without one: callers fail meanwhile.
    without: Millis,
}

/// Callers share what a request yielded for this long, whatever it is.
const SHARED: Millis = SECOND;
/// Most servers answer sooner. Of one that does not, nobody should wait long who still
/// has a usable token.
const PATIENCE: Millis = 2 * SECOND;

/// What a request yielded, to be put into an entry.
pub(crate) struct Yield<H> {
    pub(crate) token: Token,
    pub(crate) handle: H,
    pub(crate) serial: u32,
    pub(crate) sent: Now,
    pub(crate) refresh_ahead: Option<Millis>,
    pub(crate) exclusive: bool,
    pub(crate) renews: bool,
}

impl<H: Clone> Entry<H> {
    pub(crate) const fn new() -> Self {
        Self {
            held: None,
            flight: None,
            last_start: None,
            failures: 0,
            pause: None,
            remembered: None,
            rejected: Vec::new(),
            young_rejections: 0,
        }
    }

    pub(crate) fn holds(&self, token: &str) -> bool {
        self.held
            .as_ref()
            .is_some_and(|held| held.access_token.reveal() == token)
    }

    /// The tokens that a server may echo: the one that is held, and rejected ones.
    pub(crate) fn tokens(&self) -> Vec<Secret> {
        let mut tokens = self.rejected.clone();
        tokens.extend(self.held.as_ref().map(|held| held.access_token.clone()));
        tokens
    }

    pub(crate) fn flight(&self) -> Option<u32> {
        self.flight
    }

    /// Whether a request is under way, as far as can be told: one whose owner was
    /// cancelled never ends, and must not keep its entry for ever.
    pub(crate) fn is_busy(&self, now: Now) -> bool {
        self.flight.is_some()
            && self
                .last_start
                .is_some_and(|start| now.since(start) < 2 * BUDGET)
    }

    pub(crate) fn held(&self) -> Option<(H, u32)> {
        self.held
            .as_ref()
            .map(|held| (held.handle.clone(), held.serial))
    }

    /// Whether the token `serial` is held and fresh for this caller: the whole of
    /// the fast path.
    pub(crate) fn is_fresh(&self, serial: u32, now: Now, ask: &Ask) -> bool {
        match &self.held {
            Some(held) if held.serial == serial && held.shared.is_none() => {
                held.age(now) < held.margins.refresh_at && held.suits(now, ask)
            }
            _ => false,
        }
    }

    /// The one reader of expiry and refresh times.
    pub(crate) fn decide(&self, now: Now, ask: &Ask) -> Verdict {
        // At most one forced request a second; what it yielded is new enough.
        let force = ask.force && !self.started_just_now(now);
        match &self.held {
            // A request under way is new enough for whoever forces one.
            _ if force || (ask.force && self.flight.is_some()) => self.join_or_start(),
            Some(held) => self.decide_held(held, now, ask),
            None => self.decide_none(now, ask.force),
        }
    }

    fn decide_held(&self, held: &Held<H>, now: Now, ask: &Ask) -> Verdict {
        let remaining = held.remaining(now);
        let paused = self.is_paused(now, |pause| pause.behind);
        if let Some(shared) = held.shared {
            // Longer than those who wait share it, a rejected token is handed out while it
            // lives.
            let since = now.since(held.got);
            return if since < shared && (since < SHARED || remaining > held.margins.hard) {
                Verdict::Return
            } else {
                self.decide_none(now, ask.force)
            };
        }
        // Whoever wants more of a token than a new one has would ask for ever.
        let suits = held.suits(now, ask)
            || now.since(held.got) < SHARED
            || (self.is_stalled(now) && (held.is_young(now, ask) || self.started_just_now(now)));
        if !suits || remaining <= held.margins.hard {
            self.decide_none(now, ask.force)
        } else if held.age(now) < held.margins.refresh_at {
            Verdict::Return
        } else if remaining > held.margins.soft {
            let start = self.flight.is_none() && !paused && ask.background;
            if start {
                Verdict::ReturnAndRefresh
            } else {
                Verdict::Return
            }
        } else if self.flight.is_some() {
            Verdict::Join
        } else if paused && held.tried_last_chance {
            Verdict::Return
        } else {
            Verdict::Start
        }
    }

    fn decide_none(&self, now: Now, force: bool) -> Verdict {
        let recent = self.is_paused(now, |pause| pause.without);
        match &self.remembered {
            Some(error)
                if recent && self.flight.is_none() && (!force || self.started_just_now(now)) =>
            {
                Verdict::Fail(self.aged(error, now))
            }
            _ => self.join_or_start(),
        }
    }

    /// A recent failure, with what is left by now of the wait that the server asked for.
    fn aged(&self, error: &Rc<Error>, now: Now) -> Rc<Error> {
        let (Some(wait), Some(pause)) = (error.retry_after, self.pause) else {
            return error.clone();
        };
        let mut error = Error::clone(error);
        error.retry_after = Some(wait.saturating_sub(now.since(pause.from)).max(0));
        Rc::new(error)
    }

    fn join_or_start(&self) -> Verdict {
        if self.flight.is_some() {
            Verdict::Join
        } else {
            Verdict::Start
        }
    }

    /// Requests of one key stay a second apart.
    fn started_just_now(&self, now: Now) -> bool {
        self.last_start
            .is_some_and(|start| now.since(start) < SECOND)
    }

    fn is_paused(&self, now: Now, length: fn(&Pause) -> Millis) -> bool {
        self.pause
            .is_some_and(|pause| now.since(pause.from) < length(&pause))
    }

    /// Whether the server repeated itself a moment ago.
    fn is_stalled(&self, now: Now) -> bool {
        self.remembered.is_none() && self.failures == 0 && self.is_paused(now, |pause| pause.behind)
    }

    /// The old token, for a caller whose request failed.
    pub(crate) fn fallback(&self, now: Now, ask: &Ask) -> Option<(H, u32)> {
        let held = self
            .held
            .as_ref()
            .filter(|held| held.is_usable(now) && !ask.force)?;
        held.suits(now, ask)
            .then(|| (held.handle.clone(), held.serial))
    }

    /// For how long callers wait for a request while they could have the old token: it
    /// must still have half of its hard margin to spare, since timers are late. Where a
    /// request does not go on without them, they wait as long as they can, and for
    /// what has hardly any life left it is not given up.
    pub(crate) fn patience(&self, now: Now, background: bool) -> Option<Millis> {
        let held = self.held.as_ref().filter(|held| held.is_usable(now))?;
        let spare = held.margins.hard.saturating_add(held.margins.hard / 2);
        let left = held.remaining(now).saturating_sub(spare).max(0);
        if background {
            Some(left.min(PATIENCE))
        } else {
            (left >= PATIENCE).then_some(left.min(BUDGET))
        }
    }

    pub(crate) fn start(&mut self, flight: u32, now: Now) {
        self.flight = Some(flight);
        self.last_start = Some(now);
        if let Some(held) = &mut self.held {
            let remaining = held.remaining(now);
            held.tried_last_chance = remaining <= held.margins.soft;
        }
    }

    /// Forgets a request whose owner is gone, if it is still this one.
    pub(crate) fn abandon(&mut self, flight: u32) {
        if self.flight == Some(flight) {
            self.flight = None;
        }
    }
}
