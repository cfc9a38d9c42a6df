//! What `new URL` takes and `HttpUrl` does not: each class for a reason, and written down without
//! a look at how the core goes about it.

use super::new_url::Parts;

/// A reason, and whether it holds of a text with these parts.
type Class = (&'static str, fn(&str, &Parts) -> bool);

/// Texts in none of these are accepted.
pub(crate) const CLASSES: [Class; 5] = [
    ("another scheme", |_, url| {
        !url.href.starts_with("http://") && !url.href.starts_with("https://")
    }),
    ("a user", |_, url| {
        !url.username.is_empty() || !url.password.is_empty()
    }),
    ("a fragment", |_, url| url.href.contains('#')),
    // A second parser may change it in another way.
    ("another spelling", |text, url| tidied(text) != url.href),
    (OVERLOOKED, |_, url| {
        let mut segments = url.pathname.split('/');
        segments.any(|segment| matches!(segment, "." | ".."))
    }),
];

/// In Node 20 and 22 (ada 2.9), `new URL('http://a/b/.c/..')` leaves them where they are; a server,
/// or a newer Node, folds them.
pub(crate) const OVERLOOKED: &str = "a dot segment";

/// The text with what every parser does to it: scheme and host in lower case, no default port,
/// and a path.
fn tidied(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else {
        return String::new();
    };
    let (authority, rest) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let (scheme, authority) = (scheme.to_ascii_lowercase(), authority.to_ascii_lowercase());
    let usual = if scheme == "https" { ":443" } else { ":80" };
    let authority = authority.strip_suffix(usual).unwrap_or(&authority);
    let slash = if rest.starts_with('/') { "" } else { "/" };
    format!("{scheme}://{authority}{slash}{rest}")
}
