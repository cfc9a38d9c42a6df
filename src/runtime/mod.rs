//! The rim: what the JavaScript face calls, and the only place that knows
//! JavaScript. It is a loop over the core's steps.
//!
//! Nothing is borrowed across a call into JavaScript, and between callers only
//! JavaScript promises are shared: on Workers a Rust waker would resume a caller
//! inside another caller's request.

mod acquire;
mod call;
mod convert;
mod events;
mod fetch;
mod flight;
mod hooks;
mod sign;
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
use crate::catalogue;
use crate::descriptor::Descriptor;
use crate::error::{Error, Fault};
use crate::flow::Plan;
use crate::request::{self, HttpRequest, Source};
use crate::value::Value;
use call::Call;
use convert::{HOST, plain, rejection, to_js};
use events::{NONE, tell, tell_evicted};
use hooks::Hooks;
use state::{now, state};

/// Two kilobytes less to download than the standard allocator, and good enough for
/// short texts.
#[global_allocator]
static ALLOCATOR: SmallGlobalTlsf = SmallGlobalTlsf::new();

/// Tells what the core has its `host` do, whether this is a Worker, and whether the
/// runtime can keep a request alive after its answer was sent.
#[wasm_bindgen]
pub fn connect(host: Function, is_worker: bool, has_wait_until: bool) {
    let mut state = state();
    state.host = host.into();
    state.is_worker = is_worker;
    state.has_wait_until = has_wait_until;
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

/// Gets a token: a promise of `[token, slot, serial, isOwn]`, rejected with the fields
/// of a `TokenError`. A token that is its caller's own belongs to the `fetch` of the
/// config, too.
#[wasm_bindgen]
pub fn acquire(provider: &JsValue, config: &JsValue, options: &JsValue) -> Promise {
    let (provider, config, options) = (provider.clone(), config.clone(), options.clone());
    promise(Box::pin(async move {
        Call::new(&provider, &config, &options)?.answer().await
    }))
}

/// What would be sent, with every secret masked.
#[wasm_bindgen]
pub fn preview(provider: &JsValue, config: &JsValue) -> Result<JsValue, JsValue> {
    shown(provider, config, |source| {
        Ok(request_value(&request::preview(source)?))
    })
}

/// Who may get the token, and where it goes: `{ origins, in, name, prefix }`.
#[wasm_bindgen]
pub fn usage(provider: &JsValue, config: &JsValue) -> Result<JsValue, JsValue> {
    shown(provider, config, request::usage)
}

/// Drops `token` from the cache if it is the one held for this config.
#[wasm_bindgen]
pub fn invalidate(provider: &JsValue, config: &JsValue, token: &str) -> Result<bool, JsValue> {
    let (plan, hooks) = plan(provider, config)?;
    let (key, now) = (call::key(&plan, &hooks), now());
    let was_held = state().engine.invalidate(&key, token, now);
    // Where every new token is rejected, one of them stays for a while.
    if was_held && !state().engine.holds(&key, token) {
        tell("invalidate", plan.descriptor.id(), NONE, NONE);
    }
    Ok(was_held)
}

/// Forgets every token, failure and learned fact.
#[wasm_bindgen]
pub fn clear() {
    let mut state = state();
    state.engine.clear();
    state.facts = Rc::default();
}

/// Keeps at most `max_entries` keys from now on.
#[wasm_bindgen]
pub fn configure(max_entries: u32) {
    let most = usize::try_from(max_entries).unwrap_or(usize::MAX);
    state().engine.configure(most);
    tell_evicted();
}

fn plan(provider: &JsValue, config: &JsValue) -> Result<(Rc<Plan>, Hooks), JsValue> {
    let id = provider.as_string();
    let descriptor = match id.as_deref().and_then(built_in) {
        Some(descriptor) => descriptor,
        None => {
            let resolved = catalogue::resolve(&plain(provider), HOST);
            let descriptor = resolved.map_err(|fault| failure(fault.into()))?;
            if id.is_some() {
                state().descriptors.push(descriptor.clone());
            }
            descriptor
        }
    };
    let (config, hooks) = convert::config(config, &descriptor).map_err(failure)?;
    let plan = Plan::of(descriptor, &config, HOST).map_err(failure)?;
    Ok((Rc::new(plan), hooks))
}

/// The built-in descriptor that was asked for before by this name.
fn built_in(id: &str) -> Option<Descriptor> {
    let known = &state().descriptors;
    known.iter().find(|known| known.id() == id).cloned()
}

/// What `show` tells of a call.
fn shown(
    provider: &JsValue,
    config: &JsValue,
    show: fn(Source<'_>) -> Result<Value, Fault>,
) -> Result<JsValue, JsValue> {
    let (plan, _) = plan(provider, config)?;
    match show(plan.source(HOST, now().wall)) {
        Ok(shown) => Ok(to_js(&shown)),
        Err(fault) => Err(failure(fault.into())),
    }
}

fn failure(error: Box<Error>) -> JsValue {
    rejection(&error, false, None)
}

/// A request as JavaScript takes it.
fn request_value(request: &HttpRequest) -> Value {
    let mut value = Value::Object(Vec::new());
    value.put("method", request.method.into());
    value.put("url", request.url.as_str().into());
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

/// What the host makes of three values.
fn ask_of(name: &str, first: &JsValue, second: &JsValue, third: &JsValue) -> JsValue {
    let given = Array::of4(first, second, third, &JsValue::UNDEFINED);
    ask(name, &given)
}

/// What the host makes of `given`; `undefined` where it throws, since an exception that
/// nobody catches would end the whole flight.
fn ask(name: &str, given: &JsValue) -> JsValue {
    let host: Function = state().host.clone().unchecked_into();
    let made = host.call2(&JsValue::UNDEFINED, &name.into(), given);
    made.unwrap_or(JsValue::UNDEFINED)
}
