//! A token as a server granted it.

use crate::secret::Secret;
use crate::time::Millis;
use crate::value::Value;

/// How long a token lives, counted from before its request was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// It never expires.
    Never,
    /// It lives this long, at least 1 ms.
    For(Millis),
    /// The server gave a lifetime that is none (0, negative, text): the callers
    /// who wait get the token, and it is not kept.
    None,
}

/// A usable token, checked whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// The token itself.
    pub access_token: Secret,
    /// `Bearer` for every spelling of bearer and for none.
    pub token_type: String,
    /// How long it lives.
    pub lifetime: Lifetime,
    /// The instant it expires at; `None`: never.
    pub expires_at: Option<Millis>,
    /// The scope as granted, space separated.
    pub scope: Option<String>,
    /// The request header that carries it: name and value.
    pub header: (String, Secret),
    /// The vendor's other fields, as sent.
    pub extra: Vec<(String, Value)>,
}

impl Token {
    /// The fields as users see them on a `Token`. This is the one output that
    /// reveals a secret, since it is what the caller asked for.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let (header, value) = &self.header;
        #[expect(
            clippy::cast_precision_loss,
            reason = "instants are cut at the last one a Date can name"
        )]
        let expires_at = self
            .expires_at
            .map_or(Value::Null, |instant| Value::Number(instant as f64));
        let fields = vec![
            ("accessToken", Value::from(self.access_token.reveal())),
            ("tokenType", Value::from(self.token_type.as_str())),
            ("expiresAt", expires_at),
            ("scope", Value::from(self.scope.as_deref())),
            (
                "headers",
                Value::Object(vec![(header.clone(), Value::from(value.reveal()))]),
            ),
            ("extra", Value::Object(self.extra.clone())),
        ];
        Value::object(fields)
    }
}
