//! A world around the engine: callers, servers and clocks, and what they know of it.
//!
//! Every event is checked against what must hold of the cache whatever happens.

mod learning;
mod outcomes;

use tokenlet::cache::Ask;
use tokenlet::engine::{Decision, Engine, FlightId, Found};
use tokenlet::retry::BUDGET;
use tokenlet::time::{LAST_INSTANT, Millis, Now, SECOND};
use tokenlet::token::Lifetime;

use crate::call::{START, later};
use learning::Learned;

/// The keys that callers ask for.
pub const KEYS: [&str; 4] = ["a", "b", "c", "d"];

/// What most callers ask for.
const PLAIN: Ask = Ask {
    min_ttl: 0,
    max_age: None,
    force: false,
    background: true,
};

/// The engine, and what the world knows of it.
pub struct World {
    engine: Engine<usize>,
    now: Now,
    /// How much time passed, by whichever clock says more.
    elapsed: Millis,
    /// Whether keys had to go: of those nothing is known any more.
    crowded: bool,
    flights: FlightId,
    keys: [Key; KEYS.len()],
    tokens: Vec<Issued>,
    learned: Learned,
}

/// A token that a server issued.
struct Issued {
    key: usize,
    name: String,
    lifetime: Lifetime,
    sent: Now,
    got: Now,
    rejected: bool,
}

/// What the world knows of one key. A token's handle is its number among all.
#[derive(Default)]
struct Key {
    flight: Option<Flight>,
    earlier: Vec<FlightId>,
    /// When requests started that nothing but callers and the clock asked for.
    starts: Vec<Millis>,
    last: Option<Found<usize>>,
}

/// A request under way.
struct Flight {
    id: FlightId,
    sent: Now,
    /// How much time had passed when it started.
    start: Millis,
}

impl Default for World {
    fn default() -> Self {
        Self {
            engine: Engine::new(),
            now: START,
            elapsed: 0,
            crowded: false,
            flights: 0,
            keys: Default::default(),
            tokens: Vec::new(),
            learned: Learned::default(),
        }
    }
}

impl World {
    /// Moves the clocks. The monotonic one never goes back.
    pub fn pass(&mut self, span: Now) {
        // Within what a `Date` can name, so that the sums of all jumps stay true.
        let wall = span.wall.clamp(-LAST_INSTANT, LAST_INSTANT);
        let span = Now {
            mono: span.mono.min(wall),
            wall,
        };
        let before = self.now;
        self.now = later(self.now, span);
        self.elapsed = self.elapsed.saturating_add(self.now.since(before));
    }

    /// A call for a token.
    pub fn call(&mut self, key: usize, ask: &Ask) {
        let usable = self.held(key);
        match self.engine.decide(KEYS[key], self.now, ask) {
            Decision::Return(found) => self.returned(key, found),
            Decision::ReturnAndRefresh(found, flight) => {
                assert!(ask.background, "nothing keeps a request alive");
                self.returned(key, found);
                self.started(key, flight);
            }
            Decision::Join(flight) => {
                assert_eq!(
                    Some(flight),
                    self.keys[key].flight.as_ref().map(|flight| flight.id),
                    "joined another's"
                );
            }
            Decision::Start(flight) => self.started(key, flight),
            Decision::Fail(error) => {
                assert_eq!(error.message, KEYS[key], "the failure of another key");
                assert!(
                    usable.is_none() || *ask != PLAIN,
                    "a token is there, and the caller gets an error"
                );
            }
        }
    }

    /// The fast path, for the token that was returned last.
    pub fn hit(&mut self, key: usize, ask: &Ask) {
        let ask = Ask {
            force: false,
            ..*ask
        };
        if let Some(known) = self.keys[key].last
            && self.engine.hit(known.slot, known.serial, self.now, &ask)
        {
            let decision = self.engine.decide(KEYS[key], self.now, &ask);
            assert_eq!(decision, Decision::Return(known), "a hit that is none");
            self.returned(key, known);
        }
    }

    /// The old token, after a failure.
    pub fn fallback(&mut self, key: usize, ask: &Ask) {
        if let Some(found) = self.engine.fallback(KEYS[key], self.now, ask) {
            let token = &self.tokens[found.handle];
            assert_eq!(token.key, key, "the token of another key");
            assert!(self.is_alive(token) && self.remaining(token) >= ask.min_ttl && !ask.force);
            assert!(
                ask.max_age
                    .is_none_or(|most| self.now.since(token.sent) < most),
                "too old"
            );
        }
    }

    fn returned(&mut self, key: usize, found: Found<usize>) {
        let token = &self.tokens[found.handle];
        assert_eq!(token.key, key, "the token of another key");
        let age = self.now.since(token.got);
        let new = age < SECOND;
        // No clock tells when such a token ends; while its server repeats it, it is handed out.
        let repeated = token.rejected && token.lifetime == Lifetime::None && age < 61 * SECOND;
        assert!(
            new || repeated || self.is_alive(token),
            "a dead token, {age} ms after it came"
        );
        self.keys[key].last = Some(found);
    }

    fn started(&mut self, key: usize, id: FlightId) {
        assert!(id > self.flights, "a number is given twice");
        self.flights = id;
        let (now, elapsed) = (self.now, self.elapsed);
        let crowded = self.crowded;
        let key = &mut self.keys[key];
        let flight = Flight {
            id,
            sent: now,
            start: elapsed,
        };
        if let Some(earlier) = key.flight.replace(flight) {
            let evicted = crowded && elapsed - earlier.start >= 2 * BUDGET;
            assert!(evicted, "a second request at the same time");
            key.earlier.push(earlier.id);
        }
        if crowded {
            key.starts.clear();
        }
        key.starts.push(elapsed);
        // A kept token may be asked for by force or refreshed, then in its last chance, and when it
        // is gone; where it lives for two seconds, all of that is soon.
        if let [.., first, _, _, fourth] = key.starts[..] {
            assert!(
                fourth - first >= SECOND,
                "four requests within {} ms",
                fourth - first
            );
        }
    }

    /// The token that a caller would get if everything else failed.
    fn held(&mut self, key: usize) -> Option<Found<usize>> {
        self.engine.fallback(KEYS[key], self.now, &PLAIN)
    }

    fn remaining(&self, token: &Issued) -> Millis {
        match token.lifetime {
            Lifetime::Never => Millis::MAX,
            Lifetime::For(span) | Lifetime::Derived(span) => {
                span.saturating_sub(self.now.since(token.sent))
            }
            Lifetime::None => 0,
        }
    }

    /// Whether more than the hard margin is left.
    fn is_alive(&self, token: &Issued) -> bool {
        match token.lifetime {
            Lifetime::For(span) | Lifetime::Derived(span) => {
                self.remaining(token) > (span / 20).min(2 * SECOND)
            }
            Lifetime::Never => true,
            Lifetime::None => false,
        }
    }
}
