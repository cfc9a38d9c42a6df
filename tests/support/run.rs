//! What came of a scenario.

use tokenlet::error::Error;
use tokenlet::request::{HttpRequest, Part};
use tokenlet::time::{Millis, Now};
use tokenlet::token::Token;
use tokenlet::value::Value;

use super::signed::Signed;
use super::{Json, json_of};

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
    /// What was signed, one list each time.
    pub(crate) signed: Vec<Vec<Signed>>,
    /// The requests for the issuer's metadata.
    pub(crate) discovered: Vec<String>,
    /// Whether what was held had proved wrong, each time that metadata was asked for.
    pub(crate) distrusted: Vec<bool>,
    /// The clocks before the last request.
    pub(crate) sent: Now,
    /// The token or the error, as the core has it.
    pub(crate) end: Result<Token, Box<Error>>,
}

impl Run {
    /// The one request that was sent.
    pub(crate) fn request(&self) -> &str {
        assert_eq!(self.requests.len(), 1, "one request was expected");
        &self.requests[0]
    }

    /// What was signed as this part, each time that anything was.
    pub(crate) fn jwts(&self, part: Part) -> Vec<&Signed> {
        let all = self.signed.iter().flatten();
        all.filter(|signed| signed.part == part).collect()
    }

    /// The one JWT that was signed as this part.
    pub(crate) fn jwt(&self, part: Part) -> &Signed {
        let jwts = self.jwts(part);
        assert_eq!(jwts.len(), 1, "one JWT was expected");
        jwts[0]
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
    let header = |(name, value): &(String, Value)| format!("{name}: {}", value.as_str().unwrap());
    lines.extend(request.headers.iter().map(header));
    let body = request.body.as_ref();
    lines.extend(body.map(|body| format!("\n{body}")));
    lines.join("\n")
}
