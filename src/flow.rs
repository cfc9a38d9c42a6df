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

mod failure;
mod lessons;
mod plan;
mod secrecy;

use std::rc::Rc;

use crate::config::{ClientSecret, is_key};
use crate::discovery;
use crate::error::{Code, Error, Fault};
use crate::facts::Facts;
use crate::redact::Raw;
use crate::request::{self, HttpRequest, Jwt, Part, Source};
use crate::response::{self, Answer, Context};
use crate::retry;
use crate::secret::Secret;
use crate::text::concat;
use crate::time::{Millis, Now};
use crate::token::Token;
use crate::value::{Host, Value};
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
    /// and what was signed for it, by its part.
    signed: Vec<(Part, String)>,
    /// What the server taught on the way.
    lessons: Lessons,
    /// How far ahead the time is that was signed for it.
    skew: Millis,
    /// What was planned before the token endpoint was discovered,
    undiscovered: Option<Rc<Plan>>,
    /// and whether the metadata that names it proved wrong.
    distrusts: bool,
    /// What stood at the first place for metadata, where that was no refusal.
    misplaced: Option<Box<Error>>,
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
            signed: Vec::new(),
            lessons: Lessons::default(),
            skew: 0,
            undiscovered: None,
            distrusts: false,
            misplaced: None,
            plan,
            host,
            started: now,
            sent: now,
            attempts: 0,
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

    /// Takes the metadata, in the form of a token.
    #[must_use]
    pub fn handle_metadata(&mut self, metadata: &Value, now: Now) -> Step {
        let Plan {
            config, descriptor, ..
        } = &*self.plan;
        match discovery::apply(config, descriptor, metadata, self.host) {
            Ok(config) => {
                self.undiscovered = Some(self.plan.clone());
                self.plan = Rc::new(Plan {
                    config,
                    ..Plan::clone(&self.plan)
                });
                self.attempt(now)
            }
            Err(mut error) => {
                self.distrusts = true;
                self.redactor().retell(&mut error);
                self.ended(error)
            }
        }
    }

    /// The error with which metadata did not come, that many calls may share, as this one may
    /// tell it: an issuer that got its secret before may echo it.
    #[must_use]
    pub fn without_metadata(&self, error: &Error) -> Error {
        let mut error = error.clone();
        self.redactor().retell(&mut error);
        error
    }

    /// Whether the metadata that was taken last proved wrong, and is to be asked for anew.
    pub fn distrusts_metadata(&mut self) -> bool {
        core::mem::take(&mut self.distrusts)
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
            Some((_, assertion)) if direct => {
                self.sent = now;
                match response::direct(assertion, &self.context(now)) {
                    Ok(token) => Step::Ready(Box::new(token)),
                    Err(fault) => self.refused(fault, now),
                }
            }
            _ => self.send(now),
        }
    }

    /// Takes an answer.
    #[must_use]
    pub fn handle_response(&mut self, answer: &Answer, now: Now, draw: f64) -> Step {
        let read = response::read(answer, &self.context(now));
        self.learn_nonce(answer);
        let raw = match read {
            Ok(token) => return Step::Ready(Box::new(token)),
            Err(raw) => raw,
        };
        let wants_nonce = raw.is("use_dpop_nonce");
        let error = raw.redacted(self.redactor());
        if self.is_taught(answer, wants_nonce, &error, now) || self.is_moved(&error) {
            return self.attempt(now);
        }
        self.failed(error, now, draw)
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

    /// The clocks before the last request was sent: what a lifetime counts from.
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

    fn attempt(&mut self, now: Now) -> Step {
        let Plan {
            config, descriptor, ..
        } = &*self.plan;
        if config.is_discovered(descriptor) {
            return Step::Discover(self.left(now).max(1));
        }
        match &config.client_secret {
            ClientSecret::Asked => Step::Ask(self.time_for_one(now)),
            ClientSecret::Given(secret) => self.sign(secret.clone(), now),
            ClientSecret::Held | ClientSecret::Absent => self.sign(Secret::new(String::new()), now),
        }
    }

    /// Has signed what is signed for this attempt, or sends it.
    fn sign(&mut self, secret: Secret, now: Now) -> Step {
        if !self.secrets.contains(&secret) {
            self.secrets.push(secret.clone());
        }
        self.secret = secret;
        self.signed.clear();
        let nonce;
        (nonce, self.skew) = self.known();
        let mut source = self.plan.source(self.host, now.wall);
        // In the server's time, by which it is judged.
        source.wall = source.wall.saturating_add(self.skew);
        match request::unsigned(source, &self.secret, &nonce) {
            Ok(jwts) if jwts.is_empty() => self.send(now),
            Ok(jwts) => {
                for jwt in &jwts {
                    self.signed.push((jwt.part, String::new()));
                }
                Step::Sign(jwts, self.time_for_one(now))
            }
            Err(fault) => self.refused(fault, now),
        }
    }

    fn send(&mut self, now: Now) -> Step {
        let source = Source {
            signed: &self.signed,
            ..self.plan.source(self.host, now.wall)
        };
        let request = request::build(source, &self.secret);
        // Of an acquisition that is cancelled everything stays, so nothing is held twice.
        for (_, signature) in self.signed.drain(..) {
            self.tokens.push(Secret::new(signature));
        }
        match request {
            Ok(request) => {
                self.attempts = self.attempts.saturating_add(1);
                self.sent = now;
                Step::Send(request, self.time_for_one(now))
            }
            Err(fault) => self.refused(fault, now),
        }
    }

    fn context(&self, now: Now) -> Context<'_> {
        Context {
            source: self.plan.source(self.host, self.sent.wall),
            sent: self.sent,
            now,
        }
    }

    fn time_for_one(&self, now: Now) -> Millis {
        self.plan.config.policy.timeout.min(self.left(now)).max(1)
    }

    fn left(&self, now: Now) -> Millis {
        retry::BUDGET.saturating_sub(now.since(self.started))
    }

    fn refused(&mut self, fault: Fault, now: Now) -> Step {
        self.failed(fault.into(), now, 0.0)
    }

    /// Takes an error with no secret in it.
    fn failed(&mut self, error: Box<Error>, now: Now, draw: f64) -> Step {
        self.trouble = Some(error.code);
        let attempt = self.attempts.saturating_sub(self.lessons.attempts());
        let retries = self.plan.config.policy.retries;
        match retry::wait(&error, attempt, retries, self.left(now), draw) {
            Some(wait) => Step::Wait(wait),
            None => self.elsewhere(error, now),
        }
    }

    fn ended(&mut self, mut error: Box<Error>) -> Step {
        self.trouble = Some(error.code);
        error.attempts = self.attempts;
        error.provider = Some(self.plan.descriptor.id().to_owned());
        if self.plan.is_of_metadata {
            error.message = concat(&["the issuer's metadata: ", &error.message]);
        }
        Step::Fail(error)
    }
}
