//! How much of a token's life is kept in reserve.

use crate::retry::scaled;
use crate::time::{Millis, SECOND};
use crate::token::Lifetime;

/// The margins of a token, fixed once; all scale with its lifetime, so that
/// short tokens are cached too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Margins {
    /// How long the token lives; `None`: for ever.
    pub lifetime: Option<Millis>,
    /// Callers get a token with at least this much left: min(30 s, L/10). Where a new one
    /// would live no longer, `hard`: there is no last chance, nor a refresh before it.
    pub soft: Millis,
    /// In the last chance, with at least this much: min(2 s, L/20).
    pub hard: Millis,
    /// The age at which a background refresh starts.
    pub refresh_at: Millis,
}

const MOST_SOFT: Millis = 30 * SECOND;
const MOST_HARD: Millis = 2 * SECOND;
const MOST_LEAD: Millis = 300 * SECOND;

impl Margins {
    /// The margins of a token that lives `lifetime`. `draw` in [0, 1) spreads the
    /// refreshes of processes that started together.
    #[must_use]
    pub fn new(lifetime: Lifetime, refresh_ahead: Option<Millis>, draw: f64) -> Self {
        let derived = matches!(lifetime, Lifetime::Derived(_));
        let lifetime = match lifetime {
            Lifetime::For(lifetime) | Lifetime::Derived(lifetime) => lifetime,
            Lifetime::None => 0,
            Lifetime::Never => {
                return Self {
                    lifetime: None,
                    soft: 0,
                    hard: 0,
                    refresh_at: Millis::MAX,
                };
            }
        };
        let hard = MOST_HARD.min(lifetime / 20);
        let mut soft = MOST_SOFT.min(lifetime / 10);
        let mut lead =
            refresh_ahead.map_or(MOST_LEAD.min(lifetime / 4), |ahead| ahead.min(lifetime / 3));
        if derived {
            (soft, lead) = (hard, 0);
        }
        let refresh_at = lifetime
            .saturating_sub(soft)
            .saturating_sub(scaled(lead, 1.0 + draw / 2.0));
        Self {
            lifetime: Some(lifetime),
            soft,
            hard,
            refresh_at: refresh_at.max(0),
        }
    }

    /// How much longer a token of this age lives.
    pub(super) fn remaining(&self, age: Millis) -> Millis {
        match self.lifetime {
            Some(lifetime) => lifetime.saturating_sub(age),
            None => Millis::MAX,
        }
    }
}
