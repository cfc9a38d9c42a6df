//! Configs of which one common field has any value, for every way to authenticate and to
//! encode.

use proptest::prelude::*;
use proptest::sample::select;

use super::read::Hints;
use super::values::texts;
use crate::support::{Json, json};

/// A call, and the common field that is given a value of any bytes.
#[derive(Clone, Debug)]
pub(crate) struct Common {
    pub(crate) attacked: &'static str,
    value: String,
    method: &'static str,
    basic: &'static str,
    encoding: &'static str,
    /// Two resources, instead of one.
    several: bool,
}

pub(crate) fn common() -> impl Strategy<Value = Common> {
    (
        select(FIELDS),
        texts(),
        select(METHODS),
        select(&["raw", "rfc6749", "base64-parts"][..]),
        select(&["form", "json", "none", "GET"][..]),
        any::<bool>(),
    )
        .prop_map(
            |(attacked, value, method, basic, encoding, several)| Common {
                attacked,
                value,
                method,
                basic,
                encoding,
                several,
            },
        )
}

/// The common fields that are part of a request.
pub(crate) const FIELDS: &[&str] = &[
    "clientId",
    "clientSecret",
    "scope",
    "audience",
    "resource",
    "params.extra",
    "headers.X-Extra",
];

const METHODS: &[&str] = &[
    "client_secret_post",
    "client_secret_query",
    "client_secret_basic",
];

impl Common {
    pub(crate) fn provider(&self) -> Json {
        let [method, encoding] = match self.encoding {
            "GET" => ["GET", "form"],
            other => ["POST", other],
        };
        json!({
            "id": "common",
            "auth": { "method": self.method, "basicEncoding": self.basic },
            "request": {
                "method": method,
                "encoding": encoding,
                "url": "https://a.example/token?own=1",
                "body": { "grant_type": "client_credentials" },
            },
        })
    }

    /// A good config, or the same with the one value that is any.
    pub(crate) fn config(&self, good: bool) -> Json {
        let mut config = json!({
            "clientId": "client",
            "clientSecret": "a long secret",
            "scope": "read",
            "audience": "all",
            "resource": if self.several { vec!["urn:first", "urn:b"] } else { vec!["urn:b"] },
            "params": { "a": "a", "extra": "some", "z": "z" },
            "headers": { "X-A": "a", "X-Extra": "some", "X-Z": "z" },
        });
        if !good {
            let last = usize::from(self.several).to_string();
            let place = match self.attacked {
                "resource" => format!("/resource/{last}"),
                other => format!("/{}", other.replace('.', "/")),
            };
            *config.pointer_mut(&place).unwrap() = self.value.as_str().into();
        }
        config
    }

    /// What a refusal begins with.
    pub(crate) fn name(&self) -> String {
        match self.attacked {
            "resource" => format!("resource.{}: ", usize::from(self.several)),
            other => format!("{other}: "),
        }
    }

    /// Where the value is to be found, and as what; a scope may be several, or none.
    pub(crate) fn expected(&self) -> (String, Vec<Json>) {
        let has_body = !matches!(self.encoding, "GET" | "none");
        let fields = if has_body { "body" } else { "query" };
        let credentials = match self.method {
            "client_secret_query" => "query",
            _ => fields,
        };
        let basic = self.method == "client_secret_basic";
        let place = match self.attacked {
            "clientId" if basic => "basic.id".to_owned(),
            "clientSecret" if basic => "basic.secret".to_owned(),
            "clientId" => format!("{credentials}.client_id"),
            "clientSecret" => format!("{credentials}.client_secret"),
            "params.extra" => format!("{fields}.extra"),
            "headers.X-Extra" => "headers.x-extra".to_owned(),
            "resource" if self.several && self.encoding == "json" => "body.resource.1".to_owned(),
            other => format!("{fields}.{other}"),
        };
        if self.attacked != "scope" {
            return (place, vec![self.value.as_str().into()]);
        }
        let mut scopes: Vec<Json> = Vec::new();
        for scope in self.value.split_whitespace().map(Json::from) {
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        (place, scopes)
    }

    /// Whether one part of the good request is the one that the value replaces.
    pub(crate) fn is_attacked(&self, place: &str, value: &Json) -> bool {
        place == self.expected().0 && *value != "urn:first"
    }

    pub(crate) fn hints(&self) -> Hints<'_> {
        Hints {
            base: "https://a.example",
            separator: " ",
            basic: self.basic,
            ..Hints::default()
        }
    }
}
