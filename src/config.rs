//! A caller's config, checked against its provider's descriptor.

use crate::descriptor::{COMMON, Descriptor};
use crate::error::Fault;
use crate::secret::Secret;
use crate::shape::{MOST, Shape, check, is_prototype_member, unknown};
use crate::time::{Millis, SECOND};
use crate::url::{HttpUrl, check_host, is_dot_segment};
use crate::value::{Value, insert_sorted};

/// A config whose every field was checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// RFC 6749, section 2.2; empty where the provider needs none.
    pub client_id: String,
    /// RFC 6749, section 2.3.1.
    pub client_secret: ClientSecret,
    /// The caller's scopes, without repeats.
    pub scope: Vec<String>,
    /// The audience asked for.
    pub audience: Option<String>,
    /// RFC 8707: the resources asked for.
    pub resource: Vec<String>,
    /// Further parameters of the token request.
    pub params: Vec<(String, String)>,
    /// Further headers of the token request, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Replaces the provider's URL.
    pub token_endpoint: Option<HttpUrl>,
    /// The provider's own parameters that are set, defaults included.
    pub own: Vec<(String, String)>,
    /// Keeps callers apart that everything else would put together.
    pub partition: Option<String>,
    /// Whether plain http may leave the machine.
    pub allow_http: bool,
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

impl Config {
    /// Checks `value` against the common fields and those of `descriptor`.
    pub fn new(value: &Value, descriptor: &Descriptor) -> Result<Self, Fault> {
        let Value::Object(members) = value else {
            return Err(Fault::at("config", &["expected an object, got ", value.kind()].concat()));
        };
        for (name, member) in members {
            match COMMON.iter().find(|(common, _)| common == name) {
                Some((_, shape)) => check(member, *shape, &mut name.clone())?,
                None if descriptor.param(name).is_some() && !is_prototype_member(name) => {}
                None => return Err(Fault::at(name, &unknown("field", name, &known_names(descriptor)))),
            }
        }
        let text = |name: &str| value.member(name).and_then(Value::as_str).map(str::to_owned);
        let whole = |name: &str| value.member(name).and_then(Value::as_whole);
        let allow_http = value.member("allowHttp") == Some(&Value::Bool(true));
        let config = Self {
            client_id: text("clientId").unwrap_or_default(),
            client_secret: match value.member("clientSecret") {
                None => ClientSecret::Absent,
                Some(Value::String(secret)) => ClientSecret::Given(Secret::new(secret.clone())),
                Some(_) => ClientSecret::Asked,
            },
            scope: scopes(value.member("scope")),
            audience: text("audience"),
            resource: texts(value.member("resource")),
            params: pairs(value.member("params")),
            headers: headers(value.member("headers"))?,
            token_endpoint: match value.member("tokenEndpoint").and_then(Value::as_str) {
                Some(text) => Some(url("tokenEndpoint", text, allow_http)?),
                None => None,
            },
            own: own_params(value, descriptor, allow_http)?,
            partition: text("partition"),
            allow_http,
            policy: Policy {
                timeout: whole("timeout").unwrap_or(TIMEOUT),
                retries: whole("retries").unwrap_or(RETRIES),
                refresh_ahead: whole("refreshAhead"),
                max_age: whole("maxAge"),
            },
        };
        config.check_against(value, descriptor)?;
        Ok(config)
    }

    /// The provider's own parameter `name`, where it is set.
    #[must_use]
    pub fn own(&self, name: &str) -> Option<&str> {
        self.own.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// What the descriptor fixes at `path`; what it leaves open is the config's
    /// parameter `name`.
    #[must_use]
    pub fn choice<'c>(&'c self, descriptor: &'c Descriptor, path: &str, name: &str, default: &'c str) -> &'c str {
        descriptor.text(path, self.own(name).unwrap_or(default))
    }

    /// The client authentication method, by its registered name.
    #[must_use]
    pub fn auth_method<'c>(&'c self, descriptor: &'c Descriptor) -> &'c str {
        self.choice(descriptor, "auth.method", "clientAuth", "none")
    }

    fn check_against(&self, value: &Value, descriptor: &Descriptor) -> Result<(), Fault> {
        if self.auth_method(descriptor) != "none" {
            if self.client_id.is_empty() {
                return Err(missing("clientId", descriptor));
            }
            if self.client_secret == ClientSecret::Absent {
                return Err(missing("clientSecret", descriptor));
            }
        }
        if self.token_endpoint.is_none() && descriptor.text("request.url", "").contains("{tokenEndpoint}") {
            return Err(missing("tokenEndpoint", descriptor));
        }
        if self.token_endpoint.is_some() && value.member("baseUrl").is_some() {
            return Err(Fault::at("tokenEndpoint", "replaces the whole URL, so 'baseUrl' can not be given with it"));
        }
        if self.scope.is_empty() && descriptor.flag("scope.required") && descriptor.items("scope.default").is_empty() {
            return Err(missing("scope", descriptor));
        }
        if !self.scope.is_empty() && descriptor.flag("scope.fixed") {
            return Err(Fault::at("scope", "fixed by the provider and can not be given"));
        }
        Ok(())
    }

    /// The part of the cache key that the config decides: equal texts if and only
    /// if the configs ask for the same token. It holds the secret.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut out = String::new();
        let mut field = |name: &str, value: &str| {
            // The length makes it impossible to write one field inside another.
            out.push_str(&[name, ":", &value.len().to_string(), ":", value, ";"].concat());
        };
        field("clientId", &self.client_id);
        match &self.client_secret {
            ClientSecret::Absent => {}
            ClientSecret::Given(secret) => field("clientSecret", secret.reveal()),
            ClientSecret::Asked => field("clientSecret()", ""),
        }
        if let Some(audience) = &self.audience {
            field("audience", audience);
        }
        if let Some(partition) = &self.partition {
            field("partition", partition);
        }
        if let Some(url) = &self.token_endpoint {
            field("tokenEndpoint", &url.whole());
        }
        for (kind, texts) in [("scope", &self.scope), ("resource", &self.resource)] {
            let mut sorted = Vec::new();
            texts.iter().for_each(|text| insert_sorted(&mut sorted, text));
            sorted.dedup();
            sorted.into_iter().for_each(|text| field(kind, text));
        }
        for (kind, pairs) in [("own", &self.own), ("params", &self.params), ("headers", &self.headers)] {
            let mut names = Vec::new();
            pairs.iter().for_each(|(name, _)| insert_sorted(&mut names, name));
            for name in names {
                field(kind, name);
                pairs.iter().filter(|(known, _)| known == name).for_each(|(_, value)| field("=", value));
            }
        }
        out
    }
}

fn known_names(descriptor: &Descriptor) -> Vec<&str> {
    let mut names: Vec<&str> = COMMON.iter().map(|(name, _)| *name).collect();
    descriptor.members("params").iter().for_each(|(name, _)| names.push(name));
    names
}

fn missing(name: &str, descriptor: &Descriptor) -> Fault {
    Fault::at(name, &["required by '", descriptor.id(), "', but missing"].concat())
}

fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// RFC 6749, section 3.3: scopes are separated by white space, and their order
/// means nothing.
fn scopes(value: Option<&Value>) -> Vec<String> {
    let mut scopes: Vec<String> = Vec::new();
    for text in texts(value) {
        for scope in text.split_whitespace() {
            if !scopes.iter().any(|known| known == scope) {
                scopes.push(scope.to_owned());
            }
        }
    }
    scopes
}

fn pairs(value: Option<&Value>) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    if let Some(Value::Object(members)) = value {
        for (name, member) in members {
            pairs.push((name.clone(), member.as_str().unwrap_or_default().to_owned()));
        }
    }
    pairs
}

fn headers(value: Option<&Value>) -> Result<Vec<(String, String)>, Fault> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for (name, value) in pairs(value) {
        let path = ["headers.", &name].concat();
        check_header(&name, &value).map_err(|expected| Fault::at(&path, expected))?;
        // RFC 9110, section 5.1: names are compared without case.
        let name = name.to_ascii_lowercase();
        if headers.iter().any(|(known, _)| *known == name) {
            return Err(Fault::at(&path, "given twice"));
        }
        headers.push((name, value));
    }
    Ok(headers)
}

/// RFC 9110, sections 5.1 and 5.5: what may stand in a header's name and value.
pub(crate) fn check_header(name: &str, value: &str) -> Result<(), &'static str> {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(token) {
        return Err("expected a header name of letters, digits and '-'");
    }
    // `fetch` takes one byte a character, and strips spaces at the ends.
    let plain = |char: char| matches!(char, '\t' | ' '..='~' | '\u{80}'..='\u{ff}');
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    if !value.chars().all(plain) || value.as_bytes().first().is_some_and(blank) || value.as_bytes().last().is_some_and(blank) {
        return Err("expected a header value without line breaks, other control characters, characters beyond U+00FF and spaces at its ends");
    }
    Ok(())
}

fn url(path: &str, text: &str, allow_http: bool) -> Result<HttpUrl, Fault> {
    let url = HttpUrl::parse(text).map_err(|expected| Fault::at(path, expected))?;
    url.check_private(allow_http).map_err(|fault| Fault::at(path, fault))?;
    Ok(url)
}

fn own_params(config: &Value, descriptor: &Descriptor, allow_http: bool) -> Result<Vec<(String, String)>, Fault> {
    let mut own = Vec::new();
    for (name, rules) in descriptor.members("params") {
        let is_url = rules.member("kind").and_then(Value::as_str) == Some("url");
        match config.member(name).or_else(|| rules.member("default")) {
            Some(value) => own.push((name.clone(), own_param(name, value, rules, allow_http)?)),
            // A `tokenEndpoint` replaces the URL that the parameter would be part of.
            None if is_url && config.member("tokenEndpoint").is_some() => {}
            None if rules.member("required") == Some(&Value::Bool(false)) => {}
            None => return Err(missing(name, descriptor)),
        }
    }
    Ok(own)
}

fn own_param(name: &str, value: &Value, rules: &Value, allow_http: bool) -> Result<String, Fault> {
    let fault = |expected: &str| Err(Fault::at(name, expected));
    let kind = rules.member("kind").and_then(Value::as_str).unwrap_or_default();
    if kind == "int" {
        let whole = value.as_whole().or_else(|| value.as_str()?.parse().ok());
        return match whole {
            Some(whole) if (0..=MOST).contains(&whole) => Ok(whole.to_string()),
            _ => fault("expected a whole number that is not negative"),
        };
    }
    check(value, Shape::Filled, &mut name.to_owned())?;
    let text = value.as_str().unwrap_or_default();
    if text.trim().is_empty() {
        return fault("must not be blank");
    }
    if let Some(choices @ Value::Array(_)) = rules.member("enum") {
        let choices = texts(Some(choices));
        if !choices.iter().any(|choice| choice == text) {
            return fault(&["expected '", &choices.join("' or '"), "'"].concat());
        }
    }
    let most = rules.member("maxLength").and_then(Value::as_whole).unwrap_or(MOST);
    if text.chars().count() > usize::try_from(most).unwrap_or(usize::MAX) {
        return fault(&["expected at most ", &most.to_string(), " characters"].concat());
    }
    match kind {
        "host" if check_host(text).is_err() => fault("expected a host name in lower case, without scheme, port and path"),
        "segment" if is_dot_segment(text) => fault("'.' and '..' would leave the path and are refused"),
        "url" => match url(name, text, allow_http)? {
            url if url.query().is_some() => fault("expected a URL without a query"),
            url => Ok(url.base()),
        },
        _ => Ok(text.to_owned()),
    }
}
