//! The body of an answer, decoded: JSON, a form, or text.

use super::{Answer, Context};
use crate::descriptor::{Descriptor, HEADER};
use crate::request::Source;
use crate::text::{concat, parts, replace, split};
use crate::value::{Entries, Host, Value, find, push};

/// An answer whose body was decoded. Content types are wrong in either direction, so
/// what it is tells the body itself.
pub(super) struct Decoded<'a> {
    pub(super) answer: &'a Answer,
    descriptor: &'a Descriptor,
    /// The headers by their paths: `header:name`.
    headers: Entries,
    /// The body without space around it.
    text: Value,
    /// What JSON or a form held,
    pub(super) body: Value,
    /// and whether it was either.
    pub(super) is_data: bool,
}

impl<'a> Decoded<'a> {
    pub(super) fn new(answer: &'a Answer, text: &str, context: &Context<'a>) -> Self {
        let Source {
            descriptor, host, ..
        } = context.source;
        let mut headers = Entries::new();
        for (name, value) in &answer.headers {
            push(
                &mut headers,
                &concat(&[HEADER, name]),
                value.as_str().into(),
            );
        }
        let mut decoded = Self {
            answer,
            descriptor,
            headers,
            text: text.trim_ascii().into(),
            body: Value::Null,
            is_data: true,
        };
        if let Some(json) = (host.read_json)(text) {
            decoded.body = json;
            return decoded;
        }
        let format = descriptor.text("response.format", "auto");
        decoded.body = form(decoded.text(), host);
        // Many a text has an `=` in it.
        if !matches!(format, "auto" | "form")
            || decoded.token().is_none() && decoded.at("error").is_none()
        {
            decoded.body = Value::Null;
            decoded.is_data = false;
        }
        decoded
    }

    /// The body without space around it.
    pub(super) fn text(&self) -> &str {
        self.text.own_text()
    }

    /// What stands at a path: a dotted one or a JSON pointer into the body, `header:Name`,
    /// or an empty one, which is the whole body as text.
    pub(super) fn at(&self, path: &str) -> Option<&Value> {
        if path.starts_with(HEADER) {
            return find(&self.headers, &path.to_ascii_lowercase());
        }
        match &self.body {
            Value::Object(_) | Value::Array(_) if path.is_empty() => None,
            // A text in JSON is what stands between the quotes.
            body @ Value::String(_) if path.is_empty() => Some(body),
            _ if path.is_empty() => Some(&self.text),
            body => body.at(path),
        }
    }

    /// What stands at the first path of the descriptor's `paths` that leads to
    /// something; at `default`, a member's name, where it names none.
    pub(super) fn first(&self, paths: &str, default: &str) -> Option<&Value> {
        let there = |path: &str| self.at(path).filter(|value| !is_missing(value));
        match self.descriptor.items(paths) {
            [] if default.is_empty() => None,
            [] => there(default),
            paths => paths.iter().find_map(|path| there(path.own_text())),
        }
    }

    /// The token.
    pub(super) fn token(&self) -> Option<&str> {
        self.first("response.token", "access_token")?.as_str()
    }
}

/// Whether a value says nothing.
pub(super) fn is_missing(value: &Value) -> bool {
    matches!(value, Value::Null) || value.as_str() == Some("")
}

/// The fields of a form (WHATWG URL, section 5.1).
pub(super) fn form(text: &str, host: Host) -> Value {
    let mut fields = Entries::new();
    for pair in parts(text, "&") {
        let (name, value) = split(pair, "=").unwrap_or((pair, ""));
        let decoded = |text: &str| {
            let text = replace(text, "+", " ");
            (host.read_percent)(&text).unwrap_or(text)
        };
        if !pair.is_empty() {
            push(&mut fields, &decoded(name), decoded(value).into());
        }
    }
    Value::Object(fields)
}
