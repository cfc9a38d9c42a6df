//! A host as the core knows one: it reads JSON and dates.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use serde_json::Value as Json;
use tokenlet::time::{LAST_INSTANT, Millis, from_seconds};
use tokenlet::value::{Host, Value};
use url::{Url, form_urlencoded};

/// Reads JSON as `JSON.parse` does. A date is a number of milliseconds, within
/// what a `Date` can name, with a weekday before it or not: mutations of it stay dates.
pub const HOST: Host = Host {
    read_json,
    read_date,
    write_fraction: |number| number.to_string(),
    write_date: |instant| instant.to_string(),
    read_form,
    read_url,
    read_expiry,
    uuid: || "0b6f3e1c-8a52-4c1d-9e0f-5a7b1c2d3e4f".to_owned(),
};

/// The core's value for JSON text.
pub fn read_json(text: &str) -> Option<Value> {
    Some(value(serde_json::from_str(text).ok()?))
}

fn read_date(text: &str) -> Option<Millis> {
    let weekday = |char: char| char.is_ascii_alphabetic() || matches!(char, ',' | ' ');
    let instant = text.trim_start_matches(weekday).parse().ok()?;
    (-LAST_INSTANT..=LAST_INSTANT)
        .contains(&instant)
        .then_some(instant)
}

fn value(json: Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(flag),
        // The standard parser makes an infinity of what is too large, as JavaScript's does.
        Json::Number(number) => Value::Number(number.as_str().parse().unwrap_or(f64::NAN)),
        Json::String(text) if text == FUNCTION => Value::Opaque("a function"),
        Json::String(text) if text == KEY => HELD,
        Json::String(text) => Value::String(text),
        Json::Array(items) => Value::Array(items.into_iter().map(value).collect()),
        Json::Object(members) => {
            let member = |(name, json): (String, Json)| (name, value(json));
            Value::Object(members.into_iter().map(member).collect())
        }
    }
}

/// A key, which the host holds.
pub const HELD: Value = Value::Held(7);

/// Stands for a function in a config that is written as JSON,
const FUNCTION: &str = "<a function>";
/// and for a key.
const KEY: &str = "<a key>";

fn read_form(text: &str) -> Option<Value> {
    let fields = form_urlencoded::parse(text.as_bytes());
    let fields = fields.map(|(name, text)| (name.into_owned(), Value::from(&*text)));
    Some(Value::Object(fields.collect()))
}

fn read_url(text: &str) -> Option<(String, String)> {
    let url = Url::parse(text).ok()?;
    Some((url.to_string(), url.origin().ascii_serialization()))
}

fn read_expiry(token: &str) -> Option<Millis> {
    let [_, claims, _] = token.split('.').collect::<Vec<_>>()[..] else {
        return None;
    };
    let claims = BASE64_URL_SAFE_NO_PAD
        .decode(claims.trim_end_matches('='))
        .ok()?;
    let claims = read_json(str::from_utf8(&claims).ok()?)?;
    from_seconds(claims.member("exp")?.as_number()?)
}
