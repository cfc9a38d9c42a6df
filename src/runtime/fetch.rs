//! Sending a request through `fetch`, and reading the answer while it arrives.

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use super::convert::to_js;
use super::{global, invoke, promised, property, request_value};
use crate::descriptor::Descriptor;
use crate::request::HttpRequest;
use crate::response::{Answer, Body, LONGEST_BODY, is_redirect};

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

#[wasm_bindgen]
extern "C" {
    /// Whether the runtime knows the `cache` option: Workers before 2024-11-11
    /// throw at it, and Next.js caches answers to POST without it.
    type Request;
    #[wasm_bindgen(constructor, catch)]
    fn new(url: &str, init: &Object) -> Result<Request, JsValue>;

    type TextDecoder;
    #[wasm_bindgen(constructor)]
    fn new() -> TextDecoder;
}

/// Sends `request`, and gives what `fetch` gave. Of an acquisition that is cancelled
/// everything stays that it holds, so the request is not among it.
pub(super) fn send(
    request: HttpRequest,
    own: Option<&Function>,
    controller: &AbortController,
) -> Result<JsFuture, Trouble> {
    let fetch = match own {
        Some(own) => own.clone(),
        None => property(&global(), "fetch")
            .dyn_into()
            .map_err(|_| Trouble::NoFetch)?,
    };
    // Called as a plain function: `fetch` refuses other receivers.
    let sent = fetch.call2(
        &JsValue::UNDEFINED,
        &request.url.as_str().into(),
        &init(&request, controller),
    );
    Ok(promised(&sent.map_err(trouble(own.is_some()))?))
}

/// Reads the answer whole. Dropping the future does not end the request; aborting
/// `controller` does.
pub(super) async fn answer(
    sent: JsFuture,
    own: bool,
    descriptor: &Descriptor,
    controller: &AbortController,
) -> Result<Answer, Trouble> {
    let response = sent.await.map_err(trouble(own))?;
    let (status, headers) = head(&response, descriptor).ok_or(Trouble::NoResponse)?;
    let body = if is_redirect(status) {
        controller.abort();
        Body::Text(String::new())
    } else {
        // A `Response` of another realm, or of a library, is none by its prototype.
        body(&response).await.map_err(trouble(own))?
    };
    Ok(Answer {
        status,
        headers,
        body,
    })
}

fn trouble(own: bool) -> fn(JsValue) -> Trouble {
    if own { Trouble::Own } else { Trouble::Runtime }
}

/// The status and the headers that the core reads; `None` of what is no `Response`.
fn head(response: &JsValue, descriptor: &Descriptor) -> Option<(u16, Vec<(String, String)>)> {
    let status = property(response, "status").as_f64()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`as` saturates, and no status is 0 to the core but a hidden one"
    )]
    let status = if property(response, "redirected").is_truthy() {
        0
    } else {
        status as u16
    };
    let headers = property(response, "headers");
    let mut read = Vec::new();
    let mut names = descriptor.answer_headers();
    names.extend(Answer::HEADERS.map(str::to_owned));
    for name in names {
        let value = invoke(&headers, "get", &name.as_str().into(), &JsValue::UNDEFINED);
        if let Some(value) = value.ok().and_then(|value| value.as_string()) {
            read.push((name, value));
        }
    }
    Some((status, read))
}

fn init(request: &HttpRequest, controller: &AbortController) -> JsValue {
    let init = to_js(&request_value(request, None));
    // A redirect would carry the credentials elsewhere; 'error' throws on Workers.
    set(&init, "redirect", &"manual".into());
    set(&init, "signal", &controller.signal());
    let uncached = Object::new();
    set(&uncached, "cache", &"no-store".into());
    if Request::new("https://localhost/", &uncached).is_ok() {
        set(&init, "cache", &"no-store".into());
    }
    init
}

fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

/// Reads the body chunk by chunk and stops at [`LONGEST_BODY`]: a server must not
/// be able to fill the isolate's memory.
async fn body(response: &JsValue) -> Result<Body, JsValue> {
    let undefined = JsValue::UNDEFINED;
    let stream = property(response, "body");
    if !property(&stream, "getReader").is_function() {
        // 204, or a response that a mock made up.
        let text = if property(response, "text").is_function() {
            let text = invoke(response, "text", &undefined, &undefined)?;
            words(promised(&text).await?)
        } else {
            String::new()
        };
        return Ok(if text.len() > LONGEST_BODY {
            Body::TooLong
        } else {
            Body::Text(text)
        });
    }
    let reader = invoke(&stream, "getReader", &undefined, &undefined)?;
    let (decoder, more) = (TextDecoder::new(), Object::new());
    set(&more, "stream", &JsValue::TRUE);
    let (mut text, mut length) = (String::new(), 0.0);
    loop {
        let read = invoke(&reader, "read", &undefined, &undefined)?;
        let read = promised(&read).await?;
        if property(&read, "done").is_truthy() {
            // A character that was cut short is decoded at last.
            text.push_str(&words(invoke(&decoder, "decode", &undefined, &undefined)?));
            return Ok(Body::Text(text));
        }
        let chunk = property(&read, "value");
        length += property(&chunk, "byteLength")
            .as_f64()
            .ok_or("a chunk of the body is no bytes")?;
        if length > LONGEST_BODY as f64 {
            // Nobody waits for the rest, nor for the news that it was dropped.
            drop(promised(&invoke(
                &reader, "cancel", &undefined, &undefined,
            )?));
            return Ok(Body::TooLong);
        }
        text.push_str(&words(invoke(&decoder, "decode", &chunk, &more)?));
    }
}

/// The text of a string, and none of anything else.
fn words(value: JsValue) -> String {
    value.as_string().unwrap_or_default()
}
