//! The process under way. Of the core nothing is imitated; of the rim, its loop is.
//!
//! Three things can happen next: a caller comes, those who wait lose patience, or the
//! request under way takes its next step. Whichever is soonest happens, and the time in
//! between passes at once.

use std::rc::Rc;

use tokenlet::engine::{Arrival, Decision, Engine, FlightId, Found};
use tokenlet::flow::{Failure, Flow, Plan, Step};
use tokenlet::response::{Answer, Body};
use tokenlet::time::{Millis, Now};

use super::{Call, Dice, Down, Got, Process, Run};
use crate::support::cache::PLAIN;
use crate::support::{HOST, START, json, later, plan};

impl Process {
    /// Plays until instant `end`, and until nobody waits any more.
    pub(crate) fn run(&self, end: Millis) -> Run {
        let mut config = json!({
            "tokenEndpoint": "https://id.example/token",
            "clientId": "client",
            "clientSecret": "a long secret",
        });
        if let Some(ahead) = self.refresh_ahead {
            config["refreshAhead"] = ahead.into();
        }
        let plan = plan(&json!("oauth2"), &config);
        let mut world = World {
            process: self,
            key: plan.key(),
            plan,
            engine: Engine::new(),
            known: None,
            flight: None,
            waiting: Vec::new(),
            patience: None,
            dice: Dice(self.seed),
            run: Run::default(),
        };
        let mut arrivals = Dice(self.seed.or(Some(0)));
        let mut caller = 0;
        loop {
            match world.flight.take() {
                Some(flight) if flight.due <= caller || caller >= end => {
                    if world.patience.is_some_and(|until| until < flight.due) {
                        world.lose_patience();
                    }
                    world.fly(flight);
                }
                _ if caller >= end => return world.run,
                flight => {
                    world.flight = flight;
                    if world.patience.is_some_and(|until| until <= caller) {
                        world.lose_patience();
                    }
                    world.call(caller);
                    caller += self.callers.pause(arrivals.draw());
                    caller = caller.max(self.quiet_until);
                }
            }
        }
    }
}

/// The request under way, and what it will hear next.
struct Flight {
    id: FlightId,
    flow: Flow,
    due: Millis,
    news: News,
}

enum News {
    Answer,
    Failure(Failure),
    WaitIsOver,
}

struct World<'p> {
    process: &'p Process,
    key: String,
    plan: Rc<Plan>,
    /// A token is known by when it was asked for.
    engine: Engine<Now>,
    /// What the face finds first.
    known: Option<Found<Now>>,
    flight: Option<Flight>,
    /// Since when each of those who wait for the flight does so.
    waiting: Vec<Millis>,
    /// Until when they do so although they could have the old token.
    patience: Option<Millis>,
    dice: Dice,
    run: Run,
}

impl World<'_> {
    fn call(&mut self, at: Millis) {
        let now = later(START, at);
        if let Some(known) = self.known
            && self.engine.hit(known.slot, known.serial, now, &PLAIN)
        {
            return self.token(at, at, known, false);
        }
        match self.engine.decide(&self.key, now, &PLAIN) {
            Decision::Return(found) => self.token(at, at, found, false),
            Decision::ReturnAndRefresh(found, id) => {
                self.launch(id, at);
                self.token(at, at, found, false);
            }
            Decision::Fail(_) => self.error(at, at, true),
            Decision::Start(id) => {
                self.launch(id, at);
                self.waiting.push(at);
            }
            Decision::Join(id) => {
                let flying = self.flight.as_ref().map(|flight| flight.id);
                assert_eq!(flying, Some(id), "there is nothing else to join");
                self.waiting.push(at);
                if self.patience.is_some_and(|until| until <= at) {
                    self.fall_back(at);
                }
            }
        }
    }

    fn launch(&mut self, id: FlightId, at: Millis) {
        assert!(self.flight.is_none(), "two requests at once for one key");
        let patience = self.engine.patience(&self.key, later(START, at), true);
        self.patience = patience.map(|span| at + span);
        let (flow, step) = Flow::start(self.plan.clone(), HOST, Rc::default(), later(START, at));
        self.perform(id, flow, step, at);
    }

    fn lose_patience(&mut self) {
        if let Some(until) = self.patience {
            self.fall_back(until);
        }
    }

    /// Whoever can have the old token takes it, and the others go on waiting.
    fn fall_back(&mut self, at: Millis) {
        let now = later(START, at);
        if let Some(found) = self.engine.fallback(&self.key, now, &PLAIN) {
            for since in std::mem::take(&mut self.waiting) {
                self.token(since, at, found, false);
            }
        }
    }

    /// The request under way hears what it was waiting for.
    fn fly(&mut self, flight: Flight) {
        let Flight {
            id,
            mut flow,
            due,
            news,
        } = flight;
        let now = later(START, due);
        let step = match news {
            News::Answer => flow.handle_response(&self.answer(), now, self.dice.draw()),
            News::Failure(failure) => flow.handle_failure(failure, now, self.dice.draw()),
            News::WaitIsOver => flow.handle_wait(now),
        };
        self.perform(id, flow, step, due);
    }

    fn perform(&mut self, id: FlightId, flow: Flow, step: Step, at: Millis) {
        let (after, news) = match step {
            Step::Send(_, time) => self.serve(at, time),
            Step::Wait(time) => (time, News::WaitIsOver),
            Step::Ask(_) | Step::Discover(_) | Step::Sign(..) => {
                panic!("only a text is sent as the secret")
            }
            Step::Ready(token) => {
                let arrival = Arrival {
                    sent: flow.sent(),
                    now: later(START, at),
                    draw: self.dice.draw(),
                    refresh_ahead: self.plan.config.policy.refresh_ahead,
                    exclusive: false,
                    renews: false,
                };
                let sent = arrival.sent.since(START);
                self.run.tokens.push((sent, at));
                let engine = &mut self.engine;
                let found = engine.succeed(&self.key, id, *token, arrival.sent, arrival);
                for since in std::mem::take(&mut self.waiting) {
                    self.token(since, at, found, true);
                }
                return;
            }
            Step::Fail(error) => {
                let (now, draw) = (later(START, at), self.dice.draw());
                self.run.failures.push(at);
                let engine = &mut self.engine;
                engine.fail(&self.key, id, &error.into(), true, now, draw);
                self.fall_back(at);
                // Nobody brought functions of his own, so nobody takes another flight.
                for since in std::mem::take(&mut self.waiting) {
                    self.error(since, at, false);
                }
                return;
            }
        };
        self.flight = Some(Flight {
            id,
            flow,
            due: at + after,
            news,
        });
    }

    /// What becomes of a request, and after how long, if it may take `time`.
    fn serve(&mut self, at: Millis, time: Millis) -> (Millis, News) {
        self.run.requests.push(at);
        let outage = self.process.outage.as_ref();
        let outage = outage.filter(|outage| (outage.from..outage.to).contains(&at));
        match outage.map(|outage| outage.how) {
            Some(Down::Refusing) => {
                let words = "connection refused".to_owned();
                (0, News::Failure(Failure::Network(words)))
            }
            None if self.process.latency < time => (self.process.latency, News::Answer),
            _ => (time, News::Failure(Failure::Timeout)),
        }
    }

    /// A token unlike all others.
    fn answer(&self) -> Answer {
        let body = json!({
            "access_token": format!("token-{}", self.run.requests.len()),
            "expires_in": self.process.lifetime / 1_000,
        });
        Answer {
            status: 200,
            headers: Vec::new(),
            body: Body::Text(body.to_string()),
        }
    }

    fn token(&mut self, since: Millis, at: Millis, found: Found<Now>, new: bool) {
        self.known = Some(found);
        let age = later(START, at).since(found.handle);
        let left = self.process.lifetime - age;
        self.tell(since, at, Got::Token { left, new });
    }

    fn error(&mut self, since: Millis, at: Millis, cached: bool) {
        self.tell(since, at, Got::Error { cached });
    }

    fn tell(&mut self, since: Millis, at: Millis, got: Got) {
        self.run.calls.push(Call {
            at: since,
            waited: at - since,
            got,
        });
    }
}
