//! A caller's config, checked against its provider's descriptor.
//!
//! Like a descriptor it stays the value that it is: checked whole once, with the
//! defaults filled in and every field in its one canonical form.

use crate::descriptor::{COMMON, Descriptor};
use crate::error::Fault;
use crate::secret::Secret;
use crate::shape::{MOST, Shape, check, is_prototype_member, one_of, unknown};
use crate::text::{concat, decimal, split};
use crate::time::{Millis, SECOND};
use crate::url::{HttpUrl, check_host, is_dot_segment};
use crate::value::{Value, insert_sorted};

/// A config whose every field was checked.
#[derive(Clone)]
pub struct Config {
    fields: Value,
    /// RFC 6749, section 2.3.1.
    pub client_secret: ClientSecret,
    /// Replaces the provider's URL.
    pub token_endpoint: Option<HttpUrl>,
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

/// The fields that are no part of what token it is.
const POLICY: [&str; 7] = [
    "timeout",
    "retries",
    "refreshAhead",
    "maxAge",
    "fetch",
    "waitUntil",
    "allowHttp",
];

impl Config {
    /// Checks `value` against the common fields and those of `descriptor`.
    pub fn new(value: &Value, descriptor: &Descriptor) -> Result<Self, Fault> {
        let Value::Object(members) = value else {
            return Err(Fault::at(
                "config",
                &concat(&["expected an object, got ", value.kind()]),
            ));
        };
        let allow_http = value.member("allowHttp") == Some(&Value::Bool(true));
        let mut fields = Vec::new();
        for (name, member) in members {
            match COMMON.iter().find(|(common, _)| common == name) {
                Some((_, shape)) => {
                    check(member, *shape, &mut name.clone())?;
                    fields.push((name.clone(), canonical(name, member, allow_http)?));
                }
                None if descriptor.param(name).is_some() && !is_prototype_member(name) => {}
                None => {
                    return Err(Fault::at(
                        name,
                        &unknown("field", name, &known_names(descriptor)),
                    ));
                }
            }
        }
        for (name, rules) in descriptor.members("params") {
            match value.member(name).or_else(|| rules.member("default")) {
                Some(given) => fields.push((
                    name.clone(),
                    own_param(name, given, rules, allow_http)?.into(),
                )),
                // A `tokenEndpoint` replaces the URL that the parameter would be part of.
                None if rules.text("kind") == "url" && value.member("tokenEndpoint").is_some() => {}
                None if rules.member("required") == Some(&Value::Bool(false)) => {}
                None => return Err(missing(name, descriptor)),
            }
        }
        let whole = |name: &str| value.member(name).and_then(Value::as_whole);
        let config = Self {
            client_secret: match value.member("clientSecret") {
                None => ClientSecret::Absent,
                Some(Value::String(secret)) => ClientSecret::Given(Secret::new(secret.clone())),
                Some(_) => ClientSecret::Asked,
            },
            token_endpoint: HttpUrl::parse(value.text("tokenEndpoint")).ok(),
            policy: Policy {
                timeout: whole("timeout").unwrap_or(TIMEOUT),
                retries: whole("retries").unwrap_or(RETRIES),
                refresh_ahead: whole("refreshAhead"),
                max_age: whole("maxAge"),
            },
            fields: Value::Object(fields),
        };
        config.check_against(value, descriptor)?;
        Ok(config)
    }

    /// The text of the field `name`, common or the provider's own; empty when it is
    /// unset.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.fields.text(name)
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

    /// Whether plain http may leave the machine.
    #[must_use]
    pub fn allows_http(&self) -> bool {
        self.fields.member("allowHttp") == Some(&Value::Bool(true))
    }

    /// What the descriptor fixes at `path`; what it leaves open is the config's
    /// parameter `name`.
    #[must_use]
    pub fn choice<'c>(&'c self, descriptor: &'c Descriptor, path: &str, name: &str) -> &'c str {
        descriptor.text(path, self.text(name))
    }

    /// The client authentication method, by its registered name.
    #[must_use]
    pub fn auth_method<'c>(&'c self, descriptor: &'c Descriptor) -> &'c str {
        self.choice(descriptor, "auth.method", "clientAuth")
    }

    fn check_against(&self, value: &Value, descriptor: &Descriptor) -> Result<(), Fault> {
        if !matches!(self.auth_method(descriptor), "" | "none") {
            if self.text("clientId").is_empty() {
                return Err(missing("clientId", descriptor));
            }
            if self.client_secret == ClientSecret::Absent {
                return Err(missing("clientSecret", descriptor));
            }
        }
        if self.token_endpoint.is_none()
            && split(descriptor.text("request.url", ""), "{tokenEndpoint}").is_some()
        {
            return Err(missing("tokenEndpoint", descriptor));
        }
        if self.token_endpoint.is_some() && value.member("baseUrl").is_some() {
            return Err(Fault::at(
                "tokenEndpoint",
                "replaces the whole URL, so 'baseUrl' can not be given with it",
            ));
        }
        let scoped = !self.items("scope").is_empty();
        if !scoped
            && descriptor.flag("scope.required")
            && descriptor.items("scope.default").is_empty()
        {
            return Err(missing("scope", descriptor));
        }
        if scoped && descriptor.flag("scope.fixed") {
            return Err(Fault::at(
                "scope",
                "fixed by the provider and can not be given",
            ));
        }
        Ok(())
    }

    /// The part of the cache key that the config decides: equal texts if and only
    /// if the configs ask for the same token. It holds the secret; a function in
    /// its place is `null`.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut fields = Vec::new();
        for (name, value) in self.fields.members("") {
            if POLICY.contains(&name.as_str()) {
                continue;
            }
            let value = match value {
                // What is asked for is a set.
                Value::Array(items) => {
                    let mut sorted = Vec::new();
                    items
                        .iter()
                        .filter_map(Value::as_str)
                        .for_each(|item| insert_sorted(&mut sorted, item));
                    Value::Array(sorted.into_iter().map(Value::from).collect())
                }
                other => other.clone(),
            };
            // An empty list or map asks for nothing.
            if !matches!(&value, Value::Array(items) if items.is_empty())
                && !matches!(&value, Value::Object(members) if members.is_empty())
            {
                fields.push((name.clone(), value));
            }
        }
        Value::Object(fields).to_canonical_json()
    }
}

fn known_names(descriptor: &Descriptor) -> Vec<&str> {
    let mut names: Vec<&str> = COMMON.iter().map(|(name, _)| *name).collect();
    descriptor
        .members("params")
        .iter()
        .for_each(|(name, _)| names.push(name));
    names
}

fn missing(name: &str, descriptor: &Descriptor) -> Fault {
    Fault::at(
        name,
        &concat(&["required by '", descriptor.id(), "', but missing"]),
    )
}

/// The one form of a common field that was checked.
fn canonical(name: &str, value: &Value, allow_http: bool) -> Result<Value, Fault> {
    Ok(match (name, value) {
        // RFC 6749, section 3.3: scopes are separated by white space.
        ("scope", _) => set(value, true),
        ("resource", _) => set(value, false),
        ("headers", Value::Object(members)) => headers(members)?,
        ("tokenEndpoint", Value::String(text)) => url(name, text, allow_http)?.whole().into(),
        (_, other) => other.clone(),
    })
}

/// The texts in a string or a list, without repeats.
fn set(value: &Value, at_spaces: bool) -> Value {
    let mut texts: Vec<Value> = Vec::new();
    let mut add = |text: &str| {
        let text = Value::from(text);
        if !texts.contains(&text) {
            texts.push(text);
        }
    };
    let items = match value {
        Value::Array(items) => items,
        other => core::slice::from_ref(other),
    };
    for text in items.iter().filter_map(Value::as_str) {
        if at_spaces {
            text.split_whitespace().for_each(&mut add)
        } else {
            add(text)
        }
    }
    Value::Array(texts)
}

/// RFC 9110, section 5.1: names are compared without case.
fn headers(members: &[(String, Value)]) -> Result<Value, Fault> {
    let mut headers: Vec<(String, Value)> = Vec::new();
    for (name, value) in members {
        let path = concat(&["headers.", name]);
        check_header(name, value.as_str().unwrap_or_default())
            .map_err(|expected| Fault::at(&path, expected))?;
        let name = name.to_ascii_lowercase();
        if headers.iter().any(|(known, _)| *known == name) {
            return Err(Fault::at(&path, "given twice"));
        }
        headers.push((name, value.clone()));
    }
    Ok(Value::Object(headers))
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
    if !value.chars().all(plain)
        || value.as_bytes().first().is_some_and(blank)
        || value.as_bytes().last().is_some_and(blank)
    {
        return Err(
            "expected a header value without line breaks, other control characters, characters beyond U+00FF and spaces at its ends",
        );
    }
    Ok(())
}

fn url(path: &str, text: &str, allow_http: bool) -> Result<HttpUrl, Fault> {
    let url = HttpUrl::parse(text).map_err(|expected| Fault::at(path, expected))?;
    url.check_private(allow_http)
        .map_err(|fault| Fault::at(path, fault))?;
    Ok(url)
}

fn own_param(name: &str, value: &Value, rules: &Value, allow_http: bool) -> Result<String, Fault> {
    let fault = |expected: &str| Err(Fault::at(name, expected));
    let kind = rules.text("kind");
    if kind == "int" {
        let whole = value.as_whole().or_else(|| value.as_str()?.parse().ok());
        return match whole {
            Some(whole) if (0..=MOST).contains(&whole) => Ok(decimal(whole)),
            _ => fault("expected a whole number that is not negative"),
        };
    }
    check(value, Shape::Filled, &mut name.to_owned())?;
    let text = value.as_str().unwrap_or_default();
    if text.trim().is_empty() {
        return fault("must not be blank");
    }
    let choices: Vec<&str> = rules
        .items("enum")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    if rules.member("enum").is_some() && !choices.contains(&text) {
        return fault(&one_of(&choices));
    }
    let most = rules
        .member("maxLength")
        .and_then(Value::as_whole)
        .unwrap_or(MOST);
    if text.chars().count() > usize::try_from(most).unwrap_or(usize::MAX) {
        return fault(&concat(&[
            "expected at most ",
            &decimal(most),
            " characters",
        ]));
    }
    match kind {
        "host" if check_host(text).is_err() => {
            fault("expected a host name in lower case, without scheme, port and path")
        }
        "segment" if is_dot_segment(text) => {
            fault("'.' and '..' would leave the path and are refused")
        }
        "url" => match url(name, text, allow_http)? {
            url if url.query().is_some() => fault("expected a URL without a query"),
            url => Ok(url.base()),
        },
        _ => Ok(text.to_owned()),
    }
}
