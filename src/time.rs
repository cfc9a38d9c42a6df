//! Instants and spans. The core reads no clock: [`Now`] is an argument.

use crate::text::{concat, digits, parts, replace, split, split_before};

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

/// An instant in ISO 8601, down to the millisecond: `2026-01-31T12:00:00.123Z`. A space
/// may stand for the `T`, the seconds may be left out, and so may the offset, which is
/// then that of UTC.
#[must_use]
pub fn from_iso8601(text: &str) -> Option<Millis> {
    let (date, time) = text.trim().split_at_checked(10)?;
    let [year, month, day] = numbers(date, "-")?;
    let (time, minutes) = zone(time.strip_prefix(['T', 't', ' ']).unwrap_or(time).trim())?;
    let (time, fraction) = split(time, ".").unwrap_or((time, "0"));
    let [hour, minute, second] = match time {
        "" => [0; 3],
        _ => numbers(time, ":").or_else(|| numbers(&concat(&[time, ":00"]), ":"))?,
    };
    // As if it were written with three digits.
    let millis = digits(concat(&[fraction, "000"]).get(..3)?)?;
    if !matches!(
        (month, day, hour, minute, second),
        (1..=12, 1..=31, 0..=24, 0..=59, 0..=60)
    ) {
        return None;
    }
    #[expect(clippy::arithmetic_side_effects, reason = "years have four digits")]
    let seconds = ((days(year, month, day) * 24 + hour) * 60 + minute - minutes) * 60 + second;
    seconds.checked_mul(SECOND)?.checked_add(millis)
}

/// A time without its offset from UTC, and the offset in minutes.
fn zone(time: &str) -> Option<(&str, i64)> {
    if let Some(time) = time.strip_suffix(['Z', 'z']) {
        return Some((time, 0));
    }
    let (before, offset) = split_before(time, b"+-");
    let offset_digits = replace(offset.get(1..).unwrap_or_default(), ":", "");
    let minutes = match (offset_digits.len(), digits(&offset_digits)) {
        (0, _) => 0,
        (2, Some(hours)) => hours.saturating_mul(60),
        (4, Some(both)) => (both / 100).saturating_mul(60).saturating_add(both % 100),
        _ => return None,
    };
    let sign = if offset.starts_with("-") { -1 } else { 1 };
    Some((before.trim(), minutes.saturating_mul(sign)))
}

/// Three numbers with `mark` between them, of two digits each but the first of a date.
fn numbers(text: &str, mark: &'static str) -> Option<[i64; 3]> {
    let mut all = [0; 3];
    let mut given = parts(text, mark);
    for number in &mut all {
        *number = digits(given.next()?)?;
    }
    given.next().is_none().then_some(all)
}

/// Days from 1970-01-01 to a date of the Gregorian calendar. March is the first month
/// of a year here, so that the leap day is the last of one.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "years have at most ten digits"
)]
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (153 * month + 2) / 5 + day - 719_469
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_in_the_spellings_that_vendors_use() {
        for (text, instant) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2024-02-29T23:59:59.5+00:00", 1_709_251_199_500),
            ("2026-01-31 12:00:00", 1_769_860_800_000),
            ("2026-01-31T12:00Z", 1_769_860_800_000),
            ("2026-01-31T12:00:00.000000Z", 1_769_860_800_000),
            ("2026-01-31T14:30:00.000+0230", 1_769_860_800_000),
            ("2026-01-31 02:00:00 -10", 1_769_860_800_000),
            ("2026-01-31", 1_769_817_600_000),
            ("2000-03-01T00:00:00Z", 951_868_800_000),
            ("1969-12-31T23:59:59Z", -1_000),
        ] {
            assert_eq!(from_iso8601(text), Some(instant), "{text}");
        }
        for text in [
            "",
            "now",
            "2026",
            "2026-13-01",
            "2026-01-31T25:00:00Z",
            "2026-01-31T12:00:00+1",
            "é026-01-31",
        ] {
            assert_eq!(from_iso8601(text), None, "{text}");
        }
    }

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
