//! What is made of a server's answer: token types, scopes, other fields, and
//! successes that are none.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]

mod support;

use support::{Json, Scenario, has, json};
use tokenlet::response::{Body, LONGEST_BODY};

fn call() -> Scenario {
    with_response(&json!({}))
}

/// A call whose descriptor reads its answers so.
fn with_response(response: &Json) -> Scenario {
    let provider = json!({ "id": "mine", "extends": "oauth2", "response": response });
    let config = json!({ "tokenEndpoint": "https://id.example/token", "clientId": "client", "clientSecret": "a long secret", "retries": 0 });
    Scenario::of(provider, &config)
}

#[test]
fn every_spelling_of_bearer_is_bearer() {
    for given in [
        json!("Bearer"),
        json!("bearer"),
        json!("BEARER"),
        json!("BearerToken"),
        json!("Bearer Token"),
        json!(""),
        json!(null),
    ] {
        let token = call()
            .answer(200, json!({ "access_token": "t", "token_type": given }))
            .run()
            .token();
        assert_eq!(token["tokenType"], "Bearer", "{given}");
    }
    let odd = json!({ "access_token": "t", "token_type": "Application Access Token" });
    let error = call().answer(200, odd.clone()).run().error();
    has(
        &error,
        &json!({ "code": "invalid_response", "retryable": false }),
    );
    let accepting = with_response(&json!({ "acceptTypes": ["Application Access Token"] }))
        .answer(200, odd)
        .run();
    assert_eq!(accepting.token()["tokenType"], "Application Access Token");
    assert_eq!(
        call()
            .answer(200, json!({ "access_token": "t", "token_type": "mac" }))
            .run()
            .error()["code"],
        "invalid_response"
    );
}

#[test]
fn scopes_are_reported_as_granted() {
    for (given, scope) in [
        (json!("a b"), json!("a b")),
        (json!(["a", "b"]), json!("a b")),
        (json!(""), json!(null)),
        (json!([]), json!(null)),
        (json!(null), json!(null)),
        (json!(7), json!(null)),
    ] {
        let token = call()
            .answer(200, json!({ "access_token": "t", "scope": given }))
            .run()
            .token();
        assert_eq!(token["scope"], scope, "{given}");
    }
    assert_eq!(
        call()
            .answer(200, json!({ "access_token": "t" }))
            .run()
            .token()["scope"],
        json!(null)
    );
}

#[test]
fn other_fields_are_extra_but_never_a_refresh_token() {
    let body = json!({ "access_token": "t", "expires_in": 60, "refresh_token": "r", "instance_url": "https://i.example", "nested": { "a": [1, null] } });
    let run = call().answer(201, body).run();
    assert_eq!(
        run.token()["extra"],
        json!({ "instance_url": "https://i.example", "nested": { "a": [1, null] } })
    );
}

#[test]
fn a_token_is_looked_for_in_one_place_after_another() {
    let places = json!({ "token": ["data.token", "/own/token", "token"] });
    for (body, extra) in [
        (
            json!({ "data": { "token": "t" }, "database": 1 }),
            json!({ "database": 1 }),
        ),
        (
            json!({ "data": { "token": null }, "own": { "token": "t" } }),
            json!({}),
        ),
        (
            json!({ "data": { "token": "" }, "own": 7, "token": "t" }),
            json!({}),
        ),
    ] {
        let token = with_response(&places)
            .answer(200, body.clone())
            .run()
            .token();
        assert_eq!(token["accessToken"], "t", "{body}");
        assert_eq!(
            token["extra"], extra,
            "what may hold a token is not handed out: {body}"
        );
    }
}

#[test]
fn a_success_without_a_usable_token_is_wrong() {
    for body in [
        json!({}),
        json!([]),
        json!({ "access_token": "" }),
        json!({ "access_token": 7 }),
        json!({ "access_token": null }),
        json!({ "access_token": ["t"] }),
        json!({ "access_token": "a\nb" }),
        json!({ "access_token": "a\r\nHost: evil" }),
        json!({ "access_token": "a b" }),
        json!({ "access_token": "é" }),
    ] {
        let error = call().answer(200, body.clone()).run().error();
        has(
            &error,
            &json!({ "code": "invalid_response", "retryable": false, "status": 200 }),
        );
    }
    for body in ["", "<html>", "{", "token=t", "null", "7", "\"t\""] {
        let error = call().answer(200, body).run().error();
        assert_eq!(error["code"], "invalid_response", "{body}");
    }
    for body in ["", "<html>", "{"] {
        assert_eq!(
            call().answer(200, body).run().error()["retryable"],
            true,
            "{body}: it could not be parsed"
        );
    }
    let long = call()
        .answer(200, "")
        .with(|answer| answer.body = Body::TooLong)
        .run()
        .error();
    assert_eq!(long["code"], "invalid_response");
    assert!(long["message"].as_str().unwrap().contains("1 MiB"));
    assert_eq!(LONGEST_BODY, 1_048_576, "as the message says");
    let marked = call().answer(200, "\u{feff}{\"access_token\":\"t\"}").run();
    assert_eq!(
        marked.token()["accessToken"],
        "t",
        "a byte order mark costs no token"
    );
}

/// A path may be any text, and a message is read in logs.
#[test]
fn a_missing_token_is_told_in_one_bounded_line() {
    for path in ["a\u{0}\r\nb\u{85}", &"\u{7f}long".repeat(1_000)] {
        let error = with_response(&json!({ "token": path }))
            .answer(200, json!({ "access_token": "t" }))
            .run()
            .error();
        assert_eq!(error["code"], "invalid_response");
        let message = error["message"].as_str().unwrap();
        assert!(!message.contains(char::is_control), "{message:?}");
        assert!(message.chars().count() <= 1_000, "{message}");
    }
}
