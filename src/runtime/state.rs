//! The one engine of this instance, and the clocks it is told.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use crate::engine::Engine;
use crate::time::Now;

thread_local! {
    static ENGINE: RefCell<Engine<JsValue>> = const { RefCell::new(Engine::new()) };
}

/// Runs `task` on the engine. The core calls nothing of JavaScript, so this is
/// never entered twice.
pub(super) fn with_engine<T>(task: impl FnOnce(&mut Engine<JsValue>) -> T) -> T {
    ENGINE.with(|engine| task(&mut engine.borrow_mut()))
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now, catch)]
    fn performance_now() -> Result<f64, JsValue>;
}

/// What both clocks show.
#[must_use]
pub(super) fn now() -> Now {
    let wall = js_sys::Date::now();
    at(wall, performance_now().unwrap_or(wall))
}

/// The clocks as JavaScript gives them.
#[expect(
    clippy::cast_possible_truncation,
    reason = "`as` saturates, and clocks are far from the ends"
)]
pub(super) fn at(wall: f64, mono: f64) -> Now {
    Now {
        wall: wall as i64,
        mono: mono as i64,
    }
}

/// A random number in [0, 1): it spreads retries and refreshes, and guards
/// nothing.
pub(super) fn draw() -> f64 {
    js_sys::Math::random()
}
