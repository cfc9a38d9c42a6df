//! No token of one key is another's, and equal keys are equal configs.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]
#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

mod support;

use proptest::collection::vec;
use proptest::prelude::*;
use support::configs::{PROVIDERS, good};
use support::world::World;
use support::world::event::events;
use support::{FUNCTION, HOST, Json, json, value};
use tokenlet::engine::Decision;
use tokenlet::flow::Plan;
use tokenlet::value::Value;

/// What decides which token a config asks for: each of these is one more difference.
fn differences(provider: &str) -> Vec<(&'static str, Json)> {
    let place = match provider {
        "oauth2" => ("tokenEndpoint", json!("https://id.example/another")),
        _ => ("baseUrl", json!("https://another.example")),
    };
    let mut all = vec![
        place,
        ("clientId", json!("another")),
        ("clientSecret", json!("another long secret")),
        ("clientSecret", json!(FUNCTION)),
        ("scope", json!(["one", "two", "three"])),
        ("audience", json!("https://api.example")),
        (
            "resource",
            json!(["https://a.example", "https://b.example"]),
        ),
        ("params", json!({ "p": "1", "q": "2", "r": "3" })),
        ("params", json!({ "p": "1", "q": "3", "r": "2" })),
        ("headers", json!({ "x-one": "1", "x-two": "2" })),
        ("headers", json!({ "x-one": "2", "x-two": "1" })),
        ("partition", json!("another")),
    ];
    match provider {
        "emporix" => all.push(("tenant", json!("another"))),
        "abtasty" => all.extend([("accountId", json!("another")), ("expiresIn", json!(60))]),
        "oauth2" => all.extend([
            ("clientAuth", json!("client_secret_post")),
            ("bodyFormat", json!("json")),
            ("basicEncoding", json!("raw")),
        ]),
        _ => {}
    }
    all
}

/// What changes no token.
const POLICY: [(&str, &str); 7] = [
    ("timeout", "5000"),
    ("retries", "0"),
    ("refreshAhead", "60000"),
    ("maxAge", "0"),
    ("allowHttp", "true"),
    ("fetch", ""),
    ("waitUntil", ""),
];

/// The same config, said otherwise: members in another order, names of headers in
/// another case, sets in another order and with repeats, and another policy.
fn respelled(config: &Json, mix: &[u8]) -> Value {
    let mut mix = mix.iter().copied().cycle();
    let Value::Object(mut members) = value(config) else {
        unreachable!()
    };
    for (name, text) in POLICY {
        if mix.next().unwrap() % 2 == 0 {
            let given = if text.is_empty() {
                json!(FUNCTION)
            } else {
                serde_json::from_str(text).unwrap()
            };
            members.push((name.to_owned(), value(&given)));
        }
    }
    for (name, value) in &mut members {
        match value {
            Value::Array(items) => {
                let again = items[0].clone();
                shuffle(items, &mut mix);
                items.push(again);
                let texts: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
                if name == "scope" && mix.next().unwrap() % 2 == 0 {
                    *value = texts.join("  ").into();
                }
            }
            Value::Object(inner) => {
                shuffle(inner, &mut mix);
                for (header, _) in inner.iter_mut().filter(|_| name == "headers") {
                    if mix.next().unwrap() % 2 == 0 {
                        *header = header.to_uppercase();
                    }
                }
            }
            _ => {}
        }
    }
    shuffle(&mut members, &mut mix);
    Value::Object(members)
}

fn shuffle<T>(items: &mut [T], mix: &mut impl Iterator<Item = u8>) {
    for at in (1..items.len()).rev() {
        items.swap(at, usize::from(mix.next().unwrap()) % (at + 1));
    }
}

/// A config with these of the differences.
fn config(provider: &str, chosen: &[usize]) -> Json {
    let mut config = good(provider);
    let differences = differences(provider);
    for at in chosen {
        let (name, value) = differences[at % differences.len()].clone();
        config[name] = value;
    }
    config
}

fn key(provider: &str, config: &Value) -> String {
    match Plan::new(&provider.into(), config, HOST) {
        Ok(plan) => plan.key(),
        Err(error) => panic!("{}", error.message),
    }
}

proptest! {
    #![proptest_config(support::many_cases())]

    /// Invariant 5, for keys.
    #[test]
    fn keys_are_equal_if_and_only_if_the_configs_ask_for_the_same(
        providers in (0..5_usize, 0..5_usize, 0..8_u8), chosen in vec(any::<u8>(), 0..4), other in vec(any::<u8>(), 0..4), same in 0..3_u8, mixes in [vec(any::<u8>(), 20..40), vec(any::<u8>(), 20..40)],
    ) {
        let first = PROVIDERS[providers.0];
        let second = if providers.2 == 0 { PROVIDERS[providers.1] } else { first };
        let chosen: Vec<usize> = chosen.into_iter().map(usize::from).collect();
        // The same, or one difference more, or whatever comes.
        let other = match same {
            0 => chosen.clone(),
            1 => chosen.iter().copied().chain(other.first().map(|at| usize::from(*at))).collect(),
            _ => other.into_iter().map(usize::from).collect(),
        };
        let (one, two) = (config(first, &chosen), config(second, &other));
        let keys = [key(first, &respelled(&one, &mixes[0])), key(second, &respelled(&two, &mixes[1]))];
        prop_assert_eq!(keys[0] == keys[1], first == second && one == two, "{} {} and {} {}", first, one, second, two);
    }

    /// Invariant 5, for tokens, requests and failures.
    #[test]
    fn nothing_of_one_key_is_told_to_another(events in events(60)) {
        let mut world = World::new();
        let mut owners = Vec::new();
        for event in events {
            let Some(told) = world.happens(event) else { continue };
            if let Some(found) = told.found() {
                prop_assert_eq!(world.yields[found.handle].0, told.key, "a token");
            }
            match told.decision {
                Decision::Start(flight) | Decision::ReturnAndRefresh(_, flight) => owners.push((flight, told.key)),
                Decision::Join(flight) => prop_assert!(owners.contains(&(flight, told.key)), "a request"),
                Decision::Fail(error) => prop_assert_eq!(&error.message, &format!("failure of {}", ["a", "b", "c"][told.key])),
                Decision::Return(_) => {}
            }
        }
    }
}
