//! The clock rule: who signs by a clock that is off is told so by the server's `Date`, and
//! tries once more, by the server's clock.

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
use support::configs::{good, with};
use support::{Json, START, Scenario, date, has, held, json, many_cases};
use tokenlet::facts::Facts;
use tokenlet::request::Part;

/// A server's clock is taken to be right when it differs by no more, in seconds.
const TOLERANCE: i64 = 30;

const ORIGIN: &str = "https://id.example";

/// How a request is signed, if it is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Signing {
    Nothing,
    Client,
    Grant,
    Proof,
}

fn signing() -> impl Strategy<Value = Signing> {
    select(
        &[
            Signing::Nothing,
            Signing::Client,
            Signing::Grant,
            Signing::Proof,
        ][..],
    )
}

/// What a server answers, and how far its clock is ahead; nothing where it does not say.
type Reply = (u16, Option<i64>);

fn replies() -> impl Strategy<Value = Vec<Reply>> {
    let status = select(&[400_u16, 401, 403, 404, 429, 500, 503][..]);
    let ahead = prop_oneof![
        -35..35_i64,
        select(&[-86_400_i64, -3_600, -31, -30, 30, 31, 60, 3_600][..])
    ];
    // All on the one day that the host knows.
    let ahead = ahead.prop_map(|ahead| ahead.clamp(-40_000, 40_000));
    vec((status, option::weighted(0.8, ahead)), 1..5)
}

impl Signing {
    fn call(self, retries: i64) -> Scenario {
        let fields = match self {
            Self::Nothing => json!({}),
            Self::Client => json!({ "clientSecret": null, "privateKey": held(1) }),
            Self::Grant => json!({ "grant": "jwt_bearer", "privateKey": held(1) }),
            Self::Proof => json!({ "dpop": true }),
        };
        let config = with(good("oauth2"), &json!({ "retries": retries }));
        Scenario::of("oauth2", &with(config, &fields)).draw(0.0)
    }

    fn part(self) -> Part {
        match self {
            Self::Nothing | Self::Client => Part::Client,
            Self::Grant => Part::Grant,
            Self::Proof => Part::Proof,
        }
    }
}

/// What is owed: how far each attempt's signatures are ahead of this machine's clock, and
/// what is known in the end.
fn owed(signing: Signing, known: i64, replies: &[Reply], retries: i64) -> (Vec<i64>, i64) {
    let (mut known, mut ahead, mut taught, mut left) = (known, Vec::new(), false, retries);
    loop {
        let reply = replies.get(ahead.len()).or(replies.last());
        ahead.push(known);
        let (status, date) = *reply.unwrap();
        let date = date.filter(|_| signing != Signing::Nothing && status < 500 && status != 429);
        let is_off = date.is_some_and(|date| (date - known).abs() > TOLERANCE);
        if let Some(date) = date.filter(|_| is_off && !taught) {
            (known, taught) = (date, true);
        } else if date.is_some() && !is_off {
            // Refused by the very clock that it was signed by.
            return (ahead, 0);
        } else if left > 0 && (status == 429 || status >= 500) {
            left -= 1;
        } else {
            return (ahead, known);
        }
    }
}

/// Whether signatures are ahead as they should be. A clock that is hardly off may count as right.
fn is_near(signed: &[i64], ahead: &[i64]) -> bool {
    let same = |(one, other): (&i64, &i64)| one == other || *one == 0 && other.abs() <= TOLERANCE;
    signed.len() == ahead.len() && signed.iter().zip(ahead).all(same)
}

fn answered(mut scenario: Scenario, replies: &[Reply]) -> Scenario {
    for (status, ahead) in replies {
        scenario = scenario.answer(*status, json!({ "error": "invalid_client" }));
        if let Some(ahead) = ahead {
            scenario = scenario.header("date", date(*ahead));
        }
    }
    scenario
}

proptest! {
    #![proptest_config(many_cases())]

    /// One attempt more, at most, for a refusal whose clock is off from what is known; it is
    /// at once, no retry, and signed by that clock, as is whatever comes later.
    #[test]
    fn a_clock_that_is_off_is_corrected_once(signing in signing(), known in select(&[0_i64, 0, 45, 600, -600][..]), replies in replies(), retries in 0..4_i64) {
        let facts = Rc::new(Facts::default());
        facts.learn_skew(ORIGIN, known * 1_000);
        let run = answered(signing.call(retries), &replies).knowing(&facts).run();
        let (ahead, known) = owed(signing, known, &replies, retries);
        prop_assert_eq!(run.requests.len(), ahead.len());
        prop_assert_eq!(&run.error()["attempts"], &json!(ahead.len()));
        let lessons = usize::from(ahead.windows(2).any(|two| two[0] != two[1]));
        prop_assert_eq!(run.waits.len() + lessons + 1, ahead.len(), "a lesson is not waited for");
        if signing == Signing::Nothing {
            prop_assert!(run.signed.is_empty());
            return Ok(());
        }
        let signed = |run: &support::scenario::Run| -> Vec<i64> {
            let jwts = run.jwts(signing.part()).into_iter();
            jwts.map(|jwt| jwt.seconds("iat") - START.wall / 1_000).collect()
        };
        prop_assert!(is_near(&signed(&run), &ahead), "{:?}, not {:?}", signed(&run), ahead);
        for part in [Part::Client, Part::Grant] {
            for jwt in run.jwts(part) {
                prop_assert_eq!(jwt.seconds("exp") - jwt.seconds("iat"), 300);
            }
        }
        let next = signing.call(0).knowing(&facts).answer(503, "").run();
        prop_assert!(is_near(&signed(&next), &[known]), "{:?}, not {}", signed(&next), known);
        let other = json!({ "tokenEndpoint": "https://other.example/token" });
        let config = with(good("oauth2"), &json!({ "dpop": true, "retries": 0 }));
        let elsewhere = Scenario::of("oauth2", &with(config, &other)).knowing(&facts).answer(503, "").run();
        prop_assert_eq!(elsewhere.jwt(Part::Proof).seconds("iat"), START.wall / 1_000, "another server has a clock of its own");
    }
}

/// The answer's `Date` may be that of a machine in between, whose clock nothing is judged by.
#[test]
fn a_clock_that_did_not_help_is_forgotten() {
    let refused = |call: Scenario, error: &str| {
        call.answer(400, json!({ "error": error }))
            .header("date", date(3_600))
    };
    let facts = Rc::new(Facts::default());
    let call = || Signing::Client.call(0).knowing(&facts);
    let scope = refused(refused(call(), "invalid_scope"), "invalid_client").run();
    assert_eq!(scope.requests.len(), 2);
    let next = refused(call(), "invalid_scope").run();
    let first = next.jwts(Part::Client)[0].seconds("iat");
    assert_eq!(first, START.wall / 1_000, "by its own clock again");
}

#[test]
fn a_token_is_no_reason_to_ask_again() {
    let body = json!({ "access_token": "t", "expires_in": 60 });
    let run = Signing::Client
        .call(2)
        .answer(200, body)
        .header("date", date(3_600))
        .run();
    assert_eq!((run.requests.len(), run.lifetime()), (1, Some(60_000)));
}

#[test]
fn both_lessons_may_be_given_in_one_call() {
    let nonce = json!({ "error": "use_dpop_nonce" });
    let run = Signing::Proof
        .call(1)
        .answer(400, nonce)
        .header("dpop-nonce", "a nonce")
        .header("date", date(3_600))
        .answer(401, json!({ "error": "invalid_dpop_proof" }))
        .header("date", date(3_600))
        .answer(503, "")
        .run();
    has(&run.error(), &json!({ "attempts": 4, "status": 503 }));
    let proofs = run.jwts(Part::Proof);
    let told = |claim: &str| -> Vec<Json> {
        proofs
            .iter()
            .map(|proof| proof.claims[claim].clone())
            .collect()
    };
    let start = START.wall / 1_000;
    assert_eq!(
        told("iat"),
        [0, 0, 3_600, 3_600].map(|ahead| json!(start + ahead))
    );
    assert_eq!(
        told("nonce"),
        [
            json!(null),
            json!("a nonce"),
            json!("a nonce"),
            json!("a nonce")
        ]
    );
    assert_eq!(run.waits.len(), 1, "the one retry");
}
