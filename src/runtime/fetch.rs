//! Sending a request through `fetch`, and reading the answer while it arrives.

use js_sys::{Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Response};

use super::property;
use crate::request::HttpRequest;
use crate::response::{Answer, Body, LONGEST_BODY};

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
    /// Called as a plain function: `fetch` refuses other receivers.
    #[wasm_bindgen(js_name = fetch, catch)]
    fn global_fetch(url: &str, init: &Object) -> Result<Promise, JsValue>;

    /// Whether the runtime knows the `cache` option: Workers before 2024-11-11
    /// throw at it, and Next.js caches answers to POST without it.
    #[wasm_bindgen(js_name = Request)]
    type Request;
    type Headers;
    #[wasm_bindgen(method, catch)]
    fn get(this: &Headers, name: &str) -> Result<JsValue, JsValue>;

    // What a caller's `fetch` gives may throw wherever it is touched, and an
    // exception that nobody catches would end the whole flight.
    type Stream;
    #[wasm_bindgen(method, catch, js_name = getReader)]
    fn get_reader(this: &Stream) -> Result<Reader, JsValue>;
    type Reader;
    #[wasm_bindgen(method, catch)]
    fn read(this: &Reader) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn cancel(this: &Reader) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = Uint8Array)]
    type Bytes;
    #[wasm_bindgen(constructor, js_class = Uint8Array, catch)]
    fn new(chunk: &JsValue) -> Result<Bytes, JsValue>;
    #[wasm_bindgen(constructor, js_class = Request, catch)]
    fn new(url: &str, init: &Object) -> Result<Request, JsValue>;
}

/// Sends `request` and reads the answer whole. Dropping the future does not end
/// the request; aborting `controller` does.
pub(super) async fn send(
    request: &HttpRequest,
    own: Option<&Function>,
    controller: &AbortController,
) -> Result<Answer, Trouble> {
    let trouble = |thrown| {
        if own.is_some() {
            Trouble::Own(thrown)
        } else {
            Trouble::Runtime(thrown)
        }
    };
    let init = init(request, controller);
    let sent = match own {
        Some(fetch) => fetch
            .call2(&JsValue::UNDEFINED, &request.url.as_str().into(), &init)
            .map(|given| Promise::resolve(&given)),
        None => match global_fetch(&request.url, &init) {
            Err(_) if !property(&js_sys::global(), "fetch").is_function() => {
                return Err(Trouble::NoFetch);
            }
            sent => sent,
        },
    };
    let response = JsFuture::from(sent.map_err(trouble)?)
        .await
        .map_err(trouble)?;
    let Some(status) = property(&response, "status").as_f64() else {
        return Err(Trouble::NoResponse);
    };
    // A `Response` of another realm, or of a library, is none by its prototype.
    let response: Response = response.unchecked_into();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`as` saturates, and no status is 0 to the core but a hidden one"
    )]
    let status = if property(&response, "redirected").is_truthy() {
        0
    } else {
        status as u16
    };
    let headers = headers(&property(&response, "headers"));
    let body = body(&response).await.map_err(trouble)?;
    Ok(Answer {
        status,
        headers,
        body,
    })
}

fn init(request: &HttpRequest, controller: &AbortController) -> Object {
    let init = Object::new();
    let set = |name: &str, value: &JsValue| Reflect::set(&init, &name.into(), value);
    let headers = Object::new();
    for (name, value) in &request.headers {
        let _ = Reflect::set(&headers, &name.as_str().into(), &value.as_str().into());
    }
    let _ = set("cache", &"no-store".into());
    if Request::new("https://localhost/", &init).is_err() {
        let _ = Reflect::delete_property(&init, &"cache".into());
    }
    let _ = set("method", &request.method.into());
    let _ = set("headers", &headers);
    if let Some(body) = &request.body {
        let _ = set("body", &body.as_str().into());
    }
    // A redirect would carry the credentials elsewhere; 'error' throws on Workers.
    let _ = set("redirect", &"manual".into());
    let _ = set("signal", &controller.signal());
    init
}

/// The headers that the core reads.
fn headers(headers: &JsValue) -> Vec<(String, String)> {
    let mut read = Vec::new();
    if property(headers, "get").is_function() {
        for name in Answer::HEADERS {
            let value = headers.unchecked_ref::<Headers>().get(name);
            if let Some(value) = value.ok().and_then(|value| value.as_string()) {
                read.push((name.to_owned(), value));
            }
        }
    }
    read
}

/// Reads the body chunk by chunk and stops at [`LONGEST_BODY`]: a server must not
/// be able to fill the isolate's memory.
async fn body(response: &Response) -> Result<Body, JsValue> {
    let stream = property(response, "body");
    if !property(&stream, "getReader").is_function() {
        return whole_body(response).await;
    }
    let reader = stream.unchecked_ref::<Stream>().get_reader()?;
    let mut bytes = Vec::new();
    loop {
        let read = JsFuture::from(Promise::resolve(&reader.read()?)).await?;
        if property(&read, "done").is_truthy() {
            return Ok(Body::Text(String::from_utf8_lossy(&bytes).into_owned()));
        }
        let chunk = property(&read, "value");
        if !chunk.is_object() {
            return Err("a chunk of the body is no bytes".into());
        }
        let chunk: Uint8Array = Bytes::new(&chunk)?.unchecked_into();
        let length = usize::try_from(chunk.length()).unwrap_or(usize::MAX);
        if bytes.len().saturating_add(length) > LONGEST_BODY {
            // Nobody waits for the rest, nor for the news that it was dropped.
            drop(JsFuture::from(Promise::resolve(&reader.cancel()?)));
            return Ok(Body::TooLong);
        }
        bytes.extend(chunk.to_vec());
    }
}

/// A response without a stream: 204, or one that a mock made up.
async fn whole_body(response: &Response) -> Result<Body, JsValue> {
    if !property(response, "text").is_function() {
        return Ok(Body::Text(String::new()));
    }
    let text = JsFuture::from(response.text()?)
        .await?
        .as_string()
        .unwrap_or_default();
    Ok(if text.len() > LONGEST_BODY {
        Body::TooLong
    } else {
        Body::Text(text)
    })
}
