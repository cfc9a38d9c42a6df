//! Taking secrets out of what a server says.

use crate::encode;
use crate::error::{Error, Reason};
use crate::value::Value;

/// Knows a request's secrets in every spelling that a server may echo.
#[derive(Clone, Default)]
pub struct Redactor {
    spellings: Vec<String>,
    /// A secret so short that masking it would garble any text, and tell where
    /// it was; the server's free text is dropped instead.
    too_short: bool,
}

/// What stands where a secret stood.
const REDACTED: &str = "[redacted]";
/// Secrets below this length are too short to be masked.
const SHORTEST: usize = 6;
/// How much of a server's text an error keeps, in characters.
const LONGEST_TEXT: usize = 500;
/// How many values of an error body are kept.
const MOST_VALUES: usize = 100;

impl Redactor {
    /// Adds a secret, and `id:secret` as Basic has it where there is an id.
    pub fn add(&mut self, secret: &str, id: Option<&str>) {
        if secret.is_empty() {
            return;
        }
        if secret.chars().count() < SHORTEST {
            self.too_short = true;
        }
        let mut texts = vec![secret.to_owned()];
        if let Some(id) = id {
            texts.push(format!("{id}:{secret}"));
            texts.push(format!("{}:{}", encode::form_value(id), encode::form_value(secret)));
        }
        for text in texts {
            let json = Value::from(text.as_str()).to_json();
            let percent = encode::component(&text);
            let form = encode::form_value(&text);
            let component = component_like_javascript(&text);
            let base64 = encode::base64(&text);
            self.spellings.extend([percent.to_ascii_lowercase(), form.to_ascii_lowercase(), component]);
            self.spellings.push(json.trim_matches('"').to_owned());
            self.spellings.push(base64.trim_end_matches('=').to_owned());
            self.spellings.extend([percent, form, base64, encode::base64url(&text), text]);
        }
        // The longest first, so that no spelling hides part of a longer one.
        self.spellings.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        self.spellings.dedup();
    }

    /// `text` without secrets and control characters, cut to a bearable length;
    /// `None` when it can not be made safe.
    #[must_use]
    pub fn text(&self, text: &str) -> Option<String> {
        if self.too_short {
            return None;
        }
        Some(tidy(&self.mask(text)))
    }

    /// A short code, which is kept unless it is itself a secret.
    #[must_use]
    pub fn code(&self, code: &str) -> Option<String> {
        if self.too_short && self.spellings.iter().any(|spelling| spelling == code) {
            return None;
        }
        Some(tidy(&if self.too_short { code.to_owned() } else { self.mask(code) }))
    }

    /// A parsed body, bounded, with every text in it redacted.
    #[must_use]
    pub fn value(&self, value: &Value) -> Option<Value> {
        if self.too_short {
            return None;
        }
        let mut left = MOST_VALUES;
        Some(self.bounded(value, &mut left))
    }

    /// Redacts whatever of an error came from a server.
    #[must_use]
    pub fn error(&self, mut error: Error) -> Error {
        let Reason { error: code, description, uri, vendor_code } = error.reason;
        error.reason = Reason {
            error: code.and_then(|code| self.code(&code)),
            description: description.and_then(|text| self.text(&text)),
            uri: uri.and_then(|text| self.text(&text)),
            vendor_code: vendor_code.and_then(|code| self.code(&code)),
        };
        error.details = error.details.and_then(|details| self.value(&details));
        error.message = if self.too_short { error.message } else { self.mask(&error.message) };
        error
    }

    fn mask(&self, text: &str) -> String {
        self.spellings.iter().fold(text.to_owned(), |text, spelling| if text.contains(spelling) { text.replace(spelling, REDACTED) } else { text })
    }

    fn bounded(&self, value: &Value, left: &mut usize) -> Value {
        if *left == 0 {
            return Value::Null;
        }
        *left = left.saturating_sub(1);
        match value {
            Value::String(text) => Value::String(tidy(&self.mask(text))),
            // A secret of digits may come back as a number.
            Value::Number(_) => match value.as_text().filter(|text| self.spellings.contains(text)) {
                Some(_) => Value::from(REDACTED),
                None => value.clone(),
            },
            Value::Array(items) => Value::Array(items.iter().take(MOST_VALUES).map(|item| self.bounded(item, left)).collect()),
            Value::Object(members) => {
                let bounded = members.iter().take(MOST_VALUES).map(|(name, member)| (tidy(&self.mask(name)), self.bounded(member, left)));
                Value::Object(bounded.collect())
            }
            other => other.clone(),
        }
    }
}

/// What `encodeURIComponent` leaves besides the unreserved characters.
fn component_like_javascript(text: &str) -> String {
    let encoded = encode::component(text);
    [("%21", "!"), ("%27", "'"), ("%28", "("), ("%29", ")"), ("%2A", "*")].into_iter().fold(encoded, |text, (code, char)| text.replace(code, char))
}

fn tidy(text: &str) -> String {
    text.chars().map(|char| if char.is_control() { ' ' } else { char }).take(LONGEST_TEXT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_masked() {
        let secret = "s3cr+t/=%:&é \"x\\";
        let mut redactor = Redactor::default();
        redactor.add(secret, Some("the id"));
        let basic = format!("the id:{secret}");
        for echo in [
            secret.to_owned(), encode::component(secret), encode::component(secret).to_lowercase(), encode::form_value(secret), Value::from(secret).to_json(),
            encode::base64(secret), encode::base64url(secret), encode::base64(&basic), encode::base64url(&basic), encode::component(&encode::base64(&basic)),
        ] {
            let clean = redactor.text(&format!("got <{echo}>")).unwrap();
            assert!(clean.contains(REDACTED), "{echo} in {clean}");
            assert!(!clean.contains("s3cr"), "{clean}");
        }
    }

    #[test]
    fn text_is_dropped_when_a_secret_is_too_short_to_mask() {
        let mut redactor = Redactor::default();
        redactor.add("abc", None);
        assert_eq!(redactor.text("anything"), None);
        assert_eq!(redactor.code("invalid_client").as_deref(), Some("invalid_client"));
    }
}
