//! How long a caller waits at most: a request and its retries for twenty seconds, and
//! with what others leave behind for forty-five.

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
use support::{FUNCTION, HOST, Json, START, configs, json, later};
use tokenlet::flow::{Failure, Flow, Plan, Step};
use tokenlet::response::{Answer, Body};
use tokenlet::time::{Millis, Now};

/// What the flow meets next, be it a server or the caller's function.
#[derive(Clone, Debug)]
struct Meets {
    status: Option<u16>,
    body: &'static str,
    retry_after: Option<u32>,
    secret: Option<&'static str>,
    /// How long it takes, unless the flow has no more time for it.
    latency: Millis,
    /// How far the wall clock goes meanwhile, beyond that.
    step: Millis,
    draw: f64,
}

const BUDGET: Millis = 20_000;

fn meets() -> impl Strategy<Value = Meets> {
    let status =
        prop_oneof![3 => Just(503), 1 => Just(429), 1 => Just(200), 1 => Just(401), 1 => Just(302)];
    let body = prop_oneof![4 => Just("<html>"), 1 => Just(r#"{"access_token":"t"}"#), 1 => Just(r#"{"error":"slow_down"}"#)];
    let retry_after = prop_oneof![3 => Just(None), 1 => (0..30_u32).prop_map(Some)];
    let secret =
        prop_oneof![8 => Just(Some("a long secret")), 1 => Just(Some("")), 1 => Just(None)];
    let latency = prop_oneof![0..300_i64, 0..9_000_i64, 0..40_000_i64];
    let step = prop_oneof![6 => Just(0), 1 => -100_000..100_000_i64];
    (
        option::weighted(0.8, status),
        body,
        retry_after,
        secret,
        latency,
        step,
        0.0..1.0,
    )
        .prop_map(
            |(status, body, retry_after, secret, latency, step, draw)| Meets {
                status,
                body,
                retry_after,
                secret,
                latency,
                step,
                draw,
            },
        )
}

fn config() -> impl Strategy<Value = Json> {
    let timeout = prop_oneof![Just(None), (1..=20_000_i64).prop_map(Some)];
    (timeout, option::of(0..=5_u8), any::<bool>()).prop_map(|(timeout, retries, asked)| {
        let fields = json!({ "timeout": timeout, "retries": retries });
        let secret = if asked {
            json!({ "clientSecret": FUNCTION })
        } else {
            json!({})
        };
        configs::with(configs::with(configs::good("oauth2"), &fields), &secret)
    })
}

/// Plays one acquisition; when it ended.
fn acquire(plan: &Rc<Plan>, meets: &mut impl Iterator<Item = Meets>, start: Now) -> Now {
    let mut now = start;
    let (mut flow, mut step) = Flow::start(plan.clone(), HOST, now);
    let mut may_wait = false;
    loop {
        let Meets {
            status,
            body,
            retry_after,
            secret,
            latency,
            step: wall,
            draw,
        } = meets.next().unwrap();
        let time = match &step {
            Step::Ask(time) | Step::Send(_, time) | Step::Wait(time) => *time,
            Step::Ready(_) | Step::Fail(_) => return now,
        };
        let waits = matches!(step, Step::Wait(_));
        assert!(
            !waits || may_wait,
            "a wait that no failed request is the reason of"
        );
        may_wait = !waits;
        // A timer may be all that moves: nothing comes earlier than its time for a wait.
        let spent = if waits { time } else { latency.min(time) };
        now = later(now, spent);
        now.wall += wall;
        let in_time = latency < time;
        step = match step {
            Step::Ask(_) => match secret.filter(|_| in_time) {
                Some(secret) => flow.handle_secret(secret.to_owned(), now),
                None => flow.handle_failure(Failure::Credentials("threw".to_owned()), now, draw),
            },
            Step::Send(..) if !in_time => flow.handle_failure(Failure::Timeout, now, draw),
            Step::Send(..) => match status {
                Some(status) => {
                    let headers =
                        retry_after.map(|seconds| ("retry-after".to_owned(), seconds.to_string()));
                    let answer = Answer {
                        status,
                        headers: headers.into_iter().collect(),
                        body: Body::Text(body.to_owned()),
                    };
                    flow.handle_response(&answer, now, draw)
                }
                None => flow.handle_failure(Failure::Network("reset".to_owned()), now, draw),
            },
            _ => flow.handle_wait(now),
        };
    }
}

proptest! {
    #![proptest_config(support::many_cases())]

    /// Invariants 3 and 8: one ends in time, with no wait but between two requests, and
    /// so do three in turn, the last of which starts while there is time for it.
    #[test]
    fn a_caller_waits_so_long_and_no_longer(config in config(), meets in vec(meets(), 1..12)) {
        let plan = support::plan(&"oauth2".into(), &config);
        let mut meets = meets.into_iter().cycle();
        let mut now = START;
        for _ in 0..3 {
            let start = now;
            now = acquire(&plan, &mut meets, start);
            // By the clock that is never stepped. A last attempt is given a millisecond.
            let took = now.mono - start.mono;
            prop_assert!(took <= BUDGET + 1, "one took {took} ms");
            if now.since(START) >= BUDGET {
                break;
            }
        }
        prop_assert!(now.mono - START.mono <= 45_000);
    }
}
