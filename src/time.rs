//! Instants and spans. The core reads no clock: [`Now`] is an argument.

/// Whole milliseconds: a span, or an instant since the epoch.
pub type Millis = i64;

/// One second, as the vendors' parameters count.
pub const SECOND: Millis = 1_000;

/// The last instant a JavaScript `Date` can name, 275760-09-13; what a server
/// says beyond it is this.
pub const LAST_INSTANT: Millis = 8_640_000_000_000_000;

/// What the runtime's two clocks show, read together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// The wall clock, since the epoch. It may be stepped in either direction.
    pub wall: Millis,
    /// A clock that never goes back, from an origin of its own. It may stand
    /// still while the machine is suspended.
    pub mono: Millis,
}

impl Now {
    /// How long ago `earlier` was: the larger of what the two clocks say, so that
    /// neither a step back nor a suspend keeps a token alive.
    #[must_use]
    #[inline(never)]
    pub fn since(self, earlier: Self) -> Millis {
        let wall = self.wall.saturating_sub(earlier.wall);
        let mono = self.mono.saturating_sub(earlier.mono);
        wall.max(mono).max(0)
    }
}

/// Seconds to milliseconds, cut at [`LAST_INSTANT`]; `None` for NaN.
#[must_use]
pub fn from_seconds(seconds: f64) -> Option<Millis> {
    from_millis(seconds * 1_000.0)
}

/// Milliseconds as a server counts them, cut at [`LAST_INSTANT`] either way;
/// `None` for NaN.
#[must_use]
#[inline(never)]
pub fn from_millis(millis: f64) -> Option<Millis> {
    if millis.is_nan() {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "`as` saturates, and the clamp follows"
    )]
    let whole = millis as i64;
    Some(whole.clamp(-LAST_INSTANT, LAST_INSTANT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elapsed_time_is_the_larger_of_the_two_clocks() {
        let start = Now {
            wall: 1_000,
            mono: 50,
        };
        assert_eq!(
            Now { wall: 0, mono: 80 }.since(start),
            30,
            "the wall clock was stepped back"
        );
        assert_eq!(
            Now {
                wall: 9_000,
                mono: 60
            }
            .since(start),
            8_000,
            "the machine slept"
        );
        assert_eq!(Now { wall: 0, mono: 0 }.since(start), 0);
    }

    #[test]
    fn spans_are_cut_and_never_nan() {
        assert_eq!(from_seconds(1e300), Some(LAST_INSTANT));
        assert_eq!(from_seconds(f64::NAN), None);
        assert_eq!(from_seconds(-1.0), Some(-1_000));
    }
}
