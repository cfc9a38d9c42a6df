//! The rim: what the JavaScript face calls, and the only place that knows
//! JavaScript. It is a loop over the core's steps.
//!
//! Nothing is borrowed across a call into JavaScript, and between callers only
//! JavaScript promises are shared: on Workers a Rust waker would resume a caller
//! inside another caller's request.

#![expect(
    unreachable_pub,
    reason = "wasm-bindgen exports what is public, wherever it stands"
)]

mod convert;
mod fetch;
mod flight;
mod hooks;
mod state;
mod timer;

use std::rc::Rc;

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use crate::cache::Ask;
use crate::catalogue;
use crate::engine::{Decision, Found};
use crate::flow::Plan;
use crate::options::CallOptions;
use crate::request::{self, HttpRequest};
use crate::value::Value;
use convert::{HOST, plain, rejection, to_js};
use flight::{Ended, Flight};
use hooks::Hooks;
use state::with_engine;

/// Tells what the runtime has to keep a request alive after its answer was sent.
#[wasm_bindgen]
pub fn connect(wait_until: Option<Function>) {
    hooks::set_runtime_wait_until(wait_until);
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
    with_engine(|engine| {
        engine.hit(
            slot,
            serial,
            now,
            &Ask {
                max_age,
                ..Ask::default()
            },
        )
    })
}

/// Gets a token: a promise of `[token, slot, serial]`, rejected with the fields
/// of a `TokenError`.
#[wasm_bindgen]
pub fn acquire(provider: JsValue, config: JsValue, options: JsValue) -> Promise {
    future_to_promise(async move {
        let (plan, hooks) = plan(&provider, &config).map_err(|error| rejection(&error, None))?;
        let options =
            CallOptions::parse(&plain(&options)).map_err(|error| rejection(&error, None))?;
        let ask = Ask {
            min_ttl: options.min_ttl,
            max_age: plan.config.policy.max_age,
            force: options.force_refresh,
            background: hooks.has_background(),
        };
        let found = call(Rc::new(plan), Rc::new(hooks), ask).await?;
        Ok(Array::of3(&found.handle, &found.slot.into(), &found.serial.into()).into())
    })
}

/// What would be sent, with every secret masked.
#[wasm_bindgen]
pub fn preview(provider: &JsValue, config: &JsValue) -> Result<JsValue, JsValue> {
    let (plan, _) = plan(provider, config).map_err(|error| rejection(&error, None))?;
    let request = request::preview(&plan.descriptor, &plan.config)
        .map_err(|fault| rejection(&fault.into(), None))?;
    Ok(to_js(&preview_value(request)))
}

/// Who may get the token, and the header that carries it: `{ origins, header }`.
#[wasm_bindgen]
pub fn usage(provider: &JsValue, config: &JsValue) -> Result<JsValue, JsValue> {
    let (plan, _) = plan(provider, config).map_err(|error| rejection(&error, None))?;
    let origins = request::origins(&plan.descriptor, &plan.config)
        .map_err(|fault| rejection(&fault.into(), None))?;
    let header = plan.descriptor.text("use.name", "Authorization").into();
    Ok(to_js(&Value::object(vec![
        ("origins", Value::Array(origins)),
        ("header", header),
    ])))
}

/// Drops `token` from the cache if it is the one held for this config.
#[wasm_bindgen]
pub fn invalidate(provider: &JsValue, config: &JsValue, token: &str) -> Result<bool, JsValue> {
    let (plan, _) = plan(provider, config).map_err(|error| rejection(&error, None))?;
    let (key, now) = (plan.key(), state::now());
    Ok(with_engine(|engine| engine.invalidate(&key, token, now)))
}

/// Forgets every token, failure and learned fact.
#[wasm_bindgen]
pub fn clear() {
    with_engine(|engine| engine.clear());
}

/// Keeps at most `max_entries` keys from now on.
#[wasm_bindgen]
pub fn configure(max_entries: u32) {
    with_engine(|engine| engine.configure(usize::try_from(max_entries).unwrap_or(usize::MAX)));
}

/// The built-in descriptors, as plain data.
#[wasm_bindgen]
pub fn catalogue() -> JsValue {
    to_js(&catalogue::all(HOST))
}

fn plan(provider: &JsValue, config: &JsValue) -> Result<(Plan, Hooks), Box<crate::error::Error>> {
    let (config, hooks) = convert::config(config);
    Ok((Plan::new(&plain(provider), &config, HOST)?, hooks))
}

/// A call joins at most this many flights: its own or another's, one whose owner
/// went away, and one that failed through functions which are not this caller's.
const MOST_TURNS: u8 = 3;

async fn call(plan: Rc<Plan>, hooks: Rc<Hooks>, ask: Ask) -> Result<Found<JsValue>, JsValue> {
    let key: Rc<str> = plan.key().into();
    let mut turn: u8 = 1;
    loop {
        let now = state::now();
        let flight = match with_engine(|engine| engine.decide(&key, now, &ask)) {
            Decision::Return(found) => return Ok(found),
            Decision::ReturnAndRefresh(found, id) => {
                Flight::launch(id, key, plan, hooks);
                return Ok(found);
            }
            Decision::Fail(error) => return Err(rejection(&error, None)),
            Decision::Start(id) => Flight::launch(id, key.clone(), plan.clone(), hooks.clone()),
            Decision::Join(id) => match Flight::under_way(id) {
                Some(flight) => flight,
                None => {
                    with_engine(|engine| engine.abandon(&key, id));
                    continue;
                }
            },
        };
        let last = turn >= MOST_TURNS;
        turn = turn.saturating_add(1);
        match flight.ended().await {
            Ended::Token(found) => return Ok(found),
            Ended::Failure { error, cause, own } => {
                if own && !last && !flight.is_led_by(&hooks) {
                    continue;
                }
                let now = state::now();
                return with_engine(|engine| engine.fallback(&key, now, &ask))
                    .ok_or_else(|| rejection(&error, cause.as_ref()));
            }
            Ended::Abandoned => {
                flight.abandon();
                if last {
                    return Err(rejection(&flight::abandoned(&plan), None));
                }
            }
        }
    }
}

fn preview_value(request: HttpRequest) -> Value {
    Value::object(vec![
        ("method", request.method.into()),
        ("url", request.url.into()),
        ("headers", Value::Object(request.headers)),
        ("body", request.body.as_deref().into()),
    ])
}

/// The property `name` of a JavaScript value; `undefined` for whatever has none.
fn property(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}
