//! Secrets that no error and no preview may show, in any spelling.

use std::sync::LazyLock;

use crate::host::HOST;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine as _};
use tokenlet::value::Value;
use url::form_urlencoded::byte_serialize;

/// The client that the secrets belong to.
pub const CLIENT: &str = "the client";

/// A secret, and how a server may spell it.
pub struct Canary {
    /// The secret itself.
    pub secret: &'static str,
    /// The spellings that the redactor promises to know, the secret itself first.
    pub spellings: Vec<String>,
    /// The same in lower case, since case does not count: hexadecimal digits have none.
    lower: Vec<String>,
}

/// The secrets: one of every kind of character, also once it is base64, one of digits alone, which a server may
/// echo as a number, and one that is too short to be masked.
pub static CANARIES: LazyLock<[Canary; 3]> =
    LazyLock::new(|| ["c4n4ry+/=%:&é\"\\??~>>?~!", "8675309", "q7!"].map(Canary::new));

/// The secret that most calls use.
pub fn canary() -> &'static Canary {
    &CANARIES[0]
}

impl Canary {
    fn new(secret: &'static str) -> Self {
        let json = serde_json::to_string(secret).unwrap_or_default();
        let json = json.trim_matches('"').to_owned();
        let mut spellings = vec![
            secret.to_owned(),
            form(secret),
            percent(secret),
            percent(secret).to_ascii_lowercase(),
            ascii(&json),
            ascii(&json).replace('/', "\\/"),
            json.replace('/', "\\/"),
            json,
        ];
        let plain = format!("{CLIENT}:{secret}");
        let encoded = format!("{}:{}", form(CLIENT), form(secret));
        for text in [secret, &plain, &encoded] {
            let base64 = BASE64_STANDARD.encode(text);
            spellings.push(percent(&base64));
            spellings.push(base64);
            spellings.push(BASE64_URL_SAFE_NO_PAD.encode(text));
        }
        for text in [&plain, &encoded] {
            let header = format!("Basic {}", BASE64_STANDARD.encode(text));
            spellings.push(BASE64_STANDARD.encode(&header));
            spellings.push(BASE64_URL_SAFE_NO_PAD.encode(&header));
        }
        let lower = spellings
            .iter()
            .map(|spelling| spelling.to_ascii_lowercase());
        let lower = lower.collect();
        Self {
            secret,
            spellings,
            lower,
        }
    }

    /// Asserts that nothing in a value shows the secret.
    pub fn assert_kept(&self, told: &Value) {
        if let Some(spelling) = self.spelling_in(told) {
            panic!(
                "the secret is told as '{spelling}' in: {}",
                told.to_json(HOST.write_fraction)
            );
        }
    }

    /// Whether a value shows the secret all by itself: then it proves nothing that an error
    /// made of it does so.
    pub fn stands_in(&self, value: &Value) -> bool {
        self.spelling_in(value).is_some()
    }

    fn spelling_in(&self, value: &Value) -> Option<&str> {
        match value {
            Value::String(text) => self.spelling_in_text(text),
            Value::Number(_) => (value.as_text()? == self.secret).then_some(self.secret),
            Value::Array(items) => items.iter().find_map(|item| self.spelling_in(item)),
            Value::Object(members) => members.iter().find_map(|(name, member)| {
                let named = self.spelling_in_text(name);
                named.or_else(|| self.spelling_in(member))
            }),
            Value::Null | Value::Bool(_) | Value::Opaque(_) | Value::Held(_) => None,
        }
    }

    fn spelling_in_text(&self, text: &str) -> Option<&str> {
        let text = text.to_ascii_lowercase();
        let stands = |spelling: &&String| text.contains(spelling.as_str());
        self.lower.iter().find(stands).map(String::as_str)
    }
}

fn form(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

/// RFC 3986: all but the unreserved characters is encoded.
fn percent(text: &str) -> String {
    form(text)
        .replace('+', "%20")
        .replace('*', "%2A")
        .replace("%7E", "~")
}

/// JSON that keeps to ASCII.
fn ascii(json: &str) -> String {
    let escaped = |char: char| match char {
        ' '..='~' => char.to_string(),
        other => format!("\\u{:04x}", u32::from(other)),
    };
    json.chars().map(escaped).collect()
}
