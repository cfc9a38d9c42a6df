//! What a config or a descriptor must look like, as tables, and the one function
//! that holds values against them. A fault names the path to it.

use crate::error::Fault;
use crate::template;
use crate::text::{all, concat, decimal, holds, join, parts};
use crate::value::{Value, find};

/// The shape that a value must have.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Any string.
    Text,
    /// A string that is not empty.
    Filled,
    /// One string that is not empty, or an array of them.
    OneOrMore,
    /// One string, or an array of strings.
    Scopes,
    /// A string that is not empty, or a function.
    Secret,
    /// A function.
    Function,
    /// An object that the host heeds.
    Foreign,
    /// `true` or `false`.
    Flag,
    /// A whole number from the first to the second.
    Whole(u8, u32),
    /// A whole number that is not negative.
    Natural,
    /// A whole number, however large.
    Integer,
    /// A whole number from 1, however large.
    Positive,
    /// `null`, a whole number or a template.
    Ttl,
    /// The id of a provider.
    Id,
    /// A template.
    Template,
    /// A path into an answer.
    Path,
    /// A path, or an array of them with at least one.
    Paths,
    /// A template, a literal, or a structure of them.
    Body,
    /// Plain data.
    Any,
    /// One of these words, with a space between them.
    OneOf(&'static str),
    /// An array.
    Each(&'static Shape),
    /// An object with free names.
    Map(&'static Shape),
    /// An object with these fields and no others; the second names those that it must
    /// have.
    Record(Fields, &'static str),
}

/// The fields that a record may have: names, with a space between them, and the
/// shape of each.
pub type Fields = &'static [(&'static str, Shape)];

/// Whole numbers up to here are exact in JavaScript.
pub const MOST: i64 = 1 << 53;

/// Holds `value`, which stands in the field `name`, against `shape`.
pub fn check(value: &Value, shape: &Shape, name: &str) -> Result<(), Fault> {
    let owned;
    // What is wrong; empty when nothing is, and none when it is the kind of value.
    let fault = match value {
        _ if matches!(shape, Shape::Foreign) => Some(""),
        Value::String(text) => match shape {
            Shape::OneOf(words) => {
                owned = not_one_of(words, text);
                Some(owned.as_str())
            }
            _ => wrong_text(shape, text),
        },
        Value::Number(number) => match shape {
            Shape::Whole(..) | Shape::Natural | Shape::Integer | Shape::Positive | Shape::Ttl => {
                owned = out_of_range(shape, *number);
                Some(owned.as_str())
            }
            // What JSON has no number for.
            Shape::Body | Shape::Any => number.is_finite().then_some(""),
            _ => None,
        },
        Value::Array(items) => match shape {
            Shape::Paths if items.is_empty() => None,
            Shape::OneOrMore
            | Shape::Scopes
            | Shape::Paths
            | Shape::Each(_)
            | Shape::Body
            | Shape::Any => {
                return check_items(items, part(shape), name);
            }
            _ => None,
        },
        Value::Object(members) => match shape {
            Shape::Map(_) | Shape::Body | Shape::Any | Shape::Record(..) => {
                return check_members(members, shape, name);
            }
            _ => None,
        },
        Value::Null => matches!(shape, Shape::Ttl | Shape::Body | Shape::Any).then_some(""),
        Value::Bool(_) => matches!(shape, Shape::Flag | Shape::Body | Shape::Any).then_some(""),
        Value::Held(_) => matches!(shape, Shape::Secret).then_some(""),
        Value::Opaque(kind) => match shape {
            Shape::Secret | Shape::Function if *kind == "a function" => Some(""),
            _ => None,
        },
    };
    match fault {
        Some("") => Ok(()),
        Some(fault) => Err(Fault::at(name, fault)),
        None => Err(Fault::at(
            name,
            &concat(&["expected ", expected(shape), ", got ", value.kind()]),
        )),
    }
}

/// What is wrong with a text; empty when nothing is, and none when it should be none.
fn wrong_text(shape: &Shape, text: &str) -> Option<&'static str> {
    let (right, fault) = match shape {
        Shape::Text | Shape::Scopes | Shape::Path | Shape::Paths | Shape::Any => (true, ""),
        Shape::Filled | Shape::OneOrMore | Shape::Secret => (!text.is_empty(), "must not be empty"),
        Shape::Template | Shape::Ttl | Shape::Body => (false, template::check(text)),
        Shape::Id => (
            is_id(text),
            "expected lower-case letters, digits, '.', '_' and '-'",
        ),
        _ => return None,
    };
    Some(if right { "" } else { fault })
}

fn expected(shape: &Shape) -> &'static str {
    match shape {
        Shape::OneOrMore | Shape::Scopes | Shape::Paths => "a string or an array of strings",
        Shape::Secret => "a string, or a function that gives one",
        Shape::Function => "a function",
        Shape::Map(_) | Shape::Record(..) => "an object",
        Shape::Flag => "a boolean",
        Shape::Whole(..) | Shape::Natural | Shape::Integer | Shape::Positive => "a number",
        Shape::Ttl => "a number of seconds, null or a template",
        Shape::Body | Shape::Any => "plain data",
        Shape::Each(_) => "an array",
        _ => "a string",
    }
}

/// The shape of the items or members of a value of this shape.
fn part(shape: &Shape) -> &Shape {
    match shape {
        Shape::OneOrMore => &Shape::Filled,
        Shape::Scopes => &Shape::Text,
        Shape::Paths => &Shape::Path,
        Shape::Each(part) | Shape::Map(part) => part,
        other => other,
    }
}

fn check_items(items: &[Value], shape: &Shape, name: &str) -> Result<(), Fault> {
    let mut index = 0;
    for item in items {
        check(item, shape, &decimal(index)).map_err(|fault| fault.within(name))?;
        index = index.saturating_add(1);
    }
    Ok(())
}

fn check_members(members: &[(String, Value)], shape: &Shape, name: &str) -> Result<(), Fault> {
    for (member, value) in members {
        let checked = match shape {
            Shape::Record(fields, _) => match field(fields, member) {
                Some(shape) => check(value, shape, member),
                None => Err(stranger(member, fields, &[])),
            },
            // No honest field is called so, and JavaScript code may trip over it.
            _ if is_prototype_member(member) => {
                Err(Fault::at(member, "a field may not have this name"))
            }
            _ => check(value, part(shape), member),
        };
        checked.map_err(|fault| fault.within(name))?;
    }
    if let Shape::Record(_, needed) = shape {
        for needed in words(needed) {
            if find(members, needed).is_none() {
                return Err(Fault::at(needed, "required, but missing").within(name));
            }
        }
    }
    Ok(())
}

/// The words of a text that has a space between them.
fn words(text: &'static str) -> impl Iterator<Item = &'static str> {
    parts(text, " ").filter(|word| !word.is_empty())
}

/// The shape of the field `name`.
pub(crate) fn field(fields: Fields, name: &str) -> Option<&'static Shape> {
    for (names, shape) in fields {
        if is_word(name, names) {
            return Some(shape);
        }
    }
    None
}

/// Whether `text` is one of `words`, which have a space between them.
pub(crate) fn is_word(text: &str, words: &str) -> bool {
    for word in parts(words, " ") {
        if word == text {
            return true;
        }
    }
    false
}

/// What is wrong with a field that nobody knows: neither one of `fields` nor a
/// member of `own`.
pub(crate) fn stranger(name: &str, fields: Fields, own: &[(String, Value)]) -> Fault {
    let mut guess = Guess::new(name);
    for (names, _) in fields {
        for known in parts(names, " ") {
            guess.consider(known);
        }
    }
    for (known, _) in own {
        guess.consider(known);
    }
    Fault::at(name, &guess.unknown("field"))
}

/// Why `text` is none of `words`; empty when it is one.
fn not_one_of(words: &str, text: &str) -> String {
    if is_word(text, words) {
        return String::new();
    }
    let mut shown = Vec::new();
    for word in parts(words, " ") {
        shown.push(word);
    }
    one_of(&shown)
}

/// What was expected where one of `words` was.
pub(crate) fn one_of(words: &[&str]) -> String {
    concat(&["expected '", &join(words, "' or '"), "'"])
}

/// Why a number is not in the range of `shape`; empty when it is.
fn out_of_range(shape: &Shape, number: f64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "2^53 is a double")]
    let (least, most) = match shape {
        Shape::Whole(least, most) => (f64::from(*least), f64::from(*most)),
        Shape::Natural => (0.0, MOST as f64),
        Shape::Positive => (1.0, f64::MAX),
        _ => (f64::MIN, f64::MAX),
    };
    if number.trunc() == number && least <= number && number <= most {
        return String::new();
    }
    let mut expected = "expected a whole number".to_owned();
    let mut add = |word, bound: f64| {
        if bound.abs() < f64::MAX {
            expected.push_str(word);
            #[expect(clippy::cast_possible_truncation, reason = "up to 2^53")]
            expected.push_str(&decimal(bound as i64));
        }
    };
    add(" from ", least);
    add(" to ", most);
    expected
}

/// Finds the name that was likely meant by one that nobody knows.
pub(crate) struct Guess<'n> {
    name: &'n str,
    meant: &'n str,
    edits: usize,
}

impl<'n> Guess<'n> {
    pub(crate) fn new(name: &'n str) -> Self {
        Self {
            name,
            meant: "",
            edits: 3,
        }
    }

    /// Two edits at most, and fewer than a short name has letters.
    pub(crate) fn consider(&mut self, known: &'n str) {
        while let Some(fewer) = self.edits.checked_sub(1)
            && fewer < known.len()
            && is_close(self.name.as_bytes(), known.as_bytes(), fewer)
        {
            (self.edits, self.meant) = (fewer, known);
        }
    }

    /// What to say of it.
    pub(crate) fn unknown(&self, what: &str) -> String {
        match self.meant {
            "" => concat(&["unknown ", what]),
            meant => concat(&["unknown ", what, "; did you mean '", meant, "'?"]),
        }
    }
}

/// Whether at most `edits` insertions, deletions, replacements and swaps of
/// neighbours make one text the other; case does not count. With two edits and
/// short names it looks at few places, and needs no table.
fn is_close(one: &[u8], other: &[u8], edits: usize) -> bool {
    let ([first, one_rest @ ..], [last, other_rest @ ..]) = (one, other) else {
        return one.len().max(other.len()) <= edits;
    };
    if first.eq_ignore_ascii_case(last) {
        return is_close(one_rest, other_rest, edits);
    }
    let Some(left) = edits.checked_sub(1) else {
        return false;
    };
    let swapped = match (one_rest, other_rest) {
        ([second, one_rest @ ..], [next, other_rest @ ..]) => {
            first.eq_ignore_ascii_case(next)
                && second.eq_ignore_ascii_case(last)
                && is_close(one_rest, other_rest, left)
        }
        _ => false,
    };
    swapped
        || is_close(one_rest, other, left)
        || is_close(one, other_rest, left)
        || is_close(one_rest, other_rest, left)
}

fn is_id(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.as_bytes().first().is_some_and(|byte| word(*byte))
        && all(text, |byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || holds(b"._-", byte)
        })
        && !is_prototype_member(text)
}

/// Whether `name` is a member of `Object.prototype`.
#[must_use]
pub fn is_prototype_member(name: &str) -> bool {
    const MEMBERS: &str = "__defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__ \
        __proto__ constructor hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString \
        toString valueOf";
    is_word(name, MEMBERS)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    proptest::proptest! {
        #[test]
        fn closeness_agrees_with_the_library(one in "[abA]{0,6}", other in "[abA]{0,6}") {
            let distance = strsim::osa_distance(&one.to_lowercase(), &other.to_lowercase());
            for edits in 0..3 {
                assert_eq!(super::is_close(one.as_bytes(), other.as_bytes(), edits), distance <= edits);
            }
        }
    }
}
