//! What is sent for any provider: authentication, common fields, descriptors of
//! one's own; and what a preview shows of it.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]

mod support;

use support::configs::{PROVIDERS, good, with};
use support::{Json, Scenario, base64, json, origins, preview, sent};

const SECRET: &str = "secret +/=%:&é";

fn oauth2(fields: &Json) -> Json {
    let own = json!({ "tokenEndpoint": "https://id.example/token?v=2", "clientId": "a client", "clientSecret": SECRET });
    with(with(good("oauth2"), &own), fields)
}

#[test]
fn oauth2_authenticates_and_writes_its_body_as_told() {
    let url = "POST https://id.example/token?v=2\naccept: application/json";
    let form = "content-type: application/x-www-form-urlencoded";
    // RFC 6749, section 2.3.1: both halves are form-encoded first.
    let basic = base64("a+client:secret+%2B%2F%3D%25%3A%26%C3%A9");
    assert_eq!(
        sent("oauth2", &oauth2(&json!({}))),
        format!("{url}\n{form}\nauthorization: Basic {basic}\n\ngrant_type=client_credentials")
    );

    let raw = base64(&format!("a client:{SECRET}"));
    let config = oauth2(&json!({ "basicEncoding": "raw", "bodyFormat": "json" }));
    let expected = format!(
        "{url}\ncontent-type: application/json\nauthorization: Basic {raw}\n\n{}",
        r#"{"grant_type":"client_credentials"}"#
    );
    assert_eq!(sent("oauth2", &config), expected);

    let config = oauth2(&json!({ "clientAuth": "client_secret_post", "scope": ["b", "a b"] }));
    let body = "grant_type=client_credentials&client_id=a+client&client_secret=secret+%2B%2F%3D%25%3A%26%C3%A9&scope=b+a";
    assert_eq!(sent("oauth2", &config), format!("{url}\n{form}\n\n{body}"));
}

#[test]
fn the_common_fields_are_sent() {
    let config = oauth2(&json!({
        "audience": "https://api.example/", "resource": ["urn:a", "urn:b"], "params": { "tenant id": "ü" }, "headers": { "X-Trace": "1 2" },
    }));
    let request = sent("oauth2", &config);
    assert!(request.contains("\nx-trace: 1 2\n"), "{request}");
    let body = "\n\ngrant_type=client_credentials&audience=https%3A%2F%2Fapi.example%2F&resource=urn%3Aa&resource=urn%3Ab&tenant+id=%C3%BC";
    assert!(request.ends_with(body), "{request}");

    let config = with(
        good("firstvision-query"),
        &json!({ "params": { "app context": "a&b" } }),
    );
    let request = sent("firstvision-query", &config);
    assert!(
        request.contains("/token?scope=all&app%20context=a%26b\n"),
        "without a body, params go to the query: {request}"
    );
}

#[test]
fn a_descriptor_of_ones_own_corrects_a_built_in() {
    let provider = json!({
        "id": "mine", "extends": "firstvision", "params": { "level": { "kind": "int" }, "unit": { "required": false } },
        "request": { "url": "{baseUrl}/v2/token", "body": { "level": "{level}", "unit": "{unit?}", "scope": "only" } },
    });
    let config = with(good("firstvision"), &json!({ "level": 3 }));
    let run = Scenario::of(provider, &config)
        .answer(200, json!({ "access_token": "t" }))
        .run();
    let body = r#"{"grant_type":"client_credentials","scope":"only","level":3,"client_id":"client","client_secret":"a long secret"}"#;
    assert!(
        run.request()
            .starts_with("POST https://gateway.example/v2/token\n"),
        "{}",
        run.request()
    );
    assert!(run.request().ends_with(body), "{}", run.request());
}

#[test]
fn previews_are_the_requests_with_masks() {
    let hush = json!({ "clientSecret": SECRET, "headers": { "X-Key": "hush" }, "params": { "pin": "quiet" } });
    for provider in PROVIDERS {
        let config = with(good(provider), &hush);
        let (request, preview) = (sent(provider, &config), preview(provider, &config));
        let basic = base64(&format!("client:{SECRET}"));
        for secret in [
            "hush",
            "quiet",
            "secret+",
            "secret +",
            "secret%20",
            &basic,
            &base64("client:secret+%2B%2F%3D%25%3A%26%C3%A9"),
        ] {
            assert!(!preview.contains(secret), "{provider}: {preview}");
        }
        assert_eq!(preview.matches("***").count(), 3, "{provider}: {preview}");
        let mut rest = request.as_str();
        for piece in preview.split("***") {
            let at = rest.find(piece);
            rest = &rest[at.expect("what is not masked is what is sent") + piece.len()..];
        }
    }
}

#[test]
fn tokens_go_to_the_origin_that_the_descriptor_names() {
    for (provider, expected) in [
        ("emporix", vec!["https://api.emporix.io"]),
        ("firstvision", vec!["https://gateway.example"]),
        ("firstvision-query", vec!["https://gateway.example"]),
        ("abtasty", vec![]),
        ("oauth2", vec![]),
    ] {
        assert_eq!(origins(provider, &good(provider)), expected, "{provider}");
    }
}
