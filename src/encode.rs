//! The encodings of requests: percent, form and base64.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::text::concat;

/// Everything but the unreserved characters of RFC 3986, section 2.3: what is
/// left means the same in a path segment and in a query.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Percent-encodes one path segment, query name or query value; a space is `%20`.
#[must_use]
pub fn component(text: &str) -> String {
    utf8_percent_encode(text, COMPONENT).collect()
}

/// One name or value of `application/x-www-form-urlencoded`; a space is `+`.
#[must_use]
pub fn form(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The field `name` of a form, decoded.
#[must_use]
pub fn form_field(form: &str, name: &str) -> Option<String> {
    form_urlencoded::parse(form.as_bytes())
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}

/// The alphabet of RFC 4648, section 4. Base64 is written out here, and held
/// against a well-known crate by property: such crates weigh ten times as much.
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 with padding (RFC 4648, section 4), of the text's UTF-8.
#[must_use]
pub fn base64(text: &str) -> String {
    let mut out = String::new();
    for group in text.as_bytes().chunks(3) {
        let at = |index: usize| u32::from(group.get(index).copied().unwrap_or_default());
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for (index, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let digit = BASE64
                .get((bits >> shift & 63) as usize)
                .copied()
                .unwrap_or_default();
            out.push(if index > group.len() {
                '='
            } else {
                char::from(digit)
            });
        }
    }
    out
}

/// Base64url without padding (RFC 4648, section 5), of the text's UTF-8.
#[must_use]
pub fn base64url(text: &str) -> String {
    base64(text)
        .chars()
        .filter(|char| *char != '=')
        .map(|char| match char {
            '+' => '-',
            '/' => '_',
            other => other,
        })
        .collect()
}

/// The text in a base64url, padded or not; `None` when it is none.
#[must_use]
pub fn from_base64url(text: &str) -> Option<String> {
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0_u32);
    for byte in text.trim_end_matches('=').bytes() {
        let byte = match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        };
        bits = bits << 6 | u32::try_from(BASE64.iter().position(|known| *known == byte)?).ok()?;
        count = count.saturating_add(6);
        if count >= 8 {
            count = count.saturating_sub(8);
            bytes.extend(u8::try_from(bits >> count & 255));
        }
    }
    String::from_utf8(bytes).ok()
}

/// `id:secret` as HTTP Basic has it: raw (RFC 7617), or form-encoded first
/// (RFC 6749, section 2.3.1).
#[must_use]
pub fn basic(id: &str, secret: &str, raw: bool) -> String {
    if raw {
        concat(&[id, ":", secret])
    } else {
        concat(&[&form(id), ":", &form(secret)])
    }
}

#[cfg(test)]
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
        fn base64_is_what_a_well_known_crate_makes_of_it(text in ".{0,24}") {
            assert_eq!(form_field(&format!("a=b&name={}&c", form(&text)), "name"), Some(text.clone()));
            assert_eq!(base64(&text), Base64::encode_string(text.as_bytes()));
            assert_eq!(base64url(&text), Base64UrlUnpadded::encode_string(text.as_bytes()));
            assert_eq!(from_base64url(&base64url(&text)), Some(text.clone()));
        }

        #[test]
        fn no_text_makes_decoding_panic(text in ".{0,24}") {
            let _ = from_base64url(&text);
        }
    }
}
