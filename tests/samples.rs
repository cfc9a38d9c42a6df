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
#[path = "support/held.rs"]
mod held;
#[path = "support/host.rs"]
mod host;
#[path = "support/sample.rs"]
mod sample;
mod support;

use std::rc::Rc;

use exchange::{answer, expected, named, sorted, text, written};
use held::{ASSERTION, compare_assertion, hold};
use host::HOST;
use sample::{Sample, catalogue, samples};
use support::{base64, base64url};
use tokenlet::catalogue::resolve;
use tokenlet::config::ClientSecret;
use tokenlet::flow::{Flow, Plan, Step};
use tokenlet::request::{self, HttpRequest, Jwt};
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
        compare_discovery(sample, &plan, differences);
        let played = play(sample, &plan, &answer(sample.at("answer")));
        compare_assertion(sample, &played.jwts, differences);
        match &played.sent {
            Some(sent) => compare_request(sample, sent, differences),
            None if sample.is_direct() => {}
            None => differences.push("nothing is sent".to_owned()),
        }
        compare_token(sample, played.end, differences);
        if !sample.is_direct() {
            let refusal = answer(sample.at("refusal.answer"));
            compare_refusal(sample, play(sample, &plan, &refusal).end, differences);
        }
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
        let Some(sent) = play(sample, &plan, &answer(sample.at("answer"))).sent else {
            return;
        };
        let documented = answer(sample.at("refusal.answer"));
        for refusal in [
            documented.clone(),
            Answer {
                body: Body::Text(text(&echo(&sent))),
                ..documented
            },
        ] {
            if let Err(error) = play(sample, &plan, &refusal).end {
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
    let plan = resolve(sample.at("provider"), HOST)
        .map_err(|fault| Box::new(fault.into()))
        .and_then(|descriptor| {
            let config = hold(sample.config(), &descriptor);
            Plan::of(descriptor, &config, HOST)
        });
    match plan {
        Ok(plan) => Some(Rc::new(plan)),
        Err(error) => {
            differences.push(error.message);
            None
        }
    }
}

/// How an acquisition went: what was signed and what was sent, and the token or the error
/// as users see them.
struct Played {
    jwts: Vec<Jwt>,
    sent: Option<HttpRequest>,
    end: Result<Value, Value>,
}

fn play(sample: &Sample, plan: &Rc<Plan>, answer: &Answer) -> Played {
    let now = sample.now();
    let (mut flow, mut step) = Flow::start(Rc::clone(plan), HOST, Rc::default(), now);
    let (mut jwts, mut sent) = (Vec::new(), None);
    let end = loop {
        step = match step {
            Step::Discover(_) => match discover(sample, plan).end {
                Ok(metadata) => flow.handle_metadata(&metadata, now),
                Err(error) => break Err(error),
            },
            Step::Sign(asked, _) => {
                let signatures = asked.iter().map(|_| ASSERTION.to_owned()).collect();
                jwts.extend(asked);
                flow.handle_signatures(signatures, now)
            }
            Step::Send(request, _) if sent.is_none() => {
                sent = Some(request);
                flow.handle_response(answer, now, 0.5)
            }
            Step::Ready(token) => break Ok(token.to_value()),
            Step::Fail(error) => break Err(error.to_value()),
            _ => panic!("{}: it is tried again, or a function asked", sample.name),
        };
    };
    Played { jwts, sent, end }
}

/// How the metadata of the issuer is got, where the sample shows it.
fn discover(sample: &Sample, plan: &Plan) -> Played {
    let plan = Rc::new(plan.metadata(HOST).unwrap());
    play(sample, &plan, &answer(sample.at("discovery.answer")))
}

fn compare_discovery(sample: &Sample, plan: &Plan, differences: &mut Vec<String>) {
    if let Some(url) = sample.at("discovery.url").as_str() {
        let sent = discover(sample, plan).sent.unwrap();
        differ("discovery", &"GET".into(), &sent.method.into(), differences);
        differ("discovery", &url.into(), &sent.url.into(), differences);
    }
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
        .chain([("clientSecret", given), ("the assertion", ASSERTION)])
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
