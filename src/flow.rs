//! One acquisition: from a checked call to a token or an error.
//!
//! ```text
//!   start -> Discover -> Ask -> Sign -> Send -> Ready
//!                         ^               |
//!                         |               v
//!                        Wait <- (failed, worth another attempt)     otherwise -> Fail
//! ```
//!
//! Discover is for endpoints that stand in an issuer's metadata, Ask for a secret that a
//! function gives, and Sign for whatever is signed: the others pass them by.
//!
//! The flow takes facts and answers with one [`Step`], which the rim performs.

mod attempt;
mod failure;
mod lessons;
mod metadata;
mod plan;
mod secrecy;

use std::rc::Rc;

use crate::config::{ClientSecret, is_key};
use crate::error::{Code, Error, Fault};
use crate::facts::Facts;
use crate::redact::Raw;
use crate::request::{HttpRequest, Jwt, Part};
use crate::response::{self, Answer};
use crate::retry;
use crate::secret::Secret;
use crate::text::concat;
use crate::time::{Millis, Now};
use crate::token::Token;
use crate::value::Host;
pub use failure::Failure;
use lessons::Lessons;
pub use plan::{Plan, provider_of};

/// What the rim does next.
#[derive(Clone, PartialEq)]
pub enum Step {
    /// Get the metadata of the plan's issuer, within this time.
    Discover(Millis),
    /// Have these signed, in their order, within this time.
    Sign(Vec<Jwt>, Millis),
    /// Ask the caller's function for the secret, within this time.
    Ask(Millis),
    /// Send the request, and read the answer within this time.
    Send(HttpRequest, Millis),
    /// Wait, then call [`Flow::handle_wait`].
    Wait(Millis),
    /// The token.
    Ready(Box<Token>),
    /// The failure.
    Fail(Box<Error>),
}

/// One acquisition under way.
pub struct Flow {
    plan: Rc<Plan>,
    host: Host,
    started: Now,
    sent: Now,
    attempts: u32,
    /// How many of them a wait came before.
    retries: u32,
    /// The secrets that are sent; more than one where the caller's function changed
    /// its mind between attempts.
    secrets: Vec<Secret>,
    /// Tokens that were issued before, and whatever was signed, which the server may echo.
    tokens: Vec<Secret>,
    /// What the last attempt failed with.
    trouble: Option<Code>,
    /// What is known of servers.
    facts: Rc<Facts>,
    /// The secret of the attempt under way,
    secret: Secret,
    /// its id,
    id: String,
    /// its time, by the server's clock,
    wall: Millis,
    /// how far that is ahead,
    skew: Millis,
    /// and what was signed for it, by its part.
    signed: Vec<(Part, String)>,
    /// What the server taught on the way.
    lessons: Lessons,
    /// What was planned before the token endpoint was discovered,
    undiscovered: Option<Rc<Plan>>,
    /// whether the metadata that names it proved wrong,
    distrusts: bool,
    /// and what of it was gone.
    gone: String,
    /// What is told of the place that was tried first, unless another one has better to tell.
    kept: Option<Box<Error>>,
}

impl Flow {
    /// Starts an acquisition.
    #[must_use]
    pub fn start(plan: Rc<Plan>, host: Host, facts: Rc<Facts>, now: Now) -> (Self, Step) {
        // Earlier calls may have sent it.
        let secrets = match &plan.config.client_secret {
            ClientSecret::Given(secret) => vec![secret.clone()],
            _ => Vec::new(),
        };
        let mut flow = Self {
            facts,
            secret: Secret::new(String::new()),
            id: String::new(),
            wall: 0,
            skew: 0,
            signed: Vec::new(),
            lessons: Lessons::default(),
            undiscovered: None,
            distrusts: false,
            gone: String::new(),
            kept: None,
            plan,
            host,
            started: now,
            sent: now,
            attempts: 0,
            retries: 0,
            secrets,
            tokens: Vec::new(),
            trouble: None,
        };
        let step = flow.attempt(now);
        (flow, step)
    }

    /// Hides these tokens, too, should the server echo them.
    pub fn hide(&mut self, tokens: Vec<Secret>) {
        self.tokens.extend(tokens);
    }

    /// Takes the secret that the caller's function gave.
    #[must_use]
    pub fn handle_secret(&mut self, secret: String, now: Now) -> Step {
        let wrong = match &*secret {
            "" => "gave an empty string",
            key if is_key(key) => "gave a private key, which is never sent",
            _ => return self.sign(Secret::new(secret), now),
        };
        self.handle_failure(Failure::Credentials(wrong.to_owned()), now, 0.0)
    }

    /// Takes the news that the caller's function gave a secret that signs, which the host
    /// holds.
    #[must_use]
    pub fn handle_held(&mut self, now: Now) -> Step {
        self.sign(Secret::new(String::new()), now)
    }

    /// Whether the secret that the caller's function gives is to be held by the host.
    #[must_use]
    pub fn holds_secret(&self) -> bool {
        let Plan {
            config, descriptor, ..
        } = &*self.plan;
        config.auth_method(descriptor) == "client_secret_jwt"
    }

    /// Takes what was signed, in the order of [`Step::Sign`].
    #[must_use]
    pub fn handle_signatures(&mut self, signatures: Vec<String>, now: Now) -> Step {
        if signatures.len() != self.signed.len() || signatures.iter().any(String::is_empty) {
            let words = "the runtime's WebCrypto gave no signature".to_owned();
            return self.handle_failure(Failure::Unsupported(words), now, 0.0);
        }
        for ((_, text), signature) in self.signed.iter_mut().zip(signatures) {
            *text = signature;
        }
        let direct = self.plan.descriptor.flag("assertion.direct");
        match self.signed.first() {
            Some((_, assertion)) if direct => match response::direct(assertion, &self.context(now))
            {
                Ok(token) => Step::Ready(Box::new(token)),
                Err(fault) => self.refused(fault, now),
            },
            _ => self.send(now),
        }
    }

    /// Takes an answer.
    #[must_use]
    pub fn handle_response(&mut self, answer: &Answer, now: Now, draw: f64) -> Step {
        let read = response::read(answer, &self.context(now));
        self.learn_nonce(answer);
        let raw = match read {
            Ok(token) => {
                self.learn_skew();
                return Step::Ready(Box::new(token));
            }
            Err(raw) => raw,
        };
        let wants_nonce = raw.is("use_dpop_nonce");
        let error = raw.redacted(self.redactor());
        if self.is_taught(answer, wants_nonce, &error, now) {
            self.attempt(now)
        } else if self.is_moved(&error) {
            self.kept = Some(error);
            self.attempt(now)
        } else {
            self.failed(error, now, draw)
        }
    }

    /// Takes the news that there was no answer.
    #[must_use]
    pub fn handle_failure(&mut self, failure: Failure, now: Now, draw: f64) -> Step {
        let error = Raw::new(failure.error(self.plan.config.policy.timeout));
        let error = error.redacted(self.redactor());
        match failure {
            // It took the time that further attempts would need.
            Failure::Late(_) => self.ended(error),
            _ => self.failed(error, now, draw),
        }
    }

    /// The wait is over.
    #[must_use]
    pub fn handle_wait(&mut self, now: Now) -> Step {
        self.lessons.wait();
        self.attempt(now)
    }

    /// The id of the provider.
    #[must_use]
    pub fn provider(&self) -> &str {
        self.plan.descriptor.id()
    }

    /// What is carried out, with what was discovered on the way.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The clocks before the last request was sent, or before its token was signed: what a lifetime
    /// counts from.
    #[must_use]
    pub fn sent(&self) -> Now {
        self.sent
    }

    /// How many requests were sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// What the last attempt failed with, where one did.
    #[must_use]
    pub fn trouble(&self) -> Option<Code> {
        self.trouble
    }

    /// Takes secrets out of the runtime's words.
    #[must_use]
    pub fn redact(&self, words: &str) -> String {
        let words = self.redactor().text(words);
        words.unwrap_or_else(|| "the request failed".to_owned())
    }

    fn refused(&mut self, fault: Fault, now: Now) -> Step {
        self.failed(fault.into(), now, 0.0)
    }

    /// Takes an error with no secret in it.
    fn failed(&mut self, error: Box<Error>, now: Now, draw: f64) -> Step {
        self.trouble = Some(error.code);
        // An attempt that is owed to a lesson is no retry.
        let attempt = self.retries.saturating_add(1);
        let retries = self.plan.config.policy.retries;
        match retry::wait(&error, attempt, retries, self.left(now), draw) {
            Some(wait) => {
                self.retries = attempt;
                Step::Wait(wait)
            }
            None => self.elsewhere(error, now),
        }
    }

    fn ended(&mut self, error: Box<Error>) -> Step {
        Step::Fail(self.told(error))
    }

    /// The error that the caller is told.
    fn told(&mut self, error: Box<Error>) -> Box<Error> {
        let mut error = self.kept.take().unwrap_or(error);
        self.trouble = Some(error.code);
        error.attempts = self.attempts;
        error.provider = Some(self.plan.descriptor.id().to_owned());
        if self.plan.is_of_metadata {
            error.message = concat(&["the issuer's metadata: ", &error.message]);
        }
        error
    }
}
