//! Faulty configs: each is refused before anything is sent, and the field is named.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]

mod support;

use support::configs::{good, names, with};
use support::{FUNCTION, Json, json, refused};

#[test]
fn a_missing_field_is_named() {
    for (provider, fields) in [
        ("emporix", vec!["tenant", "clientId", "clientSecret"]),
        ("firstvision", vec!["baseUrl", "clientId", "clientSecret"]),
        (
            "firstvision-query",
            vec!["baseUrl", "clientId", "clientSecret", "scope"],
        ),
        ("abtasty", vec!["accountId", "clientId", "clientSecret"]),
        ("oauth2", vec!["tokenEndpoint", "clientId", "clientSecret"]),
    ] {
        for field in fields {
            let message = names(provider, &json!({ field: null }), field);
            assert!(message.contains(provider), "{message}");
        }
    }
}

#[test]
fn a_wrong_value_is_named() {
    for (field, values) in [
        ("clientId", vec![json!(""), json!(7), json!(null)]),
        ("clientSecret", vec![json!(""), json!(7), json!(["x"])]),
        ("scope", vec![json!(7), json!({}), json!(true)]),
        ("audience", vec![json!(""), json!([])]),
        ("params", vec![json!("a=b"), json!([])]),
        ("headers", vec![json!("a: b"), json!(FUNCTION)]),
        (
            "tokenEndpoint",
            vec![
                json!(""),
                json!(7),
                json!("id.example/token"),
                json!("ftp://id.example/token"),
            ],
        ),
        (
            "timeout",
            vec![
                json!(0),
                json!(20_001),
                json!(1.5),
                json!(-1),
                json!("8000"),
            ],
        ),
        ("retries", vec![json!(6), json!(-1), json!(0.5), json!("2")]),
        ("refreshAhead", vec![json!(-1), json!("1")]),
        ("maxAge", vec![json!(-1), json!(1.5)]),
        ("fetch", vec![json!({}), json!("fetch")]),
        ("waitUntil", vec![json!(true)]),
        ("partition", vec![json!(7)]),
        ("allowHttp", vec![json!("false"), json!(1)]),
        (
            "clientAuth",
            vec![json!("basic"), json!("client_secret_query")],
        ),
        ("bodyFormat", vec![json!("xml")]),
    ] {
        for value in values {
            names("oauth2", &json!({ field: value }), field);
        }
    }
    for value in [json!(-1), json!(1.5), json!("1h"), json!(true)] {
        names("abtasty", &json!({ "expiresIn": value }), "expiresIn");
    }
    names("oauth2", &json!({ "params": { "a": 7 } }), "params.a");
    names("oauth2", &json!({ "resource": ["urn:a", 7] }), "resource.1");
    assert!(refused("oauth2", &json!([])).starts_with("config: "));
}

#[test]
fn a_misspelling_brings_the_name_that_was_meant() {
    for (provider, written, meant) in [
        ("oauth2", "cleintId", "clientId"),
        ("oauth2", "client_secret", "clientSecret"),
        ("oauth2", "scopes", "scope"),
        ("emporix", "tennant", "tenant"),
        ("abtasty", "accountID", "accountId"),
        ("oauth2", "tokenEndPoint", "tokenEndpoint"),
    ] {
        let message = names(provider, &json!({ written: "x" }), written);
        assert!(message.contains(&format!("'{meant}'")), "{message}");
    }
    for (written, meant) in [
        ("emporx", "'emporix'"),
        ("first-vision", "'firstvision'"),
        ("OAuth2", "'oauth2'"),
    ] {
        let message = refused(written, &good("oauth2"));
        assert!(
            message.starts_with("provider: ") && message.contains(meant),
            "{message}"
        );
    }
    let message = names("oauth2", &json!({ "colour": "red" }), "colour");
    assert!(!message.contains("did you mean"), "{message}");
}

#[test]
fn a_descriptors_fault_has_its_path() {
    let descriptor = |part: Json| {
        with(
            json!({ "id": "mine", "request": { "url": "https://id.example/token" } }),
            &part,
        )
    };
    for (part, path) in [
        (json!({ "id": null }), "descriptor.id"),
        (json!({ "request": { "url": 7 } }), "descriptor.request.url"),
        (
            json!({ "request": { "url": "https://{nobody}/" } }),
            "descriptor.request.url.{nobody}",
        ),
        (
            json!({ "request": { "url": "https://id.example/", "body": { "list": ["", "{nobody?}"] } } }),
            "descriptor.request.body.list.1.{nobody}",
        ),
        (
            json!({ "response": { "expiry": [{ "path": "e" }] } }),
            "descriptor.response.expiry.0.as",
        ),
        (
            json!({ "response": { "expiry": [{ "path": "e", "as": "fortnights" }] } }),
            "descriptor.response.expiry.0.as",
        ),
        (json!({ "extends": "emporx" }), "descriptor.extends"),
        (
            json!({ "cache": { "exclusiv": true } }),
            "descriptor.cache.exclusiv",
        ),
        (
            json!({ "params": { "constructor": {} } }),
            "descriptor.params.constructor",
        ),
    ] {
        let message = refused(descriptor(part), &good("oauth2"));
        assert!(message.starts_with(&format!("{path}: ")), "{message}");
    }
}
