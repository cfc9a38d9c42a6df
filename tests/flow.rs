//! One acquisition: what is tried again, when, and for how long at most.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]
#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

mod support;

use std::rc::Rc;

use proptest::collection::vec;
use proptest::prelude::*;
use support::configs::{self, good};
use support::scenario::Run;
use support::{FUNCTION, HOST, Json, START, Scenario, date, has, held, json, later, plan};
use tokenlet::error::Code;
use tokenlet::flow::{Failure, Flow, Step, provider_of};
use tokenlet::response::Body;

fn call() -> Scenario {
    Scenario::of("oauth2", &good("oauth2"))
}

fn with(fields: &Json) -> Scenario {
    Scenario::of("oauth2", &configs::with(good("oauth2"), fields))
}

/// The scenario with a token after all.
fn succeeding(scenario: Scenario) -> Run {
    let token = json!({ "access_token": "t", "expires_in": 60 });
    scenario.answer(200, token).run()
}

fn refused_connection() -> Failure {
    Failure::Network("connection refused".to_owned())
}

#[test]
fn what_may_pass_is_tried_again() {
    for failing in [
        call().fail(refused_connection()),
        call().silence(),
        call().answer(408, ""),
        call().answer(429, ""),
        call().answer(500, ""),
        call().answer(503, json!({ "error": "x" })),
        call().answer(200, "<html>"),
        call()
            .answer(200, "")
            .with(|answer| answer.body = Body::TooLong),
    ] {
        let run = succeeding(failing);
        assert_eq!(run.token()["accessToken"], "t");
        assert_eq!((run.requests.len(), run.waits.len()), (2, 1));
        assert_eq!(run.requests[0], run.requests[1], "the same request again");
    }
}

#[test]
fn what_will_not_pass_is_not_tried_again() {
    for failing in [
        call().answer(400, json!({ "error": "invalid_scope" })),
        call().answer(401, ""),
        call().answer(404, "<html>"),
        call().answer(302, ""),
        call().answer(501, "").with(|answer| answer.status = 499),
        call().answer(200, json!({ "access_token": "a b" })),
        call().answer(200, json!({ "error": "invalid_client" })),
        call().fail(Failure::Unsupported("there is no fetch".to_owned())),
    ] {
        let run = succeeding(failing);
        assert_eq!(run.requests.len(), 1, "{}", run.error());
        assert_eq!(run.error()["attempts"], 1);
    }
}

#[test]
fn there_are_three_attempts_unless_the_config_says_otherwise() {
    for (retries, attempts) in [
        (json!({}), 3),
        (json!({ "retries": 0 }), 1),
        (json!({ "retries": 5 }), 6),
    ] {
        let run = with(&retries).answer(503, "").run();
        has(
            &run.error(),
            &json!({ "code": "http", "attempts": attempts }),
        );
        assert_eq!(run.requests.len(), attempts);
    }
}

#[test]
fn waits_are_drawn_from_a_span_that_doubles() {
    let run = with(&json!({ "retries": 5 }))
        .draw(0.999_999)
        .answer(503, "")
        .run();
    assert_eq!(run.waits, [199, 399, 799, 1_599, 1_999]);
    assert_eq!(
        call().draw(0.0).answer(503, "").run().waits,
        [0, 0],
        "the whole span, from its very start"
    );
}

#[test]
fn retry_after_is_obeyed_while_it_fits() {
    let unavailable = |wait: String| call().answer(503, "").header("retry-after", wait);
    let run = succeeding(unavailable("7".to_owned()).latency(100));
    assert_eq!((run.waits, run.took), (vec![7_000], 7_200));
    let dated = succeeding(unavailable(date(5)));
    assert_eq!(dated.waits, [5_000]);
    let short = succeeding(unavailable("0".to_owned()).draw(0.5));
    assert_eq!(short.waits, [100], "never sooner than drawn");
    let late = succeeding(unavailable("20".to_owned()));
    assert_eq!((late.requests.len(), late.took), (1, 0));
    has(
        &late.error(),
        &json!({ "retryAfter": 20_000, "attempts": 1 }),
    );
    let refused = call().answer(400, json!({ "error": "slow_down" }));
    let refused = succeeding(refused.header("retry-after", "1"));
    assert_eq!(refused.requests.len(), 1, "no 400 is tried again");
}

#[test]
fn an_attempt_has_eight_seconds_and_all_of_them_twenty() {
    let run = call().draw(0.5).silence().run();
    assert_eq!(run.allowed, [8_000, 8_000, 20_000 - 16_000 - 100 - 200]);
    assert_eq!(
        (run.took, &run.error()["code"]),
        (20_000, &json!("timeout"))
    );
    let short = with(&json!({ "timeout": 50 })).draw(0.0).silence().run();
    assert_eq!((short.allowed, short.took), (vec![50, 50, 50], 150));
    let long = with(&json!({ "timeout": 20_000 })).silence().run();
    assert_eq!((long.allowed, long.took), (vec![20_000], 20_000));
}

#[test]
fn the_secret_is_asked_for_at_each_attempt() {
    let asking = |scenario: Scenario| {
        scenario
            .secret(Ok("the first secret"))
            .secret(Ok("the second secret"))
    };
    let post = json!({ "clientSecret": FUNCTION, "clientAuth": "client_secret_post" });
    let run = succeeding(asking(with(&post)).answer(503, ""));
    assert_eq!((run.asked, run.requests.len()), (2, 2));
    assert!(
        run.requests[0].contains("the+first+secret"),
        "{}",
        run.requests[0]
    );
    assert!(
        run.requests[1].contains("the+second+secret"),
        "a rotated secret is picked up: {}",
        run.requests[1]
    );

    let hint = json!({ "error": "x", "hint": "the first secret, the second secret" });
    let error = asking(with(&post))
        .answer(503, "")
        .answer(401, hint)
        .run()
        .error();
    for secret in ["the first", "the second"] {
        assert!(!error.to_string().contains(secret), "{error}");
    }
    assert_eq!(succeeding(call()).asked, 0);
}

/// A vault that is down is nothing to a client that signs who it is.
#[test]
fn a_secret_that_no_method_needs_is_not_asked_for() {
    for (method, asked) in [
        ("client_secret_basic", 1),
        ("client_secret_post", 1),
        ("client_secret_jwt", 1),
        ("private_key_jwt", 0),
        ("tls_client_auth", 0),
        ("none", 0),
    ] {
        let own = json!({ "id": "mine", "params": { "privateKey": { "kind": "key" } }, "auth": { "method": method }, "request": { "url": "{tokenEndpoint}" } });
        let fields = json!({ "clientSecret": FUNCTION, "privateKey": held(1), "fetch": FUNCTION });
        let fields = configs::with(good("oauth2"), &fields);
        let chosen = configs::with(fields.clone(), &json!({ "clientAuth": method }));
        let issuer = json!({ "tokenEndpoint": null, "issuer": ISSUER });
        let insisted = configs::with(chosen.clone(), &issuer);
        let found = configs::with(fields.clone(), &issuer);
        let supported = metadata(&json!({ "token_endpoint_auth_methods_supported": [method] }));
        for (provider, config) in [
            (own, &fields),
            (json!("oauth2"), &chosen),
            (json!("oidc"), &insisted),
            (json!("oidc"), &found),
        ] {
            // Who has a secret or a key does without only if the config says so.
            if config == &found && ["tls_client_auth", "none"].contains(&method) {
                continue;
            }
            let run = Scenario::of(provider, config).metadata(200, supported.clone());
            let run = succeeding(run.secret(Ok("a long secret")));
            assert!(run.end.is_ok(), "{}", run.error());
            assert_eq!(run.asked, asked, "{method} by {config}");
        }
    }
}

#[test]
fn a_function_that_gives_no_secret_ends_the_call() {
    let asking = || with(&json!({ "clientSecret": FUNCTION }));
    for scenario in [
        asking().secret(Err("threw")),
        asking().secret(Err("did not settle in time")),
        asking().secret(Ok("")),
    ] {
        let run = succeeding(scenario);
        let expected = json!({ "code": "credentials", "retryable": true, "attempts": 0 });
        has(&run.error(), &expected);
        assert_eq!((run.asked, run.requests.len()), (1, 0));
    }
}

#[test]
fn secrets_that_come_late_take_from_the_budget() {
    let run = with(&json!({ "clientSecret": FUNCTION, "retries": 5 }))
        .draw(0.0)
        .latency(3_000)
        .secret(Ok("a long secret"))
        .answer(503, "")
        .run();
    assert_eq!(run.requests.len(), 4, "two times three seconds each");
    assert!(
        run.allowed.is_sorted_by(|one, next| one >= next) && run.allowed[3] <= 20_000 - 18_000,
        "{:?}",
        run.allowed
    );
}

const ISSUER: &str = "https://login.example";

fn metadata(fields: &Json) -> Json {
    let named = json!({ "issuer": ISSUER, "token_endpoint": "https://id.example/token" });
    configs::with(named, fields)
}

fn discovered() -> Scenario {
    let config = json!({ "issuer": ISSUER, "clientId": "a client", "clientSecret": "a long secret", "retries": 0 });
    Scenario::of("oidc", &config)
}

/// An endpoint that is gone may have moved, or want another method. Where neither is so, it has
/// said what it has to say, and gets no credentials again.
#[test]
fn an_endpoint_that_is_gone_is_asked_again_if_it_moved() {
    let post = json!({ "token_endpoint_auth_methods_supported": ["client_secret_post"] });
    let moved = json!({ "token_endpoint": "https://id.example/moved" });
    let algorithms = json!({ "token_endpoint_auth_signing_alg_values_supported": ["ES256"] });
    let astray = json!({ "token_endpoint": "http://id.example/token" });
    let anew = |status, body: Json| {
        discovered()
            .metadata(200, metadata(&json!({})))
            .metadata(status, body)
    };
    for status in [404, 405, 410] {
        for (scenario, is_changed) in [
            (anew(200, metadata(&moved)), true),
            (anew(200, metadata(&post)), true),
            (anew(200, metadata(&json!({}))), false),
            (anew(200, metadata(&algorithms)), false),
            (anew(200, metadata(&astray)), false),
            (anew(200, json!({})), false),
            (anew(200, "<html>".into()), false),
            (anew(404, "".into()), false),
            (anew(503, "".into()), false),
            (
                discovered()
                    .metadata(200, metadata(&json!({})))
                    .no_metadata(),
                false,
            ),
        ] {
            let gone = json!({ "error": "gone", "hint": "a long secret" });
            let run = succeeding(scenario.answer(status, gone));
            assert_eq!(run.distrusted, [false, true]);
            assert_eq!(run.requests.len(), if is_changed { 2 } else { 1 });
            if is_changed {
                assert!(run.end.is_ok());
                continue;
            }
            let error = run.error();
            has(
                &error,
                &json!({ "code": "oauth", "error": "gone", "status": status, "attempts": 1, "provider": "oidc", "retryable": false }),
            );
            assert!(!error.to_string().contains("metadata"), "{error}");
            assert!(!error.to_string().contains("a long secret"), "{error}");
        }
    }
}

/// What stands in the first place tells more than a refusal, and less than a server that is down.
#[test]
fn what_both_places_for_metadata_have_is_weighed() {
    for (status, told) in [(404, 302), (503, 503)] {
        let scenario = discovered().metadata(302, "").metadata(status, "");
        has(&scenario.run().error(), &json!({ "status": told }));
    }
}

/// What is held may be of yesterday. What the config has no means for is not its fault.
#[test]
fn metadata_that_is_wrong_is_asked_for_anew_once() {
    let astray = || metadata(&json!({ "token_endpoint": "http://id.example/token" }));
    let scenario = discovered().metadata(200, astray());
    let run = succeeding(scenario.metadata(200, metadata(&json!({}))));
    assert!(run.end.is_ok());
    assert_eq!((run.requests.len(), run.distrusted), (1, vec![false, true]));
    let run = succeeding(discovered().metadata(200, astray()));
    has(
        &run.error(),
        &json!({ "code": "invalid_response", "attempts": 0 }),
    );
    assert_eq!((run.requests.len(), run.distrusted), (0, vec![false, true]));
    let foreign = json!({ "token_endpoint_auth_methods_supported": ["private_key_jwt"] });
    let run = succeeding(discovered().metadata(200, metadata(&foreign)));
    has(&run.error(), &json!({ "code": "invalid_config" }));
    assert_eq!((run.requests.len(), run.distrusted), (0, vec![false]));
}

#[test]
fn a_flow_tells_how_it_goes() {
    let plan = plan(&json!("oauth2"), &good("oauth2"));
    assert_eq!(provider_of(&plan.key()), "oauth2");
    let (mut flow, _) = Flow::start(plan, HOST, Rc::default(), START);
    assert_eq!((flow.attempts(), flow.trouble()), (1, None));
    let waits = flow.handle_failure(Failure::Timeout, later(START, 8_000), 0.5);
    assert!(matches!(waits, Step::Wait(_)));
    assert_eq!((flow.attempts(), flow.trouble()), (1, Some(Code::Timeout)));
    let _ = flow.handle_wait(later(START, 9_000));
    assert_eq!(flow.attempts(), 2);
    assert_eq!(
        flow.redact("connect to https://id.example/?s=a%20long%20secret failed"),
        "connect to https://id.example/?s=[redacted] failed"
    );
}

proptest! {
    #![proptest_config(support::cases())]

    #[test]
    fn whatever_happens_it_ends_within_twenty_seconds(
        replies in vec((0..6_u8, 0..40_u8), 1..8), latency in 0..6_000_i64, draw in 0.0..1.0, timeout in 1..=20_000_i64, retries in 0..=5_u8, asked in any::<bool>(),
    ) {
        let secret = if asked { FUNCTION } else { "a long secret" };
        // A reply that takes longer than an attempt may is none.
        let latency = latency.min(timeout);
        let mut scenario = with(&json!({ "timeout": timeout, "retries": retries, "clientSecret": secret })).latency(latency).draw(draw).secret(Ok("a long secret"));
        for (kind, wait) in replies {
            scenario = match kind {
                0 => scenario.silence(),
                1 => scenario.fail(refused_connection()),
                2 => scenario.answer(429, "").header("retry-after", wait.to_string()),
                3 => scenario.answer(503, "<html>"),
                4 => scenario.answer(200, "<html>"),
                _ => scenario.answer(502, "").header("retry-after", date(i64::from(wait))),
            };
        }
        let run = scenario.run();
        let slack = if asked { 2 * latency } else { latency };
        prop_assert!(run.took <= 20_000 + slack, "{} ms", run.took);
        prop_assert!(run.requests.len() <= usize::from(retries) + 1);
        prop_assert!(run.allowed.iter().all(|time| (1..=timeout).contains(time)), "{:?}", run.allowed);
        let waited: i64 = run.waits.iter().sum();
        prop_assert!(waited < 20_000);
    }
}
