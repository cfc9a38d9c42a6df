//! Descriptor and config make an HTTP request.

mod assertion;
mod credentials;
mod endpoint;
mod grant;
mod parts;
mod usage;

use crate::config::{ClientSecret, Config, check_header};
use crate::descriptor::Descriptor;
use crate::encode;
use crate::error::Fault;
use crate::secret::Secret;
use crate::template;
use crate::text::{decimal, digits, join, split};
use crate::time::{Millis, SECOND};
use crate::value::{Entries, Host, Value, find, push};
pub use assertion::{Jwt, Key, Part, assertion_ttl, unsigned};
use parts::{Parts, add};
pub(crate) use usage::Place;
pub use usage::usage;

/// A request as values: what the rim sends, or a preview shows.
#[derive(Clone, PartialEq)]
pub struct HttpRequest {
    /// `POST` or `GET`.
    pub method: &'static str,
    /// The whole URL, query included.
    pub url: String,
    /// Header names in lower case, and values.
    pub headers: Entries,
    /// The body, where there is one.
    pub body: Option<String>,
}

/// What stands where a secret would.
pub const MASK: &str = "***";

/// What is wrong where ids can not be drawn.
fn no_uuid(path: &str) -> Fault {
    let expected =
        "needs crypto.randomUUID, which this runtime lacks; pages have it on https alone";
    Fault::at(path, expected).of_runtime()
}

/// What a request is made of besides the secret.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The provider.
    pub descriptor: &'a Descriptor,
    /// The caller's config.
    pub config: &'a Config,
    /// Writes fractions and dates, and draws ids.
    pub host: Host,
    /// The time for `{$now.s}` and its like, and of assertions.
    pub wall: Millis,
    /// What `{$uuid}` is; drawn where it is empty.
    pub id: &'a str,
    /// What was signed for this request.
    pub signed: &'a [(Part, String)],
}

/// Builds the request with the secret that is used for this attempt.
pub fn build(source: Source<'_>, secret: &Secret) -> Result<HttpRequest, Fault> {
    Builder::new(source, secret.reveal()).build()
}

/// Builds the request with everything that may be secret masked, all masks alike.
/// Every fault that [`build`] would find is found here too, before any function
/// of the caller's is asked for a secret.
pub fn preview(source: Source<'_>) -> Result<HttpRequest, Fault> {
    let secret = match &source.config.client_secret {
        ClientSecret::Given(secret) => secret.reveal(),
        ClientSecret::Asked | ClientSecret::Held | ClientSecret::Absent => MASK,
    };
    Builder::new(source, secret).build()?;
    Builder {
        masked: true,
        ..Builder::new(source, MASK)
    }
    .build()
}

/// The origin of the token endpoint.
pub fn origin(source: Source<'_>) -> Result<String, Fault> {
    let endpoint = Builder::new(source, MASK).endpoint()?;
    Ok(endpoint.origin().to_owned())
}

/// The text of `template` with the config's values, as they are.
#[must_use]
pub fn expand(source: Source<'_>, template: &str) -> Option<String> {
    Builder::new(source, MASK).expand(template, false)
}

struct Builder<'a> {
    source: Source<'a>,
    descriptor: &'a Descriptor,
    config: &'a Config,
    secret: &'a str,
    masked: bool,
    /// What `{$uuid}` is, the same within one request.
    id: String,
}

impl<'a> Builder<'a> {
    fn new(source: Source<'a>, secret: &'a str) -> Self {
        Self {
            source,
            descriptor: source.descriptor,
            config: source.config,
            secret,
            masked: false,
            id: if source.id.is_empty() && split(source.descriptor.canonical(), "{$uuid").is_some()
            {
                (source.host.uuid)()
            } else {
                source.id.to_owned()
            },
        }
    }

    fn build(&self) -> Result<HttpRequest, Fault> {
        if self.id.is_empty() && self.places("$uuid") {
            return Err(no_uuid("{$uuid}"));
        }
        let get = self.method() == "GET";
        let media = match self.choice("request.encoding", "bodyFormat") {
            _ if get => "",
            "none" => "",
            "json" => "application/json",
            _ => "application/x-www-form-urlencoded",
        };
        let mut parts = Parts {
            has_body: !media.is_empty(),
            query: self.members("request.query"),
            fields: self.members("request.body"),
        };
        let mut headers = self.headers(media);
        self.ask(&mut parts);
        self.authenticate(&mut parts, &mut headers);
        let scope = self.scope();
        match self.descriptor.text("scope.in", "body") {
            _ if self.places("scope") => {}
            "none" => {}
            place => {
                let name = self.descriptor.text("scope.name", "scope");
                parts.add(place == "query", name, &scope);
            }
        }
        self.add_common(&mut parts, media == "application/json");
        for (name, value) in self.given("params", &|name| parts.holds(name))? {
            parts.fields.push((name, value));
        }
        for header in self.given("headers", &|name| find(&headers, name).is_some())? {
            headers.push(header);
        }
        for (name, value) in &headers {
            check_header(name, value.own_text())
                .map_err(|expected| Fault::at(name, expected).within("request.headers"))?;
        }
        let Parts {
            has_body,
            mut query,
            mut fields,
        } = parts;
        let body = if !has_body {
            query.append(&mut fields);
            None
        } else if media == "application/json" {
            Some(Value::Object(fields).to_json(self.source.host.write_fraction))
        } else {
            Some(self.pasted(&fields, encode::form))
        };
        Ok(HttpRequest {
            method: self.method(),
            url: self.url(&query)?,
            headers,
            body,
        })
    }

    fn method(&self) -> &'static str {
        match self.descriptor.text("request.method", "POST") {
            "GET" => "GET",
            _ => "POST",
        }
    }

    /// The headers, short of the credentials. What the descriptor itself places wins.
    fn headers(&self, media: &str) -> Entries {
        let mut headers = Entries::new();
        for (name, template) in self.descriptor.members("request.headers") {
            if let Some(value) = self.expand(template.own_text(), false) {
                headers.push((name.to_ascii_lowercase(), value.into()));
            }
        }
        let accept = match self.descriptor.text("response.format", "auto") {
            "auto" | "json" => "application/json",
            _ => "*/*",
        };
        add(&mut headers, "accept", accept);
        add(&mut headers, "content-type", media);
        if self.config.is_bound() {
            add(&mut headers, "dpop", self.signed(Part::Proof));
        }
        headers
    }

    fn choice(&self, path: &str, name: &str) -> &str {
        self.config.choice(self.descriptor, path, name)
    }

    /// Whether the descriptor itself places the common field `name`.
    fn places(&self, name: &str) -> bool {
        self.places_in("request", name)
    }

    fn places_in(&self, part: &str, name: &str) -> bool {
        self.descriptor.places(part, name)
    }

    /// The scopes, joined; masked where one is made of a parameter that is to be.
    fn scope(&self) -> String {
        let mut hidden = false;
        for template in self.descriptor.items("scope.default") {
            template::names(template.own_text(), &mut |name, _| {
                hidden |= self.hides(name)
            });
        }
        if self.masked && hidden {
            return MASK.to_owned();
        }
        let mut texts = Vec::new();
        for scope in self.config.items("scope") {
            texts.push(scope.own_text());
        }
        join(&texts, self.descriptor.text("scope.sep", " "))
    }

    /// Whether previews mask the parameter `name`.
    fn hides(&self, name: &str) -> bool {
        let rules = self.descriptor.param(name);
        rules.is_some_and(|rules| {
            rules.flag("secret") || !matches!(rules.member("sensitive"), Some(Value::Bool(false)))
        })
    }

    fn add_common(&self, parts: &mut Parts, json: bool) {
        if !self.places("audience") {
            parts.add(false, "audience", self.config.text("audience"));
        }
        let resources = self.config.items("resource");
        if parts.holds("resource") {
            // The descriptor's own wins.
        } else if json && resources.len() > 1 {
            // An object can not repeat a name; JSON has arrays for that.
            push(
                &mut parts.fields,
                "resource",
                Value::Array(resources.to_vec()),
            );
        } else {
            // RFC 8707, section 2: `resource` is repeated, once for each.
            for resource in resources {
                push(&mut parts.fields, "resource", resource.clone());
            }
        }
    }

    /// The config's own `params` or `headers`, none of which the request `has` already.
    fn given(&self, list: &str, has: &dyn Fn(&str) -> bool) -> Result<Entries, Fault> {
        let mut given = Entries::new();
        for (name, value) in self.config.members(list) {
            if has(name) {
                return Err(Fault::at(name, "the request has this already").within(list));
            }
            push(&mut given, name, self.mask(value.own_text(), true).into());
        }
        Ok(given)
    }

    /// The entries of a map of the descriptor's, without those that are unset.
    fn members(&self, path: &str) -> Entries {
        self.entries(self.descriptor.members(path))
    }

    fn entries(&self, members: &[(String, Value)]) -> Entries {
        let mut entries = Entries::new();
        for (name, member) in members {
            if let Some(value) = self.entry(member) {
                push(&mut entries, name, value);
            }
        }
        entries
    }

    fn entry(&self, value: &Value) -> Option<Value> {
        Some(match value {
            Value::String(text) => {
                let expanded = self.expand(text, false)?;
                let number = template::sole_name(text).is_some_and(|name| self.kind(name) == "int");
                match digits(&expanded) {
                    #[expect(
                        clippy::cast_precision_loss,
                        reason = "the config refuses what a double does not hold"
                    )]
                    Some(whole) if number => Value::Number(whole as f64),
                    _ => Value::String(expanded),
                }
            }
            Value::Object(members) => Value::Object(self.entries(members)),
            Value::Array(items) => {
                let mut entries = Vec::new();
                for item in items {
                    if let Some(entry) = self.entry(item) {
                        entries.push(entry);
                    }
                }
                Value::Array(entries)
            }
            literal => literal.clone(),
        })
    }

    /// Expands a template; inside a URL, values are encoded by their kind.
    fn expand(&self, template: &str, in_url: bool) -> Option<String> {
        template::expand(template, &|name, is_first| {
            let host = self.source.host;
            let owned = match name {
                "scope" => self.scope(),
                "$uuid" => self.id.clone(),
                "$now.s" => decimal(self.source.wall / SECOND),
                "$now.ms" => decimal(self.source.wall),
                "$now.iso" => (host.write_date)(self.source.wall),
                "$assertion" => self.assertion().to_owned(),
                _ => self.config.text(name).to_owned(),
            };
            let value = Some(owned.as_str()).filter(|text| !text.is_empty())?;
            // Where the request goes is no secret, and a mask is no host. A URL within
            // another is a part of it, as any text.
            let is_url = name == "tokenEndpoint" || self.kind(name) == "url";
            let is_secret = self.masked
                && self
                    .descriptor
                    .param(name)
                    .is_some_and(|rules| rules.flag("secret"));
            if in_url && !is_secret && (is_first && is_url || self.kind(name) == "host") {
                return Some(value.to_owned());
            }
            let text = self.mask(value, self.hides(name));
            Some(if in_url && text != MASK {
                encode::component(text)
            } else {
                text.to_owned()
            })
        })
    }

    fn kind(&self, name: &str) -> &str {
        match self.descriptor.param(name) {
            Some(rules) => rules.text("kind"),
            None => "",
        }
    }

    fn value(&self, name: &str) -> Option<&str> {
        Some(self.config.text(name)).filter(|text| !text.is_empty())
    }

    /// `name=value` pairs joined with `&`, each encoded.
    fn pasted(&self, fields: &Entries, encode: fn(&str) -> String) -> String {
        let mut out = String::new();
        for (name, value) in fields {
            if !out.is_empty() {
                out.push('&');
            }
            out.push_str(&encode(name));
            out.push('=');
            let text = match value {
                Value::String(text) => text.clone(),
                other => other.to_json(self.source.host.write_fraction),
            };
            // A mask is for people to see, and looks the same everywhere.
            out.push_str(&if text == MASK { text } else { encode(&text) });
        }
        out
    }

    fn mask<'v>(&self, value: &'v str, sensitive: bool) -> &'v str {
        if self.masked && sensitive {
            MASK
        } else {
            value
        }
    }
}
