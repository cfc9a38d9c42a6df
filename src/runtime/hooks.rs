//! The caller's own functions, and those of the runtime that stand in for them.

use std::cell::RefCell;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// The functions in a config.
#[derive(Default)]
pub(super) struct Hooks {
    pub(super) client_secret: Option<Function>,
    pub(super) fetch: Option<Function>,
    pub(super) wait_until: Option<Function>,
}

thread_local! {
    static RUNTIME_WAIT_UNTIL: RefCell<Option<Function>> = const { RefCell::new(None) };
}

#[wasm_bindgen]
extern "C" {
    type Navigator;
    #[wasm_bindgen(thread_local_v2, js_name = navigator)]
    static NAVIGATOR: Option<Navigator>;
    #[wasm_bindgen(method, getter, js_name = userAgent)]
    fn user_agent(this: &Navigator) -> Option<String>;
}

/// Whether this is Cloudflare's runtime, where a request that ends takes its
/// promises with it.
pub(super) fn is_workerd() -> bool {
    NAVIGATOR
        .with(|navigator| navigator.as_ref().and_then(Navigator::user_agent))
        .as_deref()
        == Some("Cloudflare-Workers")
}

pub(super) fn set_runtime_wait_until(wait_until: Option<Function>) {
    RUNTIME_WAIT_UNTIL.with(|slot| slot.replace(wait_until));
}

fn runtime_wait_until() -> Option<Function> {
    RUNTIME_WAIT_UNTIL.with(|slot| slot.borrow().clone())
}

impl Hooks {
    /// Whether a request goes on after the caller was answered. A Worker without
    /// `waitUntil` would cancel it.
    pub(super) fn has_background(&self) -> bool {
        self.wait_until.is_some() || runtime_wait_until().is_some() || !is_workerd()
    }

    /// Keeps the caller's request alive until `promise` settles, where the runtime
    /// can. A `waitUntil` that throws, as a destructured one does, is passed over.
    pub(super) fn keep_alive(&self, promise: &Promise) {
        for wait_until in [self.wait_until.clone(), runtime_wait_until()]
            .into_iter()
            .flatten()
        {
            if wait_until.call1(&JsValue::UNDEFINED, promise).is_ok() {
                return;
            }
        }
    }

    /// Asks the caller for the secret. The error is whatever was thrown; none when
    /// something else than a string was given.
    pub(super) async fn secret(&self) -> Result<String, Option<JsValue>> {
        let Some(ask) = &self.client_secret else {
            return Err(None);
        };
        let given = ask.call0(&JsValue::UNDEFINED).map_err(Some)?;
        let given = JsFuture::from(Promise::resolve(&given))
            .await
            .map_err(Some)?;
        given.as_string().ok_or(None)
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
