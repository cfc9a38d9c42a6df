//! A caller's config, checked against its provider's descriptor.

use core::fmt::Write as _;
use core::str::FromStr as _;

use crate::descriptor::{COMMON_FIELDS, Descriptor, Kind, Method, Param};
use crate::error::Fault;
use crate::reader::{Fields, Reader};
use crate::secret::Secret;
use crate::time::{Millis, SECOND};
use crate::url::{HttpUrl, check_host, is_dot_segment};
use crate::value::Value;

/// A config whose every field was checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// RFC 6749, section 2.2.
    pub client_id: Option<String>,
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
    /// Further headers of the token request.
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
    pub retries: u32,
    /// How long before expiry a background refresh starts, when the caller says.
    pub refresh_ahead: Option<Millis>,
    /// The longest a token is kept, for this caller.
    pub max_age: Option<Millis>,
}

/// One attempt may take 8 s by default, so that two and a wait fit into the 20 s
/// that a flight may take.
pub const TIMEOUT: Millis = 8 * SECOND;
/// No attempt may outlive its flight.
pub const LONGEST_TIMEOUT: Millis = 20 * SECOND;
/// Two further attempts by default: a server that restarts is back by the third.
pub const RETRIES: i64 = 2;
/// More attempts than this do not fit into a flight.
pub const MOST_RETRIES: i64 = 5;

impl Config {
    /// Checks `value` against the common fields and those of `descriptor`.
    pub fn parse(value: &Value, descriptor: &Descriptor) -> Result<Self, Fault> {
        let root = Reader::new("", value);
        if !matches!(value, Value::Object(_)) {
            return Err(Fault::at("config", format_args!("expected an object, got {}", value.kind())));
        }
        let own: Vec<&str> = descriptor.params.iter().map(|param| param.name.as_str()).collect();
        let known = [COMMON_FIELDS.as_slice(), own.as_slice()].concat();
        let fields = root.fields(&known)?;
        let allow_http = fields.read("allowHttp", Reader::flag)?.unwrap_or(false);
        let config = Self {
            client_id: fields.read("clientId", non_empty)?,
            client_secret: fields.read("clientSecret", client_secret)?.unwrap_or(ClientSecret::Absent),
            scope: fields.read("scope", scope)?.unwrap_or_default(),
            audience: fields.read("audience", non_empty)?,
            resource: fields.read("resource", one_or_more)?.unwrap_or_default(),
            params: pairs(&fields, "params")?,
            headers: headers(&fields)?,
            token_endpoint: fields.read("tokenEndpoint", |field| url(field, allow_http))?,
            own: own_params(&fields, descriptor, allow_http)?,
            partition: fields.read("partition", |field| field.text().map(str::to_owned))?,
            allow_http,
            policy: Policy {
                timeout: fields.read("timeout", |field| field.whole(1, LONGEST_TIMEOUT))?.unwrap_or(TIMEOUT),
                retries: fields.read("retries", |field| field.whole(0, MOST_RETRIES))?.and_then(|count| u32::try_from(count).ok()).unwrap_or(RETRIES as u32),
                refresh_ahead: fields.read("refreshAhead", |field| field.whole(0, MOST_MILLIS))?,
                max_age: fields.read("maxAge", |field| field.whole(0, MOST_MILLIS))?,
            },
        };
        for name in ["fetch", "waitUntil"] {
            fields.read(name, function)?;
        }
        config.check_against(descriptor, &fields)?;
        Ok(config)
    }

    /// The provider's own parameter `name`, where it is set.
    #[must_use]
    pub fn own(&self, name: &str) -> Option<&str> {
        self.own.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// How the client authenticates: what the descriptor fixes, else `clientAuth`.
    #[must_use]
    pub fn auth_method(&self, descriptor: &Descriptor) -> Method {
        descriptor.auth.method.unwrap_or_else(|| match self.own("clientAuth") {
            Some("client_secret_post") => Method::Post,
            Some("client_secret_basic") => Method::Basic,
            _ => Method::Nothing,
        })
    }

    fn check_against(&self, descriptor: &Descriptor, fields: &Fields<'_>) -> Result<(), Fault> {
        let missing = |name: &str| Fault::at(name, format_args!("required by '{}', but missing", descriptor.id));
        if self.auth_method(descriptor) != Method::Nothing {
            if self.client_id.is_none() {
                return Err(missing("clientId"));
            }
            if self.client_secret == ClientSecret::Absent {
                return Err(missing("clientSecret"));
            }
        }
        let names: Vec<&str> = descriptor.request.url.names().collect();
        if names.contains(&"tokenEndpoint") && self.token_endpoint.is_none() {
            return Err(missing("tokenEndpoint"));
        }
        if self.token_endpoint.is_some() && fields.get("baseUrl").is_some() {
            return Err(Fault::at("tokenEndpoint", "replaces the whole URL, so 'baseUrl' can not be given with it"));
        }
        if descriptor.scope.required && self.scope.is_empty() && descriptor.scope.default.is_empty() {
            return Err(missing("scope"));
        }
        if descriptor.scope.fixed && !self.scope.is_empty() {
            return Err(Fault::at("scope", format_args!("fixed by '{}' and can not be given", descriptor.id)));
        }
        Ok(())
    }

    /// The part of the cache key that the config decides: equal texts if and only
    /// if the configs ask for the same token. It holds the secret.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut out = String::new();
        let mut field = |name: &str, values: &mut dyn Iterator<Item = &str>| {
            for value in values {
                // The length makes it impossible to write one field inside another.
                let _ = write!(out, "{name}:{}:{value};", value.len());
            }
        };
        let mut scope: Vec<&str> = self.scope.iter().map(String::as_str).collect();
        scope.sort_unstable();
        let mut resource: Vec<&str> = self.resource.iter().map(String::as_str).collect();
        resource.sort_unstable();
        resource.dedup();
        field("clientId", &mut self.client_id.as_deref().into_iter());
        match &self.client_secret {
            ClientSecret::Absent => {}
            ClientSecret::Given(secret) => field("clientSecret", &mut [secret.reveal()].into_iter()),
            ClientSecret::Asked => field("clientSecret()", &mut [""].into_iter()),
        }
        field("scope", &mut scope.into_iter());
        field("audience", &mut self.audience.as_deref().into_iter());
        field("resource", &mut resource.into_iter());
        field("partition", &mut self.partition.as_deref().into_iter());
        let endpoint = self.token_endpoint.as_ref().map(|url| format!("{}?{}", url.without_query(), url.query().unwrap_or_default()));
        field("tokenEndpoint", &mut endpoint.as_deref().into_iter());
        for (kind, pairs) in [("own", &self.own), ("params", &self.params), ("headers", &self.headers)] {
            let mut pairs: Vec<_> = pairs.iter().collect();
            pairs.sort_unstable();
            for (name, value) in pairs {
                field(kind, &mut [name.as_str(), value.as_str()].into_iter());
            }
        }
        out
    }
}

/// Far beyond every lifetime, and exact as a JavaScript number.
const MOST_MILLIS: Millis = 1 << 53;

fn non_empty(field: &Reader<'_>) -> Result<String, Fault> {
    match field.text()? {
        "" => Err(field.fault("must not be empty")),
        text => Ok(text.to_owned()),
    }
}

fn client_secret(field: &Reader<'_>) -> Result<ClientSecret, Fault> {
    match field.value() {
        Value::Opaque("a function") => Ok(ClientSecret::Asked),
        Value::String(_) => non_empty(field).map(|text| ClientSecret::Given(Secret::new(text))),
        other => Err(field.fault(format_args!("expected a string or a function that gives one, got {}", other.kind()))),
    }
}

fn function(field: &Reader<'_>) -> Result<(), Fault> {
    match field.value() {
        Value::Opaque("a function") => Ok(()),
        other => Err(field.fault(format_args!("expected a function, got {}", other.kind()))),
    }
}

/// RFC 6749, section 3.3: scopes are separated by white space, and their order
/// means nothing.
fn scope(field: &Reader<'_>) -> Result<Vec<String>, Fault> {
    let given = match field.value() {
        Value::Array(_) => field.items()?.map(|item| item.text()).collect::<Result<Vec<_>, _>>()?,
        Value::String(text) => vec![text.as_str()],
        other => return Err(field.fault(format_args!("expected a string or an array of strings, got {}", other.kind()))),
    };
    let mut scopes: Vec<String> = Vec::new();
    for scope in given.into_iter().flat_map(str::split_whitespace) {
        if !scopes.iter().any(|known| known == scope) {
            scopes.push(scope.to_owned());
        }
    }
    Ok(scopes)
}

fn one_or_more(field: &Reader<'_>) -> Result<Vec<String>, Fault> {
    match field.value() {
        Value::Array(_) => field.items()?.map(|item| non_empty(&item)).collect(),
        _ => non_empty(field).map(|text| vec![text]),
    }
}

fn pairs(fields: &Fields<'_>, name: &str) -> Result<Vec<(String, String)>, Fault> {
    let read = |field: &Reader<'_>| field.members()?.map(|(name, member)| Ok((name.to_owned(), member.text()?.to_owned()))).collect();
    fields.read(name, read).map(Option::unwrap_or_default)
}

fn headers(fields: &Fields<'_>) -> Result<Vec<(String, String)>, Fault> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for (name, value) in pairs(fields, "headers")? {
        let path = format!("headers.{name}");
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
    if !value.chars().all(plain) || value.trim_matches([' ', '\t']) != value {
        return Err("expected a header value without line breaks, other control characters, characters beyond U+00FF and spaces at its ends");
    }
    Ok(())
}

fn url(field: &Reader<'_>, allow_http: bool) -> Result<HttpUrl, Fault> {
    let url = HttpUrl::parse(field.text()?).map_err(|expected| field.fault(format_args!("expected {expected}")))?;
    if url.is_private() || allow_http {
        Ok(url)
    } else {
        Err(field.fault("plain http would send the secret readable to all on the way; use https, or set 'allowHttp'"))
    }
}

fn own_params(fields: &Fields<'_>, descriptor: &Descriptor, allow_http: bool) -> Result<Vec<(String, String)>, Fault> {
    let mut own = Vec::new();
    for param in &descriptor.params {
        let value = match (fields.get(&param.name), &param.default) {
            (Some(field), _) => own_param(&field, param, allow_http)?,
            (None, Some(default)) => own_param(&Reader::new(&param.name, &Value::from(default.as_str())), param, allow_http)?,
            // A `tokenEndpoint` replaces the URL that the parameter would be part of.
            (None, None) if param.kind == Kind::Url && fields.get("tokenEndpoint").is_some() => continue,
            (None, None) if param.required => {
                return Err(Fault::at(&param.name, format_args!("required by '{}', but missing", descriptor.id)));
            }
            (None, None) => continue,
        };
        own.push((param.name.clone(), value));
    }
    Ok(own)
}

fn own_param(field: &Reader<'_>, param: &Param, allow_http: bool) -> Result<String, Fault> {
    let text = match (param.kind, field.value()) {
        (Kind::Int, Value::Number(_)) => return field.whole(0, MOST_MILLIS).map(|whole| whole.to_string()),
        (Kind::Int, Value::String(text)) => {
            let whole = i64::from_str(text).ok().filter(|whole| (0..=MOST_MILLIS).contains(whole));
            return whole.map(|whole| whole.to_string()).ok_or_else(|| field.fault("expected a whole number"));
        }
        (Kind::Int, other) => return Err(field.fault(format_args!("expected a whole number, got {}", other.kind()))),
        _ => non_empty(field)?,
    };
    if text.trim().is_empty() {
        return Err(field.fault("must not be blank"));
    }
    if !param.choices.is_empty() && !param.choices.contains(&text) {
        return Err(field.fault(format_args!("expected '{}'", param.choices.join("' or '"))));
    }
    if param.max_length.is_some_and(|most| text.chars().count() > most) {
        return Err(field.fault(format_args!("expected at most {} characters", param.max_length.unwrap_or_default())));
    }
    match param.kind {
        Kind::Host => check_host(&text).map(|()| text).map_err(|_| field.fault("expected a host name in lower case, without scheme, port and path")),
        Kind::Segment if is_dot_segment(&text) => Err(field.fault("'.' and '..' would leave the path and are refused")),
        Kind::Url => match url(field, allow_http)? {
            url if url.query().is_some() => Err(field.fault("expected a URL without a query")),
            url => Ok(url.base()),
        },
        Kind::Text | Kind::Segment | Kind::Int => Ok(text),
    }
}
