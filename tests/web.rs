//! The crate's exports in a browser: what the JavaScript face calls, against a
//! `fetch` that answers with the browser's own `Response`.

#![cfg(target_arch = "wasm32")]
#![cfg(test)]

#[path = "support/server.rs"]
mod server;

use js_sys::{Array, Date, JSON, Object, Promise};
use server::{Server, TOKEN, is_hit, member, text};
use tokenlet::runtime::{acquire, clear, configure, invalidate, preview};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
async fn a_token_is_fetched_once_and_then_a_hit() {
    let server = Server::new("hit", 200, TOKEN);
    let found = server.acquire().await.unwrap();
    let token = found.get(0);
    assert_eq!(found.length(), 4);
    assert_eq!(text(&token, "accessToken"), "token-1");
    assert_eq!(text(&token, "headers.Authorization"), "Bearer token-1");
    let left = member(&token, "expiresAt").as_f64().unwrap() - Date::now();
    assert!((3_590_000.0..=3_600_000.0).contains(&left), "{left} ms");

    let again = server.acquire().await.unwrap();
    assert!(
        Object::is(&again.get(0), &token),
        "the same object for as long as it is cached"
    );
    assert_eq!(server.requests.length(), 1);
    assert!(is_hit(&found, 0.0, -1.0) && is_hit(&found, 60_000.0, -1.0));
    assert!(!is_hit(&found, 3_600_000.0, -1.0), "it has expired by then");
    assert!(
        !is_hit(&found, 1_000.0, 1_000.0),
        "it is too old for this caller"
    );
}

#[wasm_bindgen_test]
async fn twenty_calls_at_once_send_one_request() {
    let server = Server::new("single flight", 200, TOKEN);
    let calls: Array = (0..20)
        .map(|_| acquire(&"oauth2".into(), &server.config, &JsValue::UNDEFINED))
        .collect();
    let found: Array = JsFuture::from(Promise::all(&calls))
        .await
        .unwrap()
        .unchecked_into();
    let first = member(&found, "0.0");
    assert!(
        found
            .iter()
            .all(|found| Object::is(&member(&found, "0"), &first))
    );
    assert_eq!((found.length(), server.requests.length()), (20, 1));
}

#[wasm_bindgen_test]
async fn a_request_is_one_that_fetch_sends_as_it_is() {
    let server = Server::new("the client", 200, TOKEN)
        .with("config.scope = 'a b'; config.clientAuth = 'client_secret_post'");
    server.acquire().await.unwrap();
    let request = server.requests.get(0);
    for (path, expected) in [
        ("url", "https://id.example/token"),
        ("method", "POST"),
        ("redirect", "manual"),
        ("cache", "no-store"),
        ("headers.content-type", "application/x-www-form-urlencoded"),
        (
            "body",
            "grant_type=client_credentials&client_id=the+client&client_secret=a+long+secret&scope=a+b",
        ),
    ] {
        assert_eq!(text(&request, path), expected, "{path}");
    }
    assert!(member(&request, "signal").is_object());
}

#[wasm_bindgen_test]
async fn failures_are_records_with_a_code() {
    let long = "x".repeat((1 << 20) + 1);
    for (status, body, code) in [
        (
            401,
            r#"{ "error": "invalid_client", "error_description": "not a long secret" }"#,
            "oauth",
        ),
        (502, "<html>", "http"),
        (302, "", "redirect"),
        (200, "<html>", "invalid_response"),
        (200, &long, "invalid_response"),
    ] {
        let server = Server::new(&format!("failure {status} {}", body.len()), status, body);
        let failure = server.failure().await;
        assert_eq!(text(&failure, "code"), code, "{status}");
        assert_eq!(text(&failure, "provider"), "oauth2");
        assert_eq!(member(&failure, "status").as_f64(), Some(f64::from(status)));
        let told = JSON::stringify(&failure).unwrap().as_string().unwrap();
        assert!(!told.contains("a long secret"), "{told}");

        let again = server.failure().await;
        assert_eq!(text(&again, "code"), code);
        assert!(member(&again, "cached").is_truthy() && member(&failure, "cached").is_falsy());
        assert_eq!(
            server.requests.length(),
            1,
            "a recent failure is answered without a request"
        );
    }
}

#[wasm_bindgen_test]
async fn what_is_wrong_with_a_call_is_told_before_anything_is_sent() {
    for (spoil, expected) in [
        (
            "config.cleintId = 'x'",
            "cleintId: unknown field; did you mean 'clientId'?",
        ),
        ("delete config.clientSecret", "clientSecret: "),
        ("config.headers = new Map([['X-A', '1']])", "headers: "),
        ("config.headers = { 'X-A': 'a\\nb' }", "headers.X-A: "),
        ("config.timeout = NaN", "timeout: "),
        ("config.fetch = 'fetch'", "fetch: "),
    ] {
        let server = Server::new("spoilt", 200, TOKEN).with(spoil);
        let failure = server.failure().await;
        assert_eq!(text(&failure, "code"), "invalid_config", "{spoil}");
        assert!(
            text(&failure, "message").starts_with(expected),
            "{}",
            text(&failure, "message")
        );
        assert_eq!(server.requests.length(), 0, "{spoil}");
    }
}

#[wasm_bindgen_test]
async fn what_the_callers_own_fetch_throws_is_the_cause() {
    let server = Server::new("own fetch", 200, TOKEN).with("config.fetch = async () => { throw config.thrown = new RangeError('mine') }; Object.defineProperty(config, 'thrown', { enumerable: false, writable: true })");
    let failure = server.failure().await;
    assert_eq!(text(&failure, "code"), "network");
    assert!(
        Object::is(
            &member(&failure, "cause"),
            &member(&server.config, "thrown")
        ),
        "as it is"
    );
    assert!(
        member(&server.failure().await, "cached").is_falsy(),
        "and not remembered"
    );
}

#[wasm_bindgen_test]
async fn a_secret_is_asked_for_at_each_request_and_not_on_a_hit() {
    let server = Server::new("asked", 200, TOKEN).with(
        "let asked = 0; config.clientAuth = 'client_secret_post'; config.clientSecret = () => Promise.resolve(`secret number ${++asked}`)",
    );
    let token = server.acquire().await.unwrap().get(0);
    server.acquire().await.unwrap();
    assert!(
        invalidate(
            &"oauth2".into(),
            &server.config,
            &text(&token, "accessToken")
        )
        .unwrap()
    );
    server.acquire().await.unwrap();
    assert_eq!(server.requests.length(), 2);
    assert!(text(&server.requests.get(0), "body").contains("secret+number+1"));
    assert!(text(&server.requests.get(1), "body").contains("secret+number+2"));
}

#[wasm_bindgen_test]
async fn json_is_read_as_the_browser_reads_it() {
    let body = r#"{ "access_token": "t", "expires_in": 1e400, "broken": "\ud800", "__proto__": { "polluted": true } }"#;
    let token = Server::new("json", 200, body)
        .acquire()
        .await
        .unwrap()
        .get(0);
    assert_eq!(
        member(&token, "expiresAt").as_f64(),
        Some(8.64e15),
        "the last instant that a Date can name"
    );
    assert_eq!(text(&token, "extra.broken"), "\u{fffd}");
    assert!(member(&token, "extra.polluted").is_undefined());
}

#[wasm_bindgen_test]
fn a_preview_is_masked_and_sends_nothing() {
    let server = Server::new("preview", 200, TOKEN).with("config.headers = { 'X-Key': 'hush' }");
    let shown = preview(&"oauth2".into(), &server.config).unwrap();
    assert_eq!(text(&shown, "method"), "POST");
    assert_eq!(text(&shown, "headers.authorization"), "Basic ***");
    assert_eq!(text(&shown, "headers.x-key"), "***");
    assert_eq!(text(&shown, "body"), "grant_type=client_credentials");
    assert_eq!(server.requests.length(), 0);
    let refused = preview(&"oauth3".into(), &server.config).unwrap_err();
    assert_eq!(text(&refused, "code"), "invalid_config");
}

#[wasm_bindgen_test]
async fn what_is_invalidated_cleared_or_crowded_out_is_fetched_again() {
    let (server, other) = (
        Server::new("one", 200, TOKEN),
        Server::new("other", 200, TOKEN),
    );
    let found = server.acquire().await.unwrap();
    let provider = JsValue::from("oauth2");
    assert!(!invalidate(&provider, &server.config, "another token").unwrap());
    assert!(!invalidate(&provider, &other.config, "token-1").unwrap());
    assert!(is_hit(&found, 0.0, -1.0));
    assert!(invalidate(&provider, &server.config, "token-1").unwrap());
    assert!(!is_hit(&found, 0.0, -1.0));

    let found = server.acquire().await.unwrap();
    assert_eq!(text(&found.get(0), "accessToken"), "token-2");
    clear();
    assert!(!is_hit(&found, 0.0, -1.0));

    let found = server.acquire().await.unwrap();
    configure(1);
    other.acquire().await.unwrap();
    assert!(!is_hit(&found, 0.0, -1.0));
    configure(2_000);
    assert_eq!((server.requests.length(), other.requests.length()), (3, 1));
}
