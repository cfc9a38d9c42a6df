//! What holds of the cache whatever callers, servers and clocks do.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]
#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

mod support;

use std::collections::HashMap;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use support::cache::{Cache, FORCED, PLAIN, failure, unavailable};
use support::{json, later};
use tokenlet::cache::{Ask, Margins};
use tokenlet::engine::{Decision, FlightId};
use tokenlet::error::Error;
use tokenlet::time::{Millis, Now};
use tokenlet::token::Lifetime;

/// One thing that happens.
#[derive(Clone, Debug)]
enum Event {
    /// Time passes.
    After(Millis),
    /// The wall clock is stepped.
    Step(Millis),
    /// A caller asks.
    Call(Ask),
    /// The request under way yields a token that lives so many seconds.
    Succeed(i64),
    /// The request under way fails; `true`: the server refused.
    Fail(bool),
}

fn event() -> impl Strategy<Value = Event> {
    let span = prop_oneof![0..2_000_i64, 0..120_000_i64, 0..4_000_000_i64];
    prop_oneof![
        3 => span.clone().prop_map(Event::After),
        1 => (-4_000_000..4_000_000_i64).prop_map(Event::Step),
        4 => ask().prop_map(Event::Call),
        3 => prop_oneof![-1..5_i64, 30..90_i64, 600..3_600_i64].prop_map(Event::Succeed),
        2 => any::<bool>().prop_map(Event::Fail),
    ]
}

fn ask() -> impl Strategy<Value = Ask> {
    let span = || prop_oneof![2 => Just(None), 1 => option::of(0..600_000_i64)];
    (span(), span(), any::<bool>(), 0..4_u8).prop_map(|(min_ttl, max_age, background, force)| Ask {
        min_ttl: min_ttl.unwrap_or(0),
        max_age,
        force: force == 0,
        background,
    })
}

/// The world outside of the cache: what it was given, and when.
struct World {
    cache: Cache,
    flight: Option<(FlightId, Now)>,
    /// When each token was asked for and when it came, and how long it lives.
    tokens: HashMap<String, (Now, Now, Millis)>,
    errors: [Box<Error>; 2],
}

impl World {
    fn new() -> Self {
        let errors = [
            unavailable(),
            failure(401, json!({ "error": "invalid_client" })),
        ];
        Self {
            cache: Cache::new(),
            flight: None,
            tokens: HashMap::new(),
            errors,
        }
    }

    fn call(&mut self, ask: &Ask) -> Decision<String> {
        let decision = self.cache.decide(ask);
        match &decision {
            Decision::Start(flight) | Decision::ReturnAndRefresh(_, flight) => {
                assert!(self.flight.is_none(), "a second request at the same time");
                self.flight = Some((*flight, self.cache.now));
            }
            Decision::Join(flight) => {
                assert_eq!(Some(*flight), self.flight.map(|(flight, _)| flight))
            }
            Decision::Return(_) | Decision::Fail(_) => {}
        }
        decision
    }

    /// Lets it happen; what a caller got, if it was a call.
    fn happens(&mut self, event: Event) -> Option<Decision<String>> {
        match event {
            Event::After(span) => self.cache.now = later(self.cache.now, span),
            Event::Step(span) => self.cache.now.wall += span,
            Event::Call(ask) => return Some(self.call(&ask)),
            Event::Succeed(seconds) => self.succeed(seconds),
            Event::Fail(refused) => self.fail(refused),
        }
        None
    }

    fn succeed(&mut self, seconds: i64) {
        if let Some((flight, sent)) = self.flight.take() {
            let name = format!("token{}", self.tokens.len());
            self.tokens.insert(
                name.clone(),
                (sent, self.cache.now, (seconds * 1_000).max(0)),
            );
            self.cache.arrives_from(sent, flight, &name, seconds);
        }
    }

    fn fail(&mut self, refused: bool) {
        if let Some((flight, _)) = self.flight.take() {
            let error = self.errors[usize::from(refused)].clone();
            self.cache.fails(flight, &error);
        }
    }

    /// What is left of a token, and whether it came within this second.
    fn remaining(&self, name: &str) -> (Millis, bool) {
        let (sent, got, lifetime) = self.tokens[name];
        (
            lifetime - self.cache.now.since(sent),
            self.cache.now.since(got) < 1_000,
        )
    }
}

proptest! {
    #![proptest_config(support::cases())]

    #[test]
    fn a_returned_token_has_its_margin_left(events in vec(event(), 1..60)) {
        let mut world = World::new();
        for event in events {
            let min_ttl = if let Event::Call(ask) = &event { ask.min_ttl } else { 0 };
            let Some(Decision::Return(found) | Decision::ReturnAndRefresh(found, _)) = world.happens(event) else { continue };
            let (remaining, new) = world.remaining(&found.handle);
            let (.., lifetime) = world.tokens[&found.handle];
            prop_assert!(new || remaining > 2_000.min(lifetime / 20), "{remaining} of {lifetime} ms left");
            // A server that makes no progress has no token that would last longer.
            let newest = found.handle == format!("token{}", world.tokens.len() - 1);
            prop_assert!(new || !newest || remaining >= min_ttl, "{remaining} ms left, not {min_ttl}");
        }
    }

    #[test]
    fn a_failure_takes_no_usable_token_away(events in vec(event(), 1..60), ask in ask()) {
        let mut world = World::new();
        for event in events {
            let failed = matches!(event, Event::Fail(_));
            let before = [world.cache.fallback(&PLAIN), world.cache.fallback(&ask)];
            world.happens(event);
            if failed {
                prop_assert_eq!(&before, &[world.cache.fallback(&PLAIN), world.cache.fallback(&ask)]);
                let told = before[0].is_some() && matches!(world.call(&PLAIN), Decision::Fail(_));
                prop_assert!(!told, "a token is there, and the caller gets an error");
            }
        }
    }

    #[test]
    fn a_hit_is_what_decide_would_return(events in vec(event(), 1..60), ask in ask()) {
        let ask = Ask { force: false, ..ask };
        let mut world = World::new();
        let mut known = None;
        for event in events {
            if let Some(Decision::Return(found) | Decision::ReturnAndRefresh(found, _)) = world.happens(event) {
                known = Some(found);
            }
            if let Some(known) = &known && world.cache.hit(known, &ask) {
                prop_assert!(matches!(world.call(&ask), Decision::Return(found) if found == *known));
            }
        }
    }

    #[test]
    fn requests_stay_bounded_whatever_the_server_says(
        calls in vec((prop_oneof![0..50_i64, 0..1_100_i64, 0..20_000_i64], ask()), 1..60), said in 0..9_usize, same in any::<bool>(), latency in 0..1_500_i64,
    ) {
        let said = [json!(0), json!(-1), json!(1), json!("1h"), json!(2), json!(3), json!(59), json!(1e300), json!(null)][said].clone();
        let is_kept = said.as_f64().is_none_or(|seconds| seconds > 1.0) && said != "1h";
        let mut world = World::new();
        let mut starts = Vec::new();
        for (span, ask) in calls {
            world.cache.after(span);
            if let Some((flight, sent)) = world.flight && world.cache.now.since(sent) >= latency {
                let name = if same { "same".to_owned() } else { format!("at-{}", sent.mono) };
                world.cache.arrives_from(sent, flight, &name, said.clone());
                world.flight = None;
            }
            if let Decision::Start(_) | Decision::ReturnAndRefresh(..) = world.call(&ask) {
                starts.push(world.cache.now);
            }
        }
        // A kept token may be asked for by force, and then in its last chance.
        for window in starts.windows(if is_kept { 3 } else { 2 }) {
            prop_assert!(window[window.len() - 1].since(window[0]) >= 1_000, "expires_in {said}: {window:?}");
        }
    }
}

/// Invariant 11: with lifetimes of 900 s or more, processes that started
/// together spread their refreshes.
#[test]
fn a_thousand_processes_do_not_refresh_together() {
    for lifetime in [900, 3_600, 43_200_i64] {
        let mut seconds: HashMap<Millis, u32> = HashMap::new();
        for process in 0..1_000 {
            let margins = Margins::new(
                Lifetime::For(lifetime * 1_000),
                None,
                f64::from(process) / 1_000.0,
            );
            *seconds.entry(margins.refresh_at / 1_000).or_default() += 1;
        }
        let worst = seconds.into_values().max().unwrap();
        assert!(
            worst < 30,
            "{worst} of a thousand in one second, with tokens of {lifetime} s"
        );
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
