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
    #[expect(clippy::cast_possible_truncation, reason = "`as` saturates, and the clamp follows")]
    let whole = millis as i64;
    Some(whole.clamp(-LAST_INSTANT, LAST_INSTANT))
}

/// The instant in an HTTP date, `Sun, 06 Nov 1994 08:49:37 GMT`.
///
/// RFC 9110, section 5.6.7: the preferred format only. The two obsolete ones
/// are read as no date, which costs a correction and never a token.
#[must_use]
pub fn from_http_date(text: &str) -> Option<Millis> {
    let (_, rest) = text.split_once(", ")?;
    let mut words = rest.split(' ');
    let day = number(words.next()?, 2)?;
    let name = words.next()?;
    let month = MONTHS.iter().position(|month| *month == name)?;
    let year = number(words.next()?, 4)?;
    let clock = words.next()?;
    if words.next()? != "GMT" || words.next().is_some() {
        return None;
    }
    let mut parts = clock.split(':');
    let hour = number(parts.next()?, 2)?;
    let minute = number(parts.next()?, 2)?;
    let second = number(parts.next()?, 2)?;
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 60 || !(1..=31).contains(&day) {
        return None;
    }
    let month = i64::try_from(month).ok()?.saturating_add(1);
    let hours = days_since_epoch(year, month, day).saturating_mul(24).saturating_add(hour);
    let minutes = hours.saturating_mul(60).saturating_add(minute);
    Some(minutes.saturating_mul(60).saturating_add(second).saturating_mul(SECOND))
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

fn number(digits: &str, length: usize) -> Option<i64> {
    (digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.parse().ok())?
}

/// Days from 1970-01-01 in the Gregorian calendar. Counting the year from March
/// puts the leap day last, which makes the months' lengths a straight line.
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year.saturating_sub(1) } else { year };
    let from_march = month.saturating_add(9) % 12;
    let day_of_year = from_march.saturating_mul(153).saturating_add(2) / 5;
    let leap_days = (year / 4).saturating_sub(year / 100).saturating_add(year / 400);
    year.saturating_mul(365)
        .saturating_add(leap_days)
        .saturating_add(day_of_year)
        .saturating_add(day)
        .saturating_sub(719_469)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_http_date_is_its_instant() {
        assert_eq!(from_http_date("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(from_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777_000));
        assert_eq!(from_http_date("Thu, 29 Feb 2024 12:00:00 GMT"), Some(1_709_208_000_000));
        for refused in ["", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET"] {
            assert_eq!(from_http_date(refused), None, "{refused}");
        }
    }

    #[test]
    fn elapsed_time_is_the_larger_of_the_two_clocks() {
        let start = Now { wall: 1_000, mono: 50 };
        assert_eq!(Now { wall: 0, mono: 80 }.since(start), 30, "the wall clock was stepped back");
        assert_eq!(Now { wall: 9_000, mono: 60 }.since(start), 8_000, "the machine slept");
        assert_eq!(Now { wall: 0, mono: 0 }.since(start), 0);
    }

    #[test]
    fn spans_are_cut_and_never_nan() {
        assert_eq!(from_seconds(1e300), Some(LAST_INSTANT));
        assert_eq!(from_seconds(f64::NAN), None);
        assert_eq!(from_seconds(-1.0), Some(-1_000));
    }
}
