//! Arbitrary answers, at arbitrary clocks, for every provider.
//!
//! The first line of the input is numbers: provider, secret, wall and monotonic clock at the
//! start, how far both move during a request, and the draw in percent. From there on it is
//! the answer as HTTP has it: status, headers, an empty line, the body. A status with a word
//! behind it is that of a body that was too long. `@a` to `@u` stand for the secret in its spellings,
//! `@v` to `@x` for what was signed. A provider that has an issuer gets the answer as metadata, too.

#![no_main]

use std::rc::Rc;

use libfuzzer_sys::fuzz_target;
use tokenlet::descriptor::merge;
use tokenlet::flow::Plan;
use tokenlet::response::{Answer, Body};
use tokenlet::time::{LAST_INSTANT, Now};
use tokenlet::token::{Lifetime, Token};
use tokenlet::value::Value;
use tokenlet_fuzz::call::{assert_safe, good, plan};
use tokenlet_fuzz::canary::{CANARIES, Canary};
use tokenlet_fuzz::host::read_json;
use tokenlet_fuzz::lines;
use tokenlet_fuzz::play::{End, World, play};
use tokenlet_fuzz::signed::SIGNED;

fuzz_target!(|bytes: &[u8]| {
    let text = lines::text(bytes);
    let (first, message) = text.split_once('\n').unwrap_or((&text, ""));
    let mut numbers = lines::numbers(first);
    let mut number = || numbers.next().unwrap_or_default();
    let (provider, secret) = (number(), number());
    let canary = lines::pick(&*CANARIES, secret);
    let plan = PLANS.with(|plans| lines::pick(&lines::pick(plans, secret)[..], provider).clone());
    let world = World {
        start: Now {
            wall: number(),
            mono: number(),
        },
        latency: Now {
            wall: number(),
            mono: number(),
        },
        draw: number().rem_euclid(100) as f64 / 100.0,
    };
    let answer = answer(&echoing(message, canary));
    let end = play(&plan, canary.secret, &answer, world);
    match &end.result {
        Ok(token) => {
            assert!(
                (200..=299).contains(&answer.status),
                "a token with status {}",
                answer.status
            );
            check_token(token, &end, &plan);
        }
        Err(error) => {
            end.assert_told_well(canary);
            assert!(error.retry_after.is_none_or(|wait| wait >= 0));
            let parsed = matches!(&answer.body, Body::Text(text) if read_json(text.strip_prefix('\u{feff}').unwrap_or(text)).is_some());
            let final_ = (200..=299).contains(&answer.status) && parsed
                || matches!(answer.status, 300..=407 | 409..=428 | 430..=499);
            // A nonce and the time are told once each, and metadata and its endpoint each have one other place.
            let is_discovered = plan.config.is_discovered(&plan.descriptor);
            let lessons = u32::from(is_discovered)
                + if plan.config.signs(&plan.descriptor) {
                    2
                } else {
                    0
                };
            assert!(
                !final_ || error.attempts <= 1 + lessons,
                "a token may be billed each time it is asked for"
            );
        }
    }
});

/// What must hold of every token.
fn check_token(token: &Token, end: &End, plan: &Plan) {
    assert_safe(token, plan);
    assert!(!token.token_type.is_empty());
    assert!(token.scope.as_deref().is_none_or(|scope| !scope.is_empty()));
    if let Lifetime::For(span) | Lifetime::Derived(span) = token.lifetime {
        assert!(
            (1..=LAST_INSTANT * 2).contains(&span),
            "it lives for {span} ms"
        );
    }
    if plan.descriptor.at("response.extra").is_none() {
        let hidden = |name: &str| matches!(name, "access_token" | "refresh_token");
        assert!(
            !token.extra.iter().any(|(name, _)| hidden(name)),
            "a token is among the other fields"
        );
    }
    let sent = end.sent.wall;
    let most = plan.descriptor.at("cache.maxTtl");
    let Some(expires_at) = token.expires_at else {
        assert!(
            matches!(token.lifetime, Lifetime::Never | Lifetime::Derived(_)) || most.is_some(),
            "it expires"
        );
        return;
    };
    assert!(expires_at <= LAST_INSTANT);
    if (0..LAST_INSTANT).contains(&sent) {
        match token.lifetime {
            Lifetime::None => assert_eq!(expires_at, sent),
            Lifetime::For(span) => {
                let whole = sent.saturating_add(span).min(LAST_INSTANT);
                assert!(
                    expires_at == whole || (expires_at > whole && most.is_some()),
                    "{expires_at}, not {whole}"
                );
            }
            // It is kept no longer than another token is good, whatever it says of itself.
            Lifetime::Derived(span) => {
                assert!(expires_at >= sent.saturating_add(span).min(LAST_INSTANT));
            }
            Lifetime::Never => panic!("it never expires, yet at {expires_at}"),
        }
    }
}

/// The text with each mark replaced by a spelling of the secret.
fn echoing(text: &str, canary: &Canary) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('@') {
        out.push_str(before);
        rest = match after.as_bytes() {
            [mark @ b'a'..=b'u', ..] => {
                let spelling: &String = lines::pick(&canary.spellings, i64::from(mark - b'a'));
                out.push_str(spelling);
                &after[1..]
            }
            [mark @ b'v'..=b'x', ..] => {
                out.push_str(SIGNED[usize::from(mark - b'v')]);
                &after[1..]
            }
            _ => {
                out.push('@');
                after
            }
        };
    }
    out.push_str(rest);
    out
}

fn answer(message: &str) -> Answer {
    let (head, body) = message.split_once("\n\n").unwrap_or((message, ""));
    let mut head = head.lines();
    let mut status = head.next().unwrap_or_default().split_ascii_whitespace();
    let header = |line: &str| {
        line.split_once(": ")
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    Answer {
        status: status
            .next()
            .and_then(|status| status.parse().ok())
            .unwrap_or_default(),
        body: match status.next() {
            Some(_) => Body::TooLong,
            None => Body::Text(body.to_owned()),
        },
        headers: head.filter_map(header).collect(),
    }
}

thread_local! {
    /// For each secret, the plan of each provider.
    static PLANS: Vec<Vec<Rc<Plan>>> = CANARIES.iter().map(plans).collect();
}

fn plans(canary: &Canary) -> Vec<Rc<Plan>> {
    let built_in = PROVIDERS.map(|provider| (Value::from(provider), good(provider, canary.secret)));
    let own = OWN.map(|text| (json(text), good("", canary.secret)));
    let strong = STRONG.map(|(base, text, fields)| {
        let mut config = good(base, canary.secret);
        merge(&mut config, json(fields));
        (json(text), config)
    });
    let all = built_in.into_iter().chain(own).chain(strong);
    all.map(|(provider, config)| plan(&provider, &config, canary).expect("it is good"))
        .collect()
}

fn json(text: &str) -> Value {
    read_json(text).expect("it is JSON")
}

/// The built-in ones that neither sign nor discover.
const PROVIDERS: [&str; 5] = [
    "abtasty",
    "emporix",
    "firstvision",
    "firstvision-query",
    "oauth2",
];

/// What the built-in ones do not do: every unit, every meaning of zero, tokens elsewhere, texts and
/// forms, predicates, and every use.
const OWN: [&str; 8] = [
    r#"{"id":"a","extends":"oauth2","response":{"token":["data.token","/access_token"],"type":"kind","expiry":[{"path":"expires_in","as":"milliseconds"}],"zero":"never","ttl":null,"acceptTypes":["mac"]},"use":{"name":"x-token","prefix":""}}"#,
    r#"{"id":"b","extends":"oauth2","response":{"expiry":[{"path":"minutes","as":"minutes"},{"path":"expires_at","as":"epoch-seconds"}],"zero":"unknown","extra":{"where":"data.token"}},"cache":{"maxTtl":600}}"#,
    r#"{"id":"c","extends":"oauth2","response":{"expiry":[{"path":"expires_at","as":"epoch-milliseconds"},{"path":"/0/expires","as":"seconds-or-epoch"}],"jwtExp":false,"ttl":0,"error":{"code":"/why~1code","message":["data.0","data"]}}}"#,
    r#"{"id":"d","extends":"oauth2","response":{"zero":"never","ttl":60},"cache":{"maxTtl":4294967295}}"#,
    r#"{"id":"e","extends":"oauth2","response":{"format":"text","token":"","expiry":[{"path":"header:Expires","as":"http-date"}],"error":{"code":"header:X-Code","message":""}},"use":{"in":"query"}}"#,
    r#"{"id":"f","extends":"oauth2","response":{"format":"form","expiry":[{"path":"expires","as":"seconds"}],"ok":[{"path":"error","absent":true}]},"use":{"in":"cookie","name":"sid","prefix":"s="}}"#,
    r#"{"id":"g","extends":"oauth2","response":{"token":["header:X-Subject-Token","/token/id"],"expiry":[{"path":"token.expires_at","as":"iso8601"}],"ok":[{"path":"errcode","in":[0,"0",null,[],{}],"absent":true},{"path":"token"}],"extra":{"date":"header:Date"}},"use":{"name":"X-Auth-Token","prefix":""}}"#,
    r#"{"id":"h","extends":"oauth2","response":{"token":["/a~1b/0","access_token"],"expiry":[{"path":"left","as":"d:h:m"},{"path":"/data/when","as":"iso8601"}],"zero":"unknown","jwtExp":false},"use":{"in":"cookie"}}"#,
];

/// Those that sign and discover: which config is good for them, the provider, and what else is in
/// its config.
const STRONG: [(&str, &str, &str); 6] = [
    (
        "oidc",
        r#"{"id":"i","extends":"oidc"}"#,
        r#"{"privateKey":"<a key>"}"#,
    ),
    ("oidc", r#"{"id":"j","extends":"oidc"}"#, r#"{"dpop":true}"#),
    (
        "oidc",
        r#"{"id":"k","extends":"oidc"}"#,
        r#"{"clientAuth":"tls_client_auth","grant":"jwt_bearer","privateKey":"<a key>"}"#,
    ),
    (
        "",
        r#"{"id":"l","extends":"oauth2"}"#,
        r#"{"clientAuth":"private_key_jwt","grant":"jwt_bearer","privateKey":"<a key>","dpop":true}"#,
    ),
    (
        "",
        r#"{"id":"m","extends":"oauth2"}"#,
        r#"{"grant":"token_exchange","subjectToken":"subj3ct+tok/en","actorToken":"4ct0r t0k3n"}"#,
    ),
    ("google", r#"{"id":"n","extends":"google"}"#, "{}"),
];
