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
    let mut out = String::new();
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.push_str(separator);
        }
        out.push_str(part);
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

/// A whole number in decimal.
#[must_use]
pub fn decimal(number: i64) -> String {
    let mut digits = Vec::new();
    let mut rest = number.unsigned_abs();
    while rest > 0 || digits.is_empty() {
        digits.push(b'0'.saturating_add(u8::try_from(rest % 10).unwrap_or_default()));
        rest /= 10;
    }
    let sign = if number < 0 { "-" } else { "" };
    sign.chars()
        .chain(digits.into_iter().rev().map(char::from))
        .collect()
}

#[cfg(test)]
mod tests {
    proptest::proptest! {
        #[test]
        fn they_agree_with_the_library(text in "[ab%é]{0,12}", needle in "[ab%é]{1,3}", by in "[ab]{0,2}", number: i64) {
            assert_eq!(super::split(&text, &needle), text.split_once(needle.as_str()));
            assert_eq!(super::replace(&text, &needle, &by), text.replace(&needle, &by));
            assert_eq!(super::decimal(number), number.to_string());
            assert_eq!(super::join(&[&text, &needle, &by], "/"), [text, needle, by].join("/"));
        }
    }
}
