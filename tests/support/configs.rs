//! Good configs, and what is said of them when they are spoilt.

use super::{Json, Scenario, json, refused};

/// Those that send a secret, each in its own place.
pub(crate) const PROVIDERS: [&str; 5] = [
    "oauth2",
    "emporix",
    "firstvision",
    "firstvision-query",
    "abtasty",
];

/// A good config of each provider, to be spoilt.
pub(crate) fn good(provider: &str) -> Json {
    let mut config = json!({ "clientId": "client", "clientSecret": "a long secret" });
    let own = match provider {
        "emporix" => json!({ "tenant": "acme" }),
        "firstvision" => json!({ "baseUrl": "https://gateway.example" }),
        "firstvision-query" => json!({ "baseUrl": "https://gateway.example", "scope": "all" }),
        "abtasty" => json!({ "accountId": "acc0unt" }),
        _ => json!({ "tokenEndpoint": "https://id.example/token" }),
    };
    let own = own.as_object().unwrap().clone();
    config.as_object_mut().unwrap().extend(own);
    config
}

/// The config with these fields instead; `null` takes one away.
pub(crate) fn with(mut config: Json, fields: &Json) -> Json {
    let members = config.as_object_mut().unwrap();
    for (name, value) in fields.as_object().unwrap() {
        members.remove(name);
        if !value.is_null() {
            members.insert(name.clone(), value.clone());
        }
    }
    config
}

/// Asserts that the config is refused and that `field` is named first.
pub(crate) fn names(provider: &str, fields: &Json, field: &str) -> String {
    let message = refused(provider, &with(good(provider), fields));
    let field = field.replace(char::is_control, " ");
    assert!(
        message.starts_with(&format!("{field}: ")),
        "{fields}: {message}"
    );
    message
}

pub(crate) fn request(provider: &str, fields: &Json) -> String {
    let scenario = Scenario::of(provider, &with(good(provider), fields));
    scenario
        .answer(200, json!({ "access_token": "t" }))
        .run()
        .request()
        .to_owned()
}
