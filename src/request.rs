//! Descriptor and config make an HTTP request.

use crate::config::{ClientSecret, Config, check_header};
use crate::descriptor::{BasicEncoding, BodyValue, Descriptor, Encoding, Kind, Method, Place};
use crate::encode;
use crate::error::Fault;
use crate::secret::Secret;
use crate::template::Template;
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
pub fn build(descriptor: &Descriptor, config: &Config, secret: Option<&Secret>) -> Result<HttpRequest, Fault> {
    let builder = Builder { descriptor, config, secret: secret.map(Secret::reveal), masked: false };
    builder.build()
}

/// Builds the request with everything that may be secret masked, all masks alike.
/// Every fault that [`build`] would find is found here too, before any function
/// of the caller's is asked for a secret.
pub fn preview(descriptor: &Descriptor, config: &Config) -> Result<HttpRequest, Fault> {
    let secret = match &config.client_secret {
        ClientSecret::Given(secret) => Some(secret.reveal()),
        ClientSecret::Asked => Some(MASK),
        ClientSecret::Absent => None,
    };
    Builder { descriptor, config, secret, masked: false }.build()?;
    Builder { descriptor, config, secret: secret.map(|_| MASK), masked: true }.build()
}

/// The origins that may get the token through `createFetch`.
pub fn origins(descriptor: &Descriptor, config: &Config) -> Result<Vec<String>, Fault> {
    let builder = Builder { descriptor, config, secret: None, masked: false };
    let expand = |template: &Template| {
        let text = builder.expand(template, Spot::Url).unwrap_or_default();
        let url = HttpUrl::parse(&text).map_err(|expected| Fault::at("descriptor.use.origins", format_args!("expected {expected}")))?;
        Ok(url.origin().to_owned())
    };
    // With a `tokenEndpoint`, the parameter that names the origin may be unset.
    let known = |template: &&Template| template.names().all(|name| builder.value(name).is_some());
    descriptor.usage.origins.iter().filter(known).map(expand).collect()
}

/// The scopes to ask for, as they are sent.
pub fn scope(descriptor: &Descriptor, config: &Config) -> Result<Vec<String>, Fault> {
    let builder = Builder { descriptor, config, secret: None, masked: false };
    builder.scopes()
}

/// The text of `template` with the config's values, as they are.
#[must_use]
pub fn expand(descriptor: &Descriptor, config: &Config, template: &Template) -> Option<String> {
    Builder { descriptor, config, secret: None, masked: false }.expand(template, Spot::Plain)
}

struct Builder<'a> {
    descriptor: &'a Descriptor,
    config: &'a Config,
    secret: Option<&'a str>,
    masked: bool,
}

/// Where a template is expanded: it decides how values are encoded.
#[derive(Clone, Copy, PartialEq)]
enum Spot {
    /// Encoded later, with the whole entry.
    Plain,
    /// Inside the URL's origin and path.
    Url,
}

impl Builder<'_> {
    fn build(&self) -> Result<HttpRequest, Fault> {
        let encoding = self.encoding();
        let mut query = self.entries(&self.descriptor.request.query);
        let mut headers = vec![("accept".to_owned(), "application/json".to_owned())];
        let content_type = match encoding {
            Encoding::Form => Some("application/x-www-form-urlencoded"),
            Encoding::Json => Some("application/json"),
            Encoding::Empty => None,
        };
        headers.extend(content_type.map(|kind| ("content-type".to_owned(), kind.to_owned())));
        let mut body = self.body(&self.descriptor.request.body);
        let fields = if encoding == Encoding::Empty { &mut query } else { &mut body };
        self.authenticate(fields, &mut headers);
        self.add_scope(&mut query, &mut body)?;
        let fields = if encoding == Encoding::Empty { &mut query } else { &mut body };
        self.add_common(fields, encoding)?;
        for (name, template) in &self.descriptor.request.headers {
            let value = self.expand(template, Spot::Plain);
            headers.extend(value.map(|value| (name.to_ascii_lowercase(), value)));
        }
        for (name, value) in &headers {
            check_header(name, value).map_err(|expected| Fault::at(&format!("request.headers.{name}"), expected))?;
        }
        for (name, value) in &self.config.headers {
            if headers.iter().any(|(known, _)| known == name) {
                return Err(Fault::at(&format!("headers.{name}"), "the request has this header already"));
            }
            headers.push((name.clone(), self.mask(value, true)));
        }
        let body = match encoding {
            Encoding::Form => {
                let texts: Vec<_> = body.iter().map(|(name, value)| (name.as_str(), form_text(value))).collect();
                Some(encode::form(texts.iter().map(|(name, value)| (*name, value.as_str()))))
            }
            Encoding::Json => Some(Value::Object(body).to_json()),
            Encoding::Empty => None,
        };
        Ok(HttpRequest { method: "POST", url: self.url(&query)?, headers, body })
    }

    fn encoding(&self) -> Encoding {
        self.descriptor.request.encoding.unwrap_or_else(|| match self.config.own("bodyFormat") {
            Some("json") => Encoding::Json,
            _ => Encoding::Form,
        })
    }

    /// RFC 6749, section 2.3.1: in the header or in the body, never in both.
    fn authenticate(&self, fields: &mut Vec<(String, Value)>, headers: &mut Vec<(String, String)>) {
        let auth = &self.descriptor.auth;
        let id = self.config.client_id.as_deref().unwrap_or_default();
        let secret = self.secret.unwrap_or_default();
        let method = self.config.auth_method(self.descriptor);
        if method == Method::Post || auth.send_id {
            add(fields, &auth.id_name, id);
        }
        match method {
            Method::Post => add(fields, &auth.secret_name, secret),
            Method::Basic => {
                let value = if self.masked { MASK.to_owned() } else { encode::base64(&self.basic(id, secret)) };
                headers.push(("authorization".to_owned(), format!("{} {value}", auth.scheme)));
            }
            Method::Nothing => {}
        }
    }

    fn basic(&self, id: &str, secret: &str) -> String {
        let encoding = self.descriptor.auth.basic_encoding.unwrap_or_else(|| match self.config.own("basicEncoding") {
            Some("raw") => BasicEncoding::Raw,
            _ => BasicEncoding::Rfc6749,
        });
        match encoding {
            BasicEncoding::Raw => format!("{id}:{secret}"),
            BasicEncoding::Rfc6749 => format!("{}:{}", encode::form_value(id), encode::form_value(secret)),
        }
    }

    fn add_scope(&self, query: &mut Vec<(String, Value)>, body: &mut Vec<(String, Value)>) -> Result<(), Fault> {
        let rules = &self.descriptor.scope;
        let text = self.scopes()?.join(&rules.separator);
        let fields = match rules.place {
            Place::Query => query,
            Place::Body => body,
            Place::Nowhere => return Ok(()),
        };
        if !text.is_empty() {
            add(fields, &rules.name, &text);
        }
        Ok(())
    }

    fn scopes(&self) -> Result<Vec<String>, Fault> {
        let rules = &self.descriptor.scope;
        let mut scopes = Vec::new();
        if self.config.scope.is_empty() || rules.append {
            for template in &rules.default {
                let scope = template.expand(|name| self.value(name).map(str::to_owned));
                // A parameter that brought white space along would ask for scopes of its own.
                if scope.as_deref().is_some_and(|scope| scope.contains(char::is_whitespace)) {
                    let name = template.names().next().unwrap_or("scope");
                    return Err(Fault::at(name, "becomes part of a scope and may not hold white space"));
                }
                scopes.extend(scope);
            }
        }
        for scope in &self.config.scope {
            if !scopes.contains(scope) {
                scopes.push(scope.clone());
            }
        }
        Ok(scopes)
    }

    fn add_common(&self, fields: &mut Vec<(String, Value)>, encoding: Encoding) -> Result<(), Fault> {
        if let Some(audience) = &self.config.audience {
            add(fields, "audience", audience);
        }
        let resources = self.config.resource.iter().map(|resource| Value::from(resource.as_str()));
        match (encoding, self.config.resource.len()) {
            // An object can not repeat a name; JSON has arrays for that.
            (Encoding::Json, 2..) => fields.push(("resource".to_owned(), Value::Array(resources.collect()))),
            // RFC 8707, section 2: `resource` is repeated, once for each.
            _ => fields.extend(resources.map(|resource| ("resource".to_owned(), resource))),
        }
        for (name, value) in &self.config.params {
            if fields.iter().any(|(known, _)| known == name) {
                return Err(Fault::at(&format!("params.{name}"), "the request has this parameter already"));
            }
            let harmless = self.descriptor.param(name).is_some_and(|param| !param.sensitive);
            fields.push((name.clone(), self.mask(value, !harmless).as_str().into()));
        }
        Ok(())
    }

    fn url(&self, query: &[(String, Value)]) -> Result<String, Fault> {
        let url = match &self.config.token_endpoint {
            Some(url) => url.clone(),
            None => {
                let text = self.expand(&self.descriptor.request.url, Spot::Url).unwrap_or_default();
                let url = HttpUrl::parse(&text).map_err(|expected| Fault::at("request.url", format_args!("expected {expected}")))?;
                if !url.is_private() && !self.config.allow_http {
                    return Err(Fault::at("request.url", "plain http would send the secret readable to all on the way; use https, or set 'allowHttp'"));
                }
                url
            }
        };
        let own = url.query().map(str::to_owned);
        let added = query.iter().map(|(name, value)| format!("{}={}", encode::component(name), encode::component(&form_text(value))));
        let query: Vec<String> = own.into_iter().filter(|query| !query.is_empty()).chain(added).collect();
        Ok(if query.is_empty() { url.without_query() } else { format!("{}?{}", url.without_query(), query.join("&")) })
    }

    fn entries(&self, templates: &[(String, Template)]) -> Vec<(String, Value)> {
        let expanded = templates.iter().map(|(name, template)| (name.clone(), self.expand(template, Spot::Plain)));
        expanded.filter_map(|(name, value)| Some((name, Value::String(value?)))).collect()
    }

    fn body(&self, values: &[(String, BodyValue)]) -> Vec<(String, Value)> {
        values.iter().filter_map(|(name, value)| Some((name.clone(), self.body_value(value)?))).collect()
    }

    fn body_value(&self, value: &BodyValue) -> Option<Value> {
        Some(match value {
            BodyValue::Template(template) => {
                let text = self.expand(template, Spot::Plain)?;
                let sole = template.sole_name().and_then(|name| self.descriptor.param(name));
                match (sole.is_some_and(|param| param.kind == Kind::Int), text.parse::<i64>()) {
                    #[expect(clippy::cast_precision_loss, reason = "the config refuses what a double does not hold")]
                    (true, Ok(whole)) => Value::Number(whole as f64),
                    _ => Value::String(text),
                }
            }
            BodyValue::Literal(value) => value.clone(),
            BodyValue::Object(members) => Value::Object(self.body(members)),
            BodyValue::Array(items) => Value::Array(items.iter().filter_map(|item| self.body_value(item)).collect()),
        })
    }

    fn expand(&self, template: &Template, spot: Spot) -> Option<String> {
        template.expand(|name| {
            if name == "scope" {
                return self.scopes().ok().filter(|scopes| !scopes.is_empty()).map(|scopes| scopes.join(&self.descriptor.scope.separator));
            }
            let value = self.value(name)?;
            let param = self.descriptor.param(name);
            let kind = param.map_or(Kind::Text, |param| param.kind);
            let shown = self.mask(value, param.is_some_and(|param| param.sensitive || param.secret));
            Some(match (spot, kind) {
                // Where the request goes is no secret, and a mask is no host.
                (Spot::Url, Kind::Url | Kind::Host) => value.to_owned(),
                (Spot::Plain, _) => shown,
                (Spot::Url, _) if shown == MASK => shown,
                (Spot::Url, _) => encode::component(&shown),
            })
        })
    }

    fn value(&self, name: &str) -> Option<&str> {
        match name {
            "clientId" => self.config.client_id.as_deref(),
            "audience" => self.config.audience.as_deref(),
            own => self.config.own(own),
        }
    }

    fn mask(&self, value: &str, sensitive: bool) -> String {
        if self.masked && sensitive { MASK.to_owned() } else { value.to_owned() }
    }
}

/// What the descriptor itself places wins, so that nothing is sent twice.
fn add(fields: &mut Vec<(String, Value)>, name: &str, value: &str) {
    if !fields.iter().any(|(known, _)| known == name) {
        fields.push((name.to_owned(), Value::from(value)));
    }
}

fn form_text(value: &Value) -> String {
    value.as_text().unwrap_or_else(|| value.to_json())
}
