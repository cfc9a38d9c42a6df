//! Every failure is of exactly one kind, and tells whether it may pass.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]

mod support;

use proptest::option;
use proptest::prelude::*;
use support::{Json, Scenario, json};
use tokenlet::error::{Code, Error};
use tokenlet::flow::Failure;
use tokenlet::response::{Answer, Body};

/// What a server may answer with.
#[derive(Clone, Debug)]
enum Said {
    Token,
    /// A token that can not be used.
    BadToken(Json),
    /// A reason, in one of the shapes that servers have.
    Reason(&'static str, u8),
    /// JSON with neither token nor reason.
    Nothing(Json),
    NoJson(&'static str),
    TooLong,
    /// Anything else.
    Text(String),
}

const PASSING: [&str; 3] = ["temporarily_unavailable", "server_error", "slow_down"];

fn said() -> impl Strategy<Value = Said> {
    let error = prop_oneof![
        Just("invalid_client"),
        Just("invalid_scope"),
        Just("temporarily_unavailable"),
        Just("server_error"),
        Just("slow_down"),
        Just("of_their_own")
    ];
    let bad = prop_oneof![
        Just(json!({ "access_token": "a b" })),
        Just(json!({ "access_token": "t\r\nx: y" })),
        Just(json!({ "access_token": "t", "token_type": "mac" })),
        Just(json!({ "access_token": 7 })),
        Just(json!({ "access_token": "" })),
    ];
    let nothing = prop_oneof![
        Just(json!({})),
        Just(json!([])),
        Just(json!(null)),
        Just(json!(5)),
        Just(json!({ "ok": true }))
    ];
    let no_json = prop_oneof![Just("<html>502</html>"), Just(""), Just("<!doctype html>")];
    prop_oneof![
        1 => Just(Said::Token),
        2 => bad.prop_map(Said::BadToken),
        4 => (error, 0..2_u8).prop_map(|(error, shape)| Said::Reason(error, shape)),
        2 => nothing.prop_map(Said::Nothing),
        2 => no_json.prop_map(Said::NoJson),
        1 => Just(Said::TooLong),
        4 => any::<String>().prop_map(Said::Text),
        1 => r#"[{}\[\]",:a-z0-9]{0,40}"#.prop_map(Said::Text),
    ]
}

fn body(said: &Said) -> Body {
    let text = match said {
        Said::TooLong => return Body::TooLong,
        Said::Token => json!({ "access_token": "t", "expires_in": 60 }).to_string(),
        Said::BadToken(json) | Said::Nothing(json) => json.to_string(),
        Said::Reason(error, 0) => json!({ "error": error, "error_description": "why" }).to_string(),
        Said::Reason(error, _) => {
            json!([{ "errorCode": error, "errorMessage": "why" }]).to_string()
        }
        Said::NoJson(text) => (*text).to_owned(),
        Said::Text(text) => text.clone(),
    };
    Body::Text(text)
}

fn status() -> impl Strategy<Value = u16> {
    prop_oneof![
        3 => Just(200), 1 => 200..300_u16, 3 => 400..600_u16, 1 => 100..1_000_u16, 1 => Just(0),
        1 => prop_oneof![Just(301), Just(302), Just(303), Just(307), Just(308)], 2 => prop_oneof![Just(408), Just(429), Just(503)],
    ]
}

fn call() -> Scenario {
    let config = json!({ "tokenEndpoint": "https://id.example/token", "clientId": "client", "clientSecret": "a long secret", "retries": 0 });
    Scenario::of("oauth2", &config)
}

/// The kind and whether it may pass, by the table of errors; `None`: a token.
fn expected(status: u16, said: &Said) -> Option<(Code, bool)> {
    let passing = matches!(status, 408 | 429 | 500..=599);
    let success = (200..300).contains(&status);
    Some(match said {
        _ if matches!(status, 0 | 301 | 302 | 303 | 307 | 308) => (Code::Redirect, false),
        Said::Reason(error, _) => (Code::Oauth, passing || PASSING.contains(error)),
        Said::Token if success => return None,
        Said::NoJson(_) | Said::TooLong if success => (Code::InvalidResponse, true),
        _ if success => (Code::InvalidResponse, false),
        _ => (Code::Http, passing),
    })
}

/// What each kind says of itself, whatever led to it.
fn is_consistent(error: &Error, status: u16) -> bool {
    let passing = matches!(status, 408 | 429 | 500..=599);
    let named = error
        .reason
        .error
        .as_deref()
        .is_some_and(|error| PASSING.contains(&error));
    let told = error.status == (status != 0).then_some(status);
    told && match error.code {
        Code::Oauth => error.retryable == (passing || named) && error.reason != Default::default(),
        Code::Http => error.retryable == passing && error.reason == Default::default(),
        Code::InvalidResponse => (200..300).contains(&status),
        Code::Redirect => !error.retryable,
        Code::InvalidConfig
        | Code::Unsupported
        | Code::Network
        | Code::Timeout
        | Code::Credentials => false,
    }
}

proptest! {
    #![proptest_config(support::many_cases())]

    /// Invariant 10.
    #[test]
    fn every_answer_is_a_token_or_one_failure(status in status(), said in said(), retry_after in option::of("[0-9]{1,12}|[a-z ,:]{0,9}"), kind in option::of("text/html|[a-z/]{0,9}")) {
        let headers = [("retry-after", retry_after), ("content-type", kind.filter(|_| matches!(said, Said::Text(_))))];
        let headers = headers.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
        let run = call().answer(status, "").with(|answer| *answer = Answer { status, headers, body: body(&said) }).run();
        let end = run.end.as_ref().err().map(|error| (error.code, error.retryable));
        if !matches!(said, Said::Text(_)) {
            prop_assert_eq!(end, expected(status, &said));
        }
        if let Err(error) = &run.end {
            prop_assert!(is_consistent(error, status), "{} {:?}", status, error);
            prop_assert!(error.attempts == 1 && error.provider.is_some() && !error.message.is_empty());
        }
    }
}

#[test]
fn what_is_no_answer_may_pass_unless_the_runtime_lacks_something() {
    let words = || "words".to_owned();
    for (failure, code, retryable) in [
        (Failure::Network(words()), Code::Network, true),
        (Failure::Timeout, Code::Timeout, true),
        (Failure::Credentials(words()), Code::Credentials, true),
        (Failure::Unsupported(words()), Code::Unsupported, false),
    ] {
        let error = call().fail(failure).run().end.err().unwrap();
        assert_eq!((error.code, error.retryable), (code, retryable));
    }
}
