//! What becomes of an entry when a request ends, or a token is rejected.

use std::rc::Rc;

use super::held::Held;
use super::{Entry, Margins, Pause, SHARED, Yield};
use crate::error::{Code, Error};
use crate::retry::{doubled, scaled};
use crate::time::{Millis, Now, SECOND};
use crate::token::Lifetime;

/// A token that lives shorter is handed to those who wait and not kept, so that
/// requests stay at least a second apart.
const SHORTEST_KEPT: Millis = 2 * SECOND;
/// A token rejected sooner after its issue points to a wrong audience, not to an
/// old token.
const YOUNG: Millis = 30 * SECOND;
const MOST_REJECTED: usize = 4;

impl<H: Clone> Entry<H> {
    /// Takes what `flight` yielded, and says what its callers get. Nothing is
    /// stored when the flight is no longer the entry's.
    pub(crate) fn succeed(&mut self, flight: u32, got: Yield<H>, now: Now, draw: f64) -> (H, u32) {
        let own = (got.handle.clone(), got.serial);
        if self.flight != Some(flight) {
            return own;
        }
        self.flight = None;
        self.failures = 0;
        self.pause = None;
        self.remembered = None;
        let margins = Margins::new(got.token.lifetime, got.refresh_ahead, draw);
        // The last one was good for a while: what is rejected next is the first in a row.
        if self
            .held
            .as_ref()
            .is_some_and(|held| held.shared.is_none() && now.since(held.got) >= YOUNG)
        {
            self.young_rejections = 0;
        }
        let rejected = self.rejected.contains(&got.token.access_token);
        if let Some(held) = self.held.as_ref()
            && held.is_usable(now)
            && !got.renews
        {
            let same = held.access_token == got.token.access_token;
            let (new, left) = (margins.remaining(now.since(got.sent)), held.remaining(now));
            let later = new > left || (new == left && got.token.lifetime == Lifetime::Never);
            // Whatever it is, a token that revokes the last one takes its place.
            if same || (!got.exclusive && (rejected || !later)) {
                self.pause = Some(Pause {
                    from: now,
                    behind: SECOND.max(left / 2),
                    without: 0,
                });
                return if same {
                    (held.handle.clone(), held.serial)
                } else {
                    own
                };
            }
        }
        let shared = if got.token.lifetime == Lifetime::None
            || margins
                .lifetime
                .is_some_and(|lifetime| lifetime < SHORTEST_KEPT)
        {
            Some(SHARED)
        } else if rejected {
            self.young_rejections = self.young_rejections.saturating_add(1);
            Some(rejection_pause(self.young_rejections))
        } else {
            None
        };
        self.held = Some(Held {
            access_token: got.token.access_token,
            handle: got.handle,
            serial: got.serial,
            sent: got.sent,
            got: now,
            margins,
            shared,
            tried_last_chance: false,
        });
        own
    }

    /// Takes the failure of `flight`. A token that is still usable stays.
    pub(crate) fn fail(
        &mut self,
        flight: u32,
        error: &Rc<Error>,
        remember: bool,
        now: Now,
        draw: f64,
    ) {
        if self.flight != Some(flight) {
            return;
        }
        self.flight = None;
        let usable = self.held.as_ref().is_some_and(|held| held.is_usable(now));
        // A failure of one caller's functions is not another's, but refreshes behind a
        // usable token back off whatever they fail of.
        if !remember && !usable {
            return;
        }
        let refused = !error.retryable && error.code == Code::Oauth;
        // The server's wish is a lower bound: spread out, and never shortened.
        let wish = scaled(
            error.retry_after.unwrap_or(0).min(60 * SECOND),
            1.0 + draw / 2.0,
        );
        let length =
            |first, most| scaled(doubled(first, self.failures, most), 0.5 + draw).max(wish);
        self.pause = Some(Pause {
            from: now,
            behind: length(2 * SECOND, 30 * SECOND),
            without: if refused {
                length(SECOND, 30 * SECOND)
            } else {
                length(250, 10 * SECOND)
            },
        });
        self.failures = self.failures.saturating_add(1);
        self.remembered = remember.then(|| error.clone());
    }

    /// Drops `token` if, and only if, it is the one that is held.
    pub(crate) fn invalidate(&mut self, token: &str, now: Now) -> bool {
        let Some(held) = self
            .held
            .as_ref()
            .filter(|held| held.access_token.reveal() == token)
        else {
            return false;
        };
        let secret = held.access_token.clone();
        // Said before: however many callers say so, its pause is running.
        if self.rejected.contains(&secret) {
            return true;
        }
        let young = now.since(held.got) < YOUNG;
        if self.rejected.len() >= MOST_REJECTED {
            self.rejected.remove(0);
        }
        self.rejected.push(secret);
        self.young_rejections = if young {
            self.young_rejections.saturating_add(1)
        } else {
            0
        };
        match &mut self.held {
            // Every new token is rejected: more of them would not help, so this one
            // stays for a while.
            Some(held) if young && self.young_rejections > 1 => {
                held.shared = Some(
                    now.since(held.got)
                        .saturating_add(rejection_pause(self.young_rejections)),
                );
            }
            held => *held = None,
        }
        true
    }
}

/// One second after the first rejection in a row, at most a minute.
fn rejection_pause(rejections: u32) -> Millis {
    doubled(SECOND, rejections.saturating_sub(1), 60 * SECOND)
}
