//! Values as JSON text.

use super::Value;
use crate::encode::hex;
use crate::text::{concat, decimal};

impl Value {
    /// JSON text, compact, members in their order, fractions as `fraction` writes
    /// them.
    #[must_use]
    pub fn to_json(&self, fraction: fn(f64) -> String) -> String {
        let mut out = String::new();
        self.write(&mut out, Order::Kept, fraction);
        out
    }

    /// JSON text in which order says nothing: members are sorted, and with
    /// `Order::Texts` lists of texts, too. Equal values, equal texts.
    #[must_use]
    pub fn to_canonical_json(&self, order: Order) -> String {
        let mut out = String::new();
        self.write(&mut out, order, bits);
        out
    }

    fn write(&self, out: &mut String, order: Order, fraction: fn(f64) -> String) {
        match self {
            Self::Null | Self::Opaque(_) => out.push_str("null"),
            // Unlike any value of JSON's, so that no config is taken for another one.
            Self::Held(number) => {
                out.push('#');
                out.push_str(&decimal(i64::from(*number)));
            }
            Self::Bool(true) => out.push_str("true"),
            Self::Bool(false) => out.push_str("false"),
            Self::Number(number) => out.push_str(&match self.as_whole() {
                Some(whole) => decimal(whole),
                None => fraction(*number),
            }),
            Self::String(text) => write_string(text, out),
            Self::Array(items) => {
                let mut texts = Vec::new();
                if order == Order::Texts {
                    for item in items {
                        insert_sorted(&mut texts, item.own_text());
                    }
                }
                let mut mark = "[";
                for (index, item) in items.iter().enumerate() {
                    out.push_str(mark);
                    match texts.get(index) {
                        Some(text) => write_string(text, out),
                        None => item.write(out, order, fraction),
                    }
                    mark = ",";
                }
                out.push_str(if mark == "[" { "[]" } else { "]" });
            }
            Self::Object(members) => {
                let mut names: Vec<&str> = Vec::new();
                for (name, _) in members {
                    match order {
                        Order::Kept => names.push(name),
                        _ => insert_sorted(&mut names, name),
                    }
                }
                let mut mark = "{";
                for name in names {
                    out.push_str(mark);
                    write_string(name, out);
                    out.push(':');
                    match self.member(name) {
                        // What stands deeper is no list of scopes.
                        Some(value @ Self::Object(_)) if order == Order::Texts => {
                            value.write(out, Order::Members, fraction);
                        }
                        Some(value) => value.write(out, order, fraction),
                        None => {}
                    }
                    mark = ",";
                }
                out.push_str(if mark == "{" { "{}" } else { "}" });
            }
        }
    }
}

/// What order says in a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Members and items are written as they stand.
    Kept,
    /// Objects are sets of members.
    Members,
    /// Arrays, which hold texts alone, are sets as well.
    Texts,
}

/// A text in JSON.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut out = String::new();
    write_string(text, &mut out);
    out
}

/// Tells fractions apart, and is no JSON.
fn bits(number: f64) -> String {
    concat(&["~", &decimal(number.to_bits().cast_signed())])
}

/// RFC 8259, section 7: quotes, backslashes and control characters are escaped.
fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => {
                let code = u8::try_from(control).unwrap_or_default();
                out.push_str("\\u00");
                out.push(hex(code >> 4));
                out.push(hex(code & 15));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// Puts `text` where it belongs in a sorted list. The lists here are short, and
/// the library's sort is as large as this whole module.
pub(crate) fn insert_sorted<'t>(texts: &mut Vec<&'t str>, text: &'t str) {
    let at = texts
        .iter()
        .position(|known| *known > text)
        .unwrap_or(texts.len());
    texts.insert(at, text);
}
