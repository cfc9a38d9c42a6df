//! What goes to `fetch`, and what comes back. The exchange itself is a function of the
//! face's, since nothing in it is decided.

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use super::convert::{plain, to_js};
use super::{ask, promised, request_value};
use crate::descriptor::Descriptor;
use crate::request::HttpRequest;
use crate::response::{Answer, Body};
use crate::value::Value;

/// Why there is no answer.
pub(super) enum Trouble {
    /// The runtime's `fetch` failed.
    Runtime(JsValue),
    /// The caller's `fetch` threw or rejected; what it threw.
    Own(JsValue),
    /// The caller's `fetch` gave something that is no `Response`.
    NoResponse,
    /// There is no `fetch`.
    NoFetch,
}

/// Sends `request`. Of an acquisition that is cancelled everything stays that it holds,
/// so the request is not among it.
pub(super) fn send(
    request: &HttpRequest,
    own: Option<&Function>,
    descriptor: &Descriptor,
    controller: &AbortController,
) -> JsFuture {
    let mut names = Vec::new();
    for name in Answer::HEADERS {
        names.push(name.into());
    }
    descriptor.answer_headers(&mut |name| names.push(name.into()));
    let mut request = request_value(request);
    request.put("read", Value::Array(names));
    let own = own.map_or(JsValue::UNDEFINED, JsValue::from);
    let call = Array::of3(&own, &to_js(&request), controller);
    promised(&ask("exchange", &call))
}

/// What the exchange gave, as the core reads it.
pub(super) fn answer(given: Result<JsValue, JsValue>, own: bool) -> Result<Answer, Trouble> {
    let given = match given {
        Ok(given) if given.is_undefined() => return Err(Trouble::NoResponse),
        Ok(given) if given.is_null() => return Err(Trouble::NoFetch),
        Ok(given) => plain(&given),
        Err(thrown) if own => return Err(Trouble::Own(thrown)),
        Err(thrown) => return Err(Trouble::Runtime(thrown)),
    };
    let mut headers = Vec::new();
    for (name, value) in given.members("1") {
        if let Value::String(value) = value {
            headers.push((name.clone(), value.clone()));
        }
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`as` saturates, and no status is 0 to the core but a hidden one"
    )]
    let status = given.at("0").and_then(Value::as_number).unwrap_or_default() as u16;
    Ok(Answer {
        status,
        headers,
        body: match given.at("2") {
            Some(Value::String(text)) => Body::Text(text.clone()),
            _ => Body::TooLong,
        },
    })
}
