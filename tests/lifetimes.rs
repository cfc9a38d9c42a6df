//! How long a token lives, by what its answer says.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]

mod support;

use support::cache::{Cache, PLAIN};
use support::scenario::Run;
use support::{Json, START, Scenario, date, json, jwt};
use tokenlet::engine::{Arrival, Decision, Engine};
use tokenlet::time::Millis;
use tokenlet::token::Lifetime;

fn call() -> Scenario {
    with_response(&json!({}))
}

/// A call whose descriptor reads its answers so.
fn with_response(response: &Json) -> Scenario {
    let provider = json!({ "id": "mine", "extends": "oauth2", "response": response });
    let config = json!({ "tokenEndpoint": "https://id.example/token", "clientId": "client", "clientSecret": "a long secret", "retries": 0 });
    Scenario::of(provider, &config)
}

fn expiring(expires_in: impl Into<Json>) -> Json {
    json!({ "access_token": "t", "token_type": "Bearer", "expires_in": expires_in.into() })
}

/// Whether a caller two seconds later still gets the token.
fn is_kept(run: Run) -> bool {
    let two_seconds_later = support::later(START, 2_000);
    matches!(
        holding(run, None).decide("key", two_seconds_later, &PLAIN),
        Decision::Return(_)
    )
}

/// An engine that got the token.
fn holding(run: Run, refresh_ahead: Option<Millis>) -> Engine<()> {
    let mut engine = Engine::new();
    let Decision::Start(flight) = engine.decide("key", START, &PLAIN) else {
        panic!("an engine that knows nothing starts a request");
    };
    let arrival = Arrival {
        sent: START,
        now: START,
        draw: 0.0,
        refresh_ahead,
        exclusive: false,
        renews: false,
    };
    engine.succeed("key", flight, run.end.ok().unwrap(), (), arrival);
    engine
}

#[test]
fn a_lifetime_is_a_number_or_a_numeric_string() {
    for (said, seconds) in [
        (json!(3600), 3_600),
        (json!(59), 59),
        (json!(3599.9), 3_599),
        (json!("3600"), 3_600),
        (json!(" 3600 "), 3_600),
        (json!("3600.5"), 3_600),
        (json!(3_138_007_490_u32), 3_138_007_490),
    ] {
        let run = call().answer(200, expiring(said.clone())).run();
        assert_eq!(
            run.lifetime().map(|span| span / 1_000),
            Some(seconds),
            "{said}"
        );
        assert!(is_kept(run), "{said}");
    }
}

#[test]
fn without_a_lifetime_five_minutes_are_assumed() {
    for body in [
        expiring(json!(null)),
        expiring(""),
        json!({ "access_token": "t" }),
    ] {
        let run = call().answer(200, body).run();
        assert_eq!(run.lifetime(), Some(300_000));
        assert!(is_kept(run));
    }
}

#[test]
fn a_lifetime_that_is_none_is_not_kept() {
    for said in [
        json!(0),
        json!("0"),
        json!(-1),
        json!("-1"),
        json!("1h"),
        json!("NaN"),
        json!("1e3"),
        json!(true),
        json!([3600]),
        json!({}),
        json!(1e-9),
        json!(-1e300),
    ] {
        let run = call().answer(200, expiring(said.clone())).run();
        assert_eq!(
            run.lifetime(),
            Some(0),
            "{said}: the callers who wait get it, as good as expired"
        );
        assert!(!is_kept(run), "{said}");
    }
}

#[test]
fn a_lifetime_beyond_all_bounds_is_cut_at_the_last_date() {
    for said in [json!(1e300), json!("1".repeat(400)), json!(i64::MAX)] {
        let run = call().answer(200, expiring(said)).run();
        assert_eq!(
            run.token()["expiresAt"],
            8_640_000_000_000_000_i64,
            "the last instant that a Date can name"
        );
        assert!(is_kept(run));
    }
}

#[test]
fn the_descriptor_says_what_zero_means_and_how_long_to_assume() {
    let lifetime =
        |response: Json, body: Json| with_response(&response).answer(200, body).run().lifetime();
    assert_eq!(lifetime(json!({ "zero": "never" }), expiring(0)), None);
    assert_eq!(
        lifetime(json!({ "zero": "unknown" }), expiring(0)),
        Some(300_000)
    );
    assert_eq!(
        lifetime(json!({ "zero": "unknown", "ttl": 60 }), expiring(0)),
        Some(60_000)
    );
    assert_eq!(lifetime(json!({ "ttl": 60 }), expiring(0)), Some(0));
    assert_eq!(
        lifetime(json!({ "ttl": 60 }), json!({ "access_token": "t" })),
        Some(60_000)
    );
    assert_eq!(
        lifetime(json!({ "ttl": null }), json!({ "access_token": "t" })),
        None
    );
}

#[test]
fn a_lifetime_comes_in_many_units() {
    let noon = START.wall / 1_000;
    for (unit, said, span) in [
        ("seconds", 90, 90_000),
        ("milliseconds", 90_000, 90_000),
        ("minutes", 2, 120_000),
        ("epoch-seconds", noon + 90, 90_000),
        ("epoch-milliseconds", START.wall + 90_000, 90_000),
        ("seconds-or-epoch", noon + 90, 90_000),
        ("seconds-or-epoch", 90, 90_000),
        ("seconds-or-epoch", 999_999_999, 999_999_999_000),
        // From here on it is an instant, and this one is long past.
        ("seconds-or-epoch", 1_000_000_000, 0),
    ] {
        let run = with_response(&json!({ "expiry": [{ "path": "expires_in", "as": unit }] }))
            .answer(200, expiring(said))
            .run();
        assert_eq!(run.lifetime(), Some(span), "{said} {unit}");
    }
}

#[test]
fn what_ends_at_once_has_no_lifetime() {
    let noon = START.wall / 1_000;
    let absolute = json!({ "expiry": [{ "path": "expires_in", "as": "epoch-seconds" }] });
    let run = with_response(&absolute).answer(200, expiring(noon)).run();
    assert_eq!(run.end.ok().unwrap().lifetime, Lifetime::None);
    // A JWT that ends now is past, and a good lifetime counts all the same.
    let token = jwt(&json!({ "exp": noon }));
    let run = call()
        .answer(200, json!({ "access_token": token, "expires_in": 3600 }))
        .run();
    assert_eq!(run.lifetime(), Some(3_600_000));
}

#[test]
fn a_jwt_s_expiry_caps_and_stands_in() {
    let at = |seconds: i64| jwt(&json!({ "exp": START.wall / 1_000 + seconds, "sub": "é" }));
    let body = |token: String, said: Json| json!({ "access_token": token, "expires_in": said });
    for (exp, said, lifetime) in [
        (60, json!(3600), 60_000),
        (7_200, json!(3600), 3_600_000),
        (-60, json!(3600), 3_600_000),
        (60, json!(null), 60_000),
        (-60, json!(null), 0),
        (60, json!(0), 0),
    ] {
        let run = call().answer(200, body(at(exp), said.clone())).run();
        assert_eq!(
            run.lifetime(),
            Some(lifetime),
            "exp in {exp} s, expires_in {said}"
        );
    }
    let ignored = with_response(&json!({ "jwtExp": false }))
        .answer(200, body(at(60), json!(3600)))
        .run();
    assert_eq!(ignored.lifetime(), Some(3_600_000));
    for token in [
        "a.b.c",
        "..",
        "a.e30.c",
        &jwt(&json!({ "exp": "soon" })),
        &jwt(&json!([])),
    ] {
        let run = call()
            .answer(200, body(token.to_owned(), json!(null)))
            .run();
        assert_eq!(
            run.lifetime(),
            Some(300_000),
            "{token}: not a JWT that says when"
        );
    }
}

#[test]
fn an_absolute_expiry_is_corrected_by_a_clock_that_is_off() {
    let absolute = json!({ "expiry": [{ "path": "expires_at", "as": "epoch-seconds" }] });
    let lifetime = |date: String| {
        let body = json!({ "access_token": "t", "expires_at": START.wall / 1_000 + 3_600 });
        with_response(&absolute)
            .answer(200, body)
            .header("date", date)
            .run()
            .lifetime()
    };
    assert_eq!(lifetime(date(0)), Some(3_600_000));
    assert_eq!(lifetime(date(30)), Some(3_600_000), "within the tolerance");
    assert_eq!(lifetime(date(31)), Some(3_569_000), "and just beyond it");
    assert_eq!(
        lifetime(date(600)),
        Some(3_000_000),
        "its clock is ahead of ours"
    );
    assert_eq!(
        lifetime(date(-600)),
        Some(4_200_000),
        "its clock is behind ours"
    );
    assert_eq!(lifetime("yesterday".to_owned()), Some(3_600_000));
    let relative = call()
        .answer(200, expiring(3600))
        .header("date", date(600))
        .run();
    assert_eq!(
        relative.lifetime(),
        Some(3_600_000),
        "a span needs no clock"
    );
}

#[test]
fn latency_shortens_a_lifetime() {
    let run = call().latency(1_500).answer(200, expiring(3600)).run();
    assert_eq!(
        run.token()["expiresAt"],
        START.wall + 3_600_000,
        "counted from before the request"
    );
}

/// Whatever is asked for while the subject token is good ends with it as well.
#[test]
fn a_token_that_ends_with_its_subject_is_used_to_its_end_and_not_refreshed() {
    for (lifetime, hard) in [(3_600_000, 2_000), (300_000, 2_000), (10_000, 500)] {
        for refresh_ahead in [None, Some(0), Some(900_000)] {
            let exp = (START.wall + lifetime) / 1_000;
            let config = json!({ "tokenEndpoint": "https://id.example/token", "grant": "token_exchange", "subjectToken": jwt(&json!({ "exp": exp })) });
            let run = Scenario::of("oauth2", &config)
                .answer(200, expiring(7_200))
                .run();
            let mut engine = holding(run, refresh_ahead);
            for age in (0..lifetime - hard).step_by(100) {
                let told = engine.decide("key", support::later(START, age), &PLAIN);
                assert!(
                    matches!(told, Decision::Return(_)),
                    "{told:?} after {age} ms of {lifetime}"
                );
            }
            let end = support::later(START, lifetime - hard);
            let told = engine.decide("key", end, &PLAIN);
            assert!(matches!(told, Decision::Start(_)), "{told:?} at its end");
        }
    }
}

#[test]
fn a_token_that_is_not_kept_is_shared_for_a_second() {
    let mut cache = Cache::holding("first", 0);
    cache.after(999).gets("first", &PLAIN);
    cache.after(1).starts(&PLAIN);
}
