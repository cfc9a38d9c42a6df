//! The rim: what the JavaScript face calls, and the only place that knows
//! JavaScript. It is a loop over the core's steps.
//!
//! Nothing is borrowed across a call into JavaScript, and between callers only
//! JavaScript promises are shared: on Workers a Rust waker would resume a caller
//! inside another caller's request.

mod convert;
mod events;
mod fetch;
mod flight;
mod hooks;
mod state;
mod timer;

use core::future::Future;
use core::pin::Pin;
use std::rc::Rc;

use js_sys::{Array, Function, Promise, Reflect};
use rlsf::SmallGlobalTlsf;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use crate::cache::Ask;
use crate::descriptor::Descriptor;
use crate::engine::{Decision, Found};
use crate::error::{Error, Fault};
use crate::flow::Plan;
use crate::options::CallOptions;
use crate::request::{self, HttpRequest};
use crate::retry::BUDGET;
use crate::text::concat;
use crate::time::Millis;
use crate::value::Value;
use convert::{HOST, plain, rejection, to_js};
use events::{tell, tell_evicted};
use flight::{Ended, Flight};
use hooks::Hooks;
use state::{now, state};

/// Two kilobytes less to download than the standard allocator, and good enough for
/// short texts.
#[global_allocator]
static ALLOCATOR: SmallGlobalTlsf = SmallGlobalTlsf::new();

/// Tells what the runtime has to keep a request alive after its answer was sent, and
/// whether the entry is that of Workers.
#[wasm_bindgen]
pub fn connect(wait_until: Option<Function>, is_worker: bool) {
    let mut state = state();
    state.wait_until = wait_until;
    state.is_worker = is_worker;
}

/// Tells `listener` of events from now on, or nobody.
#[wasm_bindgen]
pub fn listen(listener: Option<Function>) {
    state().listener = listener;
}

/// Whether the token `serial` in `slot` is fresh for a caller who accepts tokens
/// up to `max_age` old (a negative one: of any age). Takes and gives numbers
/// alone, so that it costs one call into wasm.
#[wasm_bindgen]
pub fn hit(slot: u32, serial: u32, wall: f64, mono: f64, max_age: f64) -> bool {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "`as` saturates, and clocks are far from the ends"
    )]
    let (now, max_age) = (
        state::at(wall, mono),
        (max_age >= 0.0).then_some(max_age as i64),
    );
    let ask = Ask {
        max_age,
        ..Ask::default()
    };
    state().engine.hit(slot, serial, now, &ask)
}

/// Gets a token: a promise of `[token, slot, serial]`, rejected with the fields
/// of a `TokenError`.
#[wasm_bindgen]
pub fn acquire(provider: &JsValue, config: &JsValue, options: &JsValue) -> Promise {
    let call = Call::new(provider, config, options);
    promise(Box::pin(async move { call?.run().await }))
}

/// What would be sent, with every secret masked.
#[wasm_bindgen]
pub fn preview(provider: &JsValue, config: &JsValue) -> Result<JsValue, JsValue> {
    shown(provider, config, |plan| {
        let request = request::preview(&plan.descriptor, &plan.config)?;
        Ok(request_value(&request, Some(&request.url)))
    })
}

/// Who may get the token, and the header that carries it: `{ origins, header }`.
#[wasm_bindgen]
pub fn usage(provider: &JsValue, config: &JsValue) -> Result<JsValue, JsValue> {
    shown(provider, config, |plan| {
        let origins = request::origins(&plan.descriptor, &plan.config)?;
        let header = plan.descriptor.text("use.name", "Authorization");
        let mut shown = Value::Object(Vec::new());
        shown.put("origins", Value::Array(origins));
        shown.put("header", header.into());
        Ok(shown)
    })
}

/// Drops `token` from the cache if it is the one held for this config.
#[wasm_bindgen]
pub fn invalidate(provider: &JsValue, config: &JsValue, token: &str) -> Result<bool, JsValue> {
    let (plan, _) = plan(provider, config)?;
    let (key, now) = (plan.key(), now());
    let dropped = state().engine.invalidate(&key, token, now);
    if dropped {
        tell("invalidate", plan.descriptor.id(), &[]);
    }
    Ok(dropped)
}

/// Forgets every token, failure and learned fact.
#[wasm_bindgen]
pub fn clear() {
    state().engine.clear();
}

/// Keeps at most `max_entries` keys from now on.
#[wasm_bindgen]
pub fn configure(max_entries: u32) {
    let most = usize::try_from(max_entries).unwrap_or(usize::MAX);
    state().engine.configure(most);
    tell_evicted();
}

fn plan(provider: &JsValue, config: &JsValue) -> Result<(Rc<Plan>, Hooks), JsValue> {
    let (config, hooks) = convert::config(config);
    let plan = match built_in(provider) {
        Some(descriptor) => Plan::of(descriptor, &config),
        None => Plan::new(&plain(provider), &config, HOST),
    };
    let plan = plan.map_err(failure)?;
    if provider.is_string() && built_in(provider).is_none() {
        state().descriptors.push(plan.descriptor.clone());
    }
    Ok((Rc::new(plan), hooks))
}

/// The built-in descriptor that was asked for before by this name.
fn built_in(provider: &JsValue) -> Option<Descriptor> {
    let id = provider.as_string()?;
    let known = &state().descriptors;
    known.iter().find(|known| known.id() == id).cloned()
}

/// What `show` tells of a call.
fn shown(
    provider: &JsValue,
    config: &JsValue,
    show: fn(&Plan) -> Result<Value, Fault>,
) -> Result<JsValue, JsValue> {
    let (plan, _) = plan(provider, config)?;
    match show(&plan) {
        Ok(shown) => Ok(to_js(&shown)),
        Err(fault) => Err(rejection(&fault.into(), false, None)),
    }
}

/// One call that the fast path could not answer, shared with the flight it starts.
struct Call {
    plan: Rc<Plan>,
    hooks: Hooks,
    key: Rc<str>,
    ask: Ask,
}

/// What a call ends with: a token, or the fields of a `TokenError`.
type Answer = Result<Found<JsValue>, JsValue>;

/// A call takes another flight where one failed through functions which are not its
/// own, so often at most;
const MOST_FAILURES: u8 = 2;
/// and where a flight's owner went away. It takes no further one after this long, so
/// that with the last it settles within twice the time that a flight may take.
const LAST_TURN: Millis = BUDGET;

impl Call {
    fn new(provider: &JsValue, config: &JsValue, options: &JsValue) -> Result<Rc<Self>, JsValue> {
        let (plan, hooks) = plan(provider, config)?;
        let options = CallOptions::parse(&plain(options)).map_err(failure)?;
        let ask = Ask {
            min_ttl: options.min_ttl,
            max_age: plan.config.policy.max_age,
            force: options.force_refresh,
            // A token that a new one revokes is used to its end.
            background: hooks.has_background() && !plan.descriptor.flag("cache.exclusive"),
        };
        let (key, now) = (plan.key(), now());
        let key = state().engine.share(key, now);
        Ok(Rc::new(Self {
            key,
            plan,
            hooks,
            ask,
        }))
    }

    async fn run(self: Rc<Self>) -> Result<JsValue, JsValue> {
        let started = now();
        let mut failures: u8 = 0;
        let found = loop {
            let flight = match self.board() {
                Ok(flight) => flight,
                Err(answer) => break answer,
            };
            let is_leader = flight.is_of(&self);
            // Whoever leaves early leaves the flight to itself.
            if self.ask.background && flight.outlasts_patience(is_leader).await {
                let now = now();
                let old = state().engine.fallback(&self.key, now, &self.ask);
                if let Some(old) = old {
                    break Ok(old);
                }
            }
            let ended = flight.ended(is_leader).await;
            let last = failures >= MOST_FAILURES || now().since(started) >= LAST_TURN;
            failures = failures.saturating_add(u8::from(!matches!(ended, Ended::Abandoned)));
            if let Some(answer) = self.leave(&flight, ended, last) {
                break answer;
            }
        }?;
        Ok(Array::of3(&found.handle, &found.slot.into(), &found.serial.into()).into())
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
                Decision::Fail(error) => Err(Err(rejection(&error, true, None))),
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
            Ended::Failure { blame, .. }
                if blame.own && !last && !flight.is_led_by(&self.hooks) =>
            {
                None
            }
            Ended::Failure { error, blame } => {
                let now = now();
                let old = state().engine.fallback(&self.key, now, &self.ask);
                Some(old.ok_or_else(|| rejection(&error, false, blame.cause.as_ref())))
            }
            Ended::Abandoned => {
                flight.abandon();
                last.then(|| Err(rejection(&flight::abandoned(&self.plan), false, None)))
            }
        }
    }
}

fn failure(error: Box<Error>) -> JsValue {
    rejection(&error, false, None)
}

/// A request's method, headers and body, and the URL where it is wanted.
fn request_value(request: &HttpRequest, url: Option<&str>) -> Value {
    let mut value = Value::Object(Vec::new());
    value.put("method", request.method.into());
    if let Some(url) = url {
        value.put("url", url.into());
    }
    value.put("headers", Value::Object(request.headers.clone()));
    value.put("body", request.body.as_deref().into());
    value
}

/// Runs `future`. Boxed, so that the library's generic is compiled once.
fn promise(future: Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>) -> Promise {
    future_to_promise(future)
}

/// Waits for what a caller's or the runtime's function gave: a promise, or not.
fn promised(given: &JsValue) -> JsFuture {
    Promise::resolve(given).into()
}

/// The property `name` of a JavaScript value; `undefined` for whatever has none.
fn property(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// What the method `name` of a JavaScript value gives. Whatever it throws is
/// caught: an exception that nobody catches would end the whole flight.
fn invoke(
    object: &JsValue,
    name: &str,
    first: &JsValue,
    second: &JsValue,
) -> Result<JsValue, JsValue> {
    match property(object, name).dyn_into::<Function>() {
        Ok(method) => method.call2(object, first, second),
        Err(_) => Err(concat(&[name, "() is missing"]).into()),
    }
}

/// Where the runtime's own functions are looked up, as some lack some of them.
fn global() -> JsValue {
    js_sys::global().into()
}
