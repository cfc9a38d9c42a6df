//! HTTP URLs, read strictly.
//!
//! Only spellings that every URL parser reads alike are accepted: the WHATWG
//! parser that `fetch` uses folds case, backslashes, dot segments and odd IPv4
//! forms, and a request must go to the host that was checked here. The `url`
//! crate would decide the same and weigh more than the whole package.

use crate::text::{concat, replace};

/// An `http` or `https` URL without user information and fragment.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpUrl {
    origin: String,
    path: String,
    query: Option<String>,
    private: bool,
}

impl HttpUrl {
    /// Reads `text`; the error says what was expected.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let (scheme, rest) = text.split_once(':').ok_or(EXPECTED)?;
        let scheme = scheme.to_ascii_lowercase();
        let secure = scheme == "https";
        let rest = rest
            .strip_prefix("//")
            .filter(|_| secure || scheme == "http")
            .ok_or(EXPECTED)?;
        let (authority, rest) = split_before(rest, "/?#\\");
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (rest, None),
        };
        let (host, port) =
            split_before(authority, if authority.starts_with('[') { "" } else { ":" });
        let (host, port) = match host.strip_prefix("[::1]") {
            Some(port) => ("[::1]", port),
            None => (host, port),
        };
        let host = host.to_ascii_lowercase();
        check_host(&host)?;
        check_port(port)?;
        check_path(path)?;
        if !query
            .unwrap_or_default()
            .bytes()
            .all(|byte| is_path_byte(byte) || byte == b'?')
        {
            return Err("expected a URL with a percent-encoded query and without a fragment");
        }
        let port = if port == if secure { ":443" } else { ":80" } {
            ""
        } else {
            port
        };
        Ok(Self {
            private: secure || is_loopback(&host),
            origin: concat(&[&scheme, "://", &host, port]),
            path: path.to_owned(),
            query: query.map(str::to_owned),
        })
    }

    /// Scheme, host and port, as `URL.origin` spells them.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Refuses a URL that would send secrets readable over a network, unless the
    /// caller allows it.
    pub fn check_private(&self, allow_http: bool) -> Result<(), &'static str> {
        if self.private || allow_http {
            Ok(())
        } else {
            Err(
                "plain http would send the secret readable to all on the way; use https, or set 'allowHttp'",
            )
        }
    }

    /// The query, without its `?`.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }

    /// The URL up to its query.
    #[must_use]
    pub fn without_query(&self) -> String {
        let slash = if self.path.is_empty() { "/" } else { "" };
        concat(&[&self.origin, slash, &self.path])
    }

    /// The whole URL.
    #[must_use]
    pub fn whole(&self) -> String {
        let mark = if self.query.is_some() { "?" } else { "" };
        concat(&[
            &self.without_query(),
            mark,
            self.query().unwrap_or_default(),
        ])
    }

    /// The URL as the start of others: no query, no slash at the end.
    #[must_use]
    pub fn base(&self) -> String {
        concat(&[&self.origin, self.path.trim_end_matches('/')])
    }
}

const EXPECTED: &str = "expected an absolute URL that starts with https://";
const HOST: &str = "expected a URL whose host is a plain name or address, without user information";

/// Splits before the first of `marks`.
fn split_before<'t>(text: &'t str, marks: &str) -> (&'t str, &'t str) {
    let end = text
        .find(|char| marks.bytes().any(|mark| char::from(mark) == char))
        .unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn check_port(port: &str) -> Result<(), &'static str> {
    let digits = match port.strip_prefix(':') {
        Some(digits) => digits,
        None if port.is_empty() => return Ok(()),
        None => return Err(HOST),
    };
    let plain = !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
    match digits.parse::<u16>() {
        Ok(_) if plain => Ok(()),
        _ => Err("expected a URL whose port is a number from 1 to 65535"),
    }
}

/// Refuses whatever parsers may read in more than one way. Hosts are validated,
/// never encoded or decoded. Of IPv6 addresses, which have many spellings, only
/// the loopback one is accepted.
pub(crate) fn check_host(host: &str) -> Result<(), &'static str> {
    let byte = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_'
    };
    let label = |label: &str| !label.is_empty() && label.len() <= 63 && label.bytes().all(byte);
    // A last label that starts with a digit makes parsers look for an IPv4 address,
    // which they also read from `0x7f.1` and `017700000001`.
    let last = host.rsplit('.').next().unwrap_or_default();
    let numeric = last.starts_with(|first: char| first.is_ascii_digit());
    let named = host.len() <= 253 && host.split('.').all(label) && (!numeric || is_ipv4(host));
    if named || host == "[::1]" {
        Ok(())
    } else {
        Err(HOST)
    }
}

/// Four decimal numbers without leading zeros.
fn is_ipv4(host: &str) -> bool {
    let number =
        |part: &str| part.parse::<u8>().is_ok() && (part == "0" || !part.starts_with(['0', '+']));
    host.split('.').count() == 4 && host.split('.').all(number)
}

fn check_path(path: &str) -> Result<(), &'static str> {
    if !path.bytes().all(is_path_byte) {
        return Err("expected a URL with a percent-encoded path and without a fragment");
    }
    if path.split('/').any(is_dot_segment) {
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

/// RFC 3986, sections 3.3 and 3.4: what stands in a path or query unencoded, and
/// `%`. The apostrophe is left out, since parsers encode it in queries.
fn is_path_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&()*+,;=:@/%".contains(&byte)
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host == "[::1]" || (host.starts_with("127.") && is_ipv4(host))
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
