//! Faulty configs: each is refused before anything is sent, and the field is named.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]

mod support;

use support::configs::{PROVIDERS, good, names, with};
use support::{FUNCTION, Json, held, json, refused, takes};

#[test]
fn a_missing_field_is_named() {
    for (provider, fields) in [
        ("emporix", vec!["tenant", "clientId", "clientSecret"]),
        ("firstvision", vec!["baseUrl", "clientId", "clientSecret"]),
        (
            "firstvision-query",
            vec!["baseUrl", "clientId", "clientSecret", "scope"],
        ),
        ("abtasty", vec!["accountId", "clientId", "clientSecret"]),
        ("oauth2", vec!["tokenEndpoint", "clientId", "clientSecret"]),
        ("oidc", vec!["issuer"]),
    ] {
        for field in fields {
            let message = names(provider, &json!({ field: null }), field);
            assert!(message.contains(provider), "{message}");
        }
    }
}

#[test]
fn a_wrong_value_is_named() {
    for (field, values) in [
        ("clientId", vec![json!(""), json!(7), json!(null)]),
        ("clientSecret", vec![json!(""), json!(7), json!(["x"])]),
        ("scope", vec![json!(7), json!({}), json!(true)]),
        ("audience", vec![json!(""), json!([])]),
        ("params", vec![json!("a=b"), json!([])]),
        ("headers", vec![json!("a: b"), json!(FUNCTION)]),
        (
            "tokenEndpoint",
            vec![
                json!(""),
                json!(7),
                json!("id.example/token"),
                json!("ftp://id.example/token"),
            ],
        ),
        (
            "timeout",
            vec![
                json!(0),
                json!(20_001),
                json!(1.5),
                json!(-1),
                json!("8000"),
            ],
        ),
        ("retries", vec![json!(6), json!(-1), json!(0.5), json!("2")]),
        ("refreshAhead", vec![json!(-1), json!("1")]),
        ("maxAge", vec![json!(-1), json!(1.5)]),
        ("fetch", vec![json!({}), json!("fetch")]),
        ("waitUntil", vec![json!(true)]),
        ("partition", vec![json!(7)]),
        ("allowHttp", vec![json!("false"), json!(1)]),
        (
            "clientAuth",
            vec![json!("basic"), json!("client_secret_query")],
        ),
        ("bodyFormat", vec![json!("xml")]),
        ("dpop", vec![json!("true"), json!(1)]),
        (
            "grant",
            vec![json!("password"), json!("refresh_token"), json!(7)],
        ),
        (
            "algorithm",
            vec![json!("none"), json!("rs256"), json!("RS")],
        ),
        ("keyId", vec![json!(""), json!(7), json!(" ")]),
        (
            "privateKey",
            vec![json!("a text"), json!({}), json!(7), json!(FUNCTION)],
        ),
        (
            "assertionAudience",
            vec![json!("issuer"), json!(""), json!([])],
        ),
        ("certificate", vec![json!(""), json!(7)]),
        (
            "assertionClaims",
            vec![json!("a"), json!([]), json!({ "sub": "a" })],
        ),
        ("subjectToken", vec![json!("a token"), json!("")]),
        ("actorToken", vec![json!("a token")]),
        ("requestedTokenType", vec![json!("urn:a")]),
        ("tokenEndpoint", vec![json!(held(1))]),
        ("clientId", vec![json!(held(1))]),
    ] {
        for value in values {
            names("oauth2", &json!({ field: value }), field);
        }
    }
    for value in [json!(-1), json!(1.5), json!("1h"), json!(true)] {
        names("abtasty", &json!({ "expiresIn": value }), "expiresIn");
    }
    names("oauth2", &json!({ "params": { "a": 7 } }), "params.a");
    names("oauth2", &json!({ "resource": ["urn:a", 7] }), "resource.1");
    assert!(refused("oauth2", &json!([])).starts_with("config: "));
}

#[test]
fn a_misspelling_brings_the_name_that_was_meant() {
    for (provider, written, meant) in [
        ("oauth2", "cleintId", "clientId"),
        ("oauth2", "client_secret", "clientSecret"),
        ("oauth2", "scopes", "scope"),
        ("emporix", "tennant", "tenant"),
        ("abtasty", "accountID", "accountId"),
        ("oauth2", "tokenEndPoint", "tokenEndpoint"),
        ("oauth2", "private_key", "privateKey"),
        ("oauth2", "dPoP", "dpop"),
        ("oidc", "isuer", "issuer"),
    ] {
        let message = names(provider, &json!({ written: "x" }), written);
        assert!(message.contains(&format!("'{meant}'")), "{message}");
    }
    for (written, meant) in [
        ("emporx", "'emporix'"),
        ("first-vision", "'firstvision'"),
        ("OAuth2", "'oauth2'"),
    ] {
        let message = refused(written, &good("oauth2"));
        assert!(
            message.starts_with("provider: ") && message.contains(meant),
            "{message}"
        );
    }
    let message = names("oauth2", &json!({ "colour": "red" }), "colour");
    assert!(!message.contains("did you mean"), "{message}");
}

#[test]
fn a_descriptors_fault_has_its_path() {
    let descriptor = |part: Json| {
        with(
            json!({ "id": "mine", "request": { "url": "https://id.example/token" } }),
            &part,
        )
    };
    for (part, path) in [
        (json!({ "id": null }), "descriptor.id"),
        (json!({ "request": { "url": 7 } }), "descriptor.request.url"),
        (
            json!({ "request": { "url": "https://{nobody}/" } }),
            "descriptor.request.url.{nobody}",
        ),
        (
            json!({ "request": { "url": "https://id.example/", "body": { "list": ["", "{nobody?}"] } } }),
            "descriptor.request.body.list.1.{nobody}",
        ),
        (
            json!({ "response": { "expiry": [{ "path": "e" }] } }),
            "descriptor.response.expiry.0.as",
        ),
        (
            json!({ "response": { "expiry": [{ "path": "e", "as": "fortnights" }] } }),
            "descriptor.response.expiry.0.as",
        ),
        (json!({ "extends": "emporx" }), "descriptor.extends"),
        (
            json!({ "cache": { "exclusiv": true } }),
            "descriptor.cache.exclusiv",
        ),
        (
            json!({ "params": { "constructor": {} } }),
            "descriptor.params.constructor",
        ),
        (
            json!({ "params": { "dpop": {} } }),
            "descriptor.params.dpop",
        ),
        (
            json!({ "assertion": { "claims": { "a": { "b": ["{nobody}"] } } } }),
            "descriptor.assertion.claims.a.b.0.{nobody}",
        ),
        (
            json!({ "assertion": { "claims": { "a": "{$assertion}" } } }),
            "descriptor.assertion.claims.a.{$assertion}",
        ),
        (
            json!({ "assertion": { "key": "{$uuid}" } }),
            "descriptor.assertion.key.{$uuid}",
        ),
        (
            json!({ "assertion": { "ttl": "300" } }),
            "descriptor.assertion.ttl",
        ),
        (
            json!({ "assertion": { "alg": "none" } }),
            "descriptor.assertion.alg",
        ),
        (
            json!({ "params": { "key": { "kind": "key" } }, "request": { "url": "https://id.example/", "body": { "a": "x{key}" } } }),
            "descriptor.request.{key}",
        ),
        (
            json!({ "params": { "key": { "kind": "key" } }, "assertion": { "header": { "kid": "{key?}" } } }),
            "descriptor.assertion.header.{key}",
        ),
        // A name may be empty.
        (
            json!({ "params": { "": { "kind": "key" } }, "request": { "url": "https://id.example/", "body": { "a": "x{}" } } }),
            "descriptor.request.{}",
        ),
        (
            json!({ "auth": { "method": "private_key_jwt" } }),
            "descriptor.assertion.key",
        ),
        (
            json!({ "auth": { "method": "none" }, "assertion": { "direct": true } }),
            "descriptor.assertion.key",
        ),
        (
            json!({ "request": { "url": "https://id.example/", "body": { "a": "{$assertion}" } } }),
            "descriptor.assertion.key",
        ),
    ] {
        let message = refused(descriptor(part), &good("oauth2"));
        assert!(message.starts_with(&format!("{path}: ")), "{message}");
    }
}

/// Who a client is, and by which means it says so; what is missing is named, and what is there
/// is enough.
#[test]
fn each_way_to_authenticate_takes_its_own_means() {
    let bare = json!({ "clientSecret": null, "fetch": null });
    for (fields, missing) in [
        (json!({ "privateKey": held(1) }), ""),
        (json!({ "clientAuth": "private_key_jwt" }), "privateKey"),
        (
            json!({ "privateKey": held(1), "clientId": null }),
            "clientId",
        ),
        (
            json!({ "clientAuth": "client_secret_jwt", "privateKey": held(1) }),
            "clientSecret",
        ),
        (
            json!({ "clientAuth": "client_secret_jwt", "clientSecret": held(2) }),
            "",
        ),
        (json!({ "clientAuth": "tls_client_auth" }), "fetch"),
        (
            json!({ "clientAuth": "tls_client_auth", "fetch": FUNCTION }),
            "",
        ),
        (
            json!({ "clientAuth": "tls_client_auth", "fetch": FUNCTION, "clientId": null }),
            "clientId",
        ),
        (json!({ "clientAuth": "none" }), ""),
        (
            json!({ "grant": "jwt_bearer", "privateKey": held(1), "clientId": null }),
            "clientId",
        ),
        (
            json!({ "grant": "jwt_bearer", "privateKey": held(1), "clientId": null, "assertionClaims": { "iss": "a client" } }),
            "",
        ),
        (
            json!({ "privateKey": held(1), "clientSecret": "a long secret" }),
            "clientAuth",
        ),
        (json!({ "grant": "jwt_bearer" }), "privateKey"),
        (
            json!({ "grant": "token_exchange", "subjectToken": "a token" }),
            "",
        ),
        (json!({ "clientId": null }), "clientId"),
        (json!({}), "clientSecret"),
    ] {
        let config = with(with(good("oauth2"), &bare), &fields);
        if missing.is_empty() {
            assert!(
                takes("oauth2", &config),
                "{fields}: {}",
                refused("oauth2", &config)
            );
        } else {
            let message = refused("oauth2", &config);
            assert!(
                message.starts_with(&format!("{missing}: ")),
                "{fields}: {message}"
            );
        }
    }
}

/// The name of a field may be any text, and a message is read in logs.
#[test]
fn an_unknown_field_is_told_in_one_bounded_line() {
    for field in ["a\u{0}\r\nb\u{85}", &"\u{7f}long".repeat(1_000)] {
        let message = refused("emporix", &with(good("emporix"), &json!({ field: 1 })));
        assert!(!message.contains(char::is_control), "{message:?}");
        assert!(message.chars().count() <= 1_000, "{message}");
    }
}

/// A secret may be sent, and a key is not.
#[test]
fn a_key_is_no_secret() {
    let keys = [
        "-----BEGIN PRIVATE KEY-----\nMIIB",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIB",
        r#"{"type":"service_account","private_key":"-----BEGIN PRIVATE KEY-----\nMIIB"}"#,
        r#"{"kty":"EC","d":"MIIB"}"#,
    ];
    for key in keys {
        for provider in PROVIDERS {
            let message = names(provider, &json!({ "clientSecret": key }), "clientSecret");
            assert!(!message.contains("MIIB"), "{message}");
        }
    }
}
