//! A request, read by parsers that share no code with what wrote it: a list of named parts.

use base64ct::{Base64, Encoding as _};
use percent_encoding::percent_decode_str;
use tokenlet::request::HttpRequest;
use url::{Url, form_urlencoded};

use crate::support::Json;

/// The parts of a request, in their order: where each stands, and its text, or its number.
pub(crate) type Parts = Vec<(String, Json)>;

/// What a reader has to be told.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Hints<'a> {
    /// What the URL is expected to start with, up to a segment that is not part of it.
    pub(crate) base: &'a str,
    /// The fields that hold a structure, which a form carries as JSON.
    pub(crate) structured: &'a [&'a str],
    /// What stands between scopes.
    pub(crate) separator: &'a str,
    /// How HTTP Basic is spelt.
    pub(crate) basic: &'a str,
}

/// Reads a request; `None`: no parser takes its host for one, and it is never sent.
pub(crate) fn read(request: &HttpRequest, hints: Hints<'_>) -> Option<Parts> {
    let mut parts = vec![("method".to_owned(), request.method.into())];
    let url = match Url::parse(&request.url) {
        Ok(url) => url,
        // What Punycode decodes to is for IDNA to refuse.
        Err(_) if request.url.contains("xn--") => return None,
        Err(error) => panic!("{error}: {}", request.url),
    };
    assert_eq!(url.as_str(), request.url, "it is read in two ways");
    let whole = url.as_str();
    let rest = whole.strip_prefix(hints.base);
    let Some(rest) = rest.filter(|rest| rest.starts_with('/')) else {
        panic!("{whole} does not start with {}", hints.base);
    };
    parts.push(("base".to_owned(), hints.base.into()));
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    for segment in path.split('/') {
        parts.push(("path".to_owned(), percent(segment).into()));
    }
    for (name, value) in url.query_pairs() {
        add("query", &name, Json::from(&*value), hints, &mut parts);
    }
    parts.push(("fragment".to_owned(), url.fragment().into()));
    let mut media = "";
    for (name, value) in &request.headers {
        let value = value.as_str().expect("a header's value is text");
        assert!(is_one_field(value), "{name}: {value:?} is not one header");
        if name == "content-type" {
            media = value;
        }
        match value.strip_prefix("Basic ") {
            Some(pair) if !hints.basic.is_empty() => basic(pair, hints.basic, &mut parts),
            _ => parts.push((format!("headers.{name}"), value.into())),
        }
    }
    match (&request.body, media) {
        (None, "") => {}
        (Some(body), "application/json") => {
            let fields: Json = serde_json::from_str(body).unwrap();
            for (name, value) in fields.as_object().unwrap() {
                add("body", name, value.clone(), hints, &mut parts);
            }
        }
        (Some(body), "application/x-www-form-urlencoded") => {
            for (name, value) in form_urlencoded::parse(body.as_bytes()) {
                add("body", &name, Json::from(&*value), hints, &mut parts);
            }
        }
        other => panic!("a body of another kind: {other:?}"),
    }
    Some(parts)
}

/// Adds a field, taken apart where it holds more than one thing.
fn add(place: &str, name: &str, value: Json, hints: Hints<'_>, parts: &mut Parts) {
    let place = format!("{place}.{name}");
    match value {
        Json::String(text) if hints.structured.contains(&name) => {
            flatten(&place, serde_json::from_str(&text).unwrap(), parts);
        }
        Json::String(text) if name == "scope" && !hints.separator.is_empty() => {
            // Servers part them at any white space, too.
            let parts_them = |char: char| char.is_whitespace() || hints.separator.contains(char);
            let scopes = text.split(parts_them);
            parts.extend(scopes.map(|scope| (place.clone(), scope.into())));
        }
        value => flatten(&place, value, parts),
    }
}

fn flatten(place: &str, value: Json, parts: &mut Parts) {
    match value {
        Json::Array(items) => {
            for (index, item) in items.into_iter().enumerate() {
                flatten(&format!("{place}.{index}"), item, parts);
            }
        }
        Json::Object(members) => {
            for (name, member) in members {
                flatten(&format!("{place}.{name}"), member, parts);
            }
        }
        leaf => parts.push((place.to_owned(), leaf)),
    }
}

/// RFC 9110, section 5.5: what a field's value may hold; `fetch` takes one byte a character.
fn is_one_field(value: &str) -> bool {
    let control = |char: char| char.is_ascii_control() && char != '\t' || char > '\u{ff}';
    !value.contains(control) && value.trim_matches([' ', '\t']) == value
}

/// RFC 7617, section 2: the first colon is the end of the id.
fn basic(pair: &str, encoding: &str, parts: &mut Parts) {
    let decode: fn(&str) -> String = match encoding {
        "rfc6749" => |text| percent(&text.replace('+', " ")),
        "base64-parts" => base64,
        _ => str::to_owned,
    };
    let pair = base64(pair);
    let (id, secret) = pair.split_once(':').expect("a colon");
    parts.push(("basic.id".to_owned(), decode(id).into()));
    parts.push(("basic.secret".to_owned(), decode(secret).into()));
}

fn base64(text: &str) -> String {
    String::from_utf8(Base64::decode_vec(text).unwrap()).unwrap()
}

fn percent(text: &str) -> String {
    percent_decode_str(text).decode_utf8().unwrap().into_owned()
}
