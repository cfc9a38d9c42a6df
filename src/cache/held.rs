//! A token that is held, and how much of its life is left.

use super::{Ask, Margins};
use crate::secret::Secret;
use crate::time::{Millis, Now};

/// A token that is held.
pub(super) struct Held<H> {
    pub(super) access_token: Secret,
    pub(super) handle: H,
    pub(super) serial: u32,
    pub(super) sent: Now,
    pub(super) got: Now,
    pub(super) margins: Margins,
    /// For how long after `got` the token is handed out although it may not be
    /// kept: one second, or a back-off for a token that was rejected before.
    pub(super) shared: Option<Millis>,
    pub(super) tried_last_chance: bool,
}

impl<H> Held<H> {
    pub(super) fn age(&self, now: Now) -> Millis {
        now.since(self.sent)
    }

    pub(super) fn remaining(&self, now: Now) -> Millis {
        self.margins.remaining(self.age(now))
    }

    /// Whether it may be handed out when a request brought nothing better. Asked of the
    /// clocks, never of `expires_at`: the wall clock may have been stepped since.
    pub(super) fn is_usable(&self, now: Now) -> bool {
        self.shared.is_none() && self.remaining(now) > self.margins.hard
    }

    /// Whether the token is as young, and lives as long, as the caller wants.
    pub(super) fn suits(&self, now: Now, ask: &Ask) -> bool {
        self.remaining(now) >= ask.min_ttl && self.is_young(now, ask)
    }

    pub(super) fn is_young(&self, now: Now, ask: &Ask) -> bool {
        ask.max_age.is_none_or(|most| self.age(now) < most)
    }
}
