//! No secret is told, however a server echoes it, and no error is longer than a
//! person would read.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]

mod support;

use proptest::prelude::*;
use proptest::sample::select;
use support::{Json, Scenario, base64, base64url, has, held, json, many_cases};

const SECRET: &str = "s3cret+/=%:&é\"\\";

fn call_with(secret: &str) -> Scenario {
    let config = json!({ "tokenEndpoint": "https://id.example/token", "clientId": "the client", "clientSecret": secret, "retries": 0 });
    Scenario::of("oauth2", &config)
}

fn call() -> Scenario {
    call_with(SECRET)
}

/// The secret in every spelling in which a server may echo it.
fn spellings(secret: &str) -> Vec<String> {
    let form = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let percent = |text: &str| {
        form(text)
            .replace('+', "%20")
            .replace('*', "%2A")
            .replace("%7E", "~")
    };
    let json = json!(secret).to_string();
    let ascii: String = json
        .chars()
        .map(|char| {
            if char.is_ascii() {
                char.to_string()
            } else {
                format!("\\u{:04x}", u32::from(char))
            }
        })
        .collect();
    let (plain, encoded) = (
        format!("the client:{secret}"),
        format!("the+client:{}", form(secret)),
    );
    let mut all = vec![
        secret.to_owned(),
        form(secret),
        percent(secret),
        percent(secret).to_ascii_lowercase(),
        ascii.replace('/', "\\/"),
        ascii,
        json,
    ];
    for text in [secret, &plain, &encoded] {
        all.extend([base64(text), base64url(text), percent(&base64(text))]);
    }
    for text in [&plain, &encoded] {
        let header = format!("Basic {}", base64(text));
        all.extend([base64(&header), base64url(&header)]);
    }
    all
}

/// So many of the spellings are of the secret alone, without a client's id.
const ALONE: usize = 10;

/// What of the secret no error may show.
fn leaks(error: &Json, secret: &str) -> bool {
    let told = error.to_string();
    spellings(secret).iter().any(|spelling| {
        told.contains(json!(spelling).to_string().trim_matches('"')) || told.contains(spelling)
    })
}

#[test]
fn no_echo_of_a_secret_is_told() {
    for echo in spellings(SECRET) {
        for body in [
            json!({ "error": format!("bad_{echo}"), "error_description": format!("got {echo}!"), "error_uri": format!("https://id.example/?{echo}") }),
            json!([{ "errorCode": echo, "detail": echo, "invalid-params": [{ "value": format!("<{echo}>"), (echo.as_str()): 1 }] }]),
            json!({ "fault": { "faultstring": format!("{echo}{echo}"), "detail": { "errorcode": echo } } }),
            json!(format!("plain text with {echo} in it")),
        ] {
            let error = call().answer(401, body.clone()).run().error();
            assert!(
                !leaks(&error, SECRET) && !error.to_string().contains("s3cret"),
                "{echo}: {error}"
            );
            assert!(
                error["message"].as_str().unwrap().contains("401"),
                "{error}"
            );
        }
        let header = format!("Bearer error=\"{}\"", echo.replace('"', "'"));
        let error = call()
            .answer(401, "")
            .header("www-authenticate", header)
            .run()
            .error();
        assert!(!leaks(&error, SECRET), "{echo}: {error}");
    }
}

#[test]
fn with_a_short_secret_the_servers_words_are_dropped() {
    for body in [
        json!({ "error": "invalid_client", "error_description": "wrong secret q7!", "hint": "q7!" }),
        json!("you sent q7!"),
        json!([{ "detail": "q7!", "errorCode": "q7!" }]),
    ] {
        let error = call_with("q7!").answer(401, body.clone()).run().error();
        assert!(!error.to_string().contains("q7!"), "{body}: {error}");
        has(
            &error,
            &json!({ "code": "oauth", "errorDescription": null, "details": null }),
        );
    }
    let error = call_with("q7!")
        .answer(401, json!({ "error": "invalid_client" }))
        .run()
        .error();
    assert_eq!(error["error"], "invalid_client", "a code is no free text");
}

#[test]
fn with_a_short_token_to_exchange_the_servers_words_are_dropped() {
    for scenario in [
        exchange("q7!", "another token"),
        exchange("another token", "q7!"),
    ] {
        let body = json!({ "error": "invalid_request", "error_description": "no such token: q7!" });
        let error = scenario.answer(400, body).run().error();
        assert!(!error.to_string().contains("q7!"), "{error}");
        has(
            &error,
            &json!({ "error": "invalid_request", "errorDescription": null }),
        );
    }
}

#[test]
fn a_tokens_own_text_stays_out_of_errors() {
    let body = json!({ "error": "invalid_scope", "access_token": "granted-token-1", "refresh_token": "granted-token-2" });
    let error = call().answer(400, body).run().error();
    assert!(!error.to_string().contains("granted-token"), "{error}");
}

#[test]
fn a_token_is_told_nowhere_when_it_stands_in_the_answer_or_was_issued_before() {
    for name in ["access_token", "refresh_token", "idToken", "token"] {
        for body in [
            json!({ "error": "x", "error_description": "granted-token-1 is revoked", (name): "granted-token-1" }),
            json!({ "error": "granted-token-1", "deep": [{ (name): "granted-token-1", "of": "granted-token-1" }] }),
        ] {
            let error = call().answer(400, body).run().error();
            assert!(!error.to_string().contains("granted-token"), "{error}");
        }
    }
    let echo = format!("have {} already", base64("issued-token"));
    for body in [
        json!({ "error": "x", "error_description": "have issued-token already" }),
        json!(echo),
    ] {
        let error = call()
            .issued("issued-token")
            .answer(400, body)
            .run()
            .error();
        has(
            &error,
            &json!({ "errorDescription": "have [redacted] already" }),
        );
    }
}

#[test]
fn an_echo_in_a_challenge_is_known_as_one_whatever_is_escaped_in_it() {
    let quoted: String = SECRET
        .chars()
        .flat_map(|char| [(char == '"' || char == '\\').then_some('\\'), Some(char)])
        .flatten()
        .collect();
    let header = format!(
        "Bearer realm=\"{quoted}\", error_description=\"not {quoted}\", error=\"invalid_client\""
    );
    let error = call()
        .answer(401, "")
        .header("www-authenticate", header)
        .run()
        .error();
    has(
        &error,
        &json!({ "error": "invalid_client", "errorDescription": "not [redacted]" }),
    );
}

#[test]
fn what_previews_mask_is_masked_in_errors_too() {
    let provider = json!({
        "id": "mine",
        "extends": "oauth2",
        "params": { "account": {}, "key": { "secret": true }, "region": { "sensitive": false } },
    });
    let config = json!({
        "tokenEndpoint": "https://id.example/token", "clientId": "client", "clientSecret": SECRET, "retries": 0,
        "account": "account-1", "key": "the-key-1", "region": "eu-central-1", "headers": { "x-tenant": "tenant-1" }, "params": { "user": "user-no-1" },
    });
    let body =
        json!({ "error_description": "account-1 the-key-1 eu-central-1 tenant-1 user-no-1" });
    let error = Scenario::of(provider, &config)
        .answer(400, body)
        .run()
        .error();
    assert_eq!(
        error["errorDescription"],
        "[redacted] [redacted] eu-central-1 [redacted] [redacted]"
    );
}

#[test]
fn an_answer_of_many_tokens_tells_nothing_and_takes_no_time() {
    let many: serde_json::Map<String, Json> = (0..20_000)
        .map(|number| {
            (
                format!("a{number}_token"),
                json!(format!("granted-{number}")),
            )
        })
        .collect();
    // What is registered tells nothing, and what a server calls so by itself may.
    for (code, told) in [
        ("invalid_scope", json!("invalid_scope")),
        ("granted-7", json!(null)),
    ] {
        let body = json!({ "error": code, "error_description": "not granted-19999", "all": many });
        let error = call().answer(400, body).run().error();
        assert!(!error.to_string().contains("granted"), "{error}");
        let expected =
            json!({ "code": "oauth", "error": told, "errorDescription": null, "details": null });
        has(&error, &expected);
    }
}

/// A search that goes over the text for each byte of the token would take minutes.
#[test]
fn a_token_as_long_as_its_answer_takes_no_time() {
    let (most, text) = ("a".repeat(300_000), "a".repeat(600_000));
    for token in [format!("{most}b"), format!("{}b", "a".repeat(8_000))] {
        let body = json!({ "error": "x", "error_description": text, "a_token": token });
        let error = call().answer(400, body).run().error();
        assert!(
            error.to_string().len() < 2_000,
            "{}",
            error.to_string().len()
        );
    }
}

#[test]
fn a_token_is_known_by_its_place_as_well() {
    let deep = json!({ "id": "deep", "request": { "url": "https://id.example/" }, "response": { "token": "data.grant" } });
    for (body, told) in [
        (
            json!({ "error": "x", "error_description": "not granted-1", "data": { "grant": "granted-1" } }),
            "not [redacted]",
        ),
        (
            json!({ "error": "x", "error_description": "not granted-1", "access_token": ["granted-1"] }),
            "not [redacted]",
        ),
        (
            json!({ "error": "x", "error_description": "not granted-1", "access_token": { "value": "granted-1" } }),
            "not [redacted]",
        ),
        (
            json!({ "error": "x", "error_description": "not 1234567890", "access_token": 1_234_567_890 }),
            "not [redacted]",
        ),
        (
            json!({ "error": "x", "error_description": "not granted-1", "tokens": ["granted-1"] }),
            "not [redacted]",
        ),
        (
            json!("access_token=granted-1&note=granted-1"),
            "access_token=[redacted]&note=[redacted]",
        ),
        (
            json!("error=x&error_description=not+granted-1&access_token=granted-1"),
            "not [redacted]",
        ),
    ] {
        let error = Scenario::of(
            deep.clone(),
            &json!({ "clientId": "client", "clientSecret": SECRET, "retries": 0 }),
        )
        .answer(400, body.clone())
        .run()
        .error();
        assert_eq!(error["errorDescription"], told, "{body}");
        assert!(!error.to_string().contains("granted-1"), "{error}");
    }
    let cut = call()
        .answer(400, r#"{"access_token":"granted-1","expires_in":36"#)
        .run()
        .error();
    has(&cut, &json!({ "code": "http", "errorDescription": null }));
}

#[test]
fn a_secret_at_the_end_of_what_is_looked_at_is_not_told_in_part() {
    // So long that what is masked before it leaves room for it in what is told.
    let secret: String = (0..900).map(|number| format!("secret{number}")).collect();
    for before in (0..400).step_by(23) {
        let text = format!("{}{}", "x".repeat(before), secret.repeat(12));
        let error = call_with(&secret).answer(400, text).run().error();
        assert!(!error.to_string().contains("secret"), "{before}: {error}");
    }
}

#[test]
fn no_secret_is_put_together_where_control_characters_go() {
    for echo in ["a\tlong secret", "a\nlong\nsecret", "a\u{85}long secret"] {
        let body = json!({ "error": echo, "error_description": echo, "hint": [echo] });
        let error = call_with("a long secret").answer(400, body).run().error();
        assert!(!leaks(&error, "a long secret"), "{echo:?}: {error}");
    }
}

#[test]
fn an_error_is_bounded() {
    let text = "x".repeat(1 << 20);
    let deep = (0..60).fold(json!("end"), |inner, _| json!({ "in": inner }));
    for body in [
        json!(text),
        json!({ "error_description": text }),
        json!({ "error": text }),
        json!({ "error": "a", "list": vec![text.clone(); 3], "deep": deep }),
        json!({ "error": "a", "all": vec![1; 100_000] }),
    ] {
        let error = call().answer(400, body).run().error();
        assert!(
            error.to_string().len() < 60_000,
            "{} bytes",
            error.to_string().len()
        );
        assert!(
            error["message"].as_str().unwrap().len() < 2_000,
            "{} bytes of message",
            error["message"].to_string().len()
        );
    }
    let lines = call()
        .answer(400, json!({ "error_description": "one\ntwo\u{1b}[31m" }))
        .run()
        .error();
    assert!(
        !lines["message"]
            .as_str()
            .unwrap()
            .contains(char::is_control),
        "a message is one line: {lines}"
    );
}

/// A call in which everything is signed that can be, and tried twice. What is signed says
/// as the how manieth.
fn strong() -> Scenario {
    let config = json!({
        "tokenEndpoint": "https://id.example/token", "clientId": "the client", "privateKey": held(1), "clientAuth": "private_key_jwt",
        "grant": "jwt_bearer", "dpop": true, "retries": 1,
    });
    Scenario::of("oauth2", &config)
}

const SIGNED: [&str; 6] = [
    "signed-client-0",
    "signed-grant-1",
    "signed-proof-2",
    "signed-client-3",
    "signed-grant-4",
    "signed-proof-5",
];

/// A call that exchanges a token, for somebody with another one.
fn exchange(subject: &str, actor: &str) -> Scenario {
    let config = json!({
        "tokenEndpoint": "https://id.example/token", "clientId": "the client", "clientSecret": SECRET, "retries": 0,
        "grant": "token_exchange", "subjectToken": subject, "actorToken": actor,
    });
    Scenario::of("oauth2", &config)
}

/// The bodies in which a server may echo something.
fn echoing(echo: &str) -> [Json; 4] {
    [
        json!({ "error": echo }),
        json!({ "error": "invalid_grant", "error_description": format!("got <{echo}>"), "error_uri": format!("https://id.example/?{echo}") }),
        json!([{ "deep": [{ (echo): echo }], "code": 7 }]),
        json!(format!("plain text with {echo} in it")),
    ]
}

#[test]
fn what_a_server_says_of_itself_is_told_as_a_person_would_read_it() {
    for methods in [
        json!(["a\nb\u{1b}[31m"]),
        json!(["x".repeat(100_000)]),
        json!(vec!["of_its_own"; 20_000]),
    ] {
        let config =
            json!({ "issuer": "https://id.example", "clientId": "a", "clientSecret": SECRET });
        let metadata = json!({
            "issuer": "https://id.example", "token_endpoint": "https://id.example/token", "token_endpoint_auth_methods_supported": methods,
        });
        let run = Scenario::of("oidc", &config).metadata(200, metadata).run();
        let error = run.error();
        let message = error["message"].as_str().unwrap();
        assert!(message.starts_with("clientAuth: "), "{message:.100}");
        assert!(message.chars().count() < 2_000, "{} bytes", message.len());
        assert!(!message.contains(char::is_control), "{message:?}");
    }
}

proptest! {
    #![proptest_config(many_cases())]

    /// An assertion is good for minutes, so one of an earlier attempt is as secret as the last.
    #[test]
    fn no_echo_of_what_was_signed_is_told(signed in select(&SIGNED[..]), spelling in 0..ALONE, place in 0..4_usize, taught in any::<bool>()) {
        let echo = &spellings(signed)[spelling];
        let first = if taught { json!({ "error": "use_dpop_nonce" }) } else { json!("") };
        let run = strong()
            .answer(if taught { 400 } else { 503 }, first)
            .header("dpop-nonce", "a nonce")
            .answer(401, echoing(echo)[place].clone())
            .run();
        let error = run.error();
        prop_assert_eq!(&error["attempts"], 2);
        prop_assert!(!leaks(&error, signed), "{}: {}", echo, error);
    }

    #[test]
    fn no_echo_of_an_exchanged_token_is_told(token in "[!-~é ]{6,40}", spelling in 0..ALONE, place in 0..4_usize, acts in any::<bool>()) {
        prop_assume!(!token.trim().is_empty());
        let scenario = if acts { exchange("another token", &token) } else { exchange(&token, "another token") };
        let echo = &spellings(&token)[spelling];
        let error = scenario.answer(400, echoing(echo)[place].clone()).run().error();
        prop_assert!(!leaks(&error, &token), "{}: {}", echo, error);
    }
}

proptest! {
    #![proptest_config(support::cases())]

    #[test]
    fn any_answer_is_a_token_or_an_error_that_leaks_nothing(
        status in prop_oneof![Just(200_u16), Just(401), any::<u16>()], secret in "[!-~é ]{6,20}", before in "[ -~é]{0,9}", after in "[ -~é]{0,9}", place in 0..4_usize, spelling in 0..20_usize,
    ) {
        let echo = [before.as_str(), &spellings(&secret)[spelling], &after].concat();
        let body = [json!({ "error": echo }), json!({ "error_description": echo }), json!([{ "deep": [{ (echo.as_str()): echo }] }]), json!(echo)][place].clone();
        let run = call_with(&secret).answer(status, body).run();
        if run.end.is_err() {
            prop_assert!(!leaks(&run.error(), &secret), "{}", run.error());
        }
    }
}

/// An issuer that got the secret before may echo it where it is told none.
#[test]
fn no_echo_in_metadata_is_told() {
    for secret in [SECRET, "q7!"] {
        let config = json!({ "issuer": "https://login.example", "clientId": "the client", "clientSecret": secret, "retries": 0 });
        let metadata = |status, body| Scenario::of("oidc", &config).metadata(status, body);
        for echo in spellings(secret).into_iter().take(ALONE) {
            let with = |fields: Json| {
                let mut told = json!({ "issuer": "https://login.example", "token_endpoint": "https://id.example/t" });
                told.as_object_mut()
                    .unwrap()
                    .extend(fields.as_object().unwrap().clone());
                told
            };
            let methods =
                json!({ "token_endpoint_auth_methods_supported": ["tls", format!("a{echo}")] });
            for scenario in [
                metadata(200, with(methods)),
                metadata(
                    200,
                    with(json!({ "token_endpoint": format!("http://{echo}") })),
                ),
                metadata(200, with(json!({ "issuer": format!("https://{echo}") }))),
                metadata(
                    400,
                    json!({ "error": echo, "error_description": echo, "hint": echo }),
                ),
                metadata(500, json!(echo)),
            ] {
                let error = scenario.run().error();
                assert!(!leaks(&error, secret), "{echo}: {error}");
            }
        }
    }
    let config = json!({ "issuer": "https://login.example", "clientId": "the client", "clientSecret": "q7!" });
    let error = Scenario::of("oidc", &config)
        .metadata(404, "<html>")
        .run()
        .error();
    let message = error["message"].as_str().unwrap();
    assert!(
        message.ends_with("; check the URL"),
        "what tells nothing stays: {message}"
    );
}
