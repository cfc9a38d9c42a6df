//! What becomes of requests, and of what they brought.

use std::rc::Rc;

use tokenlet::engine::{Arrival, FlightId, Found};
use tokenlet::error::{Code, Error};
use tokenlet::secret::Secret;
use tokenlet::time::Now;
use tokenlet::token::{Lifetime, Token};

use super::{Flight, Issued, KEYS, World};

impl World {
    /// The request under way yields a token: its lifetime, its name, when to refresh, the draw,
    /// and whether it revokes the last one.
    pub fn succeed(&mut self, key: usize, [lifetime, name, ahead, draw, exclusive]: [i64; 5]) {
        let Some(Flight {
            id: flight, sent, ..
        }) = self.keys[key].flight.take()
        else {
            return;
        };
        let before = self
            .held(key)
            .map(|found| self.remaining(&self.tokens[found.handle]));
        let found = self.arrive(key, flight, sent, [lifetime, name, ahead, draw, exclusive]);
        assert_eq!(
            self.tokens[found.handle].key, key,
            "the token of another key"
        );
        self.keys[key].last = Some(found);
        let token = self.tokens.last().expect("it just came");
        let kept = !token.rejected
            && !matches!(
                token.lifetime,
                Lifetime::None | Lifetime::For(..2_000) | Lifetime::Derived(..2_000)
            );
        let revokes = exclusive & 1 == 1;
        if let Some(before) = before.filter(|_| kept && !revokes) {
            let after = self
                .held(key)
                .map(|found| self.remaining(&self.tokens[found.handle]));
            assert!(
                after.is_some_and(|after| after >= before),
                "{before} ms were left, and then {after:?}"
            );
        }
    }

    /// Whatever becomes of a request that is no longer the key's changes nothing.
    pub fn settle_earlier(&mut self, key: usize, [lifetime, name]: [i64; 2]) {
        let Some(flight) = self.keys[key].earlier.pop() else {
            return;
        };
        let before = self.held(key);
        let sent = self.now;
        let found = self.arrive(key, flight, sent, [lifetime, name, 0, 0, 0]);
        assert_eq!(
            found.handle,
            self.tokens.len() - 1,
            "who waited gets what came"
        );
        self.engine
            .fail(KEYS[key], flight, &failure(key, 0, 0), true, self.now, 0.0);
        self.engine.abandon(KEYS[key], flight);
        assert_eq!(
            self.held(key),
            before,
            "an older request overwrote a newer result"
        );
    }

    /// The request under way fails: flags, the draw, how long the server wishes to be left alone.
    pub fn fail(&mut self, key: usize, [flags, draw, wish]: [i64; 3]) {
        let Some(Flight { id: flight, .. }) = self.keys[key].flight.take() else {
            return;
        };
        let before = self.held(key);
        let draw = draw.rem_euclid(100) as f64 / 100.0;
        self.engine.fail(
            KEYS[key],
            flight,
            &failure(key, flags, wish),
            flags & 1 == 0,
            self.now,
            draw,
        );
        assert_eq!(self.held(key), before, "a failure took a usable token away");
        self.keys[key].starts.clear();
    }

    /// The owner of the request under way is gone.
    pub fn abandon(&mut self, key: usize) {
        if let Some(Flight { id: flight, .. }) = self.keys[key].flight.take() {
            self.engine.abandon(KEYS[key], flight);
            self.keys[key].earlier.push(flight);
            self.keys[key].starts.clear();
        }
    }

    /// A token was rejected by an API.
    pub fn invalidate(&mut self, key: usize, name: i64) {
        let name = format!("{}{name}", KEYS[key]);
        let before = self.held(key);
        let dropped = self.engine.invalidate(KEYS[key], &name, self.now);
        if let Some(found) = before {
            let held = self.tokens[found.handle].name == name;
            assert_eq!(dropped, held, "of the held token and no other is it true");
            assert!(
                held || self.held(key) == before,
                "another token was dropped"
            );
        }
        if dropped {
            self.keys[key].starts.clear();
            let rejected = self.tokens.iter_mut().filter(|token| token.name == name);
            rejected.for_each(|token| token.rejected = true);
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.engine.clear();
        for key in &mut self.keys {
            let flight = key.flight.take().map(|flight| flight.id);
            key.earlier.extend(flight);
            key.starts.clear();
        }
    }

    /// Keeps at most so many keys.
    pub fn configure(&mut self, most: i64) {
        let most = most.unsigned_abs() as usize % 8;
        self.crowded |= most < KEYS.len();
        self.engine.configure(most);
        self.keys.iter_mut().for_each(|key| key.starts.clear());
    }

    fn arrive(
        &mut self,
        key: usize,
        flight: FlightId,
        sent: Now,
        [lifetime, name, ahead, draw, exclusive]: [i64; 5],
    ) -> Found<usize> {
        let name = format!("{}{name}", KEYS[key]);
        let lifetime = match lifetime {
            ..0 => Lifetime::Never,
            0 => Lifetime::None,
            span => Lifetime::For(span),
        };
        let token = Token {
            access_token: Secret::new(name.clone()),
            token_type: "Bearer".to_owned(),
            lifetime,
            expires_at: None,
            scope: None,
            header: None,
            extra: Vec::new(),
        };
        let rejected = self
            .tokens
            .iter()
            .any(|token| token.rejected && token.name == name);
        self.tokens.push(Issued {
            key,
            name,
            lifetime,
            sent,
            got: self.now,
            rejected,
        });
        let arrival = Arrival {
            sent,
            now: self.now,
            draw: draw.rem_euclid(100) as f64 / 100.0,
            refresh_ahead: (ahead > 0).then_some(ahead),
            exclusive: exclusive & 1 == 1,
            renews: false,
        };
        self.engine
            .succeed(KEYS[key], flight, token, self.tokens.len() - 1, arrival)
    }
}

/// Its message is its key.
fn failure(key: usize, flags: i64, wish: i64) -> Rc<Error> {
    let code = if flags & 4 != 0 {
        Code::Oauth
    } else {
        Code::Network
    };
    let mut error = Error::new(code, KEYS[key]);
    error.retryable = flags & 2 != 0;
    error.retry_after = (wish > 0).then_some(wish);
    Rc::new(error)
}
