//! The built-in vendors, as data: one descriptor a file, in alphabetical order.

use crate::descriptor::{Descriptor, merge};
use crate::error::Fault;
use crate::shape::unknown;
use crate::value::{ReadJson, Value};

/// Every built-in descriptor: id and JSON text.
const CATALOGUE: [(&str, &str); 5] = [
    ("abtasty", include_str!("catalogue/abtasty.json")),
    ("emporix", include_str!("catalogue/emporix.json")),
    ("firstvision", include_str!("catalogue/firstvision.json")),
    ("firstvision-query", include_str!("catalogue/firstvision-query.json")),
    ("oauth2", include_str!("catalogue/oauth2.json")),
];

/// How many descriptors may stand on one another; a circle is longer.
const LONGEST_CHAIN: u8 = 8;

/// The descriptor that a caller's `provider` means: a built-in's id, or an
/// object in the descriptor language, merged with what it extends.
pub fn resolve(provider: &Value, read_json: ReadJson) -> Result<Descriptor, Fault> {
    let mut merged = match provider {
        Value::String(id) => built_in("provider", id, read_json)?,
        Value::Object(_) => provider.clone(),
        other => return Err(Fault::at("provider", &["expected a provider's name or a descriptor, got ", other.kind()].concat())),
    };
    for _ in 0..LONGEST_CHAIN {
        let Value::Object(members) = &mut merged else {
            break;
        };
        let Some(at) = members.iter().position(|(name, _)| name == "extends") else {
            return Descriptor::new(merged);
        };
        let (_, base) = members.remove(at);
        let mut base = built_in("descriptor.extends", base.as_str().unwrap_or_default(), read_json)?;
        merge(&mut base, merged);
        merged = base;
    }
    Err(Fault::at("descriptor.extends", "a circle, or a chain that is too long"))
}

fn built_in(path: &str, id: &str, read_json: ReadJson) -> Result<Value, Fault> {
    for (known, text) in CATALOGUE {
        if known == id {
            return read_json(text).ok_or_else(|| Fault::at(path, "the runtime's JSON.parse does not work"));
        }
    }
    let ids = CATALOGUE.map(|(id, _)| id);
    let hint = unknown("provider", id, &ids);
    Err(Fault::at(path, &[&hint, " (built in: ", &ids.join(", "), "; any other endpoint: 'oauth2', or a descriptor object)"].concat()))
}

/// The catalogue as `providers()` tells it.
#[must_use]
pub fn providers(read_json: ReadJson) -> Value {
    let mut providers = Vec::new();
    for (id, _) in CATALOGUE {
        if let Ok(descriptor) = resolve(&id.into(), read_json) {
            providers.push(info(&descriptor));
        }
    }
    Value::Array(providers)
}

fn info(descriptor: &Descriptor) -> Value {
    let mut params = Vec::new();
    for (name, rules) in descriptor.members("params") {
        let required = rules.member("required") != Some(&Value::Bool(false));
        let secret = rules.member("secret") == Some(&Value::Bool(true));
        let text = |field: &str| rules.member(field).cloned().unwrap_or(Value::Null);
        params.push(parameter(name, required, secret, text("default"), text("help")));
    }
    if descriptor.text("request.url", "").contains("{tokenEndpoint}") {
        params.push(parameter("tokenEndpoint", true, false, Value::Null, "URL of the token endpoint.".into()));
    }
    params.push(parameter("clientId", true, false, Value::Null, "Client id.".into()));
    params.push(parameter("clientSecret", true, true, Value::Null, "Client secret, or a function that gives it.".into()));
    if !descriptor.flag("scope.fixed") {
        let append = descriptor.flag("scope.append");
        let default: Vec<&str> = descriptor.items("scope.default").iter().filter_map(Value::as_str).collect();
        let default = if append || default.is_empty() { Value::Null } else { default.join(" ").as_str().into() };
        let help = if append { "Further scopes, separated by spaces." } else { "Scopes, separated by spaces." };
        params.push(parameter("scope", descriptor.flag("scope.required"), false, default, help.into()));
    }
    let text = |field: &str| descriptor.at(field).cloned().unwrap_or(Value::Null);
    Value::object(vec![("id", text("id")), ("title", text("title")), ("docs", text("docs")), ("params", Value::Array(params))])
}

fn parameter(name: &str, required: bool, secret: bool, default: Value, help: Value) -> Value {
    Value::object(vec![
        ("name", name.into()),
        ("required", Value::Bool(required)),
        ("secret", Value::Bool(secret)),
        ("default", default),
        ("help", help),
    ])
}
