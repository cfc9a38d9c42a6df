//! A call from its start to its end, against a server that always answers alike.

use std::rc::Rc;

use tokenlet::config::ClientSecret;
use tokenlet::error::Error;
use tokenlet::facts::Facts;
use tokenlet::flow::{Flow, Plan, Step};
use tokenlet::request::{HttpRequest, Jwt, Part};
use tokenlet::response::Answer;
use tokenlet::retry::BUDGET;
use tokenlet::time::Now;
use tokenlet::token::Token;

use crate::call::{START, assert_told_well, later};
use crate::canary::Canary;
use crate::host::HOST;
use crate::signed::{assert_kept, assert_proves, sign};

/// How the clocks and the dice of a call behave.
#[derive(Clone, Copy)]
pub struct World {
    /// The clocks at the start.
    pub start: Now,
    /// How far both move while a request is under way.
    pub latency: Now,
    /// In [0, 1).
    pub draw: f64,
}

/// A world without surprises.
pub const CALM: World = World {
    start: START,
    latency: Now { wall: 80, mono: 80 },
    draw: 0.5,
};

/// What came of a call.
pub struct End {
    /// The last request, where any was sent: a token may be what was signed.
    pub request: Option<HttpRequest>,
    /// The clocks before it was sent.
    pub sent: Now,
    /// Whether the caller's function was not asked: nothing here knows the secret.
    is_unasked: bool,
    /// What the caller gets.
    pub result: Result<Token, Box<Error>>,
}

/// Plays a call whose issuer and whose token endpoint give the same answer.
pub fn play(plan: &Rc<Plan>, secret: &str, answer: &Answer, world: World) -> End {
    play_with(plan, secret, [answer, answer], world)
}

/// Plays a call against an issuer and a token endpoint that always answer alike. It ends within
/// its attempts, and it never fails before its first request.
pub fn play_with(
    plan: &Rc<Plan>,
    secret: &str,
    [metadata, answer]: [&Answer; 2],
    world: World,
) -> End {
    let mut now = world.start;
    let facts = Rc::new(Facts::default());
    let (mut flow, mut step) = Flow::start(plan.clone(), HOST, facts, now);
    let mut last = None;
    let (mut attempts, mut signings, mut discoveries, mut waited) = (0, 0, 0, 0);
    let mut signed: Vec<Jwt> = Vec::new();
    let mut is_unasked = plan.config.client_secret == ClientSecret::Asked;
    // Another place is told once, the time as well, and a nonce once between two waits.
    let places = i64::from(plan.is_of_metadata);
    // Metadata may name a method that signs.
    let (config, descriptor) = (&plan.config, &plan.descriptor);
    let times = i64::from(config.signs(descriptor) || config.is_discovered(descriptor));
    let nonces = if config.is_bound() { 2 } else { 1 };
    let most = nonces * (config.policy.retries + 1) + places + times;
    // An empty one is none, and one without end is not kept.
    let nonce = answer.header("dpop-nonce");
    let nonce = nonce.filter(|nonce| (1..=1_024).contains(&nonce.len()));
    loop {
        step = match step {
            Step::Discover(time) => {
                discoveries += 1;
                assert!(time > 0 && discoveries <= 2 && !plan.is_of_metadata);
                let source = Rc::new(plan.metadata(HOST).expect("it was looked at before"));
                let end = play(
                    &source,
                    "",
                    metadata,
                    World {
                        start: now,
                        ..world
                    },
                );
                last = end.request.map(|request| (request, end.sent));
                match end.result {
                    Ok(found) => flow.handle_metadata(&found.to_value(), now),
                    Err(error) => {
                        let error = Box::new(flow.without_metadata(&error));
                        return ended(last, now, is_unasked, Err(error));
                    }
                }
            }
            Step::Ask(time) => {
                assert!(plan.config.client_secret == ClientSecret::Asked && time > 0);
                is_unasked = false;
                match flow.holds_secret() {
                    true => flow.handle_held(now),
                    false => flow.handle_secret(secret.to_owned(), now),
                }
            }
            Step::Sign(jwts, time) => {
                signings += 1;
                assert!(time > 0 && !jwts.is_empty() && signings <= most);
                let texts = sign(&jwts, flow.plan(), nonce.filter(|_| attempts > 0));
                signed = jwts;
                flow.handle_signatures(texts, now)
            }
            Step::Send(request, time) => {
                assert!(
                    (1..=plan.config.policy.timeout).contains(&time),
                    "{time} ms for an attempt"
                );
                attempts += 1;
                assert!(attempts <= most, "too many attempts");
                if let Some(proof) = signed.iter().find(|jwt| jwt.part == Part::Proof) {
                    assert_proves(proof, &request);
                }
                last = Some((request, now));
                now = later(now, world.latency);
                flow.handle_response(answer, now, world.draw)
            }
            Step::Wait(time) => {
                waited += time;
                assert!(time >= 0 && waited < BUDGET, "a wait of {time} ms");
                now = later(
                    now,
                    Now {
                        wall: time,
                        mono: time,
                    },
                );
                flow.handle_wait(now)
            }
            Step::Ready(token) => return ended(last, now, is_unasked, Ok(*token)),
            Step::Fail(error) => {
                assert_eq!(i64::from(error.attempts), attempts);
                assert!(
                    last.is_some(),
                    "it ended before anything was sent: {error:?}"
                );
                assert_kept(&signed, &error.to_value());
                return ended(last, now, is_unasked, Err(error));
            }
        }
    }
}

fn ended(
    last: Option<(HttpRequest, Now)>,
    now: Now,
    is_unasked: bool,
    result: Result<Token, Box<Error>>,
) -> End {
    let (request, sent) = match last {
        Some((request, sent)) => (Some(request), sent),
        None => (None, now),
    };
    End {
        request,
        sent,
        is_unasked,
        result,
    }
}

impl End {
    /// Asserts that an error is fit to be shown.
    pub fn assert_told_well(&self, canary: &Canary) {
        if let Err(error) = &self.result
            && !self.is_unasked
        {
            assert_told_well(error, canary);
        }
    }
}
