//! Reading configs and descriptors: every fault names the path to it and what
//! was expected there.

use crate::error::Fault;
use crate::template::Template;
use crate::value::Value;

/// A value and the path that leads to it.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    path: String,
    value: &'a Value,
}

impl<'a> Reader<'a> {
    /// A reader of `value`, which messages call `name`.
    #[must_use]
    pub fn new(name: &str, value: &'a Value) -> Self {
        Self { path: name.to_owned(), value }
    }

    /// The value itself.
    #[must_use]
    pub fn value(&self) -> &'a Value {
        self.value
    }

    /// A fault here.
    #[must_use]
    pub fn fault(&self, expected: impl core::fmt::Display) -> Fault {
        Fault::at(&self.path, expected)
    }

    fn wrong_kind(&self, expected: &str) -> Fault {
        self.fault(format_args!("expected {expected}, got {}", self.value.kind()))
    }

    /// The members of an object. A member called like one of `Object.prototype`
    /// is refused: no honest field is, and JavaScript code may trip over it.
    pub fn members(&self) -> Result<impl Iterator<Item = (&'a str, Reader<'a>)>, Fault> {
        let Value::Object(members) = self.value else {
            return Err(self.wrong_kind("an object"));
        };
        if let Some((name, _)) = members.iter().find(|(name, _)| is_prototype_member(name)) {
            return Err(self.fault(format_args!("a field may not be called '{name}'")));
        }
        Ok(members.iter().map(|(name, value)| (name.as_str(), self.child(name, value))))
    }

    /// The members of an object whose fields are all among `known`.
    pub fn fields(&self, known: &[&str]) -> Result<Fields<'a>, Fault> {
        for (name, member) in self.members()? {
            if !known.contains(&name) {
                return Err(member.fault(unknown(name, known.iter().copied())));
            }
        }
        Ok(Fields(self.clone()))
    }

    /// The items of an array.
    pub fn items(&self) -> Result<impl Iterator<Item = Reader<'a>>, Fault> {
        let Value::Array(items) = self.value else {
            return Err(self.wrong_kind("an array"));
        };
        Ok(items.iter().enumerate().map(|(index, value)| Reader { path: format!("{}[{index}]", self.path), value }))
    }

    /// A string.
    pub fn text(&self) -> Result<&'a str, Fault> {
        self.value.as_str().ok_or_else(|| self.wrong_kind("a string"))
    }

    /// A boolean.
    pub fn flag(&self) -> Result<bool, Fault> {
        match self.value {
            Value::Bool(value) => Ok(*value),
            _ => Err(self.wrong_kind("a boolean")),
        }
    }

    /// A whole number from `least` to `most`.
    pub fn whole(&self, least: i64, most: i64) -> Result<i64, Fault> {
        let Value::Number(number) = self.value else {
            return Err(self.wrong_kind("a number"));
        };
        #[expect(clippy::cast_possible_truncation, reason = "`as` saturates, and the comparison follows")]
        let whole = *number as i64;
        #[expect(clippy::cast_precision_loss, reason = "the comparison is what finds the loss")]
        let exact = whole as f64 == *number;
        if exact && (least..=most).contains(&whole) {
            Ok(whole)
        } else {
            Err(self.fault(format_args!("expected a whole number from {least} to {most}")))
        }
    }

    /// A template.
    pub fn template(&self) -> Result<Template, Fault> {
        Template::parse(self.text()?).map_err(|fault| self.fault(fault))
    }

    /// One of the words in `choices`, as what it stands for.
    pub fn choice<T: Copy>(&self, choices: &[(&str, T)]) -> Result<T, Fault> {
        let text = self.text()?;
        match choices.iter().find(|(word, _)| *word == text) {
            Some((_, meaning)) => Ok(*meaning),
            None => {
                let words: Vec<_> = choices.iter().map(|(word, _)| format!("'{word}'")).collect();
                Err(self.fault(format_args!("expected {}", words.join(" or "))))
            }
        }
    }

    fn child(&self, name: &str, value: &'a Value) -> Self {
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        Self { path, value }
    }
}

/// The members of an object that were checked to be known.
#[derive(Clone, Debug)]
pub struct Fields<'a>(Reader<'a>);

impl<'a> Fields<'a> {
    /// The field `name`, unless it is absent.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Reader<'a>> {
        self.0.value.member(name).map(|value| self.0.child(name, value))
    }

    /// The field `name` as `read` understands it, unless it is absent.
    pub fn read<T>(&self, name: &str, read: impl FnOnce(&Reader<'a>) -> Result<T, Fault>) -> Result<Option<T>, Fault> {
        self.get(name).map(|field| read(&field)).transpose()
    }
}

/// What to say of the unknown name `name`, with the one that was likely meant.
pub fn unknown<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> String {
    let lower = name.to_ascii_lowercase();
    let close = known
        .map(|known| (strsim::osa_distance(&lower, &known.to_ascii_lowercase()), known))
        .filter(|(distance, known)| *distance <= 2 && *distance < known.len())
        .min_by_key(|(distance, _)| *distance);
    match close {
        Some((_, meant)) => format!("unknown field; did you mean '{meant}'?"),
        None => "unknown field".to_owned(),
    }
}

/// Whether `name` is a member of `Object.prototype`.
#[must_use]
pub fn is_prototype_member(name: &str) -> bool {
    const MEMBERS: [&str; 12] = [
        "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__", "__proto__", "constructor",
        "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf",
    ];
    MEMBERS.contains(&name)
}
