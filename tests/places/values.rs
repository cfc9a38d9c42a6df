//! Values of any bytes, with what means something in a URL, a form, a header, JSON or a template.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::support::Json;

/// Texts; one in ten is very long.
pub(crate) fn texts() -> BoxedStrategy<String> {
    let pieces = prop_oneof![
        4 => select(MARKS).prop_map(str::to_owned),
        2 => "[a-zA-Z0-9._-]{1,6}",
        1 => ".{0,4}",
        1 => any::<char>().prop_map(String::from),
        1 => "[\u{0}-\u{1f}\u{7f}]",
        1 => "%[0-9a-fA-F]{2}",
    ];
    let texts = vec(pieces, 0..6).prop_map(|pieces| pieces.concat());
    let long = (texts.clone(), 100..2_000_usize).prop_map(|(text, times)| text.repeat(times));
    let whole = select(MARKS).prop_map(str::to_owned);
    // Not all of them should be refused for one character where most can not stand.
    let plain = "[ -~]{1,12}";
    prop_oneof![6 => texts, 2 => plain, 1 => whole, 1 => long].boxed()
}

/// Values of a parameter of this kind, of which some are good.
pub(crate) fn values(kind: &str) -> BoxedStrategy<Json> {
    let good = match kind {
        "host" => "[a-z0-9_-]{1,6}(\\.[a-z0-9-]{1,6}){0,2}".boxed(),
        "url" => (
            select(BASES),
            "(/[a-zA-Z0-9._~!$&'()*+,;=:@%-]{0,6}){0,3}",
            select(ENDS),
        )
            .prop_map(|(base, path, end)| format!("{base}{path}{end}"))
            .boxed(),
        "int" => prop_oneof!["[0-9]{1,17}", "0{1,3}[1-9]"].boxed(),
        _ => texts(),
    };
    let numbers = prop_oneof![
        any::<u32>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
    ];
    prop_oneof![
        4 => good.prop_map(Json::from),
        2 => texts().prop_map(Json::from),
        usize::from(kind == "int") as u32 => numbers,
    ]
    .boxed()
}

#[rustfmt::skip]
const MARKS: &[&str] = &[
    "..", ".", "/", "//", "/../", "\\", "%2e%2e", "%2e", "%2F", "%00", "%", "%%", "{x}", "{", "}", "{{", "}}", "{$uuid}", "{clientId}",
    "{tokenEndpoint}", "\"", "'", "`", "&", "=", "&a=b", "&client_id=evil", "+", ";", ",", " ", "\t", "\r\n", "\n", "\r\nHost: evil", "\0",
    "?", "#", "@", ":", "*", "***", "|", "<", ">", "[", "]", "\",\"a\":\"b", "\\u0022", "\\\"", "é", "ÿ", "ā", "日本", "😀", "\u{a0}", "\u{2028}",
    "\u{feff}", "\u{202e}", "e\u{301}", "null", "true", "0", "-1", "1e3", "__proto__", "<a>", "$&", "${x}", "%s",
];
#[rustfmt::skip]
const BASES: &[&str] = &[
    "https://b.example", "https://b.example:8443", "HTTPS://B.Example:443", "https://127.0.0.1", "https://[::1]:1", "http://localhost:8080",
];
const ENDS: &[&str] = &[
    "", "", "", "", "/", "//", "?a=b", "#a", "/../x", " ", "&a=b",
];
