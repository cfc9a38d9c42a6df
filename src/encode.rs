//! The encodings of requests: percent, form and base64.

use base64ct::{Base64, Base64UrlUnpadded, Encoding as _};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the unreserved characters of RFC 3986, section 2.3: what is
/// left means the same in a path segment and in a query.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Percent-encodes one path segment, query name or query value; a space is `%20`.
#[must_use]
pub fn component(text: &str) -> String {
    let mut out = String::new();
    out.extend(utf8_percent_encode(text, COMPONENT));
    out
}

/// One name or value of `application/x-www-form-urlencoded`; a space is `+`.
#[must_use]
pub fn form(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Base64 with padding (RFC 4648, section 4), of the text's UTF-8.
#[must_use]
pub fn base64(text: &str) -> String {
    Base64::encode_string(text.as_bytes())
}

/// Base64url without padding (RFC 4648, section 5), of the text's UTF-8.
#[must_use]
pub fn base64url(text: &str) -> String {
    Base64UrlUnpadded::encode_string(text.as_bytes())
}

/// The text in a base64url without padding; `None` when it is none.
#[must_use]
pub fn from_base64url(text: &str) -> Option<String> {
    String::from_utf8(Base64UrlUnpadded::decode_vec(text).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_space_is_percent_20_in_a_query_and_plus_in_a_form() {
        assert_eq!(component("accounts cards"), "accounts%20cards");
        assert_eq!(form("tenant=acme a b"), "tenant%3Dacme+a+b");
        assert_eq!(form("+/=%:&é"), "%2B%2F%3D%25%3A%26%C3%A9");
    }

    #[test]
    fn base64_is_of_utf_8() {
        assert_eq!(base64("é:ü"), "w6k6w7w=");
        assert_eq!(from_base64url("w6k6w7w").as_deref(), Some("é:ü"));
        assert_eq!(from_base64url("!"), None);
    }
}
