//! What callers are told, whatever callers, servers and clocks do: each answer is
//! one that the rules allow, tokens have their margins left, and none is lost.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]

mod support;

use proptest::prelude::*;
use support::answers::{FAIL, REFRESH, RETURN};
use support::cache::PLAIN;
use support::is_told_again;
use support::world::World;
use support::world::event::{Event, ask, events};
use tokenlet::cache::Ask;
use tokenlet::engine::Decision;

proptest! {
    #![proptest_config(support::many_cases())]

    /// The table of states, whole: fresh, stale, last chance, none.
    #[test]
    fn every_answer_is_one_that_the_rules_allow(events in events(50)) {
        let mut world = World::new();
        for event in events {
            let Some(told) = world.happens(event) else { continue };
            prop_assert!(told.allowed.has(told.answer()), "{:?} to {:?}, where {:?} is allowed", told.answer(), told.ask, told.allowed);
            let model = &world.keys[told.key].model;
            if let Some(found) = told.found() {
                let held = model.held.as_ref().map(|held| held.token.handle);
                prop_assert_eq!(Some(found.handle), held, "another token than the latest");
            }
            if let Decision::Fail(error) = &told.decision {
                let last = model.failure.as_ref();
                prop_assert!(last.is_some_and(|last| is_told_again(error, &last.error)), "another failure than the last");
            }
        }
    }

    /// Invariant 1.
    #[test]
    fn a_returned_token_has_its_margin_left(events in events(50)) {
        let mut world = World::new();
        for event in events {
            let Some(told) = world.happens(event) else { continue };
            let Some(found) = told.found() else { continue };
            let (token, model) = (world.token(found), &world.keys[told.key].model);
            let left = token.left(world.now);
            prop_assert!(token.is_new(world.now) || left > token.hard(), "dead: {left} ms left of {token:?}");
            let last_chance = left <= token.soft() && !token.is_new(world.now) && model.usable(world.now).is_some();
            prop_assert!(!last_chance || told.allowed.has(RETURN), "in its last chance, before a request was tried");
            // Neither a new token nor the one before it would last longer.
            let shared = model.held.as_ref().is_some_and(|held| held.share.is_some());
            let excused = token.is_new(world.now) || model.is_stalled(world.now) || shared;
            prop_assert!(excused || left >= told.ask.min_ttl, "{left} ms left for {:?}", told.ask);
        }
    }

    /// Invariant 4.
    #[test]
    fn no_failure_takes_a_usable_token_away(events in events(50), ask in ask()) {
        let mut world = World::new();
        for event in events {
            let failure = matches!(event, Event::Fail(..) | Event::Late(..) | Event::Die(_));
            let before = failure.then(|| held(&mut world, &ask));
            world.happens(event);
            if let Some(before) = before {
                prop_assert_eq!(&before, &held(&mut world, &ask));
                for (key, [plain, _]) in before.into_iter().enumerate() {
                    let told = world.call(key, &Ask { background: false, ..PLAIN });
                    prop_assert!(plain.is_none() || !told.allowed.has(FAIL) && told.answer() != FAIL, "there is a token, and the caller gets an error");
                }
            }
        }
    }

    /// Invariant 4, for what is no failure and yet brings nothing better, and 6.
    #[test]
    fn expiry_moves_backwards_after_an_invalidation_alone(events in events(50)) {
        let mut world = World::new();
        for event in events {
            let Event::Succeed(key, _) = event else {
                world.happens(event);
                continue;
            };
            let before = world.fallback(key, &PLAIN);
            let yields = world.yields.len();
            world.happens(event);
            let Some(before) = before else { continue };
            let after = world.fallback(key, &PLAIN).map(|found| found.handle);
            // One that is too short to be kept for more than a second may end later still.
            let short = world.yields[yields..].iter().find(|(_, token)| token.may_be_kept().is_some_and(|lifetime| lifetime < 2_000));
            let Some(after) = after.or(short.map(|(_, token)| token.handle)) else {
                return Err(TestCaseError::fail("a usable token was given up for one that is not"));
            };
            let [before, after] = [before.handle, after].map(|handle| world.yields[handle].1.left(world.now));
            prop_assert!(after >= before, "{after} ms left, and before it were {before}");
        }
    }

    /// Invariant 12.
    #[test]
    fn a_stale_hit_awaits_no_network(events in events(50), ask in ask()) {
        let ask = Ask { force: false, ..ask };
        let mut world = World::after(events);
        for key in 0..world.keys.len() {
            let (now, usable) = (world.now, world.keys[key].model.usable(world.now));
            let stale = usable.is_some_and(|token| {
                let young = ask.max_age.is_none_or(|most| token.age(now) < most);
                young && token.left(now) > token.soft().max(ask.min_ttl)
            });
            let told = world.call(key, &ask);
            prop_assert!(!stale || (RETURN | REFRESH).has(told.answer()), "a caller waits: {:?}", told.answer());
        }
    }

    /// The fast path asks `decide`, and does not know better.
    #[test]
    fn a_hit_is_what_decide_would_return(events in events(50), ask in ask()) {
        let ask = Ask { force: false, ..ask };
        let mut world = World::new();
        let mut known = None;
        for event in events {
            if let Some(found) = world.happens(event).and_then(|told| told.found().map(|found| (told.key, *found))) {
                known = Some(found);
            }
            if let Some((key, found)) = known && world.engine.hit(found.slot, found.serial, world.now, &ask) {
                prop_assert_eq!(world.call(key, &ask).decision, Decision::Return(found));
            }
        }
    }
}

/// What outlives a failure, key by key: for most callers, and for this one.
fn held(world: &mut World, ask: &Ask) -> Vec<[Option<usize>; 2]> {
    let mut held = Vec::new();
    for key in 0..world.keys.len() {
        held.push([PLAIN, *ask].map(|ask| world.fallback(key, &ask).map(|found| found.handle)));
    }
    held
}
