//! JWTs that a scenario had signed. Nobody signs them: a text says which one it is.

use std::cell::Cell;

use tokenlet::request::{Jwt, Key, Part};
use tokenlet::value::{Host, Value};

use super::{Json, json_of};

/// A JWT, as the core wanted it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Signed {
    pub(crate) part: Part,
    /// What signs it, and how: `the config's privateKey`, `clientSecret, the text …`, `the pair of …`.
    pub(crate) key: String,
    pub(crate) encoding: String,
    pub(crate) alg: String,
    pub(crate) among: Vec<String>,
    pub(crate) header: Json,
    pub(crate) claims: Json,
    /// What a request carries in its place.
    pub(crate) text: String,
}

impl Signed {
    /// Signs the JWT that is the `number`th of its scenario.
    pub(crate) fn new(jwt: &Jwt, number: usize) -> Self {
        let (part, key) = (word(jwt.part), &jwt.key);
        Self {
            part: jwt.part,
            key: match key {
                Key::Held(field) => format!("the config's {field}"),
                Key::Text(field, text) => format!("{field}, the text {}", text.reveal()),
                Key::Pair(client) => format!("the pair of {client}"),
            },
            encoding: jwt.encoding.clone(),
            alg: jwt.alg.clone(),
            among: jwt
                .among
                .iter()
                .map(|name| name.own_text().into())
                .collect(),
            header: read(&jwt.header),
            claims: read(&jwt.claims),
            text: format!("signed-{part}-{number}"),
        }
    }

    /// A claim that is a number.
    pub(crate) fn seconds(&self, claim: &str) -> i64 {
        let claim = &self.claims[claim];
        claim
            .as_i64()
            .unwrap_or_else(|| panic!("{claim} is no number"))
    }
}

/// The host, with an id of its own for whatever takes one.
pub(super) const HOST: Host = Host {
    uuid: || {
        let number = DRAWN.get() + 1;
        DRAWN.set(number);
        format!("00000000-0000-4000-8000-{number:012x}")
    },
    ..super::HOST
};

thread_local! {
    static DRAWN: Cell<u64> = const { Cell::new(0) };
}

fn word(part: Part) -> &'static str {
    match part {
        Part::Client => "client",
        Part::Grant => "grant",
        Part::Proof => "proof",
    }
}

/// RFC 7519, section 4: no name stands there twice.
fn read(members: &Value) -> Json {
    let json = json_of(members);
    let count = json.as_object().unwrap().len();
    assert_eq!(count, members.members("").len(), "a name twice in {json}");
    json
}
