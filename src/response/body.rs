//! The body of an answer, decoded: JSON, a form, or text.

use super::{Answer, Context};
use crate::descriptor::{Descriptor, header_name};
use crate::encode::from_form;
use crate::text::{parts, split};
use crate::value::{Entries, Value, push};

/// An answer whose body was decoded. Content types are wrong in either direction, so
/// what it is tells the body itself.
pub(super) struct Decoded<'a> {
    pub(super) answer: &'a Answer,
    descriptor: &'a Descriptor,
    /// The body without space around it.
    pub(super) text: &'a str,
    /// What JSON or a form held; `None` of anything else.
    pub(super) body: Option<Value>,
}

impl<'a> Decoded<'a> {
    pub(super) fn new(answer: &'a Answer, text: &'a str, context: &Context<'a>) -> Self {
        let source = context.source;
        let mut decoded = Self {
            answer,
            descriptor: source.descriptor,
            text: text.trim(),
            body: (source.host.read_json)(text),
        };
        let format = source.descriptor.text("response.format", "auto");
        if decoded.body.is_none() && matches!(format, "auto" | "form") {
            decoded.body = Some(Value::Object(form(decoded.text)));
            // Many a text has an `=` in it.
            if decoded.token().is_none() && decoded.at("error").is_none() {
                decoded.body = None;
            }
        }
        decoded
    }

    /// What stands at a path: a dotted one or a JSON pointer into the body, `header:Name`,
    /// or an empty one, which is the whole body as text.
    pub(super) fn at(&self, path: &str) -> Option<Value> {
        if let Some(name) = header_name(path) {
            return self.answer.header(&name).map(Value::from);
        }
        match &self.body {
            Some(Value::Object(_) | Value::Array(_)) if path.is_empty() => None,
            // A text in JSON is what stands between the quotes.
            Some(body @ Value::String(_)) if path.is_empty() => Some(body.clone()),
            _ if path.is_empty() => Some(self.text.into()),
            Some(body) => body.at(path).cloned(),
            None => None,
        }
    }

    /// What stands at the first path of the descriptor's `paths` that leads to
    /// something; at `default`, a member's name, where it names none.
    pub(super) fn first(&self, paths: &str, default: &str) -> Option<Value> {
        let there = |path: &str| self.at(path).filter(|value| !is_missing(value));
        match self.descriptor.items(paths) {
            [] if default.is_empty() => None,
            [] => there(default),
            paths => paths.iter().find_map(|path| there(path.own_text())),
        }
    }

    /// The token.
    pub(super) fn token(&self) -> Option<String> {
        match self.first("response.token", "access_token") {
            Some(Value::String(token)) => Some(token),
            _ => None,
        }
    }

    /// The members of the body.
    pub(super) fn members(&self) -> &[(String, Value)] {
        match &self.body {
            Some(body) => body.members(""),
            None => &[],
        }
    }
}

/// Whether a value says nothing.
pub(super) fn is_missing(value: &Value) -> bool {
    *value == Value::Null || value.as_str() == Some("")
}

/// The fields of a form (WHATWG URL, section 5.1).
pub(super) fn form(text: &str) -> Entries {
    let mut fields = Entries::new();
    for pair in parts(text, "&") {
        let (name, value) = split(pair, "=").unwrap_or((pair, ""));
        if !pair.is_empty() {
            push(&mut fields, &from_form(name), from_form(value).into());
        }
    }
    fields
}
