//! What a runtime does for the core, as `JSON.parse` and `Date` do it: members keep their
//! order, and dates are those that vendors send.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use tokenlet::time::Millis;
use tokenlet::value::{Host, Value};

use crate::support;

/// Unlike the host of the other scenarios, it knows more than one day.
pub(crate) const HOST: Host = Host {
    read_json: |text| Some(serde_json::from_str::<Ordered>(text).ok()?.0),
    read_date,
    write_date,
    ..support::HOST
};

/// A value of the core's, as it stands in JSON text.
pub(crate) struct Ordered(pub(crate) Value);

/// `Sun, 06 Nov 1994 08:49:37 GMT`, or ISO 8601; a time without a zone is taken for UTC.
pub(crate) fn read_date(text: &str) -> Option<Millis> {
    let (date, clock, zone) = if text.starts_with(|first: char| first.is_ascii_alphabetic()) {
        let parts: Vec<&str> = text.split_whitespace().collect();
        let [_, day, month, year, clock, "GMT"] = parts[..] else {
            return None;
        };
        let month = MONTHS.iter().position(|name| *name == month)? + 1;
        (format!("{year}-{month}-{day}"), clock, 0)
    } else {
        let (date, time) = text.split_once(['T', ' '])?;
        let (clock, zone) = read_zone(time)?;
        (date.to_owned(), clock, zone)
    };
    let [year, month, day] = numbers(&date, '-')?;
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let [hours, minutes, seconds] = numbers(whole, ':')?;
    let millis: Millis = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    let minutes = (days(year, month, day) * 24 + hours) * 60 + minutes - zone;
    Some((minutes * 60 + seconds) * 1_000 + millis)
}

/// As `toISOString` writes it.
fn write_date(instant: Millis) -> String {
    let (day, time) = (instant.div_euclid(DAY), instant.rem_euclid(DAY));
    let year = (1970..).take_while(|year| days(*year, 1, 1) <= day).last();
    let year = year.unwrap();
    let months = 1..=12;
    let month = months
        .take_while(|month| days(year, *month, 1) <= day)
        .last();
    let month = month.unwrap();
    let date = day - days(year, month, 1) + 1;
    let (hours, minutes, seconds) = (time / 3_600_000, time / 60_000 % 60, time / 1_000 % 60);
    let millis = time % 1_000;
    format!("{year}-{month:02}-{date:02}T{hours:02}:{minutes:02}:{seconds:02}.{millis:03}Z")
}

/// The time and, in minutes, how far it is ahead of UTC.
fn read_zone(time: &str) -> Option<(&str, Millis)> {
    let Some(at) = time.find(['Z', '+', '-']) else {
        return Some((time, 0));
    };
    let (clock, zone) = time.split_at(at);
    let digits = zone[1..].replace(':', "");
    if digits.is_empty() {
        return Some((clock, 0));
    }
    let (hours, minutes) = digits.split_at_checked(2)?;
    let ahead = hours.parse::<Millis>().ok()? * 60 + minutes.parse::<Millis>().ok()?;
    Some((clock, if zone.starts_with('-') { -ahead } else { ahead }))
}

fn numbers(text: &str, separator: char) -> Option<[Millis; 3]> {
    let numbers: Vec<Millis> = text
        .split(separator)
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    numbers.try_into().ok()
}

/// Days since the epoch. A year is taken to begin with March, so that its leap day is
/// its last.
fn days(year: Millis, month: Millis, day: Millis) -> Millis {
    let year = if month < 3 { year - 1 } else { year };
    let of_year = ((month + 9) % 12 * 153 + 2) / 5 + day - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + of_year - 719_468
}

const DAY: Millis = 86_400_000;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

impl<'de> Deserialize<'de> for Ordered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader).map(Self)
    }
}

struct Reader;

#[expect(
    clippy::cast_precision_loss,
    reason = "JavaScript holds all numbers as doubles"
)]
impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Ordered(item)) = items.next_element()? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Vec::new();
        while let Some((name, Ordered(member))) = members.next_entry()? {
            object.push((name, member));
        }
        Ok(Value::Object(object))
    }
}
