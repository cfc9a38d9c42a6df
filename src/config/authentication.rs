//! How a client proves who it is, and by which grant it asks: what a descriptor fixes,
//! and what it leaves to the config.

use super::{ClientSecret, Config, Policy};
use crate::descriptor::{Descriptor, METHODS};
use crate::error::Fault;
use crate::shape::check;
use crate::text::{concat, join, parts, split};
use crate::value::{Value, push, take};

/// Where the algorithms stand that a server takes; no parameter is called so.
const AMONG: &str = "$among";

/// The fields that belong to one grant.
const OF_GRANTS: &str =
    "assertionClaims subjectToken subjectTokenType actorToken actorTokenType requestedTokenType";

/// The grants that a config may choose, beside client credentials.
pub(crate) const JWT_BEARER: &str = "jwt_bearer";
pub(crate) const TOKEN_EXCHANGE: &str = "token_exchange";

/// Whether what was given as a secret is a key, in PEM or JSON: a secret may be sent, and a key
/// is not.
pub(crate) fn is_key(secret: &str) -> bool {
    split(secret, "PRIVATE KEY-----").is_some() || split(secret, "\"kty\"").is_some()
}

impl Config {
    /// The client authentication method, by its registered name. Where nothing says, it is
    /// what the config holds the means for; else that of RFC 7591, section 2, unless there
    /// is no client either.
    #[must_use]
    pub fn auth_method<'c>(&'c self, descriptor: &'c Descriptor) -> &'c str {
        let is_asked_by_key =
            self.is_bearer(descriptor) || descriptor.places("request", "$assertion");
        match self.choice(descriptor, "auth.method", "clientAuth") {
            "" if self.client_secret != ClientSecret::Absent => "client_secret_basic",
            // Where the key asks for the token, it need not say who asks as well.
            "" if is_asked_by_key => "none",
            "" if self.has_key(descriptor) => "private_key_jwt",
            "" if self.is_exchange(descriptor) => "none",
            "" if self.text("clientId").is_empty() && descriptor.param("clientAuth").is_none() => {
                "none"
            }
            "" => "client_secret_basic",
            method => method,
        }
    }

    fn has_key(&self, descriptor: &Descriptor) -> bool {
        descriptor
            .own_key()
            .is_some_and(|key| self.member(key).is_some())
    }

    /// Fills in the method where it is the config's to say, and no metadata does.
    pub(super) fn resolve_method(&mut self, descriptor: &Descriptor) {
        if descriptor.param("clientAuth").is_some() && !self.is_discovered(descriptor) {
            let method = self.auth_method(descriptor).to_owned();
            self.fill("clientAuth", method.into());
        }
    }

    /// Sets a field, whatever it was.
    fn fill(&mut self, name: &str, value: Value) {
        if let Value::Object(fields) = &mut self.fields {
            take(fields, name);
            push(fields, name, value);
        }
    }

    /// Whether the client authenticates with a JWT that it signs (RFC 7523, section 2.2).
    #[must_use]
    pub fn asserts(&self, descriptor: &Descriptor) -> bool {
        self.auth_method(descriptor).ends_with("_jwt")
    }

    /// Whether a JWT asks for the token, or is it: in place of an authorization (RFC 7523,
    /// section 2.1), or wherever the descriptor has it.
    #[must_use]
    pub fn is_asserted(&self, descriptor: &Descriptor) -> bool {
        let has_one =
            descriptor.flag("assertion.direct") || descriptor.places("request", "$assertion");
        self.is_bearer(descriptor) || has_one && !self.asserts(descriptor)
    }

    /// Whether the grant itself is a JWT (RFC 7523, section 2.1).
    #[must_use]
    pub fn is_bearer(&self, descriptor: &Descriptor) -> bool {
        descriptor.param("grant").is_some() && self.text("grant") == JWT_BEARER
    }

    /// Whether the token is asked for in exchange for another one (RFC 8693).
    #[must_use]
    pub fn is_exchange(&self, descriptor: &Descriptor) -> bool {
        descriptor.param("grant").is_some() && self.text("grant") == TOKEN_EXCHANGE
    }

    /// Whether anything in the request is signed.
    #[must_use]
    pub fn signs(&self, descriptor: &Descriptor) -> bool {
        self.asserts(descriptor) || self.is_asserted(descriptor) || self.is_bound()
    }

    /// Whether the token is bound to a key of the client's (RFC 9449).
    #[must_use]
    pub fn is_bound(&self) -> bool {
        self.fields.flag("dpop")
    }

    /// Whether the token endpoint stands in the metadata of the config's issuer.
    #[must_use]
    pub fn is_discovered(&self, descriptor: &Descriptor) -> bool {
        descriptor.param("issuer").is_some()
            && descriptor.places("request.url", "tokenEndpoint")
            && self.text("tokenEndpoint").is_empty()
    }

    /// The same config with what the issuer's metadata says: the endpoint, the method and
    /// the algorithms that the server takes.
    pub(crate) fn discovered(&self, endpoint: &str, method: &str, algorithms: Vec<Value>) -> Self {
        let mut config = self.clone();
        config.fill("tokenEndpoint", endpoint.into());
        config.fill("clientAuth", method.into());
        config.fill(AMONG, Value::Array(algorithms));
        config
    }

    /// The methods that the config has the means for, the best one first; `none` where it
    /// has none, or the grant needs none.
    pub(crate) fn means(&self, descriptor: &Descriptor) -> String {
        let mut means = Vec::new();
        if self.has_key(descriptor) && !self.text("clientId").is_empty() {
            means.push("private_key_jwt");
        }
        if self.client_secret != ClientSecret::Absent {
            means.push("client_secret_basic client_secret_post client_secret_jwt");
        }
        if means.is_empty() || self.is_bearer(descriptor) {
            means.push("none");
        }
        join(&means, " ")
    }

    /// What fetching the metadata of this config's issuer takes.
    pub(crate) fn of_metadata(&self, policy: Policy) -> Self {
        let mut fields = Value::Object(Vec::new());
        // What keeps callers apart keeps what they are told apart.
        if let Some(partition) = self.member("partition") {
            fields.put("partition", partition.clone());
        }
        Self {
            fields,
            allow_http: self.allow_http,
            client_secret: ClientSecret::Absent,
            policy,
        }
    }

    /// The algorithms that the server takes of a client; none: it did not say.
    #[must_use]
    pub fn algorithms(&self) -> &[Value] {
        self.items(AMONG)
    }

    /// Whether the caller's `fetch` proves who the client is, with a certificate.
    #[must_use]
    pub fn is_mutual(&self, descriptor: &Descriptor) -> bool {
        descriptor.flag("auth.mtls") || self.auth_method(descriptor) == "tls_client_auth"
    }

    /// Checks what no single field says of how the client authenticates.
    pub(super) fn check_authentication(
        &self,
        value: &Value,
        descriptor: &Descriptor,
    ) -> Result<(), Fault> {
        let method = self.auth_method(descriptor);
        check(&method.into(), &METHODS, "clientAuth")?;
        if self.is_mutual(descriptor) && value.member("fetch").is_none() {
            return Err(Fault::at(
                "fetch",
                "required, to present the client certificate",
            ));
        }
        if self.member("clientAuth").is_none()
            && descriptor.param("clientAuth").is_some()
            && descriptor.at("auth.method").is_none()
            && self.has_key(descriptor)
            && self.client_secret != ClientSecret::Absent
            && !self.is_bearer(descriptor)
            && !self.is_discovered(descriptor)
        {
            let expected = "required, since the config has both a secret and a key";
            return Err(Fault::at("clientAuth", expected));
        }
        if let ClientSecret::Given(secret) = &self.client_secret
            && is_key(secret.reveal())
        {
            let expected = "is a private key, which is never sent; pass the secret, or the key as 'privateKey'";
            return Err(Fault::at("clientSecret", expected));
        }
        // RFC 7617, section 2.
        let is_raw = self.choice(descriptor, "auth.basicEncoding", "basicEncoding") == "raw";
        if method == "client_secret_basic" && is_raw && split(self.text("clientId"), ":").is_some()
        {
            return Err(Fault::at("clientId", "may hold no ':' in raw HTTP Basic"));
        }
        // What an assertion or a proof is for is known before it is signed.
        if (self.asserts(descriptor) || self.is_bound())
            && descriptor.places("request.url", "$assertion")
        {
            let expected = "may not hold the assertion, which is for this very URL";
            return Err(Fault::at("descriptor.request.url", expected));
        }
        // RFC 9449, section 5: it is the server that binds a token.
        if self.is_bound() && descriptor.flag("assertion.direct") {
            let expected = "this provider's token is its own assertion, which can not be bound";
            return Err(Fault::at("dpop", expected));
        }
        // RFC 9449, section 7.1.
        if self.is_bound() && descriptor.text("use.in", "header") != "header" {
            let expected = "this provider's tokens go in no header, so they can not be bound";
            return Err(Fault::at("dpop", expected));
        }
        if self.uses_own_key(descriptor) && descriptor.own_key().is_none() {
            return Err(Fault::at(
                "descriptor.assertion.key",
                "required, since no parameter is of the kind 'key'",
            ));
        }
        if self.text("assertionAudience") == "issuer" && descriptor.param("issuer").is_none() {
            let expected = "'issuer' is for providers that have one; give the audience itself";
            return Err(Fault::at("assertionAudience", expected));
        }
        let grant = self.text("grant");
        for field in parts(OF_GRANTS, " ") {
            let needed = match field {
                "assertionClaims" => JWT_BEARER,
                _ => TOKEN_EXCHANGE,
            };
            let is_given = self.fields.member(field).is_some();
            if is_given && grant != needed && !self.is_of_descriptor(field, descriptor) {
                let expected = match grant {
                    "" => "is for providers with a choice of grants".to_owned(),
                    _ => concat(&["is for the grant '", needed, "'"]),
                };
                return Err(Fault::at(field, &expected));
            }
        }
        // RFC 8693, section 2.1.
        if !self.text("actorTokenType").is_empty() && self.text("actorToken").is_empty() {
            return Err(Fault::at("actorTokenType", "is for an 'actorToken'"));
        }
        Ok(())
    }

    /// Whether something is signed with the parameter that is a key, since the descriptor
    /// names no other one.
    pub(super) fn uses_own_key(&self, descriptor: &Descriptor) -> bool {
        let signs =
            self.auth_method(descriptor) == "private_key_jwt" || self.is_asserted(descriptor);
        signs && descriptor.at("assertion.key").is_none()
    }

    /// Whether a descriptor without a choice of grants has a parameter of this name.
    fn is_of_descriptor(&self, field: &str, descriptor: &Descriptor) -> bool {
        descriptor.param("grant").is_none() && descriptor.param(field).is_some()
    }
}
