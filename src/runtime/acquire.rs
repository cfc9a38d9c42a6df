//! One acquisition: the loop over the core's steps.

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::AbortController;

use super::call::{Call, Failed};
use super::convert::{HOST, plain};
use super::events::{NONE, is_heard, number, place, tell};
use super::fetch;
use super::hooks::Hooks;
use super::state::{draw, now, state};
use super::timer::{sleep, within};
use super::{ask_of, property, sign};
use crate::error::{Code, Error};
use crate::flow::{Failure, Flow, Step};
use crate::response::clock_skew;
use crate::time::Now;
use crate::token::Token;

/// How an acquisition ends.
pub(super) enum Outcome {
    Token {
        token: Box<Token>,
        sent: Now,
        /// The key pair that it is bound to; `undefined` where it is to none.
        pair: JsValue,
    },
    Failure {
        error: Rc<Error>,
        blame: Blame,
    },
}

/// What is behind a failure.
#[derive(Clone, Default)]
pub(super) struct Blame {
    /// What was thrown.
    pub(super) cause: Option<JsValue>,
    /// Whether it came from its leader's own functions.
    pub(super) own: bool,
    /// Whether it is told again, without a new request.
    pub(super) again: bool,
}

/// Performs one step after another.
pub(super) async fn acquire(call: &Call) -> Outcome {
    let hooks = &call.hooks;
    let provider = call.plan.descriptor.id();
    let facts = state().facts.clone();
    let (mut flow, mut step) = Flow::start(call.plan.clone(), HOST, facts, now());
    let issued = state().engine.tokens(&call.key);
    flow.hide(issued);
    let mut blame = Blame::default();
    let mut pair = JsValue::UNDEFINED;
    loop {
        step = match step {
            Step::Discover(time) => {
                let got = match call.metadata(flow.distrusts_metadata()) {
                    Some(metadata) => metadata.within(time).await,
                    None => None,
                };
                match got {
                    Some(Ok(found)) => flow.handle_metadata(&plain(&found.handle), now()),
                    Some(Err(Failed { error, blame })) => {
                        let error = Rc::new(flow.without_metadata(&error));
                        // What it is told then is of a request that was sent before.
                        let blame = if flow.attempts() > 0 {
                            Blame::default()
                        } else {
                            blame
                        };
                        return Outcome::Failure { error, blame };
                    }
                    None => {
                        let late = Failure::Late("the issuer's metadata did not come");
                        flow.handle_failure(late, now(), draw())
                    }
                }
            }
            Step::Sign(jwts, time) => {
                let mut signed = sign::sign(&jwts, hooks);
                match within(time, &mut signed).await {
                    Some(Ok(given)) => {
                        pair = property(&given, "pair");
                        flow.handle_signatures(sign::signatures(&given), now())
                    }
                    Some(Err(thrown)) => flow.handle_failure(sign::failure(&thrown), now(), draw()),
                    None => {
                        let late = Failure::Late("the runtime's WebCrypto did not sign");
                        flow.handle_failure(late, now(), draw())
                    }
                }
            }
            Step::Ask(time) => {
                let given = match hooks.ask() {
                    Ok(mut given) => within(time, &mut given).await,
                    Err(thrown) => Some(Err(thrown)),
                };
                heed_secret(&mut flow, given, hooks, &mut blame)
            }
            Step::Send(request, time) => {
                let Ok(controller) = AbortController::new() else {
                    let words = "this runtime has no AbortController".to_owned();
                    step = flow.handle_failure(Failure::Unsupported(words), now(), 0.0);
                    continue;
                };
                if is_heard() {
                    let attempt = flow.attempts().into();
                    tell("request", provider, attempt, place(flow.plan()));
                }
                let own = hooks.fetch.as_ref();
                let mut sent = fetch::send(&request, own, &call.plan.descriptor, &controller);
                drop(request);
                let given = within(time, &mut sent).await;
                if given.is_none() {
                    controller.abort();
                }
                heed_answer(&mut flow, given, hooks, &mut blame)
            }
            Step::Wait(time) => {
                let code = flow.trouble().map(Code::as_str);
                tell("retry", provider, number(time), code.into());
                sleep(time).await;
                blame = Blame::default();
                flow.handle_wait(now())
            }
            Step::Ready(token) => {
                let sent = flow.sent();
                return Outcome::Token { token, sent, pair };
            }
            Step::Fail(error) => {
                let error = Rc::new(*error);
                blame.own = blame.own && hooks.has_own_functions();
                return Outcome::Failure { error, blame };
            }
        };
    }
}

/// Takes what the caller's `clientSecret()` gave; `None`: nothing in time.
fn heed_secret(
    flow: &mut Flow,
    given: Option<Result<JsValue, JsValue>>,
    hooks: &Hooks,
    blame: &mut Blame,
) -> Step {
    blame.own = true;
    blame.cause = None;
    let failure = match given {
        Some(Ok(given)) if given.is_string() && given.is_truthy() && flow.holds_secret() => {
            hooks.hold_secret(&given);
            return flow.handle_held(now());
        }
        Some(Ok(given)) => match given.as_string() {
            // Until an answer comes, whatever is wrong is the secret.
            Some(secret) => return flow.handle_secret(secret, now()),
            None => "gave something that is no string",
        },
        Some(Err(thrown)) => {
            blame.cause = Some(thrown);
            "threw or rejected"
        }
        None => "did not settle in time",
    };
    flow.handle_failure(Failure::Credentials(failure.to_owned()), now(), draw())
}

/// Takes what an exchange gave; `None`: nothing in time.
fn heed_answer(
    flow: &mut Flow,
    given: Option<Result<JsValue, JsValue>>,
    hooks: &Hooks,
    blame: &mut Blame,
) -> Step {
    *blame = Blame::default();
    let failure = match given {
        None => Failure::Timeout,
        Some(Ok(given)) if given.is_null() => {
            let words = "this runtime has no fetch; pass one in the config";
            Failure::Unsupported(words.to_owned())
        }
        Some(Ok(given)) if given.is_undefined() => {
            blame.own = true;
            Failure::Network("fetch gave no Response".to_owned())
        }
        Some(Ok(given)) => {
            let answer = fetch::answer(&given);
            let now = now();
            let duration = number(now.since(flow.sent()));
            tell("response", flow.provider(), answer.status.into(), duration);
            let skew = clock_skew(&answer, now, HOST);
            if skew != 0 {
                tell("clock_skew", flow.provider(), number(skew), NONE);
            }
            return flow.handle_response(&answer, now, draw());
        }
        Some(Err(thrown)) if hooks.fetch.is_some() => {
            *blame = Blame {
                cause: Some(thrown),
                own: true,
                again: false,
            };
            let words = "the config's fetch threw or rejected";
            Failure::Network(words.to_owned())
        }
        Some(Err(thrown)) => {
            let message = property(&thrown, "message").as_string();
            let words = flow.redact(&message.unwrap_or_default());
            blame.cause = Some(ask_of("remake", &thrown, &words.as_str().into(), &NONE));
            Failure::Network(words)
        }
    };
    flow.handle_failure(failure, now(), draw())
}
