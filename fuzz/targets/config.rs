//! Arbitrary configs, against built-in providers and descriptors that do what those do not.
//!
//! The input is a config as JSON; or lines of `name=value`, which replace fields of a good
//! config, or take one away where there is no `=`.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tokenlet::config::ClientSecret;
use tokenlet::flow::Plan;
use tokenlet::request::{self, HttpRequest};
use tokenlet::url::HttpUrl;
use tokenlet::value::{Value, find};
use tokenlet_fuzz::call::{
    PROVIDERS, answer, assert_goes_to, assert_safe, good, has_prototype_member, plan, preview,
};
use tokenlet_fuzz::canary::{Canary, canary};
use tokenlet_fuzz::host::{HOST, read_json};
use tokenlet_fuzz::lines;
use tokenlet_fuzz::play::{CALM, play, play_with};

fuzz_target!(|bytes: &[u8]| {
    let text = lines::text(bytes);
    let canary = canary();
    let whole = read_json(&text);
    let fields = match &whole {
        Some(whole) => whole.members("").to_vec(),
        None => text.lines().map(field).collect(),
    };
    // What is written into a preview by the caller's own hand is no leak of ours.
    if canary.stands_in(&Value::Object(fields.clone())) {
        return;
    }
    for (provider, id) in PROVIDED.iter() {
        let config = changed(good(id, canary.secret), &fields);
        check(provider, &config, canary);
        if let Some(whole) = &whole {
            check(provider, whole, canary);
        }
    }
});

fn field(line: &str) -> (String, Value) {
    let (name, value) = line.split_once('=').unwrap_or((line, "null"));
    let value = read_json(value).unwrap_or_else(|| value.into());
    (name.to_owned(), value)
}

fn changed(config: Value, fields: &[(String, Value)]) -> Value {
    let Value::Object(mut members) = config else {
        return config;
    };
    for (name, value) in fields {
        members.retain(|(known, _)| known != name);
        if *value != Value::Null {
            members.push((name.clone(), value.clone()));
        }
    }
    Value::Object(members)
}

/// What must hold of every config.
fn check(provider: &Value, config: &Value, canary: &Canary) {
    let accepted = plan(provider, config, canary);
    let reversed = plan(provider, &reversed(config), canary);
    let (Some(plan), Some(reversed)) = (&accepted, &reversed) else {
        assert!(
            accepted.is_none() && reversed.is_none(),
            "the order of the fields decides"
        );
        return;
    };
    assert!(
        !has_prototype_member(config),
        "a member of Object.prototype was accepted"
    );
    assert_eq!(
        plan.key(),
        reversed.key(),
        "the order of the fields is part of the key"
    );
    let usage = request::usage(plan.source(HOST, 0)).expect("it was looked at before");
    for origin in usage.items("origins") {
        assert!(
            HttpUrl::parse(origin.own_text(), HOST)
                .is_ok_and(|url| url.origin() == origin.own_text())
        );
    }
    let masked = preview(plan, canary);
    for (name, _) in plan.config.members("headers") {
        let shown = find(&masked.headers, name).map(Value::own_text);
        assert_eq!(
            shown,
            Some(request::MASK),
            "a header of the caller's is shown"
        );
    }

    let secret = match &plan.config.client_secret {
        ClientSecret::Given(secret) => secret.reveal(),
        ClientSecret::Asked => canary.secret,
        // Who presents a certificate has none to tell, and one that signs is held by the host.
        ClientSecret::Absent | ClientSecret::Held => "",
    };
    let [metadata, granted] = granted(plan).map(|body| answer(200, &body));
    let granted = play_with(plan, secret, [&metadata, &granted], CALM);
    match &granted.result {
        Ok(token) => {
            assert_eq!(token.access_token.reveal(), "t0k3n");
            assert_safe(token, plan);
        }
        // What the issuer takes is not known before.
        Err(error) => {
            granted.assert_told_well(canary);
            assert!(
                plan.config.is_discovered(&plan.descriptor),
                "a token was granted"
            );
            assert!(
                error.message.starts_with("clientAuth: ")
                    || error.message.starts_with("clientId: "),
                "{}",
                error.message
            );
        }
    }
    if let Some(request) = &granted.request {
        assert_goes_to(request, &origin(plan, request));
    }

    let echo = Value::from(secret).to_json(HOST.write_fraction);
    let echo = format!(r#"{{"error":"invalid_client","error_description":{echo}}}"#);
    let refused = play(plan, secret, &answer(401, &echo), CALM);
    assert!(refused.result.is_err(), "it was refused");
    refused.assert_told_well(canary);
}

/// What an issuer and a token endpoint answer.
fn granted(plan: &Plan) -> [String; 2] {
    let kind = if plan.config.is_bound() {
        "DPoP"
    } else {
        "bearer"
    };
    let issuer = Value::from(plan.config.text("issuer")).to_json(HOST.write_fraction);
    [
        format!(r#"{{"issuer":{issuer},"token_endpoint":"{ENDPOINT}"}}"#),
        format!(r#"{{"access_token":"t0k3n","token_type":"{kind}","expires_in":3600}}"#),
    ]
}

/// The token endpoint of the issuers here.
const ENDPOINT: &str = "https://id.example/discovered";

/// Where a request may go.
fn origin(plan: &Plan, request: &HttpRequest) -> String {
    let text = |name| plan.config.text(name);
    let place = ["tokenEndpoint", "baseUrl"].map(text);
    let place = place.into_iter().find(|text| !text.is_empty());
    let own = plan.descriptor.text("request.url", "");
    let place = match place {
        Some(place) => place,
        None if request.url.contains("/.well-known/") => text("issuer"),
        None if plan.config.is_discovered(&plan.descriptor) => ENDPOINT,
        None if own.starts_with("https://{authority}/") => {
            &format!("https://{}", text("authority"))
        }
        None => own,
    };
    let place = HttpUrl::parse(place, HOST).expect("it was checked");
    assert!(place.check_private(plan.config.allow_http).is_ok());
    place.origin().to_owned()
}

fn reversed(config: &Value) -> Value {
    match config {
        Value::Object(members) => Value::Object(
            members
                .iter()
                .rev()
                .map(|(name, value)| (name.clone(), reversed(value)))
                .collect(),
        ),
        other => other.clone(),
    }
}

/// Each provider, and the id of the built-in one that it is.
static PROVIDED: LazyLock<Vec<(Value, &str)>> = LazyLock::new(|| {
    let built_in = PROVIDERS.map(|id| (Value::from(id), id));
    let own = OWN.map(|text| (read_json(text).expect("it is JSON"), ""));
    built_in.into_iter().chain(own).collect()
});

/// Every place for a parameter, each way to encode, and the ways to authenticate that no built-in
/// one has.
const OWN: [&str; 5] = [
    r#"{"id":"a","extends":"oauth2","params":{"trace":{"required":false}},"auth":{"method":"client_secret_query","idName":"appid"},"request":{"method":"GET","headers":{"x-id":"{$uuid}","x-trace":"{trace?}"},"query":{"at":"{$now.iso}","trace":"{trace?}"},"body":{"list":["{trace?}"]}},"use":{"in":"query"}}"#,
    r#"{"id":"b","extends":"oauth2","params":{"days":{"kind":"int","required":false},"shop":{"kind":"segment","required":false}},"auth":{"method":"tls_client_auth"},"scope":{"default":["shop={shop?}"],"append":true},"request":{"encoding":"json","body":{"id":"{clientId}","ttl":{"days":"{days?}"}}},"use":{"in":"cookie","name":"session"}}"#,
    r#"{"id":"c","extends":"oauth2","params":{"api":{"kind":"url","required":false},"region":{"kind":"host","required":false}},"auth":{"method":"client_secret_basic","basicEncoding":"base64-parts","scheme":"ID","sendId":true},"request":{"encoding":"none","headers":{"x-region":"{region?}"},"body":{"api":"{api?}"}},"use":{"name":"x-token","prefix":"T ","origins":["{api}"]}}"#,
    r#"{"id":"d","extends":"oauth2","params":{"trace":{"required":false},"other":{"kind":"key","required":false}},"auth":{"method":"private_key_jwt"},"assertion":{"alg":"ES256","key":"{other}","keyEncoding":"jwk","header":{"trace":"{trace?}"},"claims":{"aud":["{tokenEndpoint}","{trace?}"],"scope":"{scope?}"},"ttl":60,"backdate":5,"nbf":true}}"#,
    r#"{"id":"e","extends":"oidc","params":{"trace":{"required":false}},"auth":{"sendId":false},"assertion":{"key":"{trace}&{clientId}","keyEncoding":"hex","jti":false},"request":{"encoding":"json","headers":{"x-signed":"a {$assertion}"}}}"#,
];
