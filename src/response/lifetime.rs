//! How long a token lives: what the answer says, else its JWT, else what the
//! descriptor assumes.

use super::{Answer, Context};
use crate::descriptor::{ExpiryUnit, Ttl, Zero};
use crate::encode::from_base64url;
use crate::request::expand;
use crate::time::{LAST_INSTANT, Millis, SECOND, from_http_date, from_millis, from_seconds};
use crate::token::Lifetime;
use crate::value::{ReadJson, Value};

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
    let skew = clock_skew(answer, context);
    let said = said(json, skew, context);
    let jwt = if context.descriptor.response.jwt_exp { jwt_expiry(token, context.read_json) } else { None };
    // In this machine's clock, which is what `sent` is in.
    let jwt = jwt.map(|instant| instant.saturating_sub(skew).saturating_sub(context.sent.wall));
    let span = match (said, jwt) {
        (Some(Said::Nothing), _) => Lifetime::None,
        // FirstVision's page pairs a good expiry with a JWT long past.
        (Some(Said::Never), Some(jwt)) if jwt > 0 => Lifetime::For(jwt),
        (Some(Said::Never), _) => Lifetime::Never,
        (Some(Said::Span(span)), Some(jwt)) if jwt > 0 => Lifetime::For(span.min(jwt)),
        (Some(Said::Span(span)), _) => Lifetime::For(span),
        (None, Some(jwt)) if jwt > 0 => Lifetime::For(jwt),
        (None, Some(_)) => Lifetime::None,
        (None, None) => assumed(context),
    };
    let expires_at = match span {
        Lifetime::Never => None,
        Lifetime::For(span) => Some(context.sent.wall.saturating_add(span).min(LAST_INSTANT)),
        Lifetime::None => Some(context.sent.wall),
    };
    let span = match (span, context.descriptor.max_ttl) {
        (Lifetime::For(span), Some(most)) => Lifetime::For(span.min(most.saturating_mul(SECOND))),
        (Lifetime::Never, Some(most)) => Lifetime::For(most.saturating_mul(SECOND)),
        (span, _) => span,
    };
    Read { span, expires_at }
}

fn said(json: &Value, skew: Millis, context: &Context<'_>) -> Option<Said> {
    let rules = &context.descriptor.response;
    for place in &rules.expiry {
        let value = match json.at(&place.path) {
            None | Some(Value::Null) => continue,
            Some(Value::String(text)) if text.is_empty() => continue,
            Some(value) => value,
        };
        let Some(number) = value.as_number() else {
            return Some(Said::Nothing);
        };
        if number == 0.0 {
            match rules.zero {
                Zero::Unknown => continue,
                Zero::Never => return Some(Said::Never),
                Zero::Expired => return Some(Said::Nothing),
            }
        }
        let from_now = |instant: Option<Millis>| instant.map(|instant| instant.saturating_sub(skew).saturating_sub(context.sent.wall));
        let span = match place.unit {
            ExpiryUnit::Seconds => from_seconds(number),
            ExpiryUnit::Milliseconds => from_millis(number),
            ExpiryUnit::Minutes => from_seconds(number * 60.0),
            ExpiryUnit::EpochSeconds => from_now(from_seconds(number)),
            ExpiryUnit::EpochMilliseconds => from_now(from_millis(number)),
            ExpiryUnit::SecondsOrEpoch if number < FIRST_EPOCH => from_seconds(number),
            ExpiryUnit::SecondsOrEpoch => from_now(from_seconds(number)),
        };
        return Some(span.filter(|span| *span > 0).map_or(Said::Nothing, Said::Span));
    }
    None
}

/// How far the server's clock is ahead of this one, when that is worth
/// correcting. It counts for absolute expiries alone.
fn clock_skew(answer: &Answer, context: &Context<'_>) -> Millis {
    let Some(date) = answer.header("date").and_then(from_http_date) else {
        return 0;
    };
    let skew = date.saturating_sub(context.now.wall);
    if skew.saturating_abs() > CLOCK_TOLERANCE { skew } else { 0 }
}

/// RFC 7519, section 4.1.4: `exp`, in seconds since the epoch. The token's
/// signature is its audience's to check, not ours.
fn jwt_expiry(token: &str, read_json: ReadJson) -> Option<Millis> {
    let mut parts = token.split('.');
    let (Some(_), Some(payload), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return None;
    };
    match read_json(&from_base64url(payload)?)?.member("exp")? {
        Value::Number(exp) => from_seconds(*exp),
        _ => None,
    }
}

fn assumed(context: &Context<'_>) -> Lifetime {
    let seconds = match &context.descriptor.response.ttl {
        None => return Lifetime::For(ASSUMED),
        Some(Ttl::Seconds(seconds)) => *seconds,
        Some(Ttl::Asked(template)) => match expand(context.descriptor, context.config, template).and_then(|text| text.parse().ok()) {
            Some(seconds) => seconds,
            None => return Lifetime::For(ASSUMED),
        },
    };
    match seconds {
        0 => Lifetime::Never,
        seconds => Lifetime::For(seconds.saturating_mul(SECOND).min(LAST_INSTANT)),
    }
}
