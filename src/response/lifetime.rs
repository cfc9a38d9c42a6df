//! How long a token lives: what the answer says, else its JWT, else what the
//! descriptor assumes.

use super::body::{Decoded, is_missing};
use super::{Answer, Context};
use crate::request::{Source, expand};
use crate::text::{digits, parts};
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
pub const CLOCK_TOLERANCE: Millis = 30 * SECOND;
/// From here on `seconds-or-epoch` means an instant: 2001-09-09.
const FIRST_EPOCH: f64 = 1e9;

/// What a server says of a lifetime.
enum Said {
    Never,
    /// This much from when the request was sent.
    Span(Millis),
    /// A value that is no lifetime: the token is handed out and not kept.
    Nothing,
    /// One of another kind, which comes to the same where no other is there.
    Unread,
}

pub(super) fn read(decoded: &Decoded<'_>, token: &str, context: &Context<'_>) -> Read {
    let Source {
        descriptor, host, ..
    } = context.source;
    let skew = clock_skew(decoded.answer, context.now, host);
    let said = said(decoded, skew, context);
    let sent = context.sent.wall;
    // In this machine's clock, which is what `sent` is in.
    let left_of = |token: &str| {
        let ends = (host.read_expiry)(token)?;
        Some(ends.saturating_sub(skew).saturating_sub(sent))
    };
    // One in the past counts where nothing else is said: FirstVision's page pairs a
    // good expiry with a JWT long past.
    let jwt = match descriptor.at("response.jwtExp") {
        Some(Value::Bool(false)) => None,
        _ => left_of(token),
    };
    let span = match (said, jwt.filter(|left| *left > 0)) {
        (Some(Said::Nothing | Said::Unread), _) => Lifetime::None,
        (Some(Said::Span(span)), Some(left)) => Lifetime::For(span.min(left)),
        (Some(Said::Span(span)), None) => Lifetime::For(span),
        (_, Some(left)) => Lifetime::For(left),
        (Some(Said::Never), None) => Lifetime::Never,
        (None, None) if jwt.is_some() => Lifetime::None,
        (None, None) => assumed(context),
    };
    let left = match span {
        Lifetime::Never => None,
        Lifetime::For(span) | Lifetime::Derived(span) => Some(span),
        Lifetime::None => Some(0),
    };
    let expires_at = left.map(|left| sent.saturating_add(left).min(LAST_INSTANT));
    let most = descriptor.at("cache.maxTtl");
    let mut span = at_most(span, most.and_then(Value::as_number).and_then(from_seconds));
    // What was got for another token is not kept longer than that one is good.
    for given in parts("subjectToken actorToken", " ") {
        let most = left_of(context.source.config.text(given));
        span = match at_most(span, most) {
            Lifetime::For(span) if most == Some(span) => Lifetime::Derived(span),
            span => span,
        };
    }
    Read { span, expires_at }
}

fn at_most(span: Lifetime, most: Option<Millis>) -> Lifetime {
    match (span, most) {
        (Lifetime::None, _) | (_, None) => span,
        (Lifetime::For(left) | Lifetime::Derived(left), Some(most)) if left < most => span,
        (_, Some(most)) => for_span(most),
    }
}

pub(super) fn for_span(span: Millis) -> Lifetime {
    if span > 0 {
        Lifetime::For(span)
    } else {
        Lifetime::None
    }
}

fn said(decoded: &Decoded<'_>, skew: Millis, context: &Context<'_>) -> Option<Said> {
    let descriptor = context.source.descriptor;
    if descriptor.at("response.expiry").is_none() {
        return said_at(decoded, "expires_in", "seconds", skew, context);
    }
    let mut unread = None;
    for place in descriptor.items("response.expiry") {
        let (path, unit) = (place.text("path"), place.text("as"));
        match said_at(decoded, path, unit, skew, context) {
            // One that can not be read is as good as missing, if another one is there.
            Some(Said::Unread) => unread = Some(Said::Unread),
            None => {}
            said => return said,
        }
    }
    unread
}

fn said_at(
    decoded: &Decoded<'_>,
    path: &str,
    unit: &str,
    skew: Millis,
    context: &Context<'_>,
) -> Option<Said> {
    let value = decoded.at(path).filter(|value| !is_missing(value))?;
    let (text, number) = (value.own_text(), value.as_number());
    let seconds = number.and_then(from_seconds);
    let (said, absolute) = match unit {
        "milliseconds" => (number.and_then(from_millis), false),
        "minutes" => (number.and_then(|number| from_seconds(number * 60.0)), false),
        "epoch-seconds" => (seconds, true),
        "epoch-milliseconds" => (number.and_then(from_millis), true),
        "seconds-or-epoch" => (seconds, number.is_some_and(|number| number >= FIRST_EPOCH)),
        "iso8601" | "http-date" => ((context.source.host.read_date)(text), true),
        "d:h:m" => (days_hours_minutes(text), false),
        _ => (seconds, false),
    };
    if number.map_or(said == Some(0), |number| number == 0.0) {
        return match context.source.descriptor.text("response.zero", "expired") {
            "unknown" => None,
            "never" => Some(Said::Never),
            _ => Some(Said::Nothing),
        };
    }
    let origin = if absolute {
        skew.saturating_add(context.sent.wall)
    } else {
        0
    };
    let Some(said) = said else {
        return Some(Said::Unread);
    };
    let span = said.saturating_sub(origin);
    Some(if span > 0 {
        Said::Span(span)
    } else {
        Said::Nothing
    })
}

/// Days, hours and minutes from now, as Tableau has them: `0:23:59`.
fn days_hours_minutes(text: &str) -> Option<Millis> {
    let mut minutes: i64 = 0;
    let mut scales = [60 * 24, 60, 1].iter();
    for part in parts(text, ":") {
        let scale = scales.next()?;
        minutes = minutes.saturating_add(digits(part)?.saturating_mul(*scale));
    }
    scales
        .next()
        .is_none()
        .then(|| minutes.saturating_mul(60 * SECOND).min(LAST_INSTANT))
}

/// How far the server's clock is ahead of this one, when that is worth
/// correcting, and 0 otherwise.
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

fn assumed(context: &Context<'_>) -> Lifetime {
    let seconds = match context.source.descriptor.at("response.ttl") {
        Some(Value::Null) => Some(0.0),
        // A lifetime that was asked for.
        Some(Value::String(template)) => {
            let asked = expand(context.source, template);
            asked.and_then(|text| Value::from(text).as_number())
        }
        ttl => ttl.and_then(Value::as_number),
    };
    match seconds.and_then(from_seconds) {
        None => Lifetime::For(ASSUMED),
        Some(0) => Lifetime::Never,
        Some(span) => for_span(span),
    }
}
