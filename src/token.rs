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
    /// It lives this long, and ends with a token that it was got for (RFC 8693): a new
    /// one would live no longer.
    Derived(Millis),
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
    /// The request header that carries it, where one does: name and value.
    pub header: Option<(String, Secret)>,
    /// The vendor's other fields, as sent.
    pub extra: Vec<(String, Value)>,
}

impl Token {
    /// The fields as users see them on a `Token`. This is the one output that
    /// reveals a secret, since it is what the caller asked for.
    #[must_use]
    pub fn to_value(&self) -> Value {
        #[expect(
            clippy::cast_precision_loss,
            reason = "instants are cut at the last one a Date can name"
        )]
        let expires_at = match self.expires_at {
            Some(instant) => Value::Number(instant as f64),
            None => Value::Null,
        };
        let mut headers = Value::Object(Vec::new());
        if let Some((name, value)) = &self.header {
            headers.put(name, value.reveal().into());
        }
        let mut fields = Value::Object(Vec::new());
        fields.put("accessToken", self.access_token.reveal().into());
        fields.put("tokenType", self.token_type.as_str().into());
        fields.put("expiresAt", expires_at);
        fields.put("scope", self.scope.as_deref().into());
        fields.put("headers", headers);
        fields.put("extra", Value::Object(self.extra.clone()));
        fields
    }
}
