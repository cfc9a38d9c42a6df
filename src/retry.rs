//! Which failures are tried again, and when.

use crate::error::{Code, Error};
use crate::time::{Millis, SECOND};

/// A flight settles within 20 s, secrets, signing and waits included: a Worker
/// may live 30 s after its answer was sent.
pub const BUDGET: Millis = 20 * SECOND;

/// Waits between attempts grow from 200 ms to 2 s.
const FIRST_WAIT: Millis = 200;
const LONGEST_WAIT: Millis = 2 * SECOND;

/// How long to wait before attempt `attempt + 1`, after `error` on attempt
/// `attempt` with `left` of the budget; `None`: give up.
///
/// The wait is drawn from the whole span (`draw` in [0, 1)), so that clients
/// which failed together do not come back together.
#[must_use]
pub fn wait(error: &Error, attempt: u32, retries: i64, left: Millis, draw: f64) -> Option<Millis> {
    if i64::from(attempt) > retries || !is_worth_retrying(error) {
        return None;
    }
    let span = doubled(FIRST_WAIT, attempt.saturating_sub(1), LONGEST_WAIT);
    let wait = scaled(span, draw).max(error.retry_after.unwrap_or(0));
    (wait < left).then_some(wait)
}

/// `first · 2^times`, at most `most`.
#[must_use]
pub fn doubled(first: Millis, times: u32, most: Millis) -> Millis {
    let mut span = first;
    for _ in 0..times {
        if span >= most {
            break;
        }
        span = span.saturating_add(span);
    }
    span.min(most)
}

/// `span · factor`, in whole milliseconds.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "spans are far below 2^53 ms, and `as` saturates"
)]
pub fn scaled(span: Millis, factor: f64) -> Millis {
    (span as f64 * factor) as Millis
}

/// Failures that may be gone a moment later. A 2xx that was parsed and is wrong
/// is not among them: tokens may be billed as they are issued.
fn is_worth_retrying(error: &Error) -> bool {
    match error.code {
        Code::Network | Code::Timeout => error.retryable,
        Code::Oauth | Code::Http => matches!(error.status, Some(408 | 429 | 500..=599)),
        Code::InvalidResponse => error.retryable,
        Code::InvalidConfig | Code::Unsupported | Code::Redirect | Code::Credentials => false,
    }
}
