//! One call, played against a server that answers as it is told.

use std::rc::Rc;

use tokenlet::error::Error;
use tokenlet::flow::{Failure, Flow, Plan, Step};
use tokenlet::request::HttpRequest;
use tokenlet::response::{Answer, Body};
use tokenlet::secret::Secret;
use tokenlet::time::{Millis, Now};
use tokenlet::token::Token;

use super::{HOST, Json, START, json_of, later, plan};

/// One call and the server that it meets. Replies come in order; the last one
/// repeats for ever.
pub(crate) struct Scenario {
    plan: Rc<Plan>,
    replies: Vec<Reply>,
    secrets: Vec<Result<String, String>>,
    issued: Vec<Secret>,
    latency: Millis,
    draw: f64,
}

#[derive(Clone)]
enum Reply {
    Answer(Answer),
    Failure(Failure),
    Silence,
}

/// What came of a scenario.
pub(crate) struct Run {
    /// The requests that were sent, as [`message`] writes them.
    pub(crate) requests: Vec<String>,
    /// How long each was given.
    pub(crate) allowed: Vec<Millis>,
    /// The waits between them.
    pub(crate) waits: Vec<Millis>,
    /// How long all of it took.
    pub(crate) took: Millis,
    /// How often the caller's function was asked for the secret.
    pub(crate) asked: usize,
    /// The clocks before the last request.
    pub(crate) sent: Now,
    /// The token or the error, as the core has it.
    pub(crate) end: Result<Token, Box<Error>>,
}

impl Scenario {
    pub(crate) fn of(provider: impl Into<Json>, config: &Json) -> Self {
        Self {
            plan: plan(&provider.into(), config),
            replies: Vec::new(),
            secrets: Vec::new(),
            issued: Vec::new(),
            latency: 0,
            draw: 0.5,
        }
    }

    /// The server answers; a body is JSON, or text as it stands.
    pub(crate) fn answer(mut self, status: u16, body: impl Into<Json>) -> Self {
        let body = match body.into() {
            Json::String(text) => text,
            json => json.to_string(),
        };
        let body = Body::Text(body);
        self.replies.push(Reply::Answer(Answer {
            status,
            headers: Vec::new(),
            body,
        }));
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
        let mut now = START;
        let (mut flow, mut step) = Flow::start(self.plan, HOST, now);
        flow.hide(self.issued);
        let (mut requests, mut allowed, mut waits, mut asked) = (vec![], vec![], vec![], 0);
        let end = loop {
            assert!(requests.len() < 100, "the flow does not end");
            step = match step {
                Step::Ask(_) => {
                    let secret = self.secrets.get(asked).or(self.secrets.last());
                    (asked, now) = (asked + 1, later(now, self.latency));
                    match secret.expect("nobody gives a secret").clone() {
                        Ok(secret) => flow.handle_secret(secret, now),
                        Err(what) => {
                            flow.handle_failure(Failure::Credentials(what), now, self.draw)
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
            took: now.since(START),
            asked,
            sent: flow.sent(),
            end,
        }
    }
}

impl Run {
    /// The one request that was sent.
    pub(crate) fn request(&self) -> &str {
        assert_eq!(self.requests.len(), 1, "one request was expected");
        &self.requests[0]
    }

    /// The token, as users see it.
    pub(crate) fn token(&self) -> Json {
        match &self.end {
            Ok(token) => json_of(&token.to_value()),
            Err(error) => panic!("no token: {}", error.message),
        }
    }

    /// The error, as users see it.
    pub(crate) fn error(&self) -> Json {
        match &self.end {
            Ok(_) => panic!("a token came"),
            Err(error) => json_of(&error.to_value()),
        }
    }

    /// How long the token is good for, as its `expiresAt` says; `None`: for ever.
    pub(crate) fn lifetime(&self) -> Option<Millis> {
        let token = self.token();
        let at = &token["expiresAt"];
        assert!(
            at.is_i64() || at.is_u64() || at.is_null(),
            "{at} is no instant"
        );
        at.as_i64().map(|at| at - self.sent.wall)
    }
}

/// A request as HTTP/1.1 would write it, with the whole URL in its first line.
pub(super) fn message(request: &HttpRequest) -> String {
    let mut lines = vec![format!("{} {}", request.method, request.url)];
    let header = |(name, value): &(String, tokenlet::value::Value)| {
        format!("{name}: {}", value.as_str().unwrap())
    };
    lines.extend(request.headers.iter().map(header));
    let body = request.body.as_ref();
    lines.extend(body.map(|body| format!("\n{body}")));
    lines.join("\n")
}
