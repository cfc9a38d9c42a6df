//! What the scenarios share: a call, a server that answers as it is told, and
//! two clocks that move only when a scenario moves them.

#![allow(dead_code, reason = "each test file uses the part that it needs")]
#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

pub(crate) mod answers;
pub(crate) mod cache;
pub(crate) mod configs;
pub(crate) mod issued;
pub(crate) mod model;
pub(crate) mod outage;
pub(crate) mod run;
pub(crate) mod scenario;
pub(crate) mod signed;
pub(crate) mod world;

use std::borrow::Cow;
use std::rc::Rc;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use proptest::prelude::ProptestConfig;
pub(crate) use serde_json::{Value as Json, json};

use tokenlet::error::Error;
use tokenlet::flow::Plan;
use tokenlet::request;
use tokenlet::time::{Millis, Now, from_seconds};
use tokenlet::value::{Host, Value};
use url::Url;

pub(crate) use scenario::Scenario;

/// The clocks when a scenario starts: noon of [`DAY`], UTC.
pub(crate) const START: Now = Now {
    wall: 1_763_640_000_000,
    mono: 5_000,
};
const DAY: &str = "Thu, 20 Nov 2025 ";

/// How properties are tried: as proptest does by default, with no files of its
/// own. A failure prints its smallest case, which then becomes a test.
pub(crate) fn cases() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// How invariants are tried: ten thousand times, unless `PROPTEST_CASES` says otherwise.
pub(crate) fn many_cases() -> ProptestConfig {
    let mut config = cases();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 10_000;
    }
    config
}

/// Whether an error is this failure, told again: with less of the wait left.
pub(crate) fn is_told_again(told: &Error, failure: &Error) -> bool {
    let timeless = |error: &Error| Error {
        retry_after: None,
        ..error.clone()
    };
    timeless(told) == timeless(failure) && told.retry_after <= failure.retry_after
}

/// Stands for a function in a config that is written as JSON.
pub(crate) const FUNCTION: &str = "<a function>";

/// Stands for a key in a config that is written as JSON, which the host holds under this
/// number.
pub(crate) fn held(number: u32) -> String {
    format!("<key {number}>")
}

/// The number of a key that [`held`] stands for.
fn number_held(text: &str) -> Option<u32> {
    text.strip_prefix("<key ")?.strip_suffix('>')?.parse().ok()
}

/// What the runtime would read: JSON, and the dates of one day.
pub(crate) const HOST: Host = Host {
    read_json: |text| Some(value(&serde_json::from_str(text).ok()?)),
    read_form: |text| {
        let fields = form_urlencoded::parse(text.as_bytes());
        let field = |(name, text): (Cow<'_, str>, Cow<'_, str>)| (name.into(), text[..].into());
        Some(Value::Object(fields.map(field).collect()))
    },
    read_url: |text| {
        let url = Url::parse(text).ok()?;
        Some((url.to_string(), url.origin().ascii_serialization()))
    },
    read_expiry: |token| {
        let [_, claims, _] = token.split('.').collect::<Vec<_>>()[..] else {
            return None;
        };
        let claims = Base64UrlUnpadded::decode_vec(claims.trim_end_matches('=')).ok()?;
        let claims: Json = serde_json::from_slice(&claims).ok()?;
        from_seconds(claims["exp"].as_f64()?)
    },
    read_date: |text| {
        let clock = text.strip_prefix(DAY)?.strip_suffix(" GMT")?;
        let seconds = clock
            .split(':')
            .try_fold(0, |sum, part| Some(sum * 60 + part.parse::<Millis>().ok()?))?;
        Some(START.wall + (seconds - 12 * 3_600) * 1_000)
    },
    write_fraction: |number| serde_json::to_string(&number).unwrap(),
    write_date: |instant| format!("<instant {instant}>"),
    uuid: || "0b6f3e1c-8a52-4c1d-9e0f-5a7b1c2d3e4f".to_owned(),
};

/// The date that [`HOST`] reads as so many seconds after the start.
pub(crate) fn date(seconds_after_start: Millis) -> String {
    let seconds = 12 * 3_600 + seconds_after_start;
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    format!("{DAY}{hours:02}:{minutes:02}:{:02} GMT", seconds % 60)
}

/// The core's value for JSON, with [`FUNCTION`] as what the rim makes of one, and [`held`]
/// keys.
pub(crate) fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => Value::Number(number.as_f64().unwrap()),
        Json::String(text) if text == FUNCTION => Value::Opaque("a function"),
        Json::String(text) => match number_held(text) {
            Some(number) => Value::Held(number),
            None => Value::String(text.clone()),
        },
        Json::Array(items) => Value::Array(items.iter().map(value).collect()),
        Json::Object(members) => {
            let member = |(name, json): (&String, &Json)| (name.clone(), value(json));
            Value::Object(members.iter().map(member).collect())
        }
    }
}

/// JSON for a value of the core's.
fn json_of(value: &Value) -> Json {
    serde_json::from_str(&value.to_json(HOST.write_fraction)).unwrap()
}

/// Asserts that a record has these members, among others.
#[track_caller]
pub(crate) fn has(record: &Json, members: &Json) {
    for (name, expected) in members.as_object().unwrap() {
        assert_eq!(&record[name], expected, "'{name}' of {record}");
    }
}

/// The plan of a call that is expected to be accepted.
pub(crate) fn plan(provider: &Json, config: &Json) -> Rc<Plan> {
    match Plan::new(&value(provider), &value(config), HOST) {
        Ok(plan) => Rc::new(plan),
        Err(error) => panic!("{}", error.message),
    }
}

/// Why a call is refused before anything is sent.
pub(crate) fn refused(provider: impl Into<Json>, config: &Json) -> String {
    let plan = Plan::new(&value(&provider.into()), &value(config), HOST);
    let error = plan.err().expect("the call was accepted");
    let error = json_of(&error.to_value());
    assert_eq!(error["code"], "invalid_config");
    assert_eq!(error["retryable"], false);
    error["message"].as_str().unwrap().to_owned()
}

/// What the token of this call is cached under.
pub(crate) fn key(provider: &str, config: &Json) -> String {
    plan(&provider.into(), config).key()
}

/// Whether a provider takes a config.
pub(crate) fn takes(provider: impl Into<Json>, config: &Json) -> bool {
    Plan::new(&value(&provider.into()), &value(config), HOST).is_ok()
}

/// What is sent.
pub(crate) fn sent(provider: &str, config: &Json) -> String {
    let run = Scenario::of(provider, config)
        .answer(200, json!({ "access_token": "t" }))
        .run();
    run.request().to_owned()
}

/// What would be sent, masked.
pub(crate) fn preview(provider: &str, config: &Json) -> String {
    let plan = plan(&provider.into(), config);
    run::message(&request::preview(plan.source(HOST, START.wall)).unwrap())
}

/// Who may get the token.
pub(crate) fn origins(provider: &str, config: &Json) -> Vec<String> {
    let plan = plan(&provider.into(), config);
    let usage = request::usage(plan.source(HOST, START.wall)).unwrap();
    usage
        .items("origins")
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// Base64 of the text's UTF-8, written down independently of the core's.
pub(crate) fn base64(text: &str) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits = (0..3).fold(0, |bits, at| {
            bits << 8 | usize::from(*chunk.get(at).unwrap_or(&0))
        });
        for at in 0..4 {
            let digit = ALPHABET[bits >> (18 - 6 * at) & 63];
            out.push(if at > chunk.len() {
                '='
            } else {
                char::from(digit)
            });
        }
    }
    out
}

/// Base64url without padding.
pub(crate) fn base64url(text: &str) -> String {
    base64(text)
        .replace('+', "-")
        .replace('/', "_")
        .replace('=', "")
}

/// A JWT with these claims, which nobody signed.
pub(crate) fn jwt(claims: &Json) -> String {
    format!(
        "{}.{}.c2ln",
        base64url(r#"{"alg":"RS256"}"#),
        base64url(&claims.to_string())
    )
}

/// Both clocks, so much later.
pub(crate) fn later(now: Now, span: Millis) -> Now {
    Now {
        wall: now.wall + span,
        mono: now.mono + span,
    }
}
