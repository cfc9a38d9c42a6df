//! What every JavaScript object inherits is the name of nothing: a descriptor or a config with
//! such a member is refused, however deep it stands, before anything is sent.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]
#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

mod support;

use std::cell::Cell;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::TestRunner;
use support::{FUNCTION, HOST, Json, held, json, many_cases, value};
use tokenlet::catalogue::resolve;
use tokenlet::flow::Plan;

/// The members of `Object.prototype`, as Node has them.
static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let names = "JSON.stringify(Object.getOwnPropertyNames(Object.prototype))";
    let node = Command::new("node").args(["-p", names]).output();
    let names = node.expect("Node is needed: https://nodejs.org").stdout;
    serde_json::from_slice(&names).unwrap()
});

/// Calls of many vendors, each a descriptor and a config.
static CALLS: LazyLock<Vec<[Json; 2]>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    let files = fs::read_dir(folder).unwrap();
    files
        .map(|file| call(&fs::read_to_string(file.unwrap().path()).unwrap()))
        .collect()
});

#[test]
fn members_of_object_prototype_are_refused_at_every_depth() {
    let deepest = Cell::new(0);
    let outcome = TestRunner::new(many_cases()).run(&cases(), |case| {
        let good = case.call();
        let refusal = refusal(&good);
        prop_assert!(refusal.is_none(), "the good call is refused: {refusal:?}");
        for name in &*NAMES {
            let (bad, path) = case.spoilt(&good, name);
            let message = self::refusal(&bad).unwrap_or_else(|| "accepted".to_owned());
            prop_assert!(
                message.starts_with(&format!("{path}: ")),
                "{path}: {message}"
            );
            deepest.update(|deepest| deepest.max(path.split('.').count()));
        }
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    assert!(deepest.get() >= DEEP, "none was deeper than {deepest:?}");
}

/// So many names lead to a place that is deep.
const DEEP: usize = 10;

/// A call, and what is done to it.
#[derive(Clone, Debug)]
struct Case {
    call: Index,
    /// What wraps the ends of structures: lists or objects.
    wraps: Vec<bool>,
    /// The descriptor, or the config.
    part: usize,
    place: Index,
    member: Json,
}

fn cases() -> impl Strategy<Value = Case> {
    let members = vec![
        json!("x"),
        json!({}),
        json!({ "kind": "text" }),
        json!(["x"]),
        json!(7),
        json!(true),
        Json::Null,
    ];
    (
        any::<Index>(),
        prop::collection::vec(any::<bool>(), 0..12),
        0..2_usize,
        any::<Index>(),
        select(members),
    )
        .prop_map(|(call, wraps, part, place, member)| Case {
            call,
            wraps,
            part,
            place,
            member,
        })
}

impl Case {
    /// The call with a structure in each place that takes any.
    fn call(&self) -> [Json; 2] {
        let [mut provider, mut config] = CALLS[self.call.index(CALLS.len())].clone();
        let mut deep = json!({});
        for list in &self.wraps {
            deep = if *list {
                json!(["x", deep])
            } else {
                json!({ "a": deep })
            };
        }
        provider["request"]["body"]["deep"] = deep.clone();
        for part in ["header", "claims"] {
            provider["assertion"][part]["deep"] = deep.clone();
        }
        if config["grant"] == "jwt_bearer" {
            config["assertionClaims"]["deep"] = deep.clone();
        }
        let ok = json!({ "path": "/no/such", "in": [deep], "absent": true });
        match &mut provider["response"]["ok"] {
            Json::Array(all) => all.push(ok),
            none => *none = json!([ok]),
        }
        [provider, config]
    }

    /// The call with one more member somewhere, and the path to that.
    fn spoilt(&self, good: &[Json; 2], name: &str) -> ([Json; 2], String) {
        let mut call = good.clone();
        let part = &mut call[self.part];
        let mut places = Vec::new();
        objects(part, String::new(), &mut places);
        let place = &places[self.place.index(places.len())];
        part.pointer_mut(place).unwrap()[name] = self.member.clone();
        let root = if self.part == 0 { "descriptor" } else { "" };
        let path = format!("{root}{}/{}", place, name).replace('/', ".");
        (call, path.trim_start_matches('.').to_owned())
    }
}

/// The pointers to the objects in a value.
fn objects(value: &Json, at: String, places: &mut Vec<String>) {
    match value {
        Json::Object(members) => {
            for (name, member) in members {
                // What would be escaped in a pointer is passed over.
                if !name.contains(['~', '/']) {
                    objects(member, format!("{at}/{name}"), places);
                }
            }
            places.push(at);
        }
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                objects(item, format!("{at}/{index}"), places);
            }
        }
        _ => {}
    }
}

/// The call of a sample; a built-in is extended, so that there is a descriptor.
fn call(sample: &str) -> [Json; 2] {
    let mut sample: Json = serde_json::from_str(sample).unwrap();
    let provider = match sample["provider"].take() {
        Json::String(id) => json!({ "id": "own", "extends": id }),
        own => own,
    };
    let mut config = sample["config"].take();
    config["fetch"] = FUNCTION.into();
    for (list, name) in [("params", "x_a"), ("headers", "X-A")] {
        config[list][name] = "x".into();
    }
    hold(&provider, &mut config);
    [provider, config]
}

/// Puts the numbers of keys in their places, and a client where a key may name it.
fn hold(provider: &Json, config: &mut Json) {
    let descriptor = resolve(&value(provider), HOST).unwrap();
    let params = descriptor.members("params").iter();
    for (name, _) in params.filter(|(name, _)| descriptor.is_key(name)) {
        if !config[name].is_null() {
            config[name] = held(1).into();
            let client = config["clientId"].as_str().unwrap_or("a client");
            config["clientId"] = client.to_owned().into();
        }
    }
}

/// Why a call is refused, where it is.
fn refusal([provider, config]: &[Json; 2]) -> Option<String> {
    let error = Plan::new(&value(provider), &value(config), HOST).err()?;
    assert_eq!(error.code.as_str(), "invalid_config");
    Some(error.message)
}
