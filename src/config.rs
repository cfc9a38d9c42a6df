//! A caller's config, checked against its provider's descriptor.
//!
//! Like a descriptor it stays the value that it is: checked whole once, with the
//! defaults filled in and every field in its one canonical form.

mod authentication;
mod fields;

use crate::descriptor::Descriptor;
use crate::error::Fault;
use crate::secret::Secret;
use crate::shape::is_word;
use crate::template::{self, FRESH};
use crate::text::{concat, parts, split};
use crate::time::{Millis, SECOND};
use crate::value::{Entries, Host, Order, Value, push, take};
pub(crate) use authentication::{JWT_BEARER, TOKEN_EXCHANGE, is_key};
pub(crate) use fields::{Reader, check_header};
use fields::{add, add_common, add_own};

/// A config whose every field was checked.
#[derive(Clone)]
pub struct Config {
    /// Everything that decides which token it is, and nothing else.
    fields: Value,
    /// Whether plain http may leave the machine.
    pub allow_http: bool,
    /// RFC 6749, section 2.3.1.
    pub client_secret: ClientSecret,
    /// What governs how a token is fetched and kept, but not which token it is.
    pub policy: Policy,
}

/// Where the client secret comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum ClientSecret {
    /// The provider needs none.
    Absent,
    /// It stands in the config.
    Given(Secret),
    /// It signs, and the host holds it.
    Held,
    /// A function of the caller's is asked at each request.
    Asked,
}

/// What governs how a token is fetched and kept, but not which token it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How long one attempt may take, headers and body.
    pub timeout: Millis,
    /// How many attempts may follow a failed first one.
    pub retries: i64,
    /// How long before expiry a background refresh starts, when the caller says.
    pub refresh_ahead: Option<Millis>,
    /// The longest a token is kept, for this caller.
    pub max_age: Option<Millis>,
}

/// One attempt may take 8 s by default, so that two and a wait fit into the 20 s
/// that a flight may take.
pub const TIMEOUT: Millis = 8 * SECOND;
/// Two further attempts by default: a server that restarts is back by the third.
pub const RETRIES: i64 = 2;

/// The fields that are no part of what token it is.
const POLICY: &str = "timeout retries refreshAhead maxAge fetch waitUntil allowHttp";

impl Config {
    /// Checks `value` against the common fields and those of `descriptor`.
    pub fn new(value: &Value, descriptor: &Descriptor, host: Host) -> Result<Self, Fault> {
        let allow_http = value.flag("allowHttp");
        let reader = Reader { host, allow_http };
        let mut fields = Entries::new();
        add_common(&mut fields, value, descriptor, reader)?;
        add_own(&mut fields, value, descriptor, reader)?;
        let whole = |name: &str| value.member(name).and_then(Value::as_whole);
        let mut config = Self {
            fields: Value::Object(fields),
            allow_http,
            client_secret: match value.member("clientSecret") {
                None => ClientSecret::Absent,
                Some(Value::String(secret)) => ClientSecret::Given(Secret::new(secret.clone())),
                Some(Value::Held(_)) => ClientSecret::Held,
                Some(_) => ClientSecret::Asked,
            },
            policy: Policy {
                timeout: whole("timeout").unwrap_or(TIMEOUT),
                retries: whole("retries").unwrap_or(RETRIES),
                refresh_ahead: whole("refreshAhead"),
                max_age: whole("maxAge"),
            },
        };
        config.resolve_scope(descriptor)?;
        config.check_whole(value, descriptor)?;
        config.resolve_method(descriptor);
        Ok(config)
    }

    /// The text of the field `name`, common or the provider's own; empty when it is
    /// unset.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.fields.text(name)
    }

    /// The field `name`, where it is set.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Value> {
        self.fields.member(name)
    }

    /// The items of the list `name`: scopes and resources, without repeats.
    #[must_use]
    pub fn items(&self, name: &str) -> &[Value] {
        self.fields.items(name)
    }

    /// The members of the map `name`: parameters, and headers in lower case.
    #[must_use]
    pub fn members(&self, name: &str) -> &[(String, Value)] {
        self.fields.members(name)
    }

    /// What the descriptor fixes at `path`; what it leaves open is the config's
    /// parameter `name`.
    #[must_use]
    pub fn choice<'c>(&'c self, descriptor: &'c Descriptor, path: &str, name: &str) -> &'c str {
        descriptor.text(path, self.text(name))
    }

    /// Checks what no single field says.
    fn check_whole(&self, value: &Value, descriptor: &Descriptor) -> Result<(), Fault> {
        let has = |name: &str| self.fields.member(name).is_some();
        let method = self.auth_method(descriptor);
        self.check_authentication(value, descriptor)?;
        if value.member("scope").is_some() && descriptor.flag("scope.fixed") {
            return Err(Fault::at("scope", "fixed by the provider"));
        }
        let mut absent = "";
        let mut need = |name, needed| {
            if needed && absent.is_empty() && !has(name) {
                absent = name;
            }
        };
        need("clientId", method != "none");
        need("clientSecret", method.starts_with("client_secret"));
        need(
            descriptor.own_key().unwrap_or_default(),
            self.uses_own_key(descriptor),
        );
        need("subjectToken", self.is_exchange(descriptor));
        need("scope", descriptor.flag("scope.required"));
        // Whatever stands in a request without a question mark is needed. A caller's
        // `tokenEndpoint` replaces the URL.
        for part in parts(
            "request.url request.headers request.query request.body assertion.key assertion.header assertion.claims",
            " ",
        ) {
            let needed = match part {
                "request.url" => !has("tokenEndpoint") && !self.is_discovered(descriptor),
                _ => !part.starts_with("assertion") || self.signs(descriptor),
            };
            if needed {
                descriptor.each_name(part, &mut |name, optional| {
                    need(name, !optional && !is_word(name, FRESH));
                });
            }
        }
        if absent.is_empty() {
            return Ok(());
        }
        Err(missing(absent, descriptor, self.text("clientAuth")))
    }

    /// Fills in the scopes that the descriptor asks for of its own accord.
    fn resolve_scope(&mut self, descriptor: &Descriptor) -> Result<(), Fault> {
        let mut scopes = Vec::new();
        let given = self.items("scope");
        if given.is_empty() || descriptor.flag("scope.append") {
            let value =
                |name: &str| Some(self.text(name).to_owned()).filter(|text| !text.is_empty());
            let sep = descriptor.text("scope.sep", " ");
            for template in descriptor.items("scope.default") {
                let template = template.own_text();
                let mut fault = Ok(());
                template::names(template, &mut |name, optional| {
                    let text = value(name).unwrap_or_default();
                    // What brought a separator along would ask for scopes of its own.
                    if text.chars().any(char::is_whitespace)
                        || !sep.is_empty() && split(&text, sep).is_some()
                    {
                        let expected = "part of a scope: no white space and no separator";
                        fault = Err(Fault::at(name, expected));
                    } else if text.is_empty() && !optional {
                        fault = Err(missing(name, descriptor, ""));
                    }
                });
                fault?;
                let Some(mut scope) = template::expand(template, &|name, _| value(name)) else {
                    continue;
                };
                add(&mut scopes, &mut scope);
            }
        }
        for scope in given {
            add(&mut scopes, &mut scope.own_text().to_owned());
        }
        if let Value::Object(fields) = &mut self.fields {
            take(fields, "scope");
            if !scopes.is_empty() {
                push(fields, "scope", Value::Array(scopes));
            }
        }
        Ok(())
    }

    /// The part of the cache key that the config decides: equal texts if and only
    /// if the configs ask for the same token. It holds the secret; a function in
    /// its place is `null`.
    #[must_use]
    pub fn canonical(&self) -> String {
        // The lists are scopes and resources, and what is asked for is a set.
        self.fields.to_canonical_json(Order::Texts)
    }
}

/// `method`: how the config itself says that the client authenticates.
fn missing(name: &str, descriptor: &Descriptor, method: &str) -> Fault {
    let is_choice = name == "clientSecret" && descriptor.at("auth.method").is_none();
    let (by, or) = match descriptor.own_key() {
        _ if is_choice && !method.is_empty() => (method, String::new()),
        Some(key) if is_choice => (descriptor.id(), concat(&["' unless there is '", key])),
        _ => (descriptor.id(), String::new()),
    };
    Fault::at(name, &concat(&["required by '", by, &or, "', but missing"]))
}
