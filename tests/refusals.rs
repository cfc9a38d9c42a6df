//! Why a server refused, in any of the shapes that servers use.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]

mod support;

use support::{Scenario, date, has, json};
use tokenlet::flow::Failure;
use tokenlet::response::Body;

fn call() -> Scenario {
    let config = json!({ "tokenEndpoint": "https://id.example/token", "clientId": "client", "clientSecret": "a long secret", "retries": 0 });
    Scenario::of("oauth2", &config)
}

#[test]
fn a_reason_is_read_in_every_shape() {
    for (body, error, description) in [
        (
            json!({ "error": "invalid_client", "error_description": "no such client" }),
            "invalid_client",
            "no such client",
        ),
        (
            json!([{ "errorCode": "240101", "detail": "unauthorized" }]),
            "240101",
            "unauthorized",
        ),
        (
            json!({ "errorCode": "AGT401UA", "errorMessage": "unauthorized" }),
            "AGT401UA",
            "unauthorized",
        ),
        (
            json!({ "fault": { "faultstring": "bad", "detail": { "errorcode": "oauth.v2.X" } } }),
            "oauth.v2.X",
            "bad",
        ),
        (
            json!({ "errors": [{ "code": 7, "message": "bad" }] }),
            "7",
            "bad",
        ),
        (
            json!({ "error": { "code": 400, "message": "bad", "status": "INVALID_ARGUMENT" } }),
            "400",
            "bad",
        ),
    ] {
        let refusal = call().answer(401, body.clone()).run().error();
        has(
            &refusal,
            &json!({ "code": "oauth", "error": error, "errorDescription": description, "details": body }),
        );
        let message = refusal["message"].as_str().unwrap();
        assert!(
            message.contains(description) && message.contains("401"),
            "{message}"
        );
    }
    let problem = json!({ "type": "https://id.example/problems/scope", "title": "No such scope", "status": 400 });
    assert_eq!(
        call().answer(400, problem).run().error()["errorDescription"],
        "No such scope"
    );
    let form = call()
        .answer(400, "error=invalid_scope&error_description=no+such+scope")
        .run()
        .error();
    has(
        &form,
        &json!({ "error": "invalid_scope", "errorDescription": "no such scope" }),
    );
    let text = call().answer(403, "you may not").run().error();
    has(
        &text,
        &json!({ "code": "oauth", "errorDescription": "you may not" }),
    );
}

#[test]
fn a_refusal_may_come_with_status_200() {
    for refusal in [
        json!({ "error": "invalid_client" }),
        json!({ "error": "invalid_client", "access_token": "t" }),
        json!({ "errorCode": "invalid_client" }),
    ] {
        let error = call().answer(200, refusal).run().error();
        has(
            &error,
            &json!({ "code": "oauth", "error": "invalid_client", "status": 200 }),
        );
    }
    for granted in [
        json!({ "access_token": "t", "error": null }),
        json!({ "access_token": "t", "error": "" }),
        json!({ "access_token": "t", "code": "ok" }),
    ] {
        let token = call().answer(200, granted).run().token();
        assert_eq!(token["accessToken"], "t");
    }
}

#[test]
fn no_reason_is_read_from_a_web_page() {
    for (status, body, retryable) in [
        (502, "<html><body>Bad Gateway</body></html>", true),
        (404, "<!doctype html>", false),
        (400, "", false),
        (408, "", true),
        (429, "", true),
        (503, "", true),
    ] {
        let error = call().answer(status, body).run().error();
        has(&error, &json!({ "code": "http", "retryable": retryable }));
        has(&error, &json!({ "error": null, "details": null }));
    }
    let long = call()
        .answer(502, "")
        .with(|answer| answer.body = Body::TooLong)
        .run()
        .error();
    has(&long, &json!({ "code": "http", "retryable": true }));
}

#[test]
fn a_header_hides_no_reason_and_gives_one_where_there_is_none() {
    let header = r#"Bearer realm="x", error="invalid_token", error_description="from the header", error_uri="https://id.example/why""#;
    let both = call()
        .answer(401, json!({ "error": "invalid_client" }))
        .header("www-authenticate", header)
        .run()
        .error();
    assert_eq!(both["error"], "invalid_client");
    let alone = call()
        .answer(401, "")
        .header("www-authenticate", header)
        .run()
        .error();
    has(
        &alone,
        &json!({ "error": "invalid_token", "errorDescription": "from the header", "errorUri": "https://id.example/why" }),
    );
}

#[test]
fn what_may_pass_is_retryable() {
    for (status, error, retryable) in [
        (400, "invalid_scope", false),
        (401, "invalid_client", false),
        (400, "temporarily_unavailable", true),
        (400, "slow_down", true),
        (400, "server_error", true),
        (200, "server_error", true),
        (429, "invalid_client", true),
        (500, "invalid_client", true),
        (408, "x", true),
    ] {
        let refusal = call()
            .answer(status, json!({ "error": error }))
            .run()
            .error();
        has(
            &refusal,
            &json!({ "code": "oauth", "retryable": retryable }),
        );
    }
}

#[test]
fn a_redirect_is_not_followed() {
    for status in [301, 302, 303, 307, 308, 0] {
        let run = call().answer(status, json!({ "access_token": "t" })).run();
        let error = run.error();
        assert_eq!(
            (run.requests.len(), &error["code"], &error["retryable"]),
            (1, &json!("redirect"), &json!(false)),
            "{status}"
        );
    }
}

#[test]
fn retry_after_is_told_in_milliseconds() {
    for (header, wait) in [
        ("7".to_owned(), json!(7_000)),
        (date(90), json!(90_000)),
        (date(-90), json!(0)),
        ("soon".to_owned(), json!(null)),
        ("-1".to_owned(), json!(null)),
        (String::new(), json!(null)),
        (" 7".to_owned(), json!(null)),
    ] {
        let error = call()
            .answer(503, "")
            .header("retry-after", header.clone())
            .run()
            .error();
        assert_eq!(error["retryAfter"], wait, "{header}");
    }
    let skewed = call()
        .answer(503, "")
        .header("date", date(600))
        .header("retry-after", date(660))
        .run()
        .error();
    assert_eq!(
        skewed["retryAfter"], 60_000,
        "a date counts by the clock of the server that wrote it"
    );
}

#[test]
fn the_runtimes_words_are_told() {
    let error = call()
        .fail(Failure::Network("connection refused".to_owned()))
        .run()
        .error();
    has(
        &error,
        &json!({ "code": "network", "retryable": true, "status": null }),
    );
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("connection refused")
    );
    let error = call()
        .fail(Failure::Unsupported("there is no fetch".to_owned()))
        .run()
        .error();
    has(
        &error,
        &json!({ "code": "unsupported", "retryable": false }),
    );
}
