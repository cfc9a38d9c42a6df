//! Putting texts together and looking into them.
//!
//! The library's versions are generic, and as large in wasm as a provider's whole
//! request; these do what is needed of them here.

/// The parts, one after another.
#[must_use]
pub fn concat(parts: &[&str]) -> String {
    join(parts, "")
}

/// The parts, with `separator` between them.
#[must_use]
pub fn join(parts: &[&str], separator: &str) -> String {
    // No longer than it must be: keys are kept.
    let mut length: usize = 0;
    for part in parts {
        length = length.saturating_add(part.len());
    }
    let mut out = String::with_capacity(length);
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.push_str(separator);
        }
        out.push_str(part);
    }
    out
}

/// A text with spaces for control characters, and no more than `most` characters. Secrets are
/// masked after this and not before, lest it put one together.
#[must_use]
pub fn one_line(text: &str, most: usize) -> String {
    let mut out = String::new();
    for char in text.chars().take(most) {
        out.push(if char.is_control() { ' ' } else { char });
    }
    out
}

/// What stands before and after the first `needle`, where there is one.
#[must_use]
pub fn split<'t>(text: &'t str, needle: &str) -> Option<(&'t str, &'t str)> {
    let length = needle.len().max(1);
    let at = text
        .as_bytes()
        .windows(length)
        .position(|window| window == needle.as_bytes())?;
    Some((
        text.get(..at)?,
        text.get(at.saturating_add(needle.len())..)?,
    ))
}

/// `text` with every `needle` replaced.
#[must_use]
pub fn replace(mut text: &str, needle: &str, by: &str) -> String {
    let mut out = String::new();
    while let Some((before, after)) = split(text, needle) {
        out.push_str(before);
        out.push_str(by);
        text = after;
    }
    out.push_str(text);
    out
}

/// The parts of a text that `separator` parts; an empty text is one empty part.
#[must_use]
pub fn parts<'t>(text: &'t str, separator: &'static str) -> Parts<'t> {
    Parts {
        rest: Some(text),
        separator,
    }
}

/// What [`parts`] gives, one by one.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'t> {
    rest: Option<&'t str>,
    separator: &'static str,
}

impl<'t> Iterator for Parts<'t> {
    type Item = &'t str;

    #[inline(never)]
    fn next(&mut self) -> Option<&'t str> {
        let text = self.rest?;
        let (part, rest) = match split(text, self.separator) {
            Some((part, rest)) => (part, Some(rest)),
            None => (text, None),
        };
        self.rest = rest;
        Some(part)
    }
}

/// Splits before the first of `marks`, which are ASCII; at the end where there is none.
#[must_use]
pub fn split_before<'t>(text: &'t str, marks: &[u8]) -> (&'t str, &'t str) {
    let end = text.bytes().position(|byte| holds(marks, byte));
    text.split_at_checked(end.unwrap_or(text.len()))
        .unwrap_or((text, ""))
}

/// Whether every byte of a text is a `good` one.
#[must_use]
pub fn all(text: &str, good: fn(u8) -> bool) -> bool {
    for byte in text.bytes() {
        if !good(byte) {
            return false;
        }
    }
    true
}

/// Whether `byte` is one of `bytes`. The library's search reads words at a time,
/// and is larger than any list here.
#[must_use]
pub fn holds(bytes: &[u8], byte: u8) -> bool {
    for known in bytes {
        if *known == byte {
            return true;
        }
    }
    false
}

/// A whole number in decimal.
#[must_use]
pub fn decimal(number: i64) -> String {
    let mut out = String::new();
    if number < 0 {
        out.push('-');
    }
    push_digits(number.unsigned_abs(), &mut out);
    out
}

fn push_digits(number: u64, out: &mut String) {
    if number > 9 {
        push_digits(number / 10, out);
    }
    out.push(char::from(
        b'0'.saturating_add(u8::try_from(number % 10).unwrap_or_default()),
    ));
}

/// The number that a text of decimal digits means; `None` when it holds anything
/// else, or more digits than are sure to fit.
#[must_use]
pub fn digits(text: &str) -> Option<i64> {
    if text.is_empty() || text.len() > 18 {
        return None;
    }
    let mut number = 0_i64;
    for byte in text.bytes() {
        if !byte.is_ascii_digit() {
            return None;
        }
        number = number
            .wrapping_mul(10)
            .wrapping_add(i64::from(byte.wrapping_sub(b'0')));
    }
    Some(number)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    proptest::proptest! {
        #[test]
        fn they_agree_with_the_library(text in "[ab%é]{0,12}", needle in "[ab%é]{1,3}", by in "[ab]{0,2}", number: i64) {
            assert_eq!(super::split(&text, &needle), text.split_once(needle.as_str()));
            assert_eq!(super::replace(&text, &needle, &by), text.replace(&needle, &by));
            assert_eq!(super::decimal(number), number.to_string());
            assert_eq!(super::digits(&super::decimal(number >> 8)), u64::try_from(number >> 8).ok().map(|_| number >> 8));
            assert!(super::parts(&text, "b").eq(text.split('b')));
            assert_eq!(super::split_before(&text, b"%b"), text.split_at(text.find(['%', 'b']).unwrap_or(text.len())));
            assert_eq!(super::join(&[&text, &needle, &by], "/"), [text, needle, by].join("/"));
        }
    }
}
