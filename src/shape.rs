//! What a config or a descriptor must look like, as tables, and the one function
//! that holds values against them. A fault names the path to it.

use crate::error::Fault;
use crate::template;
use crate::text::{concat, decimal, join};
use crate::value::Value;

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
    Whole(i64, i64),
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
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// The first words, or words of the language that are not acted on yet.
    OneOfSome(&'static [&'static str], &'static [&'static str]),
    /// An array.
    Each(&'static Shape),
    /// An object with free names.
    Map(&'static Shape),
    /// An object with these fields and no others.
    Record(Fields),
    /// A part of the language that is not acted on yet.
    Unsupported,
}

/// The fields that a record may have.
pub type Fields = &'static [(&'static str, Shape)];

/// Whole numbers up to here are exact in JavaScript.
pub const MOST: i64 = 1 << 53;

/// Holds `value` against `shape`. `path` leads to it, and is left as it was.
pub fn check(value: &Value, shape: Shape, path: &mut String) -> Result<(), Fault> {
    match (shape, value) {
        (Shape::Text | Shape::Scopes, Value::String(_))
        | (Shape::Flag, Value::Bool(_))
        | (Shape::Secret | Shape::Function, Value::Opaque("a function"))
        | (Shape::Foreign, Value::Opaque(_))
        | (Shape::Ttl, Value::Null) => Ok(()),
        (Shape::Filled | Shape::OneOrMore | Shape::Secret, Value::String(text)) => {
            match text.is_empty() {
                true => Err(Fault::at(path, "must not be empty")),
                false => Ok(()),
            }
        }
        (Shape::OneOrMore, Value::Array(items)) => check_items(items, Shape::Filled, path),
        (Shape::Scopes, Value::Array(items)) => check_items(items, Shape::Text, path),
        (Shape::Whole(least, most), Value::Number(_)) => match value.as_whole() {
            Some(whole) if (least..=most).contains(&whole) => Ok(()),
            _ => Err(Fault::at(
                path,
                &concat(&[
                    "expected a whole number from ",
                    &decimal(least),
                    " to ",
                    &decimal(most),
                ]),
            )),
        },
        (Shape::Ttl, Value::Number(_)) => check(value, Shape::Whole(0, i64::from(u32::MAX)), path),
        (Shape::Template | Shape::Ttl | Shape::Body, Value::String(text)) => {
            match template::check(text) {
                Some(fault) => Err(Fault::at(path, &fault)),
                None => Ok(()),
            }
        }
        (Shape::Id, Value::String(text)) => match is_id(text) {
            true => Ok(()),
            false => Err(Fault::at(
                path,
                "expected lower-case letters, digits, '.', '_' and '-', with a letter or digit first",
            )),
        },
        (Shape::Path | Shape::Paths, Value::String(text)) => {
            match text.is_empty() || text.starts_with("header:") {
                true => Err(unsupported(path, text)),
                false => Ok(()),
            }
        }
        (Shape::Paths, Value::Array(items)) if !items.is_empty() => {
            check_items(items, Shape::Path, path)
        }
        (Shape::OneOf(words), Value::String(text)) => check_word(text, words, &[], path),
        (Shape::OneOfSome(words, later), Value::String(text)) => {
            check_word(text, words, later, path)
        }
        (Shape::Each(shape), Value::Array(items)) => check_items(items, *shape, path),
        (Shape::Body, Value::Array(items)) => check_items(items, Shape::Body, path),
        (Shape::Map(shape), Value::Object(members)) => check_members(members, *shape, path),
        (Shape::Body, Value::Object(members)) => check_members(members, Shape::Body, path),
        (Shape::Body, Value::Null | Value::Bool(_)) => Ok(()),
        // The number printer for fractions is larger than all else that is printed.
        (Shape::Body, Value::Number(_)) => check(value, Shape::Whole(-MOST, MOST), path),
        (Shape::Record(fields), Value::Object(members)) => {
            for (name, member) in members {
                let Some((_, shape)) = fields.iter().find(|(known, _)| known == name) else {
                    let names: Vec<&str> = fields.iter().map(|(known, _)| *known).collect();
                    return within(path, name, |path| {
                        Err(Fault::at(path, &unknown("field", name, &names)))
                    });
                };
                within(path, name, |path| check(member, *shape, path))?;
            }
            Ok(())
        }
        (Shape::Unsupported, _) => Err(Fault::at(path, "not supported by this version")),
        _ => Err(Fault::at(
            path,
            &concat(&["expected ", expected(shape), ", got ", value.kind()]),
        )),
    }
}

fn expected(shape: Shape) -> &'static str {
    match shape {
        Shape::Text
        | Shape::Filled
        | Shape::Id
        | Shape::Template
        | Shape::Path
        | Shape::OneOf(_)
        | Shape::OneOfSome(..) => "a string",
        Shape::OneOrMore | Shape::Scopes | Shape::Paths => "a string or an array of strings",
        Shape::Secret => "a string, or a function that gives one",
        Shape::Function => "a function",
        Shape::Foreign | Shape::Map(_) | Shape::Record(_) => "an object",
        Shape::Flag => "a boolean",
        Shape::Whole(..) => "a number",
        Shape::Ttl => "a number of seconds, null or a template",
        Shape::Body | Shape::Unsupported => "plain data",
        Shape::Each(_) => "an array",
    }
}

fn check_items(items: &[Value], shape: Shape, path: &mut String) -> Result<(), Fault> {
    for (index, item) in items.iter().enumerate() {
        within(
            path,
            &decimal(i64::try_from(index).unwrap_or(MOST)),
            |path| check(item, shape, path),
        )?;
    }
    Ok(())
}

/// A member called like one of `Object.prototype` is refused: no honest field is,
/// and JavaScript code may trip over it.
fn check_members(
    members: &[(String, Value)],
    shape: Shape,
    path: &mut String,
) -> Result<(), Fault> {
    for (name, member) in members {
        within(path, name, |path| match is_prototype_member(name) {
            true => Err(Fault::at(path, "a field may not have this name")),
            false => check(member, shape, path),
        })?;
    }
    Ok(())
}

fn check_word(text: &str, words: &[&str], later: &[&str], path: &str) -> Result<(), Fault> {
    if words.contains(&text) {
        Ok(())
    } else if later.contains(&text) {
        Err(unsupported(path, text))
    } else {
        Err(Fault::at(path, &one_of(words)))
    }
}

/// What was expected where one of `words` was.
pub(crate) fn one_of(words: &[&str]) -> String {
    concat(&["expected '", &join(words, "' or '"), "'"])
}

fn unsupported(path: &str, word: &str) -> Fault {
    Fault::at(
        path,
        &concat(&["'", word, "' is not supported by this version"]),
    )
}

fn within(
    path: &mut String,
    name: &str,
    check: impl FnOnce(&mut String) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let length = path.len();
    if length > 0 {
        path.push('.');
    }
    path.push_str(name);
    let checked = check(path);
    path.truncate(length);
    checked
}

/// What to say of a name that nobody knows, with the one that was likely meant.
#[must_use]
pub fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    let lower = name.to_ascii_lowercase();
    let mut close = (3, "");
    for known in known {
        let distance = strsim::osa_distance(&lower, &known.to_ascii_lowercase());
        if distance < close.0 && distance < known.len() {
            close = (distance, known);
        }
    }
    match close.1 {
        "" => concat(&["unknown ", what]),
        meant => concat(&["unknown ", what, "; did you mean '", meant, "'?"]),
    }
}

fn is_id(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.bytes().next().is_some_and(word)
        && text
            .bytes()
            .all(|byte| word(byte) || b"._-".contains(&byte))
        && !is_prototype_member(text)
}

/// Whether `name` is a member of `Object.prototype`.
#[must_use]
pub fn is_prototype_member(name: &str) -> bool {
    const MEMBERS: [&str; 12] = [
        "__defineGetter__",
        "__defineSetter__",
        "__lookupGetter__",
        "__lookupSetter__",
        "__proto__",
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "toString",
        "valueOf",
    ];
    MEMBERS.contains(&name)
}
