//! What callers get of one key: fresh, stale, last chance, none.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]

mod support;

use support::cache::{Cache, FORCED, PLAIN, failure, token};
use support::{START, json, later};
use tokenlet::cache::{Ask, Margins};
use tokenlet::engine::Arrival;
use tokenlet::token::{Lifetime, Token};

/// With draw 0, a token of an hour is refreshed this long after it came: 30 s of
/// margin and 300 s of lead before its end.
const REFRESH: i64 = 3_270_000;
/// Here its last chance begins,
const LAST_CHANCE: i64 = 3_570_000;
/// and from here on it is not handed out any more.
const GONE: i64 = 3_598_000;

#[test]
fn calls_without_a_token_share_one_request() {
    let mut cache = Cache::new();
    let flight = cache.starts(&PLAIN);
    for _ in 0..200 {
        cache.joins(flight, &PLAIN);
    }
    cache.after(500).arrives(flight, "first", 3600);
    cache.gets("first", &PLAIN);
}

#[test]
fn margins_scale_with_the_lifetime() {
    for (lifetime, soft, hard, refresh_at) in [
        (3_600_000, 30_000, 2_000, REFRESH),
        (200_000, 20_000, 2_000, 130_000),
        (60_000, 6_000, 2_000, 39_000),
        (10_000, 1_000, 500, 6_500),
    ] {
        let margins = Margins::new(Lifetime::For(lifetime), None, 0.0);
        assert_eq!(
            (margins.soft, margins.hard, margins.refresh_at),
            (soft, hard, refresh_at),
            "{lifetime} ms"
        );
    }
    let refresh_at = |ahead, draw| Margins::new(Lifetime::For(3_600_000), ahead, draw).refresh_at;
    assert_eq!(refresh_at(Some(600_000), 0.0), 2_970_000);
    assert_eq!(
        refresh_at(Some(3_600_000), 0.0),
        2_370_000,
        "at most a third of the lifetime"
    );
    assert_eq!(
        refresh_at(None, 0.5),
        3_195_000,
        "the lead is a quarter longer"
    );
}

#[test]
fn a_token_is_fresh_then_stale_then_in_its_last_chance_then_gone() {
    let mut cache = Cache::holding("first", 3600);
    cache.after(REFRESH - 1).gets("first", &PLAIN);
    let behind = cache.after(1).refreshes("first", &PLAIN);
    cache.gets("first", &PLAIN);
    cache.after(LAST_CHANCE - REFRESH - 1).gets("first", &PLAIN);
    cache.after(1).joins(behind, &PLAIN);
    assert_eq!(cache.fallback(&PLAIN).as_deref(), Some("first"));
    cache.after(GONE - LAST_CHANCE - 1);
    assert_eq!(cache.fallback(&PLAIN).as_deref(), Some("first"));
    cache.after(1);
    assert_eq!(cache.fallback(&PLAIN), None);
    cache.arrives(behind, "second", 3600);
    cache.gets("second", &PLAIN);
}

#[test]
fn without_a_background_nothing_starts_behind_a_caller() {
    let foreground = Ask {
        background: false,
        ..PLAIN
    };
    let mut cache = Cache::holding("first", 3600);
    cache.after(REFRESH).gets("first", &foreground);
    cache.after(LAST_CHANCE - REFRESH).starts(&foreground);
}

#[test]
fn the_same_token_again_is_no_progress() {
    let mut cache = Cache::holding("first", 3600);
    let flight = cache.after(REFRESH).refreshes("first", &PLAIN);
    assert_eq!(cache.arrives(flight, "first", 330), "first");
    // Half of the 330 s that are left.
    cache.after(164_999).gets("first", &PLAIN);
    cache.after(1).refreshes("first", &PLAIN);
}

#[test]
fn a_token_that_ends_sooner_replaces_nothing() {
    let mut cache = Cache::holding("first", 3600);
    let flight = cache.after(1_000).starts(&FORCED);
    assert_eq!(
        cache.arrives(flight, "sooner", 60),
        "sooner",
        "who waited gets it all the same"
    );
    cache.gets("first", &PLAIN);
}

#[test]
fn a_request_may_be_forced_once_a_second() {
    let mut cache = Cache::holding("first", 3600);
    cache.after(999).gets("first", &FORCED);
    let flight = cache.after(1).starts(&FORCED);
    cache.joins(flight, &FORCED);
    cache.arrives(flight, "second", 3600);
    cache.gets("second", &FORCED);
    let flight = cache.after(1_000).starts(&FORCED);
    cache.fails(flight, &failure(401, ""));
    let flight = cache.after(1_000).starts(&FORCED);
    cache.fails(flight, &failure(401, ""));
    cache.gets("second", &PLAIN);
}

#[test]
fn min_ttl_and_max_age_are_each_callers_own() {
    let long = Ask {
        min_ttl: 1_800_000,
        ..PLAIN
    };
    let young = Ask {
        max_age: Some(60_000),
        ..PLAIN
    };
    let mut cache = Cache::holding("first", 3600);
    cache.after(59_999).gets("first", &young);
    let flight = cache.after(1).starts(&young);
    cache.gets("first", &PLAIN);
    cache.fails(flight, &failure(401, ""));
    assert_eq!(
        cache.fallback(&young),
        None,
        "the old token is too old for this caller"
    );
    cache.after(1_740_000).gets("first", &long);
    let flight = cache.after(1).starts(&long);
    assert_eq!(
        cache.arrives(flight, "short", 600),
        "short",
        "what a request yields is returned whatever it is"
    );
}

#[test]
fn more_than_a_new_token_has_is_not_asked_for_again_and_again() {
    let greedy = Ask {
        min_ttl: 7_200_000,
        ..PLAIN
    };
    let mut cache = Cache::new();
    let flight = cache.starts(&greedy);
    cache.arrives(flight, "first", 3600);
    cache.after(999).gets("first", &greedy);
    cache.after(1).starts(&greedy);
}

#[test]
fn a_shorter_token_than_the_held_one_excuses_no_age() {
    let young = Ask {
        max_age: Some(1_800_000),
        ..PLAIN
    };
    let mut cache = Cache::holding("long", 43_200);
    let flight = cache.after(3_600_000).starts(&young);
    assert_eq!(cache.arrives(flight, "short", 3600), "short");
    cache.after(5_000).starts(&young);
    cache.gets("long", &PLAIN);
}

#[test]
fn a_token_that_may_not_be_kept_displaces_no_usable_one() {
    let mut cache = Cache::holding("first", 3600);
    let flight = cache.after(LAST_CHANCE + 1).starts(&PLAIN);
    assert_eq!(cache.arrives(flight, "fleeting", "1h"), "fleeting");
    let flight = cache.after(14_500).starts(&FORCED);
    cache.fails(flight, &failure(503, ""));
    assert_eq!(cache.fallback(&PLAIN).as_deref(), Some("first"));
}

#[test]
fn a_rejected_token_that_comes_again_displaces_no_usable_one() {
    let mut cache = Cache::holding("first", 3600);
    cache.after(60_000);
    assert!(cache.invalidate("first"));
    let flight = cache.starts(&PLAIN);
    cache.arrives(flight, "second", 3600);
    let flight = cache.after(1_000).starts(&FORCED);
    assert_eq!(cache.arrives(flight, "first", 7200), "first");
    cache.gets("second", &PLAIN);
}

#[test]
fn an_exclusive_token_takes_the_place_of_the_one_it_revokes() {
    for expires_in in [json!(60), json!(3600), json!("1h")] {
        let mut cache = Cache::holding("first", 3600);
        cache.exclusive = true;
        let flight = cache.after(1_000).starts(&FORCED);
        cache.arrives(flight, "second", expires_in);
        cache.gets("second", &PLAIN);
    }
}

/// Metadata names the same endpoint for years, and what comes with it is newer each time.
#[test]
fn what_renews_takes_the_place_of_any_even_of_the_same() {
    for (name, expires_in) in [("same", 3_600), ("other", 3_600), ("other", 20)] {
        let mut cache = Cache::holding("same", 3_600);
        cache.renews = true;
        let flight = cache.after(REFRESH).refreshes("same", &PLAIN);
        let first = cache.gets("same", &PLAIN).serial;
        assert_eq!(cache.arrives(flight, name, expires_in), name);
        let second = cache.after(10_000).gets(name, &PLAIN).serial;
        assert!(second > first, "{name}, for {expires_in} s");
    }
}

#[test]
fn the_fast_path_finds_fresh_tokens_alone() {
    let mut cache = Cache::holding("first", 3600);
    let found = cache.gets("first", &PLAIN);
    let young = Ask {
        max_age: Some(60_000),
        ..PLAIN
    };
    cache.after(REFRESH - 1);
    assert!(cache.hit(&found, &PLAIN));
    assert!(!cache.hit(&found, &young), "too old for this caller");
    cache.after(1);
    assert!(!cache.hit(&found, &PLAIN), "a refresh is due");
}

#[test]
fn more_than_a_server_has_to_give_is_not_asked_for_while_it_repeats_itself() {
    let greedy = Ask {
        min_ttl: 600_000,
        ..PLAIN
    };
    let mut cache = Cache::holding("first", 3600);
    let flight = cache.after(REFRESH).refreshes("first", &PLAIN);
    cache.arrives(flight, "first", 330);
    cache.after(164_999).gets("first", &greedy);
    cache.after(1).starts(&greedy);
}

#[test]
fn a_token_must_outlast_the_one_that_it_replaces() {
    for (expires_in, kept) in [(3_599, "first"), (3_600, "second")] {
        let mut cache = Cache::holding("first", 3600);
        let flight = cache.after(1_000).starts(&FORCED);
        assert_eq!(cache.arrives(flight, "second", expires_in), "second");
        cache.gets(kept, &PLAIN);
    }
    // There is no later end than none: then the newer one counts.
    let mut cache = Cache::new();
    for name in ["first", "second"] {
        let flight = cache.starts(&FORCED);
        let token = Token {
            lifetime: Lifetime::Never,
            ..token(name, &json!(3600), cache.now)
        };
        let arrival = Arrival {
            sent: cache.now,
            now: cache.now,
            draw: 0.0,
            refresh_ahead: None,
            exclusive: false,
            renews: false,
        };
        let engine = &mut cache.engine;
        engine.succeed("key", flight, token, name.to_owned(), arrival);
        cache.after(1_000).gets(name, &PLAIN);
    }
}

#[test]
fn tokens_of_two_seconds_are_the_shortest_that_are_kept() {
    let mut cache = Cache::holding("short", 1.999);
    cache.after(999).gets("short", &PLAIN);
    cache.after(1).starts(&PLAIN);
    let mut cache = Cache::holding("enough", 2);
    cache.after(1_000).gets("enough", &PLAIN);
}

#[test]
fn nobody_waits_long_who_has_a_usable_token() {
    let mut cache = Cache::holding("first", 3600);
    // Behind a caller's back a request goes on; else it is worth more of a wait, but not where
    // hardly any life is left to wait with.
    let mut patience = |left| {
        let at = 3_600_000_i64 - left;
        cache.now = later(START, at);
        [true, false].map(|background| cache.engine.patience("key", cache.now, background))
    };
    assert_eq!(patience(3_600_000), [Some(2_000), Some(20_000)]);
    // Its hard margin is 2 s, and half of that is to spare.
    assert_eq!(patience(10_000), [Some(2_000), Some(7_000)]);
    assert_eq!(patience(5_000), [Some(2_000); 2]);
    assert_eq!(patience(4_999), [Some(1_999), None]);
    assert_eq!(patience(2_001), [Some(0), None]);
    assert_eq!(patience(2_000), [None; 2], "it is not usable any more");
}
