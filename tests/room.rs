//! Which keys are kept when there are too many: those used last, and those with a
//! request under way.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]

mod support;

use proptest::collection::vec;
use proptest::prelude::*;
use support::START;
use support::cache::{PLAIN, unavailable};
use support::issued::granted;
use tokenlet::engine::{Arrival, Decision, Engine, FlightId, Found};
use tokenlet::token::Lifetime;

/// What a key is known for, the least recently used one first.
struct Known {
    key: usize,
    flight: Option<FlightId>,
    held: bool,
}

#[derive(Clone, Copy, Debug)]
enum Event {
    Call(usize),
    Succeed(usize),
    Fail(usize),
    Die(usize),
    Hit(usize),
    Configure(usize),
}

fn event() -> impl Strategy<Value = Event> {
    let key = || 0..8_usize;
    prop_oneof![
        6 => key().prop_map(Event::Call),
        4 => key().prop_map(Event::Succeed),
        1 => key().prop_map(Event::Fail),
        1 => key().prop_map(Event::Die),
        2 => key().prop_map(Event::Hit),
        1 => (0..8_usize).prop_map(Event::Configure),
    ]
}

fn shrink(known: &mut Vec<Known>, most: usize) {
    while known.len() > most {
        let Some(at) = known.iter().position(|one| one.flight.is_none()) else {
            return;
        };
        known.remove(at);
    }
}

proptest! {
    #![proptest_config(support::many_cases())]

    #[test]
    fn the_least_recently_used_goes_first_and_never_one_with_a_request(events in vec(event(), 1..60), most in 1..6_usize) {
        let names: Vec<String> = (0..8).map(|key| key.to_string()).collect();
        let mut engine = Engine::new();
        engine.configure(most);
        let mut most = most;
        let mut known: Vec<Known> = Vec::new();
        let mut found = vec![None; names.len()];
        let arrival = Arrival { sent: START, now: START, draw: 0.0, refresh_ahead: None, exclusive: false, renews: false };
        for event in events {
            let flight = |known: &mut Vec<Known>, key| known.iter_mut().find(|one| one.key == key).and_then(|one| one.flight.take());
            match event {
                Event::Call(key) => {
                    let decision = engine.decide(&names[key], START, &PLAIN);
                    let one = match known.iter().position(|one| one.key == key) {
                        Some(at) => known.remove(at),
                        None => {
                            shrink(&mut known, most.saturating_sub(1));
                            Known { key, flight: None, held: false }
                        }
                    };
                    match (&decision, one.held, one.flight) {
                        (Decision::Return(got), true, _) => found[key] = Some(*got),
                        (Decision::Join(joined), false, Some(flight)) => prop_assert_eq!(*joined, flight),
                        (Decision::Start(_), false, None) => {}
                        _ => return Err(TestCaseError::fail(format!("{key}: {decision:?}, with {} and {:?}", one.held, one.flight))),
                    }
                    let flight = if let Decision::Start(flight) = decision { Some(flight) } else { one.flight };
                    known.push(Known { flight, ..one });
                }
                Event::Succeed(key) => {
                    if let Some(flight) = flight(&mut known, key) {
                        engine.succeed(&names[key], flight, granted(&names[key], Lifetime::Never), key, arrival);
                        known.iter_mut().filter(|one| one.key == key).for_each(|one| one.held = true);
                    }
                }
                // Of the failures only those that are not remembered tell from outside what is known.
                Event::Fail(key) => {
                    if let Some(flight) = flight(&mut known, key) {
                        engine.fail(&names[key], flight, &unavailable().into(), false, START, 0.0);
                    }
                }
                Event::Die(key) => {
                    if let Some(flight) = flight(&mut known, key) {
                        engine.abandon(&names[key], flight);
                    }
                }
                Event::Hit(key) => {
                    let at = known.iter().position(|one| one.key == key && one.held);
                    let hit = found[key].is_some_and(|found: Found<usize>| engine.hit(found.slot, found.serial, START, &PLAIN));
                    prop_assert!(!hit || at.is_some(), "what went is a hit");
                    if let Some(at) = at.filter(|_| hit) {
                        let one = known.remove(at);
                        known.push(one);
                    }
                }
                Event::Configure(room) => {
                    most = room;
                    engine.configure(most);
                    shrink(&mut known, most);
                }
            }
            for (key, name) in names.iter().enumerate() {
                let held = known.iter().any(|one| one.key == key && one.held);
                prop_assert_eq!(engine.fallback(name, START, &PLAIN).map(|found| found.handle), held.then_some(key));
            }
        }
    }
}
