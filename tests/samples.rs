//! What vendors document, against what is sent to them and made of their answers: every
//! file of `tests/samples`, exactly.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]
#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

#[path = "support/exchange.rs"]
mod exchange;
#[path = "support/host.rs"]
mod host;
#[path = "support/sample.rs"]
mod sample;
mod support;

use std::rc::Rc;

use exchange::{answer, expected, named, sorted, text, written};
use host::HOST;
use sample::{Sample, catalogue, samples};
use support::{base64, base64url};
use tokenlet::config::ClientSecret;
use tokenlet::flow::{Flow, Plan, Step};
use tokenlet::request::{self, HttpRequest};
use tokenlet::response::{Answer, Body};
use tokenlet::value::Value;

/// So many vendors' pages were read at least.
const LEAST: usize = 60;

#[test]
fn every_sample_is_what_is_sent_and_read() {
    report(|sample, differences| {
        let Some(plan) = plan(sample, differences) else {
            return;
        };
        let (sent, end) = play(sample, &plan, &answer(sample.at("answer")));
        compare_request(sample, &sent, differences);
        compare_token(sample, end, differences);
        let refusal = answer(sample.at("refusal.answer"));
        compare_refusal(sample, play(sample, &plan, &refusal).1, differences);
    });
}

#[test]
fn no_secret_of_a_sample_is_told() {
    report(|sample, differences| {
        let Some(plan) = plan(sample, differences) else {
            return;
        };
        let preview = request::preview(plan.source(HOST, sample.now().wall));
        let mut told = vec![written(&preview.unwrap())];
        // As documented, and by a server that echoes all that it was sent.
        let (sent, _) = play(sample, &plan, &answer(sample.at("answer")));
        let documented = answer(sample.at("refusal.answer"));
        for refusal in [
            documented.clone(),
            Answer {
                body: Body::Text(text(&echo(&sent))),
                ..documented
            },
        ] {
            if let Err(error) = play(sample, &plan, &refusal).1 {
                told.push(error);
            }
        }
        for (name, secret) in secrets(&plan) {
            for spelling in spellings(plan.config.text("clientId"), secret) {
                for told in told.iter().map(text) {
                    if told.contains(&spelling) {
                        differences.push(format!("'{name}' is told as {spelling}: {told}"));
                    }
                }
            }
        }
    });
}

#[test]
fn there_are_samples_of_every_built_in_and_of_many_others() {
    let samples = samples();
    let mut ids = catalogue();
    ids.retain(|id| !samples.iter().any(|sample| sample.built_in() == Some(id)));
    assert_eq!(ids, Vec::<String>::new(), "built-ins without a sample");
    assert!(samples.len() >= LEAST, "{} samples", samples.len());
}

/// Fails with the differences of all samples; one that is none is not played.
fn report(compare: impl Fn(&Sample, &mut Vec<String>)) {
    let mut report = String::new();
    for sample in samples() {
        let mut differences = sample.faults();
        if differences.is_empty() {
            compare(&sample, &mut differences);
        }
        for difference in differences {
            report.push_str(&format!("\n{}: {difference}", sample.name));
        }
    }
    assert!(report.is_empty(), "{report}\n");
}

fn plan(sample: &Sample, differences: &mut Vec<String>) -> Option<Rc<Plan>> {
    match Plan::new(sample.at("provider"), &sample.config(), HOST) {
        Ok(plan) => Some(Rc::new(plan)),
        Err(error) => {
            differences.push(error.message);
            None
        }
    }
}

/// What is sent, and the token or the error as users see them.
fn play(sample: &Sample, plan: &Rc<Plan>, answer: &Answer) -> (HttpRequest, Result<Value, Value>) {
    let now = sample.now();
    let (mut flow, step) = Flow::start(Rc::clone(plan), HOST, now);
    let Step::Send(request, _) = step else {
        panic!("{}: nothing is sent", sample.name);
    };
    let end = match flow.handle_response(answer, now, 0.5) {
        Step::Ready(token) => Ok(token.to_value()),
        Step::Fail(error) => Err(error.to_value()),
        _ => panic!("{}: it is tried again", sample.name),
    };
    (request, end)
}

fn compare_request(sample: &Sample, sent: &HttpRequest, differences: &mut Vec<String>) {
    let (expected, got) = (expected(sample, sent), written(sent));
    for (name, expected) in expected.members("") {
        differ(name, expected, got.member(name).unwrap(), differences);
    }
}

fn compare_token(sample: &Sample, end: Result<Value, Value>, differences: &mut Vec<String>) {
    let token = match end {
        Ok(token) => token,
        Err(error) => return differences.push(format!("no token: {}", text(&error))),
    };
    let expected = |name: &str| sample.at("token").member(name).cloned();
    let access_token = expected("accessToken").unwrap_or(Value::Null);
    let bearer = format!("Bearer {}", access_token.own_text());
    let headers = Value::Object(vec![("Authorization".to_owned(), bearer.into())]);
    for (name, default) in [
        ("accessToken", Value::Null),
        ("tokenType", "Bearer".into()),
        ("scope", Value::Null),
        ("headers", headers),
        ("extra", Value::Object(Vec::new())),
    ] {
        let expected = expected(name).unwrap_or(default);
        differ(
            name,
            &sorted(&expected),
            &sorted(token.member(name).unwrap()),
            differences,
        );
    }
    let lifetime = match token.member("expiresAt").and_then(Value::as_whole) {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a lifetime is far below 2^53 ms"
        )]
        Some(instant) => Value::Number((instant - sample.now().wall) as f64 / 1_000.0),
        None => Value::Null,
    };
    differ(
        "lifetime",
        sample.at("token.lifetime"),
        &lifetime,
        differences,
    );
}

fn compare_refusal(sample: &Sample, end: Result<Value, Value>, differences: &mut Vec<String>) {
    let error = match end {
        Ok(_) => return differences.push("the refusal is taken for a token".to_owned()),
        Err(error) => error,
    };
    for (name, expected) in sample.whole.members("refusal.error") {
        let got = error.member(name).unwrap_or(&Value::Null);
        differ(&format!("refusal: {name}"), expected, got, differences);
    }
}

fn differ(what: &str, expected: &Value, got: &Value, differences: &mut Vec<String>) {
    if expected != got {
        differences.push(format!(
            "{what}: expected {}, got {}",
            text(expected),
            text(got)
        ));
    }
}

/// What is sent back by a server that gives everything away.
fn echo(request: &HttpRequest) -> Value {
    let mut echo = named("error", "invalid_request".into());
    echo.put("error_description", request.body.as_deref().into());
    echo.put("url", request.url.as_str().into());
    echo.put("headers", Value::Object(request.headers.clone()));
    echo
}

/// The values of a config that no one may be told, by their fields.
fn secrets(plan: &Plan) -> Vec<(&str, &str)> {
    let params = plan.descriptor.members("params").iter();
    let secret = params
        .filter(|(_, rules)| rules.flag("secret"))
        .map(|(name, _)| name.as_str());
    let fields = secret.map(|name| (name, plan.config.text(name)));
    let given = match &plan.config.client_secret {
        ClientSecret::Given(secret) => secret.reveal(),
        _ => "",
    };
    fields
        .chain([("clientSecret", given)])
        .filter(|(_, secret)| !secret.is_empty())
        .collect()
}

/// The secret in every spelling in which it is sent, and in JSON.
fn spellings(id: &str, secret: &str) -> Vec<String> {
    let form = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let percent = percent_encoding::utf8_percent_encode(secret, percent_encoding::NON_ALPHANUMERIC)
        .to_string();
    let json = text(&secret.into());
    vec![
        secret.to_owned(),
        json.trim_matches('"').to_owned(),
        form(secret),
        form(secret).replace('+', "%20"),
        percent,
        base64(secret),
        base64url(secret),
        base64(&format!("{id}:{secret}")),
        base64(&format!("{}:{}", form(id), form(secret))),
        base64(&format!("{}:{}", base64(id), base64(secret))),
    ]
}
