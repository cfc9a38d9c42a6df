//! Descriptor and config make an HTTP request.

use crate::config::{ClientSecret, Config, check_header, url};
use crate::descriptor::Descriptor;
use crate::encode;
use crate::error::Fault;
use crate::secret::Secret;
use crate::template;
use crate::text::{concat, digits, join, split};
use crate::value::{Entries, Value, find, push};

/// A request as values: what the rim sends, or a preview shows.
#[derive(Clone, PartialEq)]
pub struct HttpRequest {
    /// `POST`.
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

/// Builds the request with the secret that is used for this attempt.
pub fn build(
    descriptor: &Descriptor,
    config: &Config,
    secret: &Secret,
) -> Result<HttpRequest, Fault> {
    builder(descriptor, config, secret.reveal()).build()
}

/// Builds the request with everything that may be secret masked, all masks alike.
/// Every fault that [`build`] would find is found here too, before any function
/// of the caller's is asked for a secret.
pub fn preview(descriptor: &Descriptor, config: &Config) -> Result<HttpRequest, Fault> {
    let secret = match &config.client_secret {
        ClientSecret::Given(secret) => secret.reveal(),
        ClientSecret::Asked | ClientSecret::Absent => MASK,
    };
    builder(descriptor, config, secret).build()?;
    Builder {
        masked: true,
        ..builder(descriptor, config, MASK)
    }
    .build()
}

/// The origins that may get the token through `createFetch`, as texts.
pub fn origins(descriptor: &Descriptor, config: &Config) -> Result<Vec<Value>, Fault> {
    let header = descriptor.text("use.name", "Authorization");
    let value = concat(&[descriptor.text("use.prefix", "Bearer "), MASK]);
    check_header(header, &value).map_err(|fault| Fault::at("descriptor.use", fault))?;
    let builder = builder(descriptor, config, MASK);
    let mut origins = Vec::new();
    for template in descriptor.items("use.origins") {
        let template = template.own_text();
        // With a `tokenEndpoint`, the parameter that names the origin may be unset.
        let mut known = true;
        template::names(template, &mut |name| known &= builder.value(name).is_some());
        if known {
            let text = builder.expand(template, true).unwrap_or_default();
            origins.push(url("descriptor.use.origins", &text, true)?.origin().into());
        }
    }
    Ok(origins)
}

/// The text of `template` with the config's values, as they are.
#[must_use]
pub fn expand(descriptor: &Descriptor, config: &Config, template: &str) -> Option<String> {
    builder(descriptor, config, MASK).expand(template, false)
}

fn builder<'a>(descriptor: &'a Descriptor, config: &'a Config, secret: &'a str) -> Builder<'a> {
    Builder {
        descriptor,
        config,
        secret,
        masked: false,
    }
}

struct Builder<'a> {
    descriptor: &'a Descriptor,
    config: &'a Config,
    secret: &'a str,
    masked: bool,
}

impl Builder<'_> {
    fn build(&self) -> Result<HttpRequest, Fault> {
        let mut request = HttpRequest {
            method: "POST",
            url: String::new(),
            headers: Entries::new(),
            body: None,
        };
        let (mut query, mut fields) = (Entries::new(), Entries::new());
        self.fill(&mut request, &mut query, &mut fields)?;
        Ok(request)
    }

    fn fill(
        &self,
        request: &mut HttpRequest,
        query: &mut Entries,
        fields: &mut Entries,
    ) -> Result<(), Fault> {
        let media = match self.choice("request.encoding", "bodyFormat") {
            "none" => "",
            "json" => "application/json",
            _ => "application/x-www-form-urlencoded",
        };
        let json = media == "application/json";
        push(&mut request.headers, "accept", "application/json".into());
        add(&mut request.headers, "content-type", media);
        // Without a body its fields go to the query.
        self.add_members(query, self.descriptor.members("request.query"));
        if media.is_empty() {
            core::mem::swap(query, fields);
        }
        self.add_members(fields, self.descriptor.members("request.body"));
        self.authenticate(fields, &mut request.headers);
        let scope = self.scope();
        let name = self.descriptor.text("scope.name", "scope");
        match self.descriptor.text("scope.in", "body") {
            "query" if !media.is_empty() => add(query, name, &scope),
            "none" => {}
            _ => add(fields, name, &scope),
        }
        self.add_common(fields, json);
        self.add_given(fields, "params")?;
        self.add_headers(&mut request.headers)?;
        if media.is_empty() {
            core::mem::swap(query, fields);
        } else if json {
            request.body = Some(Value::Object(core::mem::take(fields)).to_json());
        } else {
            request.body = Some(pasted(fields, encode::form));
        }
        request.url = self.url(query)?;
        Ok(())
    }

    fn choice(&self, path: &str, name: &str) -> &str {
        self.config.choice(self.descriptor, path, name)
    }

    /// RFC 6749, section 2.3.1: in the header or in the body, never in both.
    fn authenticate(&self, fields: &mut Entries, headers: &mut Entries) {
        let id = self.config.text("clientId");
        let method = self.config.auth_method(self.descriptor);
        let post = method == "client_secret_post";
        if post || self.descriptor.flag("auth.sendId") {
            add(fields, self.descriptor.text("auth.idName", "client_id"), id);
        }
        if post {
            let name = self.descriptor.text("auth.secretName", "client_secret");
            add(fields, name, self.secret);
        }
        if method == "client_secret_basic" {
            let raw = self.choice("auth.basicEncoding", "basicEncoding") == "raw";
            let basic = encode::base64(&encode::basic(id, self.secret, raw));
            let scheme = self.descriptor.text("auth.scheme", "Basic");
            let value = concat(&[scheme, " ", self.mask(&basic, true)]);
            push(headers, "authorization", value.into());
        }
    }

    /// The scopes, joined; masked where one is made of a parameter that is to be.
    fn scope(&self) -> String {
        let mut hidden = false;
        for template in self.descriptor.items("scope.default") {
            template::names(template.own_text(), &mut |name| hidden |= self.hides(name));
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

    fn add_common(&self, fields: &mut Entries, json: bool) {
        add(fields, "audience", self.config.text("audience"));
        let resources = self.config.items("resource");
        if json && resources.len() > 1 {
            // An object can not repeat a name; JSON has arrays for that.
            push(fields, "resource", Value::Array(resources.to_vec()));
        } else {
            // RFC 8707, section 2: `resource` is repeated, once for each.
            for resource in resources {
                push(fields, "resource", resource.clone());
            }
        }
    }

    /// Adds the config's own `params` or `headers`.
    fn add_given(&self, entries: &mut Entries, list: &str) -> Result<(), Fault> {
        for (name, value) in self.config.members(list) {
            if find(entries, name).is_some() {
                return Err(Fault::at(name, "the request has this already").within(list));
            }
            let value = self.mask(value.own_text(), true);
            push(entries, name, value.into());
        }
        Ok(())
    }

    fn add_headers(&self, headers: &mut Entries) -> Result<(), Fault> {
        for (name, template) in self.descriptor.members("request.headers") {
            if let Some(value) = self.expand(template.own_text(), false) {
                headers.push((name.to_ascii_lowercase(), value.into()));
            }
        }
        for (name, value) in headers.iter() {
            check_header(name, value.own_text())
                .map_err(|expected| Fault::at(name, expected).within("request.headers"))?;
        }
        self.add_given(headers, "headers")
    }

    fn url(&self, query: &Entries) -> Result<String, Fault> {
        let template = match self.config.text("tokenEndpoint") {
            "" => self.descriptor.text("request.url", ""),
            _ => "{tokenEndpoint}",
        };
        let mut text = self.expand(template, true).unwrap_or_default();
        // What is masked need not be a URL: a mask may stand for a port.
        if !self.masked {
            text = url("request.url", &text, self.config.allow_http)?
                .whole()
                .to_owned();
        }
        let added = pasted(query, encode::component);
        let (base, own) = split(&text, "?").unwrap_or((&text, ""));
        let (mark, and) = match (own, added.as_str()) {
            ("", "") => ("", ""),
            ("", _) | (_, "") => ("?", ""),
            _ => ("?", "&"),
        };
        Ok(concat(&[base, mark, own, and, &added]))
    }

    /// Adds the entries of a map, without those that are unset.
    fn add_members(&self, entries: &mut Entries, members: &[(String, Value)]) {
        for (name, member) in members {
            if let Some(value) = self.entry(member) {
                push(entries, name, value);
            }
        }
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
            Value::Object(members) => {
                let mut entries = Entries::new();
                self.add_members(&mut entries, members);
                Value::Object(entries)
            }
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
        template::expand(template, &|name| {
            let scope = self.scope();
            let value = match name {
                "scope" => Some(scope.as_str()).filter(|scope| !scope.is_empty()),
                _ => self.value(name),
            }?;
            // Where the request goes is no secret, and a mask is no host.
            if in_url && (name == "tokenEndpoint" || matches!(self.kind(name), "url" | "host")) {
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

    fn mask<'v>(&self, value: &'v str, sensitive: bool) -> &'v str {
        if self.masked && sensitive {
            MASK
        } else {
            value
        }
    }
}

/// What the descriptor itself places wins, so that nothing is sent twice.
fn add(entries: &mut Entries, name: &str, value: &str) {
    if !value.is_empty() && find(entries, name).is_none() {
        push(entries, name, value.into());
    }
}

/// `name=value` pairs joined with `&`, each encoded.
fn pasted(fields: &Entries, encode: fn(&str) -> String) -> String {
    let mut out = String::new();
    for (name, value) in fields {
        if !out.is_empty() {
            out.push('&');
        }
        out.push_str(&encode(name));
        out.push('=');
        let text = value.as_text().unwrap_or_else(|| value.to_json());
        // A mask is for people to see, and looks the same everywhere.
        out.push_str(&if text == MASK { text } else { encode(&text) });
    }
    out
}
