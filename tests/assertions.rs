//! Assertions: what is signed for whom, by what, for how long, and where it goes.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]
#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

mod assertions {
    pub(crate) mod wish;
}
mod support;

use std::collections::BTreeSet;

use assertions::wish::{ENDPOINT, wishes};
use proptest::prelude::*;
use proptest::sample::select;
use support::configs::{good, with};
use support::{FUNCTION, Json, START, Scenario, has, held, json, many_cases, refused, takes};
use tokenlet::flow::Failure;
use tokenlet::request::Part;

const CLIENT_ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

proptest! {
    #![proptest_config(many_cases())]

    /// RFC 7523, section 3; what the descriptor places wins.
    #[test]
    fn a_client_assertion_has_these_claims(wish in wishes()) {
        let mut now = START;
        now.wall = wish.now * 1_000 + 999;
        let run = Scenario::of(wish.provider(), &wish.config()).at(now).answer(503, "").run();
        let jwts = run.jwts(Part::Client);
        prop_assert_eq!(jwts.len(), 3);
        let ids: BTreeSet<String> = jwts.iter().map(|jwt| jwt.claims["jti"].to_string()).collect();
        let fresh = wish.jti != Some(false) && !wish.has_own("jti");
        prop_assert_eq!(ids.len(), if fresh { 3 } else { 1 }, "an id is used once: {:?}", ids);
        let mut claims = jwts[0].claims.clone();
        if fresh {
            let id = claims.as_object_mut().unwrap().remove("jti").unwrap();
            prop_assert_eq!(id.as_str().map(str::len), Some(36));
        }
        prop_assert_eq!(claims, wish.expected());
        if !wish.has_own("iat") && !wish.has_own("exp") {
            let spans = jwts.iter().map(|jwt| jwt.seconds("exp") - jwt.seconds("iat"));
            let span = wish.ttl.unwrap_or(300) + wish.backdate.unwrap_or(0);
            prop_assert!(spans.into_iter().all(|own| own == span));
        }
        let key = if wish.method == "private_key_jwt" { "privateKey" } else { "clientSecret" };
        prop_assert_eq!(&jwts[0].key, &format!("the config's {key}"));
        for (request, jwt) in run.requests.iter().zip(jwts) {
            prop_assert!(request.contains(&format!("&client_assertion={}", jwt.text)), "{}", request);
            prop_assert!(request.contains(&CLIENT_ASSERTION.replace(':', "%3A")), "{}", request);
            prop_assert!(request.contains("client_id=a+client"), "{}", request);
            prop_assert!(!request.contains("client_secret") && !request.contains("authorization"), "{}", request);
        }
    }

    /// Where the descriptor has an assertion in the request it stands, once, and nowhere else.
    #[test]
    fn an_assertion_goes_where_the_descriptor_has_it(
        place in 0..6_usize, method in select(&["none", "client_secret_post", "client_secret_basic", "private_key_jwt"][..]), json in any::<bool>(),
    ) {
        // An audience that an assertion is part of is nobody.
        prop_assume!(place != 5 || method != "private_key_jwt");
        let request = [
            json!({ "headers": { "authorization": "Bearer {$assertion}" } }),
            json!({ "headers": { "x-a": "{$assertion?}" } }),
            json!({ "query": { "a": "a {$assertion}" } }),
            json!({ "body": { "assertion": "{$assertion}" } }),
            json!({ "body": { "in": { "deep": ["{$assertion}", 7] } } }),
            json!({ "url": "https://id.example/token?jwt={$assertion}" }),
        ][place].clone();
        let found = ["authorization: Bearer @", "x-a: @", "a=a%20@", "assertion", "in", "jwt=@"][place];
        let found = match (found, json) {
            ("assertion", false) => "assertion=@",
            ("assertion", true) => r#""assertion":"@""#,
            ("in", false) => "in=%7B%22deep%22%3A%5B%22@%22%2C7%5D%7D",
            ("in", true) => r#""in":{"deep":["@",7]}"#,
            (found, _) => found,
        };
        let base = json!({ "url": "https://id.example/token", "encoding": if json { "json" } else { "form" } });
        let provider = json!({
            "id": "mine",
            "params": { "own": { "kind": "key" } },
            "auth": { "method": method },
            "assertion": { "claims": { "sub": "somebody" } },
            "request": with(base, &request),
        });
        let config = json!({ "clientId": "a client", "clientSecret": "a long secret", "own": held(1) });
        let run = Scenario::of(provider, &config).answer(200, json!({ "access_token": "t" })).run();
        let request = run.request();
        let authenticates = method == "private_key_jwt";
        let jwt = run.jwt(if authenticates { Part::Client } else { Part::Grant });
        prop_assert_eq!(run.signed.concat().len(), 1);
        prop_assert_eq!(&jwt.key, "the config's own");
        prop_assert!(request.contains(&found.replace('@', &jwt.text)), "{} {}", found, request);
        prop_assert_eq!(request.matches("signed-").count(), 1);
        prop_assert!(!request.contains("client_assertion"), "{}", request);
        let subject = &jwt.claims["sub"];
        prop_assert_eq!(subject, "somebody");
        prop_assert_eq!(jwt.claims.get("iss").is_some(), authenticates, "{}", jwt.claims);
        prop_assert_eq!(jwt.claims.get("aud").is_some(), authenticates, "{}", jwt.claims);
    }
}

#[test]
fn a_claim_that_is_left_out_is_as_if_nobody_described_it() {
    for claim in ["iss", "sub", "aud", "exp"] {
        let provider = |claims: Json| {
            let params = json!({ "tenant": { "required": false } });
            json!({ "id": "mine", "extends": "oauth2", "params": params, "assertion": { "claims": claims } })
        };
        let config =
            json!({ "tokenEndpoint": ENDPOINT, "clientId": "a client", "privateKey": held(1) });
        let claims = |own: Json| {
            let scenario = Scenario::of(provider(own), &config);
            let run = scenario.answer(200, json!({ "access_token": "t" })).run();
            with(
                run.jwt(Part::Client).claims.clone(),
                &json!({ "jti": null }),
            )
        };
        assert_eq!(claims(json!({ claim: "{tenant?}" })), claims(json!({})));
    }
}

/// A config of `oauth2` with a key.
fn keyed(fields: &Json) -> Scenario {
    let config = with(
        good("oauth2"),
        &json!({ "clientSecret": null, "privateKey": held(1) }),
    );
    Scenario::of("oauth2", &with(config, fields)).answer(200, json!({ "access_token": "t" }))
}

#[test]
fn a_client_may_sign_who_it_is_and_what_it_asks_for() {
    let provider = json!({
        "id": "mine", "extends": "oauth2",
        "assertion": { "header": { "typ": "own+jwt" }, "claims": { "own": "{clientId}" } },
    });
    let config = json!({
        "tokenEndpoint": ENDPOINT, "clientId": "a client", "privateKey": held(1), "clientAuth": "private_key_jwt",
        "grant": "jwt_bearer", "assertionClaims": { "sub": "somebody", "aud": ["a", "b"], "of": { "deep": [1, null] } }, "keyId": "k",
    });
    let run = Scenario::of(provider, &config)
        .answer(200, json!({ "access_token": "t" }))
        .run();
    let (client, grant) = (run.jwt(Part::Client), run.jwt(Part::Grant));
    has(
        &client.claims,
        &json!({ "iss": "a client", "sub": "a client", "aud": ENDPOINT, "own": "a client", "of": null }),
    );
    has(
        &grant.claims,
        &json!({ "iss": "a client", "sub": "somebody", "aud": ["a", "b"], "own": null, "of": { "deep": [1, null] } }),
    );
    assert_ne!(client.claims["jti"], grant.claims["jti"]);
    for jwt in [client, grant] {
        has(&jwt.header, &json!({ "typ": "own+jwt", "kid": "k" }));
        assert_eq!(jwt.seconds("exp") - jwt.seconds("iat"), 300);
    }
    let request = run.request();
    assert!(
        request.contains(&format!("client_assertion={}", client.text)),
        "{request}"
    );
    assert!(
        request.contains(&format!("&assertion={}", grant.text)),
        "{request}"
    );
}

#[test]
fn a_direct_assertion_is_the_token() {
    let assertion = json!({ "direct": true, "ttl": 600, "backdate": 60, "claims": { "iss": "{clientId}", "aud": "an api" } });
    let provider = json!({
        "id": "mine",
        "params": { "own": { "kind": "key" } },
        "auth": { "method": "none" },
        "assertion": assertion,
        "request": { "url": "https://id.example" },
        "use": { "prefix": "Own ", "origins": ["https://api.example"] },
    });
    let config = json!({ "clientId": "a client", "own": held(1) });
    let mut now = START;
    now.wall += 900;
    let scenario = Scenario::of(provider.clone(), &config).at(now);
    let run = scenario.signing_takes(1_500).run();
    assert!(run.requests.is_empty(), "nothing is sent");
    let jwt = run.jwt(Part::Grant);
    has(
        &jwt.claims,
        &json!({ "iss": "a client", "aud": "an api", "sub": null }),
    );
    assert_eq!(jwt.seconds("iat"), START.wall / 1_000 - 60);
    let ends = START.wall + 600_000;
    assert_eq!(jwt.seconds("exp") * 1_000, ends, "as the token says");
    has(
        &run.token(),
        &json!({ "accessToken": jwt.text, "tokenType": "Bearer", "expiresAt": ends, "headers": { "Authorization": format!("Own {}", jwt.text) } }),
    );

    let asking = with(
        provider.clone(),
        &json!({ "auth": { "method": "client_secret_post" } }),
    );
    let asked = with(config.clone(), &json!({ "clientSecret": FUNCTION }));
    let run = Scenario::of(asking, &asked).secret(Ok("a long secret"));
    let run = run.latency(1_500).run();
    let ends = run.jwt(Part::Grant).seconds("exp") * 1_000;
    assert_eq!(ends, START.wall + 601_000, "of when it was signed");
    has(&run.token(), &json!({ "expiresAt": ends }));

    let refused = Scenario::of(provider, &config)
        .unsigned(Failure::Key("own: is no key".to_owned()))
        .run();
    has(
        &refused.error(),
        &json!({ "code": "invalid_config", "message": "own: is no key", "attempts": 0 }),
    );
}

#[test]
fn what_signs_is_what_the_descriptor_names() {
    let signs = |key: Option<&str>, method: &str, fields: &Json| {
        let params = json!({ "first": { "kind": "key", "required": false }, "other": { "kind": "key", "required": false }, "pass": { "secret": true, "required": false } });
        let assertion = with(
            json!({ "keyEncoding": "hex", "alg": "HS384" }),
            &json!({ "key": key }),
        );
        let provider = json!({
            "id": "mine", "params": params, "auth": { "method": method }, "assertion": assertion, "request": { "url": "https://id.example" },
        });
        let config = with(json!({ "clientId": "a client" }), fields);
        let run = Scenario::of(provider, &config)
            .secret(Ok("an asked secret"))
            .answer(200, json!({ "access_token": "t" }))
            .run();
        let jwt = run.jwt(Part::Client);
        assert_eq!((&*jwt.encoding, &*jwt.alg), ("hex", "HS384"));
        jwt.key.clone()
    };
    let keys = json!({ "first": held(1), "other": held(2), "pass": "word" });
    let key = "private_key_jwt";
    assert_eq!(signs(None, key, &keys), "the config's first");
    assert_eq!(signs(Some("{other}"), key, &keys), "the config's other");
    assert_eq!(
        signs(Some("{clientId}&{pass}"), key, &keys),
        "assertion.key, the text a client&word"
    );
    let secret = "client_secret_jwt";
    for (given, signed) in [
        (
            json!("a long secret"),
            "clientSecret, the text a long secret",
        ),
        (json!(held(3)), "the config's clientSecret"),
    ] {
        let config = with(keys.clone(), &json!({ "clientSecret": given }));
        assert_eq!(signs(None, secret, &config), signed);
        assert_eq!(
            signs(Some("{other}"), secret, &config),
            "the config's other"
        );
    }
}

/// The secret says who the client is, and the key what it asks for: an algorithm that is chosen
/// is for the one that it fits.
#[test]
fn two_keys_may_sign_one_request() {
    for (chosen, client, grant) in [("HS384", "HS384", ""), ("ES256", "", "ES256")] {
        let config = json!({
            "tokenEndpoint": ENDPOINT, "clientId": "a client", "privateKey": held(1), "clientSecret": held(2),
            "clientAuth": "client_secret_jwt", "grant": "jwt_bearer", "algorithm": chosen,
        });
        let run = Scenario::of("oauth2", &config)
            .answer(200, json!({ "access_token": "t" }))
            .run();
        let signed = |part| (run.jwt(part).key.as_str(), run.jwt(part).alg.as_str());
        assert_eq!(signed(Part::Client), ("the config's clientSecret", client));
        assert_eq!(signed(Part::Grant), ("the config's privateKey", grant));
    }
}

/// Neither is known before it is signed where it is for.
#[test]
fn no_assertion_is_part_of_what_it_is_for() {
    let url = "https://id.example/{$assertion}/token";
    let provider = |method: &str| {
        json!({
            "id": "mine", "params": { "own": { "kind": "key" } }, "auth": { "method": method }, "request": { "url": url },
        })
    };
    let config = json!({ "clientId": "a client", "own": held(1) });
    let bound = with(config.clone(), &json!({ "dpop": true }));
    assert!(takes(provider("none"), &config));
    assert!(!takes(provider("private_key_jwt"), &config), "its audience");
    assert!(!takes(provider("none"), &bound), "what is proven");
}

/// RFC 9449: a proof is of a request, and the server binds the token.
#[test]
fn what_is_the_token_itself_is_bound_to_nothing() {
    let provider = json!({
        "id": "mine", "params": { "own": { "kind": "key" } }, "auth": { "method": "none" }, "assertion": { "direct": true }, "request": { "url": "https://id.example" },
    });
    let config = json!({ "clientId": "a client", "own": held(1), "dpop": true });
    let message = refused(provider, &config);
    assert!(message.starts_with("dpop: "), "{message}");
}

#[test]
fn a_secret_that_signs_is_asked_for_at_each_attempt() {
    let asked = json!({ "clientSecret": FUNCTION, "clientAuth": "client_secret_jwt" });
    let run = Scenario::of("oauth2", &with(good("oauth2"), &asked))
        .secret(Ok("the first secret"))
        .secret(Ok("the second secret"))
        .answer(503, "")
        .answer(200, json!({ "access_token": "t" }))
        .run();
    let keys = run
        .jwts(Part::Client)
        .iter()
        .map(|jwt| jwt.key.clone())
        .collect::<Vec<_>>();
    assert_eq!(
        (run.asked, keys),
        (2, vec!["the config's clientSecret".to_owned(); 2])
    );
}

#[test]
fn each_attempt_is_signed_for_its_own_time() {
    let run = keyed(&json!({ "retries": 2 })).draw(0.999).latency(4_000);
    let run = run.with(|answer| answer.status = 503).run();
    let issued: Vec<i64> = run
        .jwts(Part::Client)
        .iter()
        .map(|jwt| jwt.seconds("iat"))
        .collect();
    let start = START.wall / 1_000;
    assert_eq!(issued, [start, start + 4, start + 8]);
}

#[test]
fn what_is_not_signed_is_not_sent() {
    for (failure, expected) in [
        (
            Failure::Key("privateKey: is a public key".to_owned()),
            json!({ "code": "invalid_config", "message": "privateKey: is a public key", "retryable": false }),
        ),
        (
            Failure::Unsupported("there is no WebCrypto".to_owned()),
            json!({ "code": "unsupported", "message": "there is no WebCrypto", "retryable": false }),
        ),
        (
            Failure::Late("the runtime's WebCrypto did not sign"),
            json!({ "code": "timeout", "retryable": true }),
        ),
    ] {
        let run = keyed(&json!({})).unsigned(failure).run();
        has(&run.error(), &expected);
        has(
            &run.error(),
            &json!({ "attempts": 0, "status": null, "provider": "oauth2" }),
        );
        assert!(run.requests.is_empty());
    }
}

/// It has taken the time of an attempt, and is no server's fault that may be gone a moment later.
#[test]
fn signing_that_takes_too_long_is_not_tried_again() {
    for retries in [0, 5] {
        let run = keyed(&json!({ "retries": retries, "timeout": 10 }))
            .unsigned(Failure::Late("nothing was signed"))
            .run();
        assert_eq!((run.requests.len(), run.signed.len()), (0, 1));
        assert_eq!((run.took, run.waits.len()), (10, 0));
    }
}
