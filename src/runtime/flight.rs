//! One acquisition that callers share, as a JavaScript promise.
//!
//! On Workers a request that ends takes its promises with it: they never settle,
//! or reject. So the flight's promise never rejects of itself, a rejection means
//! that its owner is gone, and on that runtime alone a heartbeat tells a slow
//! server from a dead owner.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use core::future::Future;
use core::pin::pin;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::AbortController;

use super::convert::{self, HOST, frozen, runtime_error};
use super::fetch::{self, Trouble};
use super::hooks::{Hooks, is_workerd};
use super::state::{self, with_engine};
use super::timer::{sleep, within};
use crate::engine::{Arrival, FlightId, Found};
use crate::error::{Code, Error};
use crate::flow::{Failure, Flow, Plan, Step};
use crate::time::{Millis, Now};
use crate::token::Token;

/// One acquisition under way.
pub(super) struct Flight {
    id: FlightId,
    key: Rc<str>,
    hooks: Rc<Hooks>,
    promise: RefCell<Option<Promise>>,
    beat: Cell<Now>,
    ended: RefCell<Option<Ended>>,
}

/// How a flight ended.
#[derive(Clone)]
pub(super) enum Ended {
    /// With a token.
    Token(Found<JsValue>),
    /// With a failure; `own` when it came from its leader's own functions.
    Failure {
        error: Rc<Error>,
        cause: Option<JsValue>,
        own: bool,
    },
    /// With its owner's request.
    Abandoned,
}

/// The leader gives a sign of life this often,
const HEARTBEAT: Millis = 500;
/// a follower listens for it this often,
const LISTEN: Millis = 700;
/// and after this long without one the leader is gone: three beats missed.
const SILENCE: Millis = 1_600;

thread_local! {
    static FLIGHTS: RefCell<Vec<Rc<Flight>>> = const { RefCell::new(Vec::new()) };
}

impl Flight {
    /// Starts the acquisition that the engine named `id`.
    pub(super) fn launch(id: FlightId, key: Rc<str>, plan: Rc<Plan>, hooks: Rc<Hooks>) -> Rc<Self> {
        let flight = Rc::new(Self {
            id,
            key,
            hooks: hooks.clone(),
            promise: RefCell::new(None),
            beat: Cell::new(state::now()),
            ended: RefCell::new(None),
        });
        FLIGHTS.with(|flights| flights.borrow_mut().push(flight.clone()));
        let own = flight.clone();
        let promise = future_to_promise(async move {
            let outcome = own.beating(acquire(plan.clone(), &hooks)).await;
            let ended = own.land(&plan, outcome);
            own.ended.replace(Some(ended));
            own.forget();
            Ok(JsValue::UNDEFINED)
        });
        flight.promise.replace(Some(promise.clone()));
        flight.hooks.keep_alive(&promise);
        flight
    }

    /// The flight `id`, while it is under way.
    pub(super) fn under_way(id: FlightId) -> Option<Rc<Self>> {
        FLIGHTS.with(|flights| {
            flights
                .borrow()
                .iter()
                .find(|flight| flight.id == id)
                .cloned()
        })
    }

    /// Waits until the flight has ended, or its owner is found to be gone.
    pub(super) async fn ended(&self) -> Ended {
        let promise = self.promise.borrow().clone();
        if let Some(promise) = promise {
            let mut settled = pin!(JsFuture::from(promise));
            if !is_workerd() {
                let _ = settled.await;
            } else {
                while within(LISTEN, settled.as_mut()).await.is_none() {
                    if state::now().since(self.beat.get()) > SILENCE {
                        break;
                    }
                }
            }
        }
        self.ended.borrow().clone().unwrap_or(Ended::Abandoned)
    }

    /// Takes the flight out of the way of later callers.
    pub(super) fn abandon(&self) {
        with_engine(|engine| engine.abandon(&self.key, self.id));
        self.forget();
    }

    /// Whether the caller with these functions would have led it the same way.
    pub(super) fn is_led_by(&self, hooks: &Hooks) -> bool {
        self.hooks.same_as(hooks)
    }

    fn forget(&self) {
        FLIGHTS.with(|flights| flights.borrow_mut().retain(|flight| flight.id != self.id));
    }

    /// Runs `task`; on Workers it gives signs of life meanwhile.
    async fn beating<T>(&self, task: impl Future<Output = T>) -> T {
        let mut task = pin!(task);
        if !is_workerd() {
            return task.await;
        }
        loop {
            self.beat.set(state::now());
            if let Some(value) = within(HEARTBEAT, task.as_mut()).await {
                return value;
            }
        }
    }

    /// Hands the outcome to the engine, and says what those who wait get.
    fn land(&self, plan: &Plan, outcome: Outcome) -> Ended {
        let (now, draw) = (state::now(), state::draw());
        match outcome {
            Outcome::Token { token, sent } => {
                let handle = frozen(&token.to_value());
                let arrival = Arrival {
                    sent,
                    now,
                    draw,
                    refresh_ahead: plan.config.policy.refresh_ahead,
                };
                Ended::Token(with_engine(|engine| {
                    engine.succeed(&self.key, self.id, *token, handle, arrival)
                }))
            }
            Outcome::Failure { error, cause, own } => {
                with_engine(|engine| engine.fail(&self.key, self.id, &error, !own, now, draw));
                Ended::Failure {
                    error: Rc::new(*error),
                    cause,
                    own,
                }
            }
        }
    }
}

enum Outcome {
    Token {
        token: Box<Token>,
        sent: Now,
    },
    Failure {
        error: Box<Error>,
        cause: Option<JsValue>,
        own: bool,
    },
}

/// The loop over the core's steps.
async fn acquire(plan: Rc<Plan>, hooks: &Hooks) -> Outcome {
    let (mut flow, mut step) = Flow::start(plan, HOST, state::now());
    let mut cause = None;
    let mut own = false;
    loop {
        step = match step {
            Step::Ask(time) => {
                let (failure, thrown) = match within(time, hooks.secret()).await {
                    Some(Ok(secret)) => {
                        step = flow.handle_secret(secret, state::now());
                        continue;
                    }
                    Some(Err(Some(thrown))) => ("threw, or its promise was rejected", Some(thrown)),
                    Some(Err(None)) => ("gave something that is no string", None),
                    None => ("did not settle in time", None),
                };
                (cause, own) = (thrown, true);
                flow.handle_failure(
                    Failure::Credentials(failure.to_owned()),
                    state::now(),
                    state::draw(),
                )
            }
            Step::Send(request, time) => {
                let Ok(controller) = AbortController::new() else {
                    return Outcome::Failure {
                        error: Box::new(Error::new(
                            Code::Unsupported,
                            "this runtime has no AbortController",
                        )),
                        cause,
                        own,
                    };
                };
                let sent = within(
                    time,
                    fetch::send(&request, hooks.fetch.as_ref(), &controller),
                )
                .await;
                if sent.is_none() {
                    controller.abort();
                }
                (cause, own) = (None, false);
                let failure = match sent {
                    Some(Ok(answer)) => {
                        step = flow.handle_response(&answer, state::now(), state::draw());
                        continue;
                    }
                    Some(Err(Trouble::Runtime(thrown))) => {
                        let (name, words) = convert::error_words(&thrown);
                        let words = flow.redact(&words);
                        cause = Some(runtime_error(&name, &words, &thrown));
                        Failure::Network(words)
                    }
                    Some(Err(Trouble::Own(thrown))) => {
                        (cause, own) = (Some(thrown), true);
                        Failure::Network(
                            "the config's fetch threw, or its promise was rejected".to_owned(),
                        )
                    }
                    Some(Err(Trouble::NoResponse)) => {
                        own = true;
                        Failure::Network("the config's fetch gave no Response".to_owned())
                    }
                    Some(Err(Trouble::NoFetch)) => Failure::Unsupported(
                        "this runtime has no fetch; pass one as 'fetch' in the config".to_owned(),
                    ),
                    None => Failure::Timeout,
                };
                flow.handle_failure(failure, state::now(), state::draw())
            }
            Step::Wait(time) => {
                sleep(time).await;
                flow.handle_wait(state::now())
            }
            Step::Ready(token) => {
                return Outcome::Token {
                    token,
                    sent: flow.sent(),
                };
            }
            Step::Fail(error) => {
                return Outcome::Failure {
                    error,
                    cause,
                    own: own && hooks.has_own_functions(),
                };
            }
        };
    }
}

/// What a caller is told whose request went away with its owners' again and again.
pub(super) fn abandoned(plan: &Plan) -> Error {
    let message = "every request for this token was cancelled together with the Worker request that made it; pass 'waitUntil' in the config";
    Error {
        provider: Some(plan.descriptor.id().to_owned()),
        ..Error::new(Code::Network, message).retryable()
    }
}
