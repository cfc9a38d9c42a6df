//! The published schema and the core, each held against the other: what the core takes for a
//! descriptor the schema does too, and what the schema takes the core refuses only for what
//! the schema's own description says that it cannot tell.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]
#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

mod schema {
    pub(crate) mod bent;
    pub(crate) mod instances;
    pub(crate) mod judge;
    pub(crate) mod texts;
}
mod support;

use std::cell::Cell;
use std::sync::LazyLock;

use jsonschema::Validator;
use proptest::sample::select;
use proptest::strategy::Strategy;
use proptest::test_runner::{TestCaseError, TestRunner};
use schema::bent::bent;
use schema::instances::instances;
use schema::judge::{Ground, built_in, grounds, lacks_key, members, merged, said};
use support::{FUNCTION, HOST, Json, held, json, many_cases, value};
use tokenlet::catalogue::resolve;
use tokenlet::error::Error;
use tokenlet::flow::Plan;

static SCHEMA: LazyLock<Json> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../pkg-template/descriptor.schema.json")).unwrap()
});
static VALIDATOR: LazyLock<Validator> =
    LazyLock::new(|| jsonschema::draft202012::new(&SCHEMA).unwrap());

#[test]
fn what_the_core_accepts_is_valid() {
    tried(bent(&SCHEMA), |descriptor| {
        let accepted = refusal(descriptor).is_none();
        match VALIDATOR.iter_errors(descriptor).next() {
            Some(reason) if accepted => Err(format!("accepted, but {reason}")),
            _ => Ok(accepted),
        }
    });
}

#[test]
fn what_is_valid_is_refused_only_for_what_no_schema_tells() {
    tried(instances(&SCHEMA), |descriptor| {
        if let Some(reason) = VALIDATOR.iter_errors(descriptor).next() {
            return Err(format!("not made by the schema: {reason}"));
        }
        let grounds = grounds(descriptor);
        let Some(message) = refusal(descriptor) else {
            // Plain http is for the config to permit.
            let ground = grounds.iter().find(|ground| **ground != Ground::Url);
            return ground.map_or(Ok(true), |ground| {
                Err(format!("accepted despite {ground:?}"))
            });
        };
        match said(&message) {
            Some(ground) if grounds.contains(&ground) => Ok(false),
            said => Err(format!(
                "'{message}' says {said:?}, and there is {grounds:?}"
            )),
        }
    });
}

/// Which key signs is the config's to say as well: a descriptor without any is valid, and no call
/// of it is taken.
#[test]
fn what_signs_without_a_key_is_refused() {
    let methods = select(vec!["private_key_jwt", "client_secret_jwt", "none"]);
    let signing = (instances(&SCHEMA), methods).prop_map(|(mut descriptor, method)| {
        descriptor["auth"]["method"] = method.into();
        descriptor
    });
    tried(signing, |descriptor| {
        if refusal(descriptor).is_some() {
            return Ok(true);
        }
        let plan = Plan::new(&value(descriptor), &value(&filled(descriptor)), HOST);
        let message = plan.err().map(|error| error.message);
        let said = message
            .as_ref()
            .is_some_and(|message| message.starts_with("descriptor.assertion.key: "));
        match lacks_key(descriptor) {
            true if message.is_none() => Err("accepted without a key".to_owned()),
            false if said => Err(format!("there is a key: {message:?}")),
            _ => Ok(!said),
        }
    });
}

#[test]
fn built_ins_are_valid() {
    let all = built_in();
    assert!(all.len() >= 5, "{} were found", all.len());
    for (id, descriptor) in all {
        let reason = VALIDATOR.iter_errors(descriptor).next();
        assert!(reason.is_none(), "{id}: {}", reason.unwrap());
        assert_eq!(grounds(descriptor), [], "{id}");
    }
}

/// Where an editor would look, and what it would show.
#[test]
fn every_option_is_described() {
    let mut open = vec![&*SCHEMA];
    while let Some(part) = open.pop() {
        for (name, option) in part["properties"].as_object().into_iter().flatten() {
            let text = match option["$ref"].as_str() {
                Some(place) if option["description"].is_null() => {
                    &SCHEMA.pointer(place.strip_prefix('#').unwrap()).unwrap()["description"]
                }
                _ => &option["description"],
            };
            assert!(text.is_string(), "{name} has no description");
        }
        match part {
            // The choices of the whole say again what is required, and describe nothing.
            Json::Object(members) => open.extend(
                members
                    .iter()
                    .filter(|(name, _)| *name != "anyOf")
                    .map(|(_, part)| part),
            ),
            Json::Array(items) => open.extend(items),
            _ => {}
        }
    }
}

/// A value for each parameter, and the common fields that most descriptors need.
fn filled(descriptor: &Json) -> Json {
    let whole = merged(descriptor).unwrap_or(Json::Null);
    let mut config = json!({
        "clientId": "a client", "clientSecret": "a long secret", "scope": "read", "audience": "all", "fetch": FUNCTION,
    });
    for (name, rules) in members(&whole["params"]) {
        let value = match (rules["kind"].as_str(), &rules["enum"][0]) {
            (_, Json::String(first)) => json!(first),
            (Some("int"), _) => json!(7),
            (Some("url"), _) => json!("https://a.example"),
            (Some("key"), _) => json!(held(1)),
            _ => json!("a"),
        };
        config[name] = value;
    }
    config
}

/// Why the core refuses a descriptor, where it does.
fn refusal(descriptor: &Json) -> Option<String> {
    let fault = resolve(&value(descriptor), HOST).err()?;
    Some(Error::from(fault).message)
}

/// Tries a property, which tells whether the core accepts a descriptor. Of each kind there
/// must be one in twenty, or little was tried.
fn tried(
    descriptors: impl Strategy<Value = Json>,
    property: impl Fn(&Json) -> Result<bool, String>,
) {
    let counts = [Cell::new(0), Cell::new(0)];
    let outcome = TestRunner::new(many_cases()).run(&descriptors, |descriptor| {
        let accepted = property(&descriptor).map_err(TestCaseError::fail)?;
        counts[usize::from(accepted)].update(|count| count + 1);
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    let [refused, accepted] = counts.map(Cell::into_inner);
    let least = (refused + accepted) / 20;
    assert!(
        refused.min(accepted) > least,
        "{refused} were refused, and {accepted} accepted"
    );
}
