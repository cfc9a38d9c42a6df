//! A parameter in a place of a request, with a template around it.

use proptest::prelude::*;
use proptest::sample::select;
use url::Url;

use crate::support::{Json, json};

/// Where a template stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Place {
    /// What the URL starts with.
    Base,
    Segment,
    UrlQuery,
    Query,
    Header,
    Field,
    Nested,
    Item,
    Scope,
}

/// A parameter, and the template around it.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    pub(crate) place: Place,
    pub(crate) kind: &'static str,
    before: &'static str,
    after: &'static str,
    rules: Json,
}

pub(crate) const PLACES: [Place; 9] = [
    Place::Base,
    Place::Segment,
    Place::UrlQuery,
    Place::Query,
    Place::Header,
    Place::Field,
    Place::Nested,
    Place::Item,
    Place::Scope,
];

/// A parameter of any kind that may stand there.
pub(crate) fn slot(place: Place) -> impl Strategy<Value = Slot> {
    let kinds: &[&str] = match place {
        Place::Base => &["host", "url"],
        _ => &["text", "host", "segment", "url", "int"],
    };
    // What may stand there as it is.
    let (before, after): (&[&str], &[&str]) = match place {
        Place::Base => (&["", "eu-", "a."], &["", "-1"]),
        Place::Segment | Place::UrlQuery => (&["", "", ".", "a-"], &["", "", ".", ":b"]),
        Place::Header => (&["", "k "], &["", "; q=\"{{a}}\""]),
        Place::Scope => (&["a:"], &["", ":read"]),
        _ => (&["", "", "{{", "a&b=", "é"], &["", "", "}}", "\r\n"]),
    };
    let rules = select(vec![
        json!({}),
        json!({ "secret": true }),
        json!({ "sensitive": false }),
        json!({ "required": false }),
    ]);
    (select(kinds), select(before), select(after), rules).prop_map(
        move |(kind, before, after, rules)| {
            // A whole URL stands alone where one is expected.
            let alone = place == Place::Base && kind == "url";
            let [before, after] = [before, after].map(|text| if alone { "" } else { text });
            Slot {
                place,
                kind,
                before,
                after,
                rules,
            }
        },
    )
}

impl Slot {
    /// The template, with this name in it.
    pub(crate) fn template(&self, name: &str) -> String {
        format!("{}{{{name}}}{}", self.before, self.after)
    }

    /// The rules of the parameter, its kind among them.
    pub(crate) fn rules(&self) -> Json {
        let mut rules = self.rules.clone();
        rules["kind"] = self.kind.into();
        rules
    }

    /// A good value.
    pub(crate) fn harmless(&self) -> Json {
        match self.kind {
            "int" => json!(7),
            "url" => json!("https://harmless.example/base"),
            _ => json!("harmless"),
        }
    }

    /// Whether there is nothing around it.
    pub(crate) fn is_alone(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }

    /// The template with a value that was accepted.
    pub(crate) fn text(&self, value: &Json) -> String {
        let value = match (self.kind, value) {
            ("int", Json::String(digits)) => digits.parse::<u64>().unwrap().to_string(),
            ("int", Json::Number(number)) => format!("{:.0}", number.as_f64().unwrap().abs()),
            // A URL has one form, and no slash at its end.
            ("url", Json::String(text)) => {
                let url = Url::parse(text).unwrap();
                url.as_str().trim_end_matches('/').to_owned()
            }
            (_, value) => value.as_str().unwrap().to_owned(),
        };
        let [before, after] =
            [self.before, self.after].map(|text| text.replace("{{", "{").replace("}}", "}"));
        format!("{before}{value}{after}")
    }
}
