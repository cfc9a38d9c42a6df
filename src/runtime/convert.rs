//! Values across the boundary.

use js_sys::{Array, Date, Function, JSON, Object, Reflect};
use serde::Serialize as _;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use super::hooks::Hooks;
use super::property;
use crate::error::{Error, Fault};
use crate::text::concat;
use crate::time::from_millis;
use crate::value::{Host, Value};

/// The runtime's own readers, which is what the contract promises.
pub(super) const HOST: Host = Host {
    read_json: |text| plain(&JSON::parse(text).ok()?),
    read_date: |text| from_millis(Date::parse(text)),
};

/// A value as plain JavaScript data; objects, not maps, and `null` for nothing.
pub(super) fn to_js(value: &Value) -> JsValue {
    value
        .serialize(&Serializer::json_compatible())
        .unwrap_or(JsValue::NULL)
}

/// A value as JavaScript data that nobody can change: callers share it.
pub(super) fn frozen(value: &Value) -> JsValue {
    let value = to_js(value);
    freeze(&value);
    value
}

fn freeze(value: &JsValue) {
    if value.is_object() {
        let object: &Object = value.unchecked_ref();
        Object::freeze(object);
        Object::values(object)
            .iter()
            .for_each(|member| freeze(&member));
    }
}

/// A provider: a name, or a descriptor as plain data.
pub(super) fn provider(value: &JsValue) -> Result<Value, Box<Error>> {
    if value.is_object() && !is_record(value) {
        return Err(fault(
            "provider",
            "expected a provider's name or a plain descriptor object",
        ));
    }
    Ok(plain(value).unwrap_or_else(|| Value::Opaque(kind(value))))
}

/// A config: its data, and the caller's own functions.
pub(super) fn config(value: &JsValue) -> Result<(Value, Hooks), Box<Error>> {
    if !value.is_object() || Array::is_array(value) {
        return Err(fault(
            "config",
            "expected an object with the provider's fields",
        ));
    }
    let mut hooks = Hooks::default();
    let members = members(value, |name, function| match name {
        "clientSecret" => hooks.client_secret = Some(function),
        "fetch" => hooks.fetch = Some(function),
        "waitUntil" => hooks.wait_until = Some(function),
        _ => {}
    })?;
    Ok((members, hooks))
}

/// The options of one call; `undefined` is none.
pub(super) fn options(value: &JsValue) -> Result<Value, Box<Error>> {
    if value.is_undefined() || value.is_null() {
        return Ok(Value::Null);
    }
    if !value.is_object() {
        return Err(fault("options", "expected an object"));
    }
    members(value, |_, _| {})
}

/// The own enumerable members of an object. One that is `undefined` is absent.
fn members(
    object: &JsValue,
    mut function: impl FnMut(&str, Function),
) -> Result<Value, Box<Error>> {
    let mut members = Vec::new();
    for name in Object::keys(object.unchecked_ref::<Object>())
        .iter()
        .filter_map(|name| name.as_string())
    {
        // A getter or a proxy may throw.
        let value = Reflect::get(object, &name.as_str().into())
            .map_err(|_| fault(&name, "can not be read"))?;
        if value.is_undefined() {
            continue;
        }
        let member = match value.dyn_ref::<Function>() {
            Some(own) => {
                function(&name, own.clone());
                Value::Opaque("a function")
            }
            None if value.is_object() && !Array::is_array(&value) && !is_record(&value) => {
                Value::Opaque(kind(&value))
            }
            None => plain(&value).unwrap_or_else(|| Value::Opaque(kind(&value))),
        };
        members.push((name, member));
    }
    Ok(Value::Object(members))
}

fn plain(value: &JsValue) -> Option<Value> {
    serde_wasm_bindgen::from_value(value.clone()).ok()
}

/// Whether an object is made of fields. A `Headers` or `Map` would read as an
/// empty one, and its content be lost without a word.
fn is_record(value: &JsValue) -> bool {
    let parent =
        |value: &JsValue| Reflect::get_prototype_of(value).map_or(JsValue::NULL, JsValue::from);
    let prototype = parent(value);
    // No prototype, or the `Object.prototype` of whichever realm.
    prototype.is_null() || parent(&prototype).is_null()
}

fn kind(value: &JsValue) -> &'static str {
    if value.is_function() {
        "a function"
    } else if value.is_symbol() {
        "a symbol"
    } else if value.is_object() {
        "an object that is no plain data"
    } else {
        "something that is no plain data"
    }
}

fn fault(path: &str, expected: &str) -> Box<Error> {
    Box::new(Fault::at(path, expected).into())
}

/// The fields of a `TokenError`, which the face makes.
pub(super) fn rejection(error: &Error, cause: Option<&JsValue>) -> JsValue {
    let fields = to_js(&error.to_value());
    if let Some(cause) = cause {
        let _ = Reflect::set(&fields, &"cause".into(), cause);
    }
    fields
}

/// Name and message of what a runtime threw, which may be anything.
pub(super) fn error_words(thrown: &JsValue) -> (String, String) {
    let text = |value: &JsValue, name: &str| property(value, name).as_string();
    let deeper = property(thrown, "cause");
    let message = text(thrown, "message")
        .or_else(|| thrown.as_string())
        .unwrap_or_else(|| "the request failed".to_owned());
    let message = match text(&deeper, "message").filter(|deeper| !deeper.is_empty()) {
        Some(deeper) => concat(&[&message, ": ", &deeper]),
        None => message,
    };
    (
        text(thrown, "name").unwrap_or_else(|| "Error".to_owned()),
        message,
    )
}

/// A runtime's error made anew of name, code and redacted words: some runtimes
/// put the whole URL, query and all, into theirs.
pub(super) fn runtime_error(name: &str, words: &str, thrown: &JsValue) -> JsValue {
    let error = js_sys::Error::new(words);
    error.set_name(name);
    let code = [
        property(thrown, "code"),
        property(&property(thrown, "cause"), "code"),
    ]
    .into_iter()
    .find(|code| code.is_string());
    if let Some(code) = code {
        let _ = Reflect::set(&error, &"code".into(), &code);
    }
    error.into()
}
