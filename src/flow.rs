//! One acquisition: from a checked call to a token or an error.
//!
//! ```text
//!   start -> Ask -> Send -> Ready
//!             ^       |
//!             |       v
//!            Wait <- (failed, worth another attempt)     otherwise -> Fail
//! ```
//!
//! The flow takes facts and answers with one [`Step`], which the rim performs.

use std::rc::Rc;

use crate::catalogue;
use crate::config::{ClientSecret, Config};
use crate::descriptor::Descriptor;
use crate::error::{Code, Error, Fault};
use crate::redact::{Raw, Redactor};
use crate::request::{self, HttpRequest, Source};
use crate::response::{self, Answer, Context};
use crate::retry;
use crate::secret::Secret;
use crate::text::{concat, decimal, split, split_before};
use crate::time::{Millis, Now};
use crate::token::Token;
use crate::value::{Host, Value};

/// A call that was checked whole: nothing in it can be refused any more.
#[derive(Clone)]
pub struct Plan {
    /// The provider.
    pub descriptor: Descriptor,
    /// The caller's config.
    pub config: Config,
}

impl Plan {
    /// Checks a call. Whatever is wrong with it is found here, before anything is
    /// sent and before any function of the caller's is asked.
    pub fn new(provider: &Value, config: &Value, host: Host) -> Result<Self, Box<Error>> {
        let descriptor = catalogue::resolve(provider, host)
            .map_err(|fault: Fault| Box::new(Error::from(fault)))?;
        Self::of(descriptor, config, host)
    }

    /// The same, for a descriptor that is known already.
    pub fn of(descriptor: Descriptor, config: &Value, host: Host) -> Result<Self, Box<Error>> {
        let checked = || -> Result<Config, Fault> {
            let config = Config::new(config, &descriptor, host)?;
            let source = Source {
                descriptor: &descriptor,
                config: &config,
                host,
                wall: 0,
            };
            request::preview(source)?;
            request::usage(source)?;
            Ok(config)
        };
        match checked() {
            Ok(config) => Ok(Self { descriptor, config }),
            Err(fault) => {
                let mut error = Box::new(Error::from(fault));
                error.provider = Some(descriptor.id().to_owned());
                Err(error)
            }
        }
    }

    /// What requests are made of at the time `wall`.
    #[must_use]
    pub fn source(&self, host: Host, wall: Millis) -> Source<'_> {
        Source {
            descriptor: &self.descriptor,
            config: &self.config,
            host,
            wall,
        }
    }

    /// What the token is cached under: everything that could change which token
    /// the server would give. It holds the secret.
    #[must_use]
    pub fn key(&self) -> String {
        concat(&[
            self.descriptor.id(),
            "\n",
            self.descriptor.canonical(),
            "\n",
            &self.config.canonical(),
        ])
    }
}

/// The id of the provider that a key is for.
#[must_use]
pub fn provider_of(key: &str) -> &str {
    split_before(key, b"\n").0
}

/// What the rim does next.
#[derive(Clone, PartialEq)]
pub enum Step {
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

/// Why there was no answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// No HTTP response came; the runtime's words for it.
    Network(String),
    /// The attempt's time passed.
    Timeout,
    /// The caller's function gave no secret; what it did instead.
    Credentials(String),
    /// The runtime lacks something; what that is.
    Unsupported(String),
}

/// One acquisition under way.
pub struct Flow {
    plan: Rc<Plan>,
    host: Host,
    started: Now,
    sent: Now,
    attempts: u32,
    /// The secrets that were sent; more than one where the caller's function changed
    /// its mind between attempts.
    secrets: Vec<Secret>,
    /// Tokens that were issued before, which the server may echo.
    tokens: Vec<Secret>,
    /// What the last attempt failed with.
    trouble: Option<Code>,
}

impl Flow {
    /// Starts an acquisition.
    #[must_use]
    pub fn start(plan: Rc<Plan>, host: Host, now: Now) -> (Self, Step) {
        let mut flow = Self {
            plan,
            host,
            started: now,
            sent: now,
            attempts: 0,
            secrets: Vec::new(),
            tokens: Vec::new(),
            trouble: None,
        };
        let step = flow.attempt(now);
        (flow, step)
    }

    /// Hides these tokens, too, should the server echo them.
    pub fn hide(&mut self, tokens: Vec<Secret>) {
        self.tokens = tokens;
    }

    /// Takes the secret that the caller's function gave.
    #[must_use]
    pub fn handle_secret(&mut self, secret: String, now: Now) -> Step {
        if secret.is_empty() {
            return self.handle_failure(
                Failure::Credentials("gave an empty string".to_owned()),
                now,
                0.0,
            );
        }
        self.send(Secret::new(secret), now)
    }

    /// Takes an answer.
    #[must_use]
    pub fn handle_response(&mut self, answer: &Answer, now: Now, draw: f64) -> Step {
        let context = Context {
            source: self.plan.source(self.host, self.sent.wall),
            sent: self.sent,
            now,
        };
        match response::read(answer, &context) {
            Ok(token) => Step::Ready(Box::new(token)),
            Err(error) => self.failed(error, now, draw),
        }
    }

    /// Takes the news that there was no answer.
    #[must_use]
    pub fn handle_failure(&mut self, failure: Failure, now: Now, draw: f64) -> Step {
        let timeout = decimal(self.plan.config.policy.timeout);
        let (code, message) = match &failure {
            Failure::Network(words) => (
                Code::Network,
                [
                    "no answer from the token endpoint: ",
                    words,
                    "; check the URL and the network",
                ],
            ),
            Failure::Timeout => (
                Code::Timeout,
                [
                    "the token endpoint did not answer within ",
                    &timeout,
                    " ms; 'timeout' sets how long to wait",
                ],
            ),
            Failure::Credentials(what) => (
                Code::Credentials,
                [
                    "clientSecret() ",
                    what,
                    "; it must give a non-empty string, or a promise of one",
                ],
            ),
            Failure::Unsupported(what) => (Code::Unsupported, [what, "", ""]),
        };
        let mut error = Box::new(Error::new(code, concat(&message)));
        error.retryable = code != Code::Unsupported;
        self.failed(Raw::new(error), now, draw)
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

    /// Knows what this acquisition must not tell. It is made when something failed,
    /// since a success tells nothing.
    fn redactor(&self) -> Redactor {
        let mut redactor = Redactor::default();
        let config = &self.plan.config;
        for secret in &self.secrets {
            redactor.add(secret.reveal(), config.text("clientId"));
        }
        for (name, rules) in self.plan.descriptor.members("params") {
            if rules.flag("secret") {
                redactor.add(config.text(name), "");
            } else if !matches!(rules.member("sensitive"), Some(Value::Bool(false))) {
                redactor.add_echo(config.text(name));
            }
        }
        for token in &self.tokens {
            redactor.add_echo(token.reveal());
        }
        // What previews mask is masked when a server echoes it, too.
        for masked in ["headers", "params"] {
            for (_, value) in config.members(masked) {
                let value = value.own_text();
                redactor.add_echo(value);
                // What follows the scheme in an `Authorization` of the caller's own.
                redactor.add_echo(split(value, " ").unwrap_or_default().1);
            }
        }
        // Keys stand in the query of some endpoints.
        let query = split(config.text("tokenEndpoint"), "?")
            .unwrap_or_default()
            .1;
        if let Some(query) = (self.host.read_form)(query) {
            query.each_text(&mut |value| redactor.add_echo(value));
        }
        redactor
    }

    fn attempt(&mut self, now: Now) -> Step {
        match &self.plan.config.client_secret {
            ClientSecret::Asked => Step::Ask(self.time_for_one(now)),
            ClientSecret::Given(secret) => self.send(secret.clone(), now),
            ClientSecret::Absent => self.send(Secret::new(String::new()), now),
        }
    }

    fn send(&mut self, secret: Secret, now: Now) -> Step {
        let request = request::build(self.plan.source(self.host, now.wall), &secret);
        if !self.secrets.contains(&secret) {
            self.secrets.push(secret);
        }
        match request {
            Ok(request) => {
                self.attempts = self.attempts.saturating_add(1);
                self.sent = now;
                Step::Send(request, self.time_for_one(now))
            }
            Err(fault) => self.failed(Raw::new(Box::new(fault.into())), now, 0.0),
        }
    }

    fn time_for_one(&self, now: Now) -> Millis {
        self.plan.config.policy.timeout.min(self.left(now)).max(1)
    }

    fn left(&self, now: Now) -> Millis {
        retry::BUDGET.saturating_sub(now.since(self.started))
    }

    fn failed(&mut self, raw: Raw, now: Now, draw: f64) -> Step {
        let mut error = raw.redacted(self.redactor());
        self.trouble = Some(error.code);
        match retry::wait(
            &error,
            self.attempts,
            self.plan.config.policy.retries,
            self.left(now),
            draw,
        ) {
            Some(wait) => Step::Wait(wait),
            None => {
                error.provider = Some(self.plan.descriptor.id().to_owned());
                error.attempts = self.attempts;
                Step::Fail(error)
            }
        }
    }
}
