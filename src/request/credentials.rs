//! Where a request carries its client's id and secret.

use super::Builder;
use super::assertion::Part;
use super::parts::{Parts, add};
use crate::encode;
use crate::text::concat;
use crate::value::{Entries, Value};

impl Builder<'_> {
    /// RFC 6749, section 2.3.1: in the header or in the body, never in both.
    pub(super) fn authenticate(&self, parts: &mut Parts, headers: &mut Entries) {
        let id = self.config.text("clientId");
        let method = self.config.auth_method(self.descriptor);
        let in_query = method == "client_secret_query";
        let sends_id = match (self.descriptor.at("auth.sendId"), method) {
            (Some(told), _) => matches!(told, Value::Bool(true)),
            // RFC 6749, section 3.2.1: a client without a secret may say who it is.
            (None, "none") => !self.places("clientId"),
            (None, "client_secret_basic") => false,
            (None, _) => {
                !self.places_in("request.query", "clientId")
                    && !self.places_in("request.body", "clientId")
            }
        };
        if sends_id {
            parts.add(
                in_query,
                self.descriptor.text("auth.idName", "client_id"),
                id,
            );
        }
        let secret = self.descriptor.text("auth.secretName", "client_secret");
        match method {
            "client_secret_post" | "client_secret_query" => {
                parts.add(in_query, secret, self.secret)
            }
            // RFC 7523, section 2.2.
            "private_key_jwt" | "client_secret_jwt" if !self.places("$assertion") => {
                parts.add(false, "client_assertion_type", CLIENT_ASSERTION);
                parts.add(false, "client_assertion", self.signed(Part::Client));
            }
            "client_secret_basic" => {
                let basic = match self.choice("auth.basicEncoding", "basicEncoding") {
                    "raw" => encode::basic_raw,
                    "base64-parts" => encode::basic_parts,
                    _ => encode::basic,
                };
                let pair = encode::base64(&basic(id, self.secret));
                let scheme = self.descriptor.text("auth.scheme", "Basic");
                let value = concat(&[scheme, " ", self.mask(&pair, true)]);
                add(headers, "authorization", value.trim_ascii());
            }
            _ => {}
        }
    }
}

const CLIENT_ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
