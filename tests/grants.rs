//! Grants that a config chooses: what asks for the token in their bodies, and what of the
//! config goes with which.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]
#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

mod support;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::{option, sample};
use support::configs::{good, names, with};
use support::{Json, START, Scenario, date, held, json, jwt, many_cases};
use tokenlet::request::Part;
use tokenlet::token::Lifetime;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const CLIENT_ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A call of `oauth2`, of which everything but the grant may be unset.
#[derive(Clone, Debug)]
struct Wish {
    grant: Option<&'static str>,
    method: Option<&'static str>,
    json: bool,
    has_client: bool,
    has_secret: bool,
    has_key: bool,
    subject: Option<&'static str>,
    subject_type: Option<&'static str>,
    actor: Option<&'static str>,
    actor_type: Option<&'static str>,
    requested: Option<&'static str>,
    claims: Option<Json>,
    scope: Option<&'static str>,
}

fn wishes() -> impl Strategy<Value = Wish> {
    let grants = select(
        &[
            "client_credentials",
            "jwt_bearer",
            "token_exchange",
            "token_exchange",
        ][..],
    );
    let methods = &[
        "none",
        "client_secret_basic",
        "client_secret_post",
        "private_key_jwt",
    ];
    let tokens = || option::weighted(0.6, select(&["a token", "a&b=c\"{}", "eyJ.e.s"][..]));
    let types = || {
        option::weighted(
            0.4,
            select(&["urn:ietf:params:oauth:token-type:jwt", "urn:a"][..]),
        )
    };
    let claims = select(vec![
        json!({ "sub": "somebody" }),
        json!({ "of": [1, ["{a}"]] }),
    ]);
    let exchange = (tokens(), types(), tokens(), types(), types());
    let held = (
        any::<bool>(),
        prop::bool::weighted(0.9),
        any::<bool>(),
        prop::bool::weighted(0.7),
    );
    (
        option::weighted(0.9, grants),
        option::weighted(0.6, sample::select(&methods[..])),
        held,
        exchange,
        option::weighted(0.3, claims),
        option::of(select(&["read"][..])),
    )
        .prop_map(|(grant, method, held, exchange, claims, scope)| {
            let (json, has_client, has_secret, has_key) = held;
            let (subject, subject_type, actor, actor_type, requested) = exchange;
            Wish {
                grant,
                method,
                json,
                has_client,
                has_secret,
                has_key,
                subject,
                subject_type,
                actor,
                actor_type,
                requested,
                claims,
                scope,
            }
        })
}

impl Wish {
    fn config(&self) -> Json {
        let fields = json!({
            "clientId": self.has_client.then_some("a client"),
            "clientSecret": self.has_secret.then_some("a long secret"),
            "privateKey": self.has_key.then(|| held(1)),
            "bodyFormat": if self.json { "json" } else { "form" },
            "grant": self.grant, "clientAuth": self.method, "scope": self.scope,
            "subjectToken": self.subject, "subjectTokenType": self.subject_type,
            "actorToken": self.actor, "actorTokenType": self.actor_type,
            "requestedTokenType": self.requested, "assertionClaims": self.claims,
        });
        with(
            json!({ "tokenEndpoint": "https://id.example/token" }),
            &fields,
        )
    }

    fn grant(&self) -> &str {
        self.grant.unwrap_or("client_credentials")
    }

    /// The method where the config says none: what it has the means for.
    fn method(&self) -> &str {
        match self.method {
            Some(method) => method,
            None if self.has_secret => "client_secret_basic",
            None if self.grant() == "jwt_bearer" => "none",
            None if self.has_key => "private_key_jwt",
            None if self.grant() == "token_exchange" => "none",
            None => "client_secret_basic",
        }
    }

    /// The fields that a refusal may name; none where there is no reason for one.
    fn faults(&self) -> Vec<&'static str> {
        let mut faults = Vec::new();
        let mut add = |applies: bool, field| faults.extend(applies.then_some(field));
        let (grant, method) = (self.grant(), self.method());
        let exchanges = grant == "token_exchange";
        let needs_client = method != "none" || grant == "jwt_bearer";
        add(!self.has_client && needs_client, "clientId");
        // Which of them authenticates is not guessed.
        let has_both = self.has_secret && self.has_key && grant != "jwt_bearer";
        add(has_both && self.method.is_none(), "clientAuth");
        add(
            !self.has_secret && method.starts_with("client_secret"),
            "clientSecret",
        );
        let signs = method == "private_key_jwt" || grant == "jwt_bearer";
        add(!self.has_key && signs, "privateKey");
        add(exchanges && self.subject.is_none(), "subjectToken");
        add(!exchanges && self.subject.is_some(), "subjectToken");
        add(
            !exchanges && self.subject_type.is_some(),
            "subjectTokenType",
        );
        add(!exchanges && self.actor.is_some(), "actorToken");
        let acts = exchanges && self.actor.is_some();
        add(!acts && self.actor_type.is_some(), "actorTokenType");
        add(!exchanges && self.requested.is_some(), "requestedTokenType");
        add(
            grant != "jwt_bearer" && self.claims.is_some(),
            "assertionClaims",
        );
        faults
    }

    /// The body, with marks for what is signed.
    fn body(&self, client: &str, grant: &str) -> Json {
        let mut body = json!({ "scope": self.scope });
        match self.grant() {
            "jwt_bearer" => {
                body["grant_type"] = format!("{GRANT}jwt-bearer").into();
                body["assertion"] = grant.into();
            }
            "token_exchange" => {
                body["grant_type"] = format!("{GRANT}token-exchange").into();
                body["subject_token"] = self.subject.into();
                body["subject_token_type"] = self.subject_type.unwrap_or(ACCESS_TOKEN).into();
                body["actor_token"] = self.actor.into();
                let acting = self.actor.map(|_| self.actor_type.unwrap_or(ACCESS_TOKEN));
                body["actor_token_type"] = acting.into();
                body["requested_token_type"] = self.requested.into();
            }
            other => body["grant_type"] = other.into(),
        }
        let id = self.has_client.then_some("a client");
        match self.method() {
            "client_secret_basic" => {}
            "client_secret_post" => {
                body["client_id"] = id.into();
                body["client_secret"] = "a long secret".into();
            }
            "private_key_jwt" => {
                body["client_id"] = id.into();
                body["client_assertion"] = client.into();
                body["client_assertion_type"] = CLIENT_ASSERTION.into();
            }
            _ => body["client_id"] = id.into(),
        }
        with(json!({}), &body)
    }
}

proptest! {
    #![proptest_config(many_cases())]

    /// RFC 7523, section 2.1; RFC 8693, section 2.1.
    #[test]
    fn a_grant_asks_with_what_it_takes_and_with_nothing_else(wish in wishes()) {
        let config = wish.config();
        let faults = wish.faults();
        if !faults.is_empty() {
            let message = support::refused("oauth2", &config);
            let named = faults.iter().any(|field| message.starts_with(&format!("{field}: ")));
            prop_assert!(named, "{:?}: {}", faults, message);
            return Ok(());
        }
        let run = Scenario::of("oauth2", &config).answer(200, json!({ "access_token": "t" })).run();
        let text = |part| run.jwts(part).first().map_or(String::new(), |jwt| jwt.text.clone());
        let (head, body) = run.request().split_once("\n\n").unwrap();
        let body: Json = match wish.json {
            true => serde_json::from_str(body).unwrap(),
            false => {
                let pairs: Vec<(String, String)> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
                let count = pairs.len();
                let body = json!(pairs.into_iter().collect::<std::collections::BTreeMap<_, _>>());
                prop_assert_eq!(body.as_object().unwrap().len(), count, "a name is there twice");
                body
            }
        };
        prop_assert_eq!(body, wish.body(&text(Part::Client), &text(Part::Grant)));
        prop_assert_eq!(head.contains("authorization: Basic "), wish.method() == "client_secret_basic");
        let grants = usize::from(wish.grant() == "jwt_bearer");
        prop_assert_eq!(run.jwts(Part::Grant).len(), grants);
        prop_assert_eq!(run.jwts(Part::Client).len(), usize::from(wish.method() == "private_key_jwt"));
        for (name, claim) in wish.claims.iter().flat_map(|claims| claims.as_object().unwrap()) {
            prop_assert_eq!(&run.jwt(Part::Grant).claims[name], claim, "as it was given");
        }
    }
}

#[test]
fn what_a_grant_does_not_take_is_refused_by_name() {
    for (fields, field) in [
        (json!({ "grant": "password" }), "grant"),
        (json!({ "subjectToken": "t" }), "subjectToken"),
        (json!({ "grant": "token_exchange" }), "subjectToken"),
        (
            json!({ "grant": "token_exchange", "subjectToken": "" }),
            "subjectToken",
        ),
        (
            json!({ "grant": "token_exchange", "subjectToken": "t", "actorTokenType": "urn:a" }),
            "actorTokenType",
        ),
        (json!({ "grant": "jwt_bearer" }), "privateKey"),
        (
            json!({ "grant": "jwt_bearer", "privateKey": "no key" }),
            "privateKey",
        ),
        (json!({ "assertionClaims": { "a": 1 } }), "assertionClaims"),
        (
            json!({ "grant": "jwt_bearer", "privateKey": held(1), "assertionClaims": ["a"] }),
            "assertionClaims",
        ),
        (
            json!({ "grant": "jwt_bearer", "privateKey": held(1), "assertionClaims": { "constructor": 1 } }),
            "assertionClaims.constructor",
        ),
        (
            json!({ "grant": "token_exchange", "subjectToken": "t", "params": { "subject_token": "x" } }),
            "params.subject_token",
        ),
        (
            json!({ "grant": "jwt_bearer", "privateKey": held(1), "params": { "assertion": "x" } }),
            "params.assertion",
        ),
    ] {
        names("oauth2", &fields, field);
    }
}

#[test]
fn previews_mask_tokens_and_assertions() {
    let exchange = json!({ "grant": "token_exchange", "subjectToken": "the subject", "actorToken": "the actor" });
    let preview = support::preview("oauth2", &with(good("oauth2"), &exchange));
    assert!(
        preview.contains("subject_token=***&") && preview.contains("actor_token=***&"),
        "{preview}"
    );
    let bearer = json!({ "grant": "jwt_bearer", "privateKey": held(1), "clientSecret": null, "clientAuth": "private_key_jwt" });
    let preview = support::preview("oauth2", &with(good("oauth2"), &bearer));
    assert!(
        preview.contains("&assertion=***&") && preview.contains("client_assertion=***"),
        "{preview}"
    );
}

#[test]
fn what_is_got_for_a_token_is_kept_no_longer_than_that_one() {
    let (own, derived) = (Lifetime::For(3_600_000), Lifetime::Derived);
    // However far the server's clock is ahead of this one, or behind it.
    for ahead in [0, 7_200, -7_200] {
        let ends = |left: Option<i64>| {
            left.map(|left| jwt(&json!({ "exp": START.wall / 1_000 + ahead + left })))
        };
        for (subject, actor, kept) in [
            (None, None, own),
            (Some(600), None, derived(600_000)),
            (None, Some(600), derived(600_000)),
            (Some(600), Some(60), derived(60_000)),
            (Some(60), Some(600), derived(60_000)),
            (Some(60), Some(9_000), derived(60_000)),
            (Some(3_600), None, derived(3_600_000)),
            (Some(3_601), Some(9_000), own),
            (Some(0), None, Lifetime::None),
            (Some(-60), Some(600), Lifetime::None),
        ] {
            let token = ends(subject).unwrap_or_else(|| "opaque".to_owned());
            let fields = json!({ "grant": "token_exchange", "subjectToken": token, "actorToken": ends(actor) });
            let config = with(good("oauth2"), &fields);
            let body = json!({ "access_token": "t", "expires_in": 3_600 });
            let run = Scenario::of("oauth2", &config)
                .answer(200, body)
                .header("date", date(ahead))
                .run();
            assert_eq!(run.lifetime(), Some(3_600_000), "as the server has it");
            assert_eq!(
                run.end.unwrap().lifetime,
                kept,
                "{subject:?} and {actor:?}, with the server {ahead} s ahead"
            );
        }
    }
}
