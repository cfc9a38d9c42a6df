//! How many requests there are, whatever callers, servers and clocks do: one at a
//! time, none that nobody asked for, and none that blocks the next.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]
#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

mod support;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use support::answers::{FAIL, JOIN, RETURN, START};
use support::cache::PLAIN;
use support::is_told_again;
use support::world::event::{Event, ask, events, grant, trouble};
use support::world::{Told, World};
use tokenlet::cache::Ask;
use tokenlet::engine::{Decision, Found};
use tokenlet::token::Lifetime;

proptest! {
    #![proptest_config(support::many_cases())]

    /// Invariant 2.
    #[test]
    fn callers_without_a_token_share_one_request_and_its_failure(events in events(40), asks in vec(ask(), 1..30), trouble in trouble()) {
        let mut world = World::after(events);
        world.happens(Event::Clear);
        let Decision::Start(flight) = world.call(0, &asks[0]).decision else {
            return Err(TestCaseError::fail("there is nothing, and no request starts"));
        };
        for ask in &asks {
            prop_assert_eq!(world.call(0, ask).decision, Decision::Join(flight));
        }
        world.happens(Event::Fail(0, trouble));
        let Some(failure) = world.keys[0].model.failure.as_ref().map(|failure| failure.error.clone()) else { return Ok(()) };
        for ask in &asks {
            let told = world.call(0, ask).decision;
            prop_assert!(matches!(&told, Decision::Fail(error) if is_told_again(error, &failure)), "{told:?}");
        }
    }

    /// Invariant 2, with any history: a request under way is the only one of its key.
    #[test]
    fn a_key_has_one_request_at_a_time(events in events(50)) {
        let mut world = World::new();
        for event in events {
            let before = world.keys.each_ref().map(|key| key.model.flight.map(|flight| flight.id));
            let Some(Told { key, decision, .. }) = world.happens(event) else { continue };
            match decision {
                Decision::Start(_) | Decision::ReturnAndRefresh(..) => prop_assert_eq!(before[key], None, "a second request"),
                Decision::Join(flight) => prop_assert_eq!(before[key], Some(flight), "a request that is not under way"),
                Decision::Return(_) | Decision::Fail(_) => {}
            }
        }
    }

    /// Invariant 3: an owner that dies blocks nobody, and what comes of its request
    /// late changes nothing.
    #[test]
    fn a_dead_owner_blocks_nobody(events in events(40), ask in ask(), late in option::of(grant())) {
        let mut world = World::after(events);
        let told = world.call(0, &ask);
        world.happens(Event::Die(0));
        if (JOIN | START).has(told.answer()) {
            let next = world.call(0, &Ask { force: false, ..ask });
            prop_assert!(next.answer() != JOIN && next.allowed.has(next.answer()), "{:?} after {:?}", next.answer(), told.answer());
            prop_assert!(world.keys[0].model.flight.is_some() || (RETURN | FAIL).has(next.answer()));
        }
        let before = [world.fallback(0, &PLAIN), world.fallback(0, &ask)];
        let flight = world.keys[0].model.flight.map(|flight| flight.id);
        world.happens(Event::Late(0, late));
        prop_assert_eq!(before, [world.fallback(0, &PLAIN), world.fallback(0, &ask)]);
        if let Some(flight) = flight {
            prop_assert_eq!(world.call(0, &Ask { force: true, ..ask }).decision, Decision::Join(flight));
        }
    }

    /// Invariant 8: only callers start requests, and who only looks changes nothing.
    #[test]
    fn nothing_starts_without_a_caller(events in events(50), looks in vec((0..3_usize, ask()), 1..5)) {
        let (mut world, mut watched) = (World::new(), World::new());
        let mut known = None;
        for event in events {
            for (key, ask) in &looks {
                watched.fallback(*key, ask);
                // A hit counts as a use, which is no other answer for anyone.
                known.map(|found: Found<usize>| watched.engine.hit(found.slot, found.serial, watched.now, ask));
            }
            let (told, same) = (world.happens(event.clone()), watched.happens(event));
            prop_assert_eq!(told.as_ref().map(|told| &told.decision), same.as_ref().map(|told| &told.decision));
            known = told.and_then(|told| told.found().copied()).or(known);
            // Flights are numbered: one for each caller that was told of its start.
            let newest = world.keys.iter().filter_map(|key| key.model.flight).map(|flight| flight.id).max();
            prop_assert!(newest.unwrap_or(0) <= world.started, "a request that nobody was told of");
        }
    }

    /// Invariant 9.
    #[test]
    fn refused_tokens_are_fetched_once(events in events(40), refusals in 1..20_usize, calls in vec(ask(), 1..20), grant in grant()) {
        let mut world = World::after(events);
        let Some(found) = world.call(0, &PLAIN).found().copied() else { return Ok(()) };
        let name = world.token(&found).name.clone();
        world.happens(Event::Die(0));
        let before = world.started;
        let mut calls = calls.into_iter().map(|ask| Ask { force: false, min_ttl: 0, max_age: None, ..ask }).cycle();
        for _ in 0..refusals {
            world.refuse(0, &name);
            world.call(0, &calls.next().unwrap());
        }
        prop_assert!(world.started <= before + 1, "{} requests for one token", world.started - before);
        // Then the new one comes, and the old one is refused again by those who were late.
        let refetched = world.keys[0].model.flight.is_some();
        world.happens(Event::Succeed(0, grant.saying(Lifetime::For(3_600_000), false)));
        let started = world.started;
        for _ in 0..refusals {
            let was_cached = world.refuse(0, &name);
            prop_assert!(!(refetched && was_cached), "an old token");
            let told = world.call(0, &calls.next().unwrap());
            prop_assert!(!refetched || told.answer() == RETURN, "{:?}", told.answer());
        }
        prop_assert!(!refetched || world.started == started, "an old token is fetched again");
    }
}
