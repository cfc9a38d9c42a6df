//! Descriptor and config make an HTTP request.

use crate::config::{ClientSecret, Config, check_header};
use crate::descriptor::Descriptor;
use crate::encode;
use crate::error::Fault;
use crate::secret::Secret;
use crate::template;
use crate::text::{concat, join};
use crate::url::HttpUrl;
use crate::value::Value;

/// A request as values: what the rim sends, or a preview shows.
#[derive(Clone, PartialEq)]
pub struct HttpRequest {
    /// `POST`.
    pub method: &'static str,
    /// The whole URL, query included.
    pub url: String,
    /// Header names in lower case, and values.
    pub headers: Vec<(String, String)>,
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
    Builder {
        descriptor,
        config,
        secret: secret.reveal(),
        masked: false,
    }
    .build()
}

/// Builds the request with everything that may be secret masked, all masks alike.
/// Every fault that [`build`] would find is found here too, before any function
/// of the caller's is asked for a secret.
pub fn preview(descriptor: &Descriptor, config: &Config) -> Result<HttpRequest, Fault> {
    let secret = match &config.client_secret {
        ClientSecret::Given(secret) => secret.reveal(),
        ClientSecret::Asked | ClientSecret::Absent => MASK,
    };
    Builder {
        descriptor,
        config,
        secret,
        masked: false,
    }
    .build()?;
    Builder {
        descriptor,
        config,
        secret: MASK,
        masked: true,
    }
    .build()
}

/// The origins that may get the token through `createFetch`.
pub fn origins(descriptor: &Descriptor, config: &Config) -> Result<Vec<String>, Fault> {
    let builder = Builder {
        descriptor,
        config,
        secret: MASK,
        masked: false,
    };
    let mut origins = Vec::new();
    for template in descriptor
        .items("use.origins")
        .iter()
        .filter_map(Value::as_str)
    {
        // With a `tokenEndpoint`, the parameter that names the origin may be unset.
        let mut known = true;
        template::names(template, &mut |name| known &= builder.value(name).is_some());
        if known {
            let url = HttpUrl::parse(&builder.expand(template, true).unwrap_or_default());
            let url = url.map_err(|expected| Fault::at("descriptor.use.origins", expected))?;
            origins.push(url.origin().to_owned());
        }
    }
    Ok(origins)
}

/// The text of `template` with the config's values, as they are.
#[must_use]
pub fn expand(descriptor: &Descriptor, config: &Config, template: &str) -> Option<String> {
    Builder {
        descriptor,
        config,
        secret: MASK,
        masked: false,
    }
    .expand(template, false)
}

struct Builder<'a> {
    descriptor: &'a Descriptor,
    config: &'a Config,
    secret: &'a str,
    masked: bool,
}

/// The fields of a query or a body, in the order in which they are sent.
type Entries = Vec<(String, Value)>;

impl Builder<'_> {
    fn build(&self) -> Result<HttpRequest, Fault> {
        let encoding = match self
            .config
            .choice(self.descriptor, "request.encoding", "bodyFormat")
        {
            "" => "form",
            encoding => encoding,
        };
        let mut headers = vec![("accept".to_owned(), "application/json".to_owned())];
        match encoding {
            "form" => headers.push((
                "content-type".to_owned(),
                "application/x-www-form-urlencoded".to_owned(),
            )),
            "json" => headers.push(("content-type".to_owned(), "application/json".to_owned())),
            _ => {}
        }
        let mut query = self.entries("request.query");
        let mut body = self.entries("request.body");
        let scope = self.joined(&self.scopes()?);
        let fields = if encoding == "none" {
            &mut query
        } else {
            &mut body
        };
        self.authenticate(fields, &mut headers);
        match self.descriptor.text("scope.in", "body") {
            "query" => self.add(&mut query, "scope.name", "scope", &scope),
            "body" => self.add(fields, "scope.name", "scope", &scope),
            _ => {}
        }
        let fields = if encoding == "none" {
            &mut query
        } else {
            &mut body
        };
        self.add_common(fields, encoding)?;
        self.add_headers(&mut headers)?;
        let body = match encoding {
            "form" => Some(pasted(&body, encode::form)),
            "json" => Some(Value::Object(body).to_json()),
            _ => None,
        };
        Ok(HttpRequest {
            method: "POST",
            url: self.url(&query)?,
            headers,
            body,
        })
    }

    /// RFC 6749, section 2.3.1: in the header or in the body, never in both.
    fn authenticate(&self, fields: &mut Entries, headers: &mut Vec<(String, String)>) {
        let id = self.config.text("clientId");
        let method = self.config.auth_method(self.descriptor);
        if method == "client_secret_post" || self.descriptor.flag("auth.sendId") {
            self.add(fields, "auth.idName", "client_id", id);
        }
        if method == "client_secret_post" {
            self.add(fields, "auth.secretName", "client_secret", self.secret);
        }
        if method == "client_secret_basic" {
            let raw = self
                .config
                .choice(self.descriptor, "auth.basicEncoding", "basicEncoding")
                == "raw";
            let value = match (self.masked, raw) {
                (true, _) => MASK.to_owned(),
                (false, raw) => encode::base64(&encode::basic(id, self.secret, raw)),
            };
            headers.push((
                "authorization".to_owned(),
                concat(&[self.descriptor.text("auth.scheme", "Basic"), " ", &value]),
            ));
        }
    }

    /// What the descriptor itself places wins, so that nothing is sent twice.
    fn add(&self, fields: &mut Entries, path: &str, default: &str, value: &str) {
        let name = self.descriptor.text(path, default);
        if !value.is_empty() && !fields.iter().any(|(known, _)| known == name) {
            fields.push((name.to_owned(), value.into()));
        }
    }

    fn scopes(&self) -> Result<Vec<String>, Fault> {
        let mut scopes = Vec::new();
        if self.config.items("scope").is_empty() || self.descriptor.flag("scope.append") {
            for template in self
                .descriptor
                .items("scope.default")
                .iter()
                .filter_map(Value::as_str)
            {
                let value = |name: &str| self.value(name).map(str::to_owned);
                let Some(scope) = template::expand(template, &value) else {
                    continue;
                };
                // A parameter that brought white space along would ask for scopes of its own.
                if scope.contains(char::is_whitespace) {
                    let mut at = "scope";
                    template::names(template, &mut |name| at = name);
                    return Err(Fault::at(
                        at,
                        "becomes part of a scope and may not hold white space",
                    ));
                }
                scopes.push(scope);
            }
        }
        for scope in self.config.items("scope").iter().filter_map(Value::as_str) {
            if !scopes.iter().any(|known| known == scope) {
                scopes.push(scope.to_owned());
            }
        }
        Ok(scopes)
    }

    fn joined(&self, scopes: &[String]) -> String {
        let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
        join(&scopes, self.descriptor.text("scope.sep", " "))
    }

    fn add_common(&self, fields: &mut Entries, encoding: &str) -> Result<(), Fault> {
        self.add(fields, "", "audience", self.config.text("audience"));
        let resources = self.config.items("resource");
        if encoding == "json" && resources.len() > 1 {
            // An object can not repeat a name; JSON has arrays for that.
            fields.push(("resource".to_owned(), Value::Array(resources.to_vec())));
        } else {
            // RFC 8707, section 2: `resource` is repeated, once for each.
            resources
                .iter()
                .for_each(|resource| fields.push(("resource".to_owned(), resource.clone())));
        }
        for (name, value) in self.config.members("params") {
            if fields.iter().any(|(known, _)| known == name) {
                return Err(Fault::at(
                    &concat(&["params.", name]),
                    "the request has this parameter already",
                ));
            }
            fields.push((
                name.clone(),
                self.mask(value.as_str().unwrap_or_default(), true).into(),
            ));
        }
        Ok(())
    }

    fn add_headers(&self, headers: &mut Vec<(String, String)>) -> Result<(), Fault> {
        for (name, template) in self.descriptor.members("request.headers") {
            if let Some(value) = self.expand(template.as_str().unwrap_or_default(), false) {
                headers.push((name.to_ascii_lowercase(), value));
            }
        }
        for (name, value) in headers.iter() {
            check_header(name, value)
                .map_err(|expected| Fault::at(&concat(&["request.headers.", name]), expected))?;
        }
        for (name, value) in self.config.members("headers") {
            if headers.iter().any(|(known, _)| known == name) {
                return Err(Fault::at(
                    &concat(&["headers.", name]),
                    "the request has this header already",
                ));
            }
            headers.push((
                name.clone(),
                self.mask(value.as_str().unwrap_or_default(), true)
                    .to_owned(),
            ));
        }
        Ok(())
    }

    fn url(&self, query: &Entries) -> Result<String, Fault> {
        let url = match &self.config.token_endpoint {
            Some(url) => url.clone(),
            None => {
                let text = self
                    .expand(self.descriptor.text("request.url", ""), true)
                    .unwrap_or_default();
                let url =
                    HttpUrl::parse(&text).map_err(|expected| Fault::at("request.url", expected))?;
                url.check_private(self.config.allows_http())
                    .map_err(|fault| Fault::at("request.url", fault))?;
                url
            }
        };
        let added = pasted(query, encode::component);
        let own = url.query().unwrap_or_default();
        let mark = if own.is_empty() && added.is_empty() {
            ""
        } else {
            "?"
        };
        let and = if own.is_empty() || added.is_empty() {
            ""
        } else {
            "&"
        };
        Ok(concat(&[&url.without_query(), mark, own, and, &added]))
    }

    /// The entries of the map at `path`, without those that are unset.
    fn entries(&self, path: &str) -> Entries {
        match self.descriptor.at(path).and_then(|map| self.entry(map)) {
            Some(Value::Object(entries)) => entries,
            _ => Vec::new(),
        }
    }

    fn entry(&self, value: &Value) -> Option<Value> {
        Some(match value {
            Value::String(text) => {
                let expanded = self.expand(text, false)?;
                let number = template::sole_name(text).is_some_and(|name| self.kind(name) == "int");
                match expanded.parse::<i64>() {
                    #[expect(
                        clippy::cast_precision_loss,
                        reason = "the config refuses what a double does not hold"
                    )]
                    Ok(whole) if number => Value::Number(whole as f64),
                    _ => Value::String(expanded),
                }
            }
            Value::Object(members) => {
                let mut entries = Entries::new();
                for (name, member) in members {
                    entries.extend(self.entry(member).map(|value| (name.clone(), value)));
                }
                Value::Object(entries)
            }
            Value::Array(items) => {
                Value::Array(items.iter().filter_map(|item| self.entry(item)).collect())
            }
            literal => literal.clone(),
        })
    }

    /// Expands a template; inside a URL, values are encoded by their kind.
    fn expand(&self, template: &str, in_url: bool) -> Option<String> {
        template::expand(template, &|name| {
            if name == "scope" {
                let scopes = self.scopes().ok().filter(|scopes| !scopes.is_empty())?;
                return Some(self.joined(&scopes));
            }
            let value = self.value(name)?;
            // Where the request goes is no secret, and a mask is no host.
            if in_url && matches!(self.kind(name), "url" | "host") {
                return Some(value.to_owned());
            }
            let rules = self.descriptor.param(name);
            let shown =
                rules.is_none_or(|rules| rules.member("sensitive") == Some(&Value::Bool(false)));
            let text = self.mask(value, !shown);
            Some(if in_url && text != MASK {
                encode::component(text)
            } else {
                text.to_owned()
            })
        })
    }

    fn kind(&self, name: &str) -> &str {
        self.descriptor
            .param(name)
            .and_then(|rules| rules.member("kind")?.as_str())
            .unwrap_or("text")
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

/// `name=value` pairs joined with `&`, each encoded.
fn pasted(fields: &Entries, encode: fn(&str) -> String) -> String {
    let mut out = String::new();
    for (name, value) in fields {
        if !out.is_empty() {
            out.push('&');
        }
        out.push_str(&encode(name));
        out.push('=');
        out.push_str(&encode(&value.as_text().unwrap_or_else(|| value.to_json())));
    }
    out
}
