//! Arbitrary descriptors, alone, over a built-in one, and over one that has everything.
//!
//! The input is a descriptor as JSON. Its config has a value for each parameter that it
//! declares, and each that is a secret has the canary.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tokenlet::config::ClientSecret;
use tokenlet::descriptor::merge;
use tokenlet::request;
use tokenlet::url::HttpUrl;
use tokenlet::value::Value;
use tokenlet_fuzz::call::{
    CALM, PROVIDERS, answer, assert_goes_to, assert_safe, assert_told_well, good,
    has_prototype_member, plan, play, preview,
};
use tokenlet_fuzz::canary::{Canary, canary};
use tokenlet_fuzz::host::{HOST, read_json};
use tokenlet_fuzz::lines;

fuzz_target!(|bytes: &[u8]| {
    let canary = canary();
    let Some(own @ Value::Object(_)) = read_json(&lines::text(bytes)) else {
        return;
    };
    // What stands in it already is no leak of ours.
    if canary.stands_in(&own) {
        return;
    }
    check(own.clone(), "", canary);
    let mut whole = read_json(WHOLE).expect("it is JSON");
    merge(&mut whole, own.clone());
    check(whole, "", canary);
    for provider in PROVIDERS {
        let mut extending = own.clone();
        if extending.member("extends").is_none() {
            extending.put("extends", provider.into());
        }
        check(extending, provider, canary);
    }
});

/// What must hold of every descriptor.
fn check(descriptor: Value, base: &str, canary: &Canary) {
    let config = config(&descriptor, base, canary);
    let Some(plan) = plan(&descriptor, &config, canary) else {
        return;
    };
    assert!(
        !has_prototype_member(&descriptor),
        "a member of Object.prototype was accepted"
    );
    let masked = preview(&plan, canary);
    assert!(
        request::usage(plan.source(HOST, 0)).is_ok(),
        "it was looked at before"
    );
    let secret = match &plan.config.client_secret {
        ClientSecret::Given(secret) => secret.reveal(),
        ClientSecret::Asked | ClientSecret::Absent => canary.secret,
    };
    for body in ANSWERS {
        let end = play(&plan, secret, &answer(200, body), CALM);
        let url = HttpUrl::parse(&end.request.url, HOST).expect("a URL that was checked is one");
        assert_goes_to(&end.request, url.origin());
        assert!(url.check_private(false).is_ok(), "plain http");
        assert_eq!(
            masked.headers.len(),
            end.request.headers.len(),
            "the preview is of another request"
        );
        match end.result {
            Ok(token) => assert_safe(&token, &plan),
            Err(error) => assert_told_well(&error, canary),
        }
    }
    for echo in &canary.spellings {
        let body = Value::Array(vec![echo.as_str().into()]).to_json(HOST.write_fraction);
        let body = format!(
            r#"{{"error":"a","code":{body},"error_description":"<{0}>","{0}":{body}}}"#,
            plain(&body)
        );
        let end = play(&plan, secret, &answer(400, &body), CALM);
        assert_told_well(&end.result.expect_err("it was refused"), canary);
    }
}

/// The one text in a JSON array, as JSON has it between quotes.
fn plain(array: &str) -> &str {
    array.trim_start_matches("[\"").trim_end_matches("\"]")
}

/// A config with a value for each declared parameter.
fn config(descriptor: &Value, base: &str, canary: &Canary) -> Value {
    let mut config = good(base, canary.secret);
    for (name, rules) in descriptor.members("params") {
        let value = match (rules.text("kind"), rules.items("enum").first()) {
            (_, Some(first)) => first.own_text(),
            ("host", _) => "eu1",
            ("segment", _) => "acme",
            ("url", _) => "https://gateway.example/base",
            ("int", _) => "7",
            _ if rules.flag("secret") => canary.secret,
            _ => "some text",
        };
        if config.member(name).is_none() {
            config.put(name, value.into());
        }
    }
    // A whole URL can not be given with the base of one.
    if let Value::Object(members) = &mut config
        && members.iter().any(|(name, _)| name == "baseUrl")
    {
        members.retain(|(name, _)| name != "tokenEndpoint");
    }
    config
}

/// Answers with a token wherever descriptors look for one, one that no header and no cookie could
/// carry, and none.
const ANSWERS: [&str; 6] = [
    r#"{"access_token":"t","token":"t","data":{"token":"t","ttl":60},"expires_in":3600,"expires_at":1763643600,"scope":["a","b"]}"#,
    r#"[{"access_token":"t"}]"#,
    r#"{"access_token":"t\r\nx: y","token":"t\";,\\","data":{"token":"é","ttl":"1:2:3"},"expires_at":"2025-11-20T13:00:00Z"}"#,
    r#"{"access_token":"","expires_in":"0","errcode":40001,"error":"a"}"#,
    "access_token=t%3Bu&token=v+w&expires=5183944&data=1:2:3",
    "t.0-k;e_n",
];

/// A descriptor with every part of the language in it.
const WHOLE: &str = r#"{
  "id": "whole", "title": "Everything", "docs": "x", "verified": "x",
  "params": {
    "region": { "kind": "host", "sensitive": false }, "account": { "kind": "segment" }, "lifetime": { "kind": "int", "required": false },
    "base": { "kind": "url", "default": "https://id.example" }, "key": { "secret": true }, "mode": { "enum": ["a", "b"], "maxLength": 3 }
  },
  "scope": { "in": "query", "name": "scp", "sep": ",", "default": ["{account}:read"], "append": true },
  "auth": { "method": "client_secret_basic", "basicEncoding": "raw", "sendId": true, "idName": "id", "secretName": "pw", "scheme": "Basic" },
  "request": {
    "method": "POST", "url": "https://{region}.id.example/{account}/token?x={lifetime}", "encoding": "json",
    "headers": { "x-key": "{key}", "x-id": "{$uuid}", "x-at": "{$now.iso}" }, "query": { "mode": "{mode?}" }, "body": { "a": ["{account}", 1, null, true], "b": { "c": "{lifetime}" } }
  },
  "response": {
    "format": "json", "token": ["data.token", "/access_token", "header:X-Subject-Token"], "type": "token_type",
    "expiry": [
      { "path": "data.ttl", "as": "minutes" }, { "path": "expires_at", "as": "iso8601" }, { "path": "expires_at", "as": "epoch-seconds" },
      { "path": "/data/ttl", "as": "d:h:m" }, { "path": "header:Expires", "as": "http-date" }
    ],
    "ok": [{ "path": "errcode", "in": [0, "0"], "absent": true }, { "path": "error", "absent": true }],
    "zero": "never", "ttl": "{lifetime}", "jwtExp": true, "error": { "code": "code", "message": ["/message"] },
    "extra": { "where": "data" }, "acceptTypes": ["mac"]
  },
  "cache": { "maxTtl": 600 }, "use": { "in": "header", "name": "x-token", "prefix": "T ", "origins": ["{base}"] }
}"#;
