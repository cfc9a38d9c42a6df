//! What a server's answer says of a failure, before anything was taken out of it.

use super::Redactor;
use crate::error::Error;
use crate::secret::Secret;
use crate::value::Value;

/// An error as a server's answer made it. It may hold whatever the server echoed,
/// so there is one way to what it says: through a [`Redactor`].
pub struct Raw {
    error: Box<Error>,
    /// The tokens that stand in the answer, and may stand in its words too.
    tokens: Vec<Secret>,
}

/// An answer has an access token, perhaps a refresh token and an ID token.
const MOST_TOKENS: usize = 8;

impl Raw {
    pub(crate) fn new(error: Box<Error>) -> Self {
        Self {
            error,
            tokens: Vec::new(),
        }
    }

    /// Notes every token in an answer that is known by its member's name.
    pub(crate) fn with_tokens_in(mut self, json: &Value) -> Self {
        self.note_named(json);
        self
    }

    /// Notes one token.
    pub(crate) fn note(&mut self, token: &str) {
        // One more tells that there are too many.
        if !token.is_empty() && self.tokens.len() <= MOST_TOKENS {
            self.tokens.push(Secret::new(token.to_owned()));
        }
    }

    /// Whether the server gave this code. It says no more than whoever asks knows.
    pub(crate) fn is(&self, code: &str) -> bool {
        self.error.reason.error.as_deref() == Some(code)
    }

    /// The error, with nothing in it that must not be told.
    #[must_use]
    pub fn redacted(mut self, mut redactor: Redactor) -> Box<Error> {
        for token in self.tokens.iter().take(MOST_TOKENS) {
            redactor.add_echo(token.reveal());
        }
        redactor.is_blind |= self.tokens.len() > MOST_TOKENS;
        redactor.error(&mut self.error);
        self.error
    }

    fn note_named(&mut self, json: &Value) {
        match json {
            Value::Array(items) => items.iter().for_each(|item| self.note_named(item)),
            Value::Object(members) => {
                for (name, member) in members {
                    if names_token(name) {
                        self.note_all(member);
                    } else {
                        self.note_named(member);
                    }
                }
            }
            _ => {}
        }
    }

    fn note_all(&mut self, json: &Value) {
        match json {
            Value::Array(items) => items.iter().for_each(|item| self.note_all(item)),
            Value::Object(members) => members.iter().for_each(|(_, member)| self.note_all(member)),
            value => {
                if let Some(text) = value.as_text() {
                    self.note(&text);
                }
            }
        }
    }
}

/// Whether a member of that name holds a token, which an answer that is refused
/// may do all the same.
pub(super) fn names_token(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["token", "tokens", "jwt"]
        .iter()
        .any(|end| name.ends_with(end))
}
