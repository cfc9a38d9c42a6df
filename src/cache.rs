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

mod held;
mod margins;

use std::rc::Rc;

use crate::error::{Code, Error};
use crate::retry::{BUDGET, doubled, scaled};
use crate::secret::Secret;
use crate::time::{Millis, Now, SECOND};
use crate::token::{Lifetime, Token};
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

/// A token that lives shorter is handed to those who wait and not kept, so that
/// requests stay at least a second apart.
const SHORTEST_KEPT: Millis = 2 * SECOND;
/// Callers share what a request yielded for this long, whatever it is.
const SHARED: Millis = SECOND;
/// Most servers answer sooner. Of one that does not, nobody should wait long who still
/// has a usable token.
const PATIENCE: Millis = 2 * SECOND;
/// A token rejected sooner after its issue points to a wrong audience, not to an
/// old token.
const YOUNG: Millis = 30 * SECOND;
const MOST_REJECTED: usize = 4;

/// What a request yielded, to be put into an entry.
pub(crate) struct Yield<H> {
    pub(crate) token: Token,
    pub(crate) handle: H,
    pub(crate) serial: u32,
    pub(crate) sent: Now,
    pub(crate) refresh_ahead: Option<Millis>,
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
            || (remaining > held.margins.hard
                && (now.since(held.got) < SHARED
                    || (self.is_stalled(now)
                        && (held.is_young(now, ask) || self.started_just_now(now)))));
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
                Verdict::Fail(error.clone())
            }
            _ => self.join_or_start(),
        }
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
    /// must still have half of its hard margin to spare, since timers are late.
    pub(crate) fn patience(&self, now: Now) -> Option<Millis> {
        let held = self.held.as_ref().filter(|held| held.is_usable(now))?;
        let spare = held.margins.hard.saturating_add(held.margins.hard / 2);
        let left = held.remaining(now).saturating_sub(spare);
        Some(left.clamp(0, PATIENCE))
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

    /// Takes what `flight` yielded, and says what its callers get. Nothing is
    /// stored when the flight is no longer the entry's.
    pub(crate) fn succeed(&mut self, flight: u32, got: Yield<H>, now: Now, draw: f64) -> (H, u32) {
        let own = (got.handle.clone(), got.serial);
        if self.flight != Some(flight) {
            return own;
        }
        self.flight = None;
        self.failures = 0;
        self.pause = None;
        self.remembered = None;
        let margins = Margins::new(got.token.lifetime, got.refresh_ahead, draw);
        if let Some(held) = self.held.as_ref().filter(|held| held.is_usable(now)) {
            let same = held.access_token == got.token.access_token;
            let sooner = margins.remaining(now.since(got.sent)) < held.remaining(now);
            if (same || sooner) && got.token.lifetime != Lifetime::None {
                let behind = SECOND.max(held.remaining(now) / 2);
                self.pause = Some(Pause {
                    from: now,
                    behind,
                    without: 0,
                });
                return if same {
                    (held.handle.clone(), held.serial)
                } else {
                    own
                };
            }
            if got.token.lifetime == Lifetime::None && held.remaining(now) > held.margins.soft {
                // A usable token is not given up for one that may not be kept.
                self.pause = Some(Pause {
                    from: now,
                    behind: SECOND,
                    without: 0,
                });
                return own;
            }
        }
        let rejected = self.rejected.contains(&got.token.access_token);
        let shared = if rejected {
            self.young_rejections = self.young_rejections.saturating_add(1);
            Some(rejection_pause(self.young_rejections))
        } else if got.token.lifetime == Lifetime::None
            || margins
                .lifetime
                .is_some_and(|lifetime| lifetime < SHORTEST_KEPT)
        {
            Some(SHARED)
        } else {
            None
        };
        let Yield {
            token,
            handle,
            serial,
            sent,
            ..
        } = got;
        self.held = Some(Held {
            access_token: token.access_token,
            handle,
            serial,
            sent,
            got: now,
            margins,
            shared,
            tried_last_chance: false,
        });
        own
    }

    /// Takes the failure of `flight`. A token that is still usable stays.
    pub(crate) fn fail(
        &mut self,
        flight: u32,
        error: &Rc<Error>,
        remember: bool,
        now: Now,
        draw: f64,
    ) {
        if self.flight != Some(flight) {
            return;
        }
        self.flight = None;
        let usable = self.held.as_ref().is_some_and(|held| held.is_usable(now));
        // A failure of one caller's functions is not another's, but refreshes behind a
        // usable token back off whatever they fail of.
        if !remember && !usable {
            return;
        }
        let refused = !error.retryable && error.code == Code::Oauth;
        // The server's wish is a lower bound: spread out, and never shortened.
        let wish = scaled(
            error.retry_after.unwrap_or(0).min(60 * SECOND),
            1.0 + draw / 2.0,
        );
        let length =
            |first, most| scaled(doubled(first, self.failures, most), 0.5 + draw).max(wish);
        self.pause = Some(Pause {
            from: now,
            behind: length(2 * SECOND, 30 * SECOND),
            without: if refused {
                length(SECOND, 30 * SECOND)
            } else {
                length(250, 10 * SECOND)
            },
        });
        self.failures = self.failures.saturating_add(1);
        self.remembered = remember.then(|| error.clone());
    }

    /// Drops `token` if, and only if, it is the one that is held.
    pub(crate) fn invalidate(&mut self, token: &str, now: Now) -> bool {
        let Some(held) = self
            .held
            .as_ref()
            .filter(|held| held.access_token.reveal() == token)
        else {
            return false;
        };
        let secret = held.access_token.clone();
        // Said before: however many callers say so, its pause is running.
        if self.rejected.contains(&secret) {
            return true;
        }
        let young = now.since(held.got) < YOUNG;
        if self.rejected.len() >= MOST_REJECTED {
            self.rejected.remove(0);
        }
        self.rejected.push(secret);
        self.young_rejections = if young {
            self.young_rejections.saturating_add(1)
        } else {
            0
        };
        match &mut self.held {
            // Every new token is rejected: more of them would not help, so this one
            // stays for a while.
            Some(held) if young && self.young_rejections > 1 => {
                held.shared = Some(
                    now.since(held.got)
                        .saturating_add(rejection_pause(self.young_rejections)),
                );
            }
            held => *held = None,
        }
        true
    }
}

/// One second after the first rejection in a row, at most a minute.
fn rejection_pause(rejections: u32) -> Millis {
    doubled(SECOND, rejections.saturating_sub(1), 60 * SECOND)
}
