//! What listeners hear: plain objects, with no secret in them.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::convert::HOST;
use super::state::state;
use crate::flow::{Plan, provider_of};
use crate::request;
use crate::text::split_before;
use crate::time::Millis;

/// Whether somebody listens: nothing dear is put together for nobody.
pub(super) fn is_heard() -> bool {
    state().listener.is_some()
}

/// Tells of an event at `provider`, with at most two facts, which the face names.
pub(super) fn tell(kind: &str, provider: &str, first: JsValue, second: JsValue) {
    let Some(listener) = state().listener.clone() else {
        return;
    };
    let told = Array::of4(&kind.into(), &provider.into(), &first, &second);
    // The face heeds what listeners throw.
    let _ = listener.call2(&NONE, &told, &NONE);
}

/// No fact.
pub(super) const NONE: JsValue = JsValue::UNDEFINED;

/// Tells which keys had to go.
pub(super) fn tell_evicted() {
    let evicted = state().engine.take_evicted();
    for key in evicted {
        tell("evict", provider_of(&key), NONE, NONE);
    }
}

/// Where a request goes, without its query and with every secret masked.
pub(super) fn place(plan: &Plan) -> JsValue {
    match request::preview(plan.source(HOST, 0)) {
        Ok(request) => split_before(&request.url, b"?").0.into(),
        Err(_) => JsValue::NULL,
    }
}

/// A number of milliseconds.
#[expect(clippy::cast_precision_loss, reason = "spans are far below 2^53 ms")]
pub(super) fn number(number: Millis) -> JsValue {
    (number as f64).into()
}
