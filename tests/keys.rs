//! Which configs share a token: equal keys if, and only if, the configs ask for
//! the same.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]

mod support;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use sha2::{Digest as _, Sha256};
use support::{FUNCTION, HOST, Json, held, json, key};
use tokenlet::flow::Plan;
use tokenlet::value::Value;

/// What a config asks for.
#[derive(Clone, Debug, PartialEq)]
struct Wish {
    secret: u8,
    tenant: u8,
    scopes: [bool; 3],
    header: Option<u8>,
    param: Option<u8>,
    audience: Option<u8>,
    partition: Option<u8>,
    other_base: bool,
}

/// How a config says it, and what it says that changes no token.
#[derive(Clone, Debug)]
struct Spelling {
    /// The scopes in this order, with repeats; missing ones follow.
    order: Vec<usize>,
    as_text: bool,
    upper_case: bool,
    explicit: bool,
    timeout: Option<u16>,
    retries: Option<u8>,
}

fn wish() -> impl Strategy<Value = Wish> {
    let options = (
        option::of(0..2_u8),
        option::of(0..2_u8),
        option::of(0..2_u8),
        option::of(0..2_u8),
    );
    (0..2_u8, 0..2_u8, any::<[bool; 3]>(), options, any::<bool>()).prop_map(
        |(secret, tenant, scopes, (header, param, audience, partition), other_base)| Wish {
            secret,
            tenant,
            scopes,
            header,
            param,
            audience,
            partition,
            other_base,
        },
    )
}

fn spelling() -> impl Strategy<Value = Spelling> {
    let policy = (option::of(1..20_000_u16), option::of(0..5_u8));
    (
        vec(0..3_usize, 0..6),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        policy,
    )
        .prop_map(
            |(order, as_text, upper_case, explicit, (timeout, retries))| Spelling {
                order,
                as_text,
                upper_case,
                explicit,
                timeout,
                retries,
            },
        )
}

/// Two wishes that are the same, or differ in one thing, or in many.
fn two_wishes() -> impl Strategy<Value = (Wish, Wish)> {
    (wish(), wish(), 0..10_u8).prop_map(|(one, other, kept)| {
        let mut second = one.clone();
        match kept {
            0 => second = other,
            1 => second.secret = other.secret,
            2 => second.tenant = other.tenant,
            3 => second.scopes = other.scopes,
            4 => second.header = other.header,
            5 => second.param = other.param,
            6 => second.audience = other.audience,
            7 => second.partition = other.partition,
            8 => second.other_base = other.other_base,
            _ => {}
        }
        (one, second)
    })
}

fn written(wish: &Wish, spelling: &Spelling) -> Json {
    let mut config = json!({
        "tenant": format!("tenant{}", wish.tenant),
        "clientId": "client",
        "clientSecret": format!("a long secret {}", wish.secret),
    });
    let scopes = spelling
        .order
        .iter()
        .copied()
        .chain(0..3)
        .filter(|at| wish.scopes[*at]);
    let scopes: Vec<&str> = scopes.map(|at| ["a.read", "b.read", "a"][at]).collect();
    if spelling.explicit || !scopes.is_empty() {
        config["scope"] = if spelling.as_text {
            json!(scopes.join("  "))
        } else {
            json!(scopes)
        };
    }
    if let Some(value) = wish.header {
        let name = if spelling.upper_case {
            "X-SHARD"
        } else {
            "x-shard"
        };
        config["headers"] = json!({ name: value.to_string() });
    }
    if let Some(value) = wish.param {
        config["params"] = json!({ "shard": value.to_string() });
    }
    if let Some(value) = wish.audience {
        config["audience"] = json!(value.to_string());
    }
    if let Some(value) = wish.partition {
        config["partition"] = json!(value.to_string());
    }
    if wish.other_base {
        config["baseUrl"] = json!(if spelling.upper_case {
            "HTTPS://Other.Example:443"
        } else {
            "https://other.example"
        });
    } else if spelling.explicit {
        config["baseUrl"] = json!("https://api.emporix.io/");
    }
    if let Some(timeout) = spelling.timeout {
        config["timeout"] = json!(timeout);
    }
    if let Some(retries) = spelling.retries {
        config["retries"] = json!(retries);
        config["fetch"] = json!(FUNCTION);
    }
    config
}

proptest! {
    #![proptest_config(support::cases())]

    #[test]
    fn keys_are_equal_if_and_only_if_the_wishes_are((one, other) in two_wishes(), first in spelling(), second in spelling()) {
        let (first, second) = (written(&one, &first), written(&other, &second));
        prop_assert_eq!(key("emporix", &first) == key("emporix", &second), one == other, "{} {}", first, second);
    }
}

#[test]
fn defaults_may_be_written_out() {
    let account =
        json!({ "accountId": "acc0unt", "clientId": "client", "clientSecret": "a long secret" });
    let same = |field: &str, value: Json| {
        let mut config = account.clone();
        config[field] = value;
        key("abtasty", &config) == key("abtasty", &account)
    };
    assert!(same("expiresIn", json!(43200)));
    assert!(same("expiresIn", json!("43200")));
    assert!(same("baseUrl", json!("https://auth.flagship.io/")));
    assert!(same("scope", json!([])));
    assert!(
        !same("expiresIn", json!(43201)),
        "the lifetime asked for is part of what token comes"
    );
    assert!(
        same("scope", json!("*")),
        "the resolved scope counts, not how it came about"
    );
}

#[test]
fn nothing_can_be_written_inside_another_field() {
    let endpoint = "https://id.example/token";
    let config = |fields: Json| {
        let mut config =
            json!({ "tokenEndpoint": endpoint, "clientId": "a", "clientSecret": "a long secret" });
        config
            .as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        key("oauth2", &config)
    };
    let plain = config(json!({ "audience": "b" }));
    assert_ne!(config(json!({ "clientId": "a;audience:1:b;" })), plain);
    assert_ne!(config(json!({ "clientId": "a\naudience=b" })), plain);
    assert_ne!(config(json!({ "resource": ["b"] })), plain);
    assert_ne!(
        config(json!({ "params": { "audience2": "b" } })),
        config(json!({ "headers": { "audience2": "b" } }))
    );
    assert_ne!(
        config(json!({ "resource": ["a", "b"] })),
        config(json!({ "resource": ["a b"] }))
    );
}

#[test]
fn the_key_covers_the_credential_and_the_whole_descriptor() {
    let secret = |secret: &str| json!({ "tokenEndpoint": "https://id.example/token", "clientId": "a", "clientSecret": secret });
    let (asked, written) = (
        key("oauth2", &secret(FUNCTION)),
        key("oauth2", &secret("a long secret")),
    );
    assert_ne!(
        asked, written,
        "who asks a function never shares with who gave a string"
    );
    assert_ne!(written, key("oauth2", &secret("a long secreT")));

    let mine = |prefix: &str| {
        let provider = json!({ "id": "mine", "extends": "oauth2", "use": { "prefix": prefix } });
        support::plan(&provider, &secret("a long secret")).key()
    };
    assert_eq!(mine("Bearer "), mine("Bearer "));
    assert_ne!(
        mine("Bearer "),
        mine("Token "),
        "the id alone does not make a provider"
    );
}

/// A call that signs: each field is one of a few values, or unset.
type Signing = [Option<usize>; 9];

/// The fields, and what they may be. No two values of a field ask for the same token.
fn values() -> [(&'static str, Vec<Json>); 9] {
    let token_types = vec![json!("urn:a"), json!("urn:b")];
    [
        (
            "privateKey",
            vec![json!(held(1)), json!(held(2)), json!(held(11))],
        ),
        (
            "clientSecret",
            vec![json!("a long secret"), json!(held(1)), json!(FUNCTION)],
        ),
        ("dpop", vec![json!(true)]),
        ("keyId", vec![json!("a"), json!("b")]),
        (
            "subjectToken",
            vec![json!("a subject token"), json!("the actor token")],
        ),
        (
            "actorToken",
            vec![json!("a subject token"), json!("the actor token")],
        ),
        ("subjectTokenType", token_types.clone()),
        ("requestedTokenType", token_types),
        ("assertionAudience", vec![json!("urn:a"), json!("urn:b")]),
    ]
}

fn signing() -> impl Strategy<Value = Signing> {
    prop::array::uniform9(option::of(0..3_usize))
}

/// The config of a token exchange, which needs a subject.
fn exchange(signing: &Signing) -> Json {
    let mut config = json!({
        "tokenEndpoint": "https://id.example/token", "clientId": "a", "grant": "token_exchange", "subjectToken": "another token",
    });
    // Which of two means is used is not guessed.
    if signing[0].is_some() && signing[1].is_some() {
        config["clientAuth"] = "client_secret_post".into();
    }
    for ((field, values), choice) in values().into_iter().zip(signing) {
        if let Some(choice) = choice {
            config[field] = values.iter().cycle().nth(*choice).cloned().into();
        }
    }
    config
}

/// Claims that are the same to a server, or are not.
fn claims() -> impl Strategy<Value = Json> {
    let leaf = select(vec![
        json!(1),
        json!("1"),
        json!(null),
        json!("b"),
        json!(1.5),
    ]);
    leaf.prop_recursive(3, 12, 3, |inner| {
        let names = select(vec!["a", "b", "c"]);
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Json::from),
            prop::collection::btree_map(names, inner, 0..3).prop_map(|members| json!(members)),
        ]
    })
}

/// The same with the members of objects the other way round, as JavaScript keeps them.
fn reversed(json: &Json) -> Value {
    match json {
        Json::Object(members) => {
            let member = |(name, member): (&String, &Json)| (name.clone(), reversed(member));
            Value::Object(members.iter().rev().map(member).collect())
        }
        Json::Array(items) => Value::Array(items.iter().map(reversed).collect()),
        other => support::value(other),
    }
}

proptest! {
    #![proptest_config(support::many_cases())]

    #[test]
    fn what_signs_and_what_is_exchanged_is_part_of_the_key(one in signing(), other in signing(), kept in 0..9_usize) {
        // Mostly two that differ in one field.
        let mut near = one;
        near[kept] = other[kept];
        for other in [other, near] {
            let (first, second) = (exchange(&one), exchange(&other));
            prop_assert_eq!(key("oauth2", &first) == key("oauth2", &second), first == second, "{} {}", first, second);
        }
    }

    /// The order of members says nothing, and that of items does.
    #[test]
    fn claims_are_part_of_the_key(one in claims(), other in claims()) {
        let config = |claims: &Json| {
            json!({ "tokenEndpoint": "https://id.example/token", "clientId": "a", "privateKey": held(1), "grant": "jwt_bearer", "assertionClaims": { "own": claims, "z": 1 } })
        };
        let (first, second) = (config(&one), config(&other));
        prop_assert_eq!(key("oauth2", &first) == key("oauth2", &second), one == other, "{} {}", one, other);
        let turned = Plan::new(&"oauth2".into(), &reversed(&first), HOST).unwrap();
        prop_assert_eq!(turned.key(), key("oauth2", &first));
    }

    /// Keys are kept, and no secret is.
    #[test]
    fn a_key_tells_nothing_of_what_it_is_made_of(signing in signing()) {
        let config = exchange(&signing);
        let key = key("oauth2", &config);
        for told in ["secret", "a subject", "the actor", "example"] {
            prop_assert!(!key.contains(told), "{}", key);
        }
        let digest = key.strip_prefix("oauth2\n").unwrap();
        prop_assert_eq!(digest.len(), 43, "SHA-256 in base64url");
        let expected = Base64UrlUnpadded::encode_string(&Sha256::digest(covered(&config).as_bytes()));
        prop_assert_eq!(digest, expected);
    }
}

/// What the key of a call of `oauth2` covers.
fn covered(config: &Json) -> String {
    let plan = support::plan(&"oauth2".into(), config);
    [plan.descriptor.canonical(), "\n", &plan.config.canonical()].concat()
}
