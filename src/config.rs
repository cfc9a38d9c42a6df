//! A caller's config, checked against its provider's descriptor.
//!
//! Like a descriptor it stays the value that it is: checked whole once, with the
//! defaults filled in and every field in its one canonical form.

use crate::descriptor::{COMMON, Descriptor};
use crate::error::Fault;
use crate::secret::Secret;
use crate::shape::{MOST, Shape, check, field, is_word, one_of, stranger};
use crate::template;
use crate::text::{all, concat, decimal, digits, holds, split};
use crate::time::{Millis, SECOND};
use crate::url::{HttpUrl, check_host, is_dot_segment};
use crate::value::{Entries, Order, Value, find, push};

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
    pub fn new(value: &Value, descriptor: &Descriptor) -> Result<Self, Fault> {
        let allow_http = value.flag("allowHttp");
        let mut fields = Entries::new();
        add_common(&mut fields, value, descriptor, allow_http)?;
        add_own(&mut fields, value, descriptor, allow_http)?;
        let whole = |name: &str| value.member(name).and_then(Value::as_whole);
        let mut config = Self {
            fields: Value::Object(fields),
            allow_http,
            client_secret: match value.member("clientSecret") {
                None => ClientSecret::Absent,
                Some(Value::String(secret)) => ClientSecret::Given(Secret::new(secret.clone())),
                Some(_) => ClientSecret::Asked,
            },
            policy: Policy {
                timeout: whole("timeout").unwrap_or(TIMEOUT),
                retries: whole("retries").unwrap_or(RETRIES),
                refresh_ahead: whole("refreshAhead"),
                max_age: whole("maxAge"),
            },
        };
        config.check_whole(descriptor)?;
        config.resolve_scope(descriptor)?;
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

    /// Checks what no single field says.
    fn check_whole(&self, descriptor: &Descriptor) -> Result<(), Fault> {
        let has = |name: &str| self.fields.member(name).is_some();
        let authenticated = !matches!(self.auth_method(descriptor), "" | "none");
        let at_endpoint = split(descriptor.text("request.url", ""), "{tokenEndpoint}").is_some();
        let scoped =
            descriptor.flag("scope.required") && descriptor.items("scope.default").is_empty();
        let absent = if authenticated && !has("clientId") {
            "clientId"
        } else if authenticated && !has("clientSecret") {
            "clientSecret"
        } else if at_endpoint && !has("tokenEndpoint") {
            "tokenEndpoint"
        } else if scoped && !has("scope") {
            "scope"
        } else {
            ""
        };
        if !absent.is_empty() {
            return Err(missing(absent, descriptor));
        }
        if has("scope") && descriptor.flag("scope.fixed") {
            return Err(Fault::at("scope", "fixed by the provider"));
        }
        Ok(())
    }

    /// Fills in the scopes that the descriptor asks for of its own accord.
    fn resolve_scope(&mut self, descriptor: &Descriptor) -> Result<(), Fault> {
        let mut scopes = Vec::new();
        let given = self.items("scope");
        if given.is_empty() || descriptor.flag("scope.append") {
            let value =
                |name: &str| Some(self.text(name).to_owned()).filter(|text| !text.is_empty());
            for template in descriptor.items("scope.default") {
                let Some(mut scope) = template::expand(template.own_text(), &value) else {
                    continue;
                };
                // A parameter that brought white space along would ask for scopes of its own.
                if scope.chars().any(char::is_whitespace) {
                    let mut at = "scope";
                    template::names(template.own_text(), &mut |name| at = name);
                    return Err(Fault::at(
                        at,
                        "part of a scope, and may hold no white space",
                    ));
                }
                add(&mut scopes, &mut scope);
            }
        }
        for scope in given {
            add(&mut scopes, &mut scope.own_text().to_owned());
        }
        if let Value::Object(fields) = &mut self.fields {
            fields.retain(|(name, _)| name != "scope");
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

fn missing(name: &str, descriptor: &Descriptor) -> Fault {
    Fault::at(
        name,
        &concat(&["required by '", descriptor.id(), "', but missing"]),
    )
}

/// Adds the common fields, each in its one form.
fn add_common(
    fields: &mut Entries,
    value: &Value,
    descriptor: &Descriptor,
    allow_http: bool,
) -> Result<(), Fault> {
    let Value::Object(members) = value else {
        return Err(Fault::at(
            "config",
            &concat(&["expected an object, got ", value.kind()]),
        ));
    };
    for (name, member) in members {
        let Some(shape) = field(COMMON, name) else {
            if descriptor.param(name).is_some() {
                continue;
            }
            return Err(stranger(name, COMMON, descriptor.members("params")));
        };
        check(member, shape, name)?;
        if !is_word(name, POLICY) {
            keep(fields, name, member, allow_http)?;
        }
    }
    Ok(())
}

/// Adds a common field that was checked, in its one form.
fn keep(fields: &mut Entries, name: &str, value: &Value, allow_http: bool) -> Result<(), Fault> {
    let value = match name {
        // RFC 6749, section 3.3: scopes are separated by white space.
        "scope" => set(value, true),
        "resource" => set(value, false),
        "headers" => headers(value)?,
        "tokenEndpoint" => url(name, value.own_text(), allow_http)?.whole().into(),
        _ => value.clone(),
    };
    // An empty list or map asks for nothing.
    let empty = match &value {
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    };
    if !empty {
        push(fields, name, value);
    }
    Ok(())
}

/// Adds the provider's own parameters, with the defaults of those that are unset.
fn add_own(
    fields: &mut Entries,
    value: &Value,
    descriptor: &Descriptor,
    allow_http: bool,
) -> Result<(), Fault> {
    let replaced = value.member("tokenEndpoint").is_some();
    if replaced && value.member("baseUrl").is_some() {
        return Err(Fault::at(
            "tokenEndpoint",
            "can not be given with 'baseUrl', which it replaces",
        ));
    }
    for (name, rules) in descriptor.members("params") {
        if let Some(given) = value.member(name).or_else(|| rules.member("default")) {
            add_param(fields, name, given, rules, allow_http)?;
            continue;
        }
        // A `tokenEndpoint` replaces the URL that the parameter would be part of.
        let optional = matches!(rules.member("required"), Some(Value::Bool(false)))
            || replaced && rules.text("kind") == "url";
        if !optional {
            return Err(missing(name, descriptor));
        }
    }
    Ok(())
}

/// The texts in a string or a list, without repeats.
fn set(value: &Value, at_spaces: bool) -> Value {
    let mut texts = Vec::new();
    for item in value.items("") {
        let mut word = String::new();
        for char in item.own_text().chars() {
            if at_spaces && char.is_whitespace() {
                add(&mut texts, &mut word);
            } else {
                word.push(char);
            }
        }
        add(&mut texts, &mut word);
    }
    Value::Array(texts)
}

/// Moves `word` to the texts, unless it is empty or there already.
fn add(texts: &mut Vec<Value>, word: &mut String) {
    let known = |text: &Value| text.as_str() == Some(word);
    if word.is_empty() || texts.iter().any(known) {
        word.clear();
    } else {
        texts.push(core::mem::take(word).into());
    }
}

/// RFC 9110, section 5.1: names are compared without case.
fn headers(value: &Value) -> Result<Value, Fault> {
    let mut headers = Entries::new();
    for (name, value) in value.members("") {
        let lower = name.to_ascii_lowercase();
        let fault = match check_header(name, value.own_text()) {
            Err(expected) => expected,
            Ok(()) if find(&headers, &lower).is_some() => "given twice",
            Ok(()) => {
                headers.push((lower, value.clone()));
                continue;
            }
        };
        return Err(Fault::at(name, fault).within("headers"));
    }
    Ok(Value::Object(headers))
}

/// RFC 9110, sections 5.1 and 5.5: what may stand in a header's name and value.
pub(crate) fn check_header(name: &str, value: &str) -> Result<(), &'static str> {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || holds(b"!#$%&'*+-.^_`|~", byte);
    if name.is_empty() || !all(name, token) {
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
            "expected a header value of characters up to U+00FF, without control characters and spaces at its ends",
        );
    }
    Ok(())
}

/// Reads a URL that a secret may be sent to.
pub(crate) fn url(path: &str, text: &str, allow_http: bool) -> Result<HttpUrl, Fault> {
    let url = HttpUrl::parse(text).and_then(|url| {
        url.check_private(allow_http)?;
        Ok(url)
    });
    url.map_err(|expected| Fault::at(path, expected))
}

/// Adds a parameter of the provider's own, held against its `rules`.
fn add_param(
    fields: &mut Entries,
    name: &str,
    value: &Value,
    rules: &Value,
    allow_http: bool,
) -> Result<(), Fault> {
    let kind = rules.text("kind");
    if kind == "int" {
        return match value.as_whole().or_else(|| digits(value.as_str()?)) {
            Some(whole) if (0..=MOST).contains(&whole) => {
                push(fields, name, decimal(whole).into());
                Ok(())
            }
            _ => Err(Fault::at(name, "expected a whole number from 0")),
        };
    }
    check(value, &Shape::Filled, name)?;
    let text = value.own_text();
    let mut choices = Vec::new();
    for choice in rules.items("enum") {
        choices.push(choice.own_text());
    }
    let most = rules.member("maxLength").and_then(Value::as_whole);
    let owned;
    let fault = if text.trim().is_empty() {
        "must not be blank"
    } else if rules.member("enum").is_some() && !choices.contains(&text) {
        owned = one_of(&choices);
        &owned
    } else if most.is_some_and(|most| is_longer(text, most)) {
        owned = concat(&[
            "expected at most ",
            &decimal(most.unwrap_or_default()),
            " characters",
        ]);
        &owned
    } else {
        match kind {
            "host" if check_host(text).is_err() => "expected a host name in lower case alone",
            "segment" if is_dot_segment(text) => "'.' and '..' would leave the path",
            "url" => {
                let url = url(name, text, allow_http)?;
                if url.query().is_none() {
                    push(fields, name, url.base().into());
                    return Ok(());
                }
                "expected a URL without a query"
            }
            _ => {
                push(fields, name, text.into());
                return Ok(());
            }
        }
    };
    Err(Fault::at(name, fault))
}

/// Whether a text has more characters than that.
fn is_longer(text: &str, most: i64) -> bool {
    let mut left = most;
    for _ in text.chars() {
        left = left.saturating_sub(1);
    }
    left < 0
}
