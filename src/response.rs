//! An HTTP answer makes a token or an error.

mod lifetime;
mod refusal;

use crate::config::{Config, check_header};
use crate::descriptor::Descriptor;
use crate::error::{Code, Error};
use crate::secret::Secret;
use crate::text::{concat, decimal, join};
use crate::time::{Millis, Now, SECOND};
use crate::token::Token;
use crate::value::{Host, Value};

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

/// Token answers are a few kilobytes; more than 1 MiB is an accident or an attack.
pub const LONGEST_BODY: usize = 1 << 20;

impl Answer {
    /// The headers that are read, so that the rim need not copy the others.
    pub const HEADERS: [&'static str; 4] =
        ["content-type", "date", "retry-after", "www-authenticate"];

    /// The header `name`, given in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// What reading needs besides the answer.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The provider.
    pub descriptor: &'a Descriptor,
    /// The caller's config.
    pub config: &'a Config,
    /// The clocks before the request was sent.
    pub sent: Now,
    /// The clocks when the answer had come.
    pub now: Now,
    /// Reads JSON and dates.
    pub host: Host,
}

/// Reads an answer whole. The error may still hold what the server echoed.
pub fn read(answer: &Answer, context: &Context<'_>) -> Result<Token, Box<Error>> {
    let status = answer.status;
    if matches!(status, 0 | 301 | 302 | 303 | 307 | 308) {
        let message = "the token endpoint answered with a redirect, which is never followed so that the credentials stay here; check the URL";
        return Err(with_status(Error::new(Code::Redirect, message), status));
    }
    let Body::Text(text) = &answer.body else {
        return Err(match status {
            200..=299 => with_status(
                Error::new(
                    Code::InvalidResponse,
                    "the answer is longer than 1 MiB and was cut off",
                )
                .retryable(),
                status,
            ),
            _ => refusal::read(answer, "", None, context),
        });
    };
    // RFC 8259, section 8.1 lets readers ignore a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let json = (context.host.read_json)(text);
    match (status, json) {
        (200..=299, Some(json)) if refusal::is_refusal(&json, context) => {
            Err(refusal::read(answer, text, Some(&json), context))
        }
        (200..=299, Some(json)) => token(&json, answer, context).map_err(|expected| {
            let message = concat(&[
                "the server answered ",
                &decimal(status.into()),
                " but ",
                expected,
            ]);
            with_status(Error::new(Code::InvalidResponse, message), status)
        }),
        (200..=299, None) => {
            let message = concat(&[
                "the server answered ",
                &decimal(status.into()),
                " with a body that is not JSON, so there is no token in it; check the URL",
            ]);
            Err(with_status(
                Error::new(Code::InvalidResponse, message).retryable(),
                status,
            ))
        }
        (_, json) => Err(refusal::read(answer, text, json.as_ref(), context)),
    }
}

/// RFC 9110, section 10.2.3: seconds, or a date.
#[must_use]
pub fn retry_after(answer: &Answer, now: Now, host: Host) -> Option<Millis> {
    let value = answer.header("retry-after")?;
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(
            value
                .parse::<Millis>()
                .map_or(Millis::MAX, |seconds| seconds.saturating_mul(SECOND)),
        );
    }
    let until = (host.read_date)(value)?;
    let here = answer
        .header("date")
        .and_then(host.read_date)
        .unwrap_or(now.wall);
    Some(until.saturating_sub(here).max(0))
}

fn with_status(mut error: Error, status: u16) -> Box<Error> {
    error.status = (status != 0).then_some(status);
    Box::new(error)
}

/// What stands at the first of `paths` that leads to something; at `default`
/// where the descriptor names no path.
fn first<'j>(json: &'j Value, paths: &[Value], default: &str) -> Option<&'j Value> {
    let there = |value: &&Value| !matches!(value, Value::Null) && value.as_str() != Some("");
    if paths.is_empty() {
        return json.at(default).filter(there);
    }
    paths
        .iter()
        .filter_map(Value::as_str)
        .filter_map(|path| json.at(path))
        .find(there)
}

fn token_text<'j>(json: &'j Value, descriptor: &Descriptor) -> Option<&'j str> {
    first(json, descriptor.items("response.token"), "access_token")?.as_str()
}

/// RFC 6749, section 5.1, with what the descriptor says of it.
fn token(json: &Value, answer: &Answer, context: &Context<'_>) -> Result<Token, &'static str> {
    let descriptor = context.descriptor;
    let access_token = token_text(json, descriptor)
        .ok_or("there is no token in it: a non-empty string was expected")?;
    // RFC 6750, section 2.1 allows less; what matters is that it stays one header.
    if !access_token
        .bytes()
        .all(|byte| (b'!'..=b'~').contains(&byte))
    {
        return Err("its token holds characters that are not safe in a header");
    }
    let given = first(json, descriptor.items("response.type"), "token_type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let token_type =
        token_type(given, descriptor).ok_or("its token is of a type that is no bearer")?;
    let header = descriptor.text("use.name", "Authorization");
    let value = concat(&[descriptor.text("use.prefix", "Bearer "), access_token]);
    check_header(header, &value)
        .map_err(|_| "its token holds characters that are not safe in a header")?;
    let lifetime = lifetime::read(json, access_token, answer, context);
    Ok(Token {
        lifetime: lifetime.span,
        expires_at: lifetime.expires_at,
        token_type,
        scope: json.member("scope").and_then(scope),
        header: (header.to_owned(), Secret::new(value)),
        extra: extra(json, context),
        access_token: Secret::new(access_token.to_owned()),
    })
}

/// RFC 6749, section 7.1: the type says how a token is used. Every spelling of
/// bearer, and none, is `Bearer`; others only where the descriptor names them.
fn token_type(given: &str, descriptor: &Descriptor) -> Option<String> {
    let bearer = ["", "bearer", "bearertoken", "bearer token", "bearer_token"]
        .iter()
        .any(|known| given.eq_ignore_ascii_case(known));
    if bearer {
        return Some("Bearer".to_owned());
    }
    let mut accepted = descriptor
        .items("response.acceptTypes")
        .iter()
        .filter_map(Value::as_str);
    accepted
        .find(|known| known.eq_ignore_ascii_case(given))
        .map(str::to_owned)
}

/// As granted: a string, or an array of strings joined with a space; nothing
/// when it is empty.
fn scope(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Array(items) => {
            let texts: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            join(&texts, " ")
        }
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// The vendor's other fields. A refresh token is never among them: a machine
/// asks again instead, and what is not handed out can not leak.
fn extra(json: &Value, context: &Context<'_>) -> Vec<(String, Value)> {
    let mut extra = Vec::new();
    if context.descriptor.at("response.extra").is_some() {
        for (name, path) in context.descriptor.members("response.extra") {
            if let Some(value) = path.as_str().and_then(|path| json.at(path)) {
                extra.push((name.clone(), value.clone()));
            }
        }
    } else if let Value::Object(members) = json {
        let tokens = context.descriptor.items("response.token");
        for (name, value) in members {
            let standard = [
                "access_token",
                "token_type",
                "expires_in",
                "scope",
                "refresh_token",
            ]
            .contains(&name.as_str());
            let token = tokens.iter().any(|path| {
                path.as_str()
                    .is_some_and(|path| path.trim_start_matches('/') == name)
            });
            if !standard && !token {
                extra.push((name.clone(), value.clone()));
            }
        }
    }
    extra
}
