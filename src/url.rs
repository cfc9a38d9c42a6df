//! HTTP URLs, read strictly.
//!
//! The host's parser is the one that `fetch` uses, so a request goes where was looked.
//! Besides, only texts are accepted that it leaves as they are: nothing is folded, no
//! character is encoded, and what was written is what is seen.

use crate::text::{all, concat, parts, replace, split, split_before};
use crate::value::Host;

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
    pub fn parse(text: &str, host: Host) -> Result<Self, &'static str> {
        let (given, rest) = split(text, "://").ok_or(EXPECTED)?;
        let (href, origin) = (host.read_url)(text).ok_or(EXPECTED)?;
        // The origin of anything that is not `http` has no scheme.
        let (scheme, authority) = split(&origin, "://").ok_or(EXPECTED)?;
        let usual = match scheme {
            "https" => ":443",
            "http" => ":80",
            _ => return Err(EXPECTED),
        };
        // The parser may spell out nothing but the case of scheme and host, a usual port
        // and the slash between host and query.
        let (named, rest) = split_before(rest, b"/?#\\");
        let slash = if rest.starts_with("/") { "" } else { "/" };
        let same = given.eq_ignore_ascii_case(scheme)
            && (named.eq_ignore_ascii_case(authority)
                || named.eq_ignore_ascii_case(&concat(&[authority, usual])))
            && href == concat(&[&origin, slash, rest]);
        // Some parsers overlook dot segments that servers fold.
        let path = split_before(rest, b"?").0;
        if !same || split(rest, "#").is_some() || parts(path, "/").any(is_dot_segment) {
            return Err(SPELLING);
        }
        Ok(Self {
            private: scheme == "https" || is_loopback(authority),
            origin: origin.len(),
            text: href,
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
            Err("plain http would tell the secret; use https, or set 'allowHttp'")
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
const SPELLING: &str = "expected a URL without user, fragment, '.' and '..', and percent-encoded";

/// Whether a text is a host name, or the start of one, and nothing else: validated,
/// never encoded or decoded.
pub(crate) fn is_host(text: &str) -> bool {
    let plain = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'-')
    };
    all(text, plain) && parts(text, ".").all(|label| !label.is_empty())
}

/// `.` and `..` in every spelling that URL parsers fold away.
pub(crate) fn is_dot_segment(segment: &str) -> bool {
    let dots = replace(&segment.to_ascii_lowercase(), "%2e", ".");
    dots == "." || dots == ".."
}

fn is_loopback(authority: &str) -> bool {
    let (name, _) = split_before(authority, b":");
    name == "localhost"
        || authority.starts_with("[::1]")
        || name.starts_with("127.") && all(name, |byte| byte.is_ascii_digit() || byte == b'.')
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    /// Only URLs are read.
    const HOST: Host = Host {
        read_json: |_| None,
        read_form: |_| None,
        read_url: |text| {
            let url = url::Url::parse(text).ok()?;
            Some((url.to_string(), url.origin().ascii_serialization()))
        },
        read_date: |_| None,
        read_expiry: |_| None,
        write_fraction: |_| String::new(),
        write_date: |_| String::new(),
        uuid: String::new,
    };

    #[test]
    fn what_every_parser_reads_alike_is_accepted() {
        let url = HttpUrl::parse("HTTPS://Auth.Example.com:443/a/b%20c/?x=1", HOST).unwrap();
        assert_eq!(url.origin(), "https://auth.example.com");
        assert_eq!(url.without_query(), "https://auth.example.com/a/b%20c/");
        assert_eq!(url.base(), "https://auth.example.com/a/b%20c");
        assert_eq!(url.query(), Some("x=1"));
        assert_eq!(
            HttpUrl::parse("http://127.0.0.1:8080", HOST)
                .unwrap()
                .whole(),
            "http://127.0.0.1:8080/"
        );
        assert_eq!(
            HttpUrl::parse("http://[::1]:8080/x", HOST)
                .unwrap()
                .origin(),
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
                HttpUrl::parse(url, HOST)
                    .unwrap()
                    .check_private(false)
                    .is_ok(),
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
            "https://example.com:99999/",
            "https://example.com:/",
            "https://example.com:08/",
            "https://0x7f.1/",
            "https://127.1/",
            "https://0177.0.0.1/",
            "https://%65xample.com/",
            "https://bücher.example/",
            "https://example.com/a/../b",
            "https://example.com/%2e%2E/b",
            "https://example.com/a b",
            "https://example.com/a\nb",
            "https://example.com/#x",
            "https://example.com/?a b",
            "https://[::1",
            "https://[::1]x/",
            "https://[::127.0.0.1]/",
            " https://example.com",
            "https://example.com\t/",
            "https://example.com:+1/",
        ] {
            assert!(HttpUrl::parse(url, HOST).is_err(), "{url}");
        }
    }
}
