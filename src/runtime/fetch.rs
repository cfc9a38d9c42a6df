//! What goes to `fetch`, and what comes back. The exchange itself is a function of the
//! face's, since nothing in it is decided.

use js_sys::Function;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use super::convert::{plain, to_js};
use super::{ask_of, promised, request_value};
use crate::descriptor::Descriptor;
use crate::request::HttpRequest;
use crate::response::{Answer, Body};
use crate::value::Value;

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
    promised(&ask_of("exchange", &own, &to_js(&request), controller))
}

/// What the exchange gave, as the core reads it.
pub(super) fn answer(given: &JsValue) -> Answer {
    let given = plain(given);
    let mut headers = Vec::new();
    for (name, value) in given.members("1") {
        if let Value::String(value) = value {
            headers.push((name.clone(), value.clone()));
        }
    }
    let status = given.at("0").and_then(Value::as_number);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`as` saturates, and no status is 0 to the core but a hidden one"
    )]
    let status = status.unwrap_or_default() as u16;
    Answer {
        status,
        headers,
        body: match given.at("2") {
            Some(Value::String(text)) => Body::Text(text.clone()),
            _ => Body::TooLong,
        },
    }
}
