//! Taking secrets out of what a server says.

mod raw;

use crate::encode;
use crate::error::{Code, Error};
use crate::shape::is_word;
use crate::text::{concat, one_line, replace, split};
use crate::value::{Value, quoted};
pub use raw::Raw;
use raw::names_token;

/// Knows a request's secrets in every spelling that a server may echo.
#[derive(Clone, Default)]
pub struct Redactor {
    spellings: Vec<String>,
    /// A secret is so short that masking it would garble any text, and tell where it
    /// was: the server's free text is dropped instead.
    too_short: bool,
    /// What else must not be told is too long or too many to be looked for, and all
    /// words of the server's are dropped.
    is_blind: bool,
}

/// What stands where a secret stood.
const REDACTED: &str = "[redacted]";
/// Secrets below this length are too short to be masked.
const SHORTEST: usize = 6;
/// Longer ones are not looked for: no header would carry them.
const LONGEST: usize = 8_192;
/// How much of a server's text an error keeps, in characters,
const LONGEST_TEXT: usize = 500;
/// and how far it is looked at, in bytes.
const LONGEST_LOOK: usize = 65_536;
/// The codes of RFC 6749, section 5.2, RFC 8693, section 2.2.2 and RFC 9449, section 12.2: what
/// everybody knows tells nothing.
const REGISTERED: &str = "invalid_request invalid_client invalid_grant unauthorized_client \
    unsupported_grant_type invalid_scope invalid_target invalid_dpop_proof use_dpop_nonce";
/// How many values of an error body are kept.
const MOST_VALUES: usize = 100;

impl Redactor {
    /// Adds a secret.
    pub fn add(&mut self, secret: &str) {
        if secret.is_empty() {
            return;
        }
        if secret.chars().count() < SHORTEST {
            self.too_short = true;
        }
        self.add_spellings(secret);
    }

    /// Adds `id:secret` as Basic has it.
    pub fn add_pair(&mut self, id: &str, secret: &str) {
        if secret.is_empty() {
            return;
        }
        for basic in &[encode::basic, encode::basic_raw, encode::basic_parts] {
            let pair = basic(id, secret);
            self.add_spellings(&pair);
            // The whole header, as a server tells it that tells all in base64.
            let header = concat(&["Basic ", &encode::base64(&pair)]);
            self.spell(encode::base64(&header));
            self.spell(encode::base64url(header.as_bytes()));
        }
    }

    /// Adds what may be a secret, unless it is so short that it stands in any text.
    pub fn add_echo(&mut self, text: &str) {
        if text.chars().count() >= SHORTEST {
            self.add_spellings(text);
        }
    }

    fn add_spellings(&mut self, text: &str) {
        if text.len() > LONGEST {
            self.is_blind = true;
            return;
        }
        let percent = encode::component(text);
        let form = encode::form(text);
        let base64 = encode::base64(text);
        let json = quoted(text);
        self.spell(encode::uri_component(text));
        // Without its quotes; then as encoders write it that keep to ASCII, or escape
        // slashes.
        let json = json
            .get(1..json.len().saturating_sub(1))
            .unwrap_or_default();
        let ascii = ascii_json(json);
        self.spell(replace(json, "/", "\\/"));
        self.spell(replace(&ascii, "/", "\\/"));
        self.spell(ascii);
        self.spell(json.to_owned());
        self.spell(replace(&base64, "=", ""));
        self.spell(encode::component(&base64));
        self.spell(encode::base64url(text.as_bytes()));
        self.spell(percent);
        self.spell(form);
        self.spell(base64);
        self.spell(text.to_owned());
    }

    /// Keeps the longest first, so that no spelling hides part of a longer one.
    fn spell(&mut self, spelling: String) {
        let spelling = one_line(&spelling, usize::MAX).to_ascii_lowercase();
        let mut at: usize = 0;
        for known in &self.spellings {
            if *known == spelling {
                return;
            }
            if known.len() >= spelling.len() {
                at = at.saturating_add(1);
            }
        }
        self.spellings.insert(at, spelling);
    }

    /// `text` without secrets and control characters, cut to a bearable length;
    /// `None` when it can not be made safe.
    #[must_use]
    pub fn text(&self, text: &str) -> Option<String> {
        (!self.too_short && !self.is_blind).then(|| self.masked(text))
    }

    /// A short code, which is kept unless it is itself a secret.
    #[must_use]
    pub fn code(&self, code: &str) -> Option<String> {
        if self.is_blind {
            return is_word(code, REGISTERED).then(|| code.to_owned());
        }
        if !self.too_short {
            return Some(self.masked(code));
        }
        (!self.stands_in(code)).then(|| self.masked(code))
    }

    /// Whether a secret stands in a text.
    fn stands_in(&self, text: &str) -> bool {
        let lower = one_line(text, usize::MAX).to_ascii_lowercase();
        self.spellings
            .iter()
            .any(|spelling| split(&lower, spelling).is_some())
    }

    /// A parsed body, bounded, with every text in it redacted.
    #[must_use]
    pub fn value(&self, value: &Value) -> Option<Value> {
        if self.too_short || self.is_blind {
            return None;
        }
        let mut left = MOST_VALUES;
        Some(self.bounded(value, &mut left))
    }

    /// Redacts whatever of an error came from a server.
    fn error(&self, error: &mut Error) {
        self.reason(error);
        // Made of the redacted reason, so that nothing else of the server's is in it.
        if matches!(error.code, Code::Oauth | Code::Http) {
            error.message = error.reason.message(error.status.unwrap_or_default());
        }
        // What was found in place of what was expected.
        if error.code == Code::InvalidResponse
            && let Some(found) = error.reason.description.take()
        {
            error.message = concat(&[&error.message, ": ", &found]);
        }
    }

    /// Redacts an error once more, whose message has a server's words among our own.
    pub fn retell(&self, error: &mut Error) {
        self.reason(error);
        if self.is_blind || self.stands_in(&error.message) {
            "the issuer's metadata can not be used".clone_into(&mut error.message);
        }
    }

    fn reason(&self, error: &mut Error) {
        let reason = &mut error.reason;
        let code = |code: &Option<String>| self.code(code.as_deref()?);
        let text = |text: &Option<String>| self.text(text.as_deref()?);
        reason.error = code(&reason.error);
        reason.vendor_code = code(&reason.vendor_code);
        reason.description = text(&reason.description);
        reason.uri = text(&reason.uri);
        error.details = error
            .details
            .take()
            .and_then(|details| self.value(&details));
    }

    /// Goes over a text once, and stops when it has enough of it: no server's words,
    /// nor its tokens, make that long.
    fn masked(&self, text: &str) -> String {
        let text = one_line(text, usize::MAX);
        let mut out = String::new();
        let (mut length, mut hidden): (usize, usize) = (0, 0);
        for (at, char) in text.char_indices() {
            if length >= LONGEST_TEXT || at >= LONGEST_LOOK {
                break;
            }
            let secret = self.secret_at(text.as_bytes().get(at..).unwrap_or_default());
            if secret > 0 && at >= hidden {
                out.push_str(REDACTED);
                length = length.saturating_add(REDACTED.len());
            }
            hidden = hidden.max(at.saturating_add(secret));
            if at >= hidden {
                out.push(char);
                length = length.saturating_add(1);
            }
        }
        out
    }

    /// How long the secret is that a text begins with, in bytes; 0: it does not.
    fn secret_at(&self, text: &[u8]) -> usize {
        for spelling in &self.spellings {
            // Without case, as encoders differ in the case of hexadecimal digits.
            if text
                .get(..spelling.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(spelling.as_bytes()))
            {
                return spelling.len();
            }
        }
        0
    }

    fn bounded(&self, value: &Value, left: &mut usize) -> Value {
        if *left == 0 {
            return Value::Null;
        }
        *left = left.saturating_sub(1);
        match value {
            Value::String(text) => Value::String(self.masked(text)),
            // A secret of digits may come back as a number.
            Value::Number(_)
                if value
                    .as_text()
                    .is_some_and(|text| self.spellings.contains(&text)) =>
            {
                REDACTED.into()
            }
            Value::Array(items) => {
                let mut kept = Vec::new();
                for item in items.iter().take(MOST_VALUES) {
                    kept.push(self.bounded(item, left));
                }
                Value::Array(kept)
            }
            Value::Object(members) => {
                let mut kept = Vec::new();
                for (name, member) in members.iter().take(MOST_VALUES) {
                    let member = if names_token(name) {
                        REDACTED.into()
                    } else {
                        self.bounded(member, left)
                    };
                    kept.push((self.masked(name), member));
                }
                Value::Object(kept)
            }
            other => other.clone(),
        }
    }
}

/// JSON text with every character beyond ASCII escaped (RFC 8259, section 7).
fn ascii_json(json: &str) -> String {
    let mut out = String::new();
    for char in json.chars() {
        if char.is_ascii() {
            out.push(char);
            continue;
        }
        for unit in char.encode_utf16(&mut [0; 2]) {
            out.push_str("\\u");
            for byte in unit.to_be_bytes() {
                out.push(encode::hex(byte >> 4));
                out.push(encode::hex(byte & 15));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_masked() {
        let secret = "s3cr+t/=%:&é \"x\\";
        let mut redactor = Redactor::default();
        redactor.add(secret);
        redactor.add_pair("the id", secret);
        let basic = format!("the id:{secret}");
        for echo in [
            secret.to_owned(),
            encode::component(secret),
            encode::component(secret).to_lowercase(),
            encode::form(secret),
            quoted(secret),
            encode::base64(secret),
            encode::base64url(secret.as_bytes()),
            encode::base64(&basic),
            encode::base64url(basic.as_bytes()),
            encode::component(&encode::base64(&basic)),
        ] {
            let clean = redactor.text(&format!("got <{echo}>")).unwrap();
            assert!(clean.contains(REDACTED), "{echo} in {clean}");
            assert!(!clean.contains("s3cr"), "{clean}");
        }
    }

    #[test]
    fn text_is_dropped_when_a_secret_is_too_short_to_mask() {
        let mut redactor = Redactor::default();
        redactor.add("abc");
        assert_eq!(redactor.text("anything"), None);
        assert_eq!(
            redactor.code("invalid_client").as_deref(),
            Some("invalid_client")
        );
    }
}
