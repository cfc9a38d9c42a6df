//! Why a server refused, in any of the shapes that servers use.

use super::body::{Decoded, is_missing};
use super::{Answer, Context, UNREAD, failed, retry_after};
use crate::error::{Code, Reason};
use crate::redact::Raw;
use crate::text::{concat, decimal, parts, split};
use crate::value::{Order, Value};

/// The reason of an answer that is no success, as an error.
pub(super) fn read(decoded: &Decoded<'_>, context: &Context<'_>) -> Raw {
    let status = decoded.answer.status;
    let mut reason = reason(decoded);
    let code = match status {
        _ if reason != Reason::default() => Code::Oauth,
        200..=299 => Code::InvalidResponse,
        _ => Code::Http,
    };
    let again = matches!(
        reason.error.as_deref(),
        Some("temporarily_unavailable" | "server_error" | "slow_down")
    );
    let mut message = reason.message(status);
    // What could not be read is no refusal.
    let is_unread = code == Code::InvalidResponse && !decoded.is_data && decoded.is_unread();
    if is_unread {
        message = concat(&["the server answered ", &decimal(status.into()), " ", UNREAD]);
    } else if code == Code::InvalidResponse
        && let Some(predicate) = unmet(decoded)
    {
        message = "the answer is not what was expected".to_owned();
        reason.description = Some(unmet_words(predicate, decoded));
    }
    let mut error = failed(code, status, &message);
    error.retryable = again || is_unread || matches!(status, 408 | 429 | 500..=599);
    error.retry_after = retry_after(decoded.answer, context.now, context.source.host);
    error.reason = reason;
    // What comes with a token explains nothing, and the token may stand anywhere.
    if decoded.is_data && decoded.token().is_none() {
        error.details = Some(decoded.body.clone());
    }
    let mut raw = if decoded.is_data {
        Raw::new(error).with_tokens_in(&decoded.body)
    } else {
        let form = (context.source.host.read_form)(decoded.text());
        Raw::new(error).with_tokens_in(&form.unwrap_or(Value::Null))
    };
    for path in context.source.descriptor.items("response.token") {
        let path = path.own_text();
        // A refusal's whole text is no token.
        if !path.is_empty() || matches!(status, 200..=299) {
            raw.note(decoded.at(path).map(Value::own_text).unwrap_or_default());
        }
    }
    raw
}

/// Whether an answer says that the request was refused although its status is a
/// success.
pub(super) fn is_refusal(decoded: &Decoded<'_>, context: &Context<'_>) -> bool {
    let descriptor = context.source.descriptor;
    let refused = if descriptor.at("response.ok").is_none() {
        // RFC 6749, section 5.2: with an `error` there is no token, whatever else is there.
        decoded
            .at("error")
            .is_some_and(|error| !error.own_text().is_empty())
    } else {
        unmet(decoded).is_some()
    };
    refused || (decoded.token().is_none() && reason(decoded).error.is_some())
}

/// Whether an answer is a success by this predicate.
fn holds(predicate: &Value, decoded: &Decoded<'_>) -> bool {
    let found = decoded.at(predicate.text("path"));
    let missing = found.is_none_or(is_missing);
    let may_be_missing = predicate.flag("absent");
    match predicate.member("in") {
        Some(Value::Array(values)) => {
            let text = |value: &Value| value.to_canonical_json(Order::Members);
            let found = found.map(text);
            missing && may_be_missing || values.iter().any(|value| Some(text(value)) == found)
        }
        _ => missing == may_be_missing,
    }
}

/// The first of the descriptor's conditions for a success that does not hold.
fn unmet<'d>(decoded: &Decoded<'d>) -> Option<&'d Value> {
    let mut predicates = decoded.descriptor.items("response.ok").iter();
    predicates.find(|predicate| !holds(predicate, decoded))
}

/// Which condition does not hold, and what stands there.
fn unmet_words(predicate: &Value, decoded: &Decoded<'_>) -> String {
    let path = predicate.text("path");
    let found = decoded.at(path).and_then(Value::as_text);
    let found = found.unwrap_or_default();
    let expected = predicate.items("in").first().and_then(Value::as_text);
    let expected = expected.unwrap_or_default();
    let (is, end) = match found.as_str() {
        "" => ("' is missing", ""),
        _ => ("' is '", "'"),
    };
    let (wanted, quote) = match expected.as_str() {
        "" => ("", ""),
        _ => (", expected '", "'"),
    };
    concat(&["its '", path, is, &found, end, wanted, &expected, quote])
}

fn reason(decoded: &Decoded<'_>) -> Reason {
    // Some servers answer a list of errors: the first says why.
    let body = match &decoded.body {
        Value::Array(items) => items.first().unwrap_or(&decoded.body),
        other => other,
    };
    let text = |paths| text_at(body, paths);
    // RFC 6749, section 5.2.
    let error = text("error");
    let vendor_code = decoded
        .text_of("response.error.code")
        .or_else(|| text(CODES));
    let description = text("error_description")
        .or_else(|| decoded.text_of("response.error.message"))
        .or_else(|| text(DESCRIPTIONS));
    let reason = Reason {
        error: error.or_else(|| vendor_code.clone()),
        description,
        uri: text("error_uri"),
        vendor_code,
    };
    if reason == Reason::default() && !decoded.is_data {
        return from_text(decoded);
    }
    reason
}

/// The first text at one of `paths`, which have a space between them.
#[inline(never)]
fn text_at(body: &Value, paths: &'static str) -> Option<String> {
    for path in parts(paths, " ") {
        let text = body.at(path).and_then(Value::as_text).unwrap_or_default();
        if !text.is_empty() {
            return Some(text);
        }
    }
    None
}

/// Where vendors put a code of their own,
const CODES: &str = "errorCode error_code code error.code error.status \
    fault.detail.errorcode errors.0.code errors.0.errorCode";
/// and their words; RFC 9457, section 3.1: a problem's `detail` and `title`.
const DESCRIPTIONS: &str = "errorMessage error_message message error.message fault.faultstring \
    errors.0.message errors.0.detail detail title";

fn from_text(decoded: &Decoded<'_>) -> Reason {
    let text = decoded.text();
    let kind = decoded.answer.header("content-type").unwrap_or_default();
    if text.is_empty() || decoded.is_unread() || split(kind, "html").is_some() {
        return challenge(decoded.answer);
    }
    Reason {
        description: Some(text.to_owned()),
        ..Reason::default()
    }
}

/// RFC 6750, section 3: `WWW-Authenticate` may name the error where the body
/// does not.
fn challenge(answer: &Answer) -> Reason {
    let mut reason = Reason::default();
    let mut rest = answer.header("www-authenticate").unwrap_or_default();
    while let Some((before, quoted)) = split(rest, "=\"") {
        let name = parts(before, " ").last().unwrap_or_default();
        let (value, after) = unquoted(quoted);
        let place = match name.strip_prefix(",").unwrap_or(name) {
            "error" => &mut reason.error,
            "error_description" => &mut reason.description,
            "error_uri" => &mut reason.uri,
            _ => &mut None,
        };
        *place = Some(value);
        rest = after;
    }
    reason
}

/// RFC 9110, section 5.6.4: the text of a quoted string, and what follows it. An
/// echo is known as one only when nothing is escaped in it.
fn unquoted(quoted: &str) -> (String, &str) {
    let mut text = String::new();
    let mut chars = quoted.chars();
    loop {
        match chars.next() {
            Some('\\') => text.extend(chars.next()),
            Some('"') | None => return (text, chars.as_str()),
            Some(char) => text.push(char),
        }
    }
}
