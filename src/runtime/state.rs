//! What this instance holds between calls, and the clocks the engine is told.

use std::cell::{RefCell, RefMut};
use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::ask;
use super::flight::Flight;
use crate::descriptor::Descriptor;
use crate::engine::Engine;
use crate::facts::Facts;
use crate::time::Now;

/// All that outlives a call.
pub(super) struct State {
    pub(super) engine: Engine<JsValue>,
    /// The built-in descriptors that were asked for. All calls share them: on Workers,
    /// what a cancelled one holds stays for good.
    pub(super) descriptors: Vec<Descriptor>,
    /// What was learned of servers.
    pub(super) facts: Rc<Facts>,
    /// The acquisitions under way.
    pub(super) flights: Vec<Rc<Flight>>,
    /// Whether the runtime has a `waitUntil` of its own.
    pub(super) has_wait_until: bool,
    /// Does what the core can not.
    pub(super) host: JsValue,
    /// Whether this is Cloudflare's runtime, where a request that ends takes its promises
    /// with it.
    pub(super) is_worker: bool,
    /// Hears of events, where somebody listens.
    pub(super) listener: Option<Function>,
}

thread_local! {
    /// Never dropped, as the instance is not: so a plain borrow of it can be handed
    /// out, where a closure for each use would be compiled anew each time.
    static STATE: &'static RefCell<State> = Box::leak(Box::new(RefCell::new(State {
        engine: Engine::new(),
        descriptors: Vec::new(),
        facts: Rc::default(),
        flights: Vec::new(),
        has_wait_until: false,
        host: JsValue::UNDEFINED,
        is_worker: false,
        listener: None,
    })));
}

/// The one state. The borrow ends with the statement: nothing of JavaScript may
/// be called, nor awaited, while it lasts.
pub(super) fn state() -> RefMut<'static, State> {
    STATE.with(|state| state.borrow_mut())
}

/// What both clocks show.
#[must_use]
pub(super) fn now() -> Now {
    let wall = js_sys::Date::now();
    let mono = ask("mono", &JsValue::UNDEFINED).as_f64();
    at(wall, mono.unwrap_or(wall))
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
    ask("random", &JsValue::UNDEFINED).as_f64().unwrap_or(0.5)
}
