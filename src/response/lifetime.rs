//! How long a token lives: what the answer says, else its JWT, else what the
//! descriptor assumes.

use super::{Answer, Context};
use crate::encode::from_base64url;
use crate::request::expand;
use crate::text::split;
use crate::time::{LAST_INSTANT, Millis, Now, SECOND, from_millis, from_seconds};
use crate::token::Lifetime;
use crate::value::{Host, Value};

/// A lifetime, and the instant at which it ends.
pub(super) struct Read {
    pub(super) span: Lifetime,
    pub(super) expires_at: Option<Millis>,
}

/// What to assume of a token when nothing says: five minutes is short enough to
/// be true of nearly every server.
const ASSUMED: Millis = 300 * SECOND;
/// A server's clock is trusted when it differs by no more, since `Date` counts
/// whole seconds and latency is in it.
const CLOCK_TOLERANCE: Millis = 30 * SECOND;
/// From here on `seconds-or-epoch` means an instant: 2001-09-09.
const FIRST_EPOCH: f64 = 1e9;

/// What a server says of a lifetime.
enum Said {
    Never,
    /// This much from when the request was sent.
    Span(Millis),
    /// A value that is no lifetime: the token is handed out and not kept.
    Nothing,
}

pub(super) fn read(json: &Value, token: &str, answer: &Answer, context: &Context<'_>) -> Read {
    let skew = clock_skew(answer, context.now, context.host);
    let said = said(json, skew, context);
    let jwt = match context.descriptor.at("response.jwtExp") {
        Some(Value::Bool(false)) => None,
        _ => jwt_expiry(token, context.host),
    };
    // In this machine's clock, which is what `sent` is in. One in the past counts
    // where nothing else is said: FirstVision's page pairs a good expiry with a JWT
    // long past.
    let sent = context.sent.wall;
    let jwt = jwt.map(|instant| instant.saturating_sub(skew).saturating_sub(sent));
    let span = match (said, jwt.filter(|left| *left > 0)) {
        (Some(Said::Nothing), _) => Lifetime::None,
        (Some(Said::Span(span)), Some(left)) => Lifetime::For(span.min(left)),
        (Some(Said::Span(span)), None) => Lifetime::For(span),
        (_, Some(left)) => Lifetime::For(left),
        (Some(Said::Never), None) => Lifetime::Never,
        (None, None) if jwt.is_some() => Lifetime::None,
        (None, None) => assumed(context),
    };
    let left = match span {
        Lifetime::Never => None,
        Lifetime::For(span) => Some(span),
        Lifetime::None => Some(0),
    };
    let expires_at = left.map(|left| sent.saturating_add(left).min(LAST_INSTANT));
    let most = context.descriptor.at("cache.maxTtl");
    let most = most.and_then(Value::as_number).and_then(from_seconds);
    let span = match (span, most) {
        (Lifetime::For(span), Some(most)) => Lifetime::For(span.min(most)),
        (Lifetime::Never, Some(most)) => Lifetime::For(most),
        (span, _) => span,
    };
    Read { span, expires_at }
}

fn said(json: &Value, skew: Millis, context: &Context<'_>) -> Option<Said> {
    let places = context.descriptor.items("response.expiry");
    if places.is_empty() {
        return said_at(json, "expires_in", "seconds", skew, context);
    }
    places.iter().find_map(|place| {
        let (path, unit) = (place.text("path"), place.text("as"));
        said_at(json, path, unit, skew, context)
    })
}

fn said_at(
    json: &Value,
    path: &str,
    unit: &str,
    skew: Millis,
    context: &Context<'_>,
) -> Option<Said> {
    let value = match json.at(path)? {
        Value::Null => return None,
        Value::String(text) if text.is_empty() => return None,
        value => value,
    };
    let Some(number) = value.as_number() else {
        return Some(Said::Nothing);
    };
    if number == 0.0 {
        return match context.descriptor.text("response.zero", "expired") {
            "unknown" => None,
            "never" => Some(Said::Never),
            _ => Some(Said::Nothing),
        };
    }
    let (said, absolute) = match unit {
        "milliseconds" => (from_millis(number), false),
        "minutes" => (from_seconds(number * 60.0), false),
        "epoch-seconds" => (from_seconds(number), true),
        "epoch-milliseconds" => (from_millis(number), true),
        "seconds-or-epoch" => (from_seconds(number), number >= FIRST_EPOCH),
        _ => (from_seconds(number), false),
    };
    let origin = if absolute {
        skew.saturating_add(context.sent.wall)
    } else {
        0
    };
    let span = said
        .map(|said| said.saturating_sub(origin))
        .filter(|span| *span > 0);
    Some(span.map_or(Said::Nothing, Said::Span))
}

/// How far the server's clock is ahead of this one, when that is worth
/// correcting, and 0 otherwise. It counts for absolute expiries alone.
#[must_use]
pub fn clock_skew(answer: &Answer, now: Now, host: Host) -> Millis {
    let Some(date) = answer.header("date").and_then(host.read_date) else {
        return 0;
    };
    let skew = date.saturating_sub(now.wall);
    if skew.saturating_abs() > CLOCK_TOLERANCE {
        skew
    } else {
        0
    }
}

/// RFC 7519, section 4.1.4: `exp`, in seconds since the epoch. The token's
/// signature is its audience's to check, not ours.
fn jwt_expiry(token: &str, host: Host) -> Option<Millis> {
    let (_, rest) = split(token, ".")?;
    let (payload, signature) = split(rest, ".")?;
    if split(signature, ".").is_some() {
        return None;
    }
    match (host.read_json)(&from_base64url(payload)?)?.member("exp")? {
        Value::Number(exp) => from_seconds(*exp),
        _ => None,
    }
}

fn assumed(context: &Context<'_>) -> Lifetime {
    let seconds = match context.descriptor.at("response.ttl") {
        Some(Value::Null) => Some(0.0),
        // A lifetime that was asked for.
        Some(Value::String(template)) => {
            let asked = expand(context.descriptor, context.config, template);
            asked.and_then(|text| Value::from(text).as_number())
        }
        ttl => ttl.and_then(Value::as_number),
    };
    match seconds.and_then(from_seconds) {
        None => Lifetime::For(ASSUMED),
        Some(0) => Lifetime::Never,
        Some(span) => Lifetime::For(span),
    }
}
