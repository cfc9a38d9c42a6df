//! When a server is asked again: after failures, and after tokens of its that an
//! API rejected.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]

mod support;

use support::cache::{Cache, FORCED, PLAIN, failure, unavailable};
use support::json;
use tokenlet::engine::Decision;

/// With draw 0, a token of an hour is refreshed this long after it came,
const REFRESH: i64 = 3_270_000;
/// here its last chance begins,
const LAST_CHANCE: i64 = 3_570_000;
/// and from here on it is not handed out any more.
const GONE: i64 = 3_598_000;
/// A token that was not rejected for so long was a good one.
const YOUNG: i64 = 30_000;

#[test]
fn a_failed_refresh_backs_off_and_never_past_the_last_chance() {
    let mut cache = Cache::holding("first", 3600);
    cache.after(REFRESH);
    // With draw 0 a back-off is half as long as its span: 2 s, 4 s, up to 30 s.
    for pause in [1_000, 2_000, 4_000, 8_000, 15_000, 15_000] {
        let flight = cache.refreshes("first", &PLAIN);
        cache.fails(flight, &unavailable());
        cache.after(pause - 1).gets("first", &PLAIN);
        cache.after(1);
    }
    let mut cache = Cache::holding("first", 3600);
    let flight = cache.after(LAST_CHANCE - 1).refreshes("first", &PLAIN);
    cache.fails(flight, &unavailable());
    let flight = cache.after(1).starts(&PLAIN);
    cache.fails(flight, &unavailable());
    assert_eq!(
        cache.fallback(&PLAIN).as_deref(),
        Some("first"),
        "the old token after all"
    );
    cache.after(1).gets("first", &PLAIN);
    // Behind a usable token it backs off for seconds; callers without one fail for less.
    let flight = cache.after(GONE - LAST_CHANCE - 101).starts(&PLAIN);
    cache.fails(flight, &unavailable());
    cache.after(99).gets("first", &PLAIN);
    cache.after(1).fails_at_once(&PLAIN);
    cache.after(399).fails_at_once(&PLAIN);
    cache.after(1).starts(&PLAIN);
}

#[test]
fn a_failure_is_remembered_longer_each_time() {
    let transient = [125, 250, 500, 1_000, 2_000, 4_000, 5_000, 5_000];
    let refused = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000];
    for (error, pauses) in [
        (unavailable(), transient),
        (failure(401, json!({ "error": "invalid_client" })), refused),
        (failure(400, json!({ "error": "slow_down" })), transient),
        (failure(404, ""), transient),
    ] {
        let mut cache = Cache::new();
        for pause in pauses {
            let flight = cache.starts(&PLAIN);
            cache.fails(flight, &error);
            cache.after(pause - 1).fails_at_once(&PLAIN);
            cache.after(1);
        }
        let flight = cache.starts(&PLAIN);
        cache.arrives(flight, "first", 3600);
        cache.gets("first", &PLAIN);
    }
}

#[test]
fn a_servers_wish_to_be_left_alone_is_heeded() {
    let mut error = unavailable();
    for (wish, pause) in [(10_000, 10_000), (3_600_000, 60_000)] {
        error.retry_after = Some(wish);
        let mut cache = Cache::new();
        let flight = cache.starts(&PLAIN);
        cache.fails(flight, &error);
        cache.after(pause - 1).fails_at_once(&PLAIN);
        cache.after(1).starts(&PLAIN);
    }
    // Clients that are sent away together come back apart, and none too soon.
    error.retry_after = Some(10_000);
    let mut cache = Cache::new();
    cache.draw = 0.5;
    let flight = cache.starts(&PLAIN);
    cache.fails(flight, &error);
    cache.after(12_499).fails_at_once(&PLAIN);
    cache.after(1).starts(&PLAIN);
}

#[test]
fn a_failure_that_is_told_again_says_how_much_of_the_wait_is_left() {
    let mut error = unavailable();
    error.retry_after = Some(10_000);
    let mut cache = Cache::new();
    let flight = cache.starts(&PLAIN);
    cache.fails(flight, &error);
    for left in [10_000, 7_000, 4_000, 1_000] {
        match cache.decide(&PLAIN) {
            Decision::Fail(told) => assert_eq!(told.retry_after, Some(left)),
            _ => panic!("the failure was to be told"),
        }
        cache.after(3_000);
    }
    cache.starts(&PLAIN);
}

#[test]
fn a_forced_call_skips_a_remembered_failure() {
    let mut cache = Cache::new();
    for _ in 0..8 {
        let flight = cache.starts(&FORCED);
        cache.fails(flight, &failure(401, json!({ "error": "invalid_client" })));
        cache.after(999);
        cache.after(1);
    }
    let flight = cache.starts(&FORCED);
    cache.fails(flight, &failure(401, json!({ "error": "invalid_client" })));
    cache.after(999).fails_at_once(&FORCED);
}

#[test]
fn only_the_cached_token_can_be_invalidated() {
    let mut cache = Cache::holding("first", 3600);
    cache.after(60_000);
    assert!(!cache.invalidate("another"));
    cache.gets("first", &PLAIN);
    assert!(cache.invalidate("first"));
    assert!(
        !cache.invalidate("first"),
        "two hundred 401s cause one refetch"
    );
    let flight = cache.starts(&PLAIN);
    cache.arrives(flight, "second", 3600);
    assert!(!cache.invalidate("first"), "an old 401 causes none");
    cache.gets("second", &PLAIN);
}

#[test]
fn a_rejected_token_that_comes_again_is_asked_about_ever_more_rarely() {
    let mut cache = Cache::holding("first", 3600);
    cache.after(60_000);
    assert!(cache.invalidate("first"));
    let mut flight = cache.starts(&PLAIN);
    let mut waited = 0;
    for _ in 0..8 {
        assert_eq!(
            cache.arrives(flight, "first", 3600),
            "first",
            "who waits gets it"
        );
        let mut pause = 0;
        flight = loop {
            match cache.decide(&PLAIN) {
                Decision::Start(flight) => break flight,
                _ => cache.after(100),
            };
            pause += 100;
        };
        assert!(
            pause >= waited && pause >= 1_000,
            "{pause} ms after {waited} ms"
        );
        waited = pause;
    }
    assert_eq!(waited, 60_000);
}

#[test]
fn a_token_that_may_not_be_kept_hides_no_failure() {
    let mut cache = Cache::new();
    let flight = cache.starts(&PLAIN);
    cache.arrives(flight, "fleeting", 0);
    let flight = cache.after(1_100).starts(&PLAIN);
    cache.fails(flight, &unavailable());
    cache.fails_at_once(&PLAIN);
    cache.after(260).starts(&PLAIN);
}

#[test]
fn two_hundred_rejections_of_one_new_token_count_as_one() {
    let mut cache = Cache::holding("first", 3600);
    assert!(cache.invalidate("first"));
    let flight = cache.starts(&PLAIN);
    cache.arrives(flight, "second", 3600);
    for _ in 0..200 {
        assert!(cache.invalidate("second"));
    }
    cache.gets("second", &PLAIN);
    cache.after(2_100).starts(&PLAIN);
}

#[test]
fn a_refresh_that_fails_through_a_callers_own_functions_backs_off_too() {
    let mut cache = Cache::holding("first", 3600);
    let own = |cache: &mut Cache, flight| {
        let error = unavailable().into();
        cache
            .engine
            .fail("key", flight, &error, false, cache.now, 0.0);
    };
    let flight = cache.after(REFRESH).refreshes("first", &PLAIN);
    own(&mut cache, flight);
    cache.after(999).gets("first", &PLAIN);
    let flight = cache.after(1).refreshes("first", &PLAIN);
    own(&mut cache, flight);
    // It is told to nobody once the token is gone.
    cache.after(GONE - REFRESH - 1_000).starts(&PLAIN);
}

#[test]
fn a_rejected_token_that_comes_again_is_not_handed_out_past_its_end() {
    let mut cache = Cache::holding("first", 3600);
    cache.after(60_000);
    assert!(cache.invalidate("first"));
    let flight = cache.starts(&PLAIN);
    cache.arrives(flight, "first", 5);
    cache.after(999).gets("first", &PLAIN);
    let flight = cache.after(1).starts(&PLAIN);
    // The second time it would be handed out for two seconds.
    cache.arrives(flight, "first", 5);
    cache.after(1_500).gets("first", &PLAIN);
    for expires_in in [json!(1), json!(0)] {
        let mut cache = Cache::holding("first", 3600);
        cache.after(60_000);
        assert!(cache.invalidate("first"));
        for _ in 0..6 {
            let flight = cache.starts(&PLAIN);
            cache.arrives(flight, "first", expires_in.clone());
            cache.after(999).gets("first", &PLAIN);
            cache.after(1);
        }
    }
}

#[test]
fn a_young_rejection_long_after_another_is_the_first_in_a_row() {
    for idle in [YOUNG, 3_600_000] {
        let mut cache = Cache::holding("first", 3600);
        assert!(cache.invalidate("first"));
        let flight = cache.starts(&PLAIN);
        cache.arrives(flight, "second", 3600);
        let flight = cache.after(idle).starts(&FORCED);
        cache.arrives(flight, "third", 3600);
        assert!(cache.invalidate("third"));
        cache.starts(&PLAIN);
    }
}

#[test]
fn a_rejected_token_is_handed_out_while_its_margin_lasts_and_no_longer() {
    // One that came at once, and one that was long under way.
    for (latency, last) in [(0, 1_899), (1_000, 999)] {
        let mut cache = Cache::holding("first", 3600);
        assert!(cache.invalidate("first"));
        let flight = cache.starts(&PLAIN);
        let sent = cache.now;
        cache.after(latency).arrives_from(sent, flight, "first", 2);
        cache.after(last).gets("first", &PLAIN);
        cache.after(1).starts(&PLAIN);
    }
}

#[test]
fn a_token_is_young_for_half_a_minute() {
    for (age, young) in [(YOUNG - 1, true), (YOUNG, false)] {
        let mut cache = Cache::holding("first", 3600);
        cache.after(age);
        assert!(cache.invalidate("first"));
        let flight = cache.starts(&PLAIN);
        cache.arrives(flight, "second", 3600);
        assert!(cache.invalidate("second"));
        // After two young ones in a row a third would not help.
        if young {
            cache.gets("second", &PLAIN);
        } else {
            cache.starts(&PLAIN);
        }
    }
}
