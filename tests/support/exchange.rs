//! Requests and answers as samples write them.

use tokenlet::request::HttpRequest;
use tokenlet::response::{Answer, Body};
use tokenlet::value::Value;

use super::host::HOST;
use super::sample::Sample;

/// The answer that a sample gives: a body is text as it stands, or JSON.
pub(crate) fn answer(answer: &Value) -> Answer {
    let header =
        |(name, value): &(String, Value)| (name.to_ascii_lowercase(), value.own_text().to_owned());
    let status = answer.member("status").and_then(Value::as_whole);
    let body = answer.member("body").unwrap_or(&Value::Null);
    Answer {
        status: status
            .and_then(|status| status.try_into().ok())
            .unwrap_or_default(),
        headers: answer.members("headers").iter().map(header).collect(),
        body: Body::Text(body.as_str().map_or_else(|| text(body), str::to_owned)),
    }
}

/// A request that was sent, its headers sorted and its form in pairs.
pub(crate) fn written(request: &HttpRequest) -> Value {
    let is_json = request
        .headers
        .iter()
        .any(|(name, value)| name == "content-type" && value.own_text().contains("json"));
    let body = match &request.body {
        Some(body) if is_json => named("json", (HOST.read_json)(body).unwrap_or(Value::Null)),
        Some(body) => {
            let pairs = form_urlencoded::parse(body.as_bytes()).into_owned();
            named(
                "form",
                Value::Array(pairs.map(|(name, value)| pair(&name, &value)).collect()),
            )
        }
        None => Value::Null,
    };
    let mut written = named("method", request.method.into());
    written.put("url", request.url.as_str().into());
    written.put("headers", sorted(&Value::Object(request.headers.clone())));
    written.put("body", body);
    written
}

/// The request that a sample expects, in the same form. What each request makes anew is
/// put in: the time of the sample, and the one id that was sent.
pub(crate) fn expected(sample: &Sample, sent: &HttpRequest) -> Value {
    let uuid = uuid_in(&text(&written(sent)));
    let iso = sample.instant().replace('Z', ".000Z");
    let millis = sample.now().wall;
    let fill = |iso: &str, value: &Value| {
        each_text(value, &|text| {
            text.replace("<uuid>", &uuid)
                .replace("<now.s>", &(millis / 1_000).to_string())
                .replace("<now.ms>", &millis.to_string())
                .replace("<now.iso>", iso)
        })
    };
    let body = fill(&iso, sample.at("request.body"));
    let body = match body.member("form") {
        Some(form) => named("form", Value::Array(pairs(form))),
        None => body,
    };
    let mut expected = named("method", sample.at("request.method").clone());
    expected.put(
        "url",
        fill(&iso.replace(':', "%3A"), sample.at("request.url")),
    );
    expected.put("headers", sorted(&fill(&iso, sample.at("request.headers"))));
    expected.put("body", body);
    expected
}

/// An object with one member.
pub(crate) fn named(name: &str, value: Value) -> Value {
    Value::Object(vec![(name.to_owned(), value)])
}

/// The value with the members of all its objects in alphabetical order.
pub(crate) fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        Value::Object(members) => {
            let member = |(name, value): &(String, Value)| (name.clone(), sorted(value));
            let mut members: Vec<_> = members.iter().map(member).collect();
            members.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Object(members)
        }
        other => other.clone(),
    }
}

/// JSON text, with whole numbers as people write them.
pub(crate) fn text(value: &Value) -> String {
    let join = |parts: Vec<String>| parts.join(",");
    match value {
        Value::Array(items) => format!("[{}]", join(items.iter().map(text).collect())),
        Value::Object(members) => {
            let member = |(name, value): &(String, Value)| {
                format!("{}:{}", text(&name.as_str().into()), text(value))
            };
            format!("{{{}}}", join(members.iter().map(member).collect()))
        }
        _ => match value.as_whole() {
            Some(whole) => whole.to_string(),
            None => serde_json::to_string(value).unwrap(),
        },
    }
}

/// The fields of a form; a name that is repeated has an array.
fn pairs(form: &Value) -> Vec<Value> {
    let each = |(name, value): &(String, Value)| {
        let values = value.items("").to_vec();
        values
            .into_iter()
            .map(|value| pair(name, value.own_text()))
            .collect::<Vec<_>>()
    };
    form.members("").iter().flat_map(each).collect()
}

fn pair(name: &str, value: &str) -> Value {
    Value::Array(vec![name.into(), value.into()])
}

/// The first UUID of version 4 (RFC 9562, section 5.4); a text that nobody sends where there is none.
fn uuid_in(text: &str) -> String {
    let fits = |candidate: &[u8]| {
        candidate
            .iter()
            .zip(UUID.bytes())
            .all(|(byte, wanted)| match wanted {
                b'x' => byte.is_ascii_digit() || (b'a'..=b'f').contains(byte),
                b'y' => b"89ab".contains(byte),
                _ => *byte == wanted,
            })
    };
    let found = text
        .as_bytes()
        .windows(UUID.len())
        .find(|window| fits(window));
    found.map_or_else(
        || "<uuid>".to_owned(),
        |found| String::from_utf8_lossy(found).into_owned(),
    )
}

/// The value with each text in it changed.
fn each_text(value: &Value, change: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => change(text).into(),
        Value::Array(items) => {
            Value::Array(items.iter().map(|item| each_text(item, change)).collect())
        }
        Value::Object(members) => {
            let member = |(name, value): &(String, Value)| (name.clone(), each_text(value, change));
            Value::Object(members.iter().map(member).collect())
        }
        other => other.clone(),
    }
}

/// `x` is a hexadecimal digit, `y` one of the variant.
const UUID: &str = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
