//! The built-in vendors, as data: one descriptor a file, in alphabetical order.

use crate::descriptor::{Descriptor, merge};
use crate::error::Fault;
use crate::reader::{Reader, unknown};
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
    let merged = match provider {
        Value::String(id) => built_in(id, read_json).map_err(|expected| Fault::at("provider", expected))?,
        Value::Object(_) => provider.clone(),
        other => return Err(Fault::at("provider", format_args!("expected a provider's name or a descriptor, got {}", other.kind()))),
    };
    Descriptor::parse(&extended(merged, read_json)?)
}

/// The catalogue as `providers()` tells it.
#[must_use]
pub fn providers(read_json: ReadJson) -> Value {
    let ids = CATALOGUE.iter().map(|(id, _)| *id);
    Value::Array(ids.filter_map(|id| built_in(id, read_json).ok()).filter_map(|merged| extended(merged, read_json).ok()).map(|merged| info(&merged)).collect())
}

fn built_in(id: &str, read_json: ReadJson) -> Result<Value, String> {
    let text = CATALOGUE.iter().find(|(known, _)| *known == id).map(|(_, text)| *text);
    let ids = || CATALOGUE.iter().map(|(id, _)| *id);
    text.and_then(read_json).ok_or_else(|| {
        let names: Vec<_> = ids().collect();
        let hint = unknown(id, ids()).replace("unknown field", "unknown provider");
        format!("{hint} (built in: {}; any other endpoint: 'oauth2', or a descriptor object)", names.join(", "))
    })
}

fn extended(mut merged: Value, read_json: ReadJson) -> Result<Value, Fault> {
    for _ in 0..LONGEST_CHAIN {
        let Some(base) = merged.member("extends") else {
            return Ok(merged);
        };
        let id = Reader::new("descriptor.extends", base).text()?;
        let base = built_in(id, read_json).map_err(|expected| Fault::at("descriptor.extends", expected))?;
        if let Value::Object(members) = &mut merged {
            members.retain(|(name, _)| name != "extends");
        }
        merged = merge(base, merged);
    }
    Err(Fault::at("descriptor.extends", "a circle, or a chain that is too long"))
}

fn info(merged: &Value) -> Value {
    let common = [("clientId", false, "Client id."), ("clientSecret", true, "Client secret, or a function that gives it.")];
    let mut params: Vec<Value> = Vec::new();
    if let Some(Value::Object(own)) = merged.member("params") {
        params.extend(own.iter().map(|(name, rules)| {
            let flag = |field: &str, otherwise: bool| match rules.member(field) {
                Some(Value::Bool(value)) => *value,
                _ => otherwise,
            };
            let text = |field: &str| rules.member(field).cloned().unwrap_or(Value::Null);
            parameter(name, flag("required", true), flag("secret", false), text("default"), text("help"))
        }));
    }
    if let Some(url) = merged.at("request.url").and_then(Value::as_str).filter(|url| url.contains("{tokenEndpoint}")) {
        debug_assert_eq!(url, "{tokenEndpoint}", "a built-in takes the endpoint whole");
        params.push(parameter("tokenEndpoint", true, false, Value::Null, "URL of the token endpoint.".into()));
    }
    params.extend(common.map(|(name, secret, help)| parameter(name, true, secret, Value::Null, help.into())));
    let scope = |field: &str| merged.member("scope").and_then(|scope| scope.member(field));
    if scope("fixed") != Some(&Value::Bool(true)) {
        let append = scope("append") == Some(&Value::Bool(true));
        let default = match scope("default") {
            Some(Value::Array(items)) if !append => Value::from(items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ").as_str()),
            _ => Value::Null,
        };
        let help = if append { "Further scopes, separated by spaces." } else { "Scopes, separated by spaces." };
        params.push(parameter("scope", scope("required") == Some(&Value::Bool(true)), false, default, help.into()));
    }
    let text = |name: &str| (name.to_owned(), merged.member(name).cloned().unwrap_or(Value::Null));
    Value::Object(vec![text("id"), text("title"), text("docs"), ("params".to_owned(), Value::Array(params))])
}

fn parameter(name: &str, required: bool, secret: bool, default: Value, help: Value) -> Value {
    let fields = [("name", Value::from(name)), ("required", Value::Bool(required)), ("secret", Value::Bool(secret)), ("default", default), ("help", help)];
    Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
