//! What the rules leave open: sets of answers, and spans with an earliest and a latest
//! end.

use std::ops::BitOr;

use tokenlet::time::{Millis, Now};

use super::issued::elapsed;

/// Something lasts at least, and at most, so long.
#[derive(Clone, Copy)]
pub(crate) struct Span {
    pub(crate) from: Now,
    pub(crate) at_least: Millis,
    pub(crate) at_most: Millis,
}

/// A set of answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answers(u8);

pub(crate) const RETURN: Answers = Answers(1);
pub(crate) const REFRESH: Answers = Answers(2);
pub(crate) const JOIN: Answers = Answers(4);
pub(crate) const START: Answers = Answers(8);
pub(crate) const FAIL: Answers = Answers(16);

impl Span {
    /// Half again as long or as short as the spans, and never shorter than the wish.
    pub(crate) fn around(from: Now, spans: [Millis; 2], wish: Millis) -> Self {
        let (at_least, at_most) = ((spans[0] / 2).max(wish), spans[1].max(wish) * 3 / 2);
        Self {
            from,
            at_least,
            at_most,
        }
    }

    /// Whether it lasts: surely, and perhaps.
    pub(crate) fn odds(self, now: Now) -> (bool, bool) {
        let elapsed = elapsed(now, self.from);
        (elapsed < self.at_least, elapsed < self.at_most)
    }
}

impl Answers {
    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl BitOr for Answers {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
