//! A token as the rules see it: how long it lives, and its margins.

use tokenlet::secret::Secret;
use tokenlet::time::{Millis, Now};
use tokenlet::token::{Lifetime, Token};

/// A token that a server issued.
#[derive(Clone, Debug)]
pub(crate) struct Issued {
    pub(crate) name: String,
    /// Which of all the yields it is.
    pub(crate) handle: usize,
    pub(crate) lifetime: Lifetime,
    /// Before its request was sent.
    pub(crate) sent: Now,
    pub(crate) got: Now,
    pub(crate) refresh_ahead: Option<Millis>,
}

const SECOND: Millis = 1_000;

/// The larger of what the two clocks say.
pub(crate) fn elapsed(now: Now, then: Now) -> Millis {
    (now.wall - then.wall).max(now.mono - then.mono)
}

impl Issued {
    pub(crate) fn age(&self, now: Now) -> Millis {
        elapsed(now, self.sent)
    }

    /// How much longer it lives; one whose life nobody knows has none.
    pub(crate) fn left(&self, now: Now) -> Millis {
        match self.lifetime {
            Lifetime::Never => Millis::MAX,
            Lifetime::For(lifetime) | Lifetime::Derived(lifetime) => lifetime - self.age(now),
            Lifetime::None => 0,
        }
    }

    /// What a request just yielded is returned whatever it is.
    pub(crate) fn is_new(&self, now: Now) -> bool {
        elapsed(now, self.got) < SECOND
    }

    /// S = min(30 s, L/10), and H where a new token would live no longer.
    pub(crate) fn soft(&self) -> Millis {
        if self.is_derived() {
            return self.hard();
        }
        self.span()
            .map_or(0, |lifetime| (30 * SECOND).min(lifetime / 10))
    }

    /// H = min(2 s, L/20). A token of unknown life is dead only when it is not new.
    pub(crate) fn hard(&self) -> Millis {
        match self.lifetime {
            Lifetime::None => -1,
            _ => self
                .span()
                .map_or(0, |lifetime| (2 * SECOND).min(lifetime / 20)),
        }
    }

    /// The earliest and the latest age of R = E - S - W·jitter, with jitter in [1, 1.5] and
    /// W = min(300 s, L/4), or min(refreshAhead, L/3). A derived token is not refreshed.
    pub(crate) fn refresh(&self) -> (Millis, Millis) {
        let Some(lifetime) = self.span() else {
            return (Millis::MAX, Millis::MAX);
        };
        if self.is_derived() {
            return (lifetime - self.hard(), lifetime - self.hard());
        }
        let lead = match self.refresh_ahead {
            None => (300 * SECOND).min(lifetime / 4),
            Some(ahead) => ahead.min(lifetime / 3),
        };
        let latest = lifetime - self.soft() - lead;
        ((latest - lead / 2 - 1).max(0), latest)
    }

    /// How long it may be kept; `None`: not at all.
    pub(crate) fn may_be_kept(&self) -> Option<Millis> {
        match self.lifetime {
            Lifetime::Never => Some(Millis::MAX),
            Lifetime::For(lifetime) | Lifetime::Derived(lifetime) => Some(lifetime),
            Lifetime::None => None,
        }
    }

    fn is_derived(&self) -> bool {
        matches!(self.lifetime, Lifetime::Derived(_))
    }

    fn span(&self) -> Option<Millis> {
        match self.lifetime {
            Lifetime::For(lifetime) | Lifetime::Derived(lifetime) => Some(lifetime),
            _ => None,
        }
    }
}

/// The token as the core gets it.
pub(crate) fn granted(name: &str, lifetime: Lifetime) -> Token {
    Token {
        access_token: Secret::new(name.to_owned()),
        token_type: "Bearer".to_owned(),
        lifetime,
        expires_at: None,
        scope: None,
        header: None,
        extra: Vec::new(),
    }
}
