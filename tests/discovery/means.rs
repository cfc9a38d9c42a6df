//! What a client holds, and how it then authenticates with a server that takes some methods.

use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::config;
use crate::support::{FUNCTION, Json, held, json};

/// What a client holds.
#[derive(Clone, Debug)]
pub(crate) struct Means {
    pub(crate) client: bool,
    pub(crate) secret: Option<&'static str>,
    key: bool,
    grant: Option<&'static str>,
    asked: Option<&'static str>,
}

pub(crate) const METHODS: &[&str] = &[
    "client_secret_basic",
    "client_secret_post",
    "client_secret_jwt",
    "private_key_jwt",
    "tls_client_auth",
    "none",
];

pub(crate) fn means() -> impl Strategy<Value = Means> {
    (
        prop::bool::weighted(0.8),
        option::of(select(&["a long secret", FUNCTION][..])),
        any::<bool>(),
        option::of(select(
            &["client_credentials", "jwt_bearer", "token_exchange"][..],
        )),
        option::weighted(0.3, select(METHODS)),
    )
        .prop_map(|(client, secret, key, grant, asked)| Means {
            client,
            secret,
            key,
            grant,
            asked,
        })
}

impl Means {
    pub(crate) fn config(&self) -> Json {
        let has_subject = self.grant == Some("token_exchange");
        config(&json!({
            "clientId": self.client.then_some("a client"), "clientSecret": self.secret, "privateKey": self.key.then(|| held(1)),
            "grant": self.grant, "clientAuth": self.asked, "subjectToken": has_subject.then_some("a subject token"), "fetch": FUNCTION,
        }))
    }

    /// The method that is used; none where the server takes nothing that the client has.
    pub(crate) fn method(&self, supported: &[&'static str]) -> Option<&'static str> {
        let mut own = Vec::new();
        own.extend((self.key && self.client).then_some("private_key_jwt"));
        own.extend(self.secret.into_iter().flat_map(|_| &METHODS[..3]));
        if own.is_empty() || self.bears() {
            own.push("none");
        }
        // Such a grant says enough by itself.
        let is_open = self.bears() || self.grant == Some("token_exchange");
        let taken = |method: &&str| is_open && *method == "none" || supported.contains(method);
        self.asked.or(own.into_iter().find(taken))
    }

    /// Whether an assertion asks for the token.
    pub(crate) fn bears(&self) -> bool {
        self.grant == Some("jwt_bearer")
    }
}
