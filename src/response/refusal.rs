//! Why a server refused, in any of the shapes that servers use.

use super::{Answer, Context, failed, first, retry_after, token_text};
use crate::encode::form_field;
use crate::error::{Code, Reason};
use crate::redact::Raw;
use crate::text::{parts, split};
use crate::value::Value;

/// The reason of an answer that is no success, as an error.
pub(super) fn read(
    answer: &Answer,
    text: &str,
    json: Option<&Value>,
    context: &Context<'_>,
) -> Raw {
    let status = answer.status;
    let reason = match json {
        Some(json) => from_json(json, context),
        None => from_text(answer, text),
    };
    let known = reason != Reason::default();
    let code = if known { Code::Oauth } else { Code::Http };
    let again = matches!(
        reason.error.as_deref(),
        Some("temporarily_unavailable" | "server_error" | "slow_down")
    );
    let mut error = failed(code, status, reason.message(status));
    error.retryable = again || matches!(status, 408 | 429 | 500..=599);
    // What comes with a token explains nothing, and the token may stand anywhere.
    error.details = json
        .filter(|json| token_text(json, context.descriptor).is_none())
        .cloned();
    error.retry_after = retry_after(answer, context.now, context.host);
    error.reason = reason;
    let raw = Raw::new(error);
    let Some(json) = json else {
        return raw.with_form_tokens_in(text);
    };
    let mut raw = raw.with_tokens_in(json);
    if let Some(token) = token_text(json, context.descriptor) {
        raw.note(token);
    }
    raw
}

/// Whether a body says that the request was refused although its status is a
/// success.
pub(super) fn is_refusal(json: &Value, context: &Context<'_>) -> bool {
    // RFC 6749, section 5.2: with an `error` there is no token, whatever else is there.
    !json.text("error").is_empty()
        || (token_text(json, context.descriptor).is_none()
            && from_json(json, context).error.is_some())
}

fn from_json(json: &Value, context: &Context<'_>) -> Reason {
    // Some servers answer a list of errors: the first says why.
    let body = match json {
        Value::Array(items) => items.first().unwrap_or(json),
        other => other,
    };
    let text = |paths: &[&str]| -> Option<String> {
        paths
            .iter()
            .find_map(|path| body.at(path)?.as_text().filter(|text| !text.is_empty()))
    };
    let own = |path: &str| -> Option<String> {
        first(json, context.descriptor.items(path), "\0")?.as_text()
    };
    // RFC 6749, section 5.2.
    let error = text(&["error"]);
    let vendor_code = own("response.error.code").or_else(|| {
        text(&[
            "errorCode",
            "error_code",
            "code",
            "error.code",
            "error.status",
            "fault.detail.errorcode",
            "errors.0.code",
            "errors.0.errorCode",
        ])
    });
    // RFC 9457, section 3.1: a problem's `title` and `detail`, and its `type`.
    let description = text(&["error_description"])
        .or_else(|| own("response.error.message"))
        .or_else(|| {
            text(&[
                "errorMessage",
                "error_message",
                "message",
                "error.message",
                "fault.faultstring",
                "errors.0.message",
                "errors.0.detail",
                "detail",
                "title",
            ])
        });
    Reason {
        error: error.or_else(|| vendor_code.clone()),
        description,
        uri: text(&["error_uri"]),
        vendor_code,
    }
}

fn from_text(answer: &Answer, text: &str) -> Reason {
    let text = text.trim();
    // A page, or JSON that was cut short, whose words are not known by their names.
    let unread = matches!(text.bytes().next(), Some(b'<' | b'{' | b'['))
        || answer
            .header("content-type")
            .is_some_and(|kind| split(kind, "html").is_some());
    if text.is_empty() || unread {
        return challenge(answer);
    }
    // A few answer a form: error=invalid_client&error_description=…
    let field = |name: &str| form_field(text, name);
    match field("error") {
        Some(error) => Reason {
            error: Some(error),
            description: field("error_description"),
            uri: field("error_uri"),
            vendor_code: None,
        },
        None => Reason {
            description: Some(text.to_owned()),
            ..Reason::default()
        },
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
