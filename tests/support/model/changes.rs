//! What becomes of a key as requests start and end, and as its tokens are rejected.

use std::rc::Rc;

use tokenlet::engine::FlightId;
use tokenlet::error::{Code, Error};
use tokenlet::time::{Millis, Now};
use tokenlet::token::Lifetime;

use super::{Failure, Flight, Held, MINUTE, Model, SECOND};
use crate::support::answers::Span;
use crate::support::issued::{Issued, elapsed};

/// A token that lives shorter can not be kept with requests a second apart.
const KEPT: Millis = 2 * SECOND;
const YOUNG: Millis = 30 * SECOND;

impl Model {
    pub(crate) fn starts(&mut self, id: FlightId, now: Now) {
        self.flight = Some(Flight { id, sent: now });
        self.last_start = Some(now);
        if let Some(held) = &mut self.held {
            let last_chance = held.token.left(now) <= held.token.soft();
            held.tried = (held.tried.0 || last_chance, last_chance);
        }
    }

    /// The request under way yields a token.
    pub(crate) fn succeeds(&mut self, token: Issued, now: Now) {
        (self.flight, self.failure, self.own, self.stall) = (None, None, None, None);
        self.failures = (0, 0);
        let rejected = self.rejected.contains(&token.name);
        if let Some(usable) = self.usable(now) {
            let half = SECOND.max(usable.left(now) / 2);
            let same = usable.name == token.name;
            let (at_least, at_most) = match (rejected, token.may_be_kept()) {
                (true, _) if !same => (0, half.max(MINUTE)),
                (_, None) => (SECOND, half),
                _ => (half, half),
            };
            // No later expiry is no progress, whatever else the token is.
            let never = token.lifetime == Lifetime::Never && !same;
            let later = never || token.left(now) > usable.left(now);
            if same || rejected || !later {
                self.stall = Some(Span {
                    from: now,
                    at_least,
                    at_most,
                });
                return;
            }
        }
        self.was_young |= rejected;
        let kept = token.may_be_kept().is_some_and(|lifetime| lifetime >= KEPT);
        let share = |at_most| {
            Some(Span {
                from: now,
                at_least: SECOND,
                at_most,
            })
        };
        self.held = Some(Held {
            share: if rejected {
                share(MINUTE)
            } else if kept {
                None
            } else {
                share(SECOND)
            },
            tried: (false, false),
            token,
        });
    }

    /// The request under way fails; `own`: through a caller's function.
    pub(crate) fn fails(&mut self, error: &Rc<Error>, own: bool, now: Now) {
        let usable = self.usable(now).is_some();
        let (least, most) = self.failures;
        self.flight = None;
        if own && !usable {
            return;
        }
        // Which of several waits counts is open, as long as the last one does.
        self.failures = (least + u32::from(!own), most + 1);
        if let Some(stall) = &mut self.stall {
            stall.at_least = 0;
        }
        let wish = if own {
            0
        } else {
            error.retry_after.unwrap_or(0).min(MINUTE)
        };
        let span = |first, limit| {
            Span::around(
                now,
                [doubled(first, least, limit), doubled(first, most, limit)],
                wish,
            )
        };
        let memory = match error.code == Code::Oauth && !error.retryable {
            false => span(250, 10 * SECOND),
            true => span(SECOND, 30 * SECOND),
        };
        let mut refresh = span(2 * SECOND, 30 * SECOND);
        if !usable {
            refresh.at_least = memory.at_least.min(refresh.at_least);
        }
        if own {
            self.own = Some(refresh);
            if let Some(failure) = &mut self.failure {
                (failure.memory.at_least, failure.refresh.at_least) = (0, 0);
            }
        } else {
            self.own = None;
            self.failure = Some(Failure {
                error: error.clone(),
                memory,
                refresh,
            });
        }
    }

    /// Someone was refused with this token.
    pub(crate) fn rejects(&mut self, name: &str, now: Now) {
        let Some(held) = self.held.as_mut().filter(|held| held.token.name == name) else {
            return;
        };
        if self.rejected.iter().any(|known| known == name) {
            return;
        }
        self.rejected.push(name.to_owned());
        let (from, age) = (held.token.got, elapsed(now, held.token.got));
        let young = age < YOUNG;
        if young && self.was_young {
            // Each new token is rejected: this one may stay for a while.
            held.share = Some(Span {
                from,
                at_least: 0,
                at_most: age + MINUTE,
            });
        } else {
            self.held = None;
        }
        self.was_young |= young;
    }
}

fn doubled(first: Millis, times: u32, most: Millis) -> Millis {
    most.min(first << times.min(20))
}
