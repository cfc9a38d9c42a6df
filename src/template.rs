//! Templates of the descriptor language: a literal with `{name}` in it.
//!
//! `{name?}` drops the whole entry when the parameter is unset; `{{` and `}}`
//! are literal braces. There are no conditionals and nothing nests.

/// A parsed template.
#[derive(Clone, Debug, PartialEq)]
pub struct Template(Vec<Part>);

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Literal(String),
    Param { name: String, optional: bool },
}

impl Template {
    /// Parses `text`; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(at);
            literal.push_str(before);
            if let Some(after) = from.strip_prefix("{{") {
                literal.push('{');
                rest = after;
            } else if let Some(after) = from.strip_prefix("}}") {
                literal.push('}');
                rest = after;
            } else if let Some(after) = from.strip_prefix('{') {
                let (name, after) = after.split_once('}').ok_or("a '{' that is never closed; a literal brace is written '{{'")?;
                if !literal.is_empty() {
                    parts.push(Part::Literal(core::mem::take(&mut literal)));
                }
                parts.push(param(name)?);
                rest = after;
            } else {
                return Err("a '}' that closes nothing; a literal brace is written '}}'".to_owned());
            }
        }
        literal.push_str(rest);
        if !literal.is_empty() || parts.is_empty() {
            parts.push(Part::Literal(literal));
        }
        Ok(Self(parts))
    }

    /// The names that the template mentions.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Param { name, .. } => Some(name.as_str()),
            Part::Literal(_) => None,
        })
    }

    /// The one name of a template that is nothing else: `{expiresIn}`.
    #[must_use]
    pub fn sole_name(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Part::Param { name, .. }] => Some(name),
            _ => None,
        }
    }

    /// The text with every name replaced by what `value` says of it. `None` drops
    /// the entry: an optional name is unset.
    pub fn expand(&self, mut value: impl FnMut(&str) -> Option<String>) -> Option<String> {
        let mut out = String::new();
        for part in &self.0 {
            match part {
                Part::Literal(text) => out.push_str(text),
                Part::Param { name, optional } => match value(name) {
                    Some(text) => out.push_str(&text),
                    None if *optional => return None,
                    None => {}
                },
            }
        }
        Some(out)
    }
}

fn param(inside: &str) -> Result<Part, String> {
    let (name, optional) = match inside.strip_suffix('?') {
        Some(name) => (name, true),
        None => (inside, false),
    };
    if name.starts_with('$') {
        return Err(format!("'{{{inside}}}', which this version does not support"));
    }
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if name.is_empty() || !name.bytes().all(word) {
        return Err(format!("'{{{inside}}}', which names no parameter"));
    }
    Ok(Part::Param { name: name.to_owned(), optional })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expand(text: &str) -> Option<String> {
        Template::parse(text).ok()?.expand(|name| (name == "a").then(|| "1".to_owned()))
    }

    #[test]
    fn names_are_replaced_and_optional_entries_dropped() {
        assert_eq!(expand("x{a}y{{{a}}}").as_deref(), Some("x1y{1}"));
        assert_eq!(expand("{b?}"), None);
        assert_eq!(expand("-{b}-").as_deref(), Some("--"));
        assert_eq!(expand("").as_deref(), Some(""));
    }

    #[test]
    fn faults_are_told() {
        for text in ["{", "}", "{}", "{a b}", "{$uuid}", "a{b"] {
            assert!(Template::parse(text).is_err(), "{text}");
        }
    }
}
