//! An HTTP answer makes a token or an error.

mod body;
mod lifetime;
mod refusal;

use crate::config::check_header;
use crate::descriptor::Descriptor;
use crate::error::{Code, Error, Fault};
use crate::redact::Raw;
use crate::request::{Place, Source, assertion_ttl};
use crate::secret::Secret;
use crate::shape::is_word;
use crate::text::{all, concat, decimal, digits, join, split_before};
use crate::time::{LAST_INSTANT, Millis, Now, SECOND};
use crate::token::{Lifetime, Token};
use crate::value::{Host, Value, first_step, push};
use body::Decoded;
use lifetime::for_span;
pub use lifetime::{CLOCK_TOLERANCE, clock_skew};

/// An answer as the rim read it.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Header names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: Body,
}

/// The body of an answer.
#[derive(Clone, Debug)]
pub enum Body {
    /// The whole body, decoded as UTF-8.
    Text(String),
    /// It was longer than [`LONGEST_BODY`] and cut off.
    TooLong,
}

/// What is said of a body that is neither data nor a token.
const UNREAD: &str = "with a body that is not JSON; check the URL";

/// Token answers are a few kilobytes; more than 1 MiB is an accident or an attack.
pub const LONGEST_BODY: usize = 1 << 20;

impl Answer {
    /// The headers that are read, so that the rim need not copy the others.
    pub const HEADERS: [&'static str; 5] = [
        "content-type",
        "date",
        "dpop-nonce",
        "retry-after",
        "www-authenticate",
    ];

    /// The header `name`, given in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Whether a status alone says all: a redirect's body is not waited for.
#[must_use]
pub fn is_redirect(status: u16) -> bool {
    matches!(status, 0 | 301 | 302 | 303 | 307 | 308)
}

/// What reading needs besides the answer.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// What the request was made of.
    pub source: Source<'a>,
    /// The clocks before the request was sent.
    pub sent: Now,
    /// The clocks when the answer had come.
    pub now: Now,
}

/// Reads an answer whole.
pub fn read(answer: &Answer, context: &Context<'_>) -> Result<Token, Raw> {
    let status = answer.status;
    if is_redirect(status) {
        let message = "the server answered with a redirect, which is never followed; check the URL";
        return Err(Raw::new(failed(Code::Redirect, status, message)));
    }
    let good = matches!(status, 200..=299);
    let (text, none) = match &answer.body {
        // RFC 8259, section 8.1 lets readers ignore a byte order mark.
        Body::Text(text) => (text.strip_prefix('\u{feff}').unwrap_or(text), UNREAD),
        Body::TooLong => ("", "with more than 1 MiB, which was cut off"),
    };
    let wrong = |expected: &str| {
        let parts = [
            "the server answered ",
            &decimal(status.into()),
            " ",
            expected,
        ];
        failed(Code::InvalidResponse, status, &concat(&parts))
    };
    let decoded = Decoded::new(answer, text, context);
    if !good || refusal::is_refusal(&decoded, context) {
        return Err(refusal::read(&decoded, context));
    }
    if decoded.is_data && decoded.token().is_none() {
        let paths = context.source.descriptor.items("response.token");
        let path = paths.first().map_or("access_token", Value::own_text);
        let expected = [
            "but without a token: expected a non-empty string at '",
            path,
            "'",
        ];
        return Err(Raw::new(wrong(&concat(&expected))));
    }
    match token(&decoded, context) {
        Err(_) if !decoded.is_data => {
            let mut error = wrong(none);
            error.retryable = true;
            Err(Raw::new(error))
        }
        read => read.map_err(|expected| Raw::new(wrong(expected))),
    }
}

/// RFC 9110, section 10.2.3: seconds, or a date.
#[must_use]
pub fn retry_after(answer: &Answer, now: Now, host: Host) -> Option<Millis> {
    let value = answer.header("retry-after")?;
    if let Some(seconds) = digits(value) {
        return Some(seconds.saturating_mul(SECOND));
    }
    let until = (host.read_date)(value)?;
    let here = answer.header("date").and_then(host.read_date);
    Some(until.saturating_sub(here.unwrap_or(now.wall)).max(0))
}

fn failed(code: Code, status: u16, message: &str) -> Box<Error> {
    let mut error = Box::new(Error::new(code, message));
    error.status = (status != 0).then_some(status);
    error
}

/// RFC 6749, section 5.1, with what the descriptor says of it.
fn token(decoded: &Decoded<'_>, context: &Context<'_>) -> Result<Token, &'static str> {
    let access_token = decoded.token().ok_or("")?;
    let given = decoded.first("response.type", "token_type");
    let given = given.map(Value::own_text).unwrap_or_default();
    let mut token = usable(access_token, given, context.source)?;
    let lifetime = lifetime::read(decoded, access_token, context);
    (token.lifetime, token.expires_at) = (lifetime.span, lifetime.expires_at);
    token.scope = decoded.at("scope").and_then(scope);
    token.extra = extra(decoded, context.source.descriptor);
    Ok(token)
}

/// The token that is an assertion itself: nothing was sent for it.
pub fn direct(assertion: &str, context: &Context<'_>) -> Result<Token, Fault> {
    let mut token = usable(assertion, "", context.source)
        .map_err(|expected| Fault::at("assertion", expected))?;
    // As its claims have it, which count whole seconds.
    let now = context.sent.wall;
    let ends = (now / SECOND).saturating_add(assertion_ttl(context.source.descriptor));
    let ends = ends.saturating_mul(SECOND).min(LAST_INSTANT);
    (token.lifetime, token.expires_at) = (for_span(ends.saturating_sub(now)), Some(ends));
    Ok(token)
}

/// A token of this type, with the header that carries it, where one does.
fn usable(token: &str, given: &str, source: Source<'_>) -> Result<Token, &'static str> {
    let token_type = token_type(given, source)?;
    let place = Place::of(source.descriptor, source.config);
    let value = concat(&[place.prefix, token]);
    let is_safe = match place.within {
        "header" => check_header(place.name, &value).is_ok(),
        // RFC 6265, section 4.1.1: what ends a cookie's value.
        "cookie" => split_before(&value, b"\",;\\").1.is_empty(),
        _ => true,
    };
    // RFC 6750, section 2.1 allows less; what matters is that it stays one value.
    if !is_safe || !all(token, |byte| (b'!'..=b'~').contains(&byte)) {
        return Err("but its token holds characters that are not safe in a request");
    }
    let is_sent = place.within == "header" && token_type != NO_TYPE;
    Ok(Token {
        access_token: Secret::new(token.to_owned()),
        token_type,
        lifetime: Lifetime::None,
        expires_at: None,
        scope: None,
        header: is_sent.then(|| (place.name.to_owned(), Secret::new(value))),
        extra: Vec::new(),
    })
}

/// RFC 8693, section 2.2.1: what was issued is no access token, and opens nothing.
const NO_TYPE: &str = "N_A";

/// RFC 6749, section 7.1: the type says how a token is used. Every spelling of
/// bearer, and none, is `Bearer`; others only where they were asked for, or the
/// descriptor names them.
fn token_type(given: &str, source: Source<'_>) -> Result<String, &'static str> {
    let same = |known: &str| known.eq_ignore_ascii_case(given);
    // RFC 9449, section 5: without this type the server bound it to no key.
    if source.config.is_bound() {
        return if same("DPoP") {
            Ok("DPoP".to_owned())
        } else {
            Err("but its token is not bound, as 'dpop' wants it; the server may not support DPoP")
        };
    }
    let lower = given.to_ascii_lowercase();
    if matches!(
        lower.as_str(),
        "" | "bearer" | "bearertoken" | "bearer token" | "bearer_token"
    ) {
        return Ok("Bearer".to_owned());
    }
    if same(NO_TYPE) && source.config.is_exchange(source.descriptor) {
        return Ok(NO_TYPE.to_owned());
    }
    if same("DPoP") && source.descriptor.at("response.acceptTypes").is_none() {
        return Err("but its token is bound to a key (RFC 9449); set 'dpop'");
    }
    for accepted in source.descriptor.items("response.acceptTypes") {
        if let Some(known) = accepted.as_str()
            && same(known)
        {
            return Ok(known.to_owned());
        }
    }
    Err("but its token is of a type that is no bearer")
}

/// As granted: a string, or an array of strings joined with a space; nothing
/// when it is empty.
fn scope(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim_ascii().to_owned(),
        Value::Array(items) => {
            let mut texts = Vec::new();
            for item in items {
                texts.extend(item.as_str());
            }
            join(&texts, " ")
        }
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// The vendor's other fields. A refresh token is never among them: a machine
/// asks again instead, and what is not handed out can not leak.
fn extra(decoded: &Decoded<'_>, descriptor: &Descriptor) -> Vec<(String, Value)> {
    let mut extra = Vec::new();
    if descriptor.at("response.extra").is_some() {
        for (name, path) in descriptor.members("response.extra") {
            if let Some(value) = decoded.at(path.own_text()) {
                push(&mut extra, name, value.clone());
            }
        }
        return extra;
    }
    let tokens = descriptor.items("response.token");
    for (name, value) in decoded.body.members("") {
        let mut kept = !is_word(
            name,
            "access_token token_type expires_in scope refresh_token",
        );
        // A token may stand deeper: what holds it is not handed out either.
        for path in tokens {
            kept = kept && first_step(path.own_text()) != *name;
        }
        if kept {
            push(&mut extra, name, value.clone());
        }
    }
    extra
}
