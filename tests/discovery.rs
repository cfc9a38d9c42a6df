//! Discovery: where an issuer's metadata is looked for, whose it must be, and what is made of
//! it for a client with its own means (OpenID Connect Discovery 1.0, RFC 8414, RFC 8705).

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]
#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

mod discovery {
    pub(crate) mod means;
}
mod support;

use discovery::means::{METHODS, means};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use support::configs::with;
use support::{FUNCTION, Json, Scenario, has, held, json, many_cases, refused, takes};
use tokenlet::request::Part;

const ISSUER: &str = "https://login.example/tenant";
const ENDPOINT: &str = "https://id.example/token";
const TOKEN: &str = r#"{"access_token":"t","expires_in":60}"#;

fn config(fields: &Json) -> Json {
    let config =
        json!({ "issuer": ISSUER, "clientId": "a client", "clientSecret": "a long secret" });
    with(config, fields)
}

fn call(fields: &Json) -> Scenario {
    Scenario::of("oidc", &config(fields)).answer(200, TOKEN)
}

/// The metadata of an issuer, with these members besides or instead.
fn metadata(fields: &Json) -> Json {
    with(
        json!({ "issuer": ISSUER, "token_endpoint": ENDPOINT }),
        fields,
    )
}

fn issuers() -> impl Strategy<Value = (String, String, String)> {
    let hosts = select(
        &[
            "https://login.example",
            "https://login.example:8443",
            "http://localhost:9000",
            "https://xn--bcher-kva.example",
        ][..],
    );
    let segments = vec(
        select(
            &[
                "tenant", "v2.0", "a%20b", "~a;b=c,d", "realms", "%7Bid%7D", "$uuid",
            ][..],
        ),
        0..4,
    );
    (hosts, segments, 0..3_usize).prop_map(|(host, segments, slashes)| {
        let path: String = segments
            .iter()
            .map(|segment| format!("/{segment}"))
            .collect();
        (host.to_owned(), path, "/".repeat(slashes))
    })
}

proptest! {
    #![proptest_config(many_cases())]

    /// OpenID Connect Discovery 1.0, section 4.1; RFC 8414, section 3.1.
    #[test]
    fn metadata_is_looked_for_in_two_places((host, path, slashes) in issuers(), status in select(&[200_u16, 302, 400, 401, 404, 405][..])) {
        let issuer = format!("{host}{path}{slashes}");
        let run = call(&json!({ "issuer": issuer, "retries": 0 }))
            .metadata(status, "<html>")
            .metadata(200, metadata(&json!({ "issuer": issuer })))
            .run();
        let [first, second] = &run.discovered[..] else {
            panic!("two requests were expected: {:?}", run.discovered);
        };
        let of_openid = format!("GET {host}{path}/.well-known/openid-configuration\n");
        let of_oauth = format!("GET {host}/.well-known/oauth-authorization-server{path}\n");
        prop_assert!(first.starts_with(&of_openid), "{}", first);
        prop_assert!(second.starts_with(&of_oauth), "{}", second);
        for request in [first, second] {
            prop_assert!(!request.contains("authorization:") && !request.contains("client"), "{}", request);
        }
        let sent = format!("POST {ENDPOINT}\n");
        prop_assert!(run.request().starts_with(&sent), "{}", run.request());
        prop_assert!(run.end.is_ok());
    }

    /// RFC 8414, section 3.3: the issuer is the same, character for character.
    #[test]
    fn metadata_is_of_this_issuer_alone((host, path, slashes) in issuers(), other in issuers(), change in 0..8_usize) {
        let issuer = format!("{host}{path}{slashes}");
        let told = match change {
            0 => json!(issuer),
            1 => json!(format!("{issuer}/")),
            2 => json!(issuer.trim_end_matches('/')),
            3 => json!(issuer.to_uppercase()),
            4 => json!([issuer]),
            5 => Json::Null,
            6 => json!("other"),
            _ => json!([other.0, other.1, other.2].concat()),
        };
        let run = call(&json!({ "issuer": issuer, "retries": 0 })).metadata(200, metadata(&json!({ "issuer": told }))).run();
        if told == json!(issuer) {
            prop_assert!(run.end.is_ok(), "{}", run.error());
        } else {
            prop_assert!(run.requests.is_empty(), "nothing is sent");
            has(&run.error(), &json!({ "code": "invalid_response", "retryable": false, "provider": "oidc" }));
        }
    }
}

/// How a client authenticated.
fn used(request: &str) -> &'static str {
    let assertion = request.contains("client_assertion=");
    match request {
        _ if request.contains("authorization: Basic ") => "client_secret_basic",
        _ if request.contains("&client_secret=") => "client_secret_post",
        _ if assertion => "…_jwt",
        _ => "none",
    }
}

proptest! {
    #![proptest_config(many_cases())]

    /// What the server takes, and the client holds; what the config says wins.
    #[test]
    fn a_client_authenticates_as_server_and_means_allow(means in means(), supported in option::of(subsequence(METHODS, 0..6)), algorithms in option::of(subsequence(&["RS256", "PS256", "ES256"][..], 0..3))) {
        let config = means.config();
        // What is missing is told before anything is looked for.
        if !takes("oidc", &config) {
            return Ok(());
        }
        let told = json!({ "token_endpoint_auth_methods_supported": supported, "token_endpoint_auth_signing_alg_values_supported": algorithms });
        let run = Scenario::of("oidc", &config)
            .secret(Ok("a long secret"))
            .metadata(200, metadata(&told))
            .answer(200, TOKEN)
            .run();
        if means.bears() && !means.client {
            let error = run.error();
            prop_assert!(error["message"].as_str().unwrap().starts_with("client"), "{}", error);
            prop_assert!(run.requests.is_empty(), "nobody signs it");
            return Ok(());
        }
        let usual = vec!["client_secret_basic"];
        let listed = supported.as_ref().filter(|listed| !listed.is_empty());
        let Some(method) = means.method(listed.unwrap_or(&usual)) else {
            let error = run.error();
            has(&error, &json!({ "code": "invalid_config" }));
            prop_assert!(error["message"].as_str().unwrap().starts_with("clientAuth: "), "{}", error);
            prop_assert!(run.requests.is_empty());
            return Ok(());
        };
        let expected = match method {
            "client_secret_jwt" | "private_key_jwt" => "…_jwt",
            "tls_client_auth" => "none",
            other => other,
        };
        prop_assert_eq!(used(run.request()), expected, "{}", run.request());
        for jwt in run.jwts(Part::Client) {
            prop_assert_eq!(&jwt.claims["iss"], "a client");
            prop_assert_eq!(&jwt.claims["sub"], "a client");
            prop_assert_eq!(&jwt.claims["aud"], ENDPOINT);
            let key = match method {
                "private_key_jwt" => "the config's privateKey",
                _ if means.secret == Some(FUNCTION) => "the config's clientSecret",
                _ => "clientSecret, the text a long secret",
            };
            prop_assert_eq!(&jwt.key, key);
            let among: Vec<&str> = jwt.among.iter().map(String::as_str).collect();
            prop_assert_eq!(among, algorithms.clone().unwrap_or_default());
        }
        // What the server takes of clients says nothing of grants.
        prop_assert!(run.jwts(Part::Grant).iter().all(|jwt| jwt.among.is_empty()));
    }
}

/// RFC 7523, section 2.1: who the assertion is of may stand in its claims alone.
#[test]
fn a_grant_that_names_nobody_needs_no_client() {
    let claims = json!({ "iss": "somebody", "sub": "somebody else" });
    let fields = json!({ "clientId": null, "clientSecret": null, "privateKey": held(1), "grant": "jwt_bearer", "assertionClaims": claims });
    for supported in ["private_key_jwt", "client_secret_basic"] {
        let told = json!({ "token_endpoint_auth_methods_supported": [supported] });
        let run = call(&fields).metadata(200, metadata(&told)).run();
        assert_eq!(run.jwt(Part::Grant).claims["iss"], "somebody");
        assert!(run.jwts(Part::Client).is_empty() && run.end.is_ok());
    }
}

/// RFC 8705, section 5.
#[test]
fn aliases_are_for_clients_with_certificates() {
    let alias = "https://mtls.id.example/token";
    let aliases = json!({ "mtls_endpoint_aliases": { "token_endpoint": alias } });
    let mutual = json!({ "id": "mine", "extends": "oidc", "auth": { "mtls": true } });
    for (provider, fields, told, endpoint) in [
        (json!("oidc"), json!({}), aliases.clone(), ENDPOINT),
        (
            json!("oidc"),
            json!({ "clientAuth": "tls_client_auth" }),
            aliases.clone(),
            alias,
        ),
        (
            json!("oidc"),
            json!({ "clientAuth": "tls_client_auth" }),
            json!({}),
            ENDPOINT,
        ),
        (
            json!("oidc"),
            json!({ "clientAuth": "tls_client_auth" }),
            json!({ "mtls_endpoint_aliases": { "token_endpoint": "" } }),
            ENDPOINT,
        ),
        (mutual, json!({}), aliases, alias),
    ] {
        let config = with(config(&json!({ "fetch": FUNCTION })), &fields);
        let scenario = Scenario::of(provider, &config).metadata(200, metadata(&told));
        let run = scenario.answer(200, TOKEN).run();
        let sent = format!("POST {endpoint}\n");
        assert!(run.request().starts_with(&sent), "{}", run.request());
    }
}

#[test]
fn metadata_that_leads_nowhere_safe_is_refused() {
    let http = "http://id.example/token";
    for (endpoint, fields, sent) in [
        (json!(http), json!({}), false),
        (json!(http), json!({ "allowHttp": true }), true),
        // An issuer elsewhere does not lead to this machine.
        (json!("http://127.0.0.1:9000/token"), json!({}), false),
        (
            json!("http://127.0.0.1:9000/token"),
            json!({ "issuer": "http://localhost:9000" }),
            true,
        ),
        (json!("/token"), json!({}), false),
        (json!("https://user@id.example/token"), json!({}), false),
        (json!("https://id.example/token#a"), json!({}), false),
        (json!(""), json!({}), false),
        (json!(7), json!({}), false),
        (Json::Null, json!({}), false),
    ] {
        let fields = with(fields, &json!({ "retries": 0 }));
        let issuer = fields["issuer"].as_str().unwrap_or(ISSUER);
        let told = metadata(&json!({ "issuer": issuer, "token_endpoint": endpoint }));
        let run = call(&fields).metadata(200, told).run();
        assert_eq!(run.requests.len(), usize::from(sent), "{endpoint}");
        assert_eq!(run.end.is_ok(), sent, "{endpoint}");
        if !sent {
            let error = run.error();
            has(&error, &json!({ "retryable": false, "provider": "oidc" }));
            assert!(
                error["message"]
                    .as_str()
                    .unwrap()
                    .contains("token_endpoint"),
                "{error}"
            );
        }
    }
}

#[test]
fn what_keeps_metadata_away_is_what_the_caller_is_told() {
    for (told, code, times) in [
        (call(&json!({})).metadata(404, "<html>"), "http", 2),
        (call(&json!({})).metadata(503, ""), "http", 3),
        (call(&json!({ "retries": 0 })).metadata(503, ""), "http", 1),
        (call(&json!({})).metadata(302, ""), "redirect", 2),
        (
            call(&json!({})).metadata(302, "").metadata(404, ""),
            "redirect",
            2,
        ),
        (
            call(&json!({})).metadata(404, "").metadata(302, ""),
            "redirect",
            2,
        ),
        (
            call(&json!({})).metadata(200, "<html>"),
            "invalid_response",
            4,
        ),
        (call(&json!({})).metadata(200, "{}"), "invalid_response", 1),
        (call(&json!({ "retries": 0 })).no_metadata(), "timeout", 1),
        (
            call(&json!({}))
                .metadata(503, "")
                .metadata(404, "")
                .metadata(503, ""),
            "http",
            4,
        ),
    ] {
        let run = told.run();
        assert!(run.requests.is_empty(), "nothing is sent");
        assert_eq!(run.discovered.len(), times, "{}", run.error());
        let error = run.error();
        has(&error, &json!({ "code": code, "provider": "oidc" }));
        let message = error["message"].as_str().unwrap();
        assert!(message.starts_with("the issuer's metadata: "), "{message}");
    }
}

/// An endpoint that is gone may have moved since its metadata was fetched.
#[test]
fn an_endpoint_that_is_gone_is_looked_for_once_more() {
    let moved = metadata(&json!({ "token_endpoint": "https://moved.example/token" }));
    let gone = |status: u16| {
        let scenario = Scenario::of("oidc", &config(&json!({ "retries": 0 })));
        let scenario = scenario.metadata(200, metadata(&json!({})));
        scenario.metadata(200, moved.clone()).answer(status, "")
    };
    for status in [404, 405, 410] {
        let run = gone(status).answer(200, TOKEN).run();
        assert_eq!((run.requests.len(), run.discovered.len()), (2, 2));
        assert!(run.requests[1].starts_with("POST https://moved.example/token\n"));
        assert!(run.end.is_ok() && run.waits.is_empty());
        let run = gone(status).run();
        assert_eq!((run.requests.len(), run.discovered.len()), (2, 2), "once");
    }
    for status in [400, 401, 403, 500, 503] {
        let run = gone(status).run();
        assert_eq!((run.requests.len(), run.discovered.len()), (1, 1));
    }
}

/// What can not be read may be another one's answer, as it may for a token; or there is none in
/// this place.
#[test]
fn a_page_in_the_place_of_metadata_is_tried_again() {
    let page = || call(&json!({})).metadata(200, "<html>");
    let expected = json!({ "code": "invalid_response", "retryable": true, "attempts": 4 });
    has(&page().run().error(), &expected);
    let run = page().metadata(200, metadata(&json!({}))).run();
    assert_eq!(run.discovered.len(), 2);
    assert!(run.discovered[1].contains("/openid-configuration\n"));
    let run = page()
        .metadata(200, "<html>")
        .metadata(200, "<html>")
        .metadata(200, metadata(&json!({})))
        .run();
    assert_eq!(run.discovered.len(), 4);
    assert!(run.end.is_ok() && run.discovered[3].contains("/oauth-authorization-server/"));
}

#[test]
fn metadata_is_the_same_for_everybody() {
    let key = |fields: &Json| {
        let plan = support::plan(&"oidc".into(), &config(fields));
        plan.metadata(support::HOST).unwrap().key()
    };
    let mine = key(&json!({}));
    for fields in [
        json!({ "clientId": "another", "clientSecret": "of its own", "scope": "a" }),
        json!({ "clientSecret": null, "privateKey": held(1), "dpop": true }),
        json!({ "headers": { "x": "y" }, "params": { "a": "b" }, "maxAge": 1, "timeout": 5 }),
    ] {
        assert_eq!(key(&fields), mine, "{fields}");
    }
    for fields in [
        json!({ "issuer": "https://login.example/tenant/" }),
        json!({ "issuer": "https://login.example" }),
        json!({ "partition": "of its own" }),
    ] {
        assert_ne!(key(&fields), mine, "{fields}");
    }
}

#[test]
fn an_endpoint_that_is_known_is_not_looked_for() {
    let known = call(
        &json!({ "tokenEndpoint": "https://known.example/token", "assertionAudience": "issuer", "clientSecret": null, "privateKey": held(1) }),
    );
    let run = known.run();
    assert!(run.discovered.is_empty());
    assert!(
        run.request()
            .starts_with("POST https://known.example/token\n")
    );
    assert_eq!(run.jwt(Part::Client).claims["aud"], ISSUER);
}

#[test]
fn an_issuer_is_a_url_that_may_be_asked() {
    for issuer in [
        json!(null),
        json!(""),
        json!("login.example"),
        json!("http://login.example"),
        json!("https://login.example/?a=b"),
        json!("https://login.example/#a"),
        json!("https://user:pass@login.example"),
        json!("https://login.example/a/../b"),
        json!("https://login.example/a\"b"),
        json!("https://login.example/{tenant}"),
        json!("https://login.example/a b"),
    ] {
        let message = refused("oidc", &config(&json!({ "issuer": issuer })));
        assert!(message.starts_with("issuer: "), "{issuer}: {message}");
    }
}

#[test]
fn previews_discover_nothing() {
    let preview = support::preview("oidc", &config(&json!({ "audience": "a" })));
    let start = format!("POST {{token_endpoint of {ISSUER}}}\n");
    assert!(preview.starts_with(&start), "{preview}");
}
