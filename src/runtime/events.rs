//! What listeners hear: plain objects, with no secret in them.

use wasm_bindgen::prelude::*;

use super::convert::{HOST, to_js};
use super::state::state;
use crate::flow::{Plan, provider_of};
use crate::request;
use crate::text::split_before;
use crate::time::Millis;
use crate::value::Value;

/// Whether somebody listens: nothing dear is put together for nobody.
pub(super) fn is_heard() -> bool {
    state().listener.is_some()
}

/// Tells of an event at `provider`, with what there is to say of it.
pub(super) fn tell(kind: &str, provider: &str, facts: &[(&str, Value)]) {
    let Some(listener) = state().listener.clone() else {
        return;
    };
    let mut event = Value::Object(Vec::new());
    event.put("type", kind.into());
    event.put("provider", provider.into());
    for (name, fact) in facts {
        event.put(name, fact.clone());
    }
    // The face heeds what listeners throw.
    let _ = listener.call1(&JsValue::UNDEFINED, &to_js(&event));
}

/// Tells which keys had to go.
pub(super) fn tell_evicted() {
    let evicted = state().engine.take_evicted();
    for key in evicted {
        tell("evict", provider_of(&key), &[]);
    }
}

/// Where a request goes, without its query and with every secret masked.
pub(super) fn place(plan: &Plan) -> Value {
    match request::preview(plan.source(HOST, 0)) {
        Ok(request) => split_before(&request.url, b"?").0.into(),
        Err(_) => Value::Null,
    }
}

/// A number of milliseconds, or any other whole one.
#[expect(clippy::cast_precision_loss, reason = "spans are far below 2^53 ms")]
pub(super) fn number(number: Millis) -> Value {
    Value::Number(number as f64)
}
