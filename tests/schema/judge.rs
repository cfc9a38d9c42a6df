//! What no schema tells of a descriptor, judged without a line of the core.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use crate::{Json, json};

/// Why a descriptor that is valid may be refused all the same. Only built-ins can be
/// extended, so that none is circular, and the schema sees to it that the whole is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ground {
    /// It extends what is no built-in.
    Base,
    /// A template is malformed, or names what nobody declares.
    Template,
    /// A URL is not https.
    Url,
    /// An id or a field is called like a member of `Object.prototype`.
    Prototype,
    /// A parameter is called like a common config field.
    Common,
    /// A key stands elsewhere than in `assertion.key`.
    Key,
}

/// Every ground that there is to refuse a valid descriptor.
pub(crate) fn grounds(descriptor: &Json) -> Vec<Ground> {
    let Some(whole) = merged(descriptor) else {
        return vec![Ground::Base];
    };
    let mut grounds = Vec::new();
    let mut add = |applies: bool, ground| grounds.extend(applies.then_some(ground));
    let params = members(&whole["params"]);
    let declared = |name: &str| params.iter().any(|(own, _)| *own == name);
    let sound = |made: &[&str], text: &str| {
        let known =
            |name: &str| COMMON_NAMES.contains(&name) || made.contains(&name) || declared(name);
        named(text).is_some_and(|names| names.into_iter().all(known))
    };
    let at = |places: &[&str]| {
        places
            .iter()
            .flat_map(|place| texts(whole.pointer(place)))
            .collect()
    };
    let in_request: Vec<&str> = at(&[
        "/request/url",
        "/request/headers",
        "/request/query",
        "/request/body",
    ]);
    // What is made for one request is no part of anything else.
    let elsewhere: Vec<&str> = at(&["/scope/default", "/response/ttl", "/use/origins"]);
    // An assertion does not hold itself.
    let signed: Vec<&str> = at(&["/assertion/header", "/assertion/claims"]);
    let key: Vec<&str> = at(&["/assertion/key"]);
    let faulty = !in_request.iter().all(|text| sound(FRESH, text))
        || !signed.iter().all(|text| sound(&FRESH[..4], text))
        || ![elsewhere.clone(), key]
            .concat()
            .iter()
            .all(|text| sound(&[], text));
    add(faulty, Ground::Template);
    let is_key = |name: &str| {
        params
            .iter()
            .any(|(own, rules)| *own == name && rules["kind"] == "key")
    };
    let mut shown = [in_request, elsewhere, signed].concat().into_iter();
    add(
        shown.any(|text| named(text).is_some_and(|names| names.into_iter().any(is_key))),
        Ground::Key,
    );
    let not_https = |url: &str| !url.starts_with("https://") && !url.starts_with('{');
    let urls = ["/request/url", "/use/origins"].map(|place| texts(whole.pointer(place)));
    add(urls.iter().flatten().any(|url| not_https(url)), Ground::Url);
    let own = [
        "/params",
        "/request/headers",
        "/request/query",
        "/request/body",
        "/response/extra",
        "/assertion/header",
        "/assertion/claims",
    ];
    let maps = own.iter().filter_map(|place| whole.pointer(place));
    let id = whole["id"].as_str().unwrap_or_default();
    add(
        is_prototype(id) || maps.into_iter().any(has_prototype),
        Ground::Prototype,
    );
    add(
        params.iter().any(|(name, _)| COMMON.contains(name)),
        Ground::Common,
    );
    grounds
}

/// Whether something is signed, and nothing is there to sign with: neither a parameter that is a
/// key, nor a text in its place, nor the client's secret.
pub(crate) fn lacks_key(descriptor: &Json) -> bool {
    let whole = merged(descriptor).unwrap_or(Json::Null);
    let method = whole["auth"]["method"].as_str().unwrap_or_default();
    let request = texts(whole.get("request"));
    let mut names = request.into_iter().filter_map(named).flatten();
    let places = names.any(|name| name == "$assertion");
    let signs = method == "private_key_jwt" || places || whole["assertion"]["direct"] == true;
    let has_key = members(&whole["params"])
        .iter()
        .any(|(_, rules)| rules["kind"] == "key");
    signs && !has_key && whole["assertion"]["key"].is_null() && method != "client_secret_jwt"
}

/// The ground that a message gives.
pub(crate) fn said(message: &str) -> Option<Ground> {
    let found = WORDS.iter().find(|(words, _)| message.contains(words));
    found.map(|(_, ground)| *ground)
}

/// The descriptors of `src/catalogue`, by their ids.
pub(crate) fn built_in() -> &'static BTreeMap<String, Json> {
    static ALL: LazyLock<BTreeMap<String, Json>> = LazyLock::new(|| {
        let mut all = BTreeMap::new();
        for file in
            std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/catalogue")).unwrap()
        {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let descriptor: Json = serde_json::from_str(&text).unwrap();
            all.insert(descriptor["id"].as_str().unwrap().to_owned(), descriptor);
        }
        all
    });
    &ALL
}

/// The descriptor with what it extends; none when that is no built-in.
pub(crate) fn merged(descriptor: &Json) -> Option<Json> {
    let mut whole = match descriptor.get("extends") {
        Some(base) => merged(built_in().get(base.as_str()?)?)?,
        None => json!({}),
    };
    merge(&mut whole, descriptor);
    Some(whole)
}

fn merge(base: &mut Json, over: &Json) {
    match (base, over) {
        (Json::Object(base), Json::Object(over)) => {
            for (name, part) in over {
                merge(base.entry(name).or_insert(Json::Null), part);
            }
        }
        (base, over) => *base = over.clone(),
    }
}

/// The names in a template; none when it is malformed.
fn named(text: &str) -> Option<Vec<&str>> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("{{").or_else(|| rest.strip_prefix("}}")) {
            rest = after;
            continue;
        }
        let (name, after) = rest.strip_prefix('{')?.split_once('}')?;
        names.push(name.strip_suffix('?').unwrap_or(name));
        rest = after;
    }
    Some(names)
}

/// The texts in a value, at every depth.
fn texts(value: Option<&Json>) -> Vec<&str> {
    match value {
        Some(Json::String(text)) => vec![text],
        Some(Json::Array(items)) => items.iter().flat_map(|item| texts(Some(item))).collect(),
        Some(Json::Object(members)) => members
            .values()
            .flat_map(|member| texts(Some(member)))
            .collect(),
        _ => Vec::new(),
    }
}

pub(crate) fn members(value: &Json) -> Vec<(&str, &Json)> {
    let members = value.as_object().into_iter().flatten();
    members
        .map(|(name, member)| (name.as_str(), member))
        .collect()
}

fn has_prototype(value: &Json) -> bool {
    match value {
        Json::Array(items) => items.iter().any(has_prototype),
        Json::Object(members) => members
            .iter()
            .any(|(name, member)| is_prototype(name) || has_prototype(member)),
        _ => false,
    }
}

fn is_prototype(name: &str) -> bool {
    name.starts_with("__") && name.ends_with("__")
        || [
            "constructor",
            "hasOwnProperty",
            "isPrototypeOf",
            "propertyIsEnumerable",
            "toLocaleString",
            "toString",
            "valueOf",
        ]
        .contains(&name)
}

/// The common fields that a template may name.
const COMMON_NAMES: &[&str] = &["clientId", "scope", "audience", "tokenEndpoint"];

/// What is made anew for each request.
const FRESH: &[&str] = &["$uuid", "$now.s", "$now.ms", "$now.iso", "$assertion"];

/// The common config fields.
const COMMON: &[&str] = &[
    "clientId",
    "clientSecret",
    "scope",
    "audience",
    "resource",
    "params",
    "headers",
    "tokenEndpoint",
    "timeout",
    "retries",
    "refreshAhead",
    "maxAge",
    "fetch",
    "waitUntil",
    "partition",
    "allowHttp",
    "dpop",
    "assertionClaims",
];

/// What messages say, and of which ground.
const WORDS: &[(&str, Ground)] = &[
    ("a key, which may stand in assertion.key alone", Ground::Key),
    ("unknown provider", Ground::Base),
    ("names no declared parameter", Ground::Template),
    ("is never closed", Ground::Template),
    ("closes nothing", Ground::Template),
    ("the name of a common config field", Ground::Common),
    ("a field may not have this name", Ground::Prototype),
    ("descriptor.id: expected", Ground::Prototype),
    ("https", Ground::Url),
];
