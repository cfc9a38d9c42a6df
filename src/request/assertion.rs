//! What is signed for a request: assertions (RFC 7523) and a proof of possession (RFC
//! 9449). The core says what stands in them; the host holds the keys.

use super::{Builder, MASK, Source, parts};
use crate::config::ClientSecret;
use crate::descriptor::Descriptor;
use crate::error::Fault;
use crate::secret::Secret;
use crate::template;
use crate::text::concat;
use crate::time::{Millis, SECOND};
use crate::value::{Entries, Value, find, push};

/// A JWT that is to be signed (RFC 7519).
#[derive(Clone, PartialEq)]
pub struct Jwt {
    /// What it is for.
    pub part: Part,
    /// What signs it.
    pub key: Key,
    /// How the text of the key is written.
    pub encoding: String,
    /// The algorithm, by its registered name; empty: what the key is for.
    pub alg: String,
    /// What the algorithm is one of, where the server says.
    pub among: Vec<Value>,
    /// The JOSE header, short of the algorithm.
    pub header: Value,
    /// The claims.
    pub claims: Value,
}

/// What a signed JWT is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// It authenticates the client.
    Client,
    /// It asks for the token, or is it.
    Grant,
    /// It proves that the client has the key that the token is bound to.
    Proof,
}

/// What signs.
#[derive(Clone, PartialEq)]
pub enum Key {
    /// The key that the host holds of the config's field of this name.
    Held(String),
    /// The text itself, which the field of this name gave.
    Text(String, Secret),
    /// The key pair of the client of this name, which the host makes.
    Pair(String),
}

/// What is to be signed for a request that goes with this secret, in the order of
/// [`Source::signed`]. `nonce` is what the server wants in a proof.
pub fn unsigned(source: Source<'_>, secret: &Secret, nonce: &str) -> Result<Vec<Jwt>, Fault> {
    Builder::new(source, secret.reveal()).unsigned(nonce)
}

/// How long an assertion lives, in seconds: five minutes unless the descriptor says
/// otherwise, long enough for a slow network, and useless soon after.
#[must_use]
pub fn assertion_ttl(descriptor: &Descriptor) -> Millis {
    whole(descriptor, "assertion.ttl").unwrap_or(300)
}

fn whole(descriptor: &Descriptor, path: &str) -> Option<Millis> {
    descriptor.at(path).and_then(Value::as_whole)
}

impl Builder<'_> {
    fn unsigned(&self, nonce: &str) -> Result<Vec<Jwt>, Fault> {
        let (config, descriptor) = (self.config, self.descriptor);
        let mut jwts = Vec::new();
        if config.asserts(descriptor) {
            jwts.push(self.assert(Part::Client)?);
        }
        if config.is_asserted(descriptor) {
            jwts.push(self.assert(Part::Grant)?);
        }
        if config.is_bound() {
            jwts.push(self.proof(nonce)?);
        }
        Ok(jwts)
    }

    /// The text that was signed as this part; a mask before.
    pub(super) fn signed(&self, part: Part) -> &str {
        if !self.masked {
            for (known, text) in self.source.signed {
                if *known == part {
                    return text;
                }
            }
        }
        MASK
    }

    /// What `{$assertion}` stands for.
    pub(super) fn assertion(&self) -> &str {
        self.signed(if self.config.asserts(self.descriptor) {
            Part::Client
        } else {
            Part::Grant
        })
    }

    fn assert(&self, part: Part) -> Result<Jwt, Fault> {
        let (config, descriptor) = (self.config, self.descriptor);
        let has_grant = config.is_bearer(descriptor);
        let mut claims = Entries::new();
        // The descriptor has one assertion; whose it is, its client's method says.
        if part == Part::Client || !has_grant {
            claims = self.members("assertion.claims");
        } else {
            claims.extend_from_slice(config.members("assertionClaims"));
        }
        if part == Part::Client || has_grant {
            // RFC 7523, section 3.
            let endpoint = self.endpoint()?;
            let audience = match config.text("assertionAudience") {
                "" | "endpoint" => endpoint.whole(),
                "issuer" => config.text("issuer"),
                other => other,
            };
            let id = config.text("clientId");
            parts::add(&mut claims, "iss", id);
            parts::add(&mut claims, "sub", id);
            parts::add(&mut claims, "aud", audience);
        }
        // RFC 7523, section 3. A service account's key names its client; other keys do not.
        let has_issuer = has_grant || descriptor.at("assertion.claims.iss").is_some();
        if has_issuer && find(&claims, "iss").is_none() {
            let expected = "required, as the issuer of the assertion";
            return Err(Fault::at("clientId", expected));
        }
        let now = self.source.wall / SECOND;
        let before = whole(descriptor, "assertion.backdate").unwrap_or_default();
        let issued = now.saturating_sub(before);
        add(&mut claims, "iat", seconds(issued));
        if descriptor.flag("assertion.nbf") {
            add(&mut claims, "nbf", seconds(issued));
        }
        let ends = now.saturating_add(assertion_ttl(descriptor));
        add(&mut claims, "exp", seconds(ends));
        if !matches!(descriptor.at("assertion.jti"), Some(Value::Bool(false))) {
            add(&mut claims, "jti", self.fresh_id("jti")?);
        }
        Ok(Jwt {
            part,
            key: self.key(part),
            encoding: descriptor.key_encoding().to_owned(),
            alg: self.algorithm(part).to_owned(),
            among: if part == Part::Client {
                config.algorithms().to_vec()
            } else {
                Vec::new()
            },
            header: Value::Object(self.members("assertion.header")),
            claims: Value::Object(claims),
        })
    }

    /// The algorithm that was chosen. Where two keys sign, it is for one of them.
    fn algorithm(&self, part: Part) -> &str {
        let chosen = self.choice("assertion.alg", "algorithm");
        let is_for_secrets = chosen.starts_with("HS");
        if self.config.is_bearer(self.descriptor) && is_for_secrets != self.is_by_secret(part) {
            return "";
        }
        chosen
    }

    fn key(&self, part: Part) -> Key {
        let template = self.descriptor.text("assertion.key", "");
        match template::sole_name(template) {
            Some(name) if self.descriptor.is_key(name) => Key::Held(name.to_owned()),
            _ if !template.is_empty() => {
                let text = self.expand(template, false).unwrap_or_default();
                Key::Text("assertion.key".to_owned(), Secret::new(text))
            }
            _ if self.is_by_secret(part) => {
                let field = "clientSecret".to_owned();
                match &self.config.client_secret {
                    ClientSecret::Given(secret) => Key::Text(field, secret.clone()),
                    _ => Key::Held(field),
                }
            }
            _ => Key::Held(self.descriptor.own_key().unwrap_or_default().to_owned()),
        }
    }

    /// Whether the client secret signs this part.
    fn is_by_secret(&self, part: Part) -> bool {
        part == Part::Client && self.config.auth_method(self.descriptor) == "client_secret_jwt"
    }

    /// RFC 9449, section 4.2. The host adds the public key.
    fn proof(&self, nonce: &str) -> Result<Jwt, Fault> {
        let endpoint = self.endpoint()?;
        let client = [
            self.descriptor.id(),
            "\n",
            endpoint.whole(),
            "\n",
            self.config.text("clientId"),
        ];
        let mut header = Entries::new();
        push(&mut header, "typ", "dpop+jwt".into());
        let mut claims = Entries::new();
        push(&mut claims, "jti", self.fresh_id("dpop")?);
        push(&mut claims, "htm", self.method().into());
        push(&mut claims, "htu", endpoint.without_query().into());
        push(&mut claims, "iat", seconds(self.source.wall / SECOND));
        if !nonce.is_empty() {
            push(&mut claims, "nonce", nonce.into());
        }
        Ok(Jwt {
            part: Part::Proof,
            key: Key::Pair(concat(&client)),
            encoding: String::new(),
            alg: "ES256".to_owned(),
            among: Vec::new(),
            header: Value::Object(header),
            claims: Value::Object(claims),
        })
    }

    /// An id that no other has (RFC 7519, section 4.1.7).
    fn fresh_id(&self, what: &str) -> Result<Value, Fault> {
        let id = (self.source.host.uuid)();
        if id.is_empty() {
            return Err(super::no_uuid(what));
        }
        Ok(id.into())
    }
}

/// Adds a claim, unless what was given has it.
fn add(claims: &mut Entries, name: &str, value: Value) {
    if find(claims, name).is_none() {
        push(claims, name, value);
    }
}

#[expect(clippy::cast_precision_loss, reason = "seconds are far below 2^53")]
fn seconds(seconds: Millis) -> Value {
    Value::Number(seconds as f64)
}
