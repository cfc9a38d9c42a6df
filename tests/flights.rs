//! Requests under way: which of them counts when several overlap, and what
//! becomes of their keys meanwhile.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]

mod support;

use support::cache::{Cache, FORCED, PLAIN, failure, token, unavailable};
use support::{START, json, later};
use tokenlet::engine::{Arrival, Decision, Engine, FlightId};
use tokenlet::secret::Secret;

fn start(engine: &mut Engine<&'static str>, key: &str) -> FlightId {
    match engine.decide(key, START, &PLAIN) {
        Decision::Start(flight) => flight,
        _ => panic!("'{key}' is not known yet"),
    }
}

/// Gets a token for a key that is not known yet.
fn keep(engine: &mut Engine<&'static str>, key: &'static str) {
    let flight = start(engine, key);
    let arrival = Arrival {
        sent: START,
        now: START,
        draw: 0.0,
        refresh_ahead: None,
        exclusive: false,
        renews: false,
    };
    engine.succeed(key, flight, token(key, &json!(3600), START), key, arrival);
}

/// Whether the key's own token is held. Counts as a use of the key only if so.
fn has(engine: &mut Engine<&'static str>, key: &str) -> bool {
    engine
        .fallback(key, START, &PLAIN)
        .is_some_and(|found| found.handle == key)
}

#[test]
fn a_key_never_gets_the_token_of_another() {
    let mut engine = Engine::new();
    keep(&mut engine, "a");
    let flight = start(&mut engine, "b");
    let refusal = failure(401, json!({ "error": "invalid_client" }));
    engine.fail("b", flight, &refusal.into(), true, START, 0.0);
    assert!(matches!(
        engine.decide("b", START, &PLAIN),
        Decision::Fail(_)
    ));
    assert!(
        matches!(engine.decide("a", START, &PLAIN), Decision::Return(found) if found.handle == "a")
    );
    assert!(!engine.invalidate("b", "a", START));
    assert!(engine.invalidate("a", "a", START));
}

#[test]
fn the_key_least_recently_used_goes_first() {
    let mut engine = Engine::new();
    engine.configure(3);
    for key in ["a", "b", "c"] {
        keep(&mut engine, key);
    }
    assert!(matches!(
        engine.decide("a", START, &PLAIN),
        Decision::Return(_)
    ));
    let Decision::Return(b) = engine.decide("b", START, &PLAIN) else {
        panic!("it is held")
    };
    assert!(engine.hit(b.slot, b.serial, START, &PLAIN));
    keep(&mut engine, "d");
    assert_eq!(
        ["a", "b", "c", "d"].map(|key| has(&mut engine, key)),
        [true, true, false, true]
    );
    engine.configure(1);
    assert_eq!(
        ["a", "b", "d"].map(|key| has(&mut engine, key)),
        [false, false, true]
    );
    assert!(
        !engine.hit(b.slot, b.serial, START, &PLAIN),
        "what went is no hit"
    );
}

#[test]
fn a_slot_that_is_used_again_is_no_hit_for_the_old_token() {
    let mut engine = Engine::new();
    engine.configure(1);
    keep(&mut engine, "a");
    let Decision::Return(a) = engine.decide("a", START, &PLAIN) else {
        panic!("it is held")
    };
    keep(&mut engine, "b");
    let Decision::Return(b) = engine.decide("b", START, &PLAIN) else {
        panic!("it is held")
    };
    assert_eq!(a.slot, b.slot);
    assert!(!engine.hit(a.slot, a.serial, START, &PLAIN));
    assert!(engine.hit(b.slot, b.serial, START, &PLAIN));
}

#[test]
fn a_key_with_a_request_under_way_stays() {
    let mut engine = Engine::new();
    engine.configure(1);
    let flights = ["a", "b", "c"].map(|key| start(&mut engine, key));
    for (key, flight) in ["a", "b", "c"].into_iter().zip(flights) {
        assert!(
            matches!(engine.decide(key, START, &PLAIN), Decision::Join(joined) if joined == flight),
            "{key}"
        );
    }
    engine.abandon("a", flights[0]);
    keep(&mut engine, "d");
    assert!(
        !matches!(engine.decide("a", START, &PLAIN), Decision::Join(_)),
        "nothing keeps it any more"
    );
}

#[test]
fn a_request_that_never_ends_keeps_its_key_no_longer_than_one_that_does() {
    let mut engine: Engine<&'static str> = Engine::new();
    engine.configure(2);
    let keys: Vec<String> = (0..100).map(|key| key.to_string()).collect();
    for key in &keys {
        start(&mut engine, key);
    }
    let later = later(START, 3_600_000);
    let _ = engine.decide("new", later, &PLAIN);
    let mut still = keys
        .iter()
        .filter(|key| matches!(engine.decide(key, later, &PLAIN), Decision::Join(_)));
    assert!(still.nth(1).is_none(), "their owners are long gone");
}

#[test]
fn a_request_that_was_cleared_settles_and_is_stored_nowhere() {
    let mut cache = Cache::new();
    let old = cache.starts(&PLAIN);
    cache.engine.clear();
    let new = cache.after(10).starts(&PLAIN);
    assert_ne!(old, new);
    assert_eq!(
        cache.arrives(old, "old", 7200),
        "old",
        "those who wait get it"
    );
    cache.joins(new, &PLAIN);
    cache.fails(old, &unavailable());
    cache.joins(new, &PLAIN);
    cache.arrives(new, "new", 3600);
    cache.gets("new", &PLAIN);

    let flight = cache.after(1_000).starts(&FORCED);
    cache.engine.clear();
    assert_eq!(cache.arrives(flight, "old", 7200), "old");
    cache.starts(&PLAIN);
}

#[test]
fn what_was_cleared_is_no_hit() {
    let mut cache = Cache::holding("first", 3600);
    let found = cache.gets("first", &PLAIN);
    assert!(cache.hit(&found, &PLAIN));
    cache.engine.clear();
    assert!(!cache.hit(&found, &PLAIN));
    let flight = cache.starts(&PLAIN);
    cache.arrives(flight, "second", 3600);
    assert!(
        !cache.hit(&found, &PLAIN),
        "the slot is another token's now"
    );
}

#[test]
fn a_late_answer_overwrites_no_newer_one() {
    let mut cache = Cache::new();
    let dead = cache.starts(&PLAIN);
    let sent = cache.now;
    cache.engine.abandon("key", dead);
    let flight = cache.after(5_000).starts(&PLAIN);
    cache.arrives(flight, "new", 3600);
    // It lives longer, and yet it is the older one.
    assert_eq!(
        cache.after(5_000).arrives_from(sent, dead, "late", 7200),
        "late"
    );
    cache.gets("new", &PLAIN);
    cache.fails(dead, &unavailable());
    cache.gets("new", &PLAIN);
}

#[test]
fn an_abandoned_request_makes_room_once() {
    let mut cache = Cache::new();
    let dead = cache.starts(&PLAIN);
    cache.engine.abandon("key", dead);
    let flight = cache.starts(&PLAIN);
    cache.engine.abandon("key", dead);
    cache.joins(flight, &PLAIN);
}

#[test]
fn failures_of_a_callers_own_functions_are_not_remembered() {
    let mut cache = Cache::new();
    let flight = cache.starts(&PLAIN);
    cache
        .engine
        .fail("key", flight, &unavailable().into(), false, cache.now, 0.0);
    cache.starts(&PLAIN);
}

#[test]
fn latency_counts_against_the_token() {
    let mut cache = Cache::new();
    let flight = cache.starts(&PLAIN);
    let sent = cache.now;
    cache.after(20_000).arrives_from(sent, flight, "slow", 60);
    // 60 s less a margin of 6 s and a lead of 15 s, counted from before the request.
    cache.after(18_999).gets("slow", &PLAIN);
    cache.after(1).refreshes("slow", &PLAIN);
}

#[test]
fn a_clock_that_is_stepped_neither_keeps_nor_refuses_tokens() {
    let mut cache = Cache::holding("first", 3600);
    let start = cache.now;
    // The wall clock was an hour fast, and is put right.
    cache.now.wall -= 3_600_000;
    cache.gets("first", &PLAIN);
    cache.now.mono = start.mono + 3_600_000;
    cache.now.wall = start.wall;
    let flight = cache.starts(&PLAIN);
    cache.arrives(flight, "second", 3600);
    cache.gets("second", &PLAIN);
    // The machine sleeps, and one of its clocks with it.
    cache.now.wall += 3_600_000;
    cache.starts(&PLAIN);

    let mut cache = Cache::holding("first", 3600);
    cache.now = later(cache.now, 3_600_000);
    cache.now.wall -= 5_400_000;
    let flight = cache.starts(&PLAIN);
    cache.arrives(flight, "second", 3600);
    cache.gets("second", &PLAIN);
}

fn evicted(engine: &mut Engine<&'static str>) -> Vec<String> {
    let keys = engine.take_evicted();
    keys.iter().map(|key| key.to_string()).collect()
}

#[test]
fn keys_that_had_to_go_are_told_once() {
    let mut engine = Engine::new();
    engine.configure(2);
    for key in ["a", "b", "c"] {
        keep(&mut engine, key);
    }
    assert_eq!(evicted(&mut engine), ["a"]);
    engine.configure(1);
    assert_eq!(evicted(&mut engine), ["b"]);
    engine.clear();
    assert!(evicted(&mut engine).is_empty());
}

#[test]
fn a_request_keeps_its_key_for_twice_the_time_that_one_may_take() {
    for (age, stays) in [(39_999, true), (40_000, false)] {
        let mut engine: Engine<&'static str> = Engine::new();
        engine.configure(1);
        start(&mut engine, "a");
        let now = later(START, age);
        let _ = engine.decide("b", now, &PLAIN);
        let joins = matches!(engine.decide("a", now, &PLAIN), Decision::Join(_));
        assert_eq!(joins, stays, "after {age} ms");
    }
}

#[test]
fn the_tokens_that_were_issued_are_known() {
    let tokens = |cache: &mut Cache| -> Vec<String> {
        let tokens = cache.engine.tokens("key");
        let text = |token: &Secret| token.reveal().to_owned();
        tokens.iter().map(text).collect()
    };
    let mut cache = Cache::new();
    assert_eq!(tokens(&mut cache), [""; 0]);
    let flight = cache.starts(&PLAIN);
    cache.arrives(flight, "first", 3600);
    assert_eq!(tokens(&mut cache), ["first"]);
    assert!(cache.engine.holds("key", "first"));
    assert!(cache.invalidate("first"));
    let flight = cache.starts(&PLAIN);
    cache.arrives(flight, "second", 3600);
    assert_eq!(tokens(&mut cache), ["first", "second"]);
    assert!(!cache.engine.holds("key", "first"), "it was given up");
}
