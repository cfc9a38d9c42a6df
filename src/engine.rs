//! The core's face: every key's entry, and the requests under way.
//!
//! The engine takes facts (a key, the clocks, a random draw, what a request
//! yielded) and says what follows. It performs nothing.

use std::rc::Rc;

use crate::cache::{Ask, Entry, Verdict, Yield};
use crate::error::Error;
use crate::secret::Secret;
use crate::store::Store;
use crate::time::{Millis, Now};
use crate::token::Token;

/// Names a request under way; later ones have higher numbers.
pub type FlightId = u32;

/// A token as a caller gets it: the host's form of it, and where the fast path
/// finds it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found<H> {
    /// The host's form of the token.
    pub handle: H,
    /// Where its entry stands.
    pub slot: u32,
    /// Which of the entry's tokens it is.
    pub serial: u32,
}

/// What follows from a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision<H> {
    /// Return the token.
    Return(Found<H>),
    /// Return the token, and start this flight behind the caller's back.
    ReturnAndRefresh(Found<H>, FlightId),
    /// Wait for this flight.
    Join(FlightId),
    /// Start this flight, and wait for it.
    Start(FlightId),
    /// Fail with a recent failure.
    Fail(Rc<Error>),
}

/// How many keys are kept unless [`Engine::configure`] says otherwise.
pub const MOST_ENTRIES: usize = 2_000;

/// All that is remembered between calls. `H` is the host's form of a token.
pub struct Engine<H> {
    store: Store<Entry<H>>,
    most_entries: usize,
    flights: FlightId,
    serials: u32,
    evicted: Vec<Rc<str>>,
}

impl<H: Clone> Engine<H> {
    /// An engine that knows nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            store: Store::new(),
            most_entries: MOST_ENTRIES,
            flights: 0,
            serials: 0,
            evicted: Vec::new(),
        }
    }

    /// Whether the token `serial` in `slot` is fresh for this caller, who then
    /// needs nothing else. Counts as a use of the entry.
    pub fn hit(&mut self, slot: u32, serial: u32, now: Now, ask: &Ask) -> bool {
        let fresh = self
            .store
            .get(slot)
            .is_some_and(|entry| entry.is_fresh(serial, now, ask));
        if fresh {
            self.store.touch(slot);
        }
        fresh
    }

    /// What follows from a call for `key`. A flight that starts here must be
    /// ended by [`Self::succeed`], [`Self::fail`] or [`Self::abandon`].
    #[must_use]
    pub fn decide(&mut self, key: &str, now: Now, ask: &Ask) -> Decision<H> {
        let slot = self.enter(key, now);
        self.store.touch(slot);
        let next = self.flights.wrapping_add(1);
        let Some(entry) = self.store.get(slot) else {
            return Decision::Start(next);
        };
        let found = entry.held().map(|(handle, serial)| Found {
            handle,
            slot,
            serial,
        });
        match (entry.decide(now, ask), found, entry.flight()) {
            (Verdict::Return, Some(found), _) => Decision::Return(found),
            (Verdict::ReturnAndRefresh, Some(found), _) => {
                entry.start(next, now);
                self.flights = next;
                Decision::ReturnAndRefresh(found, next)
            }
            (Verdict::Fail(error), _, _) => Decision::Fail(error),
            (Verdict::Join, _, Some(flight)) => Decision::Join(flight),
            _ => {
                entry.start(next, now);
                self.flights = next;
                Decision::Start(next)
            }
        }
    }

    /// The same key, of which all who use it share one copy.
    #[must_use]
    pub fn share(&mut self, key: String, now: Now) -> Rc<str> {
        let slot = self.enter(&key, now);
        self.store.key(slot).unwrap_or_else(|| key.into())
    }

    /// Where the entry of `key` stands, which may be a new one.
    fn enter(&mut self, key: &str, now: Now) -> u32 {
        if let Some(slot) = self.store.slot(key) {
            return slot;
        }
        // Room for the new one first, since it is the one that must stay.
        self.shrink(self.most_entries.saturating_sub(1), &|entry| {
            entry.is_busy(now)
        });
        self.store.insert(key.into(), Entry::new())
    }

    /// Takes the token that `flight` yielded, and says what its callers get.
    pub fn succeed(
        &mut self,
        key: &str,
        flight: FlightId,
        token: Token,
        handle: H,
        arrival: Arrival,
    ) -> Found<H> {
        self.serials = self.serials.wrapping_add(1);
        let serial = self.serials;
        let Arrival {
            sent,
            now,
            draw,
            refresh_ahead,
            exclusive,
            renews,
        } = arrival;
        let slot = self.store.slot(key);
        match slot.and_then(|slot| self.store.get(slot)) {
            Some(entry) => {
                let (handle, serial) = entry.succeed(
                    flight,
                    Yield {
                        token,
                        handle,
                        serial,
                        sent,
                        refresh_ahead,
                        exclusive,
                        renews,
                    },
                    now,
                    draw,
                );
                Found {
                    handle,
                    slot: slot.unwrap_or_default(),
                    serial,
                }
            }
            // Its entry was cleared meanwhile; those who wait get it all the same.
            None => Found {
                handle,
                slot: u32::MAX,
                serial,
            },
        }
    }

    /// Takes the failure of `flight`. Failures of the caller's own functions are
    /// not to be remembered.
    pub fn fail(
        &mut self,
        key: &str,
        flight: FlightId,
        error: &Rc<Error>,
        remember: bool,
        now: Now,
        draw: f64,
    ) {
        if let Some(entry) = self.entry(key) {
            entry.fail(flight, error, remember, now, draw);
        }
    }

    /// Forgets a flight whose owner is gone, if it is still the key's.
    pub fn abandon(&mut self, key: &str, flight: FlightId) {
        if let Some(entry) = self.entry(key) {
            entry.abandon(flight);
        }
    }

    /// The old token, for a caller whose request failed and who may still use it.
    #[must_use]
    pub fn fallback(&mut self, key: &str, now: Now, ask: &Ask) -> Option<Found<H>> {
        let slot = self.store.slot(key)?;
        let (handle, serial) = self.store.get(slot)?.fallback(now, ask)?;
        Some(Found {
            handle,
            slot,
            serial,
        })
    }

    /// For how long a call for `key` may wait for a request before it should take the
    /// old token; `None`: there is none.
    #[must_use]
    pub fn patience(&mut self, key: &str, now: Now, background: bool) -> Option<Millis> {
        self.entry(key)?.patience(now, background)
    }

    /// Whether `token` is the one held for `key`.
    #[must_use]
    pub fn holds(&mut self, key: &str, token: &str) -> bool {
        self.entry(key).is_some_and(|entry| entry.holds(token))
    }

    /// Drops `token` if, and only if, it is the one held for `key`.
    pub fn invalidate(&mut self, key: &str, token: &str, now: Now) -> bool {
        self.entry(key)
            .is_some_and(|entry| entry.invalidate(token, now))
    }

    /// Forgets every token, failure and learned fact. Flights still settle for
    /// those who wait for them, and are stored nowhere.
    pub fn clear(&mut self) {
        self.store = Store::new();
    }

    /// Keeps at most `most_entries` keys from now on.
    pub fn configure(&mut self, most_entries: usize) {
        self.most_entries = most_entries;
        self.shrink(most_entries, &|entry| entry.flight().is_some());
    }

    /// The keys whose tokens had to go since this was asked last.
    #[must_use]
    pub fn take_evicted(&mut self) -> Vec<Rc<str>> {
        core::mem::take(&mut self.evicted)
    }

    /// The tokens of `key` that a server may echo.
    #[must_use]
    pub fn tokens(&mut self, key: &str) -> Vec<Secret> {
        self.entry(key)
            .map_or_else(Vec::new, |entry| entry.tokens())
    }

    fn shrink(&mut self, most: usize, pinned: &dyn Fn(&Entry<H>) -> bool) {
        for (key, entry) in self.store.shrink(most, pinned) {
            if entry.held().is_some() {
                self.evicted.push(key);
            }
        }
    }

    fn entry(&mut self, key: &str) -> Option<&mut Entry<H>> {
        let slot = self.store.slot(key)?;
        self.store.get(slot)
    }
}

impl<H: Clone> Default for Engine<H> {
    fn default() -> Self {
        Self::new()
    }
}

/// The circumstances of a token's arrival.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    /// The clocks before its request was sent.
    pub sent: Now,
    /// The clocks now.
    pub now: Now,
    /// A random number in [0, 1).
    pub draw: f64,
    /// How long before expiry a background refresh starts, when the caller says.
    pub refresh_ahead: Option<Millis>,
    /// Whether this token revokes the one before.
    pub exclusive: bool,
    /// Whether it takes the place of any that is held, and of the same one too: what comes with
    /// it is newer.
    pub renews: bool,
}
