//! Tokens that are bound to a key of their client (RFC 9449): the proof, the nonce that a
//! server wants in it, and what is made of answers.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]
#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use support::configs::{good, with};
use support::scenario::Run;
use support::{FUNCTION, Json, START, Scenario, cases, date, has, held, json, many_cases};
use tokenlet::facts::Facts;
use tokenlet::request::Part;

const TOKEN: &str = r#"{"access_token":"t","token_type":"DPoP","expires_in":60}"#;

fn call(fields: &Json) -> Scenario {
    let config = with(good("oauth2"), &json!({ "dpop": true }));
    Scenario::of("oauth2", &with(config, fields))
}

fn wants_nonce() -> Json {
    json!({ "error": "use_dpop_nonce", "error_description": "with a nonce" })
}

/// The nonces in the proofs, in their order.
fn nonces(run: &Run) -> Vec<Option<String>> {
    let nonce = |claims: &Json| claims["nonce"].as_str().map(str::to_owned);
    let proofs = run.jwts(Part::Proof).into_iter();
    proofs.map(|proof| nonce(&proof.claims)).collect()
}

proptest! {
    #![proptest_config(many_cases())]

    /// RFC 9449, section 4.2.
    #[test]
    fn a_proof_is_of_this_request_alone(
        get in any::<bool>(), path in select(&["", "/", "/token", "/a%20b/c;d"][..]), query in select(&["", "?a=b", "?a=https://other.example/?c"][..]),
        port in select(&["", ":8443", ":443"][..]), client in select(&["a client", "another"][..]), seconds in 0..9_000_000_000_i64, nonce in option::of(select(&["n", "a b\"c"][..])),
    ) {
        let endpoint = format!("https://id.example{port}{path}{query}");
        let provider = json!({ "id": "mine", "extends": "oauth2", "request": { "method": if get { "GET" } else { "POST" } } });
        let config = with(good("oauth2"), &json!({ "dpop": true, "tokenEndpoint": endpoint, "clientId": client }));
        let facts = Rc::new(Facts::default());
        let port = port.replace(":443", "");
        if let Some(nonce) = nonce {
            facts.learn_nonce(&format!("https://id.example{port}"), nonce);
        }
        let mut now = START;
        now.wall = seconds * 1_000 + 999;
        let run = Scenario::of(provider, &config).knowing(&facts).at(now).answer(503, "").answer(200, TOKEN).run();
        let proofs = run.jwts(Part::Proof);
        let path = if path.is_empty() { "/" } else { path };
        let mut ids = BTreeSet::new();
        for (proof, request) in proofs.iter().zip(&run.requests) {
            let mut claims = proof.claims.clone();
            ids.insert(claims.as_object_mut().unwrap().remove("jti").unwrap().as_str().unwrap().to_owned());
            let expected = json!({ "htm": if get { "GET" } else { "POST" }, "htu": format!("https://id.example{port}{path}"), "iat": seconds, "nonce": nonce });
            let has_waited = proof.claims["iat"] != json!(seconds);
            prop_assert!(!has_waited || proof.seconds("iat") == seconds + 1);
            claims["iat"] = seconds.into();
            prop_assert_eq!(&claims, &with(json!({}), &expected));
            prop_assert_eq!(&proof.header, &json!({ "typ": "dpop+jwt" }));
            prop_assert_eq!(&proof.alg, "ES256");
            prop_assert_eq!(&proof.key, &format!("the pair of mine\nhttps://id.example{port}{path}{query}\n{client}"));
            prop_assert!(request.contains(&format!("\ndpop: {}", proof.text)), "{}", request);
        }
        prop_assert_eq!((proofs.len(), ids.len()), (2, 2), "no proof is used twice");
    }

    /// RFC 9449, section 8.2: whatever a server answers may bring the next nonce, for its
    /// origin alone.
    #[test]
    fn nonces_are_learned_of_every_answer_and_kept_by_origin(
        steps in vec((0..4_usize, option::of("[a-z]{1,8}"), select(&[200_u16, 400, 401, 503, 302][..])), 1..12),
    ) {
        let facts = Rc::new(Facts::default());
        let mut known = BTreeMap::<usize, String>::new();
        for (server, nonce, status) in steps {
            let fields = json!({ "tokenEndpoint": format!("https://{server}.example/token"), "retries": 0 });
            let body = if status == 200 { json!(TOKEN) } else { json!({ "error": "x" }) };
            let mut scenario = call(&fields).knowing(&facts).answer(status, body);
            if let Some(nonce) = &nonce {
                scenario = scenario.header("dpop-nonce", nonce.as_str());
            }
            let run = scenario.run();
            prop_assert_eq!(nonces(&run), [known.get(&server).cloned()]);
            known.extend(nonce.map(|nonce| (server, nonce)));
        }
    }
}

/// What a server answers: its status, whether it says that it was the nonce, and the next one.
type Reply = (u16, bool, Option<&'static str>);

/// The nonces that are owed to these replies, in their order, and how many waits.
fn owed(replies: &[Reply], retries: usize, others: bool) -> (Vec<Option<&'static str>>, usize) {
    let (mut known, mut own, mut taught) = (None, None, false);
    let (mut sent, mut waits) = (Vec::new(), 0);
    loop {
        let reply = replies.get(sent.len()).or(replies.last());
        known = if others { Some("theirs") } else { known };
        sent.push(own.or(known));
        let (status, wants, nonce) = *reply.unwrap();
        (known, own) = (nonce.or(known), nonce.or(own));
        if wants && nonce.is_some() && !taught {
            taught = true;
        } else if waits < retries && [429, 503].contains(&status) {
            (own, taught, waits) = (None, false, waits + 1);
        } else {
            return (sent, waits);
        }
    }
}

proptest! {
    #![proptest_config(many_cases())]

    /// A nonce is taught once, and once more after each wait. The attempt that it is owed to has the
    /// nonce of its own refusal, whatever others learned meanwhile; later ones have the newest.
    #[test]
    fn a_nonce_is_taught_once_between_two_waits(
        replies in vec((select(&[400_u16, 401, 429, 503][..]), any::<bool>(), option::of(select(&["a", "b", "c"][..]))), 1..8), retries in 0..5_usize, others in any::<bool>(),
    ) {
        let fields = json!({ "retries": retries, "clientSecret": if others { FUNCTION } else { "a long secret" } });
        let mut scenario = call(&fields).secret(Ok("a long secret"));
        if others {
            scenario = scenario.others(|facts| facts.learn_nonce("https://id.example", "theirs"));
        }
        for (status, wants, nonce) in &replies {
            scenario = scenario.answer(*status, if *wants { wants_nonce() } else { json!({ "error": "x" }) });
            if let Some(nonce) = nonce {
                scenario = scenario.header("dpop-nonce", *nonce);
            }
        }
        let run = scenario.run();
        let (sent, waits) = owed(&replies, retries, others);
        let sent: Vec<_> = sent.into_iter().map(|nonce| nonce.map(str::to_owned)).collect();
        prop_assert_eq!(nonces(&run), sent);
        prop_assert_eq!(run.waits.len(), waits);
    }
}

/// What one server taught, no other one knows.
#[test]
fn an_endpoint_that_moved_teaches_anew() {
    let metadata = |host: &str| {
        let endpoint = format!("https://{host}.example/token");
        json!({ "issuer": "https://login.example", "token_endpoint": endpoint })
    };
    let wants = |scenario: Scenario, nonce: &str| {
        scenario
            .answer(400, wants_nonce())
            .header("dpop-nonce", nonce)
    };
    let is_off = |scenario: Scenario, ahead: i64| {
        scenario
            .answer(400, json!({ "error": "invalid_dpop_proof" }))
            .header("date", date(ahead))
    };
    let config = json!({ "issuer": "https://login.example", "clientId": "a client", "clientSecret": "a long secret", "dpop": true, "retries": 0 });
    let call = Scenario::of("oidc", &config).metadata(200, metadata("old"));
    let call = is_off(wants(call.metadata(200, metadata("new")), "first"), 600);
    let call = is_off(wants(call.answer(404, ""), "second"), -600);
    let run = call.answer(200, TOKEN).run();
    assert!(run.end.is_ok() && run.waits.is_empty());
    let told = ["", "first", "first", "", "second", "second"];
    let told = told.map(|nonce| Some(nonce.to_owned()).filter(|nonce| !nonce.is_empty()));
    assert_eq!(nonces(&run), told);
    let proofs = run.jwts(Part::Proof).into_iter();
    let ahead: Vec<i64> = proofs
        .map(|proof| proof.seconds("iat") - START.wall / 1_000)
        .collect();
    assert_eq!(ahead, [0, 0, 600, 0, 0, -600]);
}

proptest! {
    #![proptest_config(cases())]

    /// However many servers give nonces, those of the last are known, and no more are kept.
    #[test]
    fn nonces_are_bounded(servers in vec(0..400_usize, 300..900)) {
        let facts = Facts::default();
        let mut order = Vec::new();
        for (count, server) in servers.iter().enumerate() {
            facts.learn_nonce(&server.to_string(), &count.to_string());
            order.retain(|(known, _)| known != server);
            order.push((*server, count.to_string()));
        }
        let first = order.len().saturating_sub(200);
        for (place, (server, nonce)) in order.iter().enumerate() {
            let expected = if place < first { "" } else { nonce };
            prop_assert_eq!(facts.known(&server.to_string()).0, expected);
        }
    }
}

#[test]
fn a_server_that_wants_a_nonce_is_asked_again_at_once() {
    for status in [400, 401, 403, 404, 429] {
        let run = call(&json!({ "retries": 0 }))
            .answer(status, wants_nonce())
            .header("dpop-nonce", "first")
            .answer(200, TOKEN)
            .run();
        assert_eq!(run.token()["tokenType"], "DPoP");
        assert_eq!(nonces(&run), [None, Some("first".to_owned())]);
        assert!(run.waits.is_empty());
    }
}

#[test]
fn a_nonce_is_taught_once() {
    let run = call(&json!({ "retries": 5 }))
        .answer(400, wants_nonce())
        .header("dpop-nonce", "first")
        .answer(400, wants_nonce())
        .header("dpop-nonce", "second")
        .run();
    has(
        &run.error(),
        &json!({ "code": "oauth", "error": "use_dpop_nonce", "attempts": 2 }),
    );
    let silent = call(&json!({})).answer(400, wants_nonce()).run();
    has(&silent.error(), &json!({ "attempts": 1 }));
}

/// No server takes a header of that length.
#[test]
fn a_nonce_without_end_is_not_kept() {
    let facts = Rc::new(Facts::default());
    for (length, kept) in [(1_024, true), (1_025, false), (100_000, false)] {
        let nonce = "n".repeat(length);
        let scenario = call(&json!({ "retries": 0 })).knowing(&facts);
        let _ = scenario
            .answer(503, "")
            .header("dpop-nonce", nonce.as_str())
            .run();
        let (known, _) = facts.known("https://id.example");
        assert_eq!(known == nonce, kept, "{} of {length}", known.len());
    }
}

#[test]
fn who_proves_nothing_is_taught_no_nonce() {
    let signing = json!({ "clientSecret": null, "privateKey": held(1) });
    for fields in [json!({}), signing] {
        let config = with(good("oauth2"), &fields);
        let run = Scenario::of("oauth2", &config)
            .answer(400, wants_nonce())
            .header("dpop-nonce", "first")
            .run();
        has(&run.error(), &json!({ "attempts": 1 }));
    }
}

#[test]
fn a_lesson_is_no_retry() {
    for retries in [0, 2, 5] {
        let run = call(&json!({ "retries": retries }))
            .answer(400, wants_nonce())
            .header("dpop-nonce", "first")
            .answer(503, "")
            .run();
        has(&run.error(), &json!({ "attempts": retries + 2 }));
        assert_eq!(run.waits.len(), retries, "{:?}", run.waits);
        let late = call(&json!({ "retries": retries.max(1) }))
            .answer(503, "")
            .answer(400, wants_nonce())
            .header("dpop-nonce", "first")
            .answer(503, "")
            .run();
        has(&late.error(), &json!({ "attempts": retries.max(1) + 2 }));
        assert_eq!(
            late.waits,
            run_waits(retries.max(1)),
            "as without the lesson"
        );
    }
}

/// The waits of a call that nobody teaches anything.
fn run_waits(retries: usize) -> Vec<i64> {
    call(&json!({ "retries": retries }))
        .answer(503, "")
        .run()
        .waits
}

/// RFC 9449, section 5; RFC 8693, section 2.2.1.
#[test]
fn a_token_is_of_the_type_that_was_asked_for() {
    let exchange = json!({ "grant": "token_exchange", "subjectToken": "a subject token" });
    for (fields, given, expected) in [
        (json!({ "dpop": true }), "DPoP", "DPoP"),
        (json!({ "dpop": true }), "dpop", "DPoP"),
        (json!({ "dpop": true }), "Bearer", ""),
        (json!({ "dpop": true }), "", ""),
        (json!({ "dpop": true }), "N_A", ""),
        (json!({}), "Bearer", "Bearer"),
        (json!({}), "", "Bearer"),
        (json!({}), "DPoP", ""),
        (json!({}), "N_A", ""),
        (exchange.clone(), "N_A", "N_A"),
        (exchange.clone(), "n_a", "N_A"),
        (exchange.clone(), "DPoP", ""),
        (with(exchange, &json!({ "dpop": true })), "N_A", ""),
    ] {
        let body = json!({ "access_token": "t", "token_type": given });
        let scenario = Scenario::of("oauth2", &with(good("oauth2"), &fields));
        let run = scenario.answer(200, body).run();
        if expected.is_empty() {
            has(
                &run.error(),
                &json!({ "code": "invalid_response", "retryable": false, "attempts": 1 }),
            );
            continue;
        }
        let headers = match expected {
            "N_A" => json!({}),
            scheme => json!({ "Authorization": format!("{scheme} t") }),
        };
        has(
            &run.token(),
            &json!({ "tokenType": expected, "headers": headers }),
        );
    }
}

#[test]
fn a_descriptor_says_nothing_of_how_a_bound_token_is_used() {
    let own = json!({ "id": "mine", "extends": "oauth2", "use": { "name": "X-Token", "prefix": "Own " } });
    let config = with(good("oauth2"), &json!({ "dpop": true }));
    let run = Scenario::of(own, &config).answer(200, TOKEN).run();
    assert_eq!(run.token()["headers"], json!({ "Authorization": "DPoP t" }));
    for place in ["query", "cookie"] {
        let own = json!({ "id": "mine", "extends": "oauth2", "use": { "in": place } });
        let message = support::refused(own, &config);
        assert!(message.starts_with("dpop: "), "{message}");
    }
}

#[test]
fn a_preview_proves_nothing() {
    let config = with(good("oauth2"), &json!({ "dpop": true }));
    let preview = support::preview("oauth2", &config);
    assert!(preview.contains("\ndpop: ***\n"), "{preview}");
}
