//! The caller's own functions, and those of the runtime that stand in for them.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::state::state;
use super::{ask_of, promised};

/// The functions in a config.
#[derive(Clone)]
pub(super) struct Hooks {
    pub(super) client_secret: Option<Function>,
    pub(super) fetch: Option<Function>,
    pub(super) wait_until: Option<Function>,
    /// What the host holds the keys in, by the fields of the config.
    pub(super) keys: JsValue,
}

/// Whether this is Cloudflare's runtime.
pub(super) fn is_workerd() -> bool {
    state().is_worker
}

impl Hooks {
    /// Whether a request goes on after the caller was answered. A Worker without
    /// `waitUntil` would cancel it.
    pub(super) fn has_background(&self) -> bool {
        self.wait_until.is_some() || state().has_wait_until || !is_workerd()
    }

    /// Keeps the caller's request alive until `promise` settles, where the runtime can.
    pub(super) fn keep_alive(&self, promise: &Promise) {
        let own = self.wait_until.clone();
        let own = own.map_or(JsValue::UNDEFINED, JsValue::from);
        ask_of("keepAlive", &own, promise, &JsValue::UNDEFINED);
    }

    /// Asks the caller for the secret. The error is whatever was thrown.
    pub(super) fn ask(&self) -> Result<JsFuture, JsValue> {
        let given = match &self.client_secret {
            Some(ask) => ask.call0(&JsValue::UNDEFINED)?,
            None => JsValue::UNDEFINED,
        };
        Ok(promised(&given))
    }

    /// Has the host hold the secret that the caller's function gave, since it signs.
    pub(super) fn hold_secret(&self, secret: &JsValue) {
        let _ = Reflect::set(&self.keys, &"clientSecret".into(), secret);
    }

    /// Whether failures of the caller's functions are possible at all.
    pub(super) fn has_own_functions(&self) -> bool {
        self.client_secret.is_some() || self.fetch.is_some()
    }

    /// Whether both callers brought the same functions.
    pub(super) fn same_as(&self, other: &Self) -> bool {
        self.client_secret == other.client_secret && self.fetch == other.fetch
    }
}
