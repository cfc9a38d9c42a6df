//! The grant, where the config chooses it: what asks for the token.

use super::Builder;
use super::assertion::Part;
use super::parts::{Parts, add};
use crate::config::{JWT_BEARER, TOKEN_EXCHANGE};
use crate::text::concat;

impl Builder<'_> {
    /// Adds what the grant asks with. A `grant_type` of the descriptor's own wins.
    pub(super) fn ask(&self, parts: &mut Parts) {
        if self.descriptor.param("grant").is_none() || parts.holds("grant_type") {
            return;
        }
        let text = |name| self.config.text(name);
        let mut add = |name: &str, value: &str| add(&mut parts.fields, name, value);
        match text("grant") {
            // RFC 7523, section 2.1.
            JWT_BEARER => {
                add("grant_type", &concat(&[GRANT_TYPE, "jwt-bearer"]));
                add("assertion", self.signed(Part::Grant));
            }
            // RFC 8693, section 2.1.
            TOKEN_EXCHANGE => {
                add("grant_type", &concat(&[GRANT_TYPE, "token-exchange"]));
                let mut hand = |name, type_name, token: &str, given: &str| {
                    if !token.is_empty() {
                        add(name, self.mask(token, true));
                        add(
                            type_name,
                            if given.is_empty() {
                                ACCESS_TOKEN
                            } else {
                                given
                            },
                        );
                    }
                };
                let (token, token_type) = (text("subjectToken"), text("subjectTokenType"));
                hand("subject_token", "subject_token_type", token, token_type);
                let (token, token_type) = (text("actorToken"), text("actorTokenType"));
                hand("actor_token", "actor_token_type", token, token_type);
                add("requested_token_type", text("requestedTokenType"));
            }
            _ => add("grant_type", "client_credentials"),
        }
    }
}

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:";
/// RFC 8693, section 3: what a token is taken for when nobody says.
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
