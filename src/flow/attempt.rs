//! One attempt: what is asked, signed and sent for it, and the time that it gets.

use super::{Flow, Plan, Step};
use crate::config::ClientSecret;
use crate::request::{self, Source};
use crate::response::Context;
use crate::retry;
use crate::secret::Secret;
use crate::time::{Millis, Now};

impl Flow {
    pub(super) fn attempt(&mut self, now: Now) -> Step {
        let Plan {
            config, descriptor, ..
        } = &*self.plan;
        if config.is_discovered(descriptor) {
            return Step::Discover(self.left(now).max(1));
        }
        let needs_secret = config.auth_method(descriptor).starts_with("client_secret");
        let secret = match &config.client_secret {
            ClientSecret::Asked if needs_secret => return Step::Ask(self.time_for_one(now)),
            ClientSecret::Given(secret) => secret.clone(),
            _ => Secret::new(String::new()),
        };
        self.sign(secret, now)
    }

    /// Has signed what is signed for this attempt, or sends it.
    pub(super) fn sign(&mut self, secret: Secret, now: Now) -> Step {
        if !self.secrets.contains(&secret) {
            self.secrets.push(secret.clone());
        }
        self.secret = secret;
        self.signed.clear();
        self.id = (self.host.uuid)();
        let nonce = self.recall();
        // In the server's time, by which it is judged.
        self.wall = now.wall.saturating_add(self.skew);
        self.sent = now;
        match request::unsigned(self.source(), &self.secret, &nonce) {
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

    pub(super) fn send(&mut self, now: Now) -> Step {
        let request = request::build(self.source(), &self.secret);
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

    /// What the attempt is made of, whatever of it is asked for.
    pub(super) fn source(&self) -> Source<'_> {
        Source {
            id: &self.id,
            signed: &self.signed,
            ..self.plan.source(self.host, self.wall)
        }
    }

    pub(super) fn context(&self, now: Now) -> Context<'_> {
        Context {
            source: self.plan.source(self.host, self.sent.wall),
            sent: self.sent,
            now,
        }
    }

    #[inline(never)]
    fn time_for_one(&self, now: Now) -> Millis {
        self.plan.config.policy.timeout.min(self.left(now)).max(1)
    }

    /// What is left of the budget, by the clock that timers go by: the other one may be
    /// stepped meanwhile.
    pub(super) fn left(&self, now: Now) -> Millis {
        let started = Now {
            wall: now.wall,
            ..self.started
        };
        retry::BUDGET.saturating_sub(now.since(started))
    }
}
