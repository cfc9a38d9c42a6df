//! Descriptors bent out of shape: wrong types and words, fields that nobody knows, names of
//! `Object.prototype` at every depth, and values that nest.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::instances::instances;
use super::texts::{PROTOTYPE, names, scalars};
use crate::{Json, json};

/// Descriptors that the schema makes, with up to three changes of which each is mostly a fault.
pub(crate) fn bent(schema: &Json) -> impl Strategy<Value = Json> {
    let mut known = Vec::new();
    words(schema, &mut known);
    let bends = vec((any::<Index>(), bends(known.clone())), 0..4);
    (instances(schema), bends).prop_map(move |(mut descriptor, bends)| {
        for (at, bend) in bends {
            let mut places = places(&descriptor);
            if matches!(bend, Bend::Reword(_)) {
                places.retain(|place| known.contains(descriptor.pointer(place).unwrap()));
            }
            if !places.is_empty() {
                bend.apply(
                    descriptor
                        .pointer_mut(&places[at.index(places.len())])
                        .unwrap(),
                );
            }
        }
        descriptor
    })
}

/// A change to one place of a descriptor.
#[derive(Clone, Debug)]
enum Bend {
    Replace(Json),
    /// At the place of a word alone.
    Reword(Json),
    Add(&'static str, Json),
    Drop(Index),
    Nest(usize),
}

impl Bend {
    fn apply(self, place: &mut Json) {
        match self {
            Self::Replace(json) | Self::Reword(json) => *place = json,
            Self::Add(name, json) => match place {
                Json::Object(members) => drop(members.insert(name.to_owned(), json)),
                Json::Array(items) => items.push(json),
                _ => *place = json!({ name: json }),
            },
            Self::Drop(index) => match place {
                Json::Object(members) if !members.is_empty() => {
                    let name = members.keys().nth(index.index(members.len())).cloned();
                    drop(name.and_then(|name| members.remove(&name)));
                }
                Json::Array(items) => drop(items.pop()),
                _ => *place = Json::Null,
            },
            Self::Nest(levels) => {
                for level in 0..levels {
                    let inner = place.take();
                    *place = if level % 2 == 0 {
                        json!([inner])
                    } else {
                        json!({ "a": inner })
                    };
                }
            }
        }
    }
}

fn bends(known: Vec<Json>) -> impl Strategy<Value = Bend> {
    let foreign = select(FOREIGN).prop_map(Json::from);
    let word = prop_oneof![foreign, select(known)];
    let value = prop_oneof![scalars(), select(structures())];
    let field = prop_oneof![select(FIELDS), names(), select(PROTOTYPE)];
    prop_oneof![
        2 => value.prop_map(Bend::Replace),
        2 => word.prop_map(Bend::Reword),
        2 => (field, scalars()).prop_map(|(name, json)| Bend::Add(name, json)),
        1 => any::<Index>().prop_map(Bend::Drop),
        1 => prop_oneof![1..4_usize, Just(60)].prop_map(Bend::Nest),
    ]
}

/// Every word that the schema lists somewhere: elsewhere it is mostly wrong.
fn words(schema: &Json, found: &mut Vec<Json>) {
    match schema {
        Json::Array(items) => items.iter().for_each(|item| words(item, found)),
        Json::Object(members) => {
            found.extend(schema["enum"].as_array().into_iter().flatten().cloned());
            members.values().for_each(|member| words(member, found));
        }
        _ => {}
    }
}

fn structures() -> Vec<Json> {
    let prototype = json!({ "__proto__": 1 });
    vec![
        json!({}),
        json!([]),
        json!(["a"]),
        json!({ "a": "{region}" }),
        prototype,
    ]
}

/// A pointer to each place in a value, and to itself.
fn places(json: &Json) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut add = |name: &str, part: &Json| {
        let name = name.replace('~', "~0").replace('/', "~1");
        found.extend(places(part).iter().map(|place| format!("/{name}{place}")));
    };
    match json {
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                add(&index.to_string(), item);
            }
        }
        Json::Object(members) => members.iter().for_each(|(name, member)| add(name, member)),
        _ => {}
    }
    found
}

const FIELDS: &[&str] = &[
    "id", "extends", "in", "as", "path", "kind", "url", "body", "method", "default", "colour",
    "$schema",
];
/// Words that the schema lists nowhere, and that somebody may write all the same.
const FOREIGN: &[&str] = &[
    "PUT",
    "post",
    "xml",
    "hours",
    "number",
    "Basic",
    "client_secret_digest",
    "base64",
    "iso-8601",
    "always",
];
