//! Calls that sign and exchange, of which one value is any.

use proptest::prelude::*;
use proptest::sample::select;
use url::Url;

use super::values::{texts, values};
use crate::support::{Json, held, json};

/// A token exchange, and the field that is given a value of any bytes.
#[derive(Clone, Debug)]
pub(crate) struct Exchanged {
    pub(crate) field: &'static str,
    pub(crate) value: String,
    json: bool,
}

/// A parameter that is part of an assertion, and its value of any bytes.
#[derive(Clone, Debug)]
pub(crate) struct Claimed {
    pub(crate) kind: &'static str,
    pub(crate) value: Json,
}

pub(crate) fn exchanged() -> impl Strategy<Value = Exchanged> {
    (select(FIELDS), texts(), any::<bool>()).prop_map(|(field, value, json)| Exchanged {
        field,
        value,
        json,
    })
}

pub(crate) fn claimed() -> impl Strategy<Value = Claimed> {
    let kinds = select(&["text", "host", "segment", "url", "int"][..]);
    kinds.prop_flat_map(|kind| values(kind).prop_map(move |value| Claimed { kind, value }))
}

const FIELDS: &[&str] = &[
    "subjectToken",
    "subjectTokenType",
    "actorToken",
    "actorTokenType",
    "requestedTokenType",
];

impl Exchanged {
    pub(crate) fn config(&self, value: &str) -> Json {
        let mut config = json!({
            "tokenEndpoint": "https://a.example/token",
            "clientId": "client",
            "clientSecret": "a long secret",
            "grant": "token_exchange",
            "bodyFormat": if self.json { "json" } else { "form" },
            "subjectToken": "a subject token",
            "actorToken": "an actor token",
        });
        config[self.field] = value.into();
        config
    }
}

impl Claimed {
    pub(crate) fn provider(&self) -> Json {
        let part = json!({ "alone": "{own}", "deep": [{ "in": "{{a {own}?" }], "z": [true, null] });
        json!({
            "id": "claimed",
            "params": { "own": { "kind": self.kind }, "key": { "kind": "key" } },
            "auth": { "method": "private_key_jwt" },
            "assertion": { "jti": false, "header": part, "claims": part },
            "request": { "url": "https://a.example/token" },
        })
    }

    pub(crate) fn config(&self, value: &Json) -> Json {
        json!({ "clientId": "client", "key": held(1), "own": value })
    }

    pub(crate) fn harmless(&self) -> Json {
        match self.kind {
            "int" => json!(7),
            "url" => json!("https://harmless.example"),
            _ => json!("harmless"),
        }
    }

    /// An accepted value, in the one form that it is taken in.
    pub(crate) fn taken(&self) -> Json {
        match (self.kind, &self.value) {
            ("int", Json::String(digits)) => digits.parse::<u64>().unwrap().into(),
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "it was accepted as a whole number from 0"
            )]
            ("int", number) => (number.as_f64().unwrap() as u64).into(),
            // A URL has one form, and no slash at its end.
            ("url", text) => {
                let url = Url::parse(text.as_str().unwrap()).unwrap();
                url.as_str().trim_end_matches('/').into()
            }
            (_, text) => text.clone(),
        }
    }
}
