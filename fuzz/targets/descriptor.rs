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
    ISSUER, PROVIDERS, answer, assert_goes_to, assert_safe, good, has_prototype_member, plan,
    preview,
};
use tokenlet_fuzz::canary::{Canary, canary};
use tokenlet_fuzz::host::{HELD, HOST, read_json};
use tokenlet_fuzz::lines;
use tokenlet_fuzz::play::{CALM, play};

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

/// What must hold of every descriptor, whether its tokens are bound to a key or not.
fn check(descriptor: Value, base: &str, canary: &Canary) {
    for bound in [false, true] {
        check_with(&descriptor, base, bound, canary);
    }
}

fn check_with(descriptor: &Value, base: &str, bound: bool, canary: &Canary) {
    let mut config = config(descriptor, base, canary);
    config.put("dpop", Value::Bool(bound));
    let Some(plan) = plan(descriptor, &config, canary) else {
        return;
    };
    assert!(
        !has_prototype_member(descriptor),
        "a member of Object.prototype was accepted"
    );
    let masked = preview(&plan, canary);
    assert!(
        request::usage(plan.source(HOST, 0)).is_ok(),
        "it was looked at before"
    );
    let secret = match &plan.config.client_secret {
        ClientSecret::Given(secret) => secret.reveal(),
        ClientSecret::Asked | ClientSecret::Absent | ClientSecret::Held => canary.secret,
    };
    for body in ANSWERS {
        let end = play(&plan, secret, &answer(200, body), CALM);
        if let Some(request) = &end.request {
            let url = HttpUrl::parse(&request.url, HOST).expect("a URL that was checked is one");
            assert_goes_to(request, url.origin());
            assert!(url.check_private(false).is_ok(), "plain http");
            assert!(
                masked.headers.len() == request.headers.len()
                    || plan.config.is_discovered(&plan.descriptor),
                "the preview is of another request"
            );
        }
        end.assert_told_well(canary);
        if let Ok(token) = &end.result {
            assert_safe(token, &plan);
        }
    }
    for echo in &canary.spellings {
        let body = Value::Array(vec![echo.as_str().into()]).to_json(HOST.write_fraction);
        let body = format!(
            r#"{{"error":"a","code":{body},"error_description":"<{0}>","{0}":{body}}}"#,
            plain(&body)
        );
        let end = play(&plan, secret, &answer(400, &body), CALM);
        let is_refused = end.result.is_err() || end.request.is_none();
        assert!(is_refused, "it was refused");
        end.assert_told_well(canary);
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
        if rules.text("kind") == "key" && config.member(name).is_none() {
            config.put(name, HELD);
            continue;
        }
        let value = match (rules.text("kind"), rules.items("enum").first()) {
            (_, Some(first)) => first.own_text(),
            _ if name == "issuer" => ISSUER,
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
const ANSWERS: [&str; 8] = [
    r#"{"access_token":"t","token":"t","data":{"token":"t","ttl":60},"expires_in":3600,"expires_at":1763643600,"scope":["a","b"]}"#,
    r#"[{"access_token":"t"}]"#,
    r#"{"access_token":"t\r\nx: y","token":"t\";,\\","data":{"token":"é","ttl":"1:2:3"},"expires_at":"2025-11-20T13:00:00Z"}"#,
    r#"{"access_token":"","expires_in":"0","errcode":40001,"error":"a"}"#,
    "access_token=t%3Bu&token=v+w&expires=5183944&data=1:2:3",
    "t.0-k;e_n",
    r#"{"access_token":"t","token":"t","data":{"token":"t"},"token_type":"DPoP"}"#,
    r#"{"access_token":"t","issuer":"https://login.example/tenant","token_endpoint":"https://id.example/discovered","token_endpoint_auth_methods_supported":["client_secret_jwt","none"],"mtls_endpoint_aliases":{"token_endpoint":"https://mtls.id.example"}}"#,
];

/// A descriptor with every part of the language in it.
const WHOLE: &str = r#"{
  "id": "whole", "title": "Everything", "docs": "x", "verified": "x",
  "params": {
    "region": { "kind": "host", "sensitive": false }, "account": { "kind": "segment" }, "lifetime": { "kind": "int", "required": false },
    "base": { "kind": "url", "default": "https://id.example" }, "key": { "secret": true }, "mode": { "enum": ["a", "b"], "maxLength": 3 },
    "signing": { "kind": "key", "secret": true, "required": false }
  },
  "scope": { "in": "query", "name": "scp", "sep": ",", "default": ["{account}:read"], "append": true },
  "auth": { "method": "client_secret_basic", "basicEncoding": "raw", "sendId": true, "idName": "id", "secretName": "pw", "scheme": "Basic" },
  "assertion": {
    "alg": "PS256", "key": "{signing}", "keyEncoding": "pem", "header": { "kid": "{mode?}", "x": ["{account}"] },
    "claims": { "iss": "{clientId}", "at": "{$now.ms}", "deep": { "of": ["{region}", 1.5, null] } }, "ttl": 60, "backdate": 5, "jti": true, "nbf": true
  },
  "request": {
    "method": "POST", "url": "https://{region}.id.example/{account}/token?x={lifetime}", "encoding": "json",
    "headers": { "x-key": "{key}", "x-signed": "a {$assertion}", "x-id": "{$uuid}", "x-at": "{$now.iso}" }, "query": { "mode": "{mode?}" }, "body": { "a": ["{account}", 1, null, true], "b": { "c": "{lifetime}" } }
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
