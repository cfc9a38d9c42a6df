//! What an acquisition must not tell.

use super::Flow;
use crate::redact::Redactor;
use crate::text::{parts, split};
use crate::value::Value;

impl Flow {
    /// Knows what this acquisition must not tell. It is made when something failed,
    /// since a success tells nothing.
    pub(super) fn redactor(&self) -> Redactor {
        let mut redactor = Redactor::default();
        let config = &self.plan.config;
        for secret in &self.secrets {
            redactor.add(secret.reveal());
            redactor.add_pair(config.text("clientId"), secret.reveal());
        }
        for (name, rules) in self.plan.descriptor.members("params") {
            if rules.flag("secret") {
                redactor.add(config.text(name));
            } else if !matches!(rules.member("sensitive"), Some(Value::Bool(false))) {
                redactor.add_echo(config.text(name));
            }
        }
        for token in &self.tokens {
            redactor.add_echo(token.reveal());
        }
        // What previews mask is masked when a server echoes it, too.
        for masked in parts("headers params", " ") {
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
}
