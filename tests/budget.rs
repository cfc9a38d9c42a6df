//! How long a caller waits at most: a request and its retries for twenty seconds, with what
//! is signed and discovered for it, and with what others leave behind for forty-five.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]
#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

mod support;

use std::rc::Rc;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use support::{FUNCTION, HOST, Json, START, configs, date, held, json, later};
use tokenlet::flow::{Failure, Flow, Plan, Step};
use tokenlet::response::{Answer, Body};
use tokenlet::time::{Millis, Now};
use tokenlet::value::Value;

/// What the flow meets next, be it a server or the caller's function.
#[derive(Clone, Debug)]
struct Meets {
    status: Option<u16>,
    body: &'static str,
    retry_after: Option<u32>,
    /// What every answer may teach: a nonce, and how far the server's clock is ahead.
    nonce: bool,
    ahead: Option<i64>,
    secret: Option<&'static str>,
    /// How long it takes, unless the flow has no more time for it.
    latency: Millis,
    /// How far the wall clock goes meanwhile, beyond that.
    step: Millis,
    draw: f64,
}

const BUDGET: Millis = 20_000;

fn meets() -> impl Strategy<Value = Meets> {
    let status = prop_oneof![3 => Just(503), 1 => Just(429), 1 => Just(200), 2 => Just(401), 1 => Just(404), 1 => Just(302)];
    let body = prop_oneof![
        4 => Just("<html>"), 1 => Just(r#"{"access_token":"t"}"#), 1 => Just(r#"{"error":"slow_down"}"#), 2 => Just(r#"{"error":"use_dpop_nonce"}"#),
    ];
    let retry_after = prop_oneof![3 => Just(None), 1 => (0..30_u32).prop_map(Some)];
    let lessons = (any::<bool>(), option::of(-3_600..3_600_i64));
    let secret =
        prop_oneof![8 => Just(Some("a long secret")), 1 => Just(Some("")), 1 => Just(None)];
    let latency = prop_oneof![0..300_i64, 0..9_000_i64, 0..40_000_i64];
    let step = prop_oneof![6 => Just(0), 1 => -100_000..100_000_i64];
    (
        option::weighted(0.8, status),
        body,
        retry_after,
        lessons,
        secret,
        latency,
        step,
        0.0..1.0,
    )
        .prop_map(
            |(status, body, retry_after, (nonce, ahead), secret, latency, step, draw)| Meets {
                status,
                body,
                retry_after,
                nonce,
                ahead,
                secret,
                latency,
                step,
                draw,
            },
        )
}

fn call() -> impl Strategy<Value = (&'static str, Json)> {
    let timeout = prop_oneof![Just(None), (1..=20_000_i64).prop_map(Some)];
    let method = option::of(select(&["client_secret_jwt", "private_key_jwt"][..]));
    let flags = any::<[bool; 3]>();
    (timeout, option::of(0..=5_u8), method, flags).prop_map(
        |(timeout, retries, method, [asked, bound, discovered])| {
            let secret = if asked { FUNCTION } else { "a long secret" };
            let fields = json!({
                "timeout": timeout, "retries": retries, "clientSecret": secret,
                "clientAuth": method, "privateKey": method.map(|_| held(1)), "dpop": bound,
            });
            let config = configs::with(configs::good("oauth2"), &fields);
            let issuer = json!({ "issuer": "https://login.example", "tokenEndpoint": null });
            match discovered {
                true => ("oidc", configs::with(config, &issuer)),
                false => ("oauth2", config),
            }
        },
    )
}

/// What came of an acquisition.
struct Ended {
    /// Its steps, and the time that each was given.
    steps: Vec<(&'static str, Millis)>,
    now: Now,
    /// How often a request was sent, and anything was signed.
    sent: i64,
    signed: i64,
}

/// Plays one acquisition.
fn acquire(plan: &Rc<Plan>, meets: &mut impl Iterator<Item = Meets>, start: Now) -> Ended {
    let mut now = start;
    let (mut flow, mut step) = Flow::start(plan.clone(), HOST, Rc::default(), now);
    let mut may_wait = false;
    let (mut sent, mut signed, mut steps) = (0, 0, Vec::new());
    loop {
        let met = meets.next().unwrap();
        let (latency, draw) = (met.latency, met.draw);
        let (name, time) = match &step {
            Step::Ask(time) => ("ask", *time),
            Step::Send(_, time) => ("send", *time),
            Step::Wait(time) => ("wait", *time),
            Step::Sign(_, time) => ("sign", *time),
            Step::Discover(time) => ("discover", *time),
            Step::Ready(_) | Step::Fail(_) => {
                steps.push((
                    if matches!(step, Step::Ready(_)) {
                        "ready"
                    } else {
                        "fail"
                    },
                    0,
                ));
                return Ended {
                    steps,
                    now,
                    sent,
                    signed,
                };
            }
        };
        steps.push((name, time));
        let waits = matches!(step, Step::Wait(_));
        assert!(
            !waits || may_wait,
            "a wait that no failed request is the reason of"
        );
        may_wait = !waits;
        // A timer may be all that moves: nothing comes earlier than its time for a wait.
        let spent = if waits { time } else { latency.min(time) };
        now = later(now, spent);
        now.wall += met.step;
        let in_time = latency < time;
        step = match step {
            Step::Discover(_) if in_time => flow.handle_metadata(&metadata(&met), now),
            Step::Discover(_) => flow.handle_failure(Failure::Late("it did not come"), now, draw),
            Step::Ask(_) => match met.secret.filter(|_| in_time) {
                Some(_) if flow.holds_secret() => flow.handle_held(now),
                Some(secret) => flow.handle_secret(secret.to_owned(), now),
                None => flow.handle_failure(Failure::Credentials("threw".to_owned()), now, draw),
            },
            Step::Sign(jwts, _) => {
                signed += 1;
                match in_time {
                    true => flow.handle_signatures(vec!["signed".to_owned(); jwts.len()], now),
                    false => flow.handle_failure(
                        Failure::Late("the runtime's WebCrypto did not sign"),
                        now,
                        draw,
                    ),
                }
            }
            Step::Send(..) => {
                sent += 1;
                match met.status {
                    _ if !in_time => flow.handle_failure(Failure::Timeout, now, draw),
                    Some(status) => flow.handle_response(&answer(&met, status, now), now, draw),
                    None => flow.handle_failure(Failure::Network("reset".to_owned()), now, draw),
                }
            }
            _ => flow.handle_wait(now),
        };
    }
}

fn answer(met: &Meets, status: u16, now: Now) -> Answer {
    let mut headers = Vec::new();
    let mut add = |name: &str, value: Option<String>| {
        headers.extend(value.map(|value| (name.to_owned(), value)));
    };
    add(
        "retry-after",
        met.retry_after.map(|seconds| seconds.to_string()),
    );
    add("dpop-nonce", met.nonce.then(|| "a nonce".to_owned()));
    let ahead = |ahead| date((now.wall - START.wall) / 1_000 + ahead);
    add("date", met.ahead.map(ahead));
    Answer {
        status,
        headers,
        body: Body::Text(met.body.to_owned()),
    }
}

/// What a server without peculiarities says of itself, which may have moved.
fn metadata(met: &Meets) -> Value {
    let host = if met.nonce { "id" } else { "moved" };
    let endpoint = format!("https://{host}.example/token");
    support::value(&json!({ "accessToken": endpoint, "extra": {} }))
}

proptest! {
    #![proptest_config(support::many_cases())]

    /// Invariants 3 and 8: one ends in time, with no wait but between two requests, and
    /// so do three in turn, the last of which starts while there is time for it.
    #[test]
    fn a_caller_waits_so_long_and_no_longer((provider, config) in call(), meets in vec(meets(), 1..12)) {
        let plan = support::plan(&provider.into(), &config);
        let mut meets = meets.into_iter().cycle();
        let mut now = START;
        for _ in 0..3 {
            let start = now;
            let ended = acquire(&plan, &mut meets, start);
            now = ended.now;
            // A nonce is taught once between two waits, another place once, and by the server
            // there everything anew.
            let most = 2 * (plan.config.policy.retries + 1) + 1 + 3;
            let (sent, signed) = (ended.sent, ended.signed);
            prop_assert!(sent.max(signed) <= most, "{sent} sent, {signed} signed");
            // By the clock that is never stepped. A last attempt is given a millisecond.
            let took = now.mono - start.mono;
            prop_assert!(took <= BUDGET + 1, "one took {took} ms");
            if now.since(START) >= BUDGET {
                break;
            }
        }
        prop_assert!(now.mono - START.mono <= 45_000);
    }

    /// Timers go by the clock that is never stepped, and so does what is left for them: whatever
    /// sets the other one right meanwhile, the same is tried, and gets the same time.
    #[test]
    fn a_wall_clock_that_is_set_changes_nothing((provider, config) in call(), meets in vec(meets(), 1..12), steps in vec(-9_000_000_000_000..9_000_000_000_000_i64, 1..5)) {
        let plan = support::plan(&provider.into(), &config);
        let steps_of = |steps: &[Millis]| {
            let meets = meets.iter().cloned().zip(steps.iter().copied().cycle());
            let meets = meets.map(|(met, step)| Meets { ahead: None, step, ..met });
            acquire(&plan, &mut meets.collect::<Vec<_>>().into_iter().cycle(), START).steps
        };
        prop_assert_eq!(steps_of(&steps), steps_of(&[0]));
    }
}
