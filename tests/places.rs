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
use proptest::strategy::Strategy;
use proptest::test_runner::{TestCaseError, TestRunner};
use support::{HOST, Json, START, many_cases, value};
use tokenlet::flow::{Flow, Plan, Step};
use tokenlet::request::HttpRequest;

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
