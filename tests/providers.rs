//! The vendors, byte for byte: what is sent, and what is made of the answers that
//! they document.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]

mod support;

use support::{Json, Scenario, base64, has, json, jwt, sent};

/// It holds whatever the encodings treat differently.
const SECRET: &str = "secret +/=%:&é";

fn emporix() -> Json {
    json!({ "tenant": "acme", "clientId": "emporix-client", "clientSecret": SECRET })
}

fn firstvision() -> Json {
    json!({ "baseUrl": "https://gateway.example/apac/", "clientId": "fv-client", "clientSecret": SECRET })
}

fn firstvision_query() -> Json {
    let mut config = firstvision();
    config["scope"] = json!(["accounts", "cards"]);
    config
}

fn abtasty() -> Json {
    json!({ "accountId": "acc0unt", "clientId": "abtasty-client", "clientSecret": SECRET })
}

#[test]
fn emporix_gets_a_form_with_the_tenant_among_the_scopes() {
    let form = "grant_type=client_credentials&client_id=emporix-client&client_secret=secret+%2B%2F%3D%25%3A%26%C3%A9";
    let head = "POST https://api.emporix.io/oauth/token\naccept: application/json\ncontent-type: application/x-www-form-urlencoded";
    assert_eq!(
        sent("emporix", &emporix()),
        format!("{head}\n\n{form}&scope=tenant%3Dacme")
    );

    let mut config = emporix();
    config["scope"] = json!("orders.read  carts.read orders.read");
    assert_eq!(
        sent("emporix", &config),
        format!("{head}\n\n{form}&scope=tenant%3Dacme+orders.read+carts.read")
    );
}

#[test]
fn emporix_answers_are_read() {
    let answer = json!({
        "access_token": "abc", "token_type": "Bearer", "expires_in": 14399, "session_idle_time": 120,
        "refresh_token": "", "refresh_token_expires_in": 0, "scope": "tenant=acme",
    });
    let run = Scenario::of("emporix", &emporix())
        .answer(200, answer)
        .run();
    assert_eq!(
        run.lifetime(),
        Some(14_399_000),
        "the idle time is no expiry"
    );
    has(
        &run.token(),
        &json!({
            "accessToken": "abc", "tokenType": "Bearer", "scope": "tenant=acme", "headers": { "Authorization": "Bearer abc" },
            "extra": { "session_idle_time": 120, "refresh_token_expires_in": 0 },
        }),
    );
}

#[test]
fn an_apigee_fault_is_read() {
    let fault = json!({ "fault": { "faultstring": "Invalid access token", "detail": { "errorcode": "oauth.v2.InvalidAccessToken" } } });
    let error = Scenario::of("emporix", &emporix())
        .answer(401, fault.clone())
        .run()
        .error();
    has(
        &error,
        &json!({
            "provider": "emporix", "code": "oauth", "retryable": false, "status": 401, "details": fault,
            "vendorCode": "oauth.v2.InvalidAccessToken", "errorDescription": "Invalid access token",
        }),
    );
}

#[test]
fn firstvision_gets_json_in_the_documented_order() {
    let head = "POST https://gateway.example/apac/v1/api/oauth/token\naccept: application/json\ncontent-type: application/json";
    let body = r#"{"grant_type":"client_credentials","scope":"all","client_id":"fv-client","client_secret":"secret +/=%:&é"}"#;
    assert_eq!(
        sent("firstvision", &firstvision()),
        format!("{head}\n\n{body}")
    );
}

#[test]
fn firstvision_query_gets_its_scope_in_the_query_and_no_body() {
    // RFC 7617 has id and secret as they are, unlike RFC 6749.
    let basic = base64(&format!("fv-client:{SECRET}"));
    let url = "https://gateway.example/apac/v1/api/oauth/token?scope=accounts%20cards";
    let expected = format!("POST {url}\naccept: application/json\nauthorization: Basic {basic}");
    assert_eq!(sent("firstvision-query", &firstvision_query()), expected);
}

#[test]
fn firstvision_expiries_are_relative_or_absolute() {
    let exp = support::START.wall / 1_000 + 7_200;
    let absolute = json!({ "access_token": jwt(&json!({ "exp": exp })), "token_type": "Bearer", "expires_in": exp });
    let run = Scenario::of("firstvision-query", &firstvision_query())
        .answer(200, absolute)
        .run();
    assert_eq!(run.lifetime(), Some(7_200_000));

    // The page pairs this with a JWT long past, which must not count.
    let relative = json!({ "access_token": jwt(&json!({ "exp": 1_600_000_000 })), "token_type": "Bearer", "expires_in": 7199 });
    let run = Scenario::of("firstvision", &firstvision())
        .answer(200, relative)
        .run();
    assert_eq!(run.lifetime(), Some(7_199_000));
}

#[test]
fn firstvision_errors_are_a_list_or_one_older_object() {
    let item = json!({
        "detail": "unauthorized", "errorCode": "240101", "instance": "/v1/api/oauth/token",
        "invalid-params": ["Invalid client credentials or scope"], "source": "AGT", "status": 401, "title": "Unauthorized",
    });
    let older = json!({ "errorCode": "AGT401UA", "errorMessage": "Unauthorized access" });
    for (provider, config) in [
        ("firstvision", firstvision()),
        ("firstvision-query", firstvision_query()),
    ] {
        let refusal = |body: Json| {
            Scenario::of(provider, &config)
                .answer(401, body)
                .run()
                .error()
        };
        has(
            &refusal(json!([item])),
            &json!({
                "code": "oauth", "vendorCode": "240101", "errorDescription": "Invalid client credentials or scope",
            }),
        );
        has(
            &refusal(older.clone()),
            &json!({
                "code": "oauth", "vendorCode": "AGT401UA", "errorDescription": "Unauthorized access",
            }),
        );
    }
}

#[test]
fn abtasty_asks_for_a_lifetime_in_the_query() {
    let head = "accept: application/json\ncontent-type: application/json";
    let body = r#"{"grant_type":"client_credentials","scope":"*","client_id":"abtasty-client","client_secret":"secret +/=%:&é"}"#;
    let url = "https://auth.flagship.io/acc0unt/token?expires_in=";
    assert_eq!(
        sent("abtasty", &abtasty()),
        format!("POST {url}43200\n{head}\n\n{body}")
    );

    let mut config = abtasty();
    config["expiresIn"] = json!(0);
    assert_eq!(
        sent("abtasty", &config),
        format!("POST {url}0\n{head}\n\n{body}")
    );
}

#[test]
fn abtasty_answers_without_a_lifetime_have_the_one_asked_for() {
    let lifetime = |asked: Json, body: Json| {
        let mut config = abtasty();
        config["expiresIn"] = asked;
        Scenario::of("abtasty", &config)
            .answer(200, body)
            .run()
            .lifetime()
    };
    assert_eq!(
        lifetime(json!(43200), json!({ "access_token": "t" })),
        Some(43_200_000)
    );
    assert_eq!(
        lifetime(
            json!(43200),
            json!({ "access_token": "t", "expires_in": 0 })
        ),
        Some(43_200_000)
    );
    assert_eq!(
        lifetime(
            json!(43200),
            json!({ "access_token": "t", "expires_in": 60 })
        ),
        Some(60_000)
    );
    assert_eq!(
        lifetime(json!(0), json!({ "access_token": "t", "expires_in": 0 })),
        None,
        "it never expires"
    );
    assert_eq!(
        lifetime(json!(0), json!({ "access_token": "t" })),
        None,
        "it never expires"
    );
}

#[test]
fn abtasty_refusals_may_say_nothing() {
    let error = Scenario::of("abtasty", &abtasty())
        .answer(400, json!({}))
        .run()
        .error();
    has(
        &error,
        &json!({ "code": "http", "status": 400, "retryable": false }),
    );
    let error = Scenario::of("abtasty", &abtasty())
        .answer(200, json!({ "scope": "*" }))
        .run()
        .error();
    has(
        &error,
        &json!({ "code": "invalid_response", "retryable": false }),
    );
}
