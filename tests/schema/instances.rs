//! Descriptors that the schema's own structure makes.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;

use super::texts::{BASES, NUMBERS, PATHS, TEXTS, names, scalars, templates, urls};
use crate::{Json, json};

/// How deep descriptors nest at most.
const DEPTH: u32 = 7;

/// Descriptors that are valid by construction.
pub(crate) fn instances(schema: &Json) -> BoxedStrategy<Json> {
    let descriptors = of(schema, schema, DEPTH);
    // Most templates should name something that is declared.
    let declared = |(mut descriptor, declares): (Json, bool)| {
        if declares && descriptor["params"]["region"].is_null() {
            descriptor["params"]["region"] = json!({ "sensitive": false });
        }
        descriptor
    };
    (descriptors, prop::bool::weighted(0.8))
        .prop_map(declared)
        .boxed()
}

/// Instances of the part `schema` of the whole `root`.
fn of(root: &Json, schema: &Json, depth: u32) -> BoxedStrategy<Json> {
    if let Some(name) = schema["$ref"]
        .as_str()
        .and_then(|place| place.strip_prefix("#/$defs/"))
    {
        return match name {
            "tmpl" => templates(),
            "path" => select(PATHS).prop_map(Json::from).boxed(),
            // What stands beside a reference holds too.
            _ => of(root, &joined(&root["$defs"][name], schema, "$ref"), depth),
        };
    }
    if let Some(words) = schema["enum"].as_array() {
        return select(words.clone()).boxed();
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        let choice = |choice| of(root, &joined(schema, choice, "anyOf"), depth);
        return prop::strategy::Union::new(choices.iter().map(choice)).boxed();
    }
    match &schema["type"] {
        Json::Array(types) => {
            let typed = |name| of(root, &json!({ "type": name }), depth);
            prop::strategy::Union::new(types.iter().map(typed)).boxed()
        }
        name => typed(root, schema, name.as_str().unwrap_or_default(), depth),
    }
}

fn typed(root: &Json, schema: &Json, name: &str, depth: u32) -> BoxedStrategy<Json> {
    let left = depth.saturating_sub(1);
    match name {
        "null" => Just(Json::Null).boxed(),
        "boolean" => any::<bool>().prop_map(Json::from).boxed(),
        "number" => select(NUMBERS).prop_map(Json::from).boxed(),
        "integer" => {
            let least = schema["minimum"].as_f64().unwrap_or(f64::MIN);
            let whole = |number: &f64| number.fract() == 0.0 && *number >= least;
            let wholes: Vec<f64> = NUMBERS.iter().copied().filter(whole).collect();
            select(wholes).prop_map(Json::from).boxed()
        }
        "string" if schema["pattern"].is_string() => {
            prop_oneof![40 => "[a-z0-9][a-z0-9._-]{0,8}", 1 => Just("constructor".to_owned())]
                .prop_map(Json::from)
                .boxed()
        }
        "string" => select(TEXTS).prop_map(Json::from).boxed(),
        "array" if depth == 0 => Just(json!([])).boxed(),
        "array" => {
            let least = usize::try_from(schema["minItems"].as_u64().unwrap_or(0)).unwrap();
            let items = if schema["items"].is_null() {
                scalars()
            } else {
                of(root, &schema["items"], left)
            };
            vec(items, least..3).prop_map(Json::from).boxed()
        }
        "object" if schema["properties"].is_object() => record(root, schema, left),
        "object" if depth == 0 => Just(json!({})).boxed(),
        "object" => {
            let members = of(root, &schema["additionalProperties"], left);
            let map = |members: BTreeMap<&str, Json>| json!(members);
            btree_map(names(), members, 0..3).prop_map(map).boxed()
        }
        other => panic!("the schema has a type '{other}', which nothing is made of here"),
    }
}

/// Some of the properties, and all that are required.
fn record(root: &Json, schema: &Json, depth: u32) -> BoxedStrategy<Json> {
    let required = |name: &String| {
        schema["required"]
            .as_array()
            .is_some_and(|all| all.contains(&json!(name)))
    };
    let mut whole = Just(json!({})).boxed();
    for (name, property) in schema["properties"].as_object().unwrap() {
        let members = match name.as_str() {
            "url" => urls(),
            "origins" => vec(urls(), 0..3).prop_map(Json::from).boxed(),
            "extends" => prop_oneof![9 => select(BASES), 1 => select(TEXTS)]
                .prop_map(Json::from)
                .boxed(),
            _ => of(root, property, depth),
        };
        // Most stand alone.
        let odds = match name.as_str() {
            "extends" => 0.1,
            _ => 0.3,
        };
        let member = match required(name) {
            true => members.prop_map(Some).boxed(),
            false => prop::option::weighted(odds, members).boxed(),
        };
        let name = name.clone();
        let put = move |(mut whole, member): (Json, Option<Json>)| {
            if let Some(member) = member {
                whole[&name] = member;
            }
            whole
        };
        whole = (whole, member).prop_map(put).boxed();
    }
    whole
}

/// Two schemas that both hold, without the `name` that brought them together.
fn joined(schema: &Json, other: &Json, name: &str) -> Json {
    fn join(one: &mut Json, other: &Json) {
        match (one, other) {
            (Json::Object(one), Json::Object(other)) => {
                for (name, part) in other {
                    join(one.entry(name).or_insert(Json::Null), part);
                }
            }
            (Json::Array(one), Json::Array(other)) => one.extend(other.iter().cloned()),
            (one, other) => *one = other.clone(),
        }
    }
    let mut all = schema.clone();
    join(&mut all, other);
    all.as_object_mut().unwrap().remove(name);
    all
}
