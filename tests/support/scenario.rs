//! One call, played against a server that answers as it is told.

use std::rc::Rc;

use tokenlet::facts::Facts;
use tokenlet::flow::{Failure, Flow, Plan, Step};
use tokenlet::response::{Answer, Body};
use tokenlet::secret::Secret;
use tokenlet::time::{Millis, Now};

pub(crate) use super::run::Run;
use super::run::message;
use super::signed::{HOST, Signed};
use super::{Json, START, later, plan};

/// One call and the server that it meets. Replies come in order; the last one
/// repeats for ever.
pub(crate) struct Scenario {
    plan: Rc<Plan>,
    replies: Vec<Reply>,
    metadata: Vec<Reply>,
    secrets: Vec<Result<String, String>>,
    issued: Vec<Secret>,
    facts: Rc<Facts>,
    signing: Option<Failure>,
    signing_takes: Millis,
    others: Option<fn(&Facts)>,
    start: Now,
    latency: Millis,
    draw: f64,
}

#[derive(Clone)]
enum Reply {
    Answer(Answer),
    Failure(Failure),
    Silence,
}

impl Scenario {
    pub(crate) fn of(provider: impl Into<Json>, config: &Json) -> Self {
        Self::with_plan(plan(&provider.into(), config))
    }

    fn with_plan(plan: Rc<Plan>) -> Self {
        Self {
            plan,
            replies: Vec::new(),
            metadata: Vec::new(),
            secrets: Vec::new(),
            issued: Vec::new(),
            facts: Rc::default(),
            signing: None,
            signing_takes: 0,
            others: None,
            start: START,
            latency: 0,
            draw: 0.5,
        }
    }

    /// The server answers; a body is JSON, or text as it stands.
    pub(crate) fn answer(mut self, status: u16, body: impl Into<Json>) -> Self {
        self.replies.push(answer(status, body.into()));
        self
    }

    /// The issuer answers who asks for its metadata. Its answers come in order as well.
    pub(crate) fn metadata(mut self, status: u16, body: impl Into<Json>) -> Self {
        self.metadata.push(answer(status, body.into()));
        self
    }

    /// The issuer does not answer.
    pub(crate) fn no_metadata(mut self) -> Self {
        self.metadata.push(Reply::Silence);
        self
    }

    /// Nothing is signed, for this reason.
    pub(crate) fn unsigned(mut self, failure: Failure) -> Self {
        self.signing = Some(failure);
        self
    }

    /// How long signing takes.
    pub(crate) fn signing_takes(mut self, span: Millis) -> Self {
        self.signing_takes = span;
        self
    }

    /// What others learn each time that the caller's function is asked for the secret.
    pub(crate) fn others(mut self, learn: fn(&Facts)) -> Self {
        self.others = Some(learn);
        self
    }

    /// What is known of servers, and is learned of them.
    pub(crate) fn knowing(mut self, facts: &Rc<Facts>) -> Self {
        self.facts = facts.clone();
        self
    }

    /// The clocks at the start.
    pub(crate) fn at(mut self, start: Now) -> Self {
        self.start = start;
        self
    }

    /// Changes the last answer.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Answer)) -> Self {
        match self.replies.last_mut() {
            Some(Reply::Answer(answer)) => change(answer),
            _ => panic!("no answer to change"),
        }
        self
    }

    /// Gives the last answer a header, its name in lower case.
    pub(crate) fn header(self, name: &str, value: impl Into<String>) -> Self {
        self.with(|answer| answer.headers.push((name.to_owned(), value.into())))
    }

    /// No answer comes, and the runtime says so at once.
    pub(crate) fn fail(mut self, failure: Failure) -> Self {
        self.replies.push(Reply::Failure(failure));
        self
    }

    /// No answer comes, and nothing says so.
    pub(crate) fn silence(mut self) -> Self {
        self.replies.push(Reply::Silence);
        self
    }

    /// What the caller's function gives; `Err` is what it does instead.
    pub(crate) fn secret(mut self, secret: Result<&str, &str>) -> Self {
        self.secrets
            .push(secret.map(str::to_owned).map_err(str::to_owned));
        self
    }

    /// The server issued this token before.
    pub(crate) fn issued(mut self, token: &str) -> Self {
        self.issued.push(Secret::new(token.to_owned()));
        self
    }

    /// How long every answer and every secret takes to come.
    pub(crate) fn latency(mut self, latency: Millis) -> Self {
        self.latency = latency;
        self
    }

    /// The random number that every wait is drawn with.
    pub(crate) fn draw(mut self, draw: f64) -> Self {
        self.draw = draw;
        self
    }

    /// Plays the scenario to its end.
    pub(crate) fn run(self) -> Run {
        let mut now = self.start;
        let plan = self.plan.clone();
        let (mut flow, mut step) = Flow::start(plan, HOST, self.facts.clone(), now);
        flow.hide(self.issued.clone());
        let (mut requests, mut allowed, mut waits, mut asked) = (vec![], vec![], vec![], 0);
        let (mut signed, mut discovered, mut distrusted) = (vec![], vec![], vec![]);
        let end = loop {
            let steps = requests.len() + signed.len() + discovered.len();
            assert!(steps < 1_000, "the flow does not end");
            step = match step {
                Step::Ask(_) => {
                    let secret = self.secrets.get(asked).or(self.secrets.last());
                    (asked, now) = (asked + 1, later(now, self.latency));
                    if let Some(learn) = self.others {
                        learn(&self.facts);
                    }
                    match secret.expect("nobody gives a secret").clone() {
                        Ok(_) if flow.holds_secret() => flow.handle_held(now),
                        Ok(secret) => flow.handle_secret(secret, now),
                        Err(what) => {
                            flow.handle_failure(Failure::Credentials(what), now, self.draw)
                        }
                    }
                }
                Step::Discover(time) => {
                    distrusted.push(flow.distrusts_metadata());
                    let mut run = self.discover(discovered.len(), now);
                    discovered.append(&mut run.requests);
                    now = later(now, run.took.min(time));
                    match run.end {
                        _ if run.took > time => {
                            flow.handle_failure(Failure::Late("it did not come"), now, self.draw)
                        }
                        Ok(token) => flow.handle_metadata(&token.to_value(), now),
                        Err(error) => break Err(Box::new(flow.without_metadata(&error))),
                    }
                }
                Step::Sign(jwts, time) => {
                    let known = signed.iter().map(Vec::len).sum::<usize>();
                    let numbered = jwts.iter().zip(known..);
                    signed.push(
                        numbered
                            .map(|(jwt, number)| Signed::new(jwt, number))
                            .collect(),
                    );
                    match &self.signing {
                        Some(failure) => {
                            let late = matches!(failure, Failure::Late(_));
                            now = later(now, if late { time } else { 0 });
                            flow.handle_failure(failure.clone(), now, self.draw)
                        }
                        None => {
                            now = later(now, self.signing_takes);
                            let texts = signed.last().into_iter().flatten();
                            let texts = texts.map(|signed: &Signed| signed.text.clone());
                            flow.handle_signatures(texts.collect(), now)
                        }
                    }
                }
                Step::Send(request, time) => {
                    let reply = self.replies.get(requests.len()).or(self.replies.last());
                    requests.push(message(&request));
                    allowed.push(time);
                    let reply = reply.expect("nobody answers").clone();
                    now = later(
                        now,
                        if matches!(reply, Reply::Silence) {
                            time
                        } else {
                            self.latency
                        },
                    );
                    match reply {
                        Reply::Answer(answer) => flow.handle_response(&answer, now, self.draw),
                        Reply::Failure(failure) => flow.handle_failure(failure, now, self.draw),
                        Reply::Silence => flow.handle_failure(Failure::Timeout, now, self.draw),
                    }
                }
                Step::Wait(time) => {
                    waits.push(time);
                    now = later(now, time);
                    flow.handle_wait(now)
                }
                Step::Ready(token) => break Ok(*token),
                Step::Fail(error) => break Err(error),
            };
        };
        Run {
            requests,
            allowed,
            waits,
            took: now.since(self.start),
            asked,
            signed,
            discovered,
            distrusted,
            sent: flow.sent(),
            end,
        }
    }

    /// What comes of asking the issuer for its metadata, after so many requests.
    fn discover(&self, before: usize, now: Now) -> Run {
        let plan = self.plan.metadata(HOST).unwrap();
        let asked = Self {
            replies: self.metadata[before.min(self.metadata.len() - 1)..].to_vec(),
            latency: self.latency,
            facts: self.facts.clone(),
            draw: self.draw,
            ..Self::with_plan(Rc::new(plan))
        };
        asked.at(now).run()
    }
}

fn answer(status: u16, body: Json) -> Reply {
    let body = match body {
        Json::String(text) => text,
        json => json.to_string(),
    };
    Reply::Answer(Answer {
        status,
        headers: Vec::new(),
        body: Body::Text(body),
    })
}
