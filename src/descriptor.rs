//! A token endpoint as data: the descriptor language.
//!
//! A descriptor stays the JSON value that it is. It is checked whole once, so
//! that what is read of it afterwards is known to be there, or to have a default.

use std::rc::Rc;

use crate::error::Fault;
use crate::shape::{Fields, Shape, check, field, is_word};
use crate::template;
use crate::text::{concat, decimal, parts};
use crate::value::{Order, Value, push};

/// A provider descriptor, merged with what it extends and checked whole. Its clones
/// share it.
#[derive(Clone)]
pub struct Descriptor(Rc<Checked>);

struct Checked {
    value: Value,
    /// Equal descriptors, equal texts.
    canonical: String,
}

/// The config fields that every provider has.
pub const COMMON: Fields = &[
    ("clientId audience tokenEndpoint", Shape::Filled),
    ("clientSecret", Shape::Secret),
    ("scope", Shape::Scopes),
    ("resource", Shape::OneOrMore),
    ("params headers", Shape::Map(&Shape::Text)),
    ("assertionClaims", Shape::Map(&Shape::Any)),
    ("timeout", Shape::Whole(1, 20_000)),
    ("retries", Shape::Whole(0, 5)),
    ("refreshAhead maxAge", Shape::Natural),
    ("fetch waitUntil", Shape::Function),
    ("partition", Shape::Text),
    ("allowHttp dpop", Shape::Flag),
];

/// The names that templates may have besides the declared parameters,
const NAMES: &str = "clientId scope audience tokenEndpoint";
/// in an assertion also those that each request makes anew,
const ASSERTION_NAMES: &str = "clientId scope audience tokenEndpoint $uuid $now.s $now.ms $now.iso";
/// and in the request the assertion itself.
const REQUEST_NAMES: &str =
    "clientId scope audience tokenEndpoint $uuid $now.s $now.ms $now.iso $assertion";

/// The language.
const LANGUAGE: Shape = Shape::Record(
    &[
        ("id", Shape::Id),
        ("title docs verified", Shape::Text),
        ("params", Shape::Map(&PARAM)),
        ("scope", SCOPE),
        ("auth", AUTH),
        ("assertion", ASSERTION),
        ("request", REQUEST),
        ("response", RESPONSE),
        (
            "cache",
            Shape::Record(
                &[("maxTtl", Shape::Integer), ("exclusive", Shape::Flag)],
                "",
            ),
        ),
        ("use", USE),
    ],
    "id request",
);

const PARAM: Shape = Shape::Record(
    &[
        ("kind", Shape::OneOf("text host segment url int key")),
        ("secret required sensitive", Shape::Flag),
        ("default help", Shape::Text),
        ("enum", Shape::Each(&Shape::Text)),
        ("maxLength", Shape::Positive),
    ],
    "",
);

const SCOPE: Shape = Shape::Record(
    &[
        ("in", Shape::OneOf("body query none")),
        ("name sep", Shape::Text),
        ("default", Shape::Each(&Shape::Template)),
        ("required fixed append", Shape::Flag),
    ],
    "",
);

/// The client authentication methods, by their registered names.
pub(crate) const METHODS: Shape = Shape::OneOf(
    "client_secret_post client_secret_basic client_secret_query private_key_jwt client_secret_jwt tls_client_auth none",
);

const AUTH: Shape = Shape::Record(
    &[
        ("method", METHODS),
        ("idName secretName scheme", Shape::Text),
        ("basicEncoding", Shape::OneOf("raw rfc6749 base64-parts")),
        ("sendId mtls", Shape::Flag),
    ],
    "",
);

const ASSERTION: Shape = Shape::Record(
    &[
        (
            "alg",
            Shape::OneOf("RS256 RS384 RS512 PS256 ES256 ES384 EdDSA HS256 HS384 HS512"),
        ),
        ("key", Shape::Template),
        ("keyEncoding", Shape::OneOf("auto pem jwk utf8 hex base64")),
        ("header claims", Shape::Map(&Shape::Body)),
        ("ttl backdate", Shape::Integer),
        ("jti nbf direct", Shape::Flag),
    ],
    "",
);

const REQUEST: Shape = Shape::Record(
    &[
        ("method", Shape::OneOf("POST GET")),
        ("url", Shape::Template),
        ("encoding", Shape::OneOf("form json none")),
        ("headers query", Shape::Map(&Shape::Template)),
        ("body", Shape::Map(&Shape::Body)),
    ],
    "url",
);

const RESPONSE: Shape = Shape::Record(
    &[
        ("format", Shape::OneOf("auto json form text")),
        ("token type", Shape::Paths),
        ("expiry", Shape::Each(&EXPIRY)),
        ("zero", Shape::OneOf("unknown never expired")),
        ("ttl", Shape::Ttl),
        ("jwtExp", Shape::Flag),
        ("ok", Shape::Each(&OK)),
        (
            "error",
            Shape::Record(&[("code message", Shape::Paths)], ""),
        ),
        ("extra", Shape::Map(&Shape::Path)),
        ("acceptTypes", Shape::Each(&Shape::Text)),
    ],
    "",
);

const EXPIRY: Shape = Shape::Record(
    &[
        ("path", Shape::Path),
        (
            "as",
            Shape::OneOf(
                "seconds milliseconds minutes epoch-seconds epoch-milliseconds seconds-or-epoch iso8601 http-date d:h:m",
            ),
        ),
    ],
    "path as",
);

const OK: Shape = Shape::Record(
    &[
        ("path", Shape::Path),
        ("in", Shape::Each(&Shape::Any)),
        ("absent", Shape::Flag),
    ],
    "path",
);

const USE: Shape = Shape::Record(
    &[
        ("in", Shape::OneOf("header query cookie")),
        ("name prefix", Shape::Text),
        ("origins", Shape::Each(&Shape::Template)),
    ],
    "",
);

impl Descriptor {
    /// Checks a merged descriptor.
    pub fn new(merged: Value) -> Result<Self, Fault> {
        check(&merged, &LANGUAGE, "descriptor")?;
        let descriptor = Self(Rc::new(Checked {
            canonical: merged.to_canonical_json(Order::Members),
            value: merged,
        }));
        descriptor.check_whole()?;
        Ok(descriptor)
    }

    /// Checks what no single field says.
    fn check_whole(&self) -> Result<(), Fault> {
        for (name, _) in self.members("params") {
            if field(COMMON, name).is_some() {
                return Err(Fault::at(
                    &concat(&["descriptor.params.", name]),
                    "the name of a common config field",
                ));
            }
        }
        for part in parts(
            "scope.default assertion.key assertion.header assertion.claims request response.ttl use.origins",
            " ",
        ) {
            let names = match part {
                "request" => REQUEST_NAMES,
                "assertion.header" | "assertion.claims" => ASSERTION_NAMES,
                _ => NAMES,
            };
            if let Some(value) = self.at(part) {
                self.check_names(value, names)
                    .map_err(|fault| fault.within(part).within("descriptor"))?;
                // What the host holds is no text.
                let mut shown = None;
                self.each_name(part, &mut |name, _| {
                    if part != "assertion.key" && self.is_key(name) {
                        shown = Some(name);
                    }
                });
                if let Some(shown) = shown {
                    let expected = "a key, which may stand in assertion.key alone";
                    return Err(Fault::at(&concat(&["{", shown, "}"]), expected)
                        .within(part)
                        .within("descriptor"));
                }
            }
        }
        Ok(())
    }

    /// Refuses names in templates that mean nothing.
    fn check_names(&self, value: &Value, names: &str) -> Result<(), Fault> {
        match value {
            Value::String(text) => {
                let mut fault = Ok(());
                template::names(text, &mut |name, _| {
                    if !is_word(name, names) && self.param(name).is_none() {
                        let expected = "names no declared parameter";
                        fault = Err(Fault::at(&concat(&["{", name, "}"]), expected));
                    }
                });
                fault
            }
            Value::Array(items) => {
                let mut index = 0;
                for item in items {
                    self.check_names(item, names)
                        .map_err(|fault| fault.within(&decimal(index)))?;
                    index = index.saturating_add(1);
                }
                Ok(())
            }
            Value::Object(members) => {
                for (name, member) in members {
                    self.check_names(member, names)
                        .map_err(|fault| fault.within(name))?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Calls `seen` with each name in the templates at `path`, and whether it is
    /// optional.
    pub fn each_name<'d>(&'d self, path: &str, seen: &mut dyn FnMut(&'d str, bool)) {
        if let Some(part) = self.at(path) {
            part.each_text(&mut |text| template::names(text, seen));
        }
    }

    /// The provider's id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.text("id", "")
    }

    /// Equal descriptors, equal texts.
    #[must_use]
    pub fn canonical(&self) -> &str {
        &self.0.canonical
    }

    /// The rules of the declared parameter `name`.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&Value> {
        self.at("params")?.member(name)
    }

    /// Whether the parameter `name` is a key, which the host holds.
    #[must_use]
    pub fn is_key(&self, name: &str) -> bool {
        self.param(name)
            .is_some_and(|rules| rules.text("kind") == "key")
    }

    /// The parameter that signs where nothing says which: the first one that is a key.
    #[must_use]
    pub fn own_key(&self) -> Option<&str> {
        let mut params = self.members("params").iter();
        let (name, _) = params.find(|(name, _)| self.is_key(name))?;
        Some(name)
    }

    /// How the texts of keys are read. A secret that signs has no looks to be told by.
    #[must_use]
    pub fn key_encoding(&self) -> &str {
        match self.text("assertion.keyEncoding", "auto") {
            "auto" if self.text("assertion.alg", "").starts_with("HS") => "secret",
            encoding => encoding,
        }
    }

    /// Whether some template at `path` has this name in it.
    #[must_use]
    pub fn places(&self, path: &str, name: &str) -> bool {
        let mut places = false;
        self.each_name(path, &mut |placed, _| places |= placed == name);
        places
    }

    /// Calls `seen` with each header of an answer that some path leads to, in lower
    /// case.
    pub fn answer_headers(&self, seen: &mut dyn FnMut(String)) {
        if let Some(response) = self.at("response") {
            response.each_text(&mut |path| {
                if let Some(name) = path.strip_prefix(HEADER) {
                    seen(name.to_ascii_lowercase());
                }
            });
        }
    }

    /// The part at `path`, where there is one.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<&Value> {
        self.0.value.at(path)
    }

    /// The text at `path`, or `default`.
    #[must_use]
    pub fn text<'d>(&'d self, path: &str, default: &'d str) -> &'d str {
        self.at(path).and_then(Value::as_str).unwrap_or(default)
    }

    /// The flag at `path`; off by default.
    #[must_use]
    pub fn flag(&self, path: &str) -> bool {
        matches!(self.at(path), Some(Value::Bool(true)))
    }

    /// The items of the array at `path`, or the one value that stands for it.
    #[must_use]
    pub fn items(&self, path: &str) -> &[Value] {
        self.0.value.items(path)
    }

    /// The members of the map at `path`.
    #[must_use]
    pub fn members(&self, path: &str) -> &[(String, Value)] {
        self.0.value.members(path)
    }
}

/// What a path into an answer's headers starts with.
pub const HEADER: &str = "header:";

/// The scalars and arrays of `over` replace those of `base`; maps merge key by
/// key.
pub fn merge(base: &mut Value, over: Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => {
            for (name, value) in over {
                match base.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, slot)) => merge(slot, value),
                    None => push(base, &name, value),
                }
            }
        }
        (base, over) => *base = over,
    }
}
