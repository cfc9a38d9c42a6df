//! Values across the boundary.
//!
//! What goes out goes through serde-wasm-bindgen. What comes in is read by hand:
//! reading through serde would bring the printers of floats and of escaped text
//! along, over ten kilobytes gzipped for messages that nobody would see.

use js_sys::{Array, Function, Object, Reflect};
use serde::Serialize as _;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use super::hooks::Hooks;
use super::{ask, ask_of, property};
use crate::descriptor::Descriptor;
use crate::error::{Error, Fault};
use crate::time::{from_millis, from_seconds};
use crate::value::{Host, Value};

/// The runtime's own readers, which is what the contract promises.
pub(super) const HOST: Host = Host {
    read_json: |text| read_by("parseJson", text),
    read_form: |text| read_by("parseForm", text),
    read_url: |text| {
        let read = plain(&ask("parseUrl", &text.into()));
        Some((read.at("0")?.as_text()?, read.at("1")?.as_text()?))
    },
    read_date: |text| instant("parseDate", text).and_then(from_millis),
    read_expiry: |token| instant("expiryOf", token).and_then(from_seconds),
    write_fraction: |number| text(&ask("print", &number.into())),
    write_date: |instant| text(&ask("isoDate", &(instant as f64).into())),
    uuid: || text(&ask("uuid", &JsValue::UNDEFINED)),
};

fn read_by(reader: &str, text: &str) -> Option<Value> {
    let read = ask(reader, &text.into());
    (!read.is_undefined()).then(|| plain(&read))
}

fn instant(reader: &str, text: &str) -> Option<f64> {
    ask(reader, &text.into()).as_f64()
}

fn text(written: &JsValue) -> String {
    written.as_string().unwrap_or_default()
}

/// How deep values are read: beyond it a server's answer holds nothing that a
/// token needs, and recursion must end before the stack does.
const DEPTH: u8 = 64;

/// A JavaScript value as plain data. A member that is `undefined` is absent, and
/// whatever lies too deep is `null`.
pub(super) fn plain(value: &JsValue) -> Value {
    read(value, DEPTH)
}

fn read(value: &JsValue, depth: u8) -> Value {
    if let Some(text) = value.as_string() {
        Value::String(text)
    } else if let Some(number) = value.as_f64() {
        Value::Number(number)
    } else if let Some(flag) = value.as_bool() {
        Value::Bool(flag)
    } else if value.is_null() || value.is_undefined() || depth == 0 {
        Value::Null
    } else if Array::is_array(value) {
        let items = Array::from(value);
        let mut read_items = Vec::new();
        for index in 0..items.length() {
            read_items.push(read(&items.get(index), depth.saturating_sub(1)));
        }
        Value::Array(read_items)
    } else if is_record(value) {
        let names = Object::keys(value.unchecked_ref::<Object>());
        let mut members = Vec::new();
        for index in 0..names.length() {
            let name = names.get(index);
            let member = Reflect::get(value, &name).unwrap_or(JsValue::UNDEFINED);
            if !member.is_undefined() {
                let name = name.as_string().unwrap_or_default();
                members.push((name, read(&member, depth.saturating_sub(1))));
            }
        }
        Value::Object(members)
    } else {
        Value::Opaque(if value.is_function() {
            "a function"
        } else {
            "something that is no plain data"
        })
    }
}

/// Whether an object is made of fields. A `Headers` or `Map` would read as an
/// empty one, and its content be lost without a word.
fn is_record(value: &JsValue) -> bool {
    let parent =
        |value: &JsValue| Reflect::get_prototype_of(value).map_or(JsValue::NULL, JsValue::from);
    let prototype = parent(value);
    // No prototype, or the `Object.prototype` of whichever realm.
    value.is_object() && (prototype.is_null() || parent(&prototype).is_null())
}

/// A value as plain JavaScript data; objects, not maps, and `null` for nothing.
pub(super) fn to_js(value: &Value) -> JsValue {
    value
        .serialize(&Serializer::json_compatible())
        .unwrap_or(JsValue::NULL)
}

/// A config: its data, and the caller's own functions and keys.
pub(super) fn config(
    value: &JsValue,
    descriptor: &Descriptor,
) -> Result<(Value, Hooks), Box<Error>> {
    let function = |name: &str| property(value, name).dyn_into::<Function>().ok();
    let mut hooks = Hooks {
        client_secret: function("clientSecret"),
        fetch: function("fetch"),
        wait_until: function("waitUntil"),
        keys: Object::new().into(),
    };
    let mut names = Vec::new();
    for (name, _) in descriptor.members("params") {
        if descriptor.is_key(name) {
            names.push(name.as_str());
        }
    }
    let given = property(value, "clientAuth").as_string();
    let usual = descriptor
        .param("clientAuth")
        .map(|param| param.text("default"));
    let method = given.as_deref().or(usual).unwrap_or_default();
    if descriptor.text("auth.method", method) == "client_secret_jwt" {
        names.push("clientSecret");
    }
    if names.is_empty() || !value.is_object() {
        return Ok((plain(value), hooks));
    }
    // Keys do not come into this memory: the host holds them, and gives their numbers.
    let mut list = Vec::new();
    for name in &names {
        list.push((*name).into());
    }
    let list = to_js(&Value::Array(list));
    let encoding = descriptor.key_encoding().into();
    let held = ask_of("hold", value, &list, &encoding);
    if let Some(fault) = property(&held, "fault").as_string() {
        let field = property(&held, "field").as_string().unwrap_or_default();
        let mut error = Box::<Error>::from(Fault::at(&field, &fault));
        error.provider = Some(descriptor.id().to_owned());
        return Err(error);
    }
    hooks.keys = property(&held, "keys");
    let mut config = plain(&property(&held, "config"));
    if let Value::Object(members) = &mut config {
        for (name, member) in members {
            if let Some(number) = member.as_whole()
                && names.contains(&name.as_str())
            {
                *member = Value::Held(u32::try_from(number).unwrap_or_default());
            }
        }
    }
    Ok((config, hooks))
}

/// The fields of a `TokenError`, which the face makes. `cached` says that a recent
/// failure is told without a new request.
pub(super) fn rejection(error: &Error, cached: bool, cause: Option<&JsValue>) -> JsValue {
    let mut fields = error.to_value();
    fields.put("cached", Value::Bool(cached));
    let fields = to_js(&fields);
    if let Some(cause) = cause {
        let _ = Reflect::set(&fields, &"cause".into(), cause);
    }
    fields
}
