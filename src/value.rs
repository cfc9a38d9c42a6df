//! JSON values, as the core sees configs, descriptors and answers.

mod host;
mod json;

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::text::{decimal, digits, parts, replace, split_before};
pub use host::Host;
pub use json::{Order, quoted};

/// A JSON value. Members keep their order.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as JavaScript holds it.
    Number(f64),
    /// A string; lone surrogates have become U+FFFD.
    String(String),
    /// An array.
    Array(Vec<Value>),
    /// An object; a member named `__proto__` does not come out again.
    Object(Vec<(String, Value)>),
    /// Something that JSON has no word for, named for error messages: "a function".
    Opaque(&'static str),
    /// A key that the host holds under this number, and never shows to the core.
    Held(u32),
}

impl Value {
    /// The member `name` of an object. Of repeated names the last counts, as
    /// with `JSON.parse`.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => find(members, name),
            _ => None,
        }
    }

    /// The value at a dotted path (`fault.detail.errorcode`) or a JSON pointer
    /// (`/fault/detail`); whole numbers are indices into arrays, and the empty path
    /// leads to the value itself.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<&Self> {
        if path.is_empty() {
            return Some(self);
        }
        let (steps, pointer) = match path.strip_prefix("/") {
            Some(path) => (parts(path, "/"), true),
            None => (parts(path, "."), false),
        };
        let mut value = self;
        for step in steps {
            value = match value {
                Self::Array(items) => items.get(usize::try_from(digits(step)?).ok()?)?,
                _ if pointer => value.member(&unescaped(step))?,
                _ => value.member(step)?,
            };
        }
        Some(value)
    }

    /// The text of the member `name`; empty when there is none.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        match self.member(name) {
            Some(member) => member.own_text(),
            None => "",
        }
    }

    /// The items of the array at `path`, or the one value that stands for it.
    #[must_use]
    pub fn items(&self, path: &str) -> &[Self] {
        match self.at(path) {
            Some(Self::Array(items)) => items,
            Some(value) => core::slice::from_ref(value),
            None => &[],
        }
    }

    /// The members of the object at `path`.
    #[must_use]
    pub fn members(&self, path: &str) -> &[(String, Self)] {
        match self.at(path) {
            Some(Self::Object(members)) => members,
            _ => &[],
        }
    }

    /// Whether the member `name` is `true`.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.member(name), Some(Self::Bool(true)))
    }

    /// Calls `seen` with each text in a value, however deep.
    pub fn each_text<'v>(&'v self, seen: &mut dyn FnMut(&'v str)) {
        match self {
            Self::String(text) => seen(text),
            Self::Array(items) => items.iter().for_each(|item| item.each_text(seen)),
            Self::Object(members) => members.iter().for_each(|(_, value)| value.each_text(seen)),
            _ => {}
        }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a string; empty for anything else.
    #[must_use]
    #[inline(never)]
    pub fn own_text(&self) -> &str {
        self.as_str().unwrap_or_default()
    }

    /// A number, or a string that is a decimal number; nothing else counts as one.
    #[must_use]
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::String(text) => whole_number(text),
            _ => None,
        }
    }

    /// A string as it is, a number in decimal: how vendors' codes are given.
    #[must_use]
    pub fn as_text(&self) -> Option<String> {
        match self {
            Self::String(text) => Some(text.clone()),
            Self::Number(_) => self.as_whole().map(decimal),
            _ => None,
        }
    }

    /// What kind of value it is, for error messages: "an array".
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
            Self::Opaque(kind) => kind,
            Self::Held(_) => "a key",
        }
    }

    /// Adds a member to an object.
    pub fn put(&mut self, name: &str, value: Self) {
        if let Self::Object(members) = self {
            members.push((name.to_owned(), value));
        }
    }

    /// The number, when it is a whole one that a double holds exactly.
    #[must_use]
    pub fn as_whole(&self) -> Option<i64> {
        match self {
            Self::Number(number) if number.abs() <= EXACT && number.trunc() == *number => {
                #[expect(clippy::cast_possible_truncation, reason = "checked just above")]
                let whole = *number as i64;
                Some(whole)
            }
            _ => None,
        }
    }
}

/// RFC 6901, section 4: `~1` is a slash, then `~0` a tilde.
fn unescaped(step: &str) -> String {
    replace(&replace(step, "~1", "/"), "~0", "~")
}

/// The member of a value that a path leads through first.
#[must_use]
pub fn first_step(path: &str) -> String {
    match path.strip_prefix("/") {
        Some(pointer) => unescaped(split_before(pointer, b"/").0),
        None => split_before(path, b".").0.to_owned(),
    }
}

/// Named values, in the order in which they are sent.
pub type Entries = Vec<(String, Value)>;

/// The last value of this name.
#[must_use]
pub fn find<'v>(entries: &'v [(String, Value)], name: &str) -> Option<&'v Value> {
    for (known, value) in entries.iter().rev() {
        if known == name {
            return Some(value);
        }
    }
    None
}

/// Takes the first entry of this name out.
#[inline(never)]
pub fn take(entries: &mut Entries, name: &str) -> Option<Value> {
    let at = entries.iter().position(|(known, _)| known == name)?;
    Some(entries.remove(at).1)
}

/// Adds an entry.
#[inline(never)]
pub fn push(entries: &mut Entries, name: &str, value: Value) {
    entries.push((name.to_owned(), value));
}

/// Up to here every whole number is a double of its own.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The number in a string of decimal digits, with a sign and a fraction at most.
fn whole_number(text: &str) -> Option<f64> {
    let text = text.trim_ascii();
    let unsigned = text.strip_prefix("-").unwrap_or(text);
    if unsigned.is_empty() || unsigned.starts_with(".") || unsigned.ends_with(".") {
        return None;
    }
    // Near enough for a span; the float parser is as large as the rest of this module.
    let (mut number, mut scale, mut whole) = (0.0, 1.0, true);
    for byte in unsigned.bytes() {
        match byte {
            b'0'..=b'9' if whole => number = number * 10.0 + f64::from(byte & 15),
            b'0'..=b'9' => {
                scale /= 10.0;
                number += scale * f64::from(byte & 15);
            }
            b'.' if whole => whole = false,
            _ => return None,
        }
    }
    Some(if unsigned == text { number } else { -number })
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null | Self::Opaque(_) | Self::Held(_) => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(value) => serializer.serialize_f64(*value),
            Self::String(value) => serializer.serialize_str(value),
            Self::Array(items) => serializer.collect_seq(items),
            Self::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    // JavaScript would take it for the object's prototype.
                    if name != "__proto__" {
                        map.serialize_entry(name, value)?;
                    }
                }
                map.end()
            }
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        text.map_or(Self::Null, Self::from)
    }
}
