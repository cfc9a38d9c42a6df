//! The fields of a config, one by one: each checked, and put into its one form.

use super::{POLICY, missing};
use crate::descriptor::{COMMON, Descriptor};
use crate::error::Fault;
use crate::shape::{MOST, Shape, check, field, is_word, one_of, stranger};
use crate::text::{all, concat, decimal, digits, holds, parts};
use crate::url::{HttpUrl, is_dot_segment, is_host};
use crate::value::{Entries, Host, Value, find, push};

/// Adds the common fields, each in its one form.
pub(super) fn add_common(
    fields: &mut Entries,
    value: &Value,
    descriptor: &Descriptor,
    reader: Reader,
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
            keep(fields, name, member, reader)?;
        }
    }
    Ok(())
}

/// Adds a common field that was checked, in its one form.
fn keep(fields: &mut Entries, name: &str, value: &Value, reader: Reader) -> Result<(), Fault> {
    let value = match name {
        // RFC 6749, section 3.3: scopes are separated by white space.
        "scope" => set(value, true),
        "resource" => set(value, false),
        "headers" => headers(value)?,
        "tokenEndpoint" => reader.url(name, value.own_text())?.whole().into(),
        _ => value.clone(),
    };
    // An empty list or map asks for nothing.
    let empty = match &value {
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        // Off, as without it.
        Value::Bool(on) => !on,
        _ => false,
    };
    if !empty {
        push(fields, name, value);
    }
    Ok(())
}

/// Adds the provider's own parameters, with the defaults of those that are unset.
pub(super) fn add_own(
    fields: &mut Entries,
    value: &Value,
    descriptor: &Descriptor,
    reader: Reader,
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
            add_param(fields, name, given, rules, reader)?;
            continue;
        }
        let optional = matches!(rules.member("required"), Some(Value::Bool(false)));
        // A `tokenEndpoint` replaces the URL that the parameter would be part of.
        if !(optional || replaced && is_of_url_alone(name, descriptor)) {
            return Err(missing(name, descriptor, ""));
        }
    }
    Ok(())
}

/// Whether the parameter `name` says where the request goes, and nothing else.
fn is_of_url_alone(name: &str, descriptor: &Descriptor) -> bool {
    let (mut within, mut elsewhere) = (false, false);
    descriptor.each_name("request.url", &mut |named, _| within |= named == name);
    for part in parts(
        "scope.default assertion request.headers request.query request.body response.ttl",
        " ",
    ) {
        descriptor.each_name(part, &mut |named, _| elsewhere |= named == name);
    }
    within && !elsewhere
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
pub(super) fn add(texts: &mut Vec<Value>, word: &mut String) {
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
            "expected a header value of printable characters up to U+00FF, without spaces at its ends",
        );
    }
    Ok(())
}

/// Reads URLs that a secret may be sent to.
#[derive(Clone, Copy)]
pub(crate) struct Reader {
    pub(crate) host: Host,
    pub(crate) allow_http: bool,
}

impl Reader {
    /// The URL that stands at `path`.
    pub(crate) fn url(self, path: &str, text: &str) -> Result<HttpUrl, Fault> {
        let url = HttpUrl::parse(text, self.host).and_then(|url| {
            url.check_private(self.allow_http)?;
            Ok(url)
        });
        url.map_err(|expected| Fault::at(path, expected))
    }
}

/// Adds a parameter of the provider's own, held against its `rules`.
fn add_param(
    fields: &mut Entries,
    name: &str,
    value: &Value,
    rules: &Value,
    reader: Reader,
) -> Result<(), Fault> {
    let kind = rules.text("kind");
    if kind == "key" {
        return match value {
            Value::Held(_) => {
                push(fields, name, value.clone());
                Ok(())
            }
            _ => {
                let expected = concat(&["expected a key, got ", value.kind()]);
                Err(Fault::at(name, &expected))
            }
        };
    }
    let number;
    let text = if kind == "int" {
        number = match value.as_whole().or_else(|| digits(value.as_str()?)) {
            Some(whole) if (0..=MOST).contains(&whole) => decimal(whole),
            _ => return Err(Fault::at(name, "expected a whole number from 0")),
        };
        &number
    } else {
        check(value, &Shape::Filled, name)?;
        value.own_text()
    };
    let mut choices = Vec::new();
    for choice in rules.items("enum") {
        choices.push(choice.own_text());
    }
    let most = rules.member("maxLength").and_then(Value::as_whole);
    let owned;
    let fault = if text.trim_ascii().is_empty() {
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
            "host" if !is_host(text) => {
                "expected a host name alone, in lower case, without https://"
            }
            "segment" if is_dot_segment(text) => "'.' and '..' would leave the path",
            "url" => {
                let url = reader.url(name, text)?;
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
