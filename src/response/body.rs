//! The body of an answer, decoded: JSON, a form, or text.

use super::{Answer, Context};
use crate::descriptor::{Descriptor, HEADER};
use crate::request::Source;
use crate::text::concat;
use crate::value::{Entries, Value, find, push};

/// An answer whose body was decoded. Content types are wrong in either direction, so
/// what it is tells the body itself.
pub(super) struct Decoded<'a> {
    pub(super) answer: &'a Answer,
    pub(super) descriptor: &'a Descriptor,
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
        decoded.is_data = false;
        let format = descriptor.text("response.format", "auto");
        let may_be_form = matches!(format, "auto" | "form") && !decoded.is_unread();
        if may_be_form && decoded.token().is_none() {
            decoded.body = (host.read_form)(decoded.text()).unwrap_or(Value::Null);
            decoded.is_data = decoded.token().is_some() || decoded.at("error").is_some();
            // Many a text has an `=` in it.
            if !decoded.is_data {
                decoded.body = Value::Null;
            }
        }
        decoded
    }

    /// Whether the body is a page, or JSON that was cut short, whose words are not known
    /// by their names.
    pub(super) fn is_unread(&self) -> bool {
        matches!(self.text().bytes().next(), Some(b'<' | b'{' | b'['))
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
            // A text in JSON is what stands between the quotes.
            body @ Value::String(_) if path.is_empty() => Some(body),
            Value::Number(_) if path.is_empty() => Some(&self.text),
            _ if path.is_empty() => Some(&self.text).filter(|_| !self.is_data),
            body => body.at(path),
        }
    }

    /// What stands at the first path of the descriptor's `paths` that leads to
    /// something; at `default` where it names none.
    pub(super) fn first(&self, paths: &str, default: &str) -> Option<&Value> {
        let there = |path: &str| self.at(path).filter(|value| !is_missing(value));
        match self.descriptor.items(paths) {
            [] => there(default),
            paths => paths.iter().find_map(|path| there(path.own_text())),
        }
    }

    /// The first text, or number, at the descriptor's `paths`.
    #[inline(never)]
    pub(super) fn text_of(&self, paths: &str) -> Option<String> {
        for path in self.descriptor.items(paths) {
            let text = self.at(path.own_text()).and_then(Value::as_text);
            let text = text.unwrap_or_default();
            if !text.is_empty() {
                return Some(text);
            }
        }
        None
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
