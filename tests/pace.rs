//! How often a server is asked, whatever it says, and whatever callers do.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]
#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

mod support;

use proptest::collection::vec;
use proptest::prelude::*;
use support::answers::{FAIL, START};
use support::cache::{Cache, FORCED, PLAIN, token};
use support::issued::elapsed;
use support::world::event::{Event, ask, events, grant, trouble};
use support::world::{Told, World};
use support::{START as NOON, json};
use tokenlet::engine::Decision;
use tokenlet::time::{Millis, Now};
use tokenlet::token::Lifetime;

/// When the last request of each key was started.
#[derive(Default)]
struct Starts([Option<Now>; 3]);

impl Starts {
    /// Asserts that a request which was just started is no sooner than it may be.
    fn heed(&mut self, world: &World, told: &Told) -> Result<(), TestCaseError> {
        let (Decision::Start(_) | Decision::ReturnAndRefresh(..)) = told.decision else {
            return Ok(());
        };
        let start = self.0[told.key].replace(world.now);
        // A token that is kept has a last chance and an end of its own, whoever asks.
        let kept = world.keys[told.key]
            .model
            .held
            .as_ref()
            .filter(|held| held.share.is_none());
        let last_chance = kept.is_some_and(|held| held.token.left(world.now) <= held.token.soft());
        let due = last_chance || matches!(told.decision, Decision::ReturnAndRefresh(..));
        let apart = start.is_none_or(|start| elapsed(world.now, start) >= 1_000);
        prop_assert!(
            apart || due,
            "{:?} after {start:?}, by {:?}",
            world.now,
            told.ask
        );
        Ok(())
    }
}

proptest! {
    #![proptest_config(support::many_cases())]

    /// Invariant 7. A clock that is put back measures nothing, so here they go forward.
    #[test]
    fn requests_stay_a_second_apart(events in events(80)) {
        let mut world = World::new();
        let mut last = Starts::default();
        for event in events {
            let event = if let Event::Step(span) = event { Event::Step(span.abs()) } else { event };
            // Failures have back-offs of their own, and those who died or were refused may be followed at once.
            match &event {
                Event::Fail(key, _) | Event::Die(key) | Event::Reject(key, _) => last.0[*key] = None,
                Event::Clear => last = Starts::default(),
                _ => {}
            }
            if let Some(told) = world.happens(event) {
                last.heed(&world, &told)?;
            }
        }
    }

    /// Invariant 7, with what servers are known to say, and the same token for ever.
    #[test]
    fn requests_stay_a_second_apart_whatever_the_server_says(
        calls in vec((prop_oneof![0..50_i64, 0..1_100_i64, 0..20_000_i64], ask()), 1..60), said in 0..11_usize, grant in grant(), same in any::<bool>(), latency in 0..1_500_i64,
    ) {
        let said = [json!(0), json!(-1), json!(1), json!("1h"), json!("NaN"), json!(2), json!(3), json!(59), json!(1e300), json!(null), json!([])][said].clone();
        let grant = grant.saying(token("t", &said, NOON).lifetime, same);
        let mut world = World::new();
        let mut last = Starts::default();
        for (span, ask) in calls {
            world.happens(Event::After(span));
            let flight = world.keys[0].model.flight;
            if flight.is_some_and(|flight| elapsed(world.now, flight.sent) >= latency) {
                world.happens(Event::Succeed(0, grant.clone()));
            }
            let told = world.call(0, &ask);
            last.heed(&world, &told)?;
        }
    }

    /// Invariant 7, with failures: those who ask all the time cause so many requests
    /// as the back-off allows, and no more.
    #[test]
    fn failures_slow_requests_down(troubles in vec(trouble(), 1..12), pace in 1..400_i64, events in events(20)) {
        let mut world = World::after(events);
        world.happens(Event::Clear);
        let mut least = 0;
        let mut failed: Option<Now> = None;
        for trouble in troubles.into_iter().filter(|trouble| !trouble.own) {
            while world.call(0, &PLAIN).answer() == FAIL {
                world.happens(Event::After(pace));
            }
            let waited = failed.map_or(Millis::MAX, |failed| elapsed(world.now, failed));
            prop_assert!(waited >= least, "asked again after {waited} ms, not {least}");
            prop_assert!(failed.is_none() || waited <= 3 * least + pace, "asked again after {waited} ms only");
            let times = world.keys[0].model.failures();
            let (first, most) = if trouble.is_refusal() { (1_000, 30_000) } else { (250, 10_000) };
            least = (most.min(first << times) / 2).max(trouble.retry_after.unwrap_or(0).min(60_000));
            failed = Some(world.now);
            world.happens(Event::Fail(0, trouble));
        }
    }

    /// Invariants 7 and 9: whoever refuses every token causes no loop.
    #[test]
    fn a_token_that_is_always_refused_is_asked_for_ever_more_rarely(grant in grant(), calls in 1..200_i64, pace in 1..500_i64, new in any::<bool>()) {
        let mut world = World::new();
        let mut starts = 0_u32;
        let grant = grant.saying(Lifetime::For(3_600_000), !new);
        for _ in 0..calls {
            if world.call(0, &PLAIN).answer() == START {
                starts += 1;
                world.happens(Event::Succeed(0, grant.clone()));
            }
            world.happens(Event::Reject(0, 0));
            world.happens(Event::After(pace));
        }
        // The first two at once, then after 1 s, 2 s, 4 s and so on up to a minute.
        let spent = u32::try_from(calls * pace / 1_000).unwrap();
        let most = 2 + (spent + 1).ilog2() + 1 + spent / 60;
        prop_assert!(starts <= most, "{starts} requests in {spent} s, and {most} are enough");
    }
}

/// The most that a caller may do to a server whose tokens can not be kept.
#[test]
fn callers_who_force_get_the_token_that_just_came() {
    for said in [json!(0), json!(1), json!("1h"), json!(3600)] {
        let mut cache = Cache::new();
        let mut requests = 0;
        for _ in 0..600 {
            if let Decision::Start(flight) = cache.after(100).decide(&FORCED) {
                requests += 1;
                cache.arrives(flight, "same", said.clone());
            }
        }
        assert_eq!(requests, 60, "one a second for a minute, with {said}");
    }
}
