//! Everything that may happen to the cache, in any order: the engine and the model
//! of each key go through the same events.

pub(crate) mod event;

use tokenlet::cache::Ask;
use tokenlet::engine::{Arrival, Decision, Engine, FlightId, Found};
use tokenlet::error::{Code, Error};
use tokenlet::time::{Millis, Now};
use tokenlet::token::Lifetime;

use super::answers::{Answers, FAIL, JOIN, REFRESH, RETURN, START};
use super::issued::{Issued, granted};
use super::model::{Flight, Model};
use super::{START as NOON, later};
use event::{Event, Grant, Name, Trouble};

/// What a caller was told, and what it may have been told.
pub(crate) struct Told {
    pub(crate) key: usize,
    pub(crate) ask: Ask,
    pub(crate) decision: Decision<usize>,
    pub(crate) allowed: Answers,
}

/// The engine, its clocks, and what is known of each key.
pub(crate) struct World {
    pub(crate) engine: Engine<usize>,
    pub(crate) now: Now,
    pub(crate) keys: [Key; KEYS],
    /// Every token that ever came, and the key that it is for.
    pub(crate) yields: Vec<(usize, Issued)>,
    /// How many requests were started; the last flight's number.
    pub(crate) started: FlightId,
}

#[derive(Default)]
pub(crate) struct Key {
    pub(crate) model: Model,
    pub(crate) dead: Vec<Flight>,
    names: Vec<String>,
    rejected: Option<String>,
}

const KEYS: usize = 3;
const NAMES: [&str; KEYS] = ["a", "b", "c"];

impl World {
    pub(crate) fn new() -> Self {
        Self {
            engine: Engine::new(),
            now: NOON,
            keys: Default::default(),
            yields: Vec::new(),
            started: 0,
        }
    }

    /// The world after these events.
    pub(crate) fn after(events: Vec<Event>) -> Self {
        let mut world = Self::new();
        for event in events {
            world.happens(event);
        }
        world
    }

    /// Lets it happen; what a caller was told, if it was a call.
    pub(crate) fn happens(&mut self, event: Event) -> Option<Told> {
        match event {
            Event::After(span) => self.now = later(self.now, span),
            Event::Step(span) => self.now.wall += span,
            Event::Sleep(span) => self.now.wall += span,
            Event::Near(key, what, off) => self.wait_for(key, what, off),
            Event::Call(key, ask) => return Some(self.call(key, &ask)),
            Event::Send(key) => {
                if let Some(flight) = &mut self.keys[key].model.flight {
                    flight.sent = self.now;
                }
            }
            Event::Succeed(key, grant) => {
                if let Some(flight) = self.keys[key].model.flight {
                    self.succeed(key, flight, &grant, true);
                }
            }
            Event::Fail(key, trouble) => self.fail(key, &trouble),
            Event::Die(key) => {
                if let Some(flight) = self.keys[key].model.flight.take() {
                    self.engine.abandon(NAMES[key], flight.id);
                    self.keys[key].dead.push(flight);
                }
            }
            Event::Late(key, grant) => match (self.keys[key].dead.pop(), grant) {
                (Some(flight), Some(grant)) => self.succeed(key, flight, &grant, false),
                (Some(flight), None) => {
                    let error = Error::new(Code::Network, "late");
                    self.engine
                        .fail(NAMES[key], flight.id, &error.into(), true, self.now, 0.5);
                }
                (None, _) => {}
            },
            Event::Reject(key, ago) => {
                if let Some(name) = self.keys[key].names.iter().rev().nth(ago).cloned() {
                    self.refuse(key, &name);
                }
            }
            Event::Clear => {
                self.engine.clear();
                for key in &mut self.keys {
                    key.dead.extend(key.model.flight);
                    key.model = Model::default();
                }
            }
        }
        None
    }

    pub(crate) fn call(&mut self, key: usize, ask: &Ask) -> Told {
        let allowed = self.keys[key].model.allows(self.now, ask);
        let decision = self.engine.decide(NAMES[key], self.now, ask);
        if let Decision::Start(flight) | Decision::ReturnAndRefresh(_, flight) = decision {
            let key = &mut self.keys[key];
            key.dead.extend(key.model.flight.take());
            key.model.starts(flight, self.now);
            self.started += 1;
        }
        Told {
            key,
            ask: *ask,
            decision,
            allowed,
        }
    }

    /// A request yields a token, and who waits for it gets it, whatever it is.
    fn succeed(&mut self, key: usize, flight: Flight, grant: &Grant, current: bool) {
        let handle = self.yields.len();
        let Self {
            engine,
            now,
            keys,
            yields,
            ..
        } = self;
        let state = &mut keys[key];
        let name = match grant.name {
            Name::Latest => state.names.last().cloned(),
            Name::Rejected => state.rejected.clone(),
            Name::New => None,
        };
        let name = name.unwrap_or_else(|| format!("{key}-{handle}"));
        let end = || state.model.usable(*now).map(|held| held.left(flight.sent));
        let lifetime = grant.lifetime.or_else(|| {
            end()
                .filter(|left| (1..Millis::MAX).contains(left))
                .map(Lifetime::For)
        });
        let issued = Issued {
            name: name.clone(),
            handle,
            lifetime: lifetime.unwrap_or(Lifetime::None),
            sent: flight.sent,
            got: *now,
            refresh_ahead: grant.refresh_ahead,
        };
        let arrival = Arrival {
            sent: flight.sent,
            now: *now,
            draw: grant.draw,
            refresh_ahead: grant.refresh_ahead,
            exclusive: false,
            renews: false,
        };
        yields.push((key, issued.clone()));
        let granted = granted(&issued.name, issued.lifetime);
        let got = engine.succeed(NAMES[key], flight.id, granted, handle, arrival);
        assert_eq!(yields[got.handle].1.name, name, "who waits gets what came");
        if current {
            state.model.succeeds(issued, *now);
            state.names.push(name);
        }
    }

    fn fail(&mut self, key: usize, trouble: &Trouble) {
        let Some(flight) = self.keys[key].model.flight else {
            return;
        };
        let mut error = Error::new(trouble.code, &format!("failure of {}", NAMES[key]));
        (error.retryable, error.retry_after) = (trouble.retryable, trouble.retry_after);
        let error = error.into();
        self.engine.fail(
            NAMES[key],
            flight.id,
            &error,
            !trouble.own,
            self.now,
            trouble.draw,
        );
        self.keys[key].model.fails(&error, trouble.own, self.now);
    }

    /// An API refuses a token; whether it was the cached one.
    pub(crate) fn refuse(&mut self, key: usize, name: &str) -> bool {
        let state = &mut self.keys[key];
        if state
            .model
            .held
            .as_ref()
            .is_some_and(|held| held.token.name == name)
        {
            state.model.rejects(name, self.now);
            state.rejected = Some(name.to_owned());
        }
        self.engine.invalidate(NAMES[key], name, self.now)
    }

    fn wait_for(&mut self, key: usize, what: usize, off: Millis) {
        let due = self.keys[key].model.due(self.now);
        if !due.is_empty() {
            self.now = later(self.now, (due[what % due.len()] + off).max(0));
        }
    }

    /// The old token, for a caller whose request failed.
    pub(crate) fn fallback(&mut self, key: usize, ask: &Ask) -> Option<Found<usize>> {
        self.engine.fallback(NAMES[key], self.now, ask)
    }

    /// What a token is, by its handle.
    pub(crate) fn token(&self, found: &Found<usize>) -> &Issued {
        &self.yields[found.handle].1
    }
}

impl Told {
    /// The kind of answer.
    pub(crate) fn answer(&self) -> Answers {
        match self.decision {
            Decision::Return(_) => RETURN,
            Decision::ReturnAndRefresh(..) => REFRESH,
            Decision::Join(_) => JOIN,
            Decision::Start(_) => START,
            Decision::Fail(_) => FAIL,
        }
    }

    /// The token, if it is one.
    pub(crate) fn found(&self) -> Option<&Found<usize>> {
        match &self.decision {
            Decision::Return(found) | Decision::ReturnAndRefresh(found, _) => Some(found),
            _ => None,
        }
    }
}
