//! The clock rule: who signs by a clock that is off is told so by the server's `Date`, and
//! tries once more, by the server's clock, which others know of once that brought a token.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]
#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

mod support;

use std::collections::BTreeSet;
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
    let status = select(&[200_u16, 400, 401, 403, 404, 429, 500, 503][..]);
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
    let (mut ahead, mut taught, mut left) = (Vec::new(), None, retries);
    loop {
        let reply = replies.get(ahead.len()).or(replies.last());
        let told = taught.unwrap_or(known);
        ahead.push(told);
        let (status, date) = *reply.unwrap();
        let is_off = |date: &i64| (date - told).abs() > TOLERANCE;
        let is_refused =
            signing != Signing::Nothing && (400..500).contains(&status) && status != 429;
        let lesson = date
            .filter(is_off)
            .filter(|_| is_refused && taught.is_none());
        if status == 200 {
            // What brought a token is right.
            return (ahead, told);
        } else if lesson.is_some() {
            taught = lesson;
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

fn answered(signing: Signing, mut scenario: Scenario, replies: &[Reply]) -> Scenario {
    for (status, ahead) in replies {
        let body = match (status, signing) {
            (200, Signing::Proof) => json!({ "access_token": "t", "token_type": "DPoP" }),
            (200, _) => json!({ "access_token": "t" }),
            _ => json!({ "error": "invalid_client" }),
        };
        scenario = scenario.answer(*status, body);
        if let Some(ahead) = ahead {
            scenario = scenario.header("date", date(*ahead));
        }
    }
    scenario
}

proptest! {
    #![proptest_config(many_cases())]

    /// One attempt more, at most, for a refusal whose clock is off from what is known; it is
    /// at once, no retry, and signed by that clock, as is whatever comes later if it brought a token.
    #[test]
    fn a_clock_that_is_off_is_corrected_once(signing in signing(), known in select(&[0_i64, 0, 45, 600, -600][..]), replies in replies(), retries in 0..4_i64) {
        let facts = Rc::new(Facts::default());
        facts.learn_skew(ORIGIN, known * 1_000);
        let run = answered(signing, signing.call(retries), &replies).knowing(&facts).run();
        let (ahead, known) = owed(signing, known, &replies, retries);
        prop_assert_eq!(run.requests.len(), ahead.len());
        if run.end.is_err() {
            prop_assert_eq!(&run.error()["attempts"], &json!(ahead.len()));
        }
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

proptest! {
    #![proptest_config(many_cases())]

    /// What each request makes anew is the same in all of it, what was signed included.
    #[test]
    fn an_attempt_has_one_id_and_one_instant(known in -7_200..7_200_i64, takes in 0..4_000_i64, ahead in -7_200..7_200_i64) {
        let all = json!({ "id": "{$uuid}", "s": "{$now.s}", "ms": "{$now.ms}", "iso": "{$now.iso}" });
        let provider = json!({
            "id": "mine",
            "params": { "own": { "kind": "key" } },
            "auth": { "method": "private_key_jwt" },
            "assertion": { "claims": all },
            "request": { "url": "https://id.example/{$uuid}/{$now.s}", "headers": { "x-all": "{$uuid} {$now.s} {$now.ms} {$now.iso}" } },
        });
        let facts = Rc::new(Facts::default());
        facts.learn_skew("https://id.example", known * 1_000);
        let config = json!({ "clientId": "a client", "own": held(1), "retries": 1 });
        let run = Scenario::of(provider, &config)
            .knowing(&facts)
            .signing_takes(takes)
            .answer(503, "")
            .answer(401, "")
            .header("date", date(ahead))
            .answer(401, "")
            .run();
        let jwts = run.jwts(Part::Client);
        prop_assert!(jwts.len() >= 2);
        let mut ids = BTreeSet::new();
        for (jwt, request) in jwts.iter().zip(&run.requests) {
            let told = |name: &str| jwt.claims[name].as_str().unwrap();
            let all = format!("\nx-all: {} {} {} {}\n", told("id"), told("s"), told("ms"), told("iso"));
            prop_assert!(request.contains(&all), "{} in {}", all, request);
            let audience = format!("POST {}\n", told("aud"));
            prop_assert!(request.starts_with(&audience), "{} of {}", audience, request);
            prop_assert_eq!(told("s"), jwt.seconds("iat").to_string());
            ids.extend([told("id"), told("jti")]);
        }
        prop_assert_eq!(ids.len(), 2 * jwts.len(), "each has its own");
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

/// Who is refused for what it is says nothing of a clock that others are right by.
#[test]
fn a_client_that_is_refused_costs_no_other_its_clock() {
    let facts = Rc::new(Facts::default());
    facts.learn_skew(ORIGIN, 3_600_000);
    for ahead in [3_600, 0, 7_200] {
        let wrong = Signing::Client.call(0).knowing(&facts);
        let wrong = wrong.answer(401, json!({ "error": "invalid_client" }));
        let _ = wrong.header("date", date(ahead)).run();
        let right = Signing::Client.call(0).knowing(&facts);
        let run = right.answer(200, json!({ "access_token": "t" })).run();
        let signed = run.jwt(Part::Client).seconds("iat");
        assert_eq!(signed - START.wall / 1_000, 3_600, "after {ahead}");
    }
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
