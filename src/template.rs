//! Templates of the descriptor language: a literal with `{name}` in it.
//!
//! `{name?}` drops the whole entry when the parameter is unset; names that start
//! with `$` mean what each request makes anew; `{{` and `}}` are literal braces. There
//! are no conditionals and nothing nests.

use crate::text::{split, split_before};

/// What each request makes anew: an id, the time in three spellings, and a JWT.
pub const FRESH: &str = "$uuid $now.s $now.ms $now.iso $assertion";

/// One piece of a template.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Piece<'t> {
    Literal(&'t str),
    Name {
        name: &'t str,
        optional: bool,
    },
    /// What is wrong.
    Fault(&'static str),
}

/// Takes the first piece off `rest`.
fn next<'t>(rest: &mut &'t str) -> Option<Piece<'t>> {
    let (literal, marked) = split_before(rest, b"{}");
    let (piece, after) = if !literal.is_empty() {
        (Piece::Literal(literal), marked)
    } else if marked.is_empty() {
        return None;
    } else if let Some(after) = marked.strip_prefix("{{") {
        (Piece::Literal("{"), after)
    } else if let Some(after) = marked.strip_prefix("}}") {
        (Piece::Literal("}"), after)
    } else if let Some(inside) = marked.strip_prefix("{") {
        match split(inside, "}") {
            Some((inside, after)) => (name(inside), after),
            None => (
                Piece::Fault("a '{' that is never closed; '{{' is a brace"),
                "",
            ),
        }
    } else {
        (
            Piece::Fault("a '}' that closes nothing; '}}' is a brace"),
            "",
        )
    };
    *rest = after;
    Some(piece)
}

fn name(inside: &str) -> Piece<'_> {
    let (name, optional) = match inside.strip_suffix("?") {
        Some(name) => (name, true),
        None => (inside, false),
    };
    Piece::Name { name, optional }
}

/// What is wrong with the template; empty when nothing is.
#[must_use]
pub fn check(mut text: &str) -> &'static str {
    while let Some(piece) = next(&mut text) {
        if let Piece::Fault(fault) = piece {
            return fault;
        }
    }
    ""
}

/// Calls `seen` with each name in the template, and whether it is optional.
pub fn names<'t>(mut text: &'t str, seen: &mut dyn FnMut(&'t str, bool)) {
    while let Some(piece) = next(&mut text) {
        if let Piece::Name { name, optional } = piece {
            seen(name, optional);
        }
    }
}

/// The one name of a template that is nothing else: `{expiresIn}`.
#[must_use]
pub fn sole_name(mut text: &str) -> Option<&str> {
    match next(&mut text) {
        Some(Piece::Name { name, .. }) if text.is_empty() => Some(name),
        _ => None,
    }
}

/// The text with every name replaced by what `value` says of it, which is told whether
/// the name comes first. `None` drops the entry: an optional name is unset.
pub fn expand(mut text: &str, value: &dyn Fn(&str, bool) -> Option<String>) -> Option<String> {
    let mut out = String::new();
    while let Some(piece) = next(&mut text) {
        match piece {
            Piece::Literal(literal) => out.push_str(literal),
            Piece::Name { name, optional } => match value(name, out.is_empty()) {
                Some(text) => out.push_str(&text),
                None if optional => return None,
                None => {}
            },
            Piece::Fault(_) => {}
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(text: &str) -> Option<String> {
        expand(text, &|name, _| (name == "a").then(|| "1".to_owned()))
    }

    #[test]
    fn names_are_replaced_and_optional_entries_dropped() {
        assert_eq!(expanded("x{a}y{{{a}}}").as_deref(), Some("x1y{1}"));
        assert_eq!(expanded("{b?}"), None);
        assert_eq!(expanded("-{b}-").as_deref(), Some("--"));
        assert_eq!(expanded("").as_deref(), Some(""));
        assert_eq!(sole_name("{a}"), Some("a"));
        assert_eq!(sole_name("{a} "), None);
    }

    #[test]
    fn faults_are_told() {
        for text in ["{", "}", "a{b"] {
            assert!(!check(text).is_empty(), "{text}");
        }
        assert_eq!(check("a{b}{{c}}{d?}é"), "");
    }
}
