//! One acquisition that callers share, as a JavaScript promise.
//!
//! On Workers a request that ends takes its promises with it: they never settle,
//! or reject. So the flight's promise never rejects of itself, a rejection means
//! that its owner is gone, and on that runtime alone a heartbeat tells a slow
//! server from a dead owner.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::acquire::{Blame, Outcome, acquire};
use super::call::Call;
use super::convert::to_js;
use super::events::{NONE, number, tell};
use super::hooks::{Hooks, is_workerd};
use super::state::{draw, now, state};
use super::timer::within;
use super::{ask, ask_of, promise, property};
use crate::engine::{Arrival, FlightId, Found};
use crate::error::Error;
use crate::retry::BUDGET;
use crate::time::{Millis, Now, SECOND};
use crate::token::Lifetime;

/// One acquisition under way.
pub(super) struct Flight {
    id: FlightId,
    call: Rc<Call>,
    promise: RefCell<Option<Promise>>,
    /// Settles when those who still have a usable token should wait no longer.
    patience: RefCell<Option<Promise>>,
    started: Now,
    /// On Workers, what gives signs of life while the leader's request lives.
    heart: JsValue,
    ended: RefCell<Option<Ended>>,
}

/// How a flight ended.
#[derive(Clone)]
pub(super) enum Ended {
    /// With a token.
    Token(Found<JsValue>),
    /// With a failure.
    Failure { error: Rc<Error>, blame: Blame },
    /// With its owner's request.
    Abandoned,
}

/// The leader gives a sign of life this often, in milliseconds;
const HEARTBEAT: u32 = 500;
/// a follower listens for it this often,
const LISTEN: Millis = 700;
/// and after so many times without one the leader is gone. Turns of its own timer are
/// counted, and no clock is asked: while the Worker computes, neither of them goes on.
const SILENCE: u8 = 3;
/// A flight settles within its budget; timers may be late.
const LONGEST: Millis = BUDGET + SECOND;

impl Flight {
    /// Starts the acquisition that the engine named `id`; `background`: nobody waits
    /// for it.
    pub(super) fn launch(id: FlightId, call: Rc<Call>, background: bool) -> Rc<Self> {
        let flight = Rc::new(Self {
            id,
            call,
            promise: RefCell::new(None),
            patience: RefCell::new(None),
            started: now(),
            heart: if is_workerd() {
                ask("startHeart", &HEARTBEAT.into())
            } else {
                JsValue::UNDEFINED
            },
            ended: RefCell::new(None),
        });
        forget(id, flight.started);
        state().flights.push(flight.clone());
        let own = flight.clone();
        let promise = promise(Box::pin(async move {
            let outcome = acquire(&own.call).await;
            ask("stopHeart", &own.heart);
            own.land(outcome, background);
            Ok(JsValue::UNDEFINED)
        }));
        flight.promise.replace(Some(promise.clone()));
        flight.call.hooks.keep_alive(&promise);
        flight.patience.replace(flight.patience_with(promise));
        flight
    }

    /// A promise that settles with `settled`, or when those who still have a usable
    /// token should wait no longer; none where there is no such token.
    fn patience_with(&self, settled: Promise) -> Option<Promise> {
        let (now, background) = (now(), self.call.ask.background);
        let key = &self.call.key;
        let span = state().engine.patience(key, now, background)?;
        let mut settled = JsFuture::from(settled);
        Some(promise(Box::pin(async move {
            within(span, &mut settled).await;
            Ok(JsValue::UNDEFINED)
        })))
    }

    /// The flight `id`, while it is under way, and not overdue.
    pub(super) fn under_way(id: FlightId) -> Option<Rc<Self>> {
        let now = now();
        let state = state();
        let mut flights = state.flights.iter();
        let flight = flights.find(|flight| flight.id == id)?;
        (!flight.is_overdue(now)).then(|| flight.clone())
    }

    /// Whether it is older than any gets: its owner was cancelled, which tells nobody, or the
    /// process was frozen, and its time is up without an attempt.
    fn is_overdue(&self, now: Now) -> bool {
        now.since(self.started) > LONGEST
    }

    /// Waits until the flight has ended, or its owner is found to be gone.
    pub(super) async fn ended(&self, is_leader: bool) -> Ended {
        self.settled(&self.promise, is_leader).await;
        self.ended.borrow().clone().unwrap_or(Ended::Abandoned)
    }

    /// Waits as long as one should who still has a usable token. Whether it was in
    /// vain: the flight goes on.
    pub(super) async fn outlasts_patience(&self, is_leader: bool) -> bool {
        self.patience.borrow().is_some() && {
            self.settled(&self.patience, is_leader).await;
            self.ended.borrow().is_none()
        }
    }

    /// Waits for one of the flight's promises, unless the flight has ended; or until
    /// its owner is found to be gone, and the flight ends with that. The leader is
    /// gone together with its owner, and need not look.
    async fn settled(&self, promise: &RefCell<Option<Promise>>, is_leader: bool) {
        let promise = match promise.borrow().clone() {
            // The leader knows better than a follower who heard nothing.
            Some(promise) if is_leader || self.ended.borrow().is_none() => promise,
            _ => return,
        };
        let mut settled = JsFuture::from(promise);
        let is_gone = if is_leader || !is_workerd() {
            settled.await.is_err()
        } else {
            let (mut heard, mut silent) = (self.beats(), 0_u8);
            loop {
                if let Some(settled) = within(LISTEN, &mut settled).await {
                    break settled.is_err();
                }
                let beats = self.beats();
                silent = if beats == heard {
                    silent.saturating_add(1)
                } else {
                    0
                };
                heard = beats;
                if silent == SILENCE {
                    break true;
                }
            }
        };
        if is_gone && self.ended.borrow().is_none() {
            self.ended.replace(Some(Ended::Abandoned));
        }
    }

    /// Takes the flight out of the way of later callers.
    pub(super) fn abandon(&self) {
        state().engine.abandon(&self.call.key, self.id);
        forget(self.id, now());
    }

    /// Whether it is this call's own.
    pub(super) fn is_of(&self, call: &Rc<Call>) -> bool {
        Rc::ptr_eq(&self.call, call)
    }

    /// Whether the caller with these functions would have led it the same way.
    pub(super) fn is_led_by(&self, hooks: &Hooks) -> bool {
        self.call.hooks.same_as(hooks)
    }

    /// How many signs of life the leader gave.
    fn beats(&self) -> Option<f64> {
        property(&self.heart, "beats").as_f64()
    }

    /// Hands the outcome to the engine, to those who wait, and to listeners.
    fn land(&self, outcome: Outcome, background: bool) {
        let (now, draw) = (now(), draw());
        let key = &self.call.key;
        let provider = self.call.plan.descriptor.id();
        let ended = match outcome {
            Outcome::Token { token, sent, pair } => {
                let lifetime = match token.lifetime {
                    Lifetime::Never => JsValue::NULL,
                    Lifetime::For(span) | Lifetime::Derived(span) => number(span),
                    Lifetime::None => number(0),
                };
                let handle = to_js(&token.to_value());
                let plan = &self.call.plan;
                if !pair.is_undefined() {
                    ask_of("bind", &handle, &pair, &NONE);
                }
                let arrival = Arrival {
                    sent,
                    now,
                    draw,
                    refresh_ahead: plan.config.policy.refresh_ahead,
                    exclusive: plan.descriptor.flag("cache.exclusive"),
                    renews: plan.is_of_metadata,
                };
                let found = state()
                    .engine
                    .succeed(key, self.id, *token, handle, arrival);
                if !plan.is_of_metadata {
                    tell("token", provider, lifetime, background.into());
                }
                Ended::Token(found)
            }
            Outcome::Failure { error, blame } => {
                // What was told again is remembered elsewhere, and what a frozen process missed
                // says nothing of the server.
                let remember = !(blame.own || blame.again || self.is_overdue(now));
                state()
                    .engine
                    .fail(key, self.id, &error, remember, now, draw);
                if !self.call.plan.is_of_metadata {
                    tell("failure", provider, error.code.as_str().into(), NONE);
                }
                Ended::Failure { error, blame }
            }
        };
        self.ended.replace(Some(ended));
        forget(self.id, now);
    }
}

/// Takes the flight `id` out, and those that are overdue.
fn forget(id: FlightId, now: Now) {
    state()
        .flights
        .retain(|flight| flight.id != id && !flight.is_overdue(now));
}
