//! Calls: good configs, what is checked before anything is sent, and what must hold of requests,
//! tokens and errors.

use std::rc::Rc;

use tokenlet::error::Error;
use tokenlet::flow::Plan;
use tokenlet::request::{self, HttpRequest};
use tokenlet::response::{Answer, Body};
use tokenlet::shape::is_prototype_member;
use tokenlet::time::Now;
use tokenlet::token::Token;
use tokenlet::value::Value;
use url::Url;

use crate::canary::{CLIENT, Canary};
use crate::host::{HOST, read_json};

/// Built-in providers, which sign, discover, and do neither.
pub const PROVIDERS: [&str; 8] = [
    "abtasty",
    "emporix",
    "firstvision",
    "firstvision-query",
    "oauth2",
    "oidc",
    "google",
    "entra-certificate",
];

/// Noon of a day in November 2025, UTC.
pub const START: Now = Now {
    wall: 1_763_640_000_000,
    mono: 5_000,
};

/// The issuer of whoever has one.
pub const ISSUER: &str = "https://login.example/tenant";

/// A good config of a provider; one that is not listed is taken to need what `oauth2` does. A
/// `fetch` is what presents a client certificate.
pub fn good(provider: &str, secret: &str) -> Value {
    let own = match provider {
        "abtasty" => r#"{ "accountId": "acc0unt" }"#,
        "emporix" => r#"{ "tenant": "acme" }"#,
        "firstvision" => r#"{ "baseUrl": "https://gateway.example/base" }"#,
        "firstvision-query" => r#"{ "baseUrl": "https://gateway.example", "scope": "all" }"#,
        "oidc" => r#"{ "issuer": "https://login.example/tenant" }"#,
        "google" => r#"{ "privateKey": "<a key>", "scope": "all" }"#,
        "entra-certificate" => {
            r#"{ "tenant": "acme", "privateKey": "<a key>", "certificate": "c3rt", "scope": "all" }"#
        }
        _ => r#"{ "tokenEndpoint": "https://id.example/token?x=1" }"#,
    };
    let mut config = read_json(own).unwrap_or(Value::Null);
    config.put("clientId", CLIENT.into());
    config.put("clientSecret", secret.into());
    config.put("fetch", Value::Opaque("a function"));
    config
}

/// Checks a call; whatever it is refused for must not tell the secret.
pub fn plan(provider: &Value, config: &Value, canary: &Canary) -> Option<Rc<Plan>> {
    match Plan::new(provider, config, HOST) {
        Ok(plan) => Some(Rc::new(plan)),
        Err(error) => {
            assert_eq!(error.code.as_str(), "invalid_config");
            assert_told_well(&error, canary);
            None
        }
    }
}

/// What would be sent, masked: it must show no secret.
pub fn preview(plan: &Plan, canary: &Canary) -> HttpRequest {
    let Ok(preview) = request::preview(plan.source(HOST, 0)) else {
        panic!("a plan that was accepted has no preview");
    };
    for text in texts(&preview) {
        canary.assert_kept(&text.into());
    }
    preview
}

/// Every text of a request.
pub fn texts(request: &HttpRequest) -> impl Iterator<Item = &str> {
    let names = request.headers.iter().map(|(name, _)| name.as_str());
    let values = request.headers.iter().map(|(_, value)| value.own_text());
    names
        .chain(values)
        .chain(request.body.as_deref())
        .chain([request.url.as_str()])
}

/// An answer with something in each header that descriptors look into.
pub fn answer(status: u16, body: &str) -> Answer {
    let header = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    Answer {
        status,
        headers: HEADERS.map(header).to_vec(),
        body: Body::Text(body.to_owned()),
    }
}

const HEADERS: [(&str, &str); 4] = [
    ("x-subject-token", "h34d3r"),
    ("x-odd", "a\";b, c"),
    ("expires", "Thu, 1763643600000"),
    ("dpop-nonce", "n0nc3\"\\"),
];

/// Clocks are numbers that may be anything; what must not overflow is the core's reckoning.
pub fn later(now: Now, span: Now) -> Now {
    Now {
        wall: now.wall.saturating_add(span.wall),
        mono: now.mono.saturating_add(span.mono.max(0)),
    }
}

/// Asserts that an error is fit to be shown: one line of bounded length, without the secret.
pub fn assert_told_well(error: &Error, canary: &Canary) {
    canary.assert_kept(&error.to_value());
    assert!(!error.message.is_empty());
    assert!(
        !error.message.contains(char::is_control),
        "{:?}",
        error.message
    );
    assert!(error.message.chars().count() < 2_000);
}

/// Asserts that a token can be put where the descriptor uses it, and stays one value there.
pub fn assert_safe(token: &Token, plan: &Plan) {
    let text = token.access_token.reveal();
    assert!(
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()),
        "{text:?}"
    );
    let within = plan.descriptor.text("use.in", "header");
    // RFC 8693, section 2.2.1: what is no access token is sent nowhere.
    let is_sent = within == "header" && token.token_type != "N_A";
    assert_eq!(token.header.is_some(), is_sent);
    if let Some((name, value)) = &token.header {
        assert!(value.reveal().ends_with(text) && !value.reveal().contains(char::is_control));
        assert!(!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic()));
    }
    if within == "cookie" {
        assert!(
            !text.contains(['"', ',', ';', '\\']),
            "{text:?} in a cookie"
        );
    }
}

/// Whether a name that every JavaScript object inherits is a member of something in a value.
pub fn has_prototype_member(value: &Value) -> bool {
    let named = |(name, member): &(String, Value)| {
        is_prototype_member(name) || has_prototype_member(member)
    };
    match value {
        Value::Object(members) => members.iter().any(named),
        Value::Array(items) => items.iter().any(has_prototype_member),
        _ => false,
    }
}

/// Asserts that a request goes to `origin`, as `fetch` reads it, and can be sent at all.
pub fn assert_goes_to(request: &HttpRequest, origin: &str) {
    match Url::parse(&request.url) {
        Ok(url) => {
            assert_eq!(url.as_str(), request.url, "two ways to read one URL");
            assert_eq!(url.origin().ascii_serialization(), origin);
            assert!(url.username().is_empty() && url.password().is_none());
        }
        // Labels in Punycode are checked no further: what they decode to, IDNA may refuse.
        Err(error) => assert!(request.url.contains("xn--"), "{error}: {}", request.url),
    }
    for (name, value) in &request.headers {
        assert!(
            !name.is_empty()
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_graphic() && byte != b':')
        );
        let plain = |char: char| char <= '\u{ff}' && (char == '\t' || !char.is_ascii_control());
        assert!(value.own_text().chars().all(plain), "{name}: {value:?}");
    }
}
