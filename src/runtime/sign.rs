//! What goes to WebCrypto, and what comes back. The host holds the keys.

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::convert::{plain, to_js};
use super::hooks::Hooks;
use super::{ask_of, promised, property};
use crate::flow::Failure;
use crate::request::{Jwt, Key};
use crate::value::Value;

/// Has `jwts` signed.
pub(super) fn sign(jwts: &[Jwt], hooks: &Hooks) -> JsFuture {
    let mut list = Vec::new();
    for jwt in jwts {
        let (held, text, pair) = match &jwt.key {
            Key::Held(field) => (Some(field.as_str()), None, None),
            Key::Text(field, text) => (Some(field.as_str()), Some(text.reveal()), None),
            Key::Pair(client) => (None, None, Some(client.as_str())),
        };
        let mut value = Value::Object(Vec::new());
        value.put("key", held.into());
        value.put("text", text.into());
        value.put("pair", pair.into());
        value.put("encoding", jwt.encoding.as_str().into());
        value.put("alg", jwt.alg.as_str().into());
        value.put("among", Value::Array(jwt.among.clone()));
        value.put("header", jwt.header.clone());
        value.put("claims", jwt.claims.clone());
        list.push(value);
    }
    let list = to_js(&Value::Array(list));
    promised(&ask_of("sign", &hooks.keys, &list, &JsValue::UNDEFINED))
}

/// What was signed.
pub(super) fn signatures(given: &JsValue) -> Vec<String> {
    let mut signatures = Vec::new();
    for signature in plain(&property(given, "signatures")).items("") {
        signatures.push(signature.own_text().to_owned());
    }
    signatures
}

/// Why nothing was.
pub(super) fn failure(thrown: &JsValue) -> Failure {
    let text = |name| property(thrown, name).as_string().unwrap_or_default();
    match text("code").as_str() {
        "invalid_config" => Failure::Key(text("message")),
        "unsupported" => Failure::Unsupported(text("message")),
        _ => Failure::Unsupported("the runtime's WebCrypto failed".to_owned()),
    }
}
