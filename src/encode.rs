//! The encodings of requests: percent, form and base64.
//!
//! They are written out here, and held against the well-known crates by property:
//! those weigh several times as much in wasm.

use crate::text::{concat, holds, replace};

/// Percent-encodes one path segment, query name or query value; a space is `%20`.
/// The unreserved characters of RFC 3986, section 2.3 stay: they mean the same in
/// a path and in a query.
#[must_use]
pub fn component(text: &str) -> String {
    escaped(text, b"-._~", "%20")
}

/// The same as `encodeURIComponent` has it, which leaves a few more.
#[must_use]
pub fn uri_component(text: &str) -> String {
    escaped(text, b"-._~!'()*", "%20")
}

/// One name or value of `application/x-www-form-urlencoded` (WHATWG URL, section
/// 5.2); a space is `+`.
#[must_use]
pub fn form(text: &str) -> String {
    escaped(text, b"*-._", "+")
}

fn escaped(text: &str, plain: &[u8], space: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || holds(plain, byte) {
            out.push(char::from(byte));
        } else if byte == b' ' {
            out.push_str(space);
        } else {
            out.push('%');
            out.push(hex(byte >> 4));
            out.push(hex(byte & 15));
        }
    }
    out
}

/// A digit below 16, in upper case.
pub(crate) fn hex(digit: u8) -> char {
    char::from(if digit < 10 {
        digit.saturating_add(b'0')
    } else {
        digit.saturating_add(b'A' - 10)
    })
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 with padding (RFC 4648, section 4), of the text's UTF-8.
#[must_use]
pub fn base64(text: &str) -> String {
    base64_bytes(text.as_bytes())
}

/// The same of bytes.
fn base64_bytes(bytes: &[u8]) -> String {
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let at = |index: usize| u32::from(group.get(index).copied().unwrap_or_default());
        let mut bits = at(0) << 16 | at(1) << 8 | at(2);
        for index in 0..4 {
            let digit = BASE64
                .get((bits >> 18 & 63) as usize)
                .copied()
                .unwrap_or_default();
            out.push(if index > group.len() {
                '='
            } else {
                char::from(digit)
            });
            bits <<= 6;
        }
    }
    out
}

/// Base64url without padding (RFC 4648, section 5).
#[must_use]
pub fn base64url(bytes: &[u8]) -> String {
    let base64 = replace(&base64_bytes(bytes), "+", "-");
    replace(&replace(&base64, "/", "_"), "=", "")
}

/// `id:secret` for HTTP Basic, form-encoded as RFC 6749, section 2.3.1 has it.
#[must_use]
pub fn basic(id: &str, secret: &str) -> String {
    basic_raw(&form(id), &form(secret))
}

/// The same as it is (RFC 7617, section 2).
#[must_use]
pub fn basic_raw(id: &str, secret: &str) -> String {
    concat(&[id, ":", secret])
}

/// The same with each half in base64, as Sabre has it.
#[must_use]
pub fn basic_parts(id: &str, secret: &str) -> String {
    basic_raw(&base64(id), &base64(secret))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use base64ct::{Base64, Base64UrlUnpadded, Encoding as _};

    #[test]
    fn a_space_is_percent_20_in_a_query_and_plus_in_a_form() {
        assert_eq!(component("accounts cards"), "accounts%20cards");
        assert_eq!(form("tenant=acme a b"), "tenant%3Dacme+a+b");
        assert_eq!(form("+/=%:&é"), "%2B%2F%3D%25%3A%26%C3%A9");
    }

    proptest::proptest! {
        #[test]
        fn they_agree_with_the_well_known_crates(text in ".{0,24}") {
            let form_of: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
            assert_eq!(form(&text), form_of);
            assert_eq!(percent_encoding::percent_decode_str(&component(&text)).decode_utf8().unwrap(), text);
            assert_eq!(base64(&text), Base64::encode_string(text.as_bytes()));
            assert_eq!(base64url(text.as_bytes()), Base64UrlUnpadded::encode_string(text.as_bytes()));
        }
    }
}
