//! What descriptors are filled with: texts that mean something in a template, a path or a URL,
//! names, and numbers at the edges. Few are faulty, so that most descriptors are sound.

use proptest::prelude::*;
use proptest::sample::select;

use crate::Json;

pub(super) fn templates() -> BoxedStrategy<Json> {
    prop_oneof![60 => select(TEMPLATES), 1 => select(FAULTY)]
        .prop_map(Json::from)
        .boxed()
}

pub(super) fn urls() -> BoxedStrategy<Json> {
    prop_oneof![20 => select(URLS), 1 => select(FAULTY)]
        .prop_map(Json::from)
        .boxed()
}

pub(super) fn names() -> BoxedStrategy<&'static str> {
    prop_oneof![40 => select(NAMES), 1 => select(PROTOTYPE)].boxed()
}

pub(super) fn scalars() -> BoxedStrategy<Json> {
    let numbers = select(NUMBERS).prop_map(Json::from);
    let texts = select(TEXTS).prop_map(Json::from);
    prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        numbers,
        texts
    ]
    .boxed()
}

pub(super) const NUMBERS: &[f64] = &[
    -1.0,
    0.0,
    1.0,
    60.0,
    0.5,
    -2.25,
    4_294_967_296.0,
    9_007_199_254_740_994.0,
    1e21,
    1e300,
];
pub(super) const TEXTS: &[&str] = &[
    "",
    "a",
    "eu",
    "7",
    " ",
    "é\n",
    "{",
    "https://a.example",
    "http://a.example",
    "constructor",
    "form",
    "none",
];
const TEMPLATES: &[&str] = &[
    "",
    "a",
    "é",
    "{region}",
    "{region?}",
    "a{region}b",
    "{{a}}",
    "{{{region}}}",
    "{clientId}",
    "{scope?}",
    "{audience}",
    "{$uuid}",
    "{$now.s}",
    "{$now.ms}",
    "{$now.iso}",
    "{$assertion}",
];
const FAULTY: &[&str] = &[
    "{stranger}",
    "{",
    "}",
    "{}",
    "{a b}",
    "{region",
    "{$now.h}",
    "{constructor}",
    "http://a.example",
];
const URLS: &[&str] = &[
    "https://a.example/token",
    "https://{region}.a.example",
    "{region}",
    "{tokenEndpoint}",
    "https://a.example/?a={$uuid}",
];
pub(super) const PATHS: &[&str] = &[
    "",
    "a",
    "a.b.0",
    "/a/b",
    "/a~1b",
    "header:X-Token",
    "{region}",
];
const NAMES: &[&str] = &[
    "region",
    "days",
    "grant_type",
    "X-Header",
    "",
    "a b",
    "é",
    "clientId",
    "$uuid",
];
pub(super) const BASES: &[&str] = &[
    "emporix",
    "firstvision",
    "oauth2",
    "oidc",
    "google",
    "entra-certificate",
];
pub(super) const PROTOTYPE: &[&str] = &[
    "__proto__",
    "constructor",
    "toString",
    "valueOf",
    "hasOwnProperty",
    "__defineGetter__",
];
