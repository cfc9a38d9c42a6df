//! HTTP URLs, read strictly.
//!
//! Only spellings that every URL parser reads alike are accepted: the WHATWG
//! parser that `fetch` uses folds case, backslashes, dot segments and odd IPv4
//! forms, and a request must go to the host that was checked here. The `url`
//! crate would decide the same and weigh more than the whole package.

/// An `http` or `https` URL without user information and fragment.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpUrl {
    origin: String,
    secure: bool,
    loopback: bool,
    path: String,
    query: Option<String>,
}

impl HttpUrl {
    /// Reads `text`; the error says what was expected.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let (scheme, rest) = text.split_once("://").ok_or(EXPECTED)?;
        let secure = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return Err(EXPECTED),
        };
        let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        if rest.contains('#') {
            return Err("a URL without a fragment ('#')");
        }
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (rest, None),
        };
        let (host, port) = split_port(authority)?;
        let host = host.to_ascii_lowercase();
        check_host(&host)?;
        check_path(path)?;
        if !query.unwrap_or_default().bytes().all(|byte| is_path_byte(byte) || byte == b'?' || byte == b'%') {
            return Err("a URL whose query is percent-encoded");
        }
        let scheme = if secure { "https" } else { "http" };
        let port = match (port, secure) {
            (None | Some(443), true) | (None | Some(80), false) => String::new(),
            (Some(port), _) => format!(":{port}"),
        };
        Ok(Self {
            origin: format!("{scheme}://{host}{port}"),
            secure,
            loopback: is_loopback(&host),
            path: path.to_owned(),
            query: query.map(str::to_owned),
        })
    }

    /// Scheme, host and port, as `URL.origin` spells them.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether what is sent there stays private: https, or the machine itself.
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.secure || self.loopback
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
        format!("{}{slash}{}", self.origin, self.path)
    }

    /// The URL as the start of others: no query, no slash at the end.
    #[must_use]
    pub fn base(&self) -> String {
        format!("{}{}", self.origin, self.path.trim_end_matches('/'))
    }
}

const EXPECTED: &str = "an absolute URL that starts with https://";
const HOST: &str = "a URL whose host is a plain name or address, without user information";

fn split_port(authority: &str) -> Result<(&str, Option<u16>), &'static str> {
    // An IPv6 address keeps its colons inside brackets.
    let colon = match authority.rfind(']') {
        Some(bracket) => authority.get(bracket..).and_then(|tail| tail.find(':')).map(|at| at.saturating_add(bracket)),
        None => authority.find(':'),
    };
    let Some((host, port)) = colon.and_then(|at| authority.split_at_checked(at)) else {
        return Ok((authority, None));
    };
    let digits = port.trim_start_matches(':');
    let plain = port.len() == digits.len().saturating_add(1) && !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
    match digits.parse() {
        Ok(port) if plain => Ok((host, Some(port))),
        _ => Err("a URL whose port is a number from 1 to 65535"),
    }
}

/// Refuses whatever parsers may read in more than one way. Hosts are validated,
/// never encoded or decoded.
pub(crate) fn check_host(host: &str) -> Result<(), &'static str> {
    if let Some(address) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return match address.parse::<core::net::Ipv6Addr>() {
            // One address has many spellings; only the shortest is the origin's.
            Ok(parsed) if parsed.to_string() == address && !address.contains('.') => Ok(()),
            _ => Err(HOST),
        };
    }
    let label = |label: &str| {
        !label.is_empty() && label.len() <= 63 && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_')
    };
    if host.len() > 253 || !host.split('.').all(label) {
        return Err(HOST);
    }
    // A last label that starts with a digit makes parsers look for an IPv4 address,
    // which they also read from `0x7f.1` and `017700000001`.
    let last = host.rsplit('.').next().unwrap_or_default();
    let numeric = last.starts_with(|first: char| first.is_ascii_digit());
    if numeric && host.parse::<core::net::Ipv4Addr>().is_err() {
        return Err(HOST);
    }
    Ok(())
}

fn check_path(path: &str) -> Result<(), &'static str> {
    if !path.bytes().all(|byte| is_path_byte(byte) || byte == b'%') {
        return Err("a URL whose path is percent-encoded");
    }
    if path.split('/').any(is_dot_segment) {
        return Err("a URL without '.' and '..' segments");
    }
    Ok(())
}

/// `.` and `..` in every spelling that URL parsers fold away.
#[must_use]
pub fn is_dot_segment(segment: &str) -> bool {
    matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..")
}

/// RFC 3986, sections 3.3 and 3.4: what stands in a path or query unencoded. The
/// apostrophe is left out, since parsers encode it in queries.
fn is_path_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&()*+,;=:@/".contains(&byte)
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host == "[::1]" || host.parse::<core::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
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
        assert_eq!(HttpUrl::parse("http://127.0.0.1:8080").unwrap().without_query(), "http://127.0.0.1:8080/");
    }

    #[test]
    fn loopback_alone_is_private_without_tls() {
        for (url, private) in [("http://localhost/", true), ("http://127.9.9.9/", true), ("http://[::1]:3000/", true), ("http://example.com/", false), ("http://127.0.0.1.example.com/", false)] {
            assert_eq!(HttpUrl::parse(url).unwrap().is_private(), private, "{url}");
        }
    }

    #[test]
    fn whatever_may_be_read_in_two_ways_is_refused() {
        for url in [
            "", "example.com", "//example.com", "ftp://example.com", "https:/example.com", "https://", "https:///x", "https://u@example.com", "https://u:p@example.com",
            "https://example.com\\@evil.com", "https://exa mple.com", "https://example.com:0/", "https://example.com:99999/", "https://example.com:/", "https://example.com:08/",
            "https://0x7f.1/", "https://127.1/", "https://0177.0.0.1/", "https://1.2.3.4.5/", "https://a..b/", "https://example.com./", "https://%65xample.com/", "https://bücher.example/",
            "https://example.com/a/../b", "https://example.com/%2e%2E/b", "https://example.com/a b", "https://example.com/a\nb", "https://example.com/#x", "https://example.com/?a b",
            "https://[::1", "https://[::0:1]/", "https://[::127.0.0.1]/", " https://example.com", "https://example.com\t/",
        ] {
            assert!(HttpUrl::parse(url).is_err(), "{url}");
        }
    }
}
