//! HTTP URLs, read strictly.
//!
//! Only spellings that every URL parser reads alike are accepted: the WHATWG
//! parser that `fetch` uses folds case, backslashes, dot segments and odd IPv4
//! forms, and a request must go to the host that was checked here. The `url`
//! crate would decide the same and weigh more than the whole package.

use crate::text::{all, concat, digits, holds, parts, replace, split, split_before};

/// An `http` or `https` URL without user information and fragment.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpUrl {
    /// The whole of it, with a path.
    text: String,
    /// How much of the text is the origin.
    origin: usize,
    private: bool,
}

impl HttpUrl {
    /// Reads `text`; the error says what was expected.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let (scheme, rest) = split(text, "://").ok_or(EXPECTED)?;
        let secure = scheme.eq_ignore_ascii_case("https");
        if !secure && !scheme.eq_ignore_ascii_case("http") {
            return Err(EXPECTED);
        }
        let (authority, rest) = split_before(rest, b"/?#\\");
        let authority = authority.to_ascii_lowercase();
        let (host, port) = match authority.strip_prefix(LOOPBACK) {
            Some(port) => (LOOPBACK, port),
            None => split_before(&authority, b":"),
        };
        check_host(host)?;
        check_port(port)?;
        check_rest(rest)?;
        let (scheme, usual) = if secure {
            ("https://", ":443")
        } else {
            ("http://", ":80")
        };
        let port = if port == usual { "" } else { port };
        let slash = if rest.starts_with("/") { "" } else { "/" };
        let origin = concat(&[scheme, host, port]);
        Ok(Self {
            private: secure || is_loopback(host),
            origin: origin.len(),
            text: concat(&[&origin, slash, rest]),
        })
    }

    /// Scheme, host and port, as `URL.origin` spells them.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.text.get(..self.origin).unwrap_or_default()
    }

    /// Refuses a URL that would send secrets readable over a network, unless the
    /// caller allows it.
    pub fn check_private(&self, allow_http: bool) -> Result<(), &'static str> {
        if self.private || allow_http {
            Ok(())
        } else {
            Err("plain http would send the secret in the clear; use https, or set 'allowHttp'")
        }
    }

    /// The query, without its `?`.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        split(&self.text, "?").map(|(_, query)| query)
    }

    /// The URL up to its query.
    #[must_use]
    pub fn without_query(&self) -> &str {
        split_before(&self.text, b"?").0
    }

    /// The whole URL.
    #[must_use]
    pub fn whole(&self) -> &str {
        &self.text
    }

    /// The URL as the start of others: no query, no slash at the end.
    #[must_use]
    pub fn base(&self) -> &str {
        let mut base = self.without_query();
        while let Some(shorter) = base.strip_suffix("/") {
            base = shorter;
        }
        base
    }
}

const EXPECTED: &str = "expected an absolute URL that starts with https://";
const HOST: &str = "expected a URL with a plain host name or address, and no user";

/// The one IPv6 address that is accepted: all have many spellings.
const LOOPBACK: &str = "[::1]";

fn check_port(port: &str) -> Result<(), &'static str> {
    let number = match port.strip_prefix(":") {
        Some(number) => number,
        None if port.is_empty() => return Ok(()),
        None => return Err(HOST),
    };
    match digits(number) {
        Some(1..=65_535) if !number.starts_with("0") => Ok(()),
        _ => Err("expected a URL with a port from 1 to 65535"),
    }
}

/// Refuses whatever parsers may read in more than one way. Hosts are validated,
/// never encoded or decoded.
pub(crate) fn check_host(host: &str) -> Result<(), &'static str> {
    let word = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_'
    };
    let (mut named, mut numeric) = (host.len() <= 253, false);
    for label in parts(host, ".") {
        named &= !label.is_empty() && label.len() <= 63 && all(label, word);
        // A last label that starts with a digit makes parsers look for an IPv4
        // address, which they also read from `0x7f.1` and `017700000001`.
        numeric = label.as_bytes().first().is_some_and(u8::is_ascii_digit);
    }
    if named && (!numeric || is_ipv4(host)) || host == LOOPBACK {
        Ok(())
    } else {
        Err(HOST)
    }
}

/// Four decimal numbers without leading zeros.
fn is_ipv4(host: &str) -> bool {
    let mut left = 4_u8;
    for part in parts(host, ".") {
        let number = matches!(digits(part), Some(0..=255));
        if left == 0 || !number || (part.starts_with("0") && part != "0") {
            return false;
        }
        left = left.saturating_sub(1);
    }
    left == 0
}

/// Path and query.
fn check_rest(rest: &str) -> Result<(), &'static str> {
    if !all(rest, is_url_byte) {
        return Err("expected a URL with percent-encoding and no fragment");
    }
    if parts(split_before(rest, b"?").0, "/").any(is_dot_segment) {
        return Err("expected a URL without '.' and '..' segments");
    }
    Ok(())
}

/// `.` and `..` in every spelling that URL parsers fold away.
#[must_use]
pub fn is_dot_segment(segment: &str) -> bool {
    let dots = replace(&segment.to_ascii_lowercase(), "%2e", ".");
    dots == "." || dots == ".."
}

/// RFC 3986, sections 3.3 and 3.4: what stands in a path or query unencoded, `%`,
/// and the `?` between them. The apostrophe is left out, since parsers encode it in
/// queries.
fn is_url_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || holds(b"-._~!$&()*+,;=:@/%?", byte)
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host == LOOPBACK || (host.starts_with("127.") && is_ipv4(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_every_parser_reads_alike_is_accepted() {
        let url = HttpUrl::parse("HTTPS://Auth.Example.com:443/a/b%20c/?x=1").unwrap();
        assert_eq!(url.origin(), "https://auth.example.com");
        assert_eq!(url.without_query(), "https://auth.example.com/a/b%20c/");
        assert_eq!(url.base(), "https://auth.example.com/a/b%20c");
        assert_eq!(url.query(), Some("x=1"));
        assert_eq!(
            HttpUrl::parse("http://127.0.0.1:8080").unwrap().whole(),
            "http://127.0.0.1:8080/"
        );
        assert_eq!(
            HttpUrl::parse("http://[::1]:8080/x").unwrap().origin(),
            "http://[::1]:8080"
        );
    }

    #[test]
    fn loopback_alone_is_private_without_tls() {
        for (url, private) in [
            ("http://localhost/", true),
            ("http://127.9.9.9/", true),
            ("http://[::1]:3000/", true),
            ("http://example.com/", false),
            ("http://127.0.0.1.example.com/", false),
        ] {
            assert_eq!(
                HttpUrl::parse(url).unwrap().check_private(false).is_ok(),
                private,
                "{url}"
            );
        }
    }

    #[test]
    fn whatever_may_be_read_in_two_ways_is_refused() {
        for url in [
            "",
            "example.com",
            "//example.com",
            "ftp://example.com",
            "https:/example.com",
            "https://",
            "https:///x",
            "https://u@example.com",
            "https://u:p@example.com",
            "https://example.com\\@evil.com",
            "https://exa mple.com",
            "https://example.com:0/",
            "https://example.com:99999/",
            "https://example.com:/",
            "https://example.com:08/",
            "https://0x7f.1/",
            "https://127.1/",
            "https://0177.0.0.1/",
            "https://1.2.3.4.5/",
            "https://a..b/",
            "https://example.com./",
            "https://%65xample.com/",
            "https://bücher.example/",
            "https://example.com/a/../b",
            "https://example.com/%2e%2E/b",
            "https://example.com/a b",
            "https://example.com/a\nb",
            "https://example.com/#x",
            "https://example.com/?a b",
            "https://[::1",
            "https://[::2]/",
            "https://[::1]x/",
            "https://[::127.0.0.1]/",
            " https://example.com",
            "https://example.com\t/",
            "https://1.2.3.+4/",
            "https://example.com:+1/",
        ] {
            assert!(HttpUrl::parse(url).is_err(), "{url}");
        }
    }
}
