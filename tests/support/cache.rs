//! One key of the engine under a virtual clock. Tokens are known by their names.

use serde_json::json;
use tokenlet::cache::Ask;
use tokenlet::engine::{Arrival, Decision, Engine, FlightId, Found};
use tokenlet::error::Error;
use tokenlet::time::{Millis, Now};
use tokenlet::token::Token;

use super::{Json, START, Scenario, later};

/// What most callers ask for.
pub(crate) const PLAIN: Ask = Ask {
    min_ttl: 0,
    max_age: None,
    force: false,
    background: true,
};
/// A call with `forceRefresh`.
pub(crate) const FORCED: Ask = Ask {
    force: true,
    ..PLAIN
};

const KEY: &str = "key";

/// The engine, one key, and the clocks.
pub(crate) struct Cache {
    pub(crate) engine: Engine<String>,
    pub(crate) now: Now,
    /// Spreads refreshes and back-offs; 0 makes every margin its shortest.
    pub(crate) draw: f64,
    /// Whether each token revokes the one before.
    pub(crate) exclusive: bool,
    /// Whether each takes the place of any, as metadata does.
    pub(crate) renews: bool,
}

impl Cache {
    pub(crate) fn new() -> Self {
        Self {
            engine: Engine::new(),
            now: START,
            draw: 0.0,
            exclusive: false,
            renews: false,
        }
    }

    /// A cache that just got the token `name`.
    pub(crate) fn holding(name: &str, expires_in: impl Into<Json>) -> Self {
        let mut cache = Self::new();
        let flight = cache.starts(&PLAIN);
        assert_eq!(cache.arrives(flight, name, expires_in), name);
        cache
    }

    /// Moves both clocks.
    pub(crate) fn after(&mut self, span: Millis) -> &mut Self {
        self.now = later(self.now, span);
        self
    }

    pub(crate) fn decide(&mut self, ask: &Ask) -> Decision<String> {
        self.engine.decide(KEY, self.now, ask)
    }

    /// What a call gets, in a word and the token's name.
    fn told(decision: &Decision<String>) -> String {
        match decision {
            Decision::Return(found) => format!("return {}", found.handle),
            Decision::ReturnAndRefresh(found, _) => format!("return and refresh {}", found.handle),
            Decision::Join(flight) => format!("join {flight}"),
            Decision::Start(_) => "start".to_owned(),
            Decision::Fail(error) => format!("fail: {}", error.message),
        }
    }

    /// The call sends a request and waits for it.
    pub(crate) fn starts(&mut self, ask: &Ask) -> FlightId {
        match self.decide(ask) {
            Decision::Start(flight) => flight,
            other => panic!("a request was to start, not '{}'", Self::told(&other)),
        }
    }

    /// The call waits for the request under way.
    pub(crate) fn joins(&mut self, flight: FlightId, ask: &Ask) {
        assert_eq!(Self::told(&self.decide(ask)), format!("join {flight}"));
    }

    /// The call gets this token, and no request starts.
    pub(crate) fn gets(&mut self, name: &str, ask: &Ask) -> Found<String> {
        match self.decide(ask) {
            Decision::Return(found) if found.handle == name => found,
            other => panic!("'{name}' was to be returned, not '{}'", Self::told(&other)),
        }
    }

    /// The call gets this token, and a request starts behind it.
    pub(crate) fn refreshes(&mut self, name: &str, ask: &Ask) -> FlightId {
        match self.decide(ask) {
            Decision::ReturnAndRefresh(found, flight) if found.handle == name => flight,
            other => panic!(
                "'{name}' was to be returned and refreshed, not '{}'",
                Self::told(&other)
            ),
        }
    }

    /// The call fails with a failure that is remembered.
    pub(crate) fn fails_at_once(&mut self, ask: &Ask) {
        match self.decide(ask) {
            Decision::Fail(_) => {}
            other => panic!(
                "a failure was to be remembered, not '{}'",
                Self::told(&other)
            ),
        }
    }

    /// The request yields a token that was sent for this very moment.
    pub(crate) fn arrives(
        &mut self,
        flight: FlightId,
        name: &str,
        expires_in: impl Into<Json>,
    ) -> String {
        let sent = self.now;
        self.arrives_from(sent, flight, name, expires_in)
    }

    /// The request that was sent at `sent` yields a token; what its callers get.
    pub(crate) fn arrives_from(
        &mut self,
        sent: Now,
        flight: FlightId,
        name: &str,
        expires_in: impl Into<Json>,
    ) -> String {
        let token = token(name, &expires_in.into(), sent);
        let arrival = Arrival {
            sent,
            now: self.now,
            draw: self.draw,
            refresh_ahead: None,
            exclusive: self.exclusive,
            renews: self.renews,
        };
        self.engine
            .succeed(KEY, flight, token, name.to_owned(), arrival)
            .handle
    }

    /// The request fails, and the failure is the server's.
    pub(crate) fn fails(&mut self, flight: FlightId, error: &Error) {
        self.engine.fail(
            KEY,
            flight,
            &error.clone().into(),
            true,
            self.now,
            self.draw,
        );
    }

    /// The old token, for a caller whose request failed.
    pub(crate) fn fallback(&mut self, ask: &Ask) -> Option<String> {
        self.engine
            .fallback(KEY, self.now, ask)
            .map(|found| found.handle)
    }

    pub(crate) fn invalidate(&mut self, name: &str) -> bool {
        self.engine.invalidate(KEY, name, self.now)
    }

    pub(crate) fn hit(&mut self, found: &Found<String>, ask: &Ask) -> bool {
        self.engine.hit(found.slot, found.serial, self.now, ask)
    }
}

/// The token that a server's answer holds, with its expiry counted from `sent`.
pub(crate) fn token(name: &str, expires_in: &Json, sent: Now) -> Token {
    let body = json!({ "access_token": name, "token_type": "Bearer", "expires_in": expires_in });
    let token = call().answer(200, body).run().end.ok().unwrap();
    let moved = sent.wall - START.wall;
    Token {
        expires_at: token.expires_at.map(|at| at + moved),
        ..token
    }
}

/// The failure of a request that the server answered so.
pub(crate) fn failure(status: u16, body: impl Into<Json>) -> Box<Error> {
    call().answer(status, body).run().end.err().unwrap()
}

/// A failure that may be gone a moment later.
pub(crate) fn unavailable() -> Box<Error> {
    failure(503, "")
}

fn call() -> Scenario {
    let config = json!({
        "tokenEndpoint": "https://id.example/token",
        "clientId": "client",
        "clientSecret": "a long secret",
        "retries": 0,
    });
    Scenario::of("oauth2", &config)
}
