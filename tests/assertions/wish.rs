//! Client assertions as descriptors and configs may want them, and the claims that are owed.

use proptest::collection::btree_map;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::support::configs::with;
use crate::support::{Json, held, json};

/// A token endpoint with a query.
pub(crate) const ENDPOINT: &str = "https://id.example/token?tenant=a";
const ISSUER: &str = "https://id.example/issuer/";

/// How an assertion is described, and what it is described for.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    pub(crate) method: &'static str,
    audience: Option<&'static str>,
    pub(crate) ttl: Option<i64>,
    pub(crate) backdate: Option<i64>,
    pub(crate) jti: Option<bool>,
    nbf: Option<bool>,
    claims: Vec<(&'static str, Json)>,
    tenant: Option<&'static str>,
    /// Seconds after the epoch.
    pub(crate) now: i64,
}

pub(crate) fn wishes() -> impl Strategy<Value = Wish> {
    let names = select(&["iss", "sub", "aud", "iat", "exp", "jti", "nbf", "scope"][..]);
    let claims = select(vec![
        json!("{clientId}"),
        json!("{tenant?}"),
        json!("a {tenant} {{b}}"),
        json!(7),
        json!(true),
        json!(null),
        json!({ "of": ["{tenant?}", "{clientId}", { "deep": "{tenant}" }] }),
    ]);
    let claims = btree_map(names, claims, 0..4).prop_map(|claims| claims.into_iter().collect());
    let audiences = select(&["endpoint", "issuer", "urn:a b", "https://other.example"][..]);
    (
        select(&["private_key_jwt", "client_secret_jwt"][..]),
        option::of(audiences),
        option::of(select(&[0_i64, 1, 60, 300, 3_540, 86_400][..])),
        option::of(select(&[0_i64, 1, 60, 3_600][..])),
        any::<[Option<bool>; 2]>(),
        claims,
        option::of(select(&["acme", "{clientId}", "a\"b"][..])),
        0..9_000_000_000_i64,
    )
        .prop_map(
            |(method, audience, ttl, backdate, [jti, nbf], claims, tenant, now)| Wish {
                method,
                audience,
                ttl,
                backdate,
                jti,
                nbf,
                claims,
                tenant,
                now,
            },
        )
}

impl Wish {
    pub(crate) fn provider(&self) -> Json {
        let claims: serde_json::Map<String, Json> = self
            .claims
            .iter()
            .map(|(name, claim)| ((*name).to_owned(), claim.clone()))
            .collect();
        let assertion = json!({
            "ttl": self.ttl, "backdate": self.backdate, "jti": self.jti, "nbf": self.nbf, "claims": claims,
        });
        let params = json!({ "tenant": { "required": self.needs_tenant() } });
        with(
            json!({ "id": "mine", "extends": "oidc", "params": params }),
            &json!({ "assertion": with(json!({}), &assertion) }),
        )
    }

    /// Whether a template without a question mark names it.
    fn needs_tenant(&self) -> bool {
        json!(self.claims).to_string().contains("{tenant}")
    }

    pub(crate) fn config(&self) -> Json {
        let config = json!({
            "issuer": ISSUER, "tokenEndpoint": ENDPOINT, "clientAuth": self.method,
            "clientId": "a client", "privateKey": held(1), "clientSecret": held(2),
        });
        let tenant = self.tenant.or(self.needs_tenant().then_some("eu"));
        let own = json!({ "assertionAudience": self.audience, "tenant": tenant });
        with(config, &own)
    }

    /// A claim with the values put in; none where it is left out.
    fn filled(&self, claim: &Json) -> Option<Json> {
        let tenant = self.tenant.or(self.needs_tenant().then_some("eu"));
        Some(match claim {
            Json::String(text) => match text.as_str() {
                "{clientId}" => json!("a client"),
                "{tenant?}" => json!(tenant?),
                "{tenant}" => json!(tenant.unwrap()),
                _ => json!(format!("a {} {{b}}", tenant.unwrap())),
            },
            Json::Object(members) => {
                let own =
                    |(name, member): (&String, &Json)| Some((name.clone(), self.filled(member)?));
                Json::Object(members.iter().filter_map(own).collect())
            }
            Json::Array(items) => items.iter().filter_map(|item| self.filled(item)).collect(),
            other => other.clone(),
        })
    }

    /// The claims, without a `jti` that is made anew.
    pub(crate) fn expected(&self) -> Json {
        let audience = match self.audience {
            None | Some("endpoint") => ENDPOINT,
            Some("issuer") => ISSUER,
            Some(other) => other,
        };
        let issued = self.now - self.backdate.unwrap_or(0);
        let ends = self.now + self.ttl.unwrap_or(300);
        let mut claims = json!({ "iss": "a client", "sub": "a client", "aud": audience, "iat": issued, "exp": ends });
        if self.nbf == Some(true) {
            claims["nbf"] = issued.into();
        }
        for (name, claim) in &self.claims {
            if let Some(claim) = self.filled(claim) {
                claims[name] = claim;
            }
        }
        claims
    }

    pub(crate) fn has_own(&self, name: &str) -> bool {
        let own = self.claims.iter().find(|(known, _)| *known == name);
        own.is_some_and(|(_, claim)| self.filled(claim).is_some())
    }
}
