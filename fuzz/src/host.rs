//! A host as the core knows one: it reads JSON and dates.

use serde_json::Value as Json;
use tokenlet::time::{LAST_INSTANT, Millis};
use tokenlet::value::{Host, Value};

/// Reads JSON as `JSON.parse` does. A date is a number of milliseconds, within
/// what a `Date` can name, with a weekday before it or not: mutations of it stay dates.
pub const HOST: Host = Host {
    read_json,
    read_date,
    write_fraction: |number| number.to_string(),
    write_date: |instant| instant.to_string(),
    read_percent,
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
        Json::String(text) => Value::String(text),
        Json::Array(items) => Value::Array(items.into_iter().map(value).collect()),
        Json::Object(members) => {
            let member = |(name, json): (String, Json)| (name, value(json));
            Value::Object(members.into_iter().map(member).collect())
        }
    }
}

/// Stands for a function in a config that is written as JSON.
const FUNCTION: &str = "<a function>";

/// As `decodeURIComponent` reads it.
fn read_percent(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        let mut byte = *first;
        if byte == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                return None;
            }
            byte = u8::from_str_radix(digits, 16).ok()?;
            rest = after.get(2..)?;
        }
        bytes.push(byte);
    }
    String::from_utf8(bytes).ok()
}
