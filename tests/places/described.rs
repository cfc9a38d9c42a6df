//! Descriptors that put parameters of every kind into every place of a request, and one of them
//! to be given any value.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::read::Hints;
use super::slot::{PLACES, Place, Slot, slot};
use super::values::values;
use crate::support::{Json, json};

/// A descriptor, and the parameter that is given a value of any bytes.
#[derive(Clone, Debug)]
pub(crate) struct Described {
    /// No two of one place.
    slots: Vec<Slot>,
    attacked: usize,
    value: Json,
    encoding: &'static str,
    separator: &'static str,
}

/// The fields that hold more than a text.
pub(crate) const STRUCTURED: &[&str] = &["nested", "items"];

pub(crate) fn described() -> impl Strategy<Value = Described> {
    let slots = (PLACES.map(slot), vec(prop::bool::weighted(0.6), 9));
    let slots = slots.prop_filter_map("none is left", |(slots, kept)| {
        let mut kept = kept.into_iter();
        let slots: Vec<Slot> = slots
            .into_iter()
            .filter(|_| kept.next() == Some(true))
            .collect();
        (!slots.is_empty()).then_some(slots)
    });
    let attacked = (slots, any::<Index>()).prop_flat_map(|(slots, index)| {
        let attacked = index.index(slots.len());
        let values = values(slots[attacked].kind);
        (Just(slots), Just(attacked), values)
    });
    let encodings = select(&["form", "json", "none", "GET"][..]);
    (attacked, encodings, select(&[" ", ","][..])).prop_map(
        |((slots, attacked, value), encoding, separator)| Described {
            slots,
            attacked,
            value,
            encoding,
            separator,
        },
    )
}

impl Described {
    pub(crate) fn attacked(&self) -> &Slot {
        &self.slots[self.attacked]
    }

    pub(crate) fn provider(&self) -> Json {
        let template = |place| match self.slots.iter().position(|slot| slot.place == place) {
            Some(at) => self.slots[at].template(&format!("p{at}")),
            None => "plain".to_owned(),
        };
        let base = match self.slots.first() {
            Some(slot) if slot.place == Place::Base && slot.kind == "url" => template(Place::Base),
            _ => format!("https://{}.a.example:8443", template(Place::Base)),
        };
        let mut params = json!({});
        for (at, slot) in self.slots.iter().enumerate() {
            params[format!("p{at}")] = slot.rules();
        }
        let [method, encoding] = match self.encoding {
            "GET" => ["GET", "form"],
            other => ["POST", other],
        };
        let (segment, own) = (template(Place::Segment), template(Place::UrlQuery));
        json!({
            "id": "described",
            "params": params,
            "auth": { "method": "client_secret_post" },
            "scope": { "sep": self.separator, "default": ["first", template(Place::Scope), "last"] },
            "request": {
                "method": method,
                "encoding": encoding,
                "url": format!("{base}/v1/{segment}/token?own={own}&more=1"),
                "headers": { "x-place": template(Place::Header), "x-other": "x" },
                "query": { "asked": template(Place::Query), "z": "z" },
                "body": {
                    "field": template(Place::Field),
                    "nested": { "a": { "deep": template(Place::Nested), "z": true } },
                    "items": ["x", template(Place::Item), 7, null],
                    "z": "z",
                },
            },
        })
    }

    /// The config, with a good value for each parameter, or with the one that is any.
    pub(crate) fn config(&self, good: bool) -> Json {
        let mut config = json!({ "clientId": "client", "clientSecret": "a long secret" });
        for (at, slot) in self.slots.iter().enumerate() {
            config[format!("p{at}")] = match good || at != self.attacked {
                true => slot.harmless(),
                false => self.value.clone(),
            };
        }
        config
    }

    /// What a refusal may begin with: the parameter, or where it stands.
    pub(crate) fn names(&self) -> [String; 2] {
        let place = match self.attacked().place {
            Place::Base | Place::Segment | Place::UrlQuery => "request.url: ",
            Place::Header => "request.headers.x-place: ",
            _ => "\0",
        };
        [format!("p{}: ", self.attacked), place.to_owned()]
    }

    /// Where the value is to be found, and as what.
    pub(crate) fn expected(&self, good: bool) -> (String, Json) {
        let slot = self.attacked();
        let fields = match self.encoding {
            "GET" | "none" => "query",
            _ => "body",
        };
        let place = match slot.place {
            Place::Base => return ("base".to_owned(), self.base(good).into()),
            Place::Segment => "path".to_owned(),
            Place::UrlQuery => "query.own".to_owned(),
            Place::Query => "query.asked".to_owned(),
            Place::Header => "headers.x-place".to_owned(),
            Place::Field => format!("{fields}.field"),
            Place::Nested => format!("{fields}.nested.a.deep"),
            Place::Item => format!("{fields}.items.1"),
            Place::Scope => format!("{fields}.scope"),
        };
        let text = slot.text(&self.given(self.attacked, good));
        let in_json = match slot.place {
            Place::Nested | Place::Item => true,
            Place::Field => self.encoding == "json",
            _ => false,
        };
        let value = match text.parse::<u64>() {
            Ok(number) if in_json && slot.kind == "int" && slot.is_alone() => number.into(),
            _ => text.into(),
        };
        (place, value)
    }

    /// What the reader needs to know.
    pub(crate) fn hints<'a>(&'a self, base: &'a str) -> Hints<'a> {
        Hints {
            base,
            structured: STRUCTURED,
            separator: self.separator,
            basic: "",
        }
    }

    /// What the URL starts with.
    pub(crate) fn base(&self, good: bool) -> String {
        match self.slots.first() {
            Some(slot) if slot.place == Place::Base => {
                let text = slot.text(&self.given(0, good));
                match slot.kind {
                    "url" => text,
                    _ => format!("https://{text}.a.example:8443"),
                }
            }
            _ => "https://plain.a.example:8443".to_owned(),
        }
    }

    fn given(&self, at: usize, good: bool) -> Json {
        self.config(good)[format!("p{at}")].clone()
    }
}
