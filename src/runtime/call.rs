//! One call: which flights it waits for, and what it makes of them.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::acquire::Blame;
use super::convert::{HOST, plain, rejection};
use super::events::tell_evicted;
use super::flight::{Ended, Flight};
use super::hooks::Hooks;
use super::state::{now, state};
use super::timer::within;
use super::{ask, failure, plan, promise};
use crate::cache::Ask;
use crate::engine::{Decision, Found};
use crate::error::{Code, Error};
use crate::flow::Plan;
use crate::options::CallOptions;
use crate::retry::BUDGET;
use crate::text::{concat, decimal};
use crate::time::{Millis, from_millis};

/// One call that the fast path could not answer, shared with the flight it starts.
pub(super) struct Call {
    pub(super) plan: Rc<Plan>,
    pub(super) hooks: Hooks,
    pub(super) key: Rc<str>,
    pub(super) ask: Ask,
}

/// What a call ends with.
type Answer = Result<Found<JsValue>, Failed>;

/// A failure, as a caller is told of it.
#[derive(Clone)]
pub(super) struct Failed {
    pub(super) error: Rc<Error>,
    pub(super) blame: Blame,
}

/// A call takes another flight where one failed through functions which are not its
/// own, or its owner went away. It takes no further one after this long, so that with
/// the last it settles within twice the time that a flight may take.
const LAST_TURN: Millis = BUDGET;

impl Call {
    pub(super) fn new(
        provider: &JsValue,
        config: &JsValue,
        options: &JsValue,
    ) -> Result<Rc<Self>, JsValue> {
        let (plan, hooks) = plan(provider, config)?;
        let options = CallOptions::parse(&plain(options)).map_err(failure)?;
        Ok(Rc::new(Self::of(plan, hooks, options)))
    }

    fn of(plan: Rc<Plan>, hooks: Hooks, options: CallOptions) -> Self {
        let ask = Ask {
            min_ttl: options.min_ttl,
            max_age: plan.config.policy.max_age,
            force: options.force_refresh,
            // A token that a new one revokes is used to its end.
            background: hooks.has_background() && !plan.descriptor.flag("cache.exclusive"),
        };
        let (key, now) = (key(&plan, &hooks), now());
        let key = state().engine.share(key, now);
        Self {
            key,
            plan,
            hooks,
            ask,
        }
    }

    /// The call for the metadata that names this one's token endpoint: of everybody who
    /// has the same issuer one is enough. `is_distrusted`: what is held proved wrong.
    pub(super) fn metadata(&self, is_distrusted: bool) -> Option<Rc<Self>> {
        let Plan {
            config, descriptor, ..
        } = &*self.plan;
        if !config.is_discovered(descriptor) {
            return None;
        }
        let plan = self.plan.metadata(HOST).ok()?;
        let hooks = Hooks {
            client_secret: None,
            ..self.hooks.clone()
        };
        let mut call = Self::of(Rc::new(plan), hooks, CallOptions::default());
        // Whoever forces a request skips a remembered failure; what is held will do.
        let now = now();
        let held = state().engine.fallback(&call.key, now, &call.ask);
        call.ask.force = is_distrusted || (self.ask.force && held.is_none());
        Some(Rc::new(call))
    }

    /// What a caller in JavaScript gets.
    pub(super) async fn answer(self: Rc<Self>) -> Result<JsValue, JsValue> {
        let is_own = is_own(&self.plan);
        match self.run().await {
            Ok(found) => Ok(Array::of4(
                &found.handle,
                &found.slot.into(),
                &found.serial.into(),
                &is_own.into(),
            )
            .into()),
            Err(failed) => Err(rejection(
                &failed.error,
                failed.blame.again,
                failed.blame.cause.as_ref(),
            )),
        }
    }

    /// The same for a flight, which waits no longer than `span`.
    pub(super) async fn within(self: Rc<Self>, span: Millis) -> Option<Answer> {
        let answer = Rc::new(RefCell::new(None));
        let own = answer.clone();
        let mut ended = JsFuture::from(promise(Box::pin(async move {
            let ended = self.run().await;
            own.replace(Some(ended));
            Ok(JsValue::UNDEFINED)
        })));
        within(span, &mut ended).await;
        answer.take()
    }

    async fn run(self: Rc<Self>) -> Answer {
        let started = now();
        loop {
            let flight = match self.board() {
                Ok(flight) => flight,
                Err(answer) => return answer,
            };
            let is_leader = flight.is_of(&self);
            // Whoever leaves early leaves the flight to itself.
            if flight.outlasts_patience(is_leader).await {
                let now = now();
                let old = state().engine.fallback(&self.key, now, &self.ask);
                if let Some(old) = old {
                    return Ok(old);
                }
            }
            let ended = flight.ended(is_leader).await;
            let last = now().since(started) >= LAST_TURN;
            if let Some(answer) = self.leave(&flight, ended, last) {
                return answer;
            }
        }
    }

    /// The flight to wait for, or else the answer.
    fn board(self: &Rc<Self>) -> Result<Rc<Flight>, Answer> {
        loop {
            let now = now();
            let decision = state().engine.decide(&self.key, now, &self.ask);
            tell_evicted();
            return match decision {
                Decision::Return(found) => Err(Ok(found)),
                Decision::ReturnAndRefresh(found, id) => {
                    Flight::launch(id, self.clone(), true);
                    Err(Ok(found))
                }
                Decision::Fail(error) => Err(Err(Failed {
                    error,
                    blame: Blame {
                        again: true,
                        ..Blame::default()
                    },
                })),
                Decision::Start(id) => Ok(Flight::launch(id, self.clone(), false)),
                Decision::Join(id) => match Flight::under_way(id) {
                    Some(flight) => Ok(flight),
                    None => {
                        state().engine.abandon(&self.key, id);
                        continue;
                    }
                },
            };
        }
    }

    /// The answer that a flight brought; `None`: take another one.
    fn leave(&self, flight: &Flight, ended: Ended, last: bool) -> Option<Answer> {
        match ended {
            Ended::Token(found) => Some(Ok(found)),
            Ended::Failure { error, blame } => {
                let foreign = blame.own && !flight.is_led_by(&self.hooks);
                if foreign && !last {
                    return None;
                }
                let now = now();
                let old = state().engine.fallback(&self.key, now, &self.ask);
                Some(old.ok_or_else(|| Failed {
                    error,
                    // What another caller's function threw is nobody else's business.
                    blame: Blame {
                        cause: blame.cause.filter(|_| !foreign),
                        ..blame
                    },
                }))
            }
            Ended::Abandoned => {
                flight.abandon();
                last.then(|| {
                    Err(Failed {
                        error: Rc::new(abandoned(&self.plan)),
                        blame: Blame::default(),
                    })
                })
            }
        }
    }
}

/// What the token of a call is cached under.
pub(super) fn key(plan: &Plan, hooks: &Hooks) -> String {
    let key = plan.key();
    match &hooks.fetch {
        Some(fetch) if is_own(plan) => {
            let number = ask("numberOf", fetch).as_f64().and_then(from_millis);
            concat(&[&key, "\n", &decimal(number.unwrap_or_default())])
        }
        _ => key,
    }
}

/// Whether a token belongs to the `fetch` that presents the client's certificate, since
/// the config does not tell certificates apart; or metadata to the one that brought it, which
/// may be another tenant's.
fn is_own(plan: &Plan) -> bool {
    (plan.is_of_metadata || plan.config.is_mutual(&plan.descriptor))
        && plan.config.text("partition").is_empty()
}

/// What a caller is told whose request went away with its owners' again and again.
fn abandoned(plan: &Plan) -> Error {
    let message = "each request for this token was cancelled with the Worker request that made it; pass 'waitUntil' in the config";
    let mut error = Error::new(Code::Network, message);
    error.retryable = true;
    error.provider = Some(plan.descriptor.id().to_owned());
    error
}
