//! No value, whatever its bytes, changes where a request goes, how deep its path is, what its
//! fields are called, or another field of it: it is refused, or found again as it was given.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]
#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

mod places {
    pub(crate) mod common;
    pub(crate) mod described;
    pub(crate) mod read;
    pub(crate) mod signed;
    pub(crate) mod slot;
    pub(crate) mod values;
}
mod support;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::rc::Rc;

use places::common::{Common, common};
use places::described::{Described, described};
use places::read::{Hints, Parts, read};
use places::signed::{Claimed, Exchanged, claimed, exchanged};
use proptest::strategy::Strategy;
use proptest::test_runner::{TestCaseError, TestRunner};
use support::{HOST, Json, START, Scenario, json, many_cases, value};
use tokenlet::flow::{Flow, Plan, Step};
use tokenlet::request::{HttpRequest, Part};

#[test]
fn a_parameter_stays_in_its_place() {
    tried(described(), |described| {
        let request = match request(&described.provider(), &described.config(false)) {
            Ok(request) => request,
            Err(message) => return refused(&message, &described.names()),
        };
        let good = request_of(&described.provider(), &described.config(true));
        let (before, after) = (described.base(true), described.base(false));
        let mut expected = read(&good, described.hints(&before)).unwrap();
        let was = described.expected(true);
        let place = expected.iter().position(|part| *part == was);
        let place = place.ok_or_else(|| format!("{was:?} is not in {expected:?}"))?;
        expected[place] = described.expected(false);
        sent(&request, described.hints(&after), &expected)
    });
}

#[test]
fn a_common_field_stays_in_its_place() {
    tried(common(), |common| {
        let request = match request(&common.provider(), &common.config(false)) {
            Ok(request) => request,
            Err(message) => return refused(&message, &[common.name()]),
        };
        let good = request_of(&common.provider(), &common.config(true));
        let (place, values) = common.expected();
        let mut expected = Vec::new();
        for part in read(&good, common.hints()).unwrap() {
            if common.is_attacked(&part.0, &part.1) {
                expected.extend(values.iter().map(|value| (place.clone(), value.clone())));
            } else {
                expected.push(part);
            }
        }
        sent(&request, common.hints(), &expected)
    });
}

/// What is exchanged, and what it is said to be (RFC 8693, section 2.1).
#[test]
fn an_exchanged_token_stays_in_its_field() {
    tried(exchanged(), |exchanged| {
        let provider = json!("oauth2");
        let request = match request(&provider, &exchanged.config(&exchanged.value)) {
            Ok(request) => request,
            Err(message) => return refused(&message, &[format!("{}: ", exchanged.field)]),
        };
        let good = request_of(&provider, &exchanged.config("harmless"));
        let hints = Hints {
            base: "https://a.example",
            separator: " ",
            basic: "rfc6749",
            ..Hints::default()
        };
        let mut expected = read(&good, hints).unwrap();
        let was = expected.iter().position(|(_, value)| value == "harmless");
        expected[was.unwrap()].1 = exchanged.value.as_str().into();
        sent(&request, hints, &expected)
    });
}

/// What is signed has each value where the descriptor has it, as it is, and else is the same.
#[test]
fn a_value_stays_in_its_claim() {
    tried(claimed(), |claimed| {
        let jwt = match signed(&claimed.provider(), &claimed.config(&claimed.value)) {
            Ok(jwt) => jwt,
            Err(message) => return refused(&message, &["own: ".to_owned()]),
        };
        let good = signed(&claimed.provider(), &claimed.config(&claimed.harmless())).unwrap();
        let value = claimed.taken();
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        let around = json!(format!("{{a {text}?"));
        for (pointer, expected) in [("/alone", &value), ("/deep/0/in", &around)] {
            for (part, got, was) in [("header", &jwt[0], &good[0]), ("claims", &jwt[1], &good[1])] {
                let mut same = was.clone();
                for (pointer, expected) in [("/alone", &value), ("/deep/0/in", &around)] {
                    *same.pointer_mut(pointer).unwrap() = expected.clone();
                }
                if got.pointer(pointer) != Some(expected) || *got != same {
                    return Err(format!("{part}: expected {same}, got {got}"));
                }
            }
        }
        Ok(true)
    });
}

/// A refusal begins with what it is for.
fn refused(message: &str, names: &[String]) -> Result<bool, String> {
    match names.iter().any(|name| message.starts_with(name)) {
        true => Ok(false),
        false => Err(format!("refused, but not for {names:?}: {message}")),
    }
}

/// A request has these parts and no others.
fn sent(request: &HttpRequest, hints: Hints<'_>, expected: &Parts) -> Result<bool, String> {
    let Some(found) = read(request, hints) else {
        return Ok(true);
    };
    if found == *expected {
        return Ok(true);
    }
    let without = |parts: &Parts, others: &Parts| {
        let own = parts.iter().filter(|part| !others.contains(part));
        own.map(|(place, value)| format!("{place} = {value}"))
            .collect::<Vec<_>>()
    };
    Err(format!(
        "expected {:?}, got {:?}",
        without(expected, &found),
        without(&found, expected)
    ))
}

fn request_of(provider: &Json, config: &Json) -> HttpRequest {
    request(provider, config).unwrap()
}

/// What is sent first, or why nothing is.
fn request(provider: &Json, config: &Json) -> Result<HttpRequest, String> {
    match Plan::new(&value(provider), &value(config), HOST) {
        Err(error) => {
            assert_eq!(error.code.as_str(), "invalid_config");
            Err(error.message)
        }
        Ok(plan) => match Flow::start(Rc::new(plan), HOST, Rc::default(), START).1 {
            Step::Send(request, _) => Ok(request),
            _ => panic!("nothing is sent"),
        },
    }
}

/// The header and the claims of what is signed, or why nothing is.
fn signed(provider: &Json, config: &Json) -> Result<[Json; 2], String> {
    if let Err(error) = Plan::new(&value(provider), &value(config), HOST) {
        return Err(error.message);
    }
    let scenario = Scenario::of(provider.clone(), config);
    let run = scenario.answer(200, json!({ "access_token": "t" })).run();
    let jwt = run.jwt(Part::Client);
    Ok([jwt.header.clone(), jwt.claims.clone()])
}

/// A call that is tried, and what for.
trait Case: Clone + Debug {
    fn kind(&self) -> String;
}

impl Case for Described {
    fn kind(&self) -> String {
        let slot = self.attacked();
        format!("{:?} {}", slot.place, slot.kind)
    }
}

impl Case for Common {
    fn kind(&self) -> String {
        self.attacked.to_owned()
    }
}

impl Case for Exchanged {
    fn kind(&self) -> String {
        self.field.to_owned()
    }
}

impl Case for Claimed {
    fn kind(&self) -> String {
        format!("a claim of the kind {}", self.kind)
    }
}

/// Tries a property, which tells whether a call is accepted. Where hardly any is, or all are,
/// little was tried.
fn tried<T: Case>(cases: impl Strategy<Value = T>, property: impl Fn(&T) -> Result<bool, String>) {
    let counts = RefCell::new(BTreeMap::<String, [usize; 2]>::new());
    let outcome = TestRunner::new(many_cases()).run(&cases, |case| {
        let accepted = property(&case).map_err(TestCaseError::fail)?;
        counts.borrow_mut().entry(case.kind()).or_default()[usize::from(accepted)] += 1;
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    let counts = counts.into_inner();
    println!("refused and accepted: {counts:#?}");
    let [mut refused, mut accepted] = [0, 0];
    for (kind, [no, yes]) in &counts {
        assert!(*yes > 0 || *no < 50, "{kind} is never accepted");
        (refused, accepted) = (refused + no, accepted + yes);
    }
    let least = (refused + accepted) / 100;
    assert!(
        refused.min(accepted) > least,
        "{refused} were refused, and {accepted} accepted"
    );
}
